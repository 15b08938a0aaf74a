//! Expressions that are typed as students type them, or as Python has them: `X.T @ r`, `x**2`, `||w||^2`, `np.exp(x)`.

use super::super::ast::{Expr, ExprKind};
use super::super::build::Builder;
use super::super::expression::{expression, first, formula};
use super::super::grammar::{Rule, parse};
use super::super::print::print_expression;
use super::LONGEST;

/// The expression of a text that the problem language can't read, if the language can say what it means: printed and read
/// again it is the same.
pub fn loosely(builder: &Builder<'_>, text: &str) -> Option<Expr> {
    if text.len() > 10 * LONGEST {
        return None;
    }
    let pair = parse(Rule::loose_line, text).ok()?;
    // Beside Python's `@` a `*` may mean either product.
    if text.contains('@') && text.replace("**", "").contains('*') {
        return None;
    }
    let inner = Builder { answers: true, ..builder.inside(0) };
    let read = formula(&inner, first(pair));
    (inner.faults.borrow().is_empty() && is_sayable(&read)).then_some(read)
}

fn is_sayable(expr: &Expr) -> bool {
    let plain = |kind: &ExprKind| {
        !matches!(kind, ExprKind::Sum { .. } | ExprKind::Cases(_) | ExprKind::Prime { .. } | ExprKind::Gradient { .. })
    };
    let printed = print_expression(expr);
    let again = parse(Rule::expression_line, &printed).ok().map(|pair| expression(&Builder::new(0, &[]), first(pair)));
    expr.nodes.iter().all(|node| plain(&node.kind)) && again.is_some_and(|again| print_expression(&again) == printed)
}
