//! `maximize L over w`, `minimize L over w in symbols`: where the gradient is 0, solved for one name after the other.

use super::condition::{Wanted, bound};
use super::compare::{Finding, compare};
use super::curvature::{Curvature, curvature};
use super::linear::solve;
use super::threshold::threshold;
use super::solve::{answers, determined, unsolved, working};
use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Say, Told};
use crate::diagnostic::Diagnostic;
use crate::differentiate::differentiate;
use crate::graph::NodeId;
use crate::number::Number;
use crate::ops::Scale;
use crate::syntax::ast::{self, Relation};
use crate::verify::certify;
use std::collections::HashMap;

pub const KIND: Kind = Kind {
    name: "optimum",
    forms: &[
        "minimize {name} over {names} subject to {equation}",
        "maximize {name} over {names} subject to {equation}",
        "minimize {name} over {names} in symbols",
        "maximize {name} over {names}",
    ],
    summary: "where the gradient is 0, in symbols: least squares, ridge, likelihoods, the best step; with one equation \
              to fulfil by a multiplier; then with the numbers that are given",
    example: "minimize L over w in symbols",
    answered: "w = inv(X^T*X)*X^T*y",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let form = asking.asked.question.form;
    let maximum = form % 2 == 1;
    let (loss, names, constraint) = match asking.asked.question.parts.clone().as_slice() {
        [ast::Part::Names(loss), ast::Part::Names(names)] => (loss[0].clone(), names.clone(), None),
        [ast::Part::Names(loss), ast::Part::Names(names), ast::Part::Relations(all)] if all.len() == 1 => {
            (loss[0].clone(), names.clone(), Some(all[0].clone()))
        }
        _ => return Err(asking.fault("there is one equation to fulfil at most", KIND.example)),
    };
    let objective = asking.named(&loss)?;
    if !asking.work.model.graph.shape(objective).size().is_one() {
        let shape = asking.work.model.graph.shape(objective).to_string();
        return Err(vec![
            Diagnostic::error("E-loss", format!("`{}` is {shape}, and what is least or largest is a number", loss.text))
                .at(loss.span, "not a number"),
        ]);
    }
    let of = asking.all_named(&names)?;
    // Where every entry is free the least value may lie at one that is not symmetric.
    for (name, id) in names.iter().zip(&of) {
        let leaf = asking.work.model.graph.as_leaf(*id);
        if let Some(own) = leaf.and_then(|leaf| leaf.assumed.iter().find(|own| !own.is_open())) {
            let message = format!("`{}` is declared `{}`, and what is sought is free", name.text, own.words());
            return Err(vec![Diagnostic::error("E-assumed", message).at(name.span, "leave that out")]);
        }
    }
    let gradients = differentiate(&mut asking.work.model, objective, &of)
        .map_err(|_| asking.fault("it has no gradient", ""))?;
    let certificate = certify(&asking.work.model, &gradients);
    asking.work.certificate.merge(certificate);
    let mut blocks = vec![Block::Say(match constraint {
        None => Say::new("There every gradient is 0."),
        Some(_) => Say::new("There the gradient is a multiple of that of the condition."),
    })];
    let mut equations = Vec::new();
    for (name, id) in names.iter().zip(&of) {
        let gradient = match gradients.of.get(id).copied() {
            Some(gradient) => asking.opened_whole(gradient, &of),
            // The condition may tell it.
            None if constraint.is_some() && asking.work.model.graph.shape(*id).is_scalar() => {
                asking.work.model.graph.integer(0)
            }
            None => return Err(asking.fault(format!("`{}` does not depend on `{}`", loss.text, name.text), "")),
        };
        equations.push(gradient);
    }
    let question = match (maximum, &constraint) {
        (false, None) => Say::new("Find the {} that make {} least.").nodes(&of).node(objective),
        (true, None) => Say::new("Find the {} that make {} largest.").nodes(&of).node(objective),
        (least, Some(related)) => {
            let [left, right] = asking.sides(related)?;
            let condition = Formula::equal(Formula::Node(left), Formula::Node(right));
            match least {
                false => Say::new("Find the {} that make {} least, where {}."),
                true => Say::new("Find the {} that make {} largest, where {}."),
            }
            .nodes(&of)
            .node(objective)
            .formula(condition)
        }
    };
    let mut point = None;
    let edge = match (&constraint, of.as_slice(), maximum) {
        (None, [only], false) => threshold(asking, objective, *only, &names[0].text, &mut blocks)?,
        _ => None,
    };
    let (solutions, definite) = match &constraint {
        _ if edge.is_some() => {
            // There the gradient need not be 0.
            blocks.remove(0);
            (edge.into_iter().collect(), None)
        }
        None => free(asking, &of, &names, &equations, objective, &mut blocks)?,
        Some(related) => {
            let wanted = Wanted { objective, of: &of, names: &names, equations: &equations, maximum };
            let (solutions, kind) = bound(asking, &wanted, related, &mut blocks)?;
            point = Some(kind);
            (solutions, None)
        }
    };
    for (name, solution) in names.iter().zip(&solutions) {
        determined(asking, *solution, &name.text)?;
    }
    let kind = match definite {
        _ if edge.is_some() => None,
        _ if point.is_some() => point,
        Some(true) if !maximum => Some(Say::new("That matrix is the second derivative, up to a positive factor: as it is then positive definite, this is the only minimum.")),
        Some(false) if maximum => Some(Say::new("That matrix is the second derivative, up to a negative factor: as it is then positive definite, this is the only maximum.")),
        _ => Some(kind_of_point(asking, objective, &of, &solutions, maximum)),
    };
    blocks.extend(kind.map(Block::Say));
    for ((name, id), solution) in names.iter().zip(&of).zip(&solutions) {
        blocks.extend(answers(asking, KIND.name, &name.text, *id, &[*solution]));
    }
    let title = if maximum { "The largest value" } else { "The least value" };
    Ok(Told { title, question, blocks, open: false })
}

