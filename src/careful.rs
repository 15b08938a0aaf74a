//! Numbers that know what is known of them: to many digits with the bound of their error, 0 that switches off what it
//! multiplies, and no value with its reason. What doubles lose by cancellation, overflow or a branch that a mask
//! switches off is found with them.

use crate::machine::Sums;
use crate::number::{Number, NumberError};
use crate::scalar::{Function, Scalar};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub};
use std::sync::LazyLock;

/// Bits to which constants are known.
const CONSTANT_BITS: u64 = 2 * 4096;
/// Bits beyond those in which a function is computed.
const GUARD: u64 = 64;
/// Past an exponential of this no value is kept.
const LARGEST_EXPONENT: i64 = 1 << 32;

#[derive(Clone, Debug, PartialEq)]
pub enum Careful<const BITS: u64> {
    /// 0 because it is switched off (by a mask, a case, a constant 0): its products are 0 whatever the other factor is.
    Off,
    /// A rational.
    Exact(Number),
    Near(Ball<BITS>),
    /// There is no value, and why.
    Undefined(NumberError),
}

/// `middle · 2^exponent`, give or take `error · 2^exponent`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ball<const BITS: u64> {
    middle: BigInt,
    error: BigInt,
    exponent: i64,
}

impl<const BITS: u64> Ball<BITS> {
    fn new(middle: BigInt, error: BigInt, exponent: i64) -> Self {
        let surplus = middle.bits().max(error.bits()).saturating_sub(BITS);
        match surplus {
            0 => Ball { middle, error, exponent },
            _ => Ball { middle: middle >> surplus, error: (error >> surplus) + 2, exponent: exponent + surplus as i64 },
        }
    }

    fn integer(value: i64) -> Self {
        Ball { middle: value.into(), error: BigInt::zero(), exponent: 0 }
    }

    fn rational(value: &BigRational) -> Self {
        let whole = |value: &BigInt| Ball { middle: value.clone(), error: BigInt::zero(), exponent: 0 };
        match value.denom().is_one() {
            true => whole(value.numer()),
            false => whole(value.numer()).over(&whole(value.denom())).unwrap_or_else(|| Ball::integer(0)),
        }
    }

    /// Whether it may be 0.
    fn may_vanish(&self) -> bool {
        self.middle.abs() <= self.error
    }

    /// The place of the first digit, in bits before the point.
    fn size(&self) -> i64 {
        self.middle.bits().max(self.error.bits()) as i64 + self.exponent
    }

    fn plus(&self, other: &Self) -> Self {
        let (large, small) = if self.size() >= other.size() { (self, other) } else { (other, self) };
        let reach = 2 * BITS as i64;
        if large.size() - small.size() > reach && !large.middle.is_zero() {
            // Too small to be seen beside the other.
            let shift = reach.saturating_sub(large.middle.bits() as i64).max(1);
            return Ball::new(&large.middle << shift, (&large.error << shift) + 1, large.exponent - shift);
        }
        let exponent = large.exponent.min(small.exponent);
        let shifted = |value: &BigInt, own: i64| value << (own - exponent);
        Ball::new(
            shifted(&large.middle, large.exponent) + shifted(&small.middle, small.exponent),
            shifted(&large.error, large.exponent) + shifted(&small.error, small.exponent),
            exponent,
        )
    }

    fn negative(&self) -> Self {
        Ball { middle: -&self.middle, ..self.clone() }
    }

    fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negative())
    }

    fn times(&self, other: &Self) -> Self {
        let error = self.middle.abs() * &other.error + other.middle.abs() * &self.error + &self.error * &other.error;
        Ball::new(&self.middle * &other.middle, error, self.exponent + other.exponent)
    }

    /// Times a power of two.
    fn scaled(&self, power: i64) -> Self {
        Ball { exponent: self.exponent + power, ..self.clone() }
    }

    fn over(&self, divisor: &Self) -> Option<Self> {
        if divisor.may_vanish() {
            return None;
        }
        let shift = (BITS + GUARD + divisor.middle.bits()).saturating_sub(self.middle.bits());
        let quotient = (&self.middle << shift) / &divisor.middle;
        let error =
            ((&self.error << shift) + quotient.abs() * &divisor.error) / (divisor.middle.abs() - &divisor.error) + 2;
        Some(Ball::new(quotient, error, self.exponent - shift as i64 - divisor.exponent))
    }

    /// `None` where it is negative.
    fn root(&self) -> Option<Self> {
        if self.middle.is_negative() && !self.may_vanish() {
            return None;
        }
        let mut shift = (2 * (BITS + GUARD)).saturating_sub(self.middle.bits()) as i64;
        shift += (self.exponent - shift).rem_euclid(2);
        let (middle, error) = (&self.middle << shift, &self.error << shift);
        let exponent = (self.exponent - shift) / 2;
        if self.may_vanish() {
            let largest = (middle.abs() + error).sqrt() + 1;
            return Some(Ball::new(BigInt::zero(), largest, exponent));
        }
        let root = middle.sqrt();
        let error = error / &root + 2;
        Some(Ball::new(root, error, exponent))
    }

    fn to_f64(&self) -> f64 {
        if self.may_vanish() {
            return 0.0;
        }
        let shift = self.middle.bits().saturating_sub(64);
        let leading = (&self.middle >> shift).to_f64().unwrap_or(0.0);
        let power = self.exponent + shift as i64;
        // In two steps, so that neither factor leaves the range of doubles before the product does.
        let half = (power / 2).clamp(-2000, 2000) as i32;
        let rest = (power - i64::from(half)).clamp(-2000, 2000) as i32;
        leading * libm::exp2(f64::from(half)) * libm::exp2(f64::from(rest))
    }

    /// The middle in fixed point with so many bits behind the point, and the error there.
    fn fixed(&self, bits: i64) -> (BigInt, BigInt) {
        let shift = self.exponent + bits;
        match shift >= 0 {
            true => (&self.middle << shift, &self.error << shift),
            false => (&self.middle >> -shift, (&self.error >> -shift) + 1),
        }
    }

    fn exp(&self) -> Option<Self> {
        if self.size() > 33 {
            return None;
        }
        let bits = (BITS + GUARD) as i64;
        let (argument, error) = self.fixed(bits + 40);
        let natural: BigInt = &*LN_2 >> (CONSTANT_BITS as i64 - bits - 40);
        let turns = (&argument / &natural).to_i64().filter(|turns| turns.abs() < LARGEST_EXPONENT)?;
        let rest: BigInt = (argument - &natural * turns) >> 40;
        // The rest is below 1: halved sixteen times, a short series and sixteen squares.
        let small = rest >> 16;
        let one = BigInt::one() << bits;
        let (mut sum, mut term) = (one.clone(), one);
        for place in 1.. {
            term = ((term * &small) >> bits) / place;
            if term.is_zero() || term == -BigInt::one() {
                break;
            }
            sum += &term;
        }
        for _ in 0..16 {
            sum = (&sum * &sum) >> bits;
        }
        let spread = (error >> 38) + (BigInt::one() << 40);
        Some(Ball::new(sum, spread, turns - bits))
    }

    fn ln(&self) -> Option<Self> {
        if self.may_vanish() || self.middle.is_negative() {
            return None;
        }
        let power = self.middle.bits() as i64 + self.exponent;
        let unit = self.scaled(-power);
        // Halley's steps from a double: each trebles the digits.
        let mut found = Ball::exactly(libm::log(unit.to_f64()));
        let exact = Ball { error: BigInt::zero(), ..unit.clone() };
        for _ in 0..if BITS > 400 { 5 } else { 3 } {
            let reached = Ball { error: BigInt::zero(), ..found.exp()? };
            let step = exact.minus(&reached).over(&exact.plus(&reached))?.scaled(1);
            found = found.plus(&step);
            found.error = BigInt::zero();
        }
        let relative =
            Ball { middle: unit.error.clone(), error: BigInt::zero(), exponent: unit.exponent }.over(&exact)?;
        let spread = relative.scaled(1).plus(&Ball::integer(1).scaled(-(BITS as i64) + 8));
        let spread =
            Ball { middle: BigInt::zero(), error: spread.middle.abs() + spread.error, exponent: spread.exponent };
        Some(found.plus(&spread).plus(&Ball::constant(&LN_2).times(&Ball::integer(power))))
    }

    fn inverse_tangent(&self) -> Option<Self> {
        // Steps from a double: each takes the tangent of what is left for what is left, and trebles the digits.
        let exact = Ball { error: BigInt::zero(), ..self.clone() };
        let mut found = Ball::exactly(libm::atan(self.to_f64()));
        for _ in 0..if BITS > 400 { 5 } else { 3 } {
            let [sine, cosine] = found.turned()?.map(|value| Ball { error: BigInt::zero(), ..value });
            let left = exact.times(&cosine).minus(&sine).over(&exact.times(&sine).plus(&cosine))?;
            found = found.plus(&left);
            found.error = BigInt::zero();
        }
        // The slope is at most 1.
        let spread = Self::integer(1).scaled(self.size().min(1) - BITS as i64 + 8);
        let own = Ball { middle: BigInt::zero(), ..self.clone() };
        let spread = Ball { middle: BigInt::zero(), error: spread.middle, exponent: spread.exponent };
        Some(found.plus(&spread).plus(&own))
    }

    fn erf(&self) -> Option<Self> {
        let exact = Ball { error: BigInt::zero(), ..self.clone() };
        let square = exact.times(&exact);
        let sum = match square.to_f64() > 0.7 * BITS as f64 {
            // What is left to 1 is below the last bit.
            true => Ball { error: BigInt::one(), ..Ball::integer(1).scaled(-(BITS as i64)) }
                .minus(&Ball::integer(1).scaled(-(BITS as i64)))
                .plus(&Ball::integer(if exact.middle.is_negative() { -1 } else { 1 })),
            false => {
                // 2/√π e^(-x²) Σ 2ⁿ x^(2n + 1)/(2n + 1)!!, without cancellation.
                let (mut sum, mut term) = (exact.clone(), exact.clone());
                for odd in (3..).step_by(2) {
                    term = term.times(&square).scaled(1).over(&Ball::integer(odd))?;
                    sum = sum.plus(&term);
                    if term.middle.is_zero() || term.size() + BITS as i64 + 8 < sum.size() {
                        break;
                    }
                }
                // What is left of the series is below its last term twice.
                sum.error += (&sum.middle >> (BITS - 1).min(sum.middle.bits())).abs() + 1;
                let factor = Ball::integer(2).over(&Ball::constant(&PI).root()?)?;
                sum.times(&square.negative().exp()?).times(&factor)
            }
        };
        // The slope is at most 2/√π < 2.
        let own = Ball { middle: BigInt::zero(), ..self.scaled(1) };
        Some(sum.plus(&own))
    }

    /// One of the constants.
    fn constant(known: &BigInt) -> Self {
        Ball::new(known.clone(), BigInt::from(1 << 20), -(CONSTANT_BITS as i64))
    }

    fn exactly(value: f64) -> Self {
        let (mantissa, exponent) = libm::frexp(value);
        Ball {
            middle: BigInt::from((mantissa * libm::exp2(62.0)) as i64),
            error: BigInt::zero(),
            exponent: i64::from(exponent) - 62,
        }
    }

    /// Sine and cosine.
    fn turned(&self) -> Option<[Self; 2]> {
        if self.size() > BITS as i64 / 2 {
            return None;
        }
        let bits = (BITS + GUARD) as i64 + (-self.size()).clamp(0, 4 * BITS as i64) + self.size().max(0);
        let (argument, error) = self.fixed(bits);
        let shift = CONSTANT_BITS as i64 - 1 - bits;
        let turn: BigInt = if shift >= 0 { &*PI >> shift } else { &*PI << -shift };
        let turns: BigInt = floor_quotient(&(&argument + (&turn >> 1)), &turn);
        let rest = argument - &turn * &turns;
        // A place or two for each term, and what is not known of the turns.
        let circle = turns.abs() * (BigInt::one() + (BigInt::one() << (bits + 40 - CONSTANT_BITS as i64).max(0)));
        let spread: BigInt = error + circle + 1024;
        let series = |first: BigInt, from: i64| {
            let square = (&rest * &rest) >> bits;
            let (mut sum, mut term) = (first.clone(), first);
            for place in 0.. {
                let next = from + 2 * place;
                term = -((term * &square) >> bits) / ((next + 1) * (next + 2));
                if term.is_zero() || term == -BigInt::one() {
                    break;
                }
                sum += &term;
            }
            sum
        };
        let sine = series(rest.clone(), 1);
        let cosine = series(BigInt::one() << bits, 0);
        Some([sine, cosine].map(|value| Ball::new(value, spread.clone(), -bits)))
    }
}

