//! Numbers that stay exact as long as the mathematics lets them.

use crate::budget::spend;
use crate::limits::EXACT_BITS;
use num_bigint::{BigInt, Sign};
use num_rational::{BigRational, Rational64};
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, FromPrimitive, One, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// An exact rational, or an approximate double once an operator has left the rationals.
///
/// Canonical: a rational that fits two `i64` is `Small`, so equality of representations is equality of numbers.
#[derive(Clone, Debug)]
pub struct Number(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Small(Rational64),
    Big(Box<BigRational>),
    Approx(f64),
}

/// Why a value does not exist, or is not computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Not the text of a finite number.
    Malformed,
    /// The exact result would need more than [`EXACT_BITS`] bits; the estimate, in bits.
    TooBig(u64),
    DivisionByZero,
    /// Outside the operator's domain: `log(0)`, `sqrt(-1)`.
    Domain,
    /// A matrix without an inverse.
    Singular,
}

impl NumberError {
    /// In a few words, the same in every output.
    pub fn name(&self) -> &'static str {
        match self {
            NumberError::DivisionByZero => "division by zero",
            NumberError::TooBig(_) => "out of range",
            NumberError::Domain | NumberError::Malformed => "not defined",
            NumberError::Singular => "singular matrix",
        }
    }
}

impl Number {
    pub fn integer(value: i64) -> Number {
        Number(Repr::Small(Rational64::from_integer(value)))
    }

    /// `numerator / denominator`; the denominator must not be 0.
    pub fn ratio(numerator: i64, denominator: i64) -> Number {
        // i64::MIN has no negation in i64.
        if numerator != i64::MIN && denominator != i64::MIN && denominator != 0 {
            return Number(Repr::Small(Rational64::new(numerator, denominator)));
        }
        Number::exact(BigRational::new(numerator.into(), denominator.into()))
    }

    /// The same of a numerator of two words; the denominator must not be 0.
    pub fn long_ratio(numerator: i128, denominator: i64) -> Number {
        match i64::try_from(numerator) {
            Ok(numerator) => Number::ratio(numerator, denominator),
            Err(_) => Number::exact(BigRational::new(numerator.into(), denominator.into())),
        }
    }

    /// A rounded value.
    pub fn approx(value: f64) -> Number {
        // No negative zero is printed.
        Number(Repr::Approx(value + 0.0))
    }

