//! Answers under a name that the problem lacks: what is called by its kind (`gradient = …`, `H = …`), by one of its entries
//! (`h_1 = …`), or by a letter that is nearly the right one.

use super::key::Key;
use super::question::Question;
use super::sheet::Given;
use crate::answer::Subject;
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{AnswerTarget, TargetKind};
use std::collections::BTreeSet;

/// The question that a target means.
pub(super) struct Meant {
    pub place: usize,
    /// One entry of it, from 0.
    pub entry: Option<Vec<usize>>,
    /// Whether nothing else can be meant; a guess counts where it turns out right.
    pub certain: bool,
}

/// What things of a kind are called, in small letters.
const GRADIENT: [&str; 8] = ["gradient", "grad", "nabla", "derivative", "gradl", "gradj", "dloss", "dl"];
const HESSIAN: [&str; 3] = ["h", "hessian", "hess"];
const JACOBIAN: [&str; 3] = ["j", "jacobian", "jac"];
const COUNT: [&str; 6] = ["parameters", "numparams", "nparams", "parametercount", "numberofparameters", "totalparams"];

/// The open question that a target means though it has another name.
///
/// `told` are those that were answered in this way before: the last answer counts.
pub(super) fn meant(key: &Key, target: &AnswerTarget, given: &[Given], told: &BTreeSet<usize>) -> Option<Meant> {
    let own = target.name.key();
    // What is said of all comes before what is said of a general entry.
    let of_entry = |given: &Given| matches!(given, Given::Whole(answer, _) if !answer.target.entry.is_empty());
    let open = |question: &(usize, &Question)| {
        given[question.0].is_missing() || of_entry(&given[question.0]) || told.contains(&question.0)
    };
    let all = || key.questions.iter().enumerate();
    let is_gradient = |question: &Question| matches!(question.subject, Subject::Gradient { .. });
    let only = |is: &dyn Fn(&Question) -> bool| {
        let mut found = all().filter(|(_, question)| is(question));
        found.next().filter(|_| found.next().is_none()).filter(open)
    };
    let whole = |(place, _): (usize, &Question)| Meant { place, entry: None, certain: true };
    if !matches!(target.kind, TargetKind::Plain | TargetKind::Hessian | TargetKind::Jacobian) {
        return None;
    }
    let small = own.to_lowercase();
    let losses = || key.solution.gradients.iter().filter_map(|gradients| super::key::name(key.graph(), gradients.loss));
    // `H_f`, `J_f`
    let bare = losses().find_map(|loss| small.strip_suffix(&loss.to_lowercase()).map(str::to_string));
    let small = bare.filter(|bare| bare.len() == 1).unwrap_or(small);
    let named = |words: &[&str]| words.contains(&small.as_str()) && !key.knows(&own);
    if named(&GRADIENT) {
        return only(&is_gradient).map(whole);
    }
    if named(&HESSIAN) || target.kind == TargetKind::Hessian && target.wrt.is_empty() {
        return only(&|question| question.kind == TargetKind::Hessian).map(whole);
    }
    if named(&JACOBIAN) || target.kind == TargetKind::Jacobian && target.wrt.is_empty() {
        return only(&|question| question.kind == TargetKind::Jacobian).map(whole);
    }
    if named(&COUNT) {
        return only(&|question| question.subject == Subject::Count).map(whole);
    }
    if key.knows(&own) || target.kind != TargetKind::Plain {
        return None;
    }
    if let Some(entry) = entry_of(key, &own, target, given) {
        return Some(entry);
    }
    // `f_x`, `g_w`
    let below = |question: &Question| {
        let of = question.keys.first().and_then(|key| key.strip_prefix('d')).filter(|_| is_gradient(question));
        let function = of.and_then(|of| own.strip_suffix(of));
        function.is_some_and(|function| matches!(function, "f" | "g" | "L" | "J" | "grad") || key.is_loss(function))
    };
    if let Some(found) = only(&below) {
        return Some(whole(found));
    }
    let alike = |question: &Question| question.keys.iter().any(|known| known.eq_ignore_ascii_case(&own));
    let unsure = |(place, _): (usize, &Question)| Meant { place, entry: None, certain: false };
    if let Some(found) = only(&alike) {
        return Some(unsure(found));
    }
    if let Some(wrt) = own.strip_prefix("gradientof").filter(|wrt| !wrt.is_empty()) {
        return only(&|question| is_gradient(question) && question.keys.contains(&format!("d{wrt}"))).map(unsure);
    }
    let derived = own == "gradientof" || target.of.is_some() || own.starts_with('d') && own.len() > 1;
    if derived { only(&is_gradient).map(unsure) } else { None }
}

/// `h_1` of an asked list `h`.
fn entry_of(key: &Key, own: &str, target: &AnswerTarget, given: &[Given]) -> Option<Meant> {
    let stem = own.trim_end_matches(|c: char| c.is_ascii_digit());
    let index = own[stem.len()..].parse::<usize>().ok()?.checked_sub(1)?;
    let asked = |question: &&(usize, &Question)| question.1.keys.iter().any(|known| known == stem);
    let all: Vec<(usize, &Question)> = key.questions.iter().enumerate().collect();
    let (place, question) = all.iter().find(asked)?;
    let open = matches!(given[*place], Given::Missing | Given::Entries(_)) && target.entry.is_empty();
    let value = question.value.as_ref().filter(|_| open)?;
    let entry = match value.extents() {
        [_] => vec![index],
        [1, _] => vec![0, index],
        [_, 1] => vec![index, 0],
        _ => return None,
    };
    let fits = entry.iter().zip(value.extents()).all(|(own, side)| own < side);
    fits.then_some(Meant { place: *place, entry: Some(entry), certain: true })
}

/// Why an answer under such a name can't be judged where it is not right.
pub(super) fn unknown_name(target: &AnswerTarget, question: &Question) -> Diagnostic {
    let bare = |name: &str| match name.strip_prefix('d').filter(|rest| !rest.is_empty()) {
        Some(rest) => rest.to_string(),
        None => name.to_string(),
    };
    if target.name.text.starts_with("gradientof") {
        let fault = Diagnostic::error("E-name", "this is the gradient of an expression that has no name here");
        return fault.help(format!("is it `{}`?", question.short));
    }
    let (own, asked) = (bare(&target.name.text), bare(&question.short));
    let fault = Diagnostic::error("E-name", format!("there is no `{own}` here"));
    fault.help(format!("did you mean `{asked}`?"))
}
