//! Mean and variance of what is made of noise, from the operands on.

use crate::answer::told::Say;
use crate::diagnostic::Diagnostic;
use crate::graph::{Environment, Graph, Kind, LeafId, NodeId};
use crate::number::Number;
use crate::ops::{
    Add, Div, Hadamard, MatMul, Mean, Neg, Norm, Op, Pow, Scale, ShapeError, Sub, Sum, Trace, Transpose,
};
use crate::ops::mse::SquareReduction;
use crate::shape::Shape;
use crate::tasks::Asking;
use crate::tensor::Tensor;
use crate::verify::{leaves_of, random_environment, rounds};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// The law of each entry.
#[derive(Clone, Copy)]
pub struct Noise {
    pub mean: NodeId,
    pub variance: NodeId,
}

/// What was found of a value, with the way there.
pub struct Moments {
    pub mean: NodeId,
    pub variance: NodeId,
    pub rows: Vec<Vec<Say>>,
}

/// Where there is no rule.
pub struct Unknown {
    pub what: &'static str,
    pub operator: &'static str,
}

/// Of a value that noise stands in; nothing stands for 0.
#[derive(Clone)]
struct Known {
    mean: Option<NodeId>,
    /// Of each entry.
    variance: Variance,
    /// Whether its entries are independent of each other.
    independent: bool,
    noise: BTreeSet<NodeId>,
    because: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Variance {
    Zero,
    Is(NodeId),
    Unknown,
}

impl Known {
    fn fixed(id: NodeId) -> Known {
        Known { mean: Some(id), variance: Variance::Zero, independent: true, noise: BTreeSet::new(), because: "" }
    }

