//! The picture in TikZ for pdflatex.
//!
//! It needs `tikz` with the library `arrows.meta`, and the colours `fwd`, `grd`, `quiet` and `ansbg` of the answer key's
//! style. It is no wider than 168 mm.

use super::{Frame, Grids, Mark, Tint, Tone};
use crate::render::drawing::tikz::{UNIT, content};
use crate::render::drawing::{Rect, Words};
use std::fmt::Write;

/// Writes a picture as a `tikzpicture`.
pub fn tikz(grids: &Grids) -> String {
    let mut out = String::new();
    put_line!(out, "\\begin{{tikzpicture}}[x={UNIT}pt,y=-{UNIT}pt,>={{Stealth[length=1.9mm,width=1.5mm]}},");
    put_line!(out, "  every node/.style={{inner sep=0pt,outer sep=0pt,anchor=base}},");
    put_line!(
        out,
        "  inner line/.style={{draw=black!35,line width=.3pt}}, outer line/.style={{draw=black!70,line width=.6pt}},"
    );
    put_line!(out, "  padding line/.style={{draw=black!18,line width=.3pt}},");
    put_line!(
        out,
        "  kernel frame/.style={{draw=fwd,line width=1.2pt}}, window frame/.style={{draw=black,line width=1.2pt}},"
    );
    put_line!(out, "  ring/.style={{draw=grd,line width=1pt}}, flow/.style={{->,draw=black!80,line width=.6pt}}]");
    let mut marks = grids.marks.as_slice();
    while let [first, rest @ ..] = marks {
        marks = match first {
            Mark::Text { rect, words, tone } => {
                // The entries of a row in one line.
                let alike = |mark: &&Mark| match mark {
                    Mark::Text { rect: other, words: beside, tone: own } => {
                        own == tone && other.y0 == rect.y0 && beside.size == words.size
                    }
                    Mark::Fill { .. }
                    | Mark::Rules { .. }
                    | Mark::Frame { .. }
                    | Mark::Ring { .. }
                    | Mark::Arrow { .. } => false,
                };
                let row = 1 + rest.iter().take_while(alike).count();
                push_texts(&mut out, &marks[..row]);
                &marks[row..]
            }
            other => {
                push(&mut out, other);
                rest
            }
        };
    }
    out.push_str("\\end{tikzpicture}\n");
    out
}

fn push(out: &mut String, mark: &Mark) {
    match mark {
        Mark::Fill { rect, tint } => {
            let fill = match tint {
                Tint::Kernel => "fwd!14",
                Tint::First => "fwd!20",
                Tint::Even => "ansbg",
                Tint::Odd => "black!7",
            };
            put_line!(out, "  \\fill[{fill}] {};", corners(*rect));
        }
        Mark::Rules { rect, rows, columns, light } => {
            let (inner, outer) = if *light { ("padding line", "padding line") } else { ("inner line", "outer line") };
            let across = (1..*rows).map(|row| {
                let y = rect.y0 + rect.height() * row as f64 / *rows as f64;
                format!("{} -- +({:.1},0)", point((rect.x0, y)), rect.width())
            });
            let down = (1..*columns).map(|column| {
                let x = rect.x0 + rect.width() * column as f64 / *columns as f64;
                format!("{} -- +(0,{:.1})", point((x, rect.y0)), rect.height())
            });
            let lines: Vec<String> = across.chain(down).collect();
            if !lines.is_empty() {
                put_line!(out, "  \\draw[{inner}] {};", lines.join(" "));
            }
            put_line!(out, "  \\draw[{outer}] {};", corners(*rect));
        }
        Mark::Frame { rect, frame } => {
            let style = match frame {
                Frame::Kernel => "kernel frame",
                Frame::Window => "window frame",
            };
            put_line!(out, "  \\draw[{style}] {};", corners(*rect));
        }
        Mark::Ring { rect } => {
            let (rx, ry) = (rect.width() / 2.0, rect.height() / 2.0);
            put_line!(out, "  \\draw[ring] {} ellipse[x radius={rx:.1},y radius={ry:.1}];", point(rect.centre()));
        }
        Mark::Arrow { from, to } => {
            put_line!(out, "  \\draw[flow] {} -- {};", point(*from), point(*to));
        }
        Mark::Text { .. } => push_texts(out, std::slice::from_ref(mark)),
    }
}

/// Texts of one tone on one line.
fn push_texts(out: &mut String, texts: &[Mark]) {
    let placed = texts.iter().filter_map(|mark| match mark {
        Mark::Text { rect, words, tone } => Some((rect, words, tone)),
        Mark::Fill { .. } | Mark::Rules { .. } | Mark::Frame { .. } | Mark::Ring { .. } | Mark::Arrow { .. } => None,
    });
    let placed: Vec<(&Rect, &Words, &Tone)> = placed.collect();
    let Some((rect, words, tone)) = placed.first() else { return };
    let colour = match tone {
        Tone::Entry | Tone::Name | Tone::Operator => "",
        Tone::Shape => ",text=quiet",
        Tone::Padding => ",text=black!45",
    };
    let style = format!("font={}{colour}", font(words.size));
    let base = rect.centre().1 + 0.31 * words.size;
    if let [(rect, words, _)] = placed.as_slice() {
        put_line!(out, "  \\node[{style}] at {} {{{}}};", point((rect.centre().0, base)), content(words));
        return;
    }
    let entries: Vec<String> =
        placed.iter().map(|(rect, words, _)| format!("{:.1}/{{{}}}", rect.centre().0, content(words))).collect();
    put_line!(out, "  \\foreach \\x/\\n in {{{}}} \\node[{style}] at (\\x,{base:.1}) {{\\n}};", entries.join(","));
}

/// The class's own sizes, so that every font has them.
fn font(size: f64) -> &'static str {
    if size > 15.0 {
        "\\small"
    } else if size > 13.5 {
        "\\footnotesize"
    } else {
        "\\scriptsize"
    }
}

fn point((x, y): (f64, f64)) -> String {
    format!("({x:.1},{y:.1})")
}

fn corners(rect: Rect) -> String {
    format!("{} rectangle {}", point((rect.x0, rect.y0)), point((rect.x1, rect.y1)))
}
