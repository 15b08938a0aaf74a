//! Quotients: their numbers, and divisors that go outside.

use super::Rewrite;
use super::constant::Constant;
use super::factor::{quotient, scaled, split};
use super::patterns::{as_exact, of};
use crate::graph::{Graph, Kind, NodeId};
use crate::ops::{Add, Div, Hadamard, MatMul, Neg, Op, Pow, Scale, Sub};

pub static ROWS: &[Rewrite] = &[
    Rewrite {
        name: "division-by-a-number",
        title: "dividing by a number is multiplying by its reciprocal",
        apply: division_by_a_number,
    },
    Rewrite {
        name: "numbers-in-a-quotient",
        title: "the numbers of a quotient are reduced",
        apply: numbers_in_a_quotient,
    },
    Rewrite { name: "quotient-of-a-quotient", title: "(a/b)/c = a/(b c)", apply: quotient_of_a_quotient },
    Rewrite {
        name: "factor-above-and-below",
        title: "a factor that stands above and below the line is cancelled",
        apply: factor_above_and_below,
    },
    Rewrite { name: "quotient-by-a-quotient", title: "A/(B/C) = (A ⊙ C)/B", apply: quotient_by_a_quotient },
    Rewrite { name: "divided-by-itself", title: "A/A is 1 in each entry", apply: divided_by_itself },
    Rewrite {
        name: "common-factor-of-a-quotient",
        title: "a factor that stands above and below the line is cancelled, up to its sign",
        apply: common_factor_of_a_quotient,
    },
    Rewrite { name: "one-denominator", title: "p/(u + k) - p u/(u + k)^2 = p k/(u + k)^2", apply: one_denominator },
    Rewrite { name: "times-a-reciprocal", title: "multiplying by a reciprocal is dividing", apply: times_a_reciprocal },
    Rewrite {
        name: "divisor-outside",
        title: "a scalar divisor inside a product, a sum or a transpose divides the whole",
        apply: divisor_outside,
    },
];

fn division_by_a_number(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [above, below] = of(graph, id, Div)?;
    let divisor = Constant::of(graph, below)?;
    let above = split(graph, above);
    scaled(graph, &above.factor.over(&divisor)?, above.rest)
}

fn numbers_in_a_quotient(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [above, below] = of(graph, id, Div)?;
    let (above, below) = (split(graph, above), split(graph, below));
    if above.factor.is_one() && below.factor.is_one() {
        return None;
    }
    let whole = quotient(graph, above, below)?;
    scaled(graph, &whole.factor, whole.rest)
}

fn quotient_of_a_quotient(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [above, last] = of(graph, id, Div)?;
    let [above, first] = of(graph, above, Div)?;
    if !graph.shape(first).is_scalar() || !graph.shape(last).is_scalar() {
        return None;
    }
    let divisor = graph.apply(Scale, &[first, last]).ok()?;
    graph.apply(Div, &[above, divisor]).ok()
}

/// More factors than this are not looked through.
const FACTORS: usize = 8;

/// `(2 * s * A) / s`: what is cancelled was 0/0 at most, and the derivative of `norm(A)^2` is one where `A` is 0 too.
fn factor_above_and_below(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [above, divisor] = of(graph, id, Div)?;
    let whole = graph.shape(id).clone();
    without(graph, above, divisor, FACTORS).filter(|rest| *graph.shape(*rest) == whole)
}

/// Entry by entry, of matrices of one shape.
fn quotient_by_a_quotient(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [above, fraction] = of(graph, id, Div)?;
    let [below, last] = of(graph, fraction, Div)?;
    let shape = graph.shape(id).clone();
    if shape.is_scalar() || [above, below, last].iter().any(|part| *graph.shape(*part) != shape) {
        return None;
    }
    let product = graph.apply(Hadamard, &[above, last]).ok()?;
    graph.apply(Div, &[product, below]).ok()
}

/// What is cancelled was 0/0 at most, as above.
fn divided_by_itself(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [above, below] = of(graph, id, Div)?;
    let shape = graph.shape(id).clone();
    (above == below && !shape.is_scalar()).then(|| graph.ones(shape))
}

/// `(c * s * A) / (t * s)` and `A * (z - y) / (x * (y - z))`, with scalars below.
fn common_factor_of_a_quotient(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [above, below] = of(graph, id, Div)?;
    if !graph.shape(below).is_scalar() {
        return None;
    }
    let mut factors = Vec::new();
    scalar_factors(graph, below, FACTORS, &mut factors);
    let shape = graph.shape(id).clone();
    factors.into_iter().find_map(|factor| {
        let rest_below = rest_of(graph, below, factor)?;
        let opposite = of::<2>(graph, factor, Sub).and_then(|[left, right]| graph.apply(Sub, &[right, left]).ok());
        let (rest, opposite) = match (rest_of(graph, above, factor), opposite) {
            (Some(rest), _) => (rest, false),
            (None, Some(opposite)) => (rest_of(graph, above, opposite)?, true),
            (None, None) => return None,
        };
        let quotient = graph.apply(Div, &[rest, rest_below]).ok()?;
        let signed = if opposite { graph.apply(Neg, &[quotient]).ok()? } else { quotient };
        (*graph.shape(signed) == shape).then_some(signed)
    })
}

