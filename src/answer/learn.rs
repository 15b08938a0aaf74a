//! Learning: descents and exact minima.

use super::{Answer, Refusal, Section, Subject, Work};
use crate::descend::{Objective, Objectives, Path, Steps, walk};
use crate::differentiate::differentiate;
use crate::graph::{Graph, Kind, LeafId, NodeId};
use crate::limits::CURVATURE_SIDE;
use crate::model::{Descent, Family, Method, Model};
use crate::number::Number;
use crate::ops::{Inverse, Op, Scale, Sub};
use crate::quadratic::{NormalEquation, Quadratic, normal_equation, quadratic, size};
use crate::shape::Shape;
use crate::tensor::Tensor;
use crate::verify::certify_equal;

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
    fn gradients_written_out(&mut self, loss: NodeId, params: &[NodeId]) -> Vec<NodeId> {
        let gradients: Vec<NodeId> = params.iter().map(|param| self.gradient(*param, loss)).collect();
        gradients.into_iter().map(|gradient| self.written_out(gradient)).collect()
    }

    pub(super) fn descend(&mut self, task: usize, descent: &Descent) -> Result<Section, Refusal> {
        let written = self.gradients_written_out(descent.loss, &descent.params);
        let objectives = self.objectives(task, descent)?;
        let start = super::environment::<Number>(&self.model, Some(&descent.start));
        let here: Vec<NodeId> = descent.params.iter().map(|param| self.gradient(*param, descent.loss)).collect();
        let known = self.known(&here, &start);
        for (param, gradient) in descent.params.iter().zip(&here) {
            self.exists(task, *param, descent.loss, known.missing(*gradient))?;
        }
        let path = walk(descent, &objectives, self.progress).map_err(|error| self.no_value(error))?;
        self.compare_first_step(descent, &objectives, &path);
        let quadratic =
            quadratic(&self.model, descent.loss, &descent.params, &descent.rule.decay).map_err(Refusal::Rule)?;
        if let Some(last) = path.rows.last() {
            for (param, value) in descent.params.iter().zip(&last.params) {
                self.answers.push(self.learned(task, Subject::Descended { of: *param, steps: last.step }, value));
            }
        }
        let (descent, gradients) = (descent.clone(), written);
        Ok(Section::Descent(Box::new(DescentResult { descent, gradients, path, objectives, quadratic })))
    }

    pub(super) fn minimize(&mut self, task: usize, loss: NodeId, params: &[NodeId]) -> Result<Section, Refusal> {
        let gradients = self.gradients_written_out(loss, params);
        let none = Number::integer(0);
        let found = quadratic(&self.model, loss, params, &none).map_err(Refusal::Rule)?;
        let Some(quadratic) = found else {
            let entries = size(&self.model.graph, params).filter(|entries| *entries > CURVATURE_SIDE);
            return Err(self.unlearnable(task, entries.map_or(Unlearnable::NotQuadratic, Unlearnable::TooLarge)));
        };
        let Some(minimum) = quadratic.minimum.clone() else {
            return Err(self.unlearnable(task, Unlearnable::NoSingleMinimum));
        };
        self.compare_minimum(params[0], &quadratic, &minimum);
        for (param, value) in params.iter().zip(&minimum) {
            self.answers.push(self.learned(task, Subject::Minimum(*param), value));
        }
        let point =
            params.iter().zip(&minimum).filter_map(|(id, value)| Some((leaf(&self.model.graph, *id)?, value.clone())));
        let environment = super::environment::<Number>(&self.model, Some(&point.collect()));
        let least = self.model.graph.evaluate(&[loss], &environment);
        let least = least.ok().and_then(|values| values.get(loss).map(|value| value.first().clone()));
        // `sqrt(w^2 - 1)^2` is quadratic only where it is defined.
        let Some(least) = least else { return Err(self.unlearnable(task, Unlearnable::NotQuadratic)) };
        let equations = self.normal_equations(&gradients, params);
        let result = MinimumResult { loss, params: params.to_vec(), gradients, equations, quadratic, minimum, least };
        Ok(Section::Minimum(Box::new(result)))
    }

    /// The gradients multiplied out, checked against themselves.
    fn normal_equations(&mut self, gradients: &[NodeId], params: &[NodeId]) -> Option<Vec<NormalEquation>> {
        let mut equations = Vec::new();
        for gradient in gradients {
            let graph = &mut self.model.graph;
            let equation = normal_equation(graph, *gradient, params)?;
            let factor = graph.number(equation.divisor.clone());
            let difference = graph.apply(Sub, &[equation.left, equation.right]).ok()?;
            let again = graph.apply(Scale, &[factor, difference]).ok()?;
            self.certificate.merge(certify_equal(&self.model, *gradient, again));
            equations.push(equation);
        }
        Some(equations)
    }

    fn learned(&self, task: usize, subject: Subject, value: &Tensor<Number>) -> Answer {
        let shape: Shape = value.shape();
        Answer {
            task,
            subject,
            form: None,
            expanded: None,
            shape,
            value: Some(value.clone()),
            missing: Vec::new(),
            at: None,
            points: None,
        }
    }

    fn unlearnable(&self, task: usize, reason: Unlearnable) -> Refusal {
        Refusal::Unlearnable { model: Box::new(self.model.clone()), task, reason }
    }

    fn objectives(&mut self, task: usize, descent: &Descent) -> Result<Objectives, Refusal> {
        let gradients: Vec<NodeId> = descent.params.iter().map(|param| self.gradient(*param, descent.loss)).collect();
        let whole = Objective { graph: self.model.graph.clone(), loss: descent.loss, gradients };
        let mut parts = Vec::new();
        if let Some(batches) = &descent.batches {
            for size in [batches.size, batches.rows % batches.size] {
                if size > 0 {
                    let part = with_rows(&self.model, descent, &batches.examples, size);
                    parts.push((size, part.map_err(|reason| self.unlearnable(task, reason))?));
                }
            }
        }
        Ok(Objectives { whole, parts })
    }

    /// The first step of the table against one that is made in doubles.
    fn compare_first_step(&mut self, descent: &Descent, objectives: &Objectives, path: &Path) {
        let Some(first) = path.rows.first().and_then(|row| row.change.as_ref()) else { return };
        let again = Steps::<f64>::new(descent, objectives).ok().and_then(|mut steps| steps.next()?.ok());
        for ((param, change), again) in descent.params.iter().zip(first).zip(again.iter().flat_map(|step| &step.change))
        {
            self.certificate.compare(*param, &change.map(|entry| entry.to_f64()), again);
        }
    }

    /// The solution against one by an inverse in doubles, which chooses its pivots.
    fn compare_minimum(&mut self, of: NodeId, quadratic: &Quadratic, minimum: &[Tensor<Number>]) {
        let double = |value: &Tensor<Number>| value.map(|entry| entry.to_f64());
        let Ok(inverse) = Op::from(Inverse).evaluate(&[&double(&quadratic.hessian)]) else { return };
        let again = inverse.matmul(&double(&quadratic.slope).map(|entry| -entry));
        let entries: Vec<f64> = minimum.iter().flat_map(Tensor::entries).map(Number::to_f64).collect();
        self.certificate.compare(of, &Tensor::from_entries(again.extents(), entries), &again);
    }
}

