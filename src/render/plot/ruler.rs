//! An axis with its ticks: at 1, 2 or 5 times a power of ten, or at powers of ten.

use crate::math::Math;
use crate::render::drawing::Label;
use crate::tasks::plot::{Axis, Scale};

/// An axis as it is drawn.
#[derive(Clone, Debug)]
pub struct Ruler {
    pub from: f64,
    pub to: f64,
    pub scale: Scale,
    pub ticks: Vec<Tick>,
    /// What the axis shows.
    pub label: Option<Label>,
    /// The author's words for it.
    pub words: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub label: Label,
}

/// An axis whose numbers are all smaller or larger is written with a power of ten.
const SHORT: f64 = 1e-3;
const LONG: f64 = 1e6;
/// TeX counts in numbers of about six digits.
const TEX_DIGITS: f64 = 1e-4;
const TEX_RANGE: std::ops::Range<f64> = 1e-12..1e12;
/// At most so many powers of ten have a tick each.
const DECADES: i32 = 8;

impl Ruler {
    /// An axis with about so many ticks; only at whole numbers if it counts something.
    pub fn of(axis: &Axis, ticks: usize, whole: bool, label: Option<Label>, words: Option<String>) -> Ruler {
        let (from, to) = (axis.from, axis.to);
        let ticks = if whole { ticks.min((to - from) as usize) } else { ticks };
        let marked = match axis.scale {
            Scale::Linear => linear(from, to, ticks),
            Scale::Log => powers(from, to, ticks),
        };
        Ruler { from, to, scale: axis.scale, ticks: marked, label, words }
    }

    /// Where a number is: 0 at the beginning of the axis, 1 at its end. None where a logarithm does not reach.
    pub fn part(&self, value: f64) -> Option<f64> {
        let part = match self.scale {
            Scale::Linear => (value - self.from) / (self.to - self.from),
            Scale::Log if value > 0.0 => (value / self.from).log10() / (self.to / self.from).log10(),
            Scale::Log => return None,
        };
        part.is_finite().then_some(part)
    }

    /// Whether TeX has too few digits for the numbers of the axis.
    pub fn is_fine(&self) -> bool {
        let (extent, largest) = (self.to - self.from, self.from.abs().max(self.to.abs()));
        self.scale == Scale::Linear && (extent < TEX_DIGITS * largest || !TEX_RANGE.contains(&extent))
    }

    /// The number at a part of the axis.
    pub fn value(&self, part: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.from + part * (self.to - self.from),
            Scale::Log => self.from * (self.to / self.from).powf(part),
        }
    }
}

/// The step of 1, 2 or 5 times a power of ten that gives about so many ticks.
fn step(extent: f64, ticks: usize) -> f64 {
    let rough = extent / ticks.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough * 0.999).unwrap_or(10.0);
    factor * power
}

fn linear(from: f64, to: f64, ticks: usize) -> Vec<Tick> {
    let step = step(to - from, ticks);
    let slack = step * 1e-6;
    let first = ((from - slack) / step).ceil();
    let places = (0..=4 * ticks).map(|place| (first + place as f64) * step).take_while(|at| *at <= to + slack);
    let largest = from.abs().max(to.abs());
    places.map(|at| Tick { at, label: written(at, step, largest) }).collect()
}

/// A tick's number, with as many decimals as the step has.
fn written(at: f64, step: f64, largest: f64) -> Label {
    let at = if at.abs() < step / 2.0 { 0.0 } else { at };
    if at == 0.0 {
        return Label::new(Math::number(0));
    }
    if !(SHORT..LONG).contains(&largest) {
        let exponent = largest.log10().floor();
        let unit = 10f64.powf(exponent);
        let text = fixed(at / unit, decimals(step / unit));
        return with_power(&text, exponent as i32);
    }
    let text = fixed(at, decimals(step));
    Label::new(Math::Number(text))
}

