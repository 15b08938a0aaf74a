//! A submission sorted: which of its lines answers which question, and which are the student's own names.

use super::key::Key;
use super::meant::{Meant, meant, unknown_name};
use super::question::Question;
use crate::answer::Subject;
use crate::diagnostic::Diagnostic;
use crate::graph::SymbolName;
use crate::model::Point;
use crate::number::Number;
use crate::syntax::ast::{
    Answer, AnswerSheet, AnswerTarget, AnswerValue, Expr, ExprKind, Name, TargetKind, UnreadableAnswer,
};
use crate::syntax::latex::HESSIAN;
use crate::syntax::names;
use crate::tensor::Tensor;
use std::collections::{BTreeMap, BTreeSet};

/// What stands on a sheet.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    /// One for each question.
    pub given: Vec<Given<'a>>,
    /// Every value that a name is given, by the name's key: answers, earlier values, names of the student's own. Of several
    /// the last counts.
    pub named: BTreeMap<String, &'a Answer>,
    /// All lines that give a name a value, in order: `dZ = dZ .* M` speaks of the line before.
    pub lines: BTreeMap<String, Vec<&'a Answer>>,
    /// Names that are given a value only where it can't be read.
    pub lost: BTreeSet<String>,
    /// Lines that can't be read and answer no question.
    pub unread: Vec<&'a UnreadableAnswer>,
    /// For each question that is answered under a name that the problem lacks, the reason why it may be another's.
    pub guessed: BTreeMap<usize, Diagnostic>,
    /// Lines that were read and answer nothing.
    pub aside: Vec<Aside<'a>>,
}

/// A line that was read and answers nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aside<'a> {
    pub answer: &'a Answer,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Why {
    /// Nobody asked for it; an answer may use it.
    Unasked,
    /// The problem gives the value itself.
    Given,
    /// A gradient is set to 0.
    Condition,
}

impl<'a> Sheet<'a> {
    /// The name that a line gives a value, and its place among the lines that do so.
    pub fn line(&self, answer: &Answer) -> Option<(&str, usize)> {
        self.lines.iter().find_map(|(name, lines)| {
            let place = lines.iter().position(|line| std::ptr::eq(*line, answer))?;
            Some((name.as_str(), place))
        })
    }

    /// The parameter and the body of a function of the student's own: `g(z) = …`.
    pub fn function(&self, own: &str) -> Option<(&'a Name, &'a Expr)> {
        let lines = self.aside.iter().rev().map(|aside| aside.answer);
        lines.filter(|answer| answer.target.name.key() == own).find_map(|answer| {
            let [argument] = answer.target.arguments.as_slice() else { return None };
            match &argument.node(argument.root()).kind {
                ExprKind::Name(parameter) => Some((parameter, as_expression(&answer.value)?)),
                _ => None,
            }
        })
    }

    /// What a name of the student's own is entry by entry, `p_i = …`, or by sums, `S = \sum_k …`: the letters of its entries,
    /// and the expression.
    pub fn general(&self, own: &str) -> Option<(Vec<String>, &'a Expr)> {
        let lines = self.aside.iter().rev().filter(|aside| aside.why == Why::Unasked);
        lines.map(|aside| aside.answer).find_map(|answer| {
            let target = &answer.target;
            let expr = as_expression(&answer.value).filter(|_| target.kind == TargetKind::Plain)?;
            let entry: Vec<String> = target.entry.iter().map(|letter| letter.value.clone()).collect();
            if target.name.key() == own {
                let summed = expr.nodes.iter().any(|node| matches!(node.kind, ExprKind::Sum { .. }));
                return (summed || !entry.is_empty()).then_some((entry, expr));
            }
            let (stem, letter) = target.name.text.rsplit_once('_').filter(|_| entry.is_empty())?;
            let single = letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase());
            (single && names::key(stem) == own).then(|| (vec![letter.to_string()], expr))
        })
    }

    /// The sheet with some of its names only, and nothing asked.
    pub fn restricted(&self, to: impl Fn(&str) -> bool) -> Sheet<'a> {
        let lines = self.lines.iter().filter(|(name, _)| to(name)).map(|(name, lines)| (name.clone(), lines.clone()));
        let named = self.named.iter().filter(|(name, _)| to(name)).map(|(name, answer)| (name.clone(), *answer));
        let (lines, named) = (lines.collect(), named.collect());
        let (given, unread, aside) = (Vec::new(), Vec::new(), Vec::new());
        Sheet { given, named, lines, lost: BTreeSet::new(), unread, guessed: BTreeMap::new(), aside }
    }
}

