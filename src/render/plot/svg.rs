//! A placed picture as SVG: one element with its own title and description, in the style of the other pictures.

use super::figure::Weight;
use super::layout::{Laid, Stroke, Tone, dashes, is_filled};
use crate::render::drawing::Rect;
use crate::render::drawing::svg::{FORWARD, GRADIENT, GROUND, INK, identifier, number, opened, push_words};
use crate::tasks::plot::{Ink, Mark, SeriesStyle};
use std::fmt::Write;

const AXIS: &str = "#666";
const QUIET: &str = "#4D5156";
const TICKS: &str = "#333";
/// Half the size of a mark.
const RADIUS: f64 = 3.8;

/// Writes a picture as an SVG element. The prefix keeps its identifiers apart from those of other pictures in the page.
pub fn svg(laid: &Laid, prefix: &str) -> String {
    let prefix = identifier(prefix);
    let mut out = opened(&prefix, (laid.width, laid.height), &laid.title, &laid.description);
    out.push_str(GROUND);
    for stroke in &laid.strokes {
        push(&mut out, stroke, laid.frame);
    }
    out.push_str("</svg>\n");
    out
}

fn push(out: &mut String, stroke: &Stroke, frame: Rect) {
    match stroke {
        Stroke::Axes => {
            let (x, top, bottom, right) = (number(frame.x0), number(frame.y0), number(frame.y1), number(frame.x1));
            put!(out, "<path d=\"M{x},{top}V{bottom}H{right}\" fill=\"none\" stroke=\"{AXIS}\"/>\n");
        }
        Stroke::Tick { at, vertical: false } => {
            put!(out, "<path d=\"M{},{}v5\" stroke=\"{AXIS}\"/>\n", number(*at), number(frame.y1));
        }
        Stroke::Tick { at, vertical: true } => {
            put!(out, "<path d=\"M{},{}h-5\" stroke=\"{AXIS}\"/>\n", number(frame.x0), number(*at));
        }
        Stroke::Line { points, style, weight } => push_line(out, points, *style, *weight),
        Stroke::Mark { at, style } => push_mark(out, *at, *style),
        Stroke::Words { at: (x, y), words, tone } => {
            let ink = match tone {
                Tone::Name => INK,
                Tone::Tick => TICKS,
                Tone::Note(ink) => colour(*ink),
                Tone::Level => {
                    let rect = Rect::around(*x, *y, words.width + 4.0, words.size);
                    let (left, top) = (number(rect.x0), number(rect.y0));
                    let (width, height) = (number(rect.width()), number(rect.height()));
                    put!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>");
                    TICKS
                }
            };
            push_words(out, words, *x, *y, ink);
        }
    }
}

fn push_line(out: &mut String, points: &[(f64, f64)], style: SeriesStyle, weight: Weight) {
    put!(out, "<path d=\"");
    for (place, (x, y)) in points.iter().enumerate() {
        put!(out, "{}{},{}", if place == 0 { "M" } else { "L" }, number(*x), number(*y));
    }
    let dashes = dashes(style.dash).map_or(String::new(), |dashes| format!(" stroke-dasharray=\"{dashes}\""));
    let width = match weight {
        Weight::Heavy => "2",
        Weight::Medium => "1.5",
        Weight::Fine => "1.2",
    };
    put!(
        out,
        "\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dashes}/>\n",
        colour(style.ink)
    );
}

fn push_mark(out: &mut String, (x, y): (f64, f64), style: SeriesStyle) {
    let colour = colour(style.ink);
    let fill = if is_filled(style.mark) { colour } else { "#fff" };
    let paint = format!("fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"1.4\"");
    let (left, right, top, bottom) = (number(x - RADIUS), number(x + RADIUS), number(y - RADIUS), number(y + RADIUS));
    let (x, y, size) = (number(x), number(y), number(2.0 * RADIUS));
    match style.mark {
        Mark::Disc | Mark::Circle => {
            put!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\" {paint}/>\n", number(RADIUS));
        }
        Mark::Square => {
            put!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{size}\" height=\"{size}\" {paint}/>\n");
        }
        Mark::Triangle => {
            put!(out, "<path d=\"M{left},{bottom}L{right},{bottom}L{x},{top}z\" {paint}/>\n");
        }
        Mark::Cross => {
            put!(out, "<path d=\"M{left},{top}L{right},{bottom}M{left},{bottom}L{right},{top}\" {paint}/>\n");
        }
    }
}

fn colour(ink: Ink) -> &'static str {
    match ink {
        Ink::Plain => INK,
        Ink::Forward => FORWARD,
        Ink::Gradient => GRADIENT,
        Ink::Quiet => QUIET,
    }
}
