//! The drawing as a TikZ picture for pdflatex.
//!
//! It needs `tikz` with the library `arrows.meta`, and the colours `fwd`, `grd` and `quiet` of the answer key's style. Its
//! styles are its own. A drawing that is wider than the text is made smaller with its letters: the layout's rows are
//! hardly ever wider than what leaves them at 8 pt. One that is higher than a page becomes several pictures.
use std::fmt::Write;

use super::Kind;
use super::latex;
use super::placed::{Caption, Fork, Layout, Line, Placed, Role, Shape};
use super::words::Words;

/// One unit of the layout in points, where 16 of them are a line of the `\small` size.
pub(in crate::render) const UNIT: f64 = 0.625;
/// The width of the text: 168 mm in TeX's points, less the thickness of borders.
pub(in crate::render) const TEXT_WIDTH: f64 = 476.5;
/// What the layout leaves free on each side.
const MARGIN: f64 = 8.0;
/// The height that a page leaves a drawing: 240 mm.
const TEXT_HEIGHT: f64 = 682.0;

/// Writes a layout as a `tikzpicture` that is no wider than 168 mm, or, if it is higher than a page, as several of them,
/// parted between rows, each a paragraph.
pub fn tikz(layout: &Layout) -> String {
    let wide = (TEXT_WIDTH / ((layout.width - 2.0 * MARGIN).max(1.0) * UNIT)).min(1.0);
    let mut out = String::new();
    let mut top = 0.0;
    while top < layout.height {
        let rest = layout.height - top;
        let fits = |bottom: f64| (bottom - top) * UNIT * wide <= TEXT_HEIGHT;
        let ends = layout.breaks.iter().copied().filter(|&y| y > top);
        let bottom = if fits(layout.height) {
            layout.height
        } else {
            // At least one row, even if it is higher than a page.
            let first = ends.clone().next().unwrap_or(layout.height);
            ends.take_while(|&y| fits(y)).last().unwrap_or(first)
        };
        let scale = wide.min(TEXT_HEIGHT / ((bottom - top).min(rest) * UNIT));
        if top > 0.0 {
            out.push_str("\\par\\medskip\n");
        }
        push_picture(&mut out, layout, (top, bottom), scale);
        top = bottom;
    }
    out
}

/// The part of a drawing between two heights.
fn push_picture(out: &mut String, layout: &Layout, (top, bottom): (f64, f64), scale: f64) {
    put_line!(out, "\\begin{{tikzpicture}}[x={UNIT}pt,y=-{UNIT}pt,scale={scale:.4},transform shape,");
    put_line!(out, "  >={{Stealth[length={:.2}mm,width={:.2}mm]}},", 1.9 * scale, 1.5 * scale);
    put_line!(out, "  box/.style={{inner sep=0pt,outer sep=0pt,font=\\small}},");
    put_line!(out, "  op/.style={{box,draw=black!60,fill=black!5,rounded corners=2.2pt}},");
    put_line!(out, "  loss/.style={{op,double,double distance=1.1pt}},");
    put_line!(out, "  par/.style={{box,draw=fwd,fill=fwd!8,line width=0.9pt}},");
    put_line!(out, "  dat/.style={{box,draw=black!60,fill=white}}, tgt/.style={{dat,dashed}},");
    put_line!(out, "  ref/.style={{dat,densely dotted,rounded corners=7pt}},");
    put_line!(
        out,
        "  flow/.style={{line width={:.2}pt,draw=black!75,rounded corners={:.2}pt}},",
        0.55 * scale,
        2.2 * scale
    );
    put_line!(out, "  f/.style={{box,text=fwd}}, g/.style={{box,text=grd}}]");
    put_line!(out, "  \\setlength{{\\arraycolsep}}{{2pt}}\\renewcommand{{\\arraystretch}}{{0.95}}");
    if (top, bottom) != (0.0, layout.height) {
        // The pictures of one drawing are equally wide.
        put_line!(out, "  \\path ({MARGIN},{top:.1}) ({:.1},{top:.1});", layout.width - MARGIN);
    }
    let here = |y: f64| top <= y && y < bottom;
    for line in &layout.lines {
        push_line(out, line, top, bottom);
    }
    for fork in layout.forks.iter().filter(|fork| here(fork.at.1)) {
        push_fork(out, fork);
    }
    for node in layout.nodes.iter().filter(|node| here(node.rect.y0)) {
        push_node(out, node);
    }
    for caption in layout.captions.iter().filter(|caption| here(caption.rect.y0)) {
        push_caption(out, caption);
    }
    out.push_str("\\end{tikzpicture}\n");
}

