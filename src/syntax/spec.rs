//! A whole problem: its lines, gathered into sections and repeats.

use super::answers::{PlainEntry, plain_line};
use super::ast::{
    Answer, AnswerTarget, AnswerValue, DimExpr, Function, Given, MarkingLine, ModelLine, Parameter, Repeat, Setting,
    Spanned, Spec, TargetKind, Task, VariantsLine,
};
use super::build::{Builder, Spellings};
use super::characters::judge;
use super::expression::{expression, first, two};
use super::forms::question;
use super::formula;
use super::given::{dim_expr, given};
use super::grammar::{Rule, parse};
use super::keywords::{self, SECTIONS, called_section, first_word, is_blank, meant_section};
use super::lines::{Content, Line, lines};
use super::marking::marking;
use super::variants::variants;
use super::wordings::{self, Families, Known, Meant, Put, Wording, loosely};
use super::{Reading, fault};
use crate::diagnostic::Diagnostic;
use crate::limits::{DIAGNOSTICS, NESTING, SPEC_BYTES};
use crate::span::Span;
use crate::tasks::FORMS;
use pest::iterators::Pair;

/// The shortest problem, shown where there is none.
pub const EXAMPLE: [&str; 3] = ["problem \"Q1\"", "model y = 2*3", "tasks compute y"];

/// How many lines of a file may be in words of their own, and after how many that can't be read none is looked at for them.
const ATTEMPTS: usize = 1_000;
const PATIENCE: usize = 32;

/// The problem that a text describes, or everything that is wrong with it.
pub fn read_spec(text: &str) -> Result<Reading<Spec>, Vec<Diagnostic>> {
    if text.len() > SPEC_BYTES {
        return Err(vec![too_large(SPEC_BYTES)]);
    }
    let lines = wordings::with_ends(continued(lines(text, judge), text), text);
    if lines.is_empty() {
        return Err(vec![no_problem()]);
    }
    let mut reader = Reader { text, families: Families::of(&lines, text), ..Reader::default() };
    for line in lines {
        reader.line(line);
        if reader.faults.len() > DIAGNOSTICS {
            break;
        }
    }
    reader.finish()
}

pub fn too_large(limit: usize) -> Diagnostic {
    Diagnostic::error("E-size", format!("the file has more than {limit} bytes"))
        .at(Span::new(limit, limit), "the limit")
}

fn no_problem() -> Diagnostic {
    Diagnostic::error("E-empty", "no problem found")
        .at(Span::new(0, 0), "nothing but space and comments")
        .help(format!("a problem is, for example:\n{}", EXAMPLE.join("\n")))
}

/// A list goes on after `;`, and behind `which of:`.
fn continued(lines: Vec<Line>, text: &str) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let goes_on = joined.last().is_some_and(|last: &Line| {
            let before = text[last.span.start..last.span.end].trim_end();
            let lists = ["which", "choose", "find", "true", "tick", "select", "multiple"];
            before.ends_with(';') && lists.iter().any(|word| before.starts_with(word))
                || before.starts_with("which") && before.ends_with(':')
        });
        match joined.last_mut().filter(|_| goes_on && matches!(line.content, Content::Code)) {
            Some(last) => {
                last.span = last.span.to(line.span);
                last.fault = last.fault.take().or(line.fault);
            }
            None => joined.push(line),
        }
    }
    joined
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Section {
    #[default]
    Head,
    Given,
    Model,
    Tasks,
    Marking,
    Variants,
}

impl Section {
    fn rule(self) -> Rule {
        match self {
            Section::Head => Rule::header_line,
            Section::Given => Rule::given_line,
            Section::Model => Rule::model_line,
            Section::Tasks => Rule::task_line,
            Section::Marking => Rule::marking_line,
            Section::Variants => Rule::variants_line,
        }
    }

