//! Masks: forms that are made of indicators.

use super::compare::same_shape;
use super::forms::{parts, rebuilt, replaced};
use crate::graph::{Graph, NodeId};
use crate::ops::{Compare, Op};
use crate::syntax::ast::Relation;

/// Whether a form is made of indicators, as far as the names that it uses and through a name for one.
pub(super) fn is_mask(graph: &Graph, id: NodeId) -> bool {
    let inner = graph.as_symbol(id).map_or(id, |symbol| symbol.definition);
    parts(graph, inner).iter().any(|part| matches!(graph.as_apply(*part), Some((Op::Compare(_), _))))
}

/// What the indicator of a mask looks at.
pub(super) fn masked(graph: &Graph, id: NodeId) -> Option<NodeId> {
    let inner = graph.as_symbol(id).map_or(id, |symbol| symbol.definition);
    parts(graph, inner).iter().find_map(|part| match graph.as_apply(*part) {
        Some((Op::Compare(_), [left, _])) => Some(*left),
        _ => None,
    })
}

/// A mask with its indicators upon another value.
pub(super) fn upon(graph: &mut Graph, mask: NodeId, value: NodeId) -> Option<NodeId> {
    let looked_at = masked(graph, mask)?;
    same_shape(graph.shape(looked_at), graph.shape(value)).then_some(())?;
    let inner = graph.as_symbol(mask).map_or(mask, |symbol| symbol.definition);
    replaced(graph, inner, looked_at, value)
}

/// A form with each indicator on the other side.
pub(super) fn reversed(graph: &mut Graph, form: NodeId) -> Option<NodeId> {
    rebuilt(graph, form, |graph, id| {
        let (Op::Compare(compare), operands) = graph.as_apply(id)? else { return None };
        let (relation, operands) = (complement(compare.relation), operands.to_vec());
        graph.apply(Compare { relation }, &operands).ok()
    })
}

pub(super) fn complement(relation: Relation) -> Relation {
    match relation {
        Relation::Greater => Relation::LessEqual,
        Relation::GreaterEqual => Relation::Less,
        Relation::Less => Relation::GreaterEqual,
        Relation::LessEqual => Relation::Greater,
        Relation::Equal => Relation::NotEqual,
        Relation::NotEqual => Relation::Equal,
    }
}
