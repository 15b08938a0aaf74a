//! Sums over indices in a model, as sheets write losses: `\frac1N \sum_i (y_i - \hat y_i)^2` is the sum of what the whole
//! vectors give entry by entry.

use crate::ops::{Op, Options};
use crate::shape::Shape;
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Fold, Name, SumIndex};
use crate::syntax::{compact, map_operands, operands};

/// The expression without sums over indices; `None` where it has none, or one that is no sum over whole values.
pub(super) fn whole(expr: &Expr, shape: &dyn Fn(&str) -> Option<Shape>) -> Option<Expr> {
    if !expr.nodes.iter().any(|node| matches!(node.kind, ExprKind::Sum { .. })) {
        return None;
    }
    let mut pass = Pass { expr, shape, nodes: Vec::new(), standing: None };
    let root = pass.part(ExprId(expr.nodes.len() as u32 - 1), &[])?.0;
    Some(compact(&pass.nodes, root))
}

struct Pass<'a> {
    expr: &'a Expr,
    shape: &'a dyn Fn(&str) -> Option<Shape>,
    nodes: Vec<ExprNode>,
    /// Whether the vectors of the sum at hand stand upright.
    standing: Option<bool>,
}

impl Pass<'_> {
    fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.nodes.push(ExprNode::new(kind, span));
        ExprId(self.nodes.len() as u32 - 1)
    }

    /// The part with whole values in place of their entries, and whether it has any.
    fn part(&mut self, id: ExprId, letters: &[String]) -> Option<(ExprId, bool)> {
        let node = self.expr.node(id);
        let (span, bracketed) = (node.span, node.written.bracketed);
        let (kind, indexed) = match &node.kind {
            ExprKind::Sum { fold, indices, body } if letters.is_empty() => {
                self.standing = None;
                let (letters, body) = self.letters(*fold, indices, *body)?;
                let (body, indexed) = self.part(body, &letters)?;
                let callee = Name { text: fold.operator().to_string(), index: None, span };
                (ExprKind::Call { callee, arguments: vec![body], options: Vec::new() }, !indexed)
            }
            // What does not depend on the index would be counted.
            ExprKind::Sum { .. } => return None,
            ExprKind::Cases(_) | ExprKind::Prime { .. } | ExprKind::Gradient { .. } => return None,
            kind if letters.is_empty() => {
                let mut parts = Vec::new();
                for operand in operands(kind) {
                    parts.push(self.part(operand, letters)?.0);
                }
                let mut parts = parts.into_iter();
                (map_operands(kind, &mut |own| parts.next().unwrap_or(own)), false)
            }
            ExprKind::Number(_) => (node.kind.clone(), false),
            ExprKind::Name(name) => match (self.shape)(&name.text) {
                Some(shape) if shape.is_scalar() => (node.kind.clone(), false),
                Some(_) => return None,
                None => {
                    let (base, below) = entry_name(&name.text, letters)?;
                    return self.entry(&base, &below, letters, span).map(|id| (id, true));
                }
            },
            ExprKind::Entry { of, indices } => {
                let ExprKind::Name(name) = &self.expr.node(*of).kind else { return None };
                let below: Option<Vec<String>> = indices.iter().map(|id| self.letter(*id)).collect();
                return self.entry(&name.text, &below?, letters, span).map(|id| (id, true));
            }
            ExprKind::Negate(of) => {
                let (of, indexed) = self.part(*of, letters)?;
                (ExprKind::Negate(of), indexed)
            }
            ExprKind::Binary { op, left, right } => {
                let ((left, one), (right, two)) = (self.part(*left, letters)?, self.part(*right, letters)?);
                let op = match op {
                    BinaryOp::Mul if one && two => BinaryOp::ElementwiseMul,
                    BinaryOp::Pow if one => BinaryOp::ElementwisePow,
                    op => *op,
                };
                (ExprKind::Binary { op, left, right }, one || two)
            }
            ExprKind::Indicator { relation, left, right } => {
                let ((left, one), (right, two)) = (self.part(*left, letters)?, self.part(*right, letters)?);
                (ExprKind::Indicator { relation: *relation, left, right }, one || two)
            }
            ExprKind::Call { callee, arguments, options } => {
                let op = Op::from_call(&callee.text, &mut Options::new(&callee.text, options.clone(), 1))?.ok()?;
                if !op.is_entrywise(arguments.len()) {
                    return None;
                }
                let mut parts = Vec::new();
                for argument in arguments {
                    parts.push(self.part(*argument, letters)?);
                }
                let indexed = parts.iter().any(|(_, indexed)| *indexed);
                let arguments = parts.into_iter().map(|(id, _)| id).collect();
                (ExprKind::Call { callee: callee.clone(), arguments, options: options.clone() }, indexed)
            }
            ExprKind::Transpose(_) | ExprKind::Matrix(_) => return None,
        };
        let sum_of_constants = matches!(&self.expr.node(id).kind, ExprKind::Sum { .. }) && indexed;
        let id = self.push(kind, span);
        self.nodes[id.0 as usize].written.bracketed = bracketed;
        (!sum_of_constants).then_some((id, indexed && !letters.is_empty()))
    }

    /// The letters of a sum, of those in it too, and what is added.
    fn letters(&self, fold: Fold, indices: &[SumIndex], body: ExprId) -> Option<(Vec<String>, ExprId)> {
        let from_one = |index: &SumIndex| match index.range {
            None => true,
            Some((from, _)) => matches!(&self.expr.node(from).kind, ExprKind::Number(text) if text == "1"),
        };
        if !indices.iter().all(from_one) {
            return None;
        }
        let mut letters: Vec<String> = indices.iter().map(|index| index.name.value.clone()).collect();
        let mut inside = body;
        if let ExprKind::Sum { fold: inner, indices, body } = &self.expr.node(body).kind {
            let (more, innermost) = self.letters(*inner, indices, *body).filter(|_| *inner == fold)?;
            letters.extend(more);
            inside = innermost;
        }
        ((1..=2).contains(&letters.len())).then_some((letters, inside))
    }

    fn letter(&self, id: ExprId) -> Option<String> {
        match &self.expr.node(id).kind {
            ExprKind::Name(name) => Some(name.text.clone()),
            _ => None,
        }
    }

    /// The whole value, turned as the others of the sum lie.
    fn entry(&mut self, name: &str, below: &[String], letters: &[String], span: Span) -> Option<ExprId> {
        let shape = (self.shape)(name)?;
        let turned = match (below, letters) {
            ([one], [letter]) if one == letter => {
                let stands = shape.is_column();
                if !stands && !shape.is_row() {
                    return None;
                }
                *self.standing.get_or_insert(stands) != stands
            }
            ([one], [first, second]) if one == first || one == second => {
                if !shape.is_column() && !shape.is_row() {
                    return None;
                }
                shape.is_column() != (one == first)
            }
            ([one, two], [first, second]) if shape.rank() == 2 => match () {
                () if (one, two) == (first, second) => false,
                () if (one, two) == (second, first) => true,
                () => return None,
            },
            _ => return None,
        };
        let name = self.push(ExprKind::Name(Name { text: name.to_string(), index: None, span }), span);
        Some(if turned { self.push(ExprKind::Transpose(name), span) } else { name })
    }
}

/// `y_i` is the entry i of `y`.
fn entry_name(text: &str, letters: &[String]) -> Option<(String, Vec<String>)> {
    let (base, below) = text.rsplit_once('_')?;
    let below: Vec<String> = below.chars().filter(|c| c.is_alphanumeric()).map(String::from).collect();
    (!below.is_empty() && below.iter().all(|letter| letters.contains(letter))).then(|| (base.to_string(), below))
}
