//! Formulas as LaTeX of mathematics, without delimiters.

use super::{
    Numeral, Style, common_level, first, in_doubt, is_digits, is_negative, is_one_letter, is_open, last, operator,
    signs,
};
use crate::math::{Fence, Glyph, Level, Math, Summand};
use crate::syntax::{names, option_words};

/// A formula as LaTeX.
pub fn write(math: &Math) -> String {
    let mut writer = Writer { out: String::new(), height: Height::Line };
    writer.put(math, Level::Related);
    writer.out
}

/// The height of what was written, which brackets around it must have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Height {
    Line,
    Sum,
    Fraction,
}

struct Writer {
    out: String,
    height: Height,
}

fn level(math: &Math) -> Level {
    common_level(math).unwrap_or(match math {
        Math::Negative(_) => Level::Sum,
        Math::Number(_) if is_negative(math) => Level::Sum,
        Math::Number(number) if number.contains('e') => Level::Product,
        Math::Number(number) if !number.contains('/') => Level::Atom,
        // A row is a transposed column.
        Math::Ones(shape) if !shape.is_row() => Level::Atom,
        _ => Level::Power,
    })
}

impl Writer {
    fn put(&mut self, math: &Math, least: Level) {
        self.bracketed_if(level(math) < least, math);
    }

    fn bracketed_if(&mut self, needed: bool, math: &Math) {
        if !needed {
            return self.bare(math);
        }
        let start = self.out.len();
        // Unlike `\left(`, these let a long line break.
        let (open, close) = match self.measured(math) {
            Height::Fraction => ("\\Bigl(", "\\Bigr)"),
            Height::Sum => ("\\bigl(", "\\bigr)"),
            Height::Line => ("(", ")"),
        };
        self.out.insert_str(start, open);
        self.out.push_str(close);
    }

    /// Puts a formula down without brackets; its own height.
    fn measured(&mut self, math: &Math) -> Height {
        let around = std::mem::replace(&mut self.height, Height::Line);
        self.bare(math);
        let own = self.height;
        self.height = own.max(around);
        own
    }

