//! `choose "…" from "a"; "b" right`: a question with answers to choose from.

use super::{Asking, Kind};
use crate::answer::told::{Block, Say, Told};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::Part;

pub const KIND: Kind = Kind {
    name: "choice",
    forms: &["choose {text} from {choices}"],
    summary: "answers to choose from, with those that the author holds right: printed and counted, marked by a person",
    example: "choose \"The slope of ReLU at 2 is\" from \"0\"; \"1\" right; \"2\"",
    answered: "on paper: its points are open",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (question, choices) = (asking.hole(0, Part::text)?, asking.hole(1, Part::choices)?);
    if !choices.iter().any(|(_, right)| *right) {
        return Err(asking.fault("no answer is right", "put `right` behind each that is: `\"1\" right`"));
    }
    let letter = |place: usize| super::letter(place);
    let listed: Vec<String> = choices
        .iter()
        .enumerate()
        .map(|(place, (text, _))| format!("{}: {}", letter(place), text.value))
        .collect();
    let right = choices.iter().enumerate().filter(|(_, (_, right))| *right);
    let blocks = right
        .map(|(place, (text, _))| Block::Wording(format!("{}: {}", letter(place), text.value)))
        .collect();
    let question = Say::new("{} {}.").words(question.value).words(listed.join("; "));
    Ok(Told { title: "The right choice", question, blocks, open: true })
}