    /// What its lines are called in other words.
    fn rows(self) -> &'static [Wording] {
        match self {
            Section::Head => wordings::HEAD,
            Section::Given => wordings::GIVEN,
            Section::Model => wordings::MODEL,
            Section::Tasks | Section::Marking | Section::Variants => &[],
        }
    }
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    section: Section,
    /// Where each section of [`SECTIONS`] began.
    begun: [Option<Span>; 5],
    problem: Option<(Spanned<String>, Option<Spanned<String>>)>,
    points: Option<Spanned<String>>,
    wording: Vec<Spanned<String>>,
    settings: Vec<Setting>,
    givens: Block<Given>,
    model: Block<ModelLine>,
    functions: Vec<Function>,
    families: Families,
    known: Known,
    /// How many lines were looked at for their words.
    attempts: usize,
    /// Where the lines of the tasks stand: they are read when all names are known.
    asked: Vec<(Put, Span)>,
    tasks: Vec<Task>,
    marking: Vec<MarkingLine>,
    variants: Vec<VariantsLine>,
    faults: Vec<Diagnostic>,
    /// Whether a line of the head can't be read: it may have been the problem's first.
    head_spoiled: bool,
    spellings: Spellings,
    notes: Vec<Diagnostic>,
}

/// The lines of a section, and the repeats that are open.
struct Block<L> {
    done: Vec<L>,
    open: Vec<Repeat<L>>,
}

impl<L> Default for Block<L> {
    fn default() -> Block<L> {
        Block { done: Vec::new(), open: Vec::new() }
    }
}

impl<L> Block<L> {
    fn push(&mut self, line: L) {
        match self.open.last_mut() {
            Some(repeat) => repeat.body.push(line),
            None => self.done.push(line),
        }
    }

    fn variables(&self) -> Vec<String> {
        self.open.iter().map(|repeat| repeat.variable.value.clone()).collect()
    }

    /// Ends the innermost repeat, if there is one.
    fn end(&mut self, span: Span, wrap: fn(Repeat<L>) -> L) -> bool {
        let Some(mut repeat) = self.open.pop() else { return false };
        repeat.span = repeat.span.to(span);
        self.push(wrap(repeat));
        true
    }
}

