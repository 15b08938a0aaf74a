//! The signs of mathematics as each notation has them: one row a sign.

use super::Style;
use crate::math::{Fence, Glyph, Relation};

/// The one of a row that belongs to a notation: the problem language, LaTeX, Unicode.
fn of<T>([plain, latex, text]: [T; 3], style: Style) -> T {
    match style {
        Style::Plain => plain,
        Style::Latex => latex,
        Style::Text => text,
    }
}

/// What opens and what closes.
pub fn fence(kind: Fence, style: Style) -> (&'static str, &'static str) {
    let row = match kind {
        Fence::Round => [("(", ")"), ("(", ")"), ("(", ")")],
        Fence::Square => [("[", "]"), ("[", "]"), ("[", "]")],
        Fence::Norm => [("norm(", ")"), ("\\lVert ", "\\rVert"), ("‖", "‖")],
        Fence::Absolute => [("abs(", ")"), ("\\lvert ", "\\rvert"), ("|", "|")],
        Fence::Bars => [("|", "|"), ("|", "|"), ("|", "|")],
        Fence::Floor => [("floor(", ")"), ("\\lfloor ", "\\rfloor"), ("⌊", "⌋")],
        Fence::Ceiling => [("ceil(", ")"), ("\\lceil ", "\\rceil"), ("⌈", "⌉")],
    };
    of(row, style)
}

/// What stands between two sides, with its spaces.
pub fn relation(relation: Relation, style: Style) -> &'static str {
    let row = match relation {
        Relation::Equal => [" = ", " = ", " = "],
        Relation::Approximately => [" ≈ ", " \\approx ", " ≈ "],
        Relation::NotEqual => [" != ", " \\ne ", " ≠ "],
        Relation::Less => [" < ", " < ", " < "],
        Relation::LessEqual => [" <= ", " \\le ", " ≤ "],
        Relation::Greater => [" > ", " > ", " > "],
        Relation::GreaterEqual => [" >= ", " \\ge ", " ≥ "],
    };
    of(row, style)
}

pub fn glyph(glyph: Glyph, style: Style) -> &'static str {
    let row = match glyph {
        Glyph::Ones => ["1", "\\mathbf 1", "𝟏"],
        Glyph::Unit => ["E", "\\mathbf E", "𝐄"],
        Glyph::Half => ["1/2", "\\tfrac12", "½"],
        Glyph::Dot => ["*", "\\cdot", "·"],
        Glyph::Dots => ["...", "\\cdots", "…"],
        Glyph::VerticalDots => ["⋮", "\\vdots", "⋮"],
        Glyph::Plus => ["+", "+", "+"],
        Glyph::Minus => ["-", "-", "−"],
        Glyph::Equals => ["=", "=", "="],
        Glyph::Entrywise => [".*", "\\odot", "⊙"],
        Glyph::Slash => ["/", "/", "/"],
        Glyph::Transpose => ["^T", "{}^{\\mathsf T}", "ᵀ"],
        Glyph::Sum => ["sum", "\\textstyle\\sum", "Σ"],
        Glyph::Root => ["sqrt", "\\surd", "√"],
        Glyph::Convolution => ["conv2d", "*", "∗"],
        Glyph::Star => ["*", "*", "*"],
    };
    of(row, style)
}
