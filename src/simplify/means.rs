//! Sums that are known: of what is less its own mean, and of probabilities.

use super::Rewrite;
use super::patterns::as_sum;
use crate::graph::{Graph, NodeId, SymbolName};
use crate::ops::{Hadamard, Mean, Neg, Op, Scale, Softmax, Sub};
use crate::shape::Shape;

pub static ROWS: &[Rewrite] = &[
    Rewrite { name: CENTRED, title: "what is less its own mean sums to 0", apply: centred },
    Rewrite { name: "probabilities-sum", title: "the probabilities of a softmax sum to 1", apply: probabilities },
];

pub const CENTRED: &str = "centred-sum";

/// So many lines and factors are looked through.
const DEPTH: usize = 6;

fn centred(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (axis, operand) = as_sum(graph, id)?;
    if !is_centred(graph, operand, axis, DEPTH) {
        return None;
    }
    let (zero, shape) = (graph.integer(0), graph.shape(id).clone());
    if shape.is_scalar() {
        return Some(zero);
    }
    let ones = graph.ones(shape);
    graph.apply(Scale, &[zero, ones]).ok()
}

/// What a line of the model stands for; a gradient's name is not looked into.
fn meaning(graph: &Graph, id: NodeId) -> NodeId {
    match graph.as_symbol(id) {
        Some(symbol) if !matches!(symbol.name, SymbolName::Gradient { .. }) => symbol.definition,
        Some(_) | None => id,
    }
}

/// Whether the sum over this axis, or of all entries, is 0: of `A - mean(A)`, and of that times what does not vary there.
fn is_centred(graph: &Graph, id: NodeId, axis: Option<usize>, depth: usize) -> bool {
    let id = meaning(graph, id);
    let Some(depth) = depth.checked_sub(1) else { return false };
    let centred = |id: NodeId| is_centred(graph, id, axis, depth);
    match graph.as_apply(id) {
        Some((Op::Sub(Sub), [whole, mean])) => is_mean(graph, *mean, *whole, axis),
        Some((Op::Neg(Neg) | Op::Transpose(_), [inner])) if axis.is_none() => centred(*inner),
        Some((Op::Neg(Neg), [inner])) => centred(*inner),
        Some((Op::Scale(Scale), [_, inner])) => centred(*inner),
        Some((Op::Hadamard(Hadamard), [left, right])) => {
            let fits = |inner: NodeId, factor: NodeId| {
                is_constant(graph.shape(factor), axis, graph.shape(id)) && centred(inner)
            };
            fits(*left, *right) || fits(*right, *left)
        }
        Some((Op::Div(_), [above, below])) => {
            is_constant(graph.shape(*below), axis, graph.shape(id)) && centred(*above)
        }
        _ => false,
    }
}

/// Whether one is the mean of the other over the axis; means of each row, or column, are enough for all entries.
fn is_mean(graph: &Graph, mean: NodeId, whole: NodeId, axis: Option<usize>) -> bool {
    let mean = meaning(graph, mean);
    let Some((Op::Mean(Mean { axis: own }), [of])) = graph.as_apply(mean) else { return false };
    let same = *of == whole || meaning(graph, *of) == meaning(graph, whole);
    let spread = |axis: usize| graph.shape(whole).0.get(1 - axis.min(1)).is_some_and(crate::shape::Dim::is_one);
    same && (axis.is_none() || axis == *own || own.is_none() && axis.is_some_and(spread))
}

/// Whether a factor is the same in all entries that are added.
fn is_constant(factor: &Shape, axis: Option<usize>, whole: &Shape) -> bool {
    match axis {
        _ if factor.size().is_one() => true,
        Some(axis) => factor.rank() == whole.rank() && factor.0.get(axis).is_some_and(crate::shape::Dim::is_one),
        None => false,
    }
}

fn probabilities(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (axis, operand) = as_sum(graph, id)?;
    let own = meaning(graph, operand);
    let (Op::Softmax(Softmax { axis: along }), _) = graph.as_apply(own)? else { return None };
    let along = *along;
    let whole = axis.is_none() && graph.shape(own).0.get(1 - along.min(1)).is_some_and(crate::shape::Dim::is_one);
    if axis != Some(along) && !whole {
        return None;
    }
    let shape = graph.shape(id).clone();
    Some(if shape.is_scalar() { graph.integer(1) } else { graph.ones(shape) })
}
