//! The answer key of a problem, made ready to mark with: once for a whole class.

use super::data::{self, Style};
use super::exact::{ExactPlace, exact_places};
use super::kinks::{Site, beyond, sites_of};
use super::question::{Question, questions, unordered};
use crate::answer::{Refusal, Solution, answer};
use crate::differentiate::{Fusing, Gradients, differentiate, differentiate_with};
use crate::graph::{Environment, Graph, Kind, LeafId, NodeId, SymbolName, Values};
use crate::lower::{Meaning, Scope, operators};
use crate::model::{Model, Point};
use crate::number::Number;
use crate::ops::Op;
use crate::shape::{Dim, DimValues, Shape};
use crate::syntax::{Vocabulary, names};
use crate::tensor::Tensor;
use crate::verify::{leaves_of, rounds};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// So many sets of data are drawn for each assignment of sizes.
const DRAWS: usize = 2;
/// And so many at most, to see both sides of every indicator, and of one with few entries often enough.
const MOST_DRAWS: usize = 5;
const MOST_DRAWS_OF_FEW: usize = 22;
/// So many entries of an indicator tell it from another that is nearly the same.
const TELLING_ENTRIES: usize = 64;
/// How many times as large far data are.
const WIDE: [f64; 3] = [4.0, 12.0, 4.0];
const FAR_SEED: u64 = 9_000;
/// So many far data at most.
const MOST_FAR: usize = 24;
/// Leaves with more entries are drawn only where a right answer rests on them.
const LARGE: i64 = 100_000;
/// Data at which the model has no value are drawn again, so often.
const TRIES: u64 = 24;

/// The key of one problem. It can be shared between threads; each marks with a [`super::Marker`] of its own.
#[derive(Clone, Debug)]
pub struct Key {
    pub(super) solution: Solution,
    pub(super) questions: Vec<Question>,
    /// What names stand for in an answer: the model's, and the gradients of its loss (`dZ`).
    pub(super) scope: Scope,
    /// The gradients of each loss with one operator after the other: what a student does who knows no pairs.
    pub(super) plain: Vec<Gradients>,
    /// Of several losses, what the names of gradients stand for where one is spoken of.
    pub(super) by_loss: ByLoss,
    /// Random data at which expressions are compared, in several sizes.
    pub(super) drawn: Vec<Place>,
    /// Large data, and such as are on the other side of a kink: they can tell that two forms differ.
    pub(super) far: Vec<Place>,
    /// Right answers with a threshold that all of these data are on one side of.
    pub(super) one_sided: BTreeSet<NodeId>,
    /// Exact data, for what stays in the rationals.
    pub(super) exact: Vec<ExactPlace>,
    /// The problem's own data: as given, and at each point of a task.
    pub(super) given: Vec<GivenPlace>,
    /// Questions whose answers may stand in any order.
    pub(super) unordered: Vec<Vec<usize>>,
}

/// Functions that people give a letter: `g(z)`.
const ACTIVATIONS: [&str; 6] = ["sigmoid", "tanh", "relu", "exp", "softplus", "softmax"];

/// Data at which answers are compared.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub environment: Environment<f64>,
    pub values: Values<f64>,
    pub sizes: DimValues,
    pub seed: u64,
}

/// The problem's own data, exactly and in doubles.
#[derive(Clone, Debug)]
pub(super) struct GivenPlace {
    pub at: Option<Point>,
    pub exact: Environment<Number>,
    pub exact_values: Values<Number>,
    pub place: Place,
}

impl Key {
    /// Solves the problem and prepares the data to compare at.
    pub fn new(problem: &Model) -> Result<Key, Refusal> {
        let mut solution = answer(problem, &[])?;
        let mut scope = Scope::of(&solution.model);
        scope.answers = true;
        let (plain, by_loss) = add_gradients(&mut solution, &mut scope)?;
        let questions = questions(&solution, &plain);
        let mut given = vec![given_place(&solution.model, None)];
        for question in &questions {
            if let Some(at) = &question.at
                && !given.iter().any(|place| place.at.as_ref() == Some(at))
            {
                given.push(given_place(&solution.model, Some(at.clone())));
            }
        }
        let drawn = drawn_places(&solution.model, &questions);
        let wanted: Vec<NodeId> = questions.iter().filter_map(|question| question.node).collect();
        let (far, one_sided) = far_places(&solution.model, &wanted_forms(&questions), &drawn);
        let exact = exact_places(&solution.model.graph, &wanted, &drawn);
        let unordered = unordered(&questions);
        Ok(Key { solution, questions, scope, plain, by_loss, drawn, far, one_sided, exact, given, unordered })
    }

