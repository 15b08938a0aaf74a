//! `argmin_mask(A)`: 1 at the smallest entry, 0 elsewhere.

use super::extreme::Extreme;
use super::*;
use std::cmp::Ordering;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArgminMask {
    /// 0 marks the smallest of each column, 1 of each row; `None` of everything.
    pub axis: Option<usize>,
}

pub static SMALLEST_PLACE: Law = Law {
    name: "smallest-place",
    title: "Who is smallest",
    proof: Maths {
        latex: r"\text{between ties the smallest entry stays the same one, so the mask is constant and no gradient flows}",
        text: "between ties the smallest entry stays the same one, so the mask is constant and no gradient flows",
    },
};

impl Operator for ArgminMask {
    const REFERENCE: Reference = Reference {
        name: "argmin_mask",
        aliases: &[],
        signature: "argmin_mask(A), argmin_mask(A, axis = 0), argmin_mask(A, axis = 1)",
        summary: "1 at the smallest entry (of each line along an axis), 0 elsewhere",
        definition: Maths {
            latex: r"V_{ij}=\begin{cases}1&A_{ij}=\min(A)\text{, the first}\cr 0&\text{otherwise}\end{cases}",
            text: "Vᵢⱼ = 1 if Aᵢⱼ is the first smallest, else 0",
        },
        conventions: &["of equal smallest entries the first, row by row, is marked", "its derivative is 0"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<ArgminMask, OptionError> {
        Ok(ArgminMask { axis: options.axis()? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        reduce::axis_option(self.axis)
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("argmin_mask", self.axis, &operands[0]).map(|_| operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Extreme { axis: self.axis, wins: Ordering::Less }.mask(operands[0])
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Zero, law: &SMALLEST_PLACE }]
    }

    fn fusions(&self, _: &[Shape]) -> Vec<Fusion> {
        Vec::new()
    }

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Glyph(Glyph::Ones).subscript(Math::word("argmin")), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let turned = vec![code::one(operands).negative()];
        Code::helped(&argmax_mask::ARGMAX_MASK, turned, self.axis.map_or_else(Vec::new, code::axis))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, _: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        Account::Whole
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        reduce::wrong_axis(self.axis, &operands[0], |axis| ArgminMask { axis }).into_iter().collect()
    }
}
