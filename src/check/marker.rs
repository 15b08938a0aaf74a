//! Marks sheets, one after the other.

use super::follow::UNNAMED;
use super::judge::{Judgement, ratio};
use super::key::Key;
use super::kinks::Beyond;
use super::marks::{AnswerMarks, Claim, LineMarks, Marks, Open, Reason, Remark, Unread, Verdict};
use super::prepared::prepared;
use super::question::Question;
use super::readings::{bases, entry_by_entry, with_columns};
use super::sheet::{Given, Sheet, as_expression, lost_name, sort};
use super::slips::Named;
use super::spoken::spoken;
use super::working::told;
use super::world::{self, Failure};
use super::yields::Slips;
use crate::answer::Section;
use crate::answer::mistaken::WrongEnd;
use crate::budget;
use crate::diagnostic::{Diagnostic, READING};
use crate::graph::{Extent, Graph, NodeId, Values};
use crate::lower::{Scope, expression};
use crate::number::Number;
use crate::ops::mistake::{NOTATION, UNDERIVED, UNEVALUATED, percent_kept};
use crate::span::{Source, Span};
use crate::syntax::ast::{Answer, AnswerSheet, Expr};
use crate::tensor::Tensor;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Expressions of former sheets are kept, so that what a class writes again and again is evaluated once, until there are
/// so many.
const KEPT_NODES: usize = 5_000;

/// Marks sheets with one key. Equal expressions of different students are one node, evaluated once.
pub struct Marker<'k> {
    pub(super) key: &'k Key,
    pub(super) graph: Graph,
    pub(super) scope: Scope,
    pub(super) drawn: Vec<Values<f64>>,
    pub(super) far: Vec<Values<f64>>,
    /// Data beyond the kinks of answers, by their sites.
    pub(super) beyond: BTreeMap<(NodeId, Option<NodeId>, u64, bool), Beyond>,
    /// Answers with a threshold that all data are on one side of.
    pub(super) one_sided: BTreeSet<NodeId>,
    pub(super) exact: Vec<Values<Number>>,
    pub(super) given: Vec<GivenValues>,
    /// For each question, its right answer with each mistake, as a form and as numbers; made when first needed.
    pub(super) slips: Vec<[Option<Rc<Slips>>; 2]>,
    /// The mistakes that were found in an answer to a question.
    pub(super) named: BTreeMap<(usize, NodeId), Option<Named>>,
    /// A second mistake that explains an answer as well.
    pub(super) as_well: BTreeMap<(usize, NodeId), &'static str>,
    /// The nodes of the names of the present sheet.
    pub(super) own_names: world::Named,
    /// The nodes of the expressions of the present sheet.
    pub(super) lowered: world::Lowered,
    /// What is kept when the expressions of former sheets are forgotten: the key's, and those of the slips.
    kept: Extent,
    /// For how many of the slips that is so.
    kept_slips: usize,
    /// Where descents end that are made with a mistake, by task; followed when first needed.
    pub(super) wrong_ends: BTreeMap<usize, Rc<Vec<WrongEnd>>>,
    /// Whether an answer that takes too much work is left open, and the others are marked.
    is_frugal: bool,
}

/// How far a root may be from a right one to be meant for it, as a share.
const NEAR: f64 = 0.01;

/// Each answer may take this share of the work that is left.
const SHARE: u64 = 2;

#[derive(Clone)]
pub(super) struct GivenValues {
    pub exact: Values<Number>,
    pub doubles: Values<f64>,
}

/// What is carried from one answer of a sheet to the next.
#[derive(Clone, Default)]
pub(super) struct Carried {
    /// Names whose mistake was charged, and whether it has a name itself.
    pub charged: BTreeMap<String, bool>,
}

