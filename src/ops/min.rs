//! `min(A)`: the smallest of all entries, or along one axis.

use super::extreme::Extremum;
use super::*;

pub type Min = Extremum<true>;

pub static SMALLEST: Law = Law {
    name: "smallest",
    title: "Minimum",
    proof: Maths {
        latex: r"V\text{ is the smallest entry and no other, so }\frac{\partial V}{\partial A_{ij}}=1\text{ for that one and }0\text{ for the others; of equal ones the convention here is the first, row by row}",
        text: "V is the smallest entry and no other, so ∂V/∂Aᵢⱼ = 1 for that one and 0 for the others; of equal ones the convention here is the first, row by row",
    },
};

pub const REFERENCE: Reference = Reference {
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