    /// The canonical form of an exact rational; past the bound on bits it goes on as an approximate one.
    pub fn exact(value: BigRational) -> Number {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            // i64::MIN has no negation in i64, so it stays big.
            (Some(numerator), Some(denominator)) if numerator != i64::MIN => {
                Number(Repr::Small(Rational64::new_raw(numerator, denominator)))
            }
            _ if value.numer().bits().max(value.denom().bits()) > EXACT_BITS => {
                Number::approx(value.to_f64().unwrap_or(f64::NAN))
            }
            _ => Number(Repr::Big(Box::new(value))),
        }
    }

    /// Reads `12`, `-3.5`, `.5`, `1e-3`, `1/10`, exactly.
    pub fn parse(text: &str) -> Result<Number, NumberError> {
        match text.split_once('/') {
            Some((above, below)) => {
                Number::parse_decimal(above.trim_end())?.checked_div(&Number::parse_decimal(below.trim_start())?)
            }
            None => Number::parse_decimal(text),
        }
    }

    fn parse_decimal(text: &str) -> Result<Number, NumberError> {
        // Most numbers are whole and short.
        if let Ok(whole) = text.parse::<i32>() {
            return Ok(Number::integer(whole.into()));
        }
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i64>().map_err(|_| NumberError::Malformed)?),
            None => (text, 0),
        };
        let (sign, digits) = match mantissa.as_bytes().first() {
            Some(b'-') => (Sign::Minus, &mantissa[1..]),
            Some(b'+') => (Sign::Plus, &mantissa[1..]),
            _ => (Sign::Plus, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = [whole, fraction].concat();
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NumberError::Malformed);
        }
        let scale = exponent.saturating_sub(fraction.len() as i64);
        if let (-18..=0, Ok(above)) = (scale, all.parse::<i64>()) {
            let above = if sign == Sign::Minus { -above } else { above };
            return Ok(Number::ratio(above, 10_i64.pow(scale.unsigned_abs() as u32)));
        }
        // A decimal digit is at most 3.33 bits.
        let bits = (scale.unsigned_abs().saturating_add(all.len() as u64)).saturating_mul(10) / 3;
        if bits > EXACT_BITS {
            return Err(NumberError::TooBig(bits));
        }
        let value = BigInt::parse_bytes(all.as_bytes(), 10).ok_or(NumberError::Malformed)?;
        let value = if sign == Sign::Minus { -value } else { value };
        let power = BigInt::from(10).pow(scale.unsigned_abs() as u32);
        Ok(Number::exact(if scale >= 0 {
            BigRational::from_integer(value * power)
        } else {
            BigRational::new(value, power)
        }))
    }

    pub fn is_exact(&self) -> bool {
        !matches!(self.0, Repr::Approx(_))
    }

    /// Whether this is exact and fits two machine words.
    pub fn is_small(&self) -> bool {
        self.words().is_some()
    }

    /// Numerator and denominator, where it is exact and each fits a machine word.
    pub fn words(&self) -> Option<(i64, i64)> {
        match &self.0 {
            Repr::Small(value) => Some((*value.numer(), *value.denom())),
            Repr::Big(_) | Repr::Approx(_) => None,
        }
    }

    /// The exact value, if this is one.
    pub fn to_exact(&self) -> Option<BigRational> {
        match &self.0 {
            Repr::Small(value) => Some(BigRational::new_raw((*value.numer()).into(), (*value.denom()).into())),
            Repr::Big(value) => Some((**value).clone()),
            Repr::Approx(_) => None,
        }
    }

    /// The exact value of a double; as it is if there is none.
    pub fn exactly(value: f64) -> Number {
        BigRational::from_float(value).map_or_else(|| Number::approx(value), Number::exact)
    }

    /// The value as an integer, if it is exactly one.
    pub fn to_integer(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(value) if value.is_integer() => Some(value.to_integer()),
            _ => None,
        }
    }

    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Small(value) => *value.numer() as f64 / *value.denom() as f64,
            Repr::Big(value) => value.to_f64().unwrap_or(f64::NAN),
            Repr::Approx(value) => *value,
        }
    }

    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(value) => value.is_negative(),
            Repr::Big(value) => value.is_negative(),
            Repr::Approx(value) => *value < 0.0,
        }
    }

    pub fn abs(&self) -> Number {
        if self.is_negative() { -self } else { self.clone() }
    }

    pub fn checked_div(&self, divisor: &Number) -> Result<Number, NumberError> {
        if divisor.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        Ok(self.combine(divisor, CheckedDiv::checked_div, |a, b| a / b, |a, b| a / b))
    }

    /// `self ^ exponent`: exact for integer exponents (of bounded size) and for perfect squares to halves.
    pub fn pow(&self, exponent: &Number) -> Result<Number, NumberError> {
        let two = Number::integer(2);
        if let (Some(base), Some(power)) = (self.to_exact(), exponent.to_integer()) {
            return integer_power(&base, power);
        }
        // A root of the base, where that is exact; a rounded base has none, and a negative one none at all.
        if self.is_exact()
            && let Some(doubled) = (exponent * &two).to_integer()
        {
            let root = self.sqrt()?;
            if root.is_exact() {
                return root.pow(&Number::integer(doubled));
            }
        }
        let value = libm::pow(self.to_f64(), exponent.to_f64());
        match () {
            () if self.is_zero() && exponent.is_negative() => Err(NumberError::DivisionByZero),
            () if value.is_nan() => Err(NumberError::Domain),
            () if value.is_infinite() => Err(NumberError::TooBig(1024)),
            () => Ok(Number::approx(value)),
        }
    }

    /// The square root: exact for squares of rationals.
    pub fn sqrt(&self) -> Result<Number, NumberError> {
        if self.is_negative() {
            return Err(NumberError::Domain);
        }
        if let Some(value) = self.to_exact() {
            let root = BigRational::new_raw(value.numer().sqrt(), value.denom().sqrt());
            if &root * &root == value {
                return Ok(Number::exact(root));
            }
        }
        Ok(Number::approx(libm::sqrt(self.to_f64())))
    }

    /// Applies a function that leaves the rationals; a result that is no finite number is outside its domain.
    pub fn transcendental(&self, function: impl Fn(f64) -> f64) -> Result<Number, NumberError> {
        let value = function(self.to_f64());
        if value.is_nan() {
            Err(NumberError::Domain)
        } else if value.is_infinite() {
            Err(NumberError::TooBig(1024))
        } else {
            Ok(Number::approx(value))
        }
    }

    fn combine(
        &self,
        other: &Number,
        small: impl Fn(&Rational64, &Rational64) -> Option<Rational64>,
        big: impl Fn(BigRational, BigRational) -> BigRational,
        approx: impl Fn(f64, f64) -> f64,
    ) -> Number {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && let Some(value) = small(a, b)
            && *value.numer() != i64::MIN
        {
            return Number(Repr::Small(value));
        }
        match (self.to_exact(), other.to_exact()) {
            (Some(a), Some(b)) => {
                spend(big_work(&a).max(big_work(&b)));
                Number::exact(big(a, b))
            }
            _ => Number::approx(approx(self.to_f64(), other.to_f64())),
        }
    }
}

