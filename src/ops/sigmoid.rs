//! `sigmoid(A)`: the logistic function of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sigmoid;

pub static SIGMOID: Law = Law {
    name: "sigmoid",
    title: "Sigmoid",
    proof: Maths {
        latex: r"\sigma'(a)=\frac{e^{-a}}{(1+e^{-a})^2}=\frac{1}{1+e^{-a}}\cdot\frac{e^{-a}}{1+e^{-a}}=\sigma(a)\,(1-\sigma(a))",
        text: "σ'(a) = e⁻ᵃ/(1 + e⁻ᵃ)² = σ(a)(1 − σ(a))",
    },
};

pub static SIGMOID_CODE: Helper = Helper {
    name: "sigmoid",
    needs: &[],
    source: r#"
def sigmoid(A):
    return 1 / (1 + np.exp(-A))
"#,
};

impl Operator for Sigmoid {
    const REFERENCE: Reference = Reference {
        name: "sigmoid",
        aliases: &["logistic"],
        signature: "sigmoid(A), σ(A)",
        summary: "logistic function, entry by entry",
        definition: Maths { latex: r"\sigma(A)_{ij}=\frac{1}{1+e^{-A_{ij}}}", text: "σ(A)ᵢⱼ = 1/(1 + e^(−Aᵢⱼ))" },
        conventions: &[],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Sigmoid",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::ratio(1, 2), Function::Logistic)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let shape = &operands[0];
        let slope = Term::Output.times(shape, Term::integer(1).minus(Term::Output), shape);
        elementwise::rule(slope, shape, &SIGMOID)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::name("sigma"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&SIGMOID_CODE, operands, Vec::new())
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let shape = &operands[0];
        let on_input = Term::Operand(0).times(shape, Term::integer(1).minus(Term::Operand(0)), shape);
        elementwise::slips(
            shape,
            [(Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output), (Mistake::DERIVATIVE_AT_WRONG_VALUE, on_input)],
        )
    }
}
