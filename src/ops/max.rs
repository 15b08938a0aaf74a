//! `max(A)`: the largest of all entries, or along one axis.

use super::extreme::Extreme;
use super::*;
use std::cmp::Ordering;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Max {
    /// 0 takes the largest of each column, 1 of each row; `None` of everything.
    pub axis: Option<usize>,
}

pub static LARGEST: Law = Law {
    name: "largest",
    title: "Maximum",
    proof: Maths {
        latex: r"V\text{ is the largest entry and no other, so }\frac{\partial V}{\partial A_{ij}}=1\text{ for that one and }0\text{ for the others; of equal ones the convention here is the first, row by row}",
        text: "V is the largest entry and no other, so ∂V/∂Aᵢⱼ = 1 for that one and 0 for the others; of equal ones the convention here is the first, row by row",
    },
};

impl Max {
    fn extreme(&self) -> Extreme {
        Extreme { axis: self.axis, wins: Ordering::Greater }
    }
}

impl Operator for Max {
    const REFERENCE: Reference = Reference {
        name: "max",
        aliases: &[],
        signature: "max(A), max(A, axis = 0), max(A, axis = 1)",
        summary: "largest of all entries, or along an axis",
        definition: Maths { latex: r"\max(A)=\max_{ij}A_{ij}", text: "max(A) = maxᵢⱼ Aᵢⱼ" },
        conventions: &[
            "the axis stays with side 1: `max(A, axis = 0)` is a row, `max(A, axis = 1)` a column",
            "of equal largest entries the first, row by row, takes the gradient",
            "the larger of two values is `maximum(A, B)`",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Largest entry",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Max, OptionError> {
        Ok(Max { axis: options.axis()? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        reduce::axis_option(self.axis)
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("max", self.axis, &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        self.extreme().value(operands[0])
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let term = self.extreme().routed(ArgmaxMask { axis: self.axis }, &operands[0]);
        vec![Rule { term, law: &LARGEST }]
    }

    fn fusions(&self, _: &[Shape]) -> Vec<Fusion> {
        Vec::new()
    }

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("Of equal entries the first takes the gradient of the largest.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function("max"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::folded(if self.axis.is_none() { "np.max" } else { "np.amax" }, code::one(operands), self.axis)
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
            Mistake::forward(Mistake::OPPOSITE_EXTREME, Min { axis: self.axis }),
            Mistake::forward(Mistake::MEAN_FOR_MAX, Mean { axis: self.axis }),
        ]
        .into_iter()
        .chain(reduce::wrong_axis(self.axis, &operands[0], |axis| Max { axis }))
        .collect()
    }
}
