//! Level lines over two free numbers: samples on a grid, and the lines between them by marching squares.

use super::Done;
use super::curve::axis_of;
use super::thin::thinned;
use super::{Axis, Drawn, Plot, Probe, Scale, Series, SeriesName, SeriesStyle, Unplottable, Work, spaced};
use crate::limits::PLOT_GRID;
use crate::model::{Free, Point, Target};
use std::collections::BTreeMap;

/// How many levels are drawn.
const LEVELS: usize = 8;

/// A number on a grid, row by row from the bottom; none where it is not defined.
struct Field {
    across: Vec<f64>,
    up: Vec<f64>,
    values: Vec<Option<f64>>,
}

impl Work<'_> {
    pub(super) fn contours(
        &mut self,
        of: Target,
        over: &[Free; 2],
        at: &Point,
        done: &Done,
        descent: bool,
    ) -> Result<Plot, Unplottable> {
        let (node, quantity) = self.drawn(of);
        let probe = Probe { free: over, point: at };
        let graph = &self.model.graph;
        let side = (self.samples(&[node], PLOT_GRID * PLOT_GRID) as f64).sqrt() as usize;
        let ends = |free: &Free| spaced(free.from.to_f64(), free.to.to_f64(), side);
        let (across, up) = (ends(&over[0]), ends(&over[1]));
        let mut environment = probe.at::<f64>(graph, &[across[0], up[0]]);
        let (mut values, mut fault) = (Vec::with_capacity(side * side), None);
        for y in &up {
            for x in &across {
                probe.set(graph, &mut environment, &[*x, *y]);
                let value = match graph.evaluate(&[node], &environment) {
                    Ok(found) => found.get(node).map(|value| *value.first()),
                    Err(error) => {
                        fault.get_or_insert(error);
                        None
                    }
                };
                values.push(value.filter(|value| value.is_finite()));
            }
        }
        let field = Field { across, up, values };
        let levels = levels(&field.values);
        if levels.is_empty() {
            return Err(fault.map_or(Unplottable::Level, Unplottable::Undefined));
        }
        let series = levels.into_iter().map(|level| Series {
            name: SeriesName::Level { of: quantity.clone(), value: level },
            shape: Drawn::Contour(field.lines(level)),
            style: SeriesStyle::contour(),
        });
        let mut series: Vec<Series> = series.collect();
        if descent {
            series.extend(self.over_levels(of, over, done)?);
        }
        let vertical = Axis { scale: Scale::Linear, ..axis_of(&over[1]) };
        Ok(Plot { horizontal: axis_of(&over[0]), vertical, series })
    }
}

/// Levels whose lines are about equally far apart around a minimum: the part of the picture below a level grows with the
/// square of its number. They are rounded, so that they can be written at the lines.
fn levels(values: &[Option<f64>]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (sorted.first(), sorted.last()) else { return Vec::new() };
    let (low, high) = (*low, *high);
    if high - low <= 1e-12 * high.abs().max(low.abs()) {
        return Vec::new();
    }
    let part = |place: usize| (place as f64 / (LEVELS as f64 + 0.5)).powi(2);
    let level = |place: usize| sorted[((sorted.len() - 1) as f64 * part(place)).round() as usize];
    let mut found: Vec<f64> = (1..=LEVELS).map(|place| rounded(level(place), high - low)).collect();
    found.retain(|level| *level > low && *level < high);
    found.dedup();
    found
}

/// A number with two digits, or as many as it takes to tell it from its neighbours.
fn rounded(value: f64, extent: f64) -> f64 {
    let digits = |value: f64, unit: f64| (value / unit).round() * unit;
    let unit = |size: f64| 10f64.powf(size.abs().log10().floor() - 1.0);
    let coarse = if value == 0.0 { value } else { digits(value, unit(value)) };
    let near = |rounded: f64| (rounded - value).abs() < extent / 100.0;
    let rounded = if near(coarse) { coarse } else { digits(value, unit(extent / 10.0)) };
    // 0.30000000000000004 is 0.3.
    format!("{rounded:.12e}").parse().unwrap_or(rounded)
}

/// A place on an edge of the grid: the corner to its left or below, and whether the edge goes up.
type Edge = (usize, bool);

impl Field {
    /// The pieces of the line where the number has this value.
    fn lines(&self, level: f64) -> Vec<Vec<(f64, f64)>> {
        let mut neighbours: BTreeMap<Edge, Vec<Edge>> = BTreeMap::new();
        for (a, b) in self.segments(level) {
            neighbours.entry(a).or_default().push(b);
            neighbours.entry(b).or_default().push(a);
        }
        let mut lines = Vec::new();
        // Ends first, then what is closed.
        let ends: Vec<Edge> = neighbours.iter().filter(|(_, next)| next.len() == 1).map(|(edge, _)| *edge).collect();
        let all: Vec<Edge> = neighbours.keys().copied().collect();
        for start in ends.into_iter().chain(all) {
            let line = walk(&mut neighbours, start);
            if line.len() > 1 {
                let line: Vec<(f64, f64)> = line.into_iter().map(|edge| self.place(edge, level)).collect();
                lines.push(thinned(&line, extent(&self.across), extent(&self.up)));
            }
        }
        lines
    }

