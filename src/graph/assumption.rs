//! What a declaration says of its data: `A: n x n symmetric`. It holds for every value that the leaf ever has.

use crate::scalar::Scalar;
use crate::shape::Shape;
use crate::tensor::Tensor;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumption {
    /// Of every entry.
    Positive,
    Symmetric,
    Diagonal,
    /// A square matrix with Qᵀ Q = 1.
    Orthogonal,
    /// And symmetric, as courses mean it.
    PositiveDefinite,
    /// Of any sign.
    RowsSumToOne,
}

/// Each as it is written, in the order in which they are made to hold.
pub const ASSUMPTIONS: [(Assumption, &str); 6] = [
    (Assumption::Symmetric, "symmetric"),
    (Assumption::PositiveDefinite, "positive definite"),
    (Assumption::Diagonal, "diagonal"),
    (Assumption::Orthogonal, "orthogonal"),
    (Assumption::Positive, "positive"),
    (Assumption::RowsSumToOne, "rows sum to 1"),
];

/// How far given numbers that were rounded may be from what is assumed.
const NEAR: f64 = 1e-9;

impl Assumption {
    pub fn named(words: &str) -> Option<Assumption> {
        ASSUMPTIONS.iter().find(|(_, own)| *own == words).map(|(assumption, _)| *assumption)
    }

    pub fn words(self) -> &'static str {
        ASSUMPTIONS.iter().find(|(own, _)| *own == self).map_or("", |(_, words)| words)
    }

    /// Whether a leaf of this shape can have it.
    pub fn fits(self, shape: &Shape) -> bool {
        match self {
            Assumption::Positive => true,
            Assumption::RowsSumToOne => shape.rank() == 2,
            _ => shape.rank() == 2 && shape.0[0] == shape.0[1],
        }
    }

    /// Whether it says that A^T = A.
    pub fn is_symmetric(self) -> bool {
        matches!(self, Assumption::Symmetric | Assumption::Diagonal | Assumption::PositiveDefinite)
    }

    /// Whether a value that has it still has it when each entry moves a little.
    pub fn is_open(self) -> bool {
        self == Assumption::Positive
    }

    /// The first entry by which the value does not have it, with the numbers counted from 0.
    pub fn broken<S: Scalar>(self, value: &Tensor<S>) -> Option<Vec<usize>> {
        let entry = |index: &[usize]| value.at(index).to_f64();
        let near = |one: f64, two: f64| (one - two).abs() <= NEAR * one.abs().max(two.abs()).max(1.0);
        let mut places = crate::tensor::indices(value.extents());
        if value.rank() != 2 && self != Assumption::Positive {
            return None;
        }
        match self {
            Assumption::Positive => places.find(|place| !value.at(place).is_positive()),
            Assumption::Symmetric => places.find(|place| !near(entry(place), entry(&[place[1], place[0]]))),
            Assumption::Diagonal => places.find(|place| place[0] != place[1] && entry(place) != 0.0),
            Assumption::Orthogonal => {
                let square = value.transpose().matmul(value);
                places.find(|place| !near(square.at(place).to_f64(), f64::from(u8::from(place[0] == place[1]))))
            }
            Assumption::PositiveDefinite => Assumption::Symmetric.broken(value).or_else(|| {
                let doubles = value.map(|entry| entry.to_f64());
                pivots(&doubles).iter().position(|pivot| *pivot <= 0.0).map(|place| vec![place, place])
            }),
            Assumption::RowsSumToOne => (0..value.extents()[0])
                .find(|row| !near((0..value.extents()[1]).map(|column| entry(&[*row, column])).sum(), 1.0))
                .map(|row| vec![row, 0]),
        }
    }
}

/// The value made such that all of these hold; `None` where they can't all be made to.
pub fn imposed<S: Scalar>(assumed: &[Assumption], value: Tensor<S>) -> Option<Tensor<S>> {
    if assumed.is_empty() {
        return Some(value);
    }
    let made = ASSUMPTIONS
        .iter()
        .filter(|(own, _)| assumed.contains(own))
        .try_fold(value, |value, (own, _)| made(*own, assumed, &value))?;
    assumed.iter().all(|own| own.broken(&made).is_none()).then_some(made)
}