impl Reader<'_> {
    fn line(&mut self, line: Line) {
        if let Content::Wording(inner) = line.content {
            let value = dedented(&self.text[inner.start..inner.end]);
            if !value.is_empty() {
                self.wording.push(Spanned { value, span: line.span });
            }
            self.faults.extend(line.fault);
            return;
        }
        if let Content::End = line.content {
            return self.close_repeat(line.span);
        }
        let mut span = line.span;
        span.start += self.heading(&self.text[span.start..span.end], span);
        let text = &self.text[span.start..span.end];
        let before = self.faults.len();
        match line.fault {
            Some(fault) => match wordings::mended(text, span.start) {
                Some(line) => self.other(line, span, fault),
                None => self.faults.push(fault),
            },
            None if is_blank(text.trim_start()) => {}
            None => self.code(text, span),
        }
        self.head_spoiled |= self.section == Section::Head && self.faults.len() > before;
    }

    /// Reads a section's heading and gives its length; the section's first line may follow on the same line.
    /// A misspelt heading is taken for what it was meant to be, so that the lines after it are not misread.
    fn heading(&mut self, text: &str, span: Span) -> usize {
        let (word, rest) = first_word(text);
        let place = Span::new(span.start, span.start + word.len());
        let heads = is_blank(rest) || (rest.starts_with(char::is_alphabetic) && text.len() > word.len() + rest.len());
        if let Some(index) = SECTIONS.iter().position(|section| *section == word).filter(|_| heads) {
            if let Some(before) = self.begun[index] {
                let fault = Diagnostic::error("E-section", format!("the section `{word}` stands twice"));
                self.faults.push(fault.at(place, "the second").at(before, "the first").help("put them together"));
            }
            self.begin(index, Some(place));
            return word.len();
        }
        if let Some(index) = called_section(text).and_then(|own| SECTIONS.iter().position(|section| *section == own)) {
            self.begin(index, Some(place));
            return text.len();
        }
        let Some(meant) = meant_section(text) else { return 0 };
        let Some(index) = SECTIONS.iter().position(|section| *section == meant).filter(|at| self.begun[*at].is_none())
        else {
            return 0;
        };
        let fault = Diagnostic::error("E-keyword", format!("`{}` is no section", text.trim_end()));
        self.faults.push(fault.at(place, "not known").help(format!("did you mean `{meant}`?")));
        self.begin(index, None);
        text.len()
    }

    fn begin(&mut self, section: usize, place: Option<Span>) {
        self.close_repeats();
        self.begun[section] = self.begun[section].or(place);
        self.section = [Section::Given, Section::Model, Section::Tasks, Section::Marking, Section::Variants][section];
    }

    fn code(&mut self, text: &str, span: Span) {
        let rule = self.section.rule();
        if self.section == Section::Tasks {
            let line = Put::of(text, span.start);
            return self.asked.push((self.families.indexed(&line, &[]).unwrap_or(line), span));
        }
        if self.section == Section::Model && formula::is_latex(text) {
            return self.read_latex(text, span).unwrap_or_else(|fault| self.faults.push(fault));
        }
        if self.section == Section::Model
            && let Some(line) = self.families.indexed(&Put::of(text, span.start), &self.model.variables())
        {
            return match self.read(rule, &line.text, Builder { put: Some(&line), ..Builder::new(0, &[]) }) {
                Ok(()) => {}
                Err(told) => self.other(line, span, told),
            };
        }
        if self.section == Section::Given
            && text.len() <= wordings::LONGEST
            && text.contains('x')
            && let Some(line) = wordings::parted(&Put::of(text, span.start), &self.known)
            && self.read(rule, &line.text, Builder { put: Some(&line), ..Builder::new(0, &[]) }).is_ok()
        {
            return;
        }
        // A sum over indices, as answers have it.
        if self.section == Section::Model
            && self.has_sum(text)
            && let Some(line) = self.summed(text, span)
        {
            return self.push_line(line);
        }
        let told = match self.read(rule, text, Builder::new(span.start, &[])) {
            Ok(()) => return,
            Err(told) => told,
        };
        let told = match self.section == Section::Model && formula::may_be_latex(text) {
            true => match self.read_latex(text, span) {
                Ok(()) => return,
                Err(told) => told,
            },
            false => told,
        };
        self.other(Put::of(text, span.start), span, told);
    }

    /// Reads a line that can't be read as it stands, or tells why not.
    fn other(&mut self, line: Put, span: Span, told: Diagnostic) {
        let rule = self.section.rule();
        if self.section == Section::Tasks {
            return self.asked.push((line, span));
        }
        self.attempts += 1;
        if self.attempts > ATTEMPTS || self.faults.len() > PATIENCE || line.text.len() > wordings::LONGEST {
            return self.faults.push(told);
        }
        let again = std::iter::once(Meant::Line(line.clone()));
        for meant in again.chain(wordings::lines(self.section.rows(), &line, &self.known)) {
            match meant {
                Meant::Line(put) if put.text.is_empty() => return,
                Meant::Line(put) => {
                    if self.read(rule, &put.text, Builder { put: Some(&put), ..Builder::new(0, &[]) }).is_ok()
                        || self.read_loosely(rule, &put)
                    {
                        return;
                    }
                }
                Meant::Told { why, lines } => return self.faults.push(wordings::told("E-words", span, &why, &lines)),
            }
        }
        self.faults.push(told);
    }

    /// Whether a line has `sum_i` or `∑_{i=1}^N`, and `sum_i` is no name of the author's.
    fn has_sum(&self, text: &str) -> bool {
        let is_sign = |(at, sign): (usize, &str)| {
            let below: String =
                text[at + sign.len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let starts = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let one = below.len() == 1 && below.starts_with(|c: char| c.is_ascii_lowercase());
            let open = text[at + sign.len()..].starts_with('{');
            starts && (open || one && !self.known.has(&format!("sum_{below}")))
        };
        ["sum_", "∑_", "Σ_"].into_iter().flat_map(|sign| text.match_indices(sign)).any(is_sign)
    }

    /// A line with a sum over an index, as answers have it.
    fn summed(&mut self, text: &str, span: Span) -> Option<ModelLine> {
        let line = Line { content: Content::Code, span, fault: None };
        let PlainEntry::Answer(answer) = plain_line(text, &line, &mut self.spellings).ok()? else { return None };
        let Answer { target: AnswerTarget { kind: TargetKind::Plain, name, of: None, .. }, value, .. } = *answer else {
            return None;
        };
        let AnswerValue::Expression(value) = value else { return None };
        Some(ModelLine::Definition { name, value, span })
    }

    /// Reads a line of the model in LaTeX.
    fn read_latex(&mut self, text: &str, span: Span) -> Result<(), Diagnostic> {
        let mut notes = Vec::new();
        let line =
            formula::definition(text, span, &self.givens.done, &self.model.done, &mut notes).map_err(|fault| *fault)?;
        self.push_line(line);
        self.notes.append(&mut notes);
        Ok(())
    }

    /// Reads a line; nothing is kept of one that can't be read, and why is the error.
    fn read(&mut self, rule: Rule, text: &str, builder: Builder<'_>) -> Result<(), Diagnostic> {
        let pair = parse(rule, text).map_err(|error| builder.placed(fault::fault(rule, text, builder.base, &error)))?;
        let variables = match self.section {
            Section::Given => self.givens.variables(),
            Section::Model => self.model.variables(),
            Section::Head | Section::Tasks | Section::Marking | Section::Variants => Vec::new(),
        };
        let builder = Builder { variables: &variables, ..builder };
        self.build(&builder, pair);
        self.keep(builder);
        Ok(())
    }

    /// Reads a value that is typed as answers are: the rest of the line as it stands.
    fn read_loosely(&mut self, rule: Rule, line: &Put) -> bool {
        let Some((at, _)) = wordings::open_characters(&line.text).find(|(_, character)| *character == '=') else {
            return false;
        };
        let stub = line.with(at + 1, line.text.len(), " 0");
        let Ok(pair) = parse(rule, &stub.text).map(first) else { return false };
        let variables = if rule == Rule::model_line { self.model.variables() } else { self.givens.variables() };
        let builder = Builder { put: Some(line), variables: &variables, ..Builder::new(at + 1, &[]) };
        let Some(value) = loosely(&builder, &line.text[at + 1..]) else { return false };
        let builder = Builder { base: 0, ..builder };
        match pair.as_rule() {
            Rule::Definition => {
                let name = builder.name(&first(pair));
                let span = builder.place(0, line.text.len());
                self.push_line(ModelLine::Definition { name, value, span });
            }
            Rule::Leaves | Rule::PlainLeaves => match given(&builder, pair) {
                Given::Leaves(mut leaves) if leaves.len() == 1 => {
                    leaves.iter_mut().for_each(|leaf| leaf.value = Some(value.clone()));
                    self.push_given(Given::Leaves(leaves));
                }
                _ => return false,
            },
            _ => return false,
        }
        self.keep(builder);
        true
    }

    fn keep(&mut self, builder: Builder<'_>) {
        let Builder { faults, spellings, .. } = builder;
        self.faults.extend(faults.into_inner());
        self.spellings.merge(spellings.into_inner());
    }

    /// Reads the tasks: all names are known by now, and a line may be said in many words.
    fn tasks(&mut self) {
        let known = std::mem::take(&mut self.known);
        for (line, span) in std::mem::take(&mut self.asked) {
            let patient = self.faults.len() <= PATIENCE;
            match if patient { read_task(line, span, &known) } else { one_task(&line, &known) } {
                Ok((task, spellings)) => {
                    self.tasks.push(task);
                    self.spellings.merge(spellings);
                }
                Err(faults) => self.faults.extend(faults),
            }
        }
    }

    fn build(&mut self, builder: &Builder<'_>, line: Pair<'_, Rule>) {
        let pair = first(line);
        if self.section == Section::Marking {
            return self.marking.push(marking(builder, pair));
        }
        if self.section == Section::Variants {
            return self.variants.push(variants(builder, pair));
        }
        match (self.section, pair.as_rule()) {
            (Section::Head, _) => self.head(builder, pair),
            (Section::Given, Rule::Repeat) => {
                let repeat = repeat(builder, pair);
                self.open_repeat(repeat.span, self.givens.open.len(), |reader| reader.givens.open.push(repeat));
            }
            (Section::Given, Rule::End) => self.close_repeat(builder.span(&pair)),
            (Section::Given, _) => self.push_given(given(builder, pair)),
            (_, Rule::Repeat) => {
                let repeat = repeat(builder, pair);
                self.open_repeat(repeat.span, self.model.open.len(), |reader| reader.model.open.push(repeat));
            }
            (_, Rule::End) => self.close_repeat(builder.span(&pair)),
            (_, Rule::Define) => self.functions.push(function(builder, pair)),
            _ => {
                let span = builder.span(&pair);
                let (name, value) = two(&mut pair.into_inner());
                let (name, value) = (builder.name(&name), expression(builder, value));
                self.push_line(ModelLine::Definition { name, value, span });
            }
        }
    }

    fn push_given(&mut self, given: Given) {
        self.known.givens(std::slice::from_ref(&given));
        self.givens.push(given);
    }

    fn push_line(&mut self, line: ModelLine) {
        self.known.model(std::slice::from_ref(&line));
        self.model.push(line);
    }

    fn head(&mut self, builder: &Builder<'_>, pair: Pair<'_, Rule>) {
        let span = builder.span(&pair);
        let rule = pair.as_rule();
        let mut inner = pair.into_inner();
        let mut next = || inner.next().map(|part| (builder.spanned(&part), builder.quoted(&part)));
        let before = match rule {
            Rule::Problem => {
                let id = next().expect("a problem has an id").1;
                let title = next().map(|(_, title)| title);
                self.problem.replace((id, title)).map(|(id, _)| id.span)
            }
            Rule::Points => {
                let points = next().expect("points have a number").0;
                self.points.replace(points).map(|points| points.span)
            }
            _ => {
                let (key, value) = (next().expect("a setting has a key").0, next().expect("a setting has a value").0);
                let before =
                    self.settings.iter().find(|setting| setting.key.value == key.value).map(|setting| setting.key.span);
                self.settings.push(Setting { key, value });
                before
            }
        };
        if let Some(before) = before {
            let fault = Diagnostic::error("E-section", "this is said twice");
            self.faults.push(fault.at(span, "the second").at(before, "the first"));
        }
    }

    fn open_repeat(&mut self, span: Span, open: usize, push: impl FnOnce(&mut Self)) {
        if open >= NESTING {
            let fault = Diagnostic::error("E-depth", format!("repeats are nested more than {NESTING} deep"));
            self.faults.push(fault.at(span, format!("level {}", NESTING + 1)));
        } else {
            push(self);
        }
    }

    fn close_repeat(&mut self, span: Span) {
        let closed = match self.section {
            Section::Given => self.givens.end(span, Given::Repeat),
            _ => self.model.end(span, ModelLine::Repeat),
        };
        if !closed {
            self.faults.push(Diagnostic::error("E-repeat", "`end` ends nothing").at(span, "no `repeat` is open here"));
        }
    }

    /// At the end of a section.
    fn close_repeats(&mut self) {
        let unclosed = |span: Span| {
            Diagnostic::error("E-repeat", "this `repeat` has no `end`")
                .at(span, "begins here")
                .help("close it with a line `end`")
        };
        self.faults.extend(self.givens.open.iter().map(|repeat| unclosed(repeat.span)));
        self.faults.extend(self.model.open.iter().map(|repeat| unclosed(repeat.span)));
        while self.givens.end(Span::default(), Given::Repeat) {}
        while self.model.end(Span::default(), ModelLine::Repeat) {}
    }

    fn finish(mut self) -> Result<Reading<Spec>, Vec<Diagnostic>> {
        self.close_repeats();
        self.tasks();
        if self.problem.is_none() && !self.head_spoiled {
            self.faults.push(
                Diagnostic::error("E-missing", "the file has no line `problem`")
                    .at(Span::new(0, 0), "the file begins here")
                    .help("begin it with `problem \"Q1\" \"a title\"`"),
            );
        }
        if self.tasks.is_empty() && self.faults.is_empty() {
            let end = self.text.trim_end().len();
            let fault = Diagnostic::error("E-missing", "the problem asks nothing")
                .at(Span::new(end, end), "the file ends here");
            self.faults.push(fault.help("end it with a section `tasks`, for example: `compute y`"));
        }
        self.faults.sort_by_key(|fault| fault.labels.first().map_or(0, |label| label.span.start));
        let mut notes = self.spellings.notes();
        notes.append(&mut self.notes);
        let variants_span = self.begun[4].map(|own| {
            let later = self.begun.iter().flatten().map(|other| other.start).filter(|start| *start > own.start);
            Span::new(own.start, later.min().unwrap_or(self.text.len()))
        });
        match self.problem {
            Some((id, title)) if self.faults.is_empty() => Ok(Reading {
                value: Spec {
                    id,
                    title,
                    points: self.points,
                    wording: self.wording,
                    settings: self.settings,
                    givens: self.givens.done,
                    model: self.model.done,
                    functions: self.functions,
                    tasks: self.tasks,
                    marking: self.marking,
                    variants: self.variants,
                    variants_span,
                },
                notes,
            }),
            _ => Err(bounded(self.faults)),
        }
    }
}

