//! `draw graph`, `draw graph with gradients`: the computation graph.

use super::{Ask, Line, Sheet, Space, Task, Written, gradients_of};
use crate::answer::told::Say;
use crate::answer::{Refusal, Section, Work};
use crate::graph::NodeId;
use crate::lower::Lowerer;
use crate::model::{Model, Target};

pub const WRITTEN: Written = Written {
    begins: "draw",
    forms: &["draw graph with gradients", "draw graph"],
    examples: &["draw graph", "draw graph with gradients"],
    summary: "the computation graph, with the values and gradients on its edges",
    answered: "",
};

#[derive(Clone, Debug)]
pub struct DrawGraph {
    /// The loss whose gradients are drawn too.
    pub gradients_of: Option<NodeId>,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    // What is drawn is all of the model, and with gradients also where they start.
    lowerer.use_lines();
    let gradients_of = if line.is_form(0) { Some(lowerer.loss(None, line.span)?) } else { None };
    Some(Ask::DrawGraph(DrawGraph { gradients_of }))
}

impl Task for DrawGraph {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::DrawGraph(DrawGraph { gradients_of: self.gradients_of.as_ref().map(new) })
    }

    fn gradients(&self, model: &Model) -> Vec<Target> {
        self.gradients_of.map_or_else(Vec::new, |loss| gradients_of(loss, &model.params()))
    }

    fn question(&self) -> Say {
        Say::new(match self.gradients_of {
            None => "Draw the computation graph.",
            Some(_) => "Draw the computation graph with its gradients.",
        })
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "Computation graph",
            hint: "Begin with what is given; each operator is a node, and each value rides on an edge.",
            space: Space::Frame { squared: false },
        }
    }

    fn answer(&self, _: &mut Work, _: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        Ok(Section::Graph { gradients_of: self.gradients_of })
    }
}
