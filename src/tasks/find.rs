//! `find a, b such that A = B; for example a = 1, b = -2`: the author's example is checked, and a student's own is tried.

use super::compare::{Finding, compare};
use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Hole, Say, Told};
use crate::answer::{Part, Wanted};
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::syntax::ast;
use std::collections::HashMap;

pub const KIND: Kind = Kind {
    name: "find",
    forms: &["find {names} such that {equations}; for example {bindings}"],
    summary: "values for which something holds: the author's are checked, a student's own are put in and tried",
    example: "find a, b such that y = t; for example a = 1, b = -2",
    answered: "a = 3",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (names, relations) = (asking.names(0)?, asking.hole(1, ast::Part::relations)?);
    let bindings = asking.hole(2, ast::Part::bindings)?;
    let of = asking.all_named(&names)?;
    let mut with = HashMap::new();
    let mut example = Vec::new();
    for (name, id) in names.iter().zip(&of) {
        let Some(binding) = bindings.iter().find(|binding| binding.name.key() == name.key()) else {
            return Err(asking.fault(format!("the example gives `{}` no value", name.text), KIND.example));
        };
        let value = asking.node(&binding.value)?;
        let graph = &asking.work.model.graph;
        if graph.shape(value) != graph.shape(*id) {
            let message = format!("`{}` is {}, and its value is {}", name.text, graph.shape(*id), graph.shape(value));
            return Err(vec![Diagnostic::error("E-shape", message).at(binding.value.span(), "the example")]);
        }
        with.insert(*id, value);
        example.push(value);
    }
    let mut conditions: Vec<(NodeId, ast::Relation, NodeId)> = Vec::new();
    let mut claims = Vec::new();
    for related in &relations {
        let [left, right] = asking.sides(related)?;
        super::same_shape(asking, left, right, related.span)?;
        let sign = related.relation.into();
        claims.push(Formula::related(Formula::Node(left), sign, Formula::Node(right)));
        let (left, right) = (asking.opened_whole(left, &of), asking.opened_whole(right, &of));
        conditions.push((left, related.relation, right));
        let graph = &mut asking.work.model.graph;
        let (one, two) = (graph.replaced(left, &with), graph.replaced(right, &with));
        match compare(&asking.work.model, one, related.relation, two) {
            Finding::Holds(_) => {}
            Finding::Fails(_) | Finding::Undefined => {
                return Err(vec![
                    Diagnostic::error("E-task", "this does not hold for the author's example")
                        .at(related.span, "false there"),
                ]);
            }
        }
    }
    let question = Say::new("Find {} such that {}.").nodes(&of).hole(Hole::Formulas(claims));
    let equal: Vec<Formula> = of
        .iter()
        .zip(&example)
        .map(|(id, value)| Formula::equal(Formula::Node(*id), Formula::Node(*value)))
        .collect();
    for ((name, id), value) in names.iter().zip(&of).zip(&example) {
        let part = Part { shown: Some(*id), wanted: Wanted::Found { names: of.clone(), conditions: conditions.clone() }, ..asking.part(name.text.clone()) };
        let known = asking.value(*value);
        asking.answer(part, Some(*value), known);
    }
    let blocks = vec![Block::Say(Say::new("For example {}. Other values are right where they fulfil this too.").hole(Hole::Formulas(equal)))];
    Ok(Told { title: "One of the possible answers", question, blocks, open: false })
}
