//! What people leave out, exchange or add when they write a formula down: edits of one form.

use super::compare::same_shape;
use super::forms::{Edit, definition, is_data, parts, replaced};
use super::masks::{complement, is_mask, masked, reversed, upon};
use super::whole::whole_edits;
use crate::answer::Expander;
use crate::graph::{Graph, Kind, NodeId, SymbolName};
use crate::model::Model;
use crate::number::Number;
use crate::ops::{
    Add, Compare, Div, Exp, Hadamard, MatMul, Maximum, Mean, Mistake, Neg, Op, Scale, Slip, Sub, Sum, Transpose,
};
use crate::shape::Shape;
use std::collections::{BTreeMap, BTreeSet};

/// Values that are tried in place of another.
const VALUES: usize = 40;

/// Edits of the parts of a symbol's definition (or of the node itself), within the names that it uses.
pub(super) fn part_edits(graph: &mut Graph, model: &Model, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    let gradient = graph.as_symbol(node).and_then(|symbol| match symbol.name {
        SymbolName::Gradient { of, loss } => Some((of, loss)),
        SymbolName::Model(_) | SymbolName::Generated(_) => None,
    });
    let branches = gradient.is_some_and(|(of, loss)| has_branches(graph, of, loss));
    let mut edits = Vec::new();
    for part in parts(graph, root) {
        edits_of(graph, model, part, gradient.is_some(), branches, &mut edits);
    }
    if gradient.is_some() {
        at_wrong_values(graph, model, root, &mut edits);
    }
    edits
}

/// Whether a value reaches the loss on several paths, whose contributions add.
pub(super) fn has_branches(graph: &Graph, value: NodeId, loss: NodeId) -> bool {
    let needed = graph.needed(&[loss]);
    let mut reached = BTreeSet::from([value]);
    let mut uses: BTreeMap<NodeId, usize> = BTreeMap::new();
    for id in graph.ids().filter(|id| needed[id.place()]) {
        for operand in
            graph.operands(id).iter().filter(|operand| reached.contains(operand)).copied().collect::<Vec<_>>()
        {
            *uses.entry(operand).or_default() += 1;
            reached.insert(id);
        }
    }
    uses.values().any(|uses| *uses > 1)
}

/// What people do instead at one place of a form; `branches` says whether contributions may add in it.
pub(super) fn local_edits(graph: &mut Graph, model: &Model, part: NodeId, branches: bool) -> Vec<Edit> {
    let mut edits = Vec::new();
    if is_value(graph, part) {
        edits.extend(
            values_like(graph, model, part).into_iter().map(|other| (Mistake::DERIVATIVE_AT_WRONG_VALUE, part, other)),
        );
    } else {
        edits_of(graph, model, part, true, branches, &mut edits);
    }
    edits.extend(graph.apply(Neg, &[part]).ok().map(|other| (Mistake::SIGN, part, other)));
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
    let forward = graph.needed(&model.definitions);
    let parts = parts(graph, root);
    // A value without a name of its own is an operand of what is done entry by entry.
    let entrywise = |part: &NodeId| !matches!(graph.as_apply(*part), Some((Op::MatMul(_) | Op::Transpose(_), _)));
    let used =
        |parts: Vec<NodeId>| parts.iter().flat_map(|part| graph.operands(*part).to_vec()).collect::<BTreeSet<_>>();
    let named = used(parts.clone()).into_iter().filter(|id| model.definitions.contains(id));
    let nameless = used(parts.into_iter().filter(entrywise).collect())
        .into_iter()
        .filter(|id| graph.as_apply(*id).is_some() && forward.get(id.place()).copied().unwrap_or(false));
    for value in named.chain(nameless).collect::<BTreeSet<_>>() {
        for other in values_like(graph, model, value) {
            if let Some(wrong) = replaced(graph, root, value, other) {
                edits.push((Mistake::DERIVATIVE_AT_WRONG_VALUE, root, wrong));
            }
        }
    }
}

