//! The drawing as a TikZ picture for pdflatex.
//!
//! It needs `tikz` with the library `arrows.meta`, and the colours `fwd`, `grd` and `quiet` of the answer key's style. Its
//! styles are its own. A drawing that is wider than the text is made smaller with its letters: the layout's rows are
//! never wider than what still leaves them at 8.3 pt; only a very high drawing gets smaller letters, so as to fit a page.
use std::fmt::Write;

use super::Kind;
use super::latex;
use super::layout::{Caption, Fork, Layout, Line, Placed, Role, Shape};
use super::words::Words;

/// One unit of the layout in points, where 16 of them are a line of the `\small` size.
const UNIT: f64 = 0.625;
/// The width of the text: 168 mm in TeX's points.
const TEXT_WIDTH: f64 = 478.0;
/// The height that a page leaves a drawing: 240 mm.
const TEXT_HEIGHT: f64 = 682.0;

macro_rules! put {
    ($out:expr, $($arg:tt)*) => { let _ = writeln!($out, $($arg)*); };
}

/// Writes a layout as a `tikzpicture` that is no wider than 168 mm.
pub fn tikz(layout: &Layout) -> String {
    let scale = (TEXT_WIDTH / (layout.width * UNIT)).min(TEXT_HEIGHT / (layout.height * UNIT)).min(1.0);
    let scale = if scale.is_finite() { scale } else { 1.0 };
    let mut out = String::new();
    put!(out, "\\begin{{tikzpicture}}[x={UNIT}pt,y=-{UNIT}pt,scale={scale:.4},transform shape,");
    put!(out, "  >={{Stealth[length={:.2}mm,width={:.2}mm]}},", 1.9 * scale, 1.5 * scale);
    put!(out, "  box/.style={{inner sep=0pt,outer sep=0pt,font=\\small}},");
    put!(out, "  op/.style={{box,draw=black!60,fill=black!5,rounded corners=2.2pt}},");
    put!(out, "  loss/.style={{op,double,double distance=1.1pt}},");
    put!(out, "  par/.style={{box,draw=fwd,fill=fwd!8,line width=0.9pt}},");
    put!(
        out,
        "  dat/.style={{box,draw=black!60,fill=white}}, tgt/.style={{dat,dashed}}, ref/.style={{dat,densely dotted,rounded corners=7pt}},"
    );
    put!(out, "  flow/.style={{line width={:.2}pt,draw=black!75,rounded corners={:.2}pt}},", 0.55 * scale, 2.2 * scale);
    put!(out, "  f/.style={{box,text=fwd}}, g/.style={{box,text=grd}}]");
    put!(out, "  \\setlength{{\\arraycolsep}}{{2pt}}\\renewcommand{{\\arraystretch}}{{0.95}}");
    for line in &layout.lines {
        push_line(&mut out, line);
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
    out.push_str("\\end{tikzpicture}\n");
    out
}

fn push_line(out: &mut String, line: &Line) {
    let points: Vec<String> = line.points.iter().map(|(x, y)| format!("({x:.1},{y:.1})")).collect();
    let arrow = if line.arrow { ",->" } else { "" };
    put!(out, "  \\draw[flow{arrow}] {};", points.join(" -- "));
}

fn push_fork(out: &mut String, fork: &Fork) {
    let ((x, y), size) = (fork.at, 2.0 * fork.radius * UNIT);
    let circle = "circle,inner sep=0pt,outer sep=0pt";
    if fork.adds {
        let half = fork.radius / 2.0;
        put!(
            out,
            "  \\node[{circle},minimum size={size:.1}pt,draw=grd,line width=0.7pt,fill=white] at ({x:.1},{y:.1}) {{}};"
        );
        put!(
            out,
            "  \\draw[grd,line width=0.8pt] ({:.1},{y:.1}) -- ({:.1},{y:.1}) ({x:.1},{:.1}) -- ({x:.1},{:.1});",
            x - half,
            x + half,
            y - half,
            y + half
        );
    } else {
        put!(out, "  \\node[{circle},minimum size={size:.1}pt,fill=black!75] at ({x:.1},{y:.1}) {{}};");
    }
}

fn push_node(out: &mut String, node: &Placed) {
    let style = match (node.kind, node.shape) {
        (_, Shape::Bare) => "f",
        (Kind::Loss, _) => "loss",
        (Kind::Operator | Kind::Output, Shape::Circle) => "op,circle",
        (Kind::Operator | Kind::Output, _) => "op",
        (Kind::Param, _) => "par",
        (Kind::Input, _) => "dat",
        (Kind::Target, _) => "tgt",
        (Kind::Reference, _) => "ref",
    };
    let (x, y) = node.rect.centre();
    // The double border is drawn around the middle of its two lines.
    let inset = if node.kind == Kind::Loss { 2.0 } else { 0.0 };
    let (width, height) = (node.rect.width() * UNIT - inset, node.rect.height() * UNIT - inset);
    put!(
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
            put!(out, "  \\node[f,anchor=south] at ({x:.1},{:.1}) {{{}}};", caption.rect.y1, content(&caption.words));
        }
        Role::Gradient => {
            put!(out, "  \\node[g] at ({x:.1},{y:.1}) {{{}}};", content(&caption.words));
        }
        Role::Note => {
            put!(
                out,
                "  \\node[g,anchor=base west,font=\\scriptsize] at ({:.1},{:.1}) {{{}}};",
                caption.rect.x0,
                y + 4.0,
                content(&caption.words)
            );
        }
    }
}

fn content(words: &Words) -> String {
    let math = latex::math(words);
    let math = if math.is_empty() { math } else { format!("${math}$") };
    let size = if words.matrix.is_some() { "\\scriptsize" } else { "" };
    format!("{size}{math}{}", latex::words(&words.tail))
}
