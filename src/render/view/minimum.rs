//! Exact minima: the normal equations, in symbols and in numbers, and their solution.

use super::{Equation, Maths, Viewer};
use crate::answer::MinimumResult;
use crate::graph::NodeId;
use crate::number::Number;
use crate::render::figure;
use crate::render::notation::Style;
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
        let names: Vec<Maths> = result.params.iter().map(|id| self.print(*id)).collect();
        let unknown = match names.as_slice() {
            [only] => only.clone(),
            _ => self.stacked(&result.params, &names),
        };
        let lone = hessian.size() == 1;
        let equals = self.equals(hessian.entries().chain(right.entries()));
        let symbols = result.equations.iter().flatten();
        MinimumView {
            loss: self.print(result.loss),
            names,
            gradients: self.written_gradients(&result.params, result.loss, &result.gradients),
            symbols: symbols
                .map(|equation| format!("{} = {}", self.print(equation.left), self.print(equation.right)))
                .collect(),
            equations: match lone {
                true => {
                    let (slope, right) = (self.number(hessian.first()), self.number(right.first()));
                    format!("{slope}{}{unknown}{equals}{right}", self.dot())
                }
                false => format!("{}{unknown}{equals}{}", self.tensor(&hessian), self.tensor(&right)),
            },
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
    fn stacked(&self, params: &[NodeId], names: &[Maths]) -> Maths {
        let name = |(id, name): (&NodeId, &Maths)| match self.graph().shape(*id).is_row() {
            true if self.style == Style::Latex => format!("{name}^{{\\mathsf T}}"),
            true => format!("{name}ᵀ"),
            false => name.clone(),
        };
        let names: Vec<Maths> = params.iter().zip(names).map(name).collect();
        match self.style {
            Style::Latex => format!("\\begin{{bmatrix}}{}\\end{{bmatrix}}", names.join("\\cr ")),
            Style::Plain | Style::Text => format!(" [{}]", names.join("; ")),
        }
    }

    /// The sign before values that may be shown rounded.
    pub(super) fn equals<'a>(&self, shown: impl IntoIterator<Item = &'a Number>) -> &'static str {
        if shown.into_iter().all(figure::is_shown_exactly) { " = " } else { self.roughly() }
    }

    /// `0.5`, `≈ 0.3333`
    pub(super) fn about(&self, value: &Number) -> Maths {
        let sign = if figure::is_shown_exactly(value) { "" } else { self.roughly().trim_start() };
        format!("{sign}{}", self.number(value))
    }

    /// `a* = 1217.65/124.25 = 9.8`
    fn quotient(&self, id: NodeId, value: &Number, over: &Number, under: &Number) -> Maths {
        let (is, so) = (self.equals([over, under]), self.equals([value]));
        let (over, under) = (self.number(over), self.number(under));
        let quotient = match self.style {
            Style::Latex => format!("\\frac{{{over}}}{{{under}}}"),
            Style::Plain | Style::Text => format!("{over}/{under}"),
        };
        format!("{}{is}{quotient}{so}{}", self.least(id), self.number(value))
    }
}
