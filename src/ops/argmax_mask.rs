//! `argmax_mask(A)`: 1 at the largest entry, 0 elsewhere.

use super::extreme::ExtremumMask;
use super::*;

pub type ArgmaxMask = ExtremumMask<false>;

pub static LARGEST_PLACE: Law = Law {
    name: "largest-place",
    title: "Who is largest",
    proof: Maths {
        latex: r"\text{between ties the largest entry stays the same one, so the mask is constant and no gradient flows}",
        text: "between ties the largest entry stays the same one, so the mask is constant and no gradient flows",
    },
};

pub const REFERENCE: Reference = Reference {
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
