//! The checks at one set of data: each rule by itself, each rewriting, and all gradients together.

use super::data::symmetric;
use super::{Failure, TOLERANCE, difference, relative};
use crate::differentiate::{Gradients, RuleUse};
use crate::graph::{Environment, Graph, LeafId, NodeId, Values};
use crate::ops::Op;
use crate::tensor::Tensor;
use fastrand::Rng;
use std::borrow::Cow;
use std::sync::Arc;

/// The step of numeric differentiation; its error is of the fourth order.
const STEP: f64 = 1e-4;
/// Where a function is looked at, from the place on.
const STEPS: [f64; 5] = [-2.0 * STEP, -STEP, 0.0, STEP, 2.0 * STEP];
/// The rounding of a value, as a share of a slope: where values are huge, that much says nothing.
pub const NOISE: f64 = 16.0 * f64::EPSILON / STEP;
/// The step of second derivatives, which lose twice as many digits.
const BEND: f64 = 4e-3;
/// A difference that rounding explains is counted as this much at most.
const ROUNDED: f64 = 1e-9;
/// The rules of more operands of one application are checked together.
const MANY: usize = 16;
/// A difference tells of a mistake where the slopes on the two sides differ by less than this share of it: otherwise
/// there is a kink near, or too much curvature for numbers to tell.
const SMOOTH: f64 = 0.05;

/// One thing to check, by its place in the gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    Rule(usize),
    /// The rules of all operands of one application, so many from a place on.
    Rules(usize, usize),
    Rewriting(usize),
    Whole,
}

/// What a check said at one set of data; the relative errors.
pub enum Outcome {
    Agrees(f64),
    Differs(f64),
    /// At a kink the rule gives a slope between those of the two sides, with this error: other data tell more, unless
    /// the kink is there at any data (`maximum(x, x)`).
    Between(f64),
    /// At a kink, or next to the edge of what is defined: other data are needed.
    Unclear,
}

/// All that there is to check.
pub fn checks(gradients: &Gradients) -> Vec<Check> {
    let mut place = 0;
    let of_one = |one: &RuleUse| (one.node, one.inner, one.upstream);
    let of_one = gradients.uses.chunk_by(|one, next| of_one(one) == of_one(next));
    let rules = of_one.flat_map(|uses| {
        let from = place;
        place += uses.len();
        // One after the other would be quadratic work: each takes as long as the operator has operands.
        if uses.len() > MANY { vec![Check::Rules(from, uses.len())] } else { (from..place).map(Check::Rule).collect() }
    });
    let rewritings = (0..gradients.steps.len()).map(Check::Rewriting);
    rules.chain(rewritings).chain([Check::Whole]).collect()
}

/// The nodes whose values the checks need.
pub fn wanted(graph: &Graph, gradients: &Gradients) -> Vec<NodeId> {
    let mut wanted = vec![gradients.loss];
    wanted.extend(gradients.of.values());
    for step in &gradients.steps {
        wanted.extend([definition(graph, step.gradient), step.raw]);
        wanted.extend(step.contributions.iter().flat_map(|one| [one.raw, one.simplified]));
    }
    wanted.extend(gradients.uses.iter().flat_map(|rule| [rule.node, rule.upstream, rule.result]));
    wanted
}

fn definition(graph: &Graph, symbol: NodeId) -> NodeId {
    graph.as_symbol(symbol).map_or(symbol, |symbol| symbol.definition)
}

impl Check {
    pub fn failure(self, graph: &Graph, gradients: &Gradients, relative_error: f64) -> Failure {
        match self {
            Check::Rule(place) | Check::Rules(place, _) => {
                let node = gradients.uses[place].node;
                let operator = graph.as_apply(node).map_or("", |(op, _)| op.reference().name);
                Failure::Rule { operator, node, relative_error }
            }
            Check::Rewriting(place) => Failure::Rewriting { of: gradients.steps[place].of, relative_error },
            Check::Whole => Failure::Whole { loss: gradients.loss, relative_error },
        }
    }
}

/// The values at one set of data.
pub struct Data<'a> {
    graph: &'a Graph,
    gradients: &'a Gradients,
    environment: Environment<f64>,
    values: Values<f64>,
    /// The values with random deltas in place of their own: each step is checked as well as the others, however little
    /// of the gradient reaches it.
    local: Values<f64>,
}

