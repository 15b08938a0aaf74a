//! Exact data, where two expressions that agree in doubles must agree to the last digit.
//!
//! Two different rational functions of degree d agree at random data from a set of n numbers with a probability of at most
//! d / n each (Schwartz 1980, Zippel 1979), and exact arithmetic leaves no room for a small difference. What leaves the
//! rationals is decided in doubles alone.

use super::key::Place;
use super::marker::Marker;
use crate::graph::{Environment, Graph, NodeId, Values, imposed};
use crate::number::Number;
use crate::ops::Op;
use crate::tensor::Tensor;
use std::sync::Arc;

/// So many sets of exact data, each in another size where there are several.
const PLACES: usize = 2;
/// Data are odd multiples of one over this: none is 0, and products stay in machine words.
const PARTS: f64 = 16.0;

/// Exact data and what was computed from them.
#[derive(Clone, Debug)]
pub(super) struct ExactPlace {
    pub environment: Environment<Number>,
    pub values: Values<Number>,
}

/// Exact data near some of the drawn ones, away from kinks.
pub(super) fn exact_places(graph: &Graph, wanted: &[NodeId], drawn: &[Place]) -> Vec<ExactPlace> {
    let mut sizes = Vec::new();
    let mut places = Vec::new();
    for place in drawn {
        if places.len() == PLACES || (sizes.contains(&&place.sizes) && sizes.len() < PLACES) {
            continue;
        }
        let exact = place
            .environment
            .leaves
            .iter()
            .map(|(leaf, value)| Some((*leaf, Arc::new(imposed(&graph.leaf(*leaf).assumed, near(value))?))));
        let Some(leaves) = exact.collect() else { continue };
        let environment = Environment { leaves, dims: place.sizes.clone() };
        if let Ok(values) = graph.evaluate(wanted, &environment)
            && !at_a_kink(graph, &values)
        {
            sizes.push(&place.sizes);
            places.push(ExactPlace { environment, values });
        }
    }
    places
}

/// One-hot rows stay what they are.
fn near(value: &Tensor<f64>) -> Tensor<Number> {
    let whole = value.entries().all(|entry| *entry == 0.0 || *entry == 1.0);
    value.map(|entry| match whole {
        true => Number::integer(entry as i64),
        false => Number::ratio(2 * libm::round(entry * PARTS / 2.0) as i64 + 1, PARTS as i64),
    })
}

fn at_a_kink(graph: &Graph, values: &Values<Number>) -> bool {
    graph.ids().any(|id| match graph.as_apply(id) {
        Some((Op::Compare(_), [left, right])) => {
            values.get(*left).zip(values.get(*right)).is_some_and(|(left, right)| {
                left.zip(right, |a, b| a - b).entries().any(|difference| *difference == Number::integer(0))
            })
        }
        Some(_) | None => false,
    })
}

impl Marker<'_> {
    /// Whether two nodes agree exactly, as far as their values are exact.
    pub(super) fn agree_exactly(&mut self, node: NodeId, reference: NodeId) -> bool {
        let key = self.key;
        key.exact.iter().zip(&mut self.exact).all(|(place, values)| {
            let both = [node, reference].map(|id| self.graph.extend(values, id, &place.environment).is_ok());
            match (values.get(node), values.get(reference)) {
                (Some(found), Some(right)) if both == [true, true] && found.is_exact() && right.is_exact() => {
                    found.entries().eq(right.entries())
                }
                _ => true,
            }
        })
    }
}
