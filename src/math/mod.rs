//! A formula as a tree that knows no format: precedence is structure, and brackets are set by the writer of a format
//! alone, where a part binds less tightly than its place needs.

use crate::shape::{Dim, Factor, Shape};
use std::borrow::Cow;

/// A formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Math {
    /// A name as the problem language spells it: `W_1`, `yhat`, `theta`.
    Name(String),
    /// A number in ASCII, as it shall be shown: `-1/3`, `0.3808`, `1.235e-5`.
    Number(String),
    /// An upright word that is no name of the author's: `ReLU`, `tr`.
    Word(Cow<'static, str>),
    /// A function that every notation knows: `exp`, `ln`, `max`.
    Function(&'static str),
    /// A sign of its own.
    Glyph(Glyph),
    /// Words between formulas.
    Words(Cow<'static, str>),
    /// The vector or matrix of ones of a shape.
    Ones(Shape),
    /// The gradient with respect to a value: `δ_V`.
    Gradient(Box<Math>),
    /// What estimates a value: `ŷ`.
    Hat(Box<Math>),
    /// `∂x`, `∂²x`: above and below the stroke of a derivative.
    Partial(u32, Box<Math>),
    /// One after the other, with nothing between.
    Row(Vec<Math>),
    /// Terms that are added, or subtracted.
    Sum(Vec<Summand>),
    /// The minus sign before a term that stands alone.
    Negative(Box<Math>),
    /// Factors beside each other.
    Product(Vec<Math>),
    /// Factors with a dot between any two, as numbers are multiplied.
    Dotted(Vec<Math>),
    /// `A ⊙ B`
    Entrywise(Vec<Math>),
    Fraction(Box<Math>, Box<Math>),
    Power(Box<Math>, Box<Math>),
    Transposed(Box<Math>),
    Root(Box<Math>),
    /// A subscript that is a part of the name: `x_k`.
    Sub(Box<Math>, Box<Math>),
    /// A value after a step: `w^{(k)}`, which is no entry of it.
    Step(Box<Math>, Box<Math>),
    /// An entry of a matrix: `A_{1,2}`.
    Entry(Box<Math>, Vec<Math>),
    Fenced(Fence, Box<Math>),
    /// `f(x, y, axis = 0)`
    Call {
        head: Box<Math>,
        arguments: Vec<Math>,
        options: Vec<(&'static str, String)>,
    },
    /// `1[A > B]`
    Indicator(Box<Math>),
    /// `a = b ≈ c`
    Related(Box<Math>, Vec<(Relation, Math)>),
    /// `a, b, c`
    List(Vec<Math>),
    /// `4 × 6`
    Cross(Vec<Math>),
    /// `Σ_{k} x_k`, from and to where they are said.
    Total {
        letters: Vec<Math>,
        from_to: Option<Box<(Math, Math)>>,
        of: Box<Math>,
    },
    /// A matrix, row by row.
    Grid(Vec<Vec<Math>>),
    /// Matrices in a list, as higher ranks are written.
    Nested(Vec<Math>),
    /// Values with the condition of each; none for the last means otherwise.
    Cases(Vec<(Math, Option<Math>)>),
}

/// A term of a sum and whether it is subtracted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summand {
    pub minus: bool,
    pub term: Math,
}

/// Signs that stand for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// The column of ones, where its length does not matter.
    Ones,
    /// A matrix with one entry that is 1.
    Unit,
    Half,
    /// Where an operand would stand.
    Dot,
    Dots,
    VerticalDots,
    Plus,
    Minus,
    Equals,
    Entrywise,
    Slash,
    Transpose,
    Sum,
    Root,
    Convolution,
    Star,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fence {
    Round,
    Square,
    /// `‖x‖`
    Norm,
    /// `|x|`
    Absolute,
    /// `|x, y|`: the size of a list of numbers.
    Bars,
    Floor,
    Ceiling,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Equal,
    Approximately,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// How tightly a formula binds, from loose to tight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `a, b` and `a = b`
    Related,
    /// `a + b`
    Sum,
    /// `a ⊙ b`
    Elementwise,
    /// `A B`, `a/b`
    Product,
    /// `-a`
    Negation,
    /// `a^2`, `A^T`
    Power,
    /// a name, a call, a bracket
    Atom,
}

impl Math {
    pub fn name(text: impl Into<String>) -> Math {
        Math::Name(text.into())
    }

    pub fn number(text: impl ToString) -> Math {
        Math::Number(text.to_string())
    }

    pub fn word(text: impl Into<Cow<'static, str>>) -> Math {
        Math::Word(text.into())
    }

    pub fn words(text: impl Into<Cow<'static, str>>) -> Math {
        Math::Words(text.into())
    }

    /// `head(a, b)`
    pub fn call(head: Math, arguments: Vec<Math>) -> Math {
        Math::Call { head: Box::new(head), arguments, options: Vec::new() }
    }

    pub fn plus(self, right: Math) -> Math {
        self.summed(Summand { minus: false, term: right })
    }

    pub fn minus(self, right: Math) -> Math {
        self.summed(Summand { minus: true, term: right })
    }

    /// A sum leans to the left: what stands on the left becomes a part of it.
    fn summed(self, right: Summand) -> Math {
        let mut terms = match self {
            Math::Sum(terms) => terms,
            first => vec![Summand { minus: false, term: first }],
        };
        terms.push(right);
        Math::Sum(terms)
    }

    /// All of them added.
    pub fn sum(terms: impl IntoIterator<Item = Math>) -> Math {
        let mut terms = terms.into_iter();
        let first = terms.next().unwrap_or_else(|| Math::number(0));
        terms.fold(first, Math::plus)
    }

    pub fn times(self, right: Math) -> Math {
        // `½λ‖w‖²`, not `λ½‖w‖²`; a number keeps its place.
        if let Math::Product(factors) = &right
            && factors.first() == Some(&Math::Glyph(Glyph::Half))
            && matches!(self, Math::Name(_) | Math::Product(_) | Math::Sub(..))
            && !matches!(&self, Math::Product(own) if matches!(own[..], [Math::Number(_), ..] | [Math::Glyph(_), ..]))
        {
            let own = match self {
                Math::Product(own) => own,
                name => vec![name],
            };
            let rest = factors[1..].iter().cloned();
            return Math::Product([Math::Glyph(Glyph::Half)].into_iter().chain(own).chain(rest).collect());
        }
        Math::Product(match self {
            Math::Product(mut factors) => {
                factors.push(right);
                factors
            }
            first => vec![first, right],
        })
    }

    pub fn entrywise(self, right: Math) -> Math {
        Math::Entrywise(match self {
            Math::Entrywise(mut factors) => {
                factors.push(right);
                factors
            }
            first => vec![first, right],
        })
    }

    pub fn over(self, below: Math) -> Math {
        Math::Fraction(Box::new(self), Box::new(below))
    }

    pub fn to(self, exponent: Math) -> Math {
        Math::Power(Box::new(self), Box::new(exponent))
    }

    pub fn negative(self) -> Math {
        Math::Negative(Box::new(self))
    }

    pub fn transposed(self) -> Math {
        Math::Transposed(Box::new(self))
    }

    pub fn subscript(self, index: Math) -> Math {
        Math::Sub(Box::new(self), Box::new(index))
    }

    pub fn hat(self) -> Math {
        Math::Hat(Box::new(self))
    }

    pub fn step(self, step: Math) -> Math {
        Math::Step(Box::new(self), Box::new(step))
    }

    pub fn entry(self, index: Vec<Math>) -> Math {
        Math::Entry(Box::new(self), index)
    }

    pub fn fenced(self, fence: Fence) -> Math {
        Math::Fenced(fence, Box::new(self))
    }

    /// `∂x`
    pub fn partial(self) -> Math {
        Math::Partial(1, Box::new(self))
    }

    pub fn gradient(self) -> Math {
        Math::Gradient(Box::new(self))
    }

    pub fn related(self, relation: Relation, right: Math) -> Math {
        match self {
            Math::Related(first, mut rest) => {
                rest.push((relation, right));
                Math::Related(first, rest)
            }
            first => Math::Related(Box::new(first), vec![(relation, right)]),
        }
    }

    pub fn equals(self, right: Math) -> Math {
        self.related(Relation::Equal, right)
    }

    /// `Σ_k of`; without letters the sum of all entries.
    pub fn total(letters: Vec<Math>, of: Math) -> Math {
        Math::Total { letters, from_to: None, of: Box::new(of) }
    }

    /// `2*H + 1`: names first, the constant last.
    pub fn size(dim: &Dim) -> Math {
        let mut terms = dim.summands().map(|(coefficient, factors)| {
            let size = coefficient.unsigned_abs();
            let number = (size != 1 || factors.is_empty()).then(|| Math::number(size));
            let mut all: Vec<Math> = number.into_iter().chain(factors.iter().map(factor)).collect();
            let term = if all.len() == 1 { all.swap_remove(0) } else { Math::Dotted(all) };
            (coefficient < 0, term)
        });
        let first = match terms.next() {
            None => return Math::number(0),
            Some((true, term)) => term.negative(),
            Some((false, term)) => term,
        };
        terms.fold(first, |sum, (minus, term)| sum.summed(Summand { minus, term }))
    }

    /// `N × D`; the empty list of a scalar is no formula.
    pub fn shape(shape: &Shape) -> Option<Math> {
        let mut sides: Vec<Math> = shape.0.iter().map(Math::size).collect();
        match sides.len() {
            0 => None,
            1 => sides.pop(),
            _ => Some(Math::Cross(sides)),
        }
    }

    /// What an operator's notation is without its operands: `σ`, `+`, `⊙`.
    pub fn sign(&self) -> Math {
        match self {
            Math::Call { head, .. } => (**head).clone(),
            Math::Sum(terms) if terms.iter().any(|summand| summand.minus) => Math::Glyph(Glyph::Minus),
            Math::Sum(_) => Math::Glyph(Glyph::Plus),
            Math::Negative(_) => Math::Glyph(Glyph::Minus),
            Math::Product(factors) if factors.first() == Some(&Math::Glyph(Glyph::Half)) => {
                Math::Glyph(Glyph::Half).times(Math::Glyph(Glyph::Dot).fenced(Fence::Norm).to(Math::number(2)))
            }
            Math::Product(_) | Math::Dotted(_) => Math::Glyph(Glyph::Dot),
            Math::Entrywise(_) => Math::Glyph(Glyph::Entrywise),
            Math::Fraction(..) => Math::Glyph(Glyph::Slash),
            Math::Transposed(_) => Math::Glyph(Glyph::Transpose),
            Math::Root(_) => Math::Glyph(Glyph::Root),
            Math::Total { .. } => Math::Glyph(Glyph::Sum),
            Math::Indicator(_) => Math::Glyph(Glyph::Ones),
            other => other.clone(),
        }
    }
}

fn factor(factor: &Factor) -> Math {
    match factor {
        Factor::Name(name) => Math::name(name.as_str()),
        Factor::Floor(dim, divisor) => Math::size(dim).over(Math::number(divisor)).fenced(Fence::Floor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_on_the_right_joins_the_sum() {
        let [a, b, c] = ["a", "b", "c"].map(Math::name);
        let Math::Sum(terms) = a.clone().plus(b.clone()).minus(c.clone()) else { panic!("no sum") };
        assert_eq!(terms.len(), 3);
        let Math::Sum(terms) = a.plus(b.plus(c)) else { panic!("no sum") };
        assert_eq!(terms.len(), 2);
    }

    #[test]
    fn sizes_have_their_constant_last() {
        let dim = Dim::name("H").times_integer(2).plus_integer(-1);
        let [two, h, one] = [Math::number(2), Math::name("H"), Math::number(1)];
        assert_eq!(Math::size(&dim), Math::Dotted(vec![two, h]).minus(one));
        assert_eq!(Math::shape(&Shape::scalar()), None);
    }
}
