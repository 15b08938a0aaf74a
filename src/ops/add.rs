//! `A + B`, with rows, columns and scalars repeated.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Add;

pub static SUM_RULE: Law = Law {
    name: "sum-of-two",
    title: "Sum",
    proof: Maths {
        latex: r"V_{ij}=A_{ij}+B_{ij}\text{, so each entry of }\delta_V\text{ goes to both}",
        text: "Vᵢⱼ = Aᵢⱼ + Bᵢⱼ, so each entry of δV goes to both",
    },
};

impl Operator for Add {
    const REFERENCE: Reference = Reference {
        name: "+",
        aliases: &[],
        signature: "A + B",
        summary: "sum, entry by entry",
        definition: Maths { latex: r"(A+B)_{ij}=A_{ij}+B_{ij}", text: "(A + B)ᵢⱼ = Aᵢⱼ + Bᵢⱼ" },
        conventions: &["a scalar, a row or a column is repeated along the other operand (broadcast)"],
        call: None,
        letters: &["A", "B", "V"],
        title: "",
        acts: Acts::Pairwise,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        elementwise::broadcast("+", operands)
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].zip(operands[1], |a, b| a.clone() + b.clone()))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let result = operands[0].broadcast(&operands[1]).unwrap_or_default();
        operands.iter().map(|operand| Rule { term: Term::Upstream.sum_to(&result, operand), law: &SUM_RULE }).collect()
    }

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    form::of_two!(plus, plus);

    form::explained_by_its_formula!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        elementwise::unsummed(operands, |_| Term::Upstream)
    }
}
