//! `solve check SPEC SUBMISSION…`: marks one submission after the other, many at once; one bad one spoils no other.
//! Without a submission it asks for the answers.

mod by_hand;
mod class;
mod colors;
mod delivery;
mod done;
mod handed_out;
mod journal;
mod marking;
mod memory;
mod own;
mod people;
pub mod pool;
mod practice;
mod reading;
mod roster;
mod submissions;
mod variants;

use super::args::CheckArgs;
use super::job::{self, Answered, Failure};
use super::marks_format::{self, MarksFormat};
use super::output::{self, Destination, Present};
use super::report::{self, Look};
use super::{Exit, files, refuse, stdio};
use crate::check::{Key, Sheet};
use crate::diagnostic::Diagnostic;
use crate::limits::SPEC_BYTES;
use crate::render::document::Format;
use crate::render::marks::{self, Detail};
use crate::render::sheet::Fields;
use crate::span::Source;
use crate::syntax::Vocabulary;
use by_hand::ByHand;
use handed_out::HandedOut;
use roster::Roster;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use variants::Variants;

/// What is asked of a run.
struct Plan<'a> {
    args: &'a CheckArgs,
    destination: Destination,
    format: MarksFormat,
    present: Present,
    detail: Detail,
    /// Whether a report that is printed has colour.
    colored: bool,
}

impl Plan<'_> {
    /// The error says what is wrong with the arguments.
    fn new(args: &CheckArgs, look: Look) -> Result<Plan<'_>, String> {
        let destination = output::destination(args.output.as_deref());
        let format = marks_format::choose(args.format, &destination)?;
        let streams = args.submissions.iter().chain([&args.spec]).filter(|path| files::is_stdin(path)).count();
        if streams > 1 {
            return Err("standard input can be read once".to_string());
        }
        if args.submissions.is_empty() && (args.output.is_some() || args.format.is_some() || args.summary) {
            return Err("reports need submissions; without any, the answers are asked for".to_string());
        }
        if let Destination::Folder(output) = &destination
            && args.submissions.iter().any(|named| named.is_dir() && same(named, output))
        {
            return Err("the reports would lie among the submissions: give --output a folder of its own".to_string());
        }
        if args.resume && !matches!(destination, Destination::File(_) | Destination::Folder(_)) {
            return Err("--resume goes on with an --output".to_string());
        }
        if args.submissions.is_empty() && files::is_stdin(&args.spec) {
            return Err("the answers come from standard input, so the problem can't".to_string());
        }
        let present = if args.force { Present::Replace } else { Present::Keep };
        let detail = Detail { hints: args.hints, solutions: args.solutions, evidence: args.explain };
        let colored = look.printed && format.document() == Some(Format::Text);
        Ok(Plan { args, destination, format, present, detail, colored })
    }

    /// Where a run keeps what it has marked, until all is in the output.
    fn journal(&self) -> Option<PathBuf> {
        match &self.destination {
            Destination::Stdout => None,
            Destination::File(path) => Some(journal::path_of(path)),
            Destination::Folder(path) => Some(journal::path_of(&path.join(delivery::TABLE))),
        }
    }

    /// Gradescope's object is for one student, whose files lie in one folder.
    fn is_of_one_student(&self) -> bool {
        let one = self.format == MarksFormat::Gradescope && self.args.submissions.len() == 1;
        one && !matches!(self.destination, Destination::Folder(_)) && self.args.submissions[0].is_dir()
    }
}

/// Whether two paths are one folder.
fn same(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}

/// A problem, ready to mark with.
struct Ready {
    key: Key,
    sheet: Sheet,
    handed_out: HandedOut,
    /// The names that an answer may use.
    vocabulary: Vocabulary,
    /// The problem's own text.
    text: String,
    /// What all problems of a run have in common.
    shared: Shared,
}

/// What is known of the class, whichever variant a student has.
#[derive(Clone, Debug, Default)]
struct Shared {
    /// Who is in the class, if that is known.
    roster: Option<Arc<Roster>>,
    /// What a person decided.
    by_hand: Option<Arc<ByHand>>,
    /// The variants of the problem, where each student has one.
    variants: Option<Arc<Variants>>,
    /// Who handed in, as the course system says it: the names, addresses and numbers of each.
    handed_in_by: Vec<Vec<String>>,
}

