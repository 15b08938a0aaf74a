//! What is asked of every problem of a run, and the road of one problem from its file to its document.

use super::args::LayoutArgs;
use super::format::{self, Chosen, FormatName};
use super::output::{self, Destination, Present, WriteError};
use super::pdf::Maker;
use super::progress::DescentBar;
use super::report::{self, Look};
use super::{Exit, files, panics, tables};
use crate::answer::{ExplainedEntry, Refusal, Solution, Unlearnable, answer, answer_telling};
use crate::diagnostic::{Diagnostic, nearest};
use crate::graph::{Missing, NodeId};
use crate::limits::{CURVATURE_SIDE, SPEC_BYTES, TEMPLATE_BYTES};
use crate::lower::{explain_evaluation_error, lower_with};
use crate::model::Model;
use crate::render::document::{Document, Format, Layout, UserTemplate};
use crate::render::escape;
use crate::render::notation::{Printer, Style};
use crate::render::sheet::{self, Sheet};
use crate::second::Unavailable;
use crate::span::Source;
use crate::syntax::{decode, read_spec};
use crate::tasks::plot::Unplottable;
use crate::verify::{Certificate, Failure as Check};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Characters of an expression in a message.
const LONGEST_EXPRESSION: usize = 60;

/// What is asked of every problem of a run.
#[derive(Debug)]
pub struct Job<'a> {
    args: &'a LayoutArgs,
    chosen: Chosen,
    /// What makes the PDF, where one is wanted.
    maker: Option<Maker>,
    template: Option<UserTemplate>,
}

/// A finished document, and what its author should look at.
#[derive(Debug)]
pub struct Answered<T> {
    pub source: Source,
    pub notes: Vec<Diagnostic>,
    pub result: T,
}

/// Why a problem has no document.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub source: Source,
    /// All that was found on the way, errors and notes.
    pub diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// A file that gave no text.
    pub fn of_file(path: &Path, exit: Exit, diagnostic: Diagnostic) -> Failure {
        Failure { exit, source: named(path, String::new()), diagnostics: vec![diagnostic] }
    }
}

/// How a stage ends a road: the exit code and what is told.
pub type Ended = (Exit, Vec<Diagnostic>);

