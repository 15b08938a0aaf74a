//! `solve vary SPEC --count N --seed WORD -o FOLDER/`: plain problems with numbers put in, and a manifest of them.

mod folder;

use super::args::{KeyFormat, VaryArgs};
use super::check::class_list;
use super::check::pool::{self, End};
use super::job::{self, Ended, Failure, explain_refusal, follow, own_fault};
use super::output::{self, WriteError};
use super::report::{self, Look};
use super::{Exit, STACK_BYTES, files, interrupt, names, refuse, stdio, tables};
use crate::answer::{Refusal, Solution, answer};
use crate::diagnostic::Diagnostic;
use crate::draw::fnv;
use crate::limits::{JOBS, SPEC_BYTES, VARIANT_DRAWS};
use crate::lower::{Meaning, Scope, Tables};
use crate::number::Number;
use crate::render::document::{Document, Edition, Format, Layout};
use crate::render::json;
use crate::render::sheet::{Fields, Sheet, checked, sheet};
use crate::span::Source;
use crate::syntax::read_spec;
use crate::vary::{Alike, Conditions, Drawn, Found, Judged, Pattern, Work};
use folder::Folder;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long one variant may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// Good draws that are looked at to see how much work most variants are.
const PILOTS: usize = 24;

/// Of a problem, all that its variants have in common.
struct Plan {
    args: VaryArgs,
    source: Source,
    pattern: Pattern,
    conditions: Conditions,
    tables: Tables,
    /// `q3` of `q3-001`.
    stem: String,
    /// Who the variants are for.
    class: Vec<Fields>,
    /// How much work each variant is, where they are to be alike.
    fairness: Option<Vec<Alike>>,
    /// What finished variants have of that in which all differ, as hashes: their values, and what the problem names.
    seen: Mutex<BTreeSet<u64>>,
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
    /// It is more work than others, or less.
    unfair: u32,
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
    identity: Identity,
    work: Work,
    answers: Value,
    /// The answers as text, each with its name.
    shown: Vec<(String, String)>,
    key: Option<Document>,
}

/// What no other variant has: the values of the leaves, and of what the problem names.
type Identity = Vec<u64>;

/// What is known of a good draw.
struct Good {
    identity: Identity,
    fairness: Vec<Alike>,
}

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
        refuse::unwritten(error).into()
    }
}

