//! The question as it stands on the exam sheet.

use super::{Equation, Maths, MissingView, NotationView, OperatorView, Pieces, SectionView, Viewer};
use crate::answer::told::Formula;
use crate::answer::{Answer, Section};
use crate::differentiate::Gradients;
use crate::graph::{Kind, NodeId, SymbolName};
use crate::math::Math;
use crate::model::Task;
use crate::number::Number;
use crate::ops::{Op, Sum};
use crate::render::document::Edition;
use crate::render::figure::Rounding;
use crate::render::notation;
use crate::syntax::ast::LeafKind;
use crate::tensor::Tensor;
use serde::Serialize;
use std::collections::BTreeSet;

/// Something given.
#[derive(Clone, Debug, Serialize)]
pub struct GivenView {
    pub kind: LeafKind,
    pub name: Maths,
    /// Empty for a scalar.
    pub shape: Maths,
    pub one_hot: bool,
    /// What is assumed of it, in words.
    pub assumed: Vec<&'static str>,
    pub description: Option<String>,
    pub value: Option<Maths>,
}

/// A task as the sheet has it.
#[derive(Clone, Debug, Serialize)]
pub struct TaskView {
    pub number: usize,
    /// `a`; none where there is only one task.
    pub label: Option<String>,
    /// The heading of its part.
    pub title: &'static str,
    pub question: Pieces,
    pub points: Option<String>,
    /// The deltas in which the answers are stated and that no earlier task has stated, each with its form.
    pub deltas: Vec<Equation>,
}

/// Operators whose convention is about their slope: nothing for a key without derivatives.
const SLOPES: [&str; 10] = ["relu", "abs", "sign", "step", "clip", "maximum", "minimum", "max", "min", "norm"];

/// `a` to `z`, then numbers.
fn label(place: usize) -> String {
    let letter = u8::try_from(place).ok().filter(|place| *place < 26).map(|place| char::from(b'a' + place));
    letter.map_or_else(|| (place + 1).to_string(), String::from)
}

