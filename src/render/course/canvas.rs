//! Canvas's dialect of QTI 1.2: only a question with a single number has a tolerance there, so a box is a question, and
//! each says again what is given.
//! The format: <https://canvas.instructure.com/doc/api/quiz_questions.html>, and what Canvas itself exports.

use super::html::escaped;
use super::{Item, PackedFile};
use crate::render::document::{Format, RenderError};
use crate::render::template::{Piece, piece};
use serde_json::{Value, json};

/// The files of the package: one quiz of all items.
///
/// # Errors
/// A fault of a template of ours.
pub fn canvas(items: &[Item]) -> Result<Vec<PackedFile>, RenderError> {
    let title = items.first().map_or("", |item| item.title.as_str());
    let points: f64 = items.iter().filter_map(|item| item.points).sum();
    let items: Vec<Value> = items.iter().map(|item| view(&item.with(as_picture))).collect();
    let lay_out = |part: &str| {
        let data = json!({ "part": part, "title": title, "points": points, "items": items });
        piece(&data, Format::Html, Piece::Canvas)
    };
    Ok(vec![
        PackedFile::text("imsmanifest.xml", lay_out("manifest")?),
        PackedFile::text("quiz/assessment_meta.xml", lay_out("meta")?),
        PackedFile::text("quiz/quiz.xml", lay_out("quiz")?),
    ])
}

/// An item with the bounds of each of its numbers.
fn view(item: &Item) -> Value {
    let mut view = json!(item);
    for part in view["parts"].as_array_mut().into_iter().flatten() {
        let tables = part["reply"]["tables"].as_array_mut().into_iter().flatten();
        let rows = tables.flat_map(|table| table["rows"].as_array_mut().into_iter().flatten());
        for entry in rows.flat_map(|row| row.as_array_mut().into_iter().flatten()) {
            let number = |key: &str| entry[key].as_str().and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
            let (value, tolerance) = (number("value"), number("tolerance"));
            entry["least"] = json!((value - tolerance).to_string());
            entry["most"] = json!((value + tolerance).to_string());
        }
    }
    view
}

/// Canvas draws formulas itself, from the LaTeX in a picture's address.
fn as_picture(latex: &str, _: bool) -> String {
    let twice = percent(&percent(latex));
    let text = escaped(latex);
    format!(
        "<img class=\"equation_image\" title=\"{text}\" src=\"/equation_images/{twice}\" alt=\"LaTeX: {text}\" \
         data-equation-content=\"{text}\">"
    )
}

/// As addresses have it (RFC 3986).
fn percent(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
