//! `count params of W1, b1`: the number of entries of parameters together; of all where none is named.

use super::{Ask, Line, Sheet, Space, Task, Written, all_renamed};
use crate::answer::told::Say;
use crate::answer::{Refusal, Section, Subject, Work};
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::lower::Lowerer;
use crate::model::{Model, Target};
use crate::number::Number;
use crate::shape::Dim;
use crate::span::Span;
use crate::syntax::ast::{LeafKind, Name};
use crate::tensor::Tensor;
use std::collections::BTreeSet;

pub const WRITTEN: Written = Written {
    begins: "count",
    forms: &["count params of {names}", "count params"],
    examples: &["count params", "count params of W1, b1"],
    summary: "the number of parameters",
    answered: "params = 784*H + H",
};

#[derive(Clone, Debug)]
pub struct CountParams {
    pub of: Vec<NodeId>,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    counted(lowerer, line.names(0), line.span).map(|of| Ask::CountParams(CountParams { of }))
}

/// The parameters to count: those that are named, and those of which a named line is made.
fn counted(lowerer: &mut Lowerer, names: &[Name], span: Span) -> Option<Vec<NodeId>> {
    let mut params: Vec<NodeId> = Vec::new();
    let mut own = Vec::new();
    for name in names {
        let id = lowerer.value_of(name)?;
        if lowerer.graph.as_leaf(id).is_some() {
            own.push(name.clone());
            continue;
        }
        let needed = lowerer.graph.needed(&[id]);
        let is_param = |id: &NodeId| lowerer.graph.as_leaf(*id).is_some_and(|leaf| leaf.kind == LeafKind::Param);
        params.extend(lowerer.leaves.iter().copied().filter(|leaf| needed[leaf.place()]).filter(is_param));
    }
    if names.is_empty() {
        // Who counts has no use for what the lines compute.
        lowerer.use_lines();
    }
    if names.is_empty() || !own.is_empty() {
        params.extend(lowerer.params(&own, span)?);
    }
    if params.is_empty() {
        let error = Diagnostic::error("E-task", "no parameter stands in it").at(span, "of nothing");
        lowerer.faults.push(error);
        return None;
    }
    let mut seen = BTreeSet::new();
    params.retain(|param| seen.insert(*param));
    Some(params)
}

impl Task for CountParams {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::CountParams(CountParams { of: all_renamed(&self.of, new) })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        Vec::new()
    }

    fn question(&self) -> Say {
        Say::new("Count the parameters in {}.").nodes(&self.of)
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "Number of parameters",
            hint: "Multiply the sides of each parameter, and add; do not forget the biases.",
            space: Space::Lines { each: 0.5, least: 1, most: 6 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        let size = |id: &NodeId| (*id, work.model.graph.shape(*id).size());
        let parameters: Vec<(NodeId, Dim)> = self.of.iter().map(size).collect();
        let total = parameters.iter().fold(Dim::integer(0), |total, (_, size)| total.plus(size));
        let form = work.model.graph.dimension(total.clone());
        let value = total.as_integer().map(|total| Tensor::scalar(Number::integer(total)));
        let answer = work.answered(task, Subject::Count, Some(form), value);
        work.answers.push(answer);
        Ok(Section::Count { parameters, total })
    }
}