fn made<S: Scalar>(assumption: Assumption, all: &[Assumption], value: &Tensor<S>) -> Option<Tensor<S>> {
    let absolute = |entry: S| if entry.is_negative() { -entry } else { entry };
    let identity = |place: &[usize]| if place[0] == place[1] { S::one() } else { S::zero() };
    match assumption {
        Assumption::Positive => {
            let least = S::from_integer(1).checked_div(&S::from_integer(128)).ok()?;
            let is_diagonal = all.contains(&Assumption::Diagonal) && value.size() > 1;
            (!is_diagonal).then(|| value.map(absolute).map(|entry| entry + least.clone()))
        }
        Assumption::Symmetric => {
            Some(value.zip(&value.transpose(), |one, two| one.clone() + two.clone())).map(|twice| {
                // Half of it, which keeps whole numbers whole on no diagonal alone.
                twice.map(|entry| entry.checked_div(&S::from_integer(2)).unwrap_or(S::zero()))
            })
        }
        Assumption::PositiveDefinite if all.contains(&Assumption::Diagonal) => {
            Some(Tensor::from_fn(value.extents(), |place| absolute(value.at(place).clone()) + identity(place)))
        }
        Assumption::PositiveDefinite => {
            let square = value.transpose().matmul(value);
            Some(Tensor::from_fn(value.extents(), |place| square.at(place).clone() + identity(place)))
        }
        Assumption::Diagonal => Some(Tensor::from_fn(value.extents(), |place| match place[0] == place[1] {
            true => value.at(place).clone(),
            false => S::zero(),
        })),
        Assumption::Orthogonal if all.contains(&Assumption::Diagonal) => {
            Some(Tensor::from_fn(value.extents(), |place| match value.at(place).is_negative() {
                true => -identity(place),
                false => identity(place),
            }))
        }
        // A reflection, or a product of two: rational where the data are.
        Assumption::Orthogonal => {
            let first = reflection(value, 0)?;
            let is_single = value.extents()[0] < 2 || value.first().is_negative();
            match is_single || all.iter().any(|own| own.is_symmetric()) {
                true => Some(first),
                false => Some(first.matmul(&reflection(value, 1)?)),
            }
        }
        Assumption::RowsSumToOne => {
            let [rows, columns] = *value.extents() else { return None };
            let sum = |row: usize| (0..columns).fold(S::zero(), |sum, column| sum + value.at(&[row, column]).clone());
            let sums: Vec<S> = (0..rows).map(sum).collect();
            let is_positive = all.contains(&Assumption::Positive);
            let entries = crate::tensor::indices(value.extents()).map(|place| {
                let (entry, sum) = (value.at(&place).clone(), sums[place[0]].clone());
                match is_positive {
                    true => entry.checked_div(&sum).ok(),
                    false => Some(entry + (S::one() - sum).checked_div(&S::from_integer(columns as i64)).ok()?),
                }
            });
            Some(Tensor::from_entries(&[rows, columns], entries.collect::<Option<Vec<S>>>()?))
        }
    }
}

/// `1 − 2 v vᵀ / (vᵀ v)` of a row v.
fn reflection<S: Scalar>(value: &Tensor<S>, row: usize) -> Option<Tensor<S>> {
    let side = value.extents()[0];
    let v: Vec<S> = (0..side).map(|column| value.at(&[row, column]).clone()).collect();
    let square = v.iter().fold(S::zero(), |sum, entry| sum + entry.clone() * entry.clone());
    let entries = crate::tensor::indices(value.extents()).map(|place| {
        let one = if place[0] == place[1] { S::one() } else { S::zero() };
        let product = S::from_integer(2) * v[place[0]].clone() * v[place[1]].clone();
        Some(one - product.checked_div(&square).ok()?)
    });
    Some(Tensor::from_entries(value.extents(), entries.collect::<Option<Vec<S>>>()?))
}

/// The pivots of elimination without exchanges: all positive of a positive definite matrix, and of no other.
fn pivots(value: &Tensor<f64>) -> Vec<f64> {
    let mut rows = value.rows();
    for pivot in 0..rows.len() {
        let own = rows[pivot].clone();
        for row in rows.iter_mut().skip(pivot + 1) {
            let factor = row[pivot] / own[pivot];
            row.iter_mut().zip(&own).for_each(|(entry, above)| *entry -= factor * above);
        }
    }
    rows.iter()
        .enumerate()
        .map(|(place, row)| row[place])
        .map(|pivot| if pivot.is_nan() { -1.0 } else { pivot })
        .collect()
}
