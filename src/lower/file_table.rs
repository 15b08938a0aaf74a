//! Tables from files of comma-separated values: texts that the caller read, to columns of exact numbers.

use super::numbers::read_number;
use crate::diagnostic::{Diagnostic, nearest};
use crate::limits::EXTENT;
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{Name, Spanned};
use crate::syntax::names::key;
use csv::{ReaderBuilder, StringRecord, Trim};
use std::collections::BTreeMap;

/// The texts of the files that a problem names, by the paths that it names them with.
pub type Tables = BTreeMap<String, String>;

/// The columns of a file for these names: by its header where it has one, else in order.
///
/// # Errors
/// What is wrong with the text, with its place in the file; the spec's own place is that of the path.
pub fn columns(text: &str, file: &Spanned<String>, names: &[Name]) -> Result<Vec<Vec<Number>>, Diagnostic> {
    let reading = Reading { text, lines: text.lines().collect(), separator: separator(text), file };
    let mut records = reading.records()?.into_iter().peekable();
    let Some(first) = records.peek() else {
        return Err(reading.fault(1, 1, "the file has no rows", "needs a row of numbers"));
    };
    let places = match is_header(first) {
        true => {
            let places = reading.by_name(first, names)?;
            records.next();
            places
        }
        false if first.len() == names.len() => (0..names.len()).collect(),
        false => {
            let message = format!("{} columns for {} names", first.len(), names.len());
            let help = "a first row with the names of the columns picks them by name";
            return Err(reading.fault(reading.line(first), 1, &message, "a column for each name").help(help));
        }
    };
    let mut columns: Vec<Vec<Number>> = vec![Vec::new(); names.len()];
    for record in records {
        for (column, place) in columns.iter_mut().zip(&places) {
            column.push(reading.number(&record, *place)?);
        }
    }
    match columns.first().map_or(0, Vec::len) {
        0 => Err(reading.fault(1, 1, "the file has no rows below its header", "needs a row of numbers")),
        rows if rows > EXTENT => {
            let message = format!("{rows} rows; a table has at most {EXTENT}");
            Err(Diagnostic::error("E-size", format!("{}: {message}", file.value)).at(file.span, "too long"))
        }
        _ => Ok(columns),
    }
}

/// What separates the columns: what the first line has most of.
fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !is_skipped(line)).unwrap_or("");
    let count = |separator: &u8| line.bytes().filter(|byte| byte == separator).count();
    // With `;` a comma can only be a decimal comma, so that it comes first.
    *[b';', b'\t', b','].iter().find(|separator| count(separator) > 0).unwrap_or(&b',')
}

fn is_skipped(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

/// No field of a header is a number.
fn is_header(record: &StringRecord) -> bool {
    record.iter().all(|field| !field.starts_with(|c: char| c.is_ascii_digit() || "+-−.".contains(c)))
}

struct Reading<'a> {
    text: &'a str,
    lines: Vec<&'a str>,
    separator: u8,
    file: &'a Spanned<String>,
}

impl Reading<'_> {
    fn records(&self) -> Result<Vec<StringRecord>, Diagnostic> {
        let mut reader = ReaderBuilder::new();
        reader.has_headers(false).flexible(true).trim(Trim::All).comment(Some(b'#')).delimiter(self.separator);
        let mut records: Vec<StringRecord> = Vec::new();
        for record in reader.from_reader(self.text.trim_start_matches('\u{FEFF}').as_bytes()).into_records() {
            let record = record.map_err(|error| self.fault(1, 1, &format!("no table: {error}"), "can't be read"))?;
            // A line of blanks is one empty field.
            if record.iter().all(str::is_empty) && record.len() == 1 {
                continue;
            }
            if let Some(first) = records.first().filter(|first| first.len() != record.len()) {
                let message = format!(
                    "a row of {}, and the first row (line {}) has {}",
                    record.len(),
                    self.line(first),
                    first.len()
                );
                let fault = self.fault(self.line(&record), 1, &message, "rows of different lengths");
                let decimal = record.len() == 2 * first.len() || first.len() == 2 * record.len();
                return Err(match decimal {
                    true => fault.help("decimals have a point: instead of `3,5` use 3.5"),
                    false => fault,
                });
            }
            records.push(record);
        }
        Ok(records)
    }

    fn by_name(&self, header: &StringRecord, names: &[Name]) -> Result<Vec<usize>, Diagnostic> {
        names
            .iter()
            .map(|name| {
                let wanted = name.key();
                header.iter().position(|field| key(field) == wanted).ok_or_else(|| {
                    let message = format!("no column is called `{}`", name.text);
                    let fault = self.fault(self.line(header), 1, &message, "the names stand in its first row");
                    match nearest(&name.text, header.iter()) {
                        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
                        None => fault.help(format!("it has {}", header.iter().collect::<Vec<_>>().join(", "))),
                    }
                })
            })
            .collect()
    }

    fn number(&self, record: &StringRecord, place: usize) -> Result<Number, Diagnostic> {
        let field = record.get(place).unwrap_or("");
        let (line, column) = (self.line(record), self.column(record, place));
        if let Some((whole, decimals)) = field.split_once(',') {
            let fault = self.fault(line, column, &format!("`{field}` has a decimal comma"), "not a number");
            return Err(fault.help(format!("use {whole}.{decimals}")));
        }
        read_number(&field.replace('−', "-"), self.file.span).map_err(|error| {
            let (what, label) = match field.is_empty() {
                true => ("an entry is missing".to_string(), "nothing between the commas"),
                false if error.code == "E-number" => (format!("`{field}` is not a number"), "a table holds numbers"),
                false => (error.message, "in this file"),
            };
            self.fault(line, column, &what, label)
        })
    }

    /// The line on which a record begins; the reader counts from the blank lines and comments before it.
    fn line(&self, record: &StringRecord) -> usize {
        let from = record.position().map_or(1, |position| position.line() as usize);
        let skipped = self.lines.iter().skip(from - 1).take_while(|line| is_skipped(line)).count();
        from + skipped
    }

    /// The character of its line at which a field begins.
    fn column(&self, record: &StringRecord, place: usize) -> usize {
        let line = self.lines.get(self.line(record) - 1).copied().unwrap_or("");
        let (mut quoted, mut seen) = (false, 0);
        for (at, character) in line.chars().enumerate() {
            match character {
                _ if seen == place && !character.is_whitespace() => return at + 1,
                '"' => quoted = !quoted,
                other if other as u32 == u32::from(self.separator) && !quoted => seen += 1,
                _ => {}
            }
        }
        line.chars().count().max(1)
    }

    fn fault(&self, line: usize, column: usize, message: &str, label: &str) -> Diagnostic {
        let span: Span = self.file.span;
        Diagnostic::error("E-data", format!("{}:{line}:{column}: {message}", self.file.value)).at(span, label)
    }
}
