//! Whether two expressions stand in a relation at all data, as far as data can tell, and the smallest data at which they
//! do not.

use crate::graph::{Environment, Graph, LeafId, NodeId, imposed};
use crate::model::Model;
use crate::number::Number;
use crate::ops::Op;
use crate::shape::DimValues;
use crate::syntax::ast::{LeafKind, Relation};
use crate::tensor::{Tensor, indices};
use crate::verify::{leaves_of, one_hot, random_environment, rounds};
use fastrand::Rng;

/// What data say of a relation.
#[derive(Clone, Debug)]
pub enum Finding {
    /// It holds at all that were tried, so many.
    Holds(usize),
    Fails(Box<Counterexample>),
    /// No data were found at which both sides have a value.
    Undefined,
}

/// Data at which a relation does not hold.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The leaves that were chosen, with their values.
    pub data: Vec<(NodeId, Tensor<Number>)>,
    pub left: Tensor<Number>,
    pub right: Tensor<Number>,
}

/// Sets of random data for each assignment of the sizes.
const DRAWS: u64 = 9;
/// Small whole numbers are tried so often at each size.
const TRIES: u64 = 80;
/// The largest side of a small example.
const LARGEST: usize = 3;
/// Relative to the entries.
const TOLERANCE: f64 = 1e-7;

pub fn compare(model: &Model, left: NodeId, relation: Relation, right: NodeId) -> Finding {
    let mut tried = 0;
    let fixed = leaves_of(&model.graph, &[left, right]).into_iter().all(|leaf| is_given(&model.graph, leaf));
    for round in rounds(&model.dims).into_iter() {
        for sizes in &round.sizes {
            let mut found = false;
            for draw in 0..if fixed { 1 } else { DRAWS } {
                let mut random = Rng::with_seed(1 + round.seed * 100 + draw);
                let leaves = leaves_of(&model.graph, &[left, right]);
                let Some(environment) = random_environment(model, &leaves, sizes, draw, &mut random) else { continue };
                let environment = with_given(&model.graph, environment, &leaves);
                let Ok(values) = model.graph.evaluate::<f64>(&[left, right], &environment) else { continue };
                let (Some(one), Some(two)) = (values.get(left), values.get(right)) else { continue };
                found = true;
                tried += 1;
                if !holds(one, relation, two) {
                    return Finding::Fails(Box::new(
                        smallest(model, left, relation, right)
                            .unwrap_or_else(|| at_random(model, &environment, &leaves, [left, right], [one, two])),
                    ));
                }
            }
            if found {
                break;
            }
        }
    }
    // Small whole numbers meet kinks and zeros.
    if let Some(found) = smallest(model, left, relation, right) {
        return Finding::Fails(Box::new(found));
    }
    if tried == 0 { Finding::Undefined } else { Finding::Holds(tried) }
}

/// Whether at some data, with sides longer than 1 where they have names, all inverses in an expression are inverses.
pub fn has_its_inverses(model: &Model, form: NodeId) -> bool {
    let inverses = inverses(&model.graph, &[form]);
    let leaves = leaves_of(&model.graph, &[form]);
    let sound = |seed: u64, sizes: &DimValues| {
        let mut random = Rng::with_seed(seed);
        let environment = random_environment(model, &leaves, sizes, 0, &mut random);
        environment.is_some_and(|environment| {
            let environment = with_given(&model.graph, environment, &leaves);
            model.graph.evaluate::<f64>(&inverses, &environment).is_ok()
        })
    };
    let rounds = rounds(&model.dims);
    let mut usual = rounds.iter().filter(|round| !round.optional);
    inverses.is_empty() || usual.any(|round| round.sizes.iter().any(|sizes| sound(round.seed, sizes)))
}

