//! `relu(A)`: the larger of each entry and 0.

use super::*;
use crate::number::Number;
use crate::syntax::ast::Relation;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relu {
    /// The slope at 0, where both sides are possible: 0 or 1.
    pub slope_at_zero: u8,
}

pub static RELU: Law = Law {
    name: "relu",
    title: "ReLU",
    proof: Maths {
        latex: r"\text{the slope is }1\text{ where }A>0\text{ and }0\text{ where }A<0\text{; at }A=0\text{ the convention here is }0",
        text: "the slope is 1 where A > 0 and 0 where A < 0; at A = 0 the convention here is 0",
    },
};

pub static RELU_ONE_AT_ZERO: Law = Law {
    name: "relu",
    title: "ReLU",
    proof: Maths {
        latex: r"\text{the slope is }1\text{ where }A>0\text{ and }0\text{ where }A<0\text{; at }A=0\text{ this problem takes }1",
        text: "the slope is 1 where A > 0 and 0 where A < 0; at A = 0 this problem takes 1",
    },
};

impl Relu {
    fn mask(&self) -> Term {
        let relation = if self.slope_at_zero == 0 { Relation::Greater } else { Relation::GreaterEqual };
        Term::Operand(0).indicator(relation, Term::integer(0))
    }
}

pub static RELU_CODE: Helper = Helper {
    name: "relu",
    needs: &[],
    source: r#"
def relu(A):
    return np.where(A > 0, A, 0.0)
"#,
};

impl Operator for Relu {
    const REFERENCE: Reference = Reference {
        name: "relu",
        aliases: &["ReLU", "Relu"],
        signature: "relu(A, at0 = 0)",
        summary: "rectified linear unit",
        definition: Maths { latex: r"\mathrm{ReLU}(A)_{ij}=\max(0,A_{ij})", text: "ReLU(A)ᵢⱼ = max(0, Aᵢⱼ)" },
        conventions: &["the slope at 0 is 0; `at0 = 1` makes it 1"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "ReLU",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<Relu, OptionError> {
        let slope = options.number("at0", Number::integer(0))?.to_integer();
        let slope_at_zero = slope.and_then(|slope| u8::try_from(slope).ok()).filter(|slope| *slope <= 1);
        let slope_at_zero = slope_at_zero
            .ok_or_else(|| OptionError { message: "`at0` is the slope at 0: 0 or 1".to_string(), span: None })?;
        Ok(Relu { slope_at_zero })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        if self.slope_at_zero == 0 { Vec::new() } else { vec![("at0", self.slope_at_zero.to_string())] }
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].map(|entry| if entry.is_positive() { entry } else { S::zero() }))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let term = Term::Upstream.times(&operands[0], self.mask(), &operands[0]);
        vec![Rule { term, law: if self.slope_at_zero == 0 { &RELU } else { &RELU_ONE_AT_ZERO } }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some(format!("The slope of ReLU at 0 is {}.", self.slope_at_zero).into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("ReLU"), operands, Vec::new())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&RELU_CODE, operands, Vec::new())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Cut
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let value = operands[0].at(entry).clone();
        let winner = usize::from(value.is_positive());
        Account::Choice { candidates: vec![(Vec::new(), S::zero()), (entry.to_vec(), value)], winner }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let on_output = Term::Output.indicator(Relation::LessEqual, Term::integer(0));
        vec![
            Mistake::gradient(Mistake::MISSING_MASK, 0, Term::Upstream),
            Mistake::gradient(Mistake::MASK_REVERSED, 0, Term::Upstream.times(&operands[0], on_output, &operands[0])),
            Mistake::gradient(Mistake::VALUE_FOR_MASK, 0, Term::Upstream.times(&operands[0], Term::Output, &operands[0])),
        ]
    }
}