    /// The solved problem; its answers are those that are asked for, in the order of the marks.
    pub fn solution(&self) -> &Solution {
        &self.solution
    }

    /// What is asked for, in the order of the marks.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter()
    }

    /// The names that answers may use, for those who read them.
    pub fn vocabulary(&self) -> Vocabulary {
        let model = &self.solution.model;
        let values = model.names.keys().chain(model.sizes.keys()).map(String::as_str);
        let losses = self.solution.gradients.iter().filter_map(|gradients| name(&model.graph, gradients.loss));
        let losses: Vec<String> = losses.collect();
        let vocabulary = Vocabulary::new(values, operators())
            .with_losses(losses.iter().map(String::as_str))
            .with_sizes(model.sizes.keys().map(String::as_str))
            .with_parts(self.unasked(&model.definitions), self.unasked(&model.leaves))
            .with_lists(self.lists())
            .with_made(self.made())
            .with_applied(self.applied())
            .with_asked(self.questions.iter().map(|question| (question.task, question.name.clone())))
            .with_used(self.operators())
            .with_id(&model.id)
            .with_problem(model.title.as_deref().unwrap_or(""), self.one_hot());
        match self.solution.gradients.as_slice() {
            [only] => with_variable(vocabulary, model, only),
            _ => vocabulary,
        }
    }

    /// The keys of values that nobody asks for.
    fn unasked(&self, values: &[NodeId]) -> impl Iterator<Item = String> {
        let keys = values.iter().filter_map(|id| name(self.graph(), *id)).map(|name| names::key(&name));
        keys.filter(|key| !self.questions.iter().any(|question| question.keys.contains(key)))
    }

    /// The keys of the first values of the model, with those of what they are made of.
    fn made(&self) -> impl Iterator<Item = (String, BTreeSet<String>)> {
        const VALUES: usize = 200;
        let (graph, model) = (self.graph(), &self.solution.model);
        let key = |id: &NodeId| name(graph, *id).map(|name| names::key(&name));
        model.definitions.iter().take(VALUES).filter_map(move |id| {
            let needed = graph.needed(&[*id]);
            let below =
                model.leaves.iter().chain(&model.definitions).filter(|below| *below != id && needed[below.place()]);
            Some((key(id)?, below.filter_map(key).collect()))
        })
    }

    /// The keys of the values of the model that are one function of something, with the function.
    fn applied(&self) -> impl Iterator<Item = (String, String)> {
        let graph = self.graph();
        self.solution.model.definitions.iter().filter_map(move |id| {
            let (op, operands) = graph.as_apply(graph.as_symbol(*id)?.definition)?;
            let called = operands.len() == 1 && ACTIVATIONS.contains(&op.reference().name);
            called.then_some(())?;
            Some((names::key(&name(graph, *id)?), op.reference().name.to_string()))
        })
    }

    /// The keys of values with more than one entry.
    fn lists(&self) -> impl Iterator<Item = String> {
        let is_list = |shape: &Shape| shape.0.iter().any(|side| *side != Dim::one());
        self.scope.spellings().map(|(key, _)| key.to_string()).filter(move |key| match self.meaning(key) {
            Some(id) => is_list(self.graph().shape(id)),
            None => false,
        })
    }

    /// The operators of the model's lines.
    fn operators(&self) -> impl Iterator<Item = String> {
        let graph = self.graph();
        let needed = graph.needed(&self.solution.model.definitions);
        let applied = graph.ids().filter(move |id| needed[id.place()]).filter_map(|id| graph.as_apply(id));
        applied.map(|(op, _)| op.reference().name.to_string())
    }

    /// The only function with a letter of its own in the model, such as `sigmoid`.
    pub(super) fn only_function(&self) -> Option<&'static str> {
        let used: BTreeSet<String> = self.operators().collect();
        let mut found = ACTIVATIONS.into_iter().filter(|name| used.contains(*name));
        found.next().filter(|_| found.next().is_none())
    }

    /// The only one-hot target.
    pub(super) fn one_hot(&self) -> Option<String> {
        let graph = self.graph();
        let leaves = self.solution.model.leaves.iter().filter_map(|id| graph.as_leaf(*id));
        let mut targets = leaves.filter(|leaf| leaf.one_hot_axis.is_some());
        targets.next().filter(|_| targets.next().is_none()).map(|leaf| leaf.name.clone())
    }

    /// The value that a name stands for.
    pub(super) fn meaning(&self, key: &str) -> Option<NodeId> {
        match self.scope.get(key)?.meaning {
            Meaning::Value(id) => Some(id),
            Meaning::Size(_) | Meaning::Broken | Meaning::Unvalued => None,
        }
    }

    /// What a name stands for that the problem itself gives. A name that was made up for the key is free for students.
    pub(super) fn authored(&self, key: &str) -> Option<NodeId> {
        self.meaning(key).filter(|id| {
            let made_up = |id: NodeId| {
                self.graph().as_symbol(id).is_some_and(|symbol| matches!(symbol.name, SymbolName::Generated(_)))
            };
            match self.graph().as_symbol(*id).map(|symbol| &symbol.name) {
                Some(SymbolName::Gradient { of, .. }) => !made_up(*of),
                _ => !made_up(*id),
            }
        })
    }

    /// Whether a name is a student's to define: the problem does not give it.
    pub(super) fn is_free(&self, key: &str) -> bool {
        self.scope.get(key).is_none() || self.meaning(key).is_some() && self.authored(key).is_none()
    }

    /// Whether a name is a loss's, by its key.
    pub(super) fn is_loss(&self, key: &str) -> bool {
        self.meaning(key).is_some_and(|id| self.solution.gradients.iter().any(|gradients| gradients.loss == id))
    }

    /// Whether an answer may use a name, by its key.
    pub fn knows(&self, key: &str) -> bool {
        self.scope.get(key).is_some()
    }

    pub(super) fn graph(&self) -> &Graph {
        &self.solution.model.graph
    }

    /// The place of a question's own data.
    pub(super) fn given_for(&self, question: &Question) -> usize {
        self.given.iter().position(|place| place.at == question.at).unwrap_or(0)
    }
}

