//! What a person decided: a table with student, question, points and remark.

use super::roster::folded;
use crate::check::Marks;
use crate::cli::{Exit, files};
use crate::diagnostic::Diagnostic;
use crate::limits::CLASS_BYTES;
use crate::number::Number;
use crate::syntax::records;
use std::collections::BTreeMap;
use std::path::Path;

/// The points of one question of one student.
#[derive(Debug)]
struct Decision {
    student: String,
    question: String,
    points: Number,
    remark: String,
    /// Its line in the table.
    line: usize,
}

/// All decisions of a table, in its order.
#[derive(Debug, Default)]
pub struct ByHand(Vec<Decision>);

impl ByHand {
    /// # Errors
    /// A file that can't be read, a table without these columns, points that are no number.
    pub fn read(path: &Path) -> Result<ByHand, files::Faults> {
        let bytes = files::read(path, CLASS_BYTES).map_err(|(exit, fault)| (exit, vec![fault]))?;
        let rows = records(&bytes).map_err(|fault| (Exit::Unusable, vec![*fault]))?;
        let heading: Vec<String> = rows.heading.iter().map(|cell| cell.trim().to_lowercase()).collect();
        let column = |word: &str| heading.iter().position(|cell| cell == word);
        let (Some(student), Some(question), Some(points)) = (column("student"), column("question"), column("points"))
        else {
            let fault = Diagnostic::error("E-table", "a table of points by hand has other columns");
            return Err((Exit::Unusable, vec![fault.help("the first row is `student,question,points,remark`")]));
        };
        let mut decisions = Vec::new();
        for row in rows {
            let unusable = |message: String| {
                let fault = Diagnostic::error("E-table", format!("line {}: {message}", row.line));
                (Exit::Unusable, vec![fault])
            };
            if let Some(fault) = &row.fault {
                return Err(unusable(fault.message.clone()));
            }
            let cell = |column: usize| row.cells.get(column).map_or("", |cell| cell.trim());
            let number = Number::parse(cell(points)).ok().filter(|points| points.to_f64() >= 0.0);
            decisions.push(Decision {
                student: folded(cell(student)),
                question: cell(question).to_string(),
                points: number.ok_or_else(|| unusable(format!("`{}` is no number of points", cell(points))))?,
                remark: column("remark").map_or("", cell).to_string(),
                line: row.line,
            });
        }
        Ok(ByHand(decisions))
    }

    /// Puts what was decided of a student, who goes by these names, into the marks; the rows of this student, and whether
    /// each has a question.
    pub fn decide(&self, names: &[Option<&str>], marks: &mut Marks) -> Vec<(usize, bool)> {
        let names: Vec<String> = names.iter().flatten().map(|name| folded(name)).collect();
        let own = self.0.iter().enumerate().filter(|(_, decision)| names.contains(&decision.student));
        own.map(|(row, own)| (row, marks.decide(&own.question, &own.points, &own.remark))).collect()
    }

    /// What a person is told of rows that matched nobody, or no question; of those that did, whether they have one.
    pub fn unmatched(&self, matched: &BTreeMap<usize, bool>) -> Vec<String> {
        let told = |(row, decision): (usize, &Decision)| {
            let Decision { student, question, line, .. } = decision;
            match matched.get(&row) {
                Some(true) => None,
                Some(false) => Some(format!("line {line}: nothing that is asked is called `{question}`")),
                None => Some(format!("line {line}: no submission is of `{student}`")),
            }
        };
        self.0.iter().enumerate().filter_map(told).collect()
    }
}
