//! What is known of descents and exact minima.

use super::{Answer, Refusal, Subject, Work};
use crate::descend::{Objectives, Path};
use crate::graph::NodeId;
use crate::model::{Descent, Family, Method};
use crate::number::Number;
use crate::quadratic::{NormalEquation, Quadratic};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// Why a loss has no minimum that can be computed, or no descent.
#[derive(Clone, Debug)]
pub enum Unlearnable {
    /// Its second derivative depends on the parameters.
    NotQuadratic,
    /// So many entries of the parameters, too many to solve for.
    TooLarge(usize),
    /// It is quadratic, and has many minima or none.
    NoSingleMinimum,
    /// A curve is not defined at some row.
    UndefinedCurve(Family),
    /// The model does not fit another number of examples.
    Batches(String),
}

/// A descent and what is known of where it goes.
#[derive(Clone, Debug)]
pub struct DescentResult {
    pub descent: Descent,
    /// The gradients, written out.
    pub gradients: Vec<NodeId>,
    pub path: Path,
    pub objectives: Objectives,
    /// Of the loss with the weight decay.
    pub quadratic: Option<Quadratic>,
}

/// The exact minimum of a quadratic loss.
#[derive(Clone, Debug)]
pub struct MinimumResult {
    pub loss: NodeId,
    pub params: Vec<NodeId>,
    pub gradients: Vec<NodeId>,
    /// For each gradient, where it can be multiplied out.
    pub equations: Option<Vec<NormalEquation>>,
    pub quadratic: Quadratic,
    pub minimum: Vec<Tensor<Number>>,
    /// The loss there.
    pub least: Number,
}

impl Work<'_> {
    pub(crate) fn gradients_written_out(&mut self, loss: NodeId, params: &[NodeId]) -> Vec<NodeId> {
        let gradients: Vec<NodeId> = params.iter().map(|param| self.gradient(*param, loss)).collect();
        gradients.into_iter().map(|gradient| self.written_out(gradient)).collect()
    }

    pub(crate) fn learned(&self, task: usize, subject: Subject, value: &Tensor<Number>) -> Answer {
        let shape: Shape = value.shape();
        Answer {
            task,
            subject,
            form: None,
            expanded: None,
            because: None,
            shape,
            value: Some(value.clone()),
            missing: Vec::new(),
            at: None,
            points: None,
        }
    }

    pub(crate) fn unlearnable(&self, task: usize, reason: Unlearnable) -> Refusal {
        Refusal::Unlearnable { model: Box::new(self.model.clone()), task, reason }
    }
}

/// Whether a rate of plain descent by all examples makes this loss converge; none where that is not known.
pub fn converges(result: &DescentResult) -> Option<bool> {
    let quadratic = result.quadratic.as_ref()?;
    let plain = result.descent.rule.method == Method::Plain && result.descent.batches.is_none();
    let [rate] = result.descent.rule.rates.as_slice() else { return None };
    let largest = quadratic.largest_rate().filter(|_| plain && quadratic.curvature.to_f64() > 0.0)?;
    Some(rate.to_f64() < largest.to_f64())
}
