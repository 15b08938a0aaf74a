//! How a formula is written, one file a format. The only place that sets brackets.

mod latex;
mod plain;
mod signs;
mod text;

use crate::math::{Glyph, Level, Math};
use crate::number::INFINITY;
pub use text::{Height, pieces};

/// The notations that formulas are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The problem language: what is printed can be read again.
    Plain,
    Latex,
    /// Unicode text for the terminal.
    Text,
}

/// A formula in a notation.
pub fn write(math: &Math, style: Style) -> String {
    match style {
        Style::Plain => plain::write(math),
        Style::Latex => latex::write(math),
        Style::Text => text::write(math),
    }
}

/// The parts of a number that is given in ASCII.
struct Numeral<'a> {
    negative: bool,
    digits: &'a str,
    /// What it is divided by.
    below: Option<&'a str>,
    /// The power of ten that it is multiplied by.
    exponent: Option<&'a str>,
}

impl Numeral<'_> {
    fn of(number: &str) -> Numeral<'_> {
        let (negative, size) = number.strip_prefix('-').map_or((false, number), |size| (true, size));
        let (digits, below) = size.split_once('/').map_or((size, None), |(digits, below)| (digits, Some(below)));
        let digits = if digits == INFINITY { "∞" } else { digits };
        let (digits, exponent) = digits.split_once('e').map_or((digits, None), |(digits, power)| (digits, Some(power)));
        Numeral { negative, digits, below, exponent }
    }
}

/// How tightly what every notation writes alike binds; `None` for what they write differently.
fn common_level(math: &Math) -> Option<Level> {
    Some(match math {
        Math::Related(..) | Math::List(_) => Level::Related,
        Math::Sum(_) => Level::Sum,
        // `∂L/∂w` on one line.
        Math::Row(parts) if parts.contains(&Math::Glyph(Glyph::Slash)) => Level::Product,
        Math::Entrywise(_) => Level::Elementwise,
        Math::Product(_) | Math::Dotted(_) | Math::Cross(_) | Math::Total { .. } => Level::Product,
        Math::Power(..) | Math::Transposed(_) => Level::Power,
        Math::Name(_)
        | Math::Partial(..)
        | Math::Row(_)
        | Math::Word(_)
        | Math::Function(_)
        | Math::Glyph(_)
        | Math::Words(_)
        | Math::Gradient(_)
        | Math::Hat(_)
        | Math::Sub(..)
        | Math::Step(..)
        | Math::Entry(..)
        | Math::Fenced(..)
        | Math::Call { .. }
        | Math::Indicator(_)
        | Math::Grid(_)
        | Math::Nested(_)
        | Math::Cases(_) => Level::Atom,
        Math::Number(_) | Math::Ones(_) | Math::Negative(_) | Math::Fraction(..) | Math::Root(_) => return None,
    })
}

/// The operator that is called, by the word that stands for it.
fn operator(head: &Math) -> &str {
    match head {
        Math::Word(word) => word,
        Math::Transposed(of) | Math::Sub(of, _) => operator(of),
        _ => "",
    }
}

/// What a formula begins with, on the line.
fn first(math: &Math) -> &Math {
    match math {
        Math::Product(parts) | Math::Dotted(parts) | Math::Row(parts) => parts.first().map_or(math, first),
        Math::Power(base, _) | Math::Transposed(base) | Math::Sub(base, _) | Math::Entry(base, _) => first(base),
        Math::Call { head, .. } => first(head),
        other => other,
    }
}

/// What a formula ends with, on the line.
fn last(math: &Math) -> &Math {
    match math {
        Math::Product(parts) | Math::Dotted(parts) | Math::Row(parts) => parts.last().map_or(math, last),
        other => other,
    }
}

/// Whether what follows a formula on its right would be taken for a part of it.
fn is_open(math: &Math) -> bool {
    match math {
        Math::Total { .. } => true,
        Math::Product(parts) | Math::Dotted(parts) => parts.last().is_some_and(is_open),
        _ => false,
    }
}

/// Whether factors of an entrywise product need brackets: `(A B) ⊙ C` leaves no doubt, `A ⊙ B ⊙ C` none.
fn in_doubt(level: Level) -> bool {
    !(level == Level::Elementwise || level >= Level::Negation)
}

fn is_negative(math: &Math) -> bool {
    matches!(math, Math::Number(number) if number.starts_with('-'))
}

/// Whether an entry of a matrix needs brackets to be told from the next one.
fn in_brackets(entry: &Math, level: Level) -> bool {
    level < Level::Negation && !matches!(entry, Math::Number(_))
}

/// A number, written with digits.
fn is_digits(math: &Math) -> bool {
    matches!(math, Math::Number(_)) && !is_negative(math)
}

fn is_one_letter(math: &Math) -> bool {
    match math {
        Math::Name(name) => name.chars().count() == 1,
        Math::Number(number) => number.len() == 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Fence;

    fn all(math: &Math) -> [String; 3] {
        [Style::Plain, Style::Latex, Style::Text].map(|style| write(math, style))
    }

    #[test]
    fn brackets_come_from_structure() {
        let [a, b, c] = ["A", "B", "c"].map(Math::name);
        let sum = a.clone().minus(b.clone());
        assert_eq!(all(&sum.clone().times(a.clone())), ["(A - B) * A", "(A - B) A", "(A − B) A"]);
        assert_eq!(all(&a.clone().minus(sum.clone())), ["A - (A - B)", "A - (A - B)", "A − (A − B)"]);
        let both = a.clone().times(b.clone()).entrywise(c.clone());
        assert_eq!(all(&both), ["A * B .* c", r"(A B) \odot c", "(A B) ⊙ c"]);
        let quotient = a.over(b.plus(c));
        assert_eq!(all(&quotient), ["A ./ (B + c)", r"\frac{A}{B + c}", "A/(B + c)"]);
    }

    #[test]
    fn a_sum_over_something_is_bracketed_where_more_follows() {
        let [x, y] = ["x", "y"].map(Math::name);
        let total = Math::total(Vec::new(), x).times(y.clone());
        assert_eq!(write(&total, Style::Text), "(∑ x) y");
        assert_eq!(write(&total, Style::Latex), r"\bigl(\textstyle\sum x\bigr) y");
        assert_eq!(write(&y.times(Math::number(-2)), Style::Text), "y (−2)");
    }

    #[test]
    fn numbers_and_names_keep_apart() {
        let [x, words] = ["x_1", "prior"].map(Math::name);
        let tenth = Math::number("0.1");
        let indicator = Math::Indicator(Box::new(x.clone().related(crate::math::Relation::Less, Math::number(0))));
        assert_eq!(write(&tenth.clone().times(indicator), Style::Text), "0.1·𝟏[x₁ < 0]");
        assert_eq!(write(&tenth.times(x.clone()), Style::Text), "0.1x₁");
        assert_eq!(write(&x.clone().times(words), Style::Latex), r"x_1\,\mathrm{prior}");
        let entry = x.clone().entry(vec![Math::number(1), Math::number(2)]);
        assert_eq!(all(&entry), ["x_1[1, 2]", "(x_1)_{12}", "x₁[1, 2]"]);
        assert_eq!(all(&x.fenced(Fence::Norm)), ["norm(x_1)", r"\lVert x_1\rVert", "‖x₁‖"]);
    }
}
