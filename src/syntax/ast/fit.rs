//! `linear, polynomial degree 1 to 9 hold out rows 8 to 10`: what a fit is by.

use super::Spanned;
use serde::Serialize;

/// Model families on the same data; numbers as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FitRequest {
    pub by: Vec<Spanned<FamilyName>>,
    /// The rows that are held out, as ranges from and to.
    pub held_out: Vec<(Spanned<String>, Option<Spanned<String>>)>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum FamilyName {
    /// `linear`
    Word(String),
    /// `polynomial degree 3`, `polynomial degree 1 to 9`
    Polynomial { from: Spanned<String>, to: Option<Spanned<String>> },
}
