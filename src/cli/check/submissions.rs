//! Which submissions there are: files, folders, patterns, the rows of tables, standard input; in the order in which
//! they were named, those of a folder by name.

use super::own;
use super::people::{self, Who};
use super::reading::{self, Content};
use crate::cli::files::{self, display_name};
use crate::cli::report::printable;
use crate::cli::{Exit, stdio};
use crate::diagnostic::Diagnostic;
use crate::syntax::Vocabulary;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// One submission that is not read yet.
pub struct Submission {
    pub tag: Tag,
    pub content: Content,
}

/// How a submission is called.
#[derive(Clone, Debug)]
pub struct Tag {
    /// As reports call it.
    pub file: String,
    /// What the report's file is called after: `ada-answers` of `class/ada/answers.tex`.
    pub stem: String,
    /// What the names of folders and files tell of the student.
    pub who: Who,
}

impl Submission {
    fn unusable(path: &Path, home: &Path, reason: impl Into<String>) -> Submission {
        let faults = vec![Diagnostic::error("E-file", reason)];
        Submission::new(path, home, Content::Unusable { exit: Exit::Usage, faults })
    }

    fn new(path: &Path, home: &Path, content: Content) -> Submission {
        let who = path.file_name().and_then(|name| people::of_file(&name.to_string_lossy())).unwrap_or_default();
        Submission { tag: Tag { file: display_name(path), stem: stem(path, home), who }, content }
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

/// All submissions, found as they are asked for; a file that is named twice is one. All may be `of_one_student`. Of `left_out` nothing is read (the
/// problem, the output).
pub fn submissions(
    named: &[PathBuf],
    of_one_student: bool,
    left_out: Vec<PathBuf>,
    vocabulary: Vocabulary,
) -> impl Iterator<Item = Submission> + Send + use<> {
    let mut paths: Vec<PathBuf> = inputs(named);
    let waiting = match paths.first().filter(|_| of_one_student).and_then(|path| path.parent()) {
        Some(home) => vec![Waiting::Student { who: Who::default(), home: home.to_path_buf(), paths }],
        None => {
            paths.reverse();
            paths.into_iter().map(Waiting::named).collect()
        }
    };
    let left_out = left_out.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut search = Search { waiting, left_out, seen: BTreeSet::new(), vocabulary };
    std::iter::from_fn(move || search.next())
}

type Rows = Box<dyn Iterator<Item = Submission> + Send>;

/// What is still to be looked at.
enum Waiting {
    /// A path, and the folder that was named, if it was found in one.
    Path {
        path: PathBuf,
        home: Option<PathBuf>,
    },
    /// All that one student handed in, by a course system's names.
    Student {
        who: Who,
        paths: Vec<PathBuf>,
        home: PathBuf,
    },
    Rows(Rows),
}

impl Waiting {
    fn named(path: PathBuf) -> Waiting {
        Waiting::Path { path, home: None }
    }
}

struct Search {
    /// The next one last.
    waiting: Vec<Waiting>,
    left_out: Vec<PathBuf>,
    /// Files that were given out.
    seen: BTreeSet<PathBuf>,
    vocabulary: Vocabulary,
}

impl Search {
    fn next(&mut self) -> Option<Submission> {
        loop {
            if let Some(Waiting::Rows(rows)) = self.waiting.last_mut() {
                match rows.next() {
                    Some(submission) => return Some(submission),
                    None => drop(self.waiting.pop()),
                }
                continue;
            }
            let found = match self.waiting.pop()? {
                Waiting::Path { path, home } => self.step(&path, home.as_deref()),
                Waiting::Student { who, paths, home } => Some(self.student(who, &paths, &home)),
                Waiting::Rows(_) => None,
            };
            if found.is_some() {
                return found;
            }
        }
    }

    /// A path's submission; a folder and a table give theirs one after the other.
    fn step(&mut self, path: &Path, home: Option<&Path>) -> Option<Submission> {
        let named = home.unwrap_or(path);
        if files::is_stdin(path) {
            return Some(Submission::new(path, named, Content::Files(vec![path.to_path_buf()])));
        }
        let kind = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => return Some(Submission::unusable(path, named, stdio::words(&error))),
        };
        if kind.is_symlink() {
            return Some(Submission::unusable(path, named, "a symbolic link, which is not followed"));
        }
        let real = path.canonicalize().ok().filter(|_| kind.is_dir() || kind.is_file());
        if real.as_ref().is_some_and(|real| self.left_out.contains(real)) {
            return None;
        }
        if kind.is_dir() {
            return self.folder(path, home);
        }
        if home.is_some() && !kind.is_file() {
            return Some(Submission::unusable(path, named, "no plain file"));
        }
        if real.is_some_and(|real| !self.seen.insert(real)) {
            return None;
        }
        if own::is_output(path) {
            stdio::tell(&format!("solve: {} is an output of solve, and left out\n", told(path)));
            return None;
        }
        if reading::is_table(path) {
            self.waiting.push(Waiting::Rows(table(path, named, &self.vocabulary)));
            return None;
        }
        Some(Submission::new(path, named, Content::Files(vec![path.to_path_buf()])))
    }

    /// Puts what is in a folder before all else; hidden files are no submissions.
    fn folder(&mut self, path: &Path, home: Option<&Path>) -> Option<Submission> {
        let named = home.unwrap_or(path).to_path_buf();
        if home.is_some() && own::is_folder(path) {
            stdio::tell(&format!("solve: {} holds reports of solve, and is left out\n", told(path)));
            return None;
        }
        let inside = match entries(path) {
            Ok(inside) => inside,
            Err(error) => return Some(Submission::unusable(path, &named, stdio::words(&error))),
        };
        let mut found: Vec<Waiting> = Vec::new();
        for path in inside {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let who = if path.is_dir() { people::of_folder(&name) } else { people::of_file(&name) };
            let Some(who) = who.filter(|_| !path.is_symlink()) else {
                found.push(Waiting::Path { path, home: Some(named.clone()) });
                continue;
            };
            let same = found.iter_mut().rev().find_map(|other| match other {
                Waiting::Student { who: other, paths, .. } if *other == who => Some(paths),
                Waiting::Student { .. } | Waiting::Path { .. } | Waiting::Rows(_) => None,
            });
            match same {
                Some(paths) => paths.push(path),
                None => found.push(Waiting::Student { who, paths: vec![path], home: named.clone() }),
            }
        }
        self.waiting.extend(found.into_iter().rev());
        None
    }

    /// All files of one student, in folders below too.
    fn student(&mut self, who: Who, paths: &[PathBuf], home: &Path) -> Submission {
        let (mut files, mut waiting) = (Vec::new(), paths.to_vec());
        waiting.reverse();
        while let Some(path) = waiting.pop() {
            match fs::symlink_metadata(&path).map(|metadata| metadata.file_type()) {
                Ok(kind) if kind.is_dir() => waiting.extend(entries(&path).unwrap_or_default().into_iter().rev()),
                Ok(kind) if kind.is_file() && !own::is_output(&path) => files.push(path),
                Ok(_) | Err(_) => {}
            }
        }
        let called = &paths[0];
        if files.is_empty() {
            return Submission::unusable(called, home, "holds no file that can be read");
        }
        self.seen.extend(files.iter().filter_map(|file| file.canonicalize().ok()));
        let tag = Tag { file: display_name(called), stem: stem(called, home), who };
        Submission { tag, content: Content::Files(files) }
    }
}

fn told(path: &Path) -> String {
    format!("`{}`", printable(&display_name(path)))
}

/// What is in a folder, by name, but for what is hidden.
fn entries(path: &Path) -> io::Result<Vec<PathBuf>> {
    let is_hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let is_aside =
        |path: &PathBuf| path.file_name().is_some_and(|name| name == "__MACOSX" || name == "submission_metadata.yml");
    let mut inside: Vec<PathBuf> = fs::read_dir(path)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    inside.retain(|path| !is_hidden(path) && !is_aside(path));
    inside.sort();
    Ok(inside)
}

/// The files that are named, patterns as what they stand for.
pub fn inputs(named: &[PathBuf]) -> Vec<PathBuf> {
    named.iter().flat_map(|path| expanded(path)).collect()
}

/// Paths of a pattern that the shell did not expand; any other path is itself.
fn expanded(path: &Path) -> Vec<PathBuf> {
    let itself = || vec![path.to_path_buf()];
    let Some(pattern) =
        path.to_str().filter(|text| text.contains(['*', '?', '[']) && fs::symlink_metadata(path).is_err())
    else {
        return itself();
    };
    let found: Vec<PathBuf> = glob::glob(pattern).into_iter().flatten().filter_map(Result::ok).collect();
    if found.is_empty() { itself() } else { found }
}

/// The rows of a table, a student each, called after their lines; one that is damaged is lost alone.
fn table(path: &Path, home: &Path, vocabulary: &Vocabulary) -> Rows {
    let (file, stem) = (display_name(path), stem(path, home));
    let rows = match reading::rows(path, vocabulary) {
        Ok(rows) => rows,
        Err((exit, faults)) => {
            let tag = Tag { file, stem, who: Who::default() };
            return Box::new(std::iter::once(Submission { tag, content: Content::Unusable { exit, faults } }));
        }
    };
    Box::new(rows.map(move |row| {
        let name = row.student().map(str::to_string);
        let tag = Tag {
            file: format!("{file}:{}", row.line()),
            stem: name.clone().unwrap_or_else(|| format!("{stem}-{}", row.line())),
            who: Who { name, number: row.number().map(str::to_string) },
        };
        let content = match row.fault() {
            Some(fault) => Content::Unusable { exit: Exit::Unusable, faults: vec![fault.clone()] },
            None => Content::Row(Box::new(row)),
        };
        Submission { tag, content }
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
            submissions(&[folder.path().to_path_buf()], false, vec![at("q.spec")], Vocabulary::default())
                .map(|one| one.tag.stem)
                .collect();
        assert_eq!(found, ["a", "b/y", "b/z", "c"]);
        let pattern = at("*.ans");
        // A file that is named twice is one submission.
        let found: Vec<String> = submissions(&[pattern, at("c.ans")], false, Vec::new(), Vocabulary::default())
            .map(|one| one.tag.stem)
            .collect();
        assert_eq!(found, ["c"]);
    }

    #[test]
    fn files_of_one_student_are_one_submission() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "Ada Lovelace_17_assignsubmission_file_/hw.tex",
            "Ada Lovelace_17_assignsubmission_file_/more/code.py",
            "submission_99/hw.md",
            "byronbob_180_400_hw.tex",
            "byronbob_LATE_180_501_code.py",
            "zoe.ans",
        ];
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let all = submissions(&[folder.path().to_path_buf()], false, Vec::new(), Vocabulary::default());
        let found: Vec<(Option<String>, Option<String>, usize)> = all
            .map(|one| match one.content {
                Content::Files(files) => (one.tag.who.name, one.tag.who.number, files.len()),
                Content::Row(_) | Content::Unusable { .. } => panic!("files"),
            })
            .collect();
        let who = |name: Option<&str>, number: Option<&str>, files| {
            (name.map(str::to_string), number.map(str::to_string), files)
        };
        assert_eq!(
            found,
            [
                who(Some("Ada Lovelace"), Some("17"), 2),
                who(Some("byronbob"), Some("180"), 2),
                who(None, Some("99"), 1),
                who(None, None, 1),
            ]
        );
    }
}
