//! A mistake seen from the student's side: which one change of the answer makes it right?
//!
//! Where shapes do not fit there is no value to compare; but one transpose put in, or two factors exchanged, may mend it.

use super::judge::Case;
use super::marker::Marker;
use super::scalar_form::has;
use super::world::Failure;
use crate::ops::Mistake;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name};
use crate::syntax::{compact, map_operands};

/// Longer answers are not mended.
const LONGEST: usize = 80;

/// A change of one node.
#[derive(Clone, Copy, Debug)]
enum Change {
    Transpose,
    /// A transpose taken away.
    Untranspose,
    /// Two factors exchanged.
    Swap,
    /// Another product.
    Product(BinaryOp),
    /// The sum over the rows.
    Sum,
    Negate,
}

impl Marker<'_> {
    /// The name of the mistake that one change of the answer takes back.
    pub(super) fn repair(&mut self, case: &Case) -> Option<&'static str> {
        if case.expr.nodes.len() > LONGEST {
            return None;
        }
        let places: Vec<ExprId> = (0..case.expr.nodes.len() as u32).map(ExprId).collect();
        let tried = CHANGES.iter().flat_map(|(name, change)| places.iter().map(move |place| (*name, *change, *place)));
        for (name, change, place) in tried {
            let Some(mended) = changed(case.expr, place, change) else { continue };
            if let Ok(node) = self.answering(case).own(&mended)
                && self.compare(case.place, node).is_equal()
            {
                return Some(name);
            }
        }
        None
    }

    /// Whether an answer is right where products that do not fit, in what is summed as a whole, are taken entry by entry:
    /// `sum(x*(y - a*x))`.
    pub(super) fn is_right_in_sums(&mut self, case: &Case) -> bool {
        let summed = case.expr.nodes.iter().filter_map(|node| match &node.kind {
            ExprKind::Call { callee, arguments, options } if options.is_empty() => {
                matches!((callee.text.as_str(), arguments.len()), ("sum" | "mean", 1)).then(|| arguments[0])
            }
            _ => None,
        });
        let mut inside = vec![false; case.expr.nodes.len()];
        summed.for_each(|id| inside[id.0 as usize] = true);
        // Who transposes elsewhere has left a transpose out.
        let transposes = has(case.sheet, |_, kind| matches!(kind, ExprKind::Transpose(_)));
        if !inside.contains(&true) || inside.len() > LONGEST || transposes {
            return false;
        }
        // Operands stand before what they are operands of.
        for place in (0..inside.len()).rev() {
            if inside[place] {
                map_operands(&case.expr.nodes[place].kind, &mut |operand| {
                    inside[operand.0 as usize] = true;
                    operand
                });
            }
        }
        let mut read = case.expr.clone();
        for id in (0..inside.len()).filter(|place| inside[*place]).map(|place| ExprId(place as u32)) {
            let ExprKind::Binary { op: BinaryOp::Mul, left, right } = read.node(id).kind else { continue };
            let part = compact(&read.nodes, id);
            if matches!(self.answering(case).own(&part), Err(Failure::IllTyped(_))) {
                read.nodes[id.0 as usize].kind = ExprKind::Binary { op: BinaryOp::ElementwiseMul, left, right };
            }
        }
        let node = self.answering(case).own(&read);
        node.is_ok_and(|node| self.compare(case.place, node).is_equal())
    }
}

/// What was done, and what takes it back.
const CHANGES: &[(&str, Change)] = &[
    (Mistake::EXTRA_TRANSPOSE, Change::Untranspose),
    (Mistake::MISSING_TRANSPOSE, Change::Transpose),
    (Mistake::FACTORS_SWAPPED, Change::Swap),
    (Mistake::NOT_SUMMED_OVER_BATCH, Change::Sum),
    (Mistake::MATRIX_FOR_ELEMENTWISE_PRODUCT, Change::Product(BinaryOp::ElementwiseMul)),
    (Mistake::ELEMENTWISE_FOR_MATRIX_PRODUCT, Change::Product(BinaryOp::Mul)),
    (Mistake::SIGN, Change::Negate),
];

