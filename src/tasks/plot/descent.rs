//! The steps of descents: on a loss curve with their tangents, over level lines, and one after the other.

use super::range::around;
use super::{Axis, Drawn, Plot, Quantity, Scale, Series, SeriesName, SeriesStyle, Unplottable, Work, leaf};
use crate::answer::{DescentResult, MinimumResult, Section, environment};
use crate::graph::NodeId;
use crate::limits::PLOT_POINTS;
use crate::model::{Free, Point, StepValue, Target};
use crate::tensor::Tensor;

/// Tangents are drawn at so many first steps.
const TANGENTS: usize = 3;
/// Values from one end to the other by this factor want a logarithmic axis.
const WIDE: f64 = 100.0;

/// The sections that are done: what a picture can show of descents and minima.
pub type Done = [Option<Section>];

/// Each descent with its task, counted from 1.
fn descents(done: &Done) -> Vec<(usize, &DescentResult)> {
    let found = done.iter().enumerate().filter_map(|(place, section)| match section {
        Some(Section::Descent(result)) => Some((place + 1, result.as_ref())),
        Some(_) | None => None,
    });
    found.collect()
}

fn minima(done: &Done) -> Vec<&MinimumResult> {
    let found = done.iter().filter_map(|section| match section {
        Some(Section::Minimum(result)) => Some(result.as_ref()),
        Some(_) | None => None,
    });
    found.collect()
}

/// A descent as it goes over the axes.
struct Way {
    task: usize,
    /// The step, where it stands, and the parameters as a point.
    steps: Vec<(usize, Vec<f64>, Point)>,
}

impl Work<'_> {
    /// Where each descent of the problem ended.
    pub(super) fn ends_of_descents(&self, done: &Done) -> Vec<Point> {
        let ends = descents(done).into_iter().filter_map(|(_, result)| {
            let last = result.path.rows.last()?;
            Some(self.at_params(&result.descent.params, &last.params))
        });
        ends.collect()
    }

    /// Where each loss is least.
    pub(super) fn places_of_minima(&self, done: &Done) -> Vec<Point> {
        minima(done).into_iter().map(|result| self.at_params(&result.params, &result.minimum)).collect()
    }

    fn at_params(&self, params: &[NodeId], values: &[Tensor<crate::number::Number>]) -> Point {
        let leaves = params
            .iter()
            .zip(values)
            .filter_map(|(param, value)| Some((leaf(&self.model.graph, *param)?, value.clone())));
        leaves.collect()
    }

    /// The descents of a loss that move just these numbers.
    fn ways(&self, loss: NodeId, free: &[Free], done: &Done) -> Result<Vec<Way>, Unplottable> {
        let moves = |result: &DescentResult| {
            let entries: usize =
                result.descent.params.iter().map(|param| super::entries_of(&self.model.graph, *param)).sum();
            result.descent.loss == loss
                && entries == free.len()
                && free.iter().all(|free| result.descent.params.contains(&free.of))
        };
        let found: Vec<Way> = descents(done)
            .into_iter()
            .filter(|(_, result)| moves(result))
            .map(|(task, result)| Way { task, steps: self.steps(result, free) })
            .collect();
        if found.is_empty() { Err(Unplottable::NoDescent) } else { Ok(found) }
    }

    fn steps(&self, result: &DescentResult, free: &[Free]) -> Vec<(usize, Vec<f64>, Point)> {
        let number = |free: &Free, values: &[Tensor<crate::number::Number>]| {
            let place = result.descent.params.iter().position(|param| *param == free.of)?;
            let value = values.get(place)?;
            let index: Vec<usize> = free.entry.iter().map(|place| place - 1).collect();
            let entry = if index.len() == value.rank() { value.at(&index) } else { value.first() };
            Some(entry.to_f64())
        };
        let rows = result.path.rows.iter().map(|row| {
            let at: Option<Vec<f64>> = free.iter().map(|free| number(free, &row.params)).collect();
            Some((row.step, at?, self.at_params(&result.descent.params, &row.params)))
        });
        rows.flatten().collect()
    }

    /// The steps of descents on a loss curve, and tangents at the first of them.
    pub(super) fn on_curve(
        &mut self,
        of: Target,
        over: &Free,
        at: &Point,
        done: &Done,
    ) -> Result<Vec<Series>, Unplottable> {
        let loss = of.root();
        let ways = self.ways(loss, std::slice::from_ref(over), done)?;
        let slope = self.node(Target::Gradient { of: over.of, loss });
        let alone = ways.len() == 1;
        let mut series = Vec::new();
        for (place, way) in ways.into_iter().enumerate() {
            let (mut points, mut steps, mut tangents) = (Vec::new(), Vec::new(), Vec::new());
            for (step, numbers, params) in &way.steps {
                let here: Point = at.iter().chain(params).cloned().collect();
                let values = self.model.graph.evaluate::<f64>(&[loss, slope], &environment(&self.model, Some(&here)));
                let Ok(values) = values else { continue };
                let value = |id: NodeId| values.get(id).map(|value| *value.first());
                let (Some(value), Some(slope)) = (value(loss), value(slope)) else { continue };
                points.push((numbers[0], value));
                steps.push(*step);
                if tangents.len() < TANGENTS && value.is_finite() && slope.is_finite() {
                    tangents.push(((numbers[0], value), slope));
                }
            }
            let style = SeriesStyle::descent(place);
            series.push(Series { name: SeriesName::Tangents, shape: Drawn::Tangents(tangents), style });
            let name = SeriesName::Descent { quantity: None, task: way.task, alone };
            series.push(Series { name, shape: Drawn::Steps { points, steps }, style });
        }
        Ok(series)
    }

    /// The paths of descents over level lines.
    pub(super) fn over_levels(&self, of: Target, over: &[Free; 2], done: &Done) -> Result<Vec<Series>, Unplottable> {
        let ways = self.ways(of.root(), over, done)?;
        let alone = ways.len() == 1;
        let series = ways.into_iter().enumerate().map(|(place, way)| Series {
            name: SeriesName::Descent { quantity: None, task: way.task, alone },
            shape: Drawn::Path {
                points: way.steps.iter().map(|(_, numbers, _)| (numbers[0], numbers[1])).collect(),
                steps: way.steps.iter().map(|(step, ..)| *step).collect(),
            },
            style: SeriesStyle::descent(place),
        });
        Ok(series.collect())
    }

    /// Numbers at the steps of each descent.
    pub(super) fn per_step(&mut self, of: &[StepValue], done: &Done) -> Result<Plot, Unplottable> {
        let results: Vec<(usize, DescentResult)> =
            descents(done).into_iter().map(|(task, result)| (task, result.clone())).collect();
        let alone = results.len() == 1;
        let mut series = Vec::new();
        let mut stops: Vec<f64> = Vec::new();
        for value in of {
            let quantity = quantity(value);
            for (task, result) in &results {
                let points = self.values_at_steps(value, result);
                if let (StepValue::Norm { of, .. }, Some((places, below))) = (value, &result.descent.stop.below)
                    && places.iter().filter_map(|place| result.descent.params.get(*place)).eq(of)
                {
                    stops.push(below.to_f64());
                }
                let name = SeriesName::Descent { quantity: Some(quantity.clone()), task: *task, alone };
                let shape = Drawn::Path { points: thinned(points), steps: Vec::new() };
                series.push(Series { name, shape, style: SeriesStyle::descent(series.len()) });
            }
        }
        stops.sort_by(f64::total_cmp);
        stops.dedup();
        let vertical = vertical(of.iter().map(quantity).collect(), &series, &stops);
        let lines = stops.into_iter().map(|stop| Series {
            name: SeriesName::Stop(stop),
            shape: Drawn::Horizontal(stop),
            style: SeriesStyle::stop(),
        });
        series.extend(lines);
        let last = series.iter().flat_map(|series| series.shape.points()).map(|(step, _)| step).fold(1.0, f64::max);
        let horizontal = Axis { shows: vec![Quantity::Step], from: 0.0, to: last, scale: Scale::Linear };
        Ok(Plot { horizontal, vertical, series })
    }

    fn values_at_steps(&mut self, value: &StepValue, result: &DescentResult) -> Vec<(f64, f64)> {
        let nodes: Vec<NodeId> = value.targets().into_iter().map(|target| self.node(target)).collect();
        let rows = result.path.rows.iter().filter_map(|row| {
            let here = self.at_params(&result.descent.params, &row.params);
            let values = self.model.graph.evaluate::<f64>(&nodes, &environment(&self.model, Some(&here))).ok()?;
            let entries: Option<Vec<f64>> = match value {
                StepValue::Target(_) => nodes.iter().map(|id| Some(*values.get(*id)?.first())).collect(),
                StepValue::Norm { .. } => {
                    let squares =
                        nodes.iter().map(|id| Some(values.get(*id)?.entries().map(|entry| entry * entry).sum::<f64>()));
                    let sum: Option<f64> = squares.sum();
                    sum.map(|sum: f64| vec![sum.sqrt()])
                }
            };
            let number = *entries?.first()?;
            number.is_finite().then_some((row.step as f64, number))
        });
        rows.collect()
    }
}

