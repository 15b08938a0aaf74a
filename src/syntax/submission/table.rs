//! A class in a table: a row for each student, a column for each answer.

use super::collect::Collector;
use crate::diagnostic::Diagnostic;
use crate::limits::{CLASS_BYTES, SUBMISSION_BYTES};
use crate::span::Span;
use crate::syntax::answer::whole_target;
use crate::syntax::ast::{AnswerSheet, AnswerTarget, TargetKind};
use crate::syntax::latex::{self, Macros, typed_target};
use crate::syntax::records::{Record, Records, records};
use crate::syntax::spec::too_large;
use crate::syntax::vocabulary::Vocabulary;
use std::sync::Arc;

/// Columns that say who the student is, the best first.
const STUDENT: [&str; 11] = [
    "student",
    "name",
    "full name",
    "student name",
    "sid",
    "id",
    "student id",
    "username",
    "user",
    "email",
    "email address",
];
/// Columns with a student's number, beside one with the name.
const NUMBER: [&str; 4] = ["sid", "id", "student id", "student number"];
/// Other columns that are no answers.
const ASIDE: [&str; 10] =
    ["timestamp", "date", "time", "score", "total score", "grade", "section", "group", "first name", "last name"];

/// What a column holds.
enum Column {
    Student,
    Number,
    Answer(Box<AnswerTarget>),
    Aside,
}

/// The rows of a class, one after the other, so that memory does not grow with the class.
pub struct ClassRows {
    records: Records,
    columns: Arc<[Column]>,
}

/// What one student handed in, not yet read: whoever marks it reads it.
pub struct ClassRow {
    record: Record,
    columns: Arc<[Column]>,
}

/// A table with a heading. The separator is a comma, a semicolon or a tab, whichever the heading has most of.
///
/// # Errors
/// A table that is no text, is too large or has no column for an answer.
pub fn read_class(bytes: &[u8], vocabulary: &Vocabulary) -> Result<ClassRows, Vec<Diagnostic>> {
    if bytes.len() > CLASS_BYTES {
        return Err(vec![too_large(CLASS_BYTES)]);
    }
    let records = records(bytes).map_err(|fault| vec![*fault])?;
    let columns = columns(&records.heading, vocabulary);
    if !columns.iter().any(|column| matches!(column, Column::Answer(_))) {
        return Err(vec![
            no_table("no column has the name of an answer").help("the first row names the answers: `student,dW1,dW2`"),
        ]);
    }
    Ok(ClassRows { records, columns: columns.into() })
}

fn no_table(reason: &str) -> Diagnostic {
    Diagnostic::error("E-table", format!("this table can't be read: {reason}")).at(Span::default(), "here")
}

fn columns(headers: &[String], vocabulary: &Vocabulary) -> Vec<Column> {
    let folded: Vec<String> = headers.iter().map(|header| header.trim().to_lowercase()).collect();
    let student = STUDENT.iter().find_map(|known| folded.iter().position(|header| header == known));
    let column = |(place, header): (usize, &String)| {
        if student == Some(place) {
            return Column::Student;
        }
        if NUMBER.contains(&header.as_str()) {
            return Column::Number;
        }
        if STUDENT.contains(&header.as_str()) || ASIDE.contains(&header.as_str()) {
            return Column::Aside;
        }
        worded_target(&headers[place], vocabulary).map_or(Column::Aside, |target| Column::Answer(Box::new(target)))
    };
    folded.iter().enumerate().map(column).collect()
}

/// The target that a heading names, with words around it perhaps: `Question 3: dW2 = ?`.
fn worded_target(header: &str, vocabulary: &Vocabulary) -> Option<AnswerTarget> {
    let header = header.trim().trim_end_matches(['?', '=', ':', ' ']);
    // A comment's column is no answer; a name, an iterate of a name (`a_3`) or a question of another kind is.
    let known = |target: &AnswerTarget| {
        let key = target.name.key();
        let stem = key.trim_end_matches(|c: char| c.is_ascii_digit());
        target.kind != TargetKind::Plain
            || key == "params"
            || [key.as_str(), stem].iter().any(|key| vocabulary.resolve(key).is_some())
    };
    let words = header.split_whitespace().map(|word| word.trim_matches(['`', '$', ':', ',']));
    [header].into_iter().chain(words).filter_map(|text| column_target(text, vocabulary)).find(known)
}

/// The target that a text is, plain or in LaTeX.
pub fn column_target(text: &str, vocabulary: &Vocabulary) -> Option<AnswerTarget> {
    const LONGEST: usize = 400;
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    if !super::collect::is_latex(text) {
        let known = |target: &AnswerTarget| vocabulary.resolve(&target.name.key()).is_some();
        let plain = whole_target(text);
        if plain.as_ref().is_some_and(|target| vocabulary.is_asked(&target.name.text)) {
            return plain;
        }
        return plain.clone().filter(known).or_else(|| typed_target(text, vocabulary).filter(known)).or(plain);
    }
    let statement = latex::statements(&format!("{text} = 0"), 0, &Macros::default()).ok()?.pop()?;
    latex::target(&statement, vocabulary).ok()
}

impl Iterator for ClassRows {
    type Item = ClassRow;

    fn next(&mut self) -> Option<ClassRow> {
        let mut record = self.records.next()?;
        if record.cells.iter().map(String::len).sum::<usize>() > SUBMISSION_BYTES {
            record.fault.get_or_insert(too_large(SUBMISSION_BYTES));
        }
        Some(ClassRow { record, columns: Arc::clone(&self.columns) })
    }
}

impl ClassRow {
    /// Where it stands in its table, from 1.
    pub fn line(&self) -> usize {
        self.record.line
    }

    /// Why it can't be used.
    pub fn fault(&self) -> Option<&Diagnostic> {
        self.record.fault.as_ref()
    }

    /// All that stands in it.
    pub fn text(&self) -> String {
        self.record.cells.join("\u{1f}")
    }

    pub fn student(&self) -> Option<&str> {
        let named = self.cells().find(|(column, _)| matches!(column, Column::Student));
        named.map(|(_, name)| name.trim()).filter(|name| !name.is_empty())
    }

    pub fn number(&self) -> Option<&str> {
        let numbered = self.cells().find(|(column, _)| matches!(column, Column::Number));
        numbered.map(|(_, number)| number.trim()).filter(|number| !number.is_empty())
    }

    pub fn sheet(&self, vocabulary: &Vocabulary) -> AnswerSheet {
        let mut collector = Collector::new(vocabulary);
        if let Some(fault) = &self.record.fault {
            collector.unreadable(None, fault.clone(), "", Span::default());
        }
        for (column, cell) in self.cells() {
            match column {
                Column::Student => collector.student(cell),
                Column::Answer(target) if !cell.trim().is_empty() => collector.value((**target).clone(), cell, 0),
                Column::Answer(_) | Column::Aside | Column::Number => {}
            }
        }
        collector.sheet()
    }

    fn cells(&self) -> impl Iterator<Item = (&Column, &str)> {
        self.columns.iter().zip(self.record.cells.iter().map(String::as_str))
    }
}
