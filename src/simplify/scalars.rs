//! Numbers and scalars: worked out, multiplied, and put in front.

use super::Rewrite;
use super::constant::Constant;
use super::factor::{Split, ends_within, scaled, split};
use super::patterns::{as_additive, as_exact, as_ones, is_integer, is_total, of};
use crate::graph::{Graph, NodeId};
use crate::ops::{Hadamard, Neg, Op, Pow, Scale, Sqrt};

pub static ROWS: &[Rewrite] = &[
    Rewrite { name: "arithmetic", title: "the numbers are worked out", apply: arithmetic },
    Rewrite { name: "factor-one", title: "1 · A = A", apply: factor_one },
    Rewrite { name: "factor-zero", title: "0 · A is zero", apply: factor_zero },
    Rewrite {
        name: "numbers-in-front",
        title: "the numbers of a product are multiplied and stand in front",
        apply: numbers_in_front,
    },
    Rewrite { name: "scalars-together", title: "scalar factors stand together in front", apply: scalars_together },
    Rewrite {
        name: "entrywise-by-a-scalar",
        title: "multiplying each entry by a scalar is a scalar multiple",
        apply: entrywise_by_a_scalar,
    },
    Rewrite {
        name: "scalars-in-order",
        title: "the factors of a product stand in the order in which they are given",
        apply: scalars_in_order,
    },
    Rewrite { name: "first-power", title: "A to the power 1 is A", apply: first_power },
    Rewrite { name: "zeroth-power", title: "A to the power 0 is 1", apply: zeroth_power },
    Rewrite {
        name: "like-powers",
        title: "powers of one scalar are multiplied by adding the exponents",
        apply: like_powers,
    },
    Rewrite {
        name: "like-powers-entry-by-entry",
        title: "powers of one matrix are multiplied entry by entry by adding the exponents",
        apply: like_powers_entrywise,
    },
    Rewrite {
        name: "power-of-a-power",
        title: "the exponents of a power of a power are multiplied",
        apply: power_of_a_power,
    },
    Rewrite {
        name: "power-of-a-root",
        title: "the square of a square root is what stands under it",
        apply: power_of_a_root,
    },
    Rewrite { name: "even-power", title: "an even power does not see the sign", apply: even_power },
];

fn arithmetic(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    if let Some(value) = Constant::of(graph, id) {
        return value.node(graph).filter(|written| *written != id);
    }
    if let Some((op, [left, right])) = as_additive(graph, id) {
        let (left, right) = (Constant::of(graph, left)?, Constant::of(graph, right)?);
        return left.plus(&if matches!(op, Op::Sub(_)) { right.negated() } else { right })?.node(graph);
    }
    if let Some([left, right]) = of(graph, id, Hadamard) {
        return Constant::of(graph, left)?.times(&Constant::of(graph, right)?)?.node(graph);
    }
    let [base, exponent] = of(graph, id, Pow)?;
    let power = as_exact(graph, base)?.pow(as_exact(graph, exponent)?).ok()?;
    power.is_exact().then(|| graph.number(power))
}

fn factor_one(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [factor, operand] = of(graph, id, Scale)?;
    is_integer(graph, factor, 1).then_some(operand)
}

/// Nothing is said of what has no value somewhere: 0 · ln x.
fn factor_zero(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [factor, operand] = of(graph, id, Scale)?;
    if !is_integer(graph, factor, 0) || !is_total(graph, operand) {
        return None;
    }
    let shape = graph.shape(operand).clone();
    let ones = graph.ones(shape.clone());
    if shape.is_scalar() { Some(factor) } else { graph.apply(Scale, &[factor, ones]).ok() }
}

fn numbers_in_front(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Scale)?;
    let (left, right) = (split(graph, left), split(graph, right));
    let bare = |split: &Split| split.factor.is_one() && split.rest.is_some();
    if bare(&left) && bare(&right) {
        return None;
    }
    let rest = match (left.rest, right.rest) {
        (Some(left), Some(right)) => Some(graph.apply(Scale, &[left, right]).ok()?),
        (rest, None) | (None, rest) => rest,
    };
    let factor = left.factor.times(&right.factor)?;
    scaled(graph, &factor, rest)
}

fn scalars_together(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [first, product] = of(graph, id, Scale)?;
    let [second, operand] = of(graph, product, Scale)?;
    // Short chains only: a long one would cost its length at each of its factors.
    let long = graph.shape(operand).is_scalar() && !ends_within(graph, second, 6);
    if long || Constant::of(graph, first).is_some() {
        return None;
    }
    let scalars = graph.apply(Scale, &[first, second]).ok()?;
    graph.apply(Scale, &[scalars, operand]).ok()
}

