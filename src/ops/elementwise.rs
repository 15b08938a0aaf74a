//! What the operators that act entry by entry share.

use super::{Law, Mistake, Rule, ShapeError, Term, ValueError};
use crate::number::{Number, NumberError};
use crate::scalar::{Function, Scalar};
use crate::shape::Shape;
use crate::tensor::{Tensor, indices};

/// The two facts of an operator that has no options.
macro_rules! without_options {
    () => {
        fn build(_: &mut Options) -> Result<Self, OptionError> {
            Ok(Self)
        }

        fn options(&self) -> Vec<(&'static str, String)> {
            Vec::new()
        }
    };
}

/// The facts that a function of each entry of one operand has whatever the function: the operand's shape, nothing
/// to fuse with, and an explanation by its own formula.
macro_rules! of_each_entry {
    () => {
        fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
            Ok(operands[0].clone())
        }

        form::fused_with_nothing!();

        form::called_by_name!();

        form::explained_by_its_formula!();
    };
}

pub(super) use {of_each_entry, without_options};

/// The result's shape of two operands that broadcast.
pub fn broadcast(sign: &str, operands: &[Shape]) -> Result<Shape, ShapeError> {
    let (left, right) = (&operands[0], &operands[1]);
    left.broadcast(right).ok_or_else(|| {
        let error = ShapeError::new(format!(
            "`{sign}` needs equal shapes, a scalar, or one row or column that is repeated along the other operand"
        ));
        match right.transposed().filter(|turned| left.broadcast(turned).is_some()) {
            Some(turned) => error.hint(format!("the transpose of the right operand has shape {turned} and would fit")),
            None => error,
        }
    })
}

/// A function of each entry.
pub fn map<S: Scalar>(
    operand: &Tensor<S>,
    mut entry: impl FnMut(&S) -> Result<S, NumberError>,
) -> Result<Tensor<S>, ValueError> {
    operand.try_map(&mut entry).map_err(|cause| {
        // Found again only after an error, so that the common way pays nothing for the place.
        let place = indices(operand.extents()).find(|index| entry(operand.at(index)).is_err());
        ValueError { cause, entry: place.unwrap_or_default() }
    })
}

/// A function that leaves the rationals, except at 0 where its value is known exactly.
pub fn transcendental<S: Scalar>(
    operand: &Tensor<S>,
    at_zero: Number,
    function: Function,
) -> Result<Tensor<S>, ValueError> {
    let at_zero = S::from_number(&at_zero);
    map(operand, |entry| match entry.is_exact() && entry.is_zero() {
        true => Ok(at_zero.clone()),
        false => entry.transcendental(function),
    })
}

/// The natural logarithm; of 1 it is exact.
pub fn logarithm<S: Scalar>(entry: &S) -> Result<S, NumberError> {
    match () {
        () if !entry.is_positive() => S::undefined(NumberError::Domain),
        () if entry.is_exact() && entry.is_one() => Ok(S::zero()),
        () => entry.transcendental(Function::Ln),
    }
}

/// The rule of a function of each entry from its derivative.
pub fn rule(derivative: Term, shape: &Shape, law: &'static Law) -> Vec<Rule> {
    vec![Rule { term: Term::Upstream.times(shape, derivative, shape), law }]
}

/// The mistakes of taking something else for the derivative of a function of each entry.
pub fn slips<const N: usize>(shape: &Shape, derivatives: [(&'static str, Term); N]) -> Vec<Mistake> {
    let gradient = |(name, derivative)| Mistake::gradient(name, 0, Term::Upstream.times(shape, derivative, shape));
    std::iter::once(Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream))
        .chain(derivatives.into_iter().map(gradient))
        .collect()
}

/// The place of the operand's entry that broadcasting puts at an entry of the result.
pub fn place<S: Scalar>(operand: &Tensor<S>, entry: &[usize]) -> Vec<usize> {
    operand.extents().iter().zip(entry).map(|(extent, place)| if *extent == 1 { 0 } else { *place }).collect()
}

/// A function of two entries, with broadcasting.
pub fn zip<S: Scalar>(
    operands: &[&Tensor<S>],
    mut entry: impl FnMut(&S, &S) -> Result<S, NumberError>,
) -> Result<Tensor<S>, ValueError> {
    let (left, right) = (operands[0], operands[1]);
    left.try_zip(right, |a, b| entry(a, b)).map_err(|cause| {
        let extents = if left.size() >= right.size() { left.extents() } else { right.extents() };
        let place = indices(extents).find(|index| entry(left.repeated_at(index), right.repeated_at(index)).is_err());
        ValueError { cause, entry: place.unwrap_or_default() }
    })
}

/// The gradient of a broadcasting operator: `upstream` times the local derivative, summed back to the operand.
pub fn chained(local: Term, local_shape: &Shape, result: &Shape, operand: &Shape) -> Term {
    Term::Upstream.times(result, local, local_shape).sum_to(result, operand)
}

/// The mistake of leaving out the sum over the axes along which an operand was repeated (a bias: over the batch),
/// and of taking a mean for it; `local` is the gradient before the sum.
pub fn unsummed(operands: &[Shape], local: impl Fn(usize) -> Term) -> Vec<Mistake> {
    let Some(result) = operands[0].broadcast(&operands[1]) else { return Vec::new() };
    let repeated = operands.iter().enumerate().filter(|(_, operand)| **operand != result);
    repeated
        .flat_map(|(place, operand)| {
            let copies = result.size_over(operand);
            let mean = Term::integer(1).over(Term::Size(copies)).scale(local(place).sum_to(&result, operand));
            [
                Mistake::gradient(Mistake::NOT_SUMMED_OVER_BATCH, place, local(place)),
                Mistake::gradient(Mistake::MEAN_FOR_SUM, place, mean),
            ]
        })
        .collect()
}
