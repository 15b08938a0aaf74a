//! The picture of a convolution beside a section's values.

use super::{Maths, Viewer};
use crate::graph::NodeId;
use crate::render::grid::{self, Legend};
use serde::Serialize;

/// The picture in the forms that formats need.
#[derive(Clone, Debug, Serialize)]
pub struct GridView {
    pub description: String,
    pub svg: String,
    pub tikz: String,
    /// The picture's file beside the document, where one can be linked.
    pub file: Option<String>,
    pub legend: LegendView,
}

/// What the marks mean: only what is drawn.
#[derive(Clone, Debug, Serialize)]
pub struct LegendView {
    /// How many convolutions there are, and the first entries of their results (of those that have names).
    pub convolutions: usize,
    pub first: Vec<Maths>,
    #[serde(flatten)]
    pub marks: Legend,
}

impl Viewer<'_> {
    /// The picture of the convolutions and poolings among these symbols, if there is one that fits.
    pub(super) fn grid(&self, task: usize, symbols: &[NodeId]) -> Option<GridView> {
        let grids = grid::grids(self.solution, symbols)?;
        let id: String = self.solution.model.id.chars().filter(char::is_ascii_alphanumeric).collect();
        Some(GridView {
            description: grids.description.clone(),
            svg: grid::svg(&grids, &format!("grid{task}-{}", id.to_lowercase())),
            tikz: grid::tikz(&grids),
            file: None,
            legend: self.legend(&grids.legend),
        })
    }

    fn legend(&self, legend: &Legend) -> LegendView {
        let named = legend.first.iter().filter(|id| self.graph().as_symbol(**id).is_some());
        LegendView {
            convolutions: legend.first.len(),
            first: named.map(|id| self.entry_name(*id, &[0, 0])).collect(),
            marks: legend.clone(),
        }
    }
}