/// About what an operation with a big number takes: its length, squared where there is something to reduce.
fn big_work(value: &BigRational) -> u64 {
    let words = value.numer().bits().max(value.denom().bits()) / 64 + 1;
    16 * if value.is_integer() { words } else { words * words }
}

fn integer_power(base: &BigRational, power: i64) -> Result<Number, NumberError> {
    if base.is_zero() && power < 0 {
        return Err(NumberError::DivisionByZero);
    }
    let trivial = base.is_zero() || base.is_one() || (-base).is_one();
    let bits = base.numer().bits().max(base.denom().bits()).saturating_mul(power.unsigned_abs());
    if trivial {
        let odd_minus = power % 2 != 0 && base.is_negative();
        let magnitude = if base.is_zero() && power != 0 { 0 } else { 1 };
        return Ok(Number::integer(if odd_minus { -magnitude } else { magnitude }));
    }
    if bits > EXACT_BITS {
        return Err(NumberError::TooBig(bits));
    }
    Ok(Number::exact(num_traits::Pow::pow(base, &BigInt::from_i64(power).unwrap_or_default())))
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        match (&self.0, &other.0) {
            (Repr::Small(a), Repr::Small(b)) => a == b,
            (Repr::Big(a), Repr::Big(b)) => a == b,
            (Repr::Approx(a), Repr::Approx(b)) => a.to_bits() == b.to_bits(),
            (Repr::Small(_) | Repr::Big(_) | Repr::Approx(_), _) => false,
        }
    }
}

impl Eq for Number {}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Small(value) => value.hash(state),
            Repr::Big(value) => value.hash(state),
            Repr::Approx(value) => value.to_bits().hash(state),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0) {
            return a.partial_cmp(b);
        }
        match (self.to_exact(), other.to_exact()) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            _ => self.to_f64().partial_cmp(&other.to_f64()),
        }
    }
}

impl Neg for &Number {
    type Output = Number;
    fn neg(self) -> Number {
        match &self.0 {
            Repr::Small(value) => Number(Repr::Small(-value)),
            Repr::Big(value) => Number::exact(-&**value),
            Repr::Approx(value) => Number::approx(-value),
        }
    }
}

impl Neg for Number {
    type Output = Number;
    fn neg(self) -> Number {
        -&self
    }
}

macro_rules! arithmetic {
    ($($trait:ident $method:ident, $assign:ident $assign_method:ident, $checked:path, $sign:tt;)*) => {$(
        impl $trait<&Number> for &Number {
            type Output = Number;
            fn $method(self, other: &Number) -> Number {
                // Between integers there is nothing to reduce: the way of every convolution of integers.
                let small = |a: &Rational64, b: &Rational64| match a.is_integer() && b.is_integer() {
                    true => $checked(a.numer(), b.numer()).map(Rational64::from_integer),
                    false => $checked(a, b),
                };
                // A common divisor of big integers takes long to find that there is none.
                let big = |a: BigRational, b: BigRational| match a.is_integer() && b.is_integer() {
                    true => BigRational::from_integer(a.numer() $sign b.numer()),
                    false => a $sign b,
                };
                self.combine(other, small, big, |a, b| a $sign b)
            }
        }
        impl $trait for Number {
            type Output = Number;
            fn $method(self, other: Number) -> Number {
                &self $sign &other
            }
        }
        impl $assign for Number {
            fn $assign_method(&mut self, other: Number) {
                *self = &*self $sign &other;
            }
        }
    )*};
}

