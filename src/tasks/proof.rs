//! A chain of equal expressions from one side of an equation to the other, each with the reason; found by multiplying both
//! sides out, with names opened and operators defined as far as that is needed.

use super::compare::{Finding, compare};
use super::{Asking, gradients_in, lines_in};
use crate::algebra::{DEFINITIONS, Definition, Expander};
use crate::answer::told::{Formula, Hole, Link, Say};
use crate::graph::{Graph, NodeId, SymbolName};
use crate::math::Relation;
use crate::number::Number;
use crate::ops::Op;
use crate::simplify::{Memo, assumed, is_symmetric, simplify};
use crate::syntax::ast;
use std::collections::{BTreeSet, HashMap};

/// A form on the way and why it equals the one before.
type Step = (NodeId, Say);

/// The links from `left` to `right`; `None` where none are found. Each link was replayed on data.
pub fn prove(asking: &mut Asking, left: NodeId, right: NodeId) -> Option<Vec<Link>> {
    let mut steps = if left == right { Some(Vec::new()) } else { None };
    for depth in 0..=3 {
        if steps.is_none() {
            steps = attempt(asking, left, right, depth);
        }
    }
    let steps = steps?;
    let mut before = left;
    let mut links = Vec::new();
    for (node, because) in steps {
        if node == before {
            continue;
        }
        let model = &asking.work.model;
        if !matches!(compare(model, before, ast::Relation::Equal, node), Finding::Holds(_)) {
            return None;
        }
        links.push(Link { relation: Relation::Equal, formula: Formula::Node(node), because });
        before = node;
    }
    (before == right).then_some(links)
}

/// Both sides brought to one form: as they stand, with gradients and names opened, with operators defined.
fn attempt(asking: &mut Asking, left: NodeId, right: NodeId, depth: usize) -> Option<Vec<Step>> {
    let mut down = vec![(left, Say::new(""))];
    let mut up = vec![(right, Say::new(""))];
    if depth >= 1 {
        open_gradients(asking, &mut down);
        open_gradients(asking, &mut up);
    }
    if depth >= 2 {
        open_lines(asking, &mut down);
        open_lines(asking, &mut up);
    }
    assume(&mut asking.work.model.graph, &mut down);
    assume(&mut asking.work.model.graph, &mut up);
    if depth >= 3 {
        define(&mut asking.work.model.graph, &mut down);
        define(&mut asking.work.model.graph, &mut up);
    }
    // They may meet before they are multiplied out.
    let met = down
        .iter()
        .enumerate()
        .find_map(|(at, (node, _))| up.iter().position(|(other, _)| other == node).map(|other| (at, other)));
    let mut links: Vec<Step> = match met {
        Some((at, other)) => {
            down.truncate(at + 1);
            up.truncate(other + 1);
            Vec::new()
        }
        None => {
            let (from, to) = (down.last()?.0, up.last()?.0);
            multiplied_out(asking, from, to)?
        }
    };
    let mut all: Vec<Step> = down.into_iter().skip(1).collect();
    all.append(&mut links);
    // The other side's steps, walked back: each form is equal to the next for the next one's reason.
    let back: Vec<Step> = up.windows(2).rev().map(|pair| (pair[0].0, pair[1].1.clone())).collect();
    all.extend(back);
    Some(all)
}

/// From one form to the other through what both are when multiplied out.
fn multiplied_out(asking: &mut Asking, from: NodeId, to: NodeId) -> Option<Vec<Step>> {
    let graph = &mut asking.work.model.graph;
    let mut expander = Expander::new(graph);
    let (one, two) = (expander.poly(from)?, expander.poly(to)?);
    if !expander.is_zero(one.plus(&two, &Number::integer(-1))) {
        return None;
    }
    let first = one.node(graph).ok()?;
    let second = two.node(graph).ok()?;
    let reason = |graph: &Graph, node: NodeId| laws(graph, node);
    let mut steps = Vec::new();
    let (here, there) = (reason(graph, from), reason(graph, to));
    if first == second {
        // One of the two may be in that form already.
        if first != from && first != to {
            steps.push((first, here));
            steps.push((to, there));
        } else {
            steps.push((to, if first == to { here } else { there }));
        }
        return Some(steps);
    }
    if first != from {
        steps.push((first, here));
    }
    if second != to {
        steps.push((second, Say::new("over one denominator, multiplied out")));
        steps.push((to, there));
    } else {
        steps.push((to, Say::new("over one denominator, multiplied out")));
    }
    Some(steps)
}

const EXPONENTIAL: &str = "$e^{u+v} = e^u e^v$";

