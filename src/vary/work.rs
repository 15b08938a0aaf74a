//! How much work a variant is: what a person would compare to see whether variants are fair.

use super::Fairness;
use crate::answer::Solution;
use crate::graph::{Kind, NodeId};
use crate::number::Number;
use crate::ops::Op;
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
    /// Entries at which an operator stands at its kink: what it does there is a convention.
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

/// Entries of a line's operands at which its operator has its kink.
fn kinks(solution: &Solution, line: NodeId) -> usize {
    let graph = &solution.model.graph;
    let definition = graph.as_symbol(line).map_or(line, |symbol| symbol.definition);
    let Kind::Apply(op, operands) = graph.kind(definition) else { return 0 };
    let at_zero = |value: &Tensor<Number>| value.entries().filter(|entry| **entry == Number::integer(0)).count();
    let values: Vec<&Tensor<Number>> = operands.iter().filter_map(|operand| solution.values.get(*operand)).collect();
    match (op, values.as_slice()) {
        (Op::Relu(_) | Op::LeakyRelu(_) | Op::Abs(_) | Op::Sign(_) | Op::Step(_), [value]) => at_zero(value),
        (Op::Maximum(_) | Op::Minimum(_), [left, right]) => {
            let pairs = left.entries().zip(right.entries());
            pairs.filter(|(left, right)| left == right).count()
        }
        _ => 0,
    }
}
