//! A plot with its names, ticks and legend: lines, marks and words in the numbers of the axes.

use super::cut::inside;
use super::describe::{description, title};
use super::labels::Labels;
use super::place::{HEIGHT, Places, WIDTH};
use super::ruler::Ruler;
use crate::answer::Solution;
use crate::math::Math;
use crate::render::drawing::Label;
use crate::tasks::plot::{Axis, Drawn, Plot, Quantity, Series, SeriesName, SeriesStyle};

/// A picture, with everything that is written on it.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The picture's accessible name.
    pub title: String,
    /// What it shows, for readers who can't see it.
    pub description: String,
    pub horizontal: Ruler,
    pub vertical: Ruler,
    pub series: Vec<FigureSeries>,
}

/// A series and what is written of it.
#[derive(Clone, Debug)]
pub struct FigureSeries {
    pub lines: Vec<Vec<(f64, f64)>>,
    pub weight: Weight,
    pub marks: Vec<(f64, f64)>,
    pub style: SeriesStyle,
    pub name: Label,
    /// Whether it has a place in the legend; a level line has its name on it, and a lone curve that of the axis.
    pub in_legend: bool,
    pub notes: Vec<Note>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// A curve.
    Heavy,
    /// The path of a descent.
    Medium,
    /// A level line, a tangent, the line where a descent stops.
    Fine,
}

/// Words in the picture, around a place.
#[derive(Clone, Debug)]
pub struct Note {
    pub at: (f64, f64),
    pub label: Label,
    /// On a level line, which is broken for it.
    pub on_line: bool,
}

impl Figure {
    /// Whether a point lies inside the axes.
    pub(super) fn holds(&self, (x, y): (f64, f64)) -> bool {
        let holds = |ruler: &Ruler, value| ruler.part(value).is_some_and(|part| (-1e-9..=1.0 + 1e-9).contains(&part));
        holds(&self.horizontal, x) && holds(&self.vertical, y)
    }

    /// The parts of a line that lie inside the axes, as parts of these.
    pub(super) fn visible(&self, line: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
        let parts = line.iter().map(|(x, y)| Some((self.horizontal.part(*x)?, self.vertical.part(*y)?)));
        // A value that a logarithm does not reach parts the line.
        let parts: Vec<Option<(f64, f64)>> = parts.collect();
        parts
            .split(Option::is_none)
            .flat_map(|run| inside(&run.iter().copied().flatten().collect::<Vec<_>>()))
            .collect()
    }
}

/// About so many ticks each way.
const ACROSS: usize = 7;
const UP: usize = 6;
/// The author's words for an axis are cut after so many characters.
const WORDS: usize = 48;
/// Half a tangent, in units of the picture.
const TANGENT: f64 = 64.0;
/// A path with more points is drawn without marks.
const MARKED: usize = 41;

/// Gives names to a plot.
pub fn figure(solution: &Solution, plot: &Plot) -> Figure {
    let labels = Labels::new(solution);
    let (horizontal, vertical) = (ruler(&labels, &plot.horizontal, ACROSS), ruler(&labels, &plot.vertical, UP));
    let with_quantity = needs_quantity(plot);
    let told = plot.series.iter().filter(|series| is_told(&series.name)).count();
    let drawn = |series: &Series| FigureSeries {
        lines: lines(series, &horizontal, &vertical),
        weight: weight(&series.shape),
        marks: marks(&series.shape),
        style: series.style,
        name: labels.series(&series.name, with_quantity),
        in_legend: is_told(&series.name) && !(told == 1 && is_named_by_axis(&series.name, with_quantity)),
        notes: Vec::new(),
    };
    let mut series: Vec<FigureSeries> = plot.series.iter().map(drawn).collect();
    let mut places = Places::new(&series, &horizontal, &vertical);
    for (series, own) in series.iter_mut().zip(&plot.series) {
        series
            .notes
            .extend(steps(&labels, plot, own).into_iter().filter_map(|(point, label)| places.beside(point, label)));
    }
    for (series, own) in series.iter_mut().zip(&plot.series) {
        if let Drawn::Contour(_) = own.shape {
            series.notes.extend(places.on_line(&series.lines, series.name.clone()));
        }
    }
    Figure { title: title(&labels, plot), description: description(&labels, plot), horizontal, vertical, series }
}

/// Whether a series has a name of its own.
fn is_told(name: &SeriesName) -> bool {
    match name {
        SeriesName::Of { .. }
        | SeriesName::Descent { .. }
        | SeriesName::Stop(_)
        | SeriesName::Family(_)
        | SeriesName::Rows { .. } => true,
        SeriesName::Level { .. } | SeriesName::Tangents => false,
    }
}

/// Whether the axis says what an only series is.
fn is_named_by_axis(name: &SeriesName, with_quantity: bool) -> bool {
    match name {
        SeriesName::Of { at, .. } => at.is_empty() && !with_quantity,
        SeriesName::Descent { quantity, alone, .. } => quantity.is_some() && *alone,
        SeriesName::Level { .. }
        | SeriesName::Tangents
        | SeriesName::Stop(_)
        | SeriesName::Family(_)
        | SeriesName::Rows { .. } => false,
    }
}

