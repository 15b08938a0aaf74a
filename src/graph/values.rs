//! Evaluates nodes.

use super::{Graph, Kind, LeafId, NodeId};
use crate::budget::spend;
use crate::number::{Number, NumberError};
use crate::ops::ValueError;
use crate::scalar::Scalar;
use crate::shape::{Dim, DimValues, Shape};
use crate::tensor::Tensor;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values for leaves and for named dimensions.
#[derive(Clone, Debug)]
pub struct Environment<S: Scalar> {
    pub leaves: BTreeMap<LeafId, Arc<Tensor<S>>>,
    pub dims: DimValues,
}

/// The values that were computed, by node.
#[derive(Clone, Debug)]
pub struct Values<S: Scalar> {
    pub(super) values: Vec<Option<Arc<Tensor<S>>>>,
}

/// Why a node has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum EvaluationError {
    /// The leaf was given without a value.
    NoValue(LeafId),
    /// A dimension of the node has a name and no value.
    NoDimension { node: NodeId, dim: Dim },
    /// The operator is not defined there.
    Undefined { node: NodeId, error: ValueError },
}

/// What an evaluation takes beside its entries.
const AROUND: u64 = 16;

impl<S: Scalar> Environment<S> {
    /// The values that the problem itself gives.
    pub fn given(graph: &Graph) -> Environment<S> {
        let leaves =
            graph.leaves().filter_map(|(id, leaf)| Some((id, Arc::new(leaf.value.as_ref()?.convert())))).collect();
        Environment { leaves, dims: DimValues::new() }
    }

    pub fn set(&mut self, leaf: LeafId, value: Tensor<S>) {
        self.leaves.insert(leaf, Arc::new(value));
    }
}

impl<S: Scalar> Values<S> {
    /// The node's value, if it was computed.
    pub fn get(&self, id: NodeId) -> Option<&Tensor<S>> {
        self.values.get(id.place())?.as_deref()
    }

    /// Nothing computed yet.
    pub fn none() -> Values<S> {
        Values { values: Vec::new() }
    }

    /// Gives a node a value, its own or another: what is computed later is computed from it.
    pub fn set(&mut self, id: NodeId, value: Arc<Tensor<S>>) {
        if self.values.len() <= id.place() {
            self.values.resize(id.place() + 1, None);
        }
        self.values[id.place()] = Some(value);
    }

    /// As [`Values::get`], to be kept.
    pub fn shared(&self, id: NodeId) -> Option<&Arc<Tensor<S>>> {
        self.values.get(id.place())?.as_ref()
    }
}

/// The same nodes evaluated again and again, where only some leaves change: the rest is computed once.
#[derive(Clone, Debug)]
pub struct Replay<S: Scalar> {
    values: Vec<Option<Arc<Tensor<S>>>>,
    /// What depends on the changing leaves, in order.
    changing: Vec<NodeId>,
}

impl<S: Scalar> Replay<S> {
    /// Computes again what depends on the changing leaves.
    pub fn evaluate(&mut self, graph: &Graph, environment: &Environment<S>) -> Result<(), EvaluationError> {
        for id in &self.changing {
            let value = graph.value(*id, &|id| known(&self.values, id), environment)?;
            self.values[id.place()] = Some(value);
        }
        Ok(())
    }

    /// The node's value after the last evaluation.
    pub fn get(&self, id: NodeId) -> Option<&Tensor<S>> {
        self.values.get(id.place())?.as_deref()
    }
}

impl Graph {
    /// Prepares `wanted` for many evaluations between which only the leaves in `changing` get other values.
    pub fn replay<S: Scalar>(
        &self,
        wanted: &[NodeId],
        changing: &[LeafId],
        environment: &Environment<S>,
    ) -> Result<Replay<S>, EvaluationError> {
        let needed = self.needed(wanted);
        let mut values: Vec<Option<Arc<Tensor<S>>>> = vec![None; self.size()];
        let mut changes = vec![false; self.size()];
        let mut order = Vec::new();
        for id in self.ids().filter(|id| needed[id.place()]) {
            let is_changing = matches!(self.kind(id), Kind::Leaf(leaf) if changing.contains(leaf))
                || self.operands(id).iter().any(|operand| changes[operand.place()]);
            if is_changing {
                changes[id.place()] = true;
                order.push(id);
            } else {
                values[id.place()] = Some(self.value(id, &|id| known(&values, id), environment)?);
            }
        }
        Ok(Replay { values, changing: order })
    }