/// The expression with one node changed; `None` where the change does not apply.
fn changed(expr: &Expr, place: ExprId, change: Change) -> Option<Expr> {
    let node = expr.node(place);
    let mut nodes: Vec<ExprNode> = Vec::with_capacity(expr.nodes.len() + 1);
    let (own, span) = (place.0, node.span);
    let new = |kind: ExprKind| ExprNode::new(kind, span);
    // Where the changed node ends up, and by how much what follows moves.
    let (replacement, moved): (Vec<ExprNode>, u32) = match (change, &node.kind) {
        (Change::Transpose, ExprKind::Number(_) | ExprKind::Transpose(_)) => return None,
        (Change::Transpose, _) if expr.nodes.iter().any(|node| node.kind == ExprKind::Transpose(place)) => return None,
        (Change::Transpose, _) => (vec![node.clone(), new(ExprKind::Transpose(place))], 1),
        (Change::Sum, ExprKind::Number(_)) => return None,
        (Change::Sum, _) => {
            let callee = Name { text: "colsum".to_string(), index: None, span };
            let call = ExprKind::Call { callee, arguments: vec![place], options: Vec::new() };
            (vec![node.clone(), new(call)], 1)
        }
        (Change::Negate, _) => (vec![node.clone(), new(ExprKind::Negate(place))], 1),
        (Change::Swap, ExprKind::Binary { op: op @ (BinaryOp::Mul | BinaryOp::Sub), left, right }) => {
            (vec![new(ExprKind::Binary { op: *op, left: *right, right: *left })], 0)
        }
        (Change::Product(to), ExprKind::Binary { op: BinaryOp::Mul | BinaryOp::ElementwiseMul, left, right }) => {
            (vec![new(ExprKind::Binary { op: to, left: *left, right: *right })], 0)
        }
        (Change::Untranspose, ExprKind::Transpose(of)) => (vec![new(expr.node(*of).kind.clone())], 0),
        (Change::Swap | Change::Product(_) | Change::Untranspose, _) => return None,
    };
    for (index, old) in expr.nodes.iter().enumerate() {
        if index as u32 == own {
            nodes.extend(replacement.iter().cloned());
            continue;
        }
        let shift = |id: ExprId| if id.0 >= own { ExprId(id.0 + moved) } else { id };
        nodes.push(ExprNode { kind: with_operands(&old.kind, shift), ..old.clone() });
    }
    Some(Expr { nodes })
}

/// The same node over other operands.
fn with_operands(kind: &ExprKind, to: impl Fn(ExprId) -> ExprId) -> ExprKind {
    let all = |ids: &[ExprId]| ids.iter().map(|id| to(*id)).collect::<Vec<_>>();
    let mut kind = kind.clone();
    match &mut kind {
        ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Gradient { .. } => {}
        ExprKind::Call { arguments, .. } => *arguments = all(arguments),
        ExprKind::Negate(of) | ExprKind::Transpose(of) => *of = to(*of),
        ExprKind::Binary { left, right, .. } | ExprKind::Indicator { left, right, .. } => {
            (*left, *right) = (to(*left), to(*right));
        }
        ExprKind::Entry { of, indices } => {
            *of = to(*of);
            *indices = all(indices);
        }
        ExprKind::Matrix(rows) => rows.iter_mut().for_each(|row| *row = all(row)),
        ExprKind::Sum { indices, body, .. } => {
            *body = to(*body);
            for index in indices {
                index.range = index.range.map(|(from, end)| (to(from), to(end)));
            }
        }
        ExprKind::Cases(cases) => {
            for case in cases {
                case.value = to(case.value);
                case.condition = case.condition.map(&to);
            }
        }
        ExprKind::Prime { argument, .. } => *argument = to(*argument),
    }
    kind
}
