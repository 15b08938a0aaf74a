//! `inv(A)`: the inverse of a square matrix.

use super::*;
use crate::limits::{EXACT_INVERSE, exact_inverse};
use crate::budget::spend;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Inverse;

pub static INVERSE: Law = Law {
    name: "inverse",
    title: "Inverse",
    proof: Maths {
        latex: r"AV=I\text{, so }\mathrm dA\,V+A\,\mathrm dV=0\text{ and }\mathrm dV=-V\,\mathrm dA\,V\text{; }\mathrm dL=\sum_{kl}(\delta_V)_{kl}\,\mathrm dV_{kl}=-\sum_{klij}V_{ki}(\delta_V)_{kl}V_{jl}\,\mathrm dA_{ij}\text{, so }\frac{\partial L}{\partial A_{ij}}=-\bigl(V^{\mathsf T}\delta_VV^{\mathsf T}\bigr)_{ij}",
        text: "A V = I, so dA V + A dV = 0 and dV = −V dA V; dL = Σ (δV)ₖₗ dVₖₗ = −Σ Vₖᵢ (δV)ₖₗ Vⱼₗ dAᵢⱼ, so ∂L/∂Aᵢⱼ = −(Vᵀ δV Vᵀ)ᵢⱼ",
    },
};

/// Larger matrices are inverted without a word of how.
const WORKED_INVERSE: usize = 4;

/// In rounded arithmetic a pivot of this size, relative to its row, is the rest of a cancellation.
const NEGLIGIBLE: f64 = 1e-14;

fn magnitude<S: Scalar>(entry: &S) -> S {
    if entry.is_negative() { -entry.clone() } else { entry.clone() }
}

/// The largest magnitude of a row.
fn size<S: Scalar>(row: &[S]) -> S {
    row.iter().map(magnitude).fold(S::zero(), |top, entry| if entry.order(&top).is_gt() { entry } else { top })
}

/// What is done with one column of the matrix beside the identity; rows are counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Cleared<S> {
    /// The row that comes to the place of the column, and by what it is divided.
    pub pivot: usize,
    pub divisor: S,
    /// How many times it is taken from each other row.
    pub factors: Vec<(usize, S)>,
    /// All rows after that.
    pub rows: Vec<Vec<S>>,
}

/// The elimination, column by column.
pub fn elimination<S: Scalar>(matrix: &Tensor<S>) -> Option<Vec<Cleared<S>>> {
    let mut columns = Vec::new();
    inverse(matrix, &mut |cleared| columns.push(cleared)).ok()?;
    Some(columns)
}

/// Elimination with the largest pivot of each column, relative to its row, on the matrix beside the identity.
fn inverse<S: Scalar>(matrix: &Tensor<S>, seen: &mut dyn FnMut(Cleared<S>)) -> Result<Tensor<S>, NumberError> {
    let side = matrix.extents()[0];
    let rounded = (side > EXACT_INVERSE).then(|| matrix.map(|entry| entry.rounded()));
    let matrix = rounded.as_ref().unwrap_or(matrix);
    let unit = |row: usize| (0..side).map(move |column| if row == column { S::one() } else { S::zero() });
    let mut scales: Vec<S> = matrix.rows().iter().map(|row| size(row)).collect();
    let mut rows: Vec<Vec<S>> =
        matrix.rows().into_iter().enumerate().map(|(row, entries)| entries.into_iter().chain(unit(row)).collect()).collect();
    for column in 0..side {
        spend(S::WORK * (2 * side * side) as u64);
        let mut best: Option<(usize, S)> = None;
        for row in column..side {
            if scales[row].is_zero() {
                return Err(NumberError::Singular);
            }
            let relative = magnitude(&rows[row][column]).checked_div(&scales[row])?;
            if best.as_ref().is_none_or(|(_, top)| relative.order(top).is_gt()) {
                best = Some((row, relative));
            }
        }
        let Some((pivot, relative)) = best else { return Err(NumberError::Singular) };
        if relative.is_zero() || (!relative.is_exact() && relative.to_f64() < NEGLIGIBLE) {
            return Err(NumberError::Singular);
        }
        rows.swap(column, pivot);
        scales.swap(column, pivot);
        let divisor = rows[column][column].clone();
        let pivot_row = rows[column].iter().map(|entry| entry.checked_div(&divisor)).collect::<Result<Vec<S>, _>>()?;
        rows[column].clone_from(&pivot_row);
        let mut factors = Vec::new();
        for (row, entries) in rows.iter_mut().enumerate().filter(|(row, _)| *row != column) {
            let factor = entries[column].clone();
            for (entry, above) in entries.iter_mut().zip(&pivot_row).filter(|(_, above)| !above.is_zero()) {
                *entry = entry.clone() - factor.clone() * above.clone();
            }
            factors.push((row, factor));
        }
        if side <= WORKED_INVERSE {
            seen(Cleared { pivot, divisor, factors, rows: rows.clone() });
        }
    }
    let entries = rows.into_iter().flat_map(|row| row.into_iter().skip(side)).collect();
    Ok(Tensor::from_entries(matrix.extents(), entries))
}

