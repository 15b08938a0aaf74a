//! `max`, `min` and their masks: of the entries of a line the first largest, or smallest, wins. Their words stand in
//! files of their own.

use super::*;
use std::cmp::Ordering;

static ARGMAX_MASK: Helper = Helper {
    name: "argmax_mask",
    needs: &[],
    source: r#"
def argmax_mask(A, axis=None):
    """1 at the largest entry (of each line along the axis), the first of equal ones; 0 elsewhere."""
    mask = np.zeros(A.shape)
    if axis is None:
        mask[np.unravel_index(np.argmax(A), A.shape)] = 1.0
    else:
        np.put_along_axis(mask, np.expand_dims(np.argmax(A, axis=axis), axis), 1.0, axis)
    return mask
"#,
};

/// `max(A)`, or with `LEAST` `min(A)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Extremum<const LEAST: bool> {
    /// 0 takes that of each column, 1 of each row; `None` of everything.
    pub axis: Option<usize>,
}

/// `argmax_mask(A)`, or with `LEAST` `argmin_mask(A)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExtremumMask<const LEAST: bool> {
    /// 0 marks that of each column, 1 of each row; `None` of everything.
    pub axis: Option<usize>,
}

/// The operator of a name along an axis.
fn named(least: bool, axis: Option<usize>) -> Op {
    if least { Min { axis }.into() } else { Max { axis }.into() }
}

fn mask_named(least: bool, axis: Option<usize>) -> Op {
    if least { ArgminMask { axis }.into() } else { ArgmaxMask { axis }.into() }
}

impl<const LEAST: bool> Extremum<LEAST> {
    fn extreme(&self) -> Extreme {
        Extreme::new(LEAST, self.axis)
    }
}

impl<const LEAST: bool> Operator for Extremum<LEAST> {
    const REFERENCE: Reference = if LEAST { min::REFERENCE } else { max::REFERENCE };

    reduce::along_an_axis!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape(Self::REFERENCE.name, self.axis, &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        self.extreme().value(operands[0])
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let term = self.extreme().routed(mask_named(LEAST, self.axis), &operands[0]);
        vec![Rule { term, law: if LEAST { &min::SMALLEST } else { &max::LARGEST } }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some(match LEAST {
            true => "Of equal entries the first takes the gradient of the smallest.".into(),
            false => "Of equal entries the first takes the gradient of the largest.".into(),
        })
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function(Self::REFERENCE.name), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let function = match (LEAST, self.axis) {
            (false, None) => "np.max",
            (false, Some(_)) => "np.amax",
            (true, None) => "np.min",
            (true, Some(_)) => "np.amin",
        };
        Code::folded(function, code::one(operands), self.axis)
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        self.extreme().account(operands[0], entry)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let mean = if LEAST { Mistake::MEAN_FOR_MIN } else { Mistake::MEAN_FOR_MAX };
        [
            Mistake::gradient(Mistake::MISSING_MASK, 0, self.extreme().repeated(&operands[0])),
            Mistake::forward(Mistake::OPPOSITE_EXTREME, named(!LEAST, self.axis)),
            Mistake::forward(mean, Mean { axis: self.axis }),
        ]
        .into_iter()
        .chain(reduce::wrong_axis(self.axis, &operands[0], |axis| named(LEAST, axis)))
        .collect()
    }
}

impl<const LEAST: bool> Operator for ExtremumMask<LEAST> {
    const REFERENCE: Reference = if LEAST { argmin_mask::REFERENCE } else { argmax_mask::REFERENCE };

    reduce::along_an_axis!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape(Self::REFERENCE.name, self.axis, &operands[0]).map(|_| operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Extreme::new(LEAST, self.axis).mask(operands[0])
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let law = if LEAST { &argmin_mask::SMALLEST_PLACE } else { &argmax_mask::LARGEST_PLACE };
        vec![Rule { term: Term::Zero, law }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let place = Math::word(if LEAST { "argmin" } else { "argmax" });
        form::call(Math::Glyph(Glyph::Ones).subscript(place), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let operand = code::one(operands);
        let turned = if LEAST { operand.negative() } else { operand };
        Code::helped(&ARGMAX_MASK, vec![turned], self.axis.map_or_else(Vec::new, code::axis))
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        reduce::wrong_axis(self.axis, &operands[0], |axis| mask_named(LEAST, axis)).into_iter().collect()
    }
}

/// Along which axis, and what an entry must be to those before it to win over them.
#[derive(Clone, Copy, Debug)]
struct Extreme {
    axis: Option<usize>,
    wins: Ordering,
}

impl Extreme {
    fn new(least: bool, axis: Option<usize>) -> Extreme {
        Extreme { axis, wins: if least { Ordering::Less } else { Ordering::Greater } }
    }

    fn winner<S: Scalar>(&self, line: &[&S]) -> usize {
        reduce::first_extreme(line, self.wins)
    }

    fn value<S: Scalar>(&self, operand: &Tensor<S>) -> Result<Tensor<S>, ValueError> {
        reduce::fold(operand, self.axis, |line| Ok(line[self.winner(line)].clone()))
    }

    /// 1 at the winner of each line, 0 elsewhere.
    fn mask<S: Scalar>(&self, operand: &Tensor<S>) -> Result<Tensor<S>, ValueError> {
        let winners = reduce::fold(operand, self.axis, |line| Ok(S::from_integer(self.winner(line) as i64)))?;
        let extents = operand.extents();
        Ok(Tensor::from_fn(extents, |index| {
            let place = self.axis.map_or_else(|| windows::ravel(extents, index), |axis| index[axis]);
            if *winners.repeated_at(index) == S::from_integer(place as i64) { S::one() } else { S::zero() }
        }))
    }

    fn account<S: Scalar>(&self, operand: &Tensor<S>, entry: &[usize]) -> Account<S> {
        let places = reduce::places(operand, self.axis, entry);
        let winner = self.winner(&places.iter().map(|place| operand.at(place)).collect::<Vec<_>>());
        let candidates = places.into_iter().map(|place| {
            let value = operand.at(&place).clone();
            (place, value)
        });
        Account::Choice { candidates: candidates.collect(), winner }
    }

    /// The gradient, given to the entries that the mask marks.
    fn routed(&self, mask: impl Into<Op>, operand: &Shape) -> Term {
        let result = reduce::shape("", self.axis, operand).unwrap_or_default();
        Term::Upstream.times(&result, Term::Operand(0).under(mask), operand)
    }

    /// The gradient, given to every entry.
    fn repeated(&self, operand: &Shape) -> Term {
        let result = reduce::shape("", self.axis, operand).unwrap_or_default();
        Term::Upstream.repeat_to(&result, operand)
    }
}
