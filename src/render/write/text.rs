//! Formulas as Unicode text for the terminal.

use super::{Numeral, common_level, first, in_brackets, in_doubt, is_digits, is_negative, is_open, last};
use crate::math::{Fence, Glyph, Level, Math, Relation, Summand};
use crate::syntax::names;

/// A formula as Unicode text.
pub fn write(math: &Math) -> String {
    let mut out = String::new();
    put(&mut out, math, Level::Related);
    out
}

fn level(math: &Math) -> Level {
    common_level(math).unwrap_or(match math {
        Math::Negative(_) => Level::Sum,
        Math::Number(_) if is_negative(math) => Level::Sum,
        Math::Number(number) if number.contains(['/', 'e']) => Level::Product,
        Math::Fraction(..) => Level::Product,
        // A row is a transposed column.
        Math::Ones(shape) if shape.is_row() => Level::Power,
        _ => Level::Atom,
    })
}

fn put(out: &mut String, math: &Math, least: Level) {
    bracketed_if(out, level(math) < least, math);
}

fn bracketed_if(out: &mut String, needed: bool, math: &Math) {
    if needed {
        out.push('(');
        bare(out, math);
        out.push(')');
    } else {
        bare(out, math);
    }
}

fn bare(out: &mut String, math: &Math) {
    match math {
        Math::Name(name) => out.push_str(&names::unicode(name)),
        Math::Number(own) => number(out, &Numeral::of(own)),
        Math::Word(text) | Math::Words(text) => out.push_str(text),
        Math::Function(name) => out.push_str(name),
        Math::Glyph(own) => out.push_str(sign(*own)),
        Math::Ones(shape) => {
            out.push('𝟏');
            if shape.is_row() {
                out.push('ᵀ');
            } else if let Some(sides) = Math::shape(shape).filter(|_| !shape.is_column()) {
                enclosed(out, "(", &sides, ")");
            }
        }
        Math::Gradient(of) => {
            out.push('δ');
            put(out, of, Level::Atom);
        }
        Math::Partial(order, of) => {
            out.push('∂');
            if *order > 1 {
                out.extend(order.to_string().chars().map(superscript));
            }
            put(out, of, Level::Power);
        }
        Math::Row(parts) => parts.iter().for_each(|part| put(out, part, Level::Related)),
        Math::Sum(terms) => sum(out, terms),
        Math::Negative(of) => {
            out.push('−');
            put(out, of, Level::Elementwise);
        }
        Math::Product(factors) => product(out, factors, between),
        Math::Dotted(factors) => product(out, factors, |_, _| "·"),
        Math::Entrywise(factors) => {
            for (place, factor) in factors.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { " ⊙ " });
                bracketed_if(out, in_doubt(level(factor)), factor);
            }
        }
        Math::Fraction(above, below) => {
            bracketed_if(out, level(above) < Level::Product || is_open(above), above);
            out.push('/');
            put(out, below, Level::Negation);
        }
        Math::Power(base, exponent) => {
            put(out, base, Level::Atom);
            raised(out, exponent);
        }
        Math::Transposed(of) => {
            put(out, of, Level::Atom);
            out.push('ᵀ');
        }
        Math::Root(of) => enclosed(out, "√(", of, ")"),
        Math::Sub(of, index) => {
            put(out, of, Level::Atom);
            lowered(out, index);
        }
        Math::Step(of, step) => {
            put(out, of, Level::Atom);
            enclosed(out, "(", step, ")");
        }
        Math::Entry(of, index) => {
            put(out, of, Level::Atom);
            out.push('[');
            parted(out, index, ", ", Level::Sum);
            out.push(']');
        }
        Math::Fenced(kind, of) => {
            let (open, close) = fence(*kind);
            enclosed(out, open, of, close);
        }
        Math::Call { head, arguments, options } => {
            put(out, head, Level::Power);
            out.push('(');
            parted(out, arguments, ", ", Level::Sum);
            for (place, (option, value)) in options.iter().enumerate() {
                let comma = if place == 0 && arguments.is_empty() { "" } else { ", " };
                out.push_str(&format!("{comma}{option} = {value}"));
            }
            out.push(')');
        }
        Math::Indicator(condition) => enclosed(out, "𝟏[", condition, "]"),
        Math::Related(left, rest) => {
            put(out, left, Level::Sum);
            for (relation, right) in rest {
                out.push_str(related(*relation));
                put(out, right, Level::Sum);
            }
        }
        Math::List(parts) => parted(out, parts, ", ", Level::Sum),
        Math::Cross(sides) => parted(out, sides, "×", Level::Elementwise),
        Math::Total { letters, from_to, of } => total(out, letters, from_to.as_deref(), of),
        Math::Grid(rows) => {
            out.push('[');
            for (place, row) in rows.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { ";  " });
                for (place, entry) in row.iter().enumerate() {
                    out.push_str(if place == 0 { "" } else { "  " });
                    bracketed_if(out, in_brackets(entry, level(entry)), entry);
                }
            }
            out.push(']');
        }
        Math::Nested(parts) => nested(out, parts),
        Math::Cases(cases) => {
            out.push_str("{ ");
            for (place, (value, condition)) in cases.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { "; " });
                put(out, value, Level::Sum);
                match condition {
                    Some(condition) => enclosed(out, " if ", condition, ""),
                    None => out.push_str(" otherwise"),
                }
            }
            out.push_str(" }");
        }
    }
}

