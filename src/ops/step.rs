//! `step(A)`: 1 where an entry is positive, 0 where it is negative.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    /// The value at 0: 0 or 1.
    pub at_zero: i8,
}

pub static STEP: Law = Law {
    name: "step",
    title: "Step",
    proof: Maths {
        latex: r"\text{the step is constant on both sides of }0\text{, so no gradient flows}",
        text: "the step is constant on both sides of 0, so no gradient flows",
    },
};

impl Operator for Step {
    const REFERENCE: Reference = Reference {
        name: "step",
        aliases: &["heaviside"],
        signature: "step(A, at0 = 0 | 1)",
        summary: "unit step, entry by entry",
        definition: Maths {
            latex: r"\mathrm{step}(A)_{ij}=\begin{cases}1&A_{ij}>0\cr 0&A_{ij}\le 0\end{cases}",
            text: "step(A)ᵢⱼ = 1 if Aᵢⱼ > 0, else 0",
        },
        conventions: &["step(0) is 0; `at0 = 1` makes it 1", "its derivative is 0"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Step function",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    elementwise::of_each_entry!();

    fn build(options: &mut Options) -> Result<Step, OptionError> {
        Ok(Step { at_zero: options.choice("at0", &[0, 1])? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        if self.at_zero == 0 { Vec::new() } else { vec![("at0", self.at_zero.to_string())] }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].map(|entry| match () {
            () if entry.is_positive() => S::one(),
            () if entry.is_negative() => S::zero(),
            () => S::from_integer(self.at_zero.into()),
        }))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Zero, law: &STEP }]
    }

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("The slope of the step function is 0, at the jump too.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("step"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let sign = if self.at_zero == 0 { ">" } else { ">=" };
        code::one(operands).indicator(sign, Code::integer(0))
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream)]
    }
}
