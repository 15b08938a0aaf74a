//! The text itself against what was made of it: each line's value, and the slope of each loss where the names of the text
//! are moved.
//!
//! The lines are evaluated as they stand in the file ([`crate::interpret`]). A gradient is what the loss gains where a
//! name is moved wherever the text uses it: all names are moved at once, each by a random step of its own, so that the
//! cost stays linear in the model.

use super::check::{NOISE, Outcome, Slope, dot, magnitude};
use super::data::symmetric;
use super::{Certificate, DRAWS, Failure, Round, TOLERANCE, difference, leaves_of, random_environment, rounds};
use crate::differentiate::Gradients;
use crate::graph::{Environment, Kind, LeafId, NodeId, SymbolName, Values};
use crate::interpret::{Named, Text};
use crate::model::{JacobianLayout, Model};
use crate::shape::DimValues;
use crate::syntax::names::key;
use crate::tensor::Tensor;
use fastrand::Rng;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A line that no gradient needs is evaluated up to so many entries: sizes alone may be asked of a whole network.
const LARGEST: usize = 4096;

/// At so many sets of data names are moved: with each name moved in a direction of its own, one would do.
const MOVED: u64 = 2;

/// Derivatives of a line of the model, or of such a line times a cotangent.
#[derive(Clone, Copy, Debug)]
pub struct Traced<'a> {
    pub gradients: &'a Gradients,
    /// A line of the model.
    pub of: NodeId,
    /// In the shape of `of`; nothing for a loss.
    pub cotangent: Option<NodeId>,
}

/// Compares the lines of a model, and derivatives of them, with the text at random data, and the lines at given data.
pub fn certify_text(model: &Model, traced: &[Traced<'_>]) -> Certificate {
    let lines = Lines::of(model);
    let mut certificate = at_rounds(&lines, traced);
    certificate.merge(lines.at_given());
    certificate
}

/// Compares one derivative of a line with the text at random data.
pub fn certify_derivative(model: &Model, traced: Traced<'_>) -> Certificate {
    let lines = Lines { lines: Vec::new(), ..Lines::of(model) };
    at_rounds(&lines, &[traced])
}

/// A matrix of derivatives of a line with respect to a name.
#[derive(Clone, Copy, Debug)]
pub struct Matrix {
    pub of: NodeId,
    pub wrt: NodeId,
    pub matrix: NodeId,
    pub order: Order,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// A row for each entry of the line, or a column.
    First(JacobianLayout),
    /// Second derivatives of a number.
    Second,
}

/// Compares a matrix of derivatives with what the text gives where the name is moved in random directions: at random
/// data, or where it is of numbers only at the given ones.
pub fn certify_matrix(model: &Model, matrix: Matrix) -> Certificate {
    let lines = Lines { lines: Vec::new(), ..Lines::of(model) };
    let graph = &model.graph;
    let wanted = [matrix.of, matrix.wrt, matrix.matrix];
    let mut certificate = Certificate::new();
    let given = matches!(graph.kind(matrix.matrix), Kind::Literal(_));
    for round in rounds(&model.dims).into_iter().take(if given { 1 } else { MOVED as usize }) {
        let Some(dims) = round.sizes.first() else { continue };
        let leaves = leaves_of(graph, &wanted);
        for draw in 0..DRAWS {
            let mut random = Rng::with_seed(round.seed * DRAWS + draw + 1);
            let environment = match given {
                true => Environment::given(graph),
                false => match random_environment(model, &leaves, dims, draw, &mut random) {
                    Some(environment) => environment,
                    None => break,
                },
            };
            let sizes = lines.sizes(&environment.dims);
            let Some(text) = lines.text(&sizes, &mut certificate) else { return certificate };
            match lines.bent(&text, &environment, matrix, &mut random) {
                Some(Outcome::Agrees(error) | Outcome::Differs(error)) => {
                    certificate.add(error, |relative_error| Failure::Moved { of: matrix.of, relative_error });
                    break;
                }
                Some(Outcome::Between(_) | Outcome::Unclear) | None => {}
            }
        }
    }
    certificate
}

fn at_rounds(lines: &Lines<'_>, traced: &[Traced<'_>]) -> Certificate {
    let mut certificate = Certificate::new();
    let mut open = 0;
    for round in rounds(&lines.model.dims) {
        let traced = if round.seed < MOVED || open > 0 { traced } else { &[] };
        let mut best: Option<Compared> = None;
        for dims in &round.sizes {
            let compared = lines.at_random(traced, dims, &round);
            let done = compared.open == 0 || !compared.certificate.passed;
            if best.as_ref().is_none_or(|best| done || compared.certificate.checks > best.certificate.checks) {
                best = Some(compared);
            }
            if done {
                break;
            }
        }
        let Some(best) = best else { continue };
        open = best.open;
        certificate.merge(best.certificate);
    }
    certificate
}

