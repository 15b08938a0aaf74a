//! Labels with their measures.
use super::Label;
use super::text::{self, Run};

/// The font size of boxes and labels, of which 16 units are one line of a page.
pub(super) const FONT: f64 = 16.0;
/// The font size of matrices and notes.
pub(super) const SMALL_FONT: f64 = 13.0;

/// A label with its measures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// The label itself, if the text has one.
    pub label: Option<Label>,
    /// Upright text after it.
    pub tail: String,
    /// Font size.
    pub size: f64,
    /// Estimated width.
    pub width: f64,
    /// Height.
    pub height: f64,
    pub(super) runs: Vec<Run>,
    pub(super) matrix: Option<Vec<Vec<String>>>,
}

impl Words {
    /// A label, or nothing where it says nothing.
    pub(in crate::render) fn label(label: &Label) -> Option<Self> {
        let (runs, matrix) = (text::runs(&label.math), text::matrix(label));
        let size = if matrix.is_some() { SMALL_FONT } else { FONT };
        let name = text::width(&runs, size);
        let (width, height) = match &matrix {
            Some(rows) => {
                (name + if runs.is_empty() { 0.0 } else { EQUALS } + matrix_width(rows), 16.0 * rows.len() as f64 + 4.0)
            }
            None => (name, 1.25 * size),
        };
        let words = Self { label: Some(label.clone()), tail: String::new(), size, width, height, runs, matrix };
        (width > 0.0).then_some(words)
    }

    /// A remark: a name, if there is one, and plain text.
    pub(in crate::render) fn note(label: Option<&Label>, tail: &str) -> Self {
        let runs = label.map_or_else(Vec::new, |label| text::runs(&label.math));
        let width = text::width(&runs, SMALL_FONT) + text::upright(tail, SMALL_FONT);
        Self {
            label: label.cloned(),
            tail: tail.to_owned(),
            size: SMALL_FONT,
            width,
            height: 1.25 * SMALL_FONT,
            runs,
            matrix: None,
        }
    }

    /// The same words in another size.
    pub(in crate::render) fn sized(self, size: f64) -> Self {
        let by = size / self.size;
        Self { size, width: self.width * by, height: self.height * by, ..self }
    }
}

/// The width of the equals sign before a matrix.
pub(super) const EQUALS: f64 = 13.0;
/// Between the columns of a matrix, and for each of its brackets.
pub(super) const GUTTER: f64 = 6.0;

/// The width of each column of a matrix.
pub(super) fn column_widths(rows: &[Vec<String>]) -> Vec<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| text::upright(&row[column], SMALL_FONT)).fold(0.0, f64::max);
    (0..columns).map(width).collect()
}

fn matrix_width(rows: &[Vec<String>]) -> f64 {
    let columns = column_widths(rows);
    columns.iter().sum::<f64>() + GUTTER * (columns.len() as f64 + 1.0)
}
