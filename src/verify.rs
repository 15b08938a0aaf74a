//! The certificate: every gradient compared with numeric differentiation of the forward model before it is printed.
//!
//! Three roads at random data in several random sizes: each use of a rule by itself (so that a small early gradient
//! is not lost behind a large late one), each rewritten form against the form it came from, and the whole against the
//! change of the loss along one random direction in all parameters. The cost is linear in the model.

use crate::differentiate::{GradientStep, Gradients, RuleUse};
use crate::graph::{Environment, Graph, LeafId, NodeId, Values};
use crate::model::Model;
use crate::ops::Op;
use crate::shape::DimValues;
use crate::syntax::ast::LeafKind;
use crate::tensor::Tensor;
use fastrand::Rng;
use serde::Serialize;

/// Two numbers are the same if they differ by less than this, relative to the terms that they are made of.
const TOLERANCE: f64 = 1e-6;
/// The step of numeric differentiation; its error is of the fourth order.
const STEP: f64 = 1e-4;
/// A kink, or a value outside an operator's domain, is stepped around by drawing again so often.
const DRAWS: u64 = 12;
/// Sizes that named dimensions are given: three assignments all different and none 1, and one with all 1.
const ASSIGNMENTS: u64 = 3;
/// The smallest size in those three: where a model has no value (a 5 x 5 kernel on an image whose sides are named), the
/// next is tried.
const SMALLEST: [usize; 4] = [2, 5, 10, 20];

/// What was checked before a key is printed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Certificate {
    pub passed: bool,
    pub checks: usize,
    pub max_relative_error: f64,
    /// The assignments of the named dimensions at which the checks were made.
    #[serde(skip)]
    pub sizes: usize,
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
            self.passed = false;
            self.failures.push(failure(relative_error));
        }
    }

    /// Adds what another certificate checked.
    pub fn merge(&mut self, other: Certificate) {
        self.passed &= other.passed;
        self.checks += other.checks;
        self.max_relative_error = self.max_relative_error.max(other.max_relative_error);
        self.sizes += other.sizes;
        self.failures.extend(other.failures);
    }

    /// Compares a value with the same value computed by another road.
    pub fn compare(&mut self, of: NodeId, value: &Tensor<f64>, again: &Tensor<f64>) {
        self.add(difference(value, again), |relative_error| Failure::Value { of, relative_error });
    }
}

/// Checks the gradients of one loss at random data.
pub fn certify(model: &Model, gradients: &Gradients) -> Certificate {
    let mut certificate = Certificate::new();
    for round in rounds(&model.dims) {
        let found = round.sizes.iter().find_map(|dims| certify_at(model, gradients, dims, round.seed));
        match found {
            Some(found) => certificate.merge(Certificate { sizes: 1, ..found }),
            // A 5 x 5 kernel has no place on an image whose named sides are 1.
            None if round.optional => {}
            None => {
                certificate.passed = false;
                certificate.failures.push(Failure::NoData { loss: gradients.loss });
            }
        }
    }
    certificate
}

