//! Data to compare at: of both signs, of several magnitudes, and with what the problem's own numbers have in common.

use crate::graph::{Environment, Leaf, LeafId, imposed};
use crate::model::Model;
use crate::shape::DimValues;
use crate::syntax::ast::LeafKind;
use crate::tensor::Tensor;
use crate::verify::{one_hot, symmetric};
use fastrand::Rng;

/// How the entries of data are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Style {
    /// Of either sign; of single numbers it is told, so that both come up.
    Signed {
        turned: bool,
    },
    Positive,
    /// The problem's own numbers, a little moved.
    NearGiven,
    /// So many times as large, of either sign.
    Wide(f64),
}

/// Random values for leaves in these sizes; `None` where a leaf has no extents there.
pub(super) fn environment(
    model: &Model,
    leaves: &[LeafId],
    sizes: &DimValues,
    style: Style,
    random: &mut Rng,
) -> Option<Environment<f64>> {
    let given = Environment::<f64>::given(&model.graph);
    let mut environment = Environment { dims: sizes.clone(), ..given.clone() };
    for (place, id) in leaves.iter().copied().enumerate() {
        let leaf = model.graph.leaf(id);
        if is_fixed(leaf) {
            continue;
        }
        let extents = leaf.shape.evaluate(sizes)?;
        let own = given.leaves.get(&id);
        let value = match (leaf.one_hot_axis, own, style) {
            (Some(axis), ..) => one_hot(&extents, axis, random),
            (None, Some(value), Style::NearGiven) => value.map(|entry| entry * (1.0 + 0.1 * symmetric(random))),
            (None, ..) => drawn(&extents, style, place, random),
        };
        let value = own.map_or(value.clone(), |own| like(own, value));
        environment.set(id, imposed(&leaf.assumed, value)?);
    }
    Some(environment)
}

/// Whether a leaf has its value whatever the data are.
pub(super) fn is_fixed(leaf: &Leaf) -> bool {
    leaf.kind == LeafKind::Const && leaf.value.is_some()
}

fn drawn(extents: &[usize], style: Style, place: usize, random: &mut Rng) -> Tensor<f64> {
    // Kept near 1 in a product of many: a deep network neither vanishes nor explodes.
    let scale = 1.5 / (extents.first().copied().unwrap_or(1) as f64).sqrt();
    let single = extents.iter().all(|side| *side == 1);
    match style {
        Style::Positive => Tensor::from_fn(extents, |_| 0.1 + 0.8 * random.f64()),
        Style::Signed { turned } if single => {
            let sign = if turned == place.is_multiple_of(2) { -1.0 } else { 1.0 };
            Tensor::from_fn(extents, |_| sign * (0.1 + 1.4 * random.f64()))
        }
        Style::Signed { .. } | Style::NearGiven => Tensor::from_fn(extents, |_| scale * symmetric(random)),
        Style::Wide(factor) => Tensor::from_fn(extents, |_| factor * scale * symmetric(random)),
    }
}

/// A value with what the given one has: its symmetry, a diagonal alone, entries that are all positive.
fn like(given: &Tensor<f64>, value: Tensor<f64>) -> Tensor<f64> {
    let positive = given.entries().all(|entry| *entry > 0.0);
    let value = if positive { value.map(|entry| entry.abs().max(0.01)) } else { value };
    let &[rows, columns] = given.extents() else { return value };
    if rows != columns || rows < 2 {
        return value;
    }
    let entries = || (0..rows).flat_map(|row| (0..row).map(move |column| (row, column)));
    let diagonal = entries().all(|(row, column)| *given.at(&[row, column]) == 0.0 && *given.at(&[column, row]) == 0.0);
    let symmetric = entries().all(|(row, column)| given.at(&[row, column]) == given.at(&[column, row]));
    Tensor::from_fn(&[rows, columns], |index| match (index[0], index[1]) {
        (row, column) if row != column && diagonal => 0.0,
        (row, column) if row > column && symmetric => *value.at(&[column, row]),
        (row, column) => *value.at(&[row, column]),
    })
}
