//! Minus signs: in front of products, and absorbed by sums and differences.

use super::Rewrite;
use super::constant::Constant;
use super::patterns::{as_exact, as_sum, of};
use crate::graph::{Graph, NodeId};
use crate::ops::{Add, Div, Hadamard, MatMul, Neg, Scale, Sub, Sum, Transpose};

pub static ROWS: &[Rewrite] = &[
    Rewrite { name: "double-negation", title: "−(−A) = A", apply: double_negation },
    Rewrite { name: "negated-difference", title: "−(A − B) = B − A", apply: negated_difference },
    Rewrite {
        name: "sign-into-a-difference",
        title: "a minus sign before a product turns a difference in it round",
        apply: sign_into_a_difference,
    },
    Rewrite { name: "plus-a-negative", title: "A + (−B) = A − B", apply: plus_a_negative },
    Rewrite { name: "negative-plus", title: "−A + B = B − A", apply: negative_plus },
    Rewrite { name: "minus-a-negative", title: "A − (−B) = A + B", apply: minus_a_negative },
    Rewrite { name: "negative-minus", title: "−A − B = −(A + B)", apply: negative_minus },
];

fn double_negation(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [inner] = of(graph, id, Neg)?;
    let [operand] = of(graph, inner, Neg)?;
    Some(operand)
}

fn negated_difference(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [inner] = of(graph, id, Neg)?;
    let [left, right] = of(graph, inner, Sub)?;
    graph.apply(Sub, &[right, left]).ok()
}

fn sign_into_a_difference(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [inner] = of(graph, id, Neg)?;
    turned_round(graph, inner, 4)
}

/// The negative of a product, with a difference in it turned round. `1 - S` is left as it is: it is read as one thing.
fn turned_round(graph: &mut Graph, id: NodeId, depth: usize) -> Option<NodeId> {
    let deeper = depth.checked_sub(1)?;
    if let Some([left, right]) = of(graph, id, Sub) {
        let complement = Constant::of(graph, left).is_some();
        return if complement { None } else { graph.apply(Sub, &[right, left]).ok() };
    }
    if let Some((axis, operand)) = as_sum(graph, id) {
        let turned = turned_round(graph, operand, deeper)?;
        return graph.apply(Sum { axis }, &[turned]).ok();
    }
    if let Some([operand]) = of(graph, id, Transpose) {
        let turned = turned_round(graph, operand, deeper)?;
        return graph.apply(Transpose, &[turned]).ok();
    }
    if let Some([above, below]) = of(graph, id, Div) {
        let turned = turned_round(graph, above, deeper)?;
        return graph.apply(Div, &[turned, below]).ok();
    }
    let (op, left, right) = match (of(graph, id, Scale), of(graph, id, Hadamard), of(graph, id, MatMul)) {
        (Some([scalar, operand]), _, _) => {
            if let Some(turned) = turned_round(graph, operand, deeper) {
                return graph.apply(Scale, &[scalar, turned]).ok();
            }
            let turned = turned_round(graph, scalar, deeper)?;
            return graph.apply(Scale, &[turned, operand]).ok();
        }
        (None, Some([left, right]), _) => (crate::ops::Op::from(Hadamard), left, right),
        (None, None, Some([left, right])) => (MatMul.into(), left, right),
        (None, None, None) => return None,
    };
    if let Some(turned) = turned_round(graph, left, deeper) {
        return graph.apply(op, &[turned, right]).ok();
    }
    let turned = turned_round(graph, right, deeper)?;
    graph.apply(op, &[left, turned]).ok()
}

/// What the node is the negative of, if it has a minus sign: `-A`, `-2`.
fn negative_of(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    if let Some([operand]) = of(graph, id, Neg) {
        return Some(operand);
    }
    let positive = as_exact(graph, id).filter(|number| number.is_negative())?.abs();
    Some(graph.number(positive))
}

fn plus_a_negative(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Add)?;
    let right = negative_of(graph, right)?;
    graph.apply(Sub, &[left, right]).ok()
}

fn negative_plus(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Add)?;
    let left = negative_of(graph, left)?;
    graph.apply(Sub, &[right, left]).ok()
}

fn minus_a_negative(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Sub)?;
    let right = negative_of(graph, right)?;
    graph.apply(Add, &[left, right]).ok()
}

fn negative_minus(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Sub)?;
    let [left] = of(graph, left, Neg)?;
    let sum = graph.apply(Add, &[left, right]).ok()?;
    graph.apply(Neg, &[sum]).ok()
}