    fn bare(&mut self, math: &Math) {
        match math {
            Math::Name(name) => self.out.push_str(&names::latex(name)),
            Math::Number(number) => self.number(&Numeral::of(number)),
            Math::Word(word) => self.out.push_str(&format!("\\mathrm{{{}}}", word.replace('_', "\\_"))),
            Math::Function(name) => self.out.push_str(&format!("\\{name}")),
            Math::Glyph(own) => self.out.push_str(signs::glyph(*own, Style::Latex)),
            Math::Words(words) => self.out.push_str(&format!("\\text{{{words}}}")),
            Math::Ones(shape) => {
                self.out.push_str("\\mathbf 1");
                if shape.is_row() {
                    self.out.push_str("^{\\mathsf T}");
                } else if let Some(sides) = Math::shape(shape).filter(|_| !shape.is_column()) {
                    self.script('_', &sides);
                }
            }
            Math::Gradient(of) => {
                self.out.push_str("\\delta");
                self.script('_', of);
            }
            Math::Hat(of) => self.enclosed("\\hat{", of, "}"),
            Math::Partial(order, of) => {
                let power = if *order > 1 { format!("^{order}") } else { String::new() };
                self.out.push_str(&format!("\\partial{power} "));
                self.put(of, Level::Power);
            }
            Math::Row(parts) => {
                for (place, part) in parts.iter().enumerate() {
                    let apart =
                        place > 0 && matches!((&parts[place - 1], part), (Math::Partial(..), Math::Partial(..)));
                    self.out.push_str(if apart { "\\," } else { "" });
                    self.put(part, Level::Related);
                }
            }
            Math::Sum(terms) => self.sum(terms),
            Math::Negative(of) => {
                self.out.push('-');
                self.put(of, Level::Elementwise);
            }
            Math::Product(factors) => self.product(factors),
            Math::Dotted(factors) => self.dotted(factors),
            Math::Entrywise(factors) => {
                for (place, factor) in factors.iter().enumerate() {
                    self.out.push_str(if place == 0 { "" } else { " \\odot " });
                    self.bracketed_if(in_doubt(level(factor)), factor);
                }
            }
            Math::Fraction(above, below) => {
                self.enclosed("\\frac{", above, "}");
                self.enclosed("{", below, "}");
                self.height = Height::Fraction;
            }
            Math::Power(base, exponent) => {
                self.put(base, Level::Atom);
                self.script('^', exponent);
            }
            Math::Transposed(of) => {
                self.put(of, Level::Atom);
                self.out.push_str("^{\\mathsf T}");
            }
            Math::Root(of) => self.enclosed("\\sqrt{", of, "}"),
            Math::Sub(of, index) => {
                self.indexable(of);
                self.script('_', index);
            }
            Math::Step(of, step) => {
                let letter = matches!(&**of, Math::Name(name) if names::is_letter(name));
                let (open, close) = if letter { ("", "") } else { ("{", "}") };
                self.enclosed(open, of, close);
                self.enclosed("^{(", step, ")}");
            }
            Math::Entry(of, index) => {
                self.indexable(of);
                self.index(index);
            }
            Math::Fenced(kind, of) => {
                let start = self.out.len();
                let (open, close) = match (self.measured(of), kind) {
                    (Height::Fraction, Fence::Bars) => ("\\left|", "\\right|"),
                    (Height::Fraction | Height::Sum, Fence::Square) => ("\\left[", "\\right]"),
                    _ => signs::fence(*kind, Style::Latex),
                };
                self.out.insert_str(start, open);
                self.out.push_str(close);
            }
            Math::Call { head, arguments, options } => self.call(head, arguments, options),
            Math::Indicator(condition) => self.enclosed("\\mathbf 1[", condition, "]"),
            Math::Related(left, rest) => {
                self.put(left, Level::Sum);
                for (relation, right) in rest {
                    self.out.push_str(signs::relation(*relation, Style::Latex));
                    self.put(right, Level::Sum);
                }
            }
            Math::List(parts) => {
                // Equations stand further apart than operands.
                let apart = parts.iter().any(|part| matches!(part, Math::Related(..)));
                self.parted(parts, if apart { ",\\ " } else { ", " }, Level::Related);
            }
            Math::Cross(sides) => self.parted(sides, "\\times ", Level::Elementwise),
            Math::Total { letters, from_to, of } => self.total(letters, from_to.as_deref(), of),
            Math::Grid(rows) => self.grid(rows),
            Math::Nested(parts) => {
                self.out.push_str("\\left[");
                self.parted(parts, ",\\ ", Level::Sum);
                self.out.push_str("\\right]");
            }
            Math::Cases(cases) => self.cases(cases),
        }
    }

    fn number(&mut self, numeral: &Numeral) {
        let Numeral { negative, digits, below, exponent } = numeral;
        self.out.push_str(if *negative { "-" } else { "" });
        self.out.push_str(&match (below, exponent) {
            (Some(below), _) => format!("\\tfrac{{{digits}}}{{{below}}}"),
            (None, Some(power)) => format!("{digits}\\cdot 10^{{{power}}}"),
            (None, None) => digits.replace('∞', "\\infty "),
        });
    }

    fn sum(&mut self, terms: &[Summand]) {
        for (place, Summand { minus, term }) in terms.iter().enumerate() {
            self.out.push_str(match (place, minus) {
                (0, false) => "",
                (0, true) => "-",
                (_, false) => " + ",
                (_, true) => " - ",
            });
            self.put(term, if place == 0 { Level::Sum } else { Level::Elementwise });
        }
    }

    fn product(&mut self, factors: &[Math]) {
        for (place, factor) in factors.iter().enumerate() {
            if let Some(before) = place.checked_sub(1).and_then(|place| factors.get(place)) {
                self.out.push_str(between(before, factor));
            }
            let open = is_open(factor) && place + 1 < factors.len();
            self.put(factor, if open { Level::Atom } else { Level::Product });
        }
    }

    fn dotted(&mut self, factors: &[Math]) {
        for (place, factor) in factors.iter().enumerate() {
            self.out.push_str(if place == 0 { "" } else { "\\cdot " });
            let open = is_open(factor) && place + 1 < factors.len();
            self.put(factor, if open { Level::Atom } else { Level::Product });
        }
    }

