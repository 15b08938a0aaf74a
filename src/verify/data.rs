//! Random data to check at: sizes for the named dimensions, values for the leaves.

use crate::graph::{Environment, Graph, LeafId, NodeId, imposed};
use crate::model::Model;
use crate::shape::DimValues;
use crate::syntax::ast::LeafKind;
use crate::tensor::Tensor;
use fastrand::Rng;

/// Sizes that named dimensions are given: three assignments all different and none 1, and one with all 1.
const ASSIGNMENTS: u64 = 3;
/// The smallest size in those three: where a model has no value (a 5 x 5 kernel on an image whose sides are named), the
/// next is tried.
const SMALLEST: [usize; 4] = [2, 5, 10, 20];

/// One round of checks: the first sizes at which the model has a value.
pub struct Round {
    pub seed: u64,
    pub sizes: Vec<DimValues>,
    /// Whether the model may have no value at these sizes.
    pub optional: bool,
}

pub fn rounds(dims: &[String]) -> Vec<Round> {
    let assign = |seed: u64, smallest: usize| -> DimValues {
        let mut values: Vec<usize> = (smallest..smallest + dims.len() + 2).collect();
        shuffle(&mut values, &mut Rng::with_seed(seed));
        dims.iter().cloned().zip(values).collect()
    };
    let round = |seed: u64| Round {
        seed,
        sizes: match dims.is_empty() {
            true => vec![DimValues::new()],
            false => SMALLEST.iter().map(|smallest| assign(seed + 1, *smallest)).collect(),
        },
        optional: false,
    };
    let ones = dims.iter().map(|dim| (dim.clone(), 1)).collect();
    let last = (!dims.is_empty()).then_some(Round { seed: ASSIGNMENTS, sizes: vec![ones], optional: true });
    (0..ASSIGNMENTS).map(round).chain(last).collect()
}

/// The leaves that some nodes need: others may be too large for values (`count params` of a whole network).
pub fn leaves_of(graph: &Graph, roots: &[NodeId]) -> Vec<LeafId> {
    let needed = graph.needed(roots);
    graph.leaf_nodes().filter(|(_, node)| needed[node.place()]).map(|(leaf, _)| leaf).collect()
}

/// Random values for leaves: signed ones first, then positive ones, then the given ones a little moved.
pub fn random_environment(
    model: &Model,
    leaves: &[LeafId],
    dims: &DimValues,
    draw: u64,
    random: &mut Rng,
) -> Option<Environment<f64>> {
    let given = Environment::<f64>::given(&model.graph);
    let mut environment = Environment { dims: dims.clone(), ..given.clone() };
    for id in leaves.iter().copied() {
        let leaf = model.graph.leaf(id);
        if leaf.kind == LeafKind::Const && leaf.value.is_some() {
            continue;
        }
        let extents = leaf.shape.evaluate(dims)?;
        let value =
            match (leaf.one_hot_axis, given.leaves.get(&id)) {
                (Some(axis), _) => one_hot(&extents, axis, random),
                (None, Some(value)) if draw % 3 == 2 => value.map(|entry| entry * (1.0 + 0.1 * symmetric(random))),
                (None, _) => {
                    // Kept near 1 in a product of many: a deep network neither vanishes nor explodes.
                    let scale = 1.5 / (extents.first().copied().unwrap_or(1) as f64).sqrt();
                    let positive = draw % 3 == 1;
                    Tensor::from_fn(&extents, |_| {
                        if positive { 0.1 + 0.8 * random.f64() } else { scale * symmetric(random) }
                    })
                }
            };
        environment.set(id, imposed(&leaf.assumed, value)?);
    }
    Some(environment)
}

/// As often a model has to have values at data of a kind.
const TRIES: u64 = 6;

/// Whether these have values at data of a kind (0: of both signs, 1: positive), as far as some draws tell.
pub fn is_defined(model: &Model, wanted: &[NodeId], dims: &DimValues, draw: u64) -> bool {
    let leaves = leaves_of(&model.graph, wanted);
    (0..TRIES).all(|seed| {
        let environment = random_environment(model, &leaves, dims, draw, &mut Rng::with_seed(seed));
        let values = environment.and_then(|data| model.graph.evaluate(wanted, &data).ok());
        let is_finite = |value: &Tensor<f64>| value.entries().all(|entry| entry.is_finite());
        values.is_some_and(|values| wanted.iter().all(|id| values.get(*id).is_some_and(is_finite)))
    })
}

/// A number between -1 and 1.
pub fn symmetric(random: &mut Rng) -> f64 {
    2.0 * random.f64() - 1.0
}

/// The same order on machines of every width: all draws are of 64 bits.
fn shuffle<T>(values: &mut [T], random: &mut Rng) {
    for place in 1..values.len() {
        values.swap(place, random.u64(0..=place as u64) as usize);
    }
}

/// Entries of 0 with one 1, drawn at random, in each line along the axis.
pub fn one_hot(extents: &[usize], axis: usize, random: &mut Rng) -> Tensor<f64> {
    let length = extents.get(axis).copied().unwrap_or(1);
    let mut lines = extents.to_vec();
    if let Some(side) = lines.get_mut(axis) {
        *side = 1;
    }
    let chosen = Tensor::from_fn(&lines, |_| random.u64(0..length as u64) as f64);
    Tensor::from_fn(extents, |index| {
        let place = index.get(axis).copied().unwrap_or(0) as f64;
        if *chosen.repeated_at(index) == place { 1.0 } else { 0.0 }
    })
}
