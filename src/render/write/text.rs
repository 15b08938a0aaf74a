//! Formulas as Unicode text for the terminal.

use super::{
    Numeral, Style, common_level, first, in_brackets, in_doubt, is_digits, is_negative, is_open, last, operator, signs,
};
use crate::math::{Glyph, Level, Math, Summand};
use crate::syntax::{names, option_words};

/// A formula as Unicode text.
pub fn write(math: &Math) -> String {
    let mut out = String::new();
    put(&mut out, math, Level::Related);
    out
}

/// A formula as pieces of text of one height each, for pictures.
pub fn pieces(math: &Math) -> Vec<(String, Height)> {
    let mut pieces = Pieces { all: Vec::new(), height: Height::Base };
    put(&mut pieces, math, Level::Related);
    pieces.all
}

/// The height of a piece of text against the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Height {
    Base,
    Sub,
    Super,
}

/// Where text goes: a line of Unicode, or pieces that are raised and lowered.
trait Sink: Sized {
    /// Between the sides of a shape.
    const CROSS: &'static str;

    fn text(&mut self, text: &str);
    fn name(&mut self, name: &str);
    fn raise(&mut self, exponent: &Math);
    fn lower(&mut self, index: &Math);
    /// The digits of an exponent, and the T of a transpose.
    fn raised_text(&mut self, text: &str);
    fn gradient(&mut self, of: &Math);
    fn entry(&mut self, index: &[Math]);
    fn step(&mut self, step: &Math);
}

impl Sink for String {
    const CROSS: &'static str = "×";

    fn text(&mut self, text: &str) {
        self.push_str(text);
    }

    fn name(&mut self, name: &str) {
        self.push_str(&names::unicode(name));
    }

    fn raise(&mut self, exponent: &Math) {
        raised(self, exponent);
    }

    fn lower(&mut self, index: &Math) {
        lowered(self, index);
    }

    fn raised_text(&mut self, text: &str) {
        self.extend(text.chars().map(superscript));
    }

    fn gradient(&mut self, of: &Math) {
        self.push('δ');
        put(self, of, Level::Atom);
    }

    fn entry(&mut self, index: &[Math]) {
        self.push('[');
        parted(self, index, ", ", Level::Sum);
        self.push(']');
    }

    fn step(&mut self, step: &Math) {
        enclosed(self, "(", step, ")");
    }
}

struct Pieces {
    all: Vec<(String, Height)>,
    height: Height,
}

impl Pieces {
    fn at(&mut self, height: Height, write: impl FnOnce(&mut Pieces)) {
        // What is small stays small.
        let before = self.height;
        self.height = if before == Height::Base { height } else { before };
        write(self);
        self.height = before;
    }
}

impl Sink for Pieces {
    const CROSS: &'static str = " × ";

    fn text(&mut self, text: &str) {
        match self.all.last_mut() {
            Some((last, height)) if *height == self.height => last.push_str(text),
            _ => self.all.push((text.to_owned(), self.height)),
        }
    }

    fn name(&mut self, name: &str) {
        let (base, below) = names::parts(name);
        self.text(&base);
        if !below.is_empty() {
            self.at(Height::Sub, |pieces| pieces.text(&below));
        }
    }

    fn raise(&mut self, exponent: &Math) {
        self.at(Height::Super, |pieces| put(pieces, exponent, Level::Related));
    }

    fn lower(&mut self, index: &Math) {
        self.at(Height::Sub, |pieces| put(pieces, index, Level::Related));
    }

    fn raised_text(&mut self, text: &str) {
        self.at(Height::Super, |pieces| pieces.text(&text.replace('-', "−")));
    }

    fn gradient(&mut self, of: &Math) {
        self.text("δ");
        self.lower(of);
    }

    fn entry(&mut self, index: &[Math]) {
        self.at(Height::Sub, |pieces| parted(pieces, index, ",", Level::Sum));
    }

