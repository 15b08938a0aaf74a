//! Gathers the answers of one student. All targets are read first, so that a name may be used above the line that
//! gives it its value.

use super::assignment::{assignment, changes, is_frame, is_loop, several};
use super::listed::{is_list, is_shape, listed};
use super::order::in_order;
use super::part::{self, Parts, Reading};
use super::prose::Heading;
use crate::diagnostic::Diagnostic;
use crate::limits::{SUBMISSION_ANSWERS, SUBMISSION_UNREADABLE};
use crate::span::Span;
use crate::syntax::answer::shortened;
use crate::syntax::answers::{PlainEntry, is_python, plain_line, plain_value};
use crate::syntax::ast::{
    Answer, AnswerSheet, AnswerTarget, AnswerValue, Expr, ExprKind, ExprNode, Name, Sign, TargetKind, UnreadableAnswer,
};
use crate::syntax::build::Spellings;
use crate::syntax::latex::{self, Macros, Statement};
use crate::syntax::lines::{Content, Line};
use crate::syntax::split::split_names;
use crate::syntax::vocabulary::{Sense, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};

/// An answer whose value waits until all names are known.
enum Waiting {
    Plain(Box<Answer>),
    Latex {
        statement: Statement,
        source: String,
    },
    /// A value for a target of its own, a cell of a table, that begins at `base` of its text.
    Value {
        target: Box<AnswerTarget>,
        text: String,
        base: usize,
    },
}

pub struct Collector {
    vocabulary: Vocabulary,
    /// The names to which each part gives values: another problem's names mean nothing in ours.
    own: BTreeMap<usize, Vec<Name>>,
    /// Each with the part of the file in which it stands.
    waiting: Vec<(usize, Waiting)>,
    spellings: Spellings,
    sheet: AnswerSheet,
    /// The part of each line that can't be read.
    unread_in: Vec<usize>,
    parts: Parts,
    /// Unreadable lines that answer nothing we know of, and are not listed.
    unlisted: usize,
    /// Whether the lines are MATLAB's, whose `sum(A)` is over the examples.
    pub matlab: bool,
    /// Names that code changes in a way that is not read: what they hold is not known.
    changed: BTreeSet<String>,
    /// Whether the last formula is the last of those that wait, so that `= …` in the next one goes on with it.
    goes_on: bool,
}

/// What is done with lines that can't be read.
#[derive(Clone, Copy, PartialEq)]
pub enum Strictness {
    /// Every line is meant as an answer.
    Answers,
    /// Prose stands between the answers: what is no answer is passed over.
    Prose,
}

impl Collector {
    pub fn new(vocabulary: &Vocabulary) -> Collector {
        let vocabulary = vocabulary.clone();
        Collector {
            vocabulary,
            own: BTreeMap::new(),
            waiting: Vec::new(),
            spellings: Spellings::default(),
            sheet: AnswerSheet::default(),
            unread_in: Vec::new(),
            parts: Parts::default(),
            unlisted: 0,
            matlab: false,
            changed: BTreeSet::new(),
            goes_on: false,
        }
    }

    /// From here on another part of the file is read.
    pub fn part(&mut self, heading: part::Heading) {
        self.goes_on = false;
        self.parts.enter(heading);
    }

    /// The parts that lie as deep or deeper end here.
    pub fn leave(&mut self, depth: usize) {
        self.parts.leave(depth);
    }

    /// What stands in code is Python's.
    pub fn python(&mut self) {
        self.sheet.python = true;
    }

    pub fn student(&mut self, name: &str) {
        let name = name.trim();
        if !name.is_empty() {
            self.sheet.student = Some(name.to_owned());
        }
    }

    /// What stands at the head of a sheet.
    pub fn heading(&mut self, heading: Heading<'_>) {
        match heading {
            Heading::Name(name) => self.student(name),
            Heading::Number(number) => self.sheet.number = Some(number.to_owned()).filter(|number| !number.is_empty()),
            Heading::Other => {}
        }
    }