/// Whether the series are not all of the one quantity that the axis names.
fn needs_quantity(plot: &Plot) -> bool {
    let quantities = plot.series.iter().filter_map(|series| match &series.name {
        SeriesName::Of { quantity, .. } | SeriesName::Descent { quantity: Some(quantity), .. } => Some(quantity),
        SeriesName::Descent { quantity: None, .. }
        | SeriesName::Level { .. }
        | SeriesName::Tangents
        | SeriesName::Stop(_)
        | SeriesName::Family(_)
        | SeriesName::Rows { .. } => None,
    });
    let all: Vec<&Quantity> = quantities.collect();
    all.windows(2).any(|pair| pair[0] != pair[1])
}

fn lines(series: &Series, horizontal: &Ruler, vertical: &Ruler) -> Vec<Vec<(f64, f64)>> {
    match &series.shape {
        Drawn::Curve(pieces) | Drawn::Contour(pieces) => pieces.clone(),
        Drawn::Path { points, .. } => vec![points.clone()],
        Drawn::Points(_) | Drawn::Steps { .. } => Vec::new(),
        Drawn::Horizontal(value) => vec![vec![(horizontal.from, *value), (horizontal.to, *value)]],
        Drawn::Tangents(tangents) => {
            let (across, up) = ((horizontal.to - horizontal.from) / WIDTH, (vertical.to - vertical.from) / HEIGHT);
            let tangent = |((x, y), slope): &((f64, f64), f64)| {
                let reach = TANGENT / 1.0_f64.hypot(slope * across / up) * across;
                vec![(x - reach, y - slope * reach), (x + reach, y + slope * reach)]
            };
            tangents.iter().map(tangent).collect()
        }
    }
}

fn weight(shape: &Drawn) -> Weight {
    match shape {
        Drawn::Curve(_) | Drawn::Points(_) | Drawn::Steps { .. } => Weight::Heavy,
        Drawn::Path { .. } => Weight::Medium,
        Drawn::Contour(_) | Drawn::Tangents(_) | Drawn::Horizontal(_) => Weight::Fine,
    }
}

fn marks(shape: &Drawn) -> Vec<(f64, f64)> {
    match shape {
        Drawn::Points(points) | Drawn::Steps { points, .. } => points.clone(),
        Drawn::Path { points, .. } if points.len() <= MARKED => points.clone(),
        Drawn::Path { .. } | Drawn::Curve(_) | Drawn::Contour(_) | Drawn::Tangents(_) | Drawn::Horizontal(_) => {
            Vec::new()
        }
    }
}

/// What is written beside the first steps of a descent and the last: the number on the axis, or over two axes the step's.
fn steps(labels: &Labels<'_>, plot: &Plot, series: &Series) -> Vec<((f64, f64), Label)> {
    let is_alone = matches!(series.name, SeriesName::Descent { alone: true, .. });
    let told = |points: &[(f64, f64)], steps: &[usize], count: usize| {
        let last = steps.len().saturating_sub(1);
        let places = (0..steps.len()).filter(|place| *place < count || *place == last);
        places.map(|place| (points[place], steps[place])).collect::<Vec<_>>()
    };
    match &series.shape {
        Drawn::Steps { points, steps } if is_alone => told(points, steps, 2)
            .into_iter()
            .filter_map(|(point, step)| Some((point, labels.at_step(plot.horizontal.shows.first()?, step, point.0))))
            .collect(),
        Drawn::Path { points, steps } if is_alone => {
            told(points, steps, 1).into_iter().map(|(point, step)| (point, Labels::step(step))).collect()
        }
        Drawn::Steps { .. }
        | Drawn::Path { .. }
        | Drawn::Points(_)
        | Drawn::Curve(_)
        | Drawn::Contour(_)
        | Drawn::Tangents(_)
        | Drawn::Horizontal(_) => Vec::new(),
    }
}

fn ruler(labels: &Labels<'_>, axis: &Axis, ticks: usize) -> Ruler {
    let names: Vec<Math> = axis.shows.iter().map(|quantity| labels.quantity(quantity).math).collect();
    let label = (!names.is_empty()).then(|| Label::new(Math::List(names)));
    let words = match axis.shows.as_slice() {
        [Quantity::Value(id)] => labels.solution.model.graph.as_leaf(*id).and_then(|leaf| leaf.description.as_deref()),
        _ => None,
    };
    let whole = axis.shows == [Quantity::Step] || axis.shows == [Quantity::Degree];
    Ruler::of(axis, ticks, whole, label, words.map(cut))
}

/// Words that fit below an axis.
fn cut(words: &str) -> String {
    let shown: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS).collect();
    if words.chars().count() > WORDS { format!("{}…", shown.trim_end()) } else { shown }
}
