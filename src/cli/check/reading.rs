//! From the bytes of a submission to answer sheets.

use crate::cli::Exit;
use crate::cli::files::{self, display_name};
use crate::diagnostic::Diagnostic;
use crate::limits::{CLASS_BYTES, SUBMISSION_BYTES};
use crate::span::Source;
use crate::syntax::ast::AnswerSheet;
use crate::syntax::{ClassRow, Container, Vocabulary, decode, read_class, read_submission};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// What a submission is made of.
pub enum Content {
    /// The files of one student, or standard input.
    Files(Vec<PathBuf>),
    /// A row of a table.
    Row(Box<ClassRow>),
    Unusable {
        exit: Exit,
        faults: Vec<Diagnostic>,
    },
}

/// A file of a submission, or a row of a table, before anyone looks into it.
pub struct Piece {
    pub name: String,
    pub bytes: Result<Vec<u8>, Unread>,
    /// The texts of the files of commands that it takes in.
    pub preamble: String,
}

/// Sheets, and the text in which their places are counted: empty where it is none that a person sees.
pub struct Read {
    pub sheets: Vec<AnswerSheet>,
    pub source: Source,
}

/// Why a submission gives no sheet.
#[derive(Clone)]
pub struct Unread {
    pub exit: Exit,
    pub source: Source,
    pub faults: Vec<Diagnostic>,
}

/// How files begin that hold no text, and what they are.
const FOREIGN: [(&[u8], &str); 8] = [
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "an archive or a document of an office program"),
    (b"\x89PNG", "an image"),
    (b"\xFF\xD8\xFF", "an image"),
    (b"GIF8", "an image"),
    (b"\x1F\x8B", "an archive"),
    (b"Rar!", "an archive"),
    (b"\xD0\xCF\x11\xE0", "a document of an office program"),
];
/// The same by the ending of the name, whatever is in them.
const FOREIGN_ENDINGS: [(&str, &str); 13] = [
    ("pdf", "a PDF"),
    ("png", "an image"),
    ("jpg", "an image"),
    ("jpeg", "an image"),
    ("heic", "an image"),
    ("gif", "an image"),
    ("zip", "an archive"),
    ("gz", "an archive"),
    ("rar", "an archive"),
    ("7z", "an archive"),
    ("docx", "a document of an office program"),
    ("doc", "a document of an office program"),
    ("odt", "a document of an office program"),
];

/// Whether a file is a table with a row a student.
pub fn is_table(path: &Path) -> bool {
    Container::of(&path.to_string_lossy()) == Container::Table
}

/// The bytes of all that belongs to a submission; `name` is how it is called.
pub fn load(name: &str, content: &Content) -> Vec<Piece> {
    let piece = |name: &str, bytes: Result<Vec<u8>, (Exit, Vec<Diagnostic>)>| {
        let source = || Source { name: name.to_string(), text: String::new() };
        let bytes = bytes.map_err(|(exit, faults)| Unread { exit, source: source(), faults });
        Piece { name: name.to_string(), bytes, preamble: String::new() }
    };
    match content {
        Content::Unusable { exit, faults } => vec![piece(name, Err((*exit, faults.clone())))],
        Content::Row(row) => vec![piece(name, Ok(row.text().into_bytes()))],
        Content::Files(paths) => paths
            .iter()
            .map(|path| {
                let bytes = bytes(path).map_err(|(exit, fault)| (exit, vec![fault]));
                let preamble = bytes.as_ref().map_or(String::new(), |bytes| taken_in(path, bytes));
                Piece { preamble, ..piece(&display_name(path), bytes) }
            })
            .collect(),
    }
}

