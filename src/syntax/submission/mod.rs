//! What students hand in, whatever it is kept in: plain answers, LaTeX, Markdown, JSON, a notebook, a table of a class.
//!
//! What can't be read becomes data of the sheet (`UnreadableAnswer`), with its place and the reason; only a file that
//! is no text, or too large, is refused as a whole. Nothing of a submission is executed, and no file is opened here.

mod assignment;
mod cells;
mod clause;
mod collect;
mod condition;
mod definitions;
mod document;
mod dress;
mod einsum;
mod heading;
mod json;
mod listed;
mod marks;
mod mixed;
mod order;
mod part;
mod prose;
mod table;
mod unseen;

pub use table::{ClassRow, read_class};

use super::ast::{Answer, AnswerSheet, AnswerTarget};
use super::encoding::decode;
use super::spec::too_large;
use super::vocabulary::Vocabulary;
use crate::diagnostic::Diagnostic;
use crate::limits::{CLASS_BYTES, NOTEBOOK_BYTES, SUBMISSION_BYTES};
use collect::Collector;

/// How a file is read, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `.ans`, `.txt` and what has another name: answers a line each.
    Plain,
    Latex,
    Markdown,
    Json,
    Notebook,
    /// A row for each student.
    Table,
}

impl Container {
    /// By the ending of a file's name.
    pub fn of(file: &str) -> Container {
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        match ending.as_str() {
            "tex" | "latex" | "ltx" => Container::Latex,
            "md" | "markdown" | "rmd" | "qmd" => Container::Markdown,
            "json" => Container::Json,
            "ipynb" => Container::Notebook,
            "csv" | "tsv" => Container::Table,
            _ => Container::Plain,
        }
    }

    /// The bytes that a file may have.
    pub fn limit(self) -> usize {
        match self {
            Container::Table => CLASS_BYTES,
            Container::Notebook => NOTEBOOK_BYTES,
            Container::Plain | Container::Latex | Container::Markdown | Container::Json => SUBMISSION_BYTES,
        }
    }
}

/// The answer sheets of a file: one, or one for each student of a table.
///
/// # Errors
/// A file that is no text (`E-encoding`), is too large (`E-size`), or is no JSON or no table where it should be one.
pub fn read_submission(file: &str, bytes: &[u8], vocabulary: &Vocabulary) -> Result<Vec<AnswerSheet>, Vec<Diagnostic>> {
    let container = Container::of(file);
    if container == Container::Table {
        return read_class(bytes, vocabulary).map(|rows| rows.map(|row| row.sheet(vocabulary)).collect());
    }
    let limit = container.limit();
    if bytes.len() > limit {
        return Err(vec![too_large(limit)]);
    }
    let text = decode(bytes).map_err(|fault| vec![fault])?;
    let mut collector = Collector::new(vocabulary);
    if file.ends_with(".py") {
        collector.python();
    }
    collector.matlab = file.ends_with(".m");
    match container {
        Container::Json => return json::answers(&text, vocabulary),
        Container::Notebook => {
            let (page, named) = json::notebook::document(&text, vocabulary.problem())?;
            document::markdown(&page, &mut collector);
            named.iter().for_each(|cell| json::assigned::take(cell, &mut collector));
        }
        Container::Latex => document::latex(&text, &mut collector),
        Container::Markdown => document::markdown(&text, &mut collector),
        Container::Plain if file.ends_with(".m") => document::plain(&document::matlab(&text), &mut collector),
        Container::Plain | Container::Table => document::plain(&text, &mut collector),
    }
    Ok(vec![collector.sheet()])
}

/// One answer by itself, as it is typed at a prompt: with a target (`dW2 = …`), or a value for `target`.
pub fn read_answer(text: &str, target: AnswerTarget, vocabulary: &Vocabulary) -> Result<Answer, Vec<Diagnostic>> {
    if text.len() > SUBMISSION_BYTES {
        return Err(vec![too_large(SUBMISSION_BYTES)]);
    }
    let mut collector = Collector::new(vocabulary);
    collector.value(target, text, 0);
    let mut sheet = collector.sheet();
    match sheet.answers.pop() {
        Some(answer) => Ok(answer),
        None => Err(sheet.unreadable.pop().map(|answer| answer.diagnostics).unwrap_or_default()),
    }
}
