//! `max(A)`: the largest of all entries, or along one axis.

use super::extreme::Extremum;
use super::*;

pub type Max = Extremum<false>;

pub static LARGEST: Law = Law {
    name: "largest",
    title: "Maximum",
    proof: Maths {
        latex: r"V\text{ is the largest entry and no other, so }\frac{\partial V}{\partial A_{ij}}=1\text{ for that one and }0\text{ for the others; of equal ones the convention here is the first, row by row}",
        text: "V is the largest entry and no other, so ∂V/∂Aᵢⱼ = 1 for that one and 0 for the others; of equal ones the convention here is the first, row by row",
    },
};

pub const REFERENCE: Reference = Reference {
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
