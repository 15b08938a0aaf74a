//! Labels as LaTeX.
use super::words::Words;
use crate::math::Math;
use crate::render::write::{Style, write};

/// The mathematics of a label for use between dollars.
pub(super) fn math(words: &Words) -> String {
    let Some(label) = &words.label else { return String::new() };
    let name = write(&label.math, Style::Latex);
    if words.matrix.is_none() {
        return name;
    }
    let rows = label.matrix.as_deref().unwrap_or_default();
    let columns = "r".repeat(rows.first().map_or(0, Vec::len));
    let row = |row: &Vec<Math>| row.iter().map(|entry| write(entry, Style::Latex)).collect::<Vec<_>>().join("&");
    let rows = rows.iter().map(row).collect::<Vec<_>>().join("\\\\");
    let equals = if name.is_empty() { "" } else { "=" };
    format!("{name}{equals}\\left[\\begin{{array}}{{@{{}}{columns}@{{}}}}{rows}\\end{{array}}\\right]")
}

/// Text outside of mathematics.
pub(super) fn words(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " ,.:;()-+=!?".contains(c);
    text.chars().map(|c| if plain(c) { c.to_string() } else { format!("${}$", character(c)) }).collect()
}

/// One character in math mode.
fn character(c: char) -> String {
    const SIGNS: [(char, &str); 78] = [
        ('α', "\\alpha "),
        ('β', "\\beta "),
        ('γ', "\\gamma "),
        ('δ', "\\delta "),
        ('ε', "\\varepsilon "),
        ('ζ', "\\zeta "),
        ('η', "\\eta "),
        ('θ', "\\theta "),
        ('ι', "\\iota "),
        ('κ', "\\kappa "),
        ('λ', "\\lambda "),
        ('μ', "\\mu "),
        ('ν', "\\nu "),
        ('ξ', "\\xi "),
        ('ο', "o"),
        ('π', "\\pi "),
        ('ρ', "\\rho "),
        ('ς', "\\varsigma "),
        ('σ', "\\sigma "),
        ('τ', "\\tau "),
        ('υ', "\\upsilon "),
        ('φ', "\\varphi "),
        ('χ', "\\chi "),
        ('ψ', "\\psi "),
        ('ω', "\\omega "),
        ('Γ', "\\Gamma "),
        ('Δ', "\\Delta "),
        ('Θ', "\\Theta "),
        ('Λ', "\\Lambda "),
        ('Ξ', "\\Xi "),
        ('Π', "\\Pi "),
        ('Σ', "\\Sigma "),
        ('Υ', "\\Upsilon "),
        ('Φ', "\\Phi "),
        ('Ψ', "\\Psi "),
        ('Ω', "\\Omega "),
        ('∂', "\\partial "),
        ('∇', "\\nabla "),
        ('−', "-"),
        ('–', "-"),
        ('×', "\\times "),
        ('·', "\\cdot "),
        ('⋅', "\\cdot "),
        ('⊙', "\\odot "),
        ('∘', "\\circ "),
        ('±', "\\pm "),
        ('½', "\\tfrac12 "),
        ('‖', "\\Vert "),
        ('≈', "\\approx "),
        ('≤', "\\le "),
        ('≥', "\\ge "),
        ('≠', "\\ne "),
        ('≡', "\\equiv "),
        ('∈', "\\in "),
        ('∞', "\\infty "),
        ('∑', "\\sum "),
        ('∏', "\\prod "),
        ('√', "\\surd "),
        ('𝟏', "\\mathbf 1"),
        ('𝟙', "\\mathbf 1"),
        ('ℓ', "\\ell "),
        ('→', "\\to "),
        ('…', "\\ldots "),
        ('′', "{}'"),
        ('ᵀ', "{}^{\\mathsf T}"),
        ('⊕', "\\oplus "),
        ('⊗', "\\otimes "),
        (' ', "\\ "),
        ('{', "\\{"),
        ('}', "\\}"),
        ('#', "\\#"),
        ('$', "\\$"),
        ('%', "\\%"),
        ('&', "\\&"),
        ('_', "\\_"),
        ('\\', "\\backslash "),
        ('~', "\\sim "),
        ('^', "\\wedge "),
    ];
    match SIGNS.iter().find(|(sign, _)| *sign == c) {
        Some((_, latex)) => (*latex).to_owned(),
        None if c.is_ascii_alphanumeric() || "+-*/=<>()[]|.,;:!?@".contains(c) => c.to_string(),
        // What pdflatex has no sign for.
        None => "\\cdot ".to_owned(),
    }
}