/// A line of the section `tasks`, as it stands or in other words.
fn read_task(line: Put, span: Span, known: &Known) -> Result<(Task, Spellings), Vec<Diagnostic>> {
    // `compute f at a = 1 (2 points)` has no factor `points`.
    let in_brackets = ["points)", "point)", "pts)", "marks)"].iter().any(|end| line.text.trim_end().ends_with(end));
    let line = match in_brackets {
        true => {
            let asked = wordings::asked(&line);
            asked.with_points(asked.words.clone())
        }
        false => line,
    };
    let direct = one_task(&line, known);
    if line.text.len() > wordings::LONGEST {
        return direct;
    }
    let speaks = wordings::speaks(&line, known);
    // What is the language's own but has something wrong in it is told as such.
    let begins = || keywords::misplaced(Rule::task_line, &line.text, 0).is_none();
    let is_read = |faults: &Vec<Diagnostic>| begins() && faults.iter().all(|fault| fault.code != "E-syntax");
    if !speaks && direct.as_ref().map_or_else(is_read, |_| true) {
        return direct;
    }
    let asked = wordings::asked(&line);
    let plain = (!speaks).then(|| Meant::Line(asked.words.clone()));
    let mut best = None;
    for meant in plain.into_iter().chain(wordings::tasks(&asked, known)) {
        let put = match meant {
            Meant::Line(put) => asked.with_points(put),
            Meant::Told { why, lines } => return Err(vec![wordings::told("E-task", span, &why, &lines)]),
        };
        match one_task(&put, known) {
            Ok(read) => return Ok(read),
            Err(faults) => best = best.or((put.text != asked.with_points(asked.words.clone()).text).then_some(faults)),
        }
    }
    direct.map_err(|faults| best.unwrap_or_else(|| wordings::unknown(faults, &asked.words, known)))
}

