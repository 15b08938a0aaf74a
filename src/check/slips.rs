//! The right answer with a mistake in it: which mistake yields the student's?
//!
//! A slip puts one node in place of another: an operator with other options, a gradient rule with a term dropped, a part of
//! a gradient's own form left out. What follows is computed again. Slips are tried one at a time, then in pairs.

use super::compare::{is_same, same, same_extents};
use super::edits::part_edits;
use super::forms::Edit;
use super::key::name;
use super::marker::Marker;
use super::operator_slips::{forward_slips, rule_slips};
use super::whole::{factors, rate_edits, sign, whole_edits};
use super::yields::{Slip, Slips};
use crate::answer::Subject;
use crate::graph::{Environment, Graph, Instead, NodeId, Values};
use crate::ops::Mistake;
use crate::tensor::Tensor;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Slips that are tried on one answer; models of many layers have more.
const MOST: usize = 1_200;
/// Slips that are also tried in pairs.
const PAIRED: usize = 72;

/// What is rounded away on the way, as a share of the number.
const BY_HAND: f64 = 1e-3;
/// Names that say more than that a factor is left out.
const TELLING: [&str; 4] = [Mistake::FACTOR_TWO, Mistake::FACTOR_HALF, Mistake::MEAN_FOR_SUM, Mistake::SUM_FOR_MEAN];
/// Values beyond these tell of no mistake.
const HUGE: f64 = 1e100;
const TINY: f64 = 1e-100;
/// Slips that agree at the first data and are tried at all.
const CANDIDATES: usize = 64;
/// Names of which the first says all that the second does.
const IMPLIED: [[&str; 2]; 2] =
    [[Mistake::FACTOR_TWO, Mistake::FACTOR_LEFT_OUT], [Mistake::FACTOR_HALF, Mistake::FACTOR_LEFT_OUT]];
