//! `mean(A)`: the mean of all entries, or along one axis.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mean {
    /// 0 averages each column into one row, 1 each row into one column; `None` averages everything.
    pub axis: Option<usize>,
}

pub static MEAN: Law = Law {
    name: "mean",
    title: "Mean",
    proof: Maths {
        latex: r"V=\frac1n\sum_{ij}A_{ij}\text{, so every }\frac{\partial V}{\partial A_{ij}}=\frac1n\text{: a share of the gradient goes to each entry that was averaged}",
        text: "V = 1/n Σᵢⱼ Aᵢⱼ, so every ∂V/∂Aᵢⱼ = 1/n: a share of the gradient goes to each entry that was averaged",
    },
};

impl Operator for Mean {
    const REFERENCE: Reference = Reference {
        name: "mean",
        aliases: &[],
        signature: "mean(A), mean(A, axis = 0), mean(A, axis = 1)",
        summary: "mean of all entries, or along an axis",
        definition: Maths {
            latex: r"\mathrm{mean}(A)=\frac1{mn}\sum_{ij}A_{ij}",
            text: "mean(A) = 1/(mn) Σᵢⱼ Aᵢⱼ",
        },
        conventions: &["the averaged axis stays with side 1: `mean(A, axis = 0)` is a row, `mean(A, axis = 1)` a column"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Mean",
        acts: Acts::Gathers,
        is_total: true,
        weighs: false,
    };

    reduce::along_an_axis!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("mean", self.axis, &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let sums = Sum { axis: self.axis }.evaluate(operands)?;
        let count = (operands[0].size() / sums.size().max(1)) as i64;
        elementwise::map(&sums, |sum| sum.checked_div(&S::from_integer(count)))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let result = reduce::shape("mean", self.axis, &operands[0]).unwrap_or_default();
        let share = Term::Upstream.over(Term::Size(reduce::count(self.axis, &operands[0])));
        vec![Rule { term: share.repeat_to(&result, &operands[0]), law: &MEAN }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("mean"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::folded("np.mean", code::one(operands), self.axis)
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let terms = reduce::line(operands[0], self.axis, entry);
        Account::Mean { divisor: terms.len(), terms }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let result = reduce::shape("mean", self.axis, &operands[0]).unwrap_or_default();
        let whole = Term::Upstream.repeat_to(&result, &operands[0]);
        [
            Mistake::gradient(Mistake::SUM_FOR_MEAN, 0, whole),
            Mistake::forward(Mistake::SUM_FOR_MEAN, Sum { axis: self.axis }),
        ]
        .into_iter()
        .chain(reduce::wrong_axis(self.axis, &operands[0], |axis| Mean { axis }))
        .collect()
    }
}
