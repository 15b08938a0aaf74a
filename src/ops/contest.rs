//! What `maximum` and `minimum` share: of two entries one wins.

use super::*;
use crate::syntax::ast::Relation;

/// How two entries compete.
#[derive(Clone, Copy, Debug)]
pub struct Contest {
    /// The first operand wins where it stands so to the second; ties are its own.
    pub first: Relation,
    /// The opposite: where the second wins.
    pub second: Relation,
}

impl Contest {
    fn winner<S: Scalar>(&self, first: &S, second: &S) -> usize {
        usize::from(!Compare { relation: self.first }.holds(first.order(second)))
    }

    pub fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Tensor<S> {
        operands[0].zip(operands[1], |a, b| [a, b][self.winner(a, b)].clone())
    }

    /// The gradient before the sum over repeated axes: it goes to who won.
    fn local(relation: Relation, result: &Shape) -> Term {
        Term::Upstream.times(result, Term::Operand(0).indicator(relation, Term::Operand(1)), result)
    }

    pub fn gradient(&self, operands: &[Shape], law: &'static Law) -> Vec<Rule> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        let rule = |(place, relation): (usize, Relation)| Rule {
            term: Contest::local(relation, &result).sum_to(&result, &operands[place]),
            law,
        };
        [self.first, self.second].into_iter().enumerate().map(rule).collect()
    }

    pub fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let candidate = |operand: &Tensor<S>| {
            let place = elementwise::place(operand, entry);
            let value = operand.at(&place).clone();
            (place, value)
        };
        let candidates: Vec<(Vec<usize>, S)> = operands.iter().map(|operand| candidate(operand)).collect();
        let winner = self.winner(&candidates[0].1, &candidates[1].1);
        Account::Choice { candidates, winner }
    }

    /// `opposite` is the operator that chooses the other one.
    pub fn mistakes(&self, operands: &[Shape], opposite: impl Into<Op>) -> Vec<Mistake> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        let relations = [self.first, self.second];
        let of_one = |place: usize| {
            let reversed = Contest::local(relations[1 - place], &result).sum_to(&result, &operands[place]);
            [
                Mistake::gradient(Mistake::MISSING_MASK, place, Term::Upstream.sum_to(&result, &operands[place])),
                Mistake::gradient(Mistake::MASK_REVERSED, place, reversed),
            ]
        };
        let unsummed = elementwise::unsummed(operands, |place| Contest::local(relations[place], &result));
        let forward = Mistake::forward(Mistake::OPPOSITE_EXTREME, opposite);
        of_one(0).into_iter().chain(of_one(1)).chain(unsummed).chain([forward]).collect()
    }
}
