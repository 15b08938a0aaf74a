//! `solve tasks`: what can be asked, from the kinds' own files.

use super::{Exit, stdio};
use crate::syntax::task_examples;
use crate::tasks::KINDS;

pub fn print() -> Exit {
    let examples = task_examples().map(|(_, example)| format!("{}\n", example.replace('`', "")));
    let kinds = KINDS.iter().map(|kind| {
        let forms: Vec<String> = kind.forms.iter().map(|form| form.replace(['{', '}'], "")).collect();
        format!(
            "{}\n    {}\n    for example: {}\n    a student's answer: {}\n",
            forms.join("\n"),
            kind.summary,
            kind.example,
            kind.answered
        )
    });
    stdio::finish(&examples.chain(["\n".to_string()]).chain(kinds).collect::<String>())
}