fn entrywise_by_a_scalar(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Hadamard)?;
    match (graph.shape(left).is_scalar(), graph.shape(right).is_scalar()) {
        (true, _) => graph.apply(Scale, &[left, right]).ok(),
        (false, true) => graph.apply(Scale, &[right, left]).ok(),
        (false, false) => None,
    }
}

fn first_power(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [base, exponent] = of(graph, id, Pow)?;
    is_integer(graph, exponent, 1).then_some(base)
}

fn zeroth_power(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [base, exponent] = of(graph, id, Pow)?;
    let shape = graph.shape(base).clone();
    (is_integer(graph, exponent, 0) && is_total(graph, base)).then(|| graph.ones(shape))
}

/// `x * x^2`, and the last two factors of a longer product of scalars.
fn like_powers(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, last] = of(graph, id, Scale)?;
    if !graph.shape(last).is_scalar() {
        return None;
    }
    let (rest, before) = match of(graph, left, Scale) {
        Some([rest, before]) => (Some(rest), before),
        None => (None, left),
    };
    let ((base, a), (other, b)) = (natural_power(graph, before), natural_power(graph, last));
    if base != other || Constant::of(graph, base).is_some() {
        return None;
    }
    let exponent = graph.integer(a.checked_add(b)?);
    let power = graph.apply(Pow, &[base, exponent]).ok()?;
    rest.map_or(Some(power), |rest| graph.apply(Scale, &[rest, power]).ok())
}

/// `A .* A^2`
fn like_powers_entrywise(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [left, right] = of(graph, id, Hadamard)?;
    // Of a longer product the last two factors.
    let (rest, before) = match of(graph, left, Hadamard) {
        Some([rest, before]) => (Some(rest), before),
        None => (None, left),
    };
    let ((base, a), (other, b)) = (natural_power(graph, before), natural_power(graph, right));
    if base != other || as_ones(graph, base).is_some() {
        return None;
    }
    let exponent = graph.integer(a.checked_add(b)?);
    let power = graph.apply(Pow, &[base, exponent]).ok()?;
    rest.map_or(Some(power), |rest| graph.apply(Hadamard, &[rest, power]).ok())
}

/// `2 w^2 y^2 x`: a product of given numbers, of the third degree or higher, in the order in which they are given.
fn scalars_in_order(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let mut factors = Vec::new();
    let (mut rest, mut number) = (id, None);
    while let Some([front, last]) = of(graph, rest, Scale) {
        factors.push((natural_power(graph, last), last));
        rest = front;
        if factors.len() > SCALARS {
            return None;
        }
    }
    match Constant::of(graph, rest) {
        Some(_) => number = Some(rest),
        None => factors.push((natural_power(graph, rest), rest)),
    }
    let given =
        |((base, _), _): &((NodeId, i64), NodeId)| graph.as_leaf(*base).is_some() && graph.shape(*base).is_scalar();
    let degree: i64 = factors.iter().map(|((_, power), _)| power).sum();
    factors.reverse();
    if degree < 3 || !factors.iter().all(given) || factors.is_sorted_by_key(|((base, _), _)| *base) {
        return None;
    }
    factors.sort_by_key(|((base, _), _)| *base);
    let mut parts = number.into_iter().chain(factors.into_iter().map(|(_, factor)| factor));
    let first = parts.next()?;
    parts.try_fold(first, |product, part| graph.apply(Scale, &[product, part]).ok())
}

/// More scalars than this are not looked through.
const SCALARS: usize = 8;

/// The node as a power with a natural exponent.
fn natural_power(graph: &Graph, id: NodeId) -> (NodeId, i64) {
    let power = of(graph, id, Pow).and_then(|[base, exponent]| Some((base, as_exact(graph, exponent)?.to_integer()?)));
    power.filter(|(_, exponent)| *exponent > 0).unwrap_or((id, 1))
}

fn power_of_a_power(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let natural = |id: NodeId| as_exact(graph, id)?.to_integer().filter(|exponent| *exponent > 0);
    let [inner, outer] = of(graph, id, Pow)?;
    let [base, exponent] = of(graph, inner, Pow)?;
    let exponent = natural(exponent)?.checked_mul(natural(outer)?)?;
    let exponent = graph.integer(exponent);
    graph.apply(Pow, &[base, exponent]).ok()
}

fn power_of_a_root(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [root, exponent] = of(graph, id, Pow)?;
    let [base] = of(graph, root, Sqrt)?;
    let exponent = as_exact(graph, exponent)?.to_integer().filter(|exponent| *exponent > 0 && exponent % 2 == 0)?;
    let exponent = graph.integer(exponent / 2);
    graph.apply(Pow, &[base, exponent]).ok()
}

fn even_power(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let [base, exponent] = of(graph, id, Pow)?;
    let [positive] = of(graph, base, Neg)?;
    let even = as_exact(graph, exponent)?.to_integer()? % 2 == 0;
    if even { graph.apply(Pow, &[positive, exponent]).ok() } else { None }
}