fn number(out: &mut String, numeral: &Numeral) {
    let Numeral { negative, digits, below, exponent } = numeral;
    out.push_str(if *negative { "−" } else { "" });
    out.push_str(digits);
    match (below, exponent) {
        (Some(below), _) => out.push_str(&format!("/{below}")),
        (None, Some(power)) => {
            out.push_str("·10");
            out.extend(power.chars().map(superscript));
        }
        (None, None) => {}
    }
}

fn sum(out: &mut String, terms: &[Summand]) {
    for (place, Summand { minus, term }) in terms.iter().enumerate() {
        out.push_str(match (place, minus) {
            (0, false) => "",
            (0, true) => "−",
            (_, false) => " + ",
            (_, true) => " − ",
        });
        put(out, term, if place == 0 { Level::Sum } else { Level::Elementwise });
    }
}

fn product(out: &mut String, factors: &[Math], between: fn(&Math, &Math) -> &'static str) {
    for (place, factor) in factors.iter().enumerate() {
        if let Some(before) = place.checked_sub(1).and_then(|place| factors.get(place)) {
            out.push_str(between(before, factor));
        }
        // What follows a stroke could stand below it.
        let open = place + 1 < factors.len() && (is_open(factor) || is_fraction(factor));
        bracketed_if(out, open || level(factor) < Level::Product, factor);
    }
}

fn is_fraction(math: &Math) -> bool {
    matches!(math, Math::Fraction(..)) || matches!(math, Math::Number(number) if number.contains('/'))
}

/// What stands between two factors: a dot before digits, nothing between a number and a name.
fn between(left: &Math, right: &Math) -> &'static str {
    let begins_with = first(right);
    match last(left) {
        _ if is_digits(begins_with) && level(right) >= Level::Product => "·",
        // The bold one is a digit too.
        _ if matches!(begins_with, Math::Indicator(_) | Math::Ones(_) | Math::Glyph(Glyph::Ones | Glyph::Half)) => " ",
        Math::Glyph(Glyph::Half) => "",
        Math::Number(number) if !number.contains(['e', '/']) => "",
        _ => " ",
    }
}

fn total(out: &mut String, letters: &[Math], from_to: Option<&(Math, Math)>, of: &Math) {
    if letters.is_empty() {
        out.push_str("Σ ");
        put(out, of, Level::Negation);
        return;
    }
    match from_to {
        Some((from, to)) => {
            out.push_str("Σ(");
            parted(out, letters, ",", Level::Sum);
            enclosed(out, "=", from, "…");
            enclosed(out, "", to, ") ");
        }
        None => {
            out.push_str("Σ_");
            parted(out, letters, ",", Level::Sum);
            out.push(' ');
        }
    }
    put(out, of, Level::Product);
}

/// Rank 3 and 4: rows and matrices alike between brackets.
fn nested(out: &mut String, parts: &[Math]) {
    out.push('[');
    for (place, part) in parts.iter().enumerate() {
        out.push_str(if place == 0 { "" } else { ", " });
        match part {
            Math::Grid(rows) => {
                out.push('[');
                for (place, row) in rows.iter().enumerate() {
                    out.push_str(if place == 0 { "[" } else { ", [" });
                    parted(out, row, ", ", Level::Sum);
                    out.push(']');
                }
                out.push(']');
            }
            other => put(out, other, Level::Sum),
        }
    }
    out.push(']');
}

