//! Where documents go. Files are written whole or not at all, and never over what is no plain file.

use super::interrupt::Unfinished;
use super::stdio;
use crate::render::course::PackedFile;
use crate::render::document::Document;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
}

impl Destination {
    /// The one file, whose ending says the format.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Destination::File(path) => Some(path),
            Destination::Stdout | Destination::Folder(_) => None,
        }
    }
}

/// What `--output` means: a folder ends in a slash, or is one.
pub fn destination(output: Option<&Path>) -> Destination {
    match output {
        None => Destination::Stdout,
        Some(path) if path.as_os_str() == "-" => Destination::Stdout,
        Some(path) if ends_in_separator(path) || path.is_dir() => Destination::Folder(path.to_path_buf()),
        Some(path) => Destination::File(path.to_path_buf()),
    }
}

fn ends_in_separator(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.ends_with('/') || text.ends_with(MAIN_SEPARATOR)
}

/// What to do where a file is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Present {
    Keep,
    Replace,
}

/// Why a file was not written.
#[derive(Debug, PartialEq, Eq)]
pub struct WriteError {
    pub path: PathBuf,
    pub message: String,
    pub help: Option<&'static str>,
}

impl WriteError {
    fn new(path: &Path, message: impl Into<String>) -> WriteError {
        WriteError { path: path.to_path_buf(), message: message.into(), help: None }
    }

    /// Why what was to be written could not be made.
    pub fn because(path: &Path, message: String) -> WriteError {
        WriteError::new(path, format!("can't be written: {message}"))
    }

    fn io(path: &Path, error: &io::Error) -> WriteError {
        match error.kind() {
            ErrorKind::AlreadyExists => {
                WriteError { help: Some("--force replaces it"), ..WriteError::new(path, "exists already") }
            }
            _ => WriteError::new(path, format!("can't be written: {}", stdio::words(error))),
        }
    }
}

/// Makes a folder and those above it, if they are missing. What a killed run has left in it is taken away.
pub fn make_folder(folder: &Path) -> Result<(), WriteError> {
    // With a separator at its end the path would be what a link stands for.
    let bare: PathBuf = folder.components().collect();
    if fs::symlink_metadata(&bare).is_ok_and(|metadata| metadata.is_symlink()) {
        return Err(WriteError::new(&bare, "is a symbolic link, which is not written through"));
    }
    fs::create_dir_all(folder).map_err(|error| WriteError::io(folder, &error))?;
    clean(folder);
    Ok(())
}

/// Takes away the unfinished files of runs that were killed: no one holds them.
fn clean(folder: &Path) {
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
    };
    let all = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    for path in all.filter(is_ours) {
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(&path);
        }
    }
}

/// How the names of unfinished files begin and end.
const UNFINISHED: (&str, &str) = (".solve-", ".tmp");

const IS_INPUT: &str = "is an input and is not overwritten";

/// Writes a document and the pictures beside it: all of them, or (unless the disk fails half way) none.
/// None of them may be one of the inputs.
pub fn write(path: &Path, document: &Document, present: Present, inputs: &[PathBuf]) -> Result<(), WriteError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut files = Vec::new();
    for picture in &document.pictures {
        let name = plain_name(&picture.file).ok_or_else(|| WriteError::new(path, "a picture has no plain name"))?;
        files.push((folder.join(name), picture.content.as_bytes()));
    }
    files.push((path.to_path_buf(), document.text.as_bytes()));
    write_files(&files, present, inputs)
}

/// Writes one file of bytes.
pub fn write_bytes(path: &Path, content: &[u8], present: Present, inputs: &[PathBuf]) -> Result<(), WriteError> {
    write_files(&[(path.to_path_buf(), content)], present, inputs)
}

/// Writes the files of a package below a folder.
pub fn write_package(
    folder: &Path,
    package: &[PackedFile],
    present: Present,
    inputs: &[PathBuf],
) -> Result<(), WriteError> {
    let files: Vec<(PathBuf, &[u8])> =
        package.iter().map(|file| (folder.join(&file.path), file.content.as_slice())).collect();
    for (path, _) in &files {
        make_folder(folder_of(path))?;
    }
    write_files(&files, present, inputs)?;
    package.iter().filter(|file| file.executable).try_for_each(|file| {
        let path = folder.join(&file.path);
        make_executable(&path).map_err(|error| WriteError::io(&path, &error))
    })
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

fn write_files(files: &[(PathBuf, &[u8])], present: Present, inputs: &[PathBuf]) -> Result<(), WriteError> {
    if let Some((path, _)) = files.iter().find(|(path, _)| is_one_of(path, inputs)) {
        return Err(WriteError::new(path, IS_INPUT));
    }
    let staged = files.iter().map(|(path, content)| stage(path, content, present)).collect::<Result<Vec<_>, _>>()?;
    let mut done: Vec<PathBuf> = Vec::new();
    for staged in staged {
        let path = staged.path.clone();
        if let Err(error) = staged.persist(present) {
            undo(&done, present);
            return Err(error);
        }
        done.push(path);
    }
    Ok(())
}

fn is_one_of(path: &Path, inputs: &[PathBuf]) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    inputs.iter().any(|input| input.canonicalize().is_ok_and(|input| input == path))
}

