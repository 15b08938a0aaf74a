//! Answers to the kinds of questions in `tasks`: what all of them need.

use super::told::Say;
use super::{Answer, Refusal, Section, Subject, Work};
use crate::diagnostic::Diagnostic;
use crate::graph::{Environment, NodeId};
use crate::lower::{Meaning, Scope, expression};
use crate::model::{Asked, Target};
use crate::number::Number;
use crate::syntax::ast::{Expr, Name, Related, Relation};
use crate::tasks;
use crate::tensor::Tensor;
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

    pub(super) fn question(&mut self, task: usize, asked: &Asked) -> Result<Section, Refusal> {
        let faulty = |fault| Refusal::Told(vec![fault]);
        let kind = tasks::kind(asked.question.kind)
            .ok_or_else(|| faulty(Diagnostic::error("E-task", "no such kind of question")))?;
        let scope = self.scope(asked);
        let mut question = tasks::Asking { work: self, asked, scope, task, answers: Vec::new() };
        let told = (kind.answer)(&mut question).map_err(Refusal::Told)?;
        let answers = question.answers;
        self.answers.extend(answers);
        Ok(Section::Told(Box::new(told)))
    }

    /// What names stand for, those of gradients among them.
    fn scope(&mut self, asked: &Asked) -> Scope {
        let mut scope = Scope::of(&self.model);
        scope.answers = true;
        for (key, target) in &asked.gradients {
            let node = match target {
                Target::Value(id) => *id,
                Target::Gradient { of, loss } => self.gradient(*of, *loss),
            };
            scope.insert(key, Meaning::Value(node));
        }
        scope
    }
}

impl tasks::Asking<'_, '_> {
    /// The node of an expression of the question.
    pub fn node(&mut self, expr: &Expr) -> Result<NodeId, Vec<Diagnostic>> {
        expression(&mut self.work.model.graph, &self.scope, expr)
    }

    /// Both sides of an equation.
    pub fn sides(&mut self, related: &Related) -> Result<[NodeId; 2], Vec<Diagnostic>> {
        Ok([self.node(&related.left)?, self.node(&related.right)?])
    }

    /// The value of a name.
    pub fn named(&self, name: &Name) -> Result<NodeId, Vec<Diagnostic>> {
        match self.scope.get(&name.key()).map(|known| &known.meaning) {
            Some(Meaning::Value(id)) => Ok(*id),
            _ => Err(vec![
                Diagnostic::error("E-task", format!("`{}` is no value", name.text)).at(name.span, "asked for here"),
            ]),
        }
    }

    pub fn all_named(&self, names: &[Name]) -> Result<Vec<NodeId>, Vec<Diagnostic>> {
        names.iter().map(|name| self.named(name)).collect()
    }

    /// An error about the whole question.
    pub fn fault(&self, message: impl Into<String>, help: &str) -> Vec<Diagnostic> {
        let fault = Diagnostic::error("E-task", message).at(self.asked.question.span, "asked for here");
        vec![if help.is_empty() { fault } else { fault.help(help) }]
    }

    /// The value of a node with what is given.
    pub fn value(&self, node: NodeId) -> Option<Tensor<Number>> {
        let graph = &self.work.model.graph;
        graph.known(&[node], &Environment::given(graph)).values.get(node).cloned()
    }

    /// An answer that is a form, with its value where there is one.
    pub fn answer(&mut self, part: Part, form: Option<NodeId>, value: Option<Tensor<Number>>) {
        let subject = Subject::Part(Box::new(part));
        let answer = self.work.answered(self.task, subject, form, value);
        self.answers.push(Answer { expanded: answer.form, ..answer });
    }
}
