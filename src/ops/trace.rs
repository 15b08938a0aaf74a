//! `trace(A)`: the sum of the diagonal.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Trace;

pub static TRACE: Law = Law {
    name: "trace",
    title: "Trace",
    proof: Maths {
        latex: r"V=\sum_kA_{kk}\text{, so }\frac{\partial V}{\partial A_{ij}}=1\text{ if }i=j\text{ and }0\text{ otherwise: the identity matrix}",
        text: "V = Σₖ Aₖₖ, so ∂V/∂Aᵢⱼ = 1 if i = j and 0 otherwise: the identity matrix",
    },
};

impl Operator for Trace {
    const REFERENCE: Reference = Reference {
        name: "trace",
        aliases: &["tr"],
        signature: "trace(A)",
        summary: "sum of the diagonal of a square matrix",
        definition: Maths { latex: r"\mathrm{tr}(A)=\sum_kA_{kk}", text: "tr(A) = Σₖ Aₖₖ" },
        conventions: &[],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Trace",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        diag::square("trace", &operands[0]).map(|_| Shape::scalar())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(Tensor::scalar(diag::diagonal(operands[0]).total()))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let side = operands[0].0.first().cloned().unwrap_or_else(Dim::one);
        let identity = Term::Ones(Shape::matrix(side, Dim::one())).under(Diag);
        vec![Rule { term: Term::Upstream.scale(identity), law: &TRACE }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        Math::call(Math::word("tr"), operands)
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::call("np.trace", operands, Vec::new())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        Account::Terms(diag::diagonal(operands[0]).entries().cloned().collect())
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        vec![
            Mistake::gradient(Mistake::ONES_FOR_IDENTITY, 0, Term::Upstream.scale(Term::Ones(operands[0].clone()))),
            Mistake::forward(Mistake::SUM_OF_ALL_ENTRIES, Sum { axis: None }),
        ]
    }
}
