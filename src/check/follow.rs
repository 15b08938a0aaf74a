//! Follow-through: an error that was made once costs once. An answer is judged again with the student's own earlier values
//! in place of ours.

use super::compare::{closenesses, same, same_extents, same_shape};
use super::judge::{Case, Judgement};
use super::key::name;
use super::marker::{Carried, Marker};
use super::marks::{Remark, Verdict};
use super::question::Question;
use super::sheet::Given;
use super::slips::Named;
use super::world::World;
use crate::answer::Subject;
use crate::graph::{Instead, Leaf, NodeId, SymbolName};
use crate::lower::Meaning;
use crate::number::Number;
use crate::ops::Mistake;
use crate::syntax::ast::{Answer, LeafKind};
use crate::tensor::Tensor;
use fastrand::Rng;
use std::sync::Arc;

/// Other values that are tried in place of a student's.
const DRAWS: usize = 3;
const SEED: u64 = 0x5eed;
/// What a wrong value costs whose mistake has no name.
pub(super) const UNNAMED: &str = Mistake::WRONG_EARLIER_VALUE;

/// Another value of a quantity of ours than ours.
struct Replaced {
    name: String,
    ours: NodeId,
    /// The same quantity, found without the known pairs of operators.
    plain: Option<NodeId>,
    theirs: NodeId,
    /// Ours, rounded.
    rounded: bool,
}

impl Replaced {
    /// The nodes of the quantity.
    fn all(&self) -> impl Iterator<Item = NodeId> {
        [Some(self.ours), self.plain].into_iter().flatten()
    }
}

