//! Labels as LaTeX mathematics.
use super::Label;
use super::harmless::is_harmless;
use super::text::{Level, Run};
use super::words::Words;

/// The mathematics of a label for use between dollars.
pub(super) fn math(words: &Words) -> String {
    let name = match &words.label {
        Some(Label { latex, .. }) if !latex.trim().is_empty() && is_harmless(latex) => latex.trim().to_owned(),
        Some(_) | None => from_runs(&words.runs),
    };
    let Some(rows) = &words.matrix else { return name };
    let columns = "r".repeat(rows.first().map_or(0, Vec::len));
    let row = |row: &Vec<String>| row.iter().map(|entry| from_text(entry)).collect::<Vec<_>>().join("&");
    let rows = rows.iter().map(row).collect::<Vec<_>>().join("\\\\");
    let equals = if name.is_empty() { "" } else { "=" };
    format!("{name}{equals}\\left[\\begin{{array}}{{@{{}}{columns}@{{}}}}{rows}\\end{{array}}\\right]")
}

/// Text outside of mathematics.
pub(super) fn words(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " ,.:;()-+=!?".contains(c);
    text.chars().map(|c| if plain(c) { c.to_string() } else { format!("${}$", character(c)) }).collect()
}

/// Runs of text as mathematics.
pub(super) fn from_runs(runs: &[Run]) -> String {
    let mut out = String::new();
    let mut before = Level::Base;
    for (i, run) in runs.iter().enumerate() {
        let mut text = from_text(&run.text);
        if !run.italic && run.text.chars().any(char::is_alphabetic) {
            text = format!("\\mathrm{{{text}}}");
        }
        let (mark, same) = match run.level {
            Level::Base => ("", false),
            Level::Sub => ("_", before == Level::Sub),
            Level::Super => ("^", before == Level::Super),
        };
        // A second run of one level goes on inside the first one's braces; a third kind of order gets a base of its own.
        if same && out.ends_with('}') {
            out.pop();
            out.push_str(&text);
            out.push('}');
        } else if mark.is_empty() {
            out.push_str(&text);
        } else {
            let again = i > 1 && before != Level::Base && runs[i - 2].level == run.level;
            out.push_str(if i == 0 || again { "{}" } else { "" });
            out.push_str(&format!("{mark}{{{text}}}"));
        }
        before = run.level;
    }
    out
}

fn from_text(text: &str) -> String {
    text.chars().map(character).collect()
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
