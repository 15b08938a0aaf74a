//! Lines that speak of the problem's own values: a restatement, a number that was worked out, or what is not so.

use super::compare::closenesses;
use super::marker::Marker;
use super::sheet::{Aside, Sheet, Why, as_expression, used_names};
use crate::graph::{NodeId, SymbolName};
use crate::syntax::ast::{Answer, TargetKind};

impl Marker<'_> {
    /// The sheet whose names can be followed: what was asked for, gradients, names of the student's own, and numbers that
    /// were worked out. Of all else the model's own value stands.
    pub(super) fn settle(&mut self, sheet: &mut Sheet) {
        let key = self.key;
        self.own_names.clear();
        let free = sheet.restricted(|name| key.is_free(name));
        let spoken: Vec<(String, NodeId)> = (sheet.named.keys())
            .filter_map(|name| Some((name.clone(), key.authored(name).filter(|ours| self.is_models(name, *ours))?)))
            .collect();
        for (name, ours) in spoken {
            let Some(answer) = sheet.named.get(&name).copied() else { continue };
            let Some(expr) = as_expression(&answer.value) else { continue };
            let theirs = self.world(&free).own(expr);
            let worked_out = |marker: &mut Marker, node| marker.is_constant(node) && marker.is_worked_out(ours);
            if let Ok(theirs) = theirs {
                if worked_out(self, theirs) {
                    continue;
                }
                if theirs != ours && self.differ(ours, theirs) && !self.is_setting(&name, ours, theirs, answer) {
                    sheet.aside.push(Aside { answer, why: Why::Given });
                }
            }
            sheet.named.remove(&name);
            sheet.lines.remove(&name);
        }
    }

    /// Whether a name is a value of the problem's that nobody asks for.
    fn is_models(&self, name: &str, ours: NodeId) -> bool {
        let gradient = self.graph.as_symbol(ours).is_some_and(|own| matches!(own.name, SymbolName::Gradient { .. }));
        let asked = |question: &super::Question| {
            question.kind == TargetKind::Plain && question.keys.iter().any(|own| own == name)
        };
        !gradient && !self.is_derivative(ours) && !self.key.questions.iter().any(asked)
    }

    fn is_derivative(&self, ours: NodeId) -> bool {
        self.key.by_loss.values().flatten().any(|(_, gradient)| *gradient == ours)
    }

    /// Whether a value of the model's is one to work out: it is no datum, and the problem's numbers give it.
    fn is_worked_out(&mut self, ours: NodeId) -> bool {
        self.graph.as_leaf(ours).is_none()
            && (0..self.given.len()).any(|given| {
                let environment = &self.key.given[given].exact;
                self.graph.extend(&mut self.given[given].exact, ours, environment).is_ok()
            })
    }

    pub(super) fn differ(&mut self, ours: NodeId, theirs: NodeId) -> bool {
        let key = self.key;
        let values = &mut self.given[0].exact;
        let both = [ours, theirs].map(|node| self.graph.extend(values, node, &key.given[0].exact).is_ok());
        match (values.get(ours), values.get(theirs)) {
            (Some(right), Some(found)) if both == [true, true] => {
                let tolerance = &key.solution.model.marking.tolerance;
                closenesses(found, right, tolerance).is_none_or(|all| !all.wrong.is_empty())
            }
            // What no answer needs has no value, and may be too large for one.
            _ => key.drawn.iter().any(|place| place.values.get(ours).is_some()) && self.differ_drawn(ours, theirs),
        }
    }

    /// `a = 8` before what is asked at that point, `W = W - 0.1*dW`: no claim about the model.
    fn is_setting(&self, name: &str, ours: NodeId, theirs: NodeId, answer: &Answer) -> bool {
        let Some(leaf) = self.graph.as_leaf(ours) else { return false };
        let speaks_of_itself =
            as_expression(&answer.value).is_some_and(|expr| used_names(self.key, expr).iter().any(|used| used == name));
        speaks_of_itself || (leaf.value.is_none() && self.is_constant(theirs))
    }
}
