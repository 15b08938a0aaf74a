//! A run over all submissions: many are marked at once, what is marked is kept at once, and what is finished goes out in
//! the order of the submissions.

use super::delivery::{Delivery, Undelivered};
use super::done::{Done, One};
use super::journal::{Journal, Key, Place};
use super::marking::{self, Marked, Worker};
use super::pool::{self, End, Made};
use super::submissions::{Tag, inputs, submissions};
use super::{Plan, Ready};
use crate::check::Summary;
use crate::cli::marks_format::MarksFormat;
use crate::cli::output::{Destination, Present};
use crate::cli::progress::Progress;
use crate::cli::report::{self, Look};
use crate::cli::{Exit, STACK_BYTES, interrupt, refuse, stdio};
use crate::limits::{JOBS, SUBMISSION_SECONDS};
use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

/// A worker that is given up may still use the plan and the problem: they live as long as the program.
pub fn mark(plan: &'static Plan<'static>, ready: &'static Ready, look: Look) -> Exit {
    match marked(plan, ready, look) {
        Ok(exit) => exit,
        Err(fault) => undelivered(fault, look),
    }
}

fn marked(plan: &'static Plan<'static>, ready: &'static Ready, look: Look) -> Result<Exit, Undelivered> {
    let files: Vec<_> = inputs(&plan.args.submissions).into_iter().chain([plan.args.spec.clone()]).collect();
    let path = plan.journal();
    let goes_on = plan.args.resume && path.as_ref().is_some_and(|path| path.is_file());
    let present = if goes_on { Present::Replace } else { plan.present };
    let delivery = Delivery::begin(plan, &ready.sheet, files, present)?;
    let journal = Journal::begin(path, run_key(plan, ready), plan.args.resume)?;
    interrupt::end_orderly();
    let args = plan.args;
    let left_out =
        [Some(args.spec.clone()), args.output.clone(), args.roster.clone(), args.by_hand.clone(), plan.journal()];
    let left_out = left_out.into_iter().flatten().collect();
    let vocabulary = ready.vocabulary.clone();
    let items = submissions(&plan.args.submissions, plan.is_of_one_student(), left_out, vocabulary);
    let known = journal.known().clone();
    let worker = move || {
        let mut worker = Worker::new(plan, ready, known.clone(), look);
        Box::new(move |submission| worker.mark(&submission)) as Box<dyn FnMut(_) -> Marked>
    };
    let pool =
        pool::Plan { workers: jobs(plan), stack: STACK_BYTES, patience: Duration::from_secs(SUBMISSION_SECONDS) };
    let mut class = Class::new(plan, ready, journal, delivery);
    match pool::run(&pool, items, |submission| submission.tag.clone(), worker, |place, made| class.take(place, made))? {
        End::Complete => class.finish(),
        End::Interrupted => class.interrupted(),
    }
}

/// The output as it grows.
struct Class {
    plan: &'static Plan<'static>,
    ready: &'static Ready,
    journal: Journal,
    delivery: Delivery<'static>,
    summary: Summary,
    progress: Progress,
    worst: Exit,
    /// The place of the submission that goes out next.
    next: usize,
    /// What is marked and waits for others, in the journal.
    waiting: BTreeMap<usize, Place>,
    count: usize,
    /// Whose answers went out, with their files.
    students: BTreeMap<String, String>,
    /// Places in the class list.
    handed_in: BTreeSet<usize>,
    /// Rows of points by hand, and whether each has a question.
    decided: BTreeMap<usize, bool>,
}

impl Class {
    fn new(
        plan: &'static Plan<'static>,
        ready: &'static Ready,
        journal: Journal,
        delivery: Delivery<'static>,
    ) -> Class {
        Class {
            plan,
            ready,
            journal,
            delivery,
            summary: Summary::new(&ready.sheet),
            progress: Progress::new("marked"),
            worst: Exit::Done,
            next: 0,
            waiting: BTreeMap::new(),
            count: 0,
            students: BTreeMap::new(),
            handed_in: BTreeSet::new(),
            decided: BTreeMap::new(),
        }
    }

    fn take(&mut self, place: usize, made: Made<Tag, Marked>) -> Result<(), Undelivered> {
        let (at, done) = match made {
            Made::Done(Marked::Known(at)) => (at, None),
            Made::Done(Marked::Fresh(key, done)) => {
                let done = done?;
                (self.journal.append(key, &done)?, Some(done))
            }
            Made::GivenUp(tag) => {
                let done = marking::given_up(self.plan, self.ready, &tag)?;
                // Another run tries it again: the key is no submission's.
                (self.journal.append(Key::of(&[b"given up"]), &done)?, Some(done))
            }
        };
        if place > self.next {
            self.waiting.insert(place, at);
            return Ok(());
        }
        self.deliver(at, done)?;
        self.next += 1;
        while let Some(at) = self.waiting.remove(&self.next) {
            self.deliver(at, None)?;
            self.next += 1;
        }
        Ok(())
    }

    fn deliver(&mut self, at: Place, done: Option<Done>) -> Result<(), Undelivered> {
        let Done { results, exit, told } = match done {
            Some(done) => done,
            None => self.journal.read(at)?,
        };
        self.progress.tell(&told);
        self.worst = self.worst.max(exit);
        for one in results {
            self.greet(&one);
            self.put(one)?;
        }
        Ok(())
    }

    fn put(&mut self, one: One) -> Result<(), Undelivered> {
        self.count += 1;
        self.summary.add(&one.tally);
        if let Some(report) = self.delivery.take(&one.stem, one.parts)? {
            self.summary.list(&one.tally, report);
        }
        self.progress.advance();
        Ok(())
    }

