//! `swish(A)`: each entry times its sigmoid.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Swish;

pub static SWISH: Law = Law {
    name: "swish",
    title: "Swish",
    proof: Maths {
        latex: r"v=a\,\sigma(a)\text{ and }\sigma'(a)=\sigma(a)(1-\sigma(a))",
        text: "v = a σ(a) and σ'(a) = σ(a)(1 − σ(a))",
    },
};

impl Operator for Swish {
    const REFERENCE: Reference = Reference {
        name: "swish",
        aliases: &["silu"],
        signature: "swish(A)",
        summary: "an entry times its sigmoid, entry by entry",
        definition: Maths { latex: r"\mathrm{swish}(A)_{ij}=A_{ij}\,\sigma(A_{ij})", text: "swish(A)ᵢⱼ = Aᵢⱼ σ(Aᵢⱼ)" },
        conventions: &["without a factor before the entry in the sigmoid"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Swish",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::integer(0), |a| a / (1.0 + libm::exp(-a)))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let shape = &operands[0];
        let sigmoid = Term::Operand(0).under(Sigmoid);
        let rest = Term::Output.times(shape, Term::integer(1).minus(sigmoid.clone()), shape);
        elementwise::rule(sigmoid.plus(rest), shape, &SWISH)
    }

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("Swish has no factor before the entry in its sigmoid.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("swish"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let operand = code::one(operands);
        let sigmoid = Code::integer(1).plus(code::each_entry("np.exp", vec![operand.clone().negative()]));
        operand.over(sigmoid)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        elementwise::slips(&operands[0], [("function-for-derivative", Term::Output)])
    }
}