/// What a sheet says to one question.
#[derive(Debug)]
pub(super) enum Given<'a> {
    Missing,
    Unreadable(&'a UnreadableAnswer),
    /// The last answer, and how many there are.
    Whole(&'a Answer, usize),
    /// Answers to single entries, by their index from 0.
    Entries(Vec<(Vec<usize>, &'a Answer)>),
}

impl Given<'_> {
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Given::Missing)
    }
}

/// Sorts a sheet. `constant` is the value of an expression without names.
pub(super) fn sort<'a>(
    key: &Key,
    sheet: &'a AnswerSheet,
    constant: &mut impl FnMut(&Expr) -> Option<Tensor<Number>>,
) -> Sheet<'a> {
    let mut sorted = Sheet {
        given: key.questions.iter().map(|_| Given::Missing).collect(),
        named: BTreeMap::new(),
        lines: BTreeMap::new(),
        lost: BTreeSet::new(),
        unread: Vec::new(),
        guessed: BTreeMap::new(),
        aside: Vec::new(),
    };
    let mut unplaced = Vec::new();
    for answer in &sheet.answers {
        let target = &answer.target;
        let place = place(key, target, &sorted.given, constant);
        if place.is_some_and(|place| is_condition(&key.questions[place], answer)) {
            sorted.aside.push(Aside { answer, why: Why::Condition });
            continue;
        }
        match place {
            Some(place) => take(&mut sorted.given[place], &key.questions[place], answer),
            None => unplaced.push(answer),
        }
        let updates = place.is_some_and(|place| key.questions[place].kind == TargetKind::Update);
        let whole = target.entry.is_empty() && target.at.is_empty() && target.arguments.is_empty();
        if target.kind == TargetKind::Plain && whole && !updates && is_of_loss(key, target) {
            let name = canonical(key, &target.name);
            match place.is_some() || is_own(key, &name, answer) {
                true => {
                    sorted.lines.entry(name.clone()).or_default().push(answer);
                    sorted.named.insert(name, answer);
                }
                false => sorted.aside.push(Aside { answer, why: Why::Given }),
            }
        }
    }
    let mut told = BTreeSet::new();
    for answer in &unplaced {
        let mut used = false;
        for target in targets_within(answer) {
            if let Some(place) =
                place(key, &target, &sorted.given, constant).filter(|at| sorted.given[*at].is_missing())
            {
                take(&mut sorted.given[place], &key.questions[place], answer);
                used = true;
            }
        }
        let meant = meant(key, &answer.target, &sorted.given, &told).filter(|_| !used);
        // A guess takes nothing back.
        let counts = |meant: &Meant| meant.certain || sorted.given[meant.place].is_missing();
        if let Some(meant) = meant.filter(counts) {
            let question = &key.questions[meant.place];
            match meant.entry {
                Some(entry) => take_entry(&mut sorted.given[meant.place], entry, answer),
                None => take(&mut sorted.given[meant.place], question, answer),
            }
            if meant.certain {
                told.insert(meant.place);
                sorted.guessed.remove(&meant.place);
            } else {
                sorted.guessed.insert(meant.place, unknown_name(&answer.target, question).at(answer.span, "here"));
            }
            used = true;
        }
        if !used && !sorted.aside.iter().any(|aside| std::ptr::eq(aside.answer, *answer)) {
            sorted.aside.push(Aside { answer, why: Why::Unasked });
        }
    }
    for line in &sheet.unreadable {
        let place = line.target.as_ref().and_then(|target| place(key, target, &sorted.given, constant));
        let named = || {
            line.target
                .as_ref()
                .and_then(|target| meant(key, target, &sorted.given, &BTreeSet::new()))
                .map(|meant| meant.place)
        };
        let lines = || line.target.as_ref().and_then(|target| lines_of(key, target));
        let place = place.or_else(named).or_else(lines).or_else(|| may_answer(key, line, &sorted.given));
        if let Some(place) = place.filter(|place| sorted.given[*place].is_missing()) {
            sorted.given[place] = Given::Unreadable(line);
        } else {
            sorted.unread.push(line);
        }
        if let Some(name) = line.target.as_ref().filter(|target| target.kind == TargetKind::Plain) {
            let name = canonical(key, &name.name);
            let later = sorted.named.get(&name).is_none_or(|answer| answer.span.start < line.span.start);
            let size = key.scope.sizes().any(|(size, _)| size == name);
            if later && !size && !is_authored_value(key, &name) {
                sorted.lost.insert(name);
            }
        }
    }
    sorted
}

