//! The backward pass, a row a step.

use super::accounts::AccountView;
use super::laws::{Cited, LawView, Uses};
use super::{Maths, Viewer, shares};
use crate::answer::Subject;
use crate::differentiate::{Contribution, GradientStep, Gradients};
use crate::graph::{NodeId, SymbolName};
use crate::math::{Fence, Glyph, Math};
use crate::model::{Derivative, Steps};
use crate::number::Number;
use crate::render::piecewise::Piecewise;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The gradients of one loss.
#[derive(Clone, Debug, Serialize)]
pub struct GradientsView {
    pub loss: Maths,
    pub full: bool,
    /// The general rules that the rows are the first to cite, each proved once.
    pub laws: Vec<LawView>,
    /// Empty where earlier tasks have shown all of them.
    pub rows: Vec<Row>,
    /// Whether numbers are put in somewhere.
    pub numbers: bool,
    /// Whether anything here is more than a single number.
    pub shaped: bool,
}

/// One step, or a layer's parameters together.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub number: usize,
    pub cells: Vec<Cell>,
    pub because: Because,
    /// Its part of what the asked results are worth together.
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
    /// A few entries with their numbers put in, or a number's formula.
    pub working: Vec<AccountView>,
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
    /// What it feeds: `Y`, `h_3`
    pub feeds: Vec<Maths>,
    /// The lines between it and the lines that use it, where one step takes both.
    pub between: Vec<Maths>,
    /// The lines that use it: `Y = Z W_2 + b_2`
    pub uses: Vec<Maths>,
    /// The rules that apply, by label.
    pub laws: Vec<String>,
    /// Between numbers, the slopes of what the step goes through: `∂f/∂e = 2 e`
    pub slopes: Vec<Maths>,
    /// Whether the same rule applies on each path.
    pub each: bool,
    /// What is assumed of the data and used here.
    pub assumed: Vec<AssumedView>,
    /// What is assumed of the data that the gradient is taken in: its entries are moved one by one all the same.
    pub free: Vec<AssumedView>,
}

/// `Q`, `orthogonal`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AssumedView {
    pub name: Maths,
    pub words: &'static str,
}

/// What earlier parts of the document have shown.
#[derive(Default)]
pub(super) struct Shown {
    /// Values and gradients, by their symbols.
    pub nodes: BTreeSet<NodeId>,
    /// The losses with the parameters whose gradients a descent or a point has told.
    pub forms: BTreeSet<(NodeId, NodeId)>,
    pub laws: Cited,
}