impl Viewer<'_> {
    pub(in crate::render) fn given(&self) -> Vec<GivenView> {
        let leaves = self.solution.model.leaves.iter();
        leaves
            .filter_map(|id| Some((*id, self.graph().as_leaf(*id)?)))
            .map(|(id, leaf)| GivenView {
                kind: leaf.kind,
                name: self.print(id),
                shape: self.shape(id),
                one_hot: leaf.one_hot_axis.is_some(),
                assumed: leaf.assumed.iter().map(|own| own.words()).collect(),
                description: leaf.description.clone(),
                value: leaf.value.as_ref().map(|value| self.given_value(value)),
            })
            .collect()
    }

    /// A long column lies, as a row that is transposed.
    fn given_value(&self, value: &Tensor<Number>) -> Maths {
        const LYING: std::ops::RangeInclusive<usize> = 5..=16;
        let rounding = self.rounding_of_given(value);
        match (self.style, value.extents()) {
            (notation::Style::Latex, [length, 1]) if LYING.contains(length) => {
                self.write(&notation::tensor_math(&value.transpose(), rounding).transposed())
            }
            _ => notation::table(value, rounding, self.style),
        }
    }

    /// Exact data are shown whole.
    fn rounding_of_given(&self, value: &Tensor<Number>) -> Rounding {
        if value.entries().all(Number::is_exact) { Rounding::GIVEN } else { self.rounding }
    }

    /// The author's lines, with the names that we gave put back into them.
    pub(in crate::render) fn equations(&self) -> Vec<Equation> {
        let is_model = |id: &&NodeId| {
            matches!(self.graph().as_symbol(**id).map(|symbol| &symbol.name), Some(SymbolName::Model(_)))
        };
        let lines = self.solution.model.lines();
        lines
            .iter()
            .filter(is_model)
            .map(|id| Equation { name: self.print(*id), form: self.as_written(*id), shape: self.shape(*id) })
            .collect()
    }

    fn as_written(&self, symbol: NodeId) -> Maths {
        let Some(definition) = self.graph().as_symbol(symbol).map(|symbol| symbol.definition) else {
            return self.print(symbol);
        };
        let instead = |id: NodeId| self.is_generated(id).then(|| self.inlined(id));
        notation::Printer::new(self.graph(), self.style).rounding(self.rounding).with(&instead).print(definition)
    }

    /// A generated symbol's own expression, generated symbols inside it likewise.
    fn inlined(&self, symbol: NodeId) -> Math {
        let Some(definition) = self.graph().as_symbol(symbol).map(|symbol| symbol.definition) else {
            return self.math(symbol);
        };
        let instead = |id: NodeId| self.is_generated(id).then(|| self.inlined(id));
        notation::Printer::new(self.graph(), self.style).rounding(self.rounding).with(&instead).math(definition)
    }

    pub(in crate::render) fn tasks(&self) -> Vec<TaskView> {
        let mut stated = BTreeSet::new();
        let tasks = &self.solution.model.tasks;
        let told = |place: usize| match self.solution.sections.get(place) {
            Some(Section::Told(told)) => Some(told.as_ref()),
            _ => None,
        };
        let view = |(place, task): (usize, &Task)| TaskView {
            number: place + 1,
            label: (tasks.len() > 1).then(|| label(place)),
            title: told(place).map_or(task.ask.sheet().title, |told| told.title),
            question: self.say(told(place).map_or(&task.ask.question(), |told| &told.question)),
            points: task.points.as_ref().map(Number::to_string),
            deltas: self.deltas(place + 1, &mut stated),
        };
        tasks.iter().enumerate().map(view).collect()
    }

    pub(super) fn notation(&self, sections: &[SectionView]) -> NotationView {
        let used = self.used();
        let mentions = |wanted: &dyn Fn(&Kind) -> bool| used.iter().any(|id| wanted(self.graph().kind(*id)));
        // What an identity is made of is not seen.
        let is_seen = |ones: NodeId| {
            used.iter().any(|id| match self.graph().kind(*id) {
                Kind::Apply(op, operands) => !matches!(op, Op::Diag(_)) && operands.contains(&ones),
                Kind::Symbol(_) => self.graph().operands(*id).contains(&ones),
                _ => false,
            })
        };
        let ones = |id: &NodeId| match self.graph().kind(*id) {
            Kind::Ones(shape) => !shape.size().is_one() && is_seen(*id),
            Kind::Apply(Op::Sum(sum), _) => sum.axis.is_some(),
            _ => false,
        };
        NotationView {
            generated: self.generated(),
            deltas: self.deltas_of(sections),
            ones: used.iter().any(ones),
            adds_rows: mentions(&|kind| matches!(kind, Kind::Apply(Op::Sum(Sum { axis: Some(0) }), _))),
            adds_columns: mentions(&|kind| matches!(kind, Kind::Apply(Op::Sum(Sum { axis: Some(1) }), _))),
            power: self.power(&used).map(|id| self.print(id)),
            elementwise: mentions(&|kind| matches!(kind, Kind::Apply(Op::Hadamard(_), _))),
            units: mentions(&|kind| matches!(kind, Kind::Apply(Op::EntryGradient(_), _))),
            indicator: mentions(&|kind| matches!(kind, Kind::Apply(Op::Compare(_), _))),
            operators: self.operators(),
            missing: self.missing(),
            only_doubles: self.solution.only_doubles,
            readings: self.solution.model.readings().map(str::to_string).collect(),
            limits: self.solution.limits.iter().map(|gradient| self.print(*gradient)).collect(),
        }
    }

    /// The answers that do not exist as a whole.
    fn missing(&self) -> Vec<MissingView> {
        let view = |answer: &Answer| {
            let (_, cause) = answer.missing.first()?;
            let entries = answer.missing.iter().map(|(entry, _)| entry).filter(|entry| !entry.is_empty());
            let entry = |entry: &Vec<usize>| {
                let places: Vec<String> = entry.iter().map(|place| (place + 1).to_string()).collect();
                format!("({})", places.join(", "))
            };
            Some(MissingView {
                name: self.subject(&answer.subject),
                entries: entries.map(entry).collect(),
                cause: cause.name(),
            })
        };
        self.solution.answers.iter().filter_map(view).collect()
    }

    /// The losses whose gradients the key calls δ: those that are derived or drawn with an intermediate value between,
    /// or by a rule that is stated; for a marker all.
    fn deltas_of(&self, sections: &[SectionView]) -> Vec<Maths> {
        let shows = |place: usize, loss: NodeId| {
            self.solution.sections.iter().any(|section| match section {
                Section::Gradients { gradients, .. } => gradients.contains(&place),
                Section::Directional { gradients, .. } | Section::Update { gradients, .. } => *gradients == place,
                Section::Graph { gradients_of } => *gradients_of == Some(loss),
                _ => false,
            })
        };
        let all = self.edition == Edition::Instructor;
        let ruled = sections.iter().any(SectionView::states_rules);
        let between =
            |gradients: &Gradients| gradients.steps.iter().any(|step| self.graph().as_leaf(step.of).is_none()) || ruled;
        let gradients = self.solution.gradients.iter().enumerate().filter(|(_, gradients)| between(gradients));
        gradients
            .filter(|(place, gradients)| all || shows(*place, gradients.loss))
            .map(|(_, gradients)| self.print(gradients.loss))
            .collect()
    }

    /// All nodes that a printed form of the key is made of.
    fn used(&self) -> Vec<NodeId> {
        let model = &self.solution.model;
        let deltas = self.solution.gradients.iter().flat_map(|gradients| gradients.of.values().copied());
        let roots: Vec<NodeId> = model.definitions.iter().copied().chain(deltas).collect();
        let needed = self.graph().needed(&roots);
        let told = self.told_nodes();
        self.graph().ids().filter(|id| needed[id.place()] || told.contains(id)).collect()
    }

    /// What the forms that questions tell are made of, down to names.
    fn told_nodes(&self) -> BTreeSet<NodeId> {
        let mut open: Vec<NodeId> = Vec::new();
        for section in &self.solution.sections {
            if let Section::Told(told) = section {
                open.extend(told.nodes());
            }
        }
        let mut found = BTreeSet::new();
        while let Some(id) = open.pop() {
            if found.insert(id) && self.graph().as_symbol(id).is_none() {
                open.extend(self.graph().operands(id));
            }
        }
        found
    }

    /// A power of a vector or matrix that is more than a term of a sum: it could be taken for a matrix product.
    fn power(&self, used: &[NodeId]) -> Option<NodeId> {
        let graph = self.graph();
        let is_power = |id: &NodeId| matches!(graph.kind(*id), Kind::Apply(Op::Pow(_), operands) if !graph.shape(operands[0]).size().is_one());
        let adds =
            |id: &NodeId| matches!(graph.kind(*id), Kind::Apply(Op::Sum(_) | Op::Mean(_) | Op::Add(_) | Op::Sub(_), _));
        let others = used.iter().filter(|id| !adds(id)).flat_map(|id| graph.operands(*id));
        others.copied().find(is_power)
    }

    /// The names that the key gave to intermediate values and that it mentions.
    fn generated(&self) -> Vec<Equation> {
        let mentioned = self.graph().needed(&self.shown_symbols());
        let told = self.told_nodes();
        let symbols = self.solution.model.definitions.iter().filter(|id| self.is_generated(**id));
        symbols.filter(|id| mentioned[id.place()] || told.contains(id)).map(|id| self.equation(*id)).collect()
    }

    /// The lines that the tasks' parts tell of; what these need is mentioned with them.
    fn shown_symbols(&self) -> Vec<NodeId> {
        let mut shown = Vec::new();
        for section in &self.solution.sections {
            match section {
                Section::Values { steps } => shown.extend(steps.iter().map(|step| step.symbol)),
                Section::Shapes { steps } => shown.extend(steps),
                Section::Entries { of } => shown.extend(of),
                Section::Told(_) | Section::Count { .. } | Section::Plot(_) | Section::Minimum(_) | Section::Fit(_) => {
                }
                Section::Points { .. }
                | Section::Gradients { .. }
                | Section::Graph { .. }
                | Section::Update { .. }
                | Section::Second { .. }
                | Section::Directional { .. }
                | Section::Descent(_) => return self.solution.model.lines(),
            }
        }
        shown
    }

    /// The model's operators that are written as calls, each once with each set of options.
    pub(in crate::render) fn operators(&self) -> Vec<OperatorView> {
        let derives = !self.solution.gradients.is_empty();
        let needed = self.graph().needed(&self.solution.model.lines());
        let mut operators: Vec<OperatorView> = Vec::new();
        for id in self.graph().ids().filter(|id| needed[id.place()]) {
            let Some((op, operands)) = self.graph().as_apply(id) else { continue };
            // The definition of a loss is that of the default reduction.
            let options = op.options();
            let is_defined =
                op.is_loss() && operands.len() == 2 && options.iter().all(|(option, _)| *option != "reduce");
            let definition = is_defined.then(|| self.written(&op.reference().definition).to_string());
            let matters = derives || !SLOPES.contains(&op.reference().name);
            let view = OperatorView { definition, convention: op.convention().filter(|_| matters) };
            if view.definition.is_none() && view.convention.is_none() {
                continue;
            }
            if !operators.contains(&view) {
                operators.push(view);
            }
        }
        operators
    }

    /// `a = 8`
    pub(in crate::render) fn point(&self, point: &crate::model::Point) -> Maths {
        self.formula(&Formula::Point(point.clone()))
    }
}