/// The question for `dU`, of which a general `du_k` speaks.
fn lines_of(key: &Key, target: &AnswerTarget) -> Option<usize> {
    let (stem, letter) = target.name.text.rsplit_once('_').filter(|_| target.kind == TargetKind::Plain)?;
    let of = names::key(stem).strip_prefix('d').map(|of| format!("d{}", of.to_uppercase()))?;
    key.questions.iter().position(|question| letter.len() == 1 && question.keys.contains(&of))
}

/// `\nabla L = 0` says where the least value is, not what the gradient is.
fn is_condition(question: &Question, answer: &Answer) -> bool {
    let zero = |entry: &Number| *entry == Number::integer(0);
    let signed = ["\\nabla", "\\partial", "∇", "∂", "'"].iter().any(|sign| answer.source.contains(sign));
    question.loss.is_some()
        && signed
        && is_zero(&answer.value)
        && answer.earlier.is_empty()
        && !question.value.as_ref().is_some_and(|value| value.entries().all(zero))
}

/// Whether a value is the number 0 as it is written.
pub(super) fn is_zero(value: &AnswerValue) -> bool {
    as_expression(value).is_some_and(
        |expr| matches!(expr.nodes.as_slice(), [node] if matches!(&node.kind, ExprKind::Number(text) if text == "0")),
    )
}

/// Whether a target that names its function names the loss: `dh/dz` is no gradient of it.
fn is_of_loss(key: &Key, target: &AnswerTarget) -> bool {
    target.of.as_ref().is_none_or(|of| !key.knows(&of.key()) || key.is_loss(&of.key()))
}

/// Whether a sheet may give a name another meaning than the problem: what is given and the model's own lines stay, but
/// numbers on the way are the student's.
fn is_own(key: &Key, name: &str, answer: &Answer) -> bool {
    let Some(expr) = as_expression(&answer.value) else { return true };
    let numbers = !expr.nodes.iter().any(|node| matches!(node.kind, ExprKind::Name(_) | ExprKind::Gradient { .. }));
    match key.authored(name) {
        Some(id) => match key.graph().as_symbol(id).map(|symbol| &symbol.name) {
            Some(SymbolName::Gradient { .. }) => true,
            Some(SymbolName::Model(_) | SymbolName::Generated(_)) => numbers,
            None => false,
        },
        None => key.is_free(name) || !numbers && expr.nodes.len() > 1,
    }
}

/// A value that the problem gives or defines; gradients are the student's to find.
fn is_authored_value(key: &Key, name: &str) -> bool {
    key.authored(name).is_some_and(|id| {
        !matches!(key.graph().as_symbol(id).map(|symbol| &symbol.name), Some(SymbolName::Gradient { .. }))
    })
}

