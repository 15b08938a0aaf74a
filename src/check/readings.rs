//! Other ways in which a sheet may be meant: a list for a column, Python's `*`, powers of matrices.

use super::key::Key;
use super::sheet::{as_expression, canonical};
use crate::shape::Dim;
use crate::syntax::ast::{Answer, AnswerSheet, AnswerValue, BinaryOp, Expr, ExprKind, ExprNode, Sign, TargetKind};
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
    if !whole || !is_list(expr) {
        return false;
    }
    let ours = key.meaning(&canonical(key, &target.name)).map(|id| &key.graph().shape(id).0);
    ours.is_some_and(
        |sides| matches!(sides.as_slice(), [rows, columns] if *rows != Dim::one() && *columns == Dim::one()),
    )
}

/// One row of several entries with commas between them.
fn is_list(expr: &Expr) -> bool {
    let root = expr.node(expr.root());
    root.written.sign == Sign::Comma
        && matches!(&root.kind, ExprKind::Matrix(rows) if matches!(rows.as_slice(), [row] if row.len() > 1))
}

/// The sheet with products entry by entry for `*`, if it is written in Python, in the lines that do not say so themselves.
pub(super) fn entry_by_entry(sheet: &AnswerSheet) -> Option<AnswerSheet> {
    if !sheet.python || !sheet.answers.iter().any(|answer| as_expression(&answer.value).is_some_and(is_starred)) {
        return None;
    }
    let mut sheet = sheet.clone();
    for answer in &mut sheet.answers {
        if let AnswerValue::Expression(expr) = &mut answer.value
            && is_starred(expr)
        {
            for node in &mut expr.nodes {
                if let (ExprKind::Binary { op: op @ BinaryOp::Mul, .. }, Sign::Star) =
                    (&mut node.kind, node.written.sign)
                {
                    *op = BinaryOp::ElementwiseMul;
                }
            }
        }
    }
    Some(sheet)
}

/// Whether an expression has `*` and nothing that says what it means.
fn is_starred(expr: &Expr) -> bool {
    let products = expr.nodes.iter().filter_map(|node| match &node.kind {
        ExprKind::Binary { op, .. } => Some((*op, node.written.sign)),
        _ => None,
    });
    let mut starred = false;
    for (op, sign) in products {
        match (op, sign) {
            (BinaryOp::Mul, Sign::Star) => starred = true,
            (BinaryOp::ElementwiseMul, _) | (_, Sign::At) => return false,
            _ => {}
        }
    }
    starred
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