    /// The values of `wanted` and of all that they need, in one pass.
    pub fn evaluate<S: Scalar>(
        &self,
        wanted: &[NodeId],
        environment: &Environment<S>,
    ) -> Result<Values<S>, EvaluationError> {
        let needed = self.needed(wanted);
        let mut values: Vec<Option<Arc<Tensor<S>>>> = vec![None; self.size()];
        for id in self.ids().filter(|id| needed[id.place()]) {
            values[id.place()] = Some(self.value(id, &|id| known(&values, id), environment)?);
        }
        Ok(Values { values })
    }

    /// As [`Graph::evaluate`], but a node without a value leaves out only what depends on it.
    pub fn evaluate_partly<S: Scalar>(&self, wanted: &[NodeId], environment: &Environment<S>) -> Values<S> {
        let needed = self.needed(wanted);
        let mut values: Vec<Option<Arc<Tensor<S>>>> = vec![None; self.size()];
        for id in self.ids().filter(|id| needed[id.place()]) {
            if self.operands(id).iter().all(|operand| values[operand.place()].is_some()) {
                values[id.place()] = self.value(id, &|id| known(&values, id), environment).ok();
            }
        }
        Values { values }
    }

    /// Adds to values of the same environment that of `wanted` and of what it needs; what is there is not computed again.
    pub fn extend<S: Scalar>(
        &self,
        values: &mut Values<S>,
        wanted: NodeId,
        environment: &Environment<S>,
    ) -> Result<(), EvaluationError> {
        if values.values.len() < self.size() {
            values.values.resize(self.size(), None);
        }
        let mut waiting = vec![wanted];
        while let Some(id) = waiting.last().copied() {
            let missing = |operand: &&NodeId| values.values[operand.place()].is_none();
            let before = waiting.len();
            if values.values[id.place()].is_none() {
                waiting.extend(self.operands(id).iter().filter(missing));
            }
            if waiting.len() == before {
                if values.values[id.place()].is_none() {
                    values.values[id.place()] = Some(self.value(id, &|id| known(&values.values, id), environment)?);
                }
                waiting.pop();
            }
        }
        Ok(())
    }

    pub(super) fn value<'v, S: Scalar>(
        &self,
        id: NodeId,
        known: &impl Fn(NodeId) -> &'v Arc<Tensor<S>>,
        environment: &Environment<S>,
    ) -> Result<Arc<Tensor<S>>, EvaluationError> {
        let number = |number: &Number| Arc::new(Tensor::scalar(S::from_number(number)));
        match self.kind(id) {
            Kind::Leaf(leaf) => environment.leaves.get(leaf).cloned().ok_or(EvaluationError::NoValue(*leaf)),
            Kind::Symbol(symbol) => Ok(Arc::clone(known(self.symbol(*symbol).definition))),
            Kind::Number(value) => Ok(number(value)),
            Kind::Literal(literal) => Ok(Arc::new(self.literal(*literal).convert())),
            Kind::Size(dim) => {
                let size = extents(id, &Shape(vec![dim.clone()]), environment)?[0];
                Ok(number(&Number::integer(i64::try_from(size).unwrap_or(i64::MAX))))
            }
            Kind::Ones(shape) => {
                let extents = extents(id, shape, environment)?;
                let empty = extents.contains(&0).then(|| NumberError::Domain.into());
                match empty {
                    Some(error) => Err(EvaluationError::Undefined { node: id, error }),
                    None => Ok(Arc::new(Tensor::filled(&extents, S::one()))),
                }
            }
            Kind::Apply(op, operands) => {
                let operands: Vec<&Tensor<S>> = operands.iter().map(|operand| known(*operand).as_ref()).collect();
                let entries: usize = operands.iter().map(|operand| operand.size()).sum();
                spend(S::WORK * entries as u64 + AROUND);
                let value = op.evaluate(&operands);
                value.map(Arc::new).map_err(|error| EvaluationError::Undefined { node: id, error })
            }
        }
    }
}

fn known<S: Scalar>(values: &[Option<Arc<Tensor<S>>>], id: NodeId) -> &Arc<Tensor<S>> {
    values[id.place()].as_ref().expect("operands stand before what uses them")
}

pub(super) fn extents<S: Scalar>(
    node: NodeId,
    shape: &Shape,
    environment: &Environment<S>,
) -> Result<Vec<usize>, EvaluationError> {
    shape
        .0
        .iter()
        .map(|dim| {
            let size = dim.evaluate(&environment.dims);
            size.ok_or_else(|| EvaluationError::NoDimension { node, dim: dim.clone() })
        })
        .collect()
}