/// What comes near a bound, so that its distance from that is lost in a double.
fn squashed(graph: &Graph, of: &[NodeId]) -> Vec<NodeId> {
    let needed = graph.needed(of);
    let squashes = |id: &NodeId| {
        let op = graph.as_apply(*id).map(|(op, _)| op);
        needed[id.place()]
            && matches!(op, Some(Op::Sigmoid(_) | Op::Tanh(_) | Op::Softmax(_) | Op::Erf(_) | Op::NormalCdf(_)))
    };
    graph.ids().filter(squashes).collect()
}

/// Whether an entry is nearer to 1 than doubles can tell well; a softmax of one entry is 1.
fn is_saturated(value: &Tensor<Number>) -> bool {
    const NEAR: f64 = 1e-6;
    let near = |entry: &Number| (1.0 - entry.to_f64().abs()).abs() < NEAR;
    value.entries().any(near) && !value.entries().all(near)
}

/// The inverses in some expressions.
fn inverses(graph: &Graph, of: &[NodeId]) -> Vec<NodeId> {
    let needed = graph.needed(of);
    let is_inverse = |id: &NodeId| needed[id.place()] && matches!(graph.as_apply(*id), Some((Op::Inverse(_), _)));
    graph.ids().filter(is_inverse).collect()
}

fn is_given(graph: &Graph, leaf: LeafId) -> bool {
    graph.leaf(leaf).value.is_some()
}

/// What has a value keeps it.
fn with_given(graph: &Graph, mut environment: Environment<f64>, leaves: &[LeafId]) -> Environment<f64> {
    for leaf in leaves {
        if let Some(value) = &graph.leaf(*leaf).value {
            environment.set(*leaf, value.convert());
        }
    }
    environment
}

/// Whether a relation holds in every entry, where the sides are repeated to one shape.
fn holds(left: &Tensor<f64>, relation: Relation, right: &Tensor<f64>) -> bool {
    let largest = left.entries().chain(right.entries()).fold(1.0_f64, |top, entry| top.max(entry.abs()));
    let near = TOLERANCE * largest;
    let extents = if left.size() >= right.size() { left.extents() } else { right.extents() };
    let at = |tensor: &Tensor<f64>, index: &[usize]| {
        if tensor.rank() == 0 { *tensor.first() } else { *tensor.repeated_at(index) }
    };
    let mut all = indices(extents).map(|index| (at(left, &index), at(right, &index)));
    let equal = |(a, b): (f64, f64)| a == b || (a - b).abs() <= near;
    match relation {
        Relation::Equal => all.all(equal),
        Relation::NotEqual => !all.all(equal),
        Relation::Less => all.all(|(a, b)| a < b),
        Relation::Greater => all.all(|(a, b)| a > b),
        Relation::LessEqual => all.all(|(a, b)| a <= b + near),
        Relation::GreaterEqual => all.all(|(a, b)| a + near >= b),
    }
}

/// The sizes from 1 on, the smaller ones first.
fn small_sizes(dims: &[String]) -> Vec<DimValues> {
    let mut all: Vec<DimValues> = vec![DimValues::new()];
    for dim in dims {
        all = all
            .into_iter()
            .flat_map(|sizes| {
                (1..=LARGEST)
                    .map(move |size| sizes.iter().map(|(k, v)| (k.clone(), *v)).chain([(dim.clone(), size)]).collect())
            })
            .collect();
        all.truncate(81);
    }
    all.sort_by_key(|sizes: &DimValues| sizes.values().sum::<usize>());
    all
}

