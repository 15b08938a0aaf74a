//! A plot with its names, ticks and legend.

use super::cut::inside;
use super::labels::{Labels, short};
use super::place::place_levels;
use super::ruler::Ruler;
use crate::answer::Solution;
use crate::answer::plot::{Axis, Drawn, Plot, Quantity, Series, SeriesName, SeriesStyle};
use crate::render::drawing::{Label, plain_text};
use crate::render::figure::number;
use crate::render::notation::Style;

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
    pub shape: Drawn,
    pub style: SeriesStyle,
    pub name: Label,
    /// Whether it has a line in the legend; a level line has its name on it, and a lone curve that of the axis.
    pub in_legend: bool,
    /// Where the name stands on a level line, in the numbers of the axes.
    pub name_at: Option<(f64, f64)>,
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

/// Gives names to a plot.
pub fn figure(solution: &Solution, plot: &Plot) -> Figure {
    let labels = Labels::new(solution);
    let alone = plot.series.len() == 1;
    // Where all curves are of one quantity, the axis names it.
    let curves = plot.series.iter().filter(|series| is_curve(series));
    let one_quantity = alike(curves.map(|series| &series.name)) && !plot.series.iter().any(|series| !is_curve(series));
    let series = plot.series.iter().map(|series| FigureSeries {
        shape: series.shape.clone(),
        style: series.style,
        name: labels.series(&series.name, !one_quantity),
        in_legend: match &series.name {
            SeriesName::Level { .. } => false,
            SeriesName::Of { at, .. } => !(alone && one_quantity && at.is_empty()),
        },
        name_at: None,
    });
    let mut series: Vec<FigureSeries> = series.collect();
    let (horizontal, vertical) = (ruler(&labels, &plot.horizontal, ACROSS), ruler(&labels, &plot.vertical, UP));
    place_levels(&mut series, &horizontal, &vertical);
    Figure { title: title(&labels, plot), description: description(&labels, plot), horizontal, vertical, series }
}

fn is_curve(series: &Series) -> bool {
    match series.shape {
        Drawn::Curve(_) => true,
        Drawn::Points(_) | Drawn::Contour(_) => false,
    }
}

fn alike<'a>(names: impl Iterator<Item = &'a SeriesName>) -> bool {
    let quantities = names.filter_map(|name| match name {
        SeriesName::Of { quantity, .. } => Some(quantity),
        SeriesName::Level { .. } => None,
    });
    let all: Vec<&Quantity> = quantities.collect();
    all.windows(2).all(|pair| pair[0] == pair[1])
}

fn ruler(labels: &Labels<'_>, axis: &Axis, ticks: usize) -> Ruler {
    let names: Vec<Label> = axis.shows.iter().map(|quantity| labels.quantity(quantity)).collect();
    let join = |part: fn(&Label) -> &str| names.iter().map(part).collect::<Vec<_>>().join(", ");
    let label = (!names.is_empty()).then(|| Label::new(join(|label| &label.latex), join(|label| &label.text)));
    let words = match axis.shows.as_slice() {
        [Quantity::Value(id)] => labels.solution.model.graph.as_leaf(*id).and_then(|leaf| leaf.description.as_deref()),
        _ => None,
    };
    Ruler::of(axis, ticks, label, words.map(cut))
}

/// Words that fit below an axis.
fn cut(words: &str) -> String {
    let shown: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS).collect();
    if words.chars().count() > WORDS { format!("{}…", shown.trim_end()) } else { shown }
}

fn title(labels: &Labels<'_>, plot: &Plot) -> String {
    let names = |axis: &Axis| {
        let names: Vec<String> = axis.shows.iter().map(|shown| plain_text(&labels.quantity(shown).text)).collect();
        names.join(", ")
    };
    let (up, across) = (names(&plot.vertical), names(&plot.horizontal));
    let levels = plot.series.iter().find_map(|series| match &series.name {
        SeriesName::Level { of, .. } => Some(plain_text(&labels.quantity(of).text)),
        SeriesName::Of { .. } => None,
    });
    match levels {
        Some(of) => format!("level lines of {of} over {across} and {up}"),
        None => format!("{up} over {across}"),
    }
}

/// What there is to see, series by series.
fn description(labels: &Labels<'_>, plot: &Plot) -> String {
    let levels: Vec<String> = plot
        .series
        .iter()
        .filter_map(|series| match series.name {
            SeriesName::Level { value: level, .. } => Some(value(labels, level)),
            SeriesName::Of { .. } => None,
        })
        .collect();
    let told = plot.series.iter().filter_map(|series| told(labels, series));
    let levels = (!levels.is_empty()).then(|| format!("lines at {}", levels.join(", ")));
    told.chain(levels).collect::<Vec<_>>().join("; ")
}

fn told(labels: &Labels<'_>, series: &Series) -> Option<String> {
    let name = plain_text(&labels.series(&series.name, true).text);
    match &series.shape {
        Drawn::Points(points) => Some(format!("{}: {} points", name, points.len())),
        Drawn::Curve(pieces) => {
            let all = || pieces.iter().flatten();
            let (first, last) = (all().next()?, all().next_back()?);
            let least = all().min_by(|a, b| a.1.total_cmp(&b.1))?;
            let most = all().max_by(|a, b| a.1.total_cmp(&b.1))?;
            let at = |point: &(f64, f64)| format!("{} at {}", value(labels, point.1), value(labels, point.0));
            let (ends, extremes) = (format!("from {} to {}", at(first), at(last)), [("least", least), ("most", most)]);
            let inner = extremes.iter().filter(|(_, point)| *point != first && *point != last);
            let inner: Vec<String> = inner.map(|(word, point)| format!("{word} {}", at(point))).collect();
            Some([vec![format!("{name} {ends}")], inner].concat().join(", "))
        }
        Drawn::Contour(_) => None,
    }
}

/// A sample's number, rounded.
fn value(labels: &Labels<'_>, value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    number(&short(rounded), labels.rounding, Style::Text)
}
