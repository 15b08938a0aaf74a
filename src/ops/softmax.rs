//! `softmax(A)`: each row made positive with sum 1.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Softmax {
    /// The axis along which the entries sum to 1: 1 is within each row.
    pub axis: usize,
}

pub static SOFTMAX: Law = Law {
    name: "softmax",
    title: "Softmax",
    proof: Maths {
        latex: r"\frac{\partial p_k}{\partial a_i}=p_i(1-p_i)\text{ if }i=k\text{ and }-p_ip_k\text{ otherwise, so }\frac{\partial L}{\partial a_i}=\sum_k\frac{\partial p_k}{\partial a_i}(\delta_p)_k=p_i\Bigl((\delta_p)_i-\sum_kp_k(\delta_p)_k\Bigr)",
        text: "∂pₖ/∂aᵢ = pᵢ(1 − pᵢ) if i = k and −pᵢpₖ otherwise, so ∂L/∂aᵢ = pᵢ((δp)ᵢ − Σₖ pₖ(δp)ₖ)",
    },
};

/// The exponentials, each line shifted by its largest entry: their shares are the same and nothing overflows.
pub fn shifted_exponentials<S: Scalar>(operand: &Tensor<S>, axis: usize) -> Result<Tensor<S>, ValueError> {
    let largest = operand.fold_axis(axis, |line| Ok::<_, ValueError>(reduce::largest(line)))?;
    Exp.evaluate(&[&operand.zip(&largest, |a, top| a.clone() - top.clone())])
}

pub static SOFTMAX_CODE: Helper = Helper {
    name: "softmax",
    needs: &[],
    source: r#"
def softmax(A, axis):
    """Exponentials divided by their sum; the largest entry is taken off first, which changes nothing but overflow."""
    E = np.exp(A - np.amax(A, axis=axis, keepdims=True))
    return E / np.sum(E, axis=axis, keepdims=True)
"#,
};

impl Operator for Softmax {
    const REFERENCE: Reference = Reference {
        name: "softmax",
        aliases: &[],
        signature: "softmax(A, axis = 1)",
        summary: "exponentials divided by their sum, along an axis",
        definition: Maths {
            latex: r"\mathrm{softmax}(A)_{ij}=\frac{e^{A_{ij}}}{\sum_ke^{A_{ik}}}",
            text: "softmax(A)ᵢⱼ = e^Aᵢⱼ / Σₖ e^Aᵢₖ",
        },
        conventions: &["row by row; `axis = 0` (or `layout columns`) column by column"],
        call: Some((1, 1)),
        letters: &["A", "P"],
        title: "Softmax",
        acts: Acts::Whole,
        is_total: true,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Softmax, OptionError> {
        Ok(Softmax { axis: options.axis()?.unwrap_or(options.default_axis) })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        reduce::own_axis_option(self.axis)
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("softmax", Some(self.axis), &operands[0]).map(|_| operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let exponentials = shifted_exponentials(operands[0], self.axis)?;
        let sums = Sum { axis: Some(self.axis) }.evaluate(&[&exponentials])?;
        Ok(exponentials.try_zip(&sums, S::checked_div)?)
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let weighted = Term::Upstream.hadamard(Term::Output).sum(Some(self.axis));
        vec![Rule { term: Term::Output.hadamard(Term::Upstream.minus(weighted)), law: &SOFTMAX }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        let lines = if self.axis == 0 { "column by column" } else { "row by row" };
        Some(format!("Softmax acts {lines}.").into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("softmax"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&SOFTMAX_CODE, operands, code::axis(self.axis))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let line = reduce::line(operands[0], Some(self.axis), entry);
        Account::Exponentials { line, place: entry[self.axis] }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        let diagonal = Term::Output.hadamard(Term::integer(1).minus(Term::Output));
        vec![
            Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream),
            Mistake::gradient(Mistake::DIAGONAL_ONLY, 0, Term::Upstream.hadamard(diagonal)),
            Mistake::forward(Mistake::WRONG_AXIS, Softmax { axis: 1 - self.axis.min(1) }),
        ]
    }
}