fn decimals(step: f64) -> usize {
    (0..12)
        .find(|places| (step * 10f64.powi(*places) - (step * 10f64.powi(*places)).round()).abs() < 1e-6)
        .unwrap_or(12) as usize
}

fn fixed(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}")
}

/// `2·10⁵`
fn with_power(mantissa: &str, exponent: i32) -> Label {
    Label::new(Math::Number(format!("{mantissa}e{exponent}")))
}

fn powers(from: f64, to: f64, ticks: usize) -> Vec<Tick> {
    let (first, last) = ((from.log10() - 1e-9).ceil() as i32, (to.log10() + 1e-9).floor() as i32);
    if last - first < 1 {
        return within_a_decade(from, to, ticks);
    }
    let every = (last - first).div_euclid(DECADES) + 1;
    let marked = (first..=last).filter(|exponent| exponent.rem_euclid(every) == 0);
    let label = |exponent: i32| Label::new(Math::number(10).to(Math::number(exponent)));
    marked.map(|exponent| Tick { at: 10f64.powi(exponent), label: label(exponent) }).collect()
}

/// At 1, 2 and 5 times a power of ten, or, where even that leaves fewer than two, at equal distances.
fn within_a_decade(from: f64, to: f64, ticks: usize) -> Vec<Tick> {
    let (first, last) = (from.log10().floor() as i32, to.log10().ceil() as i32);
    let places = (first..=last).flat_map(|exponent| [1.0, 2.0, 5.0].map(|factor| factor * 10f64.powi(exponent)));
    let inside: Vec<f64> = places.filter(|at| (from..=to).contains(at)).collect();
    if inside.len() < 2 {
        return linear(from, to, ticks);
    }
    inside.iter().map(|at| Tick { at: *at, label: written(*at, 10f64.powf(at.log10().floor()), to) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::write::{Style, write};

    fn ticks(from: f64, to: f64, scale: Scale) -> Vec<String> {
        let axis = Axis { shows: Vec::new(), from, to, scale };
        Ruler::of(&axis, 6, false, None, None)
            .ticks
            .into_iter()
            .map(|tick| write(&tick.label.math, Style::Latex))
            .collect()
    }

    #[test]
    fn ticks_are_at_one_two_and_five() {
        assert_eq!(ticks(6.0, 13.0, Scale::Linear), ["6", "8", "10", "12"]);
        assert_eq!(ticks(0.0, 1884.0, Scale::Linear), ["0", "500", "1000", "1500"]);
        assert_eq!(ticks(-0.31, 0.31, Scale::Linear), ["-0.2", "0", "0.2"]);
        assert_eq!(ticks(0.0, 0.3, Scale::Linear), ["0", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]);
        assert_eq!(ticks(0.0, 5e6, Scale::Linear)[1], "1\\cdot 10^{6}");
        assert_eq!(ticks(0.0, 3e-7, Scale::Linear)[1], "0.5\\cdot 10^{-7}");
    }

    #[test]
    fn a_logarithmic_axis_has_powers_of_ten() {
        assert_eq!(ticks(1e-4, 1e3, Scale::Log).len(), 8);
        assert_eq!(ticks(1e-30, 1.0, Scale::Log).first().map(String::as_str), Some("10^{-28}"));
        assert_eq!(ticks(1.5, 60.0, Scale::Log), ["2", "5", "10", "20", "50"]);
    }

    #[test]
    fn a_place_is_a_part_of_the_axis() {
        let axis = |scale| Axis { shows: Vec::new(), from: 0.01, to: 100.0, scale };
        assert_eq!(Ruler::of(&axis(Scale::Log), 5, false, None, None).part(1.0), Some(0.5));
        assert_eq!(Ruler::of(&axis(Scale::Log), 5, false, None, None).part(0.0), None);
        assert_eq!(Ruler::of(&axis(Scale::Linear), 5, false, None, None).part(0.01), Some(0.0));
    }
}
