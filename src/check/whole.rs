//! What people do to a form as a whole: the sign, a factor, a mean for a sum, another rate.

use super::compare::same_shape;
use super::forms::{Edit, definition, is_data};
use crate::answer::mistaken::WRONG_RATES;
use crate::graph::{Graph, NodeId, SymbolName};
use crate::model::Model;
use crate::number::Number;
use crate::ops::{Add, Diag, Div, Mistake, Neg, Op, Scale, Sub, Transpose};
use crate::shape::Dim;

/// The sign of the whole.
pub(super) fn sign(graph: &mut Graph, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    graph.apply(Neg, &[root]).ok().map(|other| (Mistake::SIGN, root, other)).into_iter().collect()
}

/// A gradient twice as large, or half.
pub(super) fn factors(graph: &mut Graph, node: NodeId) -> Vec<Edit> {
    let gradient = graph.as_symbol(node).is_some_and(|symbol| matches!(symbol.name, SymbolName::Gradient { .. }));
    if gradient { scaled(graph, node) } else { Vec::new() }
}

fn scaled(graph: &mut Graph, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    let factors = [(Mistake::FACTOR_TWO, Number::integer(2)), (Mistake::FACTOR_HALF, Number::ratio(1, 2))];
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
        edits.extend(graph.apply(Div, &[root, count]).ok().map(|other| (Mistake::MEAN_FOR_SUM, root, other)));
        // The mean of squares, without the half.
        let two = graph.integer(2);
        let doubled = graph.apply(Scale, &[two, root]).and_then(|doubled| graph.apply(Div, &[doubled, count]));
        edits.extend(doubled.ok().map(|other| (Mistake::MEAN_FOR_SUM, root, other)));
        edits.extend(graph.apply(Scale, &[count, root]).ok().map(|other| (Mistake::SUM_FOR_MEAN, root, other)));
    }
    let diagonal = graph.apply(Diag, &[root]).and_then(|entries| graph.apply(Diag, &[entries]));
    edits.extend(
        diagonal
            .ok()
            .filter(|other| same_shape(graph.shape(*other), graph.shape(root)))
            .map(|other| (Mistake::DIAGONAL_ONLY, root, other)),
    );
    if let Ok(transposed) = graph.apply(Transpose, &[root]) {
        edits.push((Mistake::EXTRA_TRANSPOSE, root, transposed));
    }
    edits
}

/// The rate of a step of descent, taken otherwise: `W - rate * dW` with another rate, or uphill.
pub(super) fn rate_edits(graph: &mut Graph, node: NodeId) -> Vec<Edit> {
    let root = definition(graph, node);
    let Some((Op::Sub(_), [param, step])) = graph.as_apply(root) else { return Vec::new() };
    let (param, step) = (*param, *step);
    let own = |id: NodeId| matches!(graph.as_symbol(id), Some(symbol) if matches!(symbol.name, SymbolName::Gradient { of, .. } if of == param));
    let scaled = graph.as_apply(step).and_then(|(op, operands)| matches!(op, Op::Scale(_)).then(|| operands[1]));
    if !own(scaled.unwrap_or(step)) {
        return Vec::new();
    }
    let up = graph.apply(Add, &[param, step]).ok();
    let mut edits: Vec<Edit> = up.map(|up| (Mistake::UPHILL_STEP, root, up)).into_iter().collect();
    let Some((Op::Scale(_), [rate, gradient])) = graph.as_apply(step) else { return edits };
    let Some((rate, gradient)) = graph.as_number(*rate).cloned().map(|rate| (rate, *gradient)) else { return edits };
    let times = WRONG_RATES.map(|(numerator, denominator)| &rate * &Number::ratio(numerator, denominator));
    for other in [Number::integer(1)].into_iter().chain(times).filter(|other| *other != rate) {
        let other = graph.number(other);
        let wrong = graph.apply(Scale, &[other, gradient]).and_then(|step| graph.apply(Sub, &[param, step]));
        edits.extend(wrong.ok().map(|wrong| (Mistake::WRONG_RATE, root, wrong)));
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
