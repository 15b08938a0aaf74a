//! `argmax_mask(A)`: 1 at the largest entry, 0 elsewhere.

use super::extreme::Extreme;
use super::*;
use std::cmp::Ordering;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArgmaxMask {
    /// 0 marks the largest of each column, 1 of each row; `None` of everything.
    pub axis: Option<usize>,
}

pub static LARGEST_PLACE: Law = Law {
    name: "largest-place",
    title: "Who is largest",
    proof: Maths {
        latex: r"\text{between ties the largest entry stays the same one, so the mask is constant and no gradient flows}",
        text: "between ties the largest entry stays the same one, so the mask is constant and no gradient flows",
    },
};

pub static ARGMAX_MASK: Helper = Helper {
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

impl Operator for ArgmaxMask {
    const REFERENCE: Reference = Reference {
        name: "argmax_mask",
        aliases: &[],
        signature: "argmax_mask(A), argmax_mask(A, axis = 0), argmax_mask(A, axis = 1)",
        summary: "1 at the largest entry (of each line along an axis), 0 elsewhere",
        definition: Maths {
            latex: r"V_{ij}=\begin{cases}1&A_{ij}=\max(A)\text{, the first}\cr 0&\text{otherwise}\end{cases}",
            text: "Vᵢⱼ = 1 if Aᵢⱼ is the first largest, else 0",
        },
        conventions: &["of equal largest entries the first, row by row, is marked", "its derivative is 0"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<ArgmaxMask, OptionError> {
        Ok(ArgmaxMask { axis: options.axis()? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        reduce::axis_option(self.axis)
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("argmax_mask", self.axis, &operands[0]).map(|_| operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Extreme { axis: self.axis, wins: Ordering::Greater }.mask(operands[0])
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Zero, law: &LARGEST_PLACE }]
    }

    fn fusions(&self, _: &[Shape]) -> Vec<Fusion> {
        Vec::new()
    }

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Glyph(Glyph::Ones).subscript(Math::word("argmax")), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&ARGMAX_MASK, operands, self.axis.map_or_else(Vec::new, code::axis))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, _: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        Account::Whole
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        reduce::wrong_axis(self.axis, &operands[0], |axis| ArgmaxMask { axis }).into_iter().collect()
    }
}