impl<'k> Marker<'k> {
    pub fn new(key: &'k Key) -> Marker<'k> {
        let given = key
            .given
            .iter()
            .map(|place| GivenValues { exact: place.exact_values.clone(), doubles: place.place.values.clone() });
        Marker {
            key,
            kept: key.graph().extent(),
            kept_slips: 0,
            own_names: world::Named::new(),
            lowered: world::Lowered::default(),
            graph: key.graph().clone(),
            scope: key.scope.clone(),
            drawn: key.drawn.iter().map(|place| place.values.clone()).collect(),
            far: key.far.iter().map(|place| place.values.clone()).collect(),
            beyond: BTreeMap::new(),
            one_sided: BTreeSet::new(),
            exact: key.exact.iter().map(|place| place.values.clone()).collect(),
            given: given.collect(),
            slips: vec![[None, None]; key.questions.len()],
            named: BTreeMap::new(),
            as_well: BTreeMap::new(),
            wrong_ends: BTreeMap::new(),
            is_frugal: false,
        }
    }

    /// As [`Marker::new`]; within a [`budget`] what takes too much of it stays open, and all else is marked.
    pub fn frugal(key: &'k Key) -> Marker<'k> {
        Marker { is_frugal: true, ..Marker::new(key) }
    }

    /// Does a part of the work; `None` where it takes too much, after which nothing is known of former sheets.
    fn sparing<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if !self.is_frugal {
            return Some(work(self));
        }
        let done = budget::within(budget::left() / SHARE, || work(self));
        if done.is_none() {
            *self = Marker::frugal(self.key);
        }
        done
    }

    /// The marks of one sheet; `source` is its text, for the places of what can't be read. Where several parts of it may
    /// be ours, each answer is judged by the one that is best for it.
    pub fn mark(&mut self, sheet: &AnswerSheet, source: &Source) -> Marks {
        let mut marks = self.mark_part(sheet, source);
        for other in &sheet.readings {
            if marks.points == marks.of {
                break;
            }
            let other = self.mark_part(other, source);
            marks = marks.better(other);
        }
        marks
    }

    fn mark_part(&mut self, sheet: &AnswerSheet, source: &Source) -> Marks {
        if self.graph.size() > self.kept.nodes() + KEPT_NODES {
            self.forget();
        }
        self.own_names.clear();
        self.lowered.clear();
        let key = self.key;
        let said = spoken(key, sheet, source);
        let sheet = &*prepared(key, said.as_ref().unwrap_or(sheet));
        let sheet = &*with_columns(key, sheet);
        let starred = entry_by_entry(sheet);
        let sorted = self.sparing(|marker| (marker.sorted(sheet), starred.as_ref().map(|sheet| marker.sorted(sheet))));
        let Some((sorted, starred)) = sorted else { return self.all_open(sheet) };
        self.own_names.clear();
        let powers = !sheet.python && self.sparing(|marker| marker.raises_a_square(sheet, &sorted)).unwrap_or(false);
        let other = if powers { Some(&sorted) } else { starred.as_ref() };
        // Names mean something else in the other reading.
        let mut other_names = world::Named::new();
        let mut carried = Carried::default();
        let mut answers: Vec<AnswerMarks> = Vec::new();
        for (place, question) in key.questions.iter().enumerate() {
            let done = self.sparing(|marker| {
                let before = other.map(|_| carried.clone());
                let mut judgement = marker.judge(place, &sorted, &mut carried, source);
                if let (Some(other), Some(mut before), true) = (other, before, judgement.verdict != Verdict::Correct) {
                    std::mem::swap(&mut marker.own_names, &mut other_names);
                    marker.scope.matrix_powers = powers;
                    let meant = marker.judge(place, other, &mut before, source);
                    marker.scope.matrix_powers = false;
                    std::mem::swap(&mut marker.own_names, &mut other_names);
                    if meant.verdict == Verdict::Correct {
                        (judgement, carried) = (meant, before);
                    }
                }
                if let (Verdict::Unreadable, Given::Whole(last, times)) = (judgement.verdict, &sorted.given[place])
                    && (*times > 1 || !last.earlier.is_empty())
                    && let Some(before) = marker.before(place, sheet, last, source)
                {
                    judgement = before;
                }
                judgement.remarks.extend(readings(&sheet.notes, &sorted.given[place]));
                let lines = marker.working(place, &sorted, &judgement, source);
                (judgement, lines)
            });
            let (judgement, lines) = done.unwrap_or_else(|| {
                other_names.clear();
                (spent(), Vec::new())
            });
            let line = first_span(&sorted.given[place]).map(|span| source.position(span.start).0);
            answers.push(AnswerMarks { line, ..self.marked(question, judgement, &sorted.given[place], lines) });
        }
        let unread = self.sparing(|marker| marker.unread(&sorted, source)).unwrap_or_default();
        together(key, sheet, answers, unread)
    }

    /// What is said of what stands before an answer that can't be read, in its chain or as an answer of its own, where
    /// one of them is right.
    fn before(&mut self, place: usize, sheet: &AnswerSheet, last: &Answer, source: &Source) -> Option<Judgement> {
        const TRIES: usize = 6;
        let names = std::mem::take(&mut self.own_names);
        let mut end = sheet.answers.iter().position(|answer| std::ptr::eq(answer, last));
        let mut left = last.clone();
        let mut found = None;
        for _ in 0..TRIES {
            let Some(count) = end.filter(|_| found.is_none()) else { break };
            let mut answers = sheet.answers[..count].to_vec();
            if let Some(value) = left.earlier.pop() {
                left.value = value;
                answers.push(left.clone());
            }
            let shorter = AnswerSheet { answers, ..AnswerSheet::default() };
            let sorted = self.sorted(&shorter);
            let judgement = self.judge(place, &sorted, &mut Carried::default(), source);
            if let Given::Whole(own, _) = sorted.given[place] {
                end = shorter.answers.iter().position(|answer| std::ptr::eq(answer, own));
                left = own.clone();
            } else {
                end = None;
            }
            found = Some(judgement).filter(|judgement| judgement.verdict == Verdict::Correct);
            self.own_names.clear();
        }
        self.own_names = names;
        found.map(|judgement| judgement.remark(Remark::EarlierCounts))
    }

    /// Nothing can be said of a sheet whose names alone take too much work.
    fn all_open(&self, sheet: &AnswerSheet) -> Marks {
        let open = |question: &Question| self.marked(question, spent(), &Given::Missing, Vec::new());
        together(self.key, sheet, self.key.questions.iter().map(open).collect(), Vec::new())
    }

    /// The sheet sorted, with the names that can be followed.
    fn sorted<'s>(&mut self, sheet: &'s AnswerSheet) -> Sheet<'s> {
        let mut sorted = sort(self.key, sheet, &mut |expr| self.constant(expr));
        self.in_order(&mut sorted);
        self.settle(&mut sorted);
        self.give_up(&mut sorted);
        sorted
    }

    /// Puts answers that may stand in any order, such as the roots of an equation, in the order of the right ones.
    fn in_order(&mut self, sheet: &mut Sheet) {
        let key = self.key;
        for group in &key.unordered {
            let values: Vec<Option<f64>> = group
                .iter()
                .map(|place| match sheet.given[*place] {
                    Given::Whole(answer, _) => {
                        let value = self.constant(as_expression(&answer.value)?)?;
                        (value.rank() == 0).then(|| value.first().to_f64())
                    }
                    _ => None,
                })
                .collect();
            if values.iter().any(Option::is_none) {
                continue;
            }
            let mut left: Vec<usize> = (0..group.len()).collect();
            let mut order = Vec::new();
            for place in group {
                let right = key.questions[*place].value.as_ref().map_or(f64::NAN, |value| value.first().to_f64());
                let near =
                    |own: &usize| values[*own].is_some_and(|own| (own - right).abs() <= NEAR * right.abs().max(NEAR));
                order.push(left.iter().position(near).map(|at| left.remove(at)));
            }
            let mut rest = left.into_iter();
            let order: Vec<usize> = order.into_iter().filter_map(|own| own.or_else(|| rest.next())).collect();
            let mut given: Vec<Given> =
                group.iter().map(|place| std::mem::replace(&mut sheet.given[*place], Given::Missing)).collect();
            for (place, own) in group.iter().zip(order) {
                sheet.given[*place] = std::mem::replace(&mut given[own], Given::Missing);
            }
        }
    }

    /// Takes what can't be read from the names that the problem knows: ours stand in their place.
    fn give_up(&mut self, sheet: &mut Sheet) {
        const ROUNDS: usize = 16;
        let key = self.key;
        for _ in 0..ROUNDS {
            self.own_names.clear();
            let mut lost = Vec::new();
            for (name, answer) in sheet.named.iter().filter(|(name, _)| !sheet.lost.contains(*name)) {
                let rests = match self.world(sheet).named(name) {
                    Err(Failure::Unreadable(_)) => sheet.general(name).is_none(),
                    Err(Failure::Through(_)) => {
                        as_expression(&answer.value).is_some_and(|expr| lost_name(key, sheet, expr).is_some())
                    }
                    Ok(_) | Err(Failure::IllTyped(_) | Failure::Circular(_)) => false,
                };
                if rests {
                    lost.push(name.clone());
                }
            }
            if lost.is_empty() {
                break;
            }
            sheet.named.retain(|name, _| !lost.contains(name) || key.authored(name).is_none());
            sheet.lost.extend(lost);
        }
        self.own_names.clear();
    }

    /// Whether a square matrix is raised to a power: `(W^T)^2` is a product as often as it is a power of each entry.
    fn raises_a_square(&mut self, sheet: &AnswerSheet, sorted: &Sheet) -> bool {
        sheet.answers.iter().filter_map(|answer| as_expression(&answer.value)).any(|expr| {
            bases(expr).into_iter().any(|base| {
                let node = self.world(sorted).own(&base);
                node.is_ok_and(|node| {
                    let shape = self.graph.shape(node);
                    shape.as_matrix().is_some_and(|(rows, columns)| rows == columns && !rows.is_one())
                })
            })
        })
    }

    /// The share of the marks that an answer with a mistake keeps.
    pub(super) fn kept(&self, name: &str) -> Number {
        let stated = self.key.solution.model.marking.kept.get(name).cloned();
        stated.unwrap_or_else(|| Number::ratio(i64::from(percent_kept(name)), 100))
    }

    /// Forgets the expressions of former sheets. The slips are kept; new ones are made once more, so that they stand before
    /// what is forgotten.
    fn forget(&mut self) {
        let made = |slips: &[Option<Rc<Slips>>; 2]| [slips[0].is_some(), slips[1].is_some()];
        let made: Vec<[bool; 2]> = self.slips.iter().map(made).collect();
        let count = made.iter().flatten().filter(|made| **made).count();
        if count == self.kept_slips {
            self.graph.truncate(self.kept);
            let doubles =
                self.drawn.iter_mut().chain(&mut self.far).chain(self.given.iter_mut().map(|given| &mut given.doubles));
            doubles.for_each(|all| all.truncate(self.kept));
            let exact = self.exact.iter_mut().chain(self.given.iter_mut().map(|given| &mut given.exact));
            exact.for_each(|all| all.truncate(self.kept));
            self.beyond.clear();
            self.one_sided.clear();
            self.named.clear();
            self.as_well.clear();
            return;
        }
        *self = Marker { is_frugal: self.is_frugal, ..Marker::new(self.key) };
        for (place, kinds) in made.iter().enumerate() {
            for numeric in [false, true].into_iter().filter(|numeric| kinds[usize::from(*numeric)]) {
                self.slips_for(place, numeric);
            }
        }
        (self.kept, self.kept_slips) = (self.graph.extent(), count);
    }

    /// The value of an expression without names of the student's own, with the problem's data.
    fn constant(&mut self, expr: &Expr) -> Option<Tensor<Number>> {
        let node = expression(&mut self.graph, &self.scope, expr).ok()?;
        let environment = &self.key.given[0].exact;
        self.graph.extend(&mut self.given[0].exact, node, environment).ok()?;
        self.given[0].exact.get(node).cloned()
    }
}

