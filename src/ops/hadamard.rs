//! `A .* B`: the product entry by entry.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hadamard;

pub static ELEMENTWISE_PRODUCT: Law = Law {
    name: "elementwise-product",
    title: "Elementwise product",
    proof: Maths {
        latex: r"V_{ij}=A_{ij}B_{ij}\text{, so }\frac{\partial L}{\partial A_{ij}}=(\delta_V)_{ij}B_{ij}",
        text: "Vᵢⱼ = Aᵢⱼ Bᵢⱼ, so ∂L/∂Aᵢⱼ = (δV)ᵢⱼ Bᵢⱼ",
    },
};

impl Operator for Hadamard {
    const REFERENCE: Reference = Reference {
        name: ".*",
        aliases: &[],
        signature: "A .* B, A ⊙ B",
        summary: "product entry by entry",
        definition: Maths { latex: r"(A\odot B)_{ij}=A_{ij}B_{ij}", text: "(A ⊙ B)ᵢⱼ = Aᵢⱼ Bᵢⱼ" },
        conventions: &["binds less tightly than the matrix product: `A .* B C` is `A .* (B C)`"],
        call: None,
        letters: &["A", "B", "V"],
        title: "",
        acts: Acts::Pairwise,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        elementwise::broadcast(".*", operands)
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].zip(operands[1], |a, b| a.clone() * b.clone()))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        let rule = |own: usize, other: usize| Rule {
            term: elementwise::chained(Term::Operand(other), &operands[other], &result, &operands[own]),
            law: &ELEMENTWISE_PRODUCT,
        };
        vec![rule(0, 1), rule(1, 0)]
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    form::of_two!(entrywise, times);

    form::explained_by_its_formula!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        let left_out = |own: usize| Mistake::gradient(Mistake::FACTOR_LEFT_OUT, own, Term::Upstream.sum_to(&result, &operands[own]));
        let local = |own: usize| Term::Upstream.times(&result, Term::Operand(1 - own), &operands[1 - own]);
        [left_out(0), left_out(1)].into_iter().chain(elementwise::unsummed(operands, local)).collect()
    }
}
