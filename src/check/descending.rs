//! Learned parameters with a mistake: where steps of descent lead then, and what has no form to make a mistake in.

use super::judge::Case;
use super::marker::Marker;
use super::question::Question;
use crate::answer::mistaken::{WrongEnd, wrong_ends};
use crate::answer::{Section, Subject};
use crate::graph::{Kind, NodeId};
use crate::model::Model;
use crate::number::Number;
use crate::ops::Mistake;
use crate::tasks::Ask;
use crate::tensor::Tensor;
use std::rc::Rc;

/// A whole answer that is wrong by a factor.
const FACTORS: [(&str, (i64, i64)); 3] =
    [(Mistake::SIGN, (-1, 1)), (Mistake::FACTOR_TWO, (2, 1)), (Mistake::FACTOR_HALF, (1, 2))];

/// Counts of parameters without the biases, and with one input channel for each kernel.
fn wrong_counts(model: &Model, question: &Question) -> Vec<(&'static str, Number)> {
    let counted = match &model.tasks[question.task - 1].ask {
        Ask::CountParams(count) => &count.of,
        _ => return Vec::new(),
    };
    let sides = |id: &NodeId| {
        let sides = model.graph.shape(*id).0.iter().map(|side| side.as_integer());
        sides.collect::<Option<Vec<i64>>>()
    };
    let Some(shapes) = counted.iter().map(sides).collect::<Option<Vec<_>>>() else { return Vec::new() };
    let total = |of: &dyn Fn(&[i64]) -> i64| Number::integer(shapes.iter().map(|sides| of(sides)).sum());
    let is_bias = |sides: &[i64]| sides.iter().filter(|side| **side != 1).count() < 2;
    let flat = |sides: &[i64]| match sides {
        [filters, _, rows, columns] => filters * rows * columns,
        sides => sides.iter().product(),
    };
    vec![
        (Mistake::BIASES_LEFT_OUT, total(&|sides| if is_bias(sides) { 0 } else { sides.iter().product() })),
        (Mistake::CHANNELS_LEFT_OUT, total(&flat)),
    ]
}

impl Marker<'_> {
    /// The mistake with which a descent, or a step, leads where the student's does; of all that is learned the sign and
    /// the factor.
    pub(super) fn learning_slip(&mut self, case: &Case, node: NodeId) -> Option<&'static str> {
        let key = self.key;
        let question = &key.questions[case.place];
        let found = self.given_value(case.place, node)?;
        let mut ends: Vec<(&'static str, Tensor<Number>)> = match &question.subject {
            Subject::Descended { of, .. } => {
                let Section::Descent(result) = key.solution.sections.get(question.task - 1)? else { return None };
                let own = result.descent.params.iter().position(|param| param == of)?;
                let ends = self.wrong_ends(question.task)?;
                ends.iter().filter_map(|end| Some((end.mistake, end.params.get(own)?.clone()))).collect()
            }
            // A formula for a small step is near to no step at all.
            Subject::Updated(of) if self.is_constant(node) => {
                let values = [self.given_value(case.place, *of), self.after_two_steps(case.place)];
                values.into_iter().flatten().map(|value| (Mistake::OFF_BY_ONE_STEP, value)).collect()
            }
            Subject::Part(_) | Subject::Minimum(_) | Subject::Fit { .. } => Vec::new(),
            Subject::Count => {
                let counts = wrong_counts(&key.solution.model, question);
                return counts.into_iter().find(|(_, count)| *count == *found.first()).map(|(name, _)| name);
            }
            _ => return None,
        };
        if let Some(right) = question.value.as_ref().filter(|_| question.node.is_none()) {
            ends.extend(FACTORS.map(|(name, (numerator, denominator))| {
                let factor = Number::ratio(numerator, denominator);
                (name, right.map(|entry| &entry * &factor))
            }));
        }
        ends.iter().find(|(_, end)| self.beside(&found, end).is_equal()).map(|(mistake, _)| *mistake)
    }

    fn wrong_ends(&mut self, task: usize) -> Option<Rc<Vec<WrongEnd>>> {
        if let Some(known) = self.wrong_ends.get(&task) {
            return Some(Rc::clone(known));
        }
        let solution = &self.key.solution;
        let Section::Descent(result) = solution.sections.get(task - 1)? else { return None };
        let made = Rc::new(wrong_ends(&solution.model.graph, &solution.values, result));
        self.wrong_ends.insert(task, Rc::clone(&made));
        Some(made)
    }

    /// An updated parameter after another step, which all that the task updates have made too.
    fn after_two_steps(&mut self, place: usize) -> Option<Tensor<Number>> {
        let key = self.key;
        let question = &key.questions[place];
        let mut environment = key.given[key.given_for(question)].exact.clone();
        for other in key.questions.iter().filter(|other| other.task == question.task) {
            if let Subject::Updated(of) = other.subject
                && let Kind::Leaf(leaf) = key.graph().kind(of)
            {
                environment.set(*leaf, other.value.clone()?);
            }
        }
        let reference = question.node?;
        self.graph.evaluate(&[reference], &environment).ok()?.get(reference).cloned()
    }
}
