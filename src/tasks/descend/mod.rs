//! `descend W, b from zero of L rate 0.1 momentum 0.9 for 20 steps`: many steps of gradient descent.

mod clauses;

use super::{Ask, Line, Sheet, Space, Task, Written, all_renamed, gradients_of};
use crate::answer::told::{Formula, Hole, Say};
use crate::answer::{DescentResult, Refusal, Section, Subject, Unlearnable, Work, environment, zero};
use crate::descend::{Objective, Objectives, Path, Steps, walk};
use crate::differentiate::differentiate;
use crate::graph::{Graph, Kind, LeafId, NodeId};
use crate::limits::DESCENT_STEPS;
use crate::lower::Lowerer;
use crate::math::{Math, Relation};
use crate::model::{Batches, Descent, Method, Model, Target};
use crate::number::Number;
use crate::quadratic::quadratic;
use num_traits::Zero;

pub const WRITTEN: Written = Written {
    begins: "descend",
    forms: &["descend {descent}"],
    examples: &[
        "descend a from 8 rate 0.003 until |da| < 0.001",
        "descend W, b from zero rate 0.1 for 20 steps",
    ],
    summary: "parameters after many steps of gradient descent, and where it leads",
    answered: "a = 9.799",
};

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    lowerer.descend(line)
}

impl Task for Box<Descent> {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        let (loss, params) = (new(&self.loss), all_renamed(&self.params, new));
        Ask::Descend(Box::new(Descent { loss, params, ..self.as_ref().clone() }))
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        gradients_of(self.loss, &self.params)
    }

    fn question(&self) -> Say {
        let starts = self.params.iter().zip(&self.start);
        let starts = starts.map(|(id, (_, value))| Formula::equal(Formula::Node(*id), Formula::Value(value.clone())));
        let until = self.stop.below.as_ref().map(|(_, below)| {
            Say::new(", until {}").formula(Formula::related(watched(self), Relation::Less, Formula::number(below)))
        });
        let steps = self.stop.steps;
        let number = Say::words_of(steps.to_string());
        let steps = match (&until, steps) {
            (Some(_), DESCENT_STEPS) => None,
            (Some(_), 1) => Some(Say::new(", at most {} step").say(number)),
            (Some(_), _) => Some(Say::new(", at most {} steps").say(number)),
            (None, 1) => Some(Say::new(", for {} step").say(number)),
            (None, _) => Some(Say::new(", for {} steps").say(number)),
        };
        Say::new("Descend {} in {} from {} with {}{}{}.")
            .node(self.loss)
            .nodes(&self.params)
            .hole(Hole::Formulas(starts.collect()))
            .say(details(self))
            .maybe(until)
            .maybe(steps)
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "Gradient descent",
            hint: "Write the gradient as a formula once; then each step is a subtraction.",
            space: Space::Lines { each: 1.2, least: 4, most: 14 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        work.descend(task, self)
    }
}

/// How a descent goes: `the rate 0.1, momentum β = 0.9, two examples a step in the given order`
pub fn details(descent: &Descent) -> Say {
    let rule = &descent.rule;
    let rate = |(place, rate): (usize, &Number)| match place {
        0 => said("eta", Formula::number(rate)),
        _ => Formula::number(rate),
    };
    let rates = Hole::Formulas(rule.rates.iter().enumerate().map(rate).collect());
    let rates = Say::new(match rule.rates.len() {
        1 => "the rate {}",
        _ => "the rates {} (one a step, the last one stays)",
    })
    .hole(rates);
    let decay = Say::new(", weight decay {}").formula(said("lambda", Formula::number(&rule.decay)));
    Say::new("{}{}{}{}")
        .say(rates)
        .maybe(method(&rule.method))
        .maybe((!rule.decay.is_zero()).then_some(decay))
        .maybe(descent.batches.as_ref().map(batches))
}

fn method(method: &Method) -> Option<Say> {
    let factor = |sign: &str, value: &Number| said(sign, Formula::number(value));
    Some(match method {
        Method::Plain => return None,
        Method::Momentum { beta } => Say::new(", momentum {}").formula(factor("beta", beta)),
        Method::Nesterov { beta } => Say::new(", Nesterov momentum {}").formula(factor("beta", beta)),
        Method::RmsProp { decay, epsilon } => Say::new(", RMSProp with {} and {}")
            .formula(factor("rho", decay))
            .formula(said("epsilon", power_of_ten(epsilon))),
        Method::Adam { beta1, beta2, epsilon } => Say::new(", Adam with {}").hole(Hole::Formulas(vec![
            factor("beta_1", beta1),
            factor("beta_2", beta2),
            said("epsilon", power_of_ten(epsilon)),
        ])),
    })
}

fn batches(batches: &Batches) -> Say {
    let count = Hole::Count(batches.size);
    let say = match (batches.size, batches.seed) {
        (1, None) => Say::new(", {} example a step in the given order").hole(count),
        (_, None) => Say::new(", {} examples a step in the given order").hole(count),
        (1, Some(_)) => Say::new(", {} example a step (shuffled before each round by the seed {})").hole(count),
        (_, Some(_)) => Say::new(", {} examples a step (shuffled before each round by the seed {})").hole(count),
    };
    batches.seed.iter().fold(say, |say, seed| say.say(Say::words_of(seed.to_string())))
}

/// `β = 0.9`
fn said(sign: &str, value: Formula) -> Formula {
    Formula::equal(Formula::Math(Math::name(sign)), value)
}

/// `10⁻⁸` for 0.00000001; other numbers as they are.
pub(crate) fn power_of_ten(value: &Number) -> Formula {
    let power = (4..=30).find(|power| Number::parse(&format!("1e-{power}")).is_ok_and(|known| known == *value));
    power.map_or_else(|| Formula::number(value), |power| Formula::Math(Math::number(10).to(Math::number(-power))))
}

