//! Answers to the kinds of questions that are written in forms.

use super::told::Say;
use super::{Subject, Work};
use crate::graph::NodeId;
use crate::syntax::ast::Relation;
use crate::verify::certify_equal;

/// What a student gives as the answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// An equal form, or the number.
    Form,
    /// Whether a statement holds.
    Truth(bool),
    /// A chain from this side of an equation to the other, which is the answer's form.
    Shown { left: NodeId },
    /// Values of one's own for these names, at which each of these equations holds.
    Found { names: Vec<NodeId>, conditions: Vec<(NodeId, Relation, NodeId)> },
}

/// An answer of a kind in `tasks`.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub kind: &'static str,
    /// As an answer file names it.
    pub name: String,
    /// What stands before the answer on a page; none where the answer is a sentence.
    pub shown: Option<NodeId>,
    pub wanted: Wanted,
    /// The answer in words.
    pub told: Option<Say>,
    /// The names that a form may be written in, where it may not use others.
    pub within: Vec<NodeId>,
}

impl Work<'_> {
    /// What the questions before were answered with.
    pub(crate) fn answered_so_far(&self) -> impl Iterator<Item = &Subject> {
        self.answers.iter().map(|answer| &answer.subject)
    }

    /// The certificate holds what is claimed of two expressions.
    pub(crate) fn certify_equal(&mut self, left: NodeId, relation: Relation, right: NodeId) {
        if relation == Relation::Equal && self.model.graph.shape(left) == self.model.graph.shape(right) {
            let certificate = certify_equal(&self.model, left, right);
            self.certificate.merge(certificate);
        }
    }
}
