//! A sheet made ready to be sorted: what students write behind and in place of an answer.

use super::indexed::numbered_by;
use super::key::Key;
use super::one_example::of_one_example;
use super::sheet::{as_expression, is_zero, used_names};
use crate::answer::Subject;
use crate::syntax::ast::{
    Answer, AnswerSheet, AnswerTarget, AnswerValue, Expr, ExprId, ExprKind, Name, Spanned, TargetKind,
};
use crate::syntax::{compact, names};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The sheet with an answer for each thing that is asked for, and in the names of the problem.
pub(super) fn prepared<'s>(key: &Key, sheet: &'s AnswerSheet) -> Cow<'s, AnswerSheet> {
    let changed = of_one_example(key, sheet);
    let changed = primed(key, changed.as_ref().unwrap_or(sheet)).or(changed);
    match changed {
        Some(sheet) => Cow::Owned(with_answers(key, &sheet).into_owned()),
        None => with_answers(key, sheet),
    }
}

/// The sheet with a name of its own for the derivative `u' = …` of a number `u` of the problem's, which has no transpose.
fn primed(key: &Key, sheet: &AnswerSheet) -> Option<AnswerSheet> {
    let is_primed = |answer: &Answer| {
        let target = &answer.target;
        let head = answer.source.split(['=', ':']).next().unwrap_or_default().trim_end();
        let plain = target.kind == TargetKind::Plain && target.entry.is_empty() && target.arguments.is_empty();
        plain
            && head.strip_suffix(['\'', '′']).is_some_and(|name| names::key(name) == target.name.key())
            && key.authored(&target.name.key()).is_some_and(|id| key.graph().shape(id).is_scalar())
            && !key.is_loss(&target.name.key())
    };
    let own: BTreeSet<String> =
        sheet.answers.iter().filter(|answer| is_primed(answer)).map(|answer| answer.target.name.key()).collect();
    if own.is_empty() {
        return None;
    }
    let derivative = |name: &Name| Name { text: format!("{}_prime", name.text), ..name.clone() };
    let mut sheet = sheet.clone();
    for answer in &mut sheet.answers {
        if is_primed(answer) {
            answer.target.name = derivative(&answer.target.name);
        }
        for value in answer.earlier.iter_mut().chain([&mut answer.value]) {
            let AnswerValue::Expression(expr) = value else { continue };
            for place in 0..expr.nodes.len() {
                let ExprKind::Transpose(of) = expr.nodes[place].kind else { continue };
                let ExprKind::Name(name) = &expr.node(of).kind else { continue };
                if own.contains(&name.key()) {
                    expr.nodes[place].kind = ExprKind::Name(derivative(name));
                }
            }
        }
    }
    Some(sheet)
}

/// The sheet without the `= 0` that says where a gradient vanishes: what stands before it is the answer.
fn with_answers<'s>(key: &Key, sheet: &'s AnswerSheet) -> Cow<'s, AnswerSheet> {
    let set_to_zero = |answer: &Answer| {
        let name = answer.target.name.key();
        let gradient = answer.target.of.is_some() || name.starts_with('d') && key.knows(&name) || name == "gradient";
        let before = answer.earlier.last().and_then(as_expression);
        // A number is not set to zero.
        gradient
            && answer.target.kind == TargetKind::Plain
            && is_zero(&answer.value)
            && before.is_some_and(|before| !used_names(key, before).is_empty())
    };
    let general: Vec<Vec<Answer>> = sheet.answers.iter().map(|answer| general(key, answer)).collect();
    if general.iter().all(Vec::is_empty) && !sheet.answers.iter().any(set_to_zero) {
        return Cow::Borrowed(sheet);
    }
    let mut sheet = sheet.clone();
    let own = std::mem::take(&mut sheet.answers).into_iter().zip(general);
    sheet.answers = own.flat_map(|(own, general)| if general.is_empty() { vec![own] } else { general }).collect();
    for answer in sheet.answers.iter_mut().filter(|answer| set_to_zero(answer)) {
        if let Some(before) = answer.earlier.pop() {
            answer.value = before;
        }
    }
    Cow::Owned(sheet)
}

