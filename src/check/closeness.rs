//! Whether a number that someone computed by hand is the right one.

use crate::model::Tolerance;
use crate::number::Number;

/// Digits that a number is right to: the third decimal place, or the third significant digit.
const DIGITS: usize = 3;
/// By hand the third decimal place may differ by one.
const BY_HAND: f64 = 1e-3;
/// What one decimal place may differ by.
const COARSE: f64 = 0.05;
/// From here on the third decimal place of a number says enough of it.
const FULL: f64 = 0.1;
/// Of numbers that are all small the third decimal place says next to nothing: what is let pass is at most this share of
/// the largest.
const TELLING: f64 = 0.05;
/// Below this the third decimal place of the largest says nothing.
const SMALL: f64 = 0.005;
/// Two doubles that were computed in different ways.
const SAME: f64 = 1e-9;

/// How a found number stands to the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    Same,
    /// The right one, rounded.
    Rounded,
    /// As near as the right one rounded to one digit less than is asked for.
    Coarse,
    Off,
}

/// Compares a found number with the right one; `scale` is the largest entry of the right answer. Only the distance counts,
/// however the number is written, so that a nearer one is never worth less.
pub fn compare(found: &Number, right: &Number, scale: f64, tolerance: &Tolerance) -> Closeness {
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
    let error = error * (1.0 - SAME);
    match tolerance {
        Tolerance::ByHand => by_hand(error, right, target, scale),
        _ if error <= slack(right, scale, tolerance) => Closeness::Rounded,
        _ => Closeness::Off,
    }
}

/// The distance up to which a number counts as the right one, rounded; 0 where it has to be that.
pub fn slack(right: &Number, scale: f64, tolerance: &Tolerance) -> f64 {
    let target = right.to_f64();
    match tolerance {
        Tolerance::Absolute(bound) => bound.to_f64(),
        Tolerance::Relative(share) => share.to_f64() * target.abs(),
        Tolerance::Digits(digits) => half_unit(target, *digits),
        Tolerance::ByHand if right.to_integer().is_some() => 0.0,
        Tolerance::ByHand => by_hand_bound(target, scale),
    }
}

/// Half a unit of the last of so many significant digits.
fn half_unit(target: f64, digits: usize) -> f64 {
    let leading = if target == 0.0 { return 0.0 } else { libm::floor(libm::log10(target.abs())) };
    0.5 * libm::pow(10.0, leading - digits as f64 + 1.0)
}

fn by_hand_bound(target: f64, scale: f64) -> f64 {
    let place = if target.abs() >= FULL { BY_HAND } else { 0.5 * BY_HAND };
    let telling = if scale >= SMALL { TELLING * scale } else { 0.0 };
    half_unit(target, DIGITS).max(place.min(telling))
}

/// The default: a whole number exactly; another to the third decimal place or the third significant digit, whichever is
/// kinder.
fn by_hand(error: f64, right: &Number, target: f64, scale: f64) -> Closeness {
    let whole = right.to_integer().is_some();
    let bound = by_hand_bound(target, scale);
    // Neither 0 nor 1 is a rounded number.
    let guessed = target.abs().min((target - 1.0).abs()).min((target + 1.0).abs());
    let coarse = match whole {
        true => half_unit(target, DIGITS),
        false => half_unit(target, DIGITS - 1).max(half_unit(target, 1).min(COARSE)),
    };
    match () {
        () if !whole && error <= bound => Closeness::Rounded,
        () if error < coarse && error < guessed * (1.0 - 1e-6) => Closeness::Coarse,
        () => Closeness::Off,
    }
}

