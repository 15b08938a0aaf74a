//! What stands above and below a fraction cancels, where all of it is multiplied out.

use super::{Expander, Factor, Poly, Product, What};
use crate::number::Number;
use std::collections::BTreeSet;

/// So often is a form multiplied by what stands below.
const DIVISORS: usize = 4;

/// The form with sums below fractions divided out as far as they divide; `None` where nothing cancels.
pub fn cancelled(expander: &mut Expander, poly: &Poly) -> Option<Poly> {
    let (mut poly, mut any) = (poly.clone(), false);
    for _ in 0..DIVISORS {
        let below = poly.terms.keys().flat_map(|product| &product.0).find_map(|(factor, power)| match &factor.what {
            What::Sum(of) if *power < 0 => Some((factor.clone(), (**of).clone())),
            _ => None,
        });
        let Some((factor, of)) = below else { break };
        let power = |product: &Product| product.0.get(&factor).copied().unwrap_or(0);
        let least = poly.terms.keys().map(power).min()?;
        let mut above = Poly::zero(poly.sides.clone());
        for (product, coefficient) in &poly.terms {
            let rest = product.times(&Product::of(factor.clone()).raised(-power(product)));
            let times = expander.power(&of, power(product) - least)?;
            let term = Poly::of(poly.sides.clone(), rest, coefficient.0.clone());
            above = above.plus(&term.times(&times), &Number::integer(1));
        }
        let mut left = -least;
        while left > 0 {
            let Some(quotient) = quotient(&above, &of) else { break };
            (above, left, any) = (quotient, left - 1, true);
        }
        if left > 0 {
            return None;
        }
        poly = above;
    }
    any.then_some(poly)
}

/// The quotient of two forms where the division leaves nothing: by leading terms, in the lexicographic order.
fn quotient(above: &Poly, below: &Poly) -> Option<Poly> {
    let factors: BTreeSet<&Factor> =
        above.terms.keys().chain(below.terms.keys()).flat_map(|own| own.0.keys()).collect();
    let powers = |product: &Product| -> Vec<i64> {
        factors.iter().map(|factor| product.0.get(factor).copied().unwrap_or(0)).collect()
    };
    let leading = |poly: &Poly| {
        let first = poly.terms.iter().max_by_key(|(product, _)| powers(product));
        first.map(|(product, own)| (product.clone(), own.0.clone()))
    };
    let (divisor, number) = leading(below)?;
    let (mut rest, mut quotient) = (above.clone(), Poly::zero(above.sides.clone()));
    for _ in 0..above.terms.len() * below.terms.len() {
        let Some((product, own)) = leading(&rest) else { return Some(quotient) };
        let term = product.times(&divisor.raised(-1));
        if divisor.0.keys().any(|factor| {
            term.0.get(factor).is_some_and(|power| *power < 0 && product.0.get(factor).is_none_or(|own| *own >= 0))
        }) {
            return None;
        }
        let own = own.checked_div(&number).ok()?;
        let sides = rest.sides.clone();
        rest = rest.plus(&Poly::of(sides, term.clone(), own.clone()).times(below), &Number::integer(-1));
        rest.sides = above.sides.clone();
        quotient.add(term, own);
    }
    rest.is_zero().then_some(quotient)
}
