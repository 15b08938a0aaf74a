//! What is assumed of the data: a symmetric matrix is its own transpose, Qᵀ Q = 1.

use super::patterns::{as_sum, of};
use super::{Rewrite, Use};
use crate::graph::{Assumption, Graph, NodeId};
use crate::ops::{Abs, Diag, Inverse, MatMul, Op, Relu, Sign, Transpose};

pub static ROWS: &[Rewrite] = &[
    Rewrite { name: "assumed-symmetric", title: "a symmetric matrix is its own transpose", apply: own_transpose },
    Rewrite { name: "assumed-orthogonal", title: "QᵀQ = I and QQᵀ = I of an orthogonal matrix", apply: orthogonal },
    Rewrite {
        name: "assumed-orthogonal-inverse",
        title: "the inverse of an orthogonal matrix is its transpose",
        apply: orthogonal_inverse,
    },
    Rewrite { name: "assumed-positive", title: "|a| = a, relu(a) = a and sign(a) = 1 of positive a", apply: positive },
    Rewrite { name: "assumed-rows", title: "the rows sum to 1", apply: rows_sum },
];

/// The leaf of which a use of a row took something as assumed.
pub fn assumed(graph: &Graph, used: &Use) -> Option<(NodeId, Assumption)> {
    ROWS.iter().find(|row| row.name == used.rewrite.name)?;
    let relevant: fn(&Assumption) -> bool = match used.rewrite.name {
        "assumed-symmetric" => |own| own.is_symmetric(),
        "assumed-positive" => |own| *own == Assumption::Positive,
        "assumed-rows" => |own| *own == Assumption::RowsSumToOne,
        _ => |own| *own == Assumption::Orthogonal,
    };
    let mut waiting = vec![used.before];
    while let Some(id) = waiting.pop() {
        let known = graph.as_leaf(id).and_then(|leaf| leaf.assumed.iter().copied().find(relevant));
        if let Some(known) = known {
            return Some((id, known));
        }
        waiting.extend(graph.as_apply(id).map_or(&[][..], |(_, operands)| operands));
    }
    None
}

fn has(graph: &Graph, id: NodeId, holds: impl Fn(Assumption) -> bool) -> bool {
    graph.as_leaf(id).is_some_and(|leaf| leaf.assumed.iter().any(|own| holds(*own)))
}

fn own_transpose(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [matrix] = of(graph, id, Transpose)?;
    is_symmetric(graph, matrix).then_some(matrix)
}

/// Whether a matrix, or the one of which it is the inverse, is assumed to be its own transpose.
pub fn is_symmetric(graph: &Graph, id: NodeId) -> bool {
    let own = of(graph, id, Inverse).map_or(id, |[inner]| inner);
    has(graph, own, Assumption::is_symmetric)
}

/// Whether one is the transpose of the other, and orthogonal.
fn undo(graph: &Graph, left: NodeId, right: NodeId) -> bool {
    let inner = |id| of(graph, id, Transpose).map(|[inner]| inner);
    let own = |id| has(graph, id, |assumed| assumed == Assumption::Orthogonal);
    let is_symmetric = left == right && has(graph, left, Assumption::is_symmetric);
    inner(left) == Some(right) && own(right) || inner(right) == Some(left) && own(left) || is_symmetric && own(left)
}

fn orthogonal(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, MatMul)?;
    if undo(graph, left, right) {
        let side = graph.shape(id).0[0].clone();
        let ones = graph.ones(crate::shape::Shape(vec![side, crate::shape::Dim::one()]));
        return graph.apply(Diag, &[ones]).ok();
    }
    if let Some([inner, rest]) = of(graph, right, MatMul)
        && undo(graph, left, inner)
    {
        return Some(rest);
    }
    // (Qy)ᵀ(Qz) = yᵀz
    if let (Some([turned]), Some([right_matrix, z])) = (of(graph, left, Transpose), of(graph, right, MatMul))
        && let Some([matrix, y]) = of(graph, turned, MatMul)
        && matrix == right_matrix
        && has(graph, matrix, |assumed| assumed == Assumption::Orthogonal)
    {
        let y = graph.apply(Transpose, &[y]).ok()?;
        return graph.apply(MatMul, &[y, z]).ok();
    }
    let [rest, inner] = of(graph, left, MatMul)?;
    if let Some([second, last]) = of(graph, right, MatMul)
        && undo(graph, inner, second)
    {
        return graph.apply(MatMul, &[rest, last]).ok();
    }
    undo(graph, inner, right).then_some(rest)
}

fn orthogonal_inverse(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [matrix] = of(graph, id, Inverse)?;
    let is_orthogonal = has(graph, matrix, |assumed| assumed == Assumption::Orthogonal);
    if is_orthogonal { graph.apply(Transpose, &[matrix]).ok() } else { None }
}

fn positive(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, operands) = graph.as_apply(id)?;
    let inner = *operands.first()?;
    if !has(graph, inner, |assumed| assumed == Assumption::Positive) {
        return None;
    }
    match op {
        Op::Abs(Abs) | Op::Relu(Relu { .. }) => Some(inner),
        Op::Sign(Sign { .. }) => Some(graph.ones(graph.shape(id).clone())),
        _ => None,
    }
}

fn rows_sum(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (axis, inner) = as_sum(graph, id)?;
    let rows = axis == Some(1) && has(graph, inner, |assumed| assumed == Assumption::RowsSumToOne);
    let one_hot = axis.is_some() && graph.as_leaf(inner).is_some_and(|leaf| leaf.one_hot_axis == axis);
    let holds = rows || one_hot;
    holds.then(|| graph.ones(graph.shape(id).clone()))
}
