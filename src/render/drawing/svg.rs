//! The drawing as SVG: one element with its own title and description, no scripts, no outside references.
use std::fmt::Write;

use super::Kind;
use super::geometry::Rect;
use super::placed::{Caption, Fork, Layout, Line, Placed, Role, Shape};
use super::text::{self, Level, Run, SMALL};
use super::words::{EQUALS, GUTTER, Words, column_widths};

/// Text faces with a true italic first; none has to be there.
pub(in crate::render) const FAMILY: &str =
    "'STIX Two Text','Latin Modern Roman','Latin Modern Math','Cambria','Times New Roman',serif";
pub(in crate::render) const INK: &str = "#222";
pub(in crate::render) const LINE: &str = "#333";
const BORDER: &str = "#666";
pub(in crate::render) const FORWARD: &str = "#0B5394";
pub(in crate::render) const GRADIENT: &str = "#B23A00";
/// Corners of lines are rounded by this.
const CORNER: f64 = 4.0;

/// Writes a layout as an SVG element. The prefix keeps its identifiers apart from those of other pictures in the page;
/// of it only letters, digits and `-` are kept.
pub fn svg(layout: &Layout, prefix: &str) -> String {
    let prefix = identifier(prefix);
    let mut out = opened(&prefix, (layout.width.max(1.0), layout.height.max(1.0)), &layout.title, &layout.description);
    push_arrow(&mut out, &prefix);
    out.push_str(GROUND);
    for line in &layout.lines {
        push_line(&mut out, line, &prefix);
    }
    for fork in &layout.forks {
        push_fork(&mut out, fork);
    }
    for node in &layout.nodes {
        push_node(&mut out, node);
    }
    for caption in &layout.captions {
        push_caption(&mut out, caption);
    }
    out.push_str("</svg>\n");
    out
}

/// The beginning of a picture of this width and height in pixels, with its title and description.
pub(in crate::render) fn opened(prefix: &str, (width, height): (f64, f64), title: &str, description: &str) -> String {
    let (width, height) = (number(width), number(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"{prefix}-title {prefix}-desc\" font-family=\"{FAMILY}\" font-size=\"16\">\n\
         <title id=\"{prefix}-title\">{}</title>\n<desc id=\"{prefix}-desc\">{}</desc>\n",
        escape(title),
        escape(description),
    )
}

/// The head of the lines that point at something.
pub(in crate::render) fn push_arrow(out: &mut String, prefix: &str) {
    put!(
        out,
        "<defs><marker id=\"{prefix}-arrow\" viewBox=\"0 0 9 7\" refX=\"8.6\" refY=\"3.5\" markerWidth=\"9\" \
         markerHeight=\"7\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,0 L9,3.5 L0,7 L2,3.5 z\" \
         fill=\"{LINE}\"/></marker></defs>\n"
    );
}

/// What lies under a picture.
pub(in crate::render) const GROUND: &str = "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";

/// The beginning of a picture's identifiers: letters, digits and `-`, a letter first.
pub(in crate::render) fn identifier(prefix: &str) -> String {
    let prefix: String = prefix.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if prefix.starts_with(|c: char| c.is_ascii_alphabetic()) { prefix } else { format!("g{prefix}") }
}

/// Text as XML character data, also inside quotes.
pub(in crate::render) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text::visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A coordinate with at most one decimal.
pub(in crate::render) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let short = text.strip_suffix(".0").unwrap_or(&text);
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

fn push_line(out: &mut String, line: &Line, prefix: &str) {
    let mut path = String::new();
    for (i, &(x, y)) in line.points.iter().enumerate() {
        let corner = i.checked_sub(1).and_then(|before| line.points.get(before)).zip(line.points.get(i + 1));
        match corner {
            Some((&before, &after)) => {
                let (a, b) = (towards((x, y), before), towards((x, y), after));
                put!(
                    path,
                    "L{},{}Q{},{} {},{}",
                    number(a.0),
                    number(a.1),
                    number(x),
                    number(y),
                    number(b.0),
                    number(b.1)
                );
            }
            None => {
                put!(path, "{}{},{}", if i == 0 { "M" } else { "L" }, number(x), number(y));
            }
        }
    }
    let arrow = if line.arrow { format!(" marker-end=\"url(#{prefix}-arrow)\"") } else { String::new() };
    put!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"{LINE}\" stroke-width=\"1.1\"{arrow}/>\n");
}

