//! Answers with numbers put in for some of the names: `dw = 2*(w*3 - 7)*3` where the problem says `x = 3, y = 7`.
//!
//! What an answer does not speak of has the problem's own value; all that it speaks of is drawn. So a formula is never
//! right only because the problem's own numbers hide what is wrong with it. Where numbers stand for a value of the model
//! (`dW = [2 1; 1 0]^T*(Y - X)`), its name is put back.

use super::compare::{same, same_shape};
use super::forms::replaced;
use super::marker::Marker;
use crate::graph::{Environment, Kind, LeafId, NodeId, Values};
use crate::lower::Meaning;
use crate::ops::Op;
use crate::tensor::Tensor;
use std::collections::BTreeSet;
use std::sync::Arc;

/// An answer must have a value at so many of the drawn data to be decided.
const ENOUGH_PLACES: usize = 2;

impl Marker<'_> {
    /// Whether an answer is right where its numbers stand for the problem's own values.
    pub(super) fn is_right_put_in(&mut self, place: usize, node: NodeId) -> bool {
        if !self.has_data(node) {
            return false;
        }
        if self.agrees_with_the_rest_given(place, node) {
            return true;
        }
        let named = self.with_names(place, node);
        named != node && (self.compare_drawn(place, named).is_equal() || self.agrees_with_the_rest_given(place, named))
    }

    /// Whether an answer is right if each name that it does not speak of has the problem's value, and all others any.
    fn agrees_with_the_rest_given(&mut self, place: usize, node: NodeId) -> bool {
        let key = self.key;
        let Some(reference) = key.questions[place].node else { return false };
        if !same_shape(self.graph.shape(node), self.graph.shape(reference)) {
            return false;
        }
        let needed = self.graph.needed(&[node]);
        let spoken: BTreeSet<LeafId> =
            self.graph.leaf_nodes().filter(|(_, id)| needed[id.place()]).map(|(leaf, _)| leaf).collect();
        let mut put_in = Environment::<f64>::given(&self.graph).leaves;
        put_in.retain(|leaf, _| !spoken.contains(leaf));
        if !put_in.values().any(|value| shows(value)) {
            return false;
        }
        let mut agreed = 0;
        for drawn in &key.drawn {
            let mut environment = drawn.environment.clone();
            environment.leaves.extend(put_in.iter().map(|(leaf, value)| (*leaf, Arc::clone(value))));
            let mut values = Values::<f64>::none();
            let both = [node, reference].map(|id| self.graph.extend(&mut values, id, &environment).is_ok());
            match (values.get(node), values.get(reference)) {
                (Some(found), Some(right)) if both == [true, true] => match same(found, right) {
                    Some(Ok(())) => agreed += 1,
                    Some(Err(_)) | None => return false,
                },
                _ => {}
            }
        }
        agreed > 0 && agreed >= ENOUGH_PLACES.min(key.drawn.len())
    }

    /// An answer with the names of the quantities whose values it has as numbers.
    fn with_names(&mut self, place: usize, node: NodeId) -> NodeId {
        let scope = &self.key.scope;
        let quantities: Vec<NodeId> = (scope.spellings())
            .filter_map(|(key, _)| match scope.get(key)?.meaning {
                Meaning::Value(id) => Some(id),
                Meaning::Size(_) | Meaning::Broken | Meaning::Unvalued => None,
            })
            .collect();
        let (mut numbers, mut seen, mut waiting) = (BTreeSet::new(), BTreeSet::new(), vec![node]);
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            if is_datum(self.graph.kind(id)) {
                numbers.insert(id);
            } else {
                waiting.extend(self.graph.as_apply(id).into_iter().flat_map(|(_, operands)| operands));
            }
        }
        let mut named = node;
        for number in numbers {
            let Some(value) = self.given_value(place, number) else { continue };
            let quantity = quantities.iter().copied().find(|id| {
                same_shape(self.graph.shape(*id), self.graph.shape(number))
                    && self.given_value(place, *id).is_some_and(|own| own == value)
            });
            let replaced = quantity.and_then(|quantity| replaced(&mut self.graph, named, number, quantity));
            named = replaced.unwrap_or(named);
        }
        named
    }

    /// Whether numbers were put in for some of the names: a matrix, or a number that is no small whole one.
    fn has_data(&self, node: NodeId) -> bool {
        let small = |id: &NodeId| matches!(self.graph.kind(*id), Kind::Number(_));
        self.reaches(node, |kind| match kind {
            // `1/2` and `A/2` are as good as 0.5.
            Kind::Apply(op, operands) => matches!(op, Op::Div(_)) && operands.last().is_some_and(small),
            kind => is_datum(kind),
        })
    }
}

fn is_datum(kind: &Kind) -> bool {
    match kind {
        Kind::Literal(_) => true,
        Kind::Number(number) => number.to_integer().is_none_or(|number| number.abs() > 2),
        Kind::Leaf(_) | Kind::Symbol(_) | Kind::Size(_) | Kind::Ones(_) | Kind::Apply(..) => false,
    }
}

/// Whether a value leaves a trace where it is put in: a factor of 1 or a term of 0 does not.
fn shows(value: &Tensor<f64>) -> bool {
    value.size() > 1 || value.entries().any(|entry| entry.abs() != 0.0 && entry.abs() != 1.0)
}
