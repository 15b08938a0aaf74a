//! Gradients that are wrong by a factor, and where a descent goes with them, or with another rate, or a step too many:
//! what a marker of a descent meets.

use super::DescentResult;
use crate::descend::{End, Objective, Objectives, Steps, norm, walk};
use crate::graph::{Graph, NodeId, Values};
use crate::model::{Descent, Method, Rule, Stop};
use crate::number::Number;
use crate::ops::{Mistake, Op, Scale, Slip};
use crate::shape::{Dim, Shape};
use crate::tensor::Tensor;

/// What a rate is multiplied by most often where it is a wrong one, as numerator and denominator.
pub const WRONG_RATES: [(i64, i64); 4] = [(10, 1), (1, 10), (2, 1), (1, 2)];
/// A wrong descent is followed for so many steps at most.
const LONGEST: usize = 1_000;

/// A mistake that multiplies all gradients of a loss by one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongFactor {
    /// The catalogue's name.
    pub mistake: &'static str,
    /// What the right gradient is multiplied by.
    pub factor: Number,
}

/// A descent by such gradients.
#[derive(Clone, Debug)]
pub struct WrongDescent {
    /// At the start, in the order of the parameters.
    pub gradients: Vec<Tensor<Number>>,
    /// The parameters after the first step.
    pub first: Vec<Tensor<Number>>,
    /// After how many steps the gradient is as small as was asked, if it comes to that.
    pub reached: Option<usize>,
    pub diverges: bool,
}

