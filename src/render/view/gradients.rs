//! The backward pass, a row a step.

use super::laws::{Cited, LawView};
use super::{Maths, Viewer, points};
use crate::answer::Subject;
use crate::differentiate::{Contribution, GradientStep, Gradients};
use crate::graph::NodeId;
use crate::model::{Derivative, Steps};
use crate::number::Number;
use crate::render::notation::{Piecewise, Style};
use serde::Serialize;
use std::collections::BTreeSet;

/// The gradients of one loss.
#[derive(Clone, Debug, Serialize)]
pub struct GradientsView {
    pub loss: Maths,
    pub full: bool,
    /// The general rules that the rows are the first to cite, each proved once.
    pub laws: Vec<LawView>,
    /// Empty where earlier tasks have shown all of them.
    pub rows: Vec<Row>,
}

/// One step, or a layer's parameters together.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub number: usize,
    pub cells: Vec<Cell>,
    pub because: Because,
    /// What the row's asked results are worth together.
    pub marks: Option<String>,
    #[serde(skip)]
    earned: Option<Number>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// `\delta_Z`, or `\frac{\partial L}{\partial W}` for what was asked
    pub name: Maths,
    /// What it is equal to, from the definition to the result; the result is last.
    pub chain: Vec<Maths>,
    pub result: Maths,
    pub shape: Maths,
    /// The result by cases, where a piecewise operator made it.
    pub cases: Option<Maths>,
    pub value: Option<Maths>,
    pub exact: bool,
    /// An asked result.
    pub asked: bool,
}

/// Why a step holds, in data.
#[derive(Clone, Debug, Serialize)]
pub struct Because {
    /// `definition`: one use, `paths`: several uses that add
    pub kind: &'static str,
    /// What the row is about: `Z`
    pub of: Maths,
    /// How many contributions add.
    pub count: usize,
    /// The lines that use it: `Y = Z W_2 + b_2`
    pub uses: Vec<Maths>,
    /// The rules that apply, by label.
    pub laws: Vec<String>,
}

/// What earlier parts of the document have shown.
#[derive(Default)]
pub(super) struct Shown {
    /// Values and gradients, by their symbols.
    pub nodes: BTreeSet<NodeId>,
    /// The losses whose gradients a descent has told, with their parameters.
    pub descents: BTreeSet<(NodeId, Vec<NodeId>)>,
    pub laws: Cited,
}

