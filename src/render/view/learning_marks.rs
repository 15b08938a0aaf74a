//! What a marker meets where gradients are asked as numbers: wrong ones, and where a descent goes with them.

use super::marking::{MarkView, ThenView};
use super::{Maths, Viewer};
use crate::answer::mistaken::{WrongDescent, WrongFactor, wrong_descent, wrong_factors};
use crate::answer::{DescentResult, Section, Subject};
use crate::graph::NodeId;
use crate::math::Math;
use crate::number::Number;
use crate::ops::Mistake;
use crate::tensor::Tensor;

/// Gradients with more entries than these together are not written down.
const MOST_ENTRIES: usize = 6;

impl Viewer<'_> {
    /// The marks of every descent; of gradients at points, where no descent has told the same.
    pub(super) fn learning_marks(&self) -> Vec<MarkView> {
        let mut marks: Vec<MarkView> = Vec::new();
        let mut told: Vec<NodeId> = Vec::new();
        for section in &self.solution.sections {
            if let Section::Descent(result) = section
                && !told.contains(&result.descent.loss)
            {
                told.push(result.descent.loss);
                marks.extend(self.descent_marks(result));
            }
        }
        for section in &self.solution.sections {
            let Section::Points { points } = section else { continue };
            let Some(point) = points.first() else { continue };
            for (subject, node) in &point.targets {
                let (Subject::Gradient { loss, .. }, Some(value)) = (subject, point.values.get(*node)) else {
                    continue;
                };
                if !told.contains(loss) && value.size() <= MOST_ENTRIES {
                    told.push(*loss);
                    let form = self.written_out(subject).unwrap_or(*node);
                    let wrong = wrong_factors(self.graph(), &point.values, *loss, form).into_iter();
                    marks.extend(wrong.map(|wrong| {
                        let value = value.map(|entry| &entry * &wrong.factor);
                        let seen = self.stated(self.subject_math(subject), &value);
                        self.factor_mark(&wrong, seen, *loss, None)
                    }));
                }
            }
        }
        marks
    }

    fn descent_marks(&self, result: &DescentResult) -> Vec<MarkView> {
        let (descent, loss) = (&result.descent, result.descent.loss);
        let entries: usize = descent.start.iter().map(|(_, value)| value.size()).sum();
        let Some(form) = result.gradients.first().filter(|_| entries <= MOST_ENTRIES) else { return Vec::new() };
        let mut marks = Vec::new();
        let mut uphill = None;
        for wrong in wrong_factors(self.graph(), &self.solution.values, loss, *form) {
            let Some(descended) = wrong_descent(result, &wrong.factor) else { continue };
            let pairs = descent.params.iter().zip(&descended.gradients);
            let seen: Vec<Maths> =
                pairs.map(|(param, value)| self.stated(self.derivative_math(*param, loss), value)).collect();
            let then = self.then(result, &descended);
            // A step uphill leads where the gradient with the other sign does.
            if wrong.mistake == Mistake::SIGN {
                let (seen, then) = (then.first.join(", "), ThenView { first: Vec::new(), ..then.clone() });
                let mark = MarkView::of(Mistake::UPHILL_STEP, seen, self.loss_line(loss));
                uphill = Some(MarkView { then: Some(then), ..mark });
            }
            marks.push(self.factor_mark(&wrong, seen.join(", "), loss, Some(then)));
        }
        marks.extend(uphill);
        marks
    }

    fn loss_line(&self, loss: NodeId) -> Maths {
        format!("{} = {}", self.print(loss), self.definition(loss))
    }

    fn then(&self, result: &DescentResult, descended: &WrongDescent) -> ThenView {
        let pairs = result.descent.params.iter().zip(&descended.first);
        ThenView {
            first: pairs.map(|(param, value)| self.stated(self.indexed(*param, 1), value)).collect(),
            steps: descended.reached,
            diverges: descended.diverges,
        }
    }

    /// `a_1 = 6.6581`
    fn stated(&self, name: Math, value: &Tensor<Number>) -> Maths {
        self.write(&name.related(self.equality(value.entries()), self.fine(value)))
    }

    fn factor_mark(&self, wrong: &WrongFactor, seen: Maths, loss: NodeId, then: Option<ThenView>) -> MarkView {
        let left_out =
            Number::integer(1).checked_div(&wrong.factor).ok().filter(|_| wrong.mistake == Mistake::FACTOR_LEFT_OUT);
        let factor = left_out.map(|factor| self.number(&factor));
        MarkView { factor, then, ..MarkView::of(wrong.mistake, seen, self.loss_line(loss)) }
    }
}
