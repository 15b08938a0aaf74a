//! A reciprocal that has a name is not written again: `A ./ sqrt(v + eps)` where a line says `r = 1 ./ sqrt(v + eps)`.

use super::{Memo, simplify};
use crate::graph::{Graph, NodeId};
use crate::ops::{Div, Hadamard, Scale};
use std::collections::{BTreeMap, HashMap};

/// The lines that are one divided by something without a name, by what they divide by in its best form.
pub fn reciprocals(graph: &mut Graph, lines: &[NodeId], memo: &mut Memo) -> BTreeMap<NodeId, NodeId> {
    let mut found = BTreeMap::new();
    for line in lines {
        let Some(definition) = graph.as_symbol(*line).map(|symbol| symbol.definition) else { continue };
        if let Some([one, below]) = super::patterns::of(graph, definition, Div)
            && super::patterns::is_integer(graph, one, 1)
            && graph.as_apply(below).is_some()
        {
            found.entry(simplify(graph, below, memo).node).or_insert(*line);
        }
    }
    found
}

/// The expression with these names multiplied instead of divided by what they are made of.
pub fn reused(graph: &mut Graph, node: NodeId, names: &BTreeMap<NodeId, NodeId>, memo: &mut Memo) -> NodeId {
    if names.is_empty() {
        return node;
    }
    match put_in(graph, node, names, &mut HashMap::new()) {
        same if same == node => node,
        other => simplify(graph, other, memo).node,
    }
}

/// Expressions are as deep as a step is long.
fn put_in(
    graph: &mut Graph,
    node: NodeId,
    names: &BTreeMap<NodeId, NodeId>,
    known: &mut HashMap<NodeId, NodeId>,
) -> NodeId {
    if let Some(other) = known.get(&node) {
        return *other;
    }
    let Some((op, operands)) = graph.as_apply(node).map(|(op, operands)| (op.clone(), operands.to_vec())) else {
        return node;
    };
    let new: Vec<NodeId> = operands.iter().map(|operand| put_in(graph, *operand, names, known)).collect();
    let name = operands.get(1).and_then(|below| names.get(below)).copied().filter(|_| op == Div.into());
    let other = match name {
        Some(name) => match (graph.shape(name).is_scalar(), graph.shape(new[0]).is_scalar()) {
            (true, _) => graph.apply(Scale, &[name, new[0]]),
            (false, true) => graph.apply(Scale, &[new[0], name]),
            (false, false) => graph.apply(Hadamard, &[new[0], name]),
        },
        None => graph.apply(op, &new),
    };
    let other = other.ok().filter(|other| graph.shape(*other) == graph.shape(node)).unwrap_or(node);
    known.insert(node, other);
    other
}
