//! Whether a number that someone computed by hand is the right one.

use crate::model::Tolerance;
use crate::number::Number;

/// A number is not rounded too coarsely from so many decimals, or significant digits, on.
const ENOUGH_DIGITS: usize = 3;
/// By hand the third decimal place may differ by one.
const BY_HAND: f64 = 1e-3;
/// Two doubles that were computed in different ways.
const SAME: f64 = 1e-9;

/// How a found number stands to the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    Same,
    /// The right one, rounded.
    Rounded,
    /// The right one, rounded to fewer digits than are asked for.
    Coarse,
    Off,
}

/// How precisely a number was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precision {
    /// Digits after the point; less than 0 for `12e3`.
    pub decimals: i32,
    /// Whether that is precise enough by default: three decimals, or three significant digits.
    pub enough: bool,
    /// Whether it is a whole number whose last digits may stand for what was rounded away: `12300`, `1.23e4`.
    pub round: Round,
}

/// How a number of more digits than it shows can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// It shows all.
    No,
    /// It ends in noughts.
    Noughts,
    /// It has an exponent.
    Exponent,
}

impl Precision {
    /// What working by hand gives.
    pub const BY_HAND: Precision = Precision { decimals: 3, enough: true, round: Round::No };

    /// Of a number as it is written: `402.57`, `1.2e-3`.
    pub fn of(text: &str) -> Option<Precision> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let mantissa = mantissa.trim_start_matches(['-', '+', '−', '–']);
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let significant = mantissa.replace('.', "");
        // The last noughts of a whole number may stand for what was rounded away.
        let noughts = match mantissa.contains('.') {
            true => 0,
            false => significant.len() - significant.trim_end_matches('0').len(),
        };
        let shown = significant.trim_start_matches('0').len().saturating_sub(noughts);
        Some(Precision {
            decimals: i32::try_from(fraction).ok()?.checked_sub(exponent)?.checked_sub(i32::try_from(noughts).ok()?)?,
            enough: shown >= ENOUGH_DIGITS || (exponent == 0 && fraction >= ENOUGH_DIGITS),
            round: match () {
                () if shown == 0 => Round::No,
                () if exponent != 0 => Round::Exponent,
                () if noughts > 0 && shown > 1 => Round::Noughts,
                () => Round::No,
            },
        })
    }
}

/// Compares a found number with the right one. `written` says how a plain number was written; what was computed by an
/// expression has no precision of its own.
pub fn compare(found: &Number, written: Option<Precision>, right: &Number, tolerance: &Tolerance) -> Closeness {
    if found.is_exact() && right.is_exact() && found == right {
        return Closeness::Same;
    }
    let (value, target) = (found.to_f64(), right.to_f64());
    let error = (value - target).abs();
    if !error.is_finite() {
        return Closeness::Off;
    }
    if !(found.is_exact() && right.is_exact()) && error <= SAME * target.abs().max(SAME) {
        return Closeness::Same;
    }
    let slack = error * (1.0 - SAME);
    let within = |bound: f64| if slack <= bound { Closeness::Rounded } else { Closeness::Off };
    match tolerance {
        Tolerance::Absolute(bound) => within(bound.to_f64()),
        Tolerance::Relative(share) => within(share.to_f64() * target.abs()),
        Tolerance::Digits(digits) => within(half_unit(target, *digits)),
        Tolerance::ByHand => by_hand(slack, written, right, target),
    }
}

/// What the third decimal place of a number means: of a small one, its thousandth part.
fn small(target: f64) -> f64 {
    if target.abs() >= 0.1 { 1.0 } else { target.abs() }
}

/// Half a unit of the last of so many significant digits.
fn half_unit(target: f64, digits: usize) -> f64 {
    let leading = if target == 0.0 { 0.0 } else { libm::floor(libm::log10(target.abs())) };
    0.5 * libm::pow(10.0, leading - digits as f64 + 1.0)
}