/// A point a little way from one corner towards another.
fn towards(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let length = (to.0 - from.0).abs() + (to.1 - from.1).abs();
    let part = if length > 0.0 { CORNER.min(length / 2.0) / length } else { 0.0 };
    (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
}

fn push_fork(out: &mut String, fork: &Fork) {
    let (x, y, r) = (number(fork.at.0), number(fork.at.1), number(fork.radius));
    if fork.adds {
        put!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"#fff\" stroke=\"{GRADIENT}\" stroke-width=\"1.5\"/>");
        let half = number(fork.radius / 2.0);
        put!(
            out,
            "<path d=\"M{x},{y}m-{half},0h{r}m-{half},-{half}v{r}\" stroke=\"{GRADIENT}\" stroke-width=\"1.5\"/>\n"
        );
    } else {
        put!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{LINE}\"/>\n");
    }
}

fn push_node(out: &mut String, node: &Placed) {
    let style = match node.kind {
        Kind::Input => format!("fill=\"#fff\" stroke=\"{BORDER}\""),
        Kind::Reference => format!("fill=\"#fff\" stroke=\"{BORDER}\" stroke-dasharray=\"2 2\""),
        Kind::Target => format!("fill=\"#fff\" stroke=\"{BORDER}\" stroke-dasharray=\"4 2.5\""),
        Kind::Param => format!("fill=\"#E8EFF7\" stroke=\"{FORWARD}\" stroke-width=\"1.8\""),
        Kind::Operator | Kind::Loss | Kind::Output => format!("fill=\"#f4f4f4\" stroke=\"{BORDER}\""),
    };
    match node.shape {
        Shape::Sharp => push_rect(out, node.rect, 0.0, &style),
        Shape::Round => push_rect(out, node.rect, 5.0, &style),
        Shape::Pill => push_rect(out, node.rect, node.rect.height() / 2.0, &style),
        Shape::Circle => {
            let (x, y) = node.rect.centre();
            put!(
                out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {style}/>",
                number(x),
                number(y),
                number(node.rect.width() / 2.0)
            );
        }
        Shape::Bare => {}
    }
    if node.kind == Kind::Loss {
        push_rect(out, node.rect.grown(-2.5), 3.0, &format!("fill=\"none\" stroke=\"{BORDER}\""));
    }
    let ink = if node.kind == Kind::Output { FORWARD } else { INK };
    let (x, y) = node.rect.centre();
    push_words(out, &node.words, x, y, ink);
}

fn push_rect(out: &mut String, rect: Rect, radius: f64, style: &str) {
    let (x, y, width, height) = (number(rect.x0), number(rect.y0), number(rect.width()), number(rect.height()));
    let round = if radius > 0.0 { format!(" rx=\"{}\"", number(radius)) } else { String::new() };
    put!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{round} {style}/>");
}

fn push_caption(out: &mut String, caption: &Caption) {
    let ink = match caption.role {
        Role::Forward => FORWARD,
        Role::Gradient | Role::Note => GRADIENT,
    };
    let (x, y) = caption.rect.centre();
    push_words(out, &caption.words, x, y, ink);
}

