//! One rule by itself, with letters for its operands: is its form the derivative?

use crate::graph::{Environment, Graph, Kind, NodeId, imposed};
use crate::shape::{Dim, DimValues};
use crate::tensor::Tensor;
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// The step of numeric differentiation, and how far a right rule may be off.
const STEP: f64 = 1e-4;
const TOLERANCE: f64 = 1e-6;

/// Whether `form` is the derivative of `total` with respect to the leaf `of`, along one direction. Where the rule has no
/// value there is nothing to compare.
pub fn is_derivative(graph: &Graph, total: NodeId, of: NodeId, form: NodeId) -> bool {
    let Some(data) = &random_data(graph) else { return false };
    let Kind::Leaf(of) = graph.kind(of) else { return false };
    let Some(value) = data.leaves.get(of) else { return false };
    let Ok(values) = graph.evaluate(&[form, total], data) else { return true };
    let Some(gradient) = values.get(form).filter(|gradient| gradient.extents() == value.extents()) else {
        return false;
    };
    let mut random = Rng::with_seed(5);
    let direction = Tensor::from_fn(value.extents(), |_| random.f64() - 0.5);
    let at = |t: f64| {
        let mut moved = data.clone();
        moved.set(*of, value.zip(&direction, |x, u| x + t * u));
        graph.evaluate(&[total], &moved).ok()?.get(total).map(|total| *total.first())
    };
    let difference = |step: f64| Some(at(step)? - at(-step)?);
    let (Some(near), Some(far)) = (difference(STEP), difference(2.0 * STEP)) else { return true };
    // With an error of the fourth order.
    let expected = (8.0 * near - far) / (12.0 * STEP);
    let found = gradient.zip(&direction, |g, u| g * u);
    let scale = found.entries().fold(1.0, |sum: f64, term| sum + term.abs());
    (expected - found.total()).abs() <= TOLERANCE * scale
}

/// Small sizes for the names of sides, positive numbers for the leaves.
fn random_data(graph: &Graph) -> Option<Environment<f64>> {
    let mut data = Environment { leaves: BTreeMap::new(), dims: DimValues::new() };
    let names: BTreeSet<String> = graph
        .leaves()
        .flat_map(|(_, leaf)| leaf.shape.0.iter().flat_map(Dim::names).map(str::to_string).collect::<Vec<_>>())
        .collect();
    data.dims.extend(names.into_iter().zip(2..));
    let mut random = Rng::with_seed(3);
    for (id, leaf) in graph.leaves() {
        let extents = leaf.shape.evaluate(&data.dims)?;
        let value = match leaf.one_hot_axis {
            Some(axis) => Tensor::from_fn(&extents, |place| if place.get(axis) == Some(&0) { 1.0 } else { 0.0 }),
            None => Tensor::from_fn(&extents, |_| 0.1 + 0.8 * random.f64()),
        };
        data.set(id, imposed(&leaf.assumed, value)?);
    }
    Some(data)
}