/// The quotient, rounded down.
fn floor_quotient(above: &BigInt, below: &BigInt) -> BigInt {
    let (quotient, rest) = (above / below, above % below);
    if rest.is_negative() { quotient - 1 } else { quotient }
}

/// The sum of `±1/((2k + 1) n^(2k + 1))`: the inverse tangent of 1/n, hyperbolic where the signs are equal.
fn inverse_tangent(n: i64, alternating: bool) -> BigInt {
    let mut power = (BigInt::one() << CONSTANT_BITS) / n;
    let mut sum = BigInt::zero();
    let mut odd = 1_i64;
    while !power.is_zero() {
        let term = &power / odd;
        sum += if alternating && odd % 4 == 3 { -term } else { term };
        power /= n * n;
        odd += 2;
    }
    sum
}

/// In fixed point with [`CONSTANT_BITS`] behind the point.
static LN_2: LazyLock<BigInt> = LazyLock::new(|| {
    let [a, b, c] = [26, 4801, 8749].map(|n| inverse_tangent(n, false));
    a * 18 - b * 2 + c * 8
});
/// Machin's formula.
static PI: LazyLock<BigInt> = LazyLock::new(|| inverse_tangent(5, true) * 16 - inverse_tangent(239, true) * 4);

impl<const BITS: u64> Careful<BITS> {
    /// A number that is given: a parameter's 0 can become something else, any other 0 switches off.
    pub fn given(number: &Number, parameter: bool) -> Self {
        match parameter && number.is_exact() {
            true => Careful::Exact(number.clone()),
            false => Careful::from_number(number),
        }
    }

