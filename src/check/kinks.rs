//! Places where a form changes its course, and data on each side of them.
//!
//! A mask, a bound, a root, a high power: what is equal on one side need not be on the other. Where no data have been on a
//! side, some are looked for: along a line by its slope, and in growing steps where it is none. A threshold is closed in
//! on, so that one that stands a little aside is told from it.

use super::data::is_fixed;
use super::key::Place;
use crate::graph::{Environment, Graph, Kind, LeafId, NodeId, Values};
use crate::ops::Op;
use crate::tensor::Tensor;
use fastrand::Rng;

/// Steps along a line that is not straight.
const STEPS: [f64; 8] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4];
/// Lines that are tried.
const LINES: usize = 4;
/// A straight line is followed so far past the place.
const PAST: f64 = 1.25;
/// Data this near to a threshold tell it from another.
const NEAR: f64 = 0.02;
/// How often the way to a threshold is halved.
const HALVINGS: usize = 20;
/// From this exponent on only a base near 1 has a power to see.
const HIGH: f64 = 20.0;
/// Sites that are looked at.
const MOST: usize = 24;
const SEED: u64 = 0xb0d5;

/// Where the value of a node, or its difference from another, passes a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Site {
    left: NodeId,
    right: Option<NodeId>,
    bound: f64,
    /// The bound itself is what has to be met.
    exactly: bool,
    /// Where the bound lies tells one form from another.
    threshold: bool,
}

/// The places of a form's own nodes, those that do not stand before `from`, where it changes its course.
pub(super) fn sites_of(graph: &Graph, form: NodeId, from: usize) -> Vec<Site> {
    let own = graph.cone(&[form]).into_iter().filter(|id| id.place() >= from);
    own.flat_map(|id| sites(graph, id)).take(MOST).collect()
}

/// What was found at a site.
#[derive(Clone, Debug, Default)]
pub(super) struct Beyond {
    pub places: Vec<Place>,
    /// All data are on one side of a threshold, and none on the other were found.
    pub one_sided: bool,
}

/// Data on those sides of a site that none of the places is on, or near enough to tell its threshold from another; a form
/// with the site has a value there.
pub(super) fn beyond(graph: &Graph, form: NodeId, site: Site, places: &[&Place]) -> Beyond {
    let Some(start) = places.first() else { return Beyond::default() };
    let mut random = Rng::with_seed(SEED);
    let wanted = if site.threshold { NEAR } else { f64::INFINITY };
    let known: Vec<Vec<f64>> = places.iter().filter_map(|place| site.gaps(graph, &place.environment)).collect();
    let mut found: Vec<Place> = Vec::new();
    for side in [-1.0, 1.0] {
        let new: Vec<Vec<f64>> = found.iter().filter_map(|place| site.gaps(graph, &place.environment)).collect();
        let on = known.iter().chain(&new).flatten().filter(|gap| site.is_on(**gap, side));
        let nearest = on.map(|gap| gap.abs()).fold(f64::INFINITY, f64::min);
        if nearest >= wanted {
            found.extend(search(graph, form, site, side, start, &mut random));
        }
    }
    let new: Vec<Vec<f64>> = found.iter().filter_map(|place| site.gaps(graph, &place.environment)).collect();
    let gaps = || known.iter().chain(&new).flatten();
    let one_sided =
        site.threshold && gaps().next().is_some() && (gaps().all(|gap| *gap > 0.0) || gaps().all(|gap| *gap < 0.0));
    Beyond { places: found, one_sided }
}

fn sites(graph: &Graph, id: NodeId) -> Vec<Site> {
    let Some((op, operands)) = graph.as_apply(id) else { return Vec::new() };
    let at = |left: NodeId, bound: f64| Site { left, right: None, bound, exactly: false, threshold: true };
    match (op, operands) {
        (Op::Compare(_) | Op::Maximum(_) | Op::Minimum(_), [left, right]) => {
            vec![Site { right: Some(*right), ..at(*left, 0.0) }]
        }
        (Op::Abs(_) | Op::Sign(_) | Op::Step(_) | Op::Relu(_) | Op::LeakyRelu(_), [of]) => vec![at(*of, 0.0)],
        (Op::Clip(clip), [of]) => {
            let bounds = [&clip.low, &clip.high].into_iter().flatten();
            bounds.map(|bound| at(*of, bound.0.to_f64())).collect()
        }
        (Op::Div(_), [_, divisor]) if graph.as_number(*divisor).is_none() => {
            vec![Site { threshold: false, ..at(*divisor, 0.0) }]
        }
        (Op::Pow(_), [base, exponent]) => {
            let high = graph.as_number(*exponent).is_some_and(|exponent| exponent.to_f64().abs() > HIGH);
            let bounds = [1.0, -1.0].into_iter().filter(|_| high);
            let near = bounds.map(|bound| Site { exactly: true, threshold: false, ..at(*base, bound) });
            near.chain([Site { threshold: false, ..at(*base, 0.0) }]).collect()
        }
        _ => Vec::new(),
    }
}

impl Site {
    /// What tells it from others.
    pub(super) fn key(&self) -> (NodeId, Option<NodeId>, u64, bool) {
        (self.left, self.right, self.bound.to_bits(), self.exactly)
    }