impl Job<'_> {
    /// The error says what is wrong with the arguments.
    pub fn new<'a>(args: &'a LayoutArgs, output: &Destination) -> Result<Job<'a>, String> {
        let chosen = format::choose(args.format, args.only, output)?;
        let template = args.template.as_deref().map(user_template).transpose()?;
        let is_pdf = chosen.name == FormatName::Pdf;
        let maker = if is_pdf { Some(Maker::find(args.pdf_with.as_deref())?) } else { None };
        let format = maker.as_ref().map_or(chosen.format, Maker::format);
        if args.torch && format != Format::Python {
            return Err("--torch is for a program: --format python".to_string());
        }
        let format = if args.torch { Format::Torch } else { format };
        let sheet = args.sheet.sheet();
        let is_notebook = format == Format::Notebook && sheet != Sheet::Marking;
        let is_sheet = format::is_document(format) || is_notebook;
        if sheet != Sheet::Key && (template.is_some() || args.only.is_some() || !is_sheet) {
            let ipynb = if sheet == Sheet::Marking { "" } else { "ipynb, " };
            return Err(format!("the {} sheet comes as {ipynb}md, latex, html, text or pdf", sheet.name()));
        }
        if args.fragment && (is_pdf || sheet != Sheet::Key) {
            return Err("a fragment is a part of a key in LaTeX".to_string());
        }
        Ok(Job { args, chosen: Chosen { format, ..chosen }, maker, template })
    }

    pub fn has_template(&self) -> bool {
        self.template.is_some()
    }

    pub fn sheet(&self) -> Sheet {
        self.args.sheet.sheet()
    }

    pub fn format(&self) -> Format {
        self.chosen.format
    }

    /// Writes a document, as a PDF where one is wanted, and tells of it.
    pub fn write(
        &self,
        path: &Path,
        document: &Document,
        present: Present,
        inputs: &[PathBuf],
        look: Look,
    ) -> Result<(), WriteError> {
        match &self.maker {
            None => output::write(path, document, present, inputs)?,
            Some(maker) => {
                let pdf = maker.make(&document.text).map_err(|message| WriteError::because(path, message))?;
                output::write_bytes(path, &pdf, present, inputs)?;
            }
        }
        let pictures = document.pictures.iter().filter(|_| self.maker.is_none());
        let pictures: String =
            pictures.map(|picture| format!(", {}", path.with_file_name(&picture.file).display())).collect();
        let with = self.maker.as_ref().map_or(String::new(), |maker| format!(" with {}", maker.name));
        report::tell_written(&format!("{}{pictures}{with}", path.display()), look);
        Ok(())
    }

    pub fn is_json(&self) -> bool {
        self.chosen.name == FormatName::Json
    }

    pub fn format_name(&self) -> FormatName {
        self.chosen.name
    }

    pub fn separator(&self) -> Option<&'static str> {
        self.chosen.separator(self.args.fragment)
    }

    pub fn layout(&self, picture_stem: Option<String>) -> Layout {
        Layout {
            format: self.chosen.format,
            edition: self.args.edition.edition(),
            fragment: self.args.fragment,
            picture_stem,
            template: self.template.clone(),
        }
    }

    /// Reads and answers the problem of a file, and lays its solution out.
    pub fn answer_file(&self, path: &Path, picture_stem: Option<String>) -> Result<Answered<Document>, Failure> {
        let bytes =
            files::read(path, SPEC_BYTES).map_err(|(exit, diagnostic)| Failure::of_file(path, exit, diagnostic))?;
        let layout = self.layout(picture_stem);
        self.answer_bytes(path, &bytes, |solution| self.document(solution, &layout))
    }

    /// Answers the problem in these bytes and makes something of its solution.
    pub fn answer_bytes<T>(
        &self,
        path: &Path,
        bytes: &[u8],
        finish: impl FnOnce(&Solution) -> Result<T, Ended>,
    ) -> Result<Answered<T>, Failure> {
        follow(path, bytes, |text, notes| self.solution(path, text, notes).and_then(|solution| finish(&solution)))
    }

    /// Reads and answers the problem of a file.
    pub fn solve_file(&self, path: &Path) -> Result<Answered<Solution>, Failure> {
        let bytes =
            files::read(path, SPEC_BYTES).map_err(|(exit, diagnostic)| Failure::of_file(path, exit, diagnostic))?;
        follow(path, &bytes, |text, notes| self.solution(path, text, notes))
    }

    fn solution(&self, path: &Path, text: &str, notes: &mut Vec<Diagnostic>) -> Result<Solution, Ended> {
        let mut model = model(path, text, self.args.allow_outside, notes)?;
        model.settings.steps = self.args.steps.map_or(model.settings.steps, |steps| steps.steps());
        model.settings.digits = self.args.digits.map_or(model.settings.digits, usize::from);
        check_entries(&model, &self.args.explain)?;
        let bar = DescentBar::begin();
        let tell = |made, most| bar.tell(made, most);
        answer_telling(&model, &self.args.explain, &tell).map_err(|refusal| (Exit::Unusable, explain_refusal(refusal)))
    }

    pub fn document(&self, solution: &Solution, layout: &Layout) -> Result<Document, Ended> {
        let document = sheet::sheet(solution, layout, self.sheet()).map_err(|error| match &self.template {
            Some(template) => (Exit::Usage, vec![in_template(template, &error.message)]),
            None => own_fault(&error.message),
        })?;
        let text = match self.chosen.fenced {
            true => format!("```mermaid\n{}\n```\n", document.text.trim_end()),
            false if self.chosen.name == FormatName::Pandoc => escape::for_pandoc(&document.text),
            false => document.text,
        };
        Ok(Document { text, ..document })
    }
}

/// What a road makes of the text in these bytes; it gets a place for its notes. A panic on the way is told as a fault
/// of ours.
pub fn follow<T>(
    path: &Path,
    bytes: &[u8],
    road: impl FnOnce(&str, &mut Vec<Diagnostic>) -> Result<T, Ended>,
) -> Result<Answered<T>, Failure> {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(fault) => {
            let source = named(path, readable_start(bytes).to_string());
            return Err(Failure { exit: Exit::Unusable, source, diagnostics: vec![fault] });
        }
    };
    let source = named(path, text);
    let mut notes = Vec::new();
    let road = AssertUnwindSafe(|| road(&source.text, &mut notes));
    match catch_unwind(road).unwrap_or_else(|_| Err(own_fault(&panics::last_panic()))) {
        Ok(result) => Ok(Answered { source, notes, result }),
        Err((exit, errors)) => {
            notes.extend(errors);
            Err(Failure { exit, source, diagnostics: notes })
        }
    }
}

