//! QTI 2.1: an item a problem, in a content package. Numbers are typed into a table, statements are chosen; what a person
//! marks counts outside of the score that the player gives.
//! The format: <https://www.imsglobal.org/question/qtiv2p1/imsqti_infov2p1.html>

use super::{Item, PackedFile, Reply};
use crate::render::document::{Format, RenderError};
use crate::render::mathml::mathml;
use crate::render::template::{Piece, piece};
use serde_json::json;

/// The files of the package.
///
/// # Errors
/// A fault of a template of ours.
pub fn qti(items: &[Item]) -> Result<Vec<PackedFile>, RenderError> {
    let lay_out = |data| piece(&data, Format::Html, Piece::Qti);
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    let mut files = vec![PackedFile::text("imsmanifest.xml", lay_out(json!({ "part": "manifest", "names": names }))?)];
    for item in items {
        let most: f64 = item.parts.iter().map(|part| typed_points(&part.reply)).sum();
        let data = json!({ "part": "item", "item": item.with(in_xml), "most": most });
        files.push(PackedFile::text(format!("items/{}.xml", item.name), lay_out(data)?));
    }
    Ok(files)
}

/// The points that a player gives.
fn typed_points(reply: &Reply) -> f64 {
    match reply {
        Reply::Numbers { tables } => {
            let boxes = |rows: &[Vec<super::Entry>]| rows.iter().map(Vec::len).sum::<usize>() as f64;
            tables.iter().map(|table| table.share.points * boxes(&table.rows)).sum()
        }
        Reply::Choices { choices } => choices.iter().map(|choice| choice.share.points).sum(),
        Reply::Essay { .. } => 0.0,
    }
}

/// Attributes that the MathML of QTI 2.1 does not know.
const NEWER: [&str; 3] = [" scriptlevel=\"0\"", " displaystyle=\"true\"", " displaystyle=\"false\""];

/// MathML that says what it is, as XML wants it.
fn in_xml(latex: &str, display: bool) -> String {
    let plain = NEWER.iter().fold(mathml(latex, display), |text, newer| text.replace(newer, ""));
    plain.replacen("<math", "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"", 1)
}
