//! `solve new KIND`: a problem to begin with; `solve new exam.tex`: a draft from a question's text.

use super::job::Failure;
use super::report::{self, Look};
use super::{Exit, files, refuse, stdio};
use crate::diagnostic::nearest;
use crate::limits::SPEC_BYTES;
use crate::syntax::{decode, draft};
use std::path::Path;

/// Endings of files that hold a question's text.
const TEXTS: [&str; 4] = ["tex", "md", "txt", "markdown"];

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
    let path = Path::new(kind);
    if path.extension().is_some_and(|ending| TEXTS.iter().any(|known| ending == *known)) {
        return drafted(path, look);
    }
    let names = KINDS.iter().map(|(name, _)| *name);
    match KINDS.iter().find(|(name, _)| *name == kind) {
        Some((_, text)) => stdio::finish(text),
        None => {
            let hint = match nearest(kind, names.clone()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
            };
            refuse::refuse_usage(&format!("no kind of problem is called `{kind}`; {hint}"), look)
        }
    }
}

/// A draft from the text of a question.
fn drafted(path: &Path, look: Look) -> Exit {
    let text = files::read(path, SPEC_BYTES)
        .and_then(|bytes| decode(&bytes).map_err(|fault| (Exit::Unusable, fault)))
        .map_err(|(exit, fault)| Failure::of_file(path, exit, fault));
    match text {
        Ok(text) => {
            let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().replace('"', ""));
            stdio::finish(&draft(&text, &name))
        }
        Err(failure) => {
            stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
            failure.exit
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
