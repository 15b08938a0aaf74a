//! Gradient rules as data.

use super::{Add, Compare, Div, Hadamard, MatMul, Neg, Op, Pow, Scale, Sub, Sum, Transpose};
use crate::number::Number;
use crate::shape::{Dim, Shape};
use crate::syntax::ast::Relation;

/// A formula in the two notations that documents need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maths {
    pub latex: &'static str,
    /// Unicode text for the terminal.
    pub text: &'static str,
}

/// A general rule, proved once from one entry and cited by its title.
#[derive(Debug, PartialEq, Eq)]
pub struct Law {
    /// A stable name: `matrix-product`.
    pub name: &'static str,
    pub title: &'static str,
    /// Why, from one entry.
    pub proof: Maths,
}

/// The gradient with respect to one operand.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub term: Term,
    pub law: &'static Law,
}

/// The gradient with respect to the operand of an operand's operator: softmax, then cross-entropy.
#[derive(Clone, Debug, PartialEq)]
pub struct Fusion {
    /// The operand of the outer operator that the inner one made.
    pub operand: usize,
    /// The inner operator, options and all.
    pub inner: Op,
    /// What must be declared of the operands.
    pub needs: Option<Needs>,
    /// Over the outer operator's operands, the inner operator's (numbered on) and upstream; in the shape of the inner
    /// operator's operand.
    pub term: Term,
    pub law: &'static Law,
}

/// A property that data can be declared to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The entries along the axis sum to 1 (one-hot rows do).
    SumsToOne { operand: usize, axis: usize },
    /// The operand is this number as it is written.
    Equals { operand: usize, value: i64 },
}

/// An expression with holes for an operator's operands, its result and the gradient with respect to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// The operand with this number, from 0.
    Operand(usize),
    /// The operator's result.
    Output,
    /// The gradient with respect to the result, in the result's shape.
    Upstream,
    /// No gradient flows.
    Zero,
    Number(Number),
    /// A dimension as a number.
    Size(Dim),
    /// All ones.
    Ones(Shape),
    Apply(Op, Vec<Term>),
}

impl Term {
    pub fn integer(value: i64) -> Term {
        Term::Number(Number::integer(value))
    }

    /// The operator on this term and another.
    pub fn with(self, op: impl Into<Op>, other: Term) -> Term {
        Term::Apply(op.into(), vec![self, other])
    }

    /// The operator on this term.
    pub fn under(self, op: impl Into<Op>) -> Term {
        Term::Apply(op.into(), vec![self])
    }

    /// The matrix product.
    pub fn matmul(self, other: Term) -> Term {
        self.with(MatMul, other)
    }
    /// Entry by entry.
    pub fn hadamard(self, other: Term) -> Term {
        self.with(Hadamard, other)
    }
    /// A scalar multiple; `self` is the scalar.
    pub fn scale(self, other: Term) -> Term {
        self.with(Scale, other)
    }
    pub fn plus(self, other: Term) -> Term {
        self.with(Add, other)
    }
    pub fn minus(self, other: Term) -> Term {
        self.with(Sub, other)
    }
    pub fn over(self, other: Term) -> Term {
        self.with(Div, other)
    }
    pub fn to_the(self, exponent: Term) -> Term {
        self.with(Pow, exponent)
    }
    pub fn negated(self) -> Term {
        self.under(Neg)
    }
    pub fn transposed(self) -> Term {
        self.under(Transpose)
    }
    /// 1 where the relation holds, 0 elsewhere.
    pub fn indicator(self, relation: Relation, other: Term) -> Term {
        self.with(Compare { relation }, other)
    }
    pub fn sum(self, axis: Option<usize>) -> Term {
        self.under(Sum { axis })
    }

    /// Undoes broadcasting: sums a gradient of shape `from` over the axes along which an operand of shape `to`
    /// was repeated.
    pub fn sum_to(self, from: &Shape, to: &Shape) -> Term {
        if from == to {
            self
        } else if to.is_scalar() {
            self.sum(None)
        } else {
            let repeated = (0..to.rank()).filter(|axis| to.0[*axis].is_one() && !from.0[*axis].is_one());
            repeated.fold(self, |term, axis| term.sum(Some(axis)))
        }
    }

    /// Repeats a value of shape `from` (scalar, or with sides of 1) along the sides of `to`.
    pub fn repeat_to(self, from: &Shape, to: &Shape) -> Term {
        if from == to {
            return self;
        }
        let ones = Term::Ones(to.clone());
        match (from.as_matrix(), to.as_matrix()) {
            _ if from.is_scalar() => self.scale(ones),
            (Some((from_rows, from_columns)), Some((rows, columns))) => match () {
                // One row, repeated downwards: a column of ones times it.
                () if from_columns == columns && from_rows.is_one() => {
                    Term::Ones(Shape::matrix(rows.clone(), Dim::one())).matmul(self)
                }
                () if from_rows == rows && from_columns.is_one() => {
                    self.matmul(Term::Ones(Shape::matrix(Dim::one(), columns.clone())))
                }
                () => self.hadamard(ones),
            },
            _ => self.hadamard(ones),
        }
    }

    /// The product that broadcasting makes of two terms: a scalar multiple if one is a scalar.
    pub fn times(self, shape: &Shape, other: Term, other_shape: &Shape) -> Term {
        match (shape.is_scalar(), other_shape.is_scalar()) {
            (true, _) => self.scale(other),
            (false, true) => other.scale(self),
            (false, false) => self.hadamard(other),
        }
    }
}
