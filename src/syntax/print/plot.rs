//! A `plot` task as text.

use super::{list, print_expression, print_name, print_point, print_target};
use crate::syntax::ast::{Expr, ExprId, ExprKind, PlotLearned, PlotRange, PlotRequest, Plotted};

pub(super) fn print_plot(request: &PlotRequest) -> String {
    if request.degrees.is_some() {
        return "loss per degree".to_owned();
    }
    let of = list(&request.of, |plotted| match plotted {
        Plotted::Name(name) => print_name(name),
        Plotted::Norm { names, .. } => format!("|{}|", list(names, print_name)),
    });
    if request.over.is_empty() {
        return format!("{of} per step");
    }
    let over: Vec<String> = request.over.iter().map(print_range).collect();
    let mut text = format!("{of} over {}", over.join(" and "));
    if request.descent.is_some() {
        text += " with descent";
    }
    if !request.with.is_empty() {
        text += &format!(" with {}", list(&request.with, print_name));
    }
    match request.learned.as_ref().map(|learned| learned.value) {
        Some(PlotLearned::Descent) => text += " after descent",
        Some(PlotLearned::Minimum) => text += " at minimum",
        Some(PlotLearned::Fit) => text += " with fit",
        None => {}
    }
    if !request.at.is_empty() {
        let points: Vec<String> = request.at.iter().map(|point| print_point(point)).collect();
        text += &format!(" at {}", points.join(", "));
    }
    text
}

fn print_range(range: &PlotRange) -> String {
    let target = print_target(&range.target);
    match &range.bounds {
        Some((from, to)) => format!("{target} from {} to {}", print_bound(from), print_bound(to)),
        None => target,
    }
}

/// A bound is one operand: anything else is in brackets.
fn print_bound(bound: &Expr) -> String {
    let text = print_expression(bound);
    let inner = if let ExprKind::Negate(inner) = bound.node(bound.root()).kind { inner } else { bound.root() };
    if is_plain(bound, inner) { text } else { format!("({text})") }
}

fn is_plain(bound: &Expr, id: ExprId) -> bool {
    matches!(bound.node(id).kind, ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Call { .. })
}
