//! Least and largest values under an equation: one name after the other by the multiplier, and that from the equation.

use super::Asking;
use super::compare::{Finding, compare};
use super::curvature::{Curvature, curvature};
use super::linear::{Solved, solve};
use super::optimum::{KIND, by_curvature, graph_number, tidy, tidy_if_shorter};
use super::solve::{unsolved, working};
use crate::algebra::Expander;
use crate::answer::told::{Block, Formula, Say};
use crate::diagnostic::Diagnostic;
use crate::differentiate::differentiate;
use crate::graph::{Leaf, NodeId, SymbolName};
use crate::math::Relation;
use crate::number::Number;
use crate::ops::{Add, MatMul, Scale, Sub, Transpose};
use crate::syntax::ast;
use std::collections::HashMap;

/// What is sought.
pub struct Wanted<'a> {
    pub objective: NodeId,
    pub of: &'a [NodeId],
    pub names: &'a [ast::Name],
    /// The objective's gradients, down to what is given.
    pub equations: &'a [NodeId],
    pub maximum: bool,
}

type Faults = Vec<Diagnostic>;

/// The names' values, and what kind of point it is.
pub fn bound(
    asking: &mut Asking,
    wanted: &Wanted,
    related: &ast::Related,
    blocks: &mut Vec<Block>,
) -> Result<(Vec<NodeId>, Say), Faults> {
    let [left, right] = asking.sides(related)?;
    let (left, right) = (asking.opened_whole(left, wanted.of), asking.opened_whole(right, wanted.of));
    let multiplier = add_multiplier(asking, left);
    let slopes = slopes(asking, wanted, multiplier, [left, right])?;
    let zero = asking.work.model.graph.integer(0);
    let mut stationary = Vec::new();
    for (gradient, slope) in wanted.equations.iter().zip(&slopes) {
        let together = match slope {
            Some(slope) => asking.work.model.graph.apply(Add, &[*gradient, *slope]),
            None => Ok(*gradient),
        };
        let together = together.map_err(|_| no_condition(asking))?;
        let shown = tidy(asking, together);
        let formula = Formula::related(Formula::Node(shown), Relation::Equal, Formula::Node(zero));
        blocks.push(Block::Display { formula, boxed: false });
        stationary.push(together);
    }
    let found = by_multiplier(asking, wanted, stationary, multiplier, blocks)?;
    let graph = &mut asking.work.model.graph;
    let (left, right) = (graph.replaced(left, &found), graph.replaced(right, &found));
    blocks.push(Block::Say(Say::new("In the condition this gives the multiplier {}.").node(multiplier)));
    let solved = solve(&mut asking.work.model.graph, left, right, multiplier)
        .map_err(|reason| unsolved(asking, reason, "mu"))?;
    blocks.extend(working(asking, &solved, None));
    let mut points = Vec::new();
    for value in &solved.solutions {
        if solved.collected != [multiplier, *value] {
            let formula = Formula::equal(Formula::Node(multiplier), Formula::Node(*value));
            blocks.push(Block::Display { formula, boxed: false });
        }
        let with = HashMap::from([(multiplier, *value)]);
        let forms: Vec<NodeId> = wanted.of.iter().map(|id| found[id]).collect();
        let forms = forms.into_iter().map(|form| asking.work.model.graph.replaced(form, &with)).collect::<Vec<_>>();
        points.push(forms.into_iter().map(|form| tidy_if_shorter(asking, form)).collect::<Vec<_>>());
    }
    match points.as_slice() {
        [_] => {
            let point = points.remove(0);
            let kind = kind_of_point(asking, wanted, &slopes, &point)?;
            Ok((point, kind))
        }
        [_, _] => the_better(asking, wanted, &slopes, points),
        _ => Err(no_condition(asking)),
    }
}

fn no_condition(asking: &Asking) -> Faults {
    asking.fault("the condition can't be met by a multiplier in symbols", KIND.example)
}

fn add_multiplier(asking: &mut Asking, left: NodeId) -> NodeId {
    let taken = |name: &&str| asking.scope.get(name).is_some();
    let name = ["mu", "nu", "xi"].into_iter().find(|name| !taken(name)).unwrap_or("mu").to_string();
    let graph = &mut asking.work.model.graph;
    let shape = graph.shape(left).clone();
    let own = |leaf: &Leaf| leaf.name == name && leaf.shape == shape;
    if let Some((_, known)) = graph.leaf_nodes().find(|(id, _)| own(graph.leaf(*id))) {
        return known;
    }
    graph.add_leaf(Leaf::unknown(&name, ast::LeafKind::Param, shape))
}

