//! Formulas in the problem language, so that what is printed can be read again.

use super::{Style, common_level, in_brackets, is_negative, is_open, signs};
use crate::math::{Glyph, Level, Math, Relation, Summand};
use crate::shape::Dim;

/// A formula in the problem language.
pub fn write(math: &Math) -> String {
    let mut out = String::new();
    put(&mut out, math, Level::Related);
    out
}

fn level(math: &Math) -> Level {
    common_level(math).unwrap_or(match math {
        Math::Number(number) if number.contains('/') && !is_negative(math) => Level::Product,
        Math::Negative(_) => Level::Negation,
        Math::Number(_) if is_negative(math) => Level::Negation,
        Math::Fraction(..) => Level::Elementwise,
        _ => Level::Atom,
    })
}

/// Puts a formula down, in brackets if it binds less tightly than its place needs.
fn put(out: &mut String, math: &Math, least: Level) {
    bracketed_if(out, level(math) < least, math);
}

/// An exponent. `x^y^z` has two readings.
fn raised(out: &mut String, exponent: &Math) {
    match exponent {
        Math::Negative(of) if matches!(**of, Math::Power(..)) => enclosed(out, "-(", of, ")"),
        Math::Power(..) => enclosed(out, "(", exponent, ")"),
        _ => put(out, exponent, Level::Negation),
    }
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
        Math::Name(text) | Math::Number(text) => out.push_str(text),
        Math::Word(text) | Math::Words(text) => out.push_str(text),
        Math::Function(name) => out.push_str(name),
        Math::Glyph(own) => out.push_str(signs::glyph(*own, Style::Plain)),
        Math::Ones(shape) => {
            let sides: Vec<String> = shape.0.iter().map(Dim::to_string).collect();
            out.push_str(&format!("ones({})", sides.join(", ")));
        }
        Math::Gradient(of) => {
            out.push('d');
            put(out, of, Level::Atom);
        }
        Math::Hat(of) => {
            put(out, of, Level::Atom);
            out.push_str("hat");
        }
        Math::Partial(order, of) => {
            out.push('∂');
            if *order > 1 {
                out.push_str(&format!("^{order}"));
            }
            put(out, of, Level::Power);
        }
        Math::Row(parts) => parts.iter().for_each(|part| put(out, part, Level::Related)),
        Math::Sum(terms) => sum(out, terms),
        Math::Negative(of) => {
            out.push('-');
            put(out, of, Level::Negation);
        }
        Math::Product(factors) => product(out, factors, " * ", Level::Product, Level::Negation),
        Math::Dotted(factors) => product(out, factors, "*", Level::Product, Level::Negation),
        Math::Entrywise(factors) => product(out, factors, " .* ", Level::Elementwise, Level::Negation),
        Math::Fraction(above, below) => {
            put(out, above, Level::Elementwise);
            out.push_str(" ./ ");
            put(out, below, Level::Negation);
        }
        Math::Power(base, exponent) => {
            put(out, base, Level::Atom);
            match &**exponent {
                // Of each entry.
                Math::Row(parts) if matches!(parts.as_slice(), [Math::Glyph(Glyph::Entrywise), _]) => {
                    out.push_str(".^");
                    raised(out, &parts[1]);
                }
                exponent => {
                    out.push('^');
                    raised(out, exponent);
                }
            }
        }
        Math::Transposed(of) => {
            put(out, of, Level::Atom);
            out.push_str("^T");
        }
        Math::Root(of) => enclosed(out, "sqrt(", of, ")"),
        Math::Sub(of, index) => {
            put(out, of, Level::Atom);
            out.push('_');
            put(out, index, Level::Atom);
        }
        Math::Step(of, _) => put(out, of, Level::Atom),
        Math::Entry(of, index) => {
            put(out, of, Level::Atom);
            out.push('[');
            list(out, index);
            out.push(']');
        }
        Math::Fenced(kind, of) => {
            let (open, close) = signs::fence(*kind, Style::Plain);
            enclosed(out, open, of, close);
        }
        Math::Call { head, arguments, options } => {
            put(out, head, Level::Atom);
            out.push('(');
            list(out, arguments);
            for (place, (option, value)) in options.iter().enumerate() {
                let comma = if place == 0 && arguments.is_empty() { "" } else { ", " };
                out.push_str(&format!("{comma}{option} = {value}"));
            }
            out.push(')');
        }
        Math::Indicator(condition) => {
            out.push_str("1[");
            match &**condition {
                Math::Related(first, rest) => chain(out, first, rest, " == "),
                other => put(out, other, Level::Related),
            }
            out.push(']');
        }
        Math::Related(first, rest) => chain(out, first, rest, " = "),
        Math::List(parts) => parted(out, parts, ", ", Level::Related),
        Math::Cross(sides) => parted(out, sides, " x ", Level::Elementwise),
        Math::Total { letters, of, .. } => {
            out.push_str("sum_{");
            list(out, letters);
            out.push_str("} ");
            put(out, of, Level::Product);
        }
        Math::Grid(rows) => {
            out.push('[');
            for (place, row) in rows.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { "; " });
                // A space parts the entries, so all but names, numbers and signs are in brackets of their own.
                for (place, entry) in row.iter().enumerate() {
                    out.push_str(if place == 0 { "" } else { " " });
                    bracketed_if(out, in_brackets(entry, level(entry)), entry);
                }
            }
            out.push(']');
        }
        Math::Nested(parts) => {
            out.push('[');
            list(out, parts);
            out.push(']');
        }
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

/// `a = b`; in an indicator equality is asked for by another sign.
fn chain(out: &mut String, first: &Math, rest: &[(Relation, Math)], equal: &str) {
    put(out, first, Level::Sum);
    for (relation, right) in rest {
        out.push_str(if *relation == Relation::Equal { equal } else { signs::relation(*relation, Style::Plain) });
        put(out, right, Level::Sum);
    }
}

fn sum(out: &mut String, terms: &[Summand]) {
    for (place, Summand { minus, term }) in terms.iter().enumerate() {
        out.push_str(match (place, minus) {
            (0, false) => "",
            (0, true) => "-",
            (_, false) => " + ",
            (_, true) => " - ",
        });
        put(out, term, if place == 0 { Level::Sum } else { Level::Elementwise });
    }
}

fn product(out: &mut String, factors: &[Math], sign: &str, left: Level, right: Level) {
    for (place, factor) in factors.iter().enumerate() {
        out.push_str(if place == 0 { "" } else { sign });
        let open = is_open(factor) && place + 1 < factors.len();
        put(
            out,
            factor,
            if open {
                Level::Atom
            } else if place == 0 {
                left
            } else {
                right
            },
        );
    }
}

fn enclosed(out: &mut String, open: &str, math: &Math, close: &str) {
    out.push_str(open);
    put(out, math, Level::Related);
    out.push_str(close);
}

fn list(out: &mut String, parts: &[Math]) {
    parted(out, parts, ", ", Level::Sum);
}

fn parted(out: &mut String, parts: &[Math], between: &str, least: Level) {
    for (place, part) in parts.iter().enumerate() {
        out.push_str(if place == 0 { "" } else { between });
        put(out, part, least);
    }
}
