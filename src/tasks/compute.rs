//! `compute J, dW` and `compute L at a = 8, a = 9`: values, as given or at each of some points.

use super::{Ask, Line, Sheet, Space, Task, Written};
use crate::answer::told::{Formula, Hole, Say};
use crate::answer::{Answer, PointValues, Refusal, Section, Subject, Work, environment};
use crate::graph::{Environment, NodeId};
use crate::lower::Lowerer;
use crate::model::{Derivative, Model, Point, Target};
use crate::number::Number;
use crate::syntax::ast::Part;

pub const WRITTEN: Written = Written {
    begins: "compute",
    forms: &[
        "compute {names} of {name} at {points}",
        "compute {names} at {points}",
        "compute {names} of {name}",
        "compute {names}",
    ],
    examples: &["compute J, K", "compute L at a = 8, a = 9"],
    summary: "values and gradients, in numbers",
    answered: "L at a = 8 = 402.57",
};

#[derive(Clone, Debug)]
pub struct Compute {
    pub targets: Vec<Target>,
    /// As given where there are none.
    pub at: Vec<Point>,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    let (names, of) = (line.names(0), line.name(1));
    let at = line.question.parts.last().and_then(Part::points).map_or(&[][..], Vec::as_slice);
    let targets: Vec<Option<Target>> = names.iter().map(|name| lowerer.target(name, of)).collect();
    let points: Vec<Option<Point>> = at.iter().map(|point| lowerer.point(point, line.values)).collect();
    let targets: Vec<Target> = targets.into_iter().collect::<Option<_>>()?;
    let at: Vec<Point> = lowerer.joined(&targets, points.into_iter().collect::<Option<_>>()?);
    lowerer.computable(&targets.iter().map(|target| target.root()).collect::<Vec<_>>(), line.state);
    for (target, name) in targets.iter().zip(names) {
        match target {
            Target::Value(id) => lowerer.has_value(*id, name, &at, line.state),
            Target::Gradient { of, loss } => lowerer.warn_zero(*loss, *of, name.span),
        }
    }
    Some(Ask::Compute(Compute { targets, at }))
}

impl Task for Compute {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        let targets = self.targets.iter().map(|target| target.renamed(new)).collect();
        Ask::Compute(Compute { targets, at: self.at.clone() })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        self.targets.clone()
    }

    fn question(&self) -> Say {
        let targets = Hole::Formulas(self.targets.iter().copied().map(Formula::target).collect());
        if self.at.is_empty() {
            return Say::new("Compute {}.").hole(targets);
        }
        let points = self.at.iter().cloned().map(Formula::Point).collect();
        Say::new("Compute {} at {}.").hole(targets).hole(Hole::Formulas(points))
    }

    fn sheet(&self) -> Sheet {
        let title = match self.at.is_empty() {
            true if self.derivatives().is_some() => "Gradients",
            true => "Values, one after the other",
            false => "Values at the given points",
        };
        Sheet {
            title,
            hint: "Go through the lines of the model in order: each value needs only those before it.",
            space: Space::Lines { each: 1.0, least: 2, most: 10 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        match self.at.is_empty() {
            true => self.values(work, task),
            false => self.points(work, task),
        }
    }
}

impl Compute {
    /// The derivatives, where nothing else is asked for.
    fn derivatives(&self) -> Option<Vec<Derivative>> {
        let derivative = |target: &Target| match target {
            Target::Gradient { of, loss } => Some(Derivative { of: *of, loss: *loss, entry: Vec::new() }),
            Target::Value(_) => None,
        };
        self.targets.iter().map(derivative).collect()
    }

    fn values(&self, work: &mut Work, task: usize) -> Result<Section, Refusal> {
        let nodes: Vec<NodeId> = self.targets.iter().map(|target| work.node(*target)).collect();
        let environment = Environment::<Number>::given(&work.model.graph);
        let values = work.known_at(&nodes, &environment)?.values;
        for (target, node) in self.targets.iter().zip(&nodes) {
            let value = values.get(*node).cloned();
            let answer = work.answered(task, subject(*target), Some(*node), value);
            work.answers.push(answer);
        }
        let Some(asked) = self.derivatives() else {
            return Ok(Section::Values { steps: work.steps_to(&nodes, work.model.definitions.clone(), &values) });
        };
        let is_asked = |loss: NodeId| asked.iter().any(|own| own.loss == loss);
        let gradients = work.gradients.iter().enumerate().filter(|(_, own)| is_asked(own.loss));
        let gradients = gradients.map(|(place, _)| place).collect();
        Ok(Section::Gradients { gradients, forward: work.steps_to(&nodes, work.model.lines(), &values), asked })
    }

    fn points(&self, work: &mut Work, task: usize) -> Result<Section, Refusal> {
        let nodes: Vec<NodeId> = self.targets.iter().map(|target| work.node(*target)).collect();
        // What is written out has values too, so that numbers can be put in there.
        let written = nodes.iter().map(|node| work.written_out(*node));
        let all: Vec<NodeId> = written.collect::<Vec<_>>().into_iter().chain(nodes.iter().copied()).collect();
        let mut points = Vec::new();
        for point in &self.at {
            let environment = environment::<Number>(&work.model, Some(point));
            let values = work.known_at(&all, &environment)?.values;
            for (target, node) in self.targets.iter().zip(&nodes) {
                let value = values.get(*node).cloned();
                let answer = work.answered(task, subject(*target), Some(*node), value);
                work.answers.push(Answer { at: Some(point.clone()), ..answer });
            }
            let targets = self.targets.iter().map(|target| subject(*target)).zip(nodes.iter().copied()).collect();
            points.push(PointValues { point: point.clone(), targets, values });
        }
        Ok(Section::Points { points })
    }
}

fn subject(target: Target) -> Subject {
    match target {
        Target::Value(id) => Subject::Value(id),
        Target::Gradient { of, loss } => Subject::Gradient { of, loss, entry: Vec::new() },
    }
}