    /// Where the line crosses each square.
    fn segments(&self, level: f64) -> Vec<(Edge, Edge)> {
        let wide = self.across.len();
        let mut segments = Vec::new();
        for row in 0..self.up.len() - 1 {
            for column in 0..wide - 1 {
                let corner = row * wide + column;
                let places = [corner, corner + 1, corner + wide + 1, corner + wide];
                let values = places.map(|place| self.values[place]);
                let [Some(a), Some(b), Some(c), Some(d)] = values else { continue };
                let inside = [a, b, c, d].map(|value| value > level);
                // The edges in the order of their first corners: bottom, right, top, left.
                let edges = [(corner, false), (corner + 1, true), (corner + wide, false), (corner, true)];
                let crossed: Vec<Edge> =
                    (0..4).filter(|side| inside[*side] != inside[(side + 1) % 4]).map(|side| edges[side]).collect();
                match crossed.as_slice() {
                    [first, second] => segments.push((*first, *second)),
                    [bottom, right, top, left] => {
                        // A saddle: the value in the middle says which corners belong together.
                        let middle = (a + b + c + d) / 4.0 > level;
                        let pairs = if middle == inside[0] {
                            [(*bottom, *right), (*top, *left)]
                        } else {
                            [(*left, *bottom), (*right, *top)]
                        };
                        segments.extend(pairs);
                    }
                    _ => {}
                }
            }
        }
        segments
    }

    /// Between the two ends of an edge, by how near each is to the level.
    fn place(&self, (corner, upward): Edge, level: f64) -> (f64, f64) {
        let wide = self.across.len();
        let other = if upward { corner + wide } else { corner + 1 };
        let value = |place: usize| self.values[place].unwrap_or(level);
        let (from, to) = (value(corner), value(other));
        let part = if to == from { 0.5 } else { ((level - from) / (to - from)).clamp(0.0, 1.0) };
        let point = |place: usize| (self.across[place % wide], self.up[place / wide]);
        let ((x0, y0), (x1, y1)) = (point(corner), point(other));
        (x0 + part * (x1 - x0), y0 + part * (y1 - y0))
    }
}

fn extent(ends: &[f64]) -> f64 {
    ends[ends.len() - 1] - ends[0]
}

/// Goes along a line as far as it is not gone yet.
fn walk(neighbours: &mut BTreeMap<Edge, Vec<Edge>>, start: Edge) -> Vec<Edge> {
    let mut line = vec![start];
    let mut here = start;
    while let Some(next) = neighbours.get_mut(&here).and_then(Vec::pop) {
        if let Some(back) = neighbours.get_mut(&next)
            && let Some(place) = back.iter().position(|edge| *edge == here)
        {
            back.remove(place);
        }
        line.push(next);
        here = next;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{Field, levels};
    use crate::tasks::plot::spaced;

    fn field(side: usize, of: impl Fn(f64, f64) -> Option<f64>) -> Field {
        let (across, up) = (spaced(-2.0, 2.0, side), spaced(-2.0, 2.0, side));
        let values = up.iter().flat_map(|y| across.iter().map(|x| of(*x, *y)).collect::<Vec<_>>()).collect();
        Field { across, up, values }
    }

    #[test]
    fn the_level_lines_of_a_bowl_are_closed_circles() {
        let bowl = field(81, |x, y| Some(x * x + y * y));
        let lines = bowl.lines(1.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(lines[0].iter().all(|(x, y)| ((x * x + y * y).sqrt() - 1.0).abs() < 2e-3));
    }

    #[test]
    fn lines_end_at_the_border_and_where_nothing_is_defined() {
        let slope = field(21, |x, y| (y < 1.05).then_some(x));
        let lines = slope.lines(0.5);
        assert_eq!(lines.len(), 1);
        let ends: Vec<f64> = lines[0].iter().map(|(_, y)| *y).collect();
        assert!(
            ends.iter().copied().fold(f64::MAX, f64::min) == -2.0
                && ends.iter().copied().fold(f64::MIN, f64::max) <= 1.0
        );
    }

    #[test]
    fn a_saddle_has_two_lines_that_do_not_cross() {
        let saddle = field(20, |x, y| Some(x * y));
        assert_eq!(saddle.lines(0.01).len(), 2);
    }

    #[test]
    fn levels_are_round_and_in_order() {
        let bowl = field(81, |x, y| Some(x * x + y * y));
        let found = levels(&bowl.values);
        assert!(found.len() >= 6 && found.windows(2).all(|pair| pair[0] < pair[1]), "{found:?}");
        assert!(found.iter().all(|level| format!("{level}").len() <= 5), "{found:?}");
        assert!(levels(&[Some(2.0), Some(2.0)]).is_empty());
    }
}
