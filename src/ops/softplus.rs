//! `softplus(A)`: ln(1 + eᵃ) of each entry.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Softplus;

pub static SOFTPLUS: Law = Law {
    name: "softplus",
    title: "Softplus",
    proof: Maths {
        latex: r"\frac{\mathrm d}{\mathrm da}\ln(1+e^a)=\frac{e^a}{1+e^a}=\sigma(a)",
        text: "d/da ln(1 + eᵃ) = eᵃ/(1 + eᵃ) = σ(a)",
    },
};

pub static SOFTPLUS_CODE: Helper = Helper {
    name: "softplus",
    needs: &[],
    source: r#"
def softplus(A):
    """ln(1 + e^A), without overflow."""
    return np.where(A > 0, A, 0.0) + np.log1p(np.exp(-np.abs(A)))
"#,
};

impl Operator for Softplus {
    const REFERENCE: Reference = Reference {
        name: "softplus",
        aliases: &[],
        signature: "softplus(A)",
        summary: "smooth rectifier, entry by entry",
        definition: Maths { latex: r"\mathrm{softplus}(A)_{ij}=\ln(1+e^{A_{ij}})", text: "softplus(A)ᵢⱼ = ln(1 + e^Aᵢⱼ)" },
        conventions: &[],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Softplus",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::map(operands[0], |entry| entry.transcendental(Function::Softplus))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(Term::Operand(0).under(Sigmoid), &operands[0], &SOFTPLUS)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("softplus"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&SOFTPLUS_CODE, operands, Vec::new())
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let of_negative = Term::Operand(0).negated().under(Sigmoid);
        elementwise::slips(&operands[0], [(Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output), (Mistake::SIGN, of_negative)])
    }
}
