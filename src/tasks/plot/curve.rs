//! Curves over one free number.

use super::Done;
use super::range::{around, extremes};
use super::thin::thinned;
use super::{
    Axis, Drawn, Plot, Probe, Quantity, SAMPLES, Scale, Series, SeriesName, SeriesStyle, Unplottable, Work, spaced,
};
use crate::graph::{EvaluationError, NodeId};
use crate::model::{Free, Point, Target};

/// A number at the samples of an axis; none where it is not defined.
pub(super) type Samples = Vec<(f64, Option<f64>)>;

impl Work<'_> {
    pub(super) fn curves(
        &mut self,
        of: &[Target],
        over: &Free,
        at: &[Point],
        done: &Done,
        descent: bool,
    ) -> Result<Plot, Unplottable> {
        let shown: Vec<(NodeId, Quantity)> = of.iter().map(|target| self.drawn(*target)).collect();
        let nowhere = Point::new();
        let points: Vec<&Point> = if at.is_empty() { vec![&nowhere] } else { at.iter().collect() };
        let mut all: Vec<(SeriesName, Samples)> = Vec::new();
        let mut ends: Vec<f64> = Vec::new();
        for (node, quantity) in &shown {
            for point in &points {
                let probe = Probe { free: std::slice::from_ref(over), point };
                let (samples, extremes) = self.along(*node, &probe)?;
                ends.extend(extremes);
                self.compare_samples(*node, &probe, &samples);
                all.push((SeriesName::Of { quantity: quantity.clone(), at: (*point).clone() }, samples));
            }
        }
        let (low, high) = around(ends.into_iter());
        let series = all.into_iter().enumerate().map(|(place, (name, samples))| Series {
            name,
            shape: Drawn::Curve(pieces(&samples, (over.from.to_f64(), over.to.to_f64()), (low, high))),
            style: SeriesStyle::curve(place),
        });
        let mut series: Vec<Series> = series.collect();
        if let Some(of) = of.first().filter(|_| descent) {
            series.extend(self.on_curve(*of, over, points[0], done)?);
        }
        Ok(Plot {
            horizontal: axis_of(over),
            vertical: Axis {
                shows: shown.into_iter().map(|(_, quantity)| quantity).collect(),
                from: low,
                to: high,
                scale: Scale::Linear,
            },
            series,
        })
    }

    /// A number at equal distances along the range of the only free number, and the ends of what is worth a picture.
    fn along(&self, node: NodeId, probe: &Probe<'_>) -> Result<(Samples, Vec<f64>), Unplottable> {
        let graph = &self.model.graph;
        let free = &probe.free[0];
        let mut environment = probe.at::<f64>(graph, &[free.from.to_f64()]);
        let mut fault: Option<EvaluationError> = None;
        let mut value = |at: f64| {
            probe.set(graph, &mut environment, &[at]);
            let value = match graph.evaluate(&[node], &environment) {
                Ok(values) => values.get(node).map(|value| *value.first()),
                Err(error) => {
                    fault.get_or_insert(error);
                    None
                }
            };
            value.filter(|value| value.is_finite())
        };
        let count = self.samples(&[node], SAMPLES);
        let numbers = spaced(free.from.to_f64(), free.to.to_f64(), count);
        let samples: Samples = numbers.into_iter().map(|at| (at, value(at))).collect();
        let ends = extremes(&samples, &mut value);
        match fault {
            Some(fault) if ends.is_empty() => Err(Unplottable::Undefined(fault)),
            Some(_) | None => Ok((samples, ends)),
        }
    }
}

pub(super) fn axis_of(free: &Free) -> Axis {
    let shows = match free.entry.as_slice() {
        [] => Quantity::Value(free.of),
        entry => Quantity::Entry { of: free.of, entry: entry.to_vec() },
    };
    Axis { shows: vec![shows], from: free.from.to_f64(), to: free.to.to_f64(), scale: Scale::Linear }
}

/// The pieces of a curve between its gaps. Where it goes from below the picture to above in one step there is a pole.
pub(super) fn pieces(
    samples: &[(f64, Option<f64>)],
    (left, right): (f64, f64),
    (low, high): (f64, f64),
) -> Vec<Vec<(f64, f64)>> {
    let mut pieces: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut before: Option<f64> = None;
    for (at, value) in samples {
        if let Some(value) = value {
            let pole = before.is_some_and(|before| before.min(*value) < low && before.max(*value) > high);
            match pieces.last_mut() {
                Some(piece) if before.is_some() && !pole => piece.push((*at, *value)),
                Some(_) | None => pieces.push(vec![(*at, *value)]),
            }
        }
        before = *value;
    }
    pieces.retain(|piece| piece.len() > 1);
    pieces.iter().map(|piece| thinned(piece, right - left, high - low)).collect()
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn gaps_and_poles_part_a_curve() {
        let samples = [
            (0.0, Some(1.0)),
            (1.0, Some(2.0)),
            (2.0, None),
            (3.0, Some(1.0)),
            (4.0, Some(9.0)),
            (5.0, Some(-9.0)),
            (6.0, Some(-1.0)),
        ];
        let found = pieces(&samples, (0.0, 6.0), (-5.0, 5.0));
        assert_eq!(found, [vec![(0.0, 1.0), (1.0, 2.0)], vec![(3.0, 1.0), (4.0, 9.0)], vec![(5.0, -9.0), (6.0, -1.0)]]);
    }
}
