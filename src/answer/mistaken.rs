//! Gradients that are wrong by a factor, and where a descent goes with them: what a marker of a descent meets.

use super::DescentResult;
use crate::descend::{End, Objective, Objectives, walk};
use crate::graph::{Graph, NodeId, Values};
use crate::model::Model;
use crate::number::Number;
use crate::ops::{Op, Scale};
use crate::tensor::Tensor;

/// A wrong descent is followed for so many steps at most.
const LONGEST: usize = 1_000;

/// A mistake that multiplies all gradients of a loss by one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongFactor {
    /// The catalogue's name.
    pub mistake: &'static str,
    /// What the right gradient is multiplied by.
    pub factor: Number,
}

/// A descent by such gradients.
#[derive(Clone, Debug)]
pub struct WrongDescent {
    /// At the start, in the order of the parameters.
    pub gradients: Vec<Tensor<Number>>,
    /// The parameters after the first step.
    pub first: Vec<Tensor<Number>>,
    /// After how many steps the gradient is as small as was asked, if it comes to that.
    pub reached: Option<usize>,
    pub diverges: bool,
}

/// The factors by which the gradients of this loss are wrong most often: the sign, the factor that the derivative
/// begins with, a mean for a sum and a sum for a mean. `form` is one of the gradients, written out.
pub fn wrong_factors(graph: &Graph, values: &Values<Number>, loss: NodeId, form: NodeId) -> Vec<WrongFactor> {
    let one = Number::integer(1);
    let wrong = |mistake, factor: Option<Number>| factor.map(|factor| WrongFactor { mistake, factor });
    let leading = match graph.as_apply(form) {
        Some((Op::Scale(_), [factor, _])) => graph.as_number(*factor).map(|factor| factor.abs()),
        _ => None,
    };
    let leading = leading.filter(|factor| *factor != one && factor.to_f64() > 1.0);
    let rows = rows_under(graph, values, loss);
    let count = rows.as_ref().and_then(|(_, rows)| i64::try_from(*rows).ok()).map(Number::integer);
    [
        wrong("sign", Some(Number::integer(-1))),
        wrong("factor-left-out", leading.and_then(|factor| one.checked_div(&factor).ok())),
        match rows {
            Some((true, _)) => wrong("sum-for-mean", count),
            Some((false, _)) => wrong("mean-for-sum", count.and_then(|count| one.checked_div(&count).ok())),
            None => None,
        },
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a loss is a mean (or a sum) of all entries, and of how many; none of one alone.
fn rows_under(graph: &Graph, values: &Values<Number>, loss: NodeId) -> Option<(bool, usize)> {
    let definition = graph.as_symbol(loss).map_or(loss, |symbol| symbol.definition);
    let (op, operands) = graph.as_apply(definition)?;
    let size = || operands.first().and_then(|operand| graph.shape(*operand).size().as_integer());
    let known = || operands.first().and_then(|operand| values.get(*operand)).map(Tensor::size);
    let is_mean = match op {
        Op::Sum(sum) if sum.axis.is_none() => false,
        Op::Mean(mean) if mean.axis.is_none() => true,
        Op::Scale(_) => return rows_under(graph, values, *operands.get(1)?),
        _ => return None,
    };
    let rows = size().and_then(|size| usize::try_from(size).ok()).or_else(known)?;
    (rows > 1).then_some((is_mean, rows))
}

/// Where a descent by all examples goes with its gradients multiplied by a factor.
pub fn wrong_descent(model: &Model, result: &DescentResult, factor: &Number) -> Option<WrongDescent> {
    let mut descent = result.descent.clone();
    if descent.batches.is_some() {
        return None;
    }
    descent.stop.steps = descent.stop.steps.min(LONGEST);
    let mut graph = model.graph.clone();
    let factor = graph.number(factor.clone());
    let scaled = result.gradients.iter().map(|gradient| graph.apply(Scale, &[factor, *gradient]).ok());
    let gradients = scaled.collect::<Option<Vec<NodeId>>>()?;
    let whole = Objective { graph, loss: descent.loss, gradients };
    let path = walk(&descent, &Objectives { whole, parts: Vec::new() }, &|_, _| {}).ok()?;
    let [start, first, ..] = path.rows.as_slice() else { return None };
    Some(WrongDescent {
        gradients: start.gradients.clone()?,
        first: first.params.clone(),
        reached: path.rows.last().filter(|_| path.end == End::Reached).map(|row| row.step),
        diverges: path.end == End::Diverged,
    })
}