    /// By how much the entries are past the bound.
    fn gaps(&self, graph: &Graph, environment: &Environment<f64>) -> Option<Vec<f64>> {
        let mut values = Values::<f64>::none();
        graph.extend(&mut values, self.left, environment).ok()?;
        let left = values.get(self.left)?.clone();
        let gaps: Vec<f64> = match self.right {
            None => left.entries().map(|entry| entry - self.bound).collect(),
            Some(right) => {
                graph.extend(&mut values, right, environment).ok()?;
                let right = values.get(right)?;
                let index = crate::tensor::indices(left.extents());
                let both = index.zip(left.entries());
                both.map(|(index, entry)| entry - right_at(right, &index, &left)).collect()
            }
        };
        gaps.iter().all(|gap| gap.is_finite()).then_some(gaps)
    }

    fn is_on(&self, gap: f64, side: f64) -> bool {
        match self.exactly {
            true => gap.abs() < 1e-3,
            false => gap * side > 0.0,
        }
    }
}

/// The entry that stands beside one of a larger value.
fn right_at(right: &Tensor<f64>, index: &[usize], left: &Tensor<f64>) -> f64 {
    match right.extents() == left.extents() {
        true => *right.at(index),
        false if right.size() == 1 => *right.first(),
        false => *right.repeated_at(index),
    }
}

/// Data on one side of a site, along a line from the first ones; of a threshold also close to it, on both sides.
fn search(graph: &Graph, form: NodeId, site: Site, side: f64, start: &Place, random: &mut Rng) -> Vec<Place> {
    let needed = graph.needed(&[site.left, site.right.unwrap_or(site.left)]);
    let leaves: Vec<LeafId> = graph
        .leaf_nodes()
        .filter(|(id, node)| needed[node.place()] && start.environment.leaves.contains_key(id))
        .map(|(id, _)| id)
        .filter(|id| !is_fixed(graph.leaf(*id)) && graph.leaf(*id).one_hot_axis.is_none())
        .filter(|id| graph.leaf(*id).assumed.is_empty())
        .collect();
    let Some(here) = site.gaps(graph, &start.environment) else { return Vec::new() };
    for line in 0..LINES {
        let directions: Vec<(LeafId, Tensor<f64>)> = leaves
            .iter()
            .map(|leaf| {
                let own = &start.environment.leaves[leaf];
                let along = |_: &f64| if line == 0 { 1.0 } else { 2.0 * random.f64() - 1.0 };
                (*leaf, Tensor::from_entries(own.extents(), own.entries().map(along).collect()))
            })
            .collect();
        let moved = |step: f64| {
            let mut environment = start.environment.clone();
            for (leaf, direction) in &directions {
                let value = start.environment.leaves[leaf].zip(direction, |own, along| own + step * along);
                environment.set(*leaf, value);
            }
            environment
        };
        let gaps = |step: f64| site.gaps(graph, &moved(step));
        let slope = gaps(1.0).map(|there| there.iter().zip(&here).map(|(a, b)| a - b).collect::<Vec<f64>>());
        let past = if site.exactly { 1.0 } else { PAST };
        let straight = here.iter().zip(slope.iter().flatten()).filter(|(_, slope)| slope.abs() > 1e-9);
        let straight: Vec<f64> = straight.map(|(gap, slope)| -past * gap / slope).take(4).collect();
        let steps = straight.into_iter().chain(STEPS.iter().flat_map(|step| [*step, -*step]));
        for step in steps {
            let entry = gaps(step).and_then(|gaps| gaps.iter().position(|gap| site.is_on(*gap, side)));
            let Some(entry) = entry else { continue };
            let mut all = vec![step];
            if site.threshold && !site.is_on(here[entry], side) {
                let (mut before, mut after) = (0.0, step);
                for _ in 0..HALVINGS {
                    let middle = 0.5 * (before + after);
                    match gaps(middle).is_some_and(|gaps| site.is_on(gaps[entry], side)) {
                        true => after = middle,
                        false => before = middle,
                    }
                    if (after - before).abs() < 1e-3 * step.abs() {
                        break;
                    }
                }
                all.extend([after, before]);
            }
            let places = all.into_iter().map(|step| {
                let (environment, mut values) = (moved(step), Values::<f64>::none());
                graph.extend(&mut values, form, &environment).ok()?;
                Some(Place { environment, values, sizes: start.sizes.clone(), seed: start.seed })
            });
            let places: Vec<Place> = places.flatten().collect();
            if !places.is_empty() {
                return places;
            }
        }
    }
    Vec::new()
}

/// Whether two values differ where they are large, small, or made of large terms that cancel: by more than all of that
/// explains.
pub(super) fn differ_far(graph: &Graph, values: &Values<f64>, found: NodeId, right: NodeId) -> Option<usize> {
    const TOLD: f64 = 1e-6;
    const LOST: f64 = 1e-10;
    const NOTHING: f64 = 1e-250;
    let (a, b) = (values.get(found)?, values.get(right)?);
    let scale = a.entries().chain(b.entries()).map(|entry| entry.abs()).fold(0.0, f64::max);
    if a.size() != b.size() || !scale.is_finite() || scale < NOTHING {
        return None;
    }
    let differing = |bound: f64| a.entries().zip(b.entries()).position(|(a, b)| (a - b).abs() > bound);
    differing(TOLD * scale)?;
    let inner = graph.cone(&[found, right]).into_iter().filter(|id| !matches!(graph.kind(*id), Kind::Number(_)));
    let largest = inner.filter_map(|id| values.get(id)).flat_map(Tensor::entries).map(|entry| entry.abs());
    let largest = largest.fold(0.0, f64::max);
    differing((TOLD * scale).max(LOST * largest))
}