/// The problem in this text, with the tables that it takes from files.
pub fn model(path: &Path, text: &str, allow_outside: bool, notes: &mut Vec<Diagnostic>) -> Result<Model, Ended> {
    let unusable = |errors| (Exit::Unusable, errors);
    let reading = read_spec(text).map_err(unusable)?;
    notes.extend(reading.notes.iter().cloned());
    let files = tables::read(path, &reading.value, allow_outside)?;
    let mut lowered = lower_with(&reading.value, &files).map_err(unusable)?;
    lowered.model.notes.extend(reading.notes);
    notes.extend(lowered.warnings);
    Ok(lowered.model)
}

/// The answered problem in this text.
pub fn solved(path: &Path, text: &str, allow_outside: bool, notes: &mut Vec<Diagnostic>) -> Result<Solution, Ended> {
    let model = model(path, text, allow_outside, notes)?;
    answer(&model, &[]).map_err(|refusal| (Exit::Unusable, explain_refusal(refusal)))
}

fn named(path: &Path, text: String) -> Source {
    Source { name: files::display_name(path), text }
}

/// What can be shown of bytes that are no text.
fn readable_start(bytes: &[u8]) -> &str {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}

fn user_template(path: &Path) -> Result<UserTemplate, String> {
    let name = files::display_name(path);
    let fault = |diagnostic: Diagnostic| format!("no template: {}", diagnostic.message);
    let bytes = files::read(path, TEMPLATE_BYTES).map_err(|(_, diagnostic)| fault(diagnostic))?;
    Ok(UserTemplate { text: decode(&bytes).map_err(fault)?, name })
}

fn in_template(template: &UserTemplate, message: &str) -> Diagnostic {
    Diagnostic::error("E-template", format!("the template `{}` can't be used: {message}", template.name))
        .help("`solve templates` shows the data that templates get")
}

pub fn own_fault(message: &str) -> Ended {
    let told = Diagnostic::error("E-internal", format!("a fault of solve itself: {message}"))
        .help("please report it, with this problem");
    (Exit::Unusable, vec![told])
}

/// Entries to explain that the problem does not have are a wrong usage.
fn check_entries(model: &Model, entries: &[ExplainedEntry]) -> Result<(), Ended> {
    let faults: Vec<Diagnostic> = entries.iter().filter_map(|entry| entry_fault(model, entry)).collect();
    if faults.is_empty() { Ok(()) } else { Err((Exit::Usage, faults)) }
}

fn entry_fault(model: &Model, entry: &ExplainedEntry) -> Option<Diagnostic> {
    let written = entry.index.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    let fault = |what: String| Diagnostic::error("E-entry", format!("--explain {}[{written}]: {what}", entry.name));
    let is_line = |id: &NodeId| model.definitions.contains(id);
    let Some(id) = model.names.get(&entry.name).copied().filter(is_line) else {
        let lines = model.names.iter().filter(|(_, id)| is_line(id)).map(|(name, _)| name.as_str());
        let fault = fault(format!("the model has no line `{}`", entry.name));
        return Some(match nearest(&entry.name, lines) {
            Some(meant) => fault.help(format!("did you mean `{meant}`?")),
            None => fault,
        });
    };
    let shape = model.graph.shape(id);
    if shape.rank() != entry.index.len() {
        return Some(fault(format!("`{}` takes {} indices", entry.name, shape.rank())));
    }
    let extents = shape.as_integers()?;
    let is_inside = entry.index.iter().zip(&extents).all(|(place, extent)| place <= extent);
    let shape = extents.iter().map(usize::to_string).collect::<Vec<_>>().join(" x ");
    (!is_inside).then(|| fault(format!("`{}` is {shape}; indices count from 1", entry.name)))
}

