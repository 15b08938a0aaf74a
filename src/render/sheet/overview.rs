//! All variants of a problem in one table: their numbers, their answers, and how much work each is.

use crate::render::document::{Format, RenderError};
use crate::render::template::{Piece, piece};
use crate::vary::Work;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    pub title: String,
    pub rows: Vec<OverviewRow>,
}

/// One variant; names with values as the problem language writes them.
#[derive(Clone, Debug, Serialize)]
pub struct OverviewRow {
    pub id: String,
    pub draws: u32,
    pub work: Work,
    pub values: Vec<(String, String)>,
    pub answers: Vec<(String, String)>,
}

impl Overview {
    pub fn new(title: &str) -> Overview {
        Overview { title: title.to_string(), rows: Vec::new() }
    }

    /// As Markdown or as a page.
    ///
    /// # Errors
    /// A fault of a template of ours.
    pub fn write(&self, format: Format) -> Result<String, RenderError> {
        piece(self, format, Piece::Overview)
    }
}
