//! The right answer with a mistake in it: which mistake yields the student's?
//!
//! A slip puts one node in place of another: an operator with other options, a gradient rule with a term dropped, a part of
//! a gradient's own form left out. What follows is computed again. Slips are tried one at a time, then in pairs.

use super::closeness::Precision;
use super::compare::{closenesses, is_same, same};
use super::edits::{Edit, factors, part_edits, rate_edits, sign, whole_edits};
use super::key::name;
use super::marker::Marker;
use super::yields::{Slip, Slips};
use crate::differentiate::{Gradients, RuleUse};
use crate::graph::{Environment, Graph, Instead, Kind, NodeId, Site, SymbolName, Values};
use crate::model::Tolerance;
use crate::number::Number;
use crate::ops::{Add, Slip as OperatorSlip};
use crate::simplify::{Memo, simplify};
use crate::tensor::Tensor;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Slips that are tried on one answer; models of many layers have more.
const MOST: usize = 1_200;
/// Slips that are also tried in pairs.
const PAIRED: usize = 72;

/// Slips that agree at the first data and are tried at all.
const CANDIDATES: usize = 64;
/// What is left out twice is another answer rather than two mistakes.
const LEFT_OUT: [&str; 2] = ["missing-branch", "term-left-out"];

/// Mistakes by name, with where they were made.
pub(super) type Named = Vec<(&'static str, Option<String>)>;

impl Marker<'_> {
    /// The mistakes that lead from the right answer to this one, as few as possible.
    pub(super) fn slip(&mut self, place: usize, node: NodeId) -> Option<Named> {
        // A class makes the same mistake again and again.
        if let Some(known) = self.named.get(&(place, node)) {
            return known.clone();
        }
        let named = self.new_slip(place, node);
        self.named.insert((place, node), named.clone());
        named
    }

    fn new_slip(&mut self, place: usize, node: NodeId) -> Option<Named> {
        let numeric = self.is_numeric(place, node);
        let slips = self.slips_for(place, numeric);
        let given = numeric.then(|| self.key.given_for(&self.key.questions[place]));
        self.found(&slips, node, given, Some(place))
    }

    /// The slips of an answer, made when they are first needed.
    pub(super) fn slips_for(&mut self, place: usize, numeric: bool) -> Rc<Slips> {
        if let Some(known) = &self.slips[place][usize::from(numeric)] {
            return Rc::clone(known);
        }
        let question = &self.key.questions[place];
        let references: Vec<NodeId> = [question.node, question.plain].into_iter().flatten().collect();
        let made = Rc::new(self.make_slips(&references, numeric.then(|| self.key.given_for(question))));
        self.slips[place][usize::from(numeric)] = Some(Rc::clone(&made));
        made
    }

    /// As [`Marker::slip`], for any quantity of ours and what a student has for it.
    pub(super) fn slip_of(&mut self, ours: NodeId, theirs: NodeId) -> Option<Named> {
        let slips = self.make_slips(&[ours], None);
        self.found(&slips, theirs, None, None)
    }

    fn found(&mut self, slips: &Slips, node: NodeId, numeric: Option<usize>, place: Option<usize>) -> Option<Named> {
        let value = self.first_value(node, numeric)?;
        // Nothing at all tells of no mistake but one.
        let is_nothing = |value: &Tensor<f64>| value.entries().all(|entry| *entry == 0.0);
        let nothing = is_nothing(&value)
            && (numeric.is_some()
                || (1..self.drawn.len()).all(|place| {
                    let environment = &self.key.drawn[place].environment;
                    let found = self.graph.extend(&mut self.drawn[place], node, environment).ok();
                    found.and_then(|()| self.drawn[place].get(node)).is_none_or(is_nothing)
                }));
        let close: Vec<usize> = match numeric {
            Some(_) => (0..slips.count()).filter(|place| close_by_hand(&value, slips.yielded(*place))).collect(),
            None => slips.near(&value).into_iter().filter(|place| is_same(&value, slips.yielded(*place))).collect(),
        };
        let told = |slip: &Slip| !nothing || slip.name == "mask-reversed";
        let named = |slips: Vec<&Slip>| slips.into_iter().map(|slip| (slip.name, slip.within.clone())).collect();
        let (singles, pairs): (Vec<usize>, Vec<usize>) =
            close.into_iter().partition(|place| *place < slips.singles.len());
        let singles = singles.into_iter().map(|place| slips.made(place)).filter(|made| told(made[0]));
        let single = singles.take(CANDIDATES).find(|slips| numeric.is_some() || self.holds(slips, node));
        if let Some(slips) = single.as_ref().filter(|slips| !slips[0].forward) {
            return Some(named(slips.clone()));
        }
        if let Some(name) = place.filter(|_| numeric.is_none()).and_then(|place| self.difference(place, node)) {
            return Some(vec![(name, None)]);
        }
        if let Some(slips) = single {
            return Some(named(slips));
        }
        let pairs = pairs.into_iter().filter(|_| !nothing).map(|place| slips.made(place));
        pairs.take(CANDIDATES).find(|slips| numeric.is_some() || self.holds(slips, node)).map(named)
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
        let mut singles: Vec<(Slip, Arc<Tensor<f64>>)> = Vec::new();
        for slip in slips {
            let first = match numeric {
                Some(given) => yielded(
                    &self.graph,
                    &mut self.given[given].doubles,
                    &self.key.given[given].place.environment,
                    &[&slip],
                ),
                None => self.yielded_at(0, &slip),
            };
            let Some(value) = first else { continue };
            let differs = match numeric {
                Some(_) => self.first_value(reference, numeric).is_none_or(|right| !is_same(&value, &right)),
                None => (0..self.drawn.len()).any(|place| self.differs_at(place, reference, &slip)),
            };
            if differs {
                singles.push((slip, value));
            }
        }
        let (environment, values) = match numeric {
            Some(given) => (&self.key.given[given].place.environment, &mut self.given[given].doubles),
            None => match (self.key.drawn.first(), self.drawn.first_mut()) {
                (Some(place), Some(values)) => (&place.environment, values),
                _ => return Slips::default(),
            },
        };
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
        Slips::new(singles, pairs)
    }

    fn yielded_at(&mut self, place: usize, slip: &Slip) -> Option<Arc<Tensor<f64>>> {
        let environment = &self.key.drawn.get(place)?.environment;
        yielded(&self.graph, self.drawn.get_mut(place)?, environment, &[slip])
    }

    /// Whether a slip shows at some drawn data.
    fn differs_at(&mut self, place: usize, reference: NodeId, slip: &Slip) -> bool {
        let Some(value) = self.yielded_at(place, slip) else { return false };
        let environment = &self.key.drawn[place].environment;
        let right = self.graph.extend(&mut self.drawn[place], reference, environment).ok();
        right.and_then(|()| self.drawn[place].get(reference)).is_none_or(|right| !is_same(&value, right))
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
                forward: false,
                reference,
                instead: vec![(node, other)],
            })
        };
        slips.extend(own(sign(&mut self.graph, reference), None));
        slips.extend(own(rate_edits(&mut self.graph, reference), None));
        slips.extend(own(factors(&mut self.graph, reference), None));
        for gradients in key.solution.gradients.iter().chain(&key.plain) {
            rule_slips(&mut self.graph, gradients, &needed, reference, &mut slips);
        }
        forward_slips(&mut self.graph, &needed, reference, &mut slips);
        slips.extend(own(whole_edits(&mut self.graph, model, reference), None));
        for symbol in symbols_towards(&self.graph, reference) {
            let within = (symbol != reference).then(|| name(&self.graph, symbol)).flatten();
            let mut edits = part_edits(&mut self.graph, model, symbol);
            edits.sort_by_key(|(name, ..)| *name != "missing-branch");
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

/// Each use of a gradient rule with each mistake of its operator. What the rules gave was simplified on the way; where a
/// slip is made, the simplified forms are taken back to what they came from, so that it goes all the way.
fn rule_slips(graph: &mut Graph, gradients: &Gradients, needed: &[bool], reference: NodeId, slips: &mut Vec<Slip>) {
    let mut simplified = |rule: &RuleUse| (simplify(graph, rule.result, &mut Memo::default()).node, rule.result);
    let links: Vec<(NodeId, NodeId)> = gradients.uses.iter().map(&mut simplified).collect();
    let links: Vec<(NodeId, NodeId)> = links
        .into_iter()
        .filter(|(simplified, result)| simplified != result)
        .filter(|(simplified, _)| !matches!(graph.kind(*simplified), Kind::Leaf(_) | Kind::Symbol(_) | Kind::Ones(_)))
        .collect();
    for step in gradients.steps.iter().filter(|step| needed[step.gradient.place()]) {
        let raws: Vec<NodeId> = step.contributions.iter().map(|contribution| contribution.raw).collect();
        let Some(raw) = added(graph, &raws) else { continue };
        let local = local_parts(graph, &raws, &links);
        let within = (step.gradient != reference).then(|| name(graph, step.gradient)).flatten();
        for rule in gradients.uses.iter().filter(|rule| rule.inner.is_none() && local.contains(&rule.result)) {
            for (name, wrong) in wrong_rules(graph, rule) {
                let back =
                    links.iter().filter(|(simplified, result)| *result != rule.result && local.contains(simplified));
                let mut instead: Vec<(NodeId, NodeId)> = back.copied().collect();
                instead.push((rule.result, wrong));
                instead.extend(links.iter().find(|(_, result)| *result == rule.result).map(|(own, _)| (*own, wrong)));
                if rule.result != step.gradient {
                    instead.push((step.gradient, raw));
                }
                instead.sort();
                instead.dedup_by_key(|(node, _)| *node);
                slips.push(Slip { name, within: within.clone(), forward: false, reference, instead });
            }
        }
    }
}

/// What the mistakes of an operator make of one use of its rule.
fn wrong_rules(graph: &mut Graph, rule: &RuleUse) -> Vec<(&'static str, NodeId)> {
    let Some((op, operands)) = graph.as_apply(rule.node).map(|(op, all)| (op.clone(), all.to_vec())) else {
        return Vec::new();
    };
    let shapes: Vec<_> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
    let site = Site { operands: &operands, output: rule.node, upstream: rule.upstream };
    let terms = op.mistakes(&shapes).into_iter().filter_map(|mistake| match mistake.slip {
        OperatorSlip::Gradient(place, term) if place == rule.place => Some((mistake.name, term)),
        OperatorSlip::Gradient(..) | OperatorSlip::Forward(_) => None,
    });
    terms.filter_map(|(name, term)| Some((name, graph.instantiate(&term, site).ok()??))).collect()
}

fn added(graph: &mut Graph, nodes: &[NodeId]) -> Option<NodeId> {
    let (first, rest) = nodes.split_first()?;
    rest.iter().try_fold(*first, |sum, node| graph.apply(Add, &[sum, *node]).ok())
}

/// What forms are made of, as far as the names that they use, and what these parts came from.
fn local_parts(graph: &Graph, roots: &[NodeId], links: &[(NodeId, NodeId)]) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    let mut waiting = roots.to_vec();
    while let Some(id) = waiting.pop() {
        if !found.insert(id) {
            continue;
        }
        waiting.extend(graph.as_apply(id).into_iter().flat_map(|(_, operands)| operands));
        waiting.extend(links.iter().filter(|(simplified, _)| *simplified == id).map(|(_, result)| *result));
    }
    found
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
            slips.push(Slip { name: mistake.name, within, forward: true, reference, instead: vec![(id, wrong)] });
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
    let decimals = vec![Some(Precision::BY_HAND); found.size()];
    closenesses(&numbers(found), &decimals, &numbers(yielded), &Tolerance::ByHand)
        .is_some_and(|all| all.wrong.is_empty())
}
