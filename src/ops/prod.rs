//! `prod(A)`: the product of all entries, or along one axis.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prod {
    /// 0 multiplies the entries of each column, 1 those of each row; `None` all.
    pub axis: Option<usize>,
}

pub static PRODUCT_OF_ENTRIES: Law = Law {
    name: "product-of-entries",
    title: "Product of entries",
    proof: Maths {
        latex: r"V=A_{ij}\cdot\prod_{\text{others}}A_{kl}\text{, so }\frac{\partial V}{\partial A_{ij}}=\prod_{\text{others}}A_{kl}=\frac V{A_{ij}}",
        text: "V = Aᵢⱼ · Π of the others, so ∂V/∂Aᵢⱼ = Π of the others = V/Aᵢⱼ",
    },
};

impl Prod {
    fn result(&self, operand: &Shape) -> Shape {
        reduce::shape("prod", self.axis, operand).unwrap_or_default()
    }
}

impl Operator for Prod {
    const REFERENCE: Reference = Reference {
        name: "prod",
        aliases: &["product"],
        signature: "prod(A), prod(A, axis = 0), prod(A, axis = 1)",
        summary: "product of all entries, or along an axis",
        definition: Maths { latex: r"\mathrm{prod}(A)=\prod_{ij}A_{ij}", text: "prod(A) = Πᵢⱼ Aᵢⱼ" },
        conventions: &[
            "the axis stays with side 1: `prod(A, axis = 0)` is a row, `prod(A, axis = 1)` a column",
            "its gradient is written as the product divided by the entry, so it has none at an entry that is 0",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Product of entries",
        acts: Acts::Whole,
        is_total: true,
        weighs: false,
    };

    reduce::along_an_axis!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("prod", self.axis, &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        reduce::fold(operands[0], self.axis, |line| {
            Ok(line.iter().fold(S::one(), |mut product, entry| {
                product *= (*entry).clone();
                product
            }))
        })
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let whole = Term::Upstream.times(&self.result(&operands[0]), Term::Output, &self.result(&operands[0]));
        vec![Rule { term: whole.over(Term::Operand(0)), law: &PRODUCT_OF_ENTRIES }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("prod"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::folded("np.prod", code::one(operands), self.axis)
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let result = self.result(&operands[0]);
        let whole = Term::Upstream.times(&result, Term::Output, &result);
        [
            Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream.repeat_to(&result, &operands[0])),
            Mistake::gradient(Mistake::FACTOR_LEFT_OUT, 0, whole.repeat_to(&result, &operands[0])),
            Mistake::forward(Mistake::SUM_FOR_PRODUCT, Sum { axis: self.axis }),
        ]
        .into_iter()
        .chain(reduce::wrong_axis(self.axis, &operands[0], |axis| Prod { axis }))
        .collect()
    }
}