    fn is_fixed(&self) -> bool {
        self.noise.is_empty()
    }
}

pub fn moments(asking: &mut Asking, of: NodeId, random: &[NodeId], law: Noise) -> Result<Moments, Unknown> {
    let graph = &asking.work.model.graph;
    let needed = graph.needed(&[of]);
    let ids: Vec<NodeId> = graph.ids().filter(|id| needed[id.place()]).collect();
    let named: BTreeSet<NodeId> = ids.iter().filter_map(|id| Some(graph.as_symbol(*id)?.definition)).collect();
    let mut all: BTreeMap<NodeId, Known> = BTreeMap::new();
    let mut rows = Vec::new();
    for id in ids {
        let known = match random.contains(&id) {
            true => drawn(&mut asking.work.model.graph, id, law)?,
            false => step(&mut asking.work.model.graph, id, &all)?,
        };
        if !known.is_fixed() && !named.contains(&id) && !random.contains(&id) && !moves(&asking.work.model.graph, id) {
            rows.push(row(asking, id, &known));
        }
        all.insert(id, known);
    }
    let found = all.remove(&of).unwrap_or_else(|| Known::fixed(of));
    let zero = asking.work.model.graph.integer(0);
    let mean = found.mean.unwrap_or(zero);
    let variance = match found.variance {
        Variance::Is(variance) => variance,
        Variance::Zero | Variance::Unknown => zero,
    };
    let (mean, variance) = (asking.simplified(mean), asking.simplified(variance));
    Ok(Moments { mean, variance, rows })
}

/// Whether the same entries only stand elsewhere: that is no step.
fn moves(graph: &Graph, id: NodeId) -> bool {
    match graph.as_apply(id) {
        Some((Op::Transpose(_) | Op::Reshape(_) | Op::Flatten(_), _)) => true,
        Some((Op::Sum(_), [of])) => graph.shape(*of).size().is_one(),
        _ => false,
    }
}

fn row(asking: &mut Asking, id: NodeId, known: &Known) -> Vec<Say> {
    let shown = |asking: &mut Asking, form: Option<NodeId>| match form {
        Some(form) => {
            let form = asking.simplified(form);
            Say::new("{}").node(form)
        }
        None => Say::new("0"),
    };
    let mean = shown(asking, known.mean);
    let variance = match known.variance {
        Variance::Zero => Say::new("0"),
        Variance::Is(variance) => shown(asking, Some(variance)),
        Variance::Unknown => Say::new("–"),
    };
    vec![Say::new("{}").node(id), mean, variance, Say::new(known.because)]
}

fn fault(_: ShapeError) -> Unknown {
    Unknown { what: "mean", operator: "shape" }
}

/// Noise itself: the same law in each entry.
fn drawn(graph: &mut Graph, id: NodeId, law: Noise) -> Result<Known, Unknown> {
    let shape = graph.shape(id).clone();
    let mut each = |number: NodeId| match (graph.as_number(number).is_some_and(|own| *own == Number::integer(0)), shape.is_scalar()) {
        (true, _) => Ok(None),
        (false, true) => Ok(Some(number)),
        (false, false) => {
            let ones = graph.ones(shape.clone());
            graph.apply(Scale, &[number, ones]).map(Some)
        }
    };
    let (mean, variance) = (each(law.mean).map_err(fault)?, each(law.variance).map_err(fault)?);
    Ok(Known {
        mean,
        variance: variance.map_or(Variance::Zero, Variance::Is),
        independent: true,
        noise: BTreeSet::from([id]),
        because: "",
    })
}

/// A node from what is known of its operands.
fn step(graph: &mut Graph, id: NodeId, all: &BTreeMap<NodeId, Known>) -> Result<Known, Unknown> {
    let (op, operands) = match graph.kind(id).clone() {
        Kind::Symbol(symbol) => {
            let own = all[&graph.symbol(symbol).definition].clone();
            return Ok(if own.is_fixed() { Known::fixed(id) } else { own });
        }
        Kind::Apply(op, operands) => (op, operands),
        Kind::Leaf(_) | Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) => return Ok(Known::fixed(id)),
    };
    let known: Vec<&Known> = operands.iter().map(|operand| &all[operand]).collect();
    if known.iter().all(|own| own.is_fixed()) {
        return Ok(Known::fixed(id));
    }
    let noise: BTreeSet<NodeId> = known.iter().flat_map(|own| own.noise.iter().copied()).collect();
    let apart = |one: &Known, two: &Known| one.noise.is_disjoint(&two.noise);
    let result = graph.shape(id).clone();
    let rules = &mut Rules { graph, result: &result };
    let made = match (&op, known.as_slice()) {
        (Op::Add(_) | Op::Sub(_), [a, b]) => {
            let minus = matches!(op, Op::Sub(_));
            let mean = rules.sum(a.mean, b.mean, minus)?;
            let variance = if apart(a, b) { rules.variances(a, b)? } else { Variance::Unknown };
            let whole = |own: &Known, operand: NodeId, rules: &Rules| {
                own.is_fixed() || own.independent && *rules.graph.shape(operand) == result
            };
            let independent = whole(a, operands[0], rules) && whole(b, operands[1], rules);
            let because = if a.is_fixed() || b.is_fixed() {
                "what is fixed moves the mean and leaves the variance"
            } else {
                "means add, and variances of independent values"
            };
            (mean, variance, independent, because)
        }
        (Op::Neg(_), [a]) => {
            let mean = a.mean.map(|mean| rules.graph.apply(Neg, &[mean]).map_err(fault)).transpose()?;
            (mean, a.variance, a.independent, "the mean changes its sign, the variance does not")
        }
        (Op::Transpose(_) | Op::Reshape(_) | Op::Flatten(_) | Op::Entry(_) | Op::Diag(_), [a]) => {
            let same = |rules: &mut Rules, form: NodeId| rules.graph.apply(op.clone(), &[form]).map_err(fault);
            let mean = a.mean.map(|mean| same(rules, mean)).transpose()?;
            let variance = match a.variance {
                Variance::Is(variance) => Variance::Is(same(rules, variance)?),
                other => other,
            };
            (mean, variance, a.independent, "the same entries in other places")
        }
        (Op::Sum(_) | Op::Mean(_), [a]) => {
            let same = |rules: &mut Rules, form: NodeId| rules.graph.apply(op.clone(), &[form]).map_err(fault);
            // Term by term.
            let mean = match a.mean.map(|mean| (mean, rules.graph.as_apply(mean).map(|(op, of)| (op.clone(), of.to_vec())))) {
                Some((mean, Some((Op::Add(_), terms))))
                    if terms.iter().all(|term| rules.graph.shape(*term) == rules.graph.shape(mean)) =>
                {
                    let (one, two) = (same(rules, terms[0])?, same(rules, terms[1])?);
                    Some(rules.graph.apply(Add, &[one, two]).map_err(fault)?)
                }
                Some((mean, _)) => Some(same(rules, mean)?),
                None => None,
            };
            let variance = match (a.variance, &op) {
                (Variance::Zero, _) => Variance::Zero,
                (Variance::Is(_) | Variance::Unknown, _) if !a.independent => Variance::Unknown,
                (Variance::Is(variance), Op::Mean(Mean { axis })) => {
                    let count = rules.count(operands[0], *axis);
                    let mean = same(rules, variance)?;
                    Variance::Is(rules.graph.apply(Div, &[mean, count]).map_err(fault)?)
                }
                (Variance::Is(variance), _) => Variance::Is(same(rules, variance)?),
                (Variance::Unknown, _) => Variance::Unknown,
            };
            (mean, variance, a.independent, "the mean of a sum is the sum of the means; variances of independent terms add")
        }
        (Op::Scale(_) | Op::Hadamard(_) | Op::MatMul(_), [a, b]) if apart(a, b) => rules.product(&op, [a, b], &operands)?,
        (Op::MatMul(_), [a, _]) => rules.quadratic(a, &operands, all)?,
        (Op::Hadamard(_) | Op::Scale(_), [a, _]) if operands[0] == operands[1] => rules.square(a)?,
        (Op::Div(_), [a, b]) if b.is_fixed() => {
            let divisor = operands[1];
            let mean = a.mean.map(|mean| rules.graph.apply(Div, &[mean, divisor]).map_err(fault)).transpose()?;
            let variance = match a.variance {
                Variance::Is(variance) => {
                    let square = rules.squared(divisor)?;
                    Variance::Is(rules.graph.apply(Div, &[variance, square]).map_err(fault)?)
                }
                other => other,
            };
            (mean, variance, a.independent, "a fixed divisor divides the mean, and the variance by its square")
        }
        (Op::Pow(_), [_, b]) if b.is_fixed() && rules.is_two(operands[1]) => {
            let base = operands[0];
            match rules.graph.as_apply(base).map(|(inner, of)| (inner.clone(), of.to_vec())) {
                Some((Op::Norm(Norm { axis }), of)) => rules.squares(&all[&of[0]], axis)?,
                _ => rules.square(&all[&base])?,
            }
        }
        // Its square is reached from the power.
        (Op::Norm(_), [a]) => (None, Variance::Unknown, a.independent, "its square has a rule"),
        (Op::HalfSquare(_), [a]) => {
            let (mean, variance, independent, because) = rules.squares(a, None)?;
            (rules.half(mean)?, variance, independent, because)
        }
        (Op::Mse(mse), [a, b]) if apart(a, b) => {
            let mean = rules.sum(a.mean, b.mean, true)?;
            let variance = rules.variances(a, b)?;
            let difference = Known { mean, variance, independent: true, noise: noise.clone(), because: "" };
            let (mean, variance, independent, because) = rules.squares(&difference, None)?;
            let mean = match mse.reduce {
                SquareReduction::Half => rules.half(mean)?,
                SquareReduction::Sum => mean,
                SquareReduction::Mean => {
                    let count = rules.count(operands[0], None);
                    mean.map(|mean| rules.graph.apply(Div, &[mean, count]).map_err(fault)).transpose()?
                }
            };
            (mean, variance, independent, because)
        }
        _ => return Err(Unknown { what: "mean", operator: op.reference().name }),
    };
    let (mean, variance, independent, because) = made;
    Ok(Known { mean, variance, independent, noise, because })
}