/// Whether it is one: of a singular matrix rounding makes something else.
fn is_inverse<S: Scalar>(matrix: &Tensor<S>, inverse: &Tensor<S>) -> bool {
    const NEAR: f64 = 1e-7;
    let product = matrix.matmul(inverse);
    crate::tensor::indices(product.extents()).all(|index| {
        let wanted = if index.first() == index.last() { 1.0 } else { 0.0 };
        (product.at(&index).to_f64() - wanted).abs() < NEAR
    })
}

impl Operator for Inverse {
    const REFERENCE: Reference = Reference {
        name: "inv",
        aliases: &["inverse"],
        signature: "inv(A)",
        summary: "inverse of a square matrix",
        definition: Maths { latex: r"A^{-1}A=AA^{-1}=I", text: "A⁻¹A = A A⁻¹ = I" },
        conventions: &[concat!(
            "exact, rounded where the matrix has more than ",
            exact_inverse!(),
            " rows; a singular matrix has no value"
        )],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Inverse",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let square = diag::square("inv", &operands[0]).map(|_| operands[0].clone());
        square.map_err(|error| match operands[0].is_scalar() {
            true => error.hint("the inverse of a number is written `1/a`"),
            false => error,
        })
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let inverse = inverse(operands[0], &mut |_| {})?;
        match inverse.entries().all(S::is_exact) || is_inverse(operands[0], &inverse) {
            true => Ok(inverse),
            false => Err(NumberError::Singular.into()),
        }
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let turned = Term::Output.transposed();
        let term = turned.clone().matmul(Term::Upstream).matmul(turned).negated();
        vec![Rule { term, law: &INVERSE }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::one(operands).to(Math::number(-1))
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::call("np.linalg.inv", operands, Vec::new())
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        let around = |side: Term| side.clone().matmul(Term::Upstream).matmul(side);
        vec![
            Mistake::gradient(Mistake::SIGN, 0, around(Term::Output.transposed())),
            Mistake::gradient(Mistake::MISSING_TRANSPOSE, 0, around(Term::Output).negated()),
            Mistake::forward(Mistake::TRANSPOSE_FOR_INVERSE, Transpose),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;

    fn hilbert<S: Scalar>(side: usize) -> Tensor<S> {
        Tensor::from_fn(&[side, side], |index| S::from_number(&Number::ratio(1, (index[0] + index[1] + 1) as i64)))
    }

    /// The closed form of the Hilbert matrix's inverse has integers only; its first entry is n².
    #[test]
    fn the_hilbert_matrix_is_inverted_exactly() {
        let known = [
            [16, -120, 240, -140],
            [-120, 1200, -2700, 1680],
            [240, -2700, 6480, -4200],
            [-140, 1680, -4200, 2800],
        ];
        let found = Inverse.evaluate(&[&hilbert::<Number>(4)]).unwrap();
        let known = Tensor::from_entries(&[4, 4], known.into_iter().flatten().map(Number::integer).collect());
        assert_eq!(found, known);
        assert_eq!(*Inverse.evaluate(&[&hilbert::<Number>(12)]).unwrap().first(), Number::integer(144));
        assert!(Inverse.evaluate(&[&hilbert::<f64>(6)]).is_ok());
    }

    #[test]
    fn a_singular_matrix_has_no_inverse() {
        let entries = (1..=9).map(|entry| Number::ratio(entry, 10)).collect();
        let exact = Tensor::from_entries(&[3, 3], entries);
        let singular = || ValueError::from(NumberError::Singular);
        assert_eq!(Inverse.evaluate(&[&exact]), Err(singular()));
        assert_eq!(Inverse.evaluate(&[&exact.convert::<f64>()]).map(|_| ()), Err(singular()));
        // Small is not singular.
        let small = Tensor::from_entries(&[2, 2], vec![0.0, 1e-20, 2.0, 0.0]);
        assert_eq!(Inverse.evaluate(&[&small]).unwrap().rows(), vec![vec![0.0, 0.5], vec![1e20, 0.0]]);
    }
}
