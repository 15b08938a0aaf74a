//! How much work a variant is: what a person would compare to see whether variants are fair.

use super::Fairness;
use crate::answer::Solution;
use crate::graph::{Graph, NodeId};
use crate::number::Number;
use crate::ops::{Account, Op, unravel};
use crate::tensor::Tensor;
use serde::Serialize;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Work {
    /// Values and gradients on the way.
    pub steps: usize,
    /// Digits of the longest number among them.
    pub digits: usize,
    /// Entries that are 0.
    pub zeros: usize,
    /// Entries at which an operator stands at its kink, and choices among equals: what it does there is a convention.
    pub kinks: usize,
}

impl Work {
    /// As the section `variants` speaks of them, where the problem means nothing else by the name.
    pub fn measures(&self) -> [(&'static str, usize); 4] {
        [("steps", self.steps), ("digits", self.digits), ("zeros", self.zeros), ("kinks", self.kinks)]
    }

    pub fn of(solution: &Solution) -> Work {
        let lines = solution.model.lines();
        let gradients: usize = solution.gradients.iter().map(|gradients| gradients.steps.len()).sum();
        let values = lines.iter().filter_map(|line| solution.values.get(*line));
        let all: Vec<Fairness> = values
            .chain(solution.answers.iter().filter_map(|answer| answer.value.as_ref()))
            .map(Fairness::of)
            .collect();
        let in_lines = lines.iter().filter_map(|line| solution.values.get(*line)).map(Fairness::of);
        Work {
            steps: lines.len() + gradients,
            digits: all.iter().map(|value| value.digits).max().unwrap_or(0),
            zeros: in_lines.map(|value| value.zeros).sum(),
            kinks: lines.iter().map(|line| kinks(solution, *line)).sum(),
        }
    }
}

/// Entries of a line's operands at which its operator has its kink, and choices among equals.
fn kinks(solution: &Solution, line: NodeId) -> usize {
    let graph = &solution.model.graph;
    let Some((op, operands)) = applied(graph, line) else { return 0 };
    let at_zero = |value: &Tensor<Number>| value.entries().filter(|entry| **entry == Number::integer(0)).count();
    match (op, operands) {
        (Op::Relu(_) | Op::LeakyRelu(_) | Op::Abs(_) | Op::Sign(_) | Op::Step(_), [operand]) => {
            solution.values.get(*operand).map_or(0, at_zero)
        }
        _ => ties(graph, line, |operand| solution.values.get(operand)).unwrap_or(0),
    }
}

fn applied(graph: &Graph, line: NodeId) -> Option<(&Op, &[NodeId])> {
    let definition = graph.as_symbol(line).map_or(line, |symbol| symbol.definition);
    graph.as_apply(definition)
}

/// What a value is computed of.
pub fn operands(graph: &Graph, line: NodeId) -> Option<Vec<NodeId>> {
    applied(graph, line).map(|(_, operands)| operands.to_vec())
}

/// How many entries of a value were chosen (a maximum's, a max-pooling's) where others were as large; none of an operator
/// that chooses nothing.
pub fn ties<'v>(graph: &Graph, line: NodeId, value: impl Fn(NodeId) -> Option<&'v Tensor<Number>>) -> Option<usize> {
    let (op, operands) = applied(graph, line)?;
    let extents = graph.shape(line).as_integers()?;
    let operands: Vec<&Tensor<Number>> = operands.iter().map(|operand| value(*operand)).collect::<Option<_>>()?;
    let mut tied = 0;
    for place in 0..extents.iter().product() {
        let Account::Choice { candidates, winner } = op.account(&operands, &unravel(&extents, place)) else {
            return None;
        };
        let chosen = candidates.get(winner).map(|(_, entry)| entry);
        tied += usize::from(candidates.iter().filter(|(_, entry)| Some(entry) == chosen).count() > 1);
    }
    Some(tied)
}
