//! A question of one of the kinds that are written in forms: its names are known, and its expressions have shapes.

use super::{Ask, Asking, Sheet, Space, Task};
use crate::answer::told::Say;
use crate::answer::{Answer, Part as AnswerPart, Refusal, Section, Subject, Wanted, Work};
use crate::diagnostic::Diagnostic;
use crate::graph::{Environment, Graph, Leaf, NodeId};
use crate::lower::{Faults, Lowerer, Lowering, Meaning, Scope, expression, names_in};
use crate::model::{Asked, Model, Target};
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{Claim, Expr, LeafKind, Name, Part, Question, Related};
use crate::tensor::Tensor;
use std::collections::BTreeMap;

pub(crate) fn lower(lowerer: &mut Lowerer, question: &Question) -> Option<Ask> {
    lowerer.question(question)
}

impl Task for Box<Asked> {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        let gradients = self.gradients.iter().map(|(key, target)| (key.clone(), target.renamed(new)));
        Ask::Question(Box::new(Asked { question: self.question.clone(), gradients: gradients.collect() }))
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        self.gradients.iter().map(|(_, target)| *target).collect()
    }

    /// That is told with the answer, as the title is.
    fn question(&self) -> Say {
        Say::new("")
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "",
            hint: "Say first what has to be found, in the names of the model; then use the lines that hold these names.",
            space: Space::LinesOnly { each: 1.2, least: 5, most: 14 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        work.question(task, self)
    }
}