/// The derivatives of the multiplier times the condition in each name.
fn slopes(
    asking: &mut Asking,
    wanted: &Wanted,
    multiplier: NodeId,
    sides: [NodeId; 2],
) -> Result<Vec<Option<NodeId>>, Faults> {
    let graph = &mut asking.work.model.graph;
    let product = graph.apply(Sub, &sides).and_then(|left| match graph.shape(left).size().is_one() {
        true => graph.apply(Scale, &[multiplier, left]),
        false => {
            let turned = graph.apply(Transpose, &[multiplier])?;
            graph.apply(MatMul, &[turned, left])
        }
    });
    let Ok(product) = product else { return Err(no_condition(asking)) };
    let model = &mut asking.work.model;
    let named = model.graph.add_symbol(SymbolName::Generated("c".to_string()), product);
    let Ok(slopes) = differentiate(model, named, wanted.of) else { return Err(no_condition(asking)) };
    Ok(wanted.of.iter().map(|id| slopes.of.get(id).map(|slope| asking.opened_whole(*slope, wanted.of))).collect())
}

/// Each name by the multiplier alone.
fn by_multiplier(
    asking: &mut Asking,
    wanted: &Wanted,
    mut equations: Vec<NodeId>,
    multiplier: NodeId,
    blocks: &mut Vec<Block>,
) -> Result<HashMap<NodeId, NodeId>, Faults> {
    let zero = asking.work.model.graph.integer(0);
    let mut left: Vec<(NodeId, &ast::Name)> = wanted.of.iter().copied().zip(wanted.names).collect();
    let mut found: HashMap<NodeId, NodeId> = HashMap::new();
    while !left.is_empty() {
        let mut reason = None;
        let mut solved: Option<(usize, usize, Solved)> = None;
        // Each equation for its own name first.
        for distance in 0..left.len() {
            for (row, equation) in equations.iter().enumerate() {
                let column = (row + distance) % left.len();
                match solve(&mut asking.work.model.graph, *equation, zero, left[column].0) {
                    Ok(own) if own.solutions.len() == 1 => solved = Some((row, column, own)),
                    Ok(_) => {}
                    Err(own) => reason = Some((own, left[column].1)),
                }
                if solved.is_some() {
                    break;
                }
            }
            if solved.is_some() {
                break;
            }
        }
        let Some((row, column, own)) = solved else {
            return Err(match reason {
                Some((reason, name)) => unsolved(asking, reason, &name.text),
                None => no_condition(asking),
            });
        };
        let (id, name) = left.remove(column);
        equations.remove(row);
        let solution = tidy_if_shorter(asking, own.solutions[0]);
        // `(1 + mu) x = 0` has other solutions too.
        let graph = &mut asking.work.model.graph;
        let depends = own.divisor.is_some_and(|divisor| graph.needed(&[divisor])[multiplier.place()]);
        if depends && Expander::new(graph).poly(solution).is_some_and(|poly| poly.is_zero()) {
            let message =
                format!("`{}` is 0, or the multiplier makes it free: there are several such points", name.text);
            let help = "for a quadratic form on the unit sphere they are the eigenvectors: `eigenvalues of S`";
            return Err(asking.fault(message, help));
        }
        blocks
            .push(Block::Display { formula: Formula::equal(Formula::Node(id), Formula::Node(solution)), boxed: false });
        let with = HashMap::from([(id, solution)]);
        let graph = &mut asking.work.model.graph;
        equations.iter_mut().for_each(|equation| *equation = graph.replaced(*equation, &with));
        found.values_mut().for_each(|earlier| *earlier = graph.replaced(*earlier, &with));
        found.insert(id, solution);
    }
    Ok(found)
}

/// The objective at a point.
fn at(asking: &mut Asking, wanted: &Wanted, point: &[NodeId]) -> NodeId {
    let whole = asking.opened_whole(wanted.objective, wanted.of);
    let with: HashMap<NodeId, NodeId> = wanted.of.iter().copied().zip(point.iter().copied()).collect();
    asking.work.model.graph.replaced(whole, &with)
}

fn better(maximum: bool) -> ast::Relation {
    if maximum { ast::Relation::GreaterEqual } else { ast::Relation::LessEqual }
}

