//! The distribution of a class's points: bars of text, and as a picture that prints well in black and white.

use super::view::{BarView, decimals, edge, range};
use crate::check::Summary;
use crate::render::drawing::svg::{FAMILY, INK, LINE};
use std::fmt::Write;

/// Parts of the range of points.
const PARTS: usize = 10;
/// Characters of the longest bar of text.
const LONGEST: usize = 40;

const BAR: &str = "#0B5394";
const MEAN: &str = "#B23A00";
const WIDTH: usize = 400;
const HEIGHT: usize = 220;
/// Room left of, above and below the bars.
const LEFT: usize = 10;
const ABOVE: usize = 22;
const BELOW: usize = 46;

/// The bars as text; any count has at least one sign.
pub fn bars(summary: &Summary) -> Vec<BarView> {
    let counts = summary.parts(PARTS);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let signs = |count: usize| (count * LONGEST).div_ceil(most.max(LONGEST));
    let bar = |(part, count): (usize, &usize)| BarView {
        range: range(summary, part, PARTS),
        count: *count,
        bar: "█".repeat(signs(*count)),
    };
    counts.iter().enumerate().map(bar).collect()
}

/// The bars as an SVG element: the count above each, the points below, and where the mean is.
pub fn svg(summary: &Summary) -> String {
    let counts = summary.parts(PARTS);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let width = (WIDTH - 2 * LEFT) / PARTS;
    let room = HEIGHT - ABOVE - BELOW;
    let base = HEIGHT - BELOW;
    let described: Vec<String> =
        (0..PARTS).map(|part| format!("{}: {}", range(summary, part, PARTS), counts[part])).collect();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" role=\"img\" aria-labelledby=\"points-title points-desc\" font-family=\"{FAMILY}\" \
         font-size=\"14\" text-anchor=\"middle\" fill=\"{INK}\">\n<title id=\"points-title\">Points of the class</title>\n\
         <desc id=\"points-desc\">{}</desc>\n<rect class=\"paper\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        described.join("; ")
    );
    for (part, count) in counts.iter().enumerate() {
        let height = (count * room).div_ceil(most);
        let (left, top) = (LEFT + part * width, base - height);
        let middle = left + width / 2;
        if *count > 0 {
            let _ = writeln!(
                out,
                "<rect class=\"bar\" x=\"{}\" y=\"{top}\" width=\"{}\" height=\"{height}\" fill=\"{BAR}\"/>\
                 <text x=\"{middle}\" y=\"{}\">{count}</text>",
                left + 1,
                width - 2,
                top - 5
            );
        }
    }
    for part in 0..=PARTS {
        let at = LEFT + part * width;
        let points = edge(summary, part, PARTS);
        let _ = writeln!(
            out,
            "<path d=\"M{at},{base} v4\" stroke=\"{LINE}\"/><text x=\"{at}\" y=\"{}\" font-size=\"12\">{points}</text>",
            base + 17,
        );
    }
    if let Some((mean, share)) = summary.mean().zip(summary.mean_share()) {
        let at = LEFT as f64 + share * (width * PARTS) as f64;
        let _ = writeln!(
            out,
            "<path class=\"mean\" d=\"M{at:.1},{} l5,9 h-10 z\" fill=\"{MEAN}\"/><text class=\"mean\" x=\"{at:.1}\" y=\"{}\" \
             font-size=\"12\" fill=\"{MEAN}\">mean {}</text>",
            base + 22,
            base + 43,
            decimals(mean),
        );
    }
    let _ = writeln!(out, "<path d=\"M{LEFT},{base} H{}\" stroke=\"{LINE}\" fill=\"none\"/>\n</svg>", WIDTH - LEFT);
    out
}
