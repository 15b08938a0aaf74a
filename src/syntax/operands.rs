//! The operands of a node, and trees with other operands in their places.

use super::ast::{Case, Expr, ExprId, ExprKind, ExprNode, SumIndex};

/// The operands of a node, in the order of the text.
pub fn operands(kind: &ExprKind) -> Vec<ExprId> {
    if matches!(kind, ExprKind::Number(_) | ExprKind::Name(_)) {
        return Vec::new();
    }
    let mut all = Vec::new();
    map_operands(kind, &mut |id| {
        all.push(id);
        id
    });
    all
}

/// The same node over other operands.
pub fn map_operands(kind: &ExprKind, to: &mut impl FnMut(ExprId) -> ExprId) -> ExprKind {
    match kind {
        ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Gradient { .. } => kind.clone(),
        ExprKind::Negate(of) => ExprKind::Negate(to(*of)),
        ExprKind::Transpose(of) => ExprKind::Transpose(to(*of)),
        ExprKind::Binary { op, left, right } => {
            let left = to(*left);
            ExprKind::Binary { op: *op, left, right: to(*right) }
        }
        ExprKind::Indicator { relation, left, right } => {
            let left = to(*left);
            ExprKind::Indicator { relation: *relation, left, right: to(*right) }
        }
        ExprKind::Entry { of, indices } => {
            let of = to(*of);
            ExprKind::Entry { of, indices: indices.iter().map(|index| to(*index)).collect() }
        }
        ExprKind::Call { callee, arguments, options } => ExprKind::Call {
            callee: callee.clone(),
            arguments: arguments.iter().map(|argument| to(*argument)).collect(),
            options: options.clone(),
        },
        ExprKind::Matrix(rows) => {
            ExprKind::Matrix(rows.iter().map(|row| row.iter().map(|entry| to(*entry)).collect()).collect())
        }
        ExprKind::Sum { fold, indices, body } => {
            let mut index = |index: &SumIndex| {
                let range = index.range.map(|(from, upto)| (to(from), to(upto)));
                SumIndex { name: index.name.clone(), range }
            };
            let indices = indices.iter().map(&mut index).collect();
            ExprKind::Sum { fold: *fold, indices, body: to(*body) }
        }
        ExprKind::Cases(cases) => {
            let mut case = |case: &Case| {
                let value = to(case.value);
                Case { value, condition: case.condition.map(&mut *to) }
            };
            ExprKind::Cases(cases.iter().map(&mut case).collect())
        }
        ExprKind::Prime { callee, primes, argument } => {
            ExprKind::Prime { callee: callee.clone(), primes: *primes, argument: to(*argument) }
        }
    }
}

/// The tree under a node, without what nothing uses.
pub fn compact(nodes: &[ExprNode], root: ExprId) -> Expr {
    let mut used = vec![false; nodes.len()];
    used[root.0 as usize] = true;
    for place in (0..=root.0 as usize).rev().filter(|place| *place < nodes.len()) {
        if used[place] {
            operands(&nodes[place].kind).iter().for_each(|id| used[id.0 as usize] = true);
        }
    }
    if used.iter().all(|used| *used) && root.0 as usize + 1 == nodes.len() {
        return Expr { nodes: nodes.to_vec() };
    }
    let mut new = vec![ExprId(0); nodes.len()];
    let mut kept: Vec<ExprNode> = Vec::new();
    for (place, node) in nodes.iter().enumerate().take(root.0 as usize + 1).filter(|(place, _)| used[*place]) {
        new[place] = ExprId(kept.len() as u32);
        kept.push(node.with(map_operands(&node.kind, &mut |id| new[id.0 as usize])));
    }
    Expr { nodes: kept }
}
