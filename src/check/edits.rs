//! What people leave out, exchange or add when they write a formula down: edits of one form.

use super::compare::same_shape;
use crate::answer::Expander;
use crate::graph::{Graph, Kind, NodeId, SymbolName};
use crate::model::Model;
use crate::number::Number;
use crate::ops::{
    Add, Compare, Diag, Div, Exp, Hadamard, MatMul, Maximum, Mean, Neg, Op, Scale, Slip, Sub, Sum, Transpose,
};
use crate::shape::{Dim, Shape};
use crate::syntax::ast::{LeafKind, Relation};
use std::collections::BTreeSet;

/// Values that are tried in place of another.
const VALUES: usize = 40;

/// A node in the form, and what stands in its place.
pub(super) type Edit = (&'static str, NodeId, NodeId);

/// The sign of the whole.
pub(super) fn sign(graph: &mut Graph, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    graph.apply(Neg, &[root]).ok().map(|other| ("sign", root, other)).into_iter().collect()
}

/// Edits of the parts of a symbol's definition (or of the node itself), within the names that it uses.
pub(super) fn part_edits(graph: &mut Graph, model: &Model, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    let gradient = graph.as_symbol(node).is_some_and(|symbol| matches!(symbol.name, SymbolName::Gradient { .. }));
    let mut edits = Vec::new();
    for part in parts(graph, root) {
        edits_of(graph, model, part, gradient, &mut edits);
    }
    if gradient {
        at_wrong_values(graph, model, root, &mut edits);
    }
    edits
}

/// What people do instead at one place of a form.
pub(super) fn local_edits(graph: &mut Graph, model: &Model, part: NodeId) -> Vec<Edit> {
    let mut edits = Vec::new();
    if is_value(graph, part) {
        edits.extend(
            values_like(graph, model, part).into_iter().map(|other| ("derivative-at-wrong-value", part, other)),
        );
    } else {
        edits_of(graph, model, part, true, &mut edits);
    }
    edits.extend(graph.apply(Neg, &[part]).ok().map(|other| ("sign", part, other)));
    if let Some((op, operands)) = graph.as_apply(part).map(|(op, all)| (op.clone(), all.to_vec())) {
        let shapes: Vec<Shape> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
        for mistake in op.mistakes(&shapes) {
            let Slip::Forward(other) = mistake.slip else { continue };
            edits.extend(graph.apply(other, &operands).ok().map(|other| (mistake.name, part, other)));
        }
    }
    edits.extend(whole_edits(graph, model, part));
    edits
}

/// A name that is no gradient's.
fn is_value(graph: &Graph, id: NodeId) -> bool {
    let symbol = graph.as_symbol(id).is_some_and(|symbol| !matches!(symbol.name, SymbolName::Gradient { .. }));
    symbol || graph.as_leaf(id).is_some()
}

/// A value that a gradient's form uses, taken at another value of the same shape.
fn at_wrong_values(graph: &mut Graph, model: &Model, root: NodeId, edits: &mut Vec<Edit>) {
    let used: BTreeSet<NodeId> = parts(graph, root).iter().flat_map(|part| graph.operands(*part).to_vec()).collect();
    for symbol in model.definitions.iter().filter(|symbol| used.contains(symbol)) {
        for other in values_like(graph, model, *symbol) {
            if let Some(wrong) = replaced(graph, root, *symbol, other) {
                edits.push(("derivative-at-wrong-value", root, wrong));
            }
        }
    }
}

/// A form with one node in place of another, as far as the names that it uses.
pub(super) fn replaced(graph: &mut Graph, form: NodeId, node: NodeId, other: NodeId) -> Option<NodeId> {
    if form == node {
        return Some(other);
    }
    let Some((op, operands)) = graph.as_apply(form).map(|(op, all)| (op.clone(), all.to_vec())) else {
        return Some(form);
    };
    let operands: Option<Vec<NodeId>> = operands.into_iter().map(|own| replaced(graph, own, node, other)).collect();
    graph.apply(op, &operands?).ok()
}

fn definition(graph: &Graph, node: NodeId) -> NodeId {
    graph.as_symbol(node).map_or(node, |symbol| symbol.definition)
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

fn edits_of(graph: &mut Graph, model: &Model, part: NodeId, gradient: bool, edits: &mut Vec<Edit>) {
    let branch = gradient || graph.shape(part).is_scalar();
    let left_out = if branch { "missing-branch" } else { "term-left-out" };
    let Some((op, operands)) = graph.as_apply(part).map(|(op, all)| (op.clone(), all.to_vec())) else { return };
    let mut put = |name: &'static str, other: Option<NodeId>| edits.extend(other.map(|other| (name, part, other)));
    match (&op, operands.as_slice()) {
        (Op::Transpose(_), [of]) => put("missing-transpose", Some(*of)),
        (Op::MatMul(_), [left, right]) => {
            put("factors-swapped", graph.apply(MatMul, &[*right, *left]).ok());
            put("elementwise-for-matrix-product", graph.apply(Hadamard, &[*left, *right]).ok());
            let turned = [*left, *right].map(|operand| match graph.as_apply(operand) {
                Some((Op::Transpose(_), _)) => None,
                Some(_) | None => graph.apply(Transpose, &[operand]).ok(),
            });
            put("extra-transpose", turned[0].and_then(|turned| graph.apply(MatMul, &[turned, *right]).ok()));
            put("extra-transpose", turned[1].and_then(|turned| graph.apply(MatMul, &[*left, turned]).ok()));
        }
        (Op::Hadamard(_), [left, right]) => {
            for (dropped, kept) in [(*left, *right), (*right, *left)] {
                let name = match () {
                    () if is_mask(graph, dropped) => "missing-mask",
                    () if graph.as_leaf(dropped).is_some() => "factor-left-out",
                    () => "derivative-left-out",
                };
                put(name, Some(kept));
                if is_mask(graph, dropped) {
                    let upon = upon(graph, dropped, kept);
                    put("mask-on-wrong-value", upon.and_then(|upon| graph.apply(Hadamard, &[upon, kept]).ok()));
                    for value in values_like(graph, model, dropped) {
                        put("value-for-mask", graph.apply(Hadamard, &[value, kept]).ok());
                    }
                    if let Some(masked) = masked(graph, dropped) {
                        let value = graph.integer(0);
                        let cut = graph.apply(Maximum, &[masked, value]).ok();
                        put("value-for-mask", cut.and_then(|cut| graph.apply(Hadamard, &[cut, kept]).ok()));
                    }
                }
            }
            put("matrix-for-elementwise-product", graph.apply(MatMul, &[*left, *right]).ok());
        }
        (Op::Scale(_), [factor, of]) => {
            let halves = graph.as_number(*factor).is_none();
            put(if halves && is_count(graph, *factor) { "sum-for-mean" } else { "factor-left-out" }, Some(*of));
            if graph.shape(*of).is_scalar() {
                put(if is_mask(graph, *of) { "missing-mask" } else { "factor-left-out" }, Some(*factor));
            }
        }
        (Op::Neg(_), [of]) => put("sign", Some(*of)),
        (Op::Add(_), [left, right]) => {
            if is_mask(graph, *left) && is_mask(graph, *right) {
                put("slope-left-out", Some(*left));
                put("slope-left-out", Some(*right));
                put("mask-reversed", reversed(graph, part));
            }
            put(left_out, Some(*left));
            put(left_out, Some(*right));
            put("sign", graph.apply(Sub, &[*left, *right]).ok());
            let two = graph.integer(2);
            for (doubled, other) in [(*left, *right), (*right, *left)] {
                let twice = graph.apply(Scale, &[two, doubled]);
                put("factor-two", twice.and_then(|twice| graph.apply(Add, &[twice, other])).ok());
            }
        }
        (Op::Sub(_), [left, right]) => {
            let data = [*left, *right].iter().any(|id| is_data(graph, *id));
            let name = if data { "target-and-prediction-swapped" } else { "sign" };
            put(name, graph.apply(Sub, &[*right, *left]).ok());
            put(left_out, Some(*left));
            put(left_out, graph.apply(Neg, &[*right]).ok());
            put("sign", graph.apply(Add, &[*left, *right]).ok());
        }
        (Op::Sum(sum), [of]) => {
            put("not-summed-over-batch", Some(*of));
            put("mean-for-sum", graph.apply(Mean { axis: sum.axis }, &[*of]).ok());
            let other = sum.axis.map(|axis| Sum { axis: Some(1 - axis.min(1)) });
            put("wrong-axis", other.and_then(|other| graph.apply(other, &[*of]).ok()));
        }
        (Op::Mean(mean), [of]) => put("sum-for-mean", graph.apply(Sum { axis: mean.axis }, &[*of]).ok()),
        (Op::Pow(pow), [base, exponent]) if gradient => {
            let higher = graph.as_number(*exponent).map(|exponent| exponent + &Number::integer(1));
            let higher = higher.map(|higher| graph.number(higher));
            put("exponent-not-lowered", higher.and_then(|higher| graph.apply(pow.clone(), &[*base, higher]).ok()));
        }
        (Op::Compare(compare), [left, right]) => {
            put("value-for-mask", Some(*left));
            let relation = complement(compare.relation);
            put("mask-reversed", graph.apply(Compare { relation }, &[*left, *right]).ok());
            for other in values_like(graph, model, *left) {
                put("mask-on-wrong-value", graph.apply(op.clone(), &[other, *right]).ok());
            }
        }
        (Op::Div(_), [of, divisor]) => {
            let name = if is_count(graph, *divisor) { "sum-for-mean" } else { "factor-left-out" };
            put(name, Some(*of));
        }
        (Op::Diag(_), [of]) if matches!(graph.kind(*of), Kind::Ones(_)) => {
            let shape = graph.shape(part).clone();
            put("ones-for-identity", Some(graph.ones(shape)));
        }
        (Op::Softmax(_), [of]) => put("not-normalised", graph.apply(Exp, &[*of]).ok()),
        (Op::MaxPool(_), [of]) => {
            let least = graph.apply(Neg, &[*of]).and_then(|turned| graph.apply(op.clone(), &[turned]));
            put("opposite-extreme", least.and_then(|least| graph.apply(Neg, &[least])).ok());
        }
        (Op::Conv2d(_), [image, kernel, rest @ ..]) => {
            let turned = graph.apply(Transpose, &[*kernel]).ok();
            let operands = turned.map(|turned| [&[*image, turned], rest].concat());
            put("extra-transpose", operands.and_then(|operands| graph.apply(op.clone(), &operands).ok()));
        }
        _ => {}
    }
}

/// Values of the forward pass in the shape of one, other than it.
fn values_like(graph: &Graph, model: &Model, value: NodeId) -> Vec<NodeId> {
    let needed = graph.needed(&model.definitions);
    let all = graph.ids().filter(|id| needed.get(id.place()).copied().unwrap_or(false));
    all.filter(|id| *id != value && same_shape(graph.shape(*id), graph.shape(value)))
        .filter(|id| !matches!(graph.kind(*id), Kind::Number(_) | Kind::Size(_) | Kind::Ones(_)))
        .take(VALUES)
        .collect()
}

/// A gradient twice as large, or half.
pub(super) fn factors(graph: &mut Graph, node: NodeId) -> Vec<Edit> {
    let gradient = graph.as_symbol(node).is_some_and(|symbol| matches!(symbol.name, SymbolName::Gradient { .. }));
    if gradient { scaled(graph, node) } else { Vec::new() }
}

fn scaled(graph: &mut Graph, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    let factors = [("factor-two", Number::integer(2)), ("factor-half", Number::ratio(1, 2))];
    let scaled = factors.into_iter().filter_map(|(name, factor)| {
        let factor = graph.number(factor);
        Some((name, root, graph.apply(Scale, &[factor, root]).ok()?))
    });
    scaled.collect()
}

/// Edits of the whole: a factor, a mean where a sum is meant.
pub(super) fn whole_edits(graph: &mut Graph, model: &Model, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    let mut edits = scaled(graph, node);
    for count in counts(graph, model) {
        edits.extend(graph.apply(Div, &[root, count]).ok().map(|other| ("mean-for-sum", root, other)));
        // The mean of squares, without the half.
        let two = graph.integer(2);
        let doubled = graph.apply(Scale, &[two, root]).and_then(|doubled| graph.apply(Div, &[doubled, count]));
        edits.extend(doubled.ok().map(|other| ("mean-for-sum", root, other)));
        edits.extend(graph.apply(Scale, &[count, root]).ok().map(|other| ("sum-for-mean", root, other)));
    }
    let diagonal = graph.apply(Diag, &[root]).and_then(|entries| graph.apply(Diag, &[entries]));
    edits.extend(
        diagonal
            .ok()
            .filter(|other| same_shape(graph.shape(*other), graph.shape(root)))
            .map(|other| ("diagonal-only", root, other)),
    );
    if let Ok(transposed) = graph.apply(Transpose, &[root]) {
        edits.push(("extra-transpose", root, transposed));
    }
    edits
}

/// A value's definition with each operator's slips, for the sake of its shape.
pub(super) fn shape_edits(graph: &mut Graph, symbol: NodeId) -> Vec<(&'static str, NodeId)> {
    let root = definition(graph, symbol);
    let root = Expander::of_our_names().expand(graph, root);
    let mut edits = Vec::new();
    for part in parts(graph, root) {
        let Some((op, operands)) = graph.as_apply(part).map(|(op, all)| (op.clone(), all.to_vec())) else { continue };
        let shapes: Vec<Shape> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
        for mistake in op.mistakes(&shapes) {
            let Slip::Forward(other) = mistake.slip else { continue };
            let wrong = graph.apply(other, &operands).ok();
            let whole = wrong.and_then(|wrong| replaced(graph, root, part, wrong));
            edits.extend(whole.map(|whole| (mistake.name, whole)));
        }
    }
    edits
}

/// The rate of a step of descent, taken otherwise: `W - rate * dW` with another rate, or uphill.
pub(super) fn rate_edits(graph: &mut Graph, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    let Some((Op::Sub(_), [param, step])) = graph.as_apply(root) else { return Vec::new() };
    let (param, step) = (*param, *step);
    let own = |id: NodeId| matches!(graph.as_symbol(id), Some(symbol) if matches!(symbol.name, SymbolName::Gradient { of, .. } if of == param));
    let scaled = graph.as_apply(step).and_then(|(op, operands)| matches!(op, Op::Scale(_)).then_some(operands[1]));
    if !own(scaled.unwrap_or(step)) {
        return Vec::new();
    }
    let up = graph.apply(Add, &[param, step]).ok();
    let mut edits: Vec<Edit> = up.map(|up| ("uphill-step", root, up)).into_iter().collect();
    let Some((Op::Scale(_), [rate, gradient])) = graph.as_apply(step) else { return edits };
    let Some((rate, gradient)) = graph.as_number(*rate).cloned().map(|rate| (rate, *gradient)) else { return edits };
    let (two, ten) = (Number::integer(2), Number::integer(10));
    let times = [Number::ratio(1, 10), ten, two, Number::ratio(1, 2)].map(|factor| &rate * &factor);
    for other in [Number::integer(1)].into_iter().chain(times).filter(|other| *other != rate) {
        let other = graph.number(other);
        let wrong = graph.apply(Scale, &[other, gradient]).and_then(|step| graph.apply(Sub, &[param, step]));
        edits.extend(wrong.ok().map(|wrong| ("wrong-rate", root, wrong)));
    }
    edits
}

/// The numbers of rows and columns of the data: what a mean divides by.
fn counts(graph: &mut Graph, model: &Model) -> Vec<NodeId> {
    let data: Vec<NodeId> = model.leaves.iter().copied().filter(|id| is_data(graph, *id)).collect();
    let mut sides: Vec<Dim> = Vec::new();
    for shape in data.iter().map(|id| graph.shape(*id)) {
        for side in shape.0.iter().filter(|side| !side.is_one()) {
            if !sides.contains(side) {
                sides.push(side.clone());
            }
        }
    }
    let products: Vec<Dim> = sides
        .iter()
        .enumerate()
        .flat_map(|(place, one)| sides[place + 1..].iter().map(move |two| one.times(two)))
        .collect();
    sides.into_iter().chain(products).map(|side| graph.dimension(side)).collect()
}

/// Whether a form is made of indicators, as far as the names that it uses and through a name for one.
fn is_mask(graph: &Graph, id: NodeId) -> bool {
    let inner = graph.as_symbol(id).map_or(id, |symbol| symbol.definition);
    parts(graph, inner).iter().any(|part| matches!(graph.as_apply(*part), Some((Op::Compare(_), _))))
}

/// What the indicator of a mask looks at.
fn masked(graph: &Graph, id: NodeId) -> Option<NodeId> {
    let inner = graph.as_symbol(id).map_or(id, |symbol| symbol.definition);
    parts(graph, inner).iter().find_map(|part| match graph.as_apply(*part) {
        Some((Op::Compare(_), [left, _])) => Some(*left),
        _ => None,
    })
}

/// A mask with its indicators upon another value.
fn upon(graph: &mut Graph, mask: NodeId, value: NodeId) -> Option<NodeId> {
    let looked_at = masked(graph, mask)?;
    same_shape(graph.shape(looked_at), graph.shape(value)).then_some(())?;
    let inner = graph.as_symbol(mask).map_or(mask, |symbol| symbol.definition);
    replaced(graph, inner, looked_at, value)
}

/// A form with each indicator on the other side.
fn reversed(graph: &mut Graph, form: NodeId) -> Option<NodeId> {
    let Some((op, operands)) = graph.as_apply(form).map(|(op, all)| (op.clone(), all.to_vec())) else {
        return Some(form);
    };
    if let Op::Compare(compare) = &op {
        return graph.apply(Compare { relation: complement(compare.relation) }, &operands).ok();
    }
    let operands: Option<Vec<NodeId>> = operands.into_iter().map(|own| reversed(graph, own)).collect();
    graph.apply(op, &operands?).ok()
}

fn complement(relation: Relation) -> Relation {
    match relation {
        Relation::Greater => Relation::LessEqual,
        Relation::GreaterEqual => Relation::Less,
        Relation::Less => Relation::GreaterEqual,
        Relation::LessEqual => Relation::Greater,
        Relation::Equal => Relation::NotEqual,
        Relation::NotEqual => Relation::Equal,
    }
}

/// A size, or one divided by it.
fn is_count(graph: &Graph, id: NodeId) -> bool {
    match graph.kind(id) {
        Kind::Size(_) => true,
        Kind::Apply(Op::Div(_), operands) => operands.iter().any(|operand| is_count(graph, *operand)),
        Kind::Number(number) => {
            number.to_integer().is_none()
                && Number::integer(1)
                    .checked_div(number)
                    .is_ok_and(|inverse| inverse.to_integer().is_some_and(|count| count > 2))
        }
        Kind::Leaf(_) | Kind::Symbol(_) | Kind::Literal(_) | Kind::Ones(_) | Kind::Apply(..) => false,
    }
}

fn is_data(graph: &Graph, id: NodeId) -> bool {
    graph.as_leaf(id).is_some_and(|leaf| matches!(leaf.kind, LeafKind::Input | LeafKind::Target))
}
