//! Numbers as a reader sees them.

use crate::math::Math;
use crate::number::Number;
use crate::tensor::Tensor;
use num_traits::Zero;

/// How rounded values are shown.
#[derive(Clone, Copy, Debug)]
pub struct Rounding {
    /// Significant digits of a lone value; decimals in a matrix.
    pub digits: usize,
}

impl Rounding {
    /// What is given is shown as it was given.
    pub const GIVEN: Rounding = Rounding { digits: 40 };
}

/// Longer exact numbers than this are shown rounded.
const LONGEST_EXACT: usize = 12;

/// One number: exact ones whole, others with the stated significant digits.
pub fn number(value: &Number, rounding: Rounding) -> Math {
    Math::Number(numeral(value, rounding))
}

fn numeral(value: &Number, rounding: Rounding) -> String {
    if value.is_infinite() {
        return value.to_string();
    }
    let large = || value.to_scientific(rounding.digits);
    exact(value, rounding).or_else(large).unwrap_or_else(|| significant(value.to_f64(), rounding.digits))
}

/// Whether [`number`] shows the value whole.
pub fn is_shown_exactly(value: &Number) -> bool {
    exact(value, Rounding { digits: 4 }).is_some()
}

/// What stands for an entry that has no value.
const NONE: &str = "–";

/// The entries of a matrix, row by row: rounded ones with the same decimals everywhere.
pub fn matrix(value: &Tensor<Number>, rounding: Rounding) -> Vec<Vec<Math>> {
    let finite = value.entries().filter(|entry| !entry.is_infinite());
    let largest = finite.map(|entry| entry.to_f64().abs()).fold(0.0, f64::max);
    let entry = |entry: &Number| match exact(entry, rounding).filter(|_| !entry.is_infinite()) {
        None if entry.is_infinite() => numeral(entry, rounding),
        Some(text) => text,
        None if (1e-3..1e5).contains(&largest) => fixed(entry.to_f64(), rounding.digits),
        None => numeral(entry, rounding),
    };
    value.rows().iter().map(|row| row.iter().map(|number| Math::Number(entry(number))).collect()).collect()
}

/// How the numbers of a column are shown.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// With the same decimals, at least so many; more, up to a bound, where that shows exact ones whole.
    Decimals { least: usize, most: usize },
    /// Each with so many significant digits; short exact ones whole.
    Digits(usize),
}

/// A column of a table. What is small or large beside its decimals is written with a power of ten.
pub fn column(values: &[Option<&Number>], form: Column, rounding: Rounding) -> Vec<Option<Math>> {
    let decimals = match form {
        Column::Decimals { least, most } => decimals(values, least, most),
        Column::Digits(_) => 0,
    };
    let cell = |value: &Number| match form {
        Column::Digits(digits) => {
            let whole = exact(value, rounding).filter(|text| is_short(text, digits + 1));
            whole.unwrap_or_else(|| significant(value.to_f64(), digits))
        }
        Column::Decimals { .. } => {
            let double = value.to_f64();
            match double == 0.0 || (1e-3..1e6).contains(&double.abs()) {
                true => fixed(double, decimals),
                false => significant(double, rounding.digits),
            }
        }
    };
    values.iter().map(|value| value.map(|number| Math::Number(cell(number)))).collect()
}

/// A decimal with at most so many digits, but for zeros at its beginning.
fn is_short(text: &str, digits: usize) -> bool {
    let all: String = text.chars().filter(char::is_ascii_digit).collect();
    !text.contains('/') && all.trim_start_matches('0').len() <= digits
}

/// The decimals that show the exact numbers whole, within bounds; none where all are whole numbers.
fn decimals(values: &[Option<&Number>], least: usize, most: usize) -> usize {
    let own = |value: &&Number| {
        let text = value.is_exact().then(|| value.to_string()).filter(|text| !text.contains('/'))?;
        Some(text.split_once('.').map_or(0, |(_, decimals)| decimals.len())).filter(|decimals| *decimals <= most)
    };
    let needed: Vec<Option<usize>> = values.iter().copied().flatten().map(|value| own(&value)).collect();
    let longest = needed.iter().copied().flatten().max().unwrap_or(0);
    if needed.iter().all(Option::is_some) { longest } else { longest.max(least) }
}

fn exact(value: &Number, rounding: Rounding) -> Option<String> {
    let longest = LONGEST_EXACT.max(rounding.digits);
    // What is no small number is longer.
    let may_be_short = value.is_small() || value.is_exact() && longest > LONGEST_EXACT;
    may_be_short.then(|| value.to_string()).filter(|text| text.len() <= longest)
}

fn fixed(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        return NONE.to_string();
    }
    let text = format!("{value:.decimals$}");
    // −0.0000 is 0.0000.
    if text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        text.trim_start_matches('-').to_string()
    } else {
        text
    }
}

/// `0.3805`, `12.35`, `1.235e-5`: with so many significant digits.
fn significant(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return NONE.to_string();
    }
    if value.is_zero() {
        return "0".to_string();
    }
    let scientific = format!("{:.*e}", digits.saturating_sub(1), value);
    let exponent: i32 = scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    if (-3..6).contains(&exponent) {
        let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
        return format!("{value:.decimals$}");
    }
    scientific
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: Rounding = Rounding { digits: 4 };

    fn show(value: f64) -> String {
        numeral(&Number::approx(value), FOUR)
    }

    #[test]
    fn rounded_numbers_have_four_significant_digits() {
        assert_eq!(show(0.380_797), "0.3808");
        assert_eq!(show(-1234.567), "-1235");
        assert_eq!(show(0.002_345_67), "0.002346");
        assert_eq!(show(0.000_012_345_6), "1.235e-5");
        assert_eq!(show(2.5), "2.500");
    }

    #[test]
    fn exact_numbers_are_shown_whole() {
        assert_eq!(numeral(&Number::parse("402.57").unwrap(), FOUR), "402.57");
        assert_eq!(numeral(&Number::ratio(-1, 3), FOUR), "-1/3");
    }

    #[test]
    fn a_matrix_has_the_same_decimals_everywhere() {
        let value = Tensor::from_entries(&[1, 3], [-0.619_2, 2.261_59, -0.000_001].map(Number::approx).to_vec());
        assert_eq!(matrix(&value, FOUR), [["-0.6192", "2.2616", "0.0000"].map(Math::number)]);
    }
}
