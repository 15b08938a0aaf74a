//! `solve vary SPEC --count N --seed WORD -o FOLDER/`: plain problems with numbers put in, and a manifest of them.

use super::args::{KeyFormat, VaryArgs};
use super::check::pool::{self, End, Made};
use super::job::{self, Ended, Failure, explain_refusal, follow, own_fault};
use super::output::{self, Present, WriteError};
use super::progress::Progress;
use super::report::{self, Look};
use super::{Exit, STACK_BYTES, files, interrupt, names, run, stdio, tables};
use crate::answer::{Refusal, Solution, answer};
use crate::diagnostic::Diagnostic;
use crate::draw::{DRAW, fnv};
use crate::limits::{JOBS, SPEC_BYTES, VARIANT_DRAWS};
use crate::lower::{Meaning, Scope, Tables};
use crate::render::document::{Document, Edition, Format, Layout};
use crate::render::json;
use crate::render::sheet::{Sheet, sheet};
use crate::span::Source;
use crate::syntax::read_spec;
use crate::vary::{Conditions, Drawn, Found, Judged, Pattern};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long one variant may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// Of a problem, all that its variants have in common.
struct Plan {
    args: VaryArgs,
    source: Source,
    pattern: Pattern,
    conditions: Conditions,
    tables: Tables,
    /// `q3` of `q3-001`.
    stem: String,
    /// What finished variants have of that in which all differ: their values, and what the problem names.
    seen: Mutex<BTreeSet<String>>,
}

/// How many draws failed, and why.
#[derive(Clone, Debug, Default)]
struct Failed {
    conditions: BTreeMap<usize, u32>,
    /// There was no answer.
    unanswered: u32,
    /// Why not, the first time.
    because: Vec<Diagnostic>,
    alike: u32,
}

/// What became of one variant.
struct Outcome {
    failed: Failed,
    /// None where all draws failed.
    kept: Option<Kept>,
}

struct Kept {
    attempt: u32,
    drawn: Drawn,
    identity: Vec<String>,
    answers: Value,
    key: Option<Document>,
}

#[derive(Serialize)]
struct Manifest<'a> {
    schema: u32,
    draw: u32,
    seed: &'a str,
    spec: String,
    spec_hash: String,
    count: usize,
    draws: u32,
    variants: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    file: String,
    hash: String,
    draws: u32,
    values: Value,
    answers: Value,
}

/// What no other variant has: the values of the leaves, and of what the problem names.
type Identity = Vec<String>;

/// What is known of a draw that is good so far; none of one that is not. The error is a condition's own, at its place.
type ByConditions<T> = Result<Option<T>, Vec<Diagnostic>>;

/// Why there are no more variants.
enum Stop {
    Failed(Box<Failure>),
    System(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::System(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(Box::new(failure))
    }
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Stop {
        run::unwritten(error).into()
    }
}

pub fn vary(args: &VaryArgs, look: Look) -> Exit {
    let has_files = std::fs::read_dir(&args.output).is_ok_and(|mut files| files.next().is_some());
    if has_files && !args.force {
        let message = format!("`{}` has files already; --force writes into it", args.output.display());
        return run::refuse_usage_of("vary", &message, look);
    }
    match prepared(args).map_err(Stop::from).and_then(|plan| written(Box::leak(Box::new(plan)), look)) {
        Ok(exit) => exit,
        Err(Stop::Failed(failure)) => {
            stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
            failure.exit
        }
        Err(Stop::System(error)) => {
            stdio::tell(&format!("solve: {}\n", stdio::words(&error)));
            Exit::Usage
        }
    }
}

fn prepared(args: &VaryArgs) -> Result<Plan, Failure> {
    let path = &args.spec;
    let bytes = files::read(path, SPEC_BYTES).map_err(|(exit, fault)| Failure::of_file(path, exit, fault))?;
    let read = follow(path, &bytes, |text, _| {
        let unusable = |faults| (Exit::Unusable, faults);
        let spec = read_spec(text).map_err(unusable)?.value;
        let tables = tables::read(path, &spec, args.allow_outside)?;
        let is_below = |name: &str| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if let Some(file) = spec.table_files().into_iter().find(|file| !is_below(&file.value)) {
            let fault = Diagnostic::error("E-outside", "variants take their tables along").at(file.span, "this one");
            return Err((Exit::Usage, vec![fault.help("put it beside the problem")]));
        }
        Ok((Pattern::new(&spec, text).map_err(unusable)?, Conditions::of(&spec), tables))
    })?;
    let ((pattern, conditions, tables), source) = (read.result, read.source);
    let (args, stem) = (args.clone(), names::stem(path));
    Ok(Plan { args, source, pattern, conditions, tables, stem, seen: Mutex::default() })
}

fn written(plan: &'static Plan, look: Look) -> Result<Exit, Stop> {
    output::make_folder(&plan.args.output)?;
    interrupt::end_orderly();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = plan.args.jobs.map_or(cores, usize::from).min(cores.max(JOBS));
    let pool = pool::Plan { workers, stack: STACK_BYTES, patience: PATIENCE };
    let mut folder = Folder::new(plan);
    let worker =
        move || Box::new(move |place: usize| plan.look(place, 0)) as Box<dyn FnMut(_) -> Result<Outcome, Failure>>;
    let items = 0..plan.args.count as usize;
    match pool::run(&pool, items, |place| *place, worker, |place, made| folder.take(place, made))? {
        End::Complete => folder.finish(look),
        End::Interrupted => {
            stdio::tell("solve: interrupted: the folder has no manifest\n");
            Ok(Exit::Interrupted)
        }
    }
}

impl Plan {
    /// `q3-001`
    fn id(&self, place: usize) -> String {
        let width = self.args.count.to_string().len().max(3);
        format!("{}-{:0width$}", self.stem, place + 1)
    }

