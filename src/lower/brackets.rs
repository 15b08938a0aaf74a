//! `W2(Y - X)` where `W2` is a value: the product that it means, put in the place of the call.
//!
//! The bracket is a factor like any other, so it takes powers, transposes and indices to itself, and stands in the
//! order of the text: `1/N(Y - X)^T` is `(1/N) * (Y - X)^T`.

use crate::span::Span;
use crate::syntax::ast::{BinaryOp, Case, Expr, ExprId, ExprKind, ExprNode, Name, SumIndex};
use std::borrow::Cow;

/// What a node of the old arena is in the new one.
#[derive(Clone)]
enum Place {
    Node(ExprId),
    /// A product that is not written yet.
    Product {
        factor: Name,
        bracket: ExprId,
    },
}

/// The expression with products for calls of values.
pub fn as_products<'e>(expr: &'e Expr, is_value: impl Fn(&Name) -> bool) -> Cow<'e, Expr> {
    let product = |kind: &ExprKind| {
        if let ExprKind::Call { callee, arguments, options } = kind
            && let ([only], true) = (arguments.as_slice(), options.is_empty())
            && is_value(callee)
        {
            return Some((callee.clone(), *only));
        }
        None
    };
    if !expr.nodes.iter().any(|node| product(&node.kind).is_some()) {
        return Cow::Borrowed(expr);
    }
    let mut arena = Arena { nodes: Vec::with_capacity(expr.nodes.len() + 8), places: Vec::new() };
    for node in &expr.nodes {
        let place = match product(&node.kind) {
            Some((factor, only)) => Place::Product { factor, bracket: arena.node(only) },
            None => arena.moved(node),
        };
        arena.places.push(place);
    }
    if let Some(root) = arena.places.len().checked_sub(1) {
        arena.node(ExprId(root as u32));
    }
    Cow::Owned(Expr { nodes: arena.nodes })
}

struct Arena {
    nodes: Vec<ExprNode>,
    places: Vec<Place>,
}

impl Arena {
    fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.nodes.push(ExprNode { kind, span });
        ExprId(self.nodes.len() as u32 - 1)
    }

    fn span(&self, id: ExprId) -> Span {
        self.nodes[id.0 as usize].span
    }

    /// The new node of an old one; a product is written now.
    fn node(&mut self, old: ExprId) -> ExprId {
        match self.places[old.0 as usize].clone() {
            Place::Node(id) => id,
            Place::Product { factor, bracket } => {
                let span = factor.span;
                let left = self.push(ExprKind::Name(factor), span);
                self.times(BinaryOp::Mul, left, bracket)
            }
        }
    }

    fn times(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> ExprId {
        let span = self.span(left).to(self.span(right));
        self.push(ExprKind::Binary { op, left, right }, span)
    }

    /// An old node over the new ones.
    fn moved(&mut self, node: &ExprNode) -> Place {
        let open = |places: &[Place], id: &ExprId| match &places[id.0 as usize] {
            Place::Node(_) => None,
            Place::Product { factor, bracket } => Some((factor.clone(), *bracket)),
        };
        // A postfix or a power belongs to the bracket.
        if let ExprKind::Transpose(of)
        | ExprKind::Entry { of, .. }
        | ExprKind::Binary { op: BinaryOp::Pow, left: of, .. } = &node.kind
            && let Some((factor, bracket)) = open(&self.places, of)
        {
            let kind = self.kind(&node.kind, Some(bracket));
            let span = Span::new(self.span(bracket).start, node.span.end);
            return Place::Product { factor, bracket: self.push(kind, span) };
        }
        // A factor before it belongs to the name.
        if let ExprKind::Binary { op: op @ (BinaryOp::Mul | BinaryOp::Div), left, right } = &node.kind
            && let Some((factor, bracket)) = open(&self.places, right)
        {
            let left = self.node(*left);
            let span = factor.span;
            let name = self.push(ExprKind::Name(factor), span);
            let first = self.times(*op, left, name);
            // The bracket's nodes stand before; only the product is new.
            return Place::Node(self.times(BinaryOp::Mul, first, bracket));
        }
        let kind = self.kind(&node.kind, None);
        Place::Node(self.push(kind, node.span))
    }

    /// A kind with its operands moved; `base` replaces the first one.
    fn kind(&mut self, kind: &ExprKind, base: Option<ExprId>) -> ExprKind {
        let first = |arena: &mut Arena, old: &ExprId| base.unwrap_or_else(|| arena.node(*old));
        match kind {
            ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Gradient { .. } => kind.clone(),
            ExprKind::Negate(of) => ExprKind::Negate(first(self, of)),
            ExprKind::Transpose(of) => ExprKind::Transpose(first(self, of)),
            ExprKind::Binary { op, left, right } => {
                let left = first(self, left);
                ExprKind::Binary { op: *op, left, right: self.node(*right) }
            }
            ExprKind::Indicator { relation, left, right } => {
                let left = first(self, left);
                ExprKind::Indicator { relation: *relation, left, right: self.node(*right) }
            }
            ExprKind::Entry { of, indices } => {
                let of = first(self, of);
                ExprKind::Entry { of, indices: indices.iter().map(|index| self.node(*index)).collect() }
            }
            ExprKind::Call { callee, arguments, options } => ExprKind::Call {
                callee: callee.clone(),
                arguments: arguments.iter().map(|argument| self.node(*argument)).collect(),
                options: options.clone(),
            },
            ExprKind::Matrix(rows) => {
                ExprKind::Matrix(rows.iter().map(|row| row.iter().map(|entry| self.node(*entry)).collect()).collect())
            }
            ExprKind::Sum { indices, body } => {
                let range = |arena: &mut Arena, (from, to): (ExprId, ExprId)| (arena.node(from), arena.node(to));
                let index = |index: &SumIndex| SumIndex {
                    range: index.range.map(|bounds| range(self, bounds)),
                    name: index.name.clone(),
                };
                ExprKind::Sum { indices: indices.iter().map(index).collect(), body: self.node(*body) }
            }
            ExprKind::Cases(cases) => {
                let case = |case: &Case| Case {
                    value: self.node(case.value),
                    condition: case.condition.map(|condition| self.node(condition)),
                };
                ExprKind::Cases(cases.iter().map(case).collect())
            }
            ExprKind::Prime { callee, primes, argument } => {
                ExprKind::Prime { callee: callee.clone(), primes: *primes, argument: self.node(*argument) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::as_products;
    use crate::syntax::{print_expression, read_expression};

    #[test]
    fn brackets_are_factors() {
        let cases = [
            ("W(Y - X)", "W*(Y - X)"),
            ("W(Y - X)^T", "W*(Y - X)^T"),
            ("a(x + 1)^2", "a*(x + 1)^2"),
            ("1/N(Y - X)", "1/N*(Y - X)"),
            ("A*W(x)'*relu(W(x))", "A*W*x^T*relu(W*x)"),
            ("-a(b(c + 1))", "-(a*(b*(c + 1)))"),
            ("W(x)(y)", "W*x*y"),
        ];
        for (text, expected) in cases {
            let expr = read_expression(text).unwrap().value;
            let products = as_products(&expr, |name| name.text != "relu");
            let expected = print_expression(&read_expression(expected).unwrap().value);
            assert_eq!(print_expression(&products), expected, "{text}");
        }
    }
}
