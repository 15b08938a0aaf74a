//! What is marked so far, in a file beside the output: it is written as results are made, whatever their order, and
//! a run that was ended goes on from it.

use super::done::Done;
use crate::cli::output::unnamed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the file's name ends with.
pub const ENDING: &str = ".part";

/// What its first line begins with.
pub const BEGINS: &str = "{\"solve\":\"marks of a run";

/// What a result belongs to: the problem, the options, the submission's name and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(u64, u64);

impl Key {
    pub fn of(parts: &[&[u8]]) -> Key {
        let half = |seed: u8| {
            let mut hasher = DefaultHasher::new();
            (seed, parts).hash(&mut hasher);
            hasher.finish()
        };
        Key(half(0), half(1))
    }
}

/// Where a result stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    start: u64,
    length: u64,
}

/// The results of former runs that were ended, by what they belong to.
pub type Known = Arc<BTreeMap<Key, Place>>;

pub struct Journal {
    file: File,
    end: u64,
    /// None for a file without a name, which no other run can go on from.
    path: Option<PathBuf>,
    known: Known,
}

#[derive(Serialize, Deserialize)]
struct Head {
    solve: String,
    run: Key,
}

#[derive(Serialize, Deserialize)]
struct Line<D> {
    key: Key,
    done: D,
}

/// The journal of an output.
pub fn path_of(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_os_string();
    name.push(ENDING);
    output.with_file_name(name)
}

impl Journal {
    /// Begins anew, or goes on where a former run of the same kind has ended. Where another run is at it now, and
    /// without a path, the file is one that no one else sees.
    pub fn begin(path: Option<PathBuf>, run: Key, resume: bool) -> io::Result<Journal> {
        let Some(path) = path else { return Journal::new(unnamed()?, None, run) };
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Journal::new(unnamed()?, None, run),
            // Not every file system has locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        if !resume || file.metadata()?.len() == 0 {
            file.set_len(0)?;
            return Journal::new(file, Some(path), run);
        }
        match read(&mut file, run)? {
            Some((known, end)) => {
                file.set_len(end)?;
                Ok(Journal { file, end, path: Some(path), known: Arc::new(known) })
            }
            None => {
                let message = format!("`{}` is of a run of another problem or with other options", path.display());
                Err(io::Error::new(io::ErrorKind::InvalidData, message))
            }
        }
    }

    fn new(file: File, path: Option<PathBuf>, run: Key) -> io::Result<Journal> {
        let mut journal = Journal { file, end: 0, path, known: Known::default() };
        journal.push(&Head {
            solve: "marks of a run that is not complete; --resume goes on from here".to_string(),
            run,
        })?;
        Ok(journal)
    }

    /// What former runs have marked.
    pub fn known(&self) -> &Known {
        &self.known
    }

    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub fn append(&mut self, key: Key, done: &Done) -> io::Result<Place> {
        self.push(&Line { key, done })
    }

    fn push(&mut self, line: &impl Serialize) -> io::Result<Place> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(&bytes)?;
        let place = Place { start: self.end, length: bytes.len() as u64 };
        self.end += place.length;
        Ok(place)
    }

    pub fn read(&mut self, place: Place) -> io::Result<Done> {
        self.file.seek(SeekFrom::Start(place.start))?;
        let mut bytes = Vec::new();
        (&mut self.file).take(place.length).read_to_end(&mut bytes)?;
        Ok(serde_json::from_slice::<Line<Done>>(&bytes)?.done)
    }

    /// All is in the output: nothing has to be gone on with.
    pub fn remove(self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The results in a journal, and where the last whole one ends; `None` of another run's.
fn read(file: &mut File, run: Key) -> io::Result<Option<(BTreeMap<Key, Place>, u64)>> {
    let (mut reader, mut line, mut end) = (BufReader::new(file), Vec::new(), 0);
    let mut known = BTreeMap::new();
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)? as u64;
        let place = Place { start: end, length };
        // A line that was being written when the run was killed is no line.
        let is_read = line.ends_with(b"\n")
            && match end {
                0 => serde_json::from_slice::<Head>(&line).is_ok_and(|head| head.run == run),
                _ => match serde_json::from_slice::<Line<Done>>(&line) {
                    Ok(Line { key, .. }) => {
                        known.insert(key, place);
                        true
                    }
                    Err(_) => false,
                },
            };
        if !is_read {
            return Ok((end > 0).then_some((known, end)));
        }
        end += length;
    }
}
