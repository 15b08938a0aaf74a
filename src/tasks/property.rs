//! `is L convex in w`: one property of a value, decided with its reason.

use super::which::{Decided, decide};
use super::{Asking, Kind};
use crate::answer::told::{Block, Say, Told};
use crate::answer::{Part, Wanted};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Claim, Expr, ExprKind, ExprNode, Spanned, Statement};

pub const KIND: Kind = Kind {
    name: "is",
    forms: &["is {name} convex in {name}", "is {name} concave in {name}", "is {name} affine in {name}", "is {name} linear in {name}"],
    summary: "whether a value is convex, concave, affine or linear in another, and why",
    example: "is L convex in w",
    answered: "convex = yes",
    answer,
};

const PROPERTIES: [&str; 4] = ["convex", "concave", "affine", "linear"];

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let (of, wrt) = (asking.name(0)?, asking.name(1)?);
    let (of_node, wrt_node) = (asking.named(&of)?, asking.named(&wrt)?);
    let value = Expr { nodes: vec![ExprNode::new(ExprKind::Name(of.clone()), of.span)] };
    let span = asking.asked.question.span;
    let property = Spanned { value: PROPERTIES[asking.asked.question.form].to_string(), span };
    let claim = Claim::Property { of: value, property: property.clone(), wrt };
    let statement = Statement { words: None, claim: claim.clone(), span };
    let Decided { holds, why } = decide(asking, &claim, &statement)?;
    let told = match holds {
        true => Say::new("{} is {} in {}"),
        false => Say::new("{} is not {} in {}"),
    };
    let told = told.node(of_node).words(property.value.clone()).node(wrt_node);
    let part = Part { wanted: Wanted::Truth(holds), told: Some(told), ..asking.part(property.value.clone()) };
    asking.answer(part, None, None);
    let asked = Say::new("Is {} {} in {}?").node(of_node).words(property.value).node(wrt_node);
    let blocks = vec![Block::Say(Say::new("Because {}.").say(why))];
    Ok(Told { title: "Decided", question: asked, blocks, open: false })
}
