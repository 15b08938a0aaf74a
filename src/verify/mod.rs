//! The certificate: every gradient compared with numeric differentiation of the forward model before it is printed.
//!
//! It begins at the text: each line as it stands in the file against its value in the graph, and each gradient against what
//! the loss gains where its name is moved in the text. Then three roads at random data in several random sizes: each use of
//! a rule by itself, each rewritten form against the form it came from (both with random deltas, so that a small early
//! gradient is not lost behind a large late one), and the whole against the change of the loss along one random direction
//! in all parameters. The cost is linear in the model.

mod check;
mod data;
mod rule;
mod text;

use crate::differentiate::Gradients;
use crate::graph::NodeId;
use crate::model::Model;
use crate::shape::DimValues;
use crate::tensor::Tensor;
use check::{Data, Outcome, checks, wanted};
pub use data::{Round, is_defined, leaves_of, one_hot, random_environment, rounds, symmetric};
use fastrand::Rng;
pub use rule::is_derivative;
use serde::Serialize;
pub use text::{Matrix, Order, Traced, certify_derivative, certify_matrix, certify_text};

/// Two numbers are the same if they differ by less than this, relative to the terms that they are made of.
const TOLERANCE: f64 = 1e-6;
/// Entries below this are next to nothing: what remains of larger terms that cancel.
const SMALL: f64 = 1e-4;
/// A kink, or a value outside an operator's domain, is stepped around by drawing again so often.
const DRAWS: u64 = 12;

/// What was checked before a key is printed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Certificate {
    pub passed: bool,
    pub checks: usize,
    pub max_relative_error: f64,
    /// At how many sets of random data gradients were checked: each with its own sizes, where a dimension has no value.
    #[serde(skip)]
    pub rounds: usize,
    /// What did not agree.
    #[serde(skip)]
    pub failures: Vec<Failure>,
}

#[derive(Clone, Debug)]
pub enum Failure {
    /// A rule against the numeric derivative of its operator.
    Rule { operator: &'static str, node: NodeId, relative_error: f64 },
    /// A rewritten form against the form it came from.
    Rewriting { of: NodeId, relative_error: f64 },
    /// All gradients together against the change of the loss.
    Whole { loss: NodeId, relative_error: f64 },
    /// No random data were found at which the model has a value.
    NoData { loss: NodeId },
    /// Exact and approximate evaluation of an answer.
    Value { of: NodeId, relative_error: f64 },
    /// The lines of the text are not those of the model.
    Text,
    /// A line as it stands in the text.
    Line { of: NodeId, relative_error: f64 },
    /// All gradients of a line together against its change where the names of the text are moved.
    Moved { of: NodeId, relative_error: f64 },
}

impl Certificate {
    /// A certificate with nothing in it yet.
    pub fn new() -> Certificate {
        Certificate { passed: true, ..Certificate::default() }
    }

