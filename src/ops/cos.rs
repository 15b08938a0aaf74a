//! `cos(A)`: the cosine of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cos;

pub static COSINE: Law = Law {
    name: "cosine",
    title: "Cosine",
    proof: Maths {
        latex: r"\frac{\mathrm d}{\mathrm da}\cos a=-\sin a",
        text: "d/da cos a = −sin a",
    },
};

impl Operator for Cos {
    const REFERENCE: Reference = Reference {
        name: "cos",
        aliases: &[],
        signature: "cos(A)",
        summary: "cosine, entry by entry",
        definition: Maths { latex: r"\cos(A)_{ij}=\cos A_{ij}", text: "cos(A)ᵢⱼ = cos Aᵢⱼ" },
        conventions: &["radians"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Cosine",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::integer(1), Function::Cos)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let term = Term::Upstream.times(&operands[0], Term::Operand(0).under(Sin), &operands[0]).negated();
        vec![Rule { term, law: &COSINE }]
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function("cos"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::each_entry("np.cos", operands)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let slips = [(Mistake::SIGN, Term::Operand(0).under(Sin)), (Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output)];
        elementwise::slips(&operands[0], slips)
    }
}