    /// The same number, which switches nothing off.
    pub fn kept(&self) -> Self {
        match self {
            Careful::Off => Careful::Exact(Number::integer(0)),
            _ => self.clone(),
        }
    }

    /// As the number that is printed; the reason where there is none.
    pub fn to_number(&self) -> Result<Number, NumberError> {
        match self {
            Careful::Off => Ok(Number::integer(0)),
            Careful::Exact(number) => Ok(number.clone()),
            Careful::Near(ball) => match ball.to_f64() {
                value if value.is_finite() => Ok(Number::approx(value)),
                _ => Err(NumberError::TooBig(1024)),
            },
            Careful::Undefined(cause) => Err(cause.clone()),
        }
    }

    /// Whether more digits could tell more: there is no value, or none that differs from 0.
    pub fn is_unclear(&self) -> bool {
        match self {
            Careful::Off | Careful::Exact(_) => false,
            Careful::Near(ball) => ball.may_vanish(),
            Careful::Undefined(_) => true,
        }
    }

    pub fn is_undefined(&self) -> bool {
        matches!(self, Careful::Undefined(_))
    }

    /// `None` where it is switched off or has no value.
    fn ball(&self) -> Option<Ball<BITS>> {
        match self {
            Careful::Exact(number) => number.to_exact().map(|value| Ball::rational(&value)),
            Careful::Near(ball) => Some(ball.clone()),
            Careful::Off => Some(Ball::integer(0)),
            Careful::Undefined(_) => None,
        }
    }

    fn exact(number: Number) -> Self {
        match number.is_exact() {
            true => Careful::Exact(number),
            false => Careful::Near(Ball::exactly(number.to_f64())),
        }
    }

    fn near(ball: Option<Ball<BITS>>, otherwise: NumberError) -> Self {
        ball.map_or(Careful::Undefined(otherwise), Careful::Near)
    }

