//! Errors of evaluation as diagnostics with a place in the file.

use super::expression::listed;
use super::numbers::no_number;
use super::scope::spelling;
use crate::diagnostic::Diagnostic;
use crate::graph::{EvaluationError, Graph, NodeId};
use crate::limits::EXACT_BITS;
use crate::model::Model;
use crate::number::NumberError;
use crate::ops::ValueError;
use crate::span::Span;
use std::collections::BTreeMap;

/// Bits of the largest double: what an infinite one is told to need.
const DOUBLE_BITS: u64 = 1024;

/// What to tell of a value that does not exist, with its place in the model.
pub fn explain_evaluation_error(model: &Model, error: &EvaluationError) -> Diagnostic {
    match explain(&model.graph, &model.spans, error) {
        Ok(diagnostic) | Err(diagnostic) => diagnostic,
    }
}

/// As an error without a place, if the node is none of the file's.
pub(super) fn explain(
    graph: &Graph,
    spans: &BTreeMap<NodeId, Span>,
    error: &EvaluationError,
) -> Result<Diagnostic, Diagnostic> {
    let (diagnostic, node, label) = match error {
        EvaluationError::NoValue(leaf) => {
            let node = graph.ids().find(|id| matches!(graph.kind(*id), crate::graph::Kind::Leaf(own) if own == leaf));
            (no_values(&[graph.leaf(*leaf).name.clone()], &[]), node, "given without a value".to_string())
        }
        EvaluationError::NoDimension { node, dim } => {
            let name = dim.names().first().map_or_else(|| dim.to_string(), |name| (*name).to_string());
            (no_dimension(&name), Some(*node), format!("needs `{name}`"))
        }
        EvaluationError::Undefined { node, error } => {
            let (diagnostic, label) = undefined(graph, *node, error);
            (diagnostic, Some(*node), label)
        }
    };
    // A node of ours is told of where the file's first node stands that uses it.
    let user = |node: NodeId| {
        let mut uses = vec![false; graph.size()];
        uses[node.place()] = true;
        graph.ids().find(|id| {
            uses[id.place()] |= graph.operands(*id).iter().any(|operand| uses[operand.place()]);
            uses[id.place()] && spans.contains_key(id)
        })
    };
    match node.and_then(|node| spans.get(&user(node)?)) {
        Some(span) => Ok(diagnostic.at(*span, label)),
        None => Err(diagnostic),
    }
}

/// Leaves and dimensions that a value needs, and that have none.
pub(super) fn no_values(leaves: &[String], dims: &[String]) -> Diagnostic {
    let names: Vec<String> = leaves.iter().chain(dims).map(|name| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "has" } else { "have" };
    let code = if leaves.is_empty() { "E-dim-value" } else { "E-no-value" };
    let error = Diagnostic::error(code, format!("{} {verb} no value", listed(&names)));
    match (leaves.first(), dims.first()) {
        (Some(leaf), _) => error.help(format!("give `{leaf} = […]` or ask only for derivations")),
        (None, Some(dim)) => error.help(format!("give `dim {dim} = 2`")),
        (None, None) => error,
    }
}

pub fn no_dimension(name: &str) -> Diagnostic {
    no_values(&[], &[name.to_string()])
}

fn undefined(graph: &Graph, node: NodeId, error: &ValueError) -> (Diagnostic, String) {
    let Some((op, operands)) = graph.as_apply(node) else {
        return (no_number(error.cause.clone(), Span::default()), String::new());
    };
    let name = op.reference().name;
    let place = match error.entry.as_slice() {
        [] => String::new(),
        entry => {
            let places: Vec<String> = entry.iter().map(|place| (place + 1).to_string()).collect();
            format!(" in entry [{}]", places.join(", "))
        }
    };
    let (code, what, label) = match &error.cause {
        NumberError::DivisionByZero => {
            let of = operands.last().and_then(|operand| spelling(graph, *operand));
            let label = of.map_or("the divisor is 0".to_string(), |of| format!("`{of}` is 0"));
            ("E-value", format!("division by zero in `{name}`{place}"), label)
        }
        NumberError::Domain => {
            let of = operands.first().and_then(|operand| spelling(graph, *operand));
            let label = of.map_or("not defined here".to_string(), |of| format!("not defined for this `{of}`"));
            ("E-value", format!("`{name}` has no real value{place}"), label)
        }
        // A double became infinite: log(0), exp(1000).
        NumberError::TooBig(bits) if *bits <= DOUBLE_BITS => {
            let label = "too large for a number, or not defined at 0".to_string();
            ("E-value", format!("`{name}` has no finite value{place}"), label)
        }
        NumberError::TooBig(bits) => {
            let what = format!("the exact value of `{name}`{place} would have about {bits} bits");
            ("E-big", what, format!("numbers have at most {EXACT_BITS} bits"))
        }
        NumberError::Singular => {
            let of = operands.first().and_then(|operand| spelling(graph, *operand));
            let label = of.map_or("this matrix is singular".to_string(), |of| format!("`{of}` is singular"));
            ("E-value", format!("`{name}` has no value: a singular matrix has no inverse"), label)
        }
        NumberError::Malformed => ("E-value", format!("`{name}` has no value{place}"), "not a number".to_string()),
    };
    (Diagnostic::error(code, what), label)
}