/// A line of the section `tasks` that is the language's own.
fn one_task(line: &Put, known: &Known) -> Result<(Task, Spellings), Vec<Diagnostic>> {
    let line = wordings::gradients(line, known);
    let (text, own) = (line.text.as_str(), Builder { put: Some(&line), ..Builder::new(0, &[]) });
    let read = match question(&own, text, FORMS) {
        Some(read) => read,
        None => {
            let fault = match parse(Rule::task_line, text) {
                Ok(_) => keywords::no_task(text, own.base),
                Err(error) => fault::fault(Rule::task_line, text, own.base, &error),
            };
            return Err(vec![own.placed(fault)]);
        }
    };
    let Builder { faults, spellings, .. } = own;
    match (read, faults.into_inner()) {
        (Some(task), faults) if faults.is_empty() => Ok((task, spellings.into_inner())),
        (_, faults) => Err(faults),
    }
}

/// The first of too many errors, and a last one that says so.
fn bounded(mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if faults.len() > DIAGNOSTICS {
        faults.truncate(DIAGNOSTICS);
        let last = faults.last().and_then(|fault| fault.labels.first()).map_or(Span::default(), |label| label.span);
        let end = Diagnostic::error("E-size", format!("more than {DIAGNOSTICS} errors: the rest is not read"));
        faults.push(end.at(last, "the last one told"));
    }
    faults
}