fn edits_of(graph: &mut Graph, model: &Model, part: NodeId, gradient: bool, branches: bool, edits: &mut Vec<Edit>) {
    let Some((op, operands)) = graph.as_apply(part).map(|(op, all)| (op.clone(), all.to_vec())) else { return };
    // A difference of two values is no sum of contributions.
    let branch = branches && !operands.iter().all(|operand| is_value(graph, *operand));
    let left_out = if branch { Mistake::MISSING_BRANCH } else { Mistake::TERM_LEFT_OUT };
    let mut put = |name: &'static str, other: Option<NodeId>| edits.extend(other.map(|other| (name, part, other)));
    match (&op, operands.as_slice()) {
        (Op::Transpose(_), [of]) => put(Mistake::MISSING_TRANSPOSE, Some(*of)),
        (Op::MatMul(_), [left, right]) => {
            put(Mistake::FACTORS_SWAPPED, graph.apply(MatMul, &[*right, *left]).ok());
            put(Mistake::ELEMENTWISE_FOR_MATRIX_PRODUCT, graph.apply(Hadamard, &[*left, *right]).ok());
            let terms = graph.shape(*left).0.last().cloned().filter(|side| !side.is_one());
            let terms = terms.map(|side| graph.dimension(side));
            put(Mistake::MEAN_FOR_SUM, terms.and_then(|terms| graph.apply(Div, &[part, terms]).ok()));
            let turned = [*left, *right].map(|operand| match graph.as_apply(operand) {
                Some((Op::Transpose(_), _)) => None,
                Some(_) | None => graph.apply(Transpose, &[operand]).ok(),
            });
            put(Mistake::EXTRA_TRANSPOSE, turned[0].and_then(|turned| graph.apply(MatMul, &[turned, *right]).ok()));
            put(Mistake::EXTRA_TRANSPOSE, turned[1].and_then(|turned| graph.apply(MatMul, &[*left, turned]).ok()));
        }
        (Op::Hadamard(_), [left, right]) => {
            for (dropped, kept) in [(*left, *right), (*right, *left)] {
                let name = match () {
                    () if is_mask(graph, dropped) => Mistake::MISSING_MASK,
                    () if graph.as_leaf(dropped).is_some() => Mistake::FACTOR_LEFT_OUT,
                    () => Mistake::DERIVATIVE_LEFT_OUT,
                };
                put(name, Some(kept));
                if is_mask(graph, dropped) {
                    let upon = upon(graph, dropped, kept);
                    put(Mistake::MASK_ON_WRONG_VALUE, upon.and_then(|upon| graph.apply(Hadamard, &[upon, kept]).ok()));
                    for value in values_like(graph, model, dropped) {
                        put(Mistake::VALUE_FOR_MASK, graph.apply(Hadamard, &[value, kept]).ok());
                    }
                    if let Some(masked) = masked(graph, dropped) {
                        let value = graph.integer(0);
                        let cut = graph.apply(Maximum, &[masked, value]).ok();
                        put(Mistake::VALUE_FOR_MASK, cut.and_then(|cut| graph.apply(Hadamard, &[cut, kept]).ok()));
                    }
                }
            }
            put(Mistake::MATRIX_FOR_ELEMENTWISE_PRODUCT, graph.apply(MatMul, &[*left, *right]).ok());
        }
        (Op::Scale(_), [factor, of]) => {
            let halves = graph.as_number(*factor).is_none();
            put(
                if halves && is_count(graph, *factor) { Mistake::SUM_FOR_MEAN } else { Mistake::FACTOR_LEFT_OUT },
                Some(*of),
            );
            if graph.shape(*of).is_scalar() {
                put(if is_mask(graph, *of) { Mistake::MISSING_MASK } else { Mistake::FACTOR_LEFT_OUT }, Some(*factor));
            }
        }
        (Op::Neg(_), [of]) => put(Mistake::SIGN, Some(*of)),
        (Op::Add(_), [left, right]) => {
            if is_mask(graph, *left) && is_mask(graph, *right) {
                put(Mistake::SLOPE_LEFT_OUT, Some(*left));
                put(Mistake::SLOPE_LEFT_OUT, Some(*right));
                put(Mistake::MASK_REVERSED, reversed(graph, part));
            }
            put(left_out, Some(*left));
            put(left_out, Some(*right));
            put(Mistake::SIGN, graph.apply(Sub, &[*left, *right]).ok());
            let two = graph.integer(2);
            for (doubled, other) in [(*left, *right), (*right, *left)] {
                let twice = graph.apply(Scale, &[two, doubled]);
                put(Mistake::FACTOR_TWO, twice.and_then(|twice| graph.apply(Add, &[twice, other])).ok());
            }
        }
        (Op::Sub(_), [left, right]) => {
            let data = [*left, *right].iter().any(|id| is_data(graph, *id));
            let name = if data { Mistake::TARGET_AND_PREDICTION_SWAPPED } else { Mistake::SIGN };
            put(name, graph.apply(Sub, &[*right, *left]).ok());
            put(left_out, Some(*left));
            put(left_out, graph.apply(Neg, &[*right]).ok());
            put(Mistake::SIGN, graph.apply(Add, &[*left, *right]).ok());
        }
        (Op::Sum(sum), [of]) => {
            put(Mistake::NOT_SUMMED_OVER_BATCH, Some(*of));
            put(Mistake::MEAN_FOR_SUM, graph.apply(Mean { axis: sum.axis }, &[*of]).ok());
            let other = sum.axis.map(|axis| Sum { axis: Some(1 - axis.min(1)) });
            put(Mistake::WRONG_AXIS, other.and_then(|other| graph.apply(other, &[*of]).ok()));
        }
        (Op::Mean(mean), [of]) => put(Mistake::SUM_FOR_MEAN, graph.apply(Sum { axis: mean.axis }, &[*of]).ok()),
        (Op::Pow(pow), [base, exponent]) if gradient => {
            let higher = graph.as_number(*exponent).map(|exponent| exponent + &Number::integer(1));
            let higher = higher.map(|higher| graph.number(higher));
            put(
                Mistake::EXPONENT_NOT_LOWERED,
                higher.and_then(|higher| graph.apply(pow.clone(), &[*base, higher]).ok()),
            );
        }
        (Op::Compare(compare), [left, right]) => {
            put(Mistake::VALUE_FOR_MASK, Some(*left));
            let relation = complement(compare.relation);
            put(Mistake::MASK_REVERSED, graph.apply(Compare { relation }, &[*left, *right]).ok());
            for other in values_like(graph, model, *left) {
                put(Mistake::MASK_ON_WRONG_VALUE, graph.apply(op.clone(), &[other, *right]).ok());
            }
        }
        (Op::Div(_), [of, divisor]) => {
            let name = if is_count(graph, *divisor) { Mistake::SUM_FOR_MEAN } else { Mistake::FACTOR_LEFT_OUT };
            put(name, Some(*of));
            let one = graph.integer(1);
            put(Mistake::FACTOR_LEFT_OUT, graph.apply(Div, &[one, *divisor]).ok());
        }
        (Op::Diag(_), [of]) if matches!(graph.kind(*of), Kind::Ones(_)) => {
            let shape = graph.shape(part).clone();
            put(Mistake::ONES_FOR_IDENTITY, Some(graph.ones(shape)));
        }
        (Op::Softmax(_), [of]) => put(Mistake::NOT_NORMALISED, graph.apply(Exp, &[*of]).ok()),
        (Op::MaxPool(_), [of]) => {
            let least = graph.apply(Neg, &[*of]).and_then(|turned| graph.apply(op.clone(), &[turned]));
            put(Mistake::OPPOSITE_EXTREME, least.and_then(|least| graph.apply(Neg, &[least])).ok());
        }
        (Op::Conv2d(_), [image, kernel, rest @ ..]) => {
            let turned = graph.apply(Transpose, &[*kernel]).ok();
            let operands = turned.map(|turned| [&[*image, turned], rest].concat());
            put(Mistake::EXTRA_TRANSPOSE, operands.and_then(|operands| graph.apply(op.clone(), &operands).ok()));
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
