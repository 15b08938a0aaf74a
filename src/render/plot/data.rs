//! A plot as data for other programs.

use super::labels::Labels;
use crate::answer::Solution;
use crate::render::write::{Style, write};
use crate::tasks::plot::{Axis, Dash, Drawn, Ink, Mark, Plot, Scale, Series, SeriesName};
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct PlotData {
    pub horizontal: AxisData,
    pub vertical: AxisData,
    pub series: Vec<SeriesData>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AxisData {
    /// In the problem language; several where several are drawn over one axis.
    pub shows: Vec<String>,
    pub from: f64,
    pub to: f64,
    /// `linear`, `log`
    pub scale: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct SeriesData {
    pub name: String,
    /// The values put in: `a = 8`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// The task of a descent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<usize>,
    /// The slopes of tangents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slopes: Vec<f64>,
    /// The steps of a descent's points, where they are at no axis.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<usize>,
    /// `points`, `curve`, `contour`, `steps`, `path`, `tangents`, `line`
    pub kind: &'static str,
    pub colour: &'static str,
    pub dash: &'static str,
    pub mark: &'static str,
    /// Pieces of points in the numbers of the axes; the points themselves are one piece.
    pub pieces: Vec<Vec<(f64, f64)>>,
}

/// The numbers and names of a plot.
pub fn data(solution: &Solution, plot: &Plot) -> PlotData {
    let labels = Labels::new(solution);
    PlotData {
        horizontal: axis(&labels, &plot.horizontal),
        vertical: axis(&labels, &plot.vertical),
        series: plot.series.iter().map(|one| series(&labels, one)).collect(),
    }
}

fn axis(labels: &Labels<'_>, axis: &Axis) -> AxisData {
    AxisData {
        shows: axis.shows.iter().map(|shown| labels.plain(shown)).collect(),
        from: axis.from,
        to: axis.to,
        scale: match axis.scale {
            Scale::Linear => "linear",
            Scale::Log => "log",
        },
    }
}

fn series(labels: &Labels<'_>, series: &Series) -> SeriesData {
    let (name, at) = match &series.name {
        SeriesName::Of { quantity, at } => (labels.plain(quantity), write(&labels.point(at), Style::Plain)),
        SeriesName::Level { of, value } => (format!("{} = {value}", labels.plain(of)), String::new()),
        SeriesName::Descent { quantity: Some(quantity), .. } => (labels.plain(quantity), String::new()),
        SeriesName::Descent { quantity: None, .. } => ("descent".to_string(), String::new()),
        SeriesName::Family(_) | SeriesName::Rows { .. } => (labels.series(&series.name, true).text(), String::new()),
        SeriesName::Tangents => ("tangents".to_string(), String::new()),
        SeriesName::Stop(value) => (format!("stop below {value}"), String::new()),
    };
    let (kind, pieces) = match &series.shape {
        Drawn::Points(points) => ("points", vec![points.clone()]),
        Drawn::Curve(pieces) => ("curve", pieces.clone()),
        Drawn::Contour(pieces) => ("contour", pieces.clone()),
        Drawn::Steps { points, .. } => ("steps", vec![points.clone()]),
        Drawn::Path { points, .. } => ("path", vec![points.clone()]),
        Drawn::Tangents(tangents) => ("tangents", vec![tangents.iter().map(|(point, _)| *point).collect()]),
        Drawn::Horizontal(value) => ("line", vec![vec![(0.0, *value)]]),
    };
    let slopes = match &series.shape {
        Drawn::Tangents(tangents) => tangents.iter().map(|(_, slope)| *slope).collect(),
        Drawn::Points(_)
        | Drawn::Curve(_)
        | Drawn::Contour(_)
        | Drawn::Steps { .. }
        | Drawn::Path { .. }
        | Drawn::Horizontal(_) => Vec::new(),
    };
    let steps = match &series.shape {
        Drawn::Steps { steps, .. } | Drawn::Path { steps, .. } => steps.clone(),
        Drawn::Points(_) | Drawn::Curve(_) | Drawn::Contour(_) | Drawn::Tangents(_) | Drawn::Horizontal(_) => {
            Vec::new()
        }
    };
    let task = if let SeriesName::Descent { task, .. } = series.name { Some(task) } else { None };
    SeriesData {
        task,
        slopes,
        steps,
        name,
        at,
        kind,
        colour: match series.style.ink {
            Ink::Plain => "black",
            Ink::Forward => "blue",
            Ink::Gradient => "red",
            Ink::Quiet => "grey",
        },
        dash: match series.style.dash {
            Dash::Solid => "solid",
            Dash::Dashed => "dashed",
            Dash::Dotted => "dotted",
            Dash::DashDotted => "dash-dotted",
        },
        mark: match series.style.mark {
            Mark::Disc => "disc",
            Mark::Circle => "circle",
            Mark::Square => "square",
            Mark::Triangle => "triangle",
            Mark::Cross => "cross",
        },
        pieces,
    }
}