fn quantity(value: &StepValue) -> Quantity {
    match value {
        StepValue::Target(Target::Value(id)) => Quantity::Value(*id),
        StepValue::Target(Target::Gradient { of, loss }) => Quantity::Gradient { of: *of, loss: *loss },
        StepValue::Norm { of, loss } => Quantity::Norm { of: of.clone(), loss: *loss },
    }
}

/// A logarithmic axis where it helps: for values of one sign that differ by much. What is 0 then has no place.
pub(super) fn vertical(shows: Vec<Quantity>, series: &[Series], stops: &[f64]) -> Axis {
    let values: Vec<f64> = series.iter().flat_map(|series| series.shape.points()).map(|(_, value)| value).collect();
    let positive = || values.iter().chain(stops).copied().filter(|value| *value > 0.0);
    let (low, high) = (positive().fold(f64::INFINITY, f64::min), positive().fold(0.0, f64::max));
    if values.iter().all(|value| *value >= 0.0) && high >= WIDE * low {
        let (from, to) = (10f64.powf(low.log10().floor()), 10f64.powf(high.log10().ceil()));
        return Axis { shows, from, to, scale: Scale::Log };
    }
    let (from, to) = around(values.into_iter().chain(stops.iter().copied()));
    Axis { shows, from, to, scale: Scale::Linear }
}

/// Every so many of very many steps, and the last.
fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let every = points.len().div_ceil(PLOT_POINTS).max(1);
    let last = points.len().saturating_sub(1);
    points
        .into_iter()
        .enumerate()
        .filter(|(place, _)| place % every == 0 || *place == last)
        .map(|(_, point)| point)
        .collect()
}