/// Text around a point, with its matrix.
pub(in crate::render) fn push_words(out: &mut String, words: &Words, x: f64, y: f64, ink: &str) {
    let size = number(words.size);
    let baseline = number(y + 0.31 * words.size);
    let Some(rows) = &words.matrix else {
        // A remark begins at its left end: its second line stands under the first.
        let (x, anchor) = if words.tail.is_empty() { (x, "middle") } else { (x - words.width / 2.0, "start") };
        put!(
            out,
            "<text x=\"{}\" y=\"{baseline}\" fill=\"{ink}\" text-anchor=\"{anchor}\" font-size=\"{size}\">",
            number(x)
        );
        let tail = Run { text: words.tail.clone(), level: Level::Base, italic: false };
        push_runs(out, words.runs.iter().chain([&tail]), words.size);
        out.push_str("</text>\n");
        return;
    };
    let mut left = x - words.width / 2.0;
    if !words.runs.is_empty() {
        put!(out, "<text x=\"{}\" y=\"{baseline}\" fill=\"{ink}\" font-size=\"{size}\">", number(left));
        push_runs(out, words.runs.iter(), words.size);
        left += text::width(&words.runs, words.size);
        put!(
            out,
            "</text><text x=\"{}\" y=\"{baseline}\" fill=\"{ink}\" text-anchor=\"middle\" font-size=\"{size}\">=</text>",
            number(left + EQUALS / 2.0)
        );
        left += EQUALS;
    }
    push_matrix(out, rows, left, y, ink, &size);
}

fn push_matrix(out: &mut String, rows: &[Vec<String>], left: f64, y: f64, ink: &str, size: &str) {
    let widths = column_widths(rows);
    let right = left + widths.iter().sum::<f64>() + GUTTER * (widths.len() as f64 + 1.0);
    let tall = 16.0 * rows.len() as f64;
    let (top, height) = (number(y - tall / 2.0), number(tall));
    put!(
        out,
        "<path d=\"M{},{top}h-3.5v{height}h3.5M{},{top}h3.5v{height}h-3.5\" fill=\"none\" stroke=\"{ink}\"/>",
        number(left + 4.5),
        number(right - 4.5)
    );
    for (i, row) in rows.iter().enumerate() {
        let baseline = number(y - tall / 2.0 + 16.0 * i as f64 + 12.3);
        let mut x = left;
        for (entry, width) in row.iter().zip(&widths) {
            x += GUTTER + width;
            put!(
                out,
                "<text x=\"{}\" y=\"{baseline}\" fill=\"{ink}\" text-anchor=\"end\" font-size=\"{size}\">{}</text>",
                number(x),
                escape(entry)
            );
        }
    }
    out.push('\n');
}

/// Runs as pieces of one text: lowered and raised ones by `dy`, a superscript above the subscript before it, and spaces
/// between pieces by `dx`, since at their ends readers drop them.
fn push_runs<'a>(out: &mut String, runs: impl Iterator<Item = &'a Run>, size: f64) {
    let mut height = 0.0;
    // The width of the subscript before, and the space from the last piece to the next.
    let (mut below, mut gap) = (0.0, 0.0);
    for run in runs {
        let target = match run.level {
            Level::Base => 0.0,
            Level::Sub => 0.25 * size,
            Level::Super => -0.4 * size,
        };
        let space = |spaces: usize| text::upright(&" ".repeat(spaces), size);
        let inner = run.text.trim_matches(' ');
        gap += space(run.text.len() - run.text.trim_start_matches(' ').len());
        if inner.is_empty() {
            continue;
        }
        let width = text::run_width(run, size);
        let dx = match run.level {
            Level::Base | Level::Sub => gap,
            Level::Super => gap - below,
        };
        (below, gap) = match run.level {
            Level::Base => (0.0, 0.0),
            Level::Sub => (below + width, 0.0),
            // What follows stands after the wider of the two.
            Level::Super => (0.0, f64::max(below - width, 0.0)),
        };
        gap += space(run.text.len() - run.text.trim_end_matches(' ').len());
        let mut attributes = String::new();
        if dx != 0.0 {
            put!(attributes, " dx=\"{}\"", number(dx));
        }
        if target != height {
            put!(attributes, " dy=\"{}\"", number(target - height));
        }
        if run.level != Level::Base {
            put!(attributes, " font-size=\"{}\"", number(SMALL * size));
        }
        if run.italic {
            attributes.push_str(" font-style=\"italic\"");
        }
        height = target;
        put!(out, "<tspan{attributes}>{}</tspan>", escape(inner));
    }
}
