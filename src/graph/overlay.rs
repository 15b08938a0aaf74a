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
        let mut own: BTreeMap<NodeId, Option<Arc<Tensor<S>>>> = BTreeMap::new();
        let mut waiting = vec![wanted];
        while let Some(id) = waiting.last().copied() {
            if own.contains_key(&id) {
                waiting.pop();
                continue;
            }
            if let Some(value) = instead.get(&id) {
                own.insert(id, Some(Arc::clone(value)));
                continue;
            }
            let operands = self.operands(id);
            let before = waiting.len();
            waiting.extend(operands.iter().filter(|operand| !own.contains_key(operand)));
            if waiting.len() > before {
                continue;
            }
            let changed = operands.iter().any(|operand| own[operand].is_some());
            let value = match changed {
                false => None,
                true => {
                    for operand in operands.iter().filter(|operand| own[operand].is_none()) {
                        self.extend(values, *operand, environment)?;
                    }
                    let known = |id: NodeId| own[&id].as_ref().or_else(|| values.shared(id)).expect("computed above");
                    self.fits(id, &known)?;
                    Some(self.value(id, &known, environment)?)
                }
            };
            own.insert(id, value);
        }
        match own.remove(&wanted).flatten() {
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
