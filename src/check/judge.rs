//! The verdict on one answer.

use super::arithmetic::{is_digit_slip, is_term_slip};
use super::closeness::{Closeness, Precision};
use super::compare::{closenesses, precisions, same, same_shape, transposed_shape};
use super::edits::shape_edits;
use super::indexed::is_indexed;
use super::marker::{Carried, Marker, placed};
use super::marks::{Evidence, Remark, Verdict};
use super::question::Question;
use super::sheet::{Given, Sheet, as_expression, used_names};
use super::world::{Failure, World};
use crate::answer::Subject;
use crate::graph::{Kind, NodeId};
use crate::lower::Meaning;
use crate::model::Tolerance;
use crate::number::Number;
use crate::ops::Account;
use crate::shape::{Dim, Shape};
use crate::span::Source;
use crate::syntax::ast::{Answer, AnswerValue, DimExpr, Expr, ExprKind, ExprNode, TargetKind};
use crate::syntax::names;
use crate::tensor::Tensor;

/// How many wrong entries a report names.
const NAMED_ENTRIES: usize = 4;
/// An answer must have a value at so many of the drawn data to be decided.
const ENOUGH_PLACES: usize = 2;

/// A verdict and how it came about; the points follow from it.
#[derive(Debug)]
pub(super) struct Judgement {
    pub verdict: Verdict,
    pub mistakes: Vec<&'static str>,
    pub remarks: Vec<Remark>,
    pub evidence: Option<Evidence>,
    /// The share of entries that are right, where only some are.
    pub right_share: Option<Number>,
}

impl Judgement {
    pub fn of(verdict: Verdict) -> Judgement {
        Judgement { verdict, mistakes: Vec::new(), remarks: Vec::new(), evidence: None, right_share: None }
    }

    pub fn remark(mut self, remark: Remark) -> Judgement {
        self.remarks.push(remark);
        self
    }
}

/// An answer beside the right one.
#[derive(Debug)]
pub(super) enum Comparison {
    /// Equal; at some of the data it may have no value.
    Equal {
        partly: bool,
        coarse: bool,
    },
    Differs {
        evidence: Option<Evidence>,
        wrong: Vec<Vec<usize>>,
        total: usize,
    },
    Misshapen,
    /// It has no value at the data.
    Undefined,
}

impl Comparison {
    pub fn is_equal(&self) -> bool {
        matches!(self, Comparison::Equal { coarse: false, .. })
    }
}

/// Which random data: all drawn, or the problem's own where it has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drawn {
    Free,
    Held,
}

/// One answer under judgement.
pub(super) struct Case<'a, 's> {
    pub place: usize,
    pub expr: &'a Expr,
    pub sheet: &'s Sheet<'a>,
    pub source: &'s Source,
}

