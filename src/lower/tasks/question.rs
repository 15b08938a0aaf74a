//! A question of one of the kinds in `tasks`: its names are known, and its expressions have shapes.

use super::Lowerer;
use crate::graph::{Graph, Leaf, NodeId};
use crate::lower::expression::Lowering;
use crate::lower::lines::names_in;
use crate::lower::scope::{Meaning, Scope};
use crate::model::{Ask, Asked, Target};
use crate::span::Span;
use crate::syntax::ast::{Claim, Expr, LeafKind, Name, Part, Question};
use std::collections::BTreeMap;

impl Lowerer {
    pub(super) fn question(&mut self, question: &Question) -> Option<Ask> {
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
    faults: &mut crate::lower::faults::Faults,
    expr: &Expr,
) -> bool {
    Lowering { graph, spans, scope, loops: &[], faults }.expression(expr).is_some()
}

/// Something in the shape of a gradient, before there are gradients.
fn stand_in(graph: &mut Graph, name: &str, like: NodeId) -> NodeId {
    let (name, shape) = (name.to_string(), graph.shape(like).clone());
    let kind = LeafKind::Input;
    graph.add_leaf(Leaf { name, kind, shape, value: None, one_hot_axis: None, assumed: Vec::new(), description: None })
}

impl Question {
    /// The names that stand by themselves.
    fn names(&self) -> Vec<Name> {
        let mut names = Vec::new();
        for part in &self.parts {
            match part {
                Part::Names(own) => names.extend(own.iter().cloned()),
                Part::Bindings(bindings) => names.extend(bindings.iter().map(|binding| binding.name.clone())),
                Part::Statements(all) => names.extend(all.iter().filter_map(|statement| match &statement.claim {
                    Claim::Property { wrt, .. } => Some(wrt.clone()),
                    Claim::Independent { of_name, .. } => Some(of_name.clone()),
                    Claim::Related(_) | Claim::Shape { .. } => None,
                })),
                Part::Expression(_) | Part::Relations(_) | Part::Text(_) | Part::Choices(_) => {}
            }
        }
        names
    }

    /// The expressions, and whether each is but claimed, so that it may have no meaning.
    fn expressions(&self) -> impl Iterator<Item = (&Expr, bool)> {
        self.parts.iter().flat_map(|part| match part {
            Part::Expression(expr) => vec![(expr, false)],
            Part::Relations(all) => all.iter().flat_map(|one| [(&one.left, false), (&one.right, false)]).collect(),
            Part::Bindings(all) => all.iter().map(|binding| (&binding.value, false)).collect(),
            Part::Statements(all) => all
                .iter()
                .flat_map(|statement| match &statement.claim {
                    Claim::Related(related) => vec![(&related.left, true), (&related.right, true)],
                    Claim::Property { of, .. } | Claim::Independent { of, .. } | Claim::Shape { of, .. } => {
                        vec![(of, true)]
                    }
                })
                .collect(),
            Part::Names(_) | Part::Text(_) | Part::Choices(_) => Vec::new(),
        })
    }
}
