//! What a `plot` task says.

use super::{Binding, DeriveTarget, Expr, Name};
use crate::span::Span;
use serde::Serialize;

/// `plot L over a from 6 to 13 and b from 0 to 2`, `plot y over x with yhat at a = 8, a = 9.8`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlotRequest {
    /// What stands at the vertical axis; over two names, whose contours are drawn.
    pub of: Vec<Name>,
    /// What is at the other axes.
    pub over: Vec<PlotRange>,
    /// Values whose curves are drawn through the points.
    pub with: Vec<Name>,
    /// A curve for each of these.
    pub at: Vec<Vec<Binding>>,
}

/// `a from 6 to 13`, `w[1] from -1 to 1`, `x`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlotRange {
    pub target: DeriveTarget,
    pub bounds: Option<(Expr, Expr)>,
    pub span: Span,
}