type Made = (Option<NodeId>, Variance, bool, &'static str);

/// What the rules build their forms in.
struct Rules<'g> {
    graph: &'g mut Graph,
    /// The shape of the value at hand.
    result: &'g Shape,
}

impl Rules<'_> {
    fn is_two(&self, id: NodeId) -> bool {
        self.graph.as_number(id).is_some_and(|number| *number == Number::integer(2))
    }

    fn sum(&mut self, a: Option<NodeId>, b: Option<NodeId>, minus: bool) -> Result<Option<NodeId>, Unknown> {
        let made = match (a, b) {
            (Some(a), Some(b)) if minus => self.graph.apply(Sub, &[a, b]),
            (Some(a), Some(b)) => self.graph.apply(Add, &[a, b]),
            (None, Some(b)) if minus => self.graph.apply(Neg, &[b]),
            (Some(only), None) | (None, Some(only)) => Ok(only),
            (None, None) => return Ok(None),
        };
        made.and_then(|made| spread(self.graph, made, self.result)).map(Some).map_err(fault)
    }

    /// Of two that are independent of each other.
    fn variances(&mut self, a: &Known, b: &Known) -> Result<Variance, Unknown> {
        Ok(match (a.variance, b.variance) {
            (Variance::Unknown, _) | (_, Variance::Unknown) => Variance::Unknown,
            (Variance::Zero, Variance::Zero) => Variance::Zero,
            (Variance::Is(only), Variance::Zero) | (Variance::Zero, Variance::Is(only)) => {
                Variance::Is(spread(self.graph, only, self.result).map_err(fault)?)
            }
            (Variance::Is(a), Variance::Is(b)) => {
                let sum = self.graph.apply(Add, &[a, b]).map_err(fault)?;
                Variance::Is(spread(self.graph, sum, self.result).map_err(fault)?)
            }
        })
    }

    fn squared(&mut self, id: NodeId) -> Result<NodeId, Unknown> {
        if let Some((Op::Transpose(_), [inner])) = self.graph.as_apply(id) {
            let inner = *inner;
            let square = self.squared(inner)?;
            return self.graph.apply(Transpose, &[square]).map_err(fault);
        }
        let two = self.graph.integer(2);
        self.graph.apply(Pow, &[id, two]).map_err(fault)
    }

    fn half(&mut self, form: Option<NodeId>) -> Result<Option<NodeId>, Unknown> {
        let half = self.graph.number(Number::ratio(1, 2));
        form.map(|form| self.graph.apply(Scale, &[half, form]).map_err(fault)).transpose()
    }

    fn count(&mut self, of: NodeId, axis: Option<usize>) -> NodeId {
        let shape = self.graph.shape(of);
        let count = axis.and_then(|axis| shape.0.get(axis).cloned()).unwrap_or_else(|| shape.size());
        match count.as_integer() {
            Some(count) => self.graph.integer(count),
            None => self.graph.dimension(count),
        }
    }

    /// Of two that are independent of each other: `E[ab] = E[a]E[b]`, and `E[a²b²] = E[a²]E[b²]`.
    fn product(&mut self, op: &Op, [a, b]: [&Known; 2], operands: &[NodeId]) -> Result<Made, Unknown> {
        let multiply = |rules: &mut Self, a: Option<NodeId>, b: Option<NodeId>| match (a, b) {
            (Some(a), Some(b)) => rules.graph.apply(op.clone(), &[a, b]).map(Some).map_err(fault),
            _ => Ok(None),
        };
        let mean = multiply(self, a.mean, b.mean)?;
        let summed = matches!(op, Op::MatMul(_));
        let entries_apart = !summed || (a.is_fixed() || a.independent) && (b.is_fixed() || b.independent);
        let variance_of = |own: &Known| match own.variance {
            Variance::Is(variance) => Ok(Some(variance)),
            Variance::Zero => Ok(None),
            Variance::Unknown => Err(()),
        };
        let variance = match (entries_apart, variance_of(a), variance_of(b)) {
            (true, Ok(one), Ok(two)) => {
                let square = |rules: &mut Self, form: Option<NodeId>| form.map(|form| rules.squared(form)).transpose();
                let (a_mean, b_mean) = (square(self, a.mean)?, square(self, b.mean)?);
                let terms = [multiply(self, one, b_mean)?, multiply(self, a_mean, two)?, multiply(self, one, two)?];
                let mut sum = None;
                for term in terms.into_iter().flatten() {
                    sum = self.sum(sum, Some(term), false)?;
                }
                sum.map_or(Variance::Zero, Variance::Is)
            }
            _ => Variance::Unknown,
        };
        let single = |id: NodeId, rows: bool| {
            let shape = self.graph.shape(id);
            shape.as_matrix().is_some_and(|(height, width)| if rows { height.is_one() } else { width.is_one() })
        };
        // A fixed column mixes each row by itself; so does a fixed row each column.
        let independent = match summed {
            true => {
                let (row, column) = (single(operands[0], true), single(operands[1], false));
                row && column || b.is_fixed() && column && a.independent || a.is_fixed() && row && b.independent
            }
            false => {
                let same = |own: &Known, id: NodeId| own.is_fixed() || own.independent && self.graph.shape(id) == self.result;
                same(a, operands[0]) && same(b, operands[1])
            }
        };
        let because = match (a.is_fixed() || b.is_fixed(), summed) {
            (true, false) => "a fixed factor multiplies the mean, and the variance by its square",
            (true, true) => "a sum of independent terms with fixed factors: means with the factors, variances with their squares",
            (false, _) => "of independent factors the mean is the product of the means; mean squares multiply too",
        };
        Ok((mean, variance, independent, because))
    }

    /// `aᵀ A a` of noise `a`: E = mᵀ A m + Σ Aᵢᵢ Var aᵢ.
    fn quadratic(&mut self, left: &Known, operands: &[NodeId], all: &BTreeMap<NodeId, Known>) -> Result<Made, Unknown> {
        let unknown = || Unknown { what: "mean", operator: "a product of what depends on each other" };
        let right = &all[&operands[1]];
        if !self.result.size().is_one() || !right.independent {
            return Err(unknown());
        }
        let transposed = |graph: &Graph, id: NodeId| match graph.as_apply(id) {
            Some((Op::Transpose(_), [inner])) => Some(*inner),
            _ => None,
        };
        let inner = match self.graph.as_apply(operands[0]).map(|(op, of)| (op.clone(), of.to_vec())) {
            Some((Op::MatMul(_), of)) if transposed(self.graph, of[0]) == Some(operands[1]) && all[&of[1]].is_fixed() => {
                Some(of[1])
            }
            _ if transposed(self.graph, operands[0]) == Some(operands[1]) => None,
            _ => return Err(unknown()),
        };
        let mean = match (left.mean, right.mean) {
            (Some(left), Some(right)) => Some(self.graph.apply(MatMul, &[left, right]).map_err(fault)?),
            _ => None,
        };
        let Variance::Is(variance) = right.variance else { return Err(unknown()) };
        let spread = match inner {
            None => self.graph.apply(Sum { axis: None }, &[variance]),
            // The variances times the diagonal.
            Some(matrix) => {
                let turned = self.graph.apply(crate::ops::Diag, &[variance]);
                let product = turned.and_then(|turned| self.graph.apply(MatMul, &[matrix, turned]));
                product.and_then(|product| self.graph.apply(Trace, &[product]))
            }
        };
        let spread = spread.map_err(fault)?;
        let single = match self.result.is_scalar() {
            true => spread,
            false => self.graph.apply(crate::ops::Stack { rows: 1, columns: 1 }, &[spread]).map_err(fault)?,
        };
        let mean = self.sum(mean, Some(single), false)?;
        Ok((mean, Variance::Unknown, true, "the mean of a square is the square of the mean and the variance"))
    }

    /// Entry by entry: `E[a²] = E[a]² + Var a`.
    fn square(&mut self, a: &Known) -> Result<Made, Unknown> {
        let square = a.mean.map(|mean| self.squared(mean)).transpose()?;
        let mean = match a.variance {
            Variance::Is(variance) => self.sum(square, Some(variance), false)?,
            Variance::Zero => square,
            Variance::Unknown => return Err(Unknown { what: "variance", operator: "^" }),
        };
        Ok((mean, Variance::Unknown, a.independent, "the mean of a square is the square of the mean and the variance"))
    }

    fn squares(&mut self, a: &Known, axis: Option<usize>) -> Result<Made, Unknown> {
        let mean = match a.mean {
            Some(mean) => {
                let norm = self.graph.apply(Norm { axis }, &[mean]).map_err(fault)?;
                Some(self.squared(norm)?)
            }
            None => None,
        };
        let spread = match a.variance {
            Variance::Is(variance) => Some(self.graph.apply(Sum { axis }, &[variance]).map_err(fault)?),
            Variance::Zero => None,
            Variance::Unknown => return Err(Unknown { what: "variance", operator: "norm" }),
        };
        let mean = self.sum(mean, spread, false)?;
        Ok((mean, Variance::Unknown, a.independent, "the mean of a sum of squares is that of the means, and all variances"))
    }
}

