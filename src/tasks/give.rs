//! `give -dW as step`: any expression in the names of the problem and its gradients: minus a gradient, a row, an entry.

use crate::simplify::simplest;
use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Hole, Link, Say, Told};
use crate::diagnostic::Diagnostic;
use crate::math::{Math, Relation};
use crate::syntax::ast;

pub const KIND: Kind = Kind {
    name: "give",
    forms: &["give {expression} as {word}"],
    summary: "any expression, under a name for the answer: minus a gradient, an entry, a row by `slice`",
    example: "give -dW as step",
    answered: "step = X^T*(T - Y)",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let name = asking.hole(1, ast::Part::text)?;
    if asking.scope.get(&crate::syntax::names::key(&name.value)).is_some() {
        let message = format!("`{}` is the problem's own", name.value);
        return Err(vec![Diagnostic::error("E-duplicate", message).at(name.span, "name it otherwise")]);
    }
    let asked = asking.expression(0)?;
    let (written, gradients) = asking.gradients_written_out(asked);
    let form = simplest(&mut asking.work.model.graph, written);
    asking.work.certify_equal(asked, ast::Relation::Equal, form);
    let value = asking.value(form);
    let mut links = Vec::new();
    if form != asked {
        let because = match gradients.is_empty() {
            true => Say::new("simplified"),
            false => Say::new("the chain rule gives {}").nodes(&gradients),
        };
        links.push(Link { relation: Relation::Equal, formula: Formula::Node(form), because });
    }
    if let Some(value) = &value {
        let formula = Formula::Value(value.clone());
        let relation = if value.is_exact() { Relation::Equal } else { Relation::Approximately };
        links.push(Link { relation, formula, because: Say::new("with the numbers that are given") });
    }
    let part = asking.part(name.value.clone());
    asking.answer(part, Some(form), value);
    let named = Formula::Related(
        Box::new(Formula::Math(Math::name(name.value.as_str()))),
        vec![(Relation::Equal, Formula::Node(asked))],
    );
    let question = Say::new("Give {}.").hole(Hole::Formula(named));
    let blocks = vec![Block::Chain { first: Formula::Node(asked), links }];
    Ok(Told { title: "Written out", question, blocks, open: false })
}