impl Viewer<'_> {
    /// The steps that lead to the gradients with respect to `wanted` and that were not `shown` before; those that were
    /// `asked` are marked.
    pub(super) fn gradients(
        &self,
        task: usize,
        gradients: &Gradients,
        wanted: &[NodeId],
        asked: &[Derivative],
        shown: &mut Shown,
    ) -> GradientsView {
        let full = self.solution.model.settings.steps == Steps::Full;
        let roots: Vec<NodeId> = wanted.iter().filter_map(|of| gradients.of.get(of).copied()).collect();
        let needed = self.graph().needed(&roots);
        let known = shown.laws.count();
        let uses = Uses::of(gradients);
        let marks = self.marks(task, gradients.loss);
        let asked: BTreeSet<NodeId> =
            asked.iter().filter(|own| own.loss == gradients.loss).map(|derivative| derivative.of).collect();
        let mut rows: Vec<Row> = Vec::new();
        let mut told_by_cases = false;
        let mut previous: Option<(NodeId, bool)> = None;
        for step in &gradients.steps {
            if !needed[step.gradient.place()] || !shown.nodes.insert(step.gradient) {
                continue;
            }
            let is_leaf = self.graph().as_leaf(step.of).is_some();
            let marks = marks.get(&step.of).cloned();
            let through = step.contributions[0].through;
            let single = step.contributions.len() == 1;
            let mut cell = self.cell(step, gradients.loss, asked.contains(&step.of), full);
            // Once is enough, unless every step is to be told.
            if !full && told_by_cases {
                cell.cases = None;
            }
            told_by_cases |= cell.cases.is_some();
            let because = self.because(step, &uses, &mut shown.laws);
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
                    row.because.free.extend(because.free);
                    for own in because.assumed {
                        if !row.because.assumed.contains(&own) {
                            row.because.assumed.push(own);
                        }
                    }
                }
                _ => rows.push(Row { number: rows.len() + 1, cells: vec![cell], because, earned: marks, marks: None }),
            }
            previous = Some((through, is_leaf && single));
        }
        // Every step earns its part, and one where paths add two.
        let earned = rows.iter().filter_map(|row| row.earned.clone()).fold(Number::integer(0), |sum, own| &sum + &own);
        let weights: Vec<i64> = rows.iter().map(|row| if row.because.feeds.len() > 1 { 2 } else { 1 }).collect();
        let all = weights.iter().sum::<i64>().max(1);
        let parts: Vec<Number> = weights.iter().map(|own| &earned * &Number::ratio(*own, all)).collect();
        let told = rows.iter().any(|row| row.earned.is_some());
        for (row, marks) in rows.iter_mut().zip(shares(&parts)).filter(|_| told) {
            row.marks = Some(marks);
        }
        let mut cells = rows.iter().flat_map(|row| &row.cells);
        let shaped = cells.clone().any(|cell| !cell.shape.is_empty());
        let numbers = cells.any(|cell| cell.value.is_some() || !cell.working.is_empty());
        GradientsView { loss: self.print(gradients.loss), full, laws: shown.laws.since(known), rows, numbers, shaped }
    }

    /// The marks of a task's asked gradients of a loss, by what they are taken with respect to.
    fn marks(&self, task: usize, loss: NodeId) -> BTreeMap<NodeId, Number> {
        let answers = self.solution.answers.iter().filter(|answer| answer.task == task);
        let marks = answers.filter_map(|answer| {
            let Subject::Gradient { of, loss: own, entry } = &answer.subject else { return None };
            (*own == loss && entry.is_empty()).then_some((*of, answer.points.clone()?))
        });
        marks.collect()
    }

    fn cell(&self, step: &GradientStep, loss: NodeId, asked: bool, full: bool) -> Cell {
        let derivative = self.derivative(step.of, loss);
        let result = self.definition(step.gradient);
        let mut chain = Vec::new();
        if full {
            chain.push(derivative.clone());
            chain.push(self.chain_rule(step, loss));
        }
        if chain.last() != Some(&result) {
            chain.push(result.clone());
        }
        // A result that is a number says its value.
        let value = self.solution.values.get(step.gradient).filter(|value| self.tensor(value) != result);
        let is_leaf = self.graph().as_leaf(step.of).is_some();
        let name = if is_leaf && !full { derivative } else { self.print(step.gradient) };
        let working = if value.is_some() { self.in_entries(step.gradient, &name) } else { Vec::new() };
        let told = value.is_some_and(|value| !asked && working.len() == value.size() || value.rank() == 0)
            && !working.is_empty();
        Cell {
            name,
            cases: self.cases(step.gradient),
            chain,
            result,
            shape: self.shape(step.gradient),
            value: value.map(|value| self.tensor(value)).filter(|_| !told),
            working,
            exact: value.is_some_and(|value| self.is_exact(value)),
            asked,
        }
    }

    /// `∂L/∂W` on one line.
    fn slashed(&self, gradient: NodeId) -> Math {
        match self.graph().as_symbol(gradient).map(|symbol| &symbol.name) {
            Some(SymbolName::Gradient { of, loss }) => {
                let [above, below] = [loss, of].map(|id| self.math(*id).partial());
                Math::Row(vec![above, Math::Glyph(Glyph::Slash), below])
            }
            _ => self.math(gradient),
        }
    }

    /// A gradient with numbers put in: a number's formula, a few entries, or the first entry of a product.
    fn in_entries(&self, gradient: NodeId, name: &Maths) -> Vec<AccountView> {
        let values = &self.solution.values;
        let Some(value) = values.get(gradient) else { return Vec::new() };
        if let Some(substituted) = self.substituted(gradient, values, false) {
            let result = self.number(value.first());
            let says_more = substituted != result;
            let chain = says_more.then_some(substituted).into_iter().chain([result]).collect();
            return vec![AccountView { name: name.clone(), chain, exact: self.is_exact(value), remark: None }];
        }
        // What is called by its derivative is so entry by entry too.
        let called = if *name == self.print(gradient) { self.math(gradient) } else { self.slashed(gradient) };
        let entries = self.worked_entries(gradient, &called, values);
        if entries.is_empty() { self.product_entries(gradient, &called) } else { entries }
    }

    /// `(∂Z4/∂Z3)(∂L/∂Z4)`, a product for each use.
    fn chain_rule(&self, step: &GradientStep, loss: NodeId) -> Maths {
        let factor = |contribution: &Contribution| {
            let through = contribution.through;
            if through == loss {
                let nothing = Math::Row(Vec::new()).partial();
                let body = self.definition_math(loss).fenced(Fence::Square);
                return Math::Product(vec![nothing.over(self.math(step.of).partial()), body]);
            }
            Math::Product(vec![self.derivative_math(step.of, through), self.derivative_math(through, loss)])
        };
        self.write(&Math::sum(step.contributions.iter().map(factor)))
    }

    fn because(&self, step: &GradientStep, uses: &Uses, cited: &mut Cited) -> Because {
        let (mut throughs, mut feeds): (Vec<NodeId>, Vec<NodeId>) = (Vec::new(), Vec::new());
        let mut laws: Vec<String> = Vec::new();
        let mut each = step.contributions.len() > 1;
        let mut fused = Vec::new();
        // Of a line of ten thousand entries all uses by the same rules are told once.
        let mut told: Vec<(&Contribution, usize)> = Vec::new();
        for contribution in &step.contributions {
            let alike = |(other, _): &&(&Contribution, usize)| {
                other.through == contribution.through && other.laws == contribution.laws
            };
            if let Some((_, labels)) = told.iter().find(alike) {
                each &= *labels == 1;
                continue;
            }
            if !throughs.contains(&contribution.through) {
                throughs.push(contribution.through);
            }
            let between = self.fused_line(contribution, step.of, uses);
            fused.extend(between.filter(|line| !fused.contains(line)));
            let fed = between.unwrap_or(contribution.through);
            if !feeds.contains(&fed) {
                feeds.push(fed);
            }
            let labels = self.cite(contribution, step.of, uses, cited);
            told.push((contribution, labels.len()));
            each &= labels.len() == 1;
            for label in labels {
                if !laws.contains(&label) {
                    laws.push(label);
                }
            }
        }
        let line = |symbol: &NodeId| format!("{} = {}", self.print(*symbol), self.definition(*symbol));
        Because {
            kind: if step.contributions.len() > 1 { "paths" } else { "definition" },
            of: self.print(step.of),
            count: step.contributions.len(),
            feeds: feeds.iter().map(|symbol| self.print(*symbol)).collect(),
            between: fused.iter().map(line).collect(),
            uses: fused.iter().chain(&throughs).map(line).collect(),
            slopes: self.slopes(step, fused.first().copied(), uses),
            each: each && laws.len() == 1,
            free: self.graph().as_leaf(step.of).map_or(Vec::new(), |leaf| {
                let closed = leaf.assumed.iter().filter(|own| !own.is_open());
                closed.map(|own| AssumedView { name: self.print(step.of), words: own.words() }).collect()
            }),
            assumed: step
                .assumed
                .iter()
                .map(|(leaf, own)| AssumedView { name: self.print(*leaf), words: own.words() })
                .collect(),
            laws,
        }
    }

    /// The line between a value and the one that uses it, where one step takes both: `C = softmax(A)` before the loss.
    fn fused_line(&self, contribution: &Contribution, of: NodeId, uses: &Uses) -> Option<NodeId> {
        let inner = uses.in_line(self.graph(), contribution.through).into_iter().find_map(|rule| {
            let inner = rule.inner.filter(|_| contribution.laws.contains(&rule.law))?;
            self.graph().operands(inner).contains(&of).then_some(inner)
        })?;
        self.solution.model.definitions.iter().copied().find(|symbol| {
            let known = self.graph().as_symbol(*symbol);
            known.is_some_and(|known| known.definition == inner) && *symbol != contribution.through
        })
    }

    /// `δZ` where the mask holds and 0 elsewhere, if the gradient is a product with an indicator.
    fn cases(&self, gradient: NodeId) -> Option<Maths> {
        let definition = self.graph().as_symbol(gradient)?.definition;
        Some(self.write(&Piecewise::of(&self.printer(), self.graph(), definition)?.math()))
    }
}
