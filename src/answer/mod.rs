//! The tasks of a problem to a solution: the answers, the steps that lead to them, and the certificate.

mod expand;
mod fit;
mod gather;
mod learn;
pub mod mistaken;
pub mod plot;
mod points;
pub mod question;
mod solution;
mod tasks;
pub mod told;

use crate::differentiate::{Gradients, differentiate};
use crate::graph::{Environment, EvaluationError, Known, MORE_BITS, NodeId};
use crate::model::{Ask, Model, Point, Target};
use crate::naming::name_intermediates;
use crate::number::Number;
use crate::scalar::Scalar;
use crate::second;
use crate::tensor::Tensor;
use crate::verify::{Certificate, Traced, certify, certify_text};
pub use expand::Expander;
use std::collections::BTreeSet;

pub use fit::FitResult;
pub use learn::{DescentResult, MinimumResult, Unlearnable, converges};
pub use plot::{Plot, Unplottable};
pub use question::{Part, Wanted};
pub use solution::{Answer, ExplainedEntry, FitPart, PointValues, Refusal, Section, Solution, Subject, ValueStep};
pub use tasks::is_tabulated;

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

fn environment<S: crate::scalar::Scalar>(model: &Model, point: Option<&Point>) -> Environment<S> {
    let mut environment = Environment::given(&model.graph);
    for (leaf, value) in point.into_iter().flatten() {
        environment.set(*leaf, value.convert());
    }
    environment
}

/// A problem on its way to a solution.
pub struct Work<'a> {
    pub(crate) model: Model,
    gradients: Vec<Gradients>,
    explain: &'a [ExplainedEntry],
    progress: &'a dyn Fn(usize, usize),
    answers: Vec<Answer>,
    pub(crate) certificate: Certificate,
    expander: Expander,
    /// The gradients that have a value as a limit only.
    limits: BTreeSet<NodeId>,
    only_doubles: bool,
}

impl Work<'_> {
    fn sections(&mut self) -> Result<Vec<Section>, Refusal> {
        let tasks = self.model.tasks.clone();
        let mut done: Vec<Option<Section>> = vec![None; tasks.len()];
        // Pictures come last: they show descents and minima.
        let (pictures, others): (Vec<usize>, Vec<usize>) =
            (0..tasks.len()).partition(|place| matches!(tasks[*place].ask, Ask::Plot(_)));
        for place in others.into_iter().chain(pictures) {
            done[place] = Some(self.section(place + 1, &tasks[place].ask, &done)?);
        }
        Ok(done.into_iter().flatten().collect())
    }

    fn section(&mut self, task: usize, ask: &Ask, done: &[Option<Section>]) -> Result<Section, Refusal> {
        match ask {
            Ask::Compute { targets, at } if at.is_empty() => self.values(task, targets),
            Ask::Compute { targets, at } => self.points(task, targets, at),
            Ask::Derive(asked) => self.derive(task, asked),
            Ask::DrawGraph { gradients_of } => Ok(Section::Graph { gradients_of: *gradients_of }),
            Ask::Plot(plot) => self.plot(task, plot, done),
            Ask::Question(asked) => self.question(task, asked),
            Ask::Shapes(ids) => Ok(self.shapes(task, ids)),
            Ask::Entries(ids) => Ok(self.entries(task, ids)),
            Ask::CountParams(ids) => Ok(self.count(task, ids)),
            Ask::Descend(descent) => self.descend(task, descent),
            Ask::Fit(fit) => self.fit(task, fit),
            Ask::Minimize { loss, params } => self.minimize(task, *loss, params),
            Ask::Update { params, loss, rate } => self.update(task, params, *loss, rate),
            Ask::Jacobian { of, wrt, layout } => {
                let subject = Subject::Jacobian { of: *of, wrt: *wrt, layout: *layout };
                let form = second::jacobian(&mut self.model, *of, *wrt, *layout);
                self.second(task, subject, form)
            }
            Ask::Hessian { of, wrt } => {
                let subject = Subject::Hessian { of: *of, wrt: *wrt };
                let gradient = self.gradient(*wrt, *of);
                let form = second::hessian(&mut self.model, gradient, *wrt);
                self.second(task, subject, form)
            }
            Ask::Directional { of, wrt } => self.directional(task, *of, wrt),
        }
    }

    fn known(&mut self, wanted: &[NodeId], environment: &Environment<Number>) -> Known {
        let known = self.model.graph.known(wanted, environment);
        self.limits.extend(&known.limits);
        self.only_doubles |= known.only_doubles;
        known
    }

    /// What is known at a point; refused where one of `wanted` has no value there.
    fn known_at(&mut self, wanted: &[NodeId], environment: &Environment<Number>) -> Result<Known, Refusal> {
        let known = self.known(wanted, environment);
        match wanted.iter().find(|id| known.values.get(**id).is_none()) {
            Some(id) => Err(self.no_value(self.model.graph.why_missing(&known, *id, environment))),
            None => Ok(known),
        }
    }

    fn no_value(&self, error: EvaluationError) -> Refusal {
        Refusal::NoValue(Box::new(self.model.clone()), error)
    }

    /// The node whose value a target is; a gradient that does not exist is zero.
    fn node(&mut self, target: Target) -> NodeId {
        match target {
            Target::Value(id) => id,
            Target::Gradient { of, loss } => self.gradient(of, loss),
        }
    }

    fn gradient(&mut self, of: NodeId, loss: NodeId) -> NodeId {
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
