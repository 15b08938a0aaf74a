//! The right answer with a mistake in it: which mistake yields the student's?
//!
//! A slip puts one node in place of another: an operator with other options, a gradient rule with a term dropped, a part of
//! a gradient's own form left out. What follows is computed again. Slips are tried one at a time, then in pairs.

use super::compare::{closenesses, same};
use super::edits::{Edit, part_edits, rate_edits, sign, whole_edits};
use super::key::name;
use super::marker::Marker;
use crate::differentiate::Gradients;
use crate::graph::{Environment, Graph, Instead, Kind, NodeId, Site, SymbolName, Values};
use crate::model::Tolerance;
use crate::number::Number;
use crate::ops::Slip as OperatorSlip;
use crate::simplify::{Memo, simplify};
use crate::tensor::Tensor;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Slips that are tried on one answer; models of many layers have more.
const MOST: usize = 400;
/// Slips that are also tried in pairs.
const PAIRED: usize = 48;

/// What is left out twice is another answer rather than two mistakes.
const LEFT_OUT: [&str; 2] = ["missing-branch", "term-left-out"];

/// One mistake, made at one place.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    pub name: &'static str,
    /// The quantity in which it is made: `dZ`; none where it is the answer itself.
    pub within: Option<String>,
    /// The form of the right answer in which it is made.
    pub reference: NodeId,
    /// Nodes and what stands in their place, in the order of the graph.
    pub instead: Vec<(NodeId, NodeId)>,
}

/// The slips of one answer, and what they yield at the first data.
#[derive(Clone, Debug, Default)]
pub(super) struct Slips {
    singles: Vec<(Slip, Arc<Tensor<f64>>)>,
    /// Places in `singles`, and the value.
    pairs: Vec<(usize, usize, Arc<Tensor<f64>>)>,
}

