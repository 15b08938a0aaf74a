//! A sheet made ready to be sorted: what students write behind and in place of an answer.

use super::key::Key;
use super::sheet::is_zero;
use crate::syntax::ast::{AnswerSheet, TargetKind};
use std::borrow::Cow;

/// The sheet without the `= 0` that says where a gradient vanishes: what stands before it is the answer.
pub(super) fn prepared<'s>(key: &Key, sheet: &'s AnswerSheet) -> Cow<'s, AnswerSheet> {
    let set_to_zero = |answer: &crate::syntax::ast::Answer| {
        let name = answer.target.name.key();
        let gradient = answer.target.of.is_some() || name.starts_with('d') && key.knows(&name) || name == "gradient";
        gradient && answer.target.kind == TargetKind::Plain && !answer.earlier.is_empty() && is_zero(&answer.value)
    };
    if !sheet.answers.iter().any(set_to_zero) {
        return Cow::Borrowed(sheet);
    }
    let mut sheet = sheet.clone();
    for answer in sheet.answers.iter_mut().filter(|answer| set_to_zero(answer)) {
        if let Some(before) = answer.earlier.pop() {
            answer.value = before;
        }
    }
    Cow::Owned(sheet)
}
