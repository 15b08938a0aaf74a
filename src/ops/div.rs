//! `A / c`, `A ./ B`: the quotient entry by entry.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Div;

pub static QUOTIENT: Law = Law {
    name: "quotient",
    title: "Quotient",
    proof: Maths {
        latex: r"V_{ij}=\frac{A_{ij}}{B_{ij}}\text{, so }\frac{\partial L}{\partial A_{ij}}=\frac{(\delta_V)_{ij}}{B_{ij}}\text{ and }\frac{\partial L}{\partial B_{ij}}=-(\delta_V)_{ij}\frac{A_{ij}}{B_{ij}^2}=-(\delta_V)_{ij}\frac{V_{ij}}{B_{ij}}",
        text: "Vᵢⱼ = Aᵢⱼ/Bᵢⱼ, so ∂L/∂Aᵢⱼ = (δV)ᵢⱼ/Bᵢⱼ and ∂L/∂Bᵢⱼ = −(δV)ᵢⱼ Aᵢⱼ/Bᵢⱼ² = −(δV)ᵢⱼ Vᵢⱼ/Bᵢⱼ",
    },
};

impl Operator for Div {
    const REFERENCE: Reference = Reference {
        name: "/",
        aliases: &[],
        signature: "A / c, A ./ B",
        summary: "quotient entry by entry",
        definition: Maths { latex: r"(A/B)_{ij}=A_{ij}/B_{ij}", text: "(A/B)ᵢⱼ = Aᵢⱼ/Bᵢⱼ" },
        conventions: &["no matrix is divided by: for the inverse write `inv(A)`"],
        call: None,
        letters: &["A", "B", "V"],
        title: "",
        acts: Acts::Pairwise,
        is_total: false,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        elementwise::broadcast("/", operands)
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::zip(operands, |a, b| a.checked_div(b))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        let share = Term::Upstream.over(Term::Operand(1));
        let wrt_divisor = share.clone().times(&result, Term::Output, &result).sum_to(&result, &operands[1]).negated();
        vec![
            Rule { term: share.sum_to(&result, &operands[0]), law: &QUOTIENT },
            Rule { term: wrt_divisor, law: &QUOTIENT },
        ]
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    form::of_two!(over, over);

    form::explained_by_its_formula!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        let share = Term::Upstream.over(Term::Operand(1));
        let unsigned = share.times(&result, Term::Output, &result).sum_to(&result, &operands[1]);
        vec![Mistake::gradient(Mistake::SIGN, 1, unsigned)]
    }
}
