//! `update W1, b1 with rate 0.5`: one step of gradient descent.

use super::{Ask, Line, Sheet, Space, Task, Written, all_renamed, gradients_of};
use crate::answer::told::Say;
use crate::answer::{Refusal, Section, Subject, Work};
use crate::differentiate::RuleError;
use crate::graph::{Environment, Graph, NodeId};
use crate::lower::Lowerer;
use crate::model::{Model, Target};
use crate::ops::{Scale, Sub};

pub const WRITTEN: Written = Written {
    begins: "update",
    forms: &["update {names} with rate {rate}", "update {names} with {rate}"],
    examples: &["update W1, b1 with rate 0.5"],
    summary: "parameters after one step of gradient descent",
    answered: "update W1 = W1 - 0.5*dW1",
};

#[derive(Clone, Debug)]
pub struct Update {
    pub params: Vec<NodeId>,
    pub loss: NodeId,
    /// A number, or a name that has none.
    pub rate: NodeId,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    let (names, rate) = (line.names(0), line.part(1)?.text()?);
    let params = lowerer.params(names, line.span);
    let loss = lowerer.loss(None, names.first().map_or(line.span, |name| name.span));
    let rate = lowerer.rate_node(rate);
    let (params, loss, rate) = (params?, loss?, rate?);
    lowerer.computable(&[loss], line.state);
    // Without any value the step is one in symbols.
    let valued = |id: &NodeId| lowerer.graph.as_leaf(*id).is_some_and(|leaf| leaf.value.is_some());
    let in_symbols = !params.iter().any(valued);
    for (place, param) in params.iter().enumerate() {
        lowerer.warn_zero(loss, *param, line.span);
        if let Some(name) = names.get(place).filter(|_| !in_symbols) {
            lowerer.has_value(*param, name, &[], line.state);
        }
    }
    Some(Ask::Update(Update { params, loss, rate }))
}

impl Task for Update {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        let (params, loss) = (all_renamed(&self.params, new), new(&self.loss));
        Ask::Update(Update { params, loss, rate: new(&self.rate) })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        gradients_of(self.loss, &self.params)
    }

    fn question(&self) -> Say {
        let say = Say::new("Take one step of gradient descent in {} with the rate {}.");
        say.nodes(&self.params).node(self.rate)
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "One step of gradient descent",
            hint: "Find the gradient first; then the new value is the old one less the rate times the gradient.",
            space: Space::Lines { each: 1.2, least: 4, most: 14 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        let Update { params, loss, rate } = self;
        let mut forms = Vec::new();
        for param in params {
            let gradient = work.gradient(*param, *loss);
            forms.push(stepped(&mut work.model.graph, *param, gradient, *rate).map_err(Refusal::Rule)?);
        }
        let known = work.known(&forms, &Environment::given(&work.model.graph));
        let forward = work.steps_to(&forms, work.model.lines(), &known.values);
        for (param, form) in params.iter().zip(forms) {
            work.exists(task, *param, *loss, known.missing(form))?;
            let value = known.values.get(form).cloned();
            let answer = work.answered(task, Subject::Updated(*param), Some(form), value);
            work.answers.push(answer);
        }
        let gradients = work.place_of_gradients(*loss);
        Ok(Section::Update { gradients, parameters: params.clone(), rate: *rate, forward })
    }
}

/// `W - rate * dW`
fn stepped(graph: &mut Graph, param: NodeId, gradient: NodeId, rate: NodeId) -> Result<NodeId, RuleError> {
    let fault = |error| RuleError { operator: "-", error };
    let step = graph.apply(Scale, &[rate, gradient]).map_err(fault)?;
    graph.apply(Sub, &[param, step]).map_err(fault)
}