    fn step(&mut self, step: &Math) {
        self.at(Height::Super, |pieces| enclosed(pieces, "(", step, ")"));
    }
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

fn put<S: Sink>(out: &mut S, math: &Math, least: Level) {
    bracketed_if(out, level(math) < least, math);
}

fn bracketed_if<S: Sink>(out: &mut S, needed: bool, math: &Math) {
    if needed {
        out.text("(");
        bare(out, math);
        out.text(")");
    } else {
        bare(out, math);
    }
}

fn bare<S: Sink>(out: &mut S, math: &Math) {
    match math {
        Math::Name(name) => out.name(name),
        Math::Number(own) => number(out, &Numeral::of(own)),
        Math::Word(text) | Math::Words(text) => out.text(text),
        Math::Function(name) => out.text(name),
        Math::Glyph(own) => out.text(signs::glyph(*own, Style::Text)),
        Math::Ones(shape) => {
            out.text("𝟏");
            if shape.is_row() {
                out.raised_text("T");
            } else if let Some(sides) = Math::shape(shape).filter(|_| !shape.is_column()) {
                enclosed(out, "(", &sides, ")");
            }
        }
        Math::Gradient(of) => out.gradient(of),
        Math::Hat(of) => {
            put(out, of, Level::Atom);
            out.text("\u{302}");
        }
        Math::Partial(order, of) => {
            out.text("∂");
            if *order > 1 {
                out.raised_text(&order.to_string());
            }
            put(out, of, Level::Power);
        }
        Math::Row(parts) => parts.iter().for_each(|part| put(out, part, Level::Related)),
        Math::Sum(terms) => sum(out, terms),
        Math::Negative(of) => {
            out.text("−");
            put(out, of, Level::Elementwise);
        }
        Math::Product(factors) => product(out, factors, between),
        Math::Dotted(factors) => product(out, factors, |_, _| "·"),
        Math::Entrywise(factors) => {
            for (place, factor) in factors.iter().enumerate() {
                out.text(if place == 0 { "" } else { " ⊙ " });
                bracketed_if(out, in_doubt(level(factor)), factor);
            }
        }
        Math::Fraction(above, below) => {
            bracketed_if(out, level(above) < Level::Product || is_open(above), above);
            out.text("/");
            put(out, below, Level::Negation);
        }
        Math::Power(base, exponent) => {
            put(out, base, Level::Atom);
            out.raise(exponent);
        }
        Math::Transposed(of) => {
            put(out, of, Level::Atom);
            out.raised_text("T");
        }
        Math::Root(of) => enclosed(out, "√(", of, ")"),
        // `convᵀ_kernel`: an operator's part is a word of its own.
        Math::Sub(of, index) if matches!(**of, Math::Transposed(_)) => {
            put(out, of, Level::Power);
            out.text("_");
            put(out, index, Level::Atom);
        }
        Math::Sub(of, index) => {
            put(out, of, Level::Atom);
            out.lower(index);
        }
        Math::Step(of, step) => {
            put(out, of, Level::Atom);
            out.step(step);
        }
        Math::Entry(of, index) => {
            put(out, of, Level::Atom);
            out.entry(index);
        }
        Math::Fenced(kind, of) => {
            let (open, close) = signs::fence(*kind, Style::Text);
            enclosed(out, open, of, close);
        }
        Math::Call { head, arguments, options } => {
            put(out, head, Level::Power);
            out.text("(");
            parted(out, arguments, ", ", Level::Sum);
            for (place, (option, value)) in options.iter().enumerate() {
                let comma = if place == 0 && arguments.is_empty() { "" } else { ", " };
                out.text(&format!("{comma}{}", option_words::words(operator(head), option, value)));
            }
            out.text(")");
        }
        Math::Indicator(condition) => enclosed(out, "𝟏[", condition, "]"),
        Math::Related(left, rest) => {
            put(out, left, Level::Sum);
            for (relation, right) in rest {
                out.text(signs::relation(*relation, Style::Text));
                put(out, right, Level::Sum);
            }
        }
        Math::List(parts) => parted(out, parts, ", ", Level::Related),
        Math::Cross(sides) => parted(out, sides, S::CROSS, Level::Elementwise),
        Math::Total { letters, from_to, of } => total(out, letters, from_to.as_deref(), of),
        Math::Grid(rows) => {
            out.text("[");
            for (place, row) in rows.iter().enumerate() {
                out.text(if place == 0 { "" } else { ";  " });
                for (place, entry) in row.iter().enumerate() {
                    out.text(if place == 0 { "" } else { "  " });
                    bracketed_if(out, in_brackets(entry, level(entry)), entry);
                }
            }
            out.text("]");
        }
        Math::Nested(parts) => nested(out, parts),
        Math::Cases(cases) => {
            out.text("{ ");
            for (place, (value, condition)) in cases.iter().enumerate() {
                out.text(if place == 0 { "" } else { "; " });
                put(out, value, Level::Sum);
                match condition {
                    Some(condition) => enclosed(out, " if ", condition, ""),
                    None => out.text(" otherwise"),
                }
            }
            out.text(" }");
        }
    }
}

fn number<S: Sink>(out: &mut S, numeral: &Numeral) {
    let Numeral { negative, digits, below, exponent } = numeral;
    out.text(if *negative { "−" } else { "" });
    out.text(digits);
    match (below, exponent) {
        (Some(below), _) => out.text(&format!("/{below}")),
        (None, Some(power)) => {
            out.text("·10");
            out.raised_text(power);
        }
        (None, None) => {}
    }
}

fn sum<S: Sink>(out: &mut S, terms: &[Summand]) {
    for (place, Summand { minus, term }) in terms.iter().enumerate() {
        out.text(match (place, minus) {
            (0, false) => "",
            (0, true) => "−",
            (_, false) => " + ",
            (_, true) => " − ",
        });
        put(out, term, if place == 0 { Level::Sum } else { Level::Elementwise });
    }
}

fn product<S: Sink>(out: &mut S, factors: &[Math], between: fn(&Math, &Math) -> &'static str) {
    for (place, factor) in factors.iter().enumerate() {
        if let Some(before) = place.checked_sub(1).and_then(|place| factors.get(place)) {
            out.text(between(before, factor));
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
    let begins_with = match first(right) {
        Math::Fraction(above, _) => first(above),
        other => other,
    };
    match last(left) {
        _ if is_digits(begins_with) && level(right) >= Level::Product => "·",
        // The bold one is a digit too.
        Math::Number(number)
            if !number.contains(['e', '/'])
                && matches!(begins_with, Math::Indicator(_) | Math::Ones(_) | Math::Glyph(Glyph::Ones)) =>
        {
            "·"
        }
        _ if matches!(begins_with, Math::Indicator(_) | Math::Ones(_) | Math::Glyph(Glyph::Ones | Glyph::Half)) => " ",
        Math::Glyph(Glyph::Half) => "",
        Math::Number(number) if !number.contains(['e', '/']) => "",
        _ => " ",
    }
}

fn total<S: Sink>(out: &mut S, letters: &[Math], from_to: Option<&(Math, Math)>, of: &Math) {
    if letters.is_empty() {
        out.text("∑ ");
        put(out, of, Level::Negation);
        return;
    }
    match from_to {
        Some((from, to)) => {
            out.text("∑(");
            parted(out, letters, ",", Level::Sum);
            enclosed(out, "=", from, "…");
            enclosed(out, "", to, ") ");
        }
        None => {
            out.text("Σ_");
            parted(out, letters, ",", Level::Sum);
            out.text(" ");
        }
    }
    put(out, of, Level::Product);
}

/// Rank 3 and 4: rows and matrices alike between brackets.
fn nested<S: Sink>(out: &mut S, parts: &[Math]) {
    out.text("[");
    for (place, part) in parts.iter().enumerate() {
        out.text(if place == 0 { "" } else { ", " });
        match part {
            Math::Grid(rows) => {
                out.text("[");
                for (place, row) in rows.iter().enumerate() {
                    out.text(if place == 0 { "[" } else { ", [" });
                    parted(out, row, ", ", Level::Sum);
                    out.text("]");
                }
                out.text("]");
            }
            other => put(out, other, Level::Sum),
        }
    }
    out.text("]");
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
        'T' => 'ᵀ',
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

fn enclosed<S: Sink>(out: &mut S, open: &str, math: &Math, close: &str) {
    out.text(open);
    put(out, math, Level::Related);
    out.text(close);
}

fn parted<S: Sink>(out: &mut S, parts: &[Math], between: &str, least: Level) {
    for (place, part) in parts.iter().enumerate() {
        out.text(if place == 0 { "" } else { between });
        put(out, part, least);
    }
}
