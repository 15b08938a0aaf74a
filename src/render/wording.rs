//! Mathematics in an author's words: `$W_1$` between dollars. Only what is known to be harmless is typeset; the rest is
//! text, dollars and all.

use super::escape::{Part, SIGNS};
use super::mathml;
use crate::syntax::Pairs;

/// A longer formula is text.
const LONGEST: usize = 200;

/// Commands that a formula in prose may have beside those of [`SIGNS`].
const MORE_SIGNS: Pairs =
    Pairs(r"ε\epsilon φ\phi ≤\le ≥\ge ≠\ne Σ\sum √\sqrt ᵀ\top …\ldots …\dots …\cdots ‖\lVert ‖\rVert |\lvert |\rvert");

/// What is shown of such a command: its sign, a function's name, or nothing of a font and a fraction.
fn shown_of(name: &str) -> Option<String> {
    match name {
        "quad" => Some(" ".to_string()),
        "ln" | "log" | "exp" | "sin" | "cos" => Some(format!("{name} ")),
        "max" | "min" | "tanh" => Some(name.to_string()),
        "frac" | "tfrac" | "hat" | "bar" | "tilde" | "text" | "boldsymbol" => Some(String::new()),
        "mathbf" | "mathrm" | "mathbb" | "mathsf" | "mathcal" => Some(String::new()),
        _ => {
            let command = format!("\\{name}");
            MORE_SIGNS.saying(&command).or_else(|| SIGNS.saying(&command)).map(String::from)
        }
    }
}

/// The words and formulas of a paragraph.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        // `$5 and $6` are prices: no space stands beside the dollars of a formula, and no digit behind it.
        let is_price = |inner: &str, next: &str| {
            inner.starts_with(' ') || inner.ends_with(' ') || next.starts_with(|next: char| next.is_ascii_digit())
        };
        let formula = after.split_once('$').filter(|(inner, next)| !is_price(inner, next) && is_harmless(inner));
        words.push_str(before);
        match formula {
            Some((inner, next)) => {
                if !words.is_empty() {
                    parts.push(Part::Words(std::mem::take(&mut words)));
                }
                parts.push(Part::Maths(inner.to_string()));
                rest = next;
            }
            None => {
                words.push('$');
                rest = after;
            }
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        parts.push(Part::Words(words));
    }
    parts
}

/// A paragraph with its formulas in Unicode.
pub fn plain(text: &str) -> String {
    let part = |part: Part| match part {
        Part::Words(words) => words,
        Part::Maths(latex) => unicode(&latex),
    };
    parts(text).into_iter().map(part).collect()
}

fn is_harmless(latex: &str) -> bool {
    !latex.is_empty()
        && latex.len() <= LONGEST
        && has_known_signs(latex)
        && !mathml::mathml(latex, false).starts_with("<code>")
}

fn has_known_signs(latex: &str) -> bool {
    let mut depth = 0_i32;
    let mut rest = latex;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\\' => match command(rest) {
                Some(name) if shown_of(name).is_some() => 1 + name.len(),
                None if rest[1..].starts_with([',', ';', '|']) => 2,
                _ => return false,
            },
            '{' | '}' => {
                depth += if first == '{' { 1 } else { -1 };
                1
            }
            ' ' | '_' | '^' | '(' | ')' | '[' | ']' | '+' | '-' | '=' | ',' | '.' | ':' | ';' | '/' | '!' | '\''
            | '|' | '<' | '>' | '*' => 1,
            _ if first.is_ascii_alphanumeric() => 1,
            _ => return false,
        };
        if depth < 0 {
            return false;
        }
        rest = &rest[length..];
    }
    depth == 0
}

/// The name of the command at the beginning of some LaTeX.
fn command(latex: &str) -> Option<&str> {
    let after = latex.strip_prefix('\\')?;
    let end = after.find(|next: char| !next.is_ascii_alphabetic()).unwrap_or(after.len());
    Some(&after[..end]).filter(|name| !name.is_empty())
}

/// Harmless LaTeX as Unicode: digits and T are raised and lowered, the rest keeps its sign.
fn unicode(latex: &str) -> String {
    let mut shown = String::new();
    let mut rest = latex;
    while let Some(first) = rest.chars().next() {
        if let Some(name) = command(rest) {
            shown.push_str(&shown_of(name).unwrap_or_default());
            rest = rest[1 + name.len()..].trim_start();
            continue;
        }
        if first == '_' || first == '^' {
            let (script, after) = script(&rest[1..]);
            let script = unicode(script);
            match first {
                '_' if script.bytes().all(|digit| digit.is_ascii_digit()) => {
                    shown.extend(script.bytes().filter_map(|digit| char::from_u32(0x2080 + u32::from(digit - b'0'))));
                }
                '^' if script == "T" => shown.push('ᵀ'),
                '^' if script.bytes().all(|digit| digit.is_ascii_digit()) => {
                    shown.extend(script.chars().map(raised));
                }
                '^' if script == "ᵀ" => shown.push('ᵀ'),
                '^' if script.contains(['+', '−', ' ']) => {
                    shown.push_str("^(");
                    shown.push_str(&script);
                    shown.push(')');
                }
                _ => {
                    shown.push(first);
                    shown.push_str(&script);
                }
            }
            rest = after;
            continue;
        }
        match first {
            '{' | '}' | '\\' => {}
            '-' => shown.push('−'),
            other => shown.push(other),
        }
        rest = &rest[first.len_utf8()..];
    }
    shown
}

/// A digit as an exponent.
fn raised(digit: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    digit.to_digit(10).map_or(digit, |digit| RAISED[digit as usize])
}

/// A script: a group without its braces, a command, or one character; and what comes after.
fn script(latex: &str) -> (&str, &str) {
    if let Some(inner) = latex.strip_prefix('{') {
        let mut depth = 1;
        for (place, character) in inner.char_indices() {
            depth += i32::from(character == '{') - i32::from(character == '}');
            if depth == 0 {
                return (&inner[..place], &inner[place + 1..]);
            }
        }
    }
    let length = command(latex).map_or_else(|| latex.chars().next().map_or(0, char::len_utf8), |name| 1 + name.len());
    latex.split_at(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_between_dollars_are_typeset() {
        let found = parts(r"the weights $W_1$ and $\hat{y} = \sigma(w^T x)$.");
        let expected = [
            Part::Words("the weights ".into()),
            Part::Maths("W_1".into()),
            Part::Words(" and ".into()),
            Part::Maths(r"\hat{y} = \sigma(w^T x)".into()),
            Part::Words(".".into()),
        ];
        assert_eq!(found, expected);
        assert_eq!(plain(r"$e^{u+v}$"), "e^(u+v)");
        assert_eq!(plain(r"$W_1$ in $\mathbb{R}^{D \times H}$, $x^2$"), "W₁ in R^(D ×H), x²");
    }

    #[test]
    fn what_is_not_known_stays_text() {
        for text in ["it costs $5 and $6 more", r"$\input{x}$", "$a_{b$", "$$", "one $ sign", r"$\def\x{1}$", "$a_b_c$"]
        {
            assert_eq!(parts(text), [Part::Words(text.into())], "{text}");
        }
    }
}
