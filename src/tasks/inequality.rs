//! `solve |1 - eta*a| < 1 for eta`: where an inequality holds, between the places at which both sides are equal.

use super::Asking;
use super::compare::{Finding, compare};
use super::linear::{Solved, solve};
use super::solve::{KIND, unsolved, working};
use crate::answer::Part;
use crate::answer::told::{Block, Formula, Say, Told};
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::math::Relation as Sign;
use crate::ops::{Add, Neg, Op, Scale, Sub};
use crate::simplify::simplest;
use crate::syntax::ast::{Related, Relation};
use std::collections::HashMap;

/// Where it holds.
enum Where {
    Below(NodeId),
    Above(NodeId),
    Between(NodeId, NodeId),
    Outside(NodeId, NodeId),
}

pub fn inequality(asking: &mut Asking, related: &Related, of: NodeId, name: &str) -> Result<Told, Vec<Diagnostic>> {
    let [left, right] = asking.sides(related)?;
    let graph = &asking.work.model.graph;
    let numbers = [left, right, of].iter().all(|id| graph.shape(*id).is_scalar());
    let less = match related.relation {
        Relation::Less | Relation::LessEqual => true,
        Relation::Greater | Relation::GreaterEqual => false,
        Relation::Equal | Relation::NotEqual => return Err(asking.fault("this is no inequality", KIND.example)),
    };
    if !numbers {
        return Err(asking.fault("an inequality is solved in a number", "its sides are numbers too"));
    }
    let sign = related.relation.into();
    let claim = Formula::related(Formula::Node(left), sign, Formula::Node(right));
    let question = Say::new("For which {} does {} hold?").node(of).formula(claim.clone());
    let mut blocks = vec![Block::Display { formula: claim, boxed: false }];
    let (open_left, open_right) = (asking.opened_whole(left, &[of]), asking.opened_whole(right, &[of]));
    let size = match asking.work.model.graph.as_apply(open_left) {
        Some((Op::Abs(_), [inner])) => Some(*inner),
        _ => None,
    };
    let found = match size {
        Some(inner) => within(asking, (inner, open_right), of, name, less, &mut blocks)?,
        None => split(asking, (open_left, open_right), of, name, less, &mut blocks)?,
    };
    let strict = matches!(related.relation, Relation::Less | Relation::Greater);
    let below = if strict { Sign::Less } else { Sign::LessEqual };
    let above = if strict { Sign::Greater } else { Sign::GreaterEqual };
    let node = Formula::Node;
    let one = |sign: Sign, bound: NodeId| Formula::related(node(of), sign, node(bound));
    let (shown, answers): (Vec<Formula>, Vec<(&str, NodeId, Formula)>) = match found {
        Where::Below(bound) => (vec![one(below, bound)], vec![(name, bound, one(below, bound))]),
        Where::Above(bound) => (vec![one(above, bound)], vec![(name, bound, one(above, bound))]),
        Where::Between(low, high) => (
            vec![Formula::Related(Box::new(node(low)), vec![(below, node(of)), (below, node(high))])],
            vec![("lower", low, one(above, low)), ("upper", high, one(below, high))],
        ),
        Where::Outside(low, high) => (
            vec![one(below, low), one(above, high)],
            vec![("lower", low, one(below, low)), ("upper", high, one(above, high))],
        ),
    };
    let either = shown.len() > 1;
    blocks.extend(shown.into_iter().map(|formula| Block::Display { formula, boxed: true }));
    if either {
        blocks.push(Block::Say(Say::new("One of the two holds.")));
    }
    for (name, bound, told) in answers {
        let value = asking.value(bound);
        let part = Part { told: Some(Say::new("{}").formula(told)), ..asking.part(name) };
        asking.answer(part, Some(bound), value);
    }
    Ok(Told { title: "Solved in symbols", question, blocks, open: false })
}

/// Whether a relation to 0 holds at all data that are tried.
fn is(asking: &mut Asking, form: NodeId, relation: Relation) -> bool {
    let zero = asking.work.model.graph.integer(0);
    matches!(compare(&asking.work.model, form, relation, zero), Finding::Holds(_))
}

fn minus(asking: &mut Asking, one: NodeId, two: NodeId) -> Result<NodeId, Vec<Diagnostic>> {
    asking.work.model.graph.apply(Sub, &[one, two]).map_err(|_| asking.fault("the sides do not fit", KIND.example))
}

