//! Where words stand in a picture: numbers on level lines and names beside points, where they cover nothing.

use super::figure::{FigureSeries, Note};
use super::ruler::Ruler;
use crate::render::drawing::{Label, Rect, Words};

/// The size of the data's frame in units of the graph drawings, of which 16 are the height of the font.
pub(super) const WIDTH: f64 = 460.0;
pub(super) const HEIGHT: f64 = 244.0;
/// Numbers on level lines, and names beside points.
pub(super) const LEVEL_FONT: f64 = 11.0;
pub(super) const NOTE_FONT: f64 = 13.0;
/// Places that are tried along a line.
const TRIES: usize = 24;
/// From a point to its name.
const GAP: f64 = 9.0;
/// Lines are felt at places so far apart.
const FEELER: f64 = 3.0;

/// What a picture has room for. Places are counted in units from the top left of the frame.
pub(super) struct Places<'a> {
    horizontal: &'a Ruler,
    vertical: &'a Ruler,
    /// Where there are lines and marks.
    obstacles: Vec<(f64, f64)>,
    /// Where there are words, or marks.
    taken: Vec<Rect>,
}

impl<'a> Places<'a> {
    pub fn new(series: &[FigureSeries], horizontal: &'a Ruler, vertical: &'a Ruler) -> Places<'a> {
        let mut places = Places { horizontal, vertical, obstacles: Vec::new(), taken: Vec::new() };
        for line in series.iter().flat_map(|series| &series.lines) {
            let felt = felt(&places.units_of(line));
            places.obstacles.extend(felt);
        }
        let marks: Vec<(f64, f64)> = series.iter().flat_map(|series| places.units_of(&series.marks)).collect();
        places.taken.extend(marks.into_iter().map(|(x, y)| Rect::around(x, y, 8.0, 8.0)));
        places
    }

    fn units(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        Some((self.horizontal.part(x)? * WIDTH, (1.0 - self.vertical.part(y)?) * HEIGHT))
    }

    fn units_of(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        points.iter().filter_map(|point| self.units(*point)).collect()
    }

    fn numbers(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.horizontal.value(x / WIDTH), self.vertical.value(1.0 - y / HEIGHT))
    }

    /// Whether words may stand there.
    fn is_free(&self, rect: Rect) -> bool {
        let inside = rect.x0 > 0.0 && rect.x1 < WIDTH && rect.y0 > 0.0 && rect.y1 < HEIGHT;
        inside && !self.taken.iter().any(|other| other.grown(1.5).overlaps(rect))
    }

    fn covers_a_line(&self, rect: Rect) -> bool {
        let within = |(x, y): &(f64, f64)| rect.x0 < *x && *x < rect.x1 && rect.y0 < *y && *y < rect.y1;
        self.obstacles.iter().any(within)
    }

    fn take(&mut self, rect: Rect, label: Label, on_line: bool) -> Note {
        self.taken.push(rect);
        Note { at: self.numbers(rect.centre()), label, on_line }
    }

    /// A name beside a point, on the first of its sides that is free.
    pub fn beside(&mut self, point: (f64, f64), label: Label) -> Option<Note> {
        let words = Words::label(&label)?.sized(NOTE_FONT);
        let (x, y) = self.units(point)?;
        let (across, up) = (words.width / 2.0 + GAP, words.size / 2.0 + GAP);
        let sides =
            [(1.0, 0.0), (-1.0, 0.0), (1.0, -1.0), (-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (0.0, -1.0), (0.0, 1.0)];
        let rect = |(right, down): (f64, f64), far: f64| {
            Rect::around(x + right * across, y + far * down * up, words.width, words.size)
        };
        let mut rects = [1.0, 2.0, 3.0].into_iter().flat_map(|far| sides.map(|side| rect(side, far)));
        let free = rects.find(|rect| self.is_free(*rect) && !self.covers_a_line(rect.grown(1.0)));
        free.map(|rect| self.take(rect, label, false))
    }

    /// A number on the longest of the pieces of a line.
    pub fn on_line(&mut self, pieces: &[Vec<(f64, f64)>], label: Label) -> Option<Note> {
        let words = Words::label(&label)?.sized(LEVEL_FONT);
        let lines = pieces.iter().map(|piece| self.units_of(piece));
        let line = lines.max_by(|a, b| length(a).total_cmp(&length(b)))?;
        // Each begins its search elsewhere, so that the numbers do not stand in one row.
        let start = self.taken.len() * 5;
        let parts = (0..TRIES).map(|turn| ((start + turn) % TRIES) as f64 / TRIES as f64);
        let rect = |part: f64| {
            let (x, y) = along(&line, part * length(&line));
            Rect::around(x, y, words.width + 6.0, words.size)
        };
        let free = parts.map(rect).find(|rect| self.is_free(rect.grown(1.5)));
        free.map(|rect| self.take(rect, label, true))
    }
}

fn length(line: &[(f64, f64)]) -> f64 {
    line.windows(2).map(|pair| far(pair[0], pair[1])).sum()
}

fn far(from: (f64, f64), to: (f64, f64)) -> f64 {
    (to.0 - from.0).hypot(to.1 - from.1)
}

/// The place so far along a line.
fn along(line: &[(f64, f64)], mut way: f64) -> (f64, f64) {
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let step = far(from, to);
        if way <= step && step > 0.0 {
            return (from.0 + way / step * (to.0 - from.0), from.1 + way / step * (to.1 - from.1));
        }
        way -= step;
    }
    line.last().copied().unwrap_or_default()
}

/// Places along a line; of one that leaves the frame far behind not more than matter.
fn felt(line: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut places = Vec::new();
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let count = (far(from, to) / FEELER).ceil().clamp(1.0, 2.0 * WIDTH) as usize;
        let at = |turn: usize| turn as f64 / count as f64;
        places
            .extend((0..=count).map(|turn| (from.0 + at(turn) * (to.0 - from.0), from.1 + at(turn) * (to.1 - from.1))));
    }
    places
}