/// What is left out twice is another answer rather than two mistakes.
const LEFT_OUT: [&str; 2] = [Mistake::MISSING_BRANCH, Mistake::TERM_LEFT_OUT];

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
        let given = numeric.then(|| self.key.given_for(&self.key.questions[place]));
        if self.stays(place, node, given) {
            return None;
        }
        if !numeric && self.has_turned_argument(place, node) {
            return Some(vec![(Mistake::SIGN_OF_ARGUMENT, None)]);
        }
        let slips = self.slips_for(place, numeric);
        self.found(&slips, node, given, Some(place))
    }

    /// Whether an answer to a step is what stood before it: who puts that down again has made no mistake of the step's.
    fn stays(&mut self, place: usize, node: NodeId, given: Option<usize>) -> bool {
        let before = match &self.key.questions[place].subject {
            Subject::Updated(of) => Some(*of),
            Subject::Part(part) => part.shown,
            _ => None,
        };
        let before = before.and_then(|before| self.first_value(before, given));
        before.is_some_and(|before| self.first_value(node, given).is_some_and(|value| is_same(&value, &before)))
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

    /// As [`Marker::slip`], for values at some of the drawn data, the first among them.
    pub(super) fn slip_of_values(&mut self, place: usize, found: &[(usize, Tensor<f64>)]) -> Option<Named> {
        let (_, first) = found.iter().find(|(drawn, _)| *drawn == 0)?;
        if first.entries().all(|entry| *entry == 0.0) {
            return None;
        }
        let slips = self.slips_for(place, false);
        let key = self.key;
        let near = slips.near(first).into_iter().filter(|place| *place < slips.singles.len());
        let all = near.filter(|place| is_same(first, slips.yielded(*place))).map(|place| slips.made(place)[0]);
        let mut all = all.filter(|slip| {
            found.iter().all(|(drawn, found)| {
                let environment = &key.drawn[*drawn].environment;
                let yielded = yielded(&self.graph, &mut self.drawn[*drawn], environment, &[slip]);
                yielded.is_some_and(|yielded| is_same(found, &yielded))
            })
        });
        all.next().map(|slip| vec![(slip.name, slip.within.clone())])
    }

    /// As [`Marker::slip`], for any quantity of ours and what a student has for it.
    pub(super) fn slip_of(&mut self, ours: NodeId, theirs: NodeId) -> Option<Named> {
        let slips = self.make_slips(&[ours], None);
        self.found(&slips, theirs, None, None)
    }

    fn found(&mut self, slips: &Slips, node: NodeId, numeric: Option<usize>, place: Option<usize>) -> Option<Named> {
        let value = self.first_value(node, numeric)?;
        let largest = value.entries().map(|entry| entry.abs()).fold(0.0, f64::max);
        if value.entries().any(|entry| !entry.is_finite()) || largest > HUGE || (largest != 0.0 && largest < TINY) {
            return None;
        }
        // Nothing at all tells of no mistake but one.
        let is_nothing = |value: &Tensor<f64>| value.entries().all(|entry| *entry == 0.0);
        let nothing = is_nothing(&value)
            && (numeric.is_some()
                || (1..self.drawn.len()).all(|place| {
                    let environment = &self.key.drawn[place].environment;
                    let found = self.graph.extend(&mut self.drawn[place], node, environment).ok();
                    found.and_then(|()| self.drawn[place].get(node)).is_none_or(is_nothing)
                }));
        let is_close = |place: &usize| match numeric {
            Some(_) => close_by_hand(&value, slips.yielded(*place)),
            None => is_same(&value, slips.yielded(*place)),
        };
        let close = if numeric.is_some() { (0..slips.count()).collect() } else { slips.near(&value) };
        let told = |slip: &Slip| !nothing || slip.name == Mistake::MASK_REVERSED;
        let named = |place: usize| slips.made(place).iter().map(|slip| (slip.name, slip.within.clone())).collect();
        let (singles, pairs): (Vec<usize>, Vec<usize>) =
            close.into_iter().partition(|place| *place < slips.singles.len());
        let of = |place: usize| &slips.singles[place].0;
        let mut singles: Vec<usize> = singles.into_iter().filter(is_close).filter(|place| told(of(*place))).collect();
        // Of names that explain the same the one that says more.
        singles.sort_by_key(|place| !TELLING.contains(&of(*place).name));
        let singles = singles.into_iter().take(CANDIDATES);
        let mut singles = singles.filter(|place| numeric.is_some() || self.holds(slips, *place, node));
        let single = singles.next();
        if let Some(slip) = single.map(of).filter(|slip| !slip.forward) {
            let also = singles.map(of).find(|also| !also.forward && also.name != slip.name);
            let also = also.map(|also| also.name).filter(|name| !IMPLIED.contains(&[slip.name, name]));
            self.as_well.extend(place.zip(also).map(|(place, name)| ((place, node), name)));
            return single.map(named);
        }
        if let Some(name) = place.filter(|_| numeric.is_none()).and_then(|place| self.difference(place, node))
            && (!nothing || name.starts_with("mask"))
        {
            return Some(vec![(name, None)]);
        }
        if single.is_some() {
            return single.map(named);
        }
        let mut pairs = pairs.into_iter().filter(|_| !nothing).filter(is_close).take(CANDIDATES);
        pairs.find(|place| numeric.is_some() || self.holds(slips, *place, node)).map(named)
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
    fn holds(&mut self, slips: &Slips, made: usize, node: NodeId) -> bool {
        let key = self.key;
        key.drawn.iter().zip(&mut self.drawn).enumerate().all(|(at, (place, values))| {
            let _ = self.graph.extend(values, node, &place.environment);
            let known = slips.elsewhere.borrow().get(&(made, at)).cloned();
            let yielded = known.unwrap_or_else(|| {
                let new = yielded(&self.graph, values, &place.environment, &slips.made(made));
                slips.elsewhere.borrow_mut().insert((made, at), new.clone());
                new
            });
            match (&yielded, values.get(node)) {
                (Some(yielded), Some(found)) => matches!(same(found, yielded), Some(Ok(()))),
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
        let right = self.first_value(reference, numeric);
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
                // Two that undo each other are no mistake.
                let shows = |value: &Arc<Tensor<f64>>| right.as_ref().is_none_or(|right| !is_same(value, right));
                if let Some(value) = yielded(&self.graph, values, environment, &both).filter(shows) {
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
            edits.sort_by_key(|(name, ..)| *name != Mistake::MISSING_BRANCH);
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

/// Numbers that a student worked out by hand, beside what a mistake yields.
fn close_by_hand(found: &Tensor<f64>, yielded: &Tensor<f64>) -> bool {
    let scale = yielded.entries().map(|entry| entry.abs()).fold(0.0, f64::max);
    let near = |(found, yielded): (&f64, &f64)| (found - yielded).abs() <= BY_HAND * (yielded.abs() + scale) / 2.0;
    same_extents(found.extents(), yielded.extents()) && found.entries().zip(yielded.entries()).all(near)
}