fn undecided(asking: &Asking) -> Vec<Diagnostic> {
    asking.fault(
        "on which side it holds depends on the sign of what stands before the name",
        "declare it `positive`: `const a positive`",
    )
}

/// The two, the smaller first.
fn ordered(asking: &mut Asking, one: NodeId, two: NodeId) -> Result<(NodeId, NodeId), Vec<Diagnostic>> {
    let difference = minus(asking, one, two)?;
    match () {
        () if is(asking, difference, Relation::Less) => Ok((one, two)),
        () if is(asking, difference, Relation::Greater) => Ok((two, one)),
        () => Err(undecided(asking)),
    }
}

fn solved(asking: &mut Asking, left: NodeId, right: NodeId, of: NodeId, name: &str) -> Result<Solved, Vec<Diagnostic>> {
    solve(&mut asking.work.model.graph, left, right, of).map_err(|reason| unsolved(asking, reason, name))
}

/// `|inner| < right`: between where `inner` is `-right` and where it is `right`.
fn within(
    asking: &mut Asking,
    (inner, right): (NodeId, NodeId),
    of: NodeId,
    name: &str,
    less: bool,
    blocks: &mut Vec<Block>,
) -> Result<Where, Vec<Diagnostic>> {
    if !is(asking, right, Relation::Greater) {
        return Err(asking.fault("the size of something is compared with what is positive", "declare it `positive`"));
    }
    let negative =
        asking.work.model.graph.apply(Neg, &[right]).map_err(|_| asking.fault("the sides do not fit", KIND.example))?;
    let negative = simplest(&mut asking.work.model.graph, negative);
    let mut ends = Vec::new();
    for (end, words) in [(right, "The inside is as large as allowed where"), (negative, "and as small where")] {
        blocks.push(Block::Say(Say::new(words)));
        blocks.push(Block::Display { formula: Formula::equal(Formula::Node(inner), Formula::Node(end)), boxed: false });
        let found = solved(asking, inner, end, of, name)?;
        let [only] = found.solutions.as_slice() else {
            return Err(asking.fault("inside of the bars the name stands in more than one power", KIND.example));
        };
        ends.push(*only);
        blocks.push(Block::Display { formula: Formula::equal(Formula::Node(of), Formula::Node(*only)), boxed: false });
    }
    let (low, high) = ordered(asking, ends[0], ends[1])?;
    Ok(if less { Where::Between(low, high) } else { Where::Outside(low, high) })
}

/// Linear or quadratic: by the sign of the difference beside the places at which it is 0.
fn split(
    asking: &mut Asking,
    (left, right): (NodeId, NodeId),
    of: NodeId,
    name: &str,
    less: bool,
    blocks: &mut Vec<Block>,
) -> Result<Where, Vec<Diagnostic>> {
    let found = solved(asking, left, right, of, name)?;
    blocks.extend(working(asking, &found, None));
    blocks.push(Block::Say(Say::new("There both sides are equal, and on one side of it the inequality holds.")));
    let difference = minus(asking, left, right)?;
    let at = |asking: &mut Asking, place: NodeId| {
        asking.work.model.graph.replaced(difference, &HashMap::from([(of, place)]))
    };
    match found.solutions.as_slice() {
        [only] => {
            let graph = &mut asking.work.model.graph;
            let one = graph.integer(1);
            let beside =
                graph.apply(Add, &[*only, one]).map_err(|_| asking.fault("the sides do not fit", KIND.example))?;
            let beside = at(asking, beside);
            let grows = match () {
                () if is(asking, beside, Relation::Greater) => true,
                () if is(asking, beside, Relation::Less) => false,
                () => return Err(undecided(asking)),
            };
            Ok(if grows == less { Where::Below(*only) } else { Where::Above(*only) })
        }
        [one, two] => {
            let (low, high) = ordered(asking, *one, *two)?;
            let graph = &mut asking.work.model.graph;
            let half = graph.number(crate::number::Number::ratio(1, 2));
            let middle = graph.apply(Add, &[low, high]).and_then(|sum| graph.apply(Scale, &[half, sum]));
            let middle = middle.map_err(|_| asking.fault("the sides do not fit", KIND.example))?;
            let middle = at(asking, middle);
            let opens_up = match () {
                () if is(asking, middle, Relation::Less) => true,
                () if is(asking, middle, Relation::Greater) => false,
                () => return Err(undecided(asking)),
            };
            Ok(if opens_up == less { Where::Between(low, high) } else { Where::Outside(low, high) })
        }
        _ => Err(asking.fault("both sides are nowhere equal", KIND.example)),
    }
}
