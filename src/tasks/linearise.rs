//! `linearise y at x = 1`: the tangent of a value at a point, its first two terms by Taylor; `substitute h = 3 in y`: a
//! value with others put in.

use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Hole, Link, Say, Told};
use crate::answer::Part;
use crate::diagnostic::Diagnostic;
use crate::differentiate::differentiate;
use crate::graph::NodeId;
use crate::math::Relation;
use crate::number::Number;
use crate::ops::{Add, Hadamard, Sub, Sum};
use crate::simplify::simplest;
use crate::syntax::ast;
use crate::verify::certify;
use std::collections::HashMap;

pub const KIND: Kind = Kind {
    name: "linearise",
    forms: &["linearise {name} at {bindings}", "linearize {name} at {bindings}", "substitute {bindings} in {name}"],
    summary: "the tangent of a value at a point (Taylor's first two terms), or a value with others put in for names",
    example: "linearise y at x = 1",
    answered: "tangent = 1 + 2*(x - 1)",
    answer,
};

const SUBSTITUTE: usize = 2;

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (name, values) = if asking.asked.question.form == SUBSTITUTE { (1, 0) } else { (0, 1) };
    let (name, bindings) = (asking.name(name)?, asking.hole(values, ast::Part::bindings)?);
    let of = asking.named(&name)?;
    let (mut ids, mut with, mut equal) = (Vec::new(), HashMap::new(), Vec::new());
    for binding in &bindings {
        let (id, value) = (asking.named(&binding.name)?, asking.node(&binding.value)?);
        let graph = &asking.work.model.graph;
        if graph.shape(id) != graph.shape(value) {
            let message = format!("`{}` is {}, and this is {}", binding.name.text, graph.shape(id), graph.shape(value));
            return Err(vec![Diagnostic::error("E-shape", message).at(binding.value.span(), "put in for it")]);
        }
        ids.push(id);
        with.insert(id, value);
        equal.push(Formula::equal(Formula::Node(id), Formula::Node(value)));
    }
    match asking.asked.question.form {
        SUBSTITUTE => substituted(asking, (of, &name), &ids, &with, equal),
        _ => tangent(asking, (of, &name), &ids, &with, equal),
    }
}

fn substituted(
    asking: &mut Asking,
    (of, name): (NodeId, &ast::Name),
    ids: &[NodeId],
    with: &HashMap<NodeId, NodeId>,
    equal: Vec<Formula>,
) -> Result<Told, Vec<Diagnostic>> {
    let opened = asking.opened_whole(of, ids);
    let needed = asking.work.model.graph.needed(&[opened]);
    if !ids.iter().any(|id| needed[id.place()]) {
        return Err(asking.fault(format!("`{}` does not depend on what is put in", name.text), KIND.example));
    }
    let put_in = asking.work.model.graph.replaced(opened, with);
    let form = simple(asking, put_in);
    let mut links = vec![link(Relation::Equal, opened, Say::new("by its definition"))];
    links.push(link(Relation::Equal, put_in, Say::new("with {}").hole(Hole::Formulas(equal.clone()))));
    if form != put_in {
        links.push(link(Relation::Equal, form, Say::new("simplified")));
    }
    let question = Say::new("Put {} into {}.").hole(Hole::Formulas(equal)).node(of);
    told(asking, "substituted", of, (form, Vec::new()), None);
    let blocks = vec![Block::Chain { first: Formula::Node(of), links }];
    Ok(Told { title: "Put in", question, blocks, open: false })
}

