//! What people leave out, exchange or add when they write a formula down: edits of one form.

use super::compare::same_shape;
use crate::graph::{Graph, Kind, NodeId};
use crate::model::Model;
use crate::number::Number;
use crate::ops::{Add, Compare, Div, Hadamard, MatMul, Mean, Neg, Op, Scale, Sub, Sum};
use crate::syntax::ast::{LeafKind, Relation};

/// A node in the form, and what stands in its place.
pub(super) type Edit = (&'static str, NodeId, NodeId);

/// Every edit of a symbol's definition (or of the node itself), within the names that it uses.
pub(super) fn edits(graph: &mut Graph, model: &Model, node: NodeId) -> Vec<Edit> {
    let root = graph.as_symbol(node).map_or(node, |symbol| symbol.definition);
    let mut edits = Vec::new();
    for part in parts(graph, root) {
        part_edits(graph, model, part, part == root, &mut edits);
    }
    whole_edits(graph, model, root, &mut edits);
    edits
}

/// The applications that a form consists of, outermost first.
fn parts(graph: &Graph, root: NodeId) -> Vec<NodeId> {
    let mut found: Vec<NodeId> = Vec::new();
    let mut waiting = vec![root];
    while let Some(id) = waiting.pop() {
        if let Some((_, operands)) = graph.as_apply(id).filter(|_| !found.contains(&id)) {
            found.push(id);
            waiting.extend(operands);
        }
    }
    found
}

fn part_edits(graph: &mut Graph, model: &Model, part: NodeId, is_root: bool, edits: &mut Vec<Edit>) {
    let Some((op, operands)) = graph.as_apply(part).map(|(op, all)| (op.clone(), all.to_vec())) else { return };
    let mut put = |name: &'static str, other: Option<NodeId>| edits.extend(other.map(|other| (name, part, other)));
    match (&op, operands.as_slice()) {
        (Op::Transpose(_), [of]) => put("missing-transpose", Some(*of)),
        (Op::MatMul(_), [left, right]) => {
            put("factors-swapped", graph.apply(MatMul, &[*right, *left]).ok());
            put("elementwise-for-matrix-product", graph.apply(Hadamard, &[*left, *right]).ok());
        }
        (Op::Hadamard(_), [left, right]) => {
            for (dropped, kept) in [(*left, *right), (*right, *left)] {
                let name = if is_mask(graph, dropped) { "missing-mask" } else { "derivative-left-out" };
                put(name, Some(kept));
            }
            put("matrix-for-elementwise-product", graph.apply(MatMul, &[*left, *right]).ok());
        }
        (Op::Scale(_), [factor, of]) => {
            let halves = graph.as_number(*factor).is_none();
            put(if halves && is_count(graph, *factor) { "sum-for-mean" } else { "factor-left-out" }, Some(*of));
        }
        (Op::Neg(_), [of]) => put("sign", Some(*of)),
        (Op::Add(_), [left, right]) => {
            let name = if is_root { "missing-branch" } else { "term-left-out" };
            put(name, Some(*left));
            put(name, Some(*right));
            put("sign", graph.apply(Sub, &[*left, *right]).ok());
        }
        (Op::Sub(_), [left, right]) => {
            let data = [*left, *right].iter().any(|id| is_data(graph, *id));
            let name = if data { "target-and-prediction-swapped" } else { "sign" };
            put(name, graph.apply(Sub, &[*right, *left]).ok());
            put("term-left-out", Some(*left));
            put("sign", graph.apply(Add, &[*left, *right]).ok());
        }
        (Op::Sum(sum), [of]) => {
            put("not-summed-over-batch", Some(*of));
            put("mean-for-sum", graph.apply(Mean { axis: sum.axis }, &[*of]).ok());
        }
        (Op::Mean(mean), [of]) => put("sum-for-mean", graph.apply(Sum { axis: mean.axis }, &[*of]).ok()),
        (Op::Compare(compare), [left, right]) => {
            let reversed = match compare.relation {
                Relation::Greater | Relation::GreaterEqual => Some(Relation::Less),
                Relation::Less | Relation::LessEqual => Some(Relation::Greater),
                Relation::Equal | Relation::NotEqual => None,
            };
            put("mask-reversed", reversed.and_then(|relation| graph.apply(Compare { relation }, &[*left, *right]).ok()));
            let others: Vec<NodeId> = model.definitions.iter().chain(&model.leaves).copied().collect();
            for other in others.into_iter().filter(|other| *other != *left) {
                if same_shape(graph.shape(other), graph.shape(*left)) {
                    put("mask-on-wrong-value", graph.apply(op.clone(), &[other, *right]).ok());
                }
            }
        }
        (Op::Div(_), [of, divisor]) => {
            let name = if is_count(graph, *divisor) { "sum-for-mean" } else { "factor-left-out" };
            put(name, Some(*of));
        }
        _ => {}
    }
}

/// Edits of the whole: its sign, a factor, a mean where a sum is meant.
fn whole_edits(graph: &mut Graph, model: &Model, root: NodeId, edits: &mut Vec<Edit>) {
    let mut scaled = |graph: &mut Graph, name: &'static str, factor: Number| {
        let factor = graph.number(factor);
        edits.extend(graph.apply(Scale, &[factor, root]).ok().map(|other| (name, root, other)));
    };
    scaled(graph, "factor-two", Number::integer(2));
    scaled(graph, "factor-half", Number::ratio(1, 2));
    edits.extend(graph.apply(Neg, &[root]).ok().map(|other| ("sign", root, other)));
    for count in counts(graph, model) {
        edits.extend(graph.apply(Div, &[root, count]).ok().map(|other| ("mean-for-sum", root, other)));
        edits.extend(graph.apply(Scale, &[count, root]).ok().map(|other| ("sum-for-mean", root, other)));
    }
    if let Ok(transposed) = graph.apply(crate::ops::Transpose, &[root]) {
        edits.push(("extra-transpose", root, transposed));
    }
}

/// The numbers of rows and columns of the data: what a mean divides by.
fn counts(graph: &mut Graph, model: &Model) -> Vec<NodeId> {
    let data: Vec<NodeId> = model.leaves.iter().copied().filter(|id| is_data(graph, *id)).collect();
    let mut sides: Vec<crate::shape::Dim> = Vec::new();
    for shape in data.iter().map(|id| graph.shape(*id)) {
        for side in shape.0.iter().filter(|side| !side.is_one()) {
            if !sides.contains(side) {
                sides.push(side.clone());
            }
        }
    }
    sides.into_iter().map(|side| graph.dimension(side)).collect()
}

fn is_mask(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.as_apply(id), Some((Op::Compare(_), _)))
}

/// A size, or one divided by it.
fn is_count(graph: &Graph, id: NodeId) -> bool {
    match graph.kind(id) {
        Kind::Size(_) => true,
        Kind::Apply(Op::Div(_), operands) => operands.iter().any(|operand| is_count(graph, *operand)),
        Kind::Number(number) => number.to_integer().is_none() && Number::integer(1).checked_div(number).is_ok_and(|inverse| inverse.to_integer().is_some_and(|count| count > 2)),
        Kind::Leaf(_) | Kind::Symbol(_) | Kind::Literal(_) | Kind::Ones(_) | Kind::Apply(..) => false,
    }
}

fn is_data(graph: &Graph, id: NodeId) -> bool {
    graph.as_leaf(id).is_some_and(|leaf| matches!(leaf.kind, LeafKind::Input | LeafKind::Target))
}