fn leaf(graph: &Graph, id: NodeId) -> Option<LeafId> {
    match graph.kind(id) {
        Kind::Leaf(leaf) => Some(*leaf),
        _ => None,
    }
}

/// The loss and its gradients for so many examples: the model again, with other leaves.
fn with_rows(model: &Model, descent: &Descent, examples: &[LeafId], rows: usize) -> Result<Objective, Unlearnable> {
    let from = &model.graph;
    let needed = from.needed(&[descent.loss]);
    let mut graph = Graph::default();
    graph.in_columns = from.in_columns;
    let mut new: Vec<Option<NodeId>> = vec![None; from.size()];
    for id in from.ids() {
        let copied = |id: &NodeId| new[id.place()].expect("operands stand before what uses them");
        // All leaves are copied, so that they keep their numbers.
        let copy = match from.kind(id) {
            Kind::Leaf(own) => {
                let mut leaf = from.leaf(*own).clone();
                if examples.contains(own)
                    && let Some(value) = leaf.value.take()
                {
                    let part = value.slice(0, 0, rows);
                    leaf.shape = part.shape();
                    leaf.value = Some(part);
                }
                Some(graph.add_leaf(leaf))
            }
            _ if !needed[id.place()] => None,
            Kind::Symbol(symbol) => {
                let symbol = from.symbol(*symbol);
                Some(graph.add_symbol(symbol.name.clone(), copied(&symbol.definition)))
            }
            Kind::Number(number) => Some(graph.number(number.clone())),
            Kind::Literal(literal) => Some(graph.add_literal(from.literal(*literal).clone())),
            Kind::Size(dim) => Some(graph.dimension(dim.clone())),
            Kind::Ones(shape) => Some(graph.ones(shape.clone())),
            Kind::Apply(op, operands) => {
                let operands: Vec<NodeId> = operands.iter().map(copied).collect();
                let applied = graph.apply(op.clone(), &operands);
                Some(
                    applied
                        .map_err(|error| Unlearnable::Batches(format!("`{}`: {}", op.reference().name, error.rule)))?,
                )
            }
        };
        new[id.place()] = copy;
    }
    let to_new = |id: &NodeId| new[id.place()].unwrap_or(*id);
    let (loss, params) = (to_new(&descent.loss), descent.params.iter().map(to_new).collect::<Vec<_>>());
    let mut part = Model { graph, definitions: Vec::new(), tasks: Vec::new(), ..model.clone() };
    let found = differentiate(&mut part, loss, &params);
    let found = found.map_err(|error| Unlearnable::Batches(format!("`{}`: {}", error.operator, error.error.rule)))?;
    let mut gradients = Vec::new();
    for param in &params {
        gradients.push(match found.of.get(param) {
            Some(gradient) => *gradient,
            None => super::gather::zero(&mut part.graph, *param),
        });
    }
    Ok(Objective { graph: part.graph, loss, gradients })
}

/// Whether a rate of plain descent by all examples makes this loss converge; none where that is not known.
pub fn converges(result: &DescentResult) -> Option<bool> {
    let quadratic = result.quadratic.as_ref()?;
    let plain = result.descent.rule.method == Method::Plain && result.descent.batches.is_none();
    let [rate] = result.descent.rule.rates.as_slice() else { return None };
    let largest = quadratic.largest_rate().filter(|_| plain && quadratic.curvature.to_f64() > 0.0)?;
    Some(rate.to_f64() < largest.to_f64())
}
