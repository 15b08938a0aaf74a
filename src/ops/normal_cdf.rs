//! `normal_cdf(A)`: the distribution function Φ of the standard normal, of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormalCdf;

pub static NORMAL_DISTRIBUTION: Law = Law {
    name: "normal-distribution",
    title: "Normal distribution function",
    proof: Maths {
        latex: r"\Phi(a)=\int_{-\infty}^a\varphi(t)\,\mathrm dt\Rightarrow\Phi'(a)=\varphi(a)",
        text: "Φ(a) = ∫ φ(t) dt up to a, so Φ'(a) = φ(a)",
    },
};

impl Operator for NormalCdf {
    const REFERENCE: Reference = Reference {
        name: "normal_cdf",
        aliases: &["Phi"],
        signature: "normal_cdf(A)",
        summary: "distribution function of the standard normal, entry by entry",
        definition: Maths { latex: r"\Phi(A)_{ij}=\frac12\Bigl(1+\mathrm{erf}\frac{A_{ij}}{\sqrt2}\Bigr)", text: "Φ(A)ᵢⱼ = (1 + erf(Aᵢⱼ/√2))/2" },
        conventions: &["`gelu_exact(x)` is x Φ(x)"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Normal distribution",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::ratio(1, 2), Function::NormalCdf)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(Term::Operand(0).under(NormalPdf), &operands[0], &NORMAL_DISTRIBUTION)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::name("Phi"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let root = Code::integer(2).power(Code::atom("0.5"));
        let inner = Code::helped(&erf::ERF_CODE, vec![code::one(operands).over(root)], Vec::new());
        Code::integer(1).plus(inner).over(Code::integer(2))
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        elementwise::slips(&operands[0], [(Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output), (Mistake::SIGN, Term::Operand(0).under(NormalPdf).negated())])
    }
}
