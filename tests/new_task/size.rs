//! `how many entries of Y`: a kind of question that the program lacks.

use super::{Asking, Kind, dim_node};
use crate::answer::told::{Block, Say, Told};
use crate::answer::{Part, Wanted};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast;

pub const KIND: Kind = Kind {
    name: "size",
    forms: &["how many entries of {name}"],
    summary: "the number of entries of a value",
    example: "how many entries of Y",
    answered: "size = 12",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let ast::Part::Names(names) = asking.asked.question.parts[0].clone() else {
        return Err(asking.fault("this is no line of its kind", KIND.example));
    };
    let of = asking.named(&names[0])?;
    let size = asking.work.model.graph.shape(of).size();
    let form = dim_node(asking, size);
    let part = Part {
        kind: KIND.name,
        name: "size".to_string(),
        shown: None,
        wanted: Wanted::Form,
        told: Some(Say::new("{} entries").node(form)),
        within: Vec::new(),
    };
    let value = asking.value(form);
    asking.answer(part, Some(form), value);
    let blocks = vec![Block::Say(Say::new("A matrix has as many entries as rows times columns: {}.").node(form))];
    let question = Say::new("How many entries has {}?").node(of);
    Ok(Told { title: "Counted", question, blocks, open: false })
}
