//! What a `plot` task says.

use super::{Binding, DeriveTarget, Expr, Name, Spanned};
use crate::span::Span;
use serde::Serialize;

/// `plot L over a from 6 to 13 with descent`, `plot y over x with yhat at a = 8, a = 9.8`, `plot L per step`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlotRequest {
    /// What stands at the vertical axis; over two names, whose level lines are drawn.
    pub of: Vec<Plotted>,
    /// What is at the other axes; nothing where that is the steps of a descent.
    pub over: Vec<PlotRange>,
    /// Values whose curves are drawn through the points.
    pub with: Vec<Name>,
    /// `with descent`: that word
    pub descent: Option<Spanned<String>>,
    /// A curve for each of these.
    pub at: Vec<Vec<Binding>>,
    /// `loss per degree`: of polynomials that are fitted; then nothing else is said.
    pub degrees: Option<Spanned<String>>,
    /// `after descent`, `at minimum`, `with fit`
    pub learned: Option<Spanned<PlotLearned>>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Plotted {
    /// `L`, `da`
    Name(Name),
    /// `|da, db|`: the norm of gradients together.
    Norm { names: Vec<Name>, span: Span },
}

/// `a from 6 to 13`, `w[1] from -1 to 1`, `x`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlotRange {
    pub target: DeriveTarget,
    pub bounds: Option<(Expr, Expr)>,
    pub span: Span,
}

/// Where parameters have been learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PlotLearned {
    Descent,
    Minimum,
    Fit,
}

impl Plotted {
    pub fn span(&self) -> Span {
        match self {
            Plotted::Name(name) => name.span,
            Plotted::Norm { span, .. } => *span,
        }
    }
}
