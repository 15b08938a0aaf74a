//! Reading inputs, never more than the limit.

use super::{Exit, stdio};
use crate::diagnostic::Diagnostic;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a named pipe may have no writer.
const PIPE_WAIT: Duration = Duration::from_secs(2);

/// Why there are no bytes, and how that counts.
pub type Fault = (Exit, Diagnostic);
/// The same with all that is wrong.
pub type Faults = (Exit, Vec<Diagnostic>);

pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How messages call an input.
pub fn display_name(path: &Path) -> String {
    if is_stdin(path) { "<stdin>".to_string() } else { path.display().to_string() }
}

/// All bytes of a file (`-`: of standard input), if there are at most `limit`.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Fault> {
    let bytes = match open(path)? {
        Some(file) => bounded(file, limit),
        None => bounded(io::stdin().lock(), limit),
    };
    match bytes.map_err(|error| unreadable(path, &error))? {
        bytes if bytes.len() > limit => Err(too_large(limit)),
        bytes => Ok(bytes),
    }
}

fn bounded(source: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn open(path: &Path) -> Result<Option<File>, Fault> {
    if is_stdin(path) {
        return Ok(None);
    }
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let file = if is_named_pipe(&metadata) { open_pipe(path.to_path_buf()) } else { File::open(path) };
    file.map(Some).map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => (Exit::Unusable, Diagnostic::error("E-file", "a pipe into which no one writes")),
        _ => unreadable(path, &error),
    })
}

/// Opening a pipe waits for a writer: that is done aside, so that it can be given up.
fn open_pipe(path: PathBuf) -> io::Result<File> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(File::open(path)));
    receiver.recv_timeout(PIPE_WAIT).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

#[cfg(unix)]
fn is_named_pipe(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_named_pipe(_: &fs::Metadata) -> bool {
    false
}

fn unreadable(path: &Path, error: &io::Error) -> Fault {
    let message = format!("`{}` can't be read: {}", display_name(path), stdio::words(error));
    (Exit::Usage, Diagnostic::error("E-file", message))
}

fn too_large(limit: usize) -> Fault {
    let message = format!("the file has more than {limit} bytes, the most that is read");
    (Exit::Unusable, Diagnostic::error("E-size", message))
}
