//! What `max`, `min` and their masks share: of the entries of a line the first largest, or smallest, wins.

use super::*;
use std::cmp::Ordering;

/// Along which axis, and what an entry must be to those before it to win over them.
#[derive(Clone, Copy, Debug)]
pub struct Extreme {
    pub axis: Option<usize>,
    pub wins: Ordering,
}

impl Extreme {
    fn winner<S: Scalar>(&self, line: &[&S]) -> usize {
        reduce::first_extreme(line, self.wins)
    }

    pub fn value<S: Scalar>(&self, operand: &Tensor<S>) -> Result<Tensor<S>, ValueError> {
        reduce::fold(operand, self.axis, |line| Ok(line[self.winner(line)].clone()))
    }

    /// 1 at the winner of each line, 0 elsewhere.
    pub fn mask<S: Scalar>(&self, operand: &Tensor<S>) -> Result<Tensor<S>, ValueError> {
        let winners = reduce::fold(operand, self.axis, |line| Ok(S::from_integer(self.winner(line) as i64)))?;
        let extents = operand.extents();
        Ok(Tensor::from_fn(extents, |index| {
            let place = self.axis.map_or_else(|| windows::ravel(extents, index), |axis| index[axis]);
            if *winners.repeated_at(index) == S::from_integer(place as i64) { S::one() } else { S::zero() }
        }))
    }

    pub fn account<S: Scalar>(&self, operand: &Tensor<S>, entry: &[usize]) -> Account<S> {
        let places = reduce::places(operand, self.axis, entry);
        let winner = self.winner(&places.iter().map(|place| operand.at(place)).collect::<Vec<_>>());
        let candidates = places.into_iter().map(|place| {
            let value = operand.at(&place).clone();
            (place, value)
        });
        Account::Choice { candidates: candidates.collect(), winner }
    }

    /// The gradient, given to the entries that the mask marks.
    pub fn routed(&self, mask: impl Into<Op>, operand: &Shape) -> Term {
        let result = reduce::shape("", self.axis, operand).unwrap_or_default();
        Term::Upstream.times(&result, Term::Operand(0).under(mask), operand)
    }

    /// The gradient, given to every entry.
    pub fn repeated(&self, operand: &Shape) -> Term {
        let result = reduce::shape("", self.axis, operand).unwrap_or_default();
        Term::Upstream.repeat_to(&result, operand)
    }
}