/// A form repeated to a shape, where it is smaller.
fn spread(graph: &mut Graph, form: NodeId, shape: &Shape) -> Result<NodeId, ShapeError> {
    if graph.shape(form) == shape {
        return Ok(form);
    }
    let ones = graph.ones(shape.clone());
    match graph.shape(form).is_scalar() {
        true => graph.apply(Scale, &[form, ones]),
        false => graph.apply(Hadamard, &[form, ones]),
    }
}

/// So many entries of noise are tried in all their combinations.
const ENTRIES: usize = 12;

/// With noise that has two values, mean and variance are sums over all their combinations, and these have to agree.
pub fn certify(
    asking: &mut Asking,
    of: NodeId,
    random: &[NodeId],
    law: Noise,
    (mean, result, squared): (NodeId, NodeId, bool),
) -> Result<(), Vec<Diagnostic>> {
    let model = &asking.work.model;
    let graph = &model.graph;
    let noise: Vec<LeafId> = random
        .iter()
        .filter_map(|id| match graph.kind(*id) {
            Kind::Leaf(leaf) => Some(*leaf),
            _ => None,
        })
        .collect();
    let wanted = [of, mean, result, law.mean, law.variance];
    let mut compared = Vec::new();
    for round in rounds(&model.dims) {
        for sizes in &round.sizes {
            let extents: Option<Vec<Vec<usize>>> = noise.iter().map(|leaf| graph.leaf(*leaf).shape.evaluate(sizes)).collect();
            let Some(extents) = extents else { continue };
            let entries: usize = extents.iter().map(|own| own.iter().product::<usize>()).sum();
            if entries > ENTRIES {
                continue;
            }
            let mut rng = Rng::with_seed(round.seed + 41);
            // Positive data: a variance or a probability is no negative number.
            let Some(mut environment) = random_environment(model, &leaves_of(graph, &wanted), sizes, 1, &mut rng) else { continue };
            let Ok(fixed) = graph.evaluate::<f64>(&[law.mean, law.variance, mean, result], &environment) else { continue };
            let number = |id: NodeId| fixed.get(id).map(|value| *value.first());
            let (Some(middle), Some(variance), Some(expected)) = (number(law.mean), number(law.variance), fixed.get(result)) else { continue };
            if variance < 0.0 {
                continue;
            }
            let total = average(graph, of, (&noise, &extents), &mut environment, (middle, variance.sqrt()));
            let Some((first, second)) = total else { continue };
            let found = if squared { second.zip(&first.zip(&first, |a, b| a * b), |a, b| a - b) } else { first };
            compared.push((found, expected.clone()));
            break;
        }
    }
    if compared.is_empty() {
        return Err(asking.fault("no data were found at which this could be checked", "give noise with fewer entries"));
    }
    for (found, expected) in compared {
        asking.work.certificate.compare(of, &expected, &found.reshape(expected.extents()));
    }
    Ok(())
}

