//! `median(A)`: the middle one of all entries, or along one axis; of an even number the mean of the two in the middle.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Median {
    /// 0 takes the middle of each column, 1 of each row; `None` of everything.
    pub axis: Option<usize>,
}

pub static MIDDLE: Law = Law {
    name: "middle",
    title: "Median",
    proof: Maths {
        latex: r"V\text{ is the middle entry (of an even number half the sum of the two in the middle) and no other, so }\frac{\partial V}{\partial A_{ij}}=1\text{ (}\tfrac12\text{) for it and }0\text{ for the others}",
        text: "V is the middle entry (of an even number half the sum of the two in the middle) and no other, so ∂V/∂Aᵢⱼ = 1 (1/2) for it and 0 for the others",
    },
};

/// The places of the one or two entries in the middle of a line; of equal ones the first come first.
pub fn middle<S: Scalar>(line: &[&S]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..line.len()).collect();
    order.sort_by(|a, b| line[*a].order(line[*b]));
    let half = line.len() / 2;
    if line.len() % 2 == 1 { vec![order[half]] } else { vec![order[half - 1], order[half]] }
}

impl Median {
    fn result(&self, operand: &Shape) -> Shape {
        reduce::shape("median", self.axis, operand).unwrap_or_default()
    }
}

impl Operator for Median {
    const REFERENCE: Reference = Reference {
        name: "median",
        aliases: &[],
        signature: "median(A), median(A, axis = 0), median(A, axis = 1)",
        summary: "middle one of all entries, or along an axis",
        definition: Maths {
            latex: r"\mathrm{median}(A)\text{: the middle one of the sorted }A_{ij}",
            text: "median(A): the middle one of the sorted Aᵢⱼ",
        },
        conventions: &[
            "of an even number of entries it is the mean of the two in the middle",
            "the axis stays with side 1: `median(A, axis = 0)` is a row, `median(A, axis = 1)` a column",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Median",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    reduce::along_an_axis!();

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("median", self.axis, &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        reduce::fold(operands[0], self.axis, |line| {
            let places = middle(line);
            let sum = places.iter().fold(S::zero(), |mut sum, place| {
                sum += line[*place].clone();
                sum
            });
            sum.checked_div(&S::from_integer(places.len() as i64))
        })
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let mask = Term::Operand(0).under(MedianMask { axis: self.axis });
        let term = Term::Upstream.times(&self.result(&operands[0]), mask, &operands[0]);
        vec![Rule { term, law: &MIDDLE }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("Of an even number of entries the median is the mean of the two in the middle.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("median"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::folded("np.median", code::one(operands), self.axis)
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let line = reduce::line(operands[0], self.axis, entry);
        let terms: Vec<S> = middle(&line.iter().collect::<Vec<_>>()).iter().map(|place| line[*place].clone()).collect();
        Account::Mean { divisor: terms.len(), terms }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let repeated = Term::Upstream.repeat_to(&self.result(&operands[0]), &operands[0]);
        [
            Mistake::gradient(Mistake::MISSING_MASK, 0, repeated),
            Mistake::forward(Mistake::MEAN_FOR_MEDIAN, Mean { axis: self.axis }),
        ]
        .into_iter()
        .chain(reduce::wrong_axis(self.axis, &operands[0], |axis| Median { axis }))
        .collect()
    }
}
