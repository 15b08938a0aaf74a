//! Answers in the cells of a notebook.

use super::collect::Collector;
use super::document::markdown;
use super::json::parsed;
use super::prose::code;
use super::table::column_target;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::syntax::ast::AnswerTarget;
use crate::syntax::vocabulary::Vocabulary;
use serde_json::Value;

/// Tags of cells that hold a question.
const QUESTIONS: [&str; 4] = ["question", "instructions", "readonly", "problem"];

fn tags(cell: &Value) -> impl Iterator<Item = &str> {
    let tags = cell.pointer("/metadata/tags").and_then(Value::as_array);
    tags.into_iter().flatten().filter_map(Value::as_str)
}

fn is_for_answers(tag: &str) -> bool {
    ["answer", "solution", "student"].iter().any(|word| tag.starts_with(word))
}

/// Whether a course's tools have locked a cell: what stands in it is no student's.
fn is_locked(cell: &Value) -> bool {
    let says = |path: &str, value: bool| cell.pointer(path).and_then(Value::as_bool) == Some(value);
    let solution = says("/metadata/nbgrader/solution", true);
    !solution && (says("/metadata/nbgrader/locked", true) || says("/metadata/editable", false))
}

/// The answers in a notebook's cells: of code only lines `name = expression`.
pub fn answers(text: &str, collector: &mut Collector) -> Result<(), Vec<Diagnostic>> {
    let value = parsed(text)?;
    let Some(Value::Array(cells)) = value.get("cells") else {
        let fault = Diagnostic::error("E-json", "this is no notebook: it has no cells");
        return Err(vec![fault.at(Span::default(), "here")]);
    };
    // Where some cells are said to be for answers, no other holds one.
    let tagged = cells.iter().any(|cell| tags(cell).any(is_for_answers));
    for cell in cells.iter().filter(|cell| !is_locked(cell)) {
        if tagged && !tags(cell).any(is_for_answers) || tags(cell).any(|tag| QUESTIONS.contains(&tag)) {
            continue;
        }
        let source = match cell.get("source") {
            Some(Value::String(source)) => source.clone(),
            Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect(),
            _ => continue,
        };
        match cell.get("cell_type").and_then(Value::as_str) {
            Some("markdown" | "raw") => markdown(&source, collector),
            Some("code") => match named(cell, collector.vocabulary()) {
                Some(target) => assigned(target, &source, collector),
                None => code(&source, collector),
            },
            _ => {}
        }
    }
    Ok(())
}

/// The answer that a cell of a sheet of ours is for.
fn named(cell: &Value, vocabulary: &Vocabulary) -> Option<AnswerTarget> {
    let name = cell.pointer("/metadata/solve/answer").and_then(Value::as_str)?;
    column_target(name, vocabulary)
}

/// What Python's last assignment in a cell says, whatever the variable is called: a number, lists of them, or a text.
fn assigned(target: AnswerTarget, source: &str, collector: &mut Collector) {
    let Some(value) = last_value(source) else { return };
    match text_of(value) {
        Some("") => {}
        // Lines that lead to the answer name what they are of.
        Some(text) if text.trim().contains('\n') => markdown(text, collector),
        Some(text) => collector.value(target, text.trim(), 0),
        None => collector.value(target, &on_one_line(bare(value)), 0),
    }
}

/// The right side of the last `name = value`, unless nothing was put there.
fn last_value(source: &str) -> Option<&str> {
    let is_name = |name: &str| {
        name.chars().all(|c| c.is_alphanumeric() || c == '_') && name.starts_with(|c: char| !c.is_numeric())
    };
    let (mut at, mut found, mut in_text) = (0, None, false);
    for line in source.split_inclusive('\n') {
        let assigned = line.split_once('=').filter(|(name, rest)| is_name(name.trim_end()) && !rest.starts_with('='));
        if let Some((name, _)) = assigned.filter(|_| !in_text) {
            found = Some(at + name.len() + 1);
        }
        let quotes = line.matches("\"\"\"").count() + line.matches("'''").count();
        in_text ^= quotes % 2 == 1;
        at += line.len();
    }
    let value = source[found?..].trim();
    (!value.starts_with("...") && !value.starts_with("None")).then_some(value)
}

/// What stands between the quotes of a text of Python.
fn text_of(value: &str) -> Option<&str> {
    let value = value.trim_start_matches(['r', 'R', 'f']);
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| value.starts_with(quote))?;
    let text = &value[quote.len()..];
    Some(text.find(quote).map_or(text, |end| &text[..end]))
}

/// Lists as a matrix is written: for Python neither the end of a line nor a comma behind the last entry means anything.
fn on_one_line(value: &str) -> String {
    let plain = value.split_whitespace().collect::<Vec<_>>().join(" ");
    plain.replace(", ]", "]").replace(",]", "]").replace(" ]", "]")
}

/// Numbers without the call around them, and without what stands behind.
fn bare(value: &str) -> &str {
    let called = ["np.array(", "numpy.array(", "np.asarray("].into_iter().find_map(|call| value.strip_prefix(call));
    let (mut depth, mut end) = (i32::from(called.is_some()), None);
    let value = called.unwrap_or(value);
    for (place, sign) in value.char_indices() {
        depth += i32::from(matches!(sign, '[' | '(')) - i32::from(matches!(sign, ']' | ')'));
        let stops =
            sign == '#' || sign == '\n' && depth <= 0 || called.is_some() && (depth == 0 || depth == 1 && sign == ',');
        if stops && end.is_none() {
            end = Some(place);
        }
    }
    value[..end.unwrap_or(value.len())].trim()
}