/// Mistakes by name, with where they were made.
pub(super) type Named = Vec<(&'static str, Option<String>)>;

impl Marker<'_> {
    /// The mistakes that lead from the right answer to this one, as few as possible.
    pub(super) fn slip(&mut self, place: usize, node: NodeId) -> Option<Named> {
        let question = &self.key.questions[place];
        let references: Vec<NodeId> = [question.node, question.plain].into_iter().flatten().collect();
        let numeric = self.is_numeric(place, node).then(|| self.key.given_for(&self.key.questions[place]));
        let slips = match self.slips[place].clone() {
            Some(slips) => slips,
            None => {
                let made = Rc::new(self.make_slips(&references, numeric));
                self.slips[place] = Some(Rc::clone(&made));
                made
            }
        };
        self.found(&slips, node, numeric)
    }

    /// As [`Marker::slip`], for any quantity of ours and what a student has for it.
    pub(super) fn slip_of(&mut self, ours: NodeId, theirs: NodeId) -> Option<Named> {
        let slips = self.make_slips(&[ours], None);
        self.found(&slips, theirs, None)
    }

    fn found(&mut self, slips: &Slips, node: NodeId, numeric: Option<usize>) -> Option<Named> {
        let value = self.first_value(node, numeric)?;
        let close = |yielded: &Tensor<f64>| match numeric {
            Some(_) => close_by_hand(&value, yielded),
            None => same(&value, yielded).is_some_and(|same| same.is_ok()),
        };
        let single = slips.singles.iter().filter(|(_, yielded)| close(yielded)).map(|(slip, _)| vec![slip]);
        let pairs = slips
            .pairs
            .iter()
            .filter(|(_, _, yielded)| close(yielded))
            .map(|(one, two, _)| vec![&slips.singles[*one].0, &slips.singles[*two].0]);
        let candidates: Vec<Vec<&Slip>> = single.chain(pairs).take(16).collect();
        let holds = candidates.into_iter().find(|slips| numeric.is_some() || self.holds(slips, node))?;
        Some(holds.into_iter().map(|slip| (slip.name, slip.within.clone())).collect())
    }

    fn first_value(&mut self, node: NodeId, numeric: Option<usize>) -> Option<Arc<Tensor<f64>>> {
        let (environment, values) = match numeric {
            Some(given) => (&self.key.given[given].place.environment, &mut self.given[given].doubles),
            None => (&self.key.drawn.first()?.environment, self.drawn.first_mut()?),
        };
        self.graph.extend(values, node, environment).ok()?;
        values.shared(node).cloned()
    }

    /// Whether the slips yield the answer at all drawn data.
    fn holds(&mut self, slips: &[&Slip], node: NodeId) -> bool {
        let key = self.key;
        key.drawn.iter().zip(&mut self.drawn).all(|(place, values)| {
            let _ = self.graph.extend(values, node, &place.environment);
            let yielded = yielded(&self.graph, values, &place.environment, slips);
            match (yielded, values.get(node)) {
                (Some(yielded), Some(found)) => matches!(same(found, &yielded), Some(Ok(()))),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            }
        })
    }

    fn make_slips(&mut self, references: &[NodeId], numeric: Option<usize>) -> Slips {
        let slips: Vec<Slip> = references.iter().flat_map(|reference| self.slips_of(*reference)).collect();
        let Some(reference) = references.first().copied() else { return Slips::default() };
        let (environment, values) = match numeric {
            Some(given) => (&self.key.given[given].place.environment, &mut self.given[given].doubles),
            None => match (self.key.drawn.first(), self.drawn.first_mut()) {
                (Some(place), Some(values)) => (&place.environment, values),
                _ => return Slips::default(),
            },
        };
        let right =
            self.graph.extend(values, reference, environment).ok().and_then(|()| values.shared(reference).cloned());
        let differs =
            |value: &Tensor<f64>| right.as_ref().is_none_or(|right| !matches!(same(value, right), Some(Ok(()))));
        let mut singles: Vec<(Slip, Arc<Tensor<f64>>)> = Vec::new();
        for slip in slips {
            if let Some(value) = yielded(&self.graph, values, environment, &[&slip])
                && differs(&value)
            {
                singles.push((slip, value));
            }
        }
        let mut pairs = Vec::new();
        let paired = singles.len().min(PAIRED);
        for one in 0..paired {
            for two in one + 1..paired {
                let both = [&singles[one].0, &singles[two].0];
                if both[0].reference != both[1].reference || both.iter().all(|slip| LEFT_OUT.contains(&slip.name)) {
                    continue;
                }
                if let Some(value) = yielded(&self.graph, values, environment, &both) {
                    pairs.push((one, two, value));
                }
            }
        }
        Slips { singles, pairs }
    }

    /// Every slip on the way to a node: those of the whole first, then those that operators are known for, then what can be
    /// left out or exchanged in each form.
    fn slips_of(&mut self, reference: NodeId) -> Vec<Slip> {
        let key = self.key;
        let model = &key.solution.model;
        let needed = self.graph.needed(&[reference]);
        let mut slips = Vec::new();
        let own = |edits: Vec<Edit>, within: Option<String>| {
            edits.into_iter().map(move |(name, node, other)| Slip {
                name,
                within: within.clone(),
                reference,
                instead: vec![(node, other)],
            })
        };
        slips.extend(own(sign(&mut self.graph, reference), None));
        slips.extend(own(rate_edits(&mut self.graph, reference), None));
        for gradients in key.solution.gradients.iter().chain(&key.plain) {
            rule_slips(&mut self.graph, gradients, &needed, reference, &mut slips);
        }
        forward_slips(&mut self.graph, &needed, reference, &mut slips);
        slips.extend(own(whole_edits(&mut self.graph, model, reference), None));
        for symbol in symbols_towards(&self.graph, reference) {
            let within = (symbol != reference).then(|| name(&self.graph, symbol)).flatten();
            let edits = part_edits(&mut self.graph, model, symbol);
            slips.extend(own(edits, within));
        }
        slips.truncate(MOST);
        slips
    }
}

/// The value of a node where slips are made.
fn yielded(
    graph: &Graph,
    values: &mut Values<f64>,
    environment: &Environment<f64>,
    slips: &[&Slip],
) -> Option<Arc<Tensor<f64>>> {
    let reference = slips.first()?.reference;
    let mut all: Vec<(NodeId, NodeId)> = slips.iter().flat_map(|slip| slip.instead.iter().copied()).collect();
    all.sort();
    let places: BTreeSet<NodeId> = all.iter().map(|(node, _)| *node).collect();
    if places.len() < all.len() {
        return None;
    }
    let mut instead = Instead::new();
    for (node, other) in all {
        let value = graph.evaluate_instead(values, &instead, other, environment).ok()?;
        instead.insert(node, value);
    }
    graph.evaluate_instead(values, &instead, reference, environment).ok()
}

