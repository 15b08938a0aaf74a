//! `sum(A)`, `colsum(A)`, `rowsum(A)`: the sum of all entries, or along one axis.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sum {
    /// 0 sums each column into one row, 1 each row into one column; `None` sums everything.
    pub axis: Option<usize>,
}

pub static SUM_OF_ENTRIES: Law = Law {
    name: "sum-of-entries",
    title: "Sum over entries",
    proof: Maths {
        latex: r"V=\sum_{ij}A_{ij}\text{, so every }\frac{\partial V}{\partial A_{ij}}=1\text{: the gradient is repeated to each entry that was summed}",
        text: "V = Σᵢⱼ Aᵢⱼ, so every ∂V/∂Aᵢⱼ = 1: the gradient is repeated to each entry that was summed",
    },
};

impl Operator for Sum {
    const REFERENCE: Reference = Reference {
        name: "sum",
        aliases: &["colsum", "rowsum"],
        signature: "sum(A), sum(A, axis = 0) = colsum(A), sum(A, axis = 1) = rowsum(A)",
        summary: "sum of all entries, or along an axis",
        definition: Maths {
            latex: r"\textstyle\sum A=\sum_{ij}A_{ij},\quad(\mathbf 1^{\mathsf T}A)_{1j}=\sum_iA_{ij},\quad(A\mathbf 1)_{i1}=\sum_jA_{ij}",
            text: "ΣA = Σᵢⱼ Aᵢⱼ, (1ᵀA)₁ⱼ = Σᵢ Aᵢⱼ, (A1)ᵢ₁ = Σⱼ Aᵢⱼ",
        },
        conventions: &["the summed axis stays with side 1: `colsum(A)` is a row, `rowsum(A)` a column"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Sum",
        acts: Acts::Gathers,
        is_total: true,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Sum, OptionError> {
        let axis = match options.called.as_str() {
            "colsum" => Some(0),
            "rowsum" => Some(1),
            _ => options.axis()?,
        };
        Ok(Sum { axis })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        reduce::axis_option(self.axis)
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("sum", self.axis, &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        match self.axis {
            None => Ok(Tensor::scalar(operands[0].total())),
            Some(axis) => operands[0].fold_axis(axis, |line| {
                Ok(line.iter().fold(S::zero(), |mut sum, entry| {
                    sum += (*entry).clone();
                    sum
                }))
            }),
        }
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let result = reduce::shape("sum", self.axis, &operands[0]).unwrap_or_default();
        vec![Rule { term: Term::Upstream.repeat_to(&result, &operands[0]), law: &SUM_OF_ENTRIES }]
    }

    form::fused_with_nothing!();

    fn called(&self) -> Option<&'static str> {
        Some(match self.axis {
            Some(0) => "colsum",
            Some(1) => "rowsum",
            Some(_) | None => "sum",
        })
    }

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        match self.axis {
            Some(0) => Math::Glyph(Glyph::Ones).transposed().times(form::one(operands)),
            Some(1) => form::one(operands).times(Math::Glyph(Glyph::Ones)),
            Some(_) => form::call(Math::word("sum"), operands, self.options()),
            None => Math::total(Vec::new(), form::one(operands)),
        }
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::folded("np.sum", code::one(operands), self.axis)
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        Account::Terms(reduce::line(operands[0], self.axis, entry))
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let result = reduce::shape("sum", self.axis, &operands[0]).unwrap_or_default();
        let mean = Term::integer(1).over(Term::Size(reduce::count(self.axis, &operands[0])));
        vec![Mistake::gradient(Mistake::MEAN_FOR_SUM, 0, mean.scale(Term::Upstream.repeat_to(&result, &operands[0])))]
    }
}
