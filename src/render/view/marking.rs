//! The instructor's marking table: what is seen, and what happened.

use super::{Maths, Viewer};
use crate::differentiate::Gradients;
use crate::graph::{NodeId, Site};
use crate::number::Number;
use crate::ops::{Mistake, Slip};
use crate::render::document::Edition;
use crate::render::notation::Printer;
use crate::simplify::{Memo, simplify};
use crate::tensor::Tensor;
use serde::Serialize;

/// One mistake as it shows.
#[derive(Clone, Debug, Serialize)]
pub struct MarkView {
    /// The catalogue's name; the sentence stands in the template.
    pub mistake: &'static str,
    /// What stands on the paper: `\delta_Z = …`, `J = …`
    pub seen: Maths,
    /// Where it happened: the line of the model.
    pub at: Maths,
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
        marks
    }

    /// Each use of a gradient rule with each mistake of its operator.
    fn gradient_slips(&self, gradients: &Gradients) -> Vec<MarkView> {
        let mut graph = self.graph().clone();
        let mut marks = Vec::new();
        for rule in gradients.uses.iter().filter(|rule| rule.inner.is_none()) {
            let Some((op, operands)) = self.graph().as_apply(rule.node) else { continue };
            let shapes: Vec<_> = operands.iter().map(|operand| self.graph().shape(*operand).clone()).collect();
            let variable = operands[rule.place];
            let Some(gradient) = gradients.of.get(&variable) else { continue };
            let right = self.graph().as_symbol(*gradient).map_or(*gradient, |symbol| symbol.definition);
            for Mistake { name, slip } in op.mistakes(&shapes) {
                let Slip::Gradient(place, term) = slip else { continue };
                let named = self.solution.model.definitions.iter().copied().find(|symbol| {
                    self.graph().as_symbol(*symbol).is_some_and(|symbol| symbol.definition == rule.node)
                });
                let site = Site { operands, output: named.unwrap_or(rule.node), upstream: rule.upstream };
                if place != rule.place {
                    continue;
                }
                if let Ok(Some(wrong)) = graph.instantiate(&term, site) {
                    let wrong = simplify(&mut graph, wrong, &mut Memo::default()).node;
                    if wrong != right {
                        let form = Printer::new(&graph, self.style).rounding(self.rounding).print(wrong);
                        let seen = format!("{} = {form}", self.print(*gradient));
                        marks.push(MarkView { mistake: name, seen, at: self.line_of(rule.node) });
                    }
                }
            }
        }
        marks
    }

    /// Each value of a forward pass with each mistake of its operator.
    fn forward_slips(&self) -> Vec<MarkView> {
        let symbols = self.solution.model.definitions.iter().copied();
        symbols.flat_map(|symbol| self.slips_of_value(symbol).unwrap_or_default()).collect()
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
            (value != *right && value.size() <= 64).then(|| MarkView {
                mistake: name,
                seen,
                at: self.line_of(definition),
            })
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
        let mut waiting = self.graph().operands(symbol).to_vec();
        while let Some(next) = waiting.pop() {
            if next == id {
                return true;
            }
            if self.graph().as_symbol(next).is_none() {
                waiting.extend(self.graph().operands(next));
            }
        }
        false
    }
}
