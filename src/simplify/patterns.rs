//! What rows look for.

use super::constant::Constant;
use crate::graph::{Graph, Kind, NodeId};
use crate::number::Number;
use crate::ops::{Acts, Op, Pow};
use crate::shape::Shape;
use num_traits::Zero;

/// The operands of this operator, if the node is its application.
pub fn of<const N: usize>(graph: &Graph, id: NodeId, op: impl Into<Op>) -> Option<[NodeId; N]> {
    let (own, operands) = graph.as_apply(id)?;
    if *own == op.into() { operands.try_into().ok() } else { None }
}

/// The axis and the operand of a sum.
pub fn as_sum(graph: &Graph, id: NodeId) -> Option<(Option<usize>, NodeId)> {
    match graph.as_apply(id)? {
        (Op::Sum(sum), [operand]) => Some((sum.axis, *operand)),
        (_, _) => None,
    }
}

/// `A + B` or `A - B`.
pub fn as_additive(graph: &Graph, id: NodeId) -> Option<(Op, [NodeId; 2])> {
    match graph.as_apply(id)? {
        (op @ (Op::Add(_) | Op::Sub(_)), [left, right]) => Some((op.clone(), [*left, *right])),
        (_, _) => None,
    }
}

/// An operator that goes through two operands entry by entry, repeating the smaller.
pub fn as_entrywise(graph: &Graph, id: NodeId) -> Option<(Op, [NodeId; 2])> {
    match graph.as_apply(id)? {
        (op, [left, right]) if is_entrywise(op) => Some((op.clone(), [*left, *right])),
        (_, _) => None,
    }
}

fn is_entrywise(op: &Op) -> bool {
    op.reference().acts == Acts::Pairwise
}

/// A function of each entry of the first operand alone.
pub fn is_function(op: &Op) -> bool {
    op.reference().acts == Acts::EachEntry
}

pub fn as_ones(graph: &Graph, id: NodeId) -> Option<&Shape> {
    match graph.kind(id) {
        Kind::Ones(shape) => Some(shape),
        _ => None,
    }
}

/// The exact number that the node is.
pub fn as_exact(graph: &Graph, id: NodeId) -> Option<&Number> {
    graph.as_number(id).filter(|number| number.is_exact())
}

pub fn is_integer(graph: &Graph, id: NodeId, value: i64) -> bool {
    as_exact(graph, id).is_some_and(|number| number.to_integer() == Some(value))
}

/// 0, or a matrix of zeros.
pub fn is_zero(graph: &Graph, id: NodeId) -> bool {
    let zero = |id: NodeId| as_exact(graph, id).is_some_and(Number::is_zero);
    let factors = of(graph, id, crate::ops::Scale);
    zero(id) || factors.is_some_and(|[factor, of]| zero(factor) && as_ones(graph, of).is_some())
}

/// Whether the value is defined wherever the leaves and symbols in it are, so that 0 times it is 0. The answer is no
/// where that would take long to find out.
pub fn is_total(graph: &Graph, id: NodeId) -> bool {
    total_within(graph, id, 6)
}

fn total_within(graph: &Graph, id: NodeId, depth: usize) -> bool {
    let Some((op, operands)) = graph.as_apply(id) else { return true };
    let natural = |exponent: NodeId| as_exact(graph, exponent).is_some_and(|n| n.to_integer().is_some_and(|n| n >= 0));
    let defined = match (op, operands) {
        (Op::Pow(Pow), [_, exponent]) => natural(*exponent),
        (Op::Div(_), [_, divisor]) => Constant::of(graph, *divisor).is_some_and(|divisor| !divisor.is_zero()),
        (op, _) => op.reference().is_total,
    };
    defined && depth > 0 && operands.iter().all(|operand| total_within(graph, *operand, depth - 1))
}
