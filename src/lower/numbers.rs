//! Numbers as they are written, and what goes wrong where they are computed with.

use crate::diagnostic::Diagnostic;
use crate::limits::EXACT_BITS;
use crate::number::{Number, NumberError};
use crate::span::Span;
use crate::syntax::ast::BinaryOp;

/// A number of the file, exact; it must also have a place among the doubles.
pub fn read_number(text: &str, span: Span) -> Result<Number, Diagnostic> {
    let number = Number::parse(text).map_err(|cause| no_number(cause, span))?;
    let double = number.to_f64();
    let vanished = double == 0.0 && number != Number::integer(0);
    match double.is_finite() && !vanished {
        true => Ok(number),
        false => Err(Diagnostic::error("E-big", format!("`{text}` is outside of the range of numbers"))
            .at(span, if vanished { "too small" } else { "too large" })
            .help("numbers lie between 1e-307 and 1e307 in size")),
    }
}

/// The exact value of an operation on two numbers.
pub fn arithmetic(op: BinaryOp, a: &Number, b: &Number) -> Result<Number, NumberError> {
    match op {
        BinaryOp::Add => Ok(a + b),
        BinaryOp::Sub => Ok(a - b),
        BinaryOp::Mul | BinaryOp::ElementwiseMul => Ok(a * b),
        BinaryOp::Div | BinaryOp::ElementwiseDiv => a.checked_div(b),
        BinaryOp::Pow | BinaryOp::ElementwisePow => a.pow(b),
    }
}

/// What is wrong with a number that numbers were to give.
pub fn no_number(cause: NumberError, span: Span) -> Diagnostic {
    let (code, message, label) = match cause {
        NumberError::Malformed => ("E-number", "this is not a number".to_string(), "not a finite decimal".to_string()),
        NumberError::TooBig(bits) => {
            let label = format!("numbers have at most {EXACT_BITS} bits");
            ("E-big", format!("this number would have about {bits} bits"), label)
        }
        NumberError::DivisionByZero => ("E-value", "division by zero".to_string(), "the divisor is 0".to_string()),
        NumberError::Singular => {
            ("E-value", "a singular matrix has no inverse".to_string(), "not defined here".to_string())
        }
        NumberError::Domain => ("E-value", "this has no real value".to_string(), "not defined here".to_string()),
    };
    Diagnostic::error(code, message).at(span, label)
}
