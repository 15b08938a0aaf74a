//! `exp(A)`: the exponential of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Exp;

pub static EXPONENTIAL: Law = Law {
    name: "exponential",
    title: "Exponential",
    proof: Maths {
        latex: r"\frac{\mathrm d}{\mathrm da}e^a=e^a\text{, the value itself}",
        text: "d/da eᵃ = eᵃ, the value itself",
    },
};

impl Operator for Exp {
    const REFERENCE: Reference = Reference {
        name: "exp",
        aliases: &[],
        signature: "exp(A)",
        summary: "exponential, entry by entry",
        definition: Maths { latex: r"\exp(A)_{ij}=e^{A_{ij}}", text: "exp(A)ᵢⱼ = e^Aᵢⱼ" },
        conventions: &["entry by entry, also of a matrix"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Exponential",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::integer(1), Function::Exp)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(Term::Output, &operands[0], &EXPONENTIAL)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function("exp"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::each_entry("np.exp", operands)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let lowered = Term::Operand(0).minus(Term::integer(1)).under(Exp);
        let power_rule = Term::Operand(0).times(&operands[0], lowered, &operands[0]);
        elementwise::slips(
            &operands[0],
            [(Mistake::DERIVATIVE_AT_WRONG_VALUE, Term::Operand(0)), (Mistake::POWER_RULE, power_rule)],
        )
    }
}
