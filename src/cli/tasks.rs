//! `solve tasks`: what can be asked, from the kinds' own files.

use super::{Exit, stdio};
use crate::tasks::{KINDS, WRITTEN};

pub fn print() -> Exit {
    let written = WRITTEN.iter().map(|task| {
        let answered = match task.answered {
            "" => String::new(),
            answered => format!("    a student's answer: {answered}\n"),
        };
        format!("{}\n    {}\n{answered}", task.examples.join("\n"), task.summary)
    });
    let formed = KINDS.iter().map(|kind| {
        let forms: Vec<String> = kind.forms.iter().map(|form| form.replace(['{', '}'], "")).collect();
        format!(
            "{}\n    {}\n    for example: {}\n    a student's answer: {}\n",
            forms.join("\n"),
            kind.summary,
            kind.example,
            kind.answered
        )
    });
    stdio::finish(&written.chain(["\n".to_string()]).chain(formed).collect::<String>())
}
