//! What is right and is not all that was asked for: a formula for a number, a gradient that rests on one nowhere derived, a
//! number that anyone might guess.

use super::judge::{Case, Judgement};
use super::marker::Marker;
use super::marks::{Remark, Verdict};
use super::sheet::{Sheet, as_expression, used_names};
use crate::answer::{Subject, Wanted};
use crate::graph::NodeId;
use crate::ops::mistake::{UNDERIVED, UNEVALUATED};
use crate::ops::{Mistake, Op};
use crate::syntax::ast::Expr;
use crate::tasks::Ask;
use std::collections::BTreeSet;

/// Whole numbers up to this are guessed more often than worked out.
const GUESSED: f64 = 20.0;
/// A number of so many digits may be explained by two mistakes though none was made.
const TELLING: usize = 3;
/// The one mistake that is believed of a small whole number.
const BELIEVED: &str = Mistake::SIGN;

/// The significant digits of a number.
fn digits(value: f64) -> usize {
    format!("{value:e}").bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count()
}

impl Marker<'_> {
    /// A verdict with what the answer lacks although it is right.
    pub(super) fn as_asked(&self, case: &Case, uses: &[String], judgement: Judgement) -> Judgement {
        let right = match judgement.verdict {
            Verdict::Correct | Verdict::FollowThrough => true,
            Verdict::Partial | Verdict::Wrong | Verdict::Notation => false,
            Verdict::Underived | Verdict::Unevaluated | Verdict::Unreadable | Verdict::Missing => return judgement,
        };
        let named = if self.wants_number(case.place) { self.model_names(case.sheet, case.expr) } else { Vec::new() };
        if !named.is_empty() {
            return match right {
                true => self.short_of(judgement, Verdict::Unevaluated, Remark::Unevaluated { names: named }),
                false => Judgement { paid: false, right_share: None, ..judgement },
            };
        }
        let underived = self.underived(case, uses);
        match right && !underived.is_empty() {
            true if self.is_stated(case.place) => {
                self.short_of(judgement, Verdict::Unevaluated, Remark::Unevaluated { names: underived })
            }
            true => self.short_of(judgement, Verdict::Underived, Remark::Underived { names: underived }),
            false => judgement,
        }
    }

    fn short_of(&self, judgement: Judgement, verdict: Verdict, remark: Remark) -> Judgement {
        let name = if verdict == Verdict::Underived { UNDERIVED } else { UNEVALUATED };
        match self.key.solution.model.marking.accepted.contains(name) {
            true => judgement,
            false => Judgement { verdict, ..judgement }.remark(remark),
        }
    }

    /// Whether a question wants a value that the problem's numbers give.
    pub(super) fn wants_number(&self, place: usize) -> bool {
        let question = &self.key.questions[place];
        let task = question.task.checked_sub(1).and_then(|task| self.key.solution.model.tasks.get(task));
        question.value.is_some() && task.is_some_and(|task| matches!(task.ask, Ask::Compute(_)))
    }

    /// Whether a question itself says how its number is made of gradients: `give da + db as t`.
    fn is_stated(&self, place: usize) -> bool {
        let question = &self.key.questions[place];
        let Subject::Part(part) = &question.subject else { return false };
        part.within.is_empty() && matches!(part.wanted, Wanted::Form) && question.value.is_some()
    }

    /// The names of the problem's own that an expression uses, itself or through names of the student's own.
    pub(super) fn model_names(&self, sheet: &Sheet, expr: &Expr) -> Vec<String> {
        let own = |name: &str| self.key.is_free(name);
        self.reached(sheet, &used_names(self.key, expr), own, |name| self.key.authored(name).is_some())
    }

    /// The gradients that an answer rests on and that no line derives. What is asked for is paid for where it is asked.
    fn underived(&self, case: &Case, uses: &[String]) -> Vec<String> {
        let asked = |name: &str| self.key.questions.iter().any(|question| question.keys.iter().any(|own| own == name));
        let inner = |name: &str| case.sheet.named.contains_key(name) && !asked(name);
        self.reached(case.sheet, uses, inner, |name| {
            let stands = case.sheet.named.contains_key(name) || case.sheet.lost.contains(name);
            self.is_gradient(name) && !stands
        })
    }

    /// Whether a name stands for a gradient of ours, and not for what the problem gives.
    fn is_gradient(&self, name: &str) -> bool {
        let meaning = self.key.meaning(name);
        let mut all = self.key.by_loss.values().flatten();
        // What arrives is given.
        meaning.is_some_and(|id| self.key.graph().as_leaf(id).is_none())
            && all.any(|(own, gradient)| own == name && (meaning == Some(*gradient) || self.key.by_loss.len() > 1))
    }

    /// The wanted ones among names and what those that are followed are made of.
    pub(super) fn reached(
        &self,
        sheet: &Sheet,
        from: &[String],
        followed: impl Fn(&str) -> bool,
        wanted: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let (mut seen, mut waiting, mut found) = (BTreeSet::new(), from.to_vec(), Vec::new());
        while let Some(name) = waiting.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if followed(&name) {
                let lines = sheet.lines.get(&name).into_iter().flatten();
                let exprs = lines.filter_map(|answer| as_expression(&answer.value));
                waiting.extend(exprs.flat_map(|expr| used_names(self.key, expr)));
            }
            if wanted(&name) {
                found.push(name);
            }
        }
        found.sort();
        found
    }

    /// A mistake is paid where something says that it was made: a small whole number, 0 and 1 before all others, is what
    /// somebody writes who knows nothing.
    pub(super) fn on_evidence(&mut self, case: &Case, node: NodeId, judgement: Judgement) -> Judgement {
        if self.is_name(node) && judgement.mistakes != [BELIEVED] && judgement.paid {
            return Judgement { paid: false, ..judgement }.remark(Remark::Guessed);
        }
        let Some(value) = self.uniform_value(node) else { return judgement };
        let guessed = value.fract() == 0.0 && value.abs() <= GUESSED;
        let right = self.key.questions[case.place].value.as_ref();
        let uniform = right.is_some_and(|right| right.entries().all(|entry| entry == right.first()));
        let turned = right.is_some_and(|right| right.first().to_f64() == -value);
        let believed = judgement.mistakes == [BELIEVED] && uniform && turned && value != 0.0 && value != 1.0;
        // No number is nearly a formula.
        let guessed = guessed || right.is_none() || judgement.mistakes.len() > 1 && digits(value) <= TELLING;
        match guessed && !believed && judgement.paid {
            true => Judgement { paid: false, ..judgement }.remark(Remark::Guessed),
            false => judgement,
        }
    }

    /// Whether an answer is a value of the problem's own as it stands, or one that its lines name.
    pub(super) fn is_name(&self, node: NodeId) -> bool {
        match self.graph.as_apply(node) {
            Some((Op::Neg(_) | Op::Transpose(_), operands)) => self.is_name(operands[0]),
            Some(_) => false,
            None => self.graph.as_leaf(node).is_some() || self.graph.as_symbol(node).is_some(),
        }
    }

    /// Whether an answer is one number throughout.
    pub(super) fn is_uniform(&mut self, node: NodeId) -> bool {
        self.uniform_value(node).is_some()
    }

    /// The number that a constant answer has everywhere.
    fn uniform_value(&mut self, node: NodeId) -> Option<f64> {
        if !self.is_constant(node) {
            return None;
        }
        let key = self.key;
        let drawn = key.drawn.first().map(|place| (&place.environment, &mut self.drawn[0]));
        let (environment, values) = drawn.unwrap_or((&key.given[0].place.environment, &mut self.given[0].doubles));
        self.graph.extend(values, node, environment).ok()?;
        let value = values.get(node)?;
        value.entries().all(|entry| entry == value.first()).then(|| *value.first())
    }
}