pub fn vary(args: &VaryArgs, look: Look) -> Exit {
    if args.without.iter().any(|place| *place == 0 || args.count.is_some_and(|count| *place > count)) {
        return refuse::refuse_usage_of("vary", "--without names variants by their numbers, from 1 to --count", look);
    }
    let has_files = std::fs::read_dir(&args.output).is_ok_and(|mut files| files.next().is_some());
    if has_files && !args.force {
        let message = format!("`{}` has files already; --force writes into it", args.output.display());
        return refuse::refuse_usage_of("vary", &message, look);
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
    let class = args.class.as_deref().map(class_list).transpose();
    let class = class.map_err(|(exit, diagnostics)| Failure { exit, source: source.clone(), diagnostics })?;
    let (args, stem, class) = (args.clone(), names::stem(path), class.unwrap_or_default());
    let (fairness, seen) = (None, Mutex::default());
    let mut plan = Plan { args, source, pattern, conditions, tables, stem, class, fairness, seen };
    if plan.conditions.are_alike() {
        plan.fairness = Some(plan.usual_work()?);
    }
    Ok(plan)
}

fn written(plan: &'static Plan, look: Look) -> Result<Exit, Stop> {
    output::make_folder(&plan.args.output)?;
    interrupt::end_orderly();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = plan.args.jobs.map_or(cores, usize::from).min(cores.max(JOBS));
    let pool = pool::Plan { workers, stack: STACK_BYTES, patience: PATIENCE };
    let mut folder = Folder::begin(plan)?;
    let worker =
        move || Box::new(move |place: usize| plan.look(place, 0)) as Box<dyn FnMut(_) -> Result<Outcome, Failure>>;
    let items = 0..plan.count();
    match pool::run(&pool, items, |place| *place, worker, |place, made| folder.take(place, made))? {
        End::Complete => folder.finish(look),
        End::Interrupted => {
            stdio::tell("solve: interrupted: the folder has no manifest\n");
            Ok(Exit::Interrupted)
        }
    }
}

impl Plan {
    /// How many variants are drawn, those that are struck among them.
    fn count(&self) -> usize {
        self.args.count.map_or(self.class.len() + self.args.without.len(), |count| count as usize)
    }

    /// `q3-001`: what the numbers of a variant are drawn by, and its file.
    fn word(&self, place: usize) -> String {
        let width = self.count().to_string().len().max(3);
        format!("{}-{:0width$}", self.stem, place + 1)
    }

    /// `q3-001-K`: how a variant is called on its sheet.
    fn id(&self, place: usize) -> String {
        checked(&self.word(place))
    }

    fn is_struck(&self, place: usize) -> bool {
        self.args.without.iter().any(|struck| *struck as usize == place + 1)
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

    fn is_new(&self, identity: &[u64]) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        !identity.iter().any(|one| seen.contains(one))
    }

    /// The first good draw of a variant, from this one on. Draws like those of finished variants are none: whichever
    /// of them are finished by then, it comes to the same, for each is compared again in its turn.
    fn look(&self, place: usize, from: u32) -> Result<Outcome, Failure> {
        let (word, id, mut failed) = (self.word(place), self.id(place), Failed::default());
        for attempt in from..VARIANT_DRAWS {
            let drawn = self.pattern.draw(&self.args.seed, &word, attempt, &id);
            if !self.is_new(&[fnv(values_text(&drawn).bytes())]) {
                failed.alike += 1;
                continue;
            }
            if let Some((Good { identity, .. }, solution)) = self.tried(&word, &drawn, &mut failed)? {
                let key = self.key(&word, &solution)?;
                let (answers, shown) = (json::brief(&solution), json::named_answers(&solution));
                let kept = Kept { attempt, drawn, identity, work: Work::of(&solution), answers, shown, key };
                return Ok(Outcome { failed, kept: Some(kept) });
            }
        }
        Ok(Outcome { failed, kept: None })
    }

    /// How much work most good draws are: a stream of its own is looked at, so that it is the same for any variant.
    fn usual_work(&self) -> Result<Vec<Alike>, Failure> {
        let (mut seen, mut failed) = (BTreeMap::new(), Failed::default());
        let word = format!("{}-alike", self.stem);
        for attempt in 0..VARIANT_DRAWS {
            let drawn = self.pattern.draw(&self.args.seed, &word, attempt, &word);
            if let Some((good, _)) = self.tried(&word, &drawn, &mut failed)? {
                *seen.entry(good.fairness).or_insert(0_usize) += 1;
                if seen.values().sum::<usize>() == PILOTS {
                    break;
                }
            }
        }
        let most = seen
            .into_iter()
            .max_by(|(one, count), (other, other_count)| count.cmp(other_count).then_with(|| other.cmp(one)));
        most.map(|(fairness, _)| fairness).ok_or_else(|| self.too_narrow(&failed, VARIANT_DRAWS, 0))
    }

    /// The solved draw, if it is good.
    fn tried(&self, word: &str, drawn: &Drawn, failed: &mut Failed) -> Result<Option<(Good, Solution)>, Failure> {
        let path = self.args.spec.with_file_name(format!("{word}.spec"));
        let road = |text: &str, notes: &mut Vec<Diagnostic>| self.judged(&path, text, notes, failed, drawn);
        let judged = follow(&path, drawn.text.as_bytes(), road).map_err(|failure| self.in_place(failure, drawn))?;
        judged.result.map_err(|faults| self.fault(Exit::Unusable, faults))
    }

    /// The solved draw, if it is good. The inner error is one of the conditions, at its place in the author's text.
    fn judged(
        &self,
        path: &Path,
        text: &str,
        notes: &mut Vec<Diagnostic>,
        failed: &mut Failed,
        drawn: &Drawn,
    ) -> Result<ByConditions<(Good, Solution)>, Ended> {
        let model = job::model(path, text, self.args.allow_outside, notes)?;
        let scope = Scope::of(&model);
        let mut found =
            Found { graph: &mut model.graph.clone(), scope: &scope, all: false, measures: &[], answers: Vec::new() };
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
        if let (true, Some(good)) = (waiting.is_empty(), early) {
            return Ok(Ok(Some((good, solution))));
        }
        let mut scope = Scope::of(&solution.model);
        for answer in solution.answers.iter().filter(|answer| answer.at.is_none()) {
            if let Some(form) = answer.form {
                scope.insert(&json::answer_name(&solution, answer), Meaning::Value(form));
            }
        }
        let (mut graph, mut measures) = (solution.model.graph.clone(), Vec::new());
        for (measure, count) in Work::of(&solution).measures() {
            if scope.get(measure).is_none() {
                let count = Number::integer(i64::try_from(count).unwrap_or(i64::MAX));
                scope.insert(measure, Meaning::Value(graph.number(count)));
                measures.push(measure);
            }
        }
        let answers = solution.answers.iter().filter_map(|answer| answer.value.as_ref()).collect();
        let mut found = Found { graph: &mut graph, scope: &scope, all: true, measures: &measures, answers };
        Ok(match self.early(&waiting, &mut found, failed, drawn) {
            Ok(kept) => Ok(kept.and_then(|(_, good)| Some((good?, solution)))),
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
    ) -> ByConditions<(Vec<usize>, Option<Good>)> {
        let waiting = match self.conditions.judge(which, found)? {
            Judged::Kept(waiting) => waiting,
            Judged::Fails(condition) => {
                *failed.conditions.entry(condition).or_default() += 1;
                return Ok(None);
            }
        };
        let fairness = self.conditions.fairness(found)?;
        if self.fairness.as_ref().zip(fairness.as_ref()).is_some_and(|(usual, own)| usual != own) {
            failed.unfair += 1;
            return Ok(None);
        }
        let (Some(differ), Some(fairness)) = (self.conditions.identity(found)?, fairness) else {
            return Ok(Some((waiting, None)));
        };
        let differ = differ.into_iter().enumerate().map(|(place, text)| format!("{place}: {text}"));
        let identity: Identity = [values_text(drawn)].into_iter().chain(differ).map(|text| fnv(text.bytes())).collect();
        if !self.is_new(&identity) {
            failed.alike += 1;
            return Ok(None);
        }
        Ok(Some((waiting, Some(Good { identity, fairness }))))
    }

    fn key(&self, id: &str, solution: &Solution) -> Result<Option<Document>, Failure> {
        let Some(name) = self.args.keys else { return Ok(None) };
        let format = match name {
            KeyFormat::Md => Format::Markdown,
            KeyFormat::Latex => Format::Latex,
            KeyFormat::Html => Format::Html,
            KeyFormat::Text => Format::Text,
            KeyFormat::Python => Format::Python,
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
            Some((condition, count)) if by_condition >= failed.alike.max(failed.unanswered).max(failed.unfair) => {
                let span = self.conditions.span(*condition).unwrap_or_default();
                let told = format!("fails most: {count} of {draws} draws");
                vec![fault.at(span, told).help("loosen it, or draw from other numbers")]
            }
            _ if failed.unfair > failed.alike.max(failed.unanswered) => {
                let span = self.conditions.alike_span().unwrap_or_default();
                let told = format!("fails most: {} draws are more work than most, or less", failed.unfair);
                vec![fault.at(span, told).help("ask for less that is alike, or draw from other numbers")]
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
        self.unfair += other.unfair;
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
