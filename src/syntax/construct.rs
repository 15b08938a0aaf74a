//! The forms that typed text and LaTeX have in common, each made in one way: comparisons and conditions, sums and products
//! over indices, entries with a colon.

use super::ast::{BinaryOp, ExprId, ExprKind, Fold, Name, Relation, Spanned, SumIndex};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// A part of the tree, or why there is none.
pub type Built = Result<ExprId, Box<Diagnostic>>;

/// What is filled with the nodes of a tree.
pub trait Construct {
    /// A new node; one that is an operator is counted.
    fn put(&mut self, kind: ExprKind, span: Span) -> Built;

    fn seen(&self, id: ExprId) -> (ExprKind, Span);

    fn of_two(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> Built {
        let span = self.seen(left).1.to(self.seen(right).1);
        self.put(ExprKind::Binary { op, left, right }, span)
    }

    fn of_operator(&mut self, operator: &str, argument: ExprId, span: Span) -> Built {
        let callee = Name { text: operator.to_owned(), index: None, span };
        self.put(ExprKind::Call { callee, arguments: vec![argument], options: Vec::new() }, span)
    }

    fn indicator(&mut self, relation: Relation, left: ExprId, right: ExprId) -> Built {
        let span = self.seen(left).1.to(self.seen(right).1);
        self.put(ExprKind::Indicator { relation, left, right }, span)
    }

    /// `a < b <= c`: the indicator that all hold; one expression is itself.
    fn compared(&mut self, first: ExprId, others: Vec<(Relation, ExprId)>) -> Built {
        let (mut left, mut all) = (first, None);
        for (relation, right) in others {
            if all.is_some() {
                left = self.copied(left)?;
            }
            let one = self.indicator(relation, left, right)?;
            all = Some(match all {
                None => one,
                Some(before) => self.of_two(BinaryOp::ElementwiseMul, before, one)?,
            });
            left = right;
        }
        Ok(all.unwrap_or(first))
    }

    /// The middle of `a < b < c`, which is written twice: a tree's node has one parent.
    fn copied(&mut self, middle: ExprId) -> Built {
        match self.seen(middle) {
            (kind @ (ExprKind::Number(_) | ExprKind::Name(_)), span) => self.put(kind, span),
            (_, span) => {
                let fault = Diagnostic::error("E-syntax", "the middle of a chain of relations is more than a name");
                Err(Box::new(fault.at(span, "here").help("write two conditions with `and`")))
            }
        }
    }

    /// `Z > 0 and i = j`
    fn both(&mut self, before: Option<ExprId>, condition: ExprId) -> Built {
        before.map_or(Ok(condition), |before| self.of_two(BinaryOp::ElementwiseMul, before, condition))
    }

    /// A sum or a product over indices, each with where it begins; `upto` is where it ends, for one of them.
    fn folded(
        &mut self,
        fold: Fold,
        indices: Vec<(Spanned<String>, Option<ExprId>)>,
        upto: Option<ExprId>,
        body: ExprId,
        span: Span,
    ) -> Built {
        if indices.is_empty() && upto.is_none() {
            return self.of_operator(fold.operator(), body, span);
        }
        let (alone, begun) = (indices.len() == 1, indices.iter().filter(|(_, from)| from.is_some()).count());
        if upto.is_none() != (begun == 0) && !alone || begun > 1 || upto.is_none() && begun > 0 {
            let what = if fold == Fold::Sum { "sum" } else { "product" };
            let fault = Diagnostic::error("E-syntax", format!("the bounds of this {what} can't be read"));
            let (typed, latex) =
                (format!("{}_{{i=1}}^N x[i]", fold.operator()), format!("\\{}_{{i=1}}^N x_i", fold.operator()));
            return Err(Box::new(fault.at(span, "here").help(format!("for example `{typed}`, in LaTeX `{latex}`"))));
        }
        let mut own = Vec::new();
        for (name, from) in indices {
            // `\sum_i^N` begins with the first.
            let from = match (from, upto) {
                (None, Some(_)) => Some(self.put(ExprKind::Number("1".to_owned()), name.span)?),
                (from, _) => from,
            };
            own.push(SumIndex { name, range: from.zip(upto) });
        }
        self.put(ExprKind::Sum { fold, indices: own, body }, span)
    }

    /// `Z[1, 2]`; row 1 is `Z[1, :]`, column 2 the row of the transpose. `None`: a colon.
    fn entry_at(&mut self, of: ExprId, indices: &[Option<ExprId>], span: Span) -> Built {
        match indices {
            [None] | [None, None] => Ok(of),
            [None, Some(column)] => {
                let turned = self.put(ExprKind::Transpose(of), span)?;
                let row = self.put(ExprKind::Entry { of: turned, indices: vec![*column] }, span)?;
                self.put(ExprKind::Transpose(row), span)
            }
            _ => self.put(ExprKind::Entry { of, indices: indices.iter().flatten().copied().collect() }, span),
        }
    }
}