/// The factors by which the gradients of this loss are wrong most often: the sign, the factor that the derivative
/// begins with, a mean for a sum and a sum for a mean. `form` is one of the gradients, written out.
pub fn wrong_factors(graph: &Graph, values: &Values<Number>, loss: NodeId, form: NodeId) -> Vec<WrongFactor> {
    let one = Number::integer(1);
    let wrong = |mistake, factor: Option<Number>| factor.map(|factor| WrongFactor { mistake, factor });
    let leading = match graph.as_apply(form) {
        Some((Op::Scale(_), [factor, _])) => graph.as_number(*factor).map(|factor| factor.abs()),
        _ => None,
    };
    let leading = leading.filter(|factor| *factor != one && factor.to_f64() > 1.0);
    let rows = rows_under(graph, values, loss);
    let count = rows.as_ref().and_then(|(_, rows)| i64::try_from(*rows).ok()).map(Number::integer);
    [
        wrong(Mistake::SIGN, Some(Number::integer(-1))),
        wrong(Mistake::FACTOR_LEFT_OUT, leading.and_then(|factor| one.checked_div(&factor).ok())),
        match rows {
            Some((true, _)) => wrong(Mistake::SUM_FOR_MEAN, count),
            Some((false, _)) => wrong(Mistake::MEAN_FOR_SUM, count.and_then(|count| one.checked_div(&count).ok())),
            None => None,
        },
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a loss is a mean (or a sum) of all entries, and of how many; none of one alone.
fn rows_under(graph: &Graph, values: &Values<Number>, loss: NodeId) -> Option<(bool, usize)> {
    let definition = graph.as_symbol(loss).map_or(loss, |symbol| symbol.definition);
    let (op, operands) = graph.as_apply(definition)?;
    let size = || operands.first().and_then(|operand| graph.shape(*operand).size().as_integer());
    let known = || operands.first().and_then(|operand| values.get(*operand)).map(Tensor::size);
    let is_mean = match op {
        Op::Sum(sum) if sum.axis.is_none() => false,
        Op::Mean(mean) if mean.axis.is_none() => true,
        Op::Scale(_) => return rows_under(graph, values, *operands.get(1)?),
        _ => return rows_of(op, &operands.iter().map(|operand| graph.shape(*operand).clone()).collect::<Vec<_>>()),
    };
    let rows = size().and_then(|size| usize::try_from(size).ok()).or_else(known)?;
    (rows > 1).then_some((is_mean, rows))
}

/// The same of an operator that is a mean or a sum by an option: how many times as large the one is as the other.
fn rows_of(op: &Op, shapes: &[Shape]) -> Option<(bool, usize)> {
    let (name, other) = op.mistakes(shapes).into_iter().find_map(|mistake| match mistake.slip {
        Slip::Forward(other) if [Mistake::SUM_FOR_MEAN, Mistake::MEAN_FOR_SUM].contains(&mistake.name) => {
            Some((mistake.name, other))
        }
        Slip::Forward(_) | Slip::Gradient(..) => None,
    })?;
    let side = |side: &Dim| side.as_integer().and_then(|side| usize::try_from(side).ok());
    let extents = |shape: &Shape| shape.0.iter().map(side).collect::<Option<Vec<usize>>>();
    let operands = shapes.iter().zip(1..).map(|(shape, place)| {
        let between = 0.9 / f64::from(place + 1);
        Some(Tensor::filled(&extents(shape)?, between))
    });
    let operands = operands.collect::<Option<Vec<Tensor<f64>>>>()?;
    let operands: Vec<&Tensor<f64>> = operands.iter().collect();
    let [own, other] = [op, &other].map(|op| op.evaluate(&operands).ok().map(|value| *value.first()));
    let (own, other) = (own?.abs(), other?.abs());
    let rows = (own / other).max(other / own).round();
    (rows > 1.0 && rows < 1e9).then_some((name == Mistake::SUM_FOR_MEAN, rows as usize))
}

/// Where a descent by all examples goes with its gradients multiplied by a factor.
pub fn wrong_descent(result: &DescentResult, factor: &Number) -> Option<WrongDescent> {
    let mut descent = result.descent.clone();
    if descent.batches.is_some() {
        return None;
    }
    descent.stop.steps = descent.stop.steps.min(LONGEST);
    let path = walk(&descent, &multiplied(&result.objectives, factor)?, &|_, _| {}).ok()?;
    let [start, first, ..] = path.rows.as_slice() else { return None };
    Some(WrongDescent {
        gradients: start.gradients.clone()?,
        first: first.params.clone(),
        reached: path.rows.last().filter(|_| path.end == End::Reached).map(|row| row.step),
        diverges: path.end == End::Diverged,
    })
}

/// A loss with its gradients multiplied by a factor.
fn multiplied(objectives: &Objectives, factor: &Number) -> Option<Objectives> {
    let multiplied = |objective: &Objective| {
        let mut graph = objective.graph.clone();
        let factor = graph.number(factor.clone());
        let gradients = objective.gradients.iter().map(|gradient| graph.apply(Scale, &[factor, *gradient]).ok());
        let gradients = gradients.collect::<Option<Vec<NodeId>>>()?;
        Some(Objective { graph, loss: objective.loss, gradients })
    };
    let parts = objectives.parts.iter().map(|(size, part)| Some((*size, multiplied(part)?)));
    Some(Objectives { whole: multiplied(&objectives.whole)?, parts: parts.collect::<Option<_>>()? })
}

/// Where a descent ends that is made with a mistake.
#[derive(Clone, Debug)]
pub struct WrongEnd {
    /// The catalogue's name.
    pub mistake: &'static str,
    /// In the order of the parameters.
    pub params: Vec<Tensor<Number>>,
}

/// The ends of a descent with one step more or less, uphill, by gradients that are wrong by a factor, and with other
/// rates. `values` are those at the start, as far as they are known.
pub fn wrong_ends(graph: &Graph, values: &Values<Number>, result: &DescentResult) -> Vec<WrongEnd> {
    let (descent, objectives) = (&result.descent, &result.objectives);
    let Some(made) = result.path.rows.last().map(|row| row.step).filter(|made| *made < LONGEST) else {
        return Vec::new();
    };
    let mut ends = Vec::new();
    let mut end = |mistake, all: Vec<Vec<Tensor<Number>>>| {
        ends.extend(all.into_iter().map(|params| WrongEnd { mistake, params }));
    };
    let endless = Descent { stop: Stop { below: None, ..descent.stop.clone() }, ..descent.clone() };
    let near = [made.checked_sub(1), Some(made + 1)].into_iter().flatten();
    end(Mistake::OFF_BY_ONE_STEP, near.flat_map(|steps| ends_of(&endless, objectives, steps)).collect());
    let with_rates = |rates: Vec<Number>| {
        let mut wrong = descent.clone();
        wrong.rule.rates = rates;
        ends_of(&wrong, objectives, made)
    };
    let rates = &descent.rule.rates;
    let times = |factor: &Number| rates.iter().map(|rate| rate * factor).collect::<Vec<_>>();
    end(Mistake::UPHILL_STEP, with_rates(times(&Number::integer(-1))));
    for WrongFactor { mistake, factor } in wrong_factors_of_step(graph, values, result) {
        if let Some(wrong) = multiplied(objectives, &factor) {
            end(mistake, ends_of(descent, &wrong, made));
        }
    }
    for (mistake, rule) in wrong_rules(&descent.rule, made) {
        end(mistake, ends_of(&Descent { rule, ..descent.clone() }, objectives, made));
    }
    end(Mistake::WRONG_RATE, with_rates(vec![Number::integer(1)]));
    if let [first, _, ..] = rates.as_slice() {
        end(Mistake::WRONG_RATE, with_rates(vec![first.clone()]));
    }
    for (numerator, denominator) in WRONG_RATES {
        end(Mistake::WRONG_RATE, with_rates(times(&Number::ratio(numerator, denominator))));
    }
    ends
}

/// A rule of descent without a part of it: its momentum, the correction of its means, the decay of its weights.
fn wrong_rules(rule: &Rule, steps: usize) -> Vec<(&'static str, Rule)> {
    let plain = Rule { method: Method::Plain, ..rule.clone() };
    let mut wrong = match &rule.method {
        Method::Momentum { .. } | Method::Nesterov { .. } => vec![(Mistake::MOMENTUM_LEFT_OUT, plain)],
        Method::Adam { beta1, beta2, .. } => {
            // Means that are not corrected are what the rule has with other rates, but for its ε.
            let rates = |of_first: bool, of_second: bool| {
                let rate = |step: usize| {
                    let time = step as f64 + 1.0;
                    let lost =
                        |beta: &Number, lost: bool| if lost { 1.0 - libm::pow(beta.to_f64(), time) } else { 1.0 };
                    let own = rule.rates.get(step).or(rule.rates.last()).map_or(0.0, Number::to_f64);
                    Number::approx(own * lost(beta1, of_first) / libm::sqrt(lost(beta2, of_second)))
                };
                (0..steps.max(1)).map(rate).collect()
            };
            let lost = [(true, true), (true, false), (false, true)];
            let rule = |(first, second)| Rule { rates: rates(first, second), ..rule.clone() };
            lost.into_iter().map(|lost| (Mistake::BIAS_CORRECTION_LEFT_OUT, rule(lost))).collect()
        }
        Method::Plain | Method::RmsProp { .. } => Vec::new(),
    };
    if rule.decay != Number::integer(0) {
        wrong.push((Mistake::TERM_LEFT_OUT, Rule { decay: Number::integer(0), ..rule.clone() }));
    }
    wrong
}

/// The wrong factors, where a mean is one of the examples of a step.
fn wrong_factors_of_step(graph: &Graph, values: &Values<Number>, result: &DescentResult) -> Vec<WrongFactor> {
    let Some(form) = result.gradients.first() else { return Vec::new() };
    let mut wrong = wrong_factors(graph, values, result.descent.loss, *form);
    if let Some(batches) = &result.descent.batches {
        let size = i64::try_from(batches.size).unwrap_or(i64::MAX);
        for own in &mut wrong {
            match own.mistake {
                Mistake::SUM_FOR_MEAN => own.factor = Number::integer(size),
                Mistake::MEAN_FOR_SUM => own.factor = Number::ratio(1, size),
                _ => {}
            }
        }
        // The rest that the last batch is has another mean.
        wrong.retain(|own| !own.mistake.contains("mean") || batches.rows % batches.size == 0);
    }
    wrong
}

/// Where a descent by all examples ends that is made with other gradients, nodes of `graph` in the order of the parameters.
pub fn descended_by(result: &DescentResult, graph: &Graph, gradients: Vec<NodeId>) -> Vec<Vec<Tensor<Number>>> {
    let made = result.path.rows.last().map_or(0, |row| row.step);
    if result.descent.batches.is_some() || made > LONGEST {
        return Vec::new();
    }
    let whole = Objective { graph: graph.clone(), loss: result.descent.loss, gradients };
    ends_of(&result.descent, &Objectives { whole, parts: Vec::new() }, made)
}

/// Where a descent is after so many steps, and where its gradient is as small as is asked.
fn ends_of(descent: &Descent, objectives: &Objectives, made: usize) -> Vec<Vec<Tensor<Number>>> {
    let Ok(steps) = Steps::<f64>::new(descent, objectives) else { return Vec::new() };
    let below = descent.stop.below.as_ref().filter(|_| descent.batches.is_none());
    let mut ends = Vec::new();
    let mut sought = below.is_some();
    for (count, step) in steps.take(LONGEST + 2).enumerate() {
        let Ok(step) = step else { break };
        let reached = sought
            && below.is_some_and(|(places, bound)| {
                norm(places.iter().filter_map(|place| step.gradients.get(*place))) < bound.to_f64()
            });
        if reached || count == made {
            ends.push(step.params.iter().map(|value| value.map(Number::approx)).collect());
        }
        sought &= !reached;
        if count >= made && !sought || !step.params.iter().flat_map(Tensor::entries).all(|entry| entry.is_finite()) {
            break;
        }
    }
    ends
}
