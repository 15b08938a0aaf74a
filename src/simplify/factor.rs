//! The number in front of an expression: taken off, and put back where it reads best.

use super::constant::Constant;
use super::patterns::of;
use crate::graph::{Graph, NodeId};
use crate::ops::{Div, Neg, Scale};

/// An expression as a number times the rest.
#[derive(Clone, Debug)]
pub struct Split {
    pub factor: Constant,
    /// `None` where the expression is all number.
    pub rest: Option<NodeId>,
}

/// A number begins a product of so many scalars or fewer: `2 * s * t * A`; a longer one stands behind its number as a
/// whole. The bound lets a number be found at the same cost everywhere.
const DEPTH: usize = 8;

/// The number in front of an expression in its best form; 1 if there is none.
pub fn split(graph: &mut Graph, id: NodeId) -> Split {
    // A product that has just grown too long still begins with its number; a sign may stand before it.
    within(graph, id, DEPTH + 2).unwrap_or_else(|| whole(id))
}

fn within(graph: &mut Graph, id: NodeId, depth: usize) -> Option<Split> {
    if let Some(factor) = Constant::of(graph, id) {
        return Some(Split { factor, rest: None });
    }
    if let Some([operand]) = of(graph, id, Neg) {
        let inner = within(graph, operand, depth.checked_sub(1)?).unwrap_or_else(|| whole(operand));
        return Some(Split { factor: inner.factor.negated(), rest: inner.rest });
    }
    if let Some([scalar, operand]) = of(graph, id, Scale) {
        if let Some(factor) = Constant::of(graph, scalar) {
            return Some(Split { factor, rest: Some(operand) });
        }
        let front = within(graph, scalar, depth.checked_sub(1)?)?;
        let rest = graph.apply(Scale, &[front.rest?, operand]).ok()?;
        return Some(Split { factor: front.factor, rest: Some(rest) });
    }
    let [above, below] = of(graph, id, Div)?;
    // 3/B stays whole: 3 * (1/B) is longer.
    if Constant::of(graph, above).is_some() {
        return None;
    }
    let (numerator, denominator) = (within(graph, above, depth.checked_sub(1)?), within(graph, below, depth - 1));
    if numerator.is_none() && denominator.is_none() {
        return None;
    }
    quotient(graph, numerator.unwrap_or_else(|| whole(above)), denominator.unwrap_or_else(|| whole(below)))
}

fn whole(id: NodeId) -> Split {
    Split { factor: Constant::one(), rest: Some(id) }
}

/// The quotient of two split expressions, split; `None` for a divisor of 0.
pub fn quotient(graph: &mut Graph, above: Split, below: Split) -> Option<Split> {
    let factor = above.factor.over(&below.factor)?;
    if factor.is_zero() && above.rest.is_none() {
        return None;
    }
    let rest = match (above.rest, below.rest) {
        (rest, None) => rest,
        (None, Some(below)) => {
            let one = graph.integer(1);
            // 1/B stands for what a lone number is divided by, so that the number can be split off it again.
            Some(graph.apply(Div, &[one, below]).ok()?)
        }
        (Some(above), Some(below)) => Some(graph.apply(Div, &[above, below]).ok()?),
    };
    Some(Split { factor, rest })
}

/// `factor * rest` in its best form: a minus sign outside, then the number, then what it multiplies; in a quotient the
/// number stands above or below the line.
pub fn scaled(graph: &mut Graph, factor: &Constant, rest: Option<NodeId>) -> Option<NodeId> {
    let Some(rest) = rest else { return factor.node(graph) };
    if factor.is_one() {
        return Some(rest);
    }
    if factor.is_negative() {
        let positive = scaled(graph, &factor.negated(), Some(rest))?;
        return graph.apply(Neg, &[positive]).ok();
    }
    if !factor.is_zero() && ends_within(graph, rest, DEPTH) {
        return in_front(graph, factor, rest);
    }
    let factor = factor.node(graph)?;
    graph.apply(Scale, &[factor, rest]).ok()
}

/// Whether the place for a number in front is that near.
pub fn ends_within(graph: &Graph, id: NodeId, depth: usize) -> bool {
    let nearer = |id: NodeId| depth > 0 && ends_within(graph, id, depth - 1);
    match (of(graph, id, Scale), of(graph, id, Div)) {
        (Some([scalar, _]), _) => nearer(scalar),
        (None, Some([above, below])) => nearer(above) && nearer(below),
        (None, None) => true,
    }
}

fn in_front(graph: &mut Graph, factor: &Constant, rest: NodeId) -> Option<NodeId> {
    if let Some([scalar, operand]) = of(graph, rest, Scale) {
        let scalar = in_front(graph, factor, scalar)?;
        return graph.apply(Scale, &[scalar, operand]).ok();
    }
    if let Some([above, below]) = of(graph, rest, Div)
        && let Some((above, below)) = across(graph, factor, above, below)
    {
        return graph.apply(Div, &[above, below]).ok();
    }
    let factor = factor.node(graph)?;
    graph.apply(Scale, &[factor, rest]).ok()
}

/// The number above or below the line: `2*A / B`, `A / (2*B)`, `2 / (N*B)`; `None` where it stands better in front of
/// the fraction.
fn across(graph: &mut Graph, factor: &Constant, above: NodeId, below: NodeId) -> Option<(NodeId, NodeId)> {
    if let Some(above) = Constant::of(graph, above) {
        let below = split(graph, below);
        let factor = factor.times(&above)?.over(&below.factor)?;
        if below.rest.is_some_and(|below| of::<2>(graph, below, Div).is_some()) {
            return Some((factor.node(graph)?, below.rest?));
        }
        let below = scaled(graph, &factor.denominator(), below.rest)?;
        return Some((factor.numerator().node(graph)?, below));
    }
    if factor.is_integer() {
        return Some((in_front(graph, factor, above)?, below));
    }
    let reciprocal = Constant::one().over(factor).filter(Constant::is_integer)?;
    Some((above, in_front(graph, &reciprocal, below)?))
}