impl Marker<'_> {
    /// A verdict with its points.
    fn marked(&self, question: &Question, judgement: Judgement, given: &Given, lines: Vec<LineMarks>) -> AnswerMarks {
        let Judgement { verdict, mistakes, mut remarks, evidence, right_share, paid } = judgement;
        let by_mistakes = || mistakes.iter().fold(Number::integer(1), |share, name| &share * &self.kept(name));
        let share = match verdict {
            Verdict::Correct => Number::integer(1),
            Verdict::FollowThrough if mistakes.contains(&UNNAMED) => least(by_mistakes(), self.kept(UNDERIVED)),
            Verdict::FollowThrough => by_mistakes(),
            Verdict::Notation => self.kept(NOTATION),
            Verdict::Underived => &by_mistakes() * &self.kept(UNDERIVED),
            Verdict::Unevaluated => &by_mistakes() * &self.kept(UNEVALUATED),
            Verdict::Partial | Verdict::Wrong => {
                let named = Some(by_mistakes()).filter(|_| paid && !mistakes.is_empty());
                let shares = named.into_iter().chain(right_share);
                shares.max_by(|a, b| a.to_f64().total_cmp(&b.to_f64())).unwrap_or_else(|| Number::integer(0))
            }
            Verdict::Unreadable | Verdict::Missing => Number::integer(0),
        };
        remarks.extend(told(&lines));
        let share = with_working(share, self.key.solution.model.marking.working.as_ref(), &lines);
        let verdict = match verdict {
            Verdict::Partial | Verdict::Wrong if share == Number::integer(0) => Verdict::Wrong,
            Verdict::Partial | Verdict::Wrong => Verdict::Partial,
            other => other,
        };
        let whole = share == Number::integer(1) || share == Number::integer(0);
        if !whole {
            let percent = format!("{:.2}", (&share * &Number::integer(100)).to_f64());
            // 87.5 %, 50 %
            let percent = percent.trim_end_matches('0').trim_end_matches('.').to_string();
            remarks.push(Remark::Share { percent });
        }
        AnswerMarks {
            name: question.name.clone(),
            verdict,
            points: &question.points * &share,
            of: question.points.clone(),
            mistake: mistakes.first().copied(),
            remarks,
            evidence,
            written: written(given),
            form: form(given).cloned(),
            line: None,
            open: if verdict == Verdict::Unreadable && paid { question.points.clone() } else { Number::integer(0) },
            lines,
        }
    }
}