/// The pieces of a line between two heights.
fn push_line(out: &mut String, line: &Line, top: f64, bottom: f64) {
    let mut piece: Vec<(f64, f64)> = Vec::new();
    for pair in line.points.windows(2) {
        let inside = [pair[0], pair[1]].map(|(x, y)| (x, y.clamp(top, bottom)));
        if pair[0].1.max(pair[1].1) < top || pair[0].1.min(pair[1].1) > bottom {
            push_path(out, &piece, false);
            piece.clear();
        } else {
            if piece.is_empty() {
                piece.push(inside[0]);
            }
            piece.push(inside[1]);
        }
    }
    let arrives = line.points.last().is_some_and(|&(_, y)| top <= y && y <= bottom);
    push_path(out, &piece, line.arrow && arrives);
}

fn push_path(out: &mut String, points: &[(f64, f64)], arrow: bool) {
    let path: Vec<String> = points.iter().map(|(x, y)| format!("({x:.1},{y:.1})")).collect();
    if path.len() > 1 {
        put_line!(out, "  \\draw[flow{}] {};", if arrow { ",->" } else { "" }, path.join(" -- "));
    }
}

fn push_fork(out: &mut String, fork: &Fork) {
    let ((x, y), size) = (fork.at, 2.0 * fork.radius * UNIT);
    let circle = "circle,inner sep=0pt,outer sep=0pt";
    if fork.adds {
        let half = fork.radius / 2.0;
        put_line!(
            out,
            "  \\node[{circle},minimum size={size:.1}pt,draw=grd,line width=0.7pt,fill=white] at ({x:.1},{y:.1}) {{}};"
        );
        put_line!(
            out,
            "  \\draw[grd,line width=0.8pt] ({:.1},{y:.1}) -- ({:.1},{y:.1}) ({x:.1},{:.1}) -- ({x:.1},{:.1});",
            x - half,
            x + half,
            y - half,
            y + half
        );
    } else {
        put_line!(out, "  \\node[{circle},minimum size={size:.1}pt,fill=black!75] at ({x:.1},{y:.1}) {{}};");
    }
}

fn push_node(out: &mut String, node: &Placed) {
    let style = match node.kind {
        Kind::Operator if node.shape == Shape::Circle => "op,circle",
        Kind::Operator => "op",
        Kind::Loss => "loss",
        Kind::Param => "par",
        Kind::Input => "dat",
        Kind::Target => "tgt",
        Kind::Reference => "ref",
        Kind::Output => "f",
    };
    let (x, y) = node.rect.centre();
    // The double border is drawn around the middle of its two lines.
    let inset = if node.kind == Kind::Loss { 2.0 } else { 0.0 };
    let (width, height) = (node.rect.width() * UNIT - inset, node.rect.height() * UNIT - inset);
    put_line!(
        out,
        "  \\node[{style},minimum width={width:.1}pt,minimum height={height:.1}pt] at ({x:.1},{y:.1}) {{{}}};",
        content(&node.words)
    );
}

fn push_caption(out: &mut String, caption: &Caption) {
    let (x, y) = caption.rect.centre();
    match caption.role {
        // Above a line it stands on it, below it hangs from it.
        Role::Forward => {
            put_line!(
                out,
                "  \\node[f,anchor=south] at ({x:.1},{:.1}) {{{}}};",
                caption.rect.y1,
                content(&caption.words)
            );
        }
        Role::Gradient => {
            put_line!(out, "  \\node[g] at ({x:.1},{y:.1}) {{{}}};", content(&caption.words));
        }
        Role::Note => {
            put_line!(
                out,
                "  \\node[g,anchor=base west,font=\\scriptsize] at ({:.1},{:.1}) {{{}}};",
                caption.rect.x0,
                y + 4.0,
                content(&caption.words)
            );
        }
    }
}

/// A label between dollars, and the upright text after it.
pub(in crate::render) fn content(words: &Words) -> String {
    let math = latex::math(words);
    let math = if math.is_empty() { math } else { format!("${math}$") };
    let size = if words.matrix.is_some() { "\\scriptsize" } else { "" };
    format!("{size}{math}{}", latex::words(&words.tail))
}
