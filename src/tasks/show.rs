//! `show A = B`: a chain of steps from one side to the other; or, where it is false, numbers that say so.

use super::compare::{Counterexample, Finding, compare};
use super::proof::prove;
use super::{Asking, Kind};
use crate::answer::told::{Block, Formula, Say, Told};
use crate::answer::{Subject, Wanted};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{self, ExprKind, Relation};

pub const KIND: Kind = Kind {
    name: "show",
    forms: &["show {equation}"],
    summary: "a chain of named steps from one side to the other, each replayed on data; of a false equation the \
              smallest numbers that were found at which it fails",
    example: "show softmax(z + c) = softmax(z)",
    answered: "show = softmax(z + c) = exp(z)*exp(c)/(exp(c)*sum(exp(z))) = softmax(z)",
    answer,
};

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let related = match asking.asked.question.parts.as_slice() {
        [ast::Part::Relations(all)] if all.len() == 1 => all[0].clone(),
        _ => return Err(asking.fault("one equation is shown at a time", KIND.example)),
    };
    let [left, right] = asking.sides(&related)?;
    super::same_shape(asking, left, right, related.span)?;
    let sign = related.relation.into();
    let claim = Formula::related(Formula::Node(left), sign, Formula::Node(right));
    let question = Say::new("Show that {}.").formula(claim.clone());
    let finding = compare(&asking.work.model, left, related.relation, right);
    let told = |blocks| Told { title: "Why it holds", question: question.clone(), blocks, open: false };
    let is_show = |subject: &Subject| matches!(subject, Subject::Part(part) if part.kind == KIND.name && part.name.starts_with(KIND.name));
    let before = asking.work.answered_so_far().filter(|subject| is_show(subject)).count();
    let number = if before > 0 { (before + 1).to_string() } else { String::new() };
    let name = match &related.left.node(related.left.root()).kind {
        ExprKind::Name(name) => name.text.clone(),
        _ => format!("{}{number}", KIND.name),
    };
    let mut part = asking.part(name);
    match finding {
        Finding::Fails(example) => {
            part.told = Some(Say::new("it does not hold: {}").hole(example_hole(&example)));
            part.wanted = Wanted::Truth(false);
            asking.answer(part, None, None);
            Ok(Told { title: "It does not hold", ..told(counterexample(&example)) })
        }
        Finding::Undefined => Err(asking.fault("no data were found at which both sides have a value", "")),
        Finding::Holds(tries) => {
            let links = if related.relation == Relation::Equal { prove(asking, left, right) } else { None };
            let blocks = match links {
                Some(links) => vec![Block::Chain { first: Formula::Node(left), links }],
                None => vec![Block::Say(unproven(tries))],
            };
            part.told = Some(Say::new("{} holds").formula(claim));
            part.wanted = Wanted::Shown { left };
            asking.work.certify_equal(left, related.relation, right);
            asking.answer(part, Some(right), None);
            Ok(told(blocks))
        }
    }
}

/// What is said where data agree and no chain is found.
pub fn unproven(tries: usize) -> Say {
    Say::new("No chain of steps was found. Both sides agree at {} sets of random data of several sizes and at small whole numbers: that is no proof.")
        .words(tries.to_string())
}

/// Data and both sides, as a sentence's hole.
pub fn example_hole(example: &Counterexample) -> crate::answer::told::Hole {
    let equal = |(id, value): &(crate::graph::NodeId, crate::tensor::Tensor<crate::number::Number>)| {
        Formula::equal(Formula::Node(*id), Formula::Value(value.clone()))
    };
    crate::answer::told::Hole::Formulas(example.data.iter().map(equal).collect())
}

/// Data at which the sides differ, and both values.
pub fn counterexample(example: &Counterexample) -> Vec<Block> {
    let values = [&example.left, &example.right].map(|value| Formula::Value(value.clone()));
    let [left, right] = values;
    vec![
        Block::Say(Say::new("Take {}.").hole(example_hole(example))),
        Block::Say(Say::new("The left side is {}, and the right side {}.").formula(left).formula(right)),
    ]
}
