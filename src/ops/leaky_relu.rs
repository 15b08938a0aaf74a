//! `leaky_relu(A)`: each entry, or a small multiple of it where it is negative.

use super::*;
use crate::number::Number;
use crate::syntax::ast::Relation;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LeakyRelu {
    /// The slope where the entry is not positive.
    pub slope: Constant,
}

pub static LEAKY_RELU: Law = Law {
    name: "leaky-relu",
    title: "Leaky ReLU",
    proof: Maths {
        latex: r"\text{the slope is }1\text{ where }A>0\text{ and the small slope where }A<0\text{; at }A=0\text{ the convention here is the small one}",
        text: "the slope is 1 where A > 0 and the small slope where A < 0; at A = 0 the convention here is the small one",
    },
};

impl LeakyRelu {
    fn default_slope() -> Number {
        Number::ratio(1, 100)
    }

    /// The derivative: `positive` where the entry is positive, `otherwise` elsewhere.
    fn slopes(positive: Term, otherwise: Term) -> Term {
        let side = |relation| Term::Operand(0).indicator(relation, Term::integer(0));
        let whole = positive == Term::integer(1);
        let right = if whole { side(Relation::Greater) } else { positive.scale(side(Relation::Greater)) };
        right.plus(otherwise.scale(side(Relation::LessEqual)))
    }

    fn factor<S: Scalar>(&self, entry: &S) -> S {
        if entry.is_positive() { S::one() } else { S::from_number(&self.slope.0) }
    }
}

pub static LEAKY_RELU_CODE: Helper = Helper {
    name: "leaky_relu",
    needs: &[],
    source: r#"
def leaky_relu(A, slope):
    return np.where(A > 0, A, slope * A)
"#,
};

impl Operator for LeakyRelu {
    const REFERENCE: Reference = Reference {
        name: "leaky_relu",
        aliases: &["LeakyReLU"],
        signature: "leaky_relu(A, slope = 0.01)",
        summary: "leaky rectified linear unit",
        definition: Maths {
            latex: r"\mathrm{LeakyReLU}(A)_{ij}=\begin{cases}A_{ij}&A_{ij}>0\cr s\,A_{ij}&A_{ij}\le 0\end{cases}",
            text: "LeakyReLU(A)ᵢⱼ = Aᵢⱼ if Aᵢⱼ > 0, else s Aᵢⱼ",
        },
        conventions: &["the slope s of negative entries is 0.01; the slope at 0 is s too"],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Leaky ReLU",
        acts: Acts::EachEntry,
        is_total: true,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<LeakyRelu, OptionError> {
        Ok(LeakyRelu { slope: Constant(options.number("slope", LeakyRelu::default_slope())?) })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        if self.slope.0 == LeakyRelu::default_slope() { Vec::new() } else { vec![("slope", self.slope.to_string())] }
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        Ok(operands[0].map(|entry| self.factor(&entry) * entry))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let slopes = LeakyRelu::slopes(Term::integer(1), Term::Number(self.slope.0.clone()));
        elementwise::rule(slopes, &operands[0], &LEAKY_RELU)
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some(format!("The slope of the leaky ReLU below 0 is {}; at 0 it is the same.", self.slope.0).into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("LeakyReLU"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&LEAKY_RELU_CODE, operands, vec![("slope", Code::number(&self.slope.0).text().to_string())])
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let value = operands[0].at(entry).clone();
        match value.is_positive() {
            true => Account::Moved { operand: 0, from: entry.to_vec() },
            false => Account::Products { groups: vec![vec![(self.factor(&value), value)]], addend: None },
        }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let slope = Term::Number(self.slope.0.clone());
        let positive_only = Term::Operand(0).indicator(Relation::Greater, Term::integer(0));
        let reversed = LeakyRelu::slopes(slope, Term::integer(1));
        let slips = [(Mistake::SLOPE_LEFT_OUT, positive_only), (Mistake::MASK_REVERSED, reversed)];
        let mut mistakes = elementwise::slips(&operands[0], slips);
        mistakes.push(Mistake::forward(Mistake::SLOPE_LEFT_OUT, Relu { slope_at_zero: 0 }));
        mistakes
    }
}
