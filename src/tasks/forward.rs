//! `forward mode of y wrt x`: the derivative of each line in turn, from what it is made of.

use super::{Asking, Kind, lines_in, shown_by};
use crate::answer::told::{Block, Formula, Link, Say, Told};
use crate::answer::Part;
use crate::diagnostic::Diagnostic;
use crate::differentiate::differentiate;
use crate::graph::{Leaf, NodeId, SymbolName};
use crate::math::Relation;
use crate::number::Number;
use crate::ops::{Add, Scale};
use crate::simplify::simplest;
use crate::syntax::ast::{self, LeafKind};
use crate::verify::certify;
use std::collections::{BTreeMap, HashMap};

pub const KIND: Kind = Kind {
    name: "forward mode",
    forms: &["forward mode of {name} wrt {name}"],
    summary: "the derivative of a number in another, line by line from the input on, beside the values",
    example: "forward mode of y wrt x",
    answered: "forward = 5.5",
    answer,
};

/// A line on the way: its derivatives in the names that it is made of, and the whole.
struct Line {
    line: NodeId,
    parts: Vec<(NodeId, NodeId)>,
    total: NodeId,
}

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (of, wrt) = (asking.name(0)?, asking.name(1)?);
    let (of_node, wrt_node) = (asking.named(&of)?, asking.named(&wrt)?);
    let lines = tangents(asking, of_node, wrt_node)?;
    let Some(last) = lines.last().map(|line| line.total) else {
        return Err(asking.fault(format!("`{}` does not depend on `{}`", of.text, wrt.text), KIND.example));
    };
    agrees(asking, of_node, wrt_node, last)?;
    let derivative = |of: NodeId| Formula::Derivative { of, wrt: wrt_node, order: 1 };
    let mut blocks = vec![Block::Say(
        Say::new("Each line's derivative follows from those of the values in it; the first is {}.")
            .formula(Formula::equal(derivative(wrt_node), Formula::number(&Number::integer(1)))),
    )];
    for Line { line, parts, total } in &lines {
        let graph = &asking.work.model.graph;
        let is_one = |partial: NodeId| graph.as_number(partial).is_some_and(|one| *one == Number::integer(1));
        let terms = parts.iter().map(|(operand, partial)| match (*operand == wrt_node, is_one(*partial)) {
            (true, _) => Formula::Node(*partial),
            (false, true) => derivative(*operand),
            (false, false) => Formula::Product(vec![Formula::Node(*partial), derivative(*operand)]),
        });
        let terms: Vec<Formula> = terms.collect();
        let formula = if terms.len() == 1 { terms.into_iter().next() } else { Some(Formula::Sum(terms)) };
        let mut links: Vec<Link> = formula
            .map(|formula| {
                let definition = graph.as_symbol(*line).map_or(*line, |symbol| symbol.definition);
                let because = Say::new("from {}").formula(Formula::equal(Formula::Node(*line), Formula::Node(definition)));
                link(Relation::Equal, formula, because)
            })
            .into_iter()
            .collect();
        if let Some(value) = asking.value(*total) {
            let relation = shown_by(&value);
            let with = match asking.value(*line) {
                Some(own) => Say::new("where {}").formula(Formula::related(
                    Formula::Node(*line),
                    shown_by(&own),
                    Formula::Value(own),
                )),
                None => Say::new("with the numbers that are given"),
            };
            links.push(link(relation, Formula::Value(value), with));
        }
        blocks.push(Block::Chain { first: derivative(*line), links });
    }
    let value = asking.value(last);
    let answer = match &value {
        Some(value) => {
            let relation = shown_by(value);
            Formula::related(derivative(of_node), relation, Formula::Value(value.clone()))
        }
        None => Formula::equal(derivative(of_node), Formula::Node(last)),
    };
    blocks.push(Block::Display { formula: answer.clone(), boxed: true });
    blocks.push(Block::Say(Say::new(
        "Each further input takes such a pass of its own; reverse mode has all of them after one pass back.",
    )));
    let part = Part { told: Some(Say::new("{}").formula(answer)), ..asking.part("forward") };
    asking.answer(part, Some(last), value);
    let question = Say::new("Derive {} with respect to {} in forward mode.").node(of_node).node(wrt_node);
    Ok(Told { title: "Forward mode", question, blocks, open: false })
}

fn link(relation: Relation, formula: Formula, because: Say) -> Link {
    Link { relation, formula, because }
}

