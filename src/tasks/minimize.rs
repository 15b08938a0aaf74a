//! `minimize L over W, b`: the exact minimum of a quadratic loss.

use super::{Ask, Line, Sheet, Space, Task, Written, all_renamed, gradients_of};
use crate::answer::told::Say;
use crate::answer::{MinimumResult, Refusal, Section, Subject, Unlearnable, Work, environment};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Kind, LeafId, NodeId};
use crate::limits::CURVATURE_SIDE;
use crate::lower::Lowerer;
use crate::model::{Model, Point, Target};
use crate::number::Number;
use crate::ops::{Inverse, Op, Scale, Sub};
use crate::quadratic::{NormalEquation, Quadratic, normal_equation, quadratic, size};
use crate::tensor::Tensor;
use crate::verify::certify_equal;

pub const WRITTEN: Written = Written {
    begins: "minimize",
    forms: &["minimize {name} over {names}", "minimise {name} over {names}"],
    examples: &["minimize L over W, b"],
    summary: "the exact minimum of a quadratic loss, in numbers",
    answered: "W = [0.5; 2]",
};

#[derive(Clone, Debug)]
pub struct Minimize {
    pub loss: NodeId,
    pub params: Vec<NodeId>,
}

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    let (of, over) = (line.name(0)?, line.names(1));
    let loss = lowerer.loss(Some(of), line.span)?;
    lowerer.computable(&[loss], line.state);
    let (mut params, mut point) = (Vec::new(), Point::new());
    for name in over {
        let id = lowerer.value_of(name)?;
        lowerer.not_assumed(name, id, "the minimum")?;
        if params.contains(&id) {
            let message = format!("`{}` is named twice", name.text);
            lowerer.faults.push(Diagnostic::error("E-duplicate", message).at(name.span, "again"));
            return None;
        }
        lowerer.warn_zero(loss, id, name.span);
        params.push(id);
        let symbols = format!("in symbols: `minimize {} over {} in symbols`", of.text, name.text);
        point.push(lowerer.zero(id, name, symbols)?);
    }
    lowerer.loss_has_value(loss, line.span, &[point], line.state);
    Some(Ask::Minimize(Minimize { loss, params }))
}

impl Task for Minimize {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::Minimize(Minimize { loss: new(&self.loss), params: all_renamed(&self.params, new) })
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        gradients_of(self.loss, &self.params)
    }

    fn question(&self) -> Say {
        Say::new("Find the exact minimum of {} over {}.").node(self.loss).nodes(&self.params)
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "The exact minimum",
            hint: "At the minimum every gradient is 0: that is a system of linear equations.",
            space: Space::Lines { each: 1.2, least: 4, most: 14 },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, _: &[Option<Section>]) -> Result<Section, Refusal> {
        work.minimize(task, self.loss, &self.params)
    }
}

impl Work<'_> {
    fn minimize(&mut self, task: usize, loss: NodeId, params: &[NodeId]) -> Result<Section, Refusal> {
        let gradients = self.gradients_written_out(loss, params);
        let none = Number::integer(0);
        let found = quadratic(&self.model, loss, params, &none).map_err(Refusal::Rule)?;
        let Some(quadratic) = found else {
            let entries = size(&self.model.graph, params).filter(|entries| *entries > CURVATURE_SIDE);
            return Err(self.unlearnable(task, entries.map_or(Unlearnable::NotQuadratic, Unlearnable::TooLarge)));
        };
        let Some(minimum) = quadratic.minimum.clone() else {
            return Err(self.unlearnable(task, Unlearnable::NoSingleMinimum));
        };
        self.compare_minimum(params[0], &quadratic, &minimum);
        for (param, value) in params.iter().zip(&minimum) {
            self.answers.push(self.learned(task, Subject::Minimum(*param), value));
        }
        let point =
            params.iter().zip(&minimum).filter_map(|(id, value)| Some((leaf(&self.model.graph, *id)?, value.clone())));
        let environment = environment::<Number>(&self.model, Some(&point.collect()));
        let least = self.model.graph.evaluate(&[loss], &environment);
        let least = least.ok().and_then(|values| values.get(loss).map(|value| value.first().clone()));
        // `sqrt(w^2 - 1)^2` is quadratic only where it is defined.
        let Some(least) = least else { return Err(self.unlearnable(task, Unlearnable::NotQuadratic)) };
        let equations = self.normal_equations(&gradients, params);
        let result = MinimumResult { loss, params: params.to_vec(), gradients, equations, quadratic, minimum, least };
        Ok(Section::Minimum(Box::new(result)))
    }

    /// The gradients multiplied out, checked against themselves.
    fn normal_equations(&mut self, gradients: &[NodeId], params: &[NodeId]) -> Option<Vec<NormalEquation>> {
        let mut equations = Vec::new();
        for gradient in gradients {
            let graph = &mut self.model.graph;
            let equation = normal_equation(graph, *gradient, params)?;
            let factor = graph.number(equation.divisor.clone());
            let difference = graph.apply(Sub, &[equation.left, equation.right]).ok()?;
            let again = graph.apply(Scale, &[factor, difference]).ok()?;
            self.certificate.merge(certify_equal(&self.model, *gradient, again));
            equations.push(equation);
        }
        Some(equations)
    }

    /// The solution against one by an inverse in doubles, which chooses its pivots.
    fn compare_minimum(&mut self, of: NodeId, quadratic: &Quadratic, minimum: &[Tensor<Number>]) {
        let double = |value: &Tensor<Number>| value.map(|entry| entry.to_f64());
        let Ok(inverse) = Op::from(Inverse).evaluate(&[&double(&quadratic.hessian)]) else { return };
        let again = inverse.matmul(&double(&quadratic.slope).map(|entry| -entry));
        let entries: Vec<f64> = minimum.iter().flat_map(Tensor::entries).map(Number::to_f64).collect();
        self.certificate.compare(of, &Tensor::from_entries(again.extents(), entries), &again);
    }
}

fn leaf(graph: &Graph, id: NodeId) -> Option<LeafId> {
    match graph.kind(id) {
        Kind::Leaf(leaf) => Some(*leaf),
        _ => None,
    }
}
