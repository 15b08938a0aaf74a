//! The instructor's marking table: what is seen, and what happened.

use super::{Maths, Viewer};
use crate::differentiate::{GradientStep, Gradients};
use crate::graph::{Graph, Leaf, NodeId, Site};
use crate::number::Number;
use crate::ops::{Mistake, Slip, Term};
use crate::render::document::Edition;
use crate::render::notation::Printer;
use crate::shape::{Dim, Shape};
use crate::simplify::simplest;
use crate::syntax::ast::LeafKind;
use crate::tensor::Tensor;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One mistake as it shows.
#[derive(Clone, Debug, Serialize)]
pub struct MarkView {
    /// The catalogue's name; the sentence stands in the template.
    pub mistake: &'static str,
    /// What stands on the paper: `\delta_Z = …`, `J = …`
    pub seen: Maths,
    /// Where it happened: the line of the model.
    pub at: Maths,
    /// The factor that is left out, of such a mistake.
    pub factor: Option<Maths>,
    /// Where a descent goes with it.
    pub then: Option<ThenView>,
}

/// What follows from a mistake in the gradient of a descent.
#[derive(Clone, Debug, Serialize)]
pub struct ThenView {
    /// `a_1 = 6.6581`
    pub first: Vec<Maths>,
    /// How many steps it takes to the asked size of the gradient.
    pub steps: Option<usize>,
    pub diverges: bool,
}

impl MarkView {
    pub(super) fn of(mistake: &'static str, seen: Maths, at: Maths) -> MarkView {
        MarkView { mistake, seen, at, factor: None, then: None }
    }
}

