//! The tasks of a problem to a solution: the answers, the steps that lead to them, and the certificate.

mod expand;
mod fit;
mod gather;
mod learn;
pub(crate) mod mistaken;
mod named;
mod part;
mod points;
mod solution;
pub mod told;
mod values;

use crate::differentiate::{Gradients, differentiate};
use crate::graph::{Environment, EvaluationError, Known, MORE_BITS, NodeId};
use crate::model::{Model, Point, Target};
use crate::naming::name_intermediates;
use crate::number::Number;
use crate::scalar::Scalar;
use crate::tasks::Ask;
use crate::tensor::Tensor;
use crate::verify::{Certificate, Traced, certify, certify_text};
pub use expand::Expander;
pub use gather::zero;
use std::collections::BTreeSet;
use std::rc::Rc;

pub use fit::FitResult;
pub use learn::{DescentResult, MinimumResult, Unlearnable, converges};
pub use part::{Part, Wanted};
pub use solution::{
    Answer, EntryStep, ExplainedEntry, FitPart, PointValues, Reason, Refusal, Section, Solution, Subject, ValueStep,
};
pub use values::is_tabulated;

/// Solves all tasks of a problem. `explain` names entries to be accounted for beside those that are by default.
pub fn answer(problem: &Model, explain: &[ExplainedEntry]) -> Result<Solution, Refusal> {
    answer_telling(problem, explain, &|_, _| {})
}

/// As [`answer`]; on the way a long descent tells how many steps it has made, and how many it makes at most.
pub fn answer_telling(
    problem: &Model,
    explain: &[ExplainedEntry],
    progress: &dyn Fn(usize, usize),
) -> Result<Solution, Refusal> {
    let mut model = name_intermediates(problem);
    let mut gradients = Vec::new();
    for (loss, wanted) in gather::losses(&model) {
        gradients.push(differentiate(&mut model, loss, &wanted).map_err(Refusal::Rule)?);
    }
    let traced = |gradients| Traced { gradients, of: gradients.loss, cotangent: None };
    let mut certificate = certify_text(&model, &gradients.iter().map(traced).collect::<Vec<_>>());
    for gradients in &gradients {
        certificate.merge(certify(&model, gradients));
    }
    let expander = Expander::of_our_names();
    let mut work = Work {
        model,
        gradients,
        explain,
        progress,
        answers: Vec::new(),
        certificate,
        expander,
        limits: BTreeSet::new(),
        only_doubles: false,
        products: None,
    };
    let sections = work.sections()?;
    let Work { model, gradients, mut answers, mut certificate, limits, only_doubles, .. } = work;
    points::share(&model, &mut answers);
    recompute(&model, &answers, &mut certificate);
    if !certificate.passed {
        return Err(Refusal::Certificate(Box::new(model), certificate));
    }
    let all: Vec<NodeId> = model.graph.ids().collect();
    let values = model.graph.known(&all, &Environment::given(&model.graph)).values;
    Ok(Solution { model, values, gradients, sections, answers, limits, only_doubles, certificate })
}

/// Each numeric answer again in doubles: another road than exact arithmetic. Answers at one point share one pass.
fn recompute(model: &Model, answers: &[Answer], certificate: &mut Certificate) {
    for at_one_point in answers.chunk_by(|one, next| one.at == next.at) {
        let numeric = at_one_point.iter().filter_map(|answer| Some((answer.form?, answer.value.as_ref()?)));
        let forms: Vec<NodeId> = numeric.clone().map(|(form, _)| form).collect();
        let environment = environment(model, at_one_point[0].at.as_ref());
        let values = model.graph.evaluate_partly::<f64>(&forms, &environment);
        for (form, value) in numeric {
            let Some(again) = values.get(form).filter(|_| answer_is_whole(value)) else { continue };
            let value = value.convert();
            if !certificate.agrees(&value, again) {
                // Doubles may have lost what the other road has not.
                let needed = model.graph.needed(&[form]);
                let ids: Vec<NodeId> = model.graph.ids().filter(|id| needed[id.place()]).collect();
                let careful = model.graph.evaluate_carefully::<MORE_BITS>(&ids, &environment_of(model, at_one_point));
                if let Some(again) = careful.get(form) {
                    certificate.compare(form, &value, &again.map(|entry| entry.to_f64()));
                }
                continue;
            }
            certificate.compare(form, &value, again);
        }
    }
}

