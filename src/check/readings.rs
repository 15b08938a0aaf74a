//! Other ways in which a sheet may be meant: a list for a column, Python's `*`, powers of matrices.

use super::key::Key;
use super::sheet::canonical;
use crate::shape::Dim;
use crate::syntax::ast::{Answer, AnswerSheet, AnswerValue, BinaryOp, Expr, ExprKind, ExprNode, TargetKind};
use std::borrow::Cow;

/// The sheet with columns for lists: `[8, 1, -6]` has no direction where the value is a column.
pub(super) fn with_columns<'s>(key: &Key, sheet: &'s AnswerSheet) -> Cow<'s, AnswerSheet> {
    if !sheet.answers.iter().any(|answer| is_for_column(key, answer)) {
        return Cow::Borrowed(sheet);
    }
    let mut sheet = sheet.clone();
    for answer in &mut sheet.answers {
        if is_for_column(key, answer)
            && let AnswerValue::Expression(expr) = &mut answer.value
        {
            expr.nodes.push(ExprNode::new(ExprKind::Transpose(expr.root()), expr.span()));
        }
    }
    Cow::Owned(sheet)
}

fn is_for_column(key: &Key, answer: &Answer) -> bool {
    let target = &answer.target;
    let whole = matches!(target.kind, TargetKind::Plain | TargetKind::Update) && target.entry.is_empty();
    let AnswerValue::Expression(expr) = &answer.value else { return false };
    if !whole || !is_list(expr) || !is_written_as_list(&answer.source) {
        return false;
    }
    let ours = key.meaning(&canonical(key, &target.name)).map(|id| &key.graph().shape(id).0);
    ours.is_some_and(
        |sides| matches!(sides.as_slice(), [rows, columns] if *rows != Dim::one() && *columns == Dim::one()),
    )
}

/// One row of several entries.
fn is_list(expr: &Expr) -> bool {
    matches!(&expr.node(expr.root()).kind, ExprKind::Matrix(rows) if matches!(rows.as_slice(), [row] if row.len() > 1))
}

/// Whether the last member has no brackets, or one pair of them around entries with commas.
fn is_written_as_list(source: &str) -> bool {
    let member = source.rsplit('=').next().unwrap_or(source).trim();
    if !member.contains(['[', '(', '&', '{']) {
        return true;
    }
    let inside = member.strip_prefix(['[', '(']);
    inside.is_some_and(|inside| inside.contains(',') && !inside.trim_start().starts_with('['))
}

/// The sheet with products entry by entry for `*`, if it is written in Python, in the lines that do not say so themselves.
pub(super) fn entry_by_entry(sheet: &AnswerSheet) -> Option<AnswerSheet> {
    let starred = |answer: &Answer| {
        let stars =
            answer.source.contains('*') && !answer.source.contains(['@', '⊙', '…']) && !answer.source.contains(".*");
        stars && matches!(answer.value, AnswerValue::Expression(_))
    };
    if !sheet.python || !sheet.answers.iter().any(starred) {
        return None;
    }
    let mut sheet = sheet.clone();
    for answer in sheet.answers.iter_mut().filter(|answer| starred(answer)) {
        if let AnswerValue::Expression(expr) = &mut answer.value {
            for node in &mut expr.nodes {
                if let ExprKind::Binary { op: op @ BinaryOp::Mul, .. } = &mut node.kind {
                    *op = BinaryOp::ElementwiseMul;
                }
            }
        }
    }
    Some(sheet)
}

/// What is raised to a whole power in an expression.
pub(super) fn bases(expr: &Expr) -> Vec<Expr> {
    let raised = expr.nodes.iter().filter_map(|node| match &node.kind {
        ExprKind::Binary { op: BinaryOp::Pow, left, right } => match &expr.node(*right).kind {
            ExprKind::Number(power) if power.parse::<u32>().is_ok() => Some(*left),
            _ => None,
        },
        _ => None,
    });
    raised.map(|base| Expr { nodes: expr.nodes[..=base.0 as usize].to_vec() }).collect()
}
