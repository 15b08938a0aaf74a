//! Least squares by families of curves that are linear in their coefficients: how well each describes the rows that it
//! learns from, and the rows that are held out.

use crate::limits::EXACT_FIT;
use crate::model::{Curve, Family};
use crate::number::{Number, NumberError};
use crate::scalar::{Function, Scalar};
use crate::tensor::Tensor;

/// One family's best curve.
#[derive(Clone, Debug)]
pub struct Fitted {
    pub family: Family,
    /// The matrix `ΦᵀΦ` and the column `Φᵀy` of the normal equations, over the training rows.
    pub gram: Tensor<Number>,
    pub right: Tensor<Number>,
    /// None where the training rows do not determine it.
    pub curve: Option<Best>,
}

/// The coefficients of least squares and the means of the squared residuals.
#[derive(Clone, Debug)]
pub struct Best {
    pub coefficients: Vec<Number>,
    pub training: Number,
    pub held_out: Option<Number>,
    /// The curve at the training rows, and again by another road in doubles.
    pub predicted: Tensor<f64>,
    pub again: Tensor<f64>,
}

/// Fits a family to the rows of `x` and `y`, except for those that are held out.
///
/// # Errors
/// The family's functions are not defined at some row.
pub fn fit(family: &Family, x: &[Number], y: &[Number], held_out: &[usize]) -> Result<Fitted, NumberError> {
    let width = family.coefficients();
    // What exact sums of long powers would take grows faster than what they tell.
    let is_small = x.len() * width * width <= EXACT_FIT;
    let kept = |number: &Number| if is_small { number.clone() } else { number.rounded() };
    let rows = x.iter().map(|x| basis(family, &kept(x))).collect::<Result<Vec<_>, _>>()?;
    let y: Vec<Number> = y.iter().map(kept).collect();
    let y = y.as_slice();
    let is_training = |row: &usize| !held_out.contains(row);
    let training: Vec<usize> = (0..x.len()).filter(is_training).collect();
    let entries = training.iter().flat_map(|row| rows[*row].iter().cloned());
    let phi = Tensor::from_entries(&[training.len(), width], entries.collect());
    let target = Tensor::from_entries(&[training.len(), 1], training.iter().map(|row| y[*row].clone()).collect());
    let turned = phi.transpose();
    let (gram, right) = (turned.matmul(&phi), turned.matmul(&target));
    let is_enough = width <= distinct(&training.iter().map(|row| &x[*row]).collect::<Vec<_>>());
    let curve = match is_enough.then(|| coefficients(&phi, &target, &gram, &right)).flatten() {
        Some((coefficients, other)) => {
            let column = |entries: &[Number]| Tensor::from_entries(&[width, 1], entries.to_vec());
            let double = phi.map(|entry| entry.to_f64());
            Some(Best {
                training: mean_square(&rows, y, &training, &coefficients),
                held_out: (!held_out.is_empty()).then(|| mean_square(&rows, y, held_out, &coefficients)),
                predicted: phi.matmul(&column(&coefficients)).map(|entry| entry.to_f64()),
                again: double.matmul(&other),
                coefficients,
            })
        }
        None => None,
    };
    Ok(Fitted { family: family.clone(), gram, right, curve })
}

/// The functions whose multiples are added, at one place.
pub fn basis(family: &Family, x: &Number) -> Result<Vec<Number>, NumberError> {
    let power = |degree: usize| x.pow(&Number::integer(i64::try_from(degree).unwrap_or(i64::MAX)));
    match family {
        Family::Proportional => Ok(vec![x.clone()]),
        Family::Polynomial(degree) if x.is_exact() => (0..=*degree).map(power).collect(),
        // What is rounded already is no better for a road of its own to each power.
        Family::Polynomial(degree) => {
            let powers = std::iter::successors(Some(Number::approx(1.0)), |power| Some(power * x));
            Ok(powers.take(*degree + 1).collect())
        }
        Family::Curve(curve) => Ok(vec![Number::integer(1), Scalar::transcendental(x, function(*curve))?]),
    }
}

fn function(curve: Curve) -> Function {
    match curve {
        Curve::Cosine => Function::Cos,
        Curve::Sine => Function::Sin,
        Curve::Exponential => Function::Exp,
        Curve::Logarithm => Function::Ln,
    }
}

/// The solution of the normal equations where they are exact; that of a singular value decomposition, which does not
/// square the condition, otherwise. The second one is always that of the decomposition.
fn coefficients(
    phi: &Tensor<Number>,
    target: &Tensor<Number>,
    gram: &Tensor<Number>,
    right: &Tensor<Number>,
) -> Option<(Vec<Number>, Tensor<f64>)> {
    let double = |value: &Tensor<Number>| value.map(|entry| entry.to_f64());
    let again = double(phi).least_squares(&double(target))?;
    let exact = gram.positive_solution(&right.entries().cloned().collect::<Vec<_>>());
    let exact = exact.filter(|entries| entries.iter().all(Number::is_exact));
    let rough = || again.entries().map(|entry| Number::approx(*entry)).collect();
    Some((exact.unwrap_or_else(rough), again))
}

fn mean_square(rows: &[Vec<Number>], y: &[Number], of: &[usize], coefficients: &[Number]) -> Number {
    let residual = |row: &usize| {
        let predicted = rows[*row].iter().zip(coefficients).fold(Number::integer(0), |sum, (a, b)| &sum + &(a * b));
        &y[*row] - &predicted
    };
    let total = of.iter().map(residual).fold(Number::integer(0), |sum, residual| &sum + &(&residual * &residual));
    let count = Number::integer(i64::try_from(of.len().max(1)).unwrap_or(i64::MAX));
    total.checked_div(&count).unwrap_or(total)
}

/// How many different numbers there are.
fn distinct(numbers: &[&Number]) -> usize {
    let mut seen: Vec<f64> = numbers.iter().map(|number| number.to_f64()).collect();
    seen.sort_by(f64::total_cmp);
    seen.dedup();
    seen.len()
}
