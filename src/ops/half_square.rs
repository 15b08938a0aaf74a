//! `l2(w)`: half the sum of squares, the penalty of weight decay.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HalfSquare;

pub static HALF_SQUARE: Law = Law {
    name: "half-square",
    title: "Half the sum of squares",
    proof: Maths {
        latex: r"\frac{\partial}{\partial w_{ij}}\tfrac12\sum_{kl}w_{kl}^2=w_{ij}",
        text: "∂/∂wᵢⱼ ½ Σₖₗ wₖₗ² = wᵢⱼ",
    },
};

impl Operator for HalfSquare {
    const REFERENCE: Reference = Reference {
        name: "l2",
        aliases: &[],
        signature: "l2(w)",
        summary: "half the sum of squares: the penalty of weight decay",
        definition: Maths {
            latex: r"\tfrac12\lVert w\rVert^2=\tfrac12\sum_{ij}w_{ij}^2",
            text: "½‖w‖² = ½ Σᵢⱼ wᵢⱼ²",
        },
        conventions: &["with the half; without it write `sum(w^2)` or `norm(w)^2`"],
        call: Some((1, 1)),
        letters: &["w", "L"],
        title: "Half a squared norm",
        acts: Acts::Formula,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, _: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(Shape::scalar())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let squares = operands[0].map(|entry| entry.clone() * entry);
        Ok(Tensor::scalar(S::from_number(&Number::ratio(1, 2)) * squares.total()))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Upstream.scale(Term::Operand(0)), law: &HALF_SQUARE }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        Math::Glyph(Glyph::Half).times(form::one(operands).fenced(Fence::Norm).to(Math::number(2)))
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::folded("np.sum", code::one(operands).power(Code::integer(2)), None).over(Code::integer(2))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        let pairs = operands[0].entries().map(|entry| (entry.clone(), S::zero())).collect();
        Account::Squares { factor: Number::ratio(1, 2), pairs }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        let times = |factor: Number| Term::Number(factor).scale(Term::Upstream.scale(Term::Operand(0)));
        vec![
            Mistake::gradient(Mistake::FACTOR_TWO, 0, times(Number::integer(2))),
            Mistake::gradient(Mistake::FACTOR_HALF, 0, times(Number::ratio(1, 2))),
            Mistake::forward(Mistake::NORM_FOR_SQUARE, Norm { axis: None }),
        ]
    }
}
