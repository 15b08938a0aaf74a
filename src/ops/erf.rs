//! `erf(A)`: the error function of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Erf;

pub static ERROR_FUNCTION: Law = Law {
    name: "error-function",
    title: "Error function",
    proof: Maths {
        latex: r"\mathrm{erf}(a)=\frac2{\sqrt\pi}\int_0^ae^{-t^2}\mathrm dt\Rightarrow\mathrm{erf}\'(a)=\frac2{\sqrt\pi}\,e^{-a^2}\text{, where }\frac2{\sqrt\pi}=1.1283791670955126",
        text: "erf(a) = 2/√π ∫₀ᵃ exp(−t²) dt, so erf'(a) = 2/√π exp(−a²), where 2/√π = 1.1283791670955126",
    },
};

/// exp(−A²), entry by entry.
fn bell(shape: &Shape) -> Term {
    Term::Operand(0).times(shape, Term::Operand(0), shape).negated().under(Exp)
}

fn slope(shape: &Shape) -> Term {
    Term::Number(Number::ratio(11_283_791_670_955_126, 10_000_000_000_000_000)).scale(bell(shape))
}

pub static ERF_CODE: Helper = Helper {
    name: "erf",
    needs: &[],
    source: r#"
def erf(A):
    import math

    return np.vectorize(math.erf, otypes=[float])(A)
"#,
};

impl Operator for Erf {
    const REFERENCE: Reference = Reference {
        name: "erf",
        aliases: &[],
        signature: "erf(A)",
        summary: "error function, entry by entry",
        definition: Maths { latex: r"\mathrm{erf}(A)_{ij}=\frac2{\sqrt\pi}\int_0^{A_{ij}}e^{-t^2}\,\mathrm dt", text: "erf(A)ᵢⱼ = 2/√π ∫ exp(−t²) dt from 0 to Aᵢⱼ" },
        conventions: &["its derivative is written with 2/√π as a decimal"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Error function",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::transcendental(operands[0], Number::integer(0), Function::Erf)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(slope(&operands[0]), &operands[0], &ERROR_FUNCTION)
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("erf"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&ERF_CODE, operands, Vec::new())
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        elementwise::slips(&operands[0], [(Mistake::FACTOR_LEFT_OUT, bell(&operands[0])), (Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output)])
    }
}