/// An exponent: raised where every character can be, `^(…)` otherwise.
fn raised(out: &mut String, exponent: &Math) {
    match exponent {
        Math::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            out.extend(number.chars().map(superscript));
        }
        Math::Name(name) if names::unicode(name).chars().all(char::is_alphanumeric) => {
            out.push('^');
            out.push_str(&names::unicode(name));
        }
        Math::Glyph(Glyph::Star) => out.push('*'),
        other => enclosed(out, "^(", other, ")"),
    }
}

/// A subscript: lowered where every character can be, `_` otherwise.
fn lowered(out: &mut String, index: &Math) {
    let text = write(index);
    match text.chars().map(subscript).collect::<Option<String>>() {
        Some(small) => out.push_str(&small),
        None => {
            out.push('_');
            bracketed_if(out, !text.chars().all(char::is_alphanumeric), index);
        }
    }
}

fn superscript(character: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match character {
        '-' => '⁻',
        other => other.to_digit(10).map_or(other, |digit| RAISED[digit as usize]),
    }
}

fn subscript(character: char) -> Option<char> {
    const LOWERED: [(char, char); 17] = [
        ('i', 'ᵢ'),
        ('j', 'ⱼ'),
        ('k', 'ₖ'),
        ('l', 'ₗ'),
        ('m', 'ₘ'),
        ('n', 'ₙ'),
        ('p', 'ₚ'),
        ('r', 'ᵣ'),
        ('s', 'ₛ'),
        ('t', 'ₜ'),
        ('u', 'ᵤ'),
        ('v', 'ᵥ'),
        ('x', 'ₓ'),
        ('a', 'ₐ'),
        ('e', 'ₑ'),
        ('h', 'ₕ'),
        ('o', 'ₒ'),
    ];
    let digit = character.to_digit(10).and_then(|digit| char::from_u32('₀' as u32 + digit));
    digit.or_else(|| LOWERED.iter().find(|(full, _)| *full == character).map(|(_, small)| *small))
}

fn enclosed(out: &mut String, open: &str, math: &Math, close: &str) {
    out.push_str(open);
    put(out, math, Level::Related);
    out.push_str(close);
}

fn parted(out: &mut String, parts: &[Math], between: &str, least: Level) {
    for (place, part) in parts.iter().enumerate() {
        out.push_str(if place == 0 { "" } else { between });
        put(out, part, least);
    }
}

fn fence(kind: Fence) -> (&'static str, &'static str) {
    match kind {
        Fence::Round => ("(", ")"),
        Fence::Square => ("[", "]"),
        Fence::Norm => ("‖", "‖"),
        Fence::Absolute => ("|", "|"),
        Fence::Floor => ("⌊", "⌋"),
        Fence::Ceiling => ("⌈", "⌉"),
    }
}

fn related(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => " = ",
        Relation::Approximately => " ≈ ",
        Relation::NotEqual => " ≠ ",
        Relation::Less => " < ",
        Relation::LessEqual => " ≤ ",
        Relation::Greater => " > ",
        Relation::GreaterEqual => " ≥ ",
        Relation::Defined => " ≡ ",
        Relation::Becomes => " ← ",
    }
}

fn sign(sign: Glyph) -> &'static str {
    match sign {
        Glyph::Ones => "𝟏",
        Glyph::Unit => "𝐄",
        Glyph::Half => "½",
        Glyph::Nabla => "∇",
        Glyph::Dot => "·",
        Glyph::Dots => "…",
        Glyph::VerticalDots => "⋮",
        Glyph::Infinity => "∞",
        Glyph::Plus => "+",
        Glyph::Minus => "−",
        Glyph::Times => "×",
        Glyph::Entrywise => "⊙",
        Glyph::Slash => "/",
        Glyph::Transpose => "ᵀ",
        Glyph::Sum => "Σ",
        Glyph::Root => "√",
        Glyph::Comma => ",",
        Glyph::Arrow => "→",
        Glyph::Convolution => "∗",
        Glyph::Star => "*",
    }
}
