//! Which submissions there are: files, folders, patterns, the rows of tables, standard input; in the order in which
//! they were named, those of a folder by name.

use super::reading;
use crate::cli::files::{self, display_name};
use crate::cli::{Exit, stdio};
use crate::diagnostic::Diagnostic;
use crate::syntax::{ClassRow, Vocabulary};
use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

/// One submission that is not read yet.
pub struct Submission {
    /// As reports call it.
    pub file: String,
    /// What the report's file is called after: `ada-answers` of `class/ada/answers.tex`.
    pub stem: String,
    pub content: Content,
}

pub enum Content {
    /// A file, or standard input.
    File(PathBuf),
    /// A row of a table.
    Row(Box<ClassRow>),
    Unusable {
        exit: Exit,
        faults: Vec<Diagnostic>,
    },
}

impl Submission {
    fn unusable(path: &Path, home: &Path, reason: impl Into<String>) -> Submission {
        let faults = vec![Diagnostic::error("E-file", reason)];
        Submission::new(path, home, Content::Unusable { exit: Exit::Usage, faults })
    }

    fn new(path: &Path, home: &Path, content: Content) -> Submission {
        Submission { file: display_name(path), stem: stem(path, home), content }
    }
}

/// The path below the folder that was named, without its ending.
fn stem(path: &Path, home: &Path) -> String {
    if files::is_stdin(path) {
        return "stdin".to_string();
    }
    let inside = path.strip_prefix(home).unwrap_or(path);
    let inside = if inside.as_os_str().is_empty() { path } else { inside };
    let named = if inside == path { Path::new(path.file_name().unwrap_or(OsStr::new(""))) } else { inside };
    named.with_extension("").to_string_lossy().into_owned()
}

/// All submissions, found as they are asked for. Of `left_out` nothing is read (the problem, the output).
pub fn submissions(
    named: &[PathBuf],
    left_out: Vec<PathBuf>,
    vocabulary: &Vocabulary,
) -> impl Iterator<Item = Submission> + Send {
    let mut waiting: Vec<Waiting> = named.iter().rev().flat_map(|path| expanded(path).into_iter().rev()).collect();
    let left_out: Vec<PathBuf> = left_out.iter().filter_map(|path| path.canonicalize().ok()).collect();
    std::iter::from_fn(move || {
        loop {
            match waiting.last_mut()? {
                Waiting::Rows(rows) => match rows.next() {
                    Some(submission) => return Some(submission),
                    None => drop(waiting.pop()),
                },
                Waiting::Path { .. } => {
                    let Some(Waiting::Path { path, home }) = waiting.pop() else { return None };
                    if let Some(submission) = step(&path, home.as_deref(), &left_out, vocabulary, &mut waiting) {
                        return Some(submission);
                    }
                }
            }
        }
    })
}

type Rows = Box<dyn Iterator<Item = Submission> + Send>;

/// What is still to be looked at, the next one last.
enum Waiting {
    /// A path, and the folder that was named, if it was found in one.
    Path {
        path: PathBuf,
        home: Option<PathBuf>,
    },
    Rows(Rows),
}

/// Paths of a pattern that the shell did not expand; any other path is itself.
fn expanded(path: &Path) -> Vec<Waiting> {
    let itself = || vec![Waiting::Path { path: path.to_path_buf(), home: None }];
    let Some(pattern) =
        path.to_str().filter(|text| text.contains(['*', '?', '[']) && fs::symlink_metadata(path).is_err())
    else {
        return itself();
    };
    let found: Vec<PathBuf> = glob::glob(pattern).into_iter().flatten().filter_map(Result::ok).collect();
    if found.is_empty() {
        return itself();
    }
    found.into_iter().map(|path| Waiting::Path { path, home: None }).collect()
}

/// A path's submission; a folder and a table give theirs one after the other.
fn step(
    path: &Path,
    home: Option<&Path>,
    left_out: &[PathBuf],
    vocabulary: &Vocabulary,
    waiting: &mut Vec<Waiting>,
) -> Option<Submission> {
    let named = home.unwrap_or(path);
    if files::is_stdin(path) {
        return Some(Submission::new(path, named, Content::File(path.to_path_buf())));
    }
    let kind = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) => return Some(Submission::unusable(path, named, stdio::words(&error))),
    };
    if kind.is_symlink() {
        return Some(Submission::unusable(path, named, "a symbolic link, which is not followed"));
    }
    if kind.is_dir() {
        return folder(path, named, waiting);
    }
    if home.is_some() && !kind.is_file() {
        return Some(Submission::unusable(path, named, "no plain file"));
    }
    if is_left_out(path, kind, left_out) {
        return None;
    }
    if reading::is_table(path) {
        waiting.push(Waiting::Rows(table(path, named, vocabulary)));
        return None;
    }
    Some(Submission::new(path, named, Content::File(path.to_path_buf())))
}

fn is_left_out(path: &Path, kind: FileType, left_out: &[PathBuf]) -> bool {
    let is_named_so = |known: &&PathBuf| known.file_name() == path.file_name();
    kind.is_file()
        && left_out.iter().filter(is_named_so).any(|known| path.canonicalize().is_ok_and(|path| path == *known))
}

/// Puts what is in a folder before all else; hidden files are no submissions.
fn folder(path: &Path, home: &Path, waiting: &mut Vec<Waiting>) -> Option<Submission> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return Some(Submission::unusable(path, home, stdio::words(&error))),
    };
    let is_hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let mut inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    inside.retain(|path| !is_hidden(path));
    inside.sort_by(|a, b| b.cmp(a));
    waiting.extend(inside.into_iter().map(|path| Waiting::Path { path, home: Some(home.to_path_buf()) }));
    None
}

/// The rows of a table, a student each; the first one is below the heading.
fn table(path: &Path, home: &Path, vocabulary: &Vocabulary) -> Rows {
    let (file, stem) = (display_name(path), stem(path, home));
    let rows = match reading::rows(path, vocabulary) {
        Ok(rows) => rows,
        Err((exit, faults)) => {
            let unusable = Submission { file, stem, content: Content::Unusable { exit, faults } };
            return Box::new(std::iter::once(unusable));
        }
    };
    Box::new(rows.zip(2..).map(move |(row, place)| Submission {
        file: format!("{file}:{place}"),
        stem: row.student().map_or_else(|| format!("{stem}-{place}"), str::to_string),
        content: Content::Row(Box::new(row)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_called_after_the_path_below_the_folder() {
        let stem = |path: &str, home: &str| stem(Path::new(path), Path::new(home));
        assert_eq!(stem("class/ada/answers.tex", "class"), "ada/answers");
        assert_eq!(stem("class/ada.ans", "class/ada.ans"), "ada");
        assert_eq!(stem("ada.ans", "ada.ans"), "ada");
        assert_eq!(stem("-", "-"), "stdin");
    }

    #[test]
    fn folders_are_read_in_order_and_hidden_files_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("b")).unwrap();
        for name in ["c.ans", "a.tex", ".hidden", "b/z.ans", "b/y.ans", "q.spec"] {
            fs::write(at(name), "").unwrap();
        }
        let found: Vec<String> =
            submissions(&[folder.path().to_path_buf()], vec![at("q.spec")], &Vocabulary::default())
                .map(|one| one.stem)
                .collect();
        assert_eq!(found, ["a", "b/y", "b/z", "c"]);
        let pattern = at("*.ans");
        let found: Vec<String> =
            submissions(&[pattern], Vec::new(), &Vocabulary::default()).map(|one| one.stem).collect();
        assert_eq!(found, ["c"]);
    }
}
