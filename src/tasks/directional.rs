//! `derive directional of L wrt W1, b1`: the derivative of a loss along a direction in these.

use super::{Ask, Line, Sheet, Space, Task, Written, all_renamed, gradients_of};
use crate::answer::told::Say;
use crate::answer::{Refusal, Section, Subject, Work};
use crate::differentiate::RuleError;
use crate::graph::{Graph, Leaf, NodeId};
use crate::lower::Lowerer;
use crate::model::{Model, Target};
use crate::ops::{Add, Hadamard, Scale, Sum};
use crate::syntax::ast::LeafKind;

pub const WRITTEN: Written = Written {
    begins: "derive directional",
    forms: &["derive directional of {name} wrt {names}"],
    examples: &["derive directional of L wrt W1, b1"],
    summary: "the derivative of a loss along a direction, `V_W1` in `W1`",
    answered: "directional of L wrt W1 = sum(dW1 .* V_W1)",
};

#[derive(Clone, Debug)]
pub struct Directional {
    pub of: NodeId,
    pub wrt: Vec<NodeId>,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    let (of, wrt) = (lowerer.loss(line.name(0), line.span), lowerer.values_of(line.names(1)));
    let (of, wrt) = (of?, wrt?);
    lowerer.computable(&[of], line.state);
    Some(Ask::Directional(Directional { of, wrt }))
}

impl Task for Directional {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::Directional(Directional { of: new(&self.of), wrt: all_renamed(&self.wrt, new) })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        gradients_of(self.of, &self.wrt)
    }

    fn question(&self) -> Say {
        Say::new("Derive the derivative of {} along a direction in {}.").node(self.of).nodes(&self.wrt)
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "The derivative along a direction",
            hint: "Multiply each gradient by its part of the direction, and add.",
            space: Space::Lines { each: 1.2, least: 4, most: 14 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        let mut directions = Vec::new();
        for id in &self.wrt {
            directions.push((work.gradient(*id, self.of), direction(&mut work.model.graph, *id)));
        }
        let form = along(&mut work.model.graph, &directions).map_err(Refusal::Rule)?;
        let subject = Subject::Directional { of: self.of, wrt: self.wrt.clone() };
        let answer = work.answered(task, subject, Some(form), None);
        work.answers.push(answer);
        let gradients = work.place_of_gradients(self.of);
        let directions = directions.into_iter().map(|(_, direction)| direction).collect();
        Ok(Section::Directional { gradients, wrt: self.wrt.clone(), directions })
    }
}

/// A direction in a parameter: `V_W` in the shape of `W`.
fn direction(graph: &mut Graph, like: NodeId) -> NodeId {
    let name = graph.as_leaf(like).map_or_else(String::new, |leaf| leaf.name.clone());
    let shape = graph.shape(like).clone();
    graph.add_leaf(Leaf::unknown(format!("V_{name}"), LeafKind::Input, shape))
}

/// The sum over all entries of each gradient times its direction.
fn along(graph: &mut Graph, directions: &[(NodeId, NodeId)]) -> Result<NodeId, RuleError> {
    let fault = |error| RuleError { operator: "directional", error };
    let mut total: Option<NodeId> = None;
    for (gradient, direction) in directions {
        let product = match graph.shape(*gradient).is_scalar() {
            true => graph.apply(Scale, &[*gradient, *direction]).map_err(fault)?,
            false => {
                let entries = graph.apply(Hadamard, &[*gradient, *direction]).map_err(fault)?;
                graph.apply(Sum { axis: None }, &[entries]).map_err(fault)?
            }
        };
        total = Some(match total {
            None => product,
            Some(total) => graph.apply(Add, &[total, product]).map_err(fault)?,
        });
    }
    Ok(total.unwrap_or_else(|| graph.integer(0)))
}
