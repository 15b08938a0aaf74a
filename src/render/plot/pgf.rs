//! A figure as pgfplots source, in the numbers of its axes.
//!
//! It needs `pgfplots`, and the colours `fwd`, `grd` and `quiet` of the answer key's style.

use super::figure::{Figure, FigureSeries, Weight};
use super::legend::Legend;
use super::place::{HEIGHT, WIDTH};
use super::ruler::Ruler;
use crate::render::drawing::tikz::content;
use crate::render::drawing::{Label, Words};
use crate::tasks::plot::{Dash, Ink, Mark, Scale};
use std::fmt::Write;

/// The width of the axes in cm; their height is in proportion to it.
const CM: f64 = 10.6;
/// Coordinates on a line of source.
const PER_LINE: usize = 8;

/// Writes a figure as a `tikzpicture`.
pub fn pgf(figure: &Figure) -> String {
    let mut out = String::new();
    let legend = Legend::of(figure);
    let columns = legend.rows.iter().map(Vec::len).max().unwrap_or(1);
    put_line!(out, "\\begin{{tikzpicture}}");
    put_line!(out, "  \\begin{{axis}}[scale only axis,width={CM}cm,height={:.1}cm,", CM * HEIGHT / WIDTH);
    put_line!(out, "    axis x line*=bottom,axis y line*=left,axis line style={{black!60}},");
    put_line!(out, "    tick align=outside,tick style={{black!60}},major tick length=1.3mm,");
    put_line!(
        out,
        "    tick label style={{font=\\footnotesize}},scaled ticks=false,unbounded coords=jump,clip mode=individual,"
    );
    push_ruler(&mut out, &figure.horizontal, 'x');
    push_ruler(&mut out, &figure.vertical, 'y');
    put_line!(out, "    xlabel={{{}}},", name(&figure.horizontal));
    put_line!(
        out,
        "    extra description/.code={{\\node[anchor=south west,inner sep=0pt] at (0,1.04) {{{}}};}},",
        name(&figure.vertical)
    );
    put_line!(out, "    legend columns={},legend cell align=left,", columns);
    let above = if legend.beside { 1.02 } else { 1.11 };
    put_line!(
        out,
        "    legend style={{draw=none,fill=none,font=\\small,at={{(1,{above})}},anchor=south east,inner sep=0pt,"
    );
    put_line!(out, "      /tikz/every odd column/.append style={{column sep=1mm}},");
    put_line!(out, "      /tikz/every even column/.append style={{column sep=3mm}}}}]");
    for series in &figure.series {
        push_series(&mut out, figure, series);
    }
    put_line!(out, "  \\end{{axis}}");
    out.push_str("\\end{tikzpicture}\n");
    out
}

fn push_ruler(out: &mut String, ruler: &Ruler, axis: char) {
    let places: Vec<String> = ruler.ticks.iter().map(|tick| coordinate(ruler, tick.at)).collect();
    let labels: Vec<String> = ruler.ticks.iter().map(|tick| format!("{{{}}}", label(&tick.label))).collect();
    let mode = match ruler.scale {
        Scale::Linear => String::new(),
        Scale::Log => format!("{axis}mode=log,"),
    };
    put_line!(out, "    {mode}{axis}min={},{axis}max={},", coordinate(ruler, ruler.from), coordinate(ruler, ruler.to));
    put_line!(out, "    {axis}tick={{{}}},{axis}ticklabels={{{}}},", places.join(","), labels.join(","));
}

/// A label between dollars, as far as it is harmless.
fn label(label: &Label) -> String {
    Words::label(label).map_or_else(String::new, |words| content(&words))
}

fn name(ruler: &Ruler) -> String {
    let Some(label) = &ruler.label else { return String::new() };
    let words = ruler.words.as_ref().map_or(String::new(), |words| format!(", {words}"));
    content(&Words::note(Some(label), &words))
}