pub fn explain_refusal(refusal: Refusal) -> Vec<Diagnostic> {
    match refusal {
        Refusal::NoValue(model, error) => vec![explain_evaluation_error(&model, &error)],
        Refusal::Rule(error) => {
            let message = format!("the gradient rule of `{}` does not fit: {}", error.operator, error.error.rule);
            vec![Diagnostic::error("E-certificate", message).help("a fault of solve itself: please report it")]
        }
        Refusal::NoGradient { model, task, of, loss, missing } => {
            vec![explain_no_gradient(&model, task, [of, loss], &missing)]
        }
        Refusal::Told(faults) => faults,
        Refusal::Second { model, task, reason } => vec![explain_unavailable(&model, task, &reason)],
        Refusal::Unplottable { model, task, reason } => vec![explain_unplottable(&model, task, &reason)],
        Refusal::Unlearnable { model, task, reason } => vec![explain_unlearnable(&model, task, &reason)],
        Refusal::Certificate(model, certificate) => failed_checks(&model, &certificate),
    }
}

fn explain_no_gradient(model: &Model, task: usize, [of, loss]: [NodeId; 2], missing: &[Missing]) -> Diagnostic {
    let name = |id: NodeId| Printer::new(&model.graph, Style::Plain).print(id);
    let entries: Vec<String> = missing
        .iter()
        .filter(|(entry, _)| !entry.is_empty())
        .map(|(entry, _)| {
            format!("[{}]", entry.iter().map(|place| (place + 1).to_string()).collect::<Vec<_>>().join(", "))
        })
        .collect();
    let place = if entries.is_empty() { String::new() } else { format!(" in {}", entries.join(", ")) };
    let cause = missing.first().map_or("not defined", |(_, cause)| cause.name());
    let message = format!("`{}` has no gradient in `{}` at these numbers: {cause}{place}", name(loss), name(of));
    let told = Diagnostic::error("E-value", message);
    match task.checked_sub(1).and_then(|place| model.tasks.get(place)) {
        Some(task) => told.at(task.span, "asked for here"),
        None => told,
    }
}

fn explain_unlearnable(model: &Model, task: usize, reason: &Unlearnable) -> Diagnostic {
    let (message, help) = match reason {
        Unlearnable::NotQuadratic => (
            "this loss is not quadratic in these parameters, so there is no formula for its minimum".to_string(),
            "`descend … from … rate …` goes there step by step",
        ),
        Unlearnable::TooLarge(entries) => (
            format!(
                "the parameters have {entries} entries, and at most {CURVATURE_SIDE} are solved for (CURVATURE_SIDE)"
            ),
            "`descend … from … rate …` takes more",
        ),
        Unlearnable::NoSingleMinimum => (
            "this loss has no single minimum: its normal equations are singular, or it has no least value".to_string(),
            "a penalty such as `0.1*sum(w^2)` makes it one",
        ),
        Unlearnable::UndefinedCurve(family) => (
            format!("the family `{family}` is not defined at every row"),
            "a logarithm is one of positive numbers only, and an exponential has a limit",
        ),
        Unlearnable::Batches(why) => (
            format!("the model does not fit a batch of fewer examples: {why}"),
            "leave out `batch`, or write the model without the number of examples",
        ),
    };
    let told = Diagnostic::error("E-descend", message).help(help);
    match task.checked_sub(1).and_then(|place| model.tasks.get(place)) {
        Some(task) => told.at(task.span, "asked for here"),
        None => told,
    }
}

fn explain_unavailable(model: &Model, task: usize, reason: &Unavailable) -> Diagnostic {
    let name = |id: &NodeId| Printer::new(&model.graph, Style::Plain).print(*id);
    let message = match reason {
        Unavailable::Rule(error) => {
            format!("the gradient rule of `{}` does not fit: {}", error.operator, error.error.rule)
        }
        Unavailable::NotAVector(id) => format!(
            "`{}` is {}: only a scalar, a row or a column has derivatives that form a matrix",
            name(id),
            model.graph.shape(*id)
        ),
        Unavailable::NotAMatrix(operator) => {
            let needed = model.graph.needed(&model.definitions);
            let written = |id: NodeId| model.graph.as_apply(id).is_some_and(|(op, _)| op.reference().name == *operator);
            let because = match model.graph.ids().any(|id| needed[id.place()] && written(id)) {
                true => format!(", because of `{operator}`"),
                false => String::new(),
            };
            format!("in symbols these derivatives are no matrix expression{because}")
        }
    };
    let told = Diagnostic::error("E-second-form", message);
    let told = match reason {
        Unavailable::NotAMatrix(_) => told.help("with numbers for what is given they are computed entry by entry"),
        Unavailable::Rule(_) | Unavailable::NotAVector(_) => told,
    };
    match task.checked_sub(1).and_then(|place| model.tasks.get(place)) {
        Some(task) => told.at(task.span, "asked for here"),
        None => told,
    }
}

