//! One submission, from its bytes to its part of the output. Whatever happens on the way spoils no other.

use super::reading::{self, Read, Unread};
use super::submissions::{Content, Submission};
use super::{Plan, Ready};
use crate::check::{Marker, NotMarked, Outcome};
use crate::cli::marks_format::MarksFormat;
use crate::cli::output::Destination;
use crate::cli::report::{self, Look};
use crate::cli::{Exit, run};
use crate::diagnostic::Diagnostic;
use crate::render::document::RenderError;
use crate::render::marks;
use crate::span::Source;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What became of a submission.
pub struct Done {
    /// One, or one for each student of a file that holds several.
    pub results: Vec<One>,
    pub exit: Exit,
    /// What a person has to be told.
    pub told: String,
}

/// What became of one student's answers.
pub struct One {
    pub outcome: Outcome,
    pub stem: String,
    pub parts: Result<Parts, RenderError>,
}

/// The parts of one student's answers in the output.
#[derive(Default)]
pub struct Parts {
    /// The report.
    pub report: String,
    /// The row of `marks.csv`, where the output is a folder.
    pub row: String,
}

/// Marks on one thread.
pub struct Worker<'a> {
    plan: &'a Plan<'a>,
    ready: &'a Ready,
    marker: Marker<'a>,
    look: Look,
}

/// Why there are no marks, and what a person is told.
struct Fault {
    exit: Exit,
    reason: String,
    told: String,
}

impl<'a> Worker<'a> {
    pub fn new(plan: &'a Plan<'a>, ready: &'a Ready, look: Look) -> Worker<'a> {
        Worker { plan, ready, marker: Marker::new(&ready.key), look }
    }

    pub fn mark(&mut self, submission: Submission) -> Done {
        let (outcomes, mut exit, told) = match guarded(&submission.file, || self.marked(&submission)) {
            Ok(outcomes) => (outcomes, Exit::Done, String::new()),
            Err(fault) => {
                // After a fault of ours it may be in any state.
                self.marker = Marker::new(&self.ready.key);
                let not_marked = NotMarked { student: student(&submission), reason: fault.reason };
                (vec![Outcome { file: submission.file, result: Err(not_marked) }], fault.exit, fault.told)
            }
        };
        let is_full = |outcome: &Outcome| outcome.result.as_ref().is_ok_and(|marks| marks.points == marks.of);
        if self.plan.args.strict && !outcomes.iter().all(is_full) {
            exit = exit.max(Exit::Unusable);
        }
        let stem = submission.stem;
        let one = |outcome: Outcome| One { parts: self.parts(&outcome), stem: stem.clone(), outcome };
        Done { results: outcomes.into_iter().map(one).collect(), exit, told }
    }

    fn marked(&mut self, submission: &Submission) -> Result<Vec<Outcome>, Fault> {
        let Submission { file, content, .. } = submission;
        let Read { sheets, source } =
            reading::read(file, content, &self.ready.vocabulary).map_err(|unread| self.fault(unread))?;
        let several = sheets.len() > 1;
        let marked = sheets.iter().zip(1..).map(|(sheet, place)| Outcome {
            file: if several { format!("{file}:{place}") } else { file.clone() },
            result: Ok(self.marker.mark(sheet, &source)),
        });
        Ok(marked.collect())
    }

    fn fault(&self, unread: Unread) -> Fault {
        let Unread { exit, source, faults } = unread;
        let reason = faults.iter().map(|fault| fault.message.clone()).collect::<Vec<_>>().join("; ");
        Fault { exit, reason, told: report::text(&source, &faults, self.look) }
    }

    fn parts(&self, outcome: &Outcome) -> Result<Parts, RenderError> {
        let row = match self.plan.destination {
            Destination::Folder(_) => marks::table_row(&self.ready.sheet, outcome)?,
            Destination::Stdout | Destination::File(_) => String::new(),
        };
        Ok(Parts { report: self.report(outcome)?, row })
    }

    fn report(&self, outcome: &Outcome) -> Result<String, RenderError> {
        let (sheet, detail) = (&self.ready.sheet, self.plan.detail);
        let is_whole = matches!(self.plan.destination, Destination::Folder(_));
        match (self.plan.format, self.plan.format.document()) {
            (_, Some(format)) => marks::report(sheet, outcome, detail, format, is_whole),
            (MarksFormat::Json, None) if is_whole => {
                let parts = [
                    marks::json_begin(sheet)?,
                    marks::json_submission(sheet, outcome, detail)?,
                    marks::json_end(None)?,
                ];
                Ok(parts.concat())
            }
            (MarksFormat::Json, None) => marks::json_submission(sheet, outcome, detail),
            (MarksFormat::Gradescope, None) => marks::gradescope(sheet, outcome, detail),
            (MarksFormat::Csv | MarksFormat::Text | MarksFormat::Md | MarksFormat::Html, None) => {
                marks::table_row(sheet, outcome)
            }
        }
    }
}

fn student(submission: &Submission) -> Option<String> {
    match &submission.content {
        Content::Row(row) => row.student().map(str::to_string),
        Content::File(_) | Content::Unusable { .. } => None,
    }
}

/// A fault of ours spoils this submission alone.
fn guarded<T>(file: &str, road: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(road)).unwrap_or_else(|_| Err(own_fault(file)))
}

/// The outputs say no more than this, so that they are the same each time.
fn own_fault(file: &str) -> Fault {
    let reason = "a fault of solve itself".to_string();
    let fault = Diagnostic::error("E-internal", format!("{reason}: {}", run::last_panic()))
        .help("please report it, with the problem and this submission");
    let source = Source { name: file.to_string(), text: String::new() };
    Fault { exit: Exit::Unusable, reason, told: report::text(&source, &[fault], Look { color: false }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_no_mark() {
        let fault = guarded::<()>("ada.ans", || panic!("oh")).err().unwrap();
        assert_eq!((fault.exit, fault.reason.as_str()), (Exit::Unusable, "a fault of solve itself"));
        assert!(fault.told.contains("ada.ans") && fault.told.contains("E-internal"));
    }
}
