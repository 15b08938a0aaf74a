//! From a solution to a document.

pub mod document;
pub mod drawing;
pub mod figure;
pub mod notation;
pub mod view;

use crate::answer::Solution;
use document::{Document, Layout, RenderError};

/// Lays a solution out as a document.
pub fn render(_: &Solution, _: &Layout) -> Result<Document, RenderError> {
    Err(RenderError { message: "not there yet".to_string() })
}
