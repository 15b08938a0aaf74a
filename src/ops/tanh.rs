//! `tanh(A)`: the hyperbolic tangent of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tanh;

pub static TANH: Law = Law {
    name: "tanh",
    title: "Hyperbolic tangent",
    proof: Maths {
        latex: r"\tanh a=\frac{\sinh a}{\cosh a}\text{, so }\tanh'(a)=\frac{\cosh^2a-\sinh^2a}{\cosh^2a}=1-\tanh^2a",
        text: "tanh a = sinh a / cosh a, so tanh'(a) = (cosh² a − sinh² a)/cosh² a = 1 − tanh² a",
    },
};

fn complement_of_square(of: Term) -> Term {
    Term::integer(1).minus(of.to_the(Term::integer(2)))
}

impl Operator for Tanh {
    const REFERENCE: Reference = Reference {
        name: "tanh",
        aliases: &[],
        signature: "tanh(A)",
        summary: "hyperbolic tangent, entry by entry",
        definition: Maths { latex: r"\tanh(A)_{ij}=\frac{e^{A_{ij}}-e^{-A_{ij}}}{e^{A_{ij}}+e^{-A_{ij}}}", text: "tanh(A)ᵢⱼ = (e^Aᵢⱼ − e^(−Aᵢⱼ))/(e^Aᵢⱼ + e^(−Aᵢⱼ))" },
        conventions: &[],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Hyperbolic tangent",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::integer(0), Function::Tanh)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(complement_of_square(Term::Output), &operands[0], &TANH)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function("tanh"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::each_entry("np.tanh", operands)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let shape = &operands[0];
        let of_sigmoid = Term::Output.times(shape, Term::integer(1).minus(Term::Output), shape);
        elementwise::slips(
            shape,
            [
                (Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output),
                (Mistake::DERIVATIVE_AT_WRONG_VALUE, complement_of_square(Term::Operand(0))),
                (Mistake::SIGMOID_FOR_TANH, of_sigmoid),
            ],
        )
    }
}