    fn fault(&self, exit: Exit, diagnostics: Vec<Diagnostic>) -> Failure {
        Failure { exit, source: self.source.clone(), diagnostics }
    }

    /// A fault of a draw, at its place in the author's text.
    fn in_place(&self, failure: Failure, drawn: &Drawn) -> Failure {
        let mut diagnostics = failure.diagnostics;
        for label in diagnostics.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels) {
            label.span = drawn.place(label.span);
        }
        self.fault(failure.exit, diagnostics)
    }

    fn is_new(&self, identity: &[String]) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        !identity.iter().any(|one| seen.contains(one))
    }

    /// The first good draw of a variant, from this one on. Draws like those of finished variants are none: whichever
    /// of them are finished by then, it comes to the same, for each is compared again in its turn.
    fn look(&self, place: usize, from: u32) -> Result<Outcome, Failure> {
        let (id, mut failed) = (self.id(place), Failed::default());
        for attempt in from..VARIANT_DRAWS {
            let drawn = self.pattern.draw(&self.args.seed, &id, attempt);
            if !self.is_new(&[values_text(&drawn)]) {
                failed.alike += 1;
                continue;
            }
            let path = self.args.spec.with_file_name(format!("{id}.spec"));
            let road = |text: &str, notes: &mut Vec<Diagnostic>| self.judged(&path, text, notes, &mut failed, &drawn);
            let judged =
                follow(&path, drawn.text.as_bytes(), road).map_err(|failure| self.in_place(failure, &drawn))?;
            if let Some((identity, solution)) = judged.result.map_err(|faults| self.fault(Exit::Unusable, faults))? {
                let key = self.key(&id, &solution)?;
                let answers = json::brief(&solution);
                return Ok(Outcome { failed, kept: Some(Kept { attempt, drawn, identity, answers, key }) });
            }
        }
        Ok(Outcome { failed, kept: None })
    }

    /// The solved draw, if it is good. The inner error is one of the conditions, at its place in the author's text.
    fn judged(
        &self,
        path: &Path,
        text: &str,
        notes: &mut Vec<Diagnostic>,
        failed: &mut Failed,
        drawn: &Drawn,
    ) -> Result<ByConditions<(Identity, Solution)>, Ended> {
        let model = job::model(path, text, self.args.allow_outside, notes)?;
        let scope = Scope::of(&model);
        let mut found = Found { graph: &mut model.graph.clone(), scope: &scope, all: false };
        let all: Vec<usize> = (0..self.conditions.count()).collect();
        let (waiting, early) = match self.early(&all, &mut found, failed, drawn) {
            Ok(Some(kept)) => kept,
            Ok(None) => return Ok(Ok(None)),
            Err(faults) => return Ok(Err(faults)),
        };
        let solution = match answer(&model, &[]) {
            Ok(solution) => solution,
            Err(refusal @ Refusal::Certificate(..)) => return Err((Exit::Unusable, explain_refusal(refusal))),
            Err(refusal) => {
                failed.unanswered += 1;
                if failed.because.is_empty() {
                    failed.because = explain_refusal(refusal);
                }
                return Ok(Ok(None));
            }
        };
        if let (true, Some(identity)) = (waiting.is_empty(), early) {
            return Ok(Ok(Some((identity, solution))));
        }
        let mut scope = Scope::of(&solution.model);
        for answer in solution.answers.iter().filter(|answer| answer.at.is_none()) {
            if let Some(form) = answer.form {
                scope.insert(&json::answer_name(&solution, answer), Meaning::Value(form));
            }
        }
        let mut found = Found { graph: &mut solution.model.graph.clone(), scope: &scope, all: true };
        Ok(match self.early(&waiting, &mut found, failed, drawn) {
            Ok(kept) => Ok(kept.and_then(|(_, identity)| Some((identity?, solution)))),
            Err(faults) => Err(faults),
        })
    }

    /// The conditions that wait for the answers, and what makes the draw differ, where that is known already.
    fn early(
        &self,
        which: &[usize],
        found: &mut Found<'_>,
        failed: &mut Failed,
        drawn: &Drawn,
    ) -> ByConditions<(Vec<usize>, Option<Identity>)> {
        let waiting = match self.conditions.judge(which, found)? {
            Judged::Kept(waiting) => waiting,
            Judged::Fails(condition) => {
                *failed.conditions.entry(condition).or_default() += 1;
                return Ok(None);
            }
        };
        let Some(differ) = self.conditions.identity(found)? else { return Ok(Some((waiting, None))) };
        let differ = differ.into_iter().enumerate().map(|(place, text)| format!("{place}: {text}"));
        let identity: Vec<String> = [values_text(drawn)].into_iter().chain(differ).collect();
        if !self.is_new(&identity) {
            failed.alike += 1;
            return Ok(None);
        }
        Ok(Some((waiting, Some(identity))))
    }

    fn key(&self, id: &str, solution: &Solution) -> Result<Option<Document>, Failure> {
        let Some(name) = self.args.keys else { return Ok(None) };
        let format = match name {
            KeyFormat::Md => Format::Markdown,
            KeyFormat::Latex => Format::Latex,
            KeyFormat::Html => Format::Html,
            KeyFormat::Text => Format::Text,
        };
        let picture_stem = Some(format!("{id}-key"));
        let layout = Layout { format, edition: Edition::Student, fragment: false, picture_stem, template: None };
        let fault = |message: &str| {
            let (exit, diagnostics) = own_fault(message);
            self.fault(exit, diagnostics)
        };
        sheet(solution, &layout, Sheet::Key).map(Some).map_err(|error| fault(&error.message))
    }

    /// Where all draws of a variant failed, or nearly all of all: what fails most is told.
    fn too_narrow(&self, failed: &Failed, draws: u32, kept: usize) -> Failure {
        let message =
            format!("{kept} of {draws} draws are variants: fewer than one in a thousand, or no more are left");
        let fault = Diagnostic::error("E-variants", message);
        let most = failed.conditions.iter().max_by_key(|(condition, count)| (**count, usize::MAX - **condition));
        let by_condition = most.map_or(0, |(_, count)| *count);
        let diagnostics = match most {
            Some((condition, count)) if by_condition >= failed.alike.max(failed.unanswered) => {
                let span = self.conditions.span(*condition).unwrap_or_default();
                let told = format!("fails most: {count} of {draws} draws");
                vec![fault.at(span, told).help("loosen it, or draw from other numbers")]
            }
            _ if failed.alike >= failed.unanswered => {
                let span = self.conditions.differ().first().map_or(self.pattern.span(), |name| name.span);
                let span =
                    if by_condition == 0 && self.conditions.differ().is_empty() { self.pattern.span() } else { span };
                let told = format!("fails most: {} draws are like another variant", failed.alike);
                vec![fault.at(span, told).help("draw from more numbers, or ask for fewer variants")]
            }
            _ => {
                let because = failed.because.first().map_or(String::new(), |because| because.message.clone());
                let told = format!("{} draws have no answer: {because}", failed.unanswered);
                vec![fault.at(self.pattern.span(), told).help("a condition can keep them out")]
            }
        };
        self.fault(Exit::Unusable, diagnostics)
    }
}

