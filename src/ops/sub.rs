//! `A - B`, with rows, columns and scalars repeated.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sub;

pub static DIFFERENCE: Law = Law {
    name: "difference",
    title: "Difference",
    proof: Maths {
        latex: r"V_{ij}=A_{ij}-B_{ij}\text{, so }\frac{\partial L}{\partial A_{ij}}=(\delta_V)_{ij}\text{ and }\frac{\partial L}{\partial B_{ij}}=-(\delta_V)_{ij}",
        text: "Vᵢⱼ = Aᵢⱼ − Bᵢⱼ, so ∂L/∂Aᵢⱼ = (δV)ᵢⱼ and ∂L/∂Bᵢⱼ = −(δV)ᵢⱼ",
    },
};

impl Operator for Sub {
    const REFERENCE: Reference = Reference {
        name: "-",
        aliases: &[],
        signature: "A - B",
        summary: "difference, entry by entry",
        definition: Maths { latex: r"(A-B)_{ij}=A_{ij}-B_{ij}", text: "(A − B)ᵢⱼ = Aᵢⱼ − Bᵢⱼ" },
        conventions: &[],
        call: None,
        letters: &["A", "B", "V"],
        title: "",
        acts: Acts::Pairwise,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        elementwise::broadcast("-", operands)
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].zip(operands[1], |a, b| a.clone() - b.clone()))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        vec![
            Rule { term: Term::Upstream.sum_to(&result, &operands[0]), law: &DIFFERENCE },
            Rule { term: Term::Upstream.sum_to(&result, &operands[1]).negated(), law: &DIFFERENCE },
        ]
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    form::of_two!(minus, minus);

    form::explained_by_its_formula!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        let sign = Mistake::gradient(Mistake::SIGN, 1, Term::Upstream.sum_to(&result, &operands[1]));
        let local = |own: usize| if own == 0 { Term::Upstream } else { Term::Upstream.negated() };
        std::iter::once(sign).chain(elementwise::unsummed(operands, local)).collect()
    }
}
