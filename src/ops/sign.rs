//! `sign(A)`: 1, 0 or -1 of each entry.

use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sign {
    /// The value at 0: 0, 1 or -1.
    pub at_zero: i8,
}

pub static SIGN: Law = Law {
    name: "sign",
    title: "Sign",
    proof: Maths {
        latex: r"\mathrm{sign}\text{ is constant on both sides of }0\text{, so no gradient flows}",
        text: "sign is constant on both sides of 0, so no gradient flows",
    },
};

impl Operator for Sign {
    const REFERENCE: Reference = Reference {
        name: "sign",
        aliases: &["sgn"],
        signature: "sign(A, at0 = 0 | 1 | -1)",
        summary: "sign, entry by entry",
        definition: Maths {
            latex: r"\mathrm{sign}(A)_{ij}=\begin{cases}1&A_{ij}>0\cr 0&A_{ij}=0\cr -1&A_{ij}<0\end{cases}",
            text: "sign(A)ᵢⱼ = 1 if Aᵢⱼ > 0, 0 if Aᵢⱼ = 0, −1 if Aᵢⱼ < 0",
        },
        conventions: &["sign(0) is 0; `at0 = 1` or `at0 = -1` makes it that", "its derivative is 0"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Sign",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::of_each_entry!();

    fn build(options: &mut Options) -> Result<Sign, OptionError> {
        Ok(Sign { at_zero: options.choice("at0", &[0, 1, -1])? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        if self.at_zero == 0 { Vec::new() } else { vec![("at0", self.at_zero.to_string())] }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].map(|entry| match () {
            () if entry.is_positive() => S::one(),
            () if entry.is_negative() => -S::one(),
            () => S::from_integer(self.at_zero.into()),
        }))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Zero, law: &SIGN }]
    }

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("The slope of the sign function is 0, at the jump too.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("sign"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        match self.at_zero {
            0 => code::each_entry("np.sign", operands),
            at_zero => {
                let operand = code::one(operands);
                let is_zero = operand.clone().compared("==", Code::integer(0));
                let parts = vec![is_zero, Code::number(&Number::integer(at_zero.into())), code::each_entry("np.sign", vec![operand])];
                Code::call("np.where", parts, Vec::new())
            }
        }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream)]
    }
}