impl Failed {
    fn add(&mut self, other: Failed) {
        for (condition, count) in other.conditions {
            *self.conditions.entry(condition).or_default() += count;
        }
        self.alike += other.alike;
        self.unanswered += other.unanswered;
        if self.because.is_empty() {
            self.because = other.because;
        }
    }
}

fn values_text(drawn: &Drawn) -> String {
    let text = |(name, value): &(String, _)| format!("{name} = {}; ", json::tensor(value));
    drawn.values.iter().map(text).collect()
}

fn hash(text: &str) -> String {
    format!("fnv1a-{:016x}", fnv(text.bytes()))
}

/// The folder as it fills.
struct Folder {
    plan: &'static Plan,
    present: Present,
    progress: Progress,
    next: usize,
    /// What waits for variants before it.
    waiting: BTreeMap<usize, Result<Outcome, Failure>>,
    failed: Failed,
    draws: u32,
    entries: Vec<Entry>,
}

impl Folder {
    fn new(plan: &'static Plan) -> Folder {
        let present = if plan.args.force { Present::Replace } else { Present::Keep };
        Folder {
            plan,
            present,
            progress: Progress::new("variants drawn"),
            next: 0,
            waiting: BTreeMap::new(),
            failed: Failed::default(),
            draws: 0,
            entries: Vec::new(),
        }
    }

