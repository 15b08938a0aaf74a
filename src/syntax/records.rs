//! The rows of a table whose text may be damaged: what is wrong with one row spoils no other.

use super::encoding::decode;
use crate::diagnostic::Diagnostic;

/// One row below the heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Counted from 1, the heading's line.
    pub line: usize,
    /// Of a damaged row, as far as they can be told.
    pub cells: Vec<String>,
    pub fault: Option<Diagnostic>,
}

/// The rows of a table, one after the other.
pub struct Records {
    bytes: Vec<u8>,
    at: usize,
    line: usize,
    separator: u8,
    pub heading: Vec<String>,
}

/// One row as it is found.
struct Row {
    cells: Vec<Vec<u8>>,
    length: usize,
}

/// A table with a heading. The separator is a comma, a semicolon or a tab, whichever the heading has most of.
///
/// # Errors
/// A heading that is no text.
pub fn records(bytes: &[u8]) -> Result<Records, Box<Diagnostic>> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        decode(bytes).map_err(Box::new)?;
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes).to_vec();
    let first = &bytes[..line_length(&bytes)];
    decode(first).map_err(Box::new)?;
    let separators = [b',', b';', b'\t'].into_iter().rev();
    let separator = separators.max_by_key(|sign| first.iter().filter(|byte| *byte == sign).count()).unwrap_or(b',');
    let mut records = Records { bytes, at: 0, line: 1, separator, heading: Vec::new() };
    records.heading = records.next().map(|heading| heading.cells).unwrap_or_default();
    Ok(records)
}

impl Iterator for Records {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.pass_empty_lines();
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let one_line = &rest[..line_length(rest)];
        let (row, unbalanced) = match row(rest, self.separator).filter(|row| !self.swallows(&rest[..row.length])) {
            Some(row) => (row, false),
            None => {
                let cells = one_line.split(|byte| *byte == self.separator).map(<[u8]>::to_vec).collect();
                (Row { cells, length: one_line.len() }, true)
            }
        };
        let fault = unbalanced.then(unbalanced_quote).or_else(|| faulty_byte(&rest[..row.length]));
        let cells = row.cells.iter().map(|cell| String::from_utf8_lossy(cell).replace('\0', "\u{fffd}")).collect();
        let record = Record { line: self.line, cells, fault };
        self.pass(row.length);
        Some(record)
    }
}

impl Records {
    fn pass(&mut self, length: usize) {
        let passed = &self.bytes[self.at..self.at + length];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at += length;
        // The end of the line
        if self.bytes[self.at..].starts_with(b"\r\n") {
            self.at += 1;
        }
        if let Some(b'\n' | b'\r') = self.bytes.get(self.at) {
            (self.at, self.line) = (self.at + 1, self.line + 1);
        }
    }

    fn pass_empty_lines(&mut self) {
        while let Some(b'\n' | b'\r') = self.bytes.get(self.at) {
            self.pass(0);
        }
    }

    /// Whether a row of several lines holds other rows: it has not the heading's number of cells, or each of its further
    /// lines has as many separators as a row.
    fn swallows(&self, text: &[u8]) -> bool {
        let mut lines = text.split(|byte| *byte == b'\n').skip(1).peekable();
        if lines.peek().is_none() || self.heading.is_empty() {
            return false;
        }
        let separators = |line: &[u8]| line.iter().filter(|byte| **byte == self.separator).count();
        let cells = row(text, self.separator).map_or(0, |row| row.cells.len());
        let as_rows = self.heading.len() > 1 && lines.all(|line| separators(line) + 1 == self.heading.len());
        cells != self.heading.len() || as_rows
    }
}

/// The row that a text begins with; `None` where its quotes are not balanced.
fn row(text: &[u8], separator: u8) -> Option<Row> {
    let (mut cells, mut at) = (Vec::new(), 0);
    loop {
        let mut cell = Vec::new();
        if text.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match (text.get(at)?, text.get(at + 1)) {
                    (b'"', Some(b'"')) => {
                        cell.push(b'"');
                        at += 2;
                    }
                    (b'"', _) => break,
                    (byte, _) => {
                        cell.push(*byte);
                        at += 1;
                    }
                }
            }
            at += 1;
            at += text[at..].iter().take_while(|byte| **byte == b' ').count();
        } else {
            let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
            let length = text[at..].iter().position(ends).unwrap_or(text.len() - at);
            cell.extend(&text[at..at + length]);
            at += length;
        }
        cells.push(cell);
        match text.get(at) {
            Some(byte) if *byte == separator => at += 1,
            None | Some(b'\n' | b'\r') => return Some(Row { cells, length: at }),
            Some(_) => return None,
        }
    }
}

fn line_length(text: &[u8]) -> usize {
    text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len())
}

fn unbalanced_quote() -> Diagnostic {
    Diagnostic::error("E-table", "a quote in this row is not closed as it should be")
        .help("a cell that begins with `\"` ends with `\"`; a quote inside of it is written twice")
}

fn faulty_byte(text: &[u8]) -> Option<Diagnostic> {
    let message = match std::str::from_utf8(text) {
        Ok(text) if !text.contains('\0') => return None,
        Ok(_) => "a NUL stands in this row".to_string(),
        Err(error) => format!("byte 0x{:02X} in this row is no UTF-8", text[error.valid_up_to()]),
    };
    Some(Diagnostic::error("E-encoding", message).help("save the table as UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each row its line, its first cell and whether it is whole.
    fn rows(text: &[u8]) -> Vec<(usize, String, bool)> {
        let all = records(text).unwrap();
        all.map(|row| (row.line, row.cells[0].clone(), row.fault.is_none())).collect()
    }

    fn expected(rows: &[(usize, &str, bool)]) -> Vec<(usize, String, bool)> {
        rows.iter().map(|(line, name, whole)| (*line, (*name).to_string(), *whole)).collect()
    }

    #[test]
    fn a_damaged_row_is_lost_alone() {
        type Rows = &'static [(usize, &'static str, bool)];
        let cases: [(&[u8], Rows); 8] = [
            (b"s,a,b\nada,1,2\n\nbob,3,4", &[(2, "ada", true), (4, "bob", true)]),
            (b"s,a\r\nada,\"1\r\nbob,2\r\nzoe,3\r\n", &[(2, "ada", false), (3, "bob", true), (4, "zoe", true)]),
            (b"s,a\nada,\"1\nbob,\"2\"\nzoe,3\n", &[(2, "ada", false), (3, "bob", true), (4, "zoe", true)]),
            (
                b"s,a\nada,\"1\nbob,2\nzoe,\"\nkim,4\n",
                &[(2, "ada", false), (3, "bob", true), (4, "zoe", false), (5, "kim", true)],
            ),
            (b"s,a\nada,1\0\nbob,2\n", &[(2, "ada", false), (3, "bob", true)]),
            (b"s,a\nz\xE9,1\nbob,2\n", &[(2, "z\u{fffd}", false), (3, "bob", true)]),
            // A cell of two lines, and quotes in a cell.
            (b"s,a,b\nada,\"1 +\n2\",3\nbob,\"\"\"x\"\"\",2\n", &[(2, "ada", true), (4, "bob", true)]),
            (b"\xEF\xBB\xBFs;a\nada;1,5\n", &[(2, "ada", true)]),
        ];
        for (text, found) in cases {
            assert_eq!(rows(text), expected(found), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn cells_are_what_stands_between_the_quotes() {
        let all: Vec<Record> = records(b"s,a\nada,\"x, \"\"y\"\"\n z\"\n").unwrap().collect();
        assert_eq!(all[0].cells, ["ada", "x, \"y\"\n z"]);
    }
}
