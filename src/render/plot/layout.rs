//! Everything of a figure in its place, for SVG.

use super::figure::{Figure, FigureSeries, Weight};
use super::legend::{ENTRY_GAP, Legend, NAME_FONT, SAMPLE, SAMPLE_GAP, name, row_width, sized};
use super::place::{HEIGHT, LEVEL_FONT, NOTE_FONT, WIDTH};
use crate::render::drawing::{Rect, Words};
use crate::tasks::plot::{Dash, Ink, Mark, SeriesStyle};

/// A picture, placed. 16 units are the height of the graph drawing's font.
#[derive(Clone, Debug)]
pub struct Laid {
    pub title: String,
    pub description: String,
    pub width: f64,
    pub height: f64,
    /// Where the data are.
    pub frame: Rect,
    /// In the order in which they are painted.
    pub strokes: Vec<Stroke>,
}

/// Something that is painted.
#[derive(Clone, Debug)]
pub enum Stroke {
    /// The two axes.
    Axes,
    /// A tick at the horizontal axis, or the vertical one.
    Tick {
        at: f64,
        vertical: bool,
    },
    Line {
        points: Vec<(f64, f64)>,
        style: SeriesStyle,
        weight: Weight,
    },
    Mark {
        at: (f64, f64),
        style: SeriesStyle,
    },
    /// Words around a point, quiet ones for numbers at ticks.
    Words {
        at: (f64, f64),
        words: Words,
        tone: Tone,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// An axis or a name in the legend.
    Name,
    /// A number at a tick.
    Tick,
    /// A number on a level line, which is broken for it.
    Level,
    /// Beside a point, in its colour.
    Note(Ink),
}

/// Between the end of the vertical axis and its name.
const LIFT: f64 = 9.0;
/// Around the picture.
const MARGIN: f64 = 10.0;
const TICK: f64 = 5.0;
/// Between a tick and its number.
const GAP: f64 = 5.0;
const TICK_FONT: f64 = 13.0;
const ROW: f64 = 22.0;
/// Gives everything its place.
pub fn layout(figure: &Figure) -> Laid {
    let wide = figure.vertical.ticks.iter().filter_map(|tick| sized(&tick.label, TICK_FONT)).map(|words| words.width);
    let left = MARGIN + wide.fold(0.0, f64::max) + GAP + TICK;
    let legend = Legend::of(figure);
    let upright = name(&figure.vertical);
    let rows = legend.rows.len() + usize::from(!legend.beside && upright.is_some());
    let top = MARGIN + ROW * rows as f64 + LIFT;
    let frame = Rect::new(left, top, left + WIDTH, top + HEIGHT);
    let mut strokes = Vec::new();
    series(figure, frame, &mut strokes);
    strokes.push(Stroke::Axes);
    ticks(figure, frame, &mut strokes);
    if let Some(words) = upright {
        let y = frame.y0 - LIFT - ROW / 2.0;
        let x = (frame.x0 - TICK - GAP - words.width / 2.0).max(MARGIN + words.width / 2.0);
        strokes.push(Stroke::Words { at: (x.min(frame.x0 + words.width / 2.0), y), words, tone: Tone::Name });
    }
    place_legend(legend, frame, &mut strokes);
    let below = frame.y1 + TICK + GAP + TICK_FONT;
    let mut height = below + MARGIN;
    if let Some(words) = name(&figure.horizontal) {
        let y = below + 6.0 + NAME_FONT / 2.0;
        strokes.push(Stroke::Words { at: (frame.centre().0, y), words, tone: Tone::Name });
        height = y + NAME_FONT / 2.0 + MARGIN;
    }
    Laid {
        title: figure.title.clone(),
        description: figure.description.clone(),
        width: frame.x1 + 2.0 * MARGIN + 4.0,
        height,
        frame,
        strokes,
    }
}

fn place(figure: &Figure, frame: Rect, (x, y): (f64, f64)) -> Option<(f64, f64)> {
    let (x, y) = (figure.horizontal.part(x)?, figure.vertical.part(y)?);
    Some(on_page(frame, (x, y)))
}

/// A place in the unit square, from the bottom left, on the page.
fn on_page(frame: Rect, (x, y): (f64, f64)) -> (f64, f64) {
    (frame.x0 + x * frame.width(), frame.y1 - y * frame.height())
}

/// Lines below marks, and words on top.
fn series(figure: &Figure, frame: Rect, strokes: &mut Vec<Stroke>) {
    for series in &figure.series {
        let lines = series.lines.iter().flat_map(|line| figure.visible(line));
        strokes.extend(lines.map(|line| Stroke::Line {
            points: line.into_iter().map(|point| on_page(frame, point)).collect(),
            style: series.style,
            weight: series.weight,
        }));
    }
    for series in &figure.series {
        let inside = series.marks.iter().filter(|point| figure.holds(**point));
        let places = inside.filter_map(|point| place(figure, frame, *point));
        strokes.extend(places.map(|at| Stroke::Mark { at, style: series.style }));
    }
    for (series, note) in figure.series.iter().flat_map(|series| series.notes.iter().map(move |note| (series, note))) {
        let (size, tone) = match note.on_line {
            true => (LEVEL_FONT, Tone::Level),
            false => (NOTE_FONT, Tone::Note(series.style.ink)),
        };
        let placed = place(figure, frame, note.at).zip(sized(&note.label, size));
        strokes.extend(placed.map(|(at, words)| Stroke::Words { at, words, tone }));
    }
}

fn ticks(figure: &Figure, frame: Rect, strokes: &mut Vec<Stroke>) {
    for tick in &figure.horizontal.ticks {
        let (Some(part), Some(words)) = (figure.horizontal.part(tick.at), sized(&tick.label, TICK_FONT)) else {
            continue;
        };
        let (x, _) = on_page(frame, (part, 0.0));
        strokes.push(Stroke::Tick { at: x, vertical: false });
        strokes.push(Stroke::Words { at: (x, frame.y1 + TICK + GAP + TICK_FONT / 2.0), words, tone: Tone::Tick });
    }
    for tick in &figure.vertical.ticks {
        let (Some(part), Some(words)) = (figure.vertical.part(tick.at), sized(&tick.label, TICK_FONT)) else {
            continue;
        };
        let (_, y) = on_page(frame, (0.0, part));
        strokes.push(Stroke::Tick { at: y, vertical: true });
        strokes.push(Stroke::Words { at: (frame.x0 - TICK - GAP - words.width / 2.0, y), words, tone: Tone::Tick });
    }
}

/// The legend above the picture, where it covers nothing.
fn place_legend(legend: Legend<'_>, frame: Rect, strokes: &mut Vec<Stroke>) {
    let (count, beside) = (legend.rows.len(), legend.beside);
    for (place, row) in legend.rows.into_iter().enumerate() {
        let up = (count - place) as f64 - if beside { 0.5 } else { -0.5 };
        let y = frame.y0 - LIFT - ROW * up;
        let mut x = frame.x1 - row_width(&row);
        for (series, words) in row {
            sample(series, (x, y), strokes);
            let width = words.width;
            let at = (x + SAMPLE + SAMPLE_GAP + width / 2.0, y);
            strokes.push(Stroke::Words { at, words, tone: Tone::Name });
            x += SAMPLE + SAMPLE_GAP + width + ENTRY_GAP;
        }
    }
}

/// A piece of the line, and a mark.
fn sample(series: &FigureSeries, (x, y): (f64, f64), strokes: &mut Vec<Stroke>) {
    if !series.lines.is_empty() {
        let points = vec![(x, y), (x + SAMPLE, y)];
        strokes.push(Stroke::Line { points, style: series.style, weight: series.weight });
    }
    if !series.marks.is_empty() {
        strokes.push(Stroke::Mark { at: (x + SAMPLE / 2.0, y), style: series.style });
    }
}

/// The lengths of a line's strokes and gaps; none for an unbroken one.
pub(super) fn dashes(dash: Dash) -> Option<&'static str> {
    match dash {
        Dash::Solid => None,
        Dash::Dashed => Some("7 4"),
        Dash::Dotted => Some("1.6 3.4"),
        Dash::DashDotted => Some("9 3.5 1.6 3.5"),
    }
}

/// Whether a mark is filled.
pub(super) fn is_filled(mark: Mark) -> bool {
    match mark {
        Mark::Disc => true,
        Mark::Circle | Mark::Square | Mark::Triangle | Mark::Cross => false,
    }
}