fn function(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Function {
    let mut inner = pair.into_inner();
    let name = inner.next().map(|name| builder.name(&name)).expect("a function has a name");
    let mut parameters = Vec::new();
    let mut body = None;
    for part in inner {
        match part.as_rule() {
            Rule::Parameter => {
                let mut parts = part.into_inner();
                let name = parts.next().map(|name| builder.name(&name)).expect("a parameter has a name");
                let default = parts.next().map(|default| default.as_str().to_string());
                parameters.push(Parameter { name, default });
            }
            _ => body = Some(expression(builder, part)),
        }
    }
    Function { name, parameters, body: body.expect("a function has a body") }
}

fn repeat<L>(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Repeat<L> {
    let span = builder.span(&pair);
    let mut inner = pair.into_inner();
    let variable = inner.next().map(|variable| builder.word(&variable)).expect("a repeat has a variable");
    let (from, to) = two(&mut inner);
    let bound = |pair: Pair<'_, Rule>| -> Spanned<DimExpr> {
        let span = builder.span(&pair);
        Spanned { value: dim_expr(builder, pair), span }
    };
    Repeat { variable, from: bound(from), to: bound(to), body: Vec::new(), span }
}

/// A wording without the file's line endings, its outer blank lines and its common indentation.
fn dedented(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = unified.split('\n').map(str::trim_end).collect();
    lines[0] = lines[0].trim_start();
    let blanks = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let indentation = lines.iter().skip(1).filter(|line| !line.is_empty()).map(blanks).min().unwrap_or(0);
    let cut: Vec<&str> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { line } else { line.get(indentation..).unwrap_or("") })
        .collect();
    cut.join("\n").trim_matches('\n').to_owned()
}
