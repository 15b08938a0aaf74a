//! From the bytes of a submission to answer sheets.

use super::submissions::Content;
use crate::cli::{Exit, files};
use crate::diagnostic::Diagnostic;
use crate::limits::{CLASS_BYTES, SUBMISSION_BYTES};
use crate::span::Source;
use crate::syntax::ast::AnswerSheet;
use crate::syntax::{ClassRow, Container, Vocabulary, decode, read_class, read_submission};
use std::path::Path;

/// Sheets, and the text in which their places are counted: empty where it is none that a person sees.
pub struct Read {
    pub sheets: Vec<AnswerSheet>,
    pub source: Source,
}

/// Why a submission gives no sheet.
pub struct Unread {
    pub exit: Exit,
    pub source: Source,
    pub faults: Vec<Diagnostic>,
}

/// Whether a file is a table with a row a student.
pub fn is_table(path: &Path) -> bool {
    Container::of(&path.to_string_lossy()) == Container::Table
}

/// Reads what a submission holds; `name` is how it is called.
pub fn read(name: &str, content: &Content, vocabulary: &Vocabulary) -> Result<Read, Unread> {
    let nowhere = || Source { name: name.to_string(), text: String::new() };
    let unread = |exit, faults| Unread { exit, source: nowhere(), faults };
    match content {
        Content::Unusable { exit, faults } => Err(unread(*exit, faults.clone())),
        Content::Row(row) => Ok(Read { sheets: vec![row.sheet(vocabulary)], source: nowhere() }),
        Content::File(path) => {
            let bytes = files::read(path, SUBMISSION_BYTES).map_err(|(exit, fault)| unread(exit, vec![fault]))?;
            sheets(name, &bytes, vocabulary)
        }
    }
}

/// The sheets in these bytes.
pub fn sheets(name: &str, bytes: &[u8], vocabulary: &Vocabulary) -> Result<Read, Unread> {
    let text = decode(bytes).unwrap_or_default();
    match read_submission(name, bytes, vocabulary) {
        Ok(sheets) => Ok(Read { sheets, source: Source { name: name.to_string(), text: counted(name, text) } }),
        Err(faults) => Err(Unread { exit: Exit::Unusable, source: Source { name: name.to_string(), text }, faults }),
    }
}

/// The text, where places are counted in it and not in its cells.
fn counted(name: &str, text: String) -> String {
    match Container::of(name) {
        Container::Plain | Container::Latex | Container::Markdown => text,
        Container::Json | Container::Notebook | Container::Table => String::new(),
    }
}

/// The rows of a table, one after the other.
pub fn rows(path: &Path, vocabulary: &Vocabulary) -> Result<impl Iterator<Item = ClassRow> + use<>, files::Faults> {
    let bytes = files::read(path, CLASS_BYTES).map_err(|(exit, fault)| (exit, vec![fault]))?;
    read_class(&bytes, vocabulary).map_err(|faults| (Exit::Unusable, faults))
}
