//! `logsumexp(A)`: the logarithm of the sum of the exponentials of each line.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogSumExp {
    /// The axis that is summed over: 1 is within each row.
    pub axis: usize,
}

pub static LOG_SUM_EXP: Law = Law {
    name: "log-sum-exp",
    title: "Log-sum-exp",
    proof: Maths {
        latex: r"\frac{\partial}{\partial a_k}\ln\sum_me^{a_m}=\frac{e^{a_k}}{\sum_me^{a_m}}=\mathrm{softmax}(a)_k",
        text: "∂/∂aₖ ln Σₘ e^aₘ = e^aₖ / Σₘ e^aₘ = softmax(a)ₖ",
    },
};

pub static LOGSUMEXP_CODE: Helper = Helper {
    name: "logsumexp",
    needs: &[],
    source: r#"
def logsumexp(A, axis):
    """The logarithm of the sum of exponentials, without overflow."""
    top = np.amax(A, axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(A - top), axis=axis, keepdims=True))
"#,
};

impl Operator for LogSumExp {
    const REFERENCE: Reference = Reference {
        name: "logsumexp",
        aliases: &[],
        signature: "logsumexp(A, axis = 1)",
        summary: "logarithm of the sum of exponentials along an axis",
        definition: Maths {
            latex: r"\mathrm{logsumexp}(A)_{i1}=\ln\sum_ke^{A_{ik}}",
            text: "logsumexp(A)ᵢ₁ = ln Σₖ e^Aᵢₖ",
        },
        conventions: &[
            "row by row into a column; `axis = 0` (or `layout columns`) column by column into a row",
            "computed with the largest entry taken out, so that nothing overflows",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Logarithm of a sum of exponentials",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<LogSumExp, OptionError> {
        Ok(LogSumExp { axis: options.axis()?.unwrap_or(options.default_axis) })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        reduce::own_axis_option(self.axis)
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("logsumexp", Some(self.axis), &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let largest = operands[0].fold_axis(self.axis, |line| Ok::<_, ValueError>(reduce::largest(line)))?;
        let exponentials = softmax::shifted_exponentials(operands[0], self.axis)?;
        let sums = Sum { axis: Some(self.axis) }.evaluate(&[&exponentials])?;
        elementwise::zip(&[&largest, &sums], |top, sum| Ok(top.clone() + elementwise::logarithm(sum)?))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let shares = Term::Operand(0).under(Softmax { axis: self.axis });
        vec![Rule { term: Term::Upstream.hadamard(shares), law: &LOG_SUM_EXP }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("logsumexp"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&LOGSUMEXP_CODE, operands, code::axis(self.axis))
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let repeated = Term::Upstream.hadamard(Term::Ones(operands[0].clone()));
        let exponentials = Term::Upstream.hadamard(Term::Operand(0).under(Exp));
        [Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, repeated), Mistake::gradient(Mistake::NOT_NORMALISED, 0, exponentials)]
            .into_iter()
            .chain(reduce::wrong_axis(Some(self.axis), &operands[0], |axis| LogSumExp { axis: axis.unwrap_or(1) }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_entries_do_not_overflow() {
        let row = Tensor::from_entries(&[1, 2], vec![1000.0, 1000.0]);
        let found = *LogSumExp { axis: 1 }.evaluate(&[&row]).unwrap().first();
        assert!((found - (1000.0 + 2f64.ln())).abs() < 1e-12);
    }
}
