//! `norm(A)`: the Euclidean length of all entries, or of each line along an axis.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Norm {
    /// 0 measures each column, 1 each row; `None` everything (of a matrix: the Frobenius norm).
    pub axis: Option<usize>,
}

pub static NORM: Law = Law {
    name: "norm",
    title: "Euclidean norm",
    proof: Maths {
        latex: r"V^2=\sum_{kl}A_{kl}^2\text{, so }2V\frac{\partial V}{\partial A_{ij}}=2A_{ij}\text{ and }\frac{\partial V}{\partial A_{ij}}=\frac{A_{ij}}V",
        text: "V² = Σₖₗ Aₖₗ², so 2V ∂V/∂Aᵢⱼ = 2Aᵢⱼ and ∂V/∂Aᵢⱼ = Aᵢⱼ/V",
    },
};

impl Norm {
    fn result(&self, operand: &Shape) -> Shape {
        reduce::shape("norm", self.axis, operand).unwrap_or_default()
    }
}

impl Operator for Norm {
    const REFERENCE: Reference = Reference {
        name: "norm",
        aliases: &[],
        signature: "norm(A), norm(A, axis = 0), norm(A, axis = 1)",
        summary: "Euclidean norm (of a matrix: Frobenius), or of each line along an axis",
        definition: Maths {
            latex: r"\lVert A\rVert=\sqrt{\textstyle\sum_{ij}A_{ij}^2}",
            text: "‖A‖ = √(Σᵢⱼ Aᵢⱼ²)",
        },
        conventions: &[
            "the axis stays with side 1: `norm(A, axis = 1)` is a column",
            "exact where the sum of squares is a square; at 0 it has no derivative",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Norm",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    reduce::along_an_axis!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("norm", self.axis, &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let squares = operands[0].map(|entry| entry.clone() * entry);
        let sums = Sum { axis: self.axis }.evaluate(&[&squares])?;
        elementwise::map(&sums, S::sqrt)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let result = self.result(&operands[0]);
        let share = Term::Upstream.over(Term::Output);
        vec![Rule { term: share.times(&result, Term::Operand(0), &operands[0]), law: &NORM }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("At 0 the Euclidean norm has no derivative.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        match self.axis {
            None => form::one(operands).fenced(Fence::Norm),
            Some(_) => form::call(Math::word("norm"), operands, self.options()),
        }
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::call("np.sqrt", vec![Code::folded("np.sum", code::one(operands).power(Code::integer(2)), self.axis)], Vec::new())
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let result = self.result(&operands[0]);
        let unnormed = Term::Upstream.times(&result, Term::Operand(0), &operands[0]);
        let squared = Term::integer(2).scale(unnormed.clone());
        [Mistake::gradient(Mistake::FACTOR_LEFT_OUT, 0, unnormed), Mistake::gradient(Mistake::SQUARE_FOR_NORM, 0, squared)]
            .into_iter()
            .chain(reduce::wrong_axis(self.axis, &operands[0], |axis| Norm { axis }))
            .collect()
    }
}
