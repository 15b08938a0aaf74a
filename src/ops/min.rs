//! `min(A)`: the smallest of all entries, or along one axis.

use super::extreme::Extreme;
use super::*;
use std::cmp::Ordering;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Min {
    /// 0 takes the smallest of each column, 1 of each row; `None` of everything.
    pub axis: Option<usize>,
}

pub static SMALLEST: Law = Law {
    name: "smallest",
    title: "Minimum",
    proof: Maths {
        latex: r"V\text{ is the smallest entry and no other, so }\frac{\partial V}{\partial A_{ij}}=1\text{ for that one and }0\text{ for the others; of equal ones the convention here is the first, row by row}",
        text: "V is the smallest entry and no other, so ∂V/∂Aᵢⱼ = 1 for that one and 0 for the others; of equal ones the convention here is the first, row by row",
    },
};

impl Min {
    fn extreme(&self) -> Extreme {
        Extreme { axis: self.axis, wins: Ordering::Less }
    }
}

impl Operator for Min {
    const REFERENCE: Reference = Reference {
        name: "min",
        aliases: &[],
        signature: "min(A), min(A, axis = 0), min(A, axis = 1)",
        summary: "smallest of all entries, or along an axis",
        definition: Maths { latex: r"\min(A)=\min_{ij}A_{ij}", text: "min(A) = minᵢⱼ Aᵢⱼ" },
        conventions: &[
            "the axis stays with side 1: `min(A, axis = 0)` is a row, `min(A, axis = 1)` a column",
            "of equal smallest entries the first, row by row, takes the gradient",
            "the smaller of two values is `minimum(A, B)`",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Smallest entry",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Min, OptionError> {
        Ok(Min { axis: options.axis()? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        reduce::axis_option(self.axis)
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("min", self.axis, &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        self.extreme().value(operands[0])
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let term = self.extreme().routed(ArgminMask { axis: self.axis }, &operands[0]);
        vec![Rule { term, law: &SMALLEST }]
    }

    fn fusions(&self, _: &[Shape]) -> Vec<Fusion> {
        Vec::new()
    }

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("Of equal entries the first takes the gradient of the smallest.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function("min"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::folded(if self.axis.is_none() { "np.min" } else { "np.amin" }, code::one(operands), self.axis)
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        self.extreme().account(operands[0], entry)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        [
            Mistake::gradient(Mistake::MISSING_MASK, 0, self.extreme().repeated(&operands[0])),
            Mistake::forward(Mistake::OPPOSITE_EXTREME, Max { axis: self.axis }),
            Mistake::forward(Mistake::MEAN_FOR_MIN, Mean { axis: self.axis }),
        ]
        .into_iter()
        .chain(reduce::wrong_axis(self.axis, &operands[0], |axis| Min { axis }))
        .collect()
    }
}
