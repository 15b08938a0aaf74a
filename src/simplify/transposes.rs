//! Transposes: undone, and pushed inwards where that makes nothing longer.

use super::Rewrite;
use super::diagonals::as_diagonal;
use super::patterns::{as_entrywise, as_ones, as_sum, is_function, of};
use crate::graph::{Graph, NodeId};
use crate::ops::{MatMul, Neg, Op, Scale, Sum, Transpose};

pub static ROWS: &[Rewrite] = &[
    Rewrite { name: "double-transpose", title: "(Aᵀ)ᵀ = A", apply: double_transpose },
    Rewrite { name: "transpose-of-scalar", title: "a scalar is its own transpose", apply: transpose_of_scalar },
    Rewrite { name: "transpose-of-ones", title: "the transpose of ones is ones", apply: transpose_of_ones },
    Rewrite {
        name: "transpose-of-product",
        title: "the transpose of a product is the product of the transposes, swapped",
        apply: transpose_of_product,
    },
    Rewrite {
        name: "transpose-entry-by-entry",
        title: "the transpose goes through an operator that acts entry by entry",
        apply: transpose_entry_by_entry,
    },
    Rewrite {
        name: "transpose-of-function",
        title: "the transpose goes through a function of each entry",
        apply: transpose_of_function,
    },
    Rewrite {
        name: "transpose-of-sum",
        title: "the transpose of the sums of the rows is the sums of the transpose's columns",
        apply: transpose_of_sum,
    },
];

/// By how much the transpose of the node is longer than the node, as far as a bounded look shows: −1 for `Aᵀ`, whose
/// transpose is `A`; 0 for a scalar; 1 where the transpose has to be written.
fn lengthening(graph: &Graph, id: NodeId, depth: usize) -> i32 {
    if graph.shape(id).is_scalar() || as_ones(graph, id).is_some() || as_diagonal(graph, id).is_some() {
        return 0;
    }
    if super::assumptions::is_symmetric(graph, id) {
        return 0;
    }
    if of::<1>(graph, id, Transpose).is_some() {
        return -1;
    }
    let Some(deeper) = depth.checked_sub(1) else { return 1 };
    let inner = match graph.as_apply(id) {
        Some((Op::Neg(Neg), [operand])) | Some((Op::Scale(Scale), [_, operand])) => {
            lengthening(graph, *operand, deeper)
        }
        Some((Op::Sum(_), [operand])) => lengthening(graph, *operand, deeper),
        Some((op, [operand, ..])) if is_function(op) => lengthening(graph, *operand, deeper),
        Some((Op::MatMul(_), operands)) => both(graph, operands, deeper),
        Some((_, operands)) if as_entrywise(graph, id).is_some() => both(graph, operands, deeper),
        Some((_, _)) | None => 1,
    };
    inner.min(1)
}

fn both(graph: &Graph, operands: &[NodeId], depth: usize) -> i32 {
    operands.iter().map(|operand| lengthening(graph, *operand, depth)).sum()
}

/// How deep to look.
const DEPTH: usize = 4;

fn double_transpose(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [inner] = of(graph, id, Transpose)?;
    let [operand] = of(graph, inner, Transpose)?;
    Some(operand)
}

/// A matrix with one entry too.
fn transpose_of_scalar(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [operand] = of(graph, id, Transpose)?;
    graph.shape(operand).size().is_one().then_some(operand)
}

fn transpose_of_ones(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [operand] = of(graph, id, Transpose)?;
    let shape = as_ones(graph, operand)?.transposed()?;
    Some(graph.ones(shape))
}

fn transpose_of_product(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [operand] = of(graph, id, Transpose)?;
    let [left, right] = of(graph, operand, MatMul)?;
    if both(graph, &[left, right], DEPTH) > 1 {
        return None;
    }
    let (left, right) = (graph.apply(Transpose, &[left]).ok()?, graph.apply(Transpose, &[right]).ok()?);
    graph.apply(MatMul, &[right, left]).ok()
}

fn transpose_entry_by_entry(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [operand] = of(graph, id, Transpose)?;
    let (op, [left, right]) = as_entrywise(graph, operand)?;
    if both(graph, &[left, right], DEPTH) > 1 {
        return None;
    }
    let (left, right) = (graph.apply(Transpose, &[left]).ok()?, graph.apply(Transpose, &[right]).ok()?);
    graph.apply(op, &[left, right]).ok()
}

fn transpose_of_function(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [operand] = of(graph, id, Transpose)?;
    let (op, operands) = graph.as_apply(operand).map(|(op, operands)| (op.clone(), operands.to_vec()))?;
    let (first, others) = operands.split_first()?;
    if !is_function(&op) || lengthening(graph, *first, DEPTH) > 0 {
        return None;
    }
    let mut turned = vec![graph.apply(Transpose, &[*first]).ok()?];
    turned.extend(others);
    graph.apply(op, &turned).ok()
}

fn transpose_of_sum(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [operand] = of(graph, id, Transpose)?;
    let (axis, inner) = as_sum(graph, operand)?;
    if lengthening(graph, inner, DEPTH) > 0 {
        return None;
    }
    let turned = graph.apply(Transpose, &[inner]).ok()?;
    graph.apply(Sum { axis: Some(1usize.checked_sub(axis?)?) }, &[turned]).ok()
}