impl<'a> Data<'a> {
    /// `None` where something has no value there.
    pub fn at(
        graph: &'a Graph,
        gradients: &'a Gradients,
        environment: Environment<f64>,
        random: &mut Rng,
    ) -> Option<Data<'a>> {
        let wanted = wanted(graph, gradients);
        let values = graph.evaluate(&wanted, &environment).ok()?;
        let mut local = Values::none();
        for id in gradients.of.values() {
            if let Some(value) = values.get(*id) {
                local.set(*id, Arc::new(value.map(|_| symmetric(random))));
            }
        }
        wanted.iter().try_for_each(|id| graph.extend(&mut local, *id, &environment)).ok()?;
        Some(Data { graph, gradients, environment, values, local })
    }

    pub fn outcome(&self, check: Check, random: &mut Rng) -> Outcome {
        let outcome = match check {
            Check::Rule(place) => self.rule(&self.gradients.uses[place], random),
            Check::Rules(from, count) => self.rules(&self.gradients.uses[from..from + count], random),
            Check::Rewriting(place) => self.rewriting(place),
            Check::Whole => self.whole(random),
        };
        outcome.unwrap_or(Outcome::Unclear)
    }

    /// One rule against the numeric derivative of its operator in a random direction.
    fn rule(&self, rule: &RuleUse, random: &mut Rng) -> Option<Outcome> {
        let (op, operands) = self.graph.as_apply(rule.node)?;
        let inner = rule.inner.and_then(|inner| self.graph.as_apply(inner));
        let variable = inner.map_or(operands[rule.place], |(_, operands)| operands[0]);
        let point = self.local.get(variable)?;
        let direction = point.map(|_| symmetric(random));
        let (upstream, result) = (self.local.get(rule.upstream)?, self.local.get(rule.result)?);
        let slope = Slope::of_entries(upstream, |t| {
            let moved = point.zip(&direction, |x, u| x + t * u);
            let moved = match inner {
                Some((inner, _)) => inner.evaluate(&[&moved]).ok()?,
                None => moved,
            };
            apply_with(op, operands, rule.place, &moved, &self.local)
        })?;
        // Measured by what comes in: a small gradient is checked as well as a large one.
        let coming = upstream.entries().fold(0.0f64, |largest, entry| largest.max(entry.abs()));
        let noise = NOISE * (magnitude(upstream, self.local.get(rule.node)?) + magnitude(result, point));
        Some(slope.compared(dot(result, &direction), magnitude(result, &direction), coming, noise))
    }

    /// The rules of many operands of one application, all moved at once.
    fn rules(&self, rules: &[RuleUse], random: &mut Rng) -> Option<Outcome> {
        let (op, operands) = self.graph.as_apply(rules.first()?.node)?;
        let points = operands.iter().map(|id| self.local.get(*id)).collect::<Option<Vec<_>>>()?;
        let mut directions: Vec<Option<Tensor<f64>>> = vec![None; operands.len()];
        let (mut expected, mut size, mut noise) = (0.0, 0.0, 0.0);
        for rule in rules {
            let (point, result) = (points[rule.place], self.local.get(rule.result)?);
            let direction = point.map(|_| symmetric(random));
            expected += dot(result, &direction);
            size += magnitude(result, &direction);
            noise += NOISE * magnitude(result, point);
            directions[rule.place] = Some(direction);
        }
        let upstream = self.local.get(rules.first()?.upstream)?;
        noise += NOISE * magnitude(upstream, self.local.get(rules.first()?.node)?);
        let slope = Slope::of_entries(upstream, |t| {
            let moved: Vec<Cow<'_, Tensor<f64>>> = points
                .iter()
                .zip(&directions)
                .map(|(point, direction)| match direction {
                    Some(direction) => Cow::Owned(point.zip(direction, |x, u| x + t * u)),
                    None => Cow::Borrowed(*point),
                })
                .collect();
            op.evaluate(&moved.iter().map(Cow::as_ref).collect::<Vec<_>>()).ok()
        })?;
        let coming = upstream.entries().fold(0.0f64, |largest, entry| largest.max(entry.abs()));
        Some(slope.compared(expected, size, coming, noise))
    }

    fn rewriting(&self, place: usize) -> Option<Outcome> {
        let step = &self.gradients.steps[place];
        let whole = difference(self.local.get(step.raw)?, self.local.get(definition(self.graph, step.gradient))?);
        let error = step.contributions.iter().try_fold(whole, |worst, one| {
            Some(worst.max(difference(self.local.get(one.raw)?, self.local.get(one.simplified)?)))
        })?;
        Some(if error < TOLERANCE { Outcome::Agrees(error) } else { Outcome::Differs(error) })
    }

    /// All leaf gradients together against the loss along one direction, in which each leaf has about the same share.
    fn whole(&self, random: &mut Rng) -> Option<Outcome> {
        let mut directions: Vec<(LeafId, Tensor<f64>)> = Vec::new();
        let (mut expected, mut scale) = (0.0, 0.0);
        let mut noise = NOISE * self.values.get(self.gradients.loss)?.total().abs();
        for (leaf, node) in self.graph.leaf_nodes() {
            let Some(gradient) = self.gradients.of.get(&node) else { continue };
            let gradient = self.values.get(*gradient)?;
            let size = gradient.entries().map(|entry| entry * entry).sum::<f64>().sqrt();
            // A leaf with a small gradient is moved further, so that it is seen beside the others.
            let stretch = (1.0 / size.max(1e-6)).clamp(1e-3, 1e2);
            let direction = gradient.map(|_| stretch * symmetric(random));
            expected += dot(gradient, &direction);
            scale += magnitude(gradient, &direction);
            noise += NOISE * magnitude(gradient, self.environment.leaves.get(&leaf)?);
            directions.push((leaf, direction));
        }
        let slope = Slope::of(|t| {
            let mut moved = self.environment.clone();
            for (leaf, direction) in &directions {
                let point = self.environment.leaves.get(leaf)?;
                moved.set(*leaf, point.zip(direction, |x, u| x + t * u));
            }
            Some(self.graph.evaluate(&[self.gradients.loss], &moved).ok()?.get(self.gradients.loss)?.total())
        })?;
        Some(slope.compared(expected, scale, 1.0, noise))
    }
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

