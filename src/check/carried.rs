//! What follows from a student's own earlier answer by another road than a formula: second derivatives, shapes, descents.

use super::compare::closenesses;
use super::judge::{Case, Judgement};
use super::key::name;
use super::marker::Marker;
use super::marks::{Remark, Verdict};
use super::question::Question;
use super::sheet::{Given, Sheet};
use crate::answer::mistaken::descended_by;
use crate::answer::{Section, Subject};
use crate::graph::{Graph, Kind, NodeId, Values};
use crate::shape::{Dim, Shape};
use crate::syntax::ast::AnswerValue;
use crate::syntax::names;
use crate::tensor::Tensor;
use std::collections::BTreeMap;

/// The step of numeric differentiation; its error is of the fourth order.
const STEP: f64 = 1e-3;
/// Numeric derivatives agree to this share of the largest entry.
const CLOSE: f64 = 1e-6;

impl Marker<'_> {
    /// A second derivative of the student's own first, or where a descent leads by the student's own gradients.
    pub(super) fn follows_otherwise(&mut self, case: &Case, node: NodeId) -> Option<Judgement> {
        let from = match &self.key.questions[case.place].subject {
            Subject::Hessian { wrt, .. } => self.second_of_own(case, *wrt, node),
            Subject::Descended { .. } => self.descent_by_own(case, node),
            _ => None,
        };
        Some(Judgement::of(Verdict::FollowThrough).remark(Remark::Follows { from: vec![from?] }))
    }

    /// The name of the student's own gradient, if the answer is its derivative, and not 0.
    fn second_of_own(&mut self, case: &Case, wrt: NodeId, node: NodeId) -> Option<String> {
        let gradient = names::key(&format!("d{}", name(&self.graph, wrt)?));
        let theirs = self.world(case.sheet).named(&gradient).ok()?;
        let Kind::Leaf(leaf) = *self.graph.kind(wrt) else { return None };
        let key = self.key;
        let mut compared = 0;
        for (place, values) in key.drawn.iter().zip(&mut self.drawn) {
            let here = place.environment.leaves.get(&leaf)?;
            let mut rows: Vec<Vec<f64>> = Vec::new();
            for own in 0..here.size() {
                let at = |step: f64| {
                    let mut environment = place.environment.clone();
                    let entries = here.entries().zip(0..);
                    let moved = entries.map(|(entry, place)| if place == own { entry + step } else { *entry });
                    environment.set(leaf, Tensor::from_entries(here.extents(), moved.collect()));
                    let mut values = Values::<f64>::none();
                    self.graph.extend(&mut values, theirs, &environment).ok()?;
                    values.get(theirs).cloned()
                };
                let [near, far] = [STEP, 2.0 * STEP].map(|step| Some(at(step)?.zip(&at(-step)?, |a, b| a - b)));
                let slope = near?.zip(&far?, |near, far| (8.0 * near - far) / (12.0 * STEP));
                rows.push(slope.entries().copied().collect());
            }
            self.graph.extend(values, node, &place.environment).ok()?;
            let found: Vec<f64> = values.get(node)?.entries().copied().collect();
            let size = rows.len();
            let right: Vec<f64> =
                (0..size).flat_map(|row| rows.iter().filter_map(move |line| line.get(row)).copied()).collect();
            let scale = right.iter().fold(0.0f64, |scale, entry| scale.max(entry.abs()));
            let near = right.iter().zip(&found).all(|(right, found)| (right - found).abs() <= CLOSE * scale.max(1.0));
            if right.len() != found.len() || !near || scale < CLOSE {
                return None;
            }
            compared += 1;
        }
        (compared > 0).then_some(gradient)
    }

    /// The name of the student's own gradient, if a descent by it leads where the answer is.
    fn descent_by_own(&mut self, case: &Case, node: NodeId) -> Option<String> {
        let key = self.key;
        let question = &key.questions[case.place];
        let Subject::Descended { of, .. } = question.subject else { return None };
        let Section::Descent(result) = key.solution.sections.get(question.task - 1)? else { return None };
        let own = result.descent.params.iter().position(|param| *param == of)?;
        let mut from = None;
        let mut gradients = result.gradients.clone();
        for (param, gradient) in result.descent.params.iter().zip(&mut gradients) {
            let called = names::key(&format!("d{}", name(&self.graph, *param)?));
            if let Ok(theirs) = self.world(case.sheet).named(&called)
                && !self.is_constant(theirs)
            {
                *gradient = theirs;
                from = Some(called);
            }
        }
        let from = from?;
        let found = self.given_value(case.place, node)?;
        let ends = descended_by(result, &self.graph, gradients);
        let near = |end: &Tensor<_>| closenesses(&found, end, self.tolerance()).is_some_and(|all| all.wrong.is_empty());
        ends.iter().filter_map(|end| end.get(own)).any(near).then_some(from)
    }

    /// The names of the student's own shapes from which a shape follows.
    pub(super) fn follows_in_shape(
        &mut self,
        question: &Question,
        sides: &[Dim],
        sheet: &Sheet,
    ) -> Option<Vec<String>> {
        let Subject::Shape(symbol) = question.subject else { return None };
        let (mut own, mut from) = (BTreeMap::new(), Vec::new());
        for (other, given) in self.key.questions.iter().zip(&sheet.given) {
            let (Subject::Shape(id), Given::Whole(answer, _)) = (&other.subject, given) else { continue };
            let AnswerValue::Shape(sides) = &answer.value else { continue };
            let theirs: Option<Vec<Dim>> = sides.iter().map(|side| self.side(side)).collect();
            if let Some(theirs) = theirs.filter(|theirs| *id != symbol && *theirs != other.shape.0) {
                own.insert(*id, Shape(theirs));
                from.push(other.name.clone());
            }
        }
        let found = shape_with(&self.graph, symbol, &own)?;
        (!from.is_empty() && found.0 == sides).then_some(from)
    }
}

/// The shape of a node where some others have other shapes.
fn shape_with(graph: &Graph, wanted: NodeId, own: &BTreeMap<NodeId, Shape>) -> Option<Shape> {
    let needed = graph.needed(&[wanted]);
    let mut shapes: BTreeMap<NodeId, Shape> = BTreeMap::new();
    for id in graph.ids().filter(|id| needed[id.place()]) {
        let shape = match (own.get(&id), graph.kind(id)) {
            (Some(own), _) => own.clone(),
            (None, Kind::Symbol(symbol)) => shapes.get(&graph.symbol(*symbol).definition)?.clone(),
            (None, Kind::Apply(op, operands)) => {
                let operands: Option<Vec<Shape>> = operands.iter().map(|id| shapes.get(id).cloned()).collect();
                op.shape(&operands?).ok()?
            }
            (None, _) => graph.shape(id).clone(),
        };
        shapes.insert(id, shape);
    }
    shapes.remove(&wanted)
}
