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

/// The notation and the code of an operator between two operands: `of_two!(plus, plus)`.
macro_rules! of_two {
    ($notation:ident, $code:ident) => {
        fn notation(&self, operands: Vec<Math>) -> Math {
            let [left, right] = form::two(operands);
            left.$notation(right)
        }

        fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
            let [left, right] = code::two(operands);
            left.$code(right)
        }
    };
}

/// No gradient goes through it and the operator that made its operand in one step.
macro_rules! fused_with_nothing {
    () => {
        fn fusions(&self, _: &[Shape]) -> Vec<Fusion> {
            Vec::new()
        }
    };
}

/// A document shows the value, and numbers put in its formula explain it.
macro_rules! explained_by_its_formula {
    () => {
        fn exhibit(&self) -> Exhibit {
            Exhibit::Value
        }

        fn account<S: Scalar>(&self, _: &[&Tensor<S>], _: &[usize]) -> Account<S> {
            Account::Formula
        }
    };
}

/// A document shows the value, and no entry has an explanation of its own.
macro_rules! explained_as_a_whole {
    () => {
        fn exhibit(&self) -> Exhibit {
            Exhibit::Value
        }

        fn account<S: Scalar>(&self, _: &[&Tensor<S>], _: &[usize]) -> Account<S> {
            Account::Whole
        }
    };
}

pub(super) use {
    called_by_name, explained_as_a_whole, explained_by_its_formula, fused_with_nothing, nothing_else_possible, of_two,
    written_with_signs,
};