/// Of two points on a closed surface, one has the larger value and the other the smaller.
fn the_better(
    asking: &mut Asking,
    wanted: &Wanted,
    slopes: &[Option<NodeId>],
    points: Vec<Vec<NodeId>>,
) -> Result<(Vec<NodeId>, Say), Faults> {
    let graph = &asking.work.model.graph;
    // A sum of squares, one of each name: each slope holds its own name and no other.
    let closed = wanted.of.iter().zip(slopes).all(|(own, slope)| {
        slope.is_some_and(|slope| {
            let needed = graph.needed(&[slope]);
            wanted.of.iter().all(|other| needed[other.place()] == (own == other))
        })
    });
    if !closed {
        return Err(asking.fault("there are two such points, and neither need be the best", KIND.example));
    }
    let values = [at(asking, wanted, &points[0]), at(asking, wanted, &points[1])];
    let relation = better(wanted.maximum);
    for (one, two) in [(0, 1), (1, 0)] {
        if let Finding::Holds(_) = compare(&asking.work.model, values[one], relation, values[two]) {
            let text = match wanted.maximum {
                true => "Of the two points at which the gradient is such a multiple, this has the larger {}.",
                false => "Of the two points at which the gradient is such a multiple, this has the smaller {}.",
            };
            return Ok((points[one].clone(), Say::new(text).node(wanted.objective)));
        }
    }
    Err(asking.fault(
        "which of two points is the better one depends on the data",
        "give the data their values, or say `positive`",
    ))
}

/// Whether the one point is what was asked for: by curvature, or by others that meet the condition too.
fn kind_of_point(
    asking: &mut Asking,
    wanted: &Wanted,
    slopes: &[Option<NodeId>],
    point: &[NodeId],
) -> Result<Say, Faults> {
    if let [only] = wanted.of {
        let (found, because) = curvature(&asking.work.model.graph, wanted.objective, *only);
        match (found, wanted.maximum) {
            (Curvature::Convex, false) | (Curvature::Concave, true) => {
                return Ok(by_curvature(wanted.objective, *only, wanted.maximum, because));
            }
            (Curvature::Convex | Curvature::Concave, _) => return Err(other_kind(asking, wanted)),
            _ => return Ok(only_point()),
        }
    }
    let graph = &asking.work.model.graph;
    let free = |slope: &NodeId| {
        let needed = graph.needed(&[*slope]);
        graph.shape(*slope).is_scalar() && !wanted.of.iter().any(|id| needed[id.place()])
    };
    let Some(slopes) = slopes.iter().map(|slope| slope.filter(free)).collect::<Option<Vec<_>>>() else {
        return Ok(only_point());
    };
    let best = at(asking, wanted, point);
    for one in 0..point.len() {
        for two in 0..one {
            for step in [Number::ratio(1, 10), Number::ratio(-1, 10), Number::integer(1), Number::integer(-1)] {
                let Some(moved) = moved(asking, point, &slopes, (one, two), step) else { return Ok(only_point()) };
                let beside = at(asking, wanted, &moved);
                let stands = |relation| compare(&asking.work.model, best, relation, beside);
                match (stands(better(wanted.maximum)), stands(better(!wanted.maximum))) {
                    (Finding::Holds(_), _) => {}
                    (_, Finding::Holds(_)) => return Err(other_kind(asking, wanted)),
                    _ => return Ok(only_point()),
                }
            }
        }
    }
    let text = match wanted.maximum {
        true => {
            "It is the only such point, and beside it, where the condition holds, {} is smaller at all random data that were tried."
        }
        false => {
            "It is the only such point, and beside it, where the condition holds, {} is larger at all random data that were tried."
        }
    };
    Ok(Say::new(text).node(wanted.objective))
}

/// The point with two of its names moved so that a linear condition still holds.
fn moved(
    asking: &mut Asking,
    point: &[NodeId],
    slopes: &[NodeId],
    (one, two): (usize, usize),
    step: Number,
) -> Option<Vec<NodeId>> {
    let mut moved = point.to_vec();
    for (own, other, step) in [(one, two, step.clone()), (two, one, -&step)] {
        let factor = graph_number(asking, &step);
        let graph = &mut asking.work.model.graph;
        let way = graph.apply(Scale, &[factor, slopes[other]]).ok()?;
        moved[own] = graph.apply(Add, &[point[own], way]).ok()?;
    }
    Some(moved)
}

fn only_point() -> Say {
    Say::new(
        "It is the only point at which the gradient is such a multiple. Whether it is least, largest or neither depends on the data.",
    )
}

fn other_kind(asking: &Asking, wanted: &Wanted) -> Faults {
    let text = match wanted.maximum {
        true => "the one point at which the gradient is a multiple of the condition's is no maximum",
        false => "the one point at which the gradient is a multiple of the condition's is no minimum",
    };
    asking.fault(text, if wanted.maximum { "`minimize` it" } else { "`maximize` it" })
}
