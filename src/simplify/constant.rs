//! Scalars that are made of exact numbers and dimensions alone: `2/(N*D)`.
//!
//! A dimension is never 0, so `N * (1/N)` is 1 whatever N is.

use crate::graph::{Graph, Kind, NodeId};
use crate::number::Number;
use crate::ops::{Div, Neg, Op, Scale};
use crate::shape::Dim;
use num_traits::{One, Zero};
use std::collections::BTreeMap;

/// An exact number times powers of dimensions, none of them 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    number: Number,
    powers: BTreeMap<String, i32>,
}

/// Constants are built at most so deep: `-(2*N)/(3*D)`.
const DEPTH: usize = 4;
/// Products of more dimensions than this (on one side of the fraction line) are left as factors: as one size they
/// could be too big for one.
const DEGREE: i32 = 4;

impl Constant {
    pub fn number(number: Number) -> Constant {
        Constant { number, powers: BTreeMap::new() }
    }

    pub fn one() -> Constant {
        Constant::number(Number::one())
    }

    /// The node's value, if it is such a scalar.
    pub fn of(graph: &Graph, id: NodeId) -> Option<Constant> {
        Constant::within(graph, id, DEPTH)
    }

    fn within(graph: &Graph, id: NodeId, depth: usize) -> Option<Constant> {
        let deeper = |id: NodeId| Constant::within(graph, id, depth.checked_sub(1)?);
        match graph.kind(id) {
            Kind::Number(number) => number.is_exact().then(|| Constant::number(number.clone())),
            Kind::Size(dim) => Constant::size(dim),
            Kind::Apply(op, operands) => match (op, operands.as_slice()) {
                (Op::Neg(_), [operand]) => Some(deeper(*operand)?.negated()),
                (Op::Scale(_), [left, right]) => deeper(*left)?.times(&deeper(*right)?),
                (Op::Div(_), [left, right]) => deeper(*left)?.over(&deeper(*right)?),
                (_, _) => None,
            },
            Kind::Leaf(_) | Kind::Symbol(_) | Kind::Literal(_) | Kind::Ones(_) => None,
        }
    }

    /// A product of names; a sum of dimensions may be 0 somewhere and is left as it is.
    fn size(dim: &Dim) -> Option<Constant> {
        let (coefficient, names) = dim.as_monomial().filter(|(coefficient, _)| *coefficient > 0)?;
        let mut powers = BTreeMap::new();
        for name in names {
            *powers.entry(name.to_string()).or_default() += 1;
        }
        Some(Constant { number: Number::integer(coefficient), powers })
    }

    pub fn is_one(&self) -> bool {
        self.number.is_one() && self.powers.is_empty()
    }

    pub fn is_zero(&self) -> bool {
        self.number.is_zero()
    }

    pub fn is_negative(&self) -> bool {
        self.number.is_negative()
    }

    pub fn is_integer(&self) -> bool {
        self.powers.is_empty() && self.denominator().is_one()
    }

    pub fn negated(&self) -> Constant {
        Constant { number: -&self.number, powers: self.powers.clone() }
    }

    /// `None` where the number would no longer be exact, or the dimensions too many.
    pub fn times(&self, other: &Constant) -> Option<Constant> {
        let number = &self.number * &other.number;
        let mut powers = self.powers.clone();
        for (name, power) in &other.powers {
            *powers.entry(name.clone()).or_default() += power;
        }
        powers.retain(|_, power| *power != 0);
        let degree = |sign: i32| powers.values().map(|power| (power * sign).max(0)).sum::<i32>();
        (number.is_exact() && degree(1).max(degree(-1)) <= DEGREE).then_some(Constant { number, powers })
    }

    /// `None` for a divisor of 0, and where the number would no longer be exact.
    pub fn over(&self, divisor: &Constant) -> Option<Constant> {
        let number = Number::one().checked_div(&divisor.number).ok()?;
        let powers = divisor.powers.iter().map(|(name, power)| (name.clone(), -power)).collect();
        self.times(&Constant { number, powers })
    }

    /// The sum, if it is a constant again: `2/N + 1/N`.
    pub fn plus(&self, other: &Constant) -> Option<Constant> {
        let number = &self.number + &other.number;
        (self.powers == other.powers && number.is_exact()).then(|| Constant { number, powers: self.powers.clone() })
    }

    /// What stands above the fraction line, sign included.
    pub fn numerator(&self) -> Constant {
        let above = self.powers.iter().filter(|(_, power)| **power > 0).map(|(name, power)| (name.clone(), *power));
        let number = match self.number.to_exact() {
            Some(exact) => Number::exact(exact.numer().clone().into()),
            None => self.number.clone(),
        };
        Constant { number, powers: above.collect() }
    }

    /// What stands below the fraction line.
    pub fn denominator(&self) -> Constant {
        let below = self.powers.iter().filter(|(_, power)| **power < 0).map(|(name, power)| (name.clone(), -*power));
        let number = match self.number.to_exact() {
            Some(exact) => Number::exact(exact.denom().clone().into()),
            None => Number::one(),
        };
        Constant { number, powers: below.collect() }
    }

    /// The one way to write it: `2/3`, `2*N`, `N/2`, `2/(3*N)`, a minus sign in front.
    pub fn node(&self, graph: &mut Graph) -> Option<NodeId> {
        if self.powers.is_empty() {
            return Some(graph.number(self.number.clone()));
        }
        if self.is_negative() {
            let size = self.negated().node(graph)?;
            return graph.apply(Neg, &[size]).ok();
        }
        let denominator = self.denominator();
        if !denominator.is_one() {
            let (above, below) = (self.numerator().node(graph)?, denominator.node(graph)?);
            return graph.apply(Div, &[above, below]).ok();
        }
        let names = self.powers.iter().flat_map(|(name, power)| (0..*power).map(move |_| name));
        let size = names.fold(Dim::one(), |size, name| size.times(&Dim::name(name)));
        let (number, size) = (graph.number(self.number.clone()), graph.dimension(size));
        if self.number.is_one() { Some(size) } else { graph.apply(Scale, &[number, size]).ok() }
    }
}