    fn take(&mut self, place: usize, made: Made<usize, Result<Outcome, Failure>>) -> Result<(), Stop> {
        let outcome = match made {
            Made::Done(outcome) => outcome,
            Made::GivenUp(place) => {
                let message = format!("{} takes more than {} seconds", self.plan.id(place), PATIENCE.as_secs());
                let fault = Diagnostic::error("E-variants", message).at(self.plan.pattern.span(), "drawn here");
                return Err(self.plan.fault(Exit::Unusable, vec![fault]).into());
            }
        };
        self.waiting.insert(place, outcome);
        while let Some(outcome) = self.waiting.remove(&self.next) {
            self.put(self.next, outcome?)?;
            self.next += 1;
        }
        Ok(())
    }

    /// The variant in its turn; one that is like a finished one is drawn again.
    fn put(&mut self, place: usize, mut outcome: Outcome) -> Result<(), Stop> {
        loop {
            self.failed.add(outcome.failed);
            let Some(kept) = outcome.kept else {
                let draws = self.draws + VARIANT_DRAWS;
                return Err(self.plan.too_narrow(&self.failed, draws, self.entries.len()).into());
            };
            if self.plan.is_new(&kept.identity) {
                return self.write(place, kept);
            }
            let alike = Failed { alike: 1, ..Failed::default() };
            self.failed.add(alike);
            outcome = self.plan.look(place, kept.attempt + 1)?;
        }
    }

    fn write(&mut self, place: usize, kept: Kept) -> Result<(), Stop> {
        let (plan, id) = (self.plan, self.plan.id(place));
        let file = format!("{id}.spec");
        let hash = hash(&kept.drawn.text);
        self.file(&file, Document { text: kept.drawn.text, pictures: Vec::new() })?;
        if let (Some(key), Some(format)) = (kept.key, plan.args.keys) {
            let ending = match format {
                KeyFormat::Md => "md",
                KeyFormat::Latex => "tex",
                KeyFormat::Html => "html",
                KeyFormat::Text => "txt",
            };
            self.file(&format!("{id}-key.{ending}"), key)?;
        }
        plan.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(kept.identity);
        let values: Map<String, Value> =
            kept.drawn.values.iter().map(|(name, value)| (name.clone(), json::tensor(value))).collect();
        let (draws, answers) = (kept.attempt + 1, kept.answers);
        self.draws += draws;
        self.entries.push(Entry { id, file, hash, draws, values: Value::Object(values), answers });
        self.progress.advance();
        Ok(())
    }

    fn file(&self, name: &str, document: Document) -> Result<(), Stop> {
        let inputs = [self.plan.args.spec.clone()];
        Ok(output::write(&self.plan.args.output.join(name), &document, self.present, &inputs)?)
    }

    /// The tables that the variants take from files, and the manifest.
    fn finish(self, look: Look) -> Result<Exit, Stop> {
        let (plan, count) = (self.plan, self.entries.len());
        if u64::from(self.draws) > 1000 * count as u64 {
            return Err(plan.too_narrow(&self.failed, self.draws, count).into());
        }
        for (name, text) in &plan.tables {
            let path = plan.args.output.join(name);
            if let Some(folder) = path.parent() {
                output::make_folder(folder)?;
            }
            self.file(name, Document { text: text.clone(), pictures: Vec::new() })?;
        }
        let manifest = Manifest {
            schema: 1,
            draw: DRAW,
            seed: &plan.args.seed,
            spec: plan.args.spec.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned()),
            spec_hash: hash(&plan.source.text),
            count,
            draws: self.draws,
            variants: self.entries,
        };
        let text = serde_json::to_string_pretty(&manifest).map_err(io::Error::from)? + "\n";
        let path: PathBuf = plan.args.output.join("manifest.json");
        output::write(&path, &Document { text, pictures: Vec::new() }, self.present, &[])?;
        let rate = 100.0 * count as f64 / f64::from(self.draws);
        let told = format!("{count} variants to {}: {rate:.3}% of {} draws", plan.args.output.display(), self.draws);
        report::tell_written(&told, look);
        Ok(Exit::Done)
    }
}