impl Viewer<'_> {
    pub(super) fn marking(&self) -> Vec<MarkView> {
        if self.edition == Edition::Student {
            return Vec::new();
        }
        let mut marks: Vec<MarkView> = Vec::new();
        let found = self.solution.gradients.iter().flat_map(|gradients| self.gradient_slips(gradients));
        for mark in found.chain(self.forward_slips()) {
            // The same mistake is made in the same way at every layer: one row says it.
            if !marks.iter().any(|known| known.mistake == mark.mistake) {
                marks.push(mark);
            }
        }
        marks.extend(self.learning_marks());
        marks
    }

    /// Each use of a gradient rule with each mistake of its operator, and each value whose paths do not all count.
    fn gradient_slips(&self, gradients: &Gradients) -> Vec<MarkView> {
        let mut graph = self.graph().clone();
        let steps: BTreeMap<NodeId, &GradientStep> = gradients.steps.iter().map(|step| (step.of, step)).collect();
        let mut marks: Vec<MarkView> = gradients.steps.iter().filter_map(|step| self.lost_path(step)).collect();
        for rule in gradients.uses.iter().filter(|rule| rule.inner.is_none()) {
            let Some((op, operands)) = self.graph().as_apply(rule.node) else { continue };
            let shapes: Vec<_> = operands.iter().map(|operand| self.graph().shape(*operand).clone()).collect();
            // Of several paths one alone is not what stands on the paper.
            let Some(step) = steps.get(&operands[rule.place]).filter(|step| step.contributions.len() == 1) else {
                continue;
            };
            let right = self.graph().as_symbol(step.gradient).map_or(step.gradient, |symbol| symbol.definition);
            let named =
                self.solution.model.definitions.iter().copied().find(|symbol| {
                    self.graph().as_symbol(*symbol).is_some_and(|symbol| symbol.definition == rule.node)
                });
            let site = Site { operands, output: named.unwrap_or(rule.node), upstream: rule.upstream };
            for Mistake { name, slip } in op.mistakes(&shapes) {
                let Slip::Gradient(place, term) = slip else { continue };
                if place != rule.place {
                    continue;
                }
                let wrong = match graph.instantiate(&term, site) {
                    Ok(Some(wrong)) => {
                        let wrong = simplest(&mut graph, wrong);
                        (wrong != right).then(|| Printer::new(&graph, self.style).rounding(self.rounding).print(wrong))
                    }
                    Ok(None) => None,
                    Err(_) => self.misfit(&term, site),
                };
                if let Some(form) = wrong {
                    let seen = format!("{} = {form}", self.print(step.gradient));
                    marks.push(MarkView::of(name, seen, self.line_of(rule.node)));
                }
            }
        }
        marks
    }

    /// The first path alone, where several add.
    fn lost_path(&self, step: &GradientStep) -> Option<MarkView> {
        let [first, second, ..] = step.contributions.as_slice() else { return None };
        if first.through == second.through {
            return None;
        }
        let seen = format!("{} = {}", self.print(step.gradient), self.print(first.simplified));
        let lost = second.through;
        let at = format!("{} = {}", self.print(lost), self.definition(lost));
        Some(MarkView::of(Mistake::MISSING_BRANCH, seen, at))
    }

    /// A term whose operands do not fit each other, as it stands on the paper all the same.
    fn misfit(&self, term: &Term, site: Site) -> Option<Maths> {
        let mut graph = Graph::default();
        let mut stands_for: Vec<(NodeId, NodeId)> = Vec::new();
        let mut place = |id: NodeId| {
            let leaf = graph.add_leaf(Leaf::unknown("part", LeafKind::Input, Shape::matrix(Dim::one(), Dim::one())));
            stands_for.push((leaf, id));
            leaf
        };
        let operands: Vec<NodeId> = site.operands.iter().map(|operand| place(*operand)).collect();
        let (output, upstream) = (place(site.output), place(site.upstream));
        let whole = graph.instantiate(term, Site { operands: &operands, output, upstream }).ok()??;
        let instead = |id: NodeId| {
            let part = stands_for.iter().find(|(leaf, _)| *leaf == id).map(|(_, part)| *part)?;
            Some(self.math(part))
        };
        Some(Printer::new(&graph, self.style).with(&instead).print(whole))
    }

    /// Each value of a forward pass with each mistake of its operator.
    fn forward_slips(&self) -> Vec<MarkView> {
        let symbols = self.solution.model.lines();
        symbols.into_iter().flat_map(|symbol| self.slips_of_value(symbol).unwrap_or_default()).collect()
    }

    fn slips_of_value(&self, symbol: NodeId) -> Option<Vec<MarkView>> {
        let definition = self.graph().as_symbol(symbol)?.definition;
        let (op, operands) = self.graph().as_apply(definition)?;
        let right = self.solution.values.get(symbol)?;
        let shapes: Vec<_> = operands.iter().map(|operand| self.graph().shape(*operand).clone()).collect();
        let operands: Vec<&Tensor<Number>> =
            operands.iter().map(|operand| self.solution.values.get(*operand)).collect::<Option<_>>()?;
        let slips = op.mistakes(&shapes).into_iter().filter_map(|Mistake { name, slip }| {
            let Slip::Forward(wrong) = slip else { return None };
            let value = wrong.shape(&shapes).ok().and_then(|_| wrong.evaluate(&operands).ok())?;
            let seen = format!("{} = {}", self.print(symbol), self.tensor(&value));
            (value != *right && value.size() <= 64).then(|| MarkView::of(name, seen, self.line_of(definition)))
        });
        Some(slips.collect())
    }

    /// The line of the model that a node stands in.
    fn line_of(&self, id: NodeId) -> Maths {
        let lines = self.solution.model.definitions.iter();
        let line = lines.copied().find(|symbol| self.stands_in(id, *symbol));
        line.map_or_else(|| self.print(id), |symbol| format!("{} = {}", self.print(symbol), self.definition(symbol)))
    }

    fn stands_in(&self, id: NodeId, symbol: NodeId) -> bool {
        let (mut waiting, mut seen) = (self.graph().operands(symbol).to_vec(), BTreeSet::new());
        while let Some(next) = waiting.pop() {
            if next == id {
                return true;
            }
            if self.graph().as_symbol(next).is_none() && seen.insert(next) {
                waiting.extend(self.graph().operands(next));
            }
        }
        false
    }
}
