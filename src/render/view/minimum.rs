//! Exact minima: the normal equations, in symbols and in numbers, and their solution.

use super::{Equation, Maths, Viewer};
use crate::answer::MinimumResult;
use crate::graph::NodeId;
use crate::math::{Math, Relation};
use crate::number::Number;
use crate::tensor::Tensor;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct MinimumView {
    pub loss: Maths,
    pub names: Vec<Maths>,
    pub gradients: Vec<Equation>,
    /// The normal equations in symbols, one for each parameter.
    pub symbols: Vec<Maths>,
    /// The normal equations with their numbers.
    pub equations: Maths,
    pub solution: Vec<Maths>,
    /// One unknown number.
    pub lone: bool,
    pub least: Maths,
}

impl Viewer<'_> {
    pub(super) fn minimum(&self, result: &MinimumResult) -> MinimumView {
        let quadratic = &result.quadratic;
        // Divided as the equations in symbols are, where one number divides them all.
        let divisor = self.common_divisor(result);
        let divided =
            |value: &Tensor<Number>| value.map(|entry| entry.checked_div(&divisor).unwrap_or_else(|_| entry.clone()));
        let hessian = divided(&quadratic.hessian);
        let right = divided(&quadratic.slope.map(|entry| -entry));
        let unknown = match result.params.as_slice() {
            [only] => self.math(*only),
            all => self.stacked(all),
        };
        let lone = hessian.size() == 1;
        let left = match lone {
            true => Math::Dotted(vec![self.number_math(hessian.first()), unknown]),
            false => Math::Product(vec![self.tensor_math(&hessian), unknown]),
        };
        let equals = self.equality(hessian.entries().chain(right.entries()));
        let symbols = result.equations.iter().flatten();
        MinimumView {
            loss: self.print(result.loss),
            names: result.params.iter().map(|id| self.print(*id)).collect(),
            gradients: self.written_gradients(&result.params, result.loss, &result.gradients),
            symbols: symbols
                .map(|equation| self.write(&self.math(equation.left).equals(self.math(equation.right))))
                .collect(),
            equations: self.write(&left.related(equals, self.tensor_math(&right))),
            solution: match (lone, result.params.as_slice(), result.minimum.as_slice()) {
                (true, [id], [value]) => vec![self.quotient(*id, value.first(), right.first(), hessian.first())],
                _ => self.minima(&result.params, &result.minimum),
            },
            lone,
            least: self.about(&result.least),
        }
    }

    fn common_divisor(&self, result: &MinimumResult) -> Number {
        let mut divisors = result.equations.iter().flatten().map(|equation| &equation.divisor);
        match divisors.next() {
            Some(first) if divisors.all(|other| other == first) => first.clone(),
            Some(_) | None => Number::integer(1),
        }
    }

    /// All unknowns, one below the other: `[w; b]`.
    fn stacked(&self, params: &[NodeId]) -> Math {
        let name = |id: &NodeId| match self.graph().shape(*id).is_row() {
            true => self.math(*id).transposed(),
            false => self.math(*id),
        };
        Math::Grid(params.iter().map(|id| vec![name(id)]).collect())
    }

    /// `0.5`, `≈ 0.3333`
    pub(super) fn about(&self, value: &Number) -> Maths {
        let number = self.number_math(value);
        self.write(&match self.equality([value]) {
            Relation::Equal => number,
            rounded => Math::Row(Vec::new()).related(rounded, number),
        })
    }

    /// `a* = 1217.65/124.25 = 9.8`
    fn quotient(&self, id: NodeId, value: &Number, over: &Number, under: &Number) -> Maths {
        let (is, so) = (self.equality([over, under]), self.equality([value]));
        let quotient = self.number_math(over).over(self.number_math(under));
        self.write(&self.least_math(id).related(is, quotient).related(so, self.number_math(value)))
    }
}