/// The open question that a line which can't be read may answer: it speaks of its name.
fn may_answer(key: &Key, line: &UnreadableAnswer, given: &[Given]) -> Option<usize> {
    let known = line.target.as_ref().is_some_and(|target| key.knows(&target.name.key()));
    if known || !line.diagnostics.first().is_some_and(Diagnostic::is_error) {
        return None;
    }
    let head = line.source.split(['=', '≈', ':']).next().unwrap_or("");
    let written: String = head.chars().filter(|c| c.is_alphanumeric() || "∂∇'".contains(*c)).collect();
    let derived = |text: &str| ["d", "∂", "∇", "nabla", "grad", "delta", "'"].iter().any(|sign| text.contains(sign));
    let speaks = |question: &Question| {
        let own = question.keys.first().map_or("", String::as_str);
        let of = own.strip_prefix('d').filter(|_| question.loss.is_some());
        match of {
            _ if question.kind == TargetKind::Hessian => {
                written.starts_with('H') || derived(&written) && written.contains('2')
            }
            Some(of) => written.contains(of) && derived(&written),
            None => written.contains(own),
        }
    };
    // `\nabla_b J(w, b)` is by `b`, though it names `w`.
    let begins = |question: &Question| {
        let of = question.keys.first().and_then(|own| own.strip_prefix('d')).filter(|_| question.loss.is_some());
        of.is_some_and(|of| ["nabla", "∇"].iter().any(|sign| written.starts_with(&format!("{sign}{of}"))))
    };
    let missing = |place: &usize| given[*place].is_missing();
    let own = (0..given.len()).find(|place| begins(&key.questions[*place]));
    match own {
        Some(place) => Some(place).filter(missing),
        None => (0..given.len()).find(|place| missing(place) && speaks(&key.questions[*place])),
    }
}

/// What a name of the student's own is said to be before its value: `G = dW = …`.
fn targets_within(answer: &Answer) -> impl Iterator<Item = AnswerTarget> {
    let members = answer.earlier.iter().filter_map(as_expression);
    members.filter_map(|expr| match &expr.node(expr.root()).kind {
        ExprKind::Name(name) => Some(AnswerTarget::plain(name.clone())),
        ExprKind::Gradient { of, wrt } => {
            let name = Name { text: format!("d{}", wrt.text), ..wrt.clone() };
            Some(AnswerTarget { of: Some(of.clone()), ..AnswerTarget::plain(name) })
        }
        ExprKind::Call { callee, arguments, .. } if callee.text == HESSIAN => {
            let mut names = arguments.iter().filter_map(|argument| match &expr.node(*argument).kind {
                ExprKind::Name(name) => Some(name.clone()),
                _ => None,
            });
            let of = names.next()?;
            Some(AnswerTarget { kind: TargetKind::Hessian, wrt: names.collect(), ..AnswerTarget::plain(of) })
        }
        _ => None,
    })
}

/// `deltaZ` is `dZ` where the key knows only that.
pub(super) fn canonical(key: &Key, name: &Name) -> String {
    let own = name.key();
    let short = own.strip_prefix("delta").map(|of| format!("d{of}"));
    short.filter(|short| key.knows(short)).unwrap_or(own)
}

fn take<'a>(given: &mut Given<'a>, question: &Question, answer: &'a Answer) {
    let index: Option<Vec<usize>> =
        answer.target.entry.iter().map(|index| index.value.parse::<usize>().ok()?.checked_sub(1)).collect();
    let single = question.entry.is_empty() && !answer.target.entry.is_empty();
    match index.filter(|_| single) {
        Some(index) => take_entry(given, index, answer),
        None => {
            let times = if let Given::Whole(_, times) = given { *times } else { 0 };
            *given = Given::Whole(answer, times + 1);
        }
    }
}