fn derivative(objective: NodeId, of: NodeId) -> Formula {
    Formula::Derivative { of: objective, wrt: of, order: 1 }
}

/// One name after the other, each put into the equations of those that follow; and back.
fn free(
    asking: &mut Asking,
    of: &[NodeId],
    names: &[ast::Name],
    equations: &[NodeId],
    objective: NodeId,
    blocks: &mut Vec<Block>,
) -> Result<(Vec<NodeId>, Option<bool>), Vec<Diagnostic>> {
    let mut definite = None;
    let zero = asking.work.model.graph.integer(0);
    let mut equations = equations.to_vec();
    let mut solutions: Vec<NodeId> = Vec::new();
    for place in 0..of.len() {
        let equation = equations[place];
        let shown = tidy(asking, equation);
        blocks.push(Block::Display {
            formula: Formula::Related(
                Box::new(derivative(objective, of[place])),
                vec![
                    (crate::math::Relation::Equal, Formula::Node(shown)),
                    (crate::math::Relation::Equal, Formula::Node(zero)),
                ],
            ),
            boxed: false,
        });
        let solved = solve(&mut asking.work.model.graph, equation, zero, of[place])
            .map_err(|reason| unsolved(asking, reason, &names[place].text))?;
        let [solution] = solved.solutions.as_slice() else {
            return Err(asking.fault("the gradient is 0 at more than one place", "`solve … for …` gives them all"));
        };
        blocks.extend(working(asking, &solved, None));
        let with = HashMap::from([(of[place], *solution)]);
        let graph = &mut asking.work.model.graph;
        equations.iter_mut().skip(place + 1).for_each(|equation| *equation = graph.replaced(*equation, &with));
        if solved.because.is_some() && of.len() == 1 {
            definite = Some(solved.upright);
        }
        solutions.push(*solution);
    }
    // What was found later goes into what was found before.
    for place in (0..of.len()).rev() {
        let with = HashMap::from([(of[place], solutions[place])]);
        for earlier in &mut solutions[..place] {
            *earlier = asking.work.model.graph.replaced(*earlier, &with);
        }
    }
    Ok((solutions, definite))
}

/// The form multiplied out, where that is possible.
pub(super) fn tidy(asking: &mut Asking, form: NodeId) -> NodeId {
    let graph = &mut asking.work.model.graph;
    let poly = crate::algebra::Expander::new(graph).poly(form);
    poly.and_then(|poly| poly.node(graph).ok()).unwrap_or(form)
}

pub(super) fn tidy_if_shorter(asking: &mut Asking, form: NodeId) -> NodeId {
    let tidied = tidy(asking, form);
    let size = |asking: &Asking, id: NodeId| {
        asking.work.model.graph.needed(&[id]).into_iter().filter(|needed| *needed).count()
    };
    if size(asking, tidied) <= size(asking, form) { tidied } else { form }
}

/// What kind of point it is: by curvature, or by data beside it.
fn kind_of_point(
    asking: &mut Asking,
    objective: NodeId,
    of: &[NodeId],
    solutions: &[NodeId],
    maximum: bool,
) -> Say {
    let graph = &asking.work.model.graph;
    let wanted = if maximum { Curvature::Concave } else { Curvature::Convex };
    if let [only] = of {
        let (found, because) = curvature(graph, objective, *only);
        if found == wanted {
            return by_curvature(objective, *only, maximum, because);
        }
    }
    // Beside the point, moved a little in every name.
    let whole = asking.opened_whole(objective, of);
    let graph = &mut asking.work.model.graph;
    let there: HashMap<NodeId, NodeId> = of.iter().copied().zip(solutions.iter().copied()).collect();
    let at = graph.replaced(whole, &there);
    let mut beside_holds = true;
    for step in [Number::ratio(1, 1000), Number::ratio(-1, 1000)] {
        let factor = graph_number(asking, &(&Number::integer(1) + &step));
        let graph = &mut asking.work.model.graph;
        let moved: Option<HashMap<NodeId, NodeId>> = of
            .iter()
            .zip(solutions)
            .map(|(id, solution)| Some((*id, graph.apply(Scale, &[factor, *solution]).ok()?)))
            .collect();
        let Some(moved) = moved else { return plain() };
        let beside = graph.replaced(whole, &moved);
        let relation = if maximum { Relation::LessEqual } else { Relation::GreaterEqual };
        beside_holds &= matches!(compare(&asking.work.model, beside, relation, at), Finding::Holds(_));
    }
    match (beside_holds, maximum) {
        (false, _) => plain(),
        (true, false) => Say::new("Beside it {} is larger at all random data that were tried.").node(objective),
        (true, true) => Say::new("Beside it {} is smaller at all random data that were tried.").node(objective),
    }
}

pub(super) fn by_curvature(objective: NodeId, of: NodeId, maximum: bool, because: &'static str) -> Say {
    let text = match maximum {
        false => "It is the minimum, for {} is convex in {}: {}.",
        true => "It is the maximum, for {} is concave in {}: {}.",
    };
    Say::new(text).node(objective).node(of).words(because)
}

fn plain() -> Say {
    Say::new("Whether it is least, largest or neither depends on the data.")
}

pub(super) fn graph_number(asking: &mut Asking, number: &Number) -> NodeId {
    asking.work.model.graph.number(number.clone())
}
