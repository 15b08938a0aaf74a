//! Values as they would be if some nodes had others: a student's own earlier value, a mistake.

use super::{Environment, EvaluationError, Graph, Kind, NodeId, Values};
use crate::number::NumberError;
use crate::scalar::Scalar;
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Nodes and the values that they have instead.
pub type Instead<S> = BTreeMap<NodeId, Arc<Tensor<S>>>;

impl Graph {
    /// The value of `wanted` where some nodes have other values. What does not depend on them is taken from `values`,
    /// to which it is added if need be. Other extents are allowed as long as the operators take them.
    pub fn evaluate_instead<S: Scalar>(
        &self,
        values: &mut Values<S>,
        instead: &Instead<S>,
        wanted: NodeId,
        environment: &Environment<S>,
    ) -> Result<Arc<Tensor<S>>, EvaluationError> {
        // Operands stand before what uses them: before the first of the others nothing changes.
        let first = instead.first_key_value().map_or(NodeId(wanted.0 + 1), |(first, _)| *first);
        let place = |id: NodeId| id.place().checked_sub(first.place());
        let ids: Vec<NodeId> = (first.0..=wanted.0).map(NodeId).collect();
        let mut needed = vec![false; ids.len()];
        if let Some(last) = needed.last_mut() {
            *last = true;
        }
        for id in ids.iter().rev() {
            if needed[id.place() - first.place()] && !instead.contains_key(id) {
                self.operands(*id).iter().filter_map(|operand| place(*operand)).for_each(|place| needed[place] = true);
            }
        }
        // Where each has the extents of the own value, all operators take what comes.
        let same = |(id, value): (&NodeId, &Arc<Tensor<S>>)| {
            values.get(*id).is_some_and(|own| own.extents() == value.extents())
        };
        let keeps_extents = instead.iter().all(same);
        // The values that are others now.
        let mut own: Vec<Option<Arc<Tensor<S>>>> = vec![None; ids.len()];
        for id in ids.into_iter().filter(|id| needed[id.place() - first.place()]) {
            if let Some(value) = instead.get(&id) {
                own[id.place() - first.place()] = Some(Arc::clone(value));
                continue;
            }
            let changed = |id: NodeId| own[place(id)?].as_ref();
            let operands = self.operands(id);
            if operands.iter().any(|operand| changed(*operand).is_some()) {
                for operand in operands.iter().filter(|operand| changed(**operand).is_none()) {
                    self.extend(values, *operand, environment)?;
                }
                let known = |id: NodeId| changed(id).or_else(|| values.shared(id)).expect("computed above");
                if !keeps_extents {
                    self.fits(id, &known)?;
                }
                let value = self.value(id, &known, environment)?;
                own[id.place() - first.place()] = Some(value);
            }
        }
        match own.pop().flatten() {
            Some(value) => Ok(value),
            None => {
                self.extend(values, wanted, environment)?;
                Ok(Arc::clone(values.shared(wanted).expect("extended above")))
            }
        }
    }

    /// Whether an operator takes operands of the extents that they have now.
    fn fits<'v, S: Scalar>(
        &self,
        id: NodeId,
        known: &impl Fn(NodeId) -> &'v Arc<Tensor<S>>,
    ) -> Result<(), EvaluationError> {
        let Kind::Apply(op, operands) = self.kind(id) else { return Ok(()) };
        let shapes: Vec<Shape> = operands.iter().map(|operand| known(*operand).shape()).collect();
        let misfit = |_| EvaluationError::Undefined { node: id, error: NumberError::Domain.into() };
        op.shape(&shapes).map(|_| ()).map_err(misfit)
    }
}
