//! Places from left to right: each column as near to the one before as the boxes and vertical lines between them allow,
//! and columns that don't fit the width go on in a row below.
use super::cells::Content;
use super::columns::Grid;
use super::flow::Parting;
use super::geometry::{Rect, Skyline};
use super::placed::Shape;
use super::route::{Channel, Routes};

/// Between vertical lines.
const TRACK: f64 = 12.0;
/// Before a node, for the arrow.
const ARROW: f64 = 18.0;
/// Before anything else.
const SPACE: f64 = 8.0;
/// The radius of a fork that adds, and of one that doesn't.
pub(super) const KNOT: f64 = 9.0;
pub(super) const DOT: f64 = 3.0;
/// A drawing that is wider than a row by less than this stays in one row.
const SQUEEZE: f64 = 1.15;
/// Between the middles of neighbouring columns, at least.
const COLUMN: f64 = 24.0;
/// What stands this far left of a column is out of its reach: rows are not as wide.
const FORGET: f64 = 4000.0;
/// Between the lines that lead back to the next row.
pub(super) const BACK: f64 = 9.0;

/// Where everything stands from left to right.
pub(super) struct Places {
    /// The middle of each column.
    pub axis: Vec<f64>,
    /// The tracks of the channel after each column.
    pub tracks: Vec<Vec<f64>>,
    /// The left end of each note.
    pub notes: Vec<f64>,
    /// The right end of each row.
    pub right: Vec<f64>,
}

/// The row of each column: one row if everything fits into it.
pub(super) fn rows(grid: &Grid, routes: &Routes, limit: f64) -> Vec<usize> {
    let ends = Places::empty(grid).sweep(grid, routes, 0, grid.columns.len());
    let whole = ends.iter().map(|end| end.1).fold(0.0, f64::max);
    if whole <= limit * SQUEEZE {
        return vec![0; ends.len()];
    }
    let firsts = breaks(&ends, routes, limit);
    (0..ends.len()).map(|column| firsts.iter().filter(|&&first| first <= column).count() - 1).collect()
}

impl Places {
    fn empty(grid: &Grid) -> Self {
        Self {
            axis: vec![0.0; grid.columns.len()],
            tracks: vec![Vec::new(); grid.columns.len()],
            notes: vec![0.0; grid.cells.len()],
            right: Vec::new(),
        }
    }

    pub fn new(grid: &Grid, routes: &Routes) -> Self {
        let mut places = Self::empty(grid);
        let mut first = 0;
        for end in 1..=grid.columns.len() {
            if end == grid.columns.len() || grid.ends_row(end - 1) {
                let ends = places.sweep(grid, routes, first, end);
                places.right.push(ends.iter().map(|end| end.1).fold(0.0, f64::max));
                first = end;
            }
        }
        places
    }

    /// Places the columns of one row; gives the left and right end of each.
    fn sweep(&mut self, grid: &Grid, routes: &Routes, first: usize, end: usize) -> Vec<(f64, f64)> {
        let mut sky = Skyline::default();
        let mut ends = Vec::new();
        for column in first..end {
            if column > 0 {
                self.tracks[column - 1] = place_tracks(&routes.channels[column - 1], &mut sky);
            }
            let cells = || grid.columns[column].iter().map(|&cell| (cell, &grid.cells[cell]));
            let mut axis = if column > first { self.axis[column - 1] + COLUMN } else { 0.0 };
            let mut boxes: Vec<Rect> = Vec::new();
            for (at, cell) in cells() {
                let (arrow, own) = match &cell.content {
                    Content::Node(body) if body.shape == Shape::Bare => (SPACE + 6.0, true),
                    Content::Node(_) => (ARROW, true),
                    Content::Branch(_) | Content::Bend => (SPACE, true),
                    Content::Note(_) => (SPACE, false),
                };
                let mut rects = cell.content.boxes(cell.above);
                rects.extend(&routes.risers[at]);
                if own {
                    for (i, rect) in rects.into_iter().enumerate() {
                        let taken = sky.right_of(cell.y + rect.y0 - 4.0, cell.y + rect.y1 + 4.0);
                        axis = axis.max(taken + if i == 0 { arrow } else { SPACE } - rect.x0);
                        boxes.push(rect.shifted(0.0, cell.y));
                    }
                } else if let Some(rect) = rects.first() {
                    self.notes[at] = sky.right_of(cell.y + rect.y0 - 4.0, cell.y + rect.y1 + 4.0) + arrow;
                }
            }
            self.axis[column] = axis;
            let mut range = (axis, axis);
            for rect in boxes.into_iter().map(|rect| rect.shifted(axis, 0.0)) {
                range = (range.0.min(rect.x0), range.1.max(rect.x1));
                sky.add(rect);
            }
            for (at, cell) in cells().filter(|(_, cell)| cell.is_note()) {
                for rect in cell.content.boxes(false) {
                    let rect = rect.shifted(self.notes[at], cell.y);
                    range.1 = range.1.max(rect.x1);
                    sky.add(rect);
                }
            }
            sky.forget(range.0 - FORGET);
            ends.push(range);
        }
        ends
    }
}

fn place_tracks(channel: &Channel, sky: &mut Skyline) -> Vec<f64> {
    let mut places = Vec::new();
    for track in &channel.tracks {
        let mut x = sky.right_of(track.y0 - 5.0, track.y1 + 5.0) + TRACK;
        if let Some((y, parting)) = track.knot {
            let (radius, arrow) = match parting {
                Parting::Adds => (KNOT, 12.0),
                Parting::Dot | Parting::Single => (DOT, 6.0),
            };
            x = x.max(sky.right_of(y - radius - 3.0, y + radius + 3.0) + arrow + radius);
            sky.add(Rect::around(x, y, 2.0 * radius, 2.0 * radius));
        }
        sky.add(Rect::new(x, track.y0, x, track.y1));
        places.push(x);
    }
    places
}

/// The first columns of the rows: as few and as even rows as the width allows, parted where few lines go on.
fn breaks(ends: &[(f64, f64)], routes: &Routes, limit: f64) -> Vec<usize> {
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    for end in 1..=ends.len() {
        let mut choice = (f64::INFINITY, end - 1);
        for first in (0..end).rev() {
            let right = ends[first..end].iter().map(|range| range.1).fold(0.0, f64::max);
            let width = right - ends[first].0;
            if width > limit && first + 1 < end {
                break;
            }
            let slack = (limit - width).max(0.0) / limit;
            // The last row may be short.
            let ragged = if end == ends.len() { slack * slack / 4.0 } else { slack * slack };
            let lines = first.checked_sub(1).map_or(0, |before| routes.channels[before].nets.len());
            let forks = first.checked_sub(1).map_or(0, |before| {
                routes.channels[before].nets.iter().filter(|net| net.parting != Parting::Single).count()
            });
            let cost = best[first].0 + 1.0 + ragged + 0.35 * lines as f64 + 0.6 * forks as f64;
            if cost < choice.0 {
                choice = (cost, first);
            }
        }
        best.push(choice);
    }
    let mut firsts: Vec<usize> =
        std::iter::successors(Some(ends.len()), |&end| (end > 0).then(|| best[end].1)).skip(1).collect();
    firsts.reverse();
    firsts
}