    /// By rationals where both are, by balls otherwise.
    fn combined(
        &self,
        other: &Self,
        exact: fn(&Number, &Number) -> Number,
        near: fn(&Ball<BITS>, &Ball<BITS>) -> Ball<BITS>,
    ) -> Self {
        match (self, other) {
            (Careful::Undefined(cause), _) | (_, Careful::Undefined(cause)) => Careful::Undefined(cause.clone()),
            (Careful::Exact(a), Careful::Exact(b)) if exact(a, b).is_exact() => Careful::Exact(exact(a, b)),
            _ => match (self.ball(), other.ball()) {
                (Some(a), Some(b)) => Careful::Near(near(&a, &b)),
                _ => Careful::Undefined(NumberError::Domain),
            },
        }
    }

    fn softplus(ball: &Ball<BITS>) -> Option<Ball<BITS>> {
        let exponential = ball.exp()?;
        if exponential.size() > -60 {
            return exponential.plus(&Ball::integer(1)).ln();
        }
        // ln(1 + y) = y − y²/2 + y³/3 − …
        let (mut sum, mut power) = (exponential.clone(), exponential.clone());
        for place in 2..2 + (BITS as i64 / 60) {
            power = power.times(&exponential).negative();
            sum = sum.plus(&power.over(&Ball::integer(place))?);
        }
        Some(sum)
    }
}

impl<const BITS: u64> Scalar for Careful<BITS> {
    const WORK: u64 = 100;

