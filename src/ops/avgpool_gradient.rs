//! `avgpool_gradient(A, dK)`: the gradient of an average-pooling, spread over each window.

use super::avgpool::{AVERAGE_POOLING, count_padding, count_padding_option, divisor};
use super::pooling::Pooling;
use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AvgPoolGradient {
    /// The options of the pooling that was differentiated.
    pub pooling: Pooling,
    pub count_padding: bool,
}

impl AvgPoolGradient {
    /// What each window gives to each of its entries: `spread(place, share)`.
    fn each<S: Scalar>(&self, operands: &[&Tensor<S>], mut spread: impl FnMut(usize, &S)) -> Result<(), ValueError> {
        let grid = self.pooling.grid(operands[0].extents());
        for (window, gradient) in operands[1].entries().enumerate() {
            let count = divisor(&self.pooling, self.count_padding, &grid, window);
            let share = gradient.checked_div(&S::from_integer(count as i64))?;
            grid.window(window).for_each(|place| spread(place, &share));
        }
        Ok(())
    }
}

impl Operator for AvgPoolGradient {
    const REFERENCE: Reference = Reference {
        name: "avgpool_gradient",
        aliases: &[],
        signature: "avgpool_gradient(A, dK, size = 2, stride = size, padding = 0 | same | valid, count_padding = true)",
        summary: "gradient of `avgpool(A)`: each entry of `dK` is spread evenly over its window",
        definition: Maths {
            latex: r"\frac{\partial L}{\partial A_{ij}}=\sum_{w\ni ij}\tfrac1{n_w}(\delta_K)_w",
            text: "∂L/∂A(i,j) = Σ δK(w)/n(w) over the windows w that hold A(i,j)",
        },
        conventions: &[
            "the options are those of the pooling; `dK` has the shape of `avgpool(A)`",
            "of `A` only the size counts",
        ],
        call: Some((2, 2)),
        letters: &["A", "G", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<AvgPoolGradient, OptionError> {
        Ok(AvgPoolGradient { pooling: Pooling::build(options)?, count_padding: count_padding(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.pooling.options().into_iter().chain(count_padding_option(self.count_padding)).collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let result = self.pooling.shape("avgpool_gradient", &operands[0])?;
        like::expect("avgpool_gradient", "avgpool(A)", &result, &operands[1])?;
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let mut sums = vec![S::zero(); operands[0].size()];
        self.each(operands, |place, share| sums[place] += share.clone())?;
        Ok(Tensor::from_entries(operands[0].extents(), sums))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let average = self.pooling.average(self.count_padding);
        vec![
            like::size_only(),
            Rule { term: Term::Apply(average.into(), vec![Term::Upstream]), law: &AVERAGE_POOLING },
        ]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("avgpool").transposed(), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&pooling::AVGPOOL_GRADIENT, operands, self.pooling.averaged(self.count_padding))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::FirstEntry
    }

    /// The shares that the entry gets from its windows.
    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let own = windows::ravel(operands[0].extents(), entry);
        let mut shares = Vec::new();
        let spread = self.each(operands, |place, share| {
            if place == own {
                shares.push(share.clone());
            }
        });
        // Where there is no value there is nothing to account for.
        spread.map_or(Account::Formula, |()| Account::Terms(shares))
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        vec![Mistake::forward(Mistake::MAX_FOR_AVERAGE, MaxPoolGradient { pooling: self.pooling })]
    }
}