/// The default: a whole number exactly; another to the third decimal place or the third significant digit.
fn by_hand(error: f64, written: Option<Precision>, right: &Number, target: f64) -> Closeness {
    if right.to_integer().is_some() {
        let half = written.map(|written| 0.5 * libm::pow(10.0, -f64::from(written.decimals)));
        let near = half.is_some_and(|half| error <= half);
        return match written.map(|written| (written.round, written.enough)) {
            Some((Round::Exponent, true)) if near => Closeness::Rounded,
            Some((Round::Exponent | Round::Noughts, _)) if near => Closeness::Coarse,
            Some(_) | None => Closeness::Off,
        };
    }
    let Some(written) = written else {
        return if error <= BY_HAND * target.abs().min(1.0) { Closeness::Rounded } else { Closeness::Off };
    };
    let half = 0.5 * libm::pow(10.0, -f64::from(written.decimals));
    let precise = written.enough;
    match () {
        () if error <= half && precise => Closeness::Rounded,
        // A last digit that is off by one: what was carried along was rounded.
        () if precise && error <= BY_HAND * small(target) && right.to_integer().is_none() => Closeness::Rounded,
        () if error <= half => Closeness::Coarse,
        () => Closeness::Off,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_hand(found: &str, right: &str) -> Closeness {
        let right = right
            .strip_prefix('~')
            .map_or_else(|| Number::parse(right).unwrap(), |right| Number::approx(right.parse().unwrap()));
        compare(&Number::parse(found).unwrap(), Precision::of(found), &right, &Tolerance::ByHand)
    }

    #[test]
    fn whole_numbers_are_exact_and_others_right_to_the_third_place() {
        for (found, right, expected) in [
            ("1000", "1000", Closeness::Same),
            ("1000.0", "1000", Closeness::Same),
            ("1001", "1000", Closeness::Off),
            ("1000.4", "1000", Closeness::Off),
            ("402.57", "402.57", Closeness::Same),
            ("402.6", "402.57", Closeness::Rounded),
            ("402.5", "402.57", Closeness::Off),
            ("403", "402.57", Closeness::Rounded),
            ("400", "402.57", Closeness::Coarse),
            ("410", "402.57", Closeness::Off),
            ("0.333", "~0.3333333333", Closeness::Rounded),
            ("0.33", "~0.3333333333", Closeness::Coarse),
            ("0.3", "~0.3333333333", Closeness::Coarse),
            ("0.732", "~0.7311", Closeness::Rounded),
            ("0.735", "~0.7311", Closeness::Off),
            ("0.000", "~0.0002", Closeness::Rounded),
            ("0", "~0.3", Closeness::Coarse),
            ("34900", "34944", Closeness::Coarse),
            ("34950", "34944", Closeness::Off),
            ("-447.3", "447.3", Closeness::Off),
            ("1.23e4", "12345", Closeness::Rounded),
            ("5.2e-10", "~5.2311e-10", Closeness::Coarse),
            ("5.23e-10", "~5.2311e-10", Closeness::Rounded),
            ("5.24e-10", "~5.2311e-10", Closeness::Off),
        ] {
            assert_eq!(by_hand(found, right), expected, "{found} for {right}");
        }
    }

    #[test]
    fn a_stated_tolerance_is_the_only_rule() {
        let near = |tolerance: Tolerance| compare(&Number::integer(101), None, &Number::integer(100), &tolerance);
        assert_eq!(near(Tolerance::Absolute(Number::integer(1))), Closeness::Rounded);
        assert_eq!(near(Tolerance::Absolute(Number::ratio(1, 2))), Closeness::Off);
        assert_eq!(near(Tolerance::Relative(Number::ratio(1, 100))), Closeness::Rounded);
        assert_eq!(near(Tolerance::Digits(2)), Closeness::Rounded);
        assert_eq!(near(Tolerance::Digits(3)), Closeness::Off);
    }
}