impl Marker<'_> {
    pub(super) fn judge(&mut self, place: usize, sheet: &Sheet, carried: &mut Carried, source: &Source) -> Judgement {
        match &sheet.given[place] {
            Given::Missing if self.may_be_unread(sheet) => Judgement::of(Verdict::Unreadable),
            Given::Missing => Judgement::of(Verdict::Missing),
            Given::Unreadable(line) => match line.diagnostics.first() {
                Some(fault) => unreadable(fault, source),
                None => Judgement::of(Verdict::Unreadable),
            },
            Given::Whole(answer, times) => {
                let judgement = self.judge_whole(place, answer, sheet, carried, source);
                match times {
                    1 => judgement,
                    times => judgement.remark(Remark::Repeated { times: *times }),
                }
            }
            Given::Entries(entries) => self.judge_entries(place, entries, sheet, carried, source),
        }
    }

    /// Whether every answer that is missing may stand in a line that can't be read.
    fn may_be_unread(&self, sheet: &Sheet) -> bool {
        let missing = sheet.given.iter().filter(|given| matches!(given, Given::Missing)).count();
        missing <= sheet.unread.len()
    }

    fn judge_whole(
        &mut self,
        place: usize,
        answer: &Answer,
        sheet: &Sheet,
        carried: &mut Carried,
        source: &Source,
    ) -> Judgement {
        let key = self.key;
        let question = &key.questions[place];
        match &answer.value {
            AnswerValue::Shape(sides) => self.judge_shape(question, sides),
            AnswerValue::Expression(expr) if question.kind == TargetKind::Shape => {
                self.judge_listed_shape(question, expr)
            }
            AnswerValue::Expression(expr) => self.judge_expression(&Case { place, expr, sheet, source }, carried),
        }
    }

    fn judge_shape(&mut self, question: &Question, sides: &[DimExpr]) -> Judgement {
        let sides: Option<Vec<Dim>> = sides.iter().map(|side| self.side(side)).collect();
        self.judge_sides(question, sides)
    }

    /// `[4, 4]` and `4` as a shape.
    fn judge_listed_shape(&mut self, question: &Question, expr: &Expr) -> Judgement {
        let node = crate::lower::expression(&mut self.graph, &self.scope, expr).ok();
        let value = node.and_then(|node| {
            let environment = &self.key.given[0].exact;
            self.graph.extend(&mut self.given[0].exact, node, environment).ok()?;
            self.given[0].exact.get(node).cloned()
        });
        let sides = value.and_then(|value| {
            value
                .entries()
                .map(|side| Some(Dim::integer(usize::try_from(side.to_integer()?).ok()?)))
                .collect::<Option<Vec<_>>>()
        });
        self.judge_sides(question, sides)
    }

    fn judge_sides(&mut self, question: &Question, sides: Option<Vec<Dim>>) -> Judgement {
        let Some(sides) = sides else { return Judgement::of(Verdict::Unreadable) };
        let proper = |sides: &[Dim]| sides.iter().filter(|side| !side.is_one()).cloned().collect::<Vec<_>>();
        let text = |sides: &[Dim]| sides.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ");
        let expected = &question.shape.0;
        let equal = sides == *expected || (sides.len() != expected.len() && proper(&sides) == proper(expected));
        if equal {
            return Judgement::of(Verdict::Correct);
        }
        let mut reversed = sides.clone();
        reversed.reverse();
        let shape = Remark::Shape { found: text(&sides), expected: text(expected) };
        let judgement = Judgement::of(Verdict::Wrong).remark(shape);
        match reversed == *expected {
            true => self.with_mistake(judgement, "transposed-layout", None),
            false => match self.shape_slip(question, &Shape(sides)) {
                Some(name) => self.with_mistake(judgement, name, None),
                None => judgement,
            },
        }
    }

    /// The mistake in an operator that gives this shape.
    fn shape_slip(&mut self, question: &Question, found: &Shape) -> Option<&'static str> {
        let Subject::Shape(symbol) = question.subject else { return None };
        shape_edits(&mut self.graph, symbol)
            .into_iter()
            .find(|(_, wrong)| same_shape(self.graph.shape(*wrong), found))
            .map(|(name, _)| name)
    }

    fn side(&self, side: &DimExpr) -> Option<Dim> {
        match side {
            DimExpr::Integer(value) => Some(Dim::integer(usize::try_from(*value).ok()?)),
            DimExpr::Name(name) => match &self.scope.get(&name.key())?.meaning {
                Meaning::Size(dim) => Some(dim.clone()),
                Meaning::Value(_) | Meaning::Broken | Meaning::Unvalued => None,
            },
            DimExpr::Sum(parts) => {
                let mut parts = parts.iter().map(|part| self.side(part));
                let first = parts.next()??;
                parts.try_fold(first, |sum, part| Some(sum.plus(&part?)))
            }
            DimExpr::Minus(part) => Some(self.side(part)?.times_integer(-1)),
            DimExpr::Product(parts) => parts
                .iter()
                .map(|part| self.side(part))
                .try_fold(Dim::one(), |product, part| Some(product.times(&part?))),
        }
    }

    /// Mistakes by name; those that the problem accepts are remarks.
    pub(super) fn with_mistake(
        &self,
        mut judgement: Judgement,
        name: &'static str,
        within: Option<String>,
    ) -> Judgement {
        if self.key.solution.model.marking.accepted.contains(name) {
            judgement.verdict = Verdict::Correct;
            judgement.remarks.push(Remark::Convention { name, accepted: true });
            return judgement;
        }
        judgement.remarks.push(match judgement.mistakes.is_empty() {
            true => Remark::Mistake { name, within, place: None },
            false => Remark::Also { name, within },
        });
        judgement.mistakes.push(name);
        judgement
    }

    fn judge_expression(&mut self, case: &Case, carried: &mut Carried) -> Judgement {
        let key = self.key;
        let question = &key.questions[case.place];
        self.speak_of(question);
        let uses = used_names(key, case.expr);
        let own_name = question.keys.iter().find(|own| uses.contains(own));
        if let Some(own) = own_name.filter(|_| question.kind == TargetKind::Plain) {
            return self.undecided(&Failure::Circular(own.clone()), case);
        }
        if is_indexed(case.expr, &|name| key.knows(&names::key(name)) || case.sheet.named.contains_key(name)) {
            return self.judge_indexed(case);
        }
        let node = self.world(case.sheet).own(case.expr, None);
        match node {
            Ok(node) => self.judge_node(case, &uses, node, carried),
            Err(Failure::IllTyped(fault)) => self.judge_ill_typed(case, &fault),
            Err(failure) => match self.ill_typed_through(&failure, case.sheet) {
                Some(fault) => self.judge_ill_typed(case, &fault),
                None => self.undecided(&failure, case),
            },
        }
    }

    /// Of several losses, the gradients are those of the one that is asked about.
    fn speak_of(&mut self, question: &Question) {
        let Subject::Gradient { loss, .. } = &question.subject else { return };
        if self.key.by_loss.len() > 1 {
            for (name, gradient) in self.key.by_loss.get(loss).into_iter().flatten() {
                self.scope.set(name, Meaning::Value(*gradient));
            }
        }
    }

    fn judge_indexed(&mut self, case: &Case) -> Judgement {
        match self.compare_indexed(case) {
            Comparison::Equal { .. } => Judgement::of(Verdict::Correct),
            Comparison::Differs { evidence, .. } => {
                let judgement = Judgement { evidence, ..Judgement::of(Verdict::Wrong) };
                let turned = negated(case.expr);
                let turned = self.compare_indexed(&Case { expr: &turned, ..*case });
                if turned.is_equal() { self.with_mistake(judgement, "sign", None) } else { judgement }
            }
            Comparison::Misshapen => Judgement::of(Verdict::Wrong),
            Comparison::Undefined => {
                let remark = self.through("its indices", "do not say which entries are meant", case);
                Judgement::of(Verdict::Unreadable).remark(remark)
            }
        }
    }

    pub(super) fn world<'a, 'w>(&'w mut self, sheet: &'w Sheet<'a>) -> World<'a, 'w> {
        World::new(self.key, sheet, &mut self.graph, &mut self.scope)
    }

    /// The shapes that do not fit in a name of the student's own that an answer uses.
    fn ill_typed_through(&mut self, failure: &Failure, sheet: &Sheet) -> Option<crate::diagnostic::Diagnostic> {
        let Failure::Through(name) = failure else { return None };
        match self.world(sheet).named(name) {
            Err(Failure::IllTyped(fault)) => Some(fault),
            Ok(_) | Err(Failure::Unreadable(_) | Failure::Through(_) | Failure::Circular(_)) => None,
        }
    }

    fn undecided(&self, failure: &Failure, case: &Case) -> Judgement {
        match failure {
            Failure::Unreadable(fault) | Failure::IllTyped(fault) => unreadable(fault, case.source),
            Failure::Through(name) => {
                Judgement::of(Verdict::Unreadable).remark(self.through(name, "can't be read", case))
            }
            Failure::Circular(name) => {
                Judgement::of(Verdict::Unreadable).remark(self.through(name, "is given in terms of itself", case))
            }
        }
    }

    fn through(&self, name: &str, what: &str, case: &Case) -> Remark {
        let (line, column) = case.source.position(case.expr.span().start);
        Remark::Unreadable { message: format!("`{name}` {what}"), line, column, help: Vec::new() }
    }

    /// An answer with a value: right, following, or wrong in some way.
    fn judge_node(&mut self, case: &Case, uses: &[String], node: NodeId, carried: &mut Carried) -> Judgement {
        let comparison = self.compare(case.place, node, Some(case.expr));
        match &comparison {
            Comparison::Equal { coarse: false, partly } => {
                let judgement = Judgement::of(Verdict::Correct);
                return if *partly { judgement.remark(Remark::PartlyUndefined) } else { judgement };
            }
            Comparison::Undefined => {
                let (line, column) = case.source.position(case.expr.span().start);
                let message = "it has no value at the data that were tried".to_string();
                let remark = Remark::Unreadable { message, line, column, help: Vec::new() };
                return Judgement::of(Verdict::Unreadable).remark(remark);
            }
            Comparison::Equal { .. } | Comparison::Differs { .. } | Comparison::Misshapen => {}
        }
        if let Some(judgement) = self.follows(case, uses, node, carried) {
            return judgement;
        }
        if let Some(judgement) = self.meant_otherwise(case, uses, carried) {
            return judgement;
        }
        if matches!(comparison, Comparison::Misshapen)
            && !self.is_transposed(case.place, node)
            && self.is_scalar_form(case)
        {
            return Judgement::of(Verdict::Notation).remark(Remark::ScalarForm);
        }
        self.wrong(case, node, comparison)
    }

    /// What is wrong with an answer that is wrong.
    fn wrong(&mut self, case: &Case, node: NodeId, comparison: Comparison) -> Judgement {
        let key = self.key;
        let question = &key.questions[case.place];
        let mut judgement = Judgement::of(Verdict::Wrong);
        match comparison {
            Comparison::Equal { .. } => {
                judgement = judgement.remark(Remark::TooCoarse { digits: 3 });
                return self.with_mistake(judgement, "rounded", None);
            }
            Comparison::Differs { evidence, wrong, total } => {
                judgement.evidence = evidence;
                if total > 1 && wrong.len() < total && !wrong.is_empty() {
                    let right = total - wrong.len();
                    let named = wrong.iter().take(NAMED_ENTRIES).map(|index| from_one(index)).collect();
                    judgement.remarks.push(Remark::Entries { wrong: named, right, total });
                    judgement.right_share = ratio(right, total);
                }
                if self.is_transposed(case.place, node) {
                    return self.with_mistake(judgement, "transposed-layout", None);
                }
                let single = total > 1 && wrong.len() == 1;
                if let Some(slip) = self.slip(case.place, node) {
                    return self.with_slip(judgement, &slip);
                }
                if single {
                    return self.with_mistake(judgement, "one-wrong-entry", None);
                }
                if total == 1 && self.is_arithmetic_slip(case.place, node) {
                    return self.with_mistake(judgement, "arithmetic-slip", None);
                }
            }
            Comparison::Misshapen | Comparison::Undefined => {
                let found = self.graph.shape(node).to_string();
                let expected = question.shape.to_string();
                judgement = judgement.remark(Remark::Shape { found, expected });
                if self.is_transposed(case.place, node) {
                    return self.with_mistake(judgement, "transposed-layout", None);
                }
                if let Some(slip) = self.slip(case.place, node) {
                    return self.with_slip(judgement, &slip);
                }
            }
        }
        match self.repair(case) {
            Some(name) => self.with_mistake(judgement, name, None),
            None => judgement,
        }
    }

    pub(super) fn with_slip(&self, judgement: Judgement, slip: &[(&'static str, Option<String>)]) -> Judgement {
        slip.iter().fold(judgement, |judgement, (name, within)| self.with_mistake(judgement, name, within.clone()))
    }

    fn judge_ill_typed(&mut self, case: &Case, fault: &crate::diagnostic::Diagnostic) -> Judgement {
        if self.is_scalar_form(case) {
            return Judgement::of(Verdict::Notation).remark(Remark::ScalarForm);
        }
        let (message, line, column) = placed(fault, case.source);
        let judgement = Judgement::of(Verdict::Wrong).remark(Remark::IllTyped { message, line, column });
        match self.repair(case) {
            Some(name) => self.with_mistake(judgement, name, None),
            None => judgement,
        }
    }

    /// An answer in single entries: each for itself.
    fn judge_entries(
        &mut self,
        place: usize,
        entries: &[(Vec<usize>, &Answer)],
        sheet: &Sheet,
        carried: &mut Carried,
        source: &Source,
    ) -> Judgement {
        let key = self.key;
        let question = &key.questions[place];
        let Some(value) = question.value.clone() else { return Judgement::of(Verdict::Unreadable) };
        let _ = carried;
        let (mut right, mut wrong) = (0, Vec::new());
        for (index, answer) in entries {
            let fits = index.len() == value.rank() && index.iter().zip(value.extents()).all(|(own, side)| own < side);
            let expr = as_expression(&answer.value).filter(|_| fits);
            let node = expr.map(|expr| self.world(sheet).own(expr, None));
            let found = match node {
                Some(Ok(node)) => self.given_value(place, node),
                Some(Err(failure)) if entries.len() == 1 => {
                    return self
                        .undecided(&failure, &Case { place, expr: expr.expect("it was lowered"), sheet, source });
                }
                Some(Err(_)) | None => None,
            };
            let close = found.zip(expr).is_some_and(|(found, expr)| {
                let right = Tensor::scalar(value.at(index).clone());
                closenesses(&found, &precisions(expr), &right, self.tolerance()).is_some_and(|all| all.wrong.is_empty())
            });
            if close { right += 1 } else { wrong.push(from_one(index)) }
        }
        let total = value.size();
        if right == total {
            return Judgement::of(Verdict::Correct);
        }
        let single = right + 1 == total && wrong.len() == 1;
        wrong.truncate(NAMED_ENTRIES);
        let mut judgement = Judgement::of(Verdict::Wrong).remark(Remark::Entries { wrong, right, total });
        judgement.right_share = ratio(right, total);
        if single { self.with_mistake(judgement, "one-wrong-entry", None) } else { judgement }
    }

    pub(super) fn tolerance(&self) -> &Tolerance {
        &self.key.solution.model.marking.tolerance
    }

    /// Whether a question is about a form: then an expression is compared at drawn data.
    pub(super) fn is_symbolic(&self, question: &Question) -> bool {
        let form = match &question.subject {
            Subject::Gradient { .. }
            | Subject::Updated(_)
            | Subject::Jacobian { .. }
            | Subject::Hessian { .. }
            | Subject::Directional { .. }
            | Subject::Entries(_)
            | Subject::Count => true,
            Subject::Value(_) => question.value.is_none(),
            Subject::Shape(_) | Subject::Descended { .. } | Subject::Minimum(_) | Subject::Fit { .. } => false,
        };
        form && question.at.is_none() && !self.key.drawn.is_empty()
    }

    /// The answer beside the right one: numbers with the problem's data, expressions at drawn data.
    pub(super) fn compare(&mut self, place: usize, node: NodeId, expr: Option<&Expr>) -> Comparison {
        let key = self.key;
        let question = &key.questions[place];
        let symbolic = self.is_symbolic(question);
        let constant = self.is_constant(node);
        if question.value.is_some() && (constant || !symbolic) {
            return self.compare_given(place, node, expr);
        }
        let comparison = self.compare_drawn(place, node, Drawn::Free);
        if !comparison.is_equal() && !key.held.is_empty() && self.has_data(node) {
            // Numbers may have been put in for some of the names.
            let held = self.compare_drawn(place, node, Drawn::Held);
            if held.is_equal() {
                return held;
            }
        }
        comparison
    }

    /// Whether numbers were put in for some of the names: a matrix, or a number that is no small whole one.
    fn has_data(&self, node: NodeId) -> bool {
        self.reaches(node, |kind| match kind {
            Kind::Literal(_) => true,
            Kind::Number(number) => number.to_integer().is_none_or(|number| number.abs() > 2),
            Kind::Leaf(_) | Kind::Symbol(_) | Kind::Size(_) | Kind::Ones(_) | Kind::Apply(..) => false,
        })
    }

    /// Whether a node is the same whatever the data are.
    pub(super) fn is_constant(&self, node: NodeId) -> bool {
        !self.reaches(node, |kind| matches!(kind, Kind::Leaf(_) | Kind::Size(_)))
    }

    fn reaches(&self, node: NodeId, wanted: impl Fn(&Kind) -> bool) -> bool {
        let mut seen = std::collections::BTreeSet::new();
        let mut waiting = vec![node];
        while let Some(id) = waiting.pop() {
            if wanted(self.graph.kind(id)) {
                return true;
            }
            waiting.extend(self.graph.operands(id).iter().filter(|operand| seen.insert(**operand)));
        }
        false
    }

    /// The exact value of a node with the data of a question.
    pub(super) fn given_value(&mut self, place: usize, node: NodeId) -> Option<Tensor<Number>> {
        let given = self.key.given_for(&self.key.questions[place]);
        self.graph.extend(&mut self.given[given].exact, node, &self.key.given[given].exact).ok()?;
        self.given[given].exact.get(node).cloned()
    }

    fn compare_given(&mut self, place: usize, node: NodeId, expr: Option<&Expr>) -> Comparison {
        let key = self.key;
        let question = &key.questions[place];
        let Some(right) = &question.value else { return Comparison::Undefined };
        let Some(found) = self.given_value(place, node) else { return Comparison::Undefined };
        let found = picked(found, question, right);
        let by_hand = || vec![Some(Precision::BY_HAND); found.size()];
        let written = expr.map_or_else(by_hand, precisions);
        self.beside(&found, &written, right)
    }

    /// A computed value beside the right one.
    pub(super) fn beside(
        &self,
        found: &Tensor<Number>,
        written: &[Option<Precision>],
        right: &Tensor<Number>,
    ) -> Comparison {
        let Some(all) = closenesses(found, written, right, self.tolerance()) else { return Comparison::Misshapen };
        match all.worst {
            Closeness::Same | Closeness::Rounded => Comparison::Equal { partly: false, coarse: false },
            Closeness::Coarse => Comparison::Equal { partly: false, coarse: true },
            Closeness::Off => {
                let entry = all.wrong.first().cloned().unwrap_or_default();
                let at = |value: &Tensor<Number>| {
                    value.entries().nth(flat(&entry, right.extents())).map_or(0.0, Number::to_f64)
                };
                let evidence = Evidence {
                    sizes: Vec::new(),
                    given: true,
                    seed: 0,
                    entry: entry.iter().map(|place| place + 1).collect(),
                    right: at(right),
                    found: at(found),
                };
                Comparison::Differs { evidence: Some(evidence), wrong: all.wrong, total: all.total }
            }
        }
    }

    fn compare_drawn(&mut self, question: usize, node: NodeId, drawn: Drawn) -> Comparison {
        let key = self.key;
        let question = &key.questions[question];
        let Some(reference) = question.node else { return Comparison::Undefined };
        if !same_shape(self.graph.shape(node), self.graph.shape(reference)) {
            return Comparison::Misshapen;
        }
        let mut agreed = 0;
        let (places, tables) = match drawn {
            Drawn::Free => (&key.drawn, &mut self.drawn),
            Drawn::Held => (&key.held, &mut self.held),
        };
        let count = places.len();
        for (place, values) in places.iter().zip(tables) {
            if self.graph.extend(values, node, &place.environment).is_err() {
                continue;
            }
            let (Some(found), Some(right)) = (values.get(node), values.get(reference)) else { continue };
            match same(found, right) {
                None => return Comparison::Misshapen,
                Some(Ok(())) => agreed += 1,
                Some(Err(entry)) => {
                    let index = flat(&entry, right.extents());
                    let at = |value: &Tensor<f64>| value.entries().nth(index).copied().unwrap_or(f64::NAN);
                    let evidence = Evidence {
                        sizes: place.sizes.iter().map(|(name, size)| (name.clone(), *size)).collect(),
                        given: false,
                        seed: place.seed,
                        entry: entry.iter().map(|index| index + 1).collect(),
                        right: at(right),
                        found: at(found),
                    };
                    return Comparison::Differs { evidence: Some(evidence), wrong: Vec::new(), total: 0 };
                }
            }
        }
        if drawn == Drawn::Free && !self.agree_exactly(node, reference) {
            return Comparison::Differs { evidence: None, wrong: Vec::new(), total: 0 };
        }
        match agreed {
            0 => Comparison::Undefined,
            agreed if agreed < ENOUGH_PLACES.min(count) => Comparison::Undefined,
            agreed => Comparison::Equal { partly: agreed < count, coarse: false },
        }
    }

    /// Whether a number is right but for a digit, or for a term of the sum that it is.
    fn is_arithmetic_slip(&mut self, place: usize, node: NodeId) -> bool {
        let question = &self.key.questions[place];
        let (Some(found), Some(right)) = (self.given_value(place, node), &question.value) else { return false };
        let (found, right) = (found.first().clone(), right.first().clone());
        is_digit_slip(&found, &right) || is_term_slip(found.to_f64(), right.to_f64(), &self.terms(place))
    }

    /// The terms that a number is the sum of, where its operator is a sum.
    fn terms(&mut self, place: usize) -> Vec<f64> {
        let Some(reference) = self.key.questions[place].node else { return Vec::new() };
        let definition = self.graph.as_symbol(reference).map_or(reference, |symbol| symbol.definition);
        let Some((op, operands)) = self.graph.as_apply(definition).map(|(op, all)| (op.clone(), all.to_vec())) else {
            return Vec::new();
        };
        let values: Option<Vec<Tensor<Number>>> = operands.iter().map(|id| self.given_value(place, *id)).collect();
        let Some(values) = values else { return Vec::new() };
        match op.account(&values.iter().collect::<Vec<_>>(), &[]) {
            Account::Terms(terms) => terms.iter().map(Number::to_f64).collect(),
            Account::Products { groups, .. } => {
                groups.iter().flatten().map(|(left, right)| left.to_f64() * right.to_f64()).collect()
            }
            Account::Squares { factor, pairs } => {
                let square = |(a, b): &(Number, Number)| (a.to_f64() - b.to_f64()).powi(2) * factor.to_f64();
                pairs.iter().map(square).collect()
            }
            Account::Mean { .. }
            | Account::Logarithms { .. }
            | Account::Choice { .. }
            | Account::Exponentials { .. }
            | Account::Formula
            | Account::Moved { .. } => Vec::new(),
        }
    }

    /// Whether rows and columns are exchanged throughout.
    fn is_transposed(&mut self, place: usize, node: NodeId) -> bool {
        let key = self.key;
        let question = &key.questions[place];
        let Some(reference) = question.node else { return false };
        if !transposed_shape(self.graph.shape(node), self.graph.shape(reference)) {
            return false;
        }
        match self.graph.apply(crate::ops::Transpose, &[node]) {
            Ok(transposed) => self.compare(place, transposed, None).is_equal(),
            Err(_) => false,
        }
    }
}

/// The asked entry, where a whole matrix is given for it.
fn picked(found: Tensor<Number>, question: &Question, right: &Tensor<Number>) -> Tensor<Number> {
    let index: Vec<usize> = question.entry.iter().filter_map(|place| place.checked_sub(1)).collect();
    let inside = index.len() == found.rank() && index.iter().zip(found.extents()).all(|(place, side)| place < side);
    match !index.is_empty() && right.size() == 1 && found.size() > 1 && inside {
        true => Tensor::scalar(found.at(&index).clone()),
        false => found,
    }
}

fn negated(expr: &Expr) -> Expr {
    let mut nodes = expr.nodes.clone();
    nodes.push(ExprNode { kind: ExprKind::Negate(expr.root()), span: expr.span() });
    Expr { nodes }
}

fn flat(index: &[usize], extents: &[usize]) -> usize {
    index.iter().zip(extents).fold(0, |flat, (place, extent)| flat * extent + place)
}

pub(super) fn from_one(index: &[usize]) -> String {
    let places: Vec<String> = index.iter().map(|place| (place + 1).to_string()).collect();
    format!("[{}]", places.join(", "))
}

pub(super) fn ratio(right: usize, total: usize) -> Option<Number> {
    let (right, total) = (i64::try_from(right).ok()?, i64::try_from(total).ok()?);
    (total > 0).then(|| Number::ratio(right, total))
}

fn unreadable(fault: &crate::diagnostic::Diagnostic, source: &Source) -> Judgement {
    let (message, line, column) = placed(fault, source);
    Judgement::of(Verdict::Unreadable).remark(Remark::Unreadable { message, line, column, help: fault.help.clone() })
}