/// `|∂L/∂a|`: the gradients whose size can end the descent.
pub(crate) fn watched(descent: &Descent) -> Formula {
    let places = descent.stop.below.as_ref().map_or(&[][..], |(places, _)| places);
    let params = places.iter().filter_map(|place| descent.params.get(*place));
    Formula::Size(params.map(|of| Formula::Gradient { of: *of, loss: descent.loss }).collect())
}

impl Work<'_> {
    fn descend(&mut self, task: usize, descent: &Descent) -> Result<Section, Refusal> {
        let written = self.gradients_written_out(descent.loss, &descent.params);
        let objectives = self.objectives(task, descent)?;
        let start = environment::<Number>(&self.model, Some(&descent.start));
        let here: Vec<NodeId> = descent.params.iter().map(|param| self.gradient(*param, descent.loss)).collect();
        let known = self.known(&here, &start);
        for (param, gradient) in descent.params.iter().zip(&here) {
            self.exists(task, *param, descent.loss, known.missing(*gradient))?;
        }
        let path = walk(descent, &objectives, self.progress).map_err(|error| self.no_value(error))?;
        self.compare_first_step(descent, &objectives, &path);
        let quadratic =
            quadratic(&self.model, descent.loss, &descent.params, &descent.rule.decay).map_err(Refusal::Rule)?;
        if let Some(last) = path.rows.last() {
            for (param, value) in descent.params.iter().zip(&last.params) {
                self.answers.push(self.learned(task, Subject::Descended { of: *param, steps: last.step }, value));
            }
        }
        let (descent, gradients) = (descent.clone(), written);
        Ok(Section::Descent(Box::new(DescentResult { descent, gradients, path, objectives, quadratic })))
    }

    fn objectives(&mut self, task: usize, descent: &Descent) -> Result<Objectives, Refusal> {
        let gradients: Vec<NodeId> = descent.params.iter().map(|param| self.gradient(*param, descent.loss)).collect();
        let whole = Objective { graph: self.model.graph.clone(), loss: descent.loss, gradients };
        let mut parts = Vec::new();
        if let Some(batches) = &descent.batches {
            for size in [batches.size, batches.rows % batches.size] {
                if size > 0 {
                    let part = with_rows(&self.model, descent, &batches.examples, size);
                    parts.push((size, part.map_err(|reason| self.unlearnable(task, reason))?));
                }
            }
        }
        Ok(Objectives { whole, parts })
    }

    /// The first step of the table against one that is made in doubles.
    fn compare_first_step(&mut self, descent: &Descent, objectives: &Objectives, path: &Path) {
        let Some(first) = path.rows.first().and_then(|row| row.change.as_ref()) else { return };
        let again = Steps::<f64>::new(descent, objectives).ok().and_then(|mut steps| steps.next()?.ok());
        for ((param, change), again) in descent.params.iter().zip(first).zip(again.iter().flat_map(|step| &step.change))
        {
            self.certificate.compare(*param, &change.map(|entry| entry.to_f64()), again);
        }
    }
}

/// The loss and its gradients for so many examples: the model again, with other leaves.
fn with_rows(model: &Model, descent: &Descent, examples: &[LeafId], rows: usize) -> Result<Objective, Unlearnable> {
    let from = &model.graph;
    let needed = from.needed(&[descent.loss]);
    let mut graph = Graph::default();
    graph.in_columns = from.in_columns;
    let mut new: Vec<Option<NodeId>> = vec![None; from.size()];
    for id in from.ids() {
        let copied = |id: &NodeId| new[id.place()].expect("operands stand before what uses them");
        // All leaves are copied, so that they keep their numbers.
        let copy = match from.kind(id) {
            Kind::Leaf(own) => {
                let mut leaf = from.leaf(*own).clone();
                if examples.contains(own)
                    && let Some(value) = leaf.value.take()
                {
                    let part = value.slice(0, 0, rows);
                    leaf.shape = part.shape();
                    leaf.value = Some(part);
                }
                Some(graph.add_leaf(leaf))
            }
            _ if !needed[id.place()] => None,
            Kind::Symbol(symbol) => {
                let symbol = from.symbol(*symbol);
                Some(graph.add_symbol(symbol.name.clone(), copied(&symbol.definition)))
            }
            Kind::Number(number) => Some(graph.number(number.clone())),
            Kind::Literal(literal) => Some(graph.add_literal(from.literal(*literal).clone())),
            Kind::Size(dim) => Some(graph.dimension(dim.clone())),
            Kind::Ones(shape) => Some(graph.ones(shape.clone())),
            Kind::Apply(op, operands) => {
                let operands: Vec<NodeId> = operands.iter().map(copied).collect();
                let applied = graph.apply(op.clone(), &operands);
                Some(
                    applied
                        .map_err(|error| Unlearnable::Batches(format!("`{}`: {}", op.reference().name, error.rule)))?,
                )
            }
        };
        new[id.place()] = copy;
    }
    let to_new = |id: &NodeId| new[id.place()].unwrap_or(*id);
    let (loss, params) = (to_new(&descent.loss), descent.params.iter().map(to_new).collect::<Vec<_>>());
    let mut part = Model { graph, definitions: Vec::new(), tasks: Vec::new(), ..model.clone() };
    let found = differentiate(&mut part, loss, &params);
    let found = found.map_err(|error| Unlearnable::Batches(format!("`{}`: {}", error.operator, error.error.rule)))?;
    let mut gradients = Vec::new();
    for param in &params {
        gradients.push(match found.of.get(param) {
            Some(gradient) => *gradient,
            None => zero(&mut part.graph, *param),
        });
    }
    Ok(Objective { graph: part.graph, loss, gradients })
}
