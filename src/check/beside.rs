//! The answer beside the right one: numbers with the problem's own data, expressions at drawn data.

use super::closeness::Closeness;
use super::compare::{closenesses, same, same_shape, transposed_shape};
use super::key::Place;
use super::kinks::{beyond, differ_far, sites_of};
use super::marker::Marker;
use super::marks::Evidence;
use super::question::Question;
use crate::answer::Subject;
use crate::graph::{Graph, Kind, NodeId, Values};
use crate::model::Tolerance;
use crate::number::Number;
use crate::ops::Transpose;
use crate::tensor::{Tensor, indices};
use std::collections::BTreeSet;

/// An answer must have a value at so many of the drawn data to be decided.
const ENOUGH_PLACES: usize = 2;

/// An answer beside the right one.
#[derive(Debug)]
pub(super) enum Comparison {
    /// Equal; at some of the data it may have no value.
    Equal {
        partly: bool,
    },
    /// Nearly the right numbers: as near as if they were rounded too coarsely.
    Coarse {
        wrong: Vec<Vec<usize>>,
        total: usize,
    },
    Differs {
        evidence: Option<Evidence>,
        wrong: Vec<Vec<usize>>,
        total: usize,
    },
    Misshapen,
    /// It has no value at the data.
    Undefined,
}

impl Comparison {
    pub fn is_equal(&self) -> bool {
        matches!(self, Comparison::Equal { .. })
    }
}

impl Marker<'_> {
    pub(super) fn tolerance(&self) -> &Tolerance {
        &self.key.solution.model.marking.tolerance
    }

    /// Whether a question is about a form: then an expression is compared at drawn data.
    pub(super) fn is_symbolic(&self, question: &Question) -> bool {
        let form = match &question.subject {
            Subject::Gradient { .. }
            | Subject::Updated(_)
            | Subject::Jacobian { .. }
            | Subject::Hessian { .. }
            | Subject::Directional { .. }
            | Subject::Entries(_)
            | Subject::Part(_)
            | Subject::Count => true,
            Subject::Value(_) => question.value.is_none(),
            Subject::Shape(_) | Subject::Descended { .. } | Subject::Minimum(_) | Subject::Fit { .. } => false,
        };
        form && question.at.is_none() && !self.key.drawn.is_empty()
    }

    /// The answer beside the right one: numbers with the problem's data, expressions at drawn data.
    pub(super) fn compare(&mut self, place: usize, node: NodeId) -> Comparison {
        let key = self.key;
        let question = &key.questions[place];
        let symbolic = self.is_symbolic(question);
        let constant = self.is_constant(node);
        if question.value.is_some() && (constant || !symbolic) {
            return self.compare_given(place, node);
        }
        match self.compare_drawn(place, node) {
            Comparison::Differs { .. } | Comparison::Undefined if self.is_right_put_in(place, node) => {
                Comparison::Equal { partly: false }
            }
            comparison => comparison,
        }
    }

    /// Whether a node is the same whatever the data are.
    pub(super) fn is_constant(&self, node: NodeId) -> bool {
        !self.reaches(node, |kind| matches!(kind, Kind::Leaf(_) | Kind::Size(_)))
    }

    pub(super) fn reaches(&self, node: NodeId, wanted: impl Fn(&Kind) -> bool) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![node];
        while let Some(id) = waiting.pop() {
            if wanted(self.graph.kind(id)) {
                return true;
            }
            waiting.extend(self.graph.operands(id).iter().filter(|operand| seen.insert(**operand)));
        }
        false
    }

    /// The exact value of a node with the data of a question.
    pub(super) fn given_value(&mut self, place: usize, node: NodeId) -> Option<Tensor<Number>> {
        let given = self.key.given_for(&self.key.questions[place]);
        self.graph.extend(&mut self.given[given].exact, node, &self.key.given[given].exact).ok()?;
        self.given[given].exact.get(node).cloned()
    }

    fn compare_given(&mut self, place: usize, node: NodeId) -> Comparison {
        let key = self.key;
        let question = &key.questions[place];
        let Some(right) = &question.value else { return Comparison::Undefined };
        let Some(found) = self.given_value(place, node) else { return Comparison::Undefined };
        let found = picked(found, question, right);
        self.beside(&found, right)
    }

    /// A computed value beside the right one.
    pub(super) fn beside(&self, found: &Tensor<Number>, right: &Tensor<Number>) -> Comparison {
        let Some(all) = closenesses(found, right, self.tolerance()) else { return Comparison::Misshapen };
        match all.worst {
            Closeness::Same | Closeness::Rounded => Comparison::Equal { partly: false },
            Closeness::Coarse => Comparison::Coarse { wrong: all.wrong, total: all.total },
            Closeness::Off => {
                let entry = all.wrong.first().cloned().unwrap_or_default();
                let at = |value: &Tensor<Number>| {
                    value.entries().nth(flat(&entry, right.extents())).map_or(0.0, Number::to_f64)
                };
                let evidence = Evidence {
                    sizes: Vec::new(),
                    given: true,
                    seed: 0,
                    entry: entry.iter().map(|place| place + 1).collect(),
                    right: at(right),
                    found: at(found),
                };
                Comparison::Differs { evidence: Some(evidence), wrong: all.wrong, total: all.total }
            }
        }
    }

    pub(super) fn compare_drawn(&mut self, question: usize, node: NodeId) -> Comparison {
        let key = self.key;
        let question = &key.questions[question];
        let Some(reference) = question.node else { return Comparison::Undefined };
        if !same_shape(self.graph.shape(node), self.graph.shape(reference)) {
            return Comparison::Misshapen;
        }
        let mut agreed = 0;
        let count = key.drawn.len();
        for (place, values) in key.drawn.iter().zip(&mut self.drawn) {
            if self.graph.extend(values, node, &place.environment).is_err() {
                continue;
            }
            let (Some(found), Some(right)) = (values.get(node), values.get(reference)) else { continue };
            match same(found, right) {
                None => return Comparison::Misshapen,
                Some(Ok(())) => agreed += 1,
                Some(Err(entry)) => {
                    let index = flat(&entry, right.extents());
                    let at = |value: &Tensor<f64>| value.entries().nth(index).copied().unwrap_or(f64::NAN);
                    let evidence = Evidence {
                        sizes: place.sizes.iter().map(|(name, size)| (name.clone(), *size)).collect(),
                        given: false,
                        seed: place.seed,
                        entry: entry.iter().map(|index| index + 1).collect(),
                        right: at(right),
                        found: at(found),
                    };
                    return Comparison::Differs { evidence: Some(evidence), wrong: Vec::new(), total: 0 };
                }
            }
        }
        if !self.agree_exactly(node, reference) {
            return Comparison::Differs { evidence: None, wrong: Vec::new(), total: 0 };
        }
        if let Some(evidence) = self.differs_far(node, reference) {
            return Comparison::Differs { evidence: Some(evidence), wrong: Vec::new(), total: 0 };
        }
        match agreed {
            0 => Comparison::Undefined,
            agreed if agreed < ENOUGH_PLACES.min(count) => Comparison::Undefined,
            agreed => Comparison::Equal { partly: agreed < count },
        }
    }

    /// Where an answer that agrees at the drawn data differs: at large ones, or beyond a kink of either form.
    fn differs_far(&mut self, node: NodeId, reference: NodeId) -> Option<Evidence> {
        if node == reference {
            return None;
        }
        let key = self.key;
        for (place, values) in key.far.iter().zip(&mut self.far) {
            if let Some(evidence) = told_apart(&self.graph, place, values, node, reference) {
                return Some(evidence);
            }
        }
        for site in sites_of(&self.graph, node, key.graph().size()) {
            let (graph, known) = (&self.graph, || key.drawn.iter().chain(&key.far).collect::<Vec<&Place>>());
            let found = self.beyond.entry(site.key()).or_insert_with(|| beyond(graph, node, site, &known()));
            if found.one_sided {
                self.one_sided.insert(node);
            }
            for place in &mut found.places {
                let mut values = std::mem::replace(&mut place.values, Values::none());
                let evidence = told_apart(&self.graph, place, &mut values, node, reference);
                place.values = values;
                if evidence.is_some() {
                    return evidence;
                }
            }
        }
        None
    }

    /// Whether rows and columns are exchanged throughout.
    pub(super) fn is_transposed(&mut self, place: usize, node: NodeId) -> bool {
        let key = self.key;
        let question = &key.questions[place];
        let Some(reference) = question.node else { return false };
        if !transposed_shape(self.graph.shape(node), self.graph.shape(reference)) {
            return false;
        }
        match self.graph.apply(Transpose, &[node]) {
            Ok(transposed) => self.compare(place, transposed).is_equal(),
            Err(_) => false,
        }
    }
}

