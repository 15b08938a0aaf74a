//! From where to where an axis goes.

use super::Quantity;
use super::curve::Samples;

/// One axis: what it shows, and its ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Several where several are drawn over one axis.
    pub shows: Vec<Quantity>,
    pub from: f64,
    pub to: f64,
    pub scale: Scale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    Linear,
    Log,
}

/// What is left free on each side of the data, as a part of their extent.
const MARGIN: f64 = 0.05;
/// An axis begins at 0 if the smallest value is no larger than this part of the largest.
const NEAR_ZERO: f64 = 0.25;
/// An extreme value lies at a pole if the values beside it, looked at so much closer, are larger by this factor.
const CLOSER: usize = 40;
const LARGER: f64 = 3.0;

/// The ends of an axis around these values: 0 where it is near, and a margin elsewhere.
pub(super) fn around(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let ends = values.fold(None, |ends: Option<(f64, f64)>, value| match ends {
        Some((low, high)) => Some((low.min(value), high.max(value))),
        None => Some((value, value)),
    });
    let Some((low, high)) = ends else { return (0.0, 1.0) };
    if low == high {
        let half = if low == 0.0 { 1.0 } else { low.abs() / 2.0 };
        return (low - half, high + half);
    }
    let margin = MARGIN * (high - low);
    let from = if low >= 0.0 && low <= NEAR_ZERO * high { 0.0 } else { low - margin };
    let to = if high <= 0.0 && high >= NEAR_ZERO * low { 0.0 } else { high + margin };
    (from, to)
}

/// The least and the largest of the samples that are worth a picture: at a pole the values are cut off, since they would
/// leave nothing to see of the others.
pub(super) fn extremes(samples: &Samples, value: &mut dyn FnMut(f64) -> Option<f64>) -> Vec<f64> {
    let defined: Vec<(usize, f64)> =
        samples.iter().enumerate().filter_map(|(place, (_, value))| Some((place, (*value)?))).collect();
    let mut sorted: Vec<f64> = defined.iter().map(|(_, value)| *value).collect();
    sorted.sort_by(f64::total_cmp);
    let inner = |part: f64| sorted[((sorted.len() - 1) as f64 * part).round() as usize];
    let low = defined.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let high = defined.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let (Some(low), Some(high)) = (low, high) else { return Vec::new() };
    let beyond = (inner(0.95) - inner(0.05)) / 4.0;
    let low_end = if is_pole(samples, *low, value) { (inner(0.05) - beyond).max(low.1) } else { low.1 };
    let high_end = if is_pole(samples, *high, value) { (inner(0.95) + beyond).min(high.1) } else { high.1 };
    vec![low_end, high_end]
}

/// Whether the values between a sample and its neighbours are far beyond the sample.
fn is_pole(samples: &Samples, (place, at_sample): (usize, f64), value: &mut dyn FnMut(f64) -> Option<f64>) -> bool {
    let (from, to) = (samples[place.saturating_sub(1)].0, samples[(place + 1).min(samples.len() - 1)].0);
    // An odd number of places, so that none of them is the middle.
    let near = (1..CLOSER).map(|turn| from + (to - from) * turn as f64 / CLOSER as f64 * 0.999_7);
    let found = near.filter_map(value).filter(|value| value.signum() == at_sample.signum());
    found.fold(0.0, |largest: f64, value| largest.max(value.abs())) > LARGER * at_sample.abs()
}

#[cfg(test)]
mod tests {
    use super::{around, extremes};
    use crate::tasks::plot::spaced;

    fn of(function: impl Fn(f64) -> Option<f64>, from: f64, to: f64) -> Vec<f64> {
        let samples = spaced(from, to, 201).into_iter().map(|x| (x, function(x))).collect();
        extremes(&samples, &mut |x| function(x))
    }

    #[test]
    fn an_axis_begins_at_zero_where_that_is_near() {
        assert_eq!(around([0.1, 4.0, 10.0].into_iter()).0, 0.0);
        let (from, to) = around([9.0, 10.0].into_iter());
        assert!((from - 8.95).abs() < 1e-12 && (to - 10.05).abs() < 1e-12);
        assert_eq!(around([-10.0, -1.0].into_iter()).1, 0.0);
        assert_eq!(around([3.0].into_iter()), (1.5, 4.5));
        assert_eq!(around([].into_iter()), (0.0, 1.0));
    }

    #[test]
    fn a_pole_is_cut_off_and_a_peak_is_not() {
        let pole = of(|x| (x != 0.0).then(|| 1.0 / x), -2.0, 2.0);
        assert!(pole[0] > -20.0 && pole[1] < 20.0 && pole[1] > 5.0, "{pole:?}");
        let square = of(|x| Some(1.0 / (x - 0.123).powi(2)), -2.0, 2.0);
        assert!(square[0] < 0.3 && square[1] < 200.0, "{square:?}");
        assert_eq!(of(|x| Some((-1000.0 * x * x).exp()), -3.0, 3.0)[1], 1.0);
        assert_eq!(of(|x| Some(x * x), -3.0, 2.0), [0.0, 9.0]);
        assert!(of(|_| None, 0.0, 1.0).is_empty());
    }
}
