//! The mistakes that people make with an operator, as data: the marking applies them to the right answer and sees
//! which one yields the student's.

use super::{Op, Term};

/// One mistake.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The catalogue's name: `missing-transpose`. The same mistake has the same name with every operator.
    pub name: &'static str,
    pub slip: Slip,
}

/// What was done instead of the right thing.
#[derive(Clone, Debug, PartialEq)]
pub enum Slip {
    /// Another operator, or the same with other options, on the same operands.
    Forward(Op),
    /// Another gradient with respect to the operand with this number.
    Gradient(usize, Term),
}

impl Mistake {
    pub fn forward(name: &'static str, op: impl Into<Op>) -> Mistake {
        Mistake { name, slip: Slip::Forward(op.into()) }
    }

    pub fn gradient(name: &'static str, operand: usize, term: Term) -> Mistake {
        Mistake { name, slip: Slip::Gradient(operand, term) }
    }
}