impl Work<'_> {
    fn question(&mut self, task: usize, asked: &Asked) -> Result<Section, Refusal> {
        let faulty = |fault| Refusal::Told(vec![fault]);
        let kind = super::kind(asked.question.kind)
            .ok_or_else(|| faulty(Diagnostic::error("E-task", "no such kind of question")))?;
        let scope = self.scope(asked);
        let mut question = Asking { work: self, asked, scope, task, answers: Vec::new() };
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

impl Asking<'_, '_> {
    /// What stands in a hole of the line's form, counted from 0.
    ///
    /// # Errors
    /// Where the form has no such hole, or something else stands in it.
    pub fn hole<T: Clone>(&self, hole: usize, own: fn(&Part) -> Option<&T>) -> Result<T, Vec<Diagnostic>> {
        let found = self.asked.question.parts.get(hole).and_then(own);
        let example = || super::kind(self.asked.question.kind).map_or("", |kind| kind.example);
        found.cloned().ok_or_else(|| self.fault("this is no line of its kind", example()))
    }

    /// The names in a hole.
    pub fn names(&self, hole: usize) -> Result<Vec<Name>, Vec<Diagnostic>> {
        self.hole(hole, Part::names)
    }

    /// The one name in a hole.
    pub fn name(&self, hole: usize) -> Result<Name, Vec<Diagnostic>> {
        self.hole(hole, |part| part.names()?.first())
    }

    /// The expression in a hole.
    pub fn expression(&mut self, hole: usize) -> Result<NodeId, Vec<Diagnostic>> {
        let expr = self.hole(hole, Part::expression)?;
        self.node(&expr)
    }

    /// An answer of this kind under this name: a form is asked for, in any names, and nothing more is said of it.
    pub fn part(&self, name: impl Into<String>) -> AnswerPart {
        AnswerPart {
            kind: self.asked.question.kind,
            name: name.into(),
            shown: None,
            wanted: Wanted::Form,
            told: None,
            within: Vec::new(),
        }
    }

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
    pub fn answer(&mut self, part: AnswerPart, form: Option<NodeId>, value: Option<Tensor<Number>>) {
        let subject = Subject::Part(Box::new(part));
        let answer = self.work.answered(self.task, subject, form, value);
        self.answers.push(Answer { expanded: answer.form, ..answer });
    }
}

impl Lowerer {
    fn question(&mut self, question: &Question) -> Option<Ask> {
        let mut gradients: Vec<(String, Target)> = Vec::new();
        for name in question.names() {
            self.asked_name(&name, &mut gradients)?;
        }
        for (expr, _) in question.expressions() {
            for (key, span) in names_in(expr, &[]) {
                self.asked_name(&Name { text: key, index: None, span }, &mut gradients)?;
            }
        }
        let fits = question.expressions().filter(|(_, claimed)| !claimed).all(|(expr, _)| self.fits(expr, &gradients));
        fits.then(|| Ask::Question(Box::new(Asked { question: question.clone(), gradients })))
    }

    /// A value, a size, or the gradient of the problem's loss.
    fn asked_name(&mut self, name: &Name, gradients: &mut Vec<(String, Target)>) -> Option<()> {
        let key = name.key();
        if gradients.iter().any(|(known, _)| *known == key) {
            return Some(());
        }
        let of = key.strip_prefix('d').is_some_and(|rest| self.table.entries.contains_key(rest));
        if of && self.scope.get(&key).is_none() {
            let of = self.gradient_of(name)?;
            let loss = self.loss(None, name.span)?;
            gradients.push((key, Target::Gradient { of, loss }));
            return Some(());
        }
        if let Some(Meaning::Size(_)) = self.scope.get(&key).map(|known| &known.meaning) {
            self.table.mark_used(&key);
            return Some(());
        }
        self.value_of(name).map(|_| ())
    }

    /// Whether an expression has a shape; why not is told.
    fn fits(&mut self, expr: &Expr, gradients: &[(String, Target)]) -> bool {
        let (mut graph, mut scope) = (self.graph.clone(), self.scope.clone());
        for (key, target) in gradients {
            let like = target.shown();
            scope.insert(key, Meaning::Value(stand_in(&mut graph, key, like)));
        }
        lowered(&mut graph, &scope, &mut self.spans.clone(), &mut self.faults, expr)
    }
}

fn lowered(
    graph: &mut Graph,
    scope: &Scope,
    spans: &mut BTreeMap<NodeId, Span>,
    faults: &mut Faults,
    expr: &Expr,
) -> bool {
    Lowering { graph, spans, scope, loops: &[], faults, axes: Vec::new() }.expression(expr).is_some()
}

/// Something in the shape of a gradient, before there are gradients.
fn stand_in(graph: &mut Graph, name: &str, like: NodeId) -> NodeId {
    let (name, shape) = (name.to_string(), graph.shape(like).clone());
    let kind = LeafKind::Input;
    graph.add_leaf(Leaf::unknown(name, kind, shape))
}

impl Question {
    /// The names that stand by themselves.
    fn names(&self) -> Vec<Name> {
        let mut names = Vec::new();
        for part in &self.parts {
            names.extend(part.names().into_iter().flatten().cloned());
            names.extend(part.bindings().into_iter().flatten().map(|binding| binding.name.clone()));
            let statements = part.statements().into_iter().flatten();
            names.extend(statements.filter_map(|statement| match &statement.claim {
                Claim::Property { wrt, .. } => Some(wrt.clone()),
                Claim::Independent { of_name, .. } => Some(of_name.clone()),
                Claim::Related(_) | Claim::Shape { .. } => None,
            }));
        }
        names
    }

    /// The expressions, and whether each is but claimed, so that it may have no meaning.
    fn expressions(&self) -> impl Iterator<Item = (&Expr, bool)> {
        self.parts.iter().flat_map(|part| {
            let mut all: Vec<(&Expr, bool)> = part.expression().into_iter().map(|expr| (expr, false)).collect();
            let related = part.relations().into_iter().flatten();
            all.extend(related.flat_map(|one| [(&one.left, false), (&one.right, false)]));
            all.extend(part.bindings().into_iter().flatten().map(|binding| (&binding.value, false)));
            for statement in part.statements().into_iter().flatten() {
                match &statement.claim {
                    Claim::Related(related) => all.extend([(&related.left, true), (&related.right, true)]),
                    Claim::Property { of, .. } | Claim::Independent { of, .. } | Claim::Shape { of, .. } => {
                        all.push((of, true));
                    }
                }
            }
            all
        })
    }
}