impl Marker<'_> {
    /// The verdict on an answer that is right given what the student has for earlier quantities.
    pub(super) fn follows(
        &mut self,
        case: &Case,
        uses: &[String],
        node: NodeId,
        carried: &mut Carried,
    ) -> Option<Judgement> {
        let mut replaced = self.replaced(case);
        let question = &self.key.questions[case.place];
        // What is asked for at a point follows from its own formula, and not from its own value elsewhere.
        replaced
            .retain(|own| question.at.is_none() || !question.keys.contains(&own.name) || !self.is_constant(own.theirs));
        if replaced.is_empty() {
            return None;
        }
        if let Some(judgement) = self.follows_otherwise(case, node) {
            return Some(judgement);
        }
        let numeric = self.is_numeric(case.place, node);
        let follows = if numeric {
            self.follows_given(case, node, &replaced)
        } else {
            self.follows_drawn(case, uses, node, &replaced)
        };
        if !follows && !self.is_right_in_ours(case, uses, &replaced) {
            return None;
        }
        let needed = self.influences(case, uses, &replaced);
        let (rounded, wrong): (Vec<&Replaced>, Vec<&Replaced>) =
            replaced.iter().filter(|own| needed.contains(&own.ours)).partition(|own| own.rounded);
        let names = |all: &[&Replaced]| all.iter().map(|own| own.name.clone()).collect::<Vec<_>>();
        if wrong.is_empty() {
            return Some(Judgement::of(Verdict::Correct).remark(Remark::CarriedRounding { from: names(&rounded) }));
        }
        let mut judgement = Judgement::of(Verdict::FollowThrough).remark(Remark::Follows { from: names(&wrong) });
        for own in &wrong {
            // What was asked for is paid for there.
            let asked = self.key.questions.iter().any(|question| question.keys.contains(&own.name));
            if asked {
                continue;
            }
            // A mistake is charged once; a value that shows none is worth no more than one that stands nowhere.
            judgement = match self.first_slip(carried, &own.name, own.ours, own.theirs) {
                Some(slip) => self.within(judgement, &slip, &own.name),
                None => self.with_mistake(judgement, UNNAMED, Some(own.name.clone())),
            };
        }
        Some(judgement)
    }

    /// The mistakes in a value of the student's own: none where they were charged before, `None` where none is seen.
    fn first_slip(&mut self, carried: &mut Carried, name: &str, ours: NodeId, theirs: NodeId) -> Option<Named> {
        match carried.charged.get(name) {
            Some(true) => Some(Named::new()),
            Some(false) => None,
            None => {
                let slip = self.slip_of(ours, theirs);
                carried.charged.insert(name.to_string(), slip.is_some());
                slip
            }
        }
    }

    /// The cost of a wrong value that nobody asked for, at the first answer that uses it.
    fn within(&self, judgement: Judgement, slip: &[(&'static str, Option<String>)], within: &str) -> Judgement {
        slip.iter().fold(judgement, |judgement, (name, inner)| {
            self.with_mistake(judgement, name, inner.clone().or_else(|| Some(within.to_string())))
        })
    }

    /// Whether the numbers of the problem's own data decide.
    pub(super) fn is_numeric(&self, place: usize, node: NodeId) -> bool {
        let question = &self.key.questions[place];
        question.value.is_some() && (self.is_constant(node) || !self.is_symbolic(question))
    }

    /// The quantities of ours that the sheet has otherwise.
    fn replaced(&mut self, case: &Case) -> Vec<Replaced> {
        let key = self.key;
        let question = &key.questions[case.place];
        let mut replaced = Vec::new();
        for (name, answer) in &case.sheet.named {
            if is_own(case, question, answer) {
                continue;
            }
            let Some(ours) = key.authored(name) else { continue };
            let Ok(theirs) = self.world(case.sheet).named(name) else { continue };
            if ours == theirs {
                continue;
            }
            let close = (self.given_value(case.place, ours)).zip(self.given_value(case.place, theirs)).and_then(
                |(ours, theirs)| {
                    closenesses(&theirs, &ours, self.tolerance()).map(|all| (all.wrong.is_empty(), theirs == ours))
                },
            );
            let rounded = match close {
                Some((_, true)) => continue,
                Some((rounded, false)) => rounded,
                None if self.differ_drawn(ours, theirs) => false,
                None => continue,
            };
            let plain = self.plain_of(ours);
            replaced.push(Replaced { name: name.clone(), ours, plain, theirs, rounded });
        }
        replaced
    }

    /// The gradient of the same quantity, found without the known pairs of operators.
    fn plain_of(&self, ours: NodeId) -> Option<NodeId> {
        let symbol = self.graph.as_symbol(ours)?;
        let SymbolName::Gradient { of, loss } = symbol.name else { return None };
        let plain = self.key.plain.iter().find(|gradients| gradients.loss == loss)?;
        plain.of.get(&of).copied()
    }

    pub(super) fn differ_drawn(&mut self, a: NodeId, b: NodeId) -> bool {
        let key = self.key;
        key.drawn.iter().zip(&mut self.drawn).any(|(place, values)| {
            let both = [a, b].map(|node| self.graph.extend(values, node, &place.environment).is_ok());
            match (values.get(a), values.get(b)) {
                (Some(a), Some(b)) if both == [true, true] => !matches!(same(a, b), Some(Ok(()))),
                _ => true,
            }
        })
    }

    fn follows_given(&mut self, case: &Case, node: NodeId, replaced: &[Replaced]) -> bool {
        let key = self.key;
        let question = &key.questions[case.place];
        let given = key.given_for(question);
        let environment = &key.given[given].exact;
        let mut instead = Instead::<Number>::new();
        for own in replaced {
            let values = &mut self.given[given].exact;
            if self.graph.extend(values, own.theirs, environment).is_ok()
                && let Some(value) = values.shared(own.theirs)
            {
                let value = fitted(value, self.graph.shape(own.ours).is_scalar());
                instead.extend(own.all().map(|ours| (ours, Arc::clone(&value))));
            }
        }
        let Some(found) = self.given_value(case.place, node) else { return false };
        // A step that leads nowhere shows nothing of how it was made.
        if let Subject::Updated(from) = question.subject
            && self.given_value(case.place, from).is_some_and(|start| start == found)
        {
            return false;
        }
        let references = [question.node, question.plain].into_iter().flatten();
        references.collect::<Vec<_>>().into_iter().any(|reference| {
            let values = &mut self.given[given].exact;
            let right = self.graph.evaluate_instead(values, &instead, reference, environment);
            right.is_ok_and(|right| self.beside(&found, &right).is_equal())
                && !says_nothing(&found, &instead)
                && self.depends(given, &instead, reference, &found)
        })
    }

    /// Whether other earlier values than the student's would have led elsewhere.
    fn depends(&mut self, given: usize, instead: &Instead<Number>, reference: NodeId, found: &Tensor<Number>) -> bool {
        let environment = &self.key.given[given].place.environment;
        let found = found.map(|entry| entry.to_f64());
        let mut random = Rng::with_seed(SEED);
        (0..DRAWS).any(|_| {
            let others: Instead<f64> = instead
                .iter()
                .map(|(ours, value)| (*ours, Arc::new(Tensor::from_fn(value.extents(), |_| drawn(&mut random)))))
                .collect();
            let value = self.graph.evaluate_instead(&mut self.given[given].doubles, &others, reference, environment);
            value.is_ok_and(|value| !matches!(same(&found, &value), Some(Ok(()))))
        })
    }

    /// Whether an answer is right as a function of the student's earlier values: whatever these were.
    fn follows_drawn(&mut self, case: &Case, uses: &[String], node: NodeId, replaced: &[Replaced]) -> bool {
        let named: Vec<&Replaced> = self.frontier(case, uses, replaced);
        if !named.is_empty() {
            let probes: Vec<NodeId> = named.iter().map(|own| self.probe(own.theirs)).collect();
            let put = named.iter().zip(&probes).map(|(own, probe)| (own.name.clone(), *probe)).collect();
            let mut fresh = super::world::Named::new();
            let keys = &self.key.questions[case.place].keys;
            let (graph, scope) = (&mut self.graph, &mut self.scope);
            let world = World::new(self.key, case.sheet, graph, scope, &mut fresh, &mut self.lowered);
            if let Ok(function) = world.defining(keys).putting(put).of_names(case.expr, uses, case.line)
                && self.agrees_whatever(case, function, &probes, &named)
            {
                return true;
            }
        }
        // Written out again rather than named.
        let inline: Vec<&Replaced> = replaced
            .iter()
            .filter(|own| self.graph.as_apply(own.theirs).is_some() && !self.is_constant(own.theirs))
            .filter(|own| self.graph.needed(&[node]).get(own.theirs.place()).copied().unwrap_or(false))
            .collect();
        let theirs: Vec<NodeId> = inline.iter().map(|own| own.theirs).collect();
        (!inline.is_empty() && self.agrees_whatever(case, node, &theirs, &inline))
            || self.agrees_with(case, node, replaced)
    }

    /// Whether an answer and the right one agree with the student's earlier values, which tell something: neither these
    /// nor the answer are constant.
    fn agrees_with(&mut self, case: &Case, node: NodeId, replaced: &[Replaced]) -> bool {
        let used: Vec<&Replaced> = replaced.iter().filter(|own| !self.is_uniform_at(own.theirs)).collect();
        if used.is_empty() || used.len() < replaced.len() || self.is_uniform_at(node) {
            return false;
        }
        let key = self.key;
        let question = &key.questions[case.place];
        [question.node, question.plain].into_iter().flatten().any(|reference| {
            let mut compared = 0;
            for (place, values) in key.drawn.iter().zip(&mut self.drawn) {
                let mut instead = Instead::<f64>::new();
                for own in &used {
                    if self.graph.extend(values, own.theirs, &place.environment).is_ok()
                        && let Some(value) = values.shared(own.theirs)
                    {
                        let value = fitted(value, self.graph.shape(own.ours).is_scalar());
                        instead.extend(own.all().map(|ours| (ours, Arc::clone(&value))));
                    }
                }
                if self.graph.extend(values, node, &place.environment).is_err() {
                    continue;
                }
                let right = self.graph.evaluate_instead(values, &instead, reference, &place.environment);
                match right.ok().zip(values.get(node)).map(|(right, found)| same(found, &right)) {
                    Some(Some(Ok(()))) => compared += 1,
                    Some(_) => return false,
                    None => {}
                }
            }
            compared > 0
        })
    }

    /// Whether a value has the same entry everywhere, at the first data.
    pub(super) fn is_uniform_at(&mut self, node: NodeId) -> bool {
        let (Some(place), Some(values)) = (self.key.drawn.first(), self.drawn.first_mut()) else { return true };
        let known = self.graph.extend(values, node, &place.environment).ok().and_then(|()| values.get(node));
        known.is_none_or(|value| value.size() > 1 && value.entries().all(|entry| entry == value.first()))
            || self.is_constant(node)
    }

    /// Which of the replaced quantities an answer names, itself or through names of the student's own.
    fn frontier<'r>(&self, case: &Case, uses: &[String], replaced: &'r [Replaced]) -> Vec<&'r Replaced> {
        let is_replaced = |name: &str| replaced.iter().any(|own| own.name == name);
        let inner = |name: &str| case.sheet.named.contains_key(name) && !is_replaced(name);
        let names = self.reached(case.sheet, uses, inner, is_replaced);
        replaced.iter().filter(|own| names.contains(&own.name)).collect()
    }

    /// A leaf in the shape of a node, to stand for any value.
    fn probe(&mut self, like: NodeId) -> NodeId {
        let shape = self.graph.shape(like).clone();
        let (name, kind) = (String::new(), LeafKind::Input);
        self.graph.add_leaf(Leaf::unknown(name, kind, shape))
    }

    /// Whether an answer and the right one agree where the nodes in `probes` and the quantities that they stand for have
    /// the same random values.
    fn agrees_whatever(&mut self, case: &Case, function: NodeId, probes: &[NodeId], named: &[&Replaced]) -> bool {
        let question = &self.key.questions[case.place];
        let references = [question.node, question.plain].into_iter().flatten();
        references.collect::<Vec<_>>().into_iter().any(|reference| self.agrees_from(reference, function, probes, named))
    }

    fn agrees_from(&mut self, reference: NodeId, function: NodeId, probes: &[NodeId], named: &[&Replaced]) -> bool {
        let key = self.key;
        let mut random = Rng::with_seed(SEED);
        let mut compared = 0;
        for (place, values) in key.drawn.iter().zip(&mut self.drawn) {
            let (mut theirs, mut ours) = (Instead::<f64>::new(), Instead::<f64>::new());
            for (probe, own) in probes.iter().zip(named) {
                let Some(extents) = self.graph.shape(*probe).evaluate(&place.sizes) else { return false };
                let value = Arc::new(Tensor::from_fn(&extents, |_| drawn(&mut random)));
                let fitted = fitted(&value, self.graph.shape(own.ours).is_scalar());
                theirs.insert(*probe, value);
                ours.extend(own.all().map(|ours| (ours, Arc::clone(&fitted))));
            }
            let environment = &place.environment;
            let Ok(found) = self.graph.evaluate_instead(values, &theirs, function, environment) else { continue };
            let Ok(right) = self.graph.evaluate_instead(values, &ours, reference, environment) else { continue };
            match same(&found, &right) {
                Some(Ok(())) => compared += 1,
                Some(Err(_)) | None => return false,
            }
        }
        compared > 0
    }

    /// Whether the answer is right where its names mean ours.
    fn is_right_in_ours(&mut self, case: &Case, uses: &[String], replaced: &[Replaced]) -> bool {
        let meanings: Vec<_> = replaced
            .iter()
            .filter(|own| uses.contains(&own.name))
            .map(|own| (own.name.clone(), Ok(own.ours)))
            .collect();
        if meanings.is_empty() {
            return false;
        }
        let own: Vec<_> = uses
            .iter()
            .filter(|name| case.sheet.named.contains_key(*name) && self.key.is_free(name))
            .cloned()
            .collect();
        let mut world = self.world(case.sheet);
        let own: Vec<_> = own.into_iter().map(|name| (name.clone(), world.named(&name))).collect();
        let node = world.with(meanings.into_iter().chain(own).collect(), case.expr);
        node.is_ok_and(|node| self.compare(case.place, node).is_equal())
    }

    /// Which replaced quantities the right answer, or the student's, is made of.
    fn influences(&self, case: &Case, uses: &[String], replaced: &[Replaced]) -> Vec<NodeId> {
        let question = &self.key.questions[case.place];
        let references: Vec<NodeId> = [question.node, question.plain].into_iter().flatten().collect();
        let needed = self.graph.needed(&references);
        let is_needed = |id: NodeId| needed.get(id.place()).copied().unwrap_or(false);
        let used =
            |own: &&Replaced| uses.contains(&own.name) || is_needed(own.ours) || own.plain.is_some_and(is_needed);
        replaced.iter().filter(used).map(|own| own.ours).collect()
    }

    /// An answer in a name of the student's own that is right if the name is taken for a quantity of ours: then the name's
    /// definition is what is wrong.
    pub(super) fn meant_otherwise(&mut self, case: &Case, uses: &[String], carried: &mut Carried) -> Option<Judgement> {
        let key = self.key;
        let own: Vec<&String> =
            uses.iter().filter(|name| case.sheet.named.contains_key(*name) && key.is_free(name)).collect();
        for name in own {
            let Ok(theirs) = self.world(case.sheet).named(name) else { continue };
            for ours in self.quantities_like(theirs) {
                let others: Vec<String> = uses.iter().filter(|other| *other != name).cloned().collect();
                let mut world = self.world(case.sheet);
                let mut meanings: Vec<_> = others
                    .into_iter()
                    .filter(|other| world.sheet.named.contains_key(other))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|other| (other.clone(), world.named(&other)))
                    .collect();
                meanings.push((name.clone(), Ok(ours)));
                let Ok(node) = world.with(meanings, case.expr) else { continue };
                if !self.compare(case.place, node).is_equal() {
                    continue;
                }
                let slip = self.first_slip(carried, name, ours, theirs)?;
                return Some(match slip.is_empty() {
                    true => {
                        let follows = Remark::Follows { from: vec![name.clone()] };
                        Judgement::of(Verdict::FollowThrough).remark(follows)
                    }
                    false => self.within(Judgement::of(Verdict::Partial), &slip, name),
                });
            }
        }
        None
    }

    /// Values and gradients of the shape of a node, other than it.
    fn quantities_like(&self, node: NodeId) -> Vec<NodeId> {
        let shape = self.graph.shape(node);
        let mut found: Vec<NodeId> = Vec::new();
        for (key, _) in self.key.scope.spellings() {
            if let Some(Meaning::Value(id)) = self.key.scope.get(key).map(|known| known.meaning.clone())
                && id != node
                && same_shape(self.graph.shape(id), shape)
                && !found.contains(&id)
                && name(&self.graph, id).is_some()
            {
                found.push(id);
            }
        }
        found
    }
}