/// The symbols that a node is made of, itself first and then back.
fn symbols_towards(graph: &Graph, reference: NodeId) -> Vec<NodeId> {
    let needed = graph.needed(&[reference]);
    let symbols =
        graph.ids().rev().filter(|id| needed[id.place()] && graph.as_symbol(*id).is_some() && *id != reference);
    std::iter::once(reference).chain(symbols).collect()
}

/// Each use of a gradient rule with each mistake of its operator.
fn rule_slips(graph: &mut Graph, gradients: &Gradients, needed: &[bool], reference: NodeId, slips: &mut Vec<Slip>) {
    for step in &gradients.steps {
        if !needed[step.gradient.place()] {
            continue;
        }
        let raw = graph.needed(&[step.raw]);
        let within_step = |id: NodeId| raw.get(id.place()).copied().unwrap_or(false);
        for rule in &gradients.uses {
            let simplified = simplify(graph, rule.result, &mut Memo::default()).node;
            if !within_step(rule.result) && !within_step(simplified) {
                continue;
            }
            let Some((op, operands)) = graph.as_apply(rule.node).map(|(op, all)| (op.clone(), all.to_vec())) else {
                continue;
            };
            let shapes: Vec<_> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
            for mistake in op.mistakes(&shapes) {
                let OperatorSlip::Gradient(place, term) = mistake.slip else { continue };
                if place != rule.place || rule.inner.is_some() {
                    continue;
                }
                let site = Site { operands: &operands, output: rule.node, upstream: rule.upstream };
                let Ok(Some(wrong)) = graph.instantiate(&term, site) else { continue };
                let mut instead = vec![(rule.result, wrong)];
                let shared = matches!(graph.kind(simplified), Kind::Leaf(_) | Kind::Symbol(_));
                if simplified != rule.result && !shared {
                    instead.push((simplified, wrong));
                }
                if rule.result != step.gradient {
                    instead.push((step.gradient, step.raw));
                }
                let within = (step.gradient != reference).then(|| name(graph, step.gradient)).flatten();
                slips.push(Slip { name: mistake.name, within, reference, instead });
            }
        }
    }
}

/// Each operator of the forward pass as another one.
fn forward_slips(graph: &mut Graph, needed: &[bool], reference: NodeId, slips: &mut Vec<Slip>) {
    let ids: Vec<NodeId> = graph.ids().filter(|id| needed.get(id.place()).copied().unwrap_or(false)).collect();
    for id in ids {
        let Some((op, operands)) = graph.as_apply(id).map(|(op, all)| (op.clone(), all.to_vec())) else { continue };
        let shapes: Vec<_> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
        for mistake in op.mistakes(&shapes) {
            let OperatorSlip::Forward(other) = mistake.slip else { continue };
            let Ok(wrong) = graph.apply(other, &operands) else { continue };
            let within =
                quantity(graph, id).filter(|symbol| *symbol != reference).and_then(|symbol| name(graph, symbol));
            slips.push(Slip { name: mistake.name, within, reference, instead: vec![(id, wrong)] });
        }
    }
}

/// The model's line that a node is the whole of.
fn quantity(graph: &Graph, id: NodeId) -> Option<NodeId> {
    graph.ids().find(|symbol| {
        graph
            .as_symbol(*symbol)
            .is_some_and(|own| own.definition == id && !matches!(own.name, SymbolName::Gradient { .. }))
    })
}

/// Numbers that a student worked out by hand, beside what a mistake yields.
fn close_by_hand(found: &Tensor<f64>, yielded: &Tensor<f64>) -> bool {
    let numbers = |value: &Tensor<f64>| value.map(Number::approx);
    let decimals = vec![Some(super::closeness::Precision { decimals: 3, enough: true }); found.size()];
    closenesses(&numbers(found), &decimals, &numbers(yielded), &Tolerance::ByHand)
        .is_some_and(|all| all.wrong.is_empty())
}