/// Compares two forms of one expression at random data in several sizes.
pub fn certify_equal(model: &Model, left: NodeId, right: NodeId) -> Certificate {
    let mut certificate = Certificate::new();
    for round in rounds(&model.dims) {
        let drawn = round.sizes.iter().flat_map(|dims| (0..DRAWS).map(move |draw| (dims, draw)));
        let values = drawn.into_iter().find_map(|(dims, draw)| {
            let mut random = Rng::with_seed(round.seed * DRAWS + draw + 1);
            let environment = random_environment(model, dims, draw, &mut random)?;
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

/// The last of several draws, or the first that agrees; `None` where the model has no value at any.
fn certify_at(model: &Model, gradients: &Gradients, dims: &DimValues, round: u64) -> Option<Certificate> {
    let mut last = None;
    for draw in 0..DRAWS {
        let mut random = Rng::with_seed(round * DRAWS + draw + 1);
        let Some(environment) = random_environment(model, dims, draw, &mut random) else { continue };
        let Some(found) = check(&model.graph, gradients, &environment, &mut random) else { continue };
        let passed = found.passed;
        last = Some(found);
        if passed {
            break;
        }
    }
    last
}

/// One round of checks: the first sizes at which the model has a value.
struct Round {
    seed: u64,
    sizes: Vec<DimValues>,
    optional: bool,
}

fn rounds(dims: &[String]) -> Vec<Round> {
    let assign = |seed: u64, smallest: usize| -> DimValues {
        let mut values: Vec<usize> = (smallest..smallest + dims.len() + 2).collect();
        Rng::with_seed(seed).shuffle(&mut values);
        dims.iter().cloned().zip(values).collect()
    };
    let round = |seed: u64| Round {
        seed,
        sizes: match dims.is_empty() {
            true => vec![DimValues::new()],
            false => SMALLEST.iter().map(|smallest| assign(seed + 1, *smallest)).collect(),
        },
        optional: false,
    };
    let ones = dims.iter().map(|dim| (dim.clone(), 1)).collect();
    let last = (!dims.is_empty()).then_some(Round { seed: ASSIGNMENTS, sizes: vec![ones], optional: true });
    (0..ASSIGNMENTS).map(round).chain(last).collect()
}

/// Random values for every leaf: signed ones first, then positive ones, then the given ones a little moved.
fn random_environment(model: &Model, dims: &DimValues, draw: u64, random: &mut Rng) -> Option<Environment<f64>> {
    let given = Environment::<f64>::given(&model.graph);
    let mut environment = Environment { dims: dims.clone(), ..given.clone() };
    for (id, leaf) in model.graph.leaves() {
        if leaf.kind == LeafKind::Const && leaf.value.is_some() {
            continue;
        }
        let extents = leaf.shape.evaluate(dims)?;
        let value =
            match (leaf.one_hot_axis, given.leaves.get(&id)) {
                (Some(axis), _) => one_hot(&extents, axis, random),
                (None, Some(value)) if draw % 3 == 2 => value.map(|entry| entry * (1.0 + 0.1 * symmetric(random))),
                (None, _) => {
                    // Kept near 1 in a product of many: a deep network neither vanishes nor explodes.
                    let scale = 1.5 / (extents.first().copied().unwrap_or(1) as f64).sqrt();
                    let positive = draw % 3 == 1;
                    Tensor::from_fn(&extents, |_| {
                        if positive { 0.1 + 0.8 * random.f64() } else { scale * symmetric(random) }
                    })
                }
            };
        environment.set(id, value);
    }
    Some(environment)
}

fn symmetric(random: &mut Rng) -> f64 {
    2.0 * random.f64() - 1.0
}

fn one_hot(extents: &[usize], axis: usize, random: &mut Rng) -> Tensor<f64> {
    let length = extents.get(axis).copied().unwrap_or(1);
    let mut lines = extents.to_vec();
    if let Some(side) = lines.get_mut(axis) {
        *side = 1;
    }
    let chosen = Tensor::from_fn(&lines, |_| random.usize(0..length) as f64);
    Tensor::from_fn(extents, |index| {
        let place = index.get(axis).copied().unwrap_or(0) as f64;
        if *chosen.repeated_at(index) == place { 1.0 } else { 0.0 }
    })
}

/// All checks at one set of data; `None` where something has no value there.
fn check(
    graph: &Graph,
    gradients: &Gradients,
    environment: &Environment<f64>,
    random: &mut Rng,
) -> Option<Certificate> {
    let mut wanted = vec![gradients.loss];
    for step in &gradients.steps {
        wanted.extend([step.gradient, step.raw]);
        wanted.extend(step.contributions.iter().flat_map(|contribution| [contribution.raw, contribution.simplified]));
    }
    wanted.extend(gradients.uses.iter().flat_map(|rule| [rule.node, rule.upstream, rule.result]));
    let values = graph.evaluate(&wanted, environment).ok()?;
    let mut certificate = Certificate::new();
    for rule in &gradients.uses {
        let error = rule_error(graph, rule, &values, random)?;
        let operator = graph.as_apply(rule.node).map_or("", |(op, _)| op.reference().name);
        certificate.add(error, |relative_error| Failure::Rule { operator, node: rule.node, relative_error });
    }
    for step in &gradients.steps {
        certificate
            .add(rewriting_error(step, &values)?, |relative_error| Failure::Rewriting { of: step.of, relative_error });
    }
    if let Some(error) = whole_error(graph, gradients, environment, &values, random)? {
        certificate.add(error, |relative_error| Failure::Whole { loss: gradients.loss, relative_error });
    }
    Some(certificate)
}

/// One rule against the numeric derivative of its operator in a random direction.
fn rule_error(graph: &Graph, rule: &RuleUse, values: &Values<f64>, random: &mut Rng) -> Option<f64> {
    let (op, operands) = graph.as_apply(rule.node)?;
    let inner = rule.inner.and_then(|inner| graph.as_apply(inner));
    let variable = inner.map_or(operands[rule.place], |(_, operands)| operands[0]);
    let point = values.get(variable)?;
    let direction = point.map(|_| symmetric(random));
    let along = |t: f64| {
        let moved = point.zip(&direction, |x, u| x + t * u);
        let moved = match inner {
            Some((inner, _)) => inner.evaluate(&[&moved]).ok()?,
            None => moved,
        };
        apply_with(op, operands, rule.place, &moved, values)
    };
    let [far_below, below, above, far_above] = [-2.0 * STEP, -STEP, STEP, 2.0 * STEP].map(along);
    let upstream = values.get(rule.upstream)?;
    let weight = |value: Option<Tensor<f64>>| Some(dot(upstream, &value?));
    let slope = numeric_slope(weight(far_below)?, weight(below)?, weight(above)?, weight(far_above)?);
    let result = values.get(rule.result)?;
    Some(relative(slope, dot(result, &direction), magnitude(result, &direction).max(slope.abs())))
}

fn apply_with(
    op: &Op,
    operands: &[NodeId],
    place: usize,
    moved: &Tensor<f64>,
    values: &Values<f64>,
) -> Option<Tensor<f64>> {
    let operands: Vec<&Tensor<f64>> = operands
        .iter()
        .enumerate()
        .map(|(own, id)| if own == place { Some(moved) } else { values.get(*id) })
        .collect::<Option<_>>()?;
    op.evaluate(&operands).ok()
}

/// The slope at 0 from the values at −2h, −h, h and 2h; the error is of the fourth order in h.
fn numeric_slope(far_below: f64, below: f64, above: f64, far_above: f64) -> f64 {
    (8.0 * (above - below) - (far_above - far_below)) / (12.0 * STEP)
}

fn rewriting_error(step: &GradientStep, values: &Values<f64>) -> Option<f64> {
    let whole = difference(values.get(step.raw)?, values.get(step.gradient)?);
    step.contributions.iter().try_fold(whole, |worst, contribution| {
        Some(worst.max(difference(values.get(contribution.raw)?, values.get(contribution.simplified)?)))
    })
}

/// All leaf gradients together against the loss along one direction, in which each leaf has about the same share.
fn whole_error(
    graph: &Graph,
    gradients: &Gradients,
    environment: &Environment<f64>,
    values: &Values<f64>,
    random: &mut Rng,
) -> Option<Option<f64>> {
    let mut directions: Vec<(LeafId, Tensor<f64>)> = Vec::new();
    let (mut expected, mut scale) = (0.0, 0.0);
    for (leaf, node) in graph.leaf_nodes() {
        let Some(gradient) = gradients.of.get(&node) else { continue };
        let gradient = values.get(*gradient)?;
        let size = gradient.entries().map(|entry| entry * entry).sum::<f64>().sqrt();
        // A leaf with a small gradient is moved further, so that it is seen beside the others.
        let stretch = (1.0 / size.max(1e-6)).clamp(1e-3, 1e2);
        let direction = gradient.map(|_| stretch * symmetric(random));
        expected += dot(gradient, &direction);
        scale += magnitude(gradient, &direction);
        directions.push((leaf, direction));
    }
    if directions.is_empty() {
        return Some(None);
    }
    let along = |t: f64| {
        let mut moved = environment.clone();
        for (leaf, direction) in &directions {
            let point = environment.leaves.get(leaf)?;
            moved.set(*leaf, point.zip(direction, |x, u| x + t * u));
        }
        Some(graph.evaluate(&[gradients.loss], &moved).ok()?.get(gradients.loss)?.total())
    };
    let slope = numeric_slope(along(-2.0 * STEP)?, along(-STEP)?, along(STEP)?, along(2.0 * STEP)?);
    Some(Some(relative(slope, expected, scale.max(slope.abs()))))
}

fn dot(a: &Tensor<f64>, b: &Tensor<f64>) -> f64 {
    a.entries().zip(b.entries()).map(|(a, b)| a * b).sum()
}

/// The size of the terms of [`dot`]: what an error is measured against.
fn magnitude(a: &Tensor<f64>, b: &Tensor<f64>) -> f64 {
    a.entries().zip(b.entries()).map(|(a, b)| (a * b).abs()).sum()
}

fn relative(a: f64, b: f64, scale: f64) -> f64 {
    let error = (a - b).abs() / scale.max(1e-4);
    if error.is_nan() { f64::INFINITY } else { error }
}

/// The largest difference of two tensors, relative to the largest entry; infinite if their shapes differ.
fn difference(a: &Tensor<f64>, b: &Tensor<f64>) -> f64 {
    if a.extents() != b.extents() {
        return f64::INFINITY;
    }
    let scale = a.entries().chain(b.entries()).map(|entry| entry.abs()).fold(0.0, f64::max);
    a.entries().zip(b.entries()).map(|(a, b)| relative(*a, *b, scale)).fold(0.0, f64::max)
}