/// Whether a line of the sheet is the answer under judgement.
fn is_own(case: &Case, question: &Question, answer: &Answer) -> bool {
    let judged = match &case.sheet.given[case.place] {
        Given::Whole(own, _) => std::ptr::eq(*own, answer),
        Given::Missing | Given::Unreadable(_) | Given::Entries(_) => false,
    };
    judged || (question.at.is_none() && question.keys.contains(&answer.target.name.key()))
}

/// A number of either sign, some small and some large.
pub(super) fn drawn(random: &mut Rng) -> f64 {
    let size = 0.25 + 2.0 * random.f64();
    if random.bool() { size } else { -size }
}

/// Whether an answer follows from an earlier value that anyone might put down: from all the same comes all the same.
fn says_nothing(found: &Tensor<Number>, instead: &Instead<Number>) -> bool {
    let uniform = |value: &Tensor<Number>| value.entries().all(|entry| entry == value.first());
    let stock = |value: &Tensor<Number>| {
        uniform(value) && (value.size() > 1 || [0.0, 1.0].contains(&value.first().to_f64().abs()))
    };
    let plain = uniform(found) && (found.size() > 1 || [0.0, 1.0].contains(&found.first().to_f64().abs()));
    plain && instead.values().any(|value| stock(value))
}

/// A value in the rank that the node has: a 1 x 1 matrix for a scalar is its entry.
fn fitted<S: crate::scalar::Scalar>(value: &Arc<Tensor<S>>, scalar: bool) -> Arc<Tensor<S>> {
    match scalar && value.rank() > 0 && same_extents(value.extents(), &[]) {
        true => Arc::new(Tensor::scalar(value.first().clone())),
        false => Arc::clone(value),
    }
}
