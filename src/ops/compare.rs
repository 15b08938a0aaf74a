//! `1[A > B]`: 1 where a relation holds, 0 elsewhere.

use super::*;
use crate::syntax::ast::Relation;

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
        title: "",
        acts: Acts::Pairwise,
        is_total: true,
        weighs: false,
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

    form::fused_with_nothing!();

    form::written_with_signs!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let [left, right] = form::two(operands);
        Math::Indicator(Box::new(left.related(self.relation.into(), right)))
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let sign = match self.relation {
            Relation::Greater => ">",
            Relation::GreaterEqual => ">=",
            Relation::Less => "<",
            Relation::LessEqual => "<=",
            Relation::Equal => "==",
            Relation::NotEqual => "!=",
        };
        let [left, right] = code::two(operands);
        left.indicator(sign, right)
    }

    form::explained_by_its_formula!();

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        Vec::new()
    }
}
