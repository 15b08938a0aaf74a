//! `gradient dY of Y`: the gradient of a loss that is not given arrives at a line of the model.
//!
//! To differentiate, a loss is implied: the sum of `dY .* Y`, whose gradient with respect to `Y` is `dY`. It is a line
//! like any other but that no page shows it.

use super::Lowerer;
use super::names::{Loops, Resolved};
use super::scope::Meaning;
use super::table::Role;
use crate::diagnostic::Diagnostic;
use crate::graph::{Leaf, NodeId};
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{ExprKind, Given, LeafDeclaration, LeafKind, ModelLine, Name, Spec};
use crate::syntax::{names, read_expression};
use crate::tensor::Tensor;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the implied loss is called: the first of these that the file does not use.
const CALLED: [&str; 4] = ["L", "Loss", "J", "E"];

/// A gradient that is given, until the line that it is of has a shape.
#[derive(Debug)]
pub(super) struct Incoming {
    name: Resolved,
    of: Resolved,
    description: Option<String>,
    value: Option<(Arc<Tensor<Number>>, Span)>,
}

/// The file with the line of the implied loss at the end of its model, and the loss's name; nothing where no gradient arrives.
pub(super) fn with_loss(spec: &Spec) -> Option<(Spec, String)> {
    let arriving: Vec<(&LeafDeclaration, &Name)> = spec
        .givens
        .iter()
        .filter_map(|given| match given {
            Given::Incoming { leaf, of } => Some((leaf, of)),
            _ => None,
        })
        .collect();
    let (first, _) = arriving.first()?;
    let taken = |name: &str| {
        spec.model.iter().any(|line| matches!(line, ModelLine::Definition { name: own, .. } if own.text == name))
            || spec.givens.iter().any(|given| match given {
                Given::Leaves(leaves) => leaves.iter().any(|leaf| leaf.name.text == name),
                Given::Dims(dims) => dims.iter().any(|dim| dim.name.text == name),
                _ => false,
            })
    };
    let loss = CALLED.into_iter().find(|name| !taken(name))?.to_string();
    let terms: Vec<String> =
        arriving.iter().map(|(leaf, of)| format!("sum({} .* {})", leaf.name.text, of.text)).collect();
    let mut value = read_expression(&terms.join(" + ")).ok()?.value;
    // All of it stands where the first gradient is given.
    let spans: BTreeMap<&str, Span> = arriving.iter().map(|(_, of)| (of.text.as_str(), of.span)).collect();
    for node in &mut value.nodes {
        node.span = first.span;
        if let ExprKind::Name(name) = &mut node.kind {
            name.span = spans.get(name.text.as_str()).copied().unwrap_or(first.span);
        }
    }
    let name = Name { text: loss.clone(), index: None, span: first.span };
    let mut spec = spec.clone();
    spec.model.push(ModelLine::Definition { name, value, span: first.span });
    Some((spec, loss))
}

impl Lowerer {
    /// Declares a gradient that arrives.
    pub(super) fn incoming(&mut self, leaf: &LeafDeclaration, of: &Name, loops: &Loops) {
        if !loops.is_empty() {
            let error = Diagnostic::error("E-unsupported", "a gradient arrives outside of a `repeat`");
            self.faults.push(error.at(leaf.span, "in a `repeat`"));
            return;
        }
        let (Some(name), Some(of)) = (self.resolve(&leaf.name, loops), self.resolve(of, loops)) else { return };
        let role = if name.key == format!("d{}", of.key) { Role::Gradient } else { Role::Leaf };
        if self.table.declare(&name, role, None, &mut self.faults) {
            self.incoming.push(Incoming { name, of, description: leaf.description.clone(), value: None });
        }
    }

    pub(super) fn incoming_value(&mut self, leaf: &LeafDeclaration, value: Arc<Tensor<Number>>, span: Span) {
        let key = names::key(&leaf.name.text);
        if let Some(own) = self.incoming.iter_mut().find(|own| own.name.key == key) {
            own.value = Some((value, span));
        }
    }

    /// A line has its shape: so has the gradient that arrives there.
    pub(super) fn arrive(&mut self, key: &str, line: NodeId) {
        let Some(place) = self.incoming.iter().position(|own| own.of.key == key) else { return };
        let Incoming { name, of, description, value } = self.incoming.remove(place);
        let shape = self.graph.shape(line).clone();
        let value = value.and_then(|(value, span)| match super::given::fit(&value, &shape) {
            Ok(value) => Some(value),
            Err(found) => {
                let message = format!("`{}` is {shape}, and its gradient {found}", of.text);
                let error = Diagnostic::error("E-shape", message).at(span, format!("has shape {found}"));
                self.faults.push(error.at(of.span, format!("has shape {shape}")));
                None
            }
        });
        let node = self.graph.add_leaf(Leaf {
            name: name.text.clone(),
            kind: LeafKind::Input,
            shape,
            value,
            one_hot_axis: None,
            assumed: Vec::new(),
            description: description.or_else(|| Some(format!("the gradient of the loss with respect to {}", of.text))),
        });
        self.spans.insert(node, name.span);
        self.leaves.push(node);
        self.name(&name, node);
        self.arrived.push((name, of, line));
    }

    /// Tells of gradients that arrive nowhere, and of two on one way.
    pub(super) fn tell_incoming(&mut self) {
        for own in std::mem::take(&mut self.incoming) {
            if self.table.entries.get(&own.of.key).is_some_and(|entry| entry.role != Role::Line) {
                let message = format!("`{}` is no line of the model, so no gradient arrives there", own.of.text);
                let error = Diagnostic::error("E-undefined", message).at(own.of.span, "not a line");
                self.faults.push(error.help("the gradient of an input or a parameter is what a task asks for"));
            }
        }
        for (later, of, line) in &self.arrived {
            let needed = self.graph.needed(&[*line]);
            for (earlier, inner, _) in self.arrived.iter().filter(|(_, _, own)| own != line && needed[own.place()]) {
                let message =
                    format!("`{}` follows from `{}`: `{}` uses `{}`", earlier.text, later.text, of.text, inner.text);
                let error = Diagnostic::error("E-duplicate", message).at(earlier.span, "given too");
                self.faults.push(error.at(later.span, "given here").help("give one of the two"));
            }
        }
    }

    /// Until the line is reached, the name of its gradient means nothing, which is no error.
    pub(super) fn announce_incoming(&mut self) {
        if let Some(implied) = &self.implied {
            self.table.mark_used(implied);
        }
        for own in &self.incoming {
            self.scope.insert(&own.name.text, Meaning::Broken);
        }
    }
}
