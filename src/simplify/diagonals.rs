//! Diagonal matrices: their own transposes, and the identity leaves a product as it is.

use super::Rewrite;
use super::factor::{scaled, split};
use super::patterns::{as_additive, as_ones, of};
use crate::graph::{Graph, NodeId, SymbolName};
use crate::ops::{Diag, MatMul, Scale, Transpose};

pub static ROWS: &[Rewrite] = &[
    Rewrite {
        name: "transpose-of-diagonal",
        title: "a diagonal matrix is its own transpose",
        apply: transpose_of_diagonal,
    },
    Rewrite { name: "sum-of-diagonals", title: "diag(a) + diag(b) = diag(a + b)", apply: sum_of_diagonals },
    Rewrite { name: "identity-times", title: "I A = A", apply: identity_times },
    Rewrite { name: "times-identity", title: "A I = A", apply: times_identity },
];

fn transpose_of_diagonal(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [matrix] = of(graph, id, Transpose)?;
    // A line of the model may say so: `W = 1/2*diag(r)`.
    let line = graph.as_symbol(matrix).filter(|symbol| !matches!(symbol.name, SymbolName::Gradient { .. }));
    let meant = line.map_or(matrix, |symbol| symbol.definition);
    let bare = of(graph, meant, Scale).map_or(meant, |[_, bare]| bare);
    as_diagonal(graph, bare).map(|_| matrix)
}

fn sum_of_diagonals(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = as_additive(graph, id)?;
    let (left, right) = (split(graph, left), split(graph, right));
    let (a, b) = (as_diagonal(graph, left.rest?)?, as_diagonal(graph, right.rest?)?);
    let (left, right) = (scaled(graph, &left.factor, Some(a))?, scaled(graph, &right.factor, Some(b))?);
    let sum = graph.apply(op, &[left, right]).ok()?;
    graph.apply(Diag, &[sum]).ok()
}

fn identity_times(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [identity, matrix] = of(graph, id, MatMul)?;
    is_identity(graph, identity).then_some(matrix)
}

fn times_identity(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [matrix, identity] = of(graph, id, MatMul)?;
    is_identity(graph, identity).then_some(matrix)
}

/// The row or column on the diagonal of `diag(v)`; the diagonal of a matrix is no diagonal matrix.
pub fn as_diagonal(graph: &Graph, id: NodeId) -> Option<NodeId> {
    let [vector] = of(graph, id, Diag)?;
    let shape = graph.shape(vector);
    (shape.is_row() || shape.is_column()).then_some(vector)
}

fn is_identity(graph: &Graph, id: NodeId) -> bool {
    as_diagonal(graph, id).is_some_and(|vector| as_ones(graph, vector).is_some())
}
