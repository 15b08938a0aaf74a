//! A picture over axes.

use super::{Maths, Viewer};
use crate::model::{PlotAsk, Target};
use crate::render::plot::{self, figure, layout};
use crate::tasks::Ask;
use crate::tasks::plot::{Plot, Scale};
use serde::Serialize;

/// The picture in the forms that formats need.
#[derive(Clone, Debug, Serialize)]
pub struct PlotView {
    pub description: String,
    pub svg: String,
    pub pgf: String,
    /// In characters, for the terminal.
    pub sketch: String,
    /// The picture's file beside the document, where one can be linked.
    pub file: Option<String>,
    /// Whether it has level lines, and of what.
    pub levels: Option<Maths>,
    /// Whether a value of 0 has no place on a logarithmic axis.
    pub without_zeros: bool,
}

impl Viewer<'_> {
    pub(super) fn plot(&self, task: usize, plot: &Plot) -> PlotView {
        let figure = figure(self.solution, plot);
        let id: String = self.solution.model.id.chars().filter(char::is_ascii_alphanumeric).collect();
        let asked = match self.solution.model.tasks.get(task - 1).map(|task| &task.ask) {
            Some(Ask::Plot(asked)) => Some(asked.as_ref()),
            Some(_) | None => None,
        };
        PlotView {
            description: format!("{}: {}", figure.title, figure.description),
            svg: plot::svg(&layout(&figure), &format!("plot{task}-{}", id.to_lowercase())),
            pgf: plot::pgf(&figure),
            sketch: plot::sketch(&figure),
            file: None,
            without_zeros: plot.vertical.scale == Scale::Log
                && plot.series.iter().flat_map(|series| series.shape.points()).any(|(_, value)| value == 0.0),
            levels: match asked {
                Some(PlotAsk::Contours { of, .. }) => Some(self.target(*of)),
                Some(PlotAsk::Curves { .. } | PlotAsk::Data { .. } | PlotAsk::Steps { .. } | PlotAsk::Degrees)
                | None => None,
            },
        }
    }

    pub(super) fn target(&self, target: Target) -> Maths {
        match target {
            Target::Value(id) => self.print(id),
            Target::Gradient { of, loss } => self.derivative(of, loss),
        }
    }
}