/// The means of a value and of its square over noise of two values a deviation from the middle.
fn average(
    graph: &Graph,
    of: NodeId,
    (noise, extents): (&[LeafId], &[Vec<usize>]),
    environment: &mut Environment<f64>,
    (middle, deviation): (f64, f64),
) -> Option<(Tensor<f64>, Tensor<f64>)> {
    let entries: usize = extents.iter().map(|own| own.iter().product::<usize>()).sum();
    let all = 1_u32 << entries;
    let mut sums: Option<(Tensor<f64>, Tensor<f64>)> = None;
    for signs in 0..all {
        let mut bit = 0;
        for (leaf, extents) in noise.iter().zip(extents) {
            let value = Tensor::from_fn(extents, |_| {
                bit += 1;
                if signs >> (bit - 1) & 1 == 1 { middle + deviation } else { middle - deviation }
            });
            environment.set(*leaf, value);
        }
        let values = graph.evaluate::<f64>(&[of], environment).ok()?;
        let value = values.get(of)?;
        let share = value.map(|entry| entry / f64::from(all));
        let square = value.map(|entry| entry * entry / f64::from(all));
        sums = Some(match sums {
            None => (share, square),
            Some((one, two)) => (one.zip(&share, |a, b| a + b), two.zip(&square, |a, b| a + b)),
        });
    }
    sums
}