/// How an answer was read that could be read otherwise.
fn readings(notes: &[Diagnostic], given: &Given) -> Vec<Remark> {
    let answers = match given {
        Given::Missing | Given::Unreadable(_) => Vec::new(),
        Given::Whole(answer, _) => vec![*answer],
        Given::Entries(entries) => entries.iter().map(|(_, answer)| *answer).collect(),
    };
    let is_in =
        |span: Span| answers.iter().any(|answer| answer.span.start <= span.start && span.end <= answer.span.end);
    let readings = notes.iter().filter(|note| note.code == READING);
    let told = readings.filter(|note| note.labels.first().is_some_and(|label| is_in(label.span)));
    told.map(|note| Remark::ReadAs { message: note.message.clone() }).collect()
}

fn least(one: Number, other: Number) -> Number {
    if one.to_f64() <= other.to_f64() { one } else { other }
}

/// What is said of an answer that takes too much work.
fn spent() -> Judgement {
    Judgement::of(Verdict::Unreadable).remark(Remark::TooMuchWork)
}

fn together(key: &Key, sheet: &AnswerSheet, answers: Vec<AnswerMarks>, unread: Vec<Unread>) -> Marks {
    let total = |of: fn(&AnswerMarks) -> &Number| answers.iter().fold(Number::integer(0), |sum, own| &sum + of(own));
    Marks {
        student: sheet.student.clone(),
        points: total(|own| &own.points),
        of: total(|own| &own.of),
        open: open(key, &answers),
        decided: Vec::new(),
        unread,
        answers,
    }
}

