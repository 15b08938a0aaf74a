//! A picture in words, for readers who can't see it.

use super::labels::{Labels, short};
use crate::render::notation::Style;
use crate::render::notation::number;
use crate::tasks::plot::{Axis, Drawn, Plot, Series, SeriesName};

/// `L over a`, `level lines of L over a and b`
pub(super) fn title(labels: &Labels<'_>, plot: &Plot) -> String {
    let names = |axis: &Axis| {
        let names: Vec<String> = axis.shows.iter().map(|shown| labels.quantity(shown).text()).collect();
        names.join(", ")
    };
    let (up, across) = (names(&plot.vertical), names(&plot.horizontal));
    let levels = plot.series.iter().find_map(|series| match &series.name {
        SeriesName::Level { of, .. } => Some(labels.quantity(of).text()),
        SeriesName::Of { .. }
        | SeriesName::Descent { .. }
        | SeriesName::Tangents
        | SeriesName::Stop(_)
        | SeriesName::Family(_)
        | SeriesName::Rows { .. } => None,
    });
    match levels {
        Some(of) => format!("level lines of {of} over {across} and {up}"),
        None => format!("{up} over {across}"),
    }
}

/// What there is to see, series by series.
pub(super) fn description(labels: &Labels<'_>, plot: &Plot) -> String {
    let levels = plot.series.iter().filter_map(|series| match series.name {
        SeriesName::Level { value: level, .. } => Some(value(labels, level)),
        SeriesName::Of { .. }
        | SeriesName::Descent { .. }
        | SeriesName::Tangents
        | SeriesName::Stop(_)
        | SeriesName::Family(_)
        | SeriesName::Rows { .. } => None,
    });
    let levels: Vec<String> = levels.collect();
    let told = plot.series.iter().filter_map(|series| told(labels, series));
    let levels = (!levels.is_empty()).then(|| format!("lines at {}", levels.join(", ")));
    levels.into_iter().chain(told).collect::<Vec<_>>().join("; ")
}

fn told(labels: &Labels<'_>, series: &Series) -> Option<String> {
    let name = labels.series(&series.name, true).text();
    let at = |(x, y): &(f64, f64)| format!("{} at {}", value(labels, *y), value(labels, *x));
    match &series.shape {
        Drawn::Points(points) => Some(format!("{name}: {} points", points.len())),
        Drawn::Curve(pieces) => Some(format!("{name} {}", course(&pieces.concat(), &at)?)),
        Drawn::Path { points, steps } if steps.is_empty() => Some(format!("{name} {}", course(points, &at)?)),
        Drawn::Steps { points, .. } | Drawn::Path { points, .. } => {
            let place = |(x, y): &(f64, f64)| format!("({}, {})", value(labels, *x), value(labels, *y));
            Some(format!("{name} from {} to {}", place(points.first()?), place(points.last()?)))
        }
        Drawn::Horizontal(_) => Some(name),
        Drawn::Contour(_) | Drawn::Tangents(_) => None,
    }
}

/// Both ends of a curve, and its least and largest value if they lie between.
fn course(points: &[(f64, f64)], at: &dyn Fn(&(f64, f64)) -> String) -> Option<String> {
    let (first, last) = (points.first()?, points.last()?);
    let least = points.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let most = points.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let inner = [("least", least), ("most", most)].into_iter().filter(|(_, point)| *point != first && *point != last);
    let inner = inner.map(|(word, point)| format!(", {word} {}", at(point))).collect::<String>();
    Some(format!("from {} to {}{inner}", at(first), at(last)))
}

/// A sample's number, rounded.
fn value(labels: &Labels<'_>, value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    number(&short(rounded), labels.rounding, Style::Text)
}
