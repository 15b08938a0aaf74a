//! `derive dW1, db1 of L2`, `derive dW1[i, j]`: gradients, step by step from the loss back.

use super::{Ask, Line, Sheet, Space, Task, Written, jacobian};
use crate::answer::told::{Formula, Hole, Say};
use crate::answer::{Answer, Refusal, Section, Subject, Work};
use crate::differentiate::RuleError;
use crate::graph::{Environment, Graph, NodeId};
use crate::lower::{Computability, Lowerer};
use crate::model::{Derivative, EntryIndex, JacobianLayout, Model, Target};
use crate::ops::Entry;
use crate::shape::Shape;
use crate::syntax::ast::DeriveTarget;

pub const WRITTEN: Written = Written {
    begins: "derive",
    forms: &["derive {targets} of {name}", "derive {targets}"],
    examples: &["derive dW1, db1", "derive dW of L2"],
    summary: "the gradients of a loss, or single entries of them",
    answered: "dW1 = X^T*dZ",
};

#[derive(Clone, Debug)]
pub struct Derive {
    pub derivatives: Vec<Derivative>,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    let (targets, of) = (line.part(0)?.targets()?, line.name(1));
    if let (Some(of), Some(wrt)) = (of, lowerer.of_a_vector(targets, of)) {
        return jacobian::asked(lowerer, line.state, [of, &wrt], JacobianLayout::Numerator);
    }
    let loss = lowerer.loss(of, targets.first().map_or(line.span, |target| target.name.span));
    let derivatives: Vec<Option<Derivative>> =
        targets.iter().map(|target| derivative(lowerer, target, loss, line.state)).collect();
    derivatives.into_iter().collect::<Option<_>>().map(|derivatives| Ask::Derive(Derive { derivatives }))
}

fn derivative(
    lowerer: &mut Lowerer,
    target: &DeriveTarget,
    loss: Option<NodeId>,
    state: &Computability,
) -> Option<Derivative> {
    let (of, loss) = (lowerer.gradient_of(&target.name)?, loss?);
    let entry = lowerer.entry_indices(target, of)?;
    lowerer.computable(&[loss], state);
    lowerer.warn_zero(loss, of, target.name.span);
    Some(Derivative { of, loss, entry })
}

impl Task for Derive {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        let derivatives = self.derivatives.iter().map(|own| Derivative {
            of: new(&own.of),
            loss: new(&own.loss),
            entry: own.entry.clone(),
        });
        Ask::Derive(Derive { derivatives: derivatives.collect() })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        self.derivatives.iter().map(|own| Target::Gradient { of: own.of, loss: own.loss }).collect()
    }

    /// Of one loss with respect to these; or the derivatives themselves, of several losses.
    fn question(&self) -> Say {
        let formulas = |formula: fn(&Derivative) -> Formula| Hole::Formulas(self.derivatives.iter().map(formula).collect());
        let first = &self.derivatives[0];
        if self.derivatives.iter().any(|own| own.loss != first.loss) {
            return Say::new("Derive {}.").hole(formulas(|own| Formula::Gradient { of: own.of, loss: own.loss }));
        }
        Say::new(match self.derivatives.len() {
            1 => "Derive the gradient of {} with respect to {}.",
            _ => "Derive the gradients of {} with respect to {}.",
        })
        .node(first.loss)
        .hole(formulas(|own| Formula::Entry { of: own.of, entry: own.entry.clone() }))
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "Gradients",
            hint: "Go back from the loss: the gradient with respect to a value is the sum over all its uses, and has its shape.",
            space: Space::Lines { each: 1.2, least: 4, most: 14 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        let asked = &self.derivatives;
        let mut nodes = Vec::new();
        for derivative in asked {
            let whole = work.gradient(derivative.of, derivative.loss);
            nodes.push(entry(&mut work.model.graph, whole, &derivative.entry).map_err(Refusal::Rule)?);
        }
        let known = work.known(&nodes, &Environment::given(&work.model.graph));
        let forward = work.steps_to(&nodes, work.model.lines(), &known.values);
        for (derivative, node) in asked.iter().zip(nodes) {
            let value = known.values.get(node).cloned().or_else(|| known.partial(node));
            let missing = known.missing(node);
            let subject =
                Subject::Gradient { of: derivative.of, loss: derivative.loss, entry: derivative.entry.clone() };
            let answer = work.answered(task, subject, Some(node), value);
            let shape = if derivative.entry.is_empty() { answer.shape.clone() } else { Shape::scalar() };
            work.answers.push(Answer { shape, missing, ..answer });
        }
        let of_asked = |loss: NodeId| asked.iter().any(|derivative| derivative.loss == loss);
        let gradients = work.gradients.iter().enumerate().filter(|(_, gradients)| of_asked(gradients.loss));
        let gradients = gradients.map(|(place, _)| place).collect();
        Ok(Section::Gradients { gradients, asked: asked.clone(), forward })
    }
}

/// One entry of a gradient, where its indices are numbers; a general entry is written from the whole gradient.
fn entry(graph: &mut Graph, whole: NodeId, index: &[EntryIndex]) -> Result<NodeId, RuleError> {
    let places: Option<Vec<usize>> = index
        .iter()
        .map(|index| match index {
            EntryIndex::Number(place) => Some(*place),
            EntryIndex::Name(_) => None,
        })
        .collect();
    match places {
        Some(index) if !index.is_empty() => {
            let whole = graph.as_symbol(whole).map_or(whole, |symbol| symbol.definition);
            graph.apply(Entry { index }, &[whole]).map_err(|error| RuleError { operator: "[ ]", error })
        }
        Some(_) | None => Ok(whole),
    }
}