impl Viewer<'_> {
    /// The steps that lead to the asked gradients (to all, if none is asked for) and that were not `shown` before.
    pub(super) fn gradients(
        &self,
        task: usize,
        gradients: &Gradients,
        asked: &[Derivative],
        shown: &mut Shown,
    ) -> GradientsView {
        let full = self.solution.model.settings.steps == Steps::Full;
        let roots: Vec<NodeId> = asked
            .iter()
            .filter(|derivative| derivative.loss == gradients.loss)
            .filter_map(|derivative| gradients.of.get(&derivative.of).copied())
            .collect();
        let needed = self.graph().needed(&roots);
        let known = shown.laws.count();
        let mut rows: Vec<Row> = Vec::new();
        let mut told_by_cases = false;
        let mut previous: Option<(NodeId, bool)> = None;
        for step in &gradients.steps {
            if !(asked.is_empty() || needed[step.gradient.place()]) || !shown.nodes.insert(step.gradient) {
                continue;
            }
            let is_leaf = self.graph().as_leaf(step.of).is_some();
            let marks = self.marks(task, step.of, gradients.loss);
            let through = step.contributions[0].through;
            let single = step.contributions.len() == 1;
            let mut cell = self.cell(step, gradients, asked, full);
            // Once is enough, unless every step is to be told.
            if !full && told_by_cases {
                cell.cases = None;
            }
            told_by_cases |= cell.cases.is_some();
            let because = self.because(step, gradients, &mut shown.laws);
            // A layer's parameters share a row.
            match rows.last_mut() {
                Some(row) if !full && is_leaf && single && previous == Some((through, true)) => {
                    row.cells.push(cell);
                    row.earned = match (row.earned.take(), marks) {
                        (Some(earned), Some(marks)) => Some(&earned + &marks),
                        (earned, marks) => earned.or(marks),
                    };
                    for label in because.laws {
                        if !row.because.laws.contains(&label) {
                            row.because.laws.push(label);
                        }
                    }
                }
                _ => rows.push(Row { number: rows.len() + 1, cells: vec![cell], because, earned: marks, marks: None }),
            }
            previous = Some((through, is_leaf && single));
        }
        for row in &mut rows {
            row.marks = row.earned.as_ref().map(points);
        }
        GradientsView { loss: self.print(gradients.loss), full, laws: shown.laws.since(known), rows }
    }

    /// The marks of an asked gradient.
    fn marks(&self, task: usize, of: NodeId, loss: NodeId) -> Option<Number> {
        let subject = Subject::Gradient { of, loss, entry: Vec::new() };
        let mut answers = self.solution.answers.iter();
        answers.find(|answer| answer.task == task && answer.subject == subject)?.points.clone()
    }

    fn cell(&self, step: &GradientStep, gradients: &Gradients, asked: &[Derivative], full: bool) -> Cell {
        let is_asked = asked.iter().any(|derivative| derivative.of == step.of && derivative.loss == gradients.loss);
        let derivative = self.derivative(step.of, gradients.loss);
        let result = self.definition(step.gradient);
        let mut chain = Vec::new();
        if full {
            chain.push(derivative.clone());
            chain.push(self.chain_rule(step, gradients.loss));
        }
        if chain.last() != Some(&result) {
            chain.push(result.clone());
        }
        let is_leaf = self.graph().as_leaf(step.of).is_some();
        let value = self.solution.values.get(step.gradient);
        Cell {
            name: if is_leaf && !full { derivative } else { self.print(step.gradient) },
            cases: self.cases(step.gradient),
            chain,
            result,
            shape: self.shape(step.gradient),
            value: value.map(|value| self.tensor(value)),
            exact: value.is_some_and(|value| self.is_exact(value)),
            asked: is_asked,
        }
    }

    /// `(∂Z4/∂Z3)(∂L/∂Z4)`, a product for each use.
    fn chain_rule(&self, step: &GradientStep, loss: NodeId) -> Maths {
        let factor = |contribution: &Contribution| {
            let through = contribution.through;
            if through == loss {
                let (of, body) = (self.print(step.of), self.definition(loss));
                return match self.style {
                    Style::Latex => format!("\\frac{{\\partial}}{{\\partial {of}}}\\left[{body}\\right]"),
                    Style::Plain | Style::Text => format!("∂/∂{of} [{body}]"),
                };
            }
            let (local, upstream) = (self.derivative(step.of, through), self.derivative(through, loss));
            match self.style {
                Style::Latex => format!("{local}\\,{upstream}"),
                Style::Plain | Style::Text => format!("{local} · {upstream}"),
            }
        };
        step.contributions.iter().map(factor).collect::<Vec<_>>().join(" + ")
    }

    fn because(&self, step: &GradientStep, gradients: &Gradients, cited: &mut Cited) -> Because {
        let mut throughs: Vec<NodeId> = Vec::new();
        let mut laws: Vec<String> = Vec::new();
        for contribution in &step.contributions {
            if !throughs.contains(&contribution.through) {
                throughs.push(contribution.through);
            }
            for label in self.cite(contribution, step.of, gradients, cited) {
                if !laws.contains(&label) {
                    laws.push(label);
                }
            }
        }
        let uses = throughs.iter().map(|symbol| format!("{} = {}", self.print(*symbol), self.definition(*symbol)));
        Because {
            kind: if step.contributions.len() > 1 { "paths" } else { "definition" },
            of: self.print(step.of),
            count: step.contributions.len(),
            uses: uses.collect(),
            laws,
        }
    }

    /// `δZ` where the mask holds and 0 elsewhere, if the gradient is a product with an indicator.
    fn cases(&self, gradient: NodeId) -> Option<Maths> {
        let definition = self.graph().as_symbol(gradient)?.definition;
        let Piecewise { value, condition } = Piecewise::of(self.graph(), definition)?;
        let (value, condition) = (self.print(value), self.condition(condition)?);
        Some(match self.style {
            Style::Latex => {
                format!("\\begin{{cases}}{value}&\\text{{if }}{condition}\\cr 0&\\text{{otherwise}}\\end{{cases}}")
            }
            Style::Plain | Style::Text => format!("{{ {value} if {condition}; 0 otherwise }}"),
        })
    }

    /// `U > 0` of `1[U > 0]`
    fn condition(&self, indicator: NodeId) -> Option<Maths> {
        let printed = self.print(indicator);
        let inner = printed.split_once('[')?.1;
        Some(inner.strip_suffix(']')?.to_string())
    }
}
