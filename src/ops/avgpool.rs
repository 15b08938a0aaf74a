//! `avgpool(A)`: the mean of each window.

use super::pooling::{Grid, Pooling};
use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AvgPool {
    pub pooling: Pooling,
    /// Padded zeros count: every window is divided by its whole size.
    pub count_padding: bool,
}

pub static AVERAGE_POOLING: Law = Law {
    name: "average-pooling",
    title: "Average-pooling",
    proof: Maths {
        latex: r"K_w=\frac1{n_w}\sum_{ij\in w}A_{ij}\text{, so each entry of window }w\text{ receives }\tfrac1{n_w}(\delta_K)_w\text{, and an entry of several windows adds them}",
        text: "K(w) = 1/n Σ A(i,j) over the window w of n entries, so each of them receives δK(w)/n, and an entry of several windows adds them",
    },
};

/// Reads whether padded zeros count.
pub fn count_padding(options: &mut Options) -> Result<bool, OptionError> {
    Ok(options.word("count_padding", &["true", "false"])? == "true")
}

pub fn count_padding_option(count: bool) -> Option<(&'static str, String)> {
    (!count).then(|| ("count_padding", "false".to_string()))
}

/// How many entries a window is divided by.
pub fn divisor(pooling: &Pooling, count_padding: bool, grid: &Grid, window: usize) -> usize {
    match (count_padding, pooling.windows.ceil) {
        (false, _) => grid.window(window).count(),
        (true, false) => pooling.size.0 * pooling.size.1,
        // A window that reaches over the padded image is smaller.
        (true, true) => grid.covered(window),
    }
}

impl Operator for AvgPool {
    const REFERENCE: Reference = Reference {
        name: "avgpool",
        aliases: &["avg_pool", "avgpool2d", "meanpool"],
        signature: "avgpool(A, size = 2, stride = size, padding = 0 | same | valid, ceil = false, count_padding = true)",
        summary: "mean of each window",
        definition: Maths {
            latex: r"K_{rc}=\frac1{hw}\sum_{m=1}^{h}\sum_{n=1}^{w}A_{(r-1)s+m-p,\;(c-1)s+n-p}",
            text: "K(r,c) = 1/(hw) Σₘₙ A((r−1)s + m − p, (c−1)s + n − p)",
        },
        conventions: &[
            "the last two axes are pooled",
            "size, stride and padding are one number, or (rows, columns); the stride is the size unless stated",
            "size: floor((H + 2p − k)/s) + 1; what does not fill a window is left out; `ceil = true` rounds up, with a smaller window at the end; `padding = same` gives ceil(H/s), an odd zero at the end",
            "padded zeros count: every window is divided by its size; `count_padding = false` divides by the number of entries inside",
        ],
        call: Some((1, 1)),
        letters: &["A", "K"],
        title: "Average pooling",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<AvgPool, OptionError> {
        Ok(AvgPool { pooling: Pooling::build(options)?, count_padding: count_padding(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.pooling.options().into_iter().chain(count_padding_option(self.count_padding)).collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        self.pooling.shape("avgpool", &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let grid = self.pooling.grid(operands[0].extents()).checked()?;
        let flat: Vec<&S> = operands[0].entries().collect();
        let mean = |window: usize| {
            let mut sum = S::zero();
            grid.window(window).for_each(|place| sum += flat[place].clone());
            sum.checked_div(&S::from_integer(divisor(&self.pooling, self.count_padding, &grid, window) as i64))
        };
        Ok(Tensor::from_entries(&grid.extents, (0..grid.count()).map(mean).collect::<Result<_, _>>()?))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        let term = self.pooling.average_gradient(self.count_padding, Term::Operand(0), Term::Upstream);
        vec![Rule { term, law: &AVERAGE_POOLING }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        (!self.count_padding).then(|| "Padded zeros are not counted in the mean.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("avgpool"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        Code::helped(&pooling::AVGPOOL, operands, self.pooling.averaged(self.count_padding))
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Windows
    }

    /// The entries inside the image; padded zeros show in the divisor alone.
    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let grid = self.pooling.grid(operands[0].extents());
        let flat: Vec<&S> = operands[0].entries().collect();
        let window = windows::ravel(&grid.extents, entry);
        Account::Mean {
            terms: grid.window(window).map(|place| flat[place].clone()).collect(),
            divisor: divisor(&self.pooling, self.count_padding, &grid, window),
        }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        let with = |pooling: Pooling| AvgPool { pooling, ..self.clone() };
        let right = self.pooling.average_gradient(self.count_padding, Term::Operand(0), Term::Upstream);
        let cells = Term::Number(Number::integer((self.pooling.size.0 * self.pooling.size.1) as i64));
        let mut mistakes = vec![
            Mistake::forward(Mistake::MAX_FOR_AVERAGE, MaxPool { pooling: self.pooling }),
            Mistake::forward(Mistake::WRONG_PADDING, with(self.pooling.with_other_padding())),
            Mistake::gradient(Mistake::COPIED_OVER_WINDOW, 0, cells.scale(right)),
            Mistake::gradient(Mistake::MAX_FOR_AVERAGE, 0, self.pooling.max_gradient(Term::Operand(0), Term::Upstream)),
        ];
        if self.pooling.windows.padding != windows::NO_PADDING {
            mistakes.push(Mistake::forward(Mistake::PADDING_COUNTED, self.pooling.average(!self.count_padding)));
        }
        if self.pooling.windows.stride != (1, 1) {
            mistakes.push(Mistake::forward(Mistake::WRONG_STRIDE, with(self.pooling.with_stride_one())));
        }
        mistakes
    }
}
