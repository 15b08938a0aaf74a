//! The forms that typed text and LaTeX have in common, each made in one way: comparisons and conditions, cases, sums and
//! products over indices, entries, norms, derivatives by a prime.

use super::ast::{BinaryOp, Case, ExprId, ExprKind, Fold, Name, Relation, Spanned, SumIndex};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// A part of the tree, or why there is none.
pub type Built = Result<ExprId, Box<Diagnostic>>;

/// The index of a whole row or column.
pub const ALL: &str = ":";

/// Norms by what stands below their bars, each as the operators that it is, the inner one first.
const NORMS: [(&[&str], &[&str]); 3] =
    [(&["2", "F", "Fro", "fro"], &["norm"]), (&["1"], &["abs", "sum"]), (&["inf", "infty"], &["abs", "max"])];

/// Primes at most: none has so many.
const PRIMES: u32 = 8;

/// What is filled with the nodes of a tree.
pub trait Construct {
    /// A new node; one that is an operator is counted.
    fn put(&mut self, kind: ExprKind, span: Span) -> Built;

    fn look<T>(&self, id: ExprId, look: impl FnOnce(&ExprKind) -> T) -> T;

    fn place(&self, id: ExprId) -> Span;

    fn of_two(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> Built {
        let span = self.place(left).to(self.place(right));
        self.put(ExprKind::Binary { op, left, right }, span)
    }

    fn of_operator(&mut self, operator: &str, argument: ExprId, span: Span) -> Built {
        let callee = Name { text: operator.to_owned(), index: None, span };
        self.put(ExprKind::Call { callee, arguments: vec![argument], options: Vec::new() }, span)
    }

    fn indicator(&mut self, relation: Relation, left: ExprId, right: ExprId) -> Built {
        let span = self.place(left).to(self.place(right));
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
        let span = self.place(middle);
        match self.look(middle, Clone::clone) {
            kind @ (ExprKind::Number(_) | ExprKind::Name(_)) => self.put(kind, span),
            _ => {
                let fault = Diagnostic::error("E-syntax", "the middle of a chain of relations is more than a name");
                Err(Box::new(fault.at(span, "here").help("write two conditions with `and`")))
            }
        }
    }

    /// `Z > 0 and i = j`
    fn both(&mut self, before: Option<ExprId>, condition: ExprId) -> Built {
        before.map_or(Ok(condition), |before| self.of_two(BinaryOp::ElementwiseMul, before, condition))
    }

    /// `‖x‖`, `‖x‖₁`, `‖A‖_F`, after what stands between the bars.
    fn normed(&mut self, of: ExprId, which: &str, span: Span) -> Built {
        let Some((_, operators)) = NORMS.iter().find(|(names, _)| names.contains(&which)) else {
            let fault = Diagnostic::error("E-syntax", "this norm is not known").at(span, "here");
            return Err(Box::new(fault.help("known are `_1`, `_2`, `_F` and `_inf`, in LaTeX `_\\infty`")));
        };
        operators.iter().try_fold(of, |inside, operator| self.of_operator(operator, inside, span))
    }

    /// `\tanh'(U)`
    fn primed(&mut self, callee: Name, primes: u32, argument: ExprId, span: Span) -> Built {
        self.put(ExprKind::Prime { callee, primes: primes.min(PRIMES), argument }, span)
    }

    /// Values, each with the condition under which it holds; the last one may have none.
    fn cased(&mut self, cases: impl IntoIterator<Item = (ExprId, Option<ExprId>)>, span: Span) -> Built {
        self.put(ExprKind::Cases(cases.into_iter().map(|(value, condition)| Case { value, condition }).collect()), span)
    }

    /// What is summed or multiplied, where an index is not `other`: 0 or 1 stands there.
    fn apart(&mut self, fold: Fold, index: Spanned<String>, other: Spanned<String>, body: ExprId) -> Built {
        let span = index.span.to(other.span);
        let (left, right) = (self.index(&index)?, self.index(&other)?);
        let differs = self.indicator(Relation::NotEqual, left, right)?;
        match fold {
            Fold::Sum => self.of_two(BinaryOp::Mul, differs, body),
            Fold::Product => {
                let one = self.put(ExprKind::Number("1".to_owned()), span)?;
                self.cased([(body, Some(differs)), (one, None)], span)
            }
        }
    }

    /// A letter, a number, or a letter and what is added to it.
    fn index(&mut self, part: &Spanned<String>) -> Built {
        let (text, span) = (part.value.as_str(), part.span);
        let name = |text: &str| ExprKind::Name(Name { text: text.to_owned(), index: None, span });
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return self.put(ExprKind::Number(text.to_owned()), span);
        }
        let Some(at) = text.find(['+', '-']) else { return self.put(name(text), span) };
        let left = self.put(name(&text[..at]), span)?;
        let right = self.put(ExprKind::Number(text[at + 1..].to_owned()), span)?;
        self.of_two(if text[at..].starts_with('+') { BinaryOp::Add } else { BinaryOp::Sub }, left, right)
    }

    /// What stands below a value: `Z_{i,j}`, `Z_{i,:}`; `A_{12}` is the entry in row 1 and column 2.
    fn below(&mut self, of: ExprId, parts: &[Spanned<String>], span: Span) -> Built {
        let halves: Vec<Spanned<String>> = match parts {
            [part] if part.value.len() == 2 && part.value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let digit = |digit: char| Spanned { value: digit.to_string(), span: part.span };
                part.value.chars().map(digit).collect()
            }
            parts => parts.to_vec(),
        };
        let mut indices = Vec::new();
        for part in &halves {
            indices.push(if part.value == ALL { None } else { Some(self.index(part)?) });
        }
        self.entry_at(of, &indices, span)
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
