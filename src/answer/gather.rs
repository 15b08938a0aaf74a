//! What the tasks need, and small expressions that answers are made of.

use super::{ExplainedEntry, is_tabulated};
use crate::differentiate::RuleError;
use crate::graph::{Graph, Leaf, NodeId};
use crate::model::{Ask, EntryIndex, Model, Target};
use crate::number::Number;
use crate::ops::{Add, Entry, Exhibit, Hadamard, Op, Scale, Sub, Sum};
use crate::syntax::ast::LeafKind;
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
    let want_target = |target: &Target, want: &mut dyn FnMut(NodeId, NodeId)| match target {
        Target::Gradient { of, loss } => want(*loss, *of),
        Target::Value(_) => {}
    };
    for task in &model.tasks {
        match &task.ask {
            Ask::Compute { targets, .. } => targets.iter().for_each(|target| want_target(target, &mut want)),
            Ask::Plot(plot) => plot.targets().iter().for_each(|target| want_target(target, &mut want)),
            Ask::Question(asked) => asked.gradients.iter().for_each(|(_, target)| want_target(target, &mut want)),
            Ask::Derive(asked) => asked.iter().for_each(|derivative| want(derivative.loss, derivative.of)),
            Ask::Update { params, loss, .. } => params.iter().for_each(|param| want(*loss, *param)),
            Ask::Descend(descent) => descent.params.iter().for_each(|param| want(descent.loss, *param)),
            Ask::Minimize { params, loss } => params.iter().for_each(|param| want(*loss, *param)),
            Ask::DrawGraph { gradients_of: Some(loss) } => {
                params(model).iter().for_each(|param| want(*loss, *param));
            }
            Ask::DrawGraph { gradients_of: None }
            | Ask::Shapes(_)
            | Ask::Entries(_)
            | Ask::CountParams(_)
            | Ask::Fit(_) => {}
            Ask::Hessian { of, wrt } => want(*of, *wrt),
            Ask::Directional { of, wrt } => wrt.iter().for_each(|id| want(*of, *id)),
            Ask::Jacobian { .. } => {}
        }
    }
    losses
}

/// The parameters of a model, in the order of the file.
pub fn params(model: &Model) -> Vec<NodeId> {
    let is_param = |id: &NodeId| model.graph.as_leaf(*id).is_some_and(|leaf| leaf.kind == LeafKind::Param);
    model.leaves.iter().copied().filter(is_param).collect()
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

/// One entry of a gradient, where its indices are numbers; a general entry is written from the whole gradient.
pub fn entry(graph: &mut Graph, whole: NodeId, index: &[EntryIndex]) -> Result<NodeId, RuleError> {
    let places: Option<Vec<usize>> = index
        .iter()
        .map(|index| match index {
            EntryIndex::Number(place) => Some(*place),
            EntryIndex::Name(_) => None,
        })
        .collect();
    match places {
        Some(index) if !index.is_empty() => {
            let whole = graph.as_symbol(whole).map_or(whole, |symbol| symbol.definition);
            graph.apply(Entry { index }, &[whole]).map_err(|error| RuleError { operator: "[ ]", error })
        }
        Some(_) | None => Ok(whole),
    }
}

/// `W - rate * dW`
pub fn stepped(graph: &mut Graph, param: NodeId, gradient: NodeId, rate: &Number) -> Result<NodeId, RuleError> {
    let fault = |error| RuleError { operator: "-", error };
    let rate = graph.number(rate.clone());
    let step = graph.apply(Scale, &[rate, gradient]).map_err(fault)?;
    graph.apply(Sub, &[param, step]).map_err(fault)
}

/// A direction in a parameter: `V_W` in the shape of `W`.
pub fn direction(graph: &mut Graph, like: NodeId) -> NodeId {
    let name = graph.as_leaf(like).map_or_else(String::new, |leaf| leaf.name.clone());
    let shape = graph.shape(like).clone();
    graph.add_leaf(Leaf {
        name: format!("V_{name}"),
        kind: LeafKind::Input,
        shape,
        value: None,
        one_hot_axis: None,
        assumed: Vec::new(),
        description: None,
    })
}

/// The sum over all entries of each gradient times its direction.
pub fn along(graph: &mut Graph, directions: &[(NodeId, NodeId)]) -> Result<NodeId, RuleError> {
    let fault = |error| RuleError { operator: "directional", error };
    let mut total: Option<NodeId> = None;
    for (gradient, direction) in directions {
        let product = match graph.shape(*gradient).is_scalar() {
            true => graph.apply(Scale, &[*gradient, *direction]).map_err(fault)?,
            false => {
                let entries = graph.apply(Hadamard, &[*gradient, *direction]).map_err(fault)?;
                graph.apply(Sum { axis: None }, &[entries]).map_err(fault)?
            }
        };
        total = Some(match total {
            None => product,
            Some(total) => graph.apply(Add, &[total, product]).map_err(fault)?,
        });
    }
    Ok(total.unwrap_or_else(|| graph.integer(0)))
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
