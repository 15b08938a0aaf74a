//! MathML for HTML, from our own LaTeX.

use super::escape;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// The converter recurses: formulas nested deeper than this are shown as their source.
const DEEPEST: usize = 24;
/// And so are longer ones, in bytes.
const LONGEST: usize = 200_000;

/// A formula as MathML, in a line or on a line of its own. What cannot be converted is shown as LaTeX.
pub fn mathml(latex: &str, display: bool) -> String {
    let display = if display { MathDisplay::Block } else { MathDisplay::Inline };
    let mut rows = latex.replace(r"\cr", r"\\");
    if rows.contains(r"\begin{") {
        // The converter takes a style to reach past the end of a cell, and does not survive it.
        rows = rows.replace(r"\textstyle\sum", r"{\textstyle\sum}");
    }
    let converted = (latex.len() <= LONGEST && nesting(latex) <= DEEPEST)
        .then(|| LatexToMathML::new(MathCoreConfig::default()).ok()?.convert_with_local_state(&rows, display).ok());
    match converted.flatten() {
        Some(converted) => converted.mathml,
        None => {
            let mut source = Vec::new();
            // Writing to a vector does not fail.
            let _ = escape::html(latex, &mut source);
            format!("<code>{}</code>", String::from_utf8_lossy(&source))
        }
    }
}

fn nesting(latex: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for character in latex.chars() {
        match character {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_latex_becomes_mathml() {
        for latex in [
            r"\delta_{h_1} = \delta_{Z} \odot \mathbf 1[h_1 > 0]",
            r"\tfrac12\lVert X - Y\rVert^2 + \mathrm{CE}(C, C_{\mathrm{gt}})",
            r"\begin{bmatrix}1&2\cr 3&-1\end{bmatrix}",
            r"\frac{\partial L}{\partial W_1} = X^{\mathsf T} \delta_{\hat{y}}",
            r"\textstyle\sum (y - \hat{y})^{2}",
        ] {
            let found = mathml(latex, true);
            assert!(found.starts_with("<math display=\"block\">"), "{latex}: {found}");
            assert!(!found.contains("merror"), "{latex}: {found}");
        }
    }

    #[test]
    fn deep_and_broken_formulas_are_shown_as_they_are() {
        let deep = format!("{}x{}", r"\left(".repeat(5000), r"\right)".repeat(5000));
        assert!(mathml(&deep, false).starts_with("<code>"));
        assert_eq!(mathml(r"\nosuchcommand <b>", false), r"<code>\nosuchcommand &lt;b&gt;</code>");
    }
}
