//! PrairieLearn: a folder a problem. Variants of one problem share a folder: its `server.py` picks a finished one and computes
//! nothing, for the numbers come certified from us.
//! The format: <https://prairielearn.readthedocs.io/en/latest/question/>

use super::html::between_brackets;
use super::{Item, PackedFile, Reply};
use crate::draw::fnv;
use crate::render::document::{Format, RenderError};
use crate::render::template::{Piece, piece};
use serde_json::{Map, Value, json};

/// The files below `questions/`.
///
/// # Errors
/// A fault of a template of ours; variants that ask for different things.
pub fn prairielearn(items: &[Item]) -> Result<Vec<PackedFile>, RenderError> {
    let mut families: Vec<(&str, Vec<&Item>)> = Vec::new();
    for item in items {
        let name = if item.is_variant { &item.problem } else { &item.name };
        match families.iter_mut().find(|(known, _)| item.is_variant && *known == name) {
            Some((_, variants)) => variants.push(item),
            None => families.push((name, vec![item])),
        }
    }
    let folder = |(name, variants): &(&str, Vec<&Item>)| folder(name, variants);
    families.iter().map(folder).collect::<Result<Vec<_>, _>>().map(|files| files.concat())
}

fn folder(name: &str, variants: &[&Item]) -> Result<Vec<PackedFile>, RenderError> {
    let first = variants[0];
    let ids = |item: &Item| answers(item).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    if let Some(other) = variants.iter().find(|item| ids(item) != ids(first)) {
        let message = format!("{} and {} have one name and ask for different things", first.name, other.name);
        return Err(RenderError { message });
    }
    let is_manual = first.parts.iter().any(|part| matches!(part.reply, Reply::Essay { .. }));
    let info = json!({
        "uuid": uuid(name),
        "type": "v3",
        "title": first.title,
        "topic": first.problem,
        "gradingMethod": if is_manual { "Manual" } else { "Internal" },
        "singleVariant": variants.len() == 1,
    });
    let params: Vec<Value> = variants.iter().map(|item| params(&item.with(between_brackets))).collect();
    // A string of JSON is one of Python.
    let quoted = Value::String(Value::Array(params).to_string()).to_string();
    let lay_out = |part: &str| {
        piece(&json!({ "part": part, "item": first, "variants": quoted }), Format::Html, Piece::PrairieLearn)
    };
    Ok(vec![
        PackedFile::text(format!("questions/{name}/info.json"), format!("{info:#}\n")),
        PackedFile::text(format!("questions/{name}/question.html"), lay_out("question")?),
        PackedFile::text(format!("questions/{name}/server.py"), lay_out("server")?),
    ])
}

/// The right number of each box that takes one.
fn answers(item: &Item) -> Map<String, Value> {
    let tables = item.parts.iter().flat_map(|part| match &part.reply {
        Reply::Numbers { tables } => tables.as_slice(),
        Reply::Choices { .. } | Reply::Essay { .. } => &[],
    });
    let entries = tables.flat_map(|table| table.rows.iter().flatten());
    entries.map(|entry| (entry.id.clone(), json!(entry.value.parse::<f64>().unwrap_or(f64::NAN)))).collect()
}

/// What of a question differs from variant to variant.
fn params(item: &Item) -> Value {
    let (mut asks, mut told, mut shown, mut tolerance, mut holds) =
        (Map::new(), Map::new(), Map::new(), Map::new(), Map::new());
    for part in &item.parts {
        asks.insert(format!("p{}", part.number), json!(part.ask));
        told.insert(format!("p{}", part.number), json!(part.answer));
        match &part.reply {
            Reply::Numbers { tables } => {
                for table in tables {
                    let entries: Vec<_> = table.rows.iter().flatten().collect();
                    shown.extend(entries.first().map(|entry| (entry.id.clone(), json!(table.shown))));
                    tolerance.extend(entries.iter().map(|entry| (entry.id.clone(), json!(entry.tolerance))));
                }
            }
            Reply::Choices { choices } => holds.extend(choices.iter().map(|choice| {
                (choice.id.clone(), json!({ "yes": choice.holds.to_string(), "no": (!choice.holds).to_string() }))
            })),
            Reply::Essay { .. } => {}
        }
    }
    let params =
        json!({ "stem": item.stem, "ask": asks, "told": told, "shown": shown, "tolerance": tolerance, "holds": holds });
    json!({ "params": params, "answers": answers(item) })
}

/// The same for the same name: two hashes of it in the form that RFC 9562 leaves to each (version 8).
fn uuid(name: &str) -> String {
    let half = |word: &str| fnv(word.bytes().chain(name.bytes()));
    let (high, low) = (half("solve:"), half("prairielearn:"));
    let high = high & !0xF000 | 0x8000;
    let low = low & !(0b11 << 62) | 0b10 << 62;
    let text = format!("{high:016x}{low:016x}");
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}
