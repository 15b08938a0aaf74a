//! Texts that were marked before: a class hands in the same answers again and again.

use crate::check::Marks;
use crate::syntax::Container;
use std::collections::BTreeMap;

/// Texts that are kept, and the bytes of the longest.
const MOST: usize = 2_000;
const LONGEST: usize = 16 << 10;

/// Marks by the text that got them, but for the student's name in its first line.
#[derive(Default)]
pub struct Memory {
    known: BTreeMap<(String, Vec<u8>), Kept>,
}

/// The number that a sheet gives as the student's, and its marks.
pub type Kept = (Option<String>, Marks);

impl Memory {
    /// What a text got before, with the name of this student.
    pub fn recall(&self, file: &str, bytes: &[u8]) -> Option<Kept> {
        let (student, text) = without_name(bytes);
        let (number, marks) = self.known.get(&(ending(file)?, text.to_vec()))?;
        let student = student.map_or_else(|| marks.student.clone(), |name| Some(name.to_string()));
        Some((number.clone(), Marks { student, ..marks.clone() }))
    }

    /// Keeps what a text got; what takes too much work may be marked otherwise another time.
    pub fn keep(&mut self, file: &str, bytes: &[u8], number: Option<&str>, marks: &Marks) {
        let (student, text) = without_name(bytes);
        let is_named = student.is_none_or(|name| marks.student.as_deref() == Some(name));
        let Some(ending) = ending(file).filter(|_| is_named && !marks.is_too_much_work()) else { return };
        if text.len() <= LONGEST && self.known.len() < MOST {
            self.known.insert((ending, text.to_vec()), (number.map(str::to_string), marks.clone()));
        }
    }
}

/// By which a file is read; a table has a student a row.
fn ending(file: &str) -> Option<String> {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    (Container::of(file) != Container::Table).then(|| ending.to_ascii_lowercase())
}

/// `student "Ada Lovelace"` in the first line, and all that follows.
fn without_name(bytes: &[u8]) -> (Option<&str>, &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let name = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| {
        let name = line.trim_end().strip_prefix("student \"")?.strip_suffix('"')?;
        (!name.contains(['"', '\\'])).then_some(name)
    });
    (name, if name.is_some() { &bytes[end..] } else { bytes })
}