/// The example with the smallest sizes, and among these the smallest whole numbers that were found.
fn smallest(model: &Model, left: NodeId, relation: Relation, right: NodeId) -> Option<Counterexample> {
    let graph = &model.graph;
    let leaves = leaves_of(graph, &[left, right]);
    let node = |leaf: LeafId| graph.leaf_nodes().find(|(own, _)| *own == leaf).map(|(_, node)| node);
    let squashed = squashed(graph, &[left, right]);
    let wanted: Vec<NodeId> = [left, right].into_iter().chain(squashed.iter().copied()).collect();
    for sizes in small_sizes(&model.dims) {
        let mut best: Option<(f64, Counterexample)> = None;
        for draw in 0..TRIES {
            let mut random = Rng::with_seed(7_000 + draw);
            let Some(environment) = whole_numbers(model, &leaves, &sizes, draw, &mut random) else { break };
            let Ok(values) = graph.evaluate::<Number>(&wanted, &environment) else { continue };
            if squashed.iter().any(|id| values.get(*id).is_none_or(is_saturated)) {
                continue;
            }
            let (Some(one), Some(two)) = (values.get(left), values.get(right)) else { continue };
            if holds(&one.convert(), relation, &two.convert()) {
                continue;
            }
            let data: Vec<(NodeId, Tensor<Number>)> = leaves
                .iter()
                .filter(|leaf| !is_given(graph, **leaf))
                .filter_map(|leaf| Some((node(*leaf)?, environment.leaves.get(leaf)?.as_ref().clone())))
                .collect();
            let size = data.iter().flat_map(|(_, value)| value.entries()).map(|entry| entry.to_f64().abs()).sum();
            if best.as_ref().is_none_or(|(known, _)| size < *known) {
                best = Some((size, Counterexample { data, left: one.clone(), right: two.clone() }));
            }
        }
        if let Some((_, found)) = best {
            return Some(found);
        }
    }
    None
}

/// Whole numbers for the leaves, small ones first.
fn whole_numbers(
    model: &Model,
    leaves: &[LeafId],
    sizes: &DimValues,
    draw: u64,
    random: &mut Rng,
) -> Option<Environment<Number>> {
    // What is assumed of the data is drawn with them.
    let shaped = random_environment(model, leaves, sizes, draw, random)?;
    let mut environment = Environment::<Number>::given(&model.graph);
    environment.dims = sizes.clone();
    let top = 1 + (draw / 20) as i64;
    for leaf in leaves {
        let own = model.graph.leaf(*leaf);
        if own.value.is_some() {
            continue;
        }
        let extents = own.shape.evaluate(sizes)?;
        let value = match own.one_hot_axis {
            Some(axis) => one_hot(&extents, axis, random).map(|entry| Number::integer(entry as i64)),
            None => {
                let drawn = shaped.leaves.get(leaf)?;
                let symmetric = is_symmetric(drawn);
                let positive = drawn.entries().all(|entry| *entry > 0.0);
                let from = if draw % 2 == 1 && positive { 1 } else { -top };
                let value = Tensor::from_fn(&extents, |_| Number::integer(random.i64(from..=top)));
                match symmetric {
                    true => value.zip(&value.transpose(), |one, two| one + two),
                    false => value,
                }
            }
        };
        environment.set(*leaf, imposed(&own.assumed, value)?);
    }
    (own_kind(model, leaves)).then_some(environment)
}

/// Constants without a value would be anything.
fn own_kind(model: &Model, leaves: &[LeafId]) -> bool {
    leaves.iter().all(|leaf| {
        let leaf = model.graph.leaf(*leaf);
        leaf.kind != LeafKind::Const || leaf.value.is_some() || leaf.shape.rank() <= 2
    })
}

fn is_symmetric(value: &Tensor<f64>) -> bool {
    matches!(value.extents(), [rows, columns] if rows == columns && *rows > 1)
        && indices(value.extents()).all(|index| value.at(&index) == value.at(&[index[1], index[0]]))
}

fn at_random(
    model: &Model,
    environment: &Environment<f64>,
    leaves: &[LeafId],
    _: [NodeId; 2],
    [left, right]: [&Tensor<f64>; 2],
) -> Counterexample {
    let graph = &model.graph;
    let rounded = |value: &Tensor<f64>| value.map(Number::approx);
    let data = graph
        .leaf_nodes()
        .filter(|(leaf, _)| leaves.contains(leaf) && !is_given(graph, *leaf))
        .filter_map(|(leaf, node)| Some((node, rounded(environment.leaves.get(&leaf)?))))
        .collect();
    Counterexample { data, left: rounded(left), right: rounded(right) }
}