/// Whether every entry has a value.
fn answer_is_whole(value: &Tensor<Number>) -> bool {
    value.entries().all(|entry| !entry.to_f64().is_nan())
}

fn environment_of(model: &Model, answers: &[Answer]) -> Environment<Number> {
    environment(model, answers.first().and_then(|answer| answer.at.as_ref()))
}

pub(crate) fn environment<S: crate::scalar::Scalar>(model: &Model, point: Option<&Point>) -> Environment<S> {
    let mut environment = Environment::given(&model.graph);
    for (leaf, value) in point.into_iter().flatten() {
        environment.set(*leaf, value.convert());
    }
    environment
}

/// A problem on its way to a solution.
pub struct Work<'a> {
    pub(crate) model: Model,
    pub(crate) gradients: Vec<Gradients>,
    explain: &'a [ExplainedEntry],
    pub(crate) progress: &'a dyn Fn(usize, usize),
    pub(crate) answers: Vec<Answer>,
    pub(crate) certificate: Certificate,
    expander: Expander,
    /// The gradients that have a value as a limit only.
    limits: BTreeSet<NodeId>,
    only_doubles: bool,
    /// The lines in whose names gradients may be written, with their definitions; found when first needed.
    products: Option<Rc<[(NodeId, NodeId)]>>,
}

impl Work<'_> {
    fn sections(&mut self) -> Result<Vec<Section>, Refusal> {
        let tasks = self.model.tasks.clone();
        let mut done: Vec<Option<Section>> = vec![None; tasks.len()];
        // Pictures come last: they show descents and minima.
        let (pictures, others): (Vec<usize>, Vec<usize>) =
            (0..tasks.len()).partition(|place| matches!(tasks[*place].ask, Ask::Plot(_)));
        for place in others.into_iter().chain(pictures) {
            done[place] = Some(tasks[place].ask.answer(self, place + 1, &done)?);
        }
        Ok(done.into_iter().flatten().collect())
    }

    pub(crate) fn known(&mut self, wanted: &[NodeId], environment: &Environment<Number>) -> Known {
        let known = self.model.graph.known(wanted, environment);
        self.limits.extend(&known.limits);
        self.only_doubles |= known.only_doubles;
        known
    }

    /// What is known at a point; refused where one of `wanted` has no value there.
    pub(crate) fn known_at(&mut self, wanted: &[NodeId], environment: &Environment<Number>) -> Result<Known, Refusal> {
        let known = self.known(wanted, environment);
        match wanted.iter().find(|id| known.values.get(**id).is_none()) {
            Some(id) => Err(self.no_value(self.model.graph.why_missing(&known, *id, environment))),
            None => Ok(known),
        }
    }

    pub(crate) fn no_value(&self, error: EvaluationError) -> Refusal {
        Refusal::NoValue(Box::new(self.model.clone()), error)
    }

    /// The node whose value a target is; a gradient that does not exist is zero.
    pub(crate) fn node(&mut self, target: Target) -> NodeId {
        match target {
            Target::Value(id) => id,
            Target::Gradient { of, loss } => self.gradient(of, loss),
        }
    }

    /// The place of a loss among those whose gradients are known.
    pub(crate) fn place_of_gradients(&self, loss: NodeId) -> usize {
        self.gradients.iter().position(|gradients| gradients.loss == loss).unwrap_or(0)
    }

    pub(crate) fn gradient(&mut self, of: NodeId, loss: NodeId) -> NodeId {
        let found = self.gradients.iter().find(|gradients| gradients.loss == loss);
        match found.and_then(|gradients| gradients.of.get(&of)) {
            Some(gradient) => *gradient,
            None if of == loss => {
                let shape = self.model.graph.shape(of).clone();
                self.model.graph.ones(shape)
            }
            None => gather::zero(&mut self.model.graph, of),
        }
    }
}
