//! `text "…" answer """…"""`: a question in words with the author's answer, for a person to mark.

use super::{Asking, Kind};
use crate::answer::told::{Block, Say, Told};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::Part;

pub const KIND: Kind = Kind {
    name: "text",
    forms: &["text {text} answer {text}"],
    summary: "a question in words and its author's answer: printed and counted in points, marked by a person",
    example: "text \"Why does the gradient vanish?\" answer \"The slope of the logistic function is at most 1/4.\"",
    answered: "on paper: its points are open",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (question, answer) = (asking.hole(0, Part::text)?, asking.hole(1, Part::text)?);
    let blocks = vec![Block::Wording(answer.value)];
    let question = Say::new("{}").words(question.value);
    Ok(Told { title: "In words", question, blocks, open: true })
}
