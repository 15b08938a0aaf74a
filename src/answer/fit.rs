//! Model families on the same data.

use super::{FitPart, Section};
use crate::fit::Fitted;
use crate::model::Fit;
use crate::number::Number;

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
