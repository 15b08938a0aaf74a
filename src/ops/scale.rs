//! `c * A`: a scalar multiple.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scale;

pub static SCALAR_MULTIPLE: Law = Law {
    name: "scalar-multiple",
    title: "Scalar multiple",
    proof: Maths {
        latex: r"V_{ij}=c\,A_{ij}\text{, so }\frac{\partial L}{\partial A_{ij}}=c\,(\delta_V)_{ij}\text{ and }\frac{\partial L}{\partial c}=\sum_{ij}(\delta_V)_{ij}A_{ij}",
        text: "Vᵢⱼ = c Aᵢⱼ, so ∂L/∂Aᵢⱼ = c (δV)ᵢⱼ and ∂L/∂c = Σᵢⱼ (δV)ᵢⱼ Aᵢⱼ",
    },
};

impl Operator for Scale {
    const REFERENCE: Reference = Reference {
        name: "scalar *",
        aliases: &[],
        signature: "c * A",
        summary: "scalar multiple; the ordinary product of two scalars",
        definition: Maths { latex: r"(cA)_{ij}=c\,A_{ij}", text: "(c A)ᵢⱼ = c Aᵢⱼ" },
        conventions: &[],
        call: None,
        letters: &["c", "A", "V"],
        title: "",
        acts: Acts::Product,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[0].is_scalar() {
            true => Ok(operands[1].clone()),
            false => Err(ShapeError::new("the first factor of a scalar multiple is a scalar")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let factor = operands[0].first();
        Ok(operands[1].map(|entry| factor.clone() * entry))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let result = &operands[1];
        let wrt_factor = Term::Upstream.times(result, Term::Operand(1), result).sum_to(result, &operands[0]);
        vec![
            Rule { term: wrt_factor, law: &SCALAR_MULTIPLE },
            Rule { term: Term::Operand(0).scale(Term::Upstream), law: &SCALAR_MULTIPLE },
        ]
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    form::of_two!(times, times);

    form::explained_by_its_formula!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let unsummed = Term::Upstream.times(&operands[1], Term::Operand(1), &operands[1]);
        vec![
            Mistake::gradient(Mistake::FACTOR_LEFT_OUT, 1, Term::Upstream),
            Mistake::gradient(Mistake::NOT_SUMMED_OVER_BATCH, 0, unsummed),
        ]
    }
}
