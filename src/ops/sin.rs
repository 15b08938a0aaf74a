//! `sin(A)`: the sine of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sin;

pub static SINE: Law = Law {
    name: "sine",
    title: "Sine",
    proof: Maths {
        latex: r"\frac{\mathrm d}{\mathrm da}\sin a=\cos a",
        text: "d/da sin a = cos a",
    },
};

impl Operator for Sin {
    const REFERENCE: Reference = Reference {
        name: "sin",
        aliases: &[],
        signature: "sin(A)",
        summary: "sine, entry by entry",
        definition: Maths { latex: r"\sin(A)_{ij}=\sin A_{ij}", text: "sin(A)ᵢⱼ = sin Aᵢⱼ" },
        conventions: &["radians"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Sine",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::integer(0), Function::Sin)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(Term::Operand(0).under(Cos), &operands[0], &SINE)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function("sin"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::each_entry("np.sin", operands)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let slips = [(Mistake::SIGN, Term::Operand(0).under(Cos).negated()), (Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output)];
        elementwise::slips(&operands[0], slips)
    }
}