    fn from_number(number: &Number) -> Self {
        if number.is_exact() && number.is_zero() { Careful::Off } else { Careful::exact(number.clone()) }
    }
    fn to_f64(&self) -> f64 {
        match self {
            Careful::Undefined(_) => f64::NAN,
            _ => self.ball().map_or(f64::NAN, |ball| ball.to_f64()),
        }
    }
    fn is_exact(&self) -> bool {
        matches!(self, Careful::Off | Careful::Exact(_))
    }
    fn sums(_: &impl Sums, _: &[Self], _: &[Self]) -> Option<Vec<Self>> {
        None
    }
    fn rounded(&self) -> Self {
        match self {
            Careful::Exact(number) => {
                Careful::near(number.to_exact().map(|value| Ball::rational(&value)), NumberError::Domain)
            }
            Careful::Off | Careful::Near(_) | Careful::Undefined(_) => self.clone(),
        }
    }
    fn undefined(cause: NumberError) -> Result<Self, NumberError> {
        Ok(Careful::Undefined(cause))
    }
    fn checked_div(&self, divisor: &Self) -> Result<Self, NumberError> {
        Ok(match (self, divisor) {
            (Careful::Off, _) => Careful::Off,
            (Careful::Undefined(cause), _) | (_, Careful::Undefined(cause)) => Careful::Undefined(cause.clone()),
            (Careful::Exact(a), Careful::Exact(b)) => a.checked_div(b).map_or_else(Careful::Undefined, Careful::exact),
            _ => match (self.ball(), divisor.ball()) {
                (Some(a), Some(b)) => Careful::near(a.over(&b), NumberError::DivisionByZero),
                _ => Careful::Undefined(NumberError::Domain),
            },
        })
    }
    fn pow(&self, exponent: &Self) -> Result<Self, NumberError> {
        if let (Careful::Off | Careful::Exact(_), Careful::Off | Careful::Exact(_)) = (self, exponent) {
            let (base, power) = (self.to_number()?, exponent.to_number()?);
            match base.pow(&power) {
                // By balls below: nothing of it is lost there.
                Ok(number) if !number.is_exact() => {}
                Err(NumberError::TooBig(_)) => {}
                found => return Ok(found.map_or_else(Careful::Undefined, Careful::exact)),
            }
        }
        let whole = exponent.to_number().ok().and_then(|power| power.to_integer());
        let (Some(base), Some(power)) = (self.ball(), exponent.ball()) else {
            return Ok(Careful::Undefined(NumberError::Domain));
        };
        Ok(match whole {
            Some(whole) => {
                let (mut result, mut square, mut left) = (Ball::integer(1), base, whole.unsigned_abs());
                while left > 0 {
                    if left % 2 == 1 {
                        result = result.times(&square);
                    }
                    square = square.times(&square);
                    left /= 2;
                }
                match whole < 0 {
                    true => Careful::near(Ball::integer(1).over(&result), NumberError::DivisionByZero),
                    false => Careful::Near(result),
                }
            }
            None => Careful::near(base.ln().and_then(|logarithm| logarithm.times(&power).exp()), NumberError::Domain),
        })
    }
    fn sqrt(&self) -> Result<Self, NumberError> {
        if let Careful::Off | Careful::Exact(_) = self {
            let root = self.to_number()?.sqrt();
            match root {
                Ok(root) if root.is_exact() => return Ok(Careful::Exact(root)),
                Err(cause) => return Ok(Careful::Undefined(cause)),
                Ok(_) => {}
            }
        }
        Ok(match self {
            Careful::Undefined(_) => self.clone(),
            _ => Careful::near(self.ball().and_then(|ball| ball.root()), NumberError::Domain),
        })
    }
    fn transcendental(&self, function: Function) -> Result<Self, NumberError> {
        let Some(ball) = self.ball() else { return Ok(self.clone()) };
        let one = Ball::<BITS>::integer(1);
        let quotient = |above: Ball<BITS>, below: Ball<BITS>| above.over(&below);
        let in_base = |base: i64| ball.ln().and_then(|above| quotient(above, Ball::integer(base).ln()?));
        // What a mask of minus infinity leaves is switched off.
        if matches!(function, Function::Exp) && ball.size() > 33 && ball.middle.is_negative() {
            return Ok(Careful::Off);
        }
        let found = match function {
            Function::Exp => ball.exp(),
            Function::Ln => ball.ln(),
            Function::Log2 => in_base(2),
            Function::Log10 => in_base(10),
            Function::Sin => ball.turned().map(|[sine, _]| sine),
            Function::Cos => ball.turned().map(|[_, cosine]| cosine),
            Function::Tanh => {
                ball.scaled(1).negative().exp().and_then(|small| quotient(one.minus(&small), one.plus(&small)))
            }
            Function::Logistic => ball.negative().exp().and_then(|small| quotient(one.clone(), one.plus(&small))),
            Function::Softplus => Careful::softplus(&ball),
            Function::Arctan => ball.inverse_tangent(),
            Function::Erf => ball.erf(),
            Function::NormalCdf => Ball::integer(2)
                .root()
                .and_then(|root| ball.over(&root)?.erf())
                .map(|value| value.plus(&one).scaled(-1)),
            Function::NormalPdf => ball.times(&ball).scaled(-1).negative().exp().and_then(|bell| {
                let circle = Ball::constant(&PI).scaled(1).root()?;
                quotient(bell, circle)
            }),
        };
        let too_large = matches!(function, Function::Exp | Function::Softplus);
        Ok(Careful::near(found, if too_large { NumberError::TooBig(1024) } else { NumberError::Domain }))
    }
    /// Numbers that all digits do not tell apart are taken for equal.
    fn order(&self, other: &Self) -> Ordering {
        if let (Careful::Exact(a), Careful::Exact(b)) = (self, other) {
            return a.partial_cmp(b).unwrap_or(Ordering::Equal);
        }
        match (self.ball(), other.ball()) {
            (Some(a), Some(b)) => {
                let difference = a.minus(&b);
                match () {
                    () if difference.may_vanish() => Ordering::Equal,
                    () if difference.middle.is_negative() => Ordering::Less,
                    () => Ordering::Greater,
                }
            }
            _ => Ordering::Equal,
        }
    }
}

impl<const BITS: u64> Add for Careful<BITS> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        match (&self, &other) {
            (Careful::Off, _) => other,
            (_, Careful::Off) => self,
            _ => self.combined(&other, |a, b| a + b, Ball::plus),
        }
    }
}

impl<const BITS: u64> Sub for Careful<BITS> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<const BITS: u64> Mul for Careful<BITS> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        match (&self, &other) {
            (Careful::Off, _) | (_, Careful::Off) => Careful::Off,
            _ => self.combined(&other, |a, b| a * b, Ball::times),
        }
    }
}

