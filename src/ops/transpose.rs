//! `A^T`: the transpose of a matrix.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Transpose;

pub static TRANSPOSITION: Law = Law {
    name: "transposition",
    title: "Transpose",
    proof: Maths {
        latex: r"V_{ij}=A_{ji}\text{, so }\frac{\partial L}{\partial A_{ji}}=(\delta_V)_{ij}",
        text: "Vᵢⱼ = Aⱼᵢ, so ∂L/∂Aⱼᵢ = (δV)ᵢⱼ",
    },
};

impl Operator for Transpose {
    const REFERENCE: Reference = Reference {
        name: "^T",
        aliases: &[],
        signature: "A^T, A'",
        summary: "transpose",
        definition: Maths { latex: r"(A^{\mathsf T})_{ij}=A_{ji}", text: "(Aᵀ)ᵢⱼ = Aⱼᵢ" },
        conventions: &["a scalar is its own transpose"],
        call: None,
        letters: &["A", "V"],
        title: "Transpose",
        acts: Acts::Gathers,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[0].is_scalar() {
            true => Ok(Shape::scalar()),
            false => operands[0].transposed().ok_or_else(|| ShapeError::new("only a matrix has a transpose")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].transpose())
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Upstream.transposed(), law: &TRANSPOSITION }]
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let of = form::one(operands);
        of.transposed()
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::one(operands).followed(".T")
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, _: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        Account::Moved { operand: 0, from: entry.iter().rev().copied().collect() }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::gradient(Mistake::MISSING_TRANSPOSE, 0, Term::Upstream)]
    }
}
