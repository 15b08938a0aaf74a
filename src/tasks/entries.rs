//! `entries of Y, L`: values written out entry by entry.

use super::{Ask, Line, Sheet, Space, Task, Written, all_renamed};
use crate::answer::told::Say;
use crate::answer::{Refusal, Section, Subject, Work};
use crate::graph::NodeId;
use crate::lower::Lowerer;
use crate::model::{Model, Target};

pub const WRITTEN: Written = Written {
    begins: "entries",
    forms: &["entries of {names}"],
    examples: &["entries of Y, L"],
    summary: "values written out, entry by entry",
    answered: "Y[i, j] = sum over k of X[i, k] W[k, j]",
};

#[derive(Clone, Debug)]
pub struct Entries {
    pub of: Vec<NodeId>,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    lowerer.values_of(line.names(0)).map(|of| Ask::Entries(Entries { of }))
}

impl Task for Entries {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::Entries(Entries { of: all_renamed(&self.of, new) })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        Vec::new()
    }

    fn question(&self) -> Say {
        Say::new("Write {} out, entry by entry.").nodes(&self.of)
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "Entry by entry",
            hint: "A product of matrices is a sum over the inner index.",
            space: Space::Lines { each: 1.2, least: 4, most: 14 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        for id in &self.of {
            let answer = work.answered(task, Subject::Entries(*id), Some(*id), None);
            work.answers.push(answer);
        }
        Ok(Section::Entries { of: self.of.clone() })
    }
}
