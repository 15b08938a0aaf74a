//! What the operators that fold an axis share: sums, means, maxima, norms.

use super::{Mistake, Op, ShapeError, Term, ValueError};
use crate::number::NumberError;
use crate::scalar::Scalar;
use crate::shape::{Dim, Shape};
use crate::tensor::{Tensor, indices};
use std::cmp::Ordering;

/// The options of an operator that folds along one axis, or everything.
macro_rules! along_an_axis {
    () => {
        fn build(options: &mut Options) -> Result<Self, OptionError> {
            Ok(Self { axis: options.axis()? })
        }

        fn options(&self) -> Vec<(&'static str, String)> {
            reduce::axis_option(self.axis)
        }
    };
}

pub(super) use along_an_axis;

/// The shape after folding: a scalar, or the same rank with a side of 1.
pub fn shape(name: &str, axis: Option<usize>, operand: &Shape) -> Result<Shape, ShapeError> {
    let Some(axis) = axis else { return Ok(Shape::scalar()) };
    let mut sides = operand.0.clone();
    let side = sides.get_mut(axis).ok_or_else(|| {
        ShapeError::new(format!("`{name}` along axis {axis} needs an operand with at least {} axes", axis + 1))
    })?;
    *side = Dim::one();
    Ok(Shape(sides))
}

/// The option as the language writes it, of an operator that acts along axis 1 unless told.
pub fn own_axis_option(axis: usize) -> Vec<(&'static str, String)> {
    axis_option((axis != 1).then_some(axis))
}

/// How many entries are folded into one.
pub fn count(axis: Option<usize>, operand: &Shape) -> Dim {
    axis.map_or_else(|| operand.size(), |axis| operand.0[axis].clone())
}

/// The option as the language writes it.
pub fn axis_option(axis: Option<usize>) -> Vec<(&'static str, String)> {
    axis.map(|axis| ("axis", axis.to_string())).into_iter().collect()
}

/// The entries that are folded into one entry of the result.
pub fn line<S: Scalar>(operand: &Tensor<S>, axis: Option<usize>, entry: &[usize]) -> Vec<S> {
    let Some(axis) = axis else { return operand.entries().cloned().collect() };
    let mut place = entry.to_vec();
    (0..operand.extents()[axis])
        .map(|along| {
            place[axis] = along;
            operand.at(&place).clone()
        })
        .collect()
}

/// Folds an axis, or everything into a scalar.
pub fn fold<S: Scalar>(
    operand: &Tensor<S>,
    axis: Option<usize>,
    mut line: impl FnMut(&[&S]) -> Result<S, NumberError>,
) -> Result<Tensor<S>, ValueError> {
    match axis {
        None => Ok(Tensor::scalar(line(&operand.entries().collect::<Vec<_>>())?)),
        Some(axis) => Ok(operand.fold_axis(axis, line)?),
    }
}

/// The indices in the operand of what is folded into one entry of the result, in row-major order.
pub fn places<S: Scalar>(operand: &Tensor<S>, axis: Option<usize>, entry: &[usize]) -> Vec<Vec<usize>> {
    let Some(axis) = axis else { return indices(operand.extents()).collect() };
    let along = |place: usize| {
        let mut index = entry.to_vec();
        index[axis] = place;
        index
    };
    (0..operand.extents()[axis]).map(along).collect()
}

/// The place in a line of the first entry that stands `wanted` to every other: the first largest, or smallest.
pub fn first_extreme<S: Scalar>(line: &[&S], wanted: Ordering) -> usize {
    (1..line.len()).fold(0, |best, place| if line[place].order(line[best]) == wanted { place } else { best })
}

/// A loss from its terms: their sum, or their mean.
pub fn loss<S: Scalar>(terms: Tensor<S>, mean: bool) -> Result<Tensor<S>, ValueError> {
    let divisor = if mean { terms.size() as i64 } else { 1 };
    Ok(Tensor::scalar(terms.total().checked_div(&S::from_integer(divisor))?))
}

/// The gradient with respect to a loss, divided by the number of its terms if it is their mean.
pub fn share(mean: bool, terms: &Shape) -> Term {
    if mean { Term::Upstream.over(Term::Size(terms.size())) } else { Term::Upstream }
}

/// The mistake of folding a matrix along the other axis.
pub fn wrong_axis<O: Into<Op>>(
    axis: Option<usize>,
    operand: &Shape,
    along: impl Fn(Option<usize>) -> O,
) -> Option<Mistake> {
    let other = axis.filter(|axis| operand.rank() == 2 && *axis < 2).map(|axis| 1 - axis)?;
    Some(Mistake::forward(Mistake::WRONG_AXIS, along(Some(other))))
}

/// The largest of a line's entries (a line is never empty: no side is 0).
pub fn largest<S: Scalar>(line: &[&S]) -> S {
    let first = line[0].clone();
    line[1..].iter().fold(first, |top, entry| if entry.order(&top).is_gt() { (*entry).clone() } else { top })
}
