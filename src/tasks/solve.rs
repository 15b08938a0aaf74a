//! `solve A = B for x`: linear systems in matrices, and linear and quadratic equations in a number.

use super::compare::{Finding, compare, has_its_inverses};
use super::linear::{Solved, Unsolved, solve};
use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Say, Told};
use crate::answer::Part;
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::syntax::ast::{self, Relation};
use std::collections::HashMap;

pub const KIND: Kind = Kind {
    name: "solve",
    forms: &["solve {equation} for {name}"],
    summary: "an equation in symbols, linear in a matrix, linear or quadratic in a number, or with the name in \
              one exponential or logarithm; then with the numbers that are \
              given, and why an inverse exists; an inequality in a number: between which ends it holds",
    example: "solve X^T*X*w + lambda*w = X^T*y for w",
    answered: "w = inv(X^T*X + lambda*eye(D))*X^T*y",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (related, name) = match asking.asked.question.parts.as_slice() {
        [ast::Part::Relations(all), ast::Part::Names(names)] if all.len() == 1 => (all[0].clone(), names[0].clone()),
        _ => return Err(asking.fault("one equation is solved at a time", KIND.example)),
    };
    if related.relation != Relation::Equal {
        let of = asking.named(&name)?;
        return super::inequality::inequality(asking, &related, of, &name.text);
    }
    let [left, right] = asking.sides(&related)?;
    super::same_shape(asking, left, right, related.span)?;
    let of = asking.named(&name)?;
    let claim = Formula::equal(Formula::Node(left), Formula::Node(right));
    let question = Say::new("Solve {} for {}.").formula(claim.clone()).node(of);
    let (open_left, open_right) = (asking.opened_whole(left, &[of]), asking.opened_whole(right, &[of]));
    let solved = solve(&mut asking.work.model.graph, open_left, open_right, of)
        .map_err(|reason| unsolved(asking, reason, &name.text))?;
    for solution in &solved.solutions {
        determined(asking, *solution, &name.text)?;
        solves(asking, [open_left, open_right], of, *solution)?;
    }
    let mut blocks = vec![Block::Display { formula: claim, boxed: false }];
    blocks.extend(working(asking, &solved, Some([left, right])));
    let solutions = solved.solutions.clone();
    blocks.extend(answers(asking, KIND.name, &name.text, of, &solutions));
    Ok(Told { title: "Solved in symbols", question, blocks, open: false })
}

/// The equation collected, what it is divided by, and when that is possible.
pub fn working(asking: &Asking, solved: &Solved, equation: Option<[NodeId; 2]>) -> Vec<Block> {
    let [left, right] = solved.collected.map(Formula::Node);
    let mut blocks = Vec::new();
    if equation != Some(solved.collected) {
        blocks.push(Block::Say(Say::new("With like terms together:")));
        blocks.push(Block::Display { formula: Formula::equal(left, right), boxed: false });
    }
    let graph = &asking.work.model.graph;
    let single = solved.divisor.is_some_and(|divisor| graph.shape(divisor).size().is_one());
    if let Some(divisor) = solved.divisor {
        blocks.push(Block::Say(match &solved.because {
            Some(because) => {
                let mut say = Say::new("The inverse of {} is needed: {}.").node(divisor);
                say.holes.push(crate::answer::told::Hole::Say(Box::new(because.clone())));
                say
            }
            None if single => Say::new("This can be done where {} is not 0.").node(divisor),
            None => Say::new("This can be done where {} has an inverse.").node(divisor),
        }));
    }
    blocks
}

/// The solutions as answers, each boxed.
pub fn answers(asking: &mut Asking, _kind: &'static str, name: &str, of: NodeId, solutions: &[NodeId]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (place, solution) in solutions.iter().enumerate() {
        let value = asking.value(*solution);
        let name = match solutions.len() {
            1 => name.to_string(),
            _ => format!("{name}{}", place + 1),
        };
        let shown = if solutions.len() == 1 { Some(of) } else { None };
        blocks.push(Block::Display { formula: Formula::equal(Formula::Node(of), Formula::Node(*solution)), boxed: true });
        let number = asking.work.model.graph.as_number(*solution).is_some();
        if let Some(value) = value.as_ref().filter(|_| !number) {
            blocks.push(Block::Display {
                formula: Formula::related(Formula::Node(of), super::shown_by(value), Formula::Value(value.clone())),
                boxed: true,
            });
        }
        let part = Part { shown, ..asking.part(name) };
        asking.answer(part, Some(*solution), value);
    }
    blocks
}

/// A solution by an inverse is one only where there can be that inverse.
pub fn determined(asking: &Asking, solution: NodeId, name: &str) -> Result<(), Vec<Diagnostic>> {
    match has_its_inverses(&asking.work.model, solution) {
        true => Ok(()),
        false => Err(asking.fault(
            format!("`{name}` is not determined: what would have to be inverted has no inverse"),
            "there are more unknowns than the equation tells apart",
        )),
    }
}

/// Whether the solution, put in, makes both sides equal at random data.
fn solves(asking: &mut Asking, [left, right]: [NodeId; 2], of: NodeId, solution: NodeId) -> Result<(), Vec<Diagnostic>> {
    let with = HashMap::from([(of, solution)]);
    let graph = &mut asking.work.model.graph;
    let (left, right) = (graph.replaced(left, &with), graph.replaced(right, &with));
    match compare(&asking.work.model, left, Relation::Equal, right) {
        Finding::Holds(_) | Finding::Undefined => {
            Ok(())
        }
        Finding::Fails(_) => Err(asking.fault("the solution that was found does not solve it", "")),
    }
}

/// Why there is none, in words.
pub fn unsolved(asking: &Asking, reason: Unsolved, name: &str) -> Vec<Diagnostic> {
    match reason {
        Unsolved::Absent => asking.fault(format!("`{name}` does not stand in it"), "name something that does"),
        Unsolved::NotLinear => asking.fault(
            format!("it is neither linear in `{name}` nor a quadratic equation in a number"),
            "`descend` goes to a minimum step by step",
        ),
        Unsolved::Between => asking.fault(
            format!("`{name}` stands between two matrices, or not at the same end of every term"),
            "an equation `A*X = B` or `X*A = B` can be solved",
        ),
    }
}
