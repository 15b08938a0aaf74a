//! Labels as LaTeX.
use super::words::Words;
use crate::math::Math;
use crate::render::escape;
use crate::render::write::{Style, write};

/// The mathematics of a label for use between dollars.
pub(super) fn math(words: &Words) -> String {
    let Some(label) = &words.label else { return String::new() };
    let name = write(&label.math, Style::Latex);
    if words.matrix.is_none() {
        return name;
    }
    let rows = label.matrix.as_deref().unwrap_or_default();
    let columns = "r".repeat(rows.first().map_or(0, Vec::len));
    let row = |row: &Vec<Math>| row.iter().map(|entry| write(entry, Style::Latex)).collect::<Vec<_>>().join("&");
    let rows = rows.iter().map(row).collect::<Vec<_>>().join("\\\\");
    let equals = if name.is_empty() { "" } else { "=" };
    format!("{name}{equals}\\left[\\begin{{array}}{{@{{}}{columns}@{{}}}}{rows}\\end{{array}}\\right]")
}

/// Text outside of mathematics.
pub(super) fn words(text: &str) -> String {
    let mut out = Vec::new();
    // Writing to a vector does not fail.
    let _ = escape::latex(text, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}