fn explain_unplottable(model: &Model, task: usize, reason: &Unplottable) -> Diagnostic {
    let name = |id: &NodeId| Printer::new(&model.graph, Style::Plain).print(*id);
    let told = match reason {
        Unplottable::Undefined(error) => {
            let told = explain_evaluation_error(model, error);
            Diagnostic { message: format!("there is nothing to plot: {}", told.message), ..told }
        }
        Unplottable::Rows(id) => {
            let message = format!("`{}` can't be drawn as a curve: a row of it depends on the other rows", name(id));
            Diagnostic::error("E-plot", message)
        }
        Unplottable::NoDescent => Diagnostic::error("E-plot", "no descent of this loss moves just what is at the axes")
            .help("a descent of `a` and `b` is drawn over `a` and `b`"),
        Unplottable::NoFit => Diagnostic::error("E-plot", "nothing that could be drawn is fitted to these data")
            .help("`fit y over x by polynomial degree 1 to 9` fits nine polynomials"),
        Unplottable::Level => Diagnostic::error("E-plot", "there are no level lines: the value is the same everywhere"),
    };
    match task.checked_sub(1).and_then(|place| model.tasks.get(place)) {
        Some(task) => told.at(task.span, "asked for here"),
        None => told,
    }
}

/// Nothing is printed that was not checked: what failed, and no key.
fn failed_checks(model: &Model, certificate: &Certificate) -> Vec<Diagnostic> {
    let failed = certificate.failures.iter().map(|check| {
        let (node, what) = failed_check(model, check);
        let told = Diagnostic::error("E-certificate", format!("no key is printed, because a check failed: {what}"));
        match node.and_then(|node| model.spans.get(&node)) {
            Some(span) => told.at(*span, "here"),
            None => told,
        }
    });
    failed.collect()
}

fn failed_check(model: &Model, check: &Check) -> (Option<NodeId>, String) {
    let name = |id: &NodeId| {
        let text: String = Printer::new(&model.graph, Style::Plain).print(*id);
        if text.chars().count() <= LONGEST_EXPRESSION { text } else { "a long expression".to_string() }
    };
    match check {
        Check::Rule { operator, node, relative_error } => {
            let what = format!("the gradient rule of `{operator}` at `{}`", name(node));
            (Some(*node), format!("{what} differs from the numeric derivative by {relative_error:.1e} (relative)"))
        }
        Check::Rewriting { of, relative_error } => {
            (Some(*of), format!("the simplified form of `{}` differs by {relative_error:.1e} (relative)", name(of)))
        }
        Check::Whole { loss, relative_error } => {
            let what = format!("the gradients of `{}` together", name(loss));
            (Some(*loss), format!("{what} differ from the change of the loss by {relative_error:.1e} (relative)"))
        }
        Check::NoData { loss } => (Some(*loss), format!("no data were found at which `{}` has a value", name(loss))),
        Check::Value { of, relative_error } => {
            (Some(*of), format!("`{}` computed a second time differs by {relative_error:.1e} (relative)", name(of)))
        }
        Check::Text => (None, "the model has other lines than the text".to_string()),
        Check::Line { of, relative_error } => {
            let what = format!("the line `{}`, computed from the text,", name(of));
            (Some(*of), format!("{what} differs by {relative_error:.1e} (relative)"))
        }
        Check::Moved { of, relative_error } => {
            let what = format!("the gradients of `{}`", name(of));
            (
                Some(*of),
                format!(
                    "{what} differ by {relative_error:.1e} (relative) from its change where names are moved in the text"
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Cli;
    use clap::Parser;

    #[test]
    fn a_panic_is_a_diagnostic() {
        let cli = Cli::parse_from(["solve", "q.spec"]);
        let job = Job::new(&cli.answer.layout, &Destination::Folder("keys".into())).unwrap();
        let spec = b"problem \"P\"\ngiven\n  x = 2\nmodel\n  y = 3*x\ntasks\n  compute y\n";
        let failure = job.answer_bytes::<()>(Path::new("q.spec"), spec, |_| panic!("oh")).unwrap_err();
        assert_eq!((failure.exit, failure.diagnostics[0].code), (Exit::Unusable, "E-internal"));
    }
}
