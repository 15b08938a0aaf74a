//! Code runs in order: a name that is given a value anew, in terms of the one before, has several meanings.

use crate::syntax::ast::{Answer, AnswerValue, Expr, ExprKind, Name, TargetKind};
use std::collections::BTreeMap;

/// Gives the earlier values of such names a name of their own, wherever they are used. `in_code` says which answers run
/// in order.
pub fn in_order(answers: &mut [(usize, Answer)], in_code: &[bool]) {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, (_, answer)) in answers.iter().enumerate().filter(|(place, _)| in_code[*place]) {
        let target = &answer.target;
        let plain = target.kind == TargetKind::Plain;
        if plain && target.entry.is_empty() && target.at.is_empty() && target.arguments.is_empty() {
            places.entry(target.name.key()).or_default().push(place);
        }
    }
    let again = |(name, places): &(&String, &Vec<usize>)| {
        places.iter().skip(1).any(|place| uses(&answers[*place].1, name.as_str()))
    };
    let again: Vec<(String, Vec<usize>)> =
        places.iter().filter(again).map(|(name, places)| (name.clone(), places.clone())).collect();
    for (name, places) in again {
        let last = places.len() - 1;
        for place in 0..answers.len() {
            if !in_code[place] {
                continue;
            }
            let before = places.iter().filter(|at| **at < place).count();
            if (1..=last).contains(&before) {
                rename(&mut answers[place].1, &name, &earlier(&name, before));
            }
        }
        for (count, place) in places[..last].iter().enumerate() {
            answers[*place].1.target.name.text = earlier(&name, count + 1);
        }
    }
}

/// What a value is called that is replaced later.
fn earlier(name: &str, count: usize) -> String {
    format!("{name} ({count})")
}

fn exprs(answer: &mut Answer) -> impl Iterator<Item = &mut Expr> {
    let values = answer.earlier.iter_mut().chain([&mut answer.value]);
    values.filter_map(|value| match value {
        AnswerValue::Expression(expr) => Some(expr),
        AnswerValue::Shape(_) => None,
    })
}

fn uses(answer: &Answer, name: &str) -> bool {
    let AnswerValue::Expression(expr) = &answer.value else { return false };
    expr.nodes.iter().any(|node| matches!(&node.kind, ExprKind::Name(used) if used.key() == name))
}

fn rename(answer: &mut Answer, name: &str, to: &str) {
    for node in exprs(answer).flat_map(|expr| &mut expr.nodes) {
        if let ExprKind::Name(Name { text, index: None, .. }) = &mut node.kind
            && crate::syntax::names::key(text) == name
        {
            *text = to.to_owned();
        }
    }
}
