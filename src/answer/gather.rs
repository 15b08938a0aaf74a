//! What the tasks need: the gradients of losses, and the entries that are explained.

use super::{ExplainedEntry, is_tabulated};
use crate::graph::{Graph, NodeId};
use crate::model::{Model, Target};
use crate::number::Number;
use crate::ops::{Exhibit, Op, Scale};
use crate::tensor::{Tensor, indices};

/// More entries than this are not tabulated: the first one stands for them.
const LARGEST_TABLE: usize = 64;

/// Each loss of which a gradient is needed, with all that its gradients are asked with respect to.
pub fn losses(model: &Model) -> Vec<(NodeId, Vec<NodeId>)> {
    let mut losses: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    let mut want = |loss: NodeId, of: NodeId| match losses.iter_mut().find(|(known, _)| *known == loss) {
        Some((_, wanted)) if wanted.contains(&of) => {}
        Some((_, wanted)) => wanted.push(of),
        None => losses.push((loss, vec![of])),
    };
    for target in model.tasks.iter().flat_map(|task| task.ask.gradients(model)) {
        if let Target::Gradient { of, loss } = target {
            want(loss, of);
        }
    }
    losses
}

/// Zero in the shape of a node.
pub fn zero(graph: &mut Graph, like: NodeId) -> NodeId {
    let (zero, shape) = (graph.integer(0), graph.shape(like).clone());
    match shape.is_scalar() {
        true => zero,
        false => {
            let ones = graph.ones(shape);
            graph.apply(Scale, &[zero, ones]).expect("a scalar multiplies anything")
        }
    }
}

/// Every entry of a value with so many is explained.
const SMALL: usize = 4;

/// The entries of a value that a document explains: those that were asked for, and by default what the operator's
/// exhibit shows.
pub fn explained(
    model: &Model,
    asked: &[ExplainedEntry],
    symbol: NodeId,
    op: &Op,
    value: &Tensor<Number>,
) -> Vec<Vec<usize>> {
    let first = || indices(value.extents()).take(1).collect::<Vec<_>>();
    let mut entries = match op.exhibit() {
        Exhibit::Value => Vec::new(),
        Exhibit::FirstEntry if value.size() <= SMALL => indices(value.extents()).collect(),
        Exhibit::FirstEntry => first(),
        // In the middle a window lies whole within the image.
        Exhibit::EntryTable if value.size() > LARGEST_TABLE => {
            vec![value.extents().iter().map(|extent| extent.saturating_sub(1) / 2).collect()]
        }
        Exhibit::Windows | Exhibit::Cut if value.size() > LARGEST_TABLE => first(),
        Exhibit::EntryTable | Exhibit::Windows => indices(value.extents()).collect(),
        Exhibit::Cut => indices(value.extents()).collect(),
    };
    debug_assert!(is_tabulated(op) || entries.len() <= LARGEST_TABLE);
    for wanted in asked.iter().filter(|wanted| model.names.get(&wanted.name) == Some(&symbol)) {
        let index: Option<Vec<usize>> = wanted.index.iter().map(|place| place.checked_sub(1)).collect();
        let fits = |index: &Vec<usize>| {
            index.len() == value.rank() && index.iter().zip(value.extents()).all(|(place, extent)| place < extent)
        };
        if let Some(index) = index.filter(fits)
            && !entries.contains(&index)
        {
            entries.push(index);
        }
    }
    entries
}
