//! Forms taken apart and put together again with a part changed.

use crate::graph::{Graph, NodeId};
use crate::syntax::ast::LeafKind;
use std::collections::{BTreeMap, BTreeSet};

/// A node in the form, and what stands in its place.
pub(super) type Edit = (&'static str, NodeId, NodeId);

/// A form with one node in place of another, as far as the names that it uses.
pub(super) fn replaced(graph: &mut Graph, form: NodeId, node: NodeId, other: NodeId) -> Option<NodeId> {
    rebuilt(graph, form, |_, id| (id == node).then_some(other))
}

/// A form with some of its nodes changed, as far as the names that it uses; each shared part is made once.
pub(super) fn rebuilt(
    graph: &mut Graph,
    form: NodeId,
    change: impl Fn(&mut Graph, NodeId) -> Option<NodeId>,
) -> Option<NodeId> {
    let (mut parts, mut new, mut waiting) = (BTreeSet::new(), BTreeMap::new(), vec![form]);
    while let Some(id) = waiting.pop() {
        if !parts.insert(id) {
            continue;
        }
        match change(graph, id) {
            Some(changed) => drop(new.insert(id, changed)),
            None => waiting.extend(graph.as_apply(id).into_iter().flat_map(|(_, operands)| operands)),
        }
    }
    // Operands stand before what uses them.
    for id in parts {
        if new.contains_key(&id) {
            continue;
        }
        let made = match graph.as_apply(id).map(|(op, operands)| (op.clone(), operands.to_vec())) {
            None => id,
            Some((op, operands)) => {
                let operands: Vec<NodeId> = operands.iter().map(|own| new[own]).collect();
                graph.apply(op, &operands).ok()?
            }
        };
        new.insert(id, made);
    }
    new.get(&form).copied()
}

pub(super) fn definition(graph: &Graph, node: NodeId) -> NodeId {
    graph.as_symbol(node).map_or(node, |symbol| symbol.definition)
}

/// The applications that a form consists of, outermost first.
pub(super) fn parts(graph: &Graph, root: NodeId) -> Vec<NodeId> {
    let mut found: Vec<NodeId> = Vec::new();
    let mut waiting = vec![root];
    while let Some(id) = waiting.pop() {
        if let Some((_, operands)) = graph.as_apply(id).filter(|_| !found.contains(&id)) {
            found.push(id);
            waiting.extend(operands);
        }
    }
    found
}

/// Whether it is given as data, and not what is learnt.
pub(super) fn is_data(graph: &Graph, id: NodeId) -> bool {
    graph.as_leaf(id).is_some_and(|leaf| matches!(leaf.kind, LeafKind::Input | LeafKind::Target))
}