/// The lines between, each after those that it is made of.
fn tangents(asking: &mut Asking, of: NodeId, wrt: NodeId) -> Result<Vec<Line>, Vec<Diagnostic>> {
    let graph = &asking.work.model.graph;
    let needed = graph.needed(&[of]);
    let between = |id: &NodeId| needed[id.place()] && graph.needed(&[*id])[wrt.place()];
    let lines: Vec<NodeId> = asking.work.model.lines().into_iter().filter(between).collect();
    let mut known: BTreeMap<NodeId, NodeId> = BTreeMap::new();
    let one = asking.work.model.graph.integer(1);
    known.insert(wrt, one);
    let mut found = Vec::new();
    for line in lines {
        let shape = asking.work.model.graph.shape(line).clone();
        if !shape.is_scalar() || !asking.work.model.graph.shape(wrt).is_scalar() {
            let message = format!("`{}` is {shape}, and forward mode is shown of numbers", super::spelled(&asking.work.model.graph, line));
            return Err(asking.fault(message, "`derive directional of y wrt x` is for vectors and matrices"));
        }
        let definition = asking.work.model.graph.as_symbol(line).map_or(line, |symbol| symbol.definition);
        let direct: Vec<NodeId> = direct(asking, definition).into_iter().filter(|id| known.contains_key(id)).collect();
        let mut parts = Vec::new();
        let mut total: Option<NodeId> = None;
        for (operand, partial) in partials(asking, definition, &direct)? {
            let graph = &mut asking.work.model.graph;
            let own = known[&operand];
            let term = if operand == wrt { Ok(partial) } else { graph.apply(Scale, &[partial, own]) };
            let sum = term.and_then(|term| match total {
                Some(total) => graph.apply(Add, &[total, term]),
                None => Ok(term),
            });
            total = Some(sum.map_err(|_| asking.fault("it can't be derived", ""))?);
            parts.push((operand, partial));
        }
        if let Some(total) = total {
            let graph = &mut asking.work.model.graph;
            let total = simplest(graph, total);
            known.insert(line, total);
            found.push(Line { line, parts, total });
        }
    }
    Ok(found)
}

/// The names that a form is made of: lines, and leaves that stand in it themselves.
fn direct(asking: &Asking, form: NodeId) -> Vec<NodeId> {
    let graph = &asking.work.model.graph;
    let mut names = lines_in(graph, form, &[]);
    let mut waiting = vec![form];
    while let Some(id) = waiting.pop() {
        if graph.as_leaf(id).is_some() && !names.contains(&id) {
            names.push(id);
        }
        if graph.as_symbol(id).is_none() {
            waiting.extend(graph.operands(id).iter().rev());
        }
    }
    names
}

/// The derivatives of a form in some names, as if each were an input.
fn partials(asking: &mut Asking, form: NodeId, names: &[NodeId]) -> Result<Vec<(NodeId, NodeId)>, Vec<Diagnostic>> {
    let graph = &mut asking.work.model.graph;
    let stand_ins: Vec<NodeId> = names
        .iter()
        .map(|id| {
            let name = super::spelled(graph, *id);
            graph.add_leaf(Leaf::unknown(name, LeafKind::Input, graph.shape(*id).clone()))
        })
        .collect();
    let with: HashMap<NodeId, NodeId> = names.iter().copied().zip(stand_ins.iter().copied()).collect();
    let replaced = graph.replaced(form, &with);
    let local = graph.add_symbol(SymbolName::Generated("local".to_string()), replaced);
    let gradients = differentiate(&mut asking.work.model, local, &stand_ins)
        .map_err(|_| asking.fault("it has no derivative", ""))?;
    let certificate = certify(&asking.work.model, &gradients);
    asking.work.certificate.merge(certificate);
    let back: HashMap<NodeId, NodeId> = stand_ins.iter().copied().zip(names.iter().copied()).collect();
    let mut found = Vec::new();
    for (stand_in, name) in stand_ins.iter().zip(names) {
        if let Some(partial) = gradients.of.get(stand_in).copied() {
            let graph = &mut asking.work.model.graph;
            let partial = crate::answer::Expander::of_all_deltas().expand(graph, partial);
            let local_name = HashMap::from([(local, form)]);
            let partial = graph.replaced(partial, &local_name);
            let partial = graph.replaced(partial, &back);
            found.push((*name, partial));
        }
    }
    Ok(found)
}

/// Forward and reverse mode give the same.
fn agrees(asking: &mut Asking, of: NodeId, wrt: NodeId, total: NodeId) -> Result<(), Vec<Diagnostic>> {
    let gradients =
        differentiate(&mut asking.work.model, of, &[wrt]).map_err(|_| asking.fault("it has no derivative", ""))?;
    let certificate = certify(&asking.work.model, &gradients);
    asking.work.certificate.merge(certificate);
    if let Some(gradient) = gradients.of.get(&wrt).copied() {
        asking.work.certify_equal(total, ast::Relation::Equal, gradient);
    }
    Ok(())
}