    /// A name that an index can be put to: in brackets unless it is a letter alone.
    fn indexable(&mut self, of: &Math) {
        let takes_index = match of {
            Math::Name(name) => names::is_letter(name),
            Math::Word(_) | Math::Glyph(_) | Math::Function(_) | Math::Transposed(_) => true,
            _ => false,
        };
        self.bracketed_if(!takes_index, of);
    }

    /// Numbers and letters of one sign each stand side by side.
    fn index(&mut self, index: &[Math]) {
        self.out.push_str("_{");
        let comma = match index {
            all if all.iter().all(is_one_letter) => "",
            all if all.iter().any(|part| matches!(part, Math::Sum(_))) => ",\\;",
            _ => ",",
        };
        self.parted(index, comma, Level::Sum);
        self.out.push('}');
    }

    fn script(&mut self, mark: char, script: &Math) {
        self.out.push(mark);
        self.enclosed("{", script, "}");
    }

    fn call(&mut self, head: &Math, arguments: &[Math], options: &[(&'static str, String)]) {
        self.put(head, Level::Power);
        self.out.push('(');
        self.parted(arguments, ", ", Level::Sum);
        for (place, (option, value)) in options.iter().enumerate() {
            let comma = if place == 0 && arguments.is_empty() { "" } else { ", " };
            self.out.push_str(&format!("{comma}\\text{{{}}}", option_words::words(operator(head), option, value)));
        }
        self.out.push(')');
    }

    fn total(&mut self, letters: &[Math], from_to: Option<&(Math, Math)>, of: &Math) {
        if letters.is_empty() {
            self.out.push_str("\\textstyle\\sum ");
            self.put(of, Level::Negation);
        } else {
            self.out.push_str("\\sum_{");
            self.parted(letters, ",", Level::Sum);
            if let Some((from, to)) = from_to {
                self.enclosed("=", from, "}^{");
                self.put(to, Level::Related);
            }
            self.out.push_str("} ");
            self.put(of, Level::Product);
        }
        self.height = self.height.max(Height::Sum);
    }

    fn grid(&mut self, rows: &[Vec<Math>]) {
        self.out.push_str("\\begin{bmatrix}");
        for (place, row) in rows.iter().enumerate() {
            self.out.push_str(if place == 0 { "" } else { "\\cr " });
            self.parted(row, "&", Level::Related);
        }
        self.out.push_str("\\end{bmatrix}");
    }

    fn cases(&mut self, cases: &[(Math, Option<Math>)]) {
        self.out.push_str("\\begin{cases}");
        for (place, (value, condition)) in cases.iter().enumerate() {
            self.out.push_str(if place == 0 { "" } else { "\\cr " });
            self.put(value, Level::Sum);
            match condition {
                Some(condition) => self.enclosed("&\\text{if }", condition, ""),
                None => self.out.push_str("&\\text{otherwise}"),
            }
        }
        self.out.push_str("\\end{cases}");
    }

    fn enclosed(&mut self, open: &str, math: &Math, close: &str) {
        self.out.push_str(open);
        self.put(math, Level::Related);
        self.out.push_str(close);
    }

    fn parted(&mut self, parts: &[Math], between: &str, least: Level) {
        for (place, part) in parts.iter().enumerate() {
            self.out.push_str(if place == 0 { "" } else { between });
            self.put(part, least);
        }
    }
}

/// What stands between two factors: a dot before digits, a thin space beside words.
fn between(left: &Math, right: &Math) -> &'static str {
    let is_word = |math: &Math| matches!(math, Math::Name(name) if names::is_word(name));
    match first(right) {
        Math::Number(_) if is_digits(first(right)) && level(right) >= Level::Product => " \\cdot ",
        // Two and a half would be read.
        Math::Fraction(above, _) if is_digits(last(left)) && is_digits(first(above)) => " \\cdot ",
        // The bold one is a digit too.
        Math::Indicator(_) | Math::Ones(_) | Math::Glyph(Glyph::Ones) if is_digits(last(left)) => " \\cdot ",
        right if is_word(right) || is_word(last(left)) => "\\,",
        Math::Word(_) if !is_digits(last(left)) => "\\,",
        _ if matches!(last(left), Math::Call { head, .. } if matches!(**head, Math::Word(_))) => "\\,",
        _ => " ",
    }
}