/// What a model has names for, by key.
struct Lines<'a> {
    model: &'a Model,
    leaves: Vec<(String, LeafId, NodeId)>,
    /// The order in which lines are evaluated.
    order: Vec<String>,
    /// The lines whose values are compared.
    lines: Vec<(String, NodeId)>,
}

/// What came of one set of sizes.
struct Compared {
    certificate: Certificate,
    /// Lines and derivatives that no data could tell of.
    open: usize,
}

impl<'a> Lines<'a> {
    fn of(model: &'a Model) -> Lines<'a> {
        let graph = &model.graph;
        let leaves = graph.leaf_nodes().map(|(leaf, node)| (key(&graph.leaf(leaf).name), leaf, node)).collect();
        let written = |id: &NodeId| match graph.as_symbol(*id).map(|symbol| &symbol.name) {
            Some(SymbolName::Model(name)) => Some((key(name), *id)),
            Some(SymbolName::Generated(_) | SymbolName::Gradient { .. }) | None => None,
        };
        let lines: Vec<(String, NodeId)> = model.definitions.iter().filter_map(written).collect();
        Lines { model, leaves, order: lines.iter().map(|(key, _)| key.clone()).collect(), lines }
    }

    fn at_random(&self, traced: &[Traced<'_>], dims: &DimValues, round: &Round) -> Compared {
        let graph = &self.model.graph;
        let mut certificate = Certificate::new();
        let sizes = self.sizes(dims);
        let Some(text) = self.text(&sizes, &mut certificate) else { return Compared { certificate, open: 0 } };
        let mut lines = self.small(traced, dims);
        let mut derivatives: Vec<Traced<'_>> = traced.to_vec();
        let mut wanted: Vec<NodeId> = lines.iter().map(|(_, line)| *line).collect();
        for one in traced {
            wanted.extend(one.gradients.of.values().copied().chain([one.of]).chain(one.cotangent));
            wanted.extend(&one.gradients.wanted);
        }
        let leaves = leaves_of(graph, &wanted);
        for draw in 0..DRAWS {
            let mut random = Rng::with_seed(round.seed * DRAWS + draw + 1);
            let Some(environment) = random_environment(self.model, &leaves, dims, draw, &mut random) else { break };
            let values = graph.evaluate_partly(&wanted, &environment);
            let given = self.given(&environment);
            let named = text.run(&self.order, given.clone(), |_, value| value);
            lines.retain(|(key, line)| !compare(*line, values.get(*line), named.get(key), &mut certificate));
            derivatives.retain(|one| {
                // What a kink hides where all names are moved may be seen where only some are.
                let some = draw >= DRAWS / 3;
                match self.outcome(one, &text, (&given, &named), &values, some, &mut random) {
                    Some(Outcome::Agrees(error) | Outcome::Differs(error)) => {
                        certificate.add(error, |relative_error| Failure::Moved { of: one.of, relative_error });
                        false
                    }
                    Some(Outcome::Between(_) | Outcome::Unclear) | None => true,
                }
            });
            if lines.is_empty() && derivatives.is_empty() || !certificate.passed {
                break;
            }
        }
        Compared { certificate, open: lines.len() + derivatives.len() }
    }

    /// What the text gives, and each line there.
    fn at_given(&self) -> Certificate {
        let mut certificate = Certificate::new();
        let sizes = self.sizes(&DimValues::new());
        let environment = Environment::given(&self.model.graph);
        if environment.leaves.is_empty() {
            return certificate;
        }
        let Some(text) = self.text(&sizes, &mut certificate) else { return certificate };
        let wanted: Vec<NodeId> = self.lines.iter().map(|(_, line)| *line).collect();
        let values = self.model.graph.evaluate_partly(&wanted, &environment);
        let given = self.given(&environment);
        for (key, entries) in text.given(&given) {
            let Some((_, leaf, of)) = self.leaves.iter().find(|(own, ..)| own == key) else { continue };
            let Some(value) = environment.leaves.get(leaf) else { continue };
            // Classes are written as numbers.
            if self.model.graph.leaf(*leaf).one_hot_axis.is_some() && entries.len() < value.size() {
                continue;
            }
            let error = match entries.len() == value.size() {
                true => difference(value, &Tensor::from_entries(value.extents(), entries)),
                false => f64::INFINITY,
            };
            // Part of the check of each line that uses it.
            if error > TOLERANCE {
                certificate.fail(Failure::Line { of: *of, relative_error: error });
            }
        }
        let named = text.run(&self.order, given, |_, value| value);
        for (key, line) in &self.lines {
            compare(*line, values.get(*line), named.get(key), &mut certificate);
        }
        certificate
    }

    /// The text, if it has the lines that the model has.
    fn text<'t>(&'t self, sizes: &'t BTreeMap<String, usize>, certificate: &mut Certificate) -> Option<Text<'t>> {
        let text = Text::of(&self.model.spec, sizes).filter(|text| text.size() == self.order.len());
        if text.is_none() {
            certificate.fail(Failure::Text);
        }
        text
    }

    fn sizes(&self, dims: &DimValues) -> BTreeMap<String, usize> {
        let size = |(name, dim): (&String, &crate::shape::Dim)| Some((key(name), dim.evaluate(dims)?));
        self.model.sizes.iter().filter_map(size).collect()
    }

    fn given(&self, environment: &Environment<f64>) -> Named {
        let value = |leaf: &LeafId| environment.leaves.get(leaf).map(Arc::clone);
        self.leaves.iter().filter_map(|(key, leaf, _)| Some((key.clone(), value(leaf)?))).collect()
    }

    /// A matrix of derivatives against the text, along random directions.
    fn bent(
        &self,
        text: &Text<'_>,
        environment: &Environment<f64>,
        matrix: Matrix,
        random: &mut Rng,
    ) -> Option<Outcome> {
        let graph = &self.model.graph;
        let values = graph.evaluate_partly(&[matrix.matrix, matrix.of, matrix.wrt], environment);
        let step = values.get(matrix.wrt)?.map(|_| symmetric(random));
        let weights = values.get(matrix.of)?.map(|_| symmetric(random));
        let [moving, of] = [matrix.wrt, matrix.of].map(|id| self.key(id));
        let (moving, of, given) = (moving?, of?, self.given(environment));
        let along = |t: f64| {
            let moved = |key: &str, value: Arc<Tensor<f64>>| match key == moving {
                true => Arc::new(value.zip(&alike(&step, &value), |x, u| x + t * u)),
                false => value,
            };
            let named = text.run(&self.order, given.clone(), moved);
            let value = named.get(of)?;
            Some(if matrix.order == Order::Second { value.total() } else { dot(&alike(&weights, value), value) })
        };
        let column = |value: &Tensor<f64>| Tensor::from_entries(&[value.size(), 1], value.entries().copied().collect());
        let (step, weights) = (column(&step), column(&weights));
        let whole = values.get(matrix.matrix)?;
        let square =
            |rows: usize, columns: usize| (whole.size() == rows * columns).then(|| whole.reshape(&[rows, columns]));
        let (left, right) = match matrix.order {
            Order::First(JacobianLayout::Numerator) => (&weights, &step),
            Order::First(JacobianLayout::Denominator) => (&step, &weights),
            Order::Second => (&step, &step),
        };
        let product = square(left.size(), right.size())?.matmul(right);
        let (expected, size) = (dot(left, &product), magnitude(left, &product));
        let noise = NOISE * along(0.0)?.abs();
        let slope = if matrix.order == Order::Second { Slope::bend(along) } else { Slope::of(along) };
        Some(slope?.compared(expected, size, 1.0, noise))
    }

    /// The key of a leaf or a line.
    fn key(&self, id: NodeId) -> Option<&str> {
        let leaf = self.leaves.iter().find(|(.., node)| *node == id).map(|(key, ..)| key.as_str());
        leaf.or_else(|| self.order.iter().find(|key| self.model.names.get(*key) == Some(&id)).map(String::as_str))
    }

    /// The lines that a derivative needs, and those that are quickly evaluated.
    fn small(&self, traced: &[Traced<'_>], dims: &DimValues) -> Vec<(String, NodeId)> {
        let graph = &self.model.graph;
        let needed = graph.needed(&traced.iter().map(|one| one.of).collect::<Vec<_>>());
        let mut small = vec![true; graph.size()];
        for id in graph.ids() {
            let size = graph.shape(id).evaluate(dims).map_or(usize::MAX, |extents| extents.iter().product());
            let operands = graph.operands(id).iter().all(|operand| small[operand.place()]);
            small[id.place()] = size <= LARGEST && operands;
        }
        let checked = |line: &&(String, NodeId)| needed[line.1.place()] || small[line.1.place()];
        self.lines.iter().filter(checked).cloned().collect()
    }

    /// The slope of a line in the text where its names are moved, against the gradients.
    fn outcome(
        &self,
        traced: &Traced<'_>,
        text: &Text<'_>,
        (given, named): (&Named, &Named),
        values: &Values<f64>,
        some: bool,
        random: &mut Rng,
    ) -> Option<Outcome> {
        let Traced { gradients, of, cotangent } = traced;
        let whole = |value: &Tensor<f64>| match cotangent {
            Some(cotangent) => values.get(*cotangent).map(|cotangent| dot(cotangent, value)),
            None => Some(value.total()),
        };
        let mut steps: BTreeMap<&str, Tensor<f64>> = BTreeMap::new();
        let (mut expected, mut scale, mut noise) = (0.0, 0.0, NOISE * whole(values.get(*of)?)?.abs());
        let leaves = self.leaves.iter().map(|(key, _, node)| (key, *node));
        let lines = self.order.iter().filter_map(|key| Some((key, *self.model.names.get(key)?)));
        for (key, node) in leaves.chain(lines).filter(|(_, node)| node != of) {
            let gradient = match gradients.of.get(&node) {
                Some(gradient) => Some(values.get(*gradient)?),
                None if gradients.wanted.contains(&node) => None,
                None => continue,
            };
            if some && random.bool() {
                continue;
            }
            let value = values.get(node)?;
            let Some(gradient) = gradient else {
                steps.insert(key, value.map(|_| symmetric(random)));
                continue;
            };
            // As far as it takes to be seen beside the others.
            let stretch =
                (1.0 / gradient.entries().map(|entry| entry * entry).sum::<f64>().sqrt().max(1e-6)).clamp(1e-3, 1e2);
            let step = gradient.map(|_| stretch * symmetric(random));
            expected += dot(gradient, &step);
            scale += magnitude(gradient, &step);
            noise += NOISE * magnitude(gradient, value);
            steps.insert(key, step);
        }
        let of = self.order.iter().find(|key| self.model.names.get(*key) == Some(of))?;
        let slope = Slope::of(|t| {
            if t == 0.0 {
                return whole(named.get(of)?);
            }
            let moved = |key: &str, value: Arc<Tensor<f64>>| match steps.get(key) {
                Some(step) => Arc::new(value.zip(&alike(step, &value), |x, u| x + t * u)),
                None => value,
            };
            whole(text.run(&self.order, given.clone(), moved).get(of)?)
        })?;
        Some(slope.compared(expected, scale, 1.0, noise))
    }
}

/// A value in the other's extents where both have one entry: a row times a column is a number in the graph.
fn alike<'v>(value: &'v Tensor<f64>, other: &Tensor<f64>) -> Cow<'v, Tensor<f64>> {
    match value.size() == 1 && other.size() == 1 {
        true => Cow::Owned(value.reshape(other.extents())),
        false => Cow::Borrowed(value),
    }
}

/// Whether both have a value to compare; where only one has, they differ.
fn compare(of: NodeId, value: Option<&Tensor<f64>>, text: Option<&Arc<Tensor<f64>>>, to: &mut Certificate) -> bool {
    let finite = |value: &&Tensor<f64>| value.entries().all(|entry| entry.is_finite());
    let error = match (value.filter(finite), text.map(Arc::as_ref).filter(finite)) {
        (None, None) => return false,
        (Some(value), Some(text)) => difference(value, &alike(text, value)),
        (Some(_), None) | (None, Some(_)) => f64::INFINITY,
    };
    to.add(error, |relative_error| Failure::Line { of, relative_error });
    true
}
