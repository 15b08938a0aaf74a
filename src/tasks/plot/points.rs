//! The rows of a table as points, and a model's curves through them.

use super::curve::{Samples, pieces};
use super::range::{around, extremes};
use super::{
    Axis, Drawn, Plot, Quantity, SAMPLES, Scale, Series, SeriesName, SeriesStyle, Unplottable, Work, entries_of, leaf,
    spaced,
};
use crate::answer::environment;
use crate::graph::{Environment, EvaluationError, LeafId, NodeId};
use crate::limits::PLOT_POINTS;
use crate::model::Point;
use crate::number::Number;
use crate::tensor::Tensor;

impl Work<'_> {
    pub(super) fn data(
        &mut self,
        of: &[NodeId],
        over: NodeId,
        with: &[NodeId],
        at: &[Point],
        range: Option<&(Number, Number)>,
    ) -> Result<Plot, Unplottable> {
        let points = self.points_of(of, over, if let [only] = at { Some(only) } else { None })?;
        let ends = match range {
            Some((from, to)) => (from.to_f64(), to.to_f64()),
            None => around(points.iter().flatten().map(|(x, _)| *x)),
        };
        let (curves, extremes) = self.fitted(over, with, at, ends)?;
        let visible = points.iter().flatten().filter(|(x, _)| (ends.0..=ends.1).contains(x)).map(|(_, y)| *y);
        let (low, high) = around(visible.chain(extremes));
        let named = of.iter().zip(points).enumerate().map(|(place, (id, points))| Series {
            name: SeriesName::Of { quantity: Quantity::Value(*id), at: Point::new() },
            shape: Drawn::Points(some(&points)),
            style: SeriesStyle::points(place),
        });
        let curves = curves.into_iter().enumerate().map(|(place, (name, samples))| Series {
            name,
            shape: Drawn::Curve(pieces(&samples, ends, (low, high))),
            style: SeriesStyle::curve(place),
        });
        Ok(Plot {
            horizontal: Axis { shows: vec![Quantity::Value(over)], from: ends.0, to: ends.1, scale: Scale::Linear },
            vertical: Axis {
                shows: of.iter().map(|id| Quantity::Value(*id)).collect(),
                from: low,
                to: high,
                scale: Scale::Linear,
            },
            series: named.chain(curves).collect(),
        })
    }

    /// The entries of each vector over those of another.
    pub(super) fn points_of(
        &self,
        of: &[NodeId],
        over: NodeId,
        at: Option<&Point>,
    ) -> Result<Vec<Vec<(f64, f64)>>, Unplottable> {
        let wanted: Vec<NodeId> = of.iter().copied().chain([over]).collect();
        let environment = environment::<f64>(&self.model, at);
        let values = self.model.graph.evaluate(&wanted, &environment).map_err(Unplottable::Undefined)?;
        let entries = |id: NodeId| values.get(id).map_or_else(Vec::new, |value| value.entries().copied().collect());
        let across: Vec<f64> = entries(over);
        Ok(of.iter().map(|id| across.iter().copied().zip(entries(*id)).collect()).collect())
    }

    /// Each value at each point along an axis.
    fn fitted(
        &mut self,
        over: NodeId,
        with: &[NodeId],
        at: &[Point],
        (from, to): (f64, f64),
    ) -> Result<(Vec<Named>, Vec<f64>), Unplottable> {
        let Some(along) = leaf(&self.model.graph, over) else { return Ok((Vec::new(), Vec::new())) };
        let points: Vec<Option<&Point>> = if at.is_empty() { vec![None] } else { at.iter().map(Some).collect() };
        let (mut curves, mut ends) = (Vec::new(), Vec::new());
        for id in with {
            for point in &points {
                let mut environment = environment::<f64>(&self.model, *point);
                let rows = Rows { leaf: along, over, of: *id };
                let count = self.samples(&[*id], SAMPLES * entries_of(&self.model.graph, over)).min(SAMPLES);
                let samples = self.sampled(&rows, &mut environment, &spaced(from, to, count))?;
                let size = entries_of(&self.model.graph, over);
                let mut alone = |number: f64| {
                    let values = self.row_values(&rows, &mut environment, &vec![number; size]).ok()?;
                    values.first().copied().filter(|value| value.is_finite())
                };
                ends.extend(extremes(&samples, &mut alone));
                let at = point.cloned().unwrap_or_default();
                curves.push((SeriesName::Of { quantity: Quantity::Value(*id), at }, samples));
            }
        }
        Ok((curves, ends))
    }

    /// A vector's rows at these numbers: so many at a time as there are rows, so that every shape stays as it is.
    fn sampled(
        &self,
        rows: &Rows,
        environment: &mut Environment<f64>,
        numbers: &[f64],
    ) -> Result<Samples, Unplottable> {
        let size = entries_of(&self.model.graph, rows.over);
        let mut samples = Samples::new();
        let mut fault = None;
        for (turn, part) in numbers.chunks(size).enumerate() {
            let padded: Vec<f64> =
                part.iter().copied().chain(std::iter::repeat(part[part.len() - 1])).take(size).collect();
            let values = match self.row_values(rows, environment, &padded) {
                Ok(values) => values.into_iter().map(Some).collect(),
                // One of them has no value: which?
                Err(_) => {
                    let alone = |number: &f64| self.row_values(rows, environment, &vec![*number; size]);
                    let alone: Vec<_> = part.iter().map(alone).collect();
                    alone
                        .into_iter()
                        .map(|value| value.map_err(|error| fault = Some(error)).ok().map(|value| value[0]))
                        .collect::<Vec<_>>()
                }
            };
            if turn == 0 && size > 1 {
                self.is_row_by_row(rows, environment, &padded, &values)?;
            }
            let finite = values.into_iter().map(|value| value.filter(|value| value.is_finite()));
            samples.extend(part.iter().copied().zip(finite));
        }
        match fault {
            Some(fault) if samples.iter().all(|(_, value)| value.is_none()) => Err(Unplottable::Undefined(fault)),
            Some(_) | None => Ok(samples),
        }
    }

    /// The first of the numbers in every row gives the first of the values in every row.
    fn is_row_by_row(
        &self,
        rows: &Rows,
        environment: &mut Environment<f64>,
        numbers: &[f64],
        values: &[Option<f64>],
    ) -> Result<(), Unplottable> {
        let Some(first) = values.first().copied().flatten() else { return Ok(()) };
        let Ok(again) = self.row_values(rows, environment, &vec![numbers[0]; numbers.len()]) else { return Ok(()) };
        let scale = again.iter().chain([&first]).fold(f64::MIN_POSITIVE, |scale, value| scale.max(value.abs()));
        let differs = again.iter().any(|again| (first - again).abs() > 1e-9 * scale);
        if differs { Err(Unplottable::Rows(rows.of)) } else { Ok(()) }
    }

    fn row_values(
        &self,
        rows: &Rows,
        environment: &mut Environment<f64>,
        numbers: &[f64],
    ) -> Result<Vec<f64>, EvaluationError> {
        let graph = &self.model.graph;
        let extents = graph.shape(rows.over).as_integers().unwrap_or_default();
        environment.set(rows.leaf, Tensor::from_entries(&extents, numbers.to_vec()));
        let values = graph.evaluate(&[rows.of], environment)?;
        Ok(values.get(rows.of).map_or_else(Vec::new, |value| value.entries().copied().collect()))
    }
}

/// A curve and what it is called.
type Named = (SeriesName, Samples);

/// A vector that is computed row by row from a leaf.
struct Rows {
    leaf: LeafId,
    over: NodeId,
    of: NodeId,
}

/// Every so many of very many points.
fn some(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    points.iter().copied().step_by(points.len().div_ceil(PLOT_POINTS).max(1)).collect()
}