    pub fn unreadable(&mut self, target: Option<AnswerTarget>, fault: Diagnostic, text: &str, span: Span) {
        let (diagnostics, source) = (vec![fault], shortened(text));
        self.list(self.parts.current(), UnreadableAnswer { target, diagnostics, source, span });
    }

    /// Lists an unreadable line of a part; of those that answer nothing we know of, the first ones.
    fn list(&mut self, part: usize, line: UnreadableAnswer) {
        let most = if line.target.is_some() { SUBMISSION_ANSWERS } else { SUBMISSION_UNREADABLE };
        if self.sheet.unreadable.len() < most {
            self.sheet.unreadable.push(line);
            self.unread_in.push(part);
        } else if line.diagnostics.iter().any(Diagnostic::is_error) {
            self.unlisted += 1;
        }
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// A line of plain answers; `written` is the whole text as the student wrote it.
    pub fn plain(&mut self, code: &str, written: &str, line: &Line, strictness: Strictness) {
        if is_frame(code) {
            return;
        }
        if is_loop(code) {
            let message = "loops are not run: write what they add up as a sum or a product of matrices";
            let fault = Diagnostic::error("E-syntax", message).at(line.span, "here");
            if strictness == Strictness::Answers {
                self.unreadable(None, fault, code, line.span);
            }
            return;
        }
        let assignments = several(code);
        if !assignments.is_empty() {
            return assignments.iter().for_each(|one| self.plain(one, written, line, strictness));
        }
        if let Some((target, value)) = listed(code, &self.vocabulary) {
            return self.value(target, value, line.span.start + code.find(value).unwrap_or(0));
        }
        if let Some(plain) = assignment(code, &self.vocabulary) {
            let rewritten = Line { content: Content::Code, span: line.span, fault: line.fault.clone() };
            return self.plain_line(&plain, written, &rewritten, strictness);
        }
        self.plain_line(code, written, line, strictness);
    }

    fn plain_line(&mut self, code: &str, written: &str, line: &Line, strictness: Strictness) {
        let source = || shortened(undecorated(written.get(line.span.start..line.span.end).unwrap_or("")));
        match plain_line(code, line, &mut self.spellings) {
            Ok(PlainEntry::Student(name)) => self.student(&name),
            Ok(PlainEntry::Answer(mut answer)) => {
                answer.source = source();
                if let (true, AnswerValue::Expression(expr)) = (self.matlab, &mut answer.value) {
                    expr.nodes.iter_mut().for_each(over_examples);
                }
                self.sheet.python |= is_python(code);
                self.wait(Waiting::Plain(answer));
            }
            Err(unreadable) if self.last_member(code, unreadable.target.as_ref()) => {}
            Err(mut unreadable) => {
                unreadable.source = source();
                let whole = assigned(code, line.span);
                unreadable.target = match whole {
                    Some(whole) if (self.sheet.python || self.matlab) && changes(code) => {
                        self.changed.insert(whole.name.key());
                        Some(whole)
                    }
                    whole => unreadable.target.or(whole),
                };
                let known = |target: &AnswerTarget| self.vocabulary.resolve(&target.name.key()).is_some();
                // In prose only what begins with a known name and a sign of equality is meant as an answer.
                let meant = strictness == Strictness::Answers || unreadable.target.as_ref().is_some_and(known);
                match meant || !code.contains('=') {
                    true if meant => self.list(self.parts.current(), *unreadable),
                    true => {}
                    false => self.unreadable(None, no_answer(line.span), &unreadable.source, line.span),
                }
            }
        }
    }

    /// Reads the last member of a chain whose others are in a student's own words; gives whether that is possible.
    fn last_member(&mut self, code: &str, target: Option<&AnswerTarget>) -> bool {
        let (Some(target), Some((before, last))) = (target, code.rsplit_once('=')) else { return false };
        // `… at a = 8` says where.
        let named = before.split_whitespace().next_back().is_none_or(|word| word.starts_with(char::is_alphabetic));
        if named || !before.contains('=') || before.ends_with(['=', '<', '>', '!', ':']) {
            return false;
        }
        let last = last.trim();
        let read = plain_value(last, target.clone(), &mut Spellings::default()).is_ok();
        if read {
            self.value(target.clone(), last, 0);
        }
        read
    }

    /// The answers in a piece of mathematics that stands at `base` of `text`.
    pub fn latex(&mut self, text: &str, span: Span, macros: &Macros, strictness: Strictness) {
        let piece = &text[span.start..span.end];
        if self.continues(piece, span, macros) {
            return;
        }
        self.goes_on &= !piece.contains('=');
        let found = match latex::statements(piece, span.start, macros) {
            Ok(found) => found,
            Err(fault) => return self.unreadable(None, *fault, piece, span),
        };
        let comment = piece.trim_start().starts_with('%');
        if found.is_empty() && strictness == Strictness::Answers && !comment {
            let fault = Diagnostic::error("E-latex", "there is no answer here").at(span, "no sign of equality");
            return self.unreadable(None, fault.help("for example `dW_2 = Z^\\top (Y - X)`"), piece, span);
        }
        if found.is_empty() && self.lacks_equality(piece, span.start, macros) {
            let fault = Diagnostic::error("E-latex", "a derivative, and no value").at(span, "no sign of equality");
            return self.unreadable(None, fault.help("for example `\\nabla_w L = X^\\top (p - y)`"), piece, span);
        }
        for statement in found {
            // Only now is it known how much of the text belongs to it.
            let source = text[statement.span.start..statement.span.end].to_owned();
            match self.target(&statement) {
                Ok(target) => {
                    self.learn(&target);
                    self.wait(Waiting::Latex { statement, source });
                    self.goes_on = true;
                }
                // In prose an equation that gives no name a value is a step of reasoning, unless it may be an answer.
                Err(_)
                    if strictness == Strictness::Prose && !is_unknown(&statement) && !self.may_answer(&statement) =>
                {
                    self.unreadable(None, no_answer(statement.span), &source, statement.span);
                }
                Err(fault) => self.unreadable(None, *fault, &source, statement.span),
            }
        }
    }

    /// Whether a head that can't be read is a derivative by something that is asked about.
    fn may_answer(&self, statement: &Statement) -> bool {
        let derived = latex::is_derivative(&statement.head);
        let names = latex::letters(&statement.head);
        derived
            && self.vocabulary.asked().any(|(_, asked)| {
                asked.strip_prefix('d').is_some_and(|name| names.contains(&crate::syntax::names::key(name)))
            })
    }

    /// Whether a formula that begins with a sign of equality goes on with the chain of the one before; the sign of one that
    /// nobody reads is no answer.
    fn continues(&mut self, piece: &str, span: Span, macros: &Macros) -> bool {
        let Some(rest) = piece.trim_start_matches([' ', '\n', '\t', '\r', '&']).strip_prefix('=') else { return false };
        let begins = span.end - rest.len();
        let (true, Ok(Some(more))) = (self.goes_on, latex::given("x", rest, begins, macros)) else { return false };
        let Some((part, Waiting::Latex { statement, source })) = self.waiting.last_mut() else { return false };
        let same = *part == self.parts.current();
        if same {
            statement.members.extend(more.members);
            statement.span = statement.span.to(span);
            source.push_str(&format!(" {}", piece.trim()));
        }
        same
    }

    /// Whether a formula without a relation is more than the derivative that it begins with: its sign was forgotten.
    fn lacks_equality(&self, piece: &str, base: usize, macros: &Macros) -> bool {
        let begins = piece.trim_start().starts_with("\\nabla") && piece.contains("\\frac");
        let whole = if begins { latex::given(piece, "0", base, macros) } else { Ok(None) };
        whole.is_ok_and(|whole| whole.is_some_and(|whole| self.may_answer(&whole)))
    }

    /// A formula whose target stands in the words before it.
    pub fn formula(&mut self, head: &str, text: &str, span: Span, macros: &Macros) {
        let piece = &text[span.start..span.end];
        match latex::given(head, piece, span.start, macros) {
            Ok(Some(statement)) => {
                if let Ok(target) = self.target(&statement) {
                    self.learn(&target);
                    self.wait(Waiting::Latex { statement, source: piece.to_owned() });
                }
            }
            Ok(None) => {}
            Err(fault) => self.unreadable(None, *fault, piece, span),
        }
    }

    /// What a statement gives a value to. `\delta W` is a gradient there even for who has a `\delta`.
    fn target(&self, statement: &Statement) -> Result<AnswerTarget, Box<Diagnostic>> {
        latex::target(statement, &self.vocabulary)
            .or_else(|fault| latex::target(statement, &self.vocabulary.without_own()).map_err(|_| fault))
    }

    /// A value whose target is known, and which begins at `base`.
    pub fn value(&mut self, target: AnswerTarget, text: &str, base: usize) {
        self.learn(&target);
        self.wait(Waiting::Value { target: Box::new(target), text: text.to_owned(), base });
    }

    fn wait(&mut self, waiting: Waiting) {
        self.goes_on = false;
        if let Waiting::Plain(answer) = &waiting {
            let target = answer.target.clone();
            self.learn(&target);
        }
        if self.waiting.len() < SUBMISSION_ANSWERS {
            self.waiting.push((self.parts.current(), waiting));
        } else if self.waiting.len() == SUBMISSION_ANSWERS
            && self.sheet.unreadable.last().is_none_or(|last| last.diagnostics[0].code != "E-size")
        {
            let fault = Diagnostic::error("E-size", format!("a submission may have {SUBMISSION_ANSWERS} answers"));
            self.unreadable(None, fault, "", Span::default());
        }
    }

    fn learn(&mut self, target: &AnswerTarget) {
        // `g(z)` of a `z` that nobody knows is a function, and no value.
        let unknown = |argument: &Expr| match argument.nodes.as_slice() {
            [ExprNode { kind: ExprKind::Name(name), .. }] => self.vocabulary.resolve(&name.key()).is_none(),
            _ => false,
        };
        if target.arguments.iter().any(unknown) {
            return;
        }
        if target.kind == TargetKind::Plain
            && target.entry.is_empty()
            && self.vocabulary.operator(&target.name.text).is_none()
        {
            let stem = stem_of_entry(&target.name.text).filter(|stem| self.vocabulary.resolve(stem).is_none());
            let name = Name { text: stem.unwrap_or(&target.name.text).to_owned(), ..target.name.clone() };
            self.vocabulary.learn(&name);
            self.own.entry(self.parts.problem(self.parts.current())).or_default().push(name);
        }
    }

    /// The sheet, with all values read.
    pub fn sheet(mut self) -> AnswerSheet {
        let mut ordered = Vec::new();
        let mut answers = Vec::new();
        let mut problem = None;
        let mut by_name = Vec::new();
        for (part, waiting) in std::mem::take(&mut self.waiting) {
            if problem != Some(self.parts.problem(part)) {
                problem = Some(self.parts.problem(part));
                self.vocabulary = self.names_in(self.parts.problem(part));
            }
            let mut notes = Vec::new();
            let in_code = matches!(waiting, Waiting::Plain(_));
            let mut differentiated = None;
            let (read, target, source) = match waiting {
                Waiting::Plain(answer) => {
                    let (target, source, span) = (answer.target.clone(), answer.source.clone(), answer.span);
                    (self.split(*answer), Some(target), (source, span))
                }
                Waiting::Latex { statement, source } => {
                    differentiated = latex::differentiated(&statement.head);
                    let target = self.target(&statement).ok();
                    let read = latex::answer(&statement, &source, &self.vocabulary, &mut notes);
                    let read = read.map(|answer| Answer { source: shortened(&source), ..answer });
                    (read.map_err(|fault| vec![*fault]), target, (source, statement.span))
                }
                Waiting::Value { target, text, base } => {
                    let span = Span::new(base, base + text.len());
                    (self.cell((*target).clone(), &text, base, &mut notes), Some(*target), (text, span))
                }
            };
            self.sheet.notes.append(&mut notes);
            let of = differentiated.or_else(|| target.as_ref().and_then(|target| target.of.as_ref()).map(Name::key));
            let target = target.map(|target| self.settled(target));
            match read {
                Ok(answer) if in_code && self.changed.contains(&answer.target.name.key()) => {
                    let fault = Diagnostic::error("E-syntax", "this is changed by a line that can't be read");
                    let (source, span) = (answer.source, answer.span);
                    let diagnostics = vec![fault.at(span, "here")];
                    self.list(part, UnreadableAnswer { target, diagnostics, source, span });
                }
                Ok(answer) => {
                    by_name.push(of);
                    let target = self.settled(answer.target);
                    ordered.push(in_code);
                    answers.push((part, Answer { target, ..answer }));
                }
                Err(diagnostics) => {
                    let (source, span) = source;
                    let source = shortened(&source);
                    self.list(part, UnreadableAnswer { target, diagnostics, source, span });
                }
            }
        }
        let known = |name: &str| self.vocabulary.resolve_model(name).is_some() || self.vocabulary.is_asked(name);
        in_order(&mut answers, &ordered, |name| !known(name));
        self.leave_other_losses(&mut answers, &by_name);
        let unread = std::mem::take(&mut self.sheet.unreadable).into_iter().zip(std::mem::take(&mut self.unread_in));
        let unread = unread.map(|(line, part)| (part, line)).collect();
        let mut readings = self.parts.readings(answers, unread, &self.vocabulary).into_iter();
        if let Some(Reading { answers, unreadable }) = readings.next() {
            (self.sheet.answers, self.sheet.unreadable) = (answers, unreadable);
        }
        self.sheet.notes.extend(std::mem::take(&mut self.spellings).notes());
        let python = self.sheet.python;
        let others = readings.map(|Reading { answers, unreadable }| AnswerSheet {
            answers,
            unreadable,
            python,
            ..AnswerSheet::default()
        });
        self.sheet.readings = others.collect();
        if let (1.., Some(last)) = (self.unlisted, self.sheet.unreadable.last()) {
            let more = format!("{} more lines can't be read", self.unlisted);
            let fault = Diagnostic::error("E-size", more).at(last.span, "after this one");
            let limit = format!("{SUBMISSION_UNREADABLE} unreadable lines of a submission are listed");
            let (diagnostics, span) = (vec![fault.help(limit)], last.span);
            self.sheet.unreadable.push(UnreadableAnswer { target: None, diagnostics, source: String::new(), span });
        }
        self.sheet
    }

    /// Where gradients are given of the loss by its name, those of another are of another problem: `∂J/∂w` beside
    /// `∂CE/∂w`. `named` is what each was said to be of.
    fn leave_other_losses(&mut self, answers: &mut Vec<(usize, Answer)>, named: &[Option<String>]) {
        let names = |place: usize, answer: &Answer| {
            let of = answer.target.of.as_ref().map(Name::key)?;
            let name = named.get(place).cloned().flatten()?;
            // `\ell` is an `l`.
            let name = if of.starts_with("ell") { name } else { name.replacen("ell", "l", 1) };
            Some((of, name))
        };
        let exact: BTreeSet<String> = answers
            .iter()
            .enumerate()
            .filter(|(place, (_, answer))| names(*place, answer).is_some_and(|(of, name)| of == name))
            .map(|(_, (_, answer))| answer.target.name.key())
            .collect();
        if exact.is_empty() {
            return;
        }
        // Whether the name may be the loss's: `J_s` of `J`, and `J^{(t)}` of one example where `J` itself is not
        // differentiated by the same.
        let own = |place: usize, answer: &Answer| {
            let (of, name) = names(place, answer)?;
            let example =
                of.strip_prefix(&name).is_some_and(|rest| rest.len() == 1 && rest.starts_with(char::is_lowercase));
            Some(name.starts_with(&of) || example && !exact.contains(&answer.target.name.key()))
        };
        let mut place = 0;
        let mut left = Vec::new();
        answers.retain(|(part, answer)| {
            let other = own(place, answer) == Some(false);
            place += 1;
            if other {
                left.push((*part, answer.span, answer.source.clone()));
            }
            !other
        });
        for (part, span, source) in left {
            let fault = Diagnostic::note("N-aside", "this is the gradient of another loss").at(span, "here");
            self.list(part, UnreadableAnswer { target: None, diagnostics: vec![fault], source, span });
        }
    }

    /// The names of the model and those of a problem of the file, and of what stands before its problems.
    fn names_in(&self, problem: usize) -> Vocabulary {
        let mut vocabulary = self.vocabulary.without_own();
        let parts: BTreeSet<usize> = BTreeSet::from([0, problem]);
        for name in parts.iter().filter_map(|part| self.own.get(part)).flatten() {
            vocabulary.learn(name);
        }
        vocabulary
    }

    /// A target in the model's own words: `Wnew` is the updated `W`, `L(w)` is `L`, `dL/dW` of the only loss under
    /// another name is of that loss.
    fn settled(&self, mut target: AnswerTarget) -> AnswerTarget {
        if target.kind == TargetKind::Plain
            && let Some(updated) = latex::updated(&target.name, |key| self.vocabulary.is_model_value(key))
        {
            return updated;
        }
        let bare = |argument: &Expr| matches!(argument.nodes.as_slice(), [ExprNode { kind: ExprKind::Name(_), .. }]);
        // `g(z)` of a `z` that nobody knows defines a function.
        let unknown = |argument: &Expr| match argument.nodes.as_slice() {
            [ExprNode { kind: ExprKind::Name(name), .. }] => self.vocabulary.resolve(&name.key()).is_none(),
            _ => false,
        };
        let function = target.arguments.len() == 1 && target.arguments.iter().all(unknown);
        let function = function && self.vocabulary.resolve_model(&target.name.key()).is_none();
        target.arguments.retain(|argument| function || !bare(argument));
        target = latex::of_our_loss(target, &self.vocabulary);
        // `δW2 = …`
        let key = target.name.key();
        if let (true, Some((name, Sense::Gradient))) = (target.kind == TargetKind::Plain, self.vocabulary.resolve(&key))
        {
            target.name.text = name;
        }
        target
    }

    fn cell(
        &mut self,
        mut target: AnswerTarget,
        text: &str,
        base: usize,
        notes: &mut Vec<Diagnostic>,
    ) -> Result<Answer, Vec<Diagnostic>> {
        let plain = target.kind == TargetKind::Plain && self.vocabulary.is_list(&target.name.key());
        if plain && is_shape(text, &self.vocabulary) {
            target.kind = TargetKind::Shape;
        }
        if is_latex(text) {
            return latex::value(text, base, target, &self.vocabulary, notes).map_err(|fault| vec![*fault]);
        }
        let placed = |answer: Answer| Answer { span: Span::new(base, base + text.len()), ..answer };
        let moved = |faults: Vec<Diagnostic>| faults.into_iter().map(|fault| moved(fault, base)).collect::<Vec<_>>();
        let tuple = text.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        if let Some(entries) = tuple.or(Some(text)).filter(|text| plain && is_list(text)) {
            let mut answer = plain_value(&format!("[{entries}]"), target, &mut self.spellings).map_err(moved)?;
            if let AnswerValue::Expression(Expr { nodes }) = &mut answer.value {
                nodes.iter_mut().next_back().into_iter().for_each(|root| root.written.sign = Sign::Comma);
            }
            return self.split(placed(Answer { source: shortened(text), ..answer }));
        }
        let answer = plain_value(text, target, &mut self.spellings).map_err(moved)?;
        self.split(answer).map(placed).map_err(moved)
    }

    /// Names that stand together are told apart.
    fn split(&mut self, mut answer: Answer) -> Result<Answer, Vec<Diagnostic>> {
        let indices: Vec<String> = answer.target.entry.iter().map(|index| index.value.clone()).collect();
        let mut split = |value: AnswerValue| match value {
            AnswerValue::Expression(expr) => {
                let read = split_names(&expr, &self.vocabulary, &indices).map_err(|fault| vec![fault])?;
                self.sheet.notes.extend(read.notes);
                Ok::<_, Vec<Diagnostic>>(AnswerValue::Expression(read.value))
            }
            AnswerValue::Shape(sides) => Ok(AnswerValue::Shape(sides)),
        };
        let earlier = std::mem::take(&mut answer.earlier);
        // What leads to the answer may be in any words; the last member is the answer.
        answer.earlier = earlier.into_iter().filter_map(|value| split(value).ok()).collect();
        answer.value = split(answer.value)?;
        Ok(answer)
    }
}

/// A sum of MATLAB's that names no side.
fn over_examples(node: &mut ExprNode) {
    if let ExprKind::Call { callee, arguments, options } = &node.kind
        && callee.text == "sum"
        && arguments.len() == 1
        && options.is_empty()
    {
        node.written.sign = Sign::Sigma;
    }
}

/// `p` of `p_i`, `H` of `H_i_j`: what is given entry by entry.
fn stem_of_entry(text: &str) -> Option<&str> {
    const LETTERS: &str = "ijkl";
    let (stem, letters) = text.split_once('_')?;
    let mut parts = letters.split('_');
    let is_index = |part: &str| part.len() == 1 && LETTERS.contains(part);
    (!stem.is_empty() && letters.len() < 4 && parts.all(is_index)).then_some(stem)
}

/// A diagnostic of a text that begins at `base`.
fn moved(mut fault: Diagnostic, base: usize) -> Diagnostic {
    for label in &mut fault.labels {
        label.span = Span::new(label.span.start + base, label.span.end + base);
    }
    fault
}

/// What is said of an equation in prose that gives no name a value.
fn no_answer(span: Span) -> Diagnostic {
    Diagnostic::note("N-aside", "this equation names nothing that is asked").at(span, "here")
}

/// Whether what an equation gives a value to is written with a command that nobody knows.
fn is_unknown(statement: &Statement) -> bool {
    statement.head.iter().any(latex::is_unknown)
}

/// The name to which a line of code that can't be read gives a value: `dZ` of `dZ[mask] = …`.
fn assigned(code: &str, span: Span) -> Option<AnswerTarget> {
    let length = code.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    let rest = code[length..].trim_start();
    let sign = rest.starts_with(['=', '[', '(']) || rest.get(1..2) == Some("=");
    let name =
        Some(&code[..length]).filter(|name| sign && name.starts_with(char::is_alphabetic) && code.contains('='))?;
    Some(AnswerTarget::plain(Name { text: name.to_owned(), index: None, span }))
}

/// A line as it is quoted back: without the marks of a list and of stress.
fn undecorated(line: &str) -> &str {
    let line = line.trim();
    let line = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    line.trim_start_matches(['*', '`', ' '])
}

/// Whether a text is mathematics in LaTeX rather than a plain answer.
pub fn is_latex(text: &str) -> bool {
    let command = |at: usize| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || "{}|,;!\\[(".contains(c));
    text.contains('$') || text.match_indices('\\').any(|(at, _)| command(at))
}
