//! `fit y over x by linear, polynomial degree 2 to 9 hold out rows 8 to 10`: families of curves on the same data.

mod families;

use super::{Ask, Line, Sheet, Space, Task, Written};
use crate::answer::told::{Hole, Say};
use crate::answer::{Answer, FitPart, FitResult, Refusal, Section, Subject, Unlearnable, Work};
use crate::fit::fit;
use crate::graph::NodeId;
use crate::lower::Lowerer;
use crate::model::{Family, Fit, Model, Target};
use crate::number::Number;
use crate::tensor::Tensor;

pub const WRITTEN: Written = Written {
    begins: "fit",
    forms: &["fit {name} over {name} by {families}"],
    examples: &["fit y over x by linear, quadratic, polynomial degree 3 to 9 hold out rows 8 to 10"],
    summary: "families of curves on the same data, and which one to choose",
    answered: "theta_linear = [0.5; 2]",
};

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    lowerer.fit(line)
}

impl Task for Box<Fit> {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::Fit(Box::new(Fit { of: new(&self.of), over: new(&self.over), ..self.as_ref().clone() }))
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        Vec::new()
    }

    fn question(&self) -> Say {
        let rows = self.held_out.iter().map(|row| Say::words_of((row + 1).to_string())).collect();
        let held_out = Say::new(match self.held_out.len() {
            1 => " Hold out row {}, and compare the losses on both parts.",
            _ => " Hold out rows {}, and compare the losses on both parts.",
        })
        .hole(Hole::Says(rows));
        Say::new("Fit {} over {} by least squares: {}.{}")
            .node(self.of)
            .node(self.over)
            .hole(Hole::Says(runs(&self.families)))
            .maybe((!self.held_out.is_empty()).then_some(held_out))
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "Families of curves",
            hint: "Each family is linear in its coefficients: the normal equations give them.",
            space: Space::Lines { each: 1.0, least: 5, most: 12 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        work.fit(task, self)
    }
}

/// The families, polynomials of neighbouring degrees together.
fn runs(families: &[Family]) -> Vec<Say> {
    let mut runs: Vec<(&Family, usize)> = Vec::new();
    for family in families {
        match (family, runs.last_mut()) {
            (Family::Polynomial(degree), Some((Family::Polynomial(_), last))) if *last + 1 == *degree => {
                *last = *degree;
            }
            (Family::Polynomial(degree), _) => runs.push((family, *degree)),
            (Family::Proportional | Family::Curve(_), _) => runs.push((family, 0)),
        }
    }
    let named = |family: &Family| Say::words_of(family.to_string());
    let said = |(family, last): (&Family, usize)| match family {
        Family::Polynomial(first) if last > first + 1 => vec![
            Say::new("polynomials of degree {} to {}").words(first.to_string()).words(last.to_string()),
        ],
        // Two neighbours are named each by itself.
        Family::Polynomial(first) => (*first..=last).map(|degree| named(&Family::Polynomial(degree))).collect(),
        Family::Proportional | Family::Curve(_) => vec![named(family)],
    };
    runs.into_iter().flat_map(said).collect()
}

impl Work<'_> {
    fn fit(&mut self, task: usize, asked: &Fit) -> Result<Section, Refusal> {
        let column = |id| {
            let value = self.model.graph.as_leaf(id).and_then(|leaf| leaf.value.as_ref());
            value.map_or_else(Vec::new, |value| value.entries().cloned().collect::<Vec<Number>>())
        };
        let (x, y) = (column(asked.over), column(asked.of));
        let mut fitted = Vec::new();
        for family in &asked.families {
            fitted.push(fit(family, &x, &y, &asked.held_out).map_err(|_| Refusal::Unlearnable {
                model: Box::new(self.model.clone()),
                task,
                reason: Unlearnable::UndefinedCurve(family.clone()),
            })?);
        }
        for (family, fitted) in fitted.iter().enumerate() {
            let Some(best) = &fitted.curve else { continue };
            self.certificate.compare(asked.of, &best.predicted, &best.again);
            let coefficients = Tensor::from_entries(&[best.coefficients.len(), 1], best.coefficients.clone());
            let mut add = |part, value: Tensor<Number>| {
                self.answers.push(Answer {
                    task,
                    subject: Subject::Fit { family, part },
                    form: None,
                    expanded: None,
                    because: None,
                    shape: value.shape(),
                    value: Some(value),
                    at: None,
                    missing: Vec::new(),
                    points: None,
                });
            };
            add(FitPart::Coefficients, coefficients);
            add(FitPart::Training, Tensor::scalar(best.training.clone()));
            if let Some(held_out) = &best.held_out {
                add(FitPart::HeldOut, Tensor::scalar(held_out.clone()));
            }
        }
        let training = x.len() - asked.held_out.len();
        Ok(Section::Fit(Box::new(FitResult { fit: asked.clone(), training, fitted })))
    }
}
