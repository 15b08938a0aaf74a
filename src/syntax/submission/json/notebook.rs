//! Notebooks: their cells as one document of Markdown, in which all stands at its place in the file.

use super::assigned::Assigned;
use crate::diagnostic::Diagnostic;
use crate::limits::SUBMISSION_BYTES;
use crate::span::Span;
use crate::syntax::spec::too_large;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Notebook<'t> {
    #[serde(borrow)]
    cells: Option<Vec<Cell<'t>>>,
    /// Where notebooks of before 2015 have them.
    #[serde(borrow, default)]
    worksheets: Vec<Worksheet<'t>>,
}

#[derive(Deserialize)]
struct Worksheet<'t> {
    #[serde(borrow, default)]
    cells: Vec<Cell<'t>>,
}

#[derive(Deserialize)]
struct Cell<'t> {
    #[serde(default)]
    cell_type: String,
    #[serde(default)]
    metadata: Value,
    #[serde(borrow, default, alias = "input")]
    source: Option<&'t RawValue>,
}

/// Tags of cells that hold a question.
const QUESTIONS: [&str; 4] = ["question", "instructions", "readonly", "problem"];

impl Cell<'_> {
    fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = self.metadata.get("tags").and_then(Value::as_array);
        tags.into_iter().flatten().filter_map(Value::as_str)
    }

    fn is_for_answers(&self) -> bool {
        self.tags().any(|tag| ["answer", "solution", "student"].iter().any(|word| tag.starts_with(word)))
    }

    fn is_question(&self) -> bool {
        self.tags().any(|tag| QUESTIONS.contains(&tag))
    }

    /// Whether a course's tools have locked the cell: what stands in it is no student's.
    fn is_locked(&self) -> bool {
        let says = |path: &str, value: bool| self.metadata.pointer(path).and_then(Value::as_bool) == Some(value);
        let solution = says("/nbgrader/solution", true);
        !solution && (says("/nbgrader/locked", true) || says("/editable", false))
    }

    /// The problem that it answers, where a notebook has several.
    fn problem(&self) -> Option<&str> {
        self.metadata.pointer("/solve/problem").and_then(Value::as_str)
    }

    /// The pieces of its text, each with the place of its first byte in the file.
    fn pieces(&self, text: &str) -> Option<Vec<(usize, String)>> {
        let source = self.source?;
        let literals = serde_json::from_str::<Vec<&RawValue>>(source.get()).unwrap_or_else(|_| vec![source]);
        let within = |literal: &str| (literal.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
        let piece = |raw: &&RawValue| Some((within(raw.get())? + 1, serde_json::from_str::<String>(raw.get()).ok()?));
        literals.iter().map(piece).collect()
    }
}

/// A text of the file's length in which the cells of a student stand where the file has them, code in fences: all else
/// is blank. What a cell printed is no part of it, nor is what says that it is of another problem. Beside it the cells of code that say which answer they are for.
pub fn document(text: &str, problem: Option<&str>) -> Result<(String, Vec<Assigned>), Vec<Diagnostic>> {
    let read: Notebook<'_> = serde_json::from_str(text).map_err(|error| super::fault(text, &error))?;
    let sheets = read.worksheets.into_iter().flat_map(|sheet| sheet.cells);
    let cells: Vec<Cell<'_>> = read.cells.into_iter().flatten().chain(sheets).collect();
    if cells.is_empty() {
        let fault = Diagnostic::error("E-json", "this is no notebook: it has no cells");
        return Err(vec![fault.at(Span::default(), "here")]);
    }
    // Where some cells are said to be for answers, no other holds one.
    let tagged = cells.iter().any(Cell::is_for_answers);
    let mine = |cell: &&Cell<'_>| {
        let elsewhere = cell.is_locked() || tagged && !cell.is_for_answers() || cell.is_question();
        !elsewhere && cell.problem().zip(problem).is_none_or(|(own, this)| own == this)
    };
    let mut page = Page { bytes: vec![b' '; text.len()], used: 0 };
    let mut named = Vec::new();
    for cell in cells.iter().filter(mine) {
        let fence = match cell.cell_type.as_str() {
            "code" => true,
            "markdown" | "raw" => false,
            _ => continue,
        };
        let pieces = cell.pieces(text).unwrap_or_default();
        match cell.metadata.pointer("/solve/answer").and_then(Value::as_str).filter(|_| fence).zip(pieces.first()) {
            Some((name, (at, _))) => {
                let source: String = pieces.iter().map(|(_, piece)| piece.as_str()).collect();
                page.used += source.len();
                named.push(Assigned { name: name.to_owned(), at: *at, source });
            }
            None => page.cell(&pieces, fence),
        }
    }
    if page.used > SUBMISSION_BYTES {
        return Err(vec![too_large(SUBMISSION_BYTES)]);
    }
    let page = String::from_utf8(page.bytes).map_err(|_| vec![Diagnostic::error("E-encoding", "this is no text")])?;
    Ok((page, named))
}

struct Page {
    bytes: Vec<u8>,
    /// How many of them the cells have.
    used: usize,
}

impl Page {
    /// Writes within the file; before and after a cell stand the marks of its text there.
    fn write(&mut self, at: usize, text: &[u8]) {
        let end = (at + text.len()).min(self.bytes.len());
        if let Some(place) = self.bytes.get_mut(at..end) {
            place.copy_from_slice(&text[..end - at]);
        }
    }

    fn cell(&mut self, pieces: &[(usize, String)], in_code: bool) {
        let Some((first, last)) = pieces.first().zip(pieces.last()) else { return };
        let ticks = if pieces.iter().any(|(_, piece)| piece.contains("```")) { "~~~" } else { "```" };
        let [before, after] = match in_code {
            true => [format!("\n{ticks}py\n"), format!("\n{ticks}\n")],
            false => ["\n\n".to_owned(), "\n\n".to_owned()],
        };
        self.write(first.0.saturating_sub(before.len()), before.as_bytes());
        for (place, (start, piece)) in pieces.iter().enumerate() {
            self.used += piece.len();
            // A line ends where the next one begins: between them is nothing to be read.
            match pieces.get(place + 1).zip(piece.strip_suffix('\n')) {
                Some(((next, _), line)) => {
                    self.write(*start, line.as_bytes());
                    self.write(next - 1, b"\n");
                }
                None => self.write(*start, piece.as_bytes()),
            }
        }
        self.write(last.0 + last.1.len(), after.as_bytes());
    }
}
