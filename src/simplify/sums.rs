//! Sums: what adds nothing, what is alike, and what has a common factor.

use super::Rewrite;
use super::constant::Constant;
use super::factor::{scaled, split};
use super::patterns::{as_additive, as_sum, is_zero, of};
use crate::graph::{Graph, NodeId};
use crate::ops::{Add, Div, Hadamard, MatMul, Neg, Op, Scale, Sum, Transpose};

pub static ROWS: &[Rewrite] = &[
    Rewrite { name: "sum-over-one", title: "a sum over one entry is that entry", apply: sum_over_one },
    Rewrite {
        name: "sum-of-sums",
        title: "the order in which all entries are summed does not matter",
        apply: sum_of_sums,
    },
    Rewrite { name: "zero-addend", title: "adding zero changes nothing", apply: zero_addend },
    Rewrite { name: "like-terms", title: "like terms are added", apply: like_terms },
    Rewrite { name: "like-terms-in-a-row", title: "like terms of a longer sum are added", apply: like_terms_in_a_row },
    Rewrite { name: "sum-without-brackets", title: "a sum needs no brackets in a sum", apply: sum_without_brackets },
    Rewrite { name: "common-number", title: "a common number is taken out of a sum", apply: common_number },
    Rewrite { name: "common-scalars", title: "common scalars are taken out of a sum", apply: common_scalars },
    Rewrite { name: "common-factor", title: "a common factor is taken out of a sum", apply: common_factor },
];

fn sum_over_one(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (axis, operand) = as_sum(graph, id)?;
    let shape = graph.shape(operand);
    axis.map_or(shape.is_scalar(), |axis| shape.0[axis].is_one()).then_some(operand)
}

fn sum_of_sums(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [operand] = of(graph, id, Sum { axis: None })?;
    let inner = match (as_sum(graph, operand), of(graph, operand, Transpose)) {
        (Some((_, inner)), _) | (None, Some([inner])) => inner,
        (None, None) => return None,
    };
    graph.apply(Sum { axis: None }, &[inner]).ok()
}

fn zero_addend(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = as_additive(graph, id)?;
    let whole = graph.shape(id);
    if is_zero(graph, right) && graph.shape(left) == whole {
        return Some(left);
    }
    if !is_zero(graph, left) || graph.shape(right) != whole {
        return None;
    }
    if matches!(op, Op::Sub(_)) { graph.apply(Neg, &[right]).ok() } else { Some(right) }
}

/// The factor of the second term, with the sign of the operator between the terms.
fn signed(op: &Op, factor: &Constant) -> Constant {
    if matches!(op, Op::Sub(_)) { factor.negated() } else { factor.clone() }
}

fn like_terms(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = as_additive(graph, id)?;
    let (left, right) = (split(graph, left), split(graph, right));
    let alike = left.rest.is_some() && left.rest == right.rest;
    let factor = alike.then(|| left.factor.plus(&signed(&op, &right.factor)))??;
    scaled(graph, &factor, left.rest)
}

/// `(R + 2*B) + 3*B`, `(2*B + R) + 3*B`: only the last three, so that a long sum is walked once.
fn like_terms_in_a_row(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, [sum, last]) = as_additive(graph, id)?;
    let (inner, [rest, second]) = as_additive(graph, sum)?;
    let (first, before, last) = (split(graph, rest), split(graph, second), split(graph, last));
    if first.rest.is_some() && first.rest == last.rest {
        let factor = first.factor.plus(&signed(&op, &last.factor))?;
        let term = scaled(graph, &factor, last.rest)?;
        return graph.apply(inner, &[term, second]).ok();
    }
    let alike = before.rest.is_some() && before.rest == last.rest;
    let factor = alike.then(|| signed(&inner, &before.factor).plus(&signed(&op, &last.factor)))??;
    let term = scaled(graph, &factor, last.rest)?;
    graph.apply(Add, &[rest, term]).ok()
}