/// The share of the marks, where the lines of the working count for a part of them.
fn with_working(share: Number, part: Option<&Number>, lines: &[LineMarks]) -> Number {
    let judged: Vec<bool> =
        lines.iter().filter(|line| line.claim != Claim::Open).map(|line| line.claim == Claim::Follows).collect();
    let following = ratio(judged.iter().filter(|follows| **follows).count(), judged.len());
    match part.zip(following) {
        Some((part, following)) => &(&share * &(&Number::integer(1) - part)) + &(part * &following),
        None => share,
    }
}

/// What a person has to decide: answers that can't be read, and tasks that are done on paper.
fn open(key: &Key, answers: &[AnswerMarks]) -> Vec<Open> {
    let tasks = key.solution.model.tasks.iter().zip(1..).filter_map(|(task, number)| {
        let drawn = is_on_paper(key, number);
        let points = task.points.clone().filter(|_| drawn)?;
        let (name, reason) = (format!("task {number}"), reason_of(key, number));
        Some(Open { name, points, reason, line: None, column: None, message: None })
    });
    let unread = answers.iter().filter(|answer| answer.open.to_f64() > 0.0).map(|answer| {
        let place = answer.remarks.iter().find_map(|remark| match remark {
            Remark::Unreadable { line, column, message, .. } => Some(((*line, *column), message.clone())),
            _ => None,
        });
        let (place, message) = place.unzip();
        let (line, column) = place.unzip();
        let spent = answer.remarks.contains(&Remark::TooMuchWork);
        let reason = if spent { Reason::TooMuchWork } else { Reason::Unreadable };
        Open { name: answer.name.clone(), points: answer.of.clone(), reason, line, column, message }
    });
    tasks.chain(unread).collect()
}