/// The laws by which an expression is multiplied out, as far as they concern it.
fn laws(graph: &Graph, node: NodeId) -> Say {
    let (mut found, mut waiting) = (Vec::new(), vec![node]);
    let (mut seen, mut divided) = (BTreeSet::new(), false);
    while let Some(id) = waiting.pop() {
        const OWN: &str = "a symmetric matrix is its own transpose";
        if is_symmetric(graph, id) && !found.contains(&OWN) {
            found.push(OWN);
        }
        let Some((op, operands)) = graph.as_apply(id).filter(|_| seen.insert(id)) else { continue };
        waiting.extend(operands);
        divided |= matches!(op, Op::Div(_));
        let inner = |place: usize| operands.get(place).and_then(|id| graph.as_apply(*id)).map(|(op, _)| op);
        let law = match (op, inner(0)) {
            (Op::Transpose(_), Some(Op::MatMul(_))) => "$(AB)^T = B^T A^T$",
            (Op::Transpose(_), Some(Op::Add(_) | Op::Sub(_))) => "$(A + B)^T = A^T + B^T$",
            (Op::Transpose(_), Some(Op::Transpose(_))) => "$(A^T)^T = A$",
            (Op::Trace(_), _) => "a trace may be turned round",
            (Op::Exp(_), Some(Op::Add(_) | Op::Sub(_) | Op::Neg(_))) => EXPONENTIAL,
            (Op::Log(_), Some(Op::Exp(_))) => "the logarithm undoes the exponential",
            (Op::Log(_), Some(_)) => "the logarithm of a product is a sum",
            (Op::Inverse(_), _) => "$A^{-1} A = 1$",
            (Op::Sum(_), Some(Op::Pow(_) | Op::Hadamard(_))) => "a sum of products is a product of a row and a column",
            (Op::Compare(_), _) => "an indicator is 0 or 1",
            _ => continue,
        };
        if !found.contains(&law) {
            found.push(law);
        }
    }
    // A factor `e^c` of a quotient.
    let cancels = divided && found.contains(&EXPONENTIAL);
    match (found.is_empty(), cancels) {
        (true, _) => Say::new("multiplied out, like terms together"),
        (false, false) => Say::new("{}; like terms together").words(found.join("; ")),
        (false, true) => Say::new("{}; common factors cancel").words(found.join("; ")),
    }
}

/// The gradients in the last form, in the model's own names.
fn open_gradients(asking: &mut Asking, steps: &mut Vec<Step>) {
    let Some((last, _)) = steps.last().cloned() else { return };
    let (written, gradients) = asking.gradients_written_out(last);
    if gradients.is_empty() {
        return;
    }
    // First in terms of the gradients on the way, where there are some.
    let opened = asking.opened(last, &[]);
    let between = gradients_in(&asking.work.model.graph, opened);
    if between.is_empty() {
        steps.push((written, Say::new("the chain rule gives {}").nodes(&gradients)));
    } else {
        let graph = &asking.work.model.graph;
        let of = |gradient: &NodeId| match graph.as_symbol(*gradient).map(|symbol| &symbol.name) {
            Some(SymbolName::Gradient { of, loss }) => Some((*of, *loss)),
            _ => None,
        };
        let ends: Vec<(NodeId, NodeId)> = between.iter().filter_map(of).collect();
        let line = |id: &NodeId| {
            let definition = graph.as_symbol(*id)?.definition;
            Some(Formula::equal(Formula::Node(*id), Formula::Node(definition)))
        };
        let near: Vec<Formula> = ends.iter().filter_map(|(of, _)| line(of)).collect();
        // The lines from there to the loss.
        let leads = |id: &NodeId| {
            ends.iter()
                .any(|(of, loss)| id != of && graph.needed(&[*loss])[id.place()] && graph.needed(&[*id])[of.place()])
        };
        let far: Vec<Formula> = asking.work.model.definitions.iter().filter(|id| leads(id)).filter_map(line).collect();
        steps.push((opened, Say::new("the chain rule, with {}").hole(Hole::Formulas(near))));
        steps
            .push((written, Say::new("the chain rule gives {}, because {}").nodes(&between).hole(Hole::Formulas(far))));
    }
}

/// The names of lines, one level after the other.
fn open_lines(asking: &mut Asking, steps: &mut Vec<Step>) {
    while let Some((last, _)) = steps.last().cloned() {
        let names = lines_in(&asking.work.model.graph, last, &[]);
        let next = asking.opened(last, &[]);
        if next == last {
            return;
        }
        steps.push((next, Say::new("with what {} stands for").nodes(&names)));
    }
}

/// What the problem assumes of its data.
fn assume(graph: &mut Graph, steps: &mut Vec<Step>) {
    let Some((last, _)) = steps.last().cloned() else { return };
    let simplified = simplify(graph, last, &mut Memo::default());
    let known: BTreeSet<_> = simplified.uses.iter().filter_map(|used| assumed(graph, used)).collect();
    let say = match known.len() {
        0 => return,
        1 => Say::new("{}: {}"),
        2 => Say::new("{}: {}; {}: {}"),
        _ => Say::new("{}: {}; {}: {}; {}: {}; and so on"),
    };
    let say = known.into_iter().take(3).fold(say, |say, (leaf, own)| say.node(leaf).words(own.words()));
    steps.push((simplified.node, say));
}

/// Operators by their definitions.
fn define(graph: &mut Graph, steps: &mut Vec<Step>) {
    for definition in DEFINITIONS {
        let Some((last, _)) = steps.last().cloned() else { return };
        let next = defined(graph, last, definition, &mut HashMap::new());
        if next != last {
            steps.push((next, Say::new(definition.because)));
        }
    }
}

fn defined(graph: &mut Graph, node: NodeId, definition: &Definition, known: &mut HashMap<NodeId, NodeId>) -> NodeId {
    if let Some(known) = known.get(&node) {
        return *known;
    }
    let Some((op, operands)) = graph.as_apply(node).map(|(op, operands)| (op.clone(), operands.to_vec())) else {
        return node;
    };
    let new: Vec<NodeId> = operands.iter().map(|operand| defined(graph, *operand, definition, known)).collect();
    let same = definition.of(graph, &op, &new).filter(|made| graph.shape(*made) == graph.shape(node));
    let made = match same {
        Some(made) => made,
        None if new == operands => node,
        None => graph.apply(op, &new).unwrap_or(node),
    };
    known.insert(node, made);
    made
}
