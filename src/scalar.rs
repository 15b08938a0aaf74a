//! The kinds of entries that a tensor can have, so that each operator's evaluation is written once.

use crate::machine::{self, Sums};
use crate::number::{Number, NumberError};
use num_traits::{One, Zero};
use std::cmp::Ordering;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};
use std::fmt::Debug;
use std::ops::{AddAssign, Mul, MulAssign, Neg, Sub};

/// A function that leaves the rationals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Exp,
    Ln,
    Log2,
    Log10,
    Sin,
    Cos,
    Tanh,
    /// 1/(1 + e^-a)
    Logistic,
    /// ln(1 + e^a)
    Softplus,
    Arctan,
    Erf,
    /// The standard normal's distribution function and its density.
    NormalCdf,
    NormalPdf,
}

impl Function {
    /// Of a double; the same on every machine.
    pub fn of(self, a: f64) -> f64 {
        match self {
            Function::Exp => libm::exp(a),
            Function::Ln => libm::log(a),
            Function::Log2 => libm::log2(a),
            Function::Log10 => libm::log10(a),
            Function::Sin => libm::sin(a),
            Function::Cos => libm::cos(a),
            Function::Tanh => libm::tanh(a),
            Function::Logistic if a >= 0.0 => 1.0 / (1.0 + libm::exp(-a)),
            Function::Logistic => {
                let small = libm::exp(a);
                small / (1.0 + small)
            }
            Function::Softplus => a.max(0.0) + libm::log1p(libm::exp(-a.abs())),
            Function::Arctan => libm::atan(a),
            Function::Erf => libm::erf(a),
            Function::NormalCdf => libm::erfc(-a * FRAC_1_SQRT_2) / 2.0,
            Function::NormalPdf => libm::exp(-a * a / 2.0) * FRAC_2_SQRT_PI * FRAC_1_SQRT_2 / 2.0,
        }
    }
}

/// An entry of a tensor: [`Number`] where the answer is computed, `f64` where many points are tried.
pub trait Scalar:
    Clone
    + Debug
    + PartialEq
    + Zero
    + One
    + AddAssign
    + MulAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// About how many machine multiplications one takes.
    const WORK: u64;

    fn from_number(number: &Number) -> Self;
    fn to_f64(&self) -> f64;
    /// Whether nothing was rounded on the way to it.
    fn is_exact(&self) -> bool;
    /// Sums of products by a rule, where there is a faster way than one product after the other.
    fn sums(rule: &impl Sums, left: &[Self], right: &[Self]) -> Option<Vec<Self>>;
    /// The same rounded, for what would take too long exactly.
    fn rounded(&self) -> Self;
    fn checked_div(&self, divisor: &Self) -> Result<Self, NumberError>;
    fn pow(&self, exponent: &Self) -> Result<Self, NumberError>;
    fn sqrt(&self) -> Result<Self, NumberError>;
    /// Applies a function that leaves the rationals.
    fn transcendental(&self, function: Function) -> Result<Self, NumberError>;
    /// What stands where there is no value: the error, or an entry that knows it.
    fn undefined(cause: NumberError) -> Result<Self, NumberError>;
    fn order(&self, other: &Self) -> Ordering;

    fn from_integer(value: i64) -> Self {
        Self::from_number(&Number::integer(value))
    }

    fn is_positive(&self) -> bool {
        self.order(&Self::zero()) == Ordering::Greater
    }

    fn is_negative(&self) -> bool {
        self.order(&Self::zero()) == Ordering::Less
    }
}

impl Scalar for Number {
    const WORK: u64 = 8;

    fn from_number(number: &Number) -> Number {
        number.clone()
    }
    fn to_f64(&self) -> f64 {
        Number::to_f64(self)
    }
    fn is_exact(&self) -> bool {
        Number::is_exact(self)
    }
    fn sums(rule: &impl Sums, left: &[Number], right: &[Number]) -> Option<Vec<Number>> {
        machine::sums(rule, left, right)
    }
    fn rounded(&self) -> Number {
        Number::approx(self.to_f64())
    }
    fn checked_div(&self, divisor: &Number) -> Result<Number, NumberError> {
        Number::checked_div(self, divisor)
    }
    fn pow(&self, exponent: &Number) -> Result<Number, NumberError> {
        Number::pow(self, exponent)
    }
    fn sqrt(&self) -> Result<Number, NumberError> {
        Number::sqrt(self)
    }
    fn transcendental(&self, function: Function) -> Result<Number, NumberError> {
        Number::transcendental(self, |a| function.of(a))
    }
    fn undefined(cause: NumberError) -> Result<Number, NumberError> {
        Err(cause)
    }
    fn order(&self, other: &Number) -> Ordering {
        self.partial_cmp(other).unwrap_or(Ordering::Equal)
    }
}

impl Scalar for f64 {
    const WORK: u64 = 1;

    fn from_number(number: &Number) -> f64 {
        number.to_f64()
    }
    fn to_f64(&self) -> f64 {
        *self
    }
    fn is_exact(&self) -> bool {
        false
    }
    fn sums(rule: &impl Sums, left: &[f64], right: &[f64]) -> Option<Vec<f64>> {
        Some(rule.of(left, right))
    }
    fn rounded(&self) -> f64 {
        *self
    }
    fn checked_div(&self, divisor: &f64) -> Result<f64, NumberError> {
        if *divisor == 0.0 { Err(NumberError::DivisionByZero) } else { Ok(self / divisor) }
    }
    fn pow(&self, exponent: &f64) -> Result<f64, NumberError> {
        if *self == 0.0 && *exponent < 0.0 {
            return Err(NumberError::DivisionByZero);
        }
        // A square is by far the most frequent power, and one product gives it correctly rounded.
        finite(if *exponent == 2.0 { self * self } else { libm::pow(*self, *exponent) })
    }
    fn sqrt(&self) -> Result<f64, NumberError> {
        finite(libm::sqrt(*self))
    }
    fn transcendental(&self, function: Function) -> Result<f64, NumberError> {
        finite(function.of(*self))
    }
    fn undefined(cause: NumberError) -> Result<f64, NumberError> {
        Err(cause)
    }
    fn order(&self, other: &f64) -> Ordering {
        self.partial_cmp(other).unwrap_or(Ordering::Equal)
    }
}

fn finite(value: f64) -> Result<f64, NumberError> {
    if value.is_finite() { Ok(value) } else { Err(NumberError::Domain) }
}
