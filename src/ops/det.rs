//! `det(A)`: the determinant of a square matrix.

use super::*;
use crate::budget::spend;
use crate::limits::{EXACT_INVERSE, exact_inverse};

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Det;

pub static DETERMINANT: Law = Law {
    name: "determinant",
    title: "Determinant (Jacobi)",
    proof: Maths {
        latex: r"V=\sum_jA_{ij}C_{ij}\text{ along row }i\text{, where the cofactors }C_{ij}\text{ hold no entry of that row, so }\frac{\partial V}{\partial A_{ij}}=C_{ij}=V\,(A^{-1})_{ji}",
        text: "V = Σⱼ Aᵢⱼ Cᵢⱼ along row i, where the cofactors Cᵢⱼ hold no entry of that row, so ∂V/∂Aᵢⱼ = Cᵢⱼ = V (A⁻¹)ⱼᵢ",
    },
};

/// Elimination with the largest pivot of each column; each exchange turns the sign.
fn determinant<S: Scalar>(matrix: &Tensor<S>) -> Result<S, NumberError> {
    let side = matrix.extents()[0];
    let is_long = side > EXACT_INVERSE;
    let mut rows = if is_long { matrix.map(|entry| entry.rounded()).rows() } else { matrix.rows() };
    let magnitude = |entry: &S| if entry.is_negative() { -entry.clone() } else { entry.clone() };
    let mut product = S::one();
    for column in 0..side {
        spend(S::WORK * (side * side) as u64);
        let best = (column..side).max_by(|a, b| magnitude(&rows[*a][column]).order(&magnitude(&rows[*b][column])));
        let Some(pivot) = best.filter(|row| !rows[*row][column].is_zero()) else { return Ok(S::zero()) };
        if pivot != column {
            rows.swap(column, pivot);
            product = -product;
        }
        let above = rows[column].clone();
        product *= above[column].clone();
        for row in rows.iter_mut().skip(column + 1) {
            let factor = row[column].checked_div(&above[column])?;
            for (entry, above) in row.iter_mut().zip(&above) {
                *entry = entry.clone() - factor.clone() * above.clone();
            }
        }
    }
    Ok(product)
}

impl Operator for Det {
    const REFERENCE: Reference = Reference {
        name: "det",
        aliases: &["determinant"],
        signature: "det(A)",
        summary: "determinant of a square matrix",
        definition: Maths {
            latex: r"\det A=\sum_{\sigma}\mathrm{sgn}(\sigma)\prod_iA_{i\sigma(i)}",
            text: "det(A) = Σ_σ sgn(σ) Πᵢ A_{iσ(i)}",
        },
        conventions: &[
            concat!("exact, rounded where the matrix has more than ", exact_inverse!(), " rows"),
            "its gradient is written with the inverse; of a singular matrix it is the limit of that",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Determinant",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        diag::square("det", &operands[0]).map(|_| Shape::scalar())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(Tensor::scalar(determinant(operands[0])?))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let turned = Term::Operand(0).under(Inverse).transposed();
        vec![Rule { term: Term::Upstream.scale(Term::Output).scale(turned), law: &DETERMINANT }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        Math::call(Math::word("det"), operands)
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::call("np.linalg.det", operands, Vec::new())
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        let inverse = Term::Operand(0).under(Inverse);
        vec![
            Mistake::gradient(Mistake::MISSING_TRANSPOSE, 0, Term::Upstream.scale(Term::Output).scale(inverse.clone())),
            Mistake::gradient(Mistake::FACTOR_LEFT_OUT, 0, Term::Upstream.scale(inverse.transposed())),
        ]
    }
}
