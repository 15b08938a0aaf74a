//! The formula of what a student wrote, from its tree.

use crate::math::Math;
use crate::ops::{Op, Options, REFERENCES};
use crate::render::write::{Style, write};
use crate::syntax::ast::{BinaryOp, Case, Expr, ExprId, ExprKind, Fold, Name, NamedOption};
use crate::syntax::map_operands;

/// Longer and deeper answers stay text.
const LONGEST: usize = 150;
const DEEPEST: usize = 40;

/// An expression in LaTeX; none where it is too long or has no form that is set.
pub fn formula(expr: &Expr) -> Option<String> {
    let mut depths: Vec<usize> = Vec::with_capacity(expr.nodes.len().min(LONGEST));
    for node in expr.nodes.iter().take(LONGEST) {
        let mut deepest = 0;
        map_operands(&node.kind, &mut |operand| {
            deepest = deepest.max(depths.get(operand.0 as usize).copied().unwrap_or(DEEPEST));
            operand
        });
        depths.push(deepest + 1);
    }
    let is_short = expr.nodes.len() <= LONGEST && depths.last().is_some_and(|depth| *depth <= DEEPEST);
    is_short.then(|| math(expr, expr.root())).flatten().map(|math| write(&math, Style::Latex))
}

/// `dW1 = …` in LaTeX: what is asked for, where that is a name, and what was written.
pub fn equation(name: &str, expr: &Expr) -> Option<String> {
    let own = formula(expr)?;
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    Some(if is_name { format!("{} = {own}", write(&Math::name(name), Style::Latex)) } else { own })
}

fn math(expr: &Expr, id: ExprId) -> Option<Math> {
    let of = |id: &ExprId| math(expr, *id);
    let all = |ids: &[ExprId]| ids.iter().map(of).collect::<Option<Vec<Math>>>();
    Some(match &expr.node(id).kind {
        ExprKind::Number(text) => Math::Number(text.clone()),
        ExprKind::Name(name) => Math::name(name.text.as_str()),
        ExprKind::Call { callee, arguments, options } => called(callee, all(arguments)?, options)?,
        ExprKind::Negate(operand) => of(operand)?.negative(),
        ExprKind::Transpose(operand) => of(operand)?.transposed(),
        ExprKind::Binary { op, left, right } => {
            let (left, right) = (of(left)?, of(right)?);
            match op {
                BinaryOp::Add => left.plus(right),
                BinaryOp::Sub => left.minus(right),
                BinaryOp::Mul => left.times(right),
                BinaryOp::ElementwiseMul => left.entrywise(right),
                BinaryOp::Div | BinaryOp::ElementwiseDiv => left.over(right),
                BinaryOp::Pow | BinaryOp::ElementwisePow => left.to(right),
            }
        }
        ExprKind::Entry { of: whole, indices } => of(whole)?.entry(all(indices)?),
        ExprKind::Matrix(rows) => Math::Grid(rows.iter().map(|row| all(row)).collect::<Option<_>>()?),
        ExprKind::Indicator { .. } => Math::Indicator(Box::new(condition(expr, id)?)),
        ExprKind::Sum { fold: Fold::Sum, indices, body } => {
            let range = |range: &(ExprId, ExprId)| Some(Box::new((of(&range.0)?, of(&range.1)?)));
            let mut body = of(body)?;
            for index in indices.iter().rev() {
                let from_to = match &index.range {
                    Some(both) => Some(range(both)?),
                    None => None,
                };
                let letters = vec![Math::name(index.name.value.as_str())];
                body = Math::Total { letters, from_to, of: Box::new(body) };
            }
            body
        }
        ExprKind::Cases(cases) => {
            let case = |case: &Case| match &case.condition {
                Some(when) => Some((of(&case.value)?, Some(condition(expr, *when)?))),
                None => Some((of(&case.value)?, None)),
            };
            Math::Cases(cases.iter().map(case).collect::<Option<_>>()?)
        }
        ExprKind::Gradient { of, wrt } => {
            let partial = |name: &Name| Math::name(name.text.as_str()).partial();
            partial(of).over(partial(wrt))
        }
        // A product over indices has no sign in `Math`.
        ExprKind::Sum { fold: Fold::Product, .. } | ExprKind::Prime { .. } => return None,
    })
}

/// `Z > 0` of `1[Z > 0]`
fn condition(expr: &Expr, id: ExprId) -> Option<Math> {
    let ExprKind::Indicator { relation, left, right } = &expr.node(id).kind else { return math(expr, id) };
    Some(math(expr, *left)?.related((*relation).into(), math(expr, *right)?))
}

/// A call as the key writes it, where it is one of an operator's.
fn called(callee: &Name, arguments: Vec<Math>, options: &[NamedOption]) -> Option<Math> {
    let known = REFERENCES.iter().find(|known| known.name == callee.text || known.aliases.contains(&&*callee.text));
    let fits =
        known.and_then(|known| known.call).is_some_and(|(least, most)| (least..=most).contains(&arguments.len()));
    if !fits {
        return options.is_empty().then(|| Math::call(Math::name(callee.text.as_str()), arguments));
    }
    let mut options = Options::new(&callee.text, options.to_vec(), 1);
    let op = Op::from_call(&callee.text, &mut options)?.ok()?;
    Some(op.notation(arguments))
}