/// The bases of a product of scalars, numbers left out.
fn scalar_factors(graph: &Graph, id: NodeId, depth: usize, factors: &mut Vec<NodeId>) {
    match (of::<2>(graph, id, Scale), of::<2>(graph, id, Pow), depth) {
        (Some(parts), _, 1..) => parts.into_iter().for_each(|part| scalar_factors(graph, part, depth - 1, factors)),
        (None, Some([base, _]), _) => factors.push(base),
        _ if Constant::of(graph, id).is_none() => factors.push(id),
        _ => {}
    }
}

/// As [`without`]; of a scalar that is the factor itself 1 is left.
fn rest_of(graph: &mut Graph, product: NodeId, factor: NodeId) -> Option<NodeId> {
    if product == factor {
        return Some(graph.integer(1));
    }
    without(graph, product, factor, FACTORS)
}

/// What the quotient rule gives of `p u/(u + k)`, where the two fractions are one: `p k/(u + k)^2`.
fn one_denominator(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Sub)?;
    let ([above, below], [product, square]) = (of(graph, left, Div)?, of(graph, right, Div)?);
    let [base, exponent] = of(graph, square, Pow)?;
    let [u, k] = of(graph, below, Add)?;
    let scalars = [above, product, u, k].iter().all(|part| graph.shape(*part).is_scalar());
    if base != below || !super::patterns::is_integer(graph, exponent, 2) || !scalars {
        return None;
    }
    let (p, whole) = (split(graph, above), split(graph, product));
    let mut is_times = |part: NodeId| {
        let part = split(graph, part);
        let rest = match (p.rest, part.rest) {
            (None, rest) => rest,
            (Some(rest), None) => Some(rest),
            (Some(p), Some(part)) => Some(graph.apply(Scale, &[p, part]).ok()?),
        };
        let factor = p.factor.times(&part.factor)?;
        (factor == whole.factor && (rest == whole.rest || swapped(graph, rest?, whole.rest?))).then_some(())
    };
    let left_over = if is_times(u).is_some() { k } else { is_times(k).map(|()| u)? };
    let above = graph.apply(Scale, &[above, left_over]).ok()?;
    graph.apply(Div, &[above, square]).ok()
}

/// Whether two products have the same two factors.
fn swapped(graph: &Graph, one: NodeId, other: NodeId) -> bool {
    let parts = of::<2>(graph, one, Scale).zip(of::<2>(graph, other, Scale));
    parts.is_some_and(|([a, b], [c, d])| (a, b) == (d, c))
}

/// A product without one of its factors; `None` if it is not one of them.
fn without(graph: &mut Graph, product: NodeId, factor: NodeId, depth: usize) -> Option<NodeId> {
    if let Some([base, exponent]) = of(graph, product, Pow)
        && base == factor
    {
        let power = as_exact(graph, exponent)?.to_integer().filter(|power| *power > 1)?;
        let lowered = graph.integer(power - 1);
        return graph.apply(Pow, &[base, lowered]).ok();
    }
    let (op, [left, right]) = match (of(graph, product, Scale), of(graph, product, Hadamard)) {
        (Some(parts), _) => (Op::from(Scale), parts),
        (None, Some(parts)) => (Op::from(Hadamard), parts),
        (None, None) => return None,
    };
    match (left == factor, right == factor) {
        (true, _) => return Some(right),
        (false, true) => return Some(left),
        (false, false) => {}
    }
    let depth = depth.checked_sub(1)?;
    if let Some(rest) = without(graph, left, factor, depth) {
        return graph.apply(op, &[rest, right]).ok();
    }
    let rest = without(graph, right, factor, depth)?;
    graph.apply(op, &[left, rest]).ok()
}

/// `(3 ./ B) .* A`
fn times_a_reciprocal(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Hadamard)?;
    [(left, right), (right, left)].into_iter().find_map(|(fraction, other)| {
        let [number, divisor] = of(graph, fraction, Div)?;
        Constant::of(graph, number)?;
        let above = graph.apply(Scale, &[number, other]).ok()?;
        graph.apply(Div, &[above, divisor]).ok()
    })
}

fn divisor_outside(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let Kind::Apply(op, operands) = graph.kind(id) else { return None };
    if !matches!(op, Op::Scale(Scale) | Op::MatMul(MatMul) | Op::Hadamard(Hadamard) | Op::Sum(_) | Op::Transpose(_)) {
        return None;
    }
    if Constant::of(graph, operands[0]).is_some() {
        // A number is put in its place by its own rows.
        return None;
    }
    let (op, mut operands) = (op.clone(), operands.clone());
    let (place, [above, divisor]) = operands.iter().enumerate().find_map(|(place, operand)| {
        let parts: [NodeId; 2] = of(graph, *operand, Div)?;
        (graph.shape(parts[1]).is_scalar() && Constant::of(graph, parts[1]).is_none()).then_some((place, parts))
    })?;
    operands[place] = above;
    let whole = graph.apply(op, &operands).ok()?;
    graph.apply(Div, &[whole, divisor]).ok()
}
