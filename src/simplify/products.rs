//! Numbers, signs and scalars go in front of products, sums and transposes.

use super::Rewrite;
use super::constant::Constant;
use super::factor::{scaled, split};
use super::patterns::{as_sum, of};
use crate::graph::{Graph, NodeId};
use crate::ops::{Hadamard, MatMul, Op, Scale, Sum, Transpose};

pub static ROWS: &[Rewrite] = &[
    Rewrite {
        name: "factor-out-of-matrix-product",
        title: "a scalar factor or a sign in a matrix product goes in front of it",
        apply: out_of_matrix_product,
    },
    Rewrite {
        name: "factor-out-of-elementwise-product",
        title: "a scalar factor or a sign in an elementwise product goes in front of it",
        apply: out_of_elementwise_product,
    },
    Rewrite {
        name: "factor-out-of-sum",
        title: "a scalar factor or a sign under a sum goes in front of it",
        apply: out_of_sum,
    },
    Rewrite {
        name: "factor-out-of-transpose",
        title: "a scalar factor or a sign under a transpose goes in front of it",
        apply: out_of_transpose,
    },
    Rewrite {
        name: "factor-out-of-linear-operator",
        title: "a scalar factor or a sign under a linear operator goes in front of it",
        apply: out_of_linear_operator,
    },
];

fn out_of_matrix_product(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let operands: [NodeId; 2] = of(graph, id, MatMul)?;
    in_front_of(graph, MatMul.into(), &operands)
}

fn out_of_elementwise_product(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let operands: [NodeId; 2] = of(graph, id, Hadamard)?;
    in_front_of(graph, Hadamard.into(), &operands)
}

fn out_of_sum(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (axis, operand) = as_sum(graph, id)?;
    in_front_of(graph, Sum { axis }.into(), &[operand])
}

fn out_of_transpose(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let operand: [NodeId; 1] = of(graph, id, Transpose)?;
    in_front_of(graph, Transpose.into(), &operand)
}

/// The operands in each of which an operator is linear.
fn linear_places(op: &Op, operands: usize) -> &'static [usize] {
    if matches!(op, Op::CumSum(_) | Op::Mean(_) | Op::Trace(_) | Op::Diag(_) | Op::Entry(_) | Op::AvgPool(_))
        || matches!(op, Op::Flatten(_) | Op::Reshape(_) | Op::Slice(_))
    {
        &[0]
    } else if matches!(op, Op::EntryGradient(_) | Op::SliceGradient(_) | Op::AvgPoolGradient(_))
        || matches!(op, Op::MaxPoolGradient(_) | Op::MaxPoolSelect(_))
    {
        &[1]
    } else if matches!(op, Op::Cross(_)) || matches!(op, Op::Conv2d(_) | Op::ConvTranspose(_)) && operands == 2 {
        // A bias would have to be multiplied too.
        &[0, 1]
    } else if matches!(op, Op::Conv2dInputGradient(_)) {
        &[1, 2]
    } else if matches!(op, Op::Conv2dKernelGradient(_)) {
        &[0, 2]
    } else {
        &[]
    }
}

fn out_of_linear_operator(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, operands) = graph.as_apply(id).map(|(op, operands)| (op.clone(), operands.to_vec()))?;
    in_front_of_places(graph, op.clone(), &operands, linear_places(&op, operands.len()))
}

/// The numbers and signs of the operands in front of the operator; if there are none, their scalars.
fn in_front_of(graph: &mut Graph, op: Op, operands: &[NodeId]) -> Option<NodeId> {
    in_front_of_places(graph, op, operands, if operands.len() == 1 { &[0] } else { &[0, 1] })
}

fn in_front_of_places(graph: &mut Graph, op: Op, operands: &[NodeId], places: &[usize]) -> Option<NodeId> {
    let mut bare = operands.to_vec();
    let mut factor = Constant::one();
    for place in places {
        let split = split(graph, operands[*place]);
        bare[*place] = split.rest?;
        factor = factor.times(&split.factor)?;
    }
    if bare != operands {
        let inner = graph.apply(op, &bare).ok()?;
        return scaled(graph, &factor, Some(inner));
    }
    let mut scalars: Option<NodeId> = None;
    for place in places {
        if let Some([scalar, operand]) = of(graph, operands[*place], Scale) {
            bare[*place] = operand;
            scalars = Some(match scalars {
                Some(before) => graph.apply(Scale, &[before, scalar]).ok()?,
                None => scalar,
            });
        }
    }
    let (scalars, inner) = (scalars?, graph.apply(op, &bare).ok()?);
    graph.apply(Scale, &[scalars, inner]).ok()
}
