//! `maxpool_select(A, B)`: the entries of B at the places where A's windows have their largest entry.

use super::maxpool_gradient::WINNERS;
use super::pooling::Pooling;
use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MaxPoolSelect {
    pub pooling: Pooling,
}

impl Pooling {
    /// Of each window, the entry of `values` at the place of the largest entry of `operand`.
    pub fn max_select_values<S: Scalar>(
        &self,
        operand: &Tensor<S>,
        values: &Tensor<S>,
    ) -> Result<Tensor<S>, ValueError> {
        let grid = self.grid(operand.extents()).checked()?;
        let flat: Vec<&S> = values.entries().collect();
        let chosen = grid.winners(operand).into_iter().map(|winner| flat[winner].clone());
        Ok(Tensor::from_entries(&grid.extents, chosen.collect()))
    }
}

impl Operator for MaxPoolSelect {
    const REFERENCE: Reference = Reference {
        name: "maxpool_select",
        aliases: &[],
        signature: "maxpool_select(A, B, size = 2, stride = size, padding = 0 | same | valid)",
        summary: "entries of B at the places where the windows of A have their largest entry",
        definition: Maths {
            latex: r"V_w=B_{ij}\text{ where }A_{ij}\text{ is the largest entry of window }w",
            text: "V(w) = B(i,j) where A(i,j) is the largest entry of window w",
        },
        conventions: &[
            "`maxpool_select(A, A)` is `maxpool(A)`; it is the gradient of `maxpool_gradient` with respect to `dK`",
            "of equal largest entries the first in the window, row by row, wins",
        ],
        call: Some((2, 2)),
        letters: &["A", "B", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<MaxPoolSelect, OptionError> {
        Ok(MaxPoolSelect { pooling: Pooling::build(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.pooling.options()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[0] == operands[1] {
            true => self.pooling.shape("maxpool_select", &operands[0]),
            false => Err(ShapeError::new("`maxpool_select` needs two operands of the same shape")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        self.pooling.max_select_values(operands[0], operands[1])
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![
            Rule { term: Term::Zero, law: &WINNERS },
            Rule { term: self.pooling.max_gradient(Term::Operand(0), Term::Upstream), law: &WINNERS },
        ]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("select").subscript(Math::Function("max")), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&pooling::MAXPOOL_SELECT, operands, self.pooling.said())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let grid = self.pooling.grid(operands[0].extents());
        let winner = grid.winners(operands[0])[windows::ravel(&grid.extents, entry)];
        Account::Moved { operand: 1, from: windows::unravel(operands[1].extents(), winner) }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        Vec::new()
    }
}