/// The names and numbers of a class list.
pub fn class_list(path: &std::path::Path) -> Result<Vec<Fields>, super::files::Faults> {
    let roster = Roster::read(path)?;
    let field = |(id, name): (Option<&str>, &str)| Fields { name: Some(name.to_string()), id: id.map(str::to_string) };
    Ok(roster.students().map(field).collect())
}

pub fn check(args: &CheckArgs, look: Look) -> Exit {
    let mut args = args.clone();
    if let Some(manifest) = &args.variants {
        // The problem is each student's own: what is named first is a submission.
        let first = std::mem::replace(&mut args.spec, manifest.clone());
        args.submissions.insert(0, first);
    }
    let args = &args;
    let plan = match Plan::new(args, look) {
        Ok(plan) => plan,
        Err(message) => return refuse::refuse_usage_of("check", &message, look),
    };
    let Answered { source, notes, result: ready } = match ready(args) {
        Ok(answered) => answered,
        Err(failure) => return told(&failure, plan.format, look),
    };
    stdio::tell(&report::text(&source, &notes, look));
    if args.submissions.is_empty() {
        return practice::practise(&plan, &ready);
    }
    let args: &'static CheckArgs = Box::leak(Box::new(args.clone()));
    match Plan::new(args, look) {
        Ok(plan) => class::mark(Box::leak(Box::new(plan)), Box::leak(Box::new(ready)), look),
        Err(message) => refuse::refuse_usage_of("check", &message, look),
    }
}

fn ready(args: &CheckArgs) -> Result<Answered<Ready>, Failure> {
    let faulty = |path: &Path, (exit, mut diagnostics): files::Faults| {
        let first = diagnostics.drain(..1).next().unwrap_or_else(|| Diagnostic::error("E-file", "it can't be read"));
        Failure::of_file(path, exit, first)
    };
    let shared = Shared {
        roster: (args.roster.as_deref())
            .map(|path| Roster::read(path).map(Arc::new).map_err(|faults| faulty(path, faults)))
            .transpose()?,
        by_hand: (args.by_hand.as_deref())
            .map(|path| ByHand::read(path).map(Arc::new).map_err(|faults| faulty(path, faults)))
            .transpose()?,
        handed_in_by: (args.metadata.as_deref())
            .map(|path| variants::handed_in_by(path).map_err(|faults| faulty(path, faults)))
            .transpose()?
            .unwrap_or_default(),
        variants: None,
    };
    let Some(manifest) = &args.variants else { return problem(args, &args.spec, &shared) };
    let variants = Variants::read(manifest).map_err(|failure| *failure)?;
    let mut ready = variants.first(args, &shared)?;
    ready.shared.variants = Some(Arc::new(variants));
    let source = Source { name: files::display_name(manifest), text: String::new() };
    Ok(Answered { source, notes: Vec::new(), result: ready })
}

/// A problem, ready to mark with.
fn problem(args: &CheckArgs, path: &Path, shared: &Shared) -> Result<Answered<Ready>, Failure> {
    let bytes = files::read(path, SPEC_BYTES).map_err(|(exit, fault)| Failure::of_file(path, exit, fault))?;
    job::follow(path, &bytes, |text, notes| {
        let model = job::model(path, text, args.allow_outside, notes)?;
        let key = Key::new(&model).map_err(|refusal| (Exit::Unusable, job::explain_refusal(refusal)))?;
        let sheet = marks::sheet(&key);
        if sheet.asked.is_empty() {
            let fault = Diagnostic::error("E-nothing-asked", "nothing is asked for that can be answered in writing");
            return Err((Exit::Unusable, vec![fault.help("tasks such as `compute` and `derive` ask for answers")]));
        }
        let vocabulary = key.vocabulary().with_part(args.problem.clone());
        let shared = Shared { variants: None, ..shared.clone() };
        Ok(Ready { vocabulary, sheet, handed_out: HandedOut::default(), key, text: text.to_string(), shared })
    })
}

/// Tells why the problem can't be used; for programs, that is the result.
fn told(failure: &Failure, format: MarksFormat, look: Look) -> Exit {
    if format == MarksFormat::Json
        && let Ok(json) = report::json(&failure.source, &failure.diagnostics)
    {
        return stdio::print(&json).map_or_else(stdio::Stop::exit, |()| failure.exit);
    }
    stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
    failure.exit
}
