//! Operators that turn a gradient back take an operand of the forward operator only to know its shape. So a
//! printed gradient holds for every size of the data: `reshape(dV, A)`, `avgpool_gradient(A, dK)`.

use super::{Law, Maths, Mistake, Rule, ShapeError, Term};
use crate::shape::Shape;

pub static SIZE_ONLY: Law = Law {
    name: Mistake::SIZE_ONLY,
    title: "Only the size counts",
    proof: Maths {
        latex: r"\text{the operand gives the result its shape, its entries are not used, so no gradient flows}",
        text: "the operand gives the result its shape, its entries are not used, so no gradient flows",
    },
};

/// The rule of an operand of which only the shape is used.
pub fn size_only() -> Rule {
    Rule { term: Term::Zero, law: &SIZE_ONLY }
}

/// An error unless the gradient has the shape of the result that it belongs to.
pub fn expect(operator: &str, result: &str, expected: &Shape, gradient: &Shape) -> Result<(), ShapeError> {
    if expected == gradient {
        return Ok(());
    }
    let rule = format!("`{operator}` needs a gradient of the shape of `{result}`, which is {expected}");
    Err(ShapeError::new(format!("{rule}; it is {gradient}")))
}
