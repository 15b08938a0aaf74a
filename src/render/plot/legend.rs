//! The names of axes and series, and the rows of the legend.

use super::figure::{Figure, FigureSeries};
use super::place::WIDTH;
use super::ruler::Ruler;
use crate::render::drawing::{Label, Words};

/// Names of axes and series.
pub(super) const NAME_FONT: f64 = 15.0;
/// A line's or mark's sample in the legend, what is between it and its name, and between two entries.
pub(super) const SAMPLE: f64 = 30.0;
pub(super) const SAMPLE_GAP: f64 = 7.0;
pub(super) const ENTRY_GAP: f64 = 22.0;

pub(super) fn sized(label: &Label, size: f64) -> Option<Words> {
    Words::label(label).map(|words| words.sized(size))
}

/// An axis's name with the author's words for it.
pub(super) fn name(ruler: &Ruler) -> Option<Words> {
    let words = ruler.words.as_ref().map_or(String::new(), |words| format!(", {words}"));
    match (&ruler.label, words.as_str()) {
        (None, _) => None,
        (Some(label), "") => sized(label, NAME_FONT),
        (Some(label), words) => Some(Words::note(Some(label), words).sized(NAME_FONT)),
    }
}

/// The series' names above the picture, where they cover nothing.
pub(super) struct Legend<'a> {
    pub rows: Vec<Vec<(&'a FigureSeries, Words)>>,
    /// Whether it stands on the line of the vertical axis's name.
    pub beside: bool,
}

impl<'a> Legend<'a> {
    pub fn of(figure: &'a Figure) -> Legend<'a> {
        let mut rows: Vec<Vec<(&FigureSeries, Words)>> = Vec::new();
        let mut width = f64::INFINITY;
        for series in figure.series.iter().filter(|series| series.in_legend) {
            let Some(words) = sized(&series.name, NAME_FONT) else { continue };
            let own = entry_width(&words);
            if width + own > WIDTH {
                rows.push(Vec::new());
                width = 0.0;
            }
            width += own;
            if let Some(row) = rows.last_mut() {
                row.push((series, words));
            }
        }
        let beside = fits_beside(&rows, name(&figure.vertical).as_ref());
        Legend { rows, beside }
    }
}

/// Whether the only row leaves room for the name of the vertical axis.
fn fits_beside(rows: &[Vec<(&FigureSeries, Words)>], name: Option<&Words>) -> bool {
    match (rows, name) {
        ([row], Some(name)) => row_width(row) + name.width + ENTRY_GAP <= WIDTH,
        _ => false,
    }
}

fn entry_width(words: &Words) -> f64 {
    SAMPLE + SAMPLE_GAP + words.width + ENTRY_GAP
}

pub(super) fn row_width(row: &[(&FigureSeries, Words)]) -> f64 {
    row.iter().map(|(_, words)| entry_width(words)).sum::<f64>() - ENTRY_GAP
}
