//! The answer key of a problem, made ready to mark with: once for a whole class.

use super::question::{Question, questions};
use crate::answer::{Refusal, Solution, answer};
use crate::differentiate::differentiate;
use crate::graph::{Environment, Graph, Kind, NodeId, SymbolName, Values};
use crate::lower::{Meaning, Scope};
use crate::model::{Model, Point};
use crate::number::Number;
use crate::shape::DimValues;
use crate::syntax::ast::LeafKind;
use crate::syntax::names;
use crate::verify::{leaves_of, random_environment, rounds};
use fastrand::Rng;
use std::collections::BTreeSet;

/// So many sets of data are drawn for each assignment of sizes.
const DRAWS: usize = 2;
/// Data at which the model has no value are drawn again, so often.
const TRIES: u64 = 24;

/// The key of one problem. It can be shared between threads; each marks with a [`super::Marker`] of its own.
#[derive(Clone, Debug)]
pub struct Key {
    pub(super) solution: Solution,
    pub(super) questions: Vec<Question>,
    /// What names stand for in an answer: the model's, and the gradients of its loss (`dZ`).
    pub(super) scope: Scope,
    /// Random data at which expressions are compared, in several sizes.
    pub(super) drawn: Vec<Place>,
    /// The problem's own data: as given, and at each point of a task.
    pub(super) given: Vec<GivenPlace>,
}

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
        add_gradients(&mut solution, &mut scope)?;
        let questions = questions(&mut solution);
        let mut given = vec![given_place(&solution.model, None)];
        for question in &questions {
            if let Some(at) = &question.at
                && !given.iter().any(|place| place.at.as_ref() == Some(at))
            {
                given.push(given_place(&solution.model, Some(at.clone())));
            }
        }
        let drawn = drawn_places(&solution.model, &questions);
        Ok(Key { solution, questions, scope, drawn, given })
    }

    /// The solved problem; its answers are those that are asked for, in the order of the marks.
    pub fn solution(&self) -> &Solution {
        &self.solution
    }

    /// What is asked for, in the order of the marks.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter()
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

/// The gradient of the problem's loss with respect to everything that it depends on, by its name `dZ`.
fn add_gradients(solution: &mut Solution, scope: &mut Scope) -> Result<(), Refusal> {
    let mut losses: Vec<NodeId> = solution.gradients.iter().map(|gradients| gradients.loss).collect();
    if losses.is_empty() {
        losses.extend(solution.model.default_loss());
    }
    for loss in losses {
        let needed = solution.model.graph.needed(&[loss]);
        let all: Vec<NodeId> = solution.model.leaves.iter().chain(&solution.model.definitions).copied().collect();
        let wanted: Vec<NodeId> = all.into_iter().filter(|id| *id != loss && needed[id.place()]).collect();
        let more = differentiate(&mut solution.model, loss, &wanted).map_err(Refusal::Rule)?;
        let known = solution.gradients.iter().find(|gradients| gradients.loss == loss);
        for of in wanted {
            let gradient = known.and_then(|known| known.of.get(&of)).or_else(|| more.of.get(&of));
            let (Some(gradient), Some(name)) = (gradient, name(&solution.model.graph, of)) else { continue };
            for spelling in [format!("d{name}"), format!("delta{name}")] {
                if scope.get(&names::key(&spelling)).is_none() {
                    scope.insert(&spelling, Meaning::Value(*gradient));
                }
            }
        }
    }
    Ok(())
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

/// Random data at which all expressions that are asked for have a value: two sets for each of three assignments of
/// the sizes, all different and none 1.
fn drawn_places(model: &Model, questions: &[Question]) -> Vec<Place> {
    let wanted: Vec<NodeId> = questions.iter().filter_map(|question| question.node).collect();
    // Whatever an answer may speak of.
    let named: BTreeSet<NodeId> = wanted.iter().copied().chain(model.leaves.iter().copied()).collect();
    let leaves = leaves_of(&model.graph, &named.into_iter().collect::<Vec<_>>());
    let mut places = Vec::new();
    for round in rounds(&model.dims).into_iter().filter(|round| !round.optional) {
        let tries = round.sizes.iter().flat_map(|sizes| (0..TRIES).map(move |draw| (sizes, draw)));
        let found = tries.filter_map(|(sizes, draw)| {
            let seed = round.seed * TRIES + draw + 1;
            let environment = random_environment(model, &leaves, sizes, draw, &mut Rng::with_seed(seed))?;
            let values = model.graph.evaluate(&wanted, &environment).ok()?;
            Some(Place { environment, values, sizes: sizes.clone(), seed })
        });
        places.extend(found.take(DRAWS));
    }
    places
}

/// Whether something is the problem's data or a parameter, and so has a value of its own at each place.
pub(super) fn is_leaf(graph: &Graph, id: NodeId) -> bool {
    graph.as_leaf(id).is_some_and(|leaf| match leaf.kind {
        LeafKind::Input | LeafKind::Target | LeafKind::Param | LeafKind::Const => true,
    })
}