impl<const BITS: u64> Neg for Careful<BITS> {
    type Output = Self;
    fn neg(self) -> Self {
        match self {
            Careful::Exact(number) => Careful::Exact(-number),
            Careful::Near(ball) => Careful::Near(ball.negative()),
            Careful::Off | Careful::Undefined(_) => self,
        }
    }
}

impl<const BITS: u64> AddAssign for Careful<BITS> {
    fn add_assign(&mut self, other: Self) {
        *self = self.clone() + other;
    }
}

impl<const BITS: u64> MulAssign for Careful<BITS> {
    fn mul_assign(&mut self, other: Self) {
        *self = self.clone() * other;
    }
}

impl<const BITS: u64> Zero for Careful<BITS> {
    fn zero() -> Self {
        Careful::Off
    }
    fn is_zero(&self) -> bool {
        match self {
            Careful::Off => true,
            Careful::Exact(number) => number.is_zero(),
            Careful::Near(_) | Careful::Undefined(_) => false,
        }
    }
}

impl<const BITS: u64> One for Careful<BITS> {
    fn one() -> Self {
        Careful::Exact(Number::integer(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Careful = super::Careful<256>;

    fn number(text: &str) -> Careful {
        Careful::exact(Number::parse(text).unwrap())
    }

    /// Figures of the library mpmath, to 20 digits.
    #[test]
    fn functions_are_what_an_arbitrary_precision_library_says() {
        let cases = [
            (Function::Exp, "2", 7.389_056_098_930_65),
            (Function::Exp, "-2000", 0.0),
            (Function::Exp, "-700.5", 5.979_1e-305),
            (Function::Exp, "0.00000001", 1.00000001),
            (Function::Ln, "3", 1.098_612_288_668_109_8),
            (Function::Ln, "1.0000000001", 9.999999999500001e-11),
            (Function::Log2, "1024", 10.0),
            (Function::Log10, "0.001", -3.0),
            (Function::Sin, "1", 0.8414709848078965),
            (Function::Sin, "100", -0.5063656411097588),
            (Function::Cos, "-2", -0.4161468365471424),
            (Function::Cos, "1000000", 0.9367521275331447),
            (Function::Tanh, "0.5", 0.46211715726000973),
            (Function::Tanh, "-300", -1.0),
            (Function::Logistic, "2", 0.8807970779778825),
            (Function::Softplus, "-300", 5.148200222412013e-131),
            (Function::Softplus, "3", 3.048587351573742),
            (Function::Arctan, "1", std::f64::consts::FRAC_PI_4),
            (Function::Arctan, "-1000000", -1.5707953267948966),
            (Function::Arctan, "0.00000001", 1e-8),
            (Function::Erf, "0.5", 0.5204998778130465),
            (Function::Erf, "-3", -0.9999779095030014),
            (Function::Erf, "30", 1.0),
            (Function::NormalCdf, "-2", 0.022750131948179212),
            (Function::NormalCdf, "-12", 1.776482112077679e-33),
            (Function::NormalPdf, "1.5", 0.12951759566589174),
        ];
        for (function, at, expected) in cases {
            let found = number(at).transcendental(function).unwrap().to_f64();
            let error = (found - expected).abs();
            let least = if at == "-700.5" { 1e-3 } else { 1e-15 };
            assert!(error <= least * expected.abs(), "{function:?}({at}) = {found}, not {expected}");
        }
    }

    #[test]
    fn what_cancels_keeps_its_digits() {
        let x = number("0.00000001");
        let cosine = x.transcendental(Function::Cos).unwrap();
        let half = (Careful::one() - cosine).checked_div(&(x.clone() * x)).unwrap();
        assert!((half.to_f64() - 0.5).abs() < 1e-15, "{half:?}");
        let root = number("2").sqrt().unwrap();
        assert_eq!((root.clone() * root).order(&number("2")), Ordering::Equal);
    }

    #[test]
    fn what_is_switched_off_has_no_part_in_anything() {
        let undefined = number("1").checked_div(&Careful::Exact(Number::integer(0))).unwrap();
        assert!(undefined.is_undefined());
        assert_eq!(Careful::Off * undefined.clone() + number("3"), number("3"));
        assert!((Careful::Exact(Number::integer(0)) * undefined).is_undefined());
    }
}
