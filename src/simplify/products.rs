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

/// The numbers and signs of the operands in front of the operator; if there are none, their scalars.
fn in_front_of(graph: &mut Graph, op: Op, operands: &[NodeId]) -> Option<NodeId> {
    let splits: Vec<_> = operands.iter().map(|operand| split(graph, *operand)).collect();
    let factor = splits.iter().try_fold(Constant::one(), |product, split| product.times(&split.factor))?;
    if splits.iter().any(|split| !split.factor.is_one()) {
        let rests: Vec<NodeId> = splits.iter().map(|split| split.rest).collect::<Option<_>>()?;
        let inner = graph.apply(op, &rests).ok()?;
        return scaled(graph, &factor, Some(inner));
    }
    let multiples: Vec<Option<[NodeId; 2]>> = operands.iter().map(|operand| of(graph, *operand, Scale)).collect();
    let scalars = multiples.iter().flatten().map(|[scalar, _]| *scalar).collect::<Vec<_>>();
    let scalar =
        scalars.into_iter().map(Some).reduce(|product, scalar| graph.apply(Scale, &[product?, scalar?]).ok())??;
    let bare: Vec<NodeId> =
        multiples.iter().zip(operands).map(|(multiple, own)| multiple.map_or(*own, |[_, operand]| operand)).collect();
    let inner = graph.apply(op, &bare).ok()?;
    graph.apply(Scale, &[scalar, inner]).ok()
}
