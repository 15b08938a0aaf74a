//! Matrices of ones: what they repeat and what they sum.

use super::Rewrite;
use super::patterns::{as_entrywise, as_ones, as_sum, of};
use crate::graph::{Graph, NodeId};
use crate::ops::{Hadamard, MatMul, Scale, Sum};
use crate::shape::{Dim, Shape};

pub static ROWS: &[Rewrite] = &[
    Rewrite {
        name: "repeated-by-itself",
        title: "an operator that goes entry by entry repeats a scalar, a row or a column by itself",
        apply: repeated_by_itself,
    },
    Rewrite {
        name: "times-single-one",
        title: "the matrix whose only entry is 1 changes nothing",
        apply: times_single_one,
    },
    Rewrite { name: "product-of-ones", title: "each entry of a product of ones counts them", apply: product_of_ones },
    Rewrite { name: "ones-row-times", title: "1ᵀA is the sum over the rows of A", apply: ones_row_times },
    Rewrite { name: "times-ones-column", title: "A1 is the sum over the columns of A", apply: times_ones_column },
    Rewrite { name: "sum-of-ones", title: "a sum of ones counts them", apply: sum_of_ones },
    Rewrite {
        name: "sum-of-repeated",
        title: "the sum of equal rows or columns is one of them times their number",
        apply: sum_of_repeated,
    },
];

/// The scalar, row or column of which the node is a repetition.
fn repeated(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    if as_ones(graph, id).is_some() {
        return Some(graph.integer(1));
    }
    if let Some([scalar, operand]) = of(graph, id, Scale) {
        if as_ones(graph, operand).is_some() {
            return Some(scalar);
        }
        let line = repeated_line(graph, operand)?;
        return graph.apply(Scale, &[scalar, line]).ok();
    }
    repeated_line(graph, id)
}

fn repeated_line(graph: &Graph, id: NodeId) -> Option<NodeId> {
    if let Some([left, right]) = of(graph, id, Hadamard) {
        return as_ones(graph, right).map(|_| left);
    }
    let [left, right] = of(graph, id, MatMul)?;
    let row = as_ones(graph, left).and_then(Shape::as_matrix).is_some_and(|(_, columns)| columns.is_one());
    let column = as_ones(graph, right).and_then(Shape::as_matrix).is_some_and(|(rows, _)| rows.is_one());
    match (row, column) {
        (true, _) => Some(right),
        (false, true) => Some(left),
        (false, false) => None,
    }
}

fn repeated_by_itself(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, operands) = as_entrywise(graph, id)?;
    (0..2).find_map(|place| {
        let mut operands = operands;
        operands[place] = repeated(graph, operands[place])?;
        let short = graph.apply(op.clone(), &operands).ok()?;
        (graph.shape(short) == graph.shape(id)).then_some(short)
    })
}

fn is_single(shape: &Shape) -> bool {
    shape.rank() == 2 && shape.is_single()
}

fn times_single_one(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, MatMul)?;
    match (as_ones(graph, left).is_some_and(is_single), as_ones(graph, right).is_some_and(is_single)) {
        (true, _) => Some(right),
        (false, true) => Some(left),
        (false, false) => None,
    }
}

fn product_of_ones(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, MatMul)?;
    let (count, _) = as_ones(graph, left).and(as_ones(graph, right)).and_then(Shape::as_matrix)?;
    let (count, shape) = (count.clone(), graph.shape(id).clone());
    let (count, ones) = (graph.dimension(count), graph.ones(shape));
    graph.apply(Scale, &[count, ones]).ok()
}

fn ones_row_times(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [ones, operand] = of(graph, id, MatMul)?;
    let (rows, _) = as_ones(graph, ones)?.as_matrix()?;
    if rows.is_one() { graph.apply(Sum { axis: Some(0) }, &[operand]).ok() } else { None }
}

fn times_ones_column(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [operand, ones] = of(graph, id, MatMul)?;
    let (_, columns) = as_ones(graph, ones)?.as_matrix()?;
    if columns.is_one() { graph.apply(Sum { axis: Some(1) }, &[operand]).ok() } else { None }
}

fn sum_of_ones(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (axis, operand) = as_sum(graph, id)?;
    let shape = as_ones(graph, operand)?.clone();
    let Some(axis) = axis else { return Some(graph.dimension(shape.size())) };
    let (count, rest) = (graph.dimension(shape.0[axis].clone()), graph.shape(id).clone());
    let rest = graph.ones(rest);
    graph.apply(Scale, &[count, rest]).ok()
}

fn sum_of_repeated(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (axis, operand) = as_sum(graph, id)?;
    let [left, right] = of(graph, operand, MatMul)?;
    // How often the line stands there, and along which axis.
    let (line, count, along): (NodeId, Dim, usize) = match (as_ones(graph, left), as_ones(graph, right)) {
        (Some(ones), _) if ones.0[1].is_one() => (right, ones.0[0].clone(), 0),
        (_, Some(ones)) if ones.0[0].is_one() => (left, ones.0[1].clone(), 1),
        (_, _) => return None,
    };
    let once = match axis {
        Some(axis) if axis == along => line,
        Some(_) => return None,
        None => graph.apply(Sum { axis: None }, &[line]).ok()?,
    };
    let count = graph.dimension(count);
    graph.apply(Scale, &[count, once]).ok()
}
