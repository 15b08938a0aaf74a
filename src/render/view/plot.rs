//! A picture over axes.

use super::{Maths, Viewer};
use crate::answer::Plot;
use crate::answer::plot::Scale;
use crate::model::{Free, Places, PlotAsk, StepValue, Target};
use crate::render::notation::Style;
use crate::render::plot::{self, figure, layout};
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

/// What a `plot` task says beside the names that it plots.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PlotTaskView {
    pub over: Vec<RangeView>,
    /// The curves through points.
    pub with: Vec<Maths>,
    pub levels: bool,
    /// Whether the steps of descents are drawn too.
    pub descent: bool,
    /// Whether the degrees of polynomials are.
    pub degrees: bool,
    /// `descent`, `minimum` or `fit`: where the curves' parameters have their values from.
    pub learned: Option<&'static str>,
    /// Whether the steps of descents are at the horizontal axis.
    pub steps: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct RangeView {
    pub name: Maths,
    pub from: Option<Maths>,
    pub to: Option<Maths>,
}

impl Viewer<'_> {
    pub(super) fn plot(&self, task: usize, plot: &Plot) -> PlotView {
        let figure = figure(self.solution, plot);
        let id: String = self.solution.model.id.chars().filter(char::is_ascii_alphanumeric).collect();
        let asked = match self.solution.model.tasks.get(task - 1).map(|task| &task.ask) {
            Some(crate::model::Ask::Plot(asked)) => Some(asked.as_ref()),
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

    /// What is plotted, and the rest of the task.
    pub(super) fn plot_task(&self, ask: &PlotAsk) -> (Vec<Maths>, Vec<Maths>, PlotTaskView) {
        let targets = |targets: &[Target]| targets.iter().map(|target| self.target(*target)).collect();
        let points = |at: &[crate::model::Point]| at.iter().map(|point| self.point(point)).collect();
        let blank = PlotTaskView::default();
        match ask {
            PlotAsk::Curves { of, over, at, descent } => {
                let task = PlotTaskView { over: vec![self.range(over)], descent: *descent, ..blank };
                (targets(of), points(at), task)
            }
            PlotAsk::Contours { of, over, at, descent } => {
                let over = over.iter().map(|free| self.range(free)).collect();
                let at = if at.is_empty() { Vec::new() } else { vec![self.point(at)] };
                (vec![self.target(*of)], at, PlotTaskView { over, levels: true, descent: *descent, ..blank })
            }
            PlotAsk::Data { of, over, with, at, range } => {
                let all = |ids: &[crate::graph::NodeId]| ids.iter().map(|id| self.print(*id)).collect::<Vec<_>>();
                let (from, to) = range.as_ref().map(|(from, to)| (self.number(from), self.number(to))).unzip();
                let over = vec![RangeView { name: self.print(*over), from, to }];
                let (at, learned) = match at {
                    Places::Points(at) => (points(at), None),
                    Places::AfterDescent => (Vec::new(), Some("descent")),
                    Places::AtMinimum => (Vec::new(), Some("minimum")),
                    Places::Fitted => (Vec::new(), Some("fit")),
                };
                (all(of), at, PlotTaskView { over, with: all(with), learned, ..blank })
            }
            PlotAsk::Degrees => (Vec::new(), Vec::new(), PlotTaskView { degrees: true, ..blank }),
            PlotAsk::Steps { of } => {
                let named = of.iter().map(|value| match value {
                    StepValue::Target(target) => self.target(*target),
                    StepValue::Norm { of, loss } => {
                        let gradients: Vec<Maths> = of.iter().map(|id| self.derivative(*id, *loss)).collect();
                        let bar = if self.style == Style::Latex { "\\Bigl|@\\Bigr|" } else { "|@|" };
                        bar.replace('@', &gradients.join(", "))
                    }
                });
                (named.collect(), Vec::new(), PlotTaskView { steps: true, ..blank })
            }
        }
    }

    fn range(&self, free: &Free) -> RangeView {
        let name = self.write(&plot::entry_name(self.solution, free.of, &free.entry));
        RangeView { name, from: Some(self.number(&free.from)), to: Some(self.number(&free.to)) }
    }
}
