//! `-A`.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Neg;

pub static NEGATION: Law = Law {
    name: "negation",
    title: "Negation",
    proof: Maths {
        latex: r"V_{ij}=-A_{ij}\text{, so }\frac{\partial L}{\partial A_{ij}}=-(\delta_V)_{ij}",
        text: "Vᵢⱼ = −Aᵢⱼ, so ∂L/∂Aᵢⱼ = −(δV)ᵢⱼ",
    },
};

impl Operator for Neg {
    const REFERENCE: Reference = Reference {
        name: "negation",
        aliases: &[],
        signature: "-A",
        summary: "negation",
        definition: Maths { latex: r"(-A)_{ij}=-A_{ij}", text: "(−A)ᵢⱼ = −Aᵢⱼ" },
        conventions: &[],
        call: None,
        letters: &["A", "V"],
        title: "",
        acts: Acts::Formula,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].map(|entry| -entry))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Upstream.negated(), law: &NEGATION }]
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let of = form::one(operands);
        of.negative()
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::one(operands).negative()
    }

    form::explained_by_its_formula!();

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::gradient(Mistake::SIGN, 0, Term::Upstream)]
    }
}