/// The vocabulary with the leaf that the loss depends on, if there is but one.
fn with_variable(vocabulary: Vocabulary, model: &Model, gradients: &Gradients) -> Vocabulary {
    let graph = &model.graph;
    let leaves: Vec<NodeId> = model.leaves.iter().copied().filter(|leaf| gradients.of.contains_key(leaf)).collect();
    let [leaf] = leaves.as_slice() else { return vocabulary };
    let (Some(variable), Some(loss)) = (name(graph, *leaf), name(graph, gradients.loss)) else { return vocabulary };
    let definition = graph.as_symbol(gradients.loss).map(|symbol| symbol.definition);
    let applied = definition.and_then(|definition| graph.as_apply(definition));
    let function =
        applied.filter(|(_, operands)| *operands == [*leaf]).map(|(op, _)| (op.reference().name, loss.as_str()));
    vocabulary.with_variable(&crate::syntax::names::key(&variable), function)
}

type ByLoss = BTreeMap<NodeId, Vec<(String, NodeId)>>;

/// The gradient of the problem's loss with respect to everything that it depends on, by its name `dZ`.
/// The gradients without known pairs come back.
fn add_gradients(solution: &mut Solution, scope: &mut Scope) -> Result<(Vec<Gradients>, ByLoss), Refusal> {
    let (mut plain, mut by_loss) = (Vec::new(), ByLoss::new());
    let losses: Vec<NodeId> = solution.gradients.iter().map(|gradients| gradients.loss).collect();
    for loss in losses {
        let needed = solution.model.graph.needed(&[loss]);
        let all: Vec<NodeId> = solution.model.leaves.iter().chain(&solution.model.definitions).copied().collect();
        let wanted: Vec<NodeId> = all.into_iter().filter(|id| *id != loss && needed[id.place()]).collect();
        let more = differentiate(&mut solution.model, loss, &wanted).map_err(Refusal::Rule)?;
        plain.push(differentiate_with(&mut solution.model, loss, &wanted, Fusing::Never).map_err(Refusal::Rule)?);
        let known = solution.gradients.iter().find(|gradients| gradients.loss == loss);
        for of in wanted {
            let gradient = known.and_then(|known| known.of.get(&of)).or_else(|| more.of.get(&of));
            let (Some(gradient), Some(name)) = (gradient, name(&solution.model.graph, of)) else { continue };
            for spelling in [format!("d{name}"), format!("delta{name}")] {
                by_loss.entry(loss).or_default().push((names::key(&spelling), *gradient));
                if scope.get(&names::key(&spelling)).is_none() {
                    scope.insert(&spelling, Meaning::Value(*gradient));
                }
            }
        }
    }
    Ok((plain, by_loss))
}