/// Where two nodes differ at far data.
fn told_apart(
    graph: &Graph,
    place: &Place,
    values: &mut Values<f64>,
    node: NodeId,
    reference: NodeId,
) -> Option<Evidence> {
    [node, reference].into_iter().try_for_each(|id| graph.extend(values, id, &place.environment)).ok()?;
    let entry = differ_far(graph, values, node, reference)?;
    let at = |id: NodeId| values.get(id).and_then(|value| value.entries().nth(entry)).copied().unwrap_or(f64::NAN);
    let index = indices(values.get(reference)?.extents()).nth(entry)?;
    Some(Evidence {
        sizes: place.sizes.iter().map(|(name, size)| (name.clone(), *size)).collect(),
        given: false,
        seed: place.seed,
        entry: index.iter().map(|index| index + 1).collect(),
        right: at(reference),
        found: at(node),
    })
}

/// The asked entry, where a whole matrix is given for it.
fn picked(found: Tensor<Number>, question: &Question, right: &Tensor<Number>) -> Tensor<Number> {
    let index: Vec<usize> = question.entry.iter().filter_map(|place| place.checked_sub(1)).collect();
    let inside = index.len() == found.rank() && index.iter().zip(found.extents()).all(|(place, side)| place < side);
    match !index.is_empty() && right.size() == 1 && found.size() > 1 && inside {
        true => Tensor::scalar(found.at(&index).clone()),
        false => found,
    }
}

fn flat(index: &[usize], extents: &[usize]) -> usize {
    index.iter().zip(extents).fold(0, |flat, (place, extent)| flat * extent + place)
}