fn take_entry<'a>(given: &mut Given<'a>, index: Vec<usize>, answer: &'a Answer) {
    match given {
        Given::Entries(entries) => {
            entries.retain(|(known, _)| *known != index);
            entries.push((index, answer));
        }
        Given::Missing | Given::Unreadable(_) => *given = Given::Entries(vec![(index, answer)]),
        Given::Whole(..) => {}
    }
}

/// The question that a target answers: of its own kind, or else the only one that goes by its name.
fn place(
    key: &Key,
    target: &AnswerTarget,
    given: &[Given],
    constant: &mut impl FnMut(&Expr) -> Option<Tensor<Number>>,
) -> Option<usize> {
    let own = names::key(&target.name.text);
    let called = |question: &Question| question.keys.contains(&own) && fits(key, question, target);
    let candidates: Vec<usize> = (0..key.questions.len()).filter(|place| called(&key.questions[*place])).collect();
    let candidates = match candidates.is_empty() {
        // `∂y/∂x` of a vector is its Jacobian.
        true => (0..key.questions.len()).filter(|place| is_quotient(&key.questions[*place], target)).collect(),
        false => candidates,
    };
    let exact: Vec<usize> =
        candidates.iter().copied().filter(|place| key.questions[*place].kind == target.kind).collect();
    let named = match exact.is_empty() && target.kind == TargetKind::Plain {
        // A loss that is written down once more is no second derivative.
        true => candidates.into_iter().filter(|place| key.questions[*place].kind != TargetKind::Hessian).collect(),
        false => exact,
    };
    let pointed: Vec<usize> = named
        .iter()
        .copied()
        .filter(|place| key.questions[*place].at.as_ref().is_some_and(|at| is_at(key, at, target, constant)))
        .collect();
    if !pointed.is_empty() {
        return pointed.first().copied();
    }
    let says_where = !target.at.is_empty() || !target.arguments.is_empty();
    let mut plain: Vec<usize> = named.iter().copied().filter(|place| key.questions[*place].at.is_none()).collect();
    // A general entry is asked for beside the whole: letters say which is meant.
    let letters = target.entry.iter().any(|index| index.value.parse::<usize>().is_err());
    // And `x` is where a descent ends rather than the one step that is asked for beside it.
    let called = if target.kind == TargetKind::Update { format!("update{own}") } else { own };
    let own_entry: Option<Vec<usize>> = target.entry.iter().map(|index| index.value.parse().ok()).collect();
    plain.sort_by_key(|place| {
        let question = &key.questions[*place];
        let other = !question.entry.is_empty() && own_entry.as_ref() != Some(&question.entry);
        let whole = question.entry.is_empty() && !target.entry.is_empty();
        let short = names::key(&question.short.replace(' ', "")) != called;
        (question.letters.is_empty() == letters, other, whole, short)
    });
    match (says_where, plain.as_slice(), named.as_slice()) {
        // Several descents of one parameter are answered in their order.
        (false, [first, ..], _) => {
            let same = |place: &&usize| key.questions[**place].short == key.questions[*first].short;
            let open = plain.iter().filter(same).find(|place| given[**place].is_missing());
            Some(*open.unwrap_or(first))
        }
        (false, [], [only]) => Some(*only),
        (false, [], _) | (true, ..) => None,
    }
}

