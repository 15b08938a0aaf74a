//! `x^{(i)}`, `y_i`, `h^{(t)}` where the problem has one example only: the letter counts examples, and is left out.

use super::key::Key;
use crate::shape::Dim;
use crate::syntax::ast::{Answer, AnswerSheet, AnswerValue, Expr, ExprKind, LeafKind, Name};
use crate::syntax::names;
use std::collections::BTreeSet;

/// The sheet without the letters that count examples; `None` where there are none.
pub(super) fn of_one_example(key: &Key, sheet: &AnswerSheet) -> Option<AnswerSheet> {
    if has_many_examples(key) {
        return None;
    }
    let own: BTreeSet<String> = sheet.answers.iter().map(|answer| answer.target.name.key()).collect();
    let counts = |answer: &Answer| values(answer).any(|expr| counter(key, &own, answer, expr).is_some());
    if !sheet.answers.iter().any(counts) {
        return None;
    }
    let mut sheet = sheet.clone();
    for answer in &mut sheet.answers {
        let letters: Vec<Option<String>> = values(answer).map(|expr| counter(key, &own, answer, expr)).collect();
        let written = answer.earlier.iter_mut().chain([&mut answer.value]).filter_map(|value| match value {
            AnswerValue::Expression(expr) => Some(expr),
            AnswerValue::Shape(_) => None,
        });
        // Beside an entry that is asked for, `x_k` is another entry.
        let whole = answer.target.entry.is_empty();
        for (expr, letter) in written.zip(letters) {
            let Some(letter) = letter else { continue };
            for place in 0..expr.nodes.len() {
                let counted = |(_, own): &(&Name, &str)| whole && *own == letter;
                if let Some(of) = entry(expr, place).filter(counted).map(|(of, _)| of.clone()) {
                    expr.nodes[place].kind = ExprKind::Name(of);
                } else if let Some(name) = named(&mut expr.nodes[place].kind)
                    && let Some(text) = without(key, &own, name, &letter)
                {
                    name.text = text;
                }
            }
        }
    }
    Some(sheet)
}

/// Whether an input or a target has several lines: then a letter tells one of them from the others.
fn has_many_examples(key: &Key) -> bool {
    let leaves = key.solution.model.leaves.iter().filter_map(|id| key.graph().as_leaf(*id));
    leaves
        .filter(|leaf| matches!(leaf.kind, LeafKind::Input | LeafKind::Target))
        .any(|leaf| leaf.shape.0.iter().filter(|side| **side != Dim::one()).count() > 1)
}

/// The expressions of an answer.
fn values(answer: &Answer) -> impl Iterator<Item = &Expr> {
    answer.earlier.iter().chain([&answer.value]).filter_map(super::sheet::as_expression)
}

/// The only letter of an expression that may count examples: no sum runs over it, and no entry is asked for by it.
fn counter(key: &Key, own: &BTreeSet<String>, answer: &Answer, expr: &Expr) -> Option<String> {
    let mut letters = BTreeSet::new();
    for (place, node) in expr.nodes.iter().enumerate() {
        let whole = answer.target.entry.is_empty();
        letters.extend(entry(expr, place).filter(|_| whole).map(|(_, letter)| letter.to_string()));
        let (ExprKind::Name(name) | ExprKind::Gradient { wrt: name, .. }) = &node.kind else { continue };
        letters
            .extend(below(&name.text).filter(|letter| without(key, own, name, letter).is_some()).map(str::to_string));
    }
    let summed = |letter: &String| {
        expr.nodes.iter().any(|node| match &node.kind {
            ExprKind::Sum { indices, .. } => indices.iter().any(|index| index.name.value == *letter),
            _ => false,
        })
    };
    letters.retain(|letter| !summed(letter) && !answer.target.entry.iter().any(|entry| entry.value == *letter));
    letters.pop_first().filter(|_| letters.is_empty())
}

/// `x` and `i` of an entry `x_i` by one letter.
fn entry(expr: &Expr, place: usize) -> Option<(&Name, &str)> {
    let ExprKind::Entry { of, indices } = &expr.nodes[place].kind else { return None };
    match (&expr.node(*of).kind, indices.as_slice()) {
        (ExprKind::Name(of), [index]) => match &expr.node(*index).kind {
            ExprKind::Name(letter) if below(&format!("_{}", letter.text)).next().is_some() => Some((of, &letter.text)),
            _ => None,
        },
        _ => None,
    }
}

fn named(kind: &mut ExprKind) -> Option<&mut Name> {
    match kind {
        ExprKind::Name(name) | ExprKind::Gradient { wrt: name, .. } => Some(name),
        _ => None,
    }
}

/// The single letters below a name: `j`, `i` of `x_j_i`.
fn below(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split('_').skip(1).map(|part| part.trim_matches(['{', '}', '(', ')']));
    parts.filter(|part| part.len() == 1 && part.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// A name that nobody gives, without a letter below it: `x` of `x_i`, where there is an `x`.
fn without(key: &Key, own: &BTreeSet<String>, name: &Name, letter: &str) -> Option<String> {
    if key.knows(&name.key()) || own.contains(&name.key()) {
        return None;
    }
    let mut parts = name.text.split('_');
    let stem = parts.next()?;
    let kept: Vec<&str> = parts.filter(|part| part.trim_matches(['{', '}', '(', ')']) != letter).collect();
    let text = [stem].into_iter().chain(kept).collect::<Vec<_>>().join("_");
    let known = |text: &str| key.knows(&names::key(text)) || own.contains(&names::key(text));
    let entry =
        text.rsplit_once('_').is_some_and(|(stem, part)| below(&format!("_{part}")).next().is_some() && known(stem));
    (text != name.text && (known(&text) || entry)).then_some(text)
}
