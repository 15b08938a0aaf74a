//! Given values: expressions of numbers, evaluated exactly.

use super::dims::entries;
use super::explain::explain;
use super::expression::{Entry, Lowering, Value};
use super::faults::Faults;
use super::lines::names_in;
use super::scope::{Meaning, Scope};
use crate::diagnostic::Diagnostic;
use crate::graph::{Environment, Graph, Kind, Leaf, NodeId};
use crate::limits::{EXTENT, TENSOR_ENTRIES};
use crate::number::Number;
use crate::shape::{DimValues, Shape};
use crate::span::Span;
use crate::syntax::ast::{Expr, LeafKind};
use crate::tensor::Tensor;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The values that are known so far, by key.
#[derive(Debug)]
pub struct Given {
    scope: Scope,
    values: BTreeMap<String, Arc<Tensor<Number>>>,
}

impl Given {
    /// `scope` has every name of the file: dimensions with their sizes, all others as not valued yet.
    pub fn new(scope: Scope) -> Given {
        Given { scope, values: BTreeMap::new() }
    }

    pub fn insert(&mut self, key: &str, value: &Arc<Tensor<Number>>) {
        self.values.insert(key.to_string(), Arc::clone(value));
    }

    /// The exact value of an expression; `None` if something is wrong with it, which is told.
    pub fn evaluate(&mut self, expr: &Expr, loops: &[(String, i64)], faults: &mut Faults) -> Option<Tensor<Number>> {
        let mut graph = Graph::default();
        let mut environment = Environment { leaves: BTreeMap::new(), dims: DimValues::new() };
        let used: BTreeSet<String> = names_in(expr, loops).into_iter().map(|(key, _)| key).collect();
        let used: Vec<&String> = used.iter().filter(|key| self.values.contains_key(*key)).collect();
        for key in &used {
            if let Some(value) = self.values.get(*key) {
                let node = graph.add_leaf(unvalued(key, value.shape()));
                if let Kind::Leaf(leaf) = graph.kind(node) {
                    environment.leaves.insert(*leaf, Arc::clone(value));
                }
                self.scope.set(key, Meaning::Value(node));
            }
        }
        let value = self.computed(expr, loops, graph, &environment, faults);
        for key in used {
            self.scope.set(key, Meaning::Unvalued);
        }
        value
    }

    fn computed(
        &self,
        expr: &Expr,
        loops: &[(String, i64)],
        mut graph: Graph,
        environment: &Environment<Number>,
        faults: &mut Faults,
    ) -> Option<Tensor<Number>> {
        let mut spans = BTreeMap::new();
        let mut lowering =
            Lowering { graph: &mut graph, spans: &mut spans, scope: &self.scope, loops, faults, axes: Vec::new() };
        match lowering.value(expr) {
            Value::Broken => None,
            Value::Number(number) => Some(Tensor::scalar(number)),
            Value::Array(array) if array.entries.iter().all(|entry| matches!(entry, Entry::Number(_))) => {
                let extents = array.outermost();
                let numbers = array.entries.into_iter().filter_map(|entry| match entry {
                    Entry::Number(number) => Some(number),
                    Entry::Node(_) => None,
                });
                Some(Tensor::from_entries(&extents, numbers.collect()))
            }
            value @ (Value::Array(_) | Value::Node { .. }) => {
                let node = lowering.node(value, expr.span())?;
                evaluated(&graph, &spans, node, environment, expr.span(), faults)
            }
        }
    }
}

/// A value as a leaf of a graph that is made for one expression.
fn unvalued(key: &str, shape: Shape) -> Leaf {
    Leaf::unknown(key, LeafKind::Const, shape)
}

fn evaluated(
    graph: &Graph,
    spans: &BTreeMap<NodeId, Span>,
    node: NodeId,
    environment: &Environment<Number>,
    span: Span,
    faults: &mut Faults,
) -> Option<Tensor<Number>> {
    if let Some(large) = graph.ids().find(|id| too_large_to_compute(graph.shape(*id))) {
        faults.push(uncomputable(graph.shape(large), spans.get(&large).copied().unwrap_or(span)));
        return None;
    }
    match graph.evaluate(&[node], environment) {
        Ok(values) => values.get(node).cloned(),
        Err(error) => {
            faults.push(explain(graph, spans, &error).unwrap_or_else(|error| error.at(span, "in this value")));
            None
        }
    }
}

/// Whether a value of this shape is past the bounds on values.
pub fn too_large_to_compute(shape: &Shape) -> bool {
    let side = |extent: Option<i64>| extent.is_some_and(|extent| extent > EXTENT as i64);
    entries(shape).is_some_and(|entries| entries > TENSOR_ENTRIES as u128)
        || shape.0.iter().any(|extent| side(extent.as_integer()))
}

pub fn uncomputable(shape: &Shape, span: Span) -> Diagnostic {
    Diagnostic::error("E-dim", format!("{shape} is too large to be computed"))
        .at(span, format!("has shape {shape}"))
        .help(format!("a value has at most {TENSOR_ENTRIES} entries, and {EXTENT} along a side"))
}
