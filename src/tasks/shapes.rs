//! `shapes of J, K`: the sizes of values.

use super::{Ask, Line, Sheet, Space, Task, Written, all_renamed};
use crate::answer::told::Say;
use crate::answer::{Answer, Refusal, Section, Subject, Work};
use crate::graph::NodeId;
use crate::lower::Lowerer;
use crate::model::{Model, Target};

pub const WRITTEN: Written = Written {
    begins: "shapes",
    forms: &["shapes of {names}"],
    examples: &["shapes of J, K"],
    summary: "the sizes of values",
    answered: "shape of J = 4 x 4",
};

#[derive(Clone, Debug)]
pub struct Shapes {
    pub of: Vec<NodeId>,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    lowerer.values_of(line.names(0)).map(|of| Ask::Shapes(Shapes { of }))
}

impl Task for Shapes {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::Shapes(Shapes { of: all_renamed(&self.of, new) })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        Vec::new()
    }

    fn question(&self) -> Say {
        Say::new("Give the size of {}.").nodes(&self.of)
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "Sizes",
            hint: "The inner sides of a product must agree; its outer sides remain.",
            space: Space::Lines { each: 0.5, least: 1, most: 6 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        for id in &self.of {
            let answer = work.answered(task, Subject::Shape(*id), None, None);
            work.answers.push(Answer { shape: work.model.graph.shape(*id).clone(), ..answer });
        }
        let needed = work.model.graph.needed(&self.of);
        let steps = work.model.definitions.iter().copied().filter(|symbol| needed[symbol.place()]).collect();
        Ok(Section::Shapes { steps })
    }
}
