//! What the operators' notations share.

use crate::math::Math;

/// `head(operands, option = value)`
pub fn call(head: Math, operands: Vec<Math>, options: Vec<(&'static str, String)>) -> Math {
    Math::Call { head: Box::new(head), arguments: operands, options }
}

/// The only operand.
pub fn one(mut operands: Vec<Math>) -> Math {
    operands.truncate(1);
    operands.pop().unwrap_or_else(missing)
}

/// Both operands.
pub fn two(mut operands: Vec<Math>) -> [Math; 2] {
    operands.truncate(2);
    let (right, left) = (operands.pop(), operands.pop());
    [left, right].map(|operand| operand.unwrap_or_else(missing))
}

/// An operand that no shape rule let through.
fn missing() -> Math {
    Math::name("?")
}

/// The problem language calls the operator by its name.
macro_rules! called_by_name {
    () => {
        fn called(&self) -> Option<&'static str> {
            Some(Self::REFERENCE.name)
        }
    };
}

/// The problem language writes the operator as mathematics does.
macro_rules! written_with_signs {
    () => {
        fn called(&self) -> Option<&'static str> {
            None
        }
    };
}

/// There is nothing that a course could define otherwise and a key has to say.
macro_rules! nothing_else_possible {
    () => {
        fn convention(&self) -> Option<Cow<'static, str>> {
            None
        }
    };
}

pub(super) use {called_by_name, nothing_else_possible, written_with_signs};