/// Whether a number that is written so is the right one with digits left away, however many: `400` or `4e2` for 402.57.
/// One digit is no shorter form of a whole number.
pub fn is_shortened(text: &str, found: f64, right: f64) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().unwrap_or(0)),
        None => (text, 0),
    };
    let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    // The last noughts of a whole number may stand for what was rounded away.
    let digits = mantissa.len() - mantissa.trim_end_matches('0').len();
    let noughts = if fraction > 0 || digits == mantissa.len() { 0 } else { digits };
    let shown = mantissa.trim_matches(['0', '.']).len();
    if right.fract() == 0.0 && shown < 2 {
        return found == right;
    }
    let decimals = fraction as f64 - f64::from(exponent) - noughts as f64;
    (found - right).abs() <= 0.5 * libm::pow(10.0, -decimals) * (1.0 + SAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_hand(found: &str, right: &str) -> Closeness {
        let right = right
            .strip_prefix('~')
            .map_or_else(|| Number::parse(right).unwrap(), |right| Number::approx(right.parse().unwrap()));
        compare(&Number::parse(found).unwrap(), &right, right.to_f64().abs(), &Tolerance::ByHand)
    }

    #[test]
    fn whole_numbers_are_exact_and_others_right_to_the_third_place() {
        for (found, right, expected) in [
            ("1000", "1000", Closeness::Same),
            ("1000.0", "1000", Closeness::Same),
            ("1006", "1000", Closeness::Off),
            ("33", "32", Closeness::Off),
            ("402.57", "402.57", Closeness::Same),
            ("402.6", "402.57", Closeness::Rounded),
            ("402.5", "402.57", Closeness::Rounded),
            ("403", "402.57", Closeness::Rounded),
            ("400", "402.57", Closeness::Coarse),
            ("410", "402.57", Closeness::Off),
            ("12345", "12345.678", Closeness::Rounded),
            ("4.966", "4.97", Closeness::Rounded),
            ("5", "4.97", Closeness::Coarse),
            ("0", "4.97", Closeness::Off),
            ("0.333", "~0.3333333333", Closeness::Rounded),
            ("0.33", "~0.3333333333", Closeness::Coarse),
            ("0.3", "~0.3333333333", Closeness::Coarse),
            ("0.732", "~0.7311", Closeness::Rounded),
            ("0.735", "~0.7311", Closeness::Coarse),
            ("0.009", "~0.009013", Closeness::Rounded),
            ("0.000", "~0.0002", Closeness::Off),
            ("0", "~0.3", Closeness::Off),
            ("1", "~1.03", Closeness::Off),
            ("34900", "34944", Closeness::Coarse),
            ("34950", "34944", Closeness::Coarse),
            ("-447.3", "447.3", Closeness::Off),
            ("1.23e4", "12345", Closeness::Coarse),
            ("5.2e-10", "~5.2311e-10", Closeness::Coarse),
            ("5.23e-10", "~5.2311e-10", Closeness::Rounded),
        ] {
            assert_eq!(by_hand(found, right), expected, "{found} for {right}");
        }
    }

    #[test]
    fn a_nearer_number_is_never_worth_less() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let right = Number::approx((random.f64() - 0.5) * libm::pow(10.0, random.f64() * 8.0 - 4.0));
            let target = right.to_f64();
            let error = target.abs() * libm::pow(10.0, -4.0 * random.f64());
            let side = if random.bool() { error } else { -error };
            let (nearer, farther) = (target + random.f64() * side, target + side);
            let close = |found: f64| compare(&Number::approx(found), &right, target.abs(), &Tolerance::ByHand);
            assert!(close(nearer) <= close(farther), "{target} {error}");
        }
    }

    #[test]
    fn what_is_left_away_is_told_from_the_spelling() {
        for (text, right, shortened) in [
            ("400", 402.57, true),
            ("4e2", 402.57, true),
            ("1", 0.6, true),
            ("0.0", 0.04, true),
            ("0", 0.6, false),
            ("410", 402.57, false),
            ("402", 402.57, false),
            ("0.3", 1.0 / 3.0, true),
        ] {
            assert_eq!(is_shortened(text, text.parse().unwrap(), right), shortened, "{text} for {right}");
        }
    }

    #[test]
    fn a_stated_tolerance_is_the_only_rule() {
        let near = |tolerance: Tolerance| compare(&Number::integer(101), &Number::integer(100), 100.0, &tolerance);
        assert_eq!(near(Tolerance::Absolute(Number::integer(1))), Closeness::Rounded);
        assert_eq!(near(Tolerance::Absolute(Number::ratio(1, 2))), Closeness::Off);
        assert_eq!(near(Tolerance::Relative(Number::ratio(1, 100))), Closeness::Rounded);
        assert_eq!(near(Tolerance::Digits(2)), Closeness::Rounded);
        assert_eq!(near(Tolerance::Digits(3)), Closeness::Off);
    }
}
