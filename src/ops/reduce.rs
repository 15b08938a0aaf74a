//! What the operators that fold an axis share: sums, means, maxima, norms.

use super::{OptionError, Options, ShapeError};
use crate::scalar::Scalar;
use crate::shape::{Dim, Shape};
use crate::tensor::Tensor;

/// The axis of a call; without one, everything is folded into a scalar.
pub fn axis(options: &mut Options) -> Result<Option<usize>, OptionError> {
    options.axis()
}

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

/// The largest of a line's entries (a line is never empty: no side is 0).
pub fn largest<S: Scalar>(line: &[&S]) -> S {
    let first = line[0].clone();
    line[1..].iter().fold(first, |top, entry| if entry.order(&top).is_gt() { (*entry).clone() } else { top })
}