/// Whether what the target says beside its name is what is asked for.
fn fits(key: &Key, question: &Question, target: &AnswerTarget) -> bool {
    let loss = match (&target.of, &question.loss) {
        // A loss may have any name that is no other value's.
        (Some(of), Some(loss)) => of.key() == names::key(loss) || !key.knows(&of.key()),
        // A gradient whose form is to be shown.
        (Some(of), None) => matches!(question.subject, Subject::Part(_)) && key.is_loss(&of.key()),
        (None, _) => true,
    };
    // `params` alone are all of them, where some are asked for too.
    let wrt = (target.wrt.is_empty() && (question.kind != TargetKind::Plain || question.wrt.is_empty())) || {
        let mut own: Vec<String> = target.wrt.iter().map(Name::key).collect();
        let mut asked = question.wrt.clone();
        own.sort();
        asked.sort();
        own == asked
    };
    let entry = question.entry.is_empty() || target.entry.is_empty() || {
        let own: Option<Vec<usize>> = target.entry.iter().map(|index| index.value.parse().ok()).collect();
        own.as_ref() == Some(&question.entry)
    };
    let letters = target.entry.iter().any(|index| index.value.parse::<usize>().is_err());
    let general = question.letters.is_empty() || letters;
    let layout = target.layout.as_ref().is_none_or(|own| question.layout.is_none_or(|asked| asked == own));
    let task = target.task.is_none_or(|task| task == question.task);
    loss && task && wrt && entry && general && layout
}

/// Whether a quotient of differentials asks for a matrix of derivatives.
fn is_quotient(question: &Question, target: &AnswerTarget) -> bool {
    let of = target.of.as_ref().is_some_and(|of| question.keys.contains(&of.key()));
    let wrt = question.wrt.iter().any(|wrt| target.name.key() == format!("d{wrt}"));
    question.kind == TargetKind::Jacobian && of && wrt
}

fn is_at(
    key: &Key,
    at: &Point,
    target: &AnswerTarget,
    constant: &mut impl FnMut(&Expr) -> Option<Tensor<Number>>,
) -> bool {
    let graph = key.graph();
    let bound = target.at.iter().map(|binding| (Some(binding.name.key()), &binding.value));
    let given: Vec<(Option<String>, &Expr)> = bound.chain(target.arguments.iter().map(|value| (None, value))).collect();
    given.len() == at.len()
        && given.into_iter().enumerate().all(|(place, (name, value))| {
            let leaf = match &name {
                Some(name) => at.iter().find(|(leaf, _)| names::key(&graph.leaf(*leaf).name) == *name),
                None => at.get(place),
            };
            leaf.is_some_and(|(_, expected)| {
                constant(value).is_some_and(|value| value.entries().eq(expected.entries()))
            })
        })
}

/// The value of an answer as an expression.
pub(super) fn as_expression(value: &AnswerValue) -> Option<&Expr> {
    match value {
        AnswerValue::Expression(expr) => Some(expr),
        AnswerValue::Shape(_) => None,
    }
}

/// The keys of the names that an expression uses.
pub(super) fn used_names(key: &Key, expr: &Expr) -> Vec<String> {
    let mut used = Vec::new();
    for node in &expr.nodes {
        let name = match &node.kind {
            ExprKind::Name(name) => canonical(key, name),
            ExprKind::Call { callee, .. } | ExprKind::Prime { callee, .. } => canonical(key, callee),
            ExprKind::Gradient { wrt, .. } => format!("d{}", wrt.key()),
            ExprKind::Number(_)
            | ExprKind::Negate(_)
            | ExprKind::Binary { .. }
            | ExprKind::Transpose(_)
            | ExprKind::Entry { .. }
            | ExprKind::Matrix(_)
            | ExprKind::Indicator { .. }
            | ExprKind::Sum { .. }
            | ExprKind::Cases(_) => continue,
        };
        if !used.contains(&name) {
            used.push(name);
        }
    }
    used
}

/// A name that an expression needs, itself or through others, and that is given a value only where it can't be read.
pub(super) fn lost_name(key: &Key, sheet: &Sheet, expr: &Expr) -> Option<String> {
    if sheet.lost.is_empty() {
        return None;
    }
    let (mut seen, mut waiting) = (BTreeSet::new(), used_names(key, expr));
    while let Some(name) = waiting.pop() {
        if sheet.lost.contains(&name) {
            return Some(name);
        }
        let own = sheet.named.get(&name).and_then(|answer| as_expression(&answer.value));
        if seen.insert(name) {
            waiting.extend(own.into_iter().flat_map(|own| used_names(key, own)));
        }
    }
    None
}