fn common_number(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = as_additive(graph, id)?;
    let (left, right) = (split(graph, left), split(graph, right));
    if left.factor != right.factor || left.factor.is_one() || left.factor.is_zero() {
        return None;
    }
    let sum = graph.apply(op, &[left.rest?, right.rest?]).ok()?;
    scaled(graph, &left.factor, Some(sum))
}

/// A product as a number, the scalars after it and what they multiply.
struct Factors {
    number: Constant,
    scalars: Vec<NodeId>,
    body: Option<NodeId>,
}

/// More scalars than this are not looked through.
const SCALARS: usize = 8;

impl Factors {
    fn of(graph: &mut Graph, id: NodeId) -> Option<Factors> {
        let split = split(graph, id);
        let mut scalars = Vec::new();
        let mut rest = split.rest?;
        let mut body = None;
        while let Some([front, operand]) = of(graph, rest, Scale) {
            if graph.shape(operand).is_scalar() {
                scalars.push(operand)
            } else {
                body = Some(operand)
            }
            rest = front;
            if scalars.len() > SCALARS {
                return None;
            }
        }
        if graph.shape(rest).is_scalar() {
            scalars.push(rest)
        } else {
            body = Some(rest)
        }
        scalars.reverse();
        Some(Factors { number: split.factor, scalars, body })
    }

    fn node(&self, graph: &mut Graph) -> Option<NodeId> {
        let parts: Vec<NodeId> = self.scalars.iter().chain(&self.body).copied().collect();
        let product = product(graph, &parts);
        scaled(graph, &self.number, product)
    }
}

fn product(graph: &mut Graph, parts: &[NodeId]) -> Option<NodeId> {
    let (first, others) = parts.split_first()?;
    others.iter().try_fold(*first, |product, part| graph.apply(Scale, &[product, *part]).ok())
}

fn common_scalars(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = as_additive(graph, id)?;
    let (mut left, mut right) = (Factors::of(graph, left)?, Factors::of(graph, right)?);
    let mut common = Vec::new();
    left.scalars.retain(|scalar| {
        let place = right.scalars.iter().position(|other| other == scalar);
        place.map(|place| common.push(right.scalars.remove(place))).is_none()
    });
    let used_up = |factors: &Factors| factors.scalars.is_empty() && factors.body.is_none();
    // x + s*x is as short as (1 + s)*x, and reads better.
    let short = common.len() == 1 && graph.as_apply(common[0]).is_none();
    if common.is_empty() || (short && (used_up(&left) || used_up(&right))) {
        return None;
    }
    let (left, right) = (left.node(graph)?, right.node(graph)?);
    common.push(graph.apply(op, &[left, right]).ok()?);
    product(graph, &common)
}

fn common_factor(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = as_additive(graph, id)?;
    let products: [Op; 3] = [MatMul.into(), Hadamard.into(), Div.into()];
    products.into_iter().find_map(|product| {
        let ([a, b], [c, d]) = (of(graph, left, product.clone())?, of(graph, right, product.clone())?);
        let operands = if a == c && product != Op::from(Div) {
            [a, graph.apply(op.clone(), &[b, d]).ok()?]
        } else if b == d {
            [graph.apply(op.clone(), &[a, c]).ok()?, b]
        } else {
            return None;
        };
        graph.apply(product, &operands).ok()
    })
}

/// `A + (B - C)`. Only one step: moving a term to the front of a long sum would cost its length.
fn sum_without_brackets(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (op, [first, sum]) = as_additive(graph, id)?;
    let (inner, [second, third]) = as_additive(graph, sum)?;
    let last: Op = match (&op, &inner) {
        _ if as_additive(graph, second).is_some() => return None,
        (Op::Add(_), _) => inner,
        (_, Op::Sub(_)) => Add.into(),
        // A - (B + C) reads as well as A - B - C, and keeps a fit in one piece.
        (_, _) => return None,
    };
    let front = graph.apply(op, &[first, second]).ok()?;
    graph.apply(last, &[front, third]).ok()
}
