//! `express y in x`: a value through all the lines before it, collected.

use super::{Asking, Kind, lines_in};
use crate::answer::told::{Block, Formula, Hole, Link, Say, Told};
use crate::answer::Part;
use crate::diagnostic::Diagnostic;
use crate::algebra::Expander;
use crate::graph::{Graph, NodeId};
use crate::math::Relation;
use crate::number::Number;
use crate::tensor::Tensor;
use std::collections::HashMap;

pub const KIND: Kind = Kind {
    name: "express",
    forms: &["express {name} in {names}"],
    summary: "a value written out in some of the given names, through all the lines before it",
    example: "express y in x",
    answered: "y = 3*x + 1",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (of_name, names) = (asking.name(0)?, asking.names(1)?);
    let of = asking.named(&of_name)?;
    let wanted = asking.all_named(&names)?;
    let steps = substituted(asking, of, &wanted);
    let last = steps.last().copied().unwrap_or(of);
    let collected = collected(asking, last);
    check(asking, collected, &wanted, &of_name.text)?;
    let mut links: Vec<Link> = Vec::new();
    let mut add = |formula: NodeId, because: Say| {
        links.push(Link { relation: Relation::Equal, formula: Formula::Node(formula), because });
    };
    let mut before = None;
    for step in steps {
        let because = match before {
            None => Say::new("by its definition"),
            Some(ids) => Say::new("with what {} stands for").hole(ids),
        };
        add(step, because);
        before = Some(Hole::Formulas(lines_in(&asking.work.model.graph, step, &wanted).into_iter().map(Formula::Node).collect()));
    }
    if collected != last {
        add(collected, Say::new("multiplied out, like terms together"));
    }
    let (collected, given) = with_numbers(asking, collected, &wanted);
    if let Some(given) = given {
        add(collected, Say::new("with {}").hole(given));
    }
    let question = Say::new("Express {} in terms of {}.").node(of).nodes(&wanted);
    let part = Part { shown: Some(of), within: wanted, ..asking.part(of_name.text) };
    let value = asking.value(collected);
    asking.answer(part, Some(collected), value);
    let blocks = vec![Block::Chain { first: Formula::Node(of), links }];
    Ok(Told { title: "Through the names before it", question, blocks, open: false })
}

/// The forms on the way: each with the names of the one before replaced by what they stand for.
fn substituted(asking: &mut Asking, of: NodeId, wanted: &[NodeId]) -> Vec<NodeId> {
    let mut steps = Vec::new();
    let mut current = of;
    loop {
        let next = asking.opened(current, wanted);
        if next == current {
            return steps;
        }
        steps.push(next);
        current = next;
    }
}

/// Nothing but the wanted names, constants and parameters may be left.
fn check(asking: &Asking, form: NodeId, wanted: &[NodeId], name: &str) -> Result<(), Vec<Diagnostic>> {
    let graph = &asking.work.model.graph;
    let needed = graph.needed(&[form]);
    match wanted.iter().find(|id| !needed[id.place()]) {
        Some(id) => {
            let missing = super::spelled(graph, *id);
            Err(asking.fault(format!("`{name}` does not depend on `{missing}`"), "name what it is a function of"))
        }
        None => Ok(()),
    }
}

/// The form multiplied out; as it is where that would be long.
fn collected(asking: &mut Asking, form: NodeId) -> NodeId {
    let graph = &mut asking.work.model.graph;
    let poly = Expander::new(graph).poly(form);
    let made = poly.and_then(|poly| poly.node(graph).ok()).filter(|made| graph.shape(*made) == graph.shape(form));
    let size = |graph: &Graph, id: NodeId| graph.needed(&[id]).into_iter().filter(|needed| *needed).count();
    match made {
        Some(made) if size(graph, made) <= 2 * size(graph, form) => made,
        _ => form,
    }
}

/// The numbers that are given, put in.
fn with_numbers(asking: &mut Asking, form: NodeId, wanted: &[NodeId]) -> (NodeId, Option<Hole>) {
    let graph = &mut asking.work.model.graph;
    let needed = graph.needed(&[form]);
    let given: Vec<(NodeId, Number)> = graph
        .leaf_nodes()
        .filter(|(_, id)| needed[id.place()] && !wanted.contains(id))
        .filter_map(|(leaf, id)| {
            let value = graph.leaf(leaf).value.as_ref().filter(|value| value.rank() == 0)?;
            Some((id, value.first().clone()))
        })
        .collect();
    if given.is_empty() {
        return (form, None);
    }
    let mut with = HashMap::new();
    let mut equal = Vec::new();
    for (id, number) in given {
        with.insert(id, graph.number(number.clone()));
        equal.push(Formula::equal(Formula::Node(id), Formula::Value(Tensor::scalar(number))));
    }
    let replaced = graph.replaced(form, &with);
    (collected(asking, replaced), Some(Hole::Formulas(equal)))
}
