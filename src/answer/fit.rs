//! Model families on the same data.

use super::{Answer, FitPart, Refusal, Section, Subject, Unlearnable, Work};
use crate::fit::{Fitted, fit};
use crate::model::Fit;
use crate::number::Number;
use crate::tensor::Tensor;

/// The families of one task, each with its best curve.
#[derive(Clone, Debug)]
pub struct FitResult {
    pub fit: Fit,
    /// How many rows there are to learn from.
    pub training: usize,
    pub fitted: Vec<Fitted>,
}

impl FitResult {
    /// The place of the family whose loss is least, by this measure.
    pub fn best(&self, loss: impl Fn(&crate::fit::Best) -> Option<&Number>) -> Option<usize> {
        let losses = self
            .fitted
            .iter()
            .enumerate()
            .filter_map(|(place, fitted)| Some((place, loss(fitted.curve.as_ref()?)?.to_f64())));
        losses.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(place, _)| place)
    }

    /// The family to choose: the best one on what it has not seen, or with nothing held out on what it has.
    pub fn chosen(&self) -> Option<usize> {
        self.best(|best| best.held_out.as_ref()).or_else(|| self.best(|best| Some(&best.training)))
    }
}

impl Work<'_> {
    pub(super) fn fit(&mut self, task: usize, asked: &Fit) -> Result<Section, Refusal> {
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

impl FitPart {
    /// What an answer of a fit is called in an answer file: `theta_quadratic`, `train_degree_5`.
    pub fn name(self, section: &Section, family: usize) -> String {
        let Section::Fit(result) = section else { return String::new() };
        let part = match self {
            FitPart::Coefficients => "theta",
            FitPart::Training => "train",
            FitPart::HeldOut => "heldout",
        };
        format!("{part}_{}", result.fitted[family].family.to_string().replace(' ', "_"))
    }
}
