//! `1[A > B]`: 1 where a relation holds, 0 elsewhere.

use super::*;
use crate::syntax::ast::Relation;
use Piece::{Operand, Text};

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Compare {
    pub relation: Relation,
}

pub static INDICATOR: Law = Law {
    name: "indicator",
    title: "Indicator",
    proof: Maths {
        latex: r"\mathbf 1[A>B]\text{ is constant on both sides of the step, so no gradient flows}",
        text: "1[A > B] is constant on both sides of the step, so no gradient flows",
    },
};

impl Compare {
    pub fn holds(&self, order: std::cmp::Ordering) -> bool {
        match self.relation {
            Relation::Greater => order.is_gt(),
            Relation::GreaterEqual => order.is_ge(),
            Relation::Less => order.is_lt(),
            Relation::LessEqual => order.is_le(),
            Relation::Equal => order.is_eq(),
            Relation::NotEqual => order.is_ne(),
        }
    }
}

macro_rules! indicator {
    ($plain:literal, $latex:literal, $text:literal) => {
        Notation {
            plain: Form::Pieces(
                Level::Atom,
                &[Text("1["), Operand(0, Level::Sum), Text($plain), Operand(1, Level::Sum), Text("]")],
            ),
            latex: Form::Pieces(
                Level::Atom,
                &[Text(r"\mathbf 1["), Operand(0, Level::Sum), Text($latex), Operand(1, Level::Sum), Text("]")],
            ),
            text: Form::Pieces(
                Level::Atom,
                &[Text("𝟏["), Operand(0, Level::Sum), Text($text), Operand(1, Level::Sum), Text("]")],
            ),
        }
    };
}

impl Operator for Compare {
    const REFERENCE: Reference = Reference {
        name: "1[ ]",
        aliases: &[],
        signature: "1[A > B]; also >=, <, <=, ==, !=",
        summary: "indicator: 1 where the relation holds, 0 elsewhere",
        definition: Maths {
            latex: r"\mathbf 1[A>B]_{ij}=\begin{cases}1&A_{ij}>B_{ij}\cr 0&\text{otherwise}\end{cases}",
            text: "𝟏[A > B]ᵢⱼ = 1 if Aᵢⱼ > Bᵢⱼ, else 0",
        },
        conventions: &["its derivative is 0"],
        call: None,
        letters: &["A", "B", "V"],
    };

    fn build(_: &mut Options) -> Result<Compare, OptionError> {
        Ok(Compare { relation: Relation::Greater })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        elementwise::broadcast("1[ ]", operands)
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].zip(operands[1], |a, b| if self.holds(a.order(b)) { S::one() } else { S::zero() }))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        operands.iter().map(|_| Rule { term: Term::Zero, law: &INDICATOR }).collect()
    }

    fn fusions(&self, _: &[Shape]) -> Vec<Fusion> {
        Vec::new()
    }

    fn notation(&self) -> Notation {
        match self.relation {
            Relation::Greater => indicator!(" > ", " > ", " > "),
            Relation::GreaterEqual => indicator!(" >= ", r" \ge ", " ≥ "),
            Relation::Less => indicator!(" < ", " < ", " < "),
            Relation::LessEqual => indicator!(" <= ", r" \le ", " ≤ "),
            Relation::Equal => indicator!(" == ", " = ", " = "),
            Relation::NotEqual => indicator!(" != ", r" \ne ", " ≠ "),
        }
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, _: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        Account::Formula
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        Vec::new()
    }
}
