//! The picture as SVG: one element with its own title and description.

use super::{Frame, Grids, Mark, Tint, Tone};
use crate::render::drawing::Rect;
use crate::render::drawing::svg::{
    FORWARD, GRADIENT, GROUND, INK, LINE, identifier, number, opened, push_arrow, push_words,
};
use std::fmt::Write;

const BORDER: &str = "#555";
const RULE: &str = "#aaa";
const LIGHT: &str = "#d5d5d5";
const QUIET: &str = "#4D5156";
const PADDING: &str = "#999";
const WINDOW: &str = "#111";

/// Writes a picture as an SVG element. The prefix keeps its identifiers apart from those of other pictures in the page.
pub fn svg(grids: &Grids, prefix: &str) -> String {
    let prefix = identifier(prefix);
    let mut out = opened(&prefix, (grids.width, grids.height), &grids.title, &grids.description);
    push_arrow(&mut out, &prefix);
    out.push_str(GROUND);
    for mark in &grids.marks {
        push(&mut out, mark, &prefix);
    }
    out.push_str("</svg>\n");
    out
}

fn push(out: &mut String, mark: &Mark, prefix: &str) {
    match mark {
        Mark::Fill { rect, tint } => push_rect(out, *rect, &format!("fill=\"{}\"", fill(*tint))),
        Mark::Rules { rect, rows, columns, light } => {
            let (border, rule) = if *light { (LIGHT, LIGHT) } else { (BORDER, RULE) };
            put!(out, "<path d=\"");
            let (wide, high) = (rect.width(), rect.height());
            for row in 1..*rows {
                let y = rect.y0 + high * row as f64 / *rows as f64;
                put!(out, "M{},{}h{}", number(rect.x0), number(y), number(wide));
            }
            for column in 1..*columns {
                let x = rect.x0 + wide * column as f64 / *columns as f64;
                put!(out, "M{},{}v{}", number(x), number(rect.y0), number(high));
            }
            put!(out, "\" fill=\"none\" stroke=\"{rule}\" stroke-width=\".7\"/>");
            push_rect(out, *rect, &format!("fill=\"none\" stroke=\"{border}\""));
        }
        Mark::Frame { rect, frame } => {
            let stroke = match frame {
                Frame::Kernel => FORWARD,
                Frame::Window => WINDOW,
            };
            push_rect(out, *rect, &format!("fill=\"none\" stroke=\"{stroke}\" stroke-width=\"2.4\""));
        }
        Mark::Ring { rect } => {
            let (x, y) = rect.centre();
            put!(
                out,
                "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\" fill=\"none\" stroke=\"{GRADIENT}\" stroke-width=\"1.8\"/>\n",
                number(x),
                number(y),
                number(rect.width() / 2.0),
                number(rect.height() / 2.0)
            );
        }
        Mark::Arrow { from, to } => {
            put!(
                out,
                "<path d=\"M{},{}L{},{}\" fill=\"none\" stroke=\"{LINE}\" stroke-width=\"1.1\" marker-end=\"url(#{prefix}-arrow)\"/>\n",
                number(from.0),
                number(from.1),
                number(to.0),
                number(to.1)
            );
        }
        Mark::Text { rect, words, tone } => {
            let ink = match tone {
                Tone::Entry | Tone::Name | Tone::Operator => INK,
                Tone::Shape => QUIET,
                Tone::Padding => PADDING,
            };
            let (x, y) = rect.centre();
            push_words(out, words, x, y, ink);
        }
    }
}

fn fill(tint: Tint) -> &'static str {
    match tint {
        Tint::Kernel => "#DCE6F0",
        Tint::First => "#CFDDEC",
        Tint::Even => "#FFF6E0",
        Tint::Odd => "#eee",
    }
}

fn push_rect(out: &mut String, rect: Rect, style: &str) {
    let (x, y, width, height) = (number(rect.x0), number(rect.y0), number(rect.width()), number(rect.height()));
    put!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {style}/>\n");
}