/// The texts of the files beside one in LaTeX that it takes in by `\input{macros}` and its like: their commands are read, and
/// nothing else.
fn taken_in(path: &Path, bytes: &[u8]) -> String {
    const FILES: usize = 8;
    const TAKING: [(&str, &str); 4] =
        [("\\input{", "tex"), ("\\include{", "tex"), ("\\usepackage{", "sty"), ("\\RequirePackage{", "sty")];
    let (Ok(text), Container::Latex) = (std::str::from_utf8(bytes), Container::of(&path.to_string_lossy())) else {
        return String::new();
    };
    let plain = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let named = TAKING.iter().flat_map(|(sign, ending)| {
        let after = text.match_indices(sign).map(move |(at, _)| &text[at + sign.len()..]);
        after.filter_map(move |rest| {
            let name = rest.split('}').next()?.trim();
            let has_ending = Path::new(name).extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
            plain(name)
                .then(|| path.with_file_name(if has_ending { name.to_string() } else { format!("{name}.{ending}") }))
        })
    });
    let is_file = |path: &std::path::PathBuf| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    let read = named.filter(is_file).take(FILES).filter_map(|path| files::read(&path, SUBMISSION_BYTES).ok());
    read.filter_map(|bytes| String::from_utf8(bytes).ok()).collect::<Vec<_>>().join("\n")
}

fn bytes(path: &Path) -> Result<Vec<u8>, files::Fault> {
    if let Some(kind) = foreign(path) {
        // The student reads the message alone.
        let instead = "hand in text (.ans, .txt, .md), LaTeX (.tex) or a notebook (.ipynb)";
        let message = format!("{kind}, which holds no text that can be marked: {instead}");
        return Err((Exit::Unusable, Diagnostic::error("E-kind", message)));
    }
    files::read(path, Container::of(&path.to_string_lossy()).limit())
}

/// What a file is that is no text.
fn foreign(path: &Path) -> Option<&'static str> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    if let Some((_, kind)) = FOREIGN_ENDINGS.iter().find(|(known, _)| *known == ending) {
        return Some(kind);
    }
    // A pipe is not opened twice.
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return None;
    }
    let mut head = Vec::new();
    File::open(path).ok()?.take(8).read_to_end(&mut head).ok()?;
    FOREIGN.iter().find(|(begin, _)| head.starts_with(begin)).map(|(_, kind)| *kind)
}

/// The sheets of a row of a table.
pub fn row(name: &str, row: &ClassRow, vocabulary: &Vocabulary) -> Read {
    Read { sheets: vec![row.sheet(vocabulary)], source: Source { name: name.to_string(), text: String::new() } }
}

/// The sheets in these bytes.
pub fn sheets(name: &str, bytes: &[u8], vocabulary: &Vocabulary) -> Result<Read, Unread> {
    let text = decode(bytes).unwrap_or_default();
    match read_submission(name, bytes, vocabulary) {
        Ok(sheets) => Ok(Read { sheets, source: Source { name: name.to_string(), text: counted(name, text) } }),
        Err(faults) => Err(Unread { exit: Exit::Unusable, source: Source { name: name.to_string(), text }, faults }),
    }
}

/// The name and the number at the head of the first sheet in these bytes.
pub fn head(name: &str, bytes: &[u8], vocabulary: &Vocabulary) -> Option<(Option<String>, Option<String>)> {
    let sheet = read_submission(name, bytes, vocabulary).ok()?.into_iter().next()?;
    Some((sheet.student, sheet.number))
}

/// The text, where places are counted in it and not in its cells.
fn counted(name: &str, text: String) -> String {
    match Container::of(name) {
        Container::Plain | Container::Latex | Container::Markdown | Container::Notebook => text,
        Container::Json | Container::Table => String::new(),
    }
}

/// The rows of a table, one after the other.
pub fn rows(path: &Path, vocabulary: &Vocabulary) -> Result<impl Iterator<Item = ClassRow> + use<>, files::Faults> {
    let bytes = files::read(path, CLASS_BYTES).map_err(|(exit, fault)| (exit, vec![fault]))?;
    read_class(&bytes, vocabulary).map_err(|faults| (Exit::Unusable, faults))
}
