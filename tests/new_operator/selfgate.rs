//! `selfgate(A)`: each entry times its sigmoid.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SelfGate;

pub static SELF_GATE: Law = Law {
    name: "selfgate",
    title: "Self-gate",
    proof: Maths {
        latex: r"v=a\,\sigma(a)\text{ and }\sigma'(a)=\sigma(a)(1-\sigma(a))",
        text: "v = a σ(a) and σ'(a) = σ(a)(1 − σ(a))",
    },
};

impl Operator for SelfGate {
    const REFERENCE: Reference = Reference {
        name: "selfgate",
        aliases: &[],
        signature: "selfgate(A)",
        summary: "an entry times its sigmoid, entry by entry",
        definition: Maths { latex: r"\mathrm{selfgate}(A)_{ij}=A_{ij}\,\sigma(A_{ij})", text: "selfgate(A)ᵢⱼ = Aᵢⱼ σ(Aᵢⱼ)" },
        conventions: &["without a factor before the entry in the sigmoid"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Self-gate",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let shares = Sigmoid.evaluate(operands)?;
        Ok(operands[0].zip(&shares, |entry, share| entry.clone() * share.clone()))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let shape = &operands[0];
        let sigmoid = Term::Operand(0).under(Sigmoid);
        let rest = Term::Output.times(shape, Term::integer(1).minus(sigmoid.clone()), shape);
        elementwise::rule(sigmoid.plus(rest), shape, &SELF_GATE)
    }

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("The self-gate has no factor before the entry in its sigmoid.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("selfgate"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let operand = code::one(operands);
        let sigmoid = Code::integer(1).plus(code::each_entry("np.exp", vec![operand.clone().negative()]));
        operand.over(sigmoid)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        elementwise::slips(&operands[0], [(Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output)])
    }
}
