//! One submission, from its bytes to its part of the output. Whatever happens on the way spoils no other.

use super::done::{Done, One, Parts};
use super::journal::{Key, Known, Place};
use super::memory::Memory;
use super::reading::{self, Content, Piece, Read, Unread};
use super::submissions::{Submission, Tag};
use super::{Plan, Ready, variants};
use crate::budget::{Stopped, bounded};
use crate::check::{Marker, Marks, NotMarked, Outcome, Tally, Verdict};
use crate::cli::marks_format::MarksFormat;
use crate::cli::output::Destination;
use crate::cli::report::{self, Look};
use crate::cli::{Exit, panics};
use crate::diagnostic::Diagnostic;
use crate::limits::{SUBMISSION_SECONDS, SUBMISSION_WORK};
use crate::render::document::RenderError;
use crate::render::marks;
use crate::render::sheet::form_of;
use crate::span::Source;

/// With what was computed for others before, a submission is tried with this share of its operations; what needs more
/// begins anew, so that the bound does not depend on the others.
const SHARE_AT_FIRST: u64 = 8;

/// What a worker makes of a submission.
pub enum Marked {
    Fresh(Key, Result<Done, RenderError>),
    /// A former run has marked it.
    Known(Place),
}

/// Marks on one thread.
pub struct Worker<'a> {
    plan: &'a Plan<'a>,
    ready: &'a Ready,
    marker: Marker<'a>,
    known: Known,
    memory: Memory,
    look: Look,
}

/// Why there are no marks, and what a person is told.
struct Fault {
    exit: Exit,
    reason: String,
    told: String,
}

/// Marks, and the number that the sheet gives as the student's.
struct Found {
    file: String,
    number: Option<String>,
    marks: Marks,
}