fn tangent(
    asking: &mut Asking,
    (of, name): (NodeId, &ast::Name),
    ids: &[NodeId],
    with: &HashMap<NodeId, NodeId>,
    equal: Vec<Formula>,
) -> Result<Told, Vec<Diagnostic>> {
    let shape = asking.work.model.graph.shape(of).clone();
    if !shape.is_scalar() {
        let message = format!("`{}` is {shape}, and a number is linearised", name.text);
        return Err(vec![Diagnostic::error("E-task", message).at(name.span, "not a number")]);
    }
    let gradients =
        differentiate(&mut asking.work.model, of, ids).map_err(|_| asking.fault("it has no gradient", ""))?;
    asking.work.certificate.merge(certify(&asking.work.model, &gradients));
    let opened = asking.opened_whole(of, ids);
    let start = asking.work.model.graph.replaced(opened, with);
    let start = simple(asking, start);
    let mut tangent = start;
    let mut rows = Vec::new();
    for id in ids {
        let Some(gradient) = gradients.of.get(id).copied() else {
            let unused = super::spelled(&asking.work.model.graph, *id);
            return Err(asking.fault(format!("`{}` does not depend on `{unused}`", name.text), KIND.example));
        };
        let gradient = asking.opened_whole(gradient, ids);
        let general = simple(asking, gradient);
        let there = asking.work.model.graph.replaced(gradient, with);
        let there = simple(asking, there);
        rows.push((*id, general, there));
        let graph = &mut asking.work.model.graph;
        let starts_at_zero = graph.as_number(with[id]).is_some_and(|number| *number == Number::integer(0));
        let step = if starts_at_zero { Ok(*id) } else { graph.apply(Sub, &[*id, with[id]]) };
        let grown = step.and_then(|step| {
            let term = match graph.shape(*id).is_scalar() {
                true => graph.product(there, step)?,
                false => {
                    let products = graph.apply(Hadamard, &[there, step])?;
                    graph.apply(Sum { axis: None }, &[products])?
                }
            };
            graph.apply(Add, &[tangent, term])
        });
        tangent = grown.map_err(|_| asking.fault("it can't be linearised there", KIND.example))?;
    }
    let tangent = simple(asking, tangent);
    let mut blocks = vec![Block::Chain {
        first: Formula::Node(of),
        links: vec![link(Relation::Equal, start, Say::new("at {}").hole(Hole::Formulas(equal.clone())))],
    }];
    for (id, general, there) in rows {
        let mut links = vec![link(Relation::Equal, general, Say::new("by the chain rule"))];
        if there != general {
            links.push(link(Relation::Equal, there, Say::new("there")));
        }
        blocks.push(Block::Chain { first: Formula::Gradient { of: id, loss: of }, links });
    }
    blocks.push(Block::Say(Say::new("Near the point the value is about its value there and its slope times the step:")));
    let links = vec![link(Relation::Approximately, tangent, Say::new("Taylor, without terms of the second order"))];
    blocks.push(Block::Chain { first: Formula::Node(of), links });
    let question = Say::new("Linearise {} at {}.").node(of).hole(Hole::Formulas(equal));
    let about = Formula::related(Formula::Node(of), Relation::Approximately, Formula::Node(tangent));
    told(asking, "tangent", of, (tangent, ids.to_vec()), Some(Say::new("{} near the point").formula(about)));
    Ok(Told { title: "The tangent", question, blocks, open: false })
}

fn link(relation: Relation, form: NodeId, because: Say) -> Link {
    Link { relation, formula: Formula::Node(form), because }
}

/// Simplified; a number where nothing is left that could vary and it is known exactly.
fn simple(asking: &mut Asking, form: NodeId) -> NodeId {
    let graph = &mut asking.work.model.graph;
    let simple = simplest(graph, form);
    let needed = graph.needed(&[simple]);
    let varies = graph.leaf_nodes().any(|(_, leaf)| needed[leaf.place()]);
    let exact = asking.value(simple).filter(|value| !varies && value.rank() == 0 && value.is_exact());
    let simple = exact.map_or(simple, |value| asking.work.model.graph.number(value.first().clone()));
    asking.work.certify_equal(form, ast::Relation::Equal, simple);
    simple
}

fn told(asking: &mut Asking, name: &str, of: NodeId, (form, within): (NodeId, Vec<NodeId>), told: Option<Say>) {
    let part = Part { shown: Some(of), told, within, ..asking.part(name) };
    let value = asking.value(form).filter(|_| asking.work.model.graph.leaf_nodes().next().is_none());
    asking.answer(part, Some(form), value);
}