fn reason_of(key: &Key, task: usize) -> Reason {
    match &key.solution.sections[task - 1] {
        Section::Told(_) => Reason::Told,
        _ => Reason::Drawn,
    }
}

/// Whether a person looks at it: a picture, or an answer in words.
fn is_on_paper(key: &Key, task: usize) -> bool {
    match &key.solution.sections[task - 1] {
        Section::Graph { .. } | Section::Plot(_) => true,
        Section::Told(told) => told.open,
        _ => false,
    }
}

fn form<'a>(given: &Given<'a>) -> Option<&'a Expr> {
    match given {
        Given::Whole(answer, _) => as_expression(&answer.value),
        Given::Missing | Given::Unreadable(_) | Given::Entries(_) => None,
    }
}

/// Where it stands in the submission.
fn first_span(given: &Given) -> Option<Span> {
    match given {
        Given::Missing => None,
        Given::Unreadable(line) => line.diagnostics.first()?.labels.first().map(|label| label.span),
        Given::Whole(answer, _) => Some(answer.span),
        Given::Entries(entries) => entries.first().map(|(_, answer)| answer.span),
    }
}

fn written(given: &Given) -> String {
    match given {
        Given::Missing => String::new(),
        Given::Unreadable(line) => line.source.clone(),
        Given::Whole(answer, _) => answer.source.clone(),
        Given::Entries(entries) => {
            entries.iter().map(|(_, answer)| answer.source.as_str()).collect::<Vec<_>>().join("\n")
        }
    }
}

/// What a diagnostic says, and where: line and column from 1.
pub(super) fn placed(fault: &Diagnostic, source: &Source) -> (String, usize, usize) {
    let span = fault.labels.first().map(|label| label.span).unwrap_or_default();
    let (line, column) = source.position(span.start);
    (fault.message.clone(), line, column)
}
