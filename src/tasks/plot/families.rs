//! Families that are fitted to a table: their curves through its rows, and their losses by degree.

use super::curve::{Samples, pieces};
use super::descent::{Done, vertical};
use super::range::{around, extremes};
use super::{Axis, Drawn, Plot, Quantity, SAMPLES, Scale, Series, SeriesName, SeriesStyle, Unplottable, Work, spaced};
use crate::answer::{FitResult, Section};
use crate::fit::{Best, basis};
use crate::graph::NodeId;
use crate::model::{Family, Point};
use crate::number::Number;

/// Of more families only the first, the one to choose and the last are drawn.
const DRAWN: usize = 4;

fn fits(done: &Done) -> Vec<&FitResult> {
    let found = done.iter().filter_map(|section| match section {
        Some(Section::Fit(result)) => Some(result.as_ref()),
        Some(_) | None => None,
    });
    found.collect()
}

impl Work<'_> {
    /// The rows of a table, those that are held out apart, and the curves that are fitted to them.
    pub(super) fn families(
        &self,
        of: &[NodeId],
        over: NodeId,
        range: Option<&(Number, Number)>,
        done: &Done,
    ) -> Result<Plot, Unplottable> {
        let fits = fits(done);
        let found = fits.iter().find(|result| result.fit.over == over && of == [result.fit.of]);
        let result = found.ok_or(Unplottable::NoFit)?;
        let points = self.points_of(of, over, Some(&Point::new()))?.concat();
        let rows = || points.iter().map(|(x, _)| *x);
        let inner = rows().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let ends = range.map_or_else(|| around(rows()), |(from, to)| (from.to_f64(), to.to_f64()));
        // Beyond the data a polynomial leaves the picture.
        let drawn = if range.is_some() { ends } else { inner };
        let mut values: Vec<f64> = points.iter().map(|(_, y)| *y).collect();
        let mut curves = Vec::new();
        for (family, best) in shown(result) {
            let mut value = |x: f64| predicted(family, best, x);
            let samples: Samples = spaced(drawn.0, drawn.1, SAMPLES).into_iter().map(|x| (x, value(x))).collect();
            values.extend(extremes(&samples, &mut value));
            curves.push((SeriesName::Family(family.clone()), samples));
        }
        let (low, high) = around(values.into_iter());
        let quantity = Quantity::Value(result.fit.of);
        let mut series = Vec::new();
        for held_out in [false, true] {
            let part = points.iter().enumerate().filter(|(row, _)| result.fit.held_out.contains(row) == held_out);
            let part: Vec<(f64, f64)> = part.map(|(_, point)| *point).collect();
            if !part.is_empty() {
                let name = SeriesName::Rows { of: quantity.clone(), held_out };
                let style = SeriesStyle::points(usize::from(held_out));
                series.push(Series { name, shape: Drawn::Points(part), style });
            }
        }
        series.extend(curves.into_iter().enumerate().map(|(place, (name, samples))| Series {
            name,
            shape: Drawn::Curve(pieces(&samples, ends, (low, high))),
            style: SeriesStyle::curve(place),
        }));
        let axis = |shows, (from, to)| Axis { shows: vec![shows], from, to, scale: Scale::Linear };
        Ok(Plot { horizontal: axis(Quantity::Value(over), ends), vertical: axis(quantity, (low, high)), series })
    }
}

/// The families that are drawn, with their curves.
fn shown(result: &FitResult) -> Vec<(&Family, &Best)> {
    let all: Vec<(usize, &Family, &Best)> = result
        .fitted
        .iter()
        .enumerate()
        .filter_map(|(place, fitted)| Some((place, &fitted.family, fitted.curve.as_ref()?)))
        .collect();
    let last = all.len().saturating_sub(1);
    let chosen = result.chosen();
    let is_shown = |place: usize, own: usize| all.len() <= DRAWN || place == 0 || place == last || Some(own) == chosen;
    let shown = all.iter().enumerate().filter(|(place, (own, ..))| is_shown(*place, *own));
    shown.map(|(_, (_, family, best))| (*family, *best)).collect()
}

fn predicted(family: &Family, best: &Best, x: f64) -> Option<f64> {
    // The exact number of the same digits: a rounded one has no powers below 0.
    let functions = basis(family, &Number::parse(&format!("{x}")).ok()?).ok()?;
    let terms = functions.iter().zip(&best.coefficients).map(|(function, factor)| function.to_f64() * factor.to_f64());
    Some(terms.sum::<f64>()).filter(|value| value.is_finite())
}

/// The losses of polynomials by their degrees, on the rows that they learn from and on those that are held out.
pub(super) fn per_degree(done: &Done) -> Result<Plot, Unplottable> {
    let mut series = Vec::new();
    for result in fits(done) {
        for held_out in [false, true] {
            let points = result.fitted.iter().filter_map(|fitted| {
                let Family::Polynomial(degree) = fitted.family else { return None };
                let best = fitted.curve.as_ref()?;
                let loss = if held_out { best.held_out.as_ref()? } else { &best.training };
                Some((degree as f64, loss.to_f64()))
            });
            let mut points: Vec<(f64, f64)> = points.collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            if points.len() > 1 {
                let name = SeriesName::Rows { of: Quantity::Loss, held_out };
                let shape = Drawn::Path { points, steps: Vec::new() };
                series.push(Series { name, shape, style: SeriesStyle::descent(series.len()) });
            }
        }
    }
    let degrees = || series.iter().flat_map(|series| series.shape.points()).map(|(degree, _)| degree);
    let (from, to) = (degrees().fold(f64::INFINITY, f64::min), degrees().fold(0.0, f64::max));
    if series.is_empty() {
        return Err(Unplottable::NoFit);
    }
    let horizontal = Axis { shows: vec![Quantity::Degree], from, to, scale: Scale::Linear };
    let vertical = vertical(vec![Quantity::Loss], &series, &[]);
    Ok(Plot { horizontal, vertical, series })
}
