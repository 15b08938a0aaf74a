//! `normal_pdf(A)`: the density φ of the standard normal, of each entry.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormalPdf;

pub static NORMAL_DENSITY: Law = Law {
    name: "normal-density",
    title: "Normal density",
    proof: Maths {
        latex: r"\varphi(a)=\frac1{\sqrt{2\pi}}\,e^{-a^2/2}\Rightarrow\varphi'(a)=-a\,\varphi(a)",
        text: "φ(a) = 1/√(2π) exp(−a²/2), so φ'(a) = −a φ(a)",
    },
};

impl Operator for NormalPdf {
    const REFERENCE: Reference = Reference {
        name: "normal_pdf",
        aliases: &["phi"],
        signature: "normal_pdf(A)",
        summary: "density of the standard normal, entry by entry",
        definition: Maths { latex: r"\varphi(A)_{ij}=\frac1{\sqrt{2\pi}}\,e^{-A_{ij}^2/2}", text: "φ(A)ᵢⱼ = 1/√(2π) exp(−Aᵢⱼ²/2)" },
        conventions: &[],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Normal density",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::map(operands[0], |entry| entry.transcendental(Function::NormalPdf))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(Term::Operand(0).times(&operands[0], Term::Output, &operands[0]).negated(), &operands[0], &NORMAL_DENSITY)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::name("phi"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let square = code::one(operands).power(Code::integer(2)).negative().over(Code::integer(2));
        let root = Code::integer(2).times(Code::atom("np.pi")).power(Code::atom("0.5"));
        Code::call("np.exp", vec![square], Vec::new()).over(root)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let unsigned = Term::Operand(0).times(&operands[0], Term::Output, &operands[0]);
        elementwise::slips(&operands[0], [(Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output), (Mistake::SIGN, unsigned)])
    }
}
