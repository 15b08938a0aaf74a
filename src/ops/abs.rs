//! `abs(A)`: the absolute value of each entry.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Abs;

pub static ABSOLUTE_VALUE: Law = Law {
    name: "absolute-value",
    title: "Absolute value",
    proof: Maths {
        latex: r"|a|=a\text{ where }a>0\text{ and }-a\text{ where }a<0\text{, so the slope is }\mathrm{sign}(a)\text{; at }a=0\text{, where every slope from }-1\text{ to }1\text{ is a subgradient, the convention here is }0",
        text: "|a| = a where a > 0 and −a where a < 0, so the slope is sign(a); at a = 0, where every slope from −1 to 1 is a subgradient, the convention here is 0",
    },
};

impl Operator for Abs {
    const REFERENCE: Reference = Reference {
        name: "abs",
        aliases: &[],
        signature: "abs(A)",
        summary: "absolute value, entry by entry",
        definition: Maths { latex: r"|A|_{ij}=|A_{ij}|", text: "|A|ᵢⱼ = |Aᵢⱼ|" },
        conventions: &["the slope at 0 is 0"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Absolute value",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();
    elementwise::of_each_entry!();

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].map(|entry| if entry.is_negative() { -entry } else { entry }))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        elementwise::rule(Term::Operand(0).under(Sign { at_zero: 0 }), &operands[0], &ABSOLUTE_VALUE)
    }

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("The slope of the absolute value at 0 is taken as 0, one of its subgradients.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::one(operands).fenced(Fence::Absolute)
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        code::each_entry("np.abs", operands)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        elementwise::slips(&operands[0], [(Mistake::VALUE_FOR_MASK, Term::Output)])
    }
}
