//! `maxpool_gradient(A, dK)`: the gradient of a max-pooling, given to the entries that won.

use super::pooling::Pooling;
use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MaxPoolGradient {
    /// The options of the pooling that was differentiated.
    pub pooling: Pooling,
}

pub static WINNERS: Law = Law {
    name: "winners",
    title: "Who wins a window",
    proof: Maths {
        latex: r"\text{between ties the winners stay the same, so no gradient flows to what decides them; the gradient }(\delta_K)_w\text{ stands at the winner of }w\text{ and collects what is there}",
        text: "between ties the winners stay the same, so no gradient flows to what decides them; the gradient δK(w) stands at the winner of w and collects what is there",
    },
};

impl Operator for MaxPoolGradient {
    const REFERENCE: Reference = Reference {
        name: "maxpool_gradient",
        aliases: &[],
        signature: "maxpool_gradient(A, dK, size = 2, stride = size, padding = 0 | same | valid)",
        summary: "gradient of `maxpool(A)`: each entry of `dK` goes to the winner of its window",
        definition: Maths {
            latex: r"\frac{\partial L}{\partial A_{ij}}=\sum_{w\text{ won by }ij}(\delta_K)_w",
            text: "∂L/∂A(i,j) = Σ δK(w) over the windows w that A(i,j) won",
        },
        conventions: &[
            "the options are those of the pooling; `dK` has the shape of `maxpool(A)`",
            "of equal largest entries the first in the window, row by row, takes the gradient",
        ],
        call: Some((2, 2)),
        letters: &["A", "G", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<MaxPoolGradient, OptionError> {
        Ok(MaxPoolGradient { pooling: Pooling::build(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.pooling.options()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let result = self.pooling.shape("maxpool_gradient", &operands[0])?;
        like::expect("maxpool_gradient", "maxpool(A)", &result, &operands[1])?;
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let winners = self.pooling.grid(operands[0].extents()).winners(operands[0]);
        let mut sums = vec![S::zero(); operands[0].size()];
        for (winner, gradient) in winners.into_iter().zip(operands[1].entries()) {
            sums[winner] += gradient.clone();
        }
        Ok(Tensor::from_entries(operands[0].extents(), sums))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![
            Rule { term: Term::Zero, law: &WINNERS },
            Rule { term: self.pooling.max_select(Term::Operand(0), Term::Upstream), law: &WINNERS },
        ]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("maxpool").transposed(), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&pooling::MAXPOOL_GRADIENT, operands, self.pooling.said())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    /// The gradients of the windows that the entry won.
    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let place = windows::ravel(operands[0].extents(), entry);
        let winners = self.pooling.grid(operands[0].extents()).winners(operands[0]);
        let won = winners.into_iter().zip(operands[1].entries()).filter(|(winner, _)| *winner == place);
        Account::Terms(won.map(|(_, gradient)| gradient.clone()).collect())
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        let spread = AvgPoolGradient { pooling: self.pooling, count_padding: true };
        vec![Mistake::forward(Mistake::SPREAD_OVER_WINDOW, spread)]
    }
}