/// How a leaf, a model line or a gradient is called in answers.
pub(super) fn name(graph: &Graph, id: NodeId) -> Option<String> {
    match graph.kind(id) {
        Kind::Leaf(leaf) => Some(graph.leaf(*leaf).name.clone()),
        Kind::Symbol(symbol) => match &graph.symbol(*symbol).name {
            SymbolName::Model(name) | SymbolName::Generated(name) => Some(name.clone()),
            SymbolName::Gradient { of, .. } => name(graph, *of).map(|of| format!("d{of}")),
        },
        Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) | Kind::Apply(..) => None,
    }
}

fn given_place(model: &Model, at: Option<Point>) -> GivenPlace {
    let mut exact = Environment::<Number>::given(&model.graph);
    let mut doubles = Environment::<f64>::given(&model.graph);
    for (leaf, value) in at.iter().flatten() {
        exact.set(*leaf, value.clone());
        doubles.set(*leaf, value.convert());
    }
    let place = Place { environment: doubles, values: Values::none(), sizes: DimValues::new(), seed: 0 };
    GivenPlace { at, exact, exact_values: Values::none(), place }
}

/// The right answers that are forms.
fn wanted_forms(questions: &[Question]) -> Vec<NodeId> {
    questions.iter().flat_map(|question| [question.node, question.plain]).flatten().collect()
}

/// Large data, and data on those sides of kinks that none of the drawn data is on; and the forms with a kink of which one
/// side was not reached.
fn far_places(model: &Model, wanted: &[NodeId], drawn: &[Place]) -> (Vec<Place>, BTreeSet<NodeId>) {
    let Some(first) = drawn.first() else { return Default::default() };
    let leaves: Vec<LeafId> = first.environment.leaves.keys().copied().collect();
    let mut places = Vec::new();
    for (seed, factor) in (1..).zip(WIDE) {
        let mut random = Rng::with_seed(FAR_SEED + seed);
        let environment = data::environment(model, &leaves, &first.sizes, Style::Wide(factor), &mut random);
        if let Some(environment) = environment {
            let values = model.graph.evaluate_partly(wanted, &environment);
            places.push(Place { environment, values, sizes: first.sizes.clone(), seed: FAR_SEED + seed });
        }
    }
    let (mut sites, mut missed): (Vec<Site>, Vec<Site>) = Default::default();
    let all = wanted.iter().flat_map(|form| sites_of(&model.graph, *form, 0).into_iter().map(|site| (*form, site)));
    for (form, site) in all {
        if sites.contains(&site) || places.len() >= MOST_FAR {
            continue;
        }
        let known: Vec<&Place> = drawn.iter().chain(&places).collect();
        let mut more = beyond(&model.graph, form, site, &known);
        for place in &mut more.places {
            place.values = model.graph.evaluate_partly(wanted, &place.environment);
        }
        places.extend(more.places);
        missed.extend(more.one_sided.then_some(site));
        sites.push(site);
    }
    let misses = |form: &NodeId| sites_of(&model.graph, *form, 0).iter().any(|site| missed.contains(site));
    let one_sided = if missed.is_empty() { BTreeSet::new() } else { wanted.iter().copied().filter(misses).collect() };
    (places, one_sided)
}

