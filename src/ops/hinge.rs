//! `hinge(S, Y)`: the loss of a linear support vector machine, of scores against labels of 1 and -1.

use super::*;
use crate::syntax::ast::Relation;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hinge {
    /// Divided by the number of entries.
    pub mean: bool,
}

pub static HINGE: Law = Law {
    name: "hinge",
    title: "Hinge loss",
    proof: Maths {
        latex: r"\ell=\max(0,1-sy)\text{ is }1-sy\text{ where }sy<1\text{, with }\frac{\partial\ell}{\partial s}=-y\text{, and }0\text{ where }sy>1\text{; at }sy=1\text{ the convention here is the subgradient }0",
        text: "ℓ = max(0, 1 − sy) is 1 − sy where sy < 1, with ∂ℓ/∂s = −y, and 0 where sy > 1; at sy = 1 the convention here is the subgradient 0",
    },
};

impl Hinge {
    /// The other operand's entries, where the margin is violated, with the loss's factor but not its sign.
    fn violated(&self, operands: &[Shape], other: usize) -> Term {
        let shape = &operands[0];
        let margin = Term::Operand(0).times(shape, Term::Operand(1), shape);
        let mask = margin.indicator(Relation::Less, Term::integer(1));
        reduce::share(self.mean, shape).scale(mask.times(shape, Term::Operand(other), shape))
    }

    fn terms<S: Scalar>(operands: &[&Tensor<S>]) -> Tensor<S> {
        operands[0].zip(operands[1], |s, y| {
            let short = S::one() - s.clone() * y.clone();
            if short.is_positive() { short } else { S::zero() }
        })
    }
}

impl Operator for Hinge {
    const REFERENCE: Reference = Reference {
        name: "hinge",
        aliases: &[],
        signature: "hinge(S, Y, reduce = sum | mean)",
        summary: "hinge loss of scores S against labels Y of 1 and -1",
        definition: Maths {
            latex: r"\mathrm{hinge}(S,Y)=\sum_{ij}\max(0,1-S_{ij}Y_{ij})",
            text: "hinge(S, Y) = Σᵢⱼ max(0, 1 − Sᵢⱼ Yᵢⱼ)",
        },
        conventions: &[
            "summed over all entries; `reduce = mean` divides by their number",
            "on the margin (S Y = 1) the slope is 0",
            "the scores stand first, the labels second",
        ],
        call: Some((2, 2)),
        letters: &["S", "Y", "L"],
        title: "Hinge loss",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Hinge, OptionError> {
        Ok(Hinge { mean: options.word("reduce", &["sum", "mean"])? == "mean" })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        if self.mean { vec![("reduce", "mean".to_string())] } else { Vec::new() }
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        match operands[0] == operands[1] {
            true => Ok(Shape::scalar()),
            false => Err(ShapeError::new("`hinge` compares scores and labels of the same shape")),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        reduce::loss(Hinge::terms(operands), self.mean)
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let rule = |other| Rule { term: self.violated(operands, other).negated(), law: &HINGE };
        vec![rule(1), rule(0)]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some(match self.mean {
            true => "The hinge loss is the mean over the entries. On the margin its slope is 0, one of its subgradients.".into(),
            false => "On the margin its slope is 0, one of its subgradients.".into(),
        })
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("hinge"), operands, Vec::new())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let [scores, classes] = code::two(operands);
        let short = Code::integer(1).minus(scores.times(classes));
        let terms = Code::helped(&relu::RELU_CODE, vec![short], Vec::new());
        Code::folded(if self.mean { "np.mean" } else { "np.sum" }, terms, None)
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], _: &[usize]) -> Account<S> {
        let pairs: Vec<(S, S)> = operands[0].entries().cloned().zip(operands[1].entries().cloned()).collect();
        Account::Margins { divisor: if self.mean { pairs.len() } else { 1 }, pairs }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let unmasked = |other| reduce::share(self.mean, &operands[0]).scale(Term::Operand(other)).negated();
        let name = if self.mean { Mistake::SUM_FOR_MEAN } else { Mistake::MEAN_FOR_SUM };
        vec![
            Mistake::gradient(Mistake::SIGN, 0, self.violated(operands, 1)),
            Mistake::gradient(Mistake::SIGN, 1, self.violated(operands, 0)),
            Mistake::gradient(Mistake::MISSING_MASK, 0, unmasked(1)),
            Mistake::gradient(Mistake::MISSING_MASK, 1, unmasked(0)),
            Mistake::forward(name, Hinge { mean: !self.mean }),
        ]
    }
}