arithmetic! {
    Add add, AddAssign add_assign, CheckedAdd::checked_add, +;
    Sub sub, SubAssign sub_assign, CheckedSub::checked_sub, -;
    Mul mul, MulAssign mul_assign, CheckedMul::checked_mul, *;
}

impl Zero for Number {
    fn zero() -> Number {
        Number::integer(0)
    }
    fn is_zero(&self) -> bool {
        match &self.0 {
            Repr::Small(value) => value.is_zero(),
            Repr::Big(_) => false,
            Repr::Approx(value) => *value == 0.0,
        }
    }
}

impl One for Number {
    fn one() -> Number {
        Number::integer(1)
    }
}

/// What stands for infinity in masks: so large that nothing beside it counts, and its exponential is 0.
pub const INFINITE: f64 = 1e300;
/// How it is written.
pub const INFINITY: &str = "inf";

impl Number {
    /// What stands for infinity.
    pub fn infinity() -> Number {
        Number::parse("1e300").unwrap_or_else(|_| Number::approx(INFINITE))
    }

    /// Whether it is infinity, or some of it, with something small added.
    pub fn is_infinite(&self) -> bool {
        !self.is_small() && (0.999 * INFINITE..1e6 * INFINITE).contains(&self.to_f64().abs())
    }

    /// An exact number that is large or small, with so many digits and a power of ten: also what no double holds. The
    /// zeros at its end are left out where the digits are all.
    pub fn to_scientific(&self, digits: usize) -> Option<String> {
        let size = self.to_f64().abs();
        let value = self.to_exact().filter(|value| !value.is_zero() && !(1e-15..1e15).contains(&size))?;
        let length = |part: &BigInt| part.magnitude().to_string().len() as i64;
        let ten = BigRational::from_integer(BigInt::from(10));
        let mut shift = digits.max(1) as i64 - length(value.numer()) + length(value.denom());
        let at = |shift: i64| &value * num_traits::Pow::pow(&ten, &BigInt::from(shift));
        // One too many at first, and one more where nines are rounded up.
        while length(&at(shift).round().to_integer()) > digits.max(1) as i64 {
            shift -= 1;
        }
        let (scaled, rounded) = (at(shift), at(shift).round());
        let all = rounded.to_integer().magnitude().to_string();
        let (first, rest) = all.split_at(1);
        let rest = if scaled == rounded { rest.trim_end_matches('0') } else { rest };
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if value.is_negative() { "-" } else { "" };
        Some(format!("{sign}{first}{point}{rest}e{}", all.len() as i64 - 1 - shift))
    }
}

impl fmt::Display for Number {
    /// A terminating decimal as a decimal, another rational as a fraction, a double in its shortest exact form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_infinite() {
            return f.write_str(if self.is_negative() { "-inf" } else { INFINITY });
        }
        let short = self.words().and_then(|(above, below)| short_decimal(above, below));
        if let Some(decimal) = short {
            return f.write_str(&decimal);
        }
        let Some(value) = self.to_exact() else { return write!(f, "{:?}", self.to_f64()) };
        match terminating_decimal(&value) {
            Some(decimal) => f.write_str(&decimal),
            None => write!(f, "{}/{}", value.numer(), value.denom()),
        }
    }
}

/// As [`terminating_decimal`] for two machine words; `None` also where it does not fit.
fn short_decimal(above: i64, below: i64) -> Option<String> {
    if below == 1 {
        return Some(above.to_string());
    }
    let twos = below.trailing_zeros();
    let (mut rest, mut fives) = (below >> twos, 0);
    while rest % 5 == 0 {
        rest /= 5;
        fives += 1;
    }
    let places = twos.max(fives);
    let power = (rest == 1).then(|| 10_u128.checked_pow(places)).flatten()?;
    let digits = u128::from(above.unsigned_abs()).checked_mul(power / below as u128)?;
    Some(with_point(above < 0, &digits.to_string(), places as usize))
}

