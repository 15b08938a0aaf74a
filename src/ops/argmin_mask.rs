//! `argmin_mask(A)`: 1 at the smallest entry, 0 elsewhere.

use super::extreme::ExtremumMask;
use super::*;

pub type ArgminMask = ExtremumMask<true>;

pub static SMALLEST_PLACE: Law = Law {
    name: "smallest-place",
    title: "Who is smallest",
    proof: Maths {
        latex: r"\text{between ties the smallest entry stays the same one, so the mask is constant and no gradient flows}",
        text: "between ties the smallest entry stays the same one, so the mask is constant and no gradient flows",
    },
};

pub const REFERENCE: Reference = Reference {
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
