//! `solve new KIND`: a problem to begin with.

use super::report::Look;
use super::{Exit, run, stdio};
use crate::diagnostic::nearest;

/// Kinds of problems, each a whole one that is answered as it stands.
pub const KINDS: [(&str, &str); 6] = [
    ("regression", include_str!("../../templates/new/regression.spec")),
    ("logistic", include_str!("../../templates/new/logistic.spec")),
    ("mlp", include_str!("../../templates/new/mlp.spec")),
    ("cnn", include_str!("../../templates/new/cnn.spec")),
    ("attention", include_str!("../../templates/new/attention.spec")),
    ("rnn", include_str!("../../templates/new/rnn.spec")),
];

pub fn print(kind: &str, look: Look) -> Exit {
    let names = KINDS.iter().map(|(name, _)| *name);
    match KINDS.iter().find(|(name, _)| *name == kind) {
        Some((_, text)) => stdio::finish(text),
        None => {
            let hint = match nearest(kind, names.clone()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
            };
            run::refuse_usage(&format!("no kind of problem is called `{kind}`; {hint}"), look)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::answer;
    use crate::lower::lower;
    use crate::syntax::read_spec;

    #[test]
    fn every_kind_is_answered_as_it_stands() {
        for (name, text) in KINDS {
            let spec = read_spec(text).unwrap_or_else(|errors| panic!("{name}: {errors:?}")).value;
            let model = lower(&spec).unwrap_or_else(|errors| panic!("{name}: {errors:?}")).model;
            assert!(answer(&model, &[]).is_ok(), "{name}");
        }
    }
}