/// `\nabla f = (12, 5)^T`: the partial derivatives by themselves, in the order in which the problem names the variables.
fn partials(key: &Key, answer: &Answer) -> Vec<Answer> {
    let whole = matches!(&*answer.target.name.key(), "gradient" | "grad" | "nabla") && answer.target.entry.is_empty();
    let Some(expr) = as_expression(&answer.value).filter(|_| whole && answer.target.kind == TargetKind::Plain) else {
        return Vec::new();
    };
    let mut asked: Vec<(usize, &str)> = Vec::new();
    for question in key.questions.iter().filter(|question| question.entry.is_empty()) {
        let Subject::Gradient { of, .. } = &question.subject else { continue };
        let place = key.solution.model.leaves.iter().position(|leaf| leaf == of);
        match (place, question.keys.first()) {
            (Some(place), Some(own)) if question.shape.is_scalar() => asked.push((place, own)),
            _ => return Vec::new(),
        }
    }
    asked.sort_unstable();
    let given = entries(expr, expr.root());
    if asked.len() < 2 || given.len() != asked.len() {
        return Vec::new();
    }
    let partial = |(own, entry): (&str, ExprId)| {
        let name = Name { text: own.to_string(), ..answer.target.name.clone() };
        let value = AnswerValue::Expression(compact(&expr.nodes, entry));
        Answer { target: AnswerTarget::plain(name), earlier: Vec::new(), value, ..answer.clone() }
    };
    asked.into_iter().map(|(_, own)| own).zip(given).map(partial).collect()
}

/// The entries of a row or a column, however it lies.
fn entries(expr: &Expr, id: ExprId) -> Vec<ExprId> {
    match &expr.node(id).kind {
        ExprKind::Transpose(of) => entries(expr, *of),
        ExprKind::Matrix(rows) if rows.len() == 1 || rows.iter().all(|row| row.len() == 1) => rows.concat(),
        _ => Vec::new(),
    }
}

/// What an answer for a general `u_k` says of `u_1`, `u_2` and so on, of the entries of `u`, or of the lines of `U`.
fn general(key: &Key, answer: &Answer) -> Vec<Answer> {
    let target = &answer.target;
    let partials = partials(key, answer);
    if !partials.is_empty() {
        return partials;
    }
    let plain = target.kind == TargetKind::Plain && target.entry.is_empty();
    let Some((stem, letter)) = target.name.text.rsplit_once('_').filter(|_| plain) else { return Vec::new() };
    let letter = letter.trim_matches(['{', '}']);
    let alone = letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase());
    if !alone || key.knows(&target.name.key()) {
        return Vec::new();
    }
    let asked = key.questions.iter().filter_map(|question| question.keys.first());
    let numbers =
        asked.clone().filter_map(|own| own.strip_prefix(&*crate::syntax::names::key(stem))?.parse::<u32>().ok());
    let family: Vec<u32> = numbers.collect();
    if !family.is_empty() {
        return family.into_iter().map(|number| numbered(answer, stem, letter, number)).collect();
    }
    let whole = crate::syntax::names::key(stem);
    let matrix = whole.strip_prefix('d').map(|of| format!("d{}", of.to_uppercase()));
    let meant = [Some(whole), matrix].into_iter().flatten().find(|name| asked.clone().any(|own| own == name));
    let Some(text) = meant else { return Vec::new() };
    let name = Name { text, ..target.name.clone() };
    let entry = vec![Spanned { value: letter.to_string(), span: target.name.span }];
    vec![Answer { target: AnswerTarget { name, entry, ..target.clone() }, ..answer.clone() }]
}

/// The answer with a number for its letter.
fn numbered(answer: &Answer, stem: &str, letter: &str, number: u32) -> Answer {
    let mut answer = answer.clone();
    answer.target.name.text = format!("{stem}_{number}");
    let values = answer.earlier.iter_mut().chain([&mut answer.value]);
    for value in values {
        let AnswerValue::Expression(expr) = value else { continue };
        for node in &mut expr.nodes {
            let Some((stem, offset)) = numbered_by(&node.kind, letter) else { continue };
            let text = format!("{stem}_{}", i64::from(number) + offset);
            if let ExprKind::Name(name) | ExprKind::Gradient { wrt: name, .. } = &mut node.kind {
                name.text = text;
            }
        }
    }
    answer
}
