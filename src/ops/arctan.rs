//! `arctan(A)`: the inverse tangent of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Arctan;

pub static INVERSE_TANGENT: Law = Law {
    name: "inverse-tangent",
    title: "Inverse tangent",
    proof: Maths {
        latex: r"a=\tan v\Rightarrow\frac{\mathrm da}{\mathrm dv}=1+\tan^2v=1+a^2\Rightarrow\frac{\mathrm d}{\mathrm da}\arctan a=\frac1{1+a^2}",
        text: "a = tan v, so da/dv = 1 + tan² v = 1 + a², so d/da arctan a = 1/(1 + a²)",
    },
};

/// 1 + A², entry by entry.
fn one_and_square(shape: &Shape) -> Term {
    let square = Term::Operand(0).times(shape, Term::Operand(0), shape);
    Term::integer(1).plus(square)
}

impl Operator for Arctan {
    const REFERENCE: Reference = Reference {
        name: "arctan",
        aliases: &["atan"],
        signature: "arctan(A)",
        summary: "inverse tangent, entry by entry",
        definition: Maths { latex: r"\arctan(A)_{ij}=\arctan A_{ij}", text: "arctan(A)ᵢⱼ = arctan Aᵢⱼ" },
        conventions: &["radians, between -pi/2 and pi/2"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Inverse tangent",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::integer(0), Function::Arctan)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(Term::integer(1).over(one_and_square(&operands[0])), &operands[0], &INVERSE_TANGENT)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function("arctan"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::each_entry("np.arctan", operands)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let slope = one_and_square(&operands[0]);
        elementwise::slips(&operands[0], [(Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output), (Mistake::FACTORS_SWAPPED, slope)])
    }
}
