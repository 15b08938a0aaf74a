//! `maximum(A, B)`: the larger of two, entry by entry.

use super::contest::Contest;
use super::*;
use crate::syntax::ast::Relation;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Maximum;

pub static LARGER_OF_TWO: Law = Law {
    name: "larger-of-two",
    title: "The larger of two",
    proof: Maths {
        latex: r"V_{ij}\text{ is }A_{ij}\text{ or }B_{ij}\text{, so the larger one takes the whole gradient and the other none; where they are equal the convention here is that }A\text{ takes it}",
        text: "Vᵢⱼ is Aᵢⱼ or Bᵢⱼ, so the larger one takes the whole gradient and the other none; where they are equal the convention here is that A takes it",
    },
};

const CONTEST: Contest = Contest { first: Relation::GreaterEqual, second: Relation::Less };

static MAXIMUM: Helper = Helper {
    name: "maximum",
    needs: &[],
    source: r#"
def maximum(A, B):
    """The larger of two entries."""
    return np.where(A >= B, A, B)
"#,
};

impl Operator for Maximum {
    const REFERENCE: Reference = Reference {
        name: "maximum",
        aliases: &[],
        signature: "maximum(A, B)",
        summary: "the larger of two, entry by entry",
        definition: Maths { latex: r"\max(A,B)_{ij}=\max(A_{ij},B_{ij})", text: "max(A, B)ᵢⱼ = max(Aᵢⱼ, Bᵢⱼ)" },
        conventions: &[
            "a scalar, a row or a column is repeated along the other operand (broadcast)",
            "where both are equal the gradient goes to the first",
        ],
        call: Some((2, 2)),
        letters: &["A", "B", "V"],
        title: "The larger of two",
        acts: Acts::Pairwise,
        is_total: true,
        weighs: false,
    };

    elementwise::without_options!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        elementwise::broadcast("maximum", operands)
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(CONTEST.evaluate(operands))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        CONTEST.gradient(operands, &LARGER_OF_TWO)
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("Where two values are equal the first takes the gradient of the larger one.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::Function("max"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&MAXIMUM, operands, Vec::new())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        CONTEST.account(operands, entry)
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        CONTEST.mistakes(operands, Minimum)
    }
}