    /// Tells of a student who was there before.
    fn greet(&mut self, one: &One) {
        self.handed_in.extend(one.listed);
        if self.ready.shared.roster.is_some() && one.listed.is_none() {
            let who = one.tally.student.as_ref().unwrap_or(&one.tally.file);
            self.summary.strangers.push(who.clone());
        }
        for (row, has_question) in &one.decided {
            *self.decided.entry(*row).or_default() |= has_question;
        }
        let (Some(student), file) = (&one.tally.student, &one.tally.file) else { return };
        if let Some(other) = self.students.insert(student.to_lowercase(), file.clone()) {
            // A summary says it, or else it is told here.
            match self.plan.destination {
                Destination::Folder(_) => self.summary.twice.push((student.clone(), [other, file.clone()])),
                Destination::Stdout | Destination::File(_) => {
                    let told = format!("solve: {student} is there twice: `{other}` and `{file}` have a row each\n");
                    self.progress.tell(&report::printable(&told));
                }
            }
        }
    }

    fn finish(mut self) -> Result<Exit, Undelivered> {
        if self.count == 0 {
            let named: Vec<String> = self.plan.args.submissions.iter().map(|path| path.display().to_string()).collect();
            let told = format!("solve: no submission is in {}: ", named.join(", "));
            let help = "answers are handed in as .ans, .txt, .md, .tex, .ipynb, .json or a table .csv\n";
            stdio::tell(&format!("{}{help}", report::printable(&told)));
            self.journal.remove();
            return Ok(Exit::Usage);
        }
        // Gradescope's object is for one student, whoever else is in the class.
        let of_one =
            self.plan.format == MarksFormat::Gradescope && !matches!(self.plan.destination, Destination::Folder(_));
        let roster = self.ready.shared.roster.as_ref().filter(|_| !of_one);
        let missing = roster.map(|roster| roster.missing(&self.handed_in)).unwrap_or_default();
        self.summary.enrolled = roster.map(|roster| roster.students().count());
        self.summary.missing = missing.iter().map(|student| (*student).to_string()).collect();
        for student in &missing {
            let reason = "nothing was handed in".to_string();
            self.put(marking::placeholder(self.plan, self.ready, Some(student), reason)?)?;
        }
        if !missing.is_empty() {
            let told = format!("solve: nothing was handed in by {}\n", missing.join(", "));
            self.progress.tell(&report::printable(&told));
        }
        let unmatched =
            self.ready.shared.by_hand.as_ref().map(|by_hand| by_hand.unmatched(&self.decided)).unwrap_or_default();
        for told in &unmatched {
            self.progress.tell(&report::printable(&format!("solve: points by hand: {told}\n")));
            self.worst = self.worst.max(Exit::Unusable);
        }
        self.delivery.finish(&self.summary)?;
        self.journal.remove();
        Ok(self.worst)
    }

    /// What is marked goes out, and says that it is a part; an older output stays as it is.
    fn interrupted(mut self) -> Result<Exit, Undelivered> {
        for at in std::mem::take(&mut self.waiting).into_values() {
            self.deliver(at, None)?;
        }
        let count = self.count;
        let kept = self.delivery.is_over_an_older();
        if !kept {
            self.summary.is_part = true;
            let reason = format!("this is a part: the run was interrupted after {count} submissions");
            let last = marking::placeholder(self.plan, self.ready, None, reason)?;
            self.delivery.interrupt(&self.summary, last.parts)?;
        }
        let place = match (&self.plan.destination, kept) {
            (Destination::Stdout, _) => "the output is a part",
            (_, true) => "the older output is as it was",
            (_, false) => "the output is a part, and says so",
        };
        let resume = self.journal.path().map_or("", |_| "; --resume goes on from there");
        stdio::tell(&format!("solve: interrupted after {count} submissions: {place}{resume}\n"));
        Ok(self.worst.max(Exit::Interrupted))
    }
}

/// What results belong to: this program, the problem with its data, the options.
fn run_key(plan: &Plan<'_>, ready: &Ready) -> Key {
    let args = plan.args;
    let options = format!("{:?} {:?} {:?} {}", plan.format, plan.detail, args.visibility, args.strict);
    let kind = match plan.destination {
        Destination::Stdout => "stream",
        Destination::File(_) => "file",
        Destination::Folder(_) => "folder",
    };
    let problem = format!("{:?} {:?} {:?}", ready.sheet, ready.shared.roster, ready.shared.by_hand);
    let parts = [env!("CARGO_PKG_VERSION"), &options, kind, &ready.text, &problem];
    Key::of(&parts.map(str::as_bytes))
}

fn jobs(plan: &Plan) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    plan.args.jobs.map_or(cores, usize::from).min(cores.max(JOBS))
}

fn undelivered(fault: Undelivered, look: Look) -> Exit {
    match fault {
        Undelivered::Usage(message) => refuse::refuse_usage_of("check", &message, look),
        Undelivered::Stopped(stop) => stop.exit(),
        Undelivered::Unwritten(error) => {
            let failure = refuse::unwritten(error);
            stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
            failure.exit
        }
        Undelivered::Unmade(error) => {
            stdio::tell(&format!("solve: a fault of solve itself: {}\n", report::printable(&error.message)));
            Exit::Unusable
        }
        Undelivered::System(error) => {
            stdio::tell(&format!("solve: marks can't be kept: {}\n", stdio::words(&error)));
            Exit::Usage
        }
    }
}