/// Digits with so many of them behind the point.
fn with_point(negative: bool, digits: &str, places: usize) -> String {
    let digits = format!("{digits:0>width$}", width = places + 1);
    let sign = if negative { "-" } else { "" };
    let (whole, fraction) = digits.split_at(digits.len() - places);
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// `402.57` for 40257/100; `None` where the decimal expansion does not end (or is absurdly long).
fn terminating_decimal(value: &BigRational) -> Option<String> {
    let (mut rest, mut twos, mut fives) = (value.denom().clone(), 0u32, 0u32);
    let (two, five) = (BigInt::from(2), BigInt::from(5));
    while (&rest % &two).is_zero() {
        rest /= &two;
        twos += 1;
    }
    while (&rest % &five).is_zero() {
        rest /= &five;
        fives += 1;
    }
    if !rest.is_one() {
        return None;
    }
    let places = twos.max(fives) as usize;
    let scaled = (value * BigRational::from_integer(BigInt::from(10).pow(places as u32))).to_integer();
    Some(with_point(scaled.is_negative(), &scaled.abs().to_string(), places))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    /// Of 10^400, 2/3 10^-400 and 999 999 10^15, worked by hand.
    #[test]
    fn exact_numbers_beyond_doubles_have_digits() {
        let power = |base: &str, exponent: &str| number(base).pow(&number(exponent)).unwrap();
        assert_eq!(power("1e200", "2").to_scientific(4).unwrap(), "1e400");
        assert!(!power("1e200", "2").is_infinite());
        let small = &power("10", "-400") * &number("-2/3");
        assert_eq!(small.to_scientific(4).unwrap(), "-6.667e-401");
        assert_eq!(number("999999000000000000000").to_scientific(4).unwrap(), "1.000e21");
        assert_eq!(number("123450000000000000000").to_scientific(5).unwrap(), "1.2345e20");
        assert_eq!(number("0.5").to_scientific(4), None);
    }

    #[test]
    fn decimals_are_read_exactly_and_printed_as_they_were() {
        for text in ["402.57", "-447.3", "0.003", "19.6", "0", "-1", "12345678901234567890.5"] {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("2.99e8").to_string(), "299000000");
        assert_eq!(number(".5"), Number::ratio(1, 2));
        assert_eq!(Number::ratio(1, 3).to_string(), "1/3");
        assert_eq!(number("-1/3"), Number::ratio(-1, 3));
        assert_eq!(number("1 / 2.5"), Number::ratio(2, 5));
        assert_eq!(Number::parse("1/0"), Err(NumberError::DivisionByZero));
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for text in ["nan", "inf", "", ".", "1e", "1.2.3", "--1", "+-1"] {
            assert_eq!(Number::parse(text), Err(NumberError::Malformed), "{text}");
        }
        assert!(matches!(Number::parse("1e-960000000"), Err(NumberError::TooBig(_))));
        assert!(matches!(Number::parse("1e99999999999999"), Err(NumberError::TooBig(_))));
    }

    #[test]
    fn arithmetic_leaves_small_numbers_without_wrapping() {
        let big = Number::integer(i64::MAX);
        assert_eq!((&big + &big).to_string(), "18446744073709551614");
        assert_eq!(&(&big + &big) - &big, big);
        assert_eq!((&big * &big).to_string(), "85070591730234615847396907784232501249");
    }

    #[test]
    fn powers_and_roots_stay_exact_where_they_can() {
        assert_eq!(number("1.5").pow(&Number::integer(3)).unwrap(), number("3.375"));
        assert_eq!(number("0.64").pow(&number("-0.5")).unwrap(), number("1.25"));
        assert_eq!(number("2").pow(&Number::integer(-2)).unwrap(), number("0.25"));
        assert!(!number("2").sqrt().unwrap().is_exact());
        assert_eq!(number("-1").sqrt(), Err(NumberError::Domain));
        assert!(matches!(number("9").pow(&number("387420489")), Err(NumberError::TooBig(_))));
        assert!(matches!(number("1.3").pow(&number("6472416997")), Err(NumberError::TooBig(_))));
        assert_eq!(number("0").pow(&number("-1")), Err(NumberError::DivisionByZero));
        assert_eq!(number("-1").pow(&number("1000000001")).unwrap(), number("-1"));
        assert_eq!(Number::approx(-0.5).pow(&Number::integer(3)).unwrap().to_f64(), -0.125);
        assert_eq!(Number::approx(-0.5).pow(&number("0.5")), Err(NumberError::Domain));
    }
}