/// Files that were not there before are taken away again.
fn undo(done: &[PathBuf], present: Present) {
    match present {
        Present::Replace => {}
        Present::Keep => done.iter().for_each(|path| {
            let _ = fs::remove_file(path);
        }),
    }
}

fn plain_name(name: &str) -> Option<&str> {
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(only)), None) if only == name => Some(name),
        _ => None,
    }
}

/// A file that is complete, under a name that no one knows yet.
struct Staged {
    path: PathBuf,
    file: NamedTempFile,
    /// Dropped after the file has its name.
    _unfinished: Unfinished,
}

fn stage(path: &Path, content: &[u8], present: Present) -> Result<Staged, WriteError> {
    let mut staged = begin(path, present)?;
    let written = staged.file.write_all(content).and_then(|()| staged.file.as_file().sync_data());
    written.map_err(|error| WriteError::io(path, &error))?;
    Ok(staged)
}

/// A file without a name, which is gone when it is closed.
pub fn unnamed() -> io::Result<File> {
    tempfile::tempfile()
}

/// A file that is written piece by piece, and has its name only when it is complete.
pub struct Growing {
    staged: Staged,
    present: Present,
}

impl Growing {
    /// It may be none of the inputs.
    pub fn begin(path: &Path, present: Present, inputs: &[PathBuf]) -> Result<Growing, WriteError> {
        if is_one_of(path, inputs) {
            return Err(WriteError::new(path, IS_INPUT));
        }
        clean(folder_of(path));
        Ok(Growing { staged: begin(path, present)?, present })
    }

    pub fn push(&mut self, text: &str) -> Result<(), WriteError> {
        self.staged.file.write_all(text.as_bytes()).map_err(|error| WriteError::io(&self.staged.path, &error))
    }

    pub fn finish(self) -> Result<(), WriteError> {
        let synced = self.staged.file.as_file().sync_data();
        synced.map_err(|error| WriteError::io(&self.staged.path, &error))?;
        self.staged.persist(self.present)
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// An empty file for what will stand at a path.
fn begin(path: &Path, present: Present) -> Result<Staged, WriteError> {
    let old = replaceable(path, present)?;
    let fault = |error: io::Error| WriteError::io(path, &error);
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    if let Some(permissions) = old.map(|old| old.permissions()).or_else(usual_permissions) {
        builder.permissions(permissions);
    }
    let file = builder.tempfile_in(folder_of(path)).map_err(fault)?;
    // As long as this run lives no other one takes it away; not every file system has locks.
    let _ = file.as_file().try_lock();
    let unfinished = Unfinished::new(file.path());
    Ok(Staged { path: path.to_path_buf(), file, _unfinished: unfinished })
}

/// The plain file that stands there and may be replaced; an error for anything else.
fn replaceable(path: &Path, present: Present) -> Result<Option<Metadata>, WriteError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(WriteError::io(path, &error)),
        Ok(old) if old.is_symlink() => Err(WriteError::new(path, "is a symbolic link, which is not written through")),
        Ok(old) if !old.is_file() => Err(WriteError::new(path, "is no plain file and is not replaced")),
        Ok(old) => match present {
            Present::Replace => Ok(Some(old)),
            Present::Keep => Err(WriteError::io(path, &ErrorKind::AlreadyExists.into())),
        },
    }
}

/// What a file is usually made with; the user's mask still applies.
#[cfg(unix)]
fn usual_permissions() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_permissions() -> Option<fs::Permissions> {
    None
}

impl Staged {
    fn persist(self, present: Present) -> Result<(), WriteError> {
        let Staged { path, file, _unfinished } = self;
        let result = match present {
            Present::Keep => file.persist_noclobber(&path),
            Present::Replace => file.persist(&path),
        };
        result.map(|_| ()).map_err(|error| WriteError::io(&path, &error.error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::document::Picture;

    fn document(text: &str, picture: &str) -> Document {
        let picture = Picture { file: picture.into(), content: "<svg/>".into() };
        Document { text: text.into(), pictures: vec![picture] }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_document_and_its_pictures_come_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("q.md");
        write(&path, &document("one", "q-graph.svg"), Present::Keep, &[]).unwrap();
        assert_eq!(names(folder.path()), ["q-graph.svg", "q.md"]);
        fs::remove_file(&path).unwrap();
        let refused = write(&path, &document("two", "q-graph.svg"), Present::Keep, &[]).unwrap_err();
        assert_eq!(refused.path, folder.path().join("q-graph.svg"));
        assert_eq!(names(folder.path()), ["q-graph.svg"]);
        write(&path, &document("three", "q-graph.svg"), Present::Replace, &[]).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
    }

    #[test]
    fn pictures_stay_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../x.svg", "/tmp/x.svg", "a/b.svg", "", "."] {
            assert!(write(&folder.path().join("q.md"), &document("t", name), Present::Replace, &[]).is_err(), "{name}");
        }
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_folder_ends_in_a_slash_or_is_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(destination(Some(folder.path())), Destination::Folder(folder.path().into()));
        assert_eq!(destination(Some(Path::new("none/"))), Destination::Folder("none/".into()));
        assert_eq!(destination(Some(Path::new("none"))), Destination::File("none".into()));
        assert_eq!(destination(Some(Path::new("-"))), Destination::Stdout);
    }
}
