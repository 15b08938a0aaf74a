//! What differs from variant to variant.

use super::{DimExpr, Expr, Name, Relation, Spanned};
use crate::span::Span;
use serde::Serialize;

/// `random 4 x 6 from 0 to 9`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Random {
    /// Without one the leaf's own is meant, or a number.
    pub shape: Option<Spanned<Vec<DimExpr>>>,
    pub draw: Draw,
    pub kind: Option<DrawnKind>,
    pub span: Span,
}

/// What is asked of the entries together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum DrawnKind {
    /// No two entries are alike.
    Distinct,
    /// A square matrix that has an inverse.
    Invertible,
    /// A matrix of this rank.
    Rank(u64),
}

/// What an entry is drawn from; numbers as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Draw {
    /// `from 0 to 1 step 0.1`; without a step whole numbers apart.
    Between { from: String, to: String, step: Option<String> },
    /// `from {1, 2, 5}`
    Among(Vec<String>),
    /// One 1 in each row.
    OneHot,
    /// One 1 in each row and each column.
    Permutation,
}

/// A line of the section `variants`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum VariantsLine {
    Require(Vec<Spanned<Requirement>>),
    /// `differ in J`: no two variants have the same.
    Differ(Vec<Name>),
    /// `alike in relu(Z)`: all variants have as many zeros in it, and numbers as long.
    Alike(Vec<Expr>),
}

/// What has to hold in each entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Requirement {
    /// `0 < max(J) <= 20`: one relation less than sides.
    Comparison { sides: Vec<Expr>, relations: Vec<Relation> },
    /// `integer(J)`
    Integer(Expr),
    /// `distinct(J)`: no two entries are alike.
    Distinct(Expr),
    /// `no ties in K`: of what chooses among entries each choice is clear; of other values no two entries are alike.
    NoTies(Expr),
    /// `answers terminate`: each number that is asked for is exact, and its decimals end.
    Terminating,
}