    fn add(&mut self, relative_error: f64, failure: impl FnOnce(f64) -> Failure) {
        self.checks += 1;
        if relative_error < TOLERANCE {
            self.max_relative_error = self.max_relative_error.max(relative_error);
        } else {
            self.fail(failure(relative_error));
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.passed = false;
        self.failures.push(failure);
    }

    /// Adds what another certificate checked.
    pub fn merge(&mut self, other: Certificate) {
        self.passed &= other.passed;
        self.checks += other.checks;
        self.max_relative_error = self.max_relative_error.max(other.max_relative_error);
        // The same sizes are drawn for every loss.
        self.rounds = self.rounds.max(other.rounds);
        self.failures.extend(other.failures);
    }

    /// Whether two values are the same as far as the certificate can tell.
    pub fn agrees(&self, value: &Tensor<f64>, again: &Tensor<f64>) -> bool {
        difference(value, again) < TOLERANCE
    }

    /// Compares a value with the same value computed by another road.
    pub fn compare(&mut self, of: NodeId, value: &Tensor<f64>, again: &Tensor<f64>) {
        self.add(difference(value, again), |relative_error| Failure::Value { of, relative_error });
    }
}

/// Checks the gradients of one loss at random data.
pub fn certify(model: &Model, gradients: &Gradients) -> Certificate {
    let mut certificate = Certificate::new();
    let mut rounds_made = 0;
    for round in rounds(&model.dims) {
        let found = round.sizes.iter().find_map(|dims| certify_at(model, gradients, dims, &round));
        match found {
            Some(found) => {
                rounds_made += 1;
                certificate.merge(found);
            }
            // A 5 x 5 kernel has no place on an image whose named sides are 1.
            None if round.optional => {}
            None => {
                certificate.passed = false;
                certificate.failures.push(Failure::NoData { loss: gradients.loss });
            }
        }
    }
    Certificate { rounds: rounds_made, ..certificate }
}

/// Compares two forms of one expression at random data in several sizes.
pub fn certify_equal(model: &Model, left: NodeId, right: NodeId) -> Certificate {
    let mut certificate = Certificate::new();
    let leaves = leaves_of(&model.graph, &[left, right]);
    for round in rounds(&model.dims) {
        let drawn = round.sizes.iter().flat_map(|dims| (0..DRAWS).map(move |draw| (dims, draw)));
        let values = drawn.into_iter().find_map(|(dims, draw)| {
            let mut random = Rng::with_seed(round.seed * DRAWS + draw + 1);
            let environment = random_environment(model, &leaves, dims, draw, &mut random)?;
            model.graph.evaluate(&[left, right], &environment).ok()
        });
        if let Some(values) = values
            && let (Some(left_value), Some(right_value)) = (values.get(left), values.get(right))
        {
            certificate.compare(left, left_value, right_value);
        }
    }
    if certificate.checks == 0 {
        certificate.passed = false;
        certificate.failures.push(Failure::NoData { loss: left });
    }
    certificate
}

/// All checks at random data, drawn again for those that could not tell. `None` where the model has no value at any
/// data.
fn certify_at(model: &Model, gradients: &Gradients, dims: &DimValues, round: &Round) -> Option<Certificate> {
    let mut open = checks(gradients);
    let leaves = leaves_of(&model.graph, &wanted(&model.graph, gradients));
    let mut certificate = Certificate::new();
    let (mut has_data, mut at_kinks) = (false, Vec::new());
    for draw in 0..DRAWS {
        let mut random = Rng::with_seed(round.seed * DRAWS + draw + 1);
        let environment = random_environment(model, &leaves, dims, draw, &mut random);
        let data = environment.and_then(|environment| Data::at(&model.graph, gradients, environment, &mut random));
        let Some(data) = data else { continue };
        has_data = true;
        at_kinks.clear();
        open.retain(|check| match data.outcome(*check, &mut random) {
            Outcome::Agrees(error) | Outcome::Differs(error) => {
                certificate.add(error, |error| check.failure(&model.graph, gradients, error));
                false
            }
            Outcome::Between(error) => {
                at_kinks.push((*check, error));
                true
            }
            Outcome::Unclear => true,
        });
        if open.is_empty() || !certificate.passed {
            break;
        }
    }
    // A kink that is there at any data.
    for (check, error) in at_kinks {
        open.retain(|open| *open != check);
        certificate.add(error, |error| check.failure(&model.graph, gradients, error));
    }
    // With every side 1 there are models with a kink at any data: `abs(x - mean(x))`.
    for check in open.iter().filter(|_| certificate.passed && !round.optional).copied().collect::<Vec<_>>() {
        certificate.add(f64::INFINITY, |error| check.failure(&model.graph, gradients, error));
    }
    has_data.then_some(certificate)
}

/// The largest difference of two tensors, relative to the largest entry; infinite if their shapes differ.
fn difference(a: &Tensor<f64>, b: &Tensor<f64>) -> f64 {
    if a.extents() != b.extents() {
        return f64::INFINITY;
    }
    let scale = a.entries().chain(b.entries()).map(|entry| entry.abs()).fold(0.0, f64::max);
    a.entries().zip(b.entries()).map(|(a, b)| relative(*a, *b, scale.max(SMALL))).fold(0.0, f64::max)
}

/// Two zeros are equal on any scale.
fn relative(a: f64, b: f64, scale: f64) -> f64 {
    let error = (a - b).abs() / scale;
    match () {
        () if a == b => 0.0,
        () if error.is_nan() => f64::INFINITY,
        () => error,
    }
}
