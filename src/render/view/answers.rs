//! The answer box.

use super::{Equation, Maths, Viewer};
use crate::answer::{Answer, FitPart, Subject};
use crate::graph::{NodeId, SymbolName};
use crate::model::EntryIndex;
use crate::render::{indices, notation};
use serde::Serialize;

/// One asked result.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerView {
    pub task: usize,
    /// `value`, `gradient`, `shape`, `count`, `updated`
    pub kind: &'static str,
    pub name: Maths,
    /// In terms of deltas and model names; none where only the value is of interest.
    pub form: Option<Maths>,
    /// Written out in the model's own names, where that says more.
    pub expanded: Option<Maths>,
    pub shape: Maths,
    pub value: Option<Maths>,
    /// Whether the value is shown without rounding.
    pub exact: bool,
    /// `a = 8`
    pub at: Option<Maths>,
    pub points: Option<String>,
}

impl Viewer<'_> {
    pub(super) fn answers(&self) -> Vec<AnswerView> {
        let is_told = |answer: &&Answer| match answer.subject {
            Subject::Fit { family, .. } => self.is_chosen(answer.task, family),
            _ => true,
        };
        self.solution.answers.iter().filter(is_told).map(|answer| self.answer(answer)).collect()
    }

    fn answer(&self, answer: &Answer) -> AnswerView {
        let is_form = match answer.subject {
            Subject::Gradient { .. } | Subject::Count => answer.at.is_none(),
            Subject::Jacobian { .. } | Subject::Hessian { .. } | Subject::Directional { .. } => true,
            Subject::Value(_)
            | Subject::Shape(_)
            | Subject::Updated(_)
            | Subject::Descended { .. }
            | Subject::Fit { .. }
            | Subject::Minimum(_) => false,
        };
        let form = answer.form.filter(|_| is_form).map(|form| self.answer_form(answer, form));
        let expanded = answer.expanded.filter(|_| is_form).map(|expanded| self.answer_form(answer, expanded));
        AnswerView {
            task: answer.task,
            kind: kind(&answer.subject),
            name: match answer.subject {
                Subject::Fit { family, part } => self.fit_name(answer.task, family, part),
                _ => self.subject(&answer.subject),
            },
            expanded: expanded.filter(|expanded| Some(expanded) != form.as_ref()),
            form,
            shape: notation::shape(&answer.shape, self.style),
            value: answer.value.as_ref().map(|value| match answer.subject {
                Subject::Descended { .. } => self.fine(value),
                Subject::Fit { family, part: FitPart::Coefficients } => {
                    self.fitted_curve(answer.task, family).unwrap_or_default()
                }
                _ => self.tensor(value),
            }),
            exact: match answer.subject {
                Subject::Fit { family, part: FitPart::Coefficients } => self.is_curve_exact(answer.task, family),
                _ => answer.value.as_ref().is_none_or(|value| self.is_exact(value)),
            },
            at: answer.at.as_ref().map(|point| self.point(point)),
            points: answer.points.as_ref().map(super::points),
        }
    }

    /// A form, or its general entry where the task asked for `dW[i, j]`.
    fn answer_form(&self, answer: &Answer, form: NodeId) -> Maths {
        let body = self.graph().as_symbol(form).map_or(form, |symbol| symbol.definition);
        let index: Vec<&str> = match &answer.subject {
            Subject::Gradient { entry, .. } => entry.iter().filter_map(EntryIndex::as_name).collect(),
            _ => Vec::new(),
        };
        let entry = match index.as_slice() {
            [row, column] => indices::entry(self.graph(), self.style, body, [row, column]),
            _ => None,
        };
        entry.unwrap_or_else(|| self.definition(form))
    }

    /// The names of ours that the answers' forms mention, with what they stand for: `δY = Y − X`.
    pub(super) fn deltas(&self) -> Vec<Equation> {
        let asked = self.solution.answers.iter().filter(|answer| matches!(answer.subject, Subject::Gradient { .. }));
        let mut waiting: Vec<NodeId> = asked.filter_map(|answer| answer.form).collect();
        let mut found: Vec<NodeId> = Vec::new();
        let mut seen: Vec<NodeId> = waiting.clone();
        while let Some(form) = waiting.pop() {
            for symbol in self.mentioned(form) {
                if !seen.contains(&symbol) {
                    seen.push(symbol);
                    found.push(symbol);
                    waiting.push(symbol);
                }
            }
        }
        found.sort();
        found.into_iter().map(|symbol| self.equation(symbol)).collect()
    }

    /// The gradient symbols that a symbol's definition mentions.
    fn mentioned(&self, symbol: NodeId) -> Vec<NodeId> {
        let Some(definition) = self.graph().as_symbol(symbol).map(|symbol| symbol.definition) else {
            return Vec::new();
        };
        let (mut mentioned, mut waiting) = (Vec::new(), vec![definition]);
        while let Some(id) = waiting.pop() {
            match self.graph().as_symbol(id).map(|symbol| &symbol.name) {
                Some(SymbolName::Gradient { .. }) => mentioned.push(id),
                Some(SymbolName::Model(_) | SymbolName::Generated(_)) => {}
                None => waiting.extend(self.graph().operands(id)),
            }
        }
        mentioned
    }
}

pub fn kind(subject: &Subject) -> &'static str {
    match subject {
        Subject::Value(_) => "value",
        Subject::Gradient { .. } => "gradient",
        Subject::Shape(_) => "shape",
        Subject::Count => "count",
        Subject::Updated(_) => "updated",
        Subject::Descended { .. } => "descent",
        Subject::Minimum(_) => "minimum",
        Subject::Fit { .. } => "fit",
        Subject::Jacobian { .. } => "jacobian",
        Subject::Hessian { .. } => "hessian",
        Subject::Directional { .. } => "directional",
    }
}
