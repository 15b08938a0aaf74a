//! The answer box.

use super::{Equation, Maths, Pieces, Viewer};
use crate::answer::{Answer, FitPart, Subject};
use crate::graph::{NodeId, SymbolName};
use crate::math::Math;
use crate::model::EntryIndex;
use crate::render::notation::Style;
use crate::render::{indices, notation};
use serde::Serialize;
use std::collections::BTreeSet;

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
    /// Why that is so, where lines of the model were put in.
    pub because: Option<Pieces>,
    pub shape: Maths,
    pub value: Option<Maths>,
    /// Whether the value is shown without rounding.
    pub exact: bool,
    /// `a = 8`
    pub at: Option<Maths>,
    pub points: Option<String>,
    /// The answer in words, with formulas in it.
    pub told: Option<Pieces>,
}

/// So many entries are written one by one.
const FEW: usize = 4;

/// A form of so many characters is an answer by itself.
const SHORT: usize = 44;
/// A longer one, more than a line, says less than the steps do.
const LONG: usize = 100;

impl Viewer<'_> {
    pub(super) fn answers(&self) -> Vec<AnswerView> {
        let is_told = |answer: &&Answer| match answer.subject {
            Subject::Fit { family, .. } => self.is_chosen(answer.task, family),
            _ => true,
        };
        let mut answers: Vec<AnswerView> =
            self.solution.answers.iter().filter(is_told).map(|answer| self.answer(answer)).collect();
        // What holds of the next one too is said there.
        for place in 1..answers.len() {
            if answers[place].because == answers[place - 1].because {
                answers[place - 1].because = None;
            }
        }
        answers
    }

    fn answer(&self, answer: &Answer) -> AnswerView {
        if let Subject::Entries(id) = answer.subject {
            return self.entries_answer(answer, id);
        }
        let is_form = match answer.subject {
            Subject::Gradient { .. } | Subject::Count => answer.at.is_none(),
            Subject::Jacobian { .. } | Subject::Hessian { .. } | Subject::Directional { .. } => true,
            Subject::Part(_) => true,
            Subject::Updated(_) => answer.value.is_none(),
            Subject::Value(_)
            | Subject::Shape(_)
            | Subject::Entries(_)
            | Subject::Descended { .. }
            | Subject::Fit { .. }
            | Subject::Minimum(_) => false,
        };
        let stepped = answer.expanded.filter(|_| matches!(answer.subject, Subject::Updated(_)));
        let form = answer.form.filter(|_| is_form);
        let form = form.map(|form| self.answer_form(answer, self.short_form(answer).or(stepped).unwrap_or(form)));
        let expanded = answer.expanded.filter(|_| is_form && self.is_worth_writing(answer));
        let expanded = expanded.map(|expanded| self.answer_form(answer, expanded));
        AnswerView {
            task: answer.task,
            kind: kind(&answer.subject),
            name: match answer.subject {
                Subject::Fit { family, part } => self.fit_name(answer.task, family, part),
                _ => self.subject(&answer.subject),
            },
            because: answer.because.as_ref().map(|because| self.say(because)),
            expanded: expanded.filter(|expanded| answer.because.is_some() || Some(expanded) != form.as_ref()),
            shape: notation::shape(&answer.shape, self.style),
            // A form that is a number says its value.
            value: answer.value.as_ref().filter(|value| form.as_ref() != Some(&self.tensor(value))).map(|value| {
                match answer.subject {
                    Subject::Descended { .. } => self.write(&self.fine(value)),
                    Subject::Fit { family, part: FitPart::Coefficients } => {
                        self.fitted_curve(answer.task, family).unwrap_or_default()
                    }
                    _ => self.tensor(value),
                }
            }),
            exact: match answer.subject {
                Subject::Fit { family, part: FitPart::Coefficients } => self.is_curve_exact(answer.task, family),
                _ => answer.value.as_ref().is_none_or(|value| self.is_exact(value)),
            },
            at: answer.at.as_ref().map(|point| self.point(point)),
            points: answer.points.as_ref().map(super::points),
            told: match &answer.subject {
                Subject::Part(part) => part.told.as_ref().map(|told| self.say(told)),
                _ => None,
            },
            form,
        }
    }

    /// A gradient in the model's own quantities, where that is a short line for all of the task's gradients.
    fn short_form(&self, answer: &Answer) -> Option<NodeId> {
        let is_short = |answer: &Answer| answer.expanded.is_some_and(|form| self.length(answer, form) <= SHORT);
        let is_gradient = |answer: &&Answer| matches!(answer.subject, Subject::Gradient { .. });
        let mut all = self.solution.answers.iter().filter(|other| other.task == answer.task).filter(is_gradient);
        answer.expanded.filter(|_| is_gradient(&answer) && all.all(is_short))
    }

    /// Whether a form is short enough to be read once more in the model's own quantities.
    fn is_worth_writing(&self, answer: &Answer) -> bool {
        answer.value.is_none() && answer.expanded.is_some_and(|expanded| self.length(answer, expanded) <= LONG)
    }

    /// The characters of a form, written as text.
    fn length(&self, answer: &Answer, form: NodeId) -> usize {
        let viewer = Viewer { style: Style::Text, ..*self };
        viewer.answer_form(answer, form).chars().count()
    }

    fn entries_answer(&self, answer: &Answer, id: NodeId) -> AnswerView {
        let Equation { name, form, .. } = self.entries(id);
        AnswerView {
            task: answer.task,
            kind: kind(&answer.subject),
            name,
            form: Some(form),
            expanded: None,
            because: None,
            shape: notation::shape(&answer.shape, self.style),
            value: None,
            exact: true,
            at: None,
            points: answer.points.as_ref().map(super::points),
            told: None,
        }
    }

    /// `y_j = Σ_k x_k W_{kj} + b_j`; a few entries that are known by their number stand as a matrix.
    pub(super) fn entries(&self, id: NodeId) -> Equation {
        let graph = self.graph();
        let body = graph.as_symbol(id).map_or(id, |symbol| symbol.definition);
        let entry = |of: NodeId, row: &str, column: &str| indices::entry_of_data(graph, self.style, of, [row, column]);
        let written = |of: NodeId, row: &str, column: &str| entry(of, row, column).map(|math| self.write(&math));
        let named = indices::entry(graph, self.style, id, ["i", "j"]).map(|math| self.write(&math));
        let whole = Equation { name: self.print(id), form: self.definition(id), shape: self.shape(id) };
        let sides = graph.shape(id).as_integers().filter(|sides| sides.len() == 2);
        match sides.as_deref() {
            _ if graph.shape(id).is_scalar() => {
                Equation { form: written(body, "1", "1").unwrap_or(whole.form), ..whole }
            }
            Some([1, 1]) => Equation { form: written(body, "1", "1").unwrap_or(whole.form), ..whole },
            Some([rows, columns]) if rows * columns <= FEW => {
                let row = |row: usize| {
                    (1..=*columns).map(|column| entry(body, &row.to_string(), &column.to_string())).collect()
                };
                let cells: Option<Vec<Vec<Math>>> = (1..=*rows).map(row).collect();
                let form = cells.map(|cells| self.write(&Math::Grid(cells)));
                Equation { form: form.unwrap_or(whole.form), ..whole }
            }
            _ => match (named, written(body, "i", "j")) {
                (Some(name), Some(form)) => Equation { name, form, ..whole },
                (_, _) => whole,
            },
        }
    }

    /// A form, or its entry where the task asked for `dW[i, j]` or `dW[1, 2]`.
    fn answer_form(&self, answer: &Answer, form: NodeId) -> Maths {
        let index: Vec<String> = match &answer.subject {
            Subject::Gradient { entry, .. } => entry.iter().map(EntryIndex::to_string).collect(),
            _ => Vec::new(),
        };
        let body = self.graph().as_symbol(form).map_or(form, |symbol| symbol.definition);
        let entry = match index.as_slice() {
            [row, column] => indices::entry(self.graph(), self.style, body, [row, column]),
            _ => None,
        };
        entry.map_or_else(|| self.definition(form), |math| self.write(&math))
    }

    /// The gradients that a task's answers mention, with what they stand for: `δY = Y − X`. What was `stated` before,
    /// by an answer or here, is left out.
    pub(super) fn deltas(&self, task: usize, stated: &mut BTreeSet<NodeId>) -> Vec<Equation> {
        let mut waiting: Vec<NodeId> = Vec::new();
        for answer in self.solution.answers.iter().filter(|answer| answer.task == task) {
            let whole = match &answer.subject {
                Subject::Gradient { .. } if self.short_form(answer).is_some() => continue,
                Subject::Gradient { of, loss, .. } => self.derived(*of, *loss),
                Subject::Jacobian { .. } | Subject::Hessian { .. } | Subject::Directional { .. } => None,
                Subject::Value(_)
                | Subject::Part(_)
                | Subject::Shape(_)
                | Subject::Entries(_)
                | Subject::Count
                | Subject::Updated(_)
                | Subject::Descended { .. }
                | Subject::Minimum(_)
                | Subject::Fit { .. } => continue,
            };
            waiting.extend(whole.or(answer.form));
        }
        stated.extend(waiting.iter().copied());
        let mut found = BTreeSet::new();
        while let Some(form) = waiting.pop() {
            let new = self.mentioned(form).into_iter().filter(|symbol| stated.insert(*symbol)).collect::<Vec<_>>();
            found.extend(new.iter().copied());
            waiting.extend(new);
        }
        found.into_iter().map(|symbol| self.equation(symbol)).collect()
    }

    /// The symbol of a gradient that was derived.
    fn derived(&self, of: NodeId, loss: NodeId) -> Option<NodeId> {
        let gradients = self.solution.gradients.iter().find(|gradients| gradients.loss == loss)?;
        gradients.of.get(&of).copied()
    }

    /// The gradient symbols that a form, or a symbol's definition, mentions.
    fn mentioned(&self, form: NodeId) -> Vec<NodeId> {
        let definition = self.graph().as_symbol(form).map_or(form, |symbol| symbol.definition);
        let (mut mentioned, mut waiting, mut seen) = (Vec::new(), vec![definition], BTreeSet::new());
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
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
        Subject::Entries(_) => "entries",
        Subject::Count => "count",
        Subject::Updated(_) => "updated",
        Subject::Descended { .. } => "descent",
        Subject::Minimum(_) => "minimum",
        Subject::Fit { .. } => "fit",
        Subject::Jacobian { .. } => "jacobian",
        Subject::Hessian { .. } => "hessian",
        Subject::Directional { .. } => "directional",
        Subject::Part(part) => part.kind,
    }
}
