//! Code runs in order: a name that is given a value anew, in terms of the one before, has several meanings.

use crate::syntax::ast::{Answer, AnswerValue, Expr, ExprKind, Name, TargetKind};
use std::collections::{BTreeMap, BTreeSet};

/// Gives the earlier values of such names a name of their own, wherever they are used. `in_code` says which answers run
/// in order.
///
/// Code that follows mathematics has its own values under the names of the student's own (`is_own`): the mathematics does
/// not speak of them.
pub fn in_order(answers: &mut [(usize, Answer)], in_code: &[bool], is_own: impl Fn(&str) -> bool) {
    for name in in_both(answers, in_code) {
        if is_own(&name) {
            for (_, (_, answer)) in answers.iter_mut().enumerate().filter(|(place, _)| in_code[*place]) {
                rename(answer, &name, &earlier(&name, 0));
                if answer.target.name.key() == name {
                    answer.target.name.text = earlier(&name, 0);
                }
            }
        }
    }
    let mut places: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (place, (part, answer)) in answers.iter().enumerate().filter(|(place, _)| in_code[*place]) {
        let target = &answer.target;
        let plain = target.kind == TargetKind::Plain;
        if plain && target.entry.is_empty() && target.at.is_empty() && target.arguments.is_empty() {
            places.entry((*part, target.name.key())).or_default().push(place);
        }
    }
    places.retain(|(_, name), places| places.iter().skip(1).any(|place| uses(&answers[*place].1, name.as_str())));
    for ((part, name), places) in places {
        let last = places.len() - 1;
        for place in 0..answers.len() {
            // What another part calls so is another thing.
            if !in_code[place] || answers[place].0 != part {
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

/// The names that are given a value in code and outside of it.
fn in_both(answers: &[(usize, Answer)], in_code: &[bool]) -> BTreeSet<String> {
    let given = |code: bool| -> BTreeSet<String> {
        let own = answers.iter().enumerate().filter(|(place, _)| in_code[*place] == code);
        own.filter(|(_, (_, answer))| answer.target.kind == TargetKind::Plain)
            .map(|(_, (_, answer))| answer.target.name.key())
            .collect()
    };
    given(true).intersection(&given(false)).cloned().collect()
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