fn push_series(out: &mut String, figure: &Figure, series: &FigureSeries) {
    let ink = match series.style.ink {
        Ink::Plain => "black!85",
        Ink::Forward => "fwd",
        Ink::Gradient => "grd",
        Ink::Quiet => "quiet",
    };
    let lines = visible(figure, &series.lines);
    let marks: Vec<(f64, f64)> = series.marks.iter().copied().filter(|point| figure.holds(*point)).collect();
    // The first of them that is drawn has the place in the legend.
    let forget = if series.in_legend { "" } else { ",forget plot" };
    let marked = format!("mark={},mark size=1.9pt,mark options=solid", mark(series.style.mark));
    if series.lines.is_empty() {
        put_line!(out, "    \\addplot[only marks,{marked},{ink}{forget}] coordinates {{");
        push_coordinates(out, figure, &marks.into_iter().map(Some).collect::<Vec<_>>());
    } else {
        let width = match series.weight {
            Weight::Heavy => ".9pt",
            Weight::Medium => ".7pt",
            Weight::Fine => ".5pt",
        };
        let dash = dash(series.style.dash);
        // Of a line with marks both are one plot, unless the line leaves the picture.
        let together = marks.len() == series.marks.len() && lines.len() == 1 && lines[0].len() == marks.len();
        let own = if together { format!(",{marked}") } else { String::new() };
        put_line!(out, "    \\addplot[{ink},line width={width},{dash}{own}{forget}] coordinates {{");
        push_coordinates(out, figure, &joined(&lines));
        if !together && !marks.is_empty() {
            put_line!(out, "    \\addplot[only marks,{marked},{ink},forget plot] coordinates {{");
            push_coordinates(out, figure, &marks.into_iter().map(Some).collect::<Vec<_>>());
        }
    }
    if series.in_legend {
        put_line!(out, "    \\addlegendentry{{{}}}", label(&series.name));
    }
    for note in &series.notes {
        let (x, y) = note.at;
        let place = format!("(axis cs:{},{})", coordinate(&figure.horizontal, x), coordinate(&figure.vertical, y));
        let style = if note.on_line {
            "fill=white,inner sep=1pt,font=\\scriptsize".to_string()
        } else {
            format!("font=\\scriptsize,text={ink}")
        };
        put_line!(out, "    \\node[{style}] at {place} {{{}}};", label(&note.label));
    }
}

/// What lies inside the axes: TeX has no numbers for what is far outside.
fn visible(figure: &Figure, pieces: &[Vec<(f64, f64)>]) -> Vec<Vec<(f64, f64)>> {
    let cut = pieces.iter().flat_map(|piece| figure.visible(piece));
    let back = |(x, y): (f64, f64)| (figure.horizontal.value(x), figure.vertical.value(y));
    cut.map(|piece| piece.into_iter().map(back).collect()).collect()
}

/// The pieces of a curve in one list, with gaps between them.
fn joined(pieces: &[Vec<(f64, f64)>]) -> Vec<Option<(f64, f64)>> {
    let parts: Vec<Vec<Option<(f64, f64)>>> =
        pieces.iter().map(|piece| piece.iter().copied().map(Some).collect()).collect();
    parts.join(&None)
}

fn push_coordinates(out: &mut String, figure: &Figure, points: &[Option<(f64, f64)>]) {
    let text = |point: &Option<(f64, f64)>| match point {
        Some((x, y)) => format!("({},{})", coordinate(&figure.horizontal, *x), coordinate(&figure.vertical, *y)),
        None => "(nan,nan)".to_string(),
    };
    for line in points.chunks(PER_LINE) {
        put_line!(out, "      {}", line.iter().map(text).collect::<Vec<_>>().join(" "));
    }
    put_line!(out, "    }};");
}

/// A number of an axis, or its part of an axis that is too fine for TeX. Six digits are more than a picture shows.
fn coordinate(ruler: &Ruler, value: f64) -> String {
    let value = if ruler.is_fine() { ruler.part(value).unwrap_or(0.0) } else { value };
    let rounded: f64 = format!("{value:.6e}").parse().unwrap_or(value);
    if rounded == 0.0 || (1e-4..1e6).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

fn dash(dash: Dash) -> &'static str {
    match dash {
        Dash::Solid => "solid",
        Dash::Dashed => "dashed",
        Dash::Dotted => "densely dotted",
        Dash::DashDotted => "dash dot",
    }
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Disc => "*",
        Mark::Circle => "o",
        Mark::Square => "square",
        Mark::Triangle => "triangle",
        Mark::Cross => "x",
    }
}