/// A numeric derivative, and how far it can be trusted.
pub struct Slope {
    /// With an error of the fourth order in the step.
    value: f64,
    /// How much the slopes on the two sides differ: little where the function is smooth.
    gap: f64,
    /// Those slopes, with an error of the second order.
    sides: [f64; 2],
}

impl Slope {
    pub fn of(along: impl Fn(f64) -> Option<f64>) -> Option<Slope> {
        let [far_below, below, here, above, far_above] = STEPS.map(along);
        Some(Slope::through([far_below?, below?, here?, above?, far_above?]))
    }

    /// Of a weighted sum of entries. Kinks of several entries must not cancel: what they add to the gap, and to the
    /// slopes of the two sides, is taken entry by entry.
    fn of_entries(weights: &Tensor<f64>, along: impl Fn(f64) -> Option<Tensor<f64>>) -> Option<Slope> {
        let [far_below, below, here, above, far_above] = STEPS.map(along);
        let values = [far_below?, below?, here?, above?, far_above?];
        let mut entries = values.each_ref().map(|value| value.entries());
        let mut sum = Slope { value: 0.0, gap: 0.0, sides: [0.0; 2] };
        for weight in weights.entries() {
            let own =
                Slope::through(entries.each_mut().map(|entry| entry.next().map_or(f64::NAN, |entry| weight * entry)));
            let [left, right] = own.sides;
            sum.value += own.value;
            sum.gap += own.gap;
            sum.sides = [sum.sides[0] + left.min(right), sum.sides[1] + left.max(right)];
        }
        Some(sum)
    }

    /// Of the values at `STEPS`.
    fn through([far_below, below, here, above, far_above]: [f64; 5]) -> Slope {
        let value = (8.0 * (above - below) - (far_above - far_below)) / (12.0 * STEP);
        // Both orders: a kink between the points can be unseen by one of them.
        let first = (above - here) - (here - below);
        let (left, right) = (3.0 * here - 4.0 * below + far_below, 4.0 * above - far_above - 3.0 * here);
        let second = right - left;
        let sides = [left, right].map(|side| side / (2.0 * STEP));
        Slope { value, gap: (first.abs() / STEP).max(second.abs() / (2.0 * STEP)), sides }
    }

    /// The second derivative, by the same measures.
    pub fn bend(along: impl Fn(f64) -> Option<f64>) -> Option<Slope> {
        let here = along(0.0)?;
        let bend = |step: f64| {
            let (near, far) = (along(-step)? + along(step)?, along(-2.0 * step)? + along(2.0 * step)?);
            Some((16.0 * near - far - 30.0 * here) / (12.0 * step * step))
        };
        let [value, other] = [bend(BEND)?, bend(2.0 * BEND)?];
        Some(Slope { value, gap: (value - other).abs(), sides: [value, other] })
    }

    /// `size` is the size of the terms of the expected slope, `floor` that of what is next to nothing, `noise` what
    /// rounding does.
    pub fn compared(&self, expected: f64, size: f64, floor: f64, noise: f64) -> Outcome {
        let scale = size.max(self.value.abs()).max(1e-4 * floor);
        let error = match relative(self.value, expected, 1.0) {
            0.0 => 0.0,
            // Rounding alone explains it.
            difference if difference <= noise => difference / scale.max(noise / ROUNDED),
            difference => difference / scale,
        };
        match error.is_finite() {
            true if error < TOLERANCE => Outcome::Agrees(error),
            true if self.gap <= SMOOTH * error * scale => Outcome::Differs(error),
            true | false => self.between(expected, scale),
        }
    }

    /// Whether the expected slope lies between those of the two sides.
    fn between(&self, expected: f64, scale: f64) -> Outcome {
        let [low, high] = if self.sides[0] <= self.sides[1] { self.sides } else { [self.sides[1], self.sides[0]] };
        let error = (low - expected).max(expected - high).max(0.0) / scale;
        if error < TOLERANCE { Outcome::Between(error) } else { Outcome::Unclear }
    }
}

pub fn dot(a: &Tensor<f64>, b: &Tensor<f64>) -> f64 {
    a.entries().zip(b.entries()).map(|(a, b)| a * b).sum()
}

/// The size of the terms of [`dot`]: what an error is measured against.
pub fn magnitude(a: &Tensor<f64>, b: &Tensor<f64>) -> f64 {
    a.entries().zip(b.entries()).map(|(a, b)| (a * b).abs()).sum()
}
