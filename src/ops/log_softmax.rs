//! `log_softmax(A)`: the logarithm of the softmax, without a way over numbers near 0.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogSoftmax {
    /// The axis along which the exponentials sum to 1: 1 is within each row.
    pub axis: usize,
}

pub static LOG_SOFTMAX: Law = Law {
    name: "log-softmax",
    title: "Softmax, then logarithm",
    proof: Maths {
        latex: r"\ln p_k=a_k-\ln\sum_me^{a_m}\text{, so }\frac{\partial\ln p_k}{\partial a_i}=[i=k]-p_i\text{ and }\frac{\partial L}{\partial a_i}=(\delta_V)_i-p_i\sum_k(\delta_V)_k",
        text: "ln pₖ = aₖ − ln Σₘ e^aₘ, so ∂ln pₖ/∂aᵢ = [i = k] − pᵢ and ∂L/∂aᵢ = (δV)ᵢ − pᵢ Σₖ (δV)ₖ",
    },
};

/// The gradient with respect to the scores from the probabilities.
pub fn from_probabilities(probabilities: Term, axis: usize) -> Term {
    Term::Upstream.minus(probabilities.hadamard(Term::Upstream.sum(Some(axis))))
}

impl Operator for LogSoftmax {
    const REFERENCE: Reference = Reference {
        name: "log_softmax",
        aliases: &["logsoftmax"],
        signature: "log_softmax(A, axis = 1)",
        summary: "logarithm of the softmax along an axis",
        definition: Maths {
            latex: r"\mathrm{log\,softmax}(A)_{ij}=A_{ij}-\ln\sum_ke^{A_{ik}}",
            text: "log softmax(A)ᵢⱼ = Aᵢⱼ − ln Σₖ e^Aᵢₖ",
        },
        conventions: &["row by row; `axis = 0` (or `layout columns`) column by column"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Logarithm of softmax",
        acts: Acts::Whole,
        is_total: true,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<LogSoftmax, OptionError> {
        Ok(LogSoftmax { axis: options.axis()?.unwrap_or(options.default_axis) })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        reduce::own_axis_option(self.axis)
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("log_softmax", Some(self.axis), &operands[0]).map(|_| operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let totals = LogSumExp { axis: self.axis }.evaluate(operands)?;
        Ok(operands[0].zip(&totals, |a, total| a.clone() - total.clone()))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let probabilities = Term::Operand(0).under(Softmax { axis: self.axis });
        vec![Rule { term: from_probabilities(probabilities, self.axis), law: &LOG_SOFTMAX }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("log_softmax"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let operand = code::one(operands);
        operand.clone().minus(Code::helped(&logsumexp::LOGSUMEXP_CODE, vec![operand], code::axis(self.axis)))
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let softmax = || Term::Operand(0).under(Softmax { axis: self.axis });
        let diagonal = Term::Upstream.hadamard(Term::integer(1).minus(softmax()));
        [
            Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream),
            Mistake::gradient(Mistake::DIAGONAL_ONLY, 0, diagonal),
            Mistake::forward(Mistake::LOGARITHM_LEFT_OUT, Softmax { axis: self.axis }),
        ]
        .into_iter()
        .chain(reduce::wrong_axis(Some(self.axis), &operands[0], |axis| LogSoftmax { axis: axis.unwrap_or(1) }))
        .collect()
    }
}