impl<'a> Worker<'a> {
    pub fn new(plan: &'a Plan<'a>, ready: &'a Ready, known: Known, look: Look) -> Worker<'a> {
        Worker { plan, ready, marker: Marker::new(&ready.key), known, memory: Memory::default(), look }
    }

    pub fn mark(&mut self, submission: &Submission) -> Marked {
        let pieces = reading::load(&submission.tag.file, &submission.content);
        let key = key(&submission.tag, &pieces);
        if let Some(place) = self.known.get(&key) {
            return Marked::Known(*place);
        }
        Marked::Fresh(key, self.done(submission, &pieces))
    }

    fn done(&mut self, submission: &Submission, pieces: &[Piece]) -> Result<Done, RenderError> {
        let tag = &submission.tag;
        if let Some(variants) = &self.ready.shared.variants {
            return match variants.own(self.ready, self.plan.args, tag, pieces) {
                Ok(ready) => Worker::new(self.plan, &ready, Known::default(), self.look).done(submission, pieces),
                Err(reason) => {
                    let (name, _) = variants::head(self.ready, pieces);
                    let student = row_student(submission).or(name);
                    not_marked(self.plan, self.ready, tag, student, fault_of(&tag.file, "E-variant", reason, None))
                }
            };
        }
        let (found, told) = match self.guarded(submission, pieces) {
            Ok(found) => found,
            Err(fault) => {
                return not_marked(self.plan, self.ready, tag, row_student(submission), fault);
            }
        };
        let is_full = |found: &Found| found.marks.points == found.marks.of;
        let spent = found.iter().any(|found| found.marks.is_too_much_work());
        let short = self.plan.args.strict && !found.iter().all(is_full);
        let exit = if spent || short { Exit::Unusable } else { Exit::Done };
        let told = if spent { told + &too_much_work(&tag.file).told } else { told };
        let one = |Found { file, number, marks }: Found| {
            one(self.plan, self.ready, tag, number.as_deref(), Outcome { file, result: Ok(marks) })
        };
        Ok(Done { results: found.into_iter().map(one).collect::<Result<_, _>>()?, exit, told })
    }

    /// A fault of ours spoils this submission alone, and too much work what takes it.
    fn guarded(&mut self, submission: &Submission, pieces: &[Piece]) -> Result<(Vec<Found>, String), Fault> {
        let mut stopped = match bounded(SUBMISSION_WORK / SHARE_AT_FIRST, || self.marked(submission, pieces)) {
            Ok(marked) => return marked,
            Err(stopped) => stopped,
        };
        // After it was stopped it may be in any state.
        self.marker = Marker::frugal(&self.ready.key);
        if let Stopped::TooMuchWork = stopped {
            let marked = bounded(SUBMISSION_WORK, || self.marked(submission, pieces));
            self.marker = Marker::new(&self.ready.key);
            stopped = match marked {
                Ok(marked) => return marked,
                Err(stopped) => stopped,
            };
        }
        self.marker = Marker::new(&self.ready.key);
        Err(match stopped {
            Stopped::TooMuchWork => too_much_work(&submission.tag.file),
            Stopped::Panicked => own_fault(&submission.tag.file),
        })
    }

    fn marked(&mut self, submission: &Submission, pieces: &[Piece]) -> Result<(Vec<Found>, String), Fault> {
        let (mut found, mut faults) = (Vec::new(), Vec::new());
        for piece in pieces {
            if let (Ok(bytes), Content::Files(_)) = (&piece.bytes, &submission.content)
                && let Some((number, marks)) = self.memory.recall(&piece.name, bytes)
            {
                found.push(Found { file: piece.name.clone(), number, marks });
                continue;
            }
            let read = match (&piece.bytes, &submission.content) {
                (Ok(_), Content::Row(row)) => Ok(reading::row(&piece.name, row, &self.ready.vocabulary)),
                (Ok(bytes), _) if piece.preamble.is_empty() => {
                    reading::sheets(&piece.name, bytes, &self.ready.vocabulary)
                }
                (Ok(bytes), _) => {
                    let vocabulary = self.ready.vocabulary.clone().with_preamble(&piece.preamble);
                    reading::sheets(&piece.name, bytes, &vocabulary)
                }
                (Err(unread), _) => Err(unread.clone()),
            };
            match read {
                Ok(Read { sheets, source }) => {
                    let several = sheets.len() > 1;
                    found.extend(sheets.iter().zip(1..).map(|(sheet, place)| Found {
                        file: if several { format!("{}:{place}", piece.name) } else { piece.name.clone() },
                        number: sheet.number.clone(),
                        marks: self.marker.mark(sheet, &source),
                    }));
                    if let (false, Ok(bytes), Content::Files(_)) = (several, &piece.bytes, &submission.content)
                        && let Some(Found { number, marks, .. }) = found.last()
                    {
                        self.memory.keep(&piece.name, bytes, number.as_deref(), marks);
                    }
                }
                Err(unread) => faults.push(self.fault(unread)),
            }
        }
        let is_empty = |found: &Found| found.marks.answers.iter().all(|answer| answer.verdict == Verdict::Missing);
        if !faults.is_empty() && found.iter().all(is_empty) {
            return Err(faults.remove(0));
        }
        let told = faults.into_iter().map(|fault| fault.told).collect();
        if pieces.len() == 1 {
            return Ok((found, told));
        }
        let number = found.iter().find_map(|found| found.number.clone());
        let joined = Marks::joined(found.into_iter().map(|found| found.marks));
        let file = submission.tag.file.clone();
        Ok((joined.map(|marks| Found { file, number, marks }).into_iter().collect(), told))
    }

    fn fault(&self, unread: Unread) -> Fault {
        let Unread { exit, source, faults } = unread;
        let reason = faults.iter().map(|fault| fault.message.clone()).collect::<Vec<_>>().join("; ");
        Fault { exit, reason, told: report::text(&source, &faults, self.look) }
    }
}

/// The student that a row of a table names.
fn row_student(submission: &Submission) -> Option<String> {
    match &submission.content {
        Content::Row(row) => row.student().map(str::to_string),
        Content::Files(_) | Content::Unusable { .. } => None,
    }
}

/// What a result belongs to: the submission's names and bytes.
fn key(tag: &Tag, pieces: &[Piece]) -> Key {
    let mut parts: Vec<&[u8]> = vec![tag.file.as_bytes(), tag.stem.as_bytes()];
    for piece in pieces {
        parts.extend([piece.name.as_bytes(), piece.preamble.as_bytes()]);
        match &piece.bytes {
            Ok(bytes) => parts.push(bytes),
            Err(unread) => parts.extend(unread.faults.iter().map(|fault| fault.message.as_bytes())),
        }
    }
    Key::of(&parts)
}

/// A student's part of the output, with the name that the class list has, if there is one.
fn one(
    plan: &Plan<'_>,
    ready: &Ready,
    tag: &Tag,
    number: Option<&str>,
    mut outcome: Outcome,
) -> Result<One, RenderError> {
    let named = outcome.student().or(tag.who.name.as_deref()).map(str::to_string);
    let file = std::path::Path::new(&tag.file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let listed = ready.shared.roster.as_ref().and_then(|roster| {
        let numbers = [tag.who.number.as_deref(), number];
        let names = [named.as_deref(), tag.who.name.as_deref(), file.as_deref()];
        let by_system = ready.shared.handed_in_by.iter().flatten().map(|key| Some(key.as_str()));
        let by_form = || form_of(&ready.sheet.id).and_then(|form| roster.holder(form));
        let by_head = roster.find(&numbers, &names);
        by_head.or_else(|| roster.find(&by_system.collect::<Vec<_>>(), &[])).or_else(by_form)
    });
    let student = listed.map(|(_, name)| name.to_string()).or(named);
    let mut decided = Vec::new();
    match &mut outcome.result {
        Ok(marks) => {
            if let Some(by_hand) = &ready.shared.by_hand {
                let numbers = [tag.who.number.as_deref(), number];
                let names = [student.as_deref(), tag.who.name.as_deref(), file.as_deref(), Some(tag.file.as_str())];
                decided = by_hand.decide(&[numbers.as_slice(), &names].concat(), marks);
            }
            marks.student = student;
        }
        Err(not_marked) => not_marked.student = student,
    }
    let listed = listed.map(|(place, _)| place);
    Ok(One {
        parts: parts(plan, ready, &outcome)?,
        stem: tag.stem.clone(),
        tally: Tally::of(&outcome),
        listed,
        decided,
    })
}

fn not_marked(
    plan: &Plan<'_>,
    ready: &Ready,
    tag: &Tag,
    student: Option<String>,
    fault: Fault,
) -> Result<Done, RenderError> {
    let Fault { exit, reason, told } = fault;
    let outcome = Outcome { file: tag.file.clone(), result: Err(NotMarked { student, reason }) };
    let exit = if plan.args.strict { exit.max(Exit::Unusable) } else { exit };
    Ok(Done { results: vec![one(plan, ready, tag, None, outcome)?], exit, told })
}

/// A submission that took too long by the clock.
pub fn given_up(plan: &Plan<'_>, ready: &Ready, tag: &Tag) -> Result<Done, RenderError> {
    let reason = format!("too much work: it was given up after {SUBMISSION_SECONDS} s");
    not_marked(plan, ready, tag, None, fault_of(&tag.file, "E-work", reason, None))
}

/// What stands in place of marks for a student who handed in nothing, and for those that a run did not come to.
pub fn placeholder(plan: &Plan<'_>, ready: &Ready, student: Option<&str>, reason: String) -> Result<One, RenderError> {
    let result = Err(NotMarked { student: student.map(str::to_string), reason });
    let outcome = Outcome { file: String::new(), result };
    let stem = student.unwrap_or_default().to_string();
    Ok(One {
        parts: parts(plan, ready, &outcome)?,
        stem,
        tally: Tally::of(&outcome),
        listed: None,
        decided: Vec::new(),
    })
}

fn parts(plan: &Plan<'_>, ready: &Ready, outcome: &Outcome) -> Result<Parts, RenderError> {
    let row = match plan.destination {
        Destination::Folder(_) => marks::table_row(&ready.sheet, outcome)?,
        Destination::Stdout | Destination::File(_) => String::new(),
    };
    Ok(Parts { report: written(plan, ready, outcome)?, row })
}

fn written(plan: &Plan<'_>, ready: &Ready, outcome: &Outcome) -> Result<String, RenderError> {
    let (sheet, detail) = (&ready.sheet, plan.detail);
    let is_whole = matches!(plan.destination, Destination::Folder(_));
    match (plan.format, plan.format.document()) {
        (_, Some(format)) => marks::report(sheet, outcome, detail, format, is_whole),
        (MarksFormat::Json, None) if is_whole => {
            let parts = [
                marks::json_begin(sheet)?,
                marks::json_submission(sheet, outcome, detail)?,
                marks::json_end(None, false)?,
            ];
            Ok(parts.concat())
        }
        (MarksFormat::Json, None) => marks::json_submission(sheet, outcome, detail),
        (MarksFormat::Gradescope, None) => {
            let visibility = plan.args.visibility.map(|visibility| visibility.name());
            marks::gradescope(sheet, outcome, detail, visibility)
        }
        (MarksFormat::Csv | MarksFormat::Text | MarksFormat::Md | MarksFormat::Html, None) => {
            marks::table_row(sheet, outcome)
        }
    }
}

fn too_much_work(file: &str) -> Fault {
    let reason = format!("too much work: marking it takes more than {SUBMISSION_WORK} operations");
    fault_of(file, "E-work", reason, Some("a person has to look at it"))
}

/// The outputs say no more than this, so that they are the same each time.
fn own_fault(file: &str) -> Fault {
    let reason = "a fault of solve itself";
    let told = fault_of(
        file,
        "E-internal",
        format!("{reason}: {}", panics::last_panic()),
        Some("please report it, with the problem and this submission"),
    );
    Fault { reason: reason.to_string(), ..told }
}

fn fault_of(file: &str, code: &'static str, reason: String, help: Option<&str>) -> Fault {
    let fault = Diagnostic::error(code, reason.clone());
    let fault = help.into_iter().fold(fault, |fault, help| fault.help(help));
    let source = Source { name: file.to_string(), text: String::new() };
    Fault {
        exit: Exit::Unusable,
        reason,
        told: report::text(&source, &[fault], Look { color: false, printed: false, quiet: false }),
    }
}
