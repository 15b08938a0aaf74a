//! `cumsum(A)`: each entry with all those before it along an axis added.

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CumSum {
    pub axis: usize,
    /// From the end: those after it are added.
    pub reverse: bool,
}

pub static CUMULATIVE_SUM: Law = Law {
    name: "cumulative-sum",
    title: "Cumulative sum",
    proof: Maths {
        latex: r"V_{ij}=\sum_{k\le j}A_{ik}\text{, so }A_{ik}\text{ is in every }V_{ij}\text{ with }j\ge k\text{ and }\frac{\partial L}{\partial A_{ik}}=\sum_{j\ge k}(\delta_V)_{ij}\text{: the sum from the other end}",
        text: "Vᵢⱼ = Σ Aᵢₖ over k ≤ j, so Aᵢₖ is in every Vᵢⱼ with j ≥ k and ∂L/∂Aᵢₖ = Σ δVᵢⱼ over j ≥ k: the sum from the other end",
    },
};

impl CumSum {
    fn turned(&self) -> CumSum {
        CumSum { axis: self.axis, reverse: !self.reverse }
    }
}

impl Operator for CumSum {
    const REFERENCE: Reference = Reference {
        name: "cumsum",
        aliases: &["cumulative_sum"],
        signature: "cumsum(A), cumsum(A, axis = 0), cumsum(A, reverse = true)",
        summary: "each entry with those before it in its row (or along an axis) added",
        definition: Maths { latex: r"\mathrm{cumsum}(A)_{ij}=\sum_{k\le j}A_{ik}", text: "cumsum(A)ᵢⱼ = Σ Aᵢₖ over k ≤ j" },
        conventions: &[
            "along a row, with `layout columns` down a column; a vector along itself; `reverse = true` adds those after it",
        ],
        call: Some((1, 1)),
        letters: &["A", "V"],
        title: "Cumulative sum",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<CumSum, OptionError> {
        Ok(CumSum { axis: options.axis()?.unwrap_or(options.default_axis), reverse: options.flag("reverse")? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        let reverse = self.reverse.then(|| ("reverse", "true".to_string()));
        reduce::own_axis_option(self.axis).into_iter().chain(reverse).collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        reduce::shape("cumsum", Some(self.axis), &operands[0]).map(|_| operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let (operand, axis) = (operands[0], self.axis);
        let mut sums: Vec<S> = operand.entries().cloned().collect();
        let extents = operand.extents();
        let step: usize = extents[axis + 1..].iter().product();
        let places = (0..sums.len()).filter(|place| !(place / step).is_multiple_of(extents[axis]));
        let places: Vec<usize> = if self.reverse { places.rev().collect() } else { places.collect() };
        for place in places {
            let (to, from) = if self.reverse { (place - step, place) } else { (place, place - step) };
            let before = sums[from].clone();
            sums[to] += before;
        }
        Ok(Tensor::from_entries(extents, sums))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: Term::Upstream.under(self.turned()), law: &CUMULATIVE_SUM }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("cumsum"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let turn = |operand| Code::call("np.flip", vec![operand], code::axis(self.axis));
        let sums = |operand| Code::call("np.cumsum", vec![operand], code::axis(self.axis));
        let operand = code::one(operands);
        if self.reverse { turn(sums(turn(operand))) } else { sums(operand) }
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let line = reduce::line(operands[0], Some(self.axis), entry);
        let at = entry[self.axis];
        Account::Terms(if self.reverse { line[at..].to_vec() } else { line[..=at].to_vec() })
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![
            Mistake::gradient(Mistake::DERIVATIVE_LEFT_OUT, 0, Term::Upstream),
            Mistake::gradient(Mistake::MISSING_TRANSPOSE, 0, Term::Upstream.under(self.clone())),
            Mistake::forward(Mistake::FACTORS_SWAPPED, self.turned()),
        ]
    }
}
