//! `mse(A, B)`: the squared distance of two values, with the factor that the problem states.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mse {
    pub reduce: SquareReduction,
}

/// What multiplies the sum of squares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SquareReduction {
    /// 1/2
    Half,
    /// 1 over the number of entries
    Mean,
    /// 1
    Sum,
}

pub static SQUARED_DISTANCE: Law = Law {
    name: "squared-distance",
    title: "Squared distance",
    proof: Maths {
        latex: r"\frac{\partial}{\partial A_{ij}}\sum_{kl}(A_{kl}-B_{kl})^2=2(A_{ij}-B_{ij})=-\frac{\partial}{\partial B_{ij}}\sum_{kl}(A_{kl}-B_{kl})^2",
        text: "∂/∂Aᵢⱼ Σₖₗ (Aₖₗ − Bₖₗ)² = 2 (Aᵢⱼ − Bᵢⱼ) = −∂/∂Bᵢⱼ Σₖₗ (Aₖₗ − Bₖₗ)²",
    },
};

/// With the factor ½.
pub static HALF_SQUARED_DISTANCE: Law = Law {
    name: "half-squared-distance",
    title: "Squared distance",
    proof: Maths {
        latex: r"\frac{\partial}{\partial A_{ij}}\tfrac12\sum_{kl}(A_{kl}-B_{kl})^2=A_{ij}-B_{ij}=-\frac{\partial}{\partial B_{ij}}\tfrac12\sum_{kl}(A_{kl}-B_{kl})^2",
        text: "∂/∂Aᵢⱼ ½ Σₖₗ (Aₖₗ − Bₖₗ)² = Aᵢⱼ − Bᵢⱼ = −∂/∂Bᵢⱼ ½ Σₖₗ (Aₖₗ − Bₖₗ)²",
    },
};

impl Mse {
    /// Twice the factor before the sum of squares: what the gradient is multiplied by.
    fn doubled(&self, operands: &[Shape]) -> Term {
        match self.reduce {
            SquareReduction::Half => Term::integer(1),
            SquareReduction::Mean => Term::integer(2).over(Term::Size(operands[0].size())),
            SquareReduction::Sum => Term::integer(2),
        }
    }
}

impl Operator for Mse {
    const REFERENCE: Reference = Reference {
        name: "mse",
        aliases: &["L2"],
        signature: "mse(A, B, reduce = half | mean | sum)",
        summary: "squared-error loss",
        definition: Maths {
            latex: r"\tfrac12\lVert A-B\rVert^2=\tfrac12\sum_{ij}(A_{ij}-B_{ij})^2",
            text: "½‖A − B‖² = ½ Σᵢⱼ (Aᵢⱼ − Bᵢⱼ)²",
        },
        conventions: &[
            "half the sum of squares over all entries; `reduce = sum` leaves out the half, `reduce = mean` divides the sum by the number of entries",
        ],
        call: Some((2, 2)),
        letters: &["A", "B", "L"],
        title: "Squared error",
        acts: Acts::Formula,
        is_total: true,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Mse, OptionError> {
        let reduce = match options.word("reduce", &["half", "mean", "sum"])? {
            "mean" => SquareReduction::Mean,
            "sum" => SquareReduction::Sum,
            _ => SquareReduction::Half,
        };
        Ok(Mse { reduce })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        match self.reduce {
            SquareReduction::Half => Vec::new(),
            SquareReduction::Mean => vec![("reduce", "mean".to_string())],
            SquareReduction::Sum => vec![("reduce", "sum".to_string())],
        }
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[0] == operands[1] {
            true => Ok(Shape::scalar()),
            false => Err(ShapeError::new("`mse` compares two values of the same shape")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let squares = operands[0].zip(operands[1], |a, b| {
            let difference = a.clone() - b.clone();
            difference.clone() * difference
        });
        let factor = match self.reduce {
            SquareReduction::Half => Number::ratio(1, 2),
            SquareReduction::Mean => Number::ratio(1, squares.size() as i64),
            SquareReduction::Sum => Number::integer(1),
        };
        Ok(Tensor::scalar(S::from_number(&factor) * squares.total()))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let rule = |own: usize, other: usize| Rule {
            term: Term::Upstream.scale(self.doubled(operands)).scale(Term::Operand(own).minus(Term::Operand(other))),
            law: if self.reduce == SquareReduction::Half { &HALF_SQUARED_DISTANCE } else { &SQUARED_DISTANCE },
        };
        vec![rule(0, 1), rule(1, 0)]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        match self.reduce {
            SquareReduction::Half => None,
            SquareReduction::Mean => Some("The squared error is divided by the number of entries.".into()),
            SquareReduction::Sum => Some("The squared error is the sum over all entries, without a factor ½.".into()),
        }
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        if self.reduce == SquareReduction::Mean {
            return form::call(Math::word("MSE"), operands, Vec::new());
        }
        let [left, right] = form::two(operands);
        let square = left.minus(right).fenced(Fence::Norm).to(Math::number(2));
        if self.reduce == SquareReduction::Half { Math::Glyph(Glyph::Half).times(square) } else { square }
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let [left, right] = code::two(operands);
        let squares = left.minus(right).power(Code::integer(2));
        match self.reduce {
            SquareReduction::Half => Code::folded("np.sum", squares, None).over(Code::integer(2)),
            SquareReduction::Mean => Code::folded("np.mean", squares, None),
            SquareReduction::Sum => Code::folded("np.sum", squares, None),
        }
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        let pairs = operands[0].entries().cloned().zip(operands[1].entries().cloned()).collect();
        let factor = match self.reduce {
            SquareReduction::Half => Number::ratio(1, 2),
            SquareReduction::Mean => Number::ratio(1, operands[0].size() as i64),
            SquareReduction::Sum => Number::integer(1),
        };
        Account::Squares { factor, pairs }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let difference = |own: usize| Term::Operand(own).minus(Term::Operand(1 - own));
        let slips = |own: usize| {
            let right = Term::Upstream.scale(self.doubled(operands)).scale(difference(own));
            [
                Mistake::gradient(Mistake::SIGN, own, right.clone().negated()),
                Mistake::gradient(Mistake::FACTOR_TWO, own, Term::integer(2).scale(right.clone())),
                Mistake::gradient(Mistake::FACTOR_HALF, own, Term::Number(Number::ratio(1, 2)).scale(right)),
            ]
        };
        let others = [SquareReduction::Half, SquareReduction::Mean, SquareReduction::Sum];
        let forward = others.into_iter().filter(|reduce| *reduce != self.reduce).map(|reduce| {
            let name = match (self.reduce, reduce) {
                (_, SquareReduction::Mean) => Mistake::MEAN_FOR_SUM,
                (SquareReduction::Mean, SquareReduction::Sum) => Mistake::SUM_FOR_MEAN,
                (_, SquareReduction::Half | SquareReduction::Sum) => Mistake::WRONG_FACTOR,
            };
            Mistake::forward(name, Mse { reduce })
        });
        slips(0).into_iter().chain(slips(1)).chain(forward).collect()
    }
}
