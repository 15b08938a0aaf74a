//! Expressions multiplied out: sums of products of numbers, scalars, entries and words of matrices, in one canonical
//! order. Two expressions that come to one form here are equal wherever both have a value.
//!
//! A product is commutative but for its *words*, the matrix products `A B c` in it: a scalar, a row and a column stand for
//! themselves repeated, so that entry by entry all factors simply multiply. A word that is a number is a trace, which may
//! be turned round. What is not taken apart (a logarithm of a sum, an inverse of one) is a factor of its own.

mod cancel;
mod definitions;
mod form;
mod names;
mod words;
mod write;

pub use definitions::{DEFINITIONS, Definition};
pub use form::Expander;
pub use names::in_names;

use crate::graph::NodeId;
use crate::number::Number;
use crate::shape::Dim;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A coefficient, with an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coefficient(pub Number);

impl PartialOrd for Coefficient {
    fn partial_cmp(&self, other: &Coefficient) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Coefficient {
    fn cmp(&self, other: &Coefficient) -> Ordering {
        let (one, two) = (&self.0, &other.0);
        one.to_f64().total_cmp(&two.to_f64()).then_with(|| one.to_string().cmp(&two.to_string()))
    }
}

/// Rows and columns; a side of 1 is repeated.
pub type Sides = (Dim, Dim);

/// A sum of products.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Poly {
    pub sides: Sides,
    /// A square matrix whose entries beside the diagonal are 0 is no product of entries: it stands as a word.
    pub terms: BTreeMap<Product, Coefficient>,
}

/// Factors and their powers, entry by entry; none is 1 throughout.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Product(pub BTreeMap<Factor, i64>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor {
    pub what: What,
    pub sides: Sides,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A scalar: given, named, or not taken apart; also a size.
    Scalar(NodeId),
    /// A product of matrices.
    Word(Vec<Atom>),
    /// The trace of a product of matrices, or a product of a row, matrices and a column.
    Cycle(Vec<Atom>),
    /// The identity matrix.
    Identity,
    /// A function of each entry.
    Function(Function, Box<Poly>),
    /// A sum that is divided by or raised to a power.
    Sum(Box<Poly>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    Exp,
    Log,
    Sqrt,
    /// 1 where its argument is positive.
    Positive,
}

/// A factor of a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom {
    Matrix {
        node: NodeId,
        transposed: bool,
        sides: Sides,
    },
    /// A column of ones, or a row.
    Ones {
        of: Dim,
        row: bool,
    },
    /// The diagonal matrix of a column.
    Diagonal(Product, Dim),
    /// A product of entries, as a matrix.
    Entries(Product, Sides),
    Inverse(Box<Poly>),
}

impl Atom {
    pub fn sides(&self) -> Sides {
        match self {
            Atom::Matrix { sides, .. } | Atom::Entries(_, sides) => sides.clone(),
            Atom::Ones { of, row: true } => (Dim::one(), of.clone()),
            Atom::Ones { of, row: false } => (of.clone(), Dim::one()),
            Atom::Diagonal(_, side) => (side.clone(), side.clone()),
            Atom::Inverse(of) => of.sides.clone(),
        }
    }
}

pub fn is_single((rows, columns): &Sides) -> bool {
    rows.is_one() && columns.is_one()
}

impl Factor {
    /// Whether it is a sum of squares: `xᵀx`, `tr AᵀA`.
    pub fn is_square(&self) -> bool {
        match &self.what {
            What::Cycle(atoms) => {
                let (first, last) = atoms.split_at(atoms.len() / 2);
                let mirrored: Vec<Atom> = first.iter().rev().map(Atom::transposed).collect();
                mirrored == last
            }
            _ => false,
        }
    }
}

impl Product {
    pub fn one() -> Product {
        Product::default()
    }

    pub fn of(factor: Factor) -> Product {
        Product([(factor, 1)].into())
    }

    pub fn times(&self, other: &Product) -> Product {
        let mut factors = self.0.clone();
        for (factor, power) in &other.0 {
            let own = factors.entry(factor.clone()).or_default();
            *own = match &factor.what {
                // 1 or 0, whatever its power.
                What::Function(Function::Positive, _) | What::Identity => 1,
                _ => *own + power,
            };
        }
        factors.retain(|_, power| *power != 0);
        Product(factors)
    }

    pub fn raised(&self, exponent: i64) -> Product {
        Product(self.0.iter().map(|(factor, power)| (factor.clone(), power * exponent)).collect())
    }

    pub fn sides(&self) -> Sides {
        let pick = |own: Dim, other: &Dim| if own.is_one() { other.clone() } else { own };
        self.0.keys().fold((Dim::one(), Dim::one()), |(rows, columns), factor| {
            (pick(rows, &factor.sides.0), pick(columns, &factor.sides.1))
        })
    }

    /// The factors for which something holds, and the others.
    pub fn parted(&self, holds: impl Fn(&Factor) -> bool) -> (Product, Product) {
        let (own, others) = self.0.iter().map(|(f, p)| (f.clone(), *p)).partition(|(factor, _)| holds(factor));
        (Product(own), Product(others))
    }

    pub fn is_one(&self) -> bool {
        self.0.is_empty()
    }
}

impl Poly {
    pub fn zero(sides: Sides) -> Poly {
        Poly { sides, terms: BTreeMap::new() }
    }

    pub fn of(sides: Sides, product: Product, coefficient: Number) -> Poly {
        let mut poly = Poly::zero(sides);
        poly.add(product, coefficient);
        poly
    }

    pub fn add(&mut self, product: Product, coefficient: Number) {
        let zero = Number::integer(0);
        let own = self.terms.entry(product).or_insert_with(|| Coefficient(zero.clone()));
        own.0 = &own.0 + &coefficient;
        self.terms.retain(|_, coefficient| coefficient.0 != zero);
    }

    pub fn plus(&self, other: &Poly, factor: &Number) -> Poly {
        let mut sum = self.clone();
        let pick = |own: &Dim, other: &Dim| if own.is_one() { other.clone() } else { own.clone() };
        sum.sides = (pick(&self.sides.0, &other.sides.0), pick(&self.sides.1, &other.sides.1));
        for (product, coefficient) in &other.terms {
            sum.add(product.clone(), &coefficient.0 * factor);
        }
        sum
    }

    /// Entry by entry.
    pub fn times(&self, other: &Poly) -> Poly {
        let pick = |own: &Dim, other: &Dim| if own.is_one() { other.clone() } else { own.clone() };
        let sides = (pick(&self.sides.0, &other.sides.0), pick(&self.sides.1, &other.sides.1));
        let mut product = Poly::zero(sides);
        for (one, a) in &self.terms {
            for (two, b) in &other.terms {
                product.add(one.times(two), &a.0 * &b.0);
            }
        }
        product
    }

    /// The only term.
    pub fn single(&self) -> Option<(&Product, &Number)> {
        match self.terms.len() {
            1 => self.terms.iter().next().map(|(product, coefficient)| (product, &coefficient.0)),
            _ => None,
        }
    }

    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The number that it is.
    pub fn constant(&self) -> Option<Number> {
        match self.terms.len() {
            0 => Some(Number::integer(0)),
            _ => self.single().filter(|(product, _)| product.is_one()).map(|(_, number)| number.clone()),
        }
    }
}