/// Random data at which all expressions that are asked for have a value: some sets for each of three assignments of the
/// sizes, all different and none 1, and more until every indicator has been 0 and 1.
fn drawn_places(model: &Model, questions: &[Question]) -> Vec<Place> {
    let wanted = wanted_forms(questions);
    // Whatever an answer may speak of.
    let is_small = |leaf: &NodeId| model.graph.shape(*leaf).size().as_integer().is_none_or(|size| size <= LARGE);
    let named = wanted.iter().copied().chain(model.leaves.iter().copied().filter(is_small));
    let leaves = leaves_of(&model.graph, &named.collect::<BTreeSet<NodeId>>().into_iter().collect::<Vec<_>>());
    let mut sides = Sides::of(&model.graph, &wanted);
    let mut places = Vec::new();
    for round in rounds(&model.dims).into_iter().filter(|round| !round.optional) {
        let tries = round.sizes.iter().flat_map(|sizes| (0..TRIES).map(move |draw| (sizes, draw)));
        let mut taken = 0;
        for (sizes, draw) in tries {
            let seed = round.seed * TRIES + draw + 1;
            let style = match draw {
                // Larger values, so that what is nearly always on one side is on the other too.
                draw if draw >= DRAWS as u64 && draw.is_multiple_of(2) => Style::Wide((2 + draw % 4) as f64),
                draw if draw % 3 == 1 => Style::Positive,
                draw if draw % 3 == 2 => Style::NearGiven,
                _ => Style::Signed { turned: round.seed.is_multiple_of(2) },
            };
            let drawn = data::environment(model, &leaves, sizes, style, &mut Rng::with_seed(seed));
            let Some(environment) = drawn else { continue };
            let Ok(values) = model.graph.evaluate(&wanted, &environment) else { continue };
            let news = sides.see(&values);
            let few = sides.are_few();
            if taken < DRAWS || news || few {
                taken += 1;
                places.push(Place { environment, values, sizes: sizes.clone(), seed });
            }
            if taken >= if few { MOST_DRAWS_OF_FEW } else { MOST_DRAWS } {
                break;
            }
            if taken >= DRAWS && !few && sides.all_seen() {
                break;
            }
        }
    }
    // Where both sides are seen at once a mistake shows best: those data come first.
    let both = |place: &Place| sides.seen.iter().filter(|(id, _)| Sides::shows_both(&place.values, *id)).count();
    places.sort_by_key(|place| std::cmp::Reverse(both(place)));
    places
}

/// How often indicators have been 0, and 1.
struct Sides {
    seen: Vec<(NodeId, [usize; 2])>,
}

impl Sides {
    fn of(graph: &Graph, wanted: &[NodeId]) -> Sides {
        let needed = graph.needed(wanted);
        let indicators = graph.ids().filter(|id| needed[id.place()]);
        let indicators = indicators.filter(|id| matches!(graph.as_apply(*id), Some((Op::Compare(_), _))));
        Sides { seen: indicators.map(|id| (id, [0; 2])).collect() }
    }

    /// Whether something was seen for the first time.
    fn see(&mut self, values: &Values<f64>) -> bool {
        let mut news = false;
        for (id, seen) in &mut self.seen {
            for entry in values.get(*id).into_iter().flat_map(Tensor::entries) {
                let side = usize::from(*entry != 0.0);
                news |= seen[side] == 0;
                seen[side] += 1;
            }
        }
        news
    }

    fn shows_both(values: &Values<f64>, id: NodeId) -> bool {
        let entries = || values.get(id).into_iter().flat_map(Tensor::entries);
        entries().any(|entry| *entry == 0.0) && entries().any(|entry| *entry != 0.0)
    }

    fn all_seen(&self) -> bool {
        self.seen.iter().all(|(_, seen)| seen.iter().all(|count| *count > 0))
    }

    fn are_few(&self) -> bool {
        self.seen.iter().any(|(_, seen)| seen[0] + seen[1] < TELLING_ENTRIES)
    }
}
