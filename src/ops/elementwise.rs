//! What the operators that act entry by entry share.

use super::{Mistake, ShapeError, Term, ValueError};
use crate::number::NumberError;
use crate::scalar::Scalar;
use crate::shape::Shape;
use crate::tensor::{Tensor, indices};

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
    Tensor::try_from_fn(operand.extents(), |index| {
        entry(operand.at(index)).map_err(|cause| ValueError { cause, entry: index.to_vec() })
    })
}

/// A function of two entries, with broadcasting.
pub fn zip<S: Scalar>(
    operands: &[&Tensor<S>],
    mut entry: impl FnMut(&S, &S) -> Result<S, NumberError>,
) -> Result<Tensor<S>, ValueError> {
    let (left, right) = (operands[0], operands[1]);
    left.try_zip(right, |a, b| entry(a, b)).map_err(|cause| {
        // Found again only after an error, so that the common way pays nothing for the place.
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
                Mistake::gradient("not-summed-over-batch", place, local(place)),
                Mistake::gradient("mean-for-sum", place, mean),
            ]
        })
        .collect()
}
