//! `sqrt(A)`: the square root of each entry.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sqrt;

pub static SQUARE_ROOT: Law = Law {
    name: "square-root",
    title: "Square root",
    proof: Maths {
        latex: r"V^2=a\text{, so }2V\,\mathrm dV=\mathrm da\text{ and }\frac{\mathrm dV}{\mathrm da}=\frac1{2V}",
        text: "V² = a, so 2V dV = da and dV/da = 1/(2V)",
    },
};

impl Operator for Sqrt {
    const REFERENCE: Reference = Reference {
        name: "sqrt",
        aliases: &[],
        signature: "sqrt(A), √(A)",
        summary: "square root, entry by entry",
        definition: Maths { latex: r"\sqrt{A}_{ij}=\sqrt{A_{ij}}", text: "√(A)ᵢⱼ = √Aᵢⱼ" },
        conventions: &["exact for squares of fractions; at 0 it has no derivative"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Square root",
        acts: Acts::EachEntry,
        is_total: false,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        elementwise::map(operands[0], S::sqrt)
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Upstream.over(Term::integer(2).scale(Term::Output)), law: &SQUARE_ROOT }]
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        Math::Root(Box::new(form::one(operands)))
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::each_entry("np.sqrt", operands)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let inverse = Term::integer(1).over(Term::Output);
        elementwise::slips(&operands[0], [(Mistake::FACTOR_LEFT_OUT, inverse), (Mistake::FUNCTION_FOR_DERIVATIVE, Term::Output)])
    }
}
