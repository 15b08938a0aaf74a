//! `maxpool(A)`: the largest entry of each window.

use super::pooling::Pooling;
use super::windows::unravel;
use super::*;
use crate::number::Number;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MaxPool {
    pub pooling: Pooling,
}

pub static MAX_POOLING: Law = Law {
    name: "max-pooling",
    title: "Max-pooling",
    proof: Maths {
        latex: r"K_w=\max_{ij\in w}A_{ij}\text{ changes with its largest entry alone, at the rate }1\text{, so each }(\delta_K)_w\text{ goes to the entry that won window }w\text{, and an entry that won several windows adds them}",
        text: "K(w) = max of A over window w changes with its largest entry alone, at the rate 1, so each δK(w) goes to the entry that won window w, and an entry that won several windows adds them",
    },
};

impl Operator for MaxPool {
    const REFERENCE: Reference = Reference {
        name: "maxpool",
        aliases: &["max_pool", "maxpool2d"],
        signature: "maxpool(A, size = 2, stride = size, padding = 0 | same | valid, ceil = false)",
        summary: "largest entry of each window",
        definition: Maths {
            latex: r"K_{rc}=\max_{\substack{1\le m\le h\\1\le n\le w}}A_{(r-1)s+m-p,\;(c-1)s+n-p}",
            text: "K(r,c) = max over 1 ≤ m ≤ h, 1 ≤ n ≤ w of A((r−1)s + m − p, (c−1)s + n − p)",
        },
        conventions: &[
            "the last two axes are pooled",
            "size, stride and padding are one number, or (rows, columns); the stride is the size unless stated",
            "size: floor((H + 2p − k)/s) + 1; what does not fill a window is left out; `ceil = true` rounds up, with a smaller window at the end; `padding = same` gives ceil(H/s), an odd zero at the end",
            "padding never wins",
            "of equal largest entries the first in the window, row by row, wins and takes the gradient",
        ],
        call: Some((1, 1)),
        letters: &["A", "K"],
        title: "Max-pooling",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<MaxPool, OptionError> {
        Ok(MaxPool { pooling: Pooling::build(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.pooling.options()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        self.pooling.shape("maxpool", &operands[0])
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        self.pooling.max_select_values(operands[0], operands[0])
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: self.pooling.max_gradient(Term::Operand(0), Term::Upstream), law: &MAX_POOLING }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("Of equal largest entries the first in the window counts.".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("maxpool"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        let is_plane = shapes[0].rank() == 2 && self.pooling.windows.padding == windows::NO_PADDING && !self.pooling.windows.ceil;
        let helper = if is_plane { &pooling::MAXPOOL_PLANE } else { &pooling::MAXPOOL };
        Code::helped(helper, operands, self.pooling.said())
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Windows
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let operand = operands[0];
        let flat: Vec<&S> = operand.entries().collect();
        let grid = self.pooling.grid(operand.extents());
        let places: Vec<usize> = grid.window(windows::ravel(&grid.extents, entry)).collect();
        let larger = |top: usize, next: usize| if flat[places[next]].order(flat[places[top]]).is_gt() { next } else { top };
        Account::Choice {
            winner: (0..places.len()).reduce(larger).unwrap_or_default(),
            candidates: places.iter().map(|place| (unravel(operand.extents(), *place), flat[*place].clone())).collect(),
        }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        let spread = self.pooling.average_gradient(true, Term::Operand(0), Term::Upstream);
        let cells = Term::Number(Number::integer((self.pooling.size.0 * self.pooling.size.1) as i64));
        let mut mistakes = vec![
            Mistake::forward(Mistake::AVERAGE_FOR_MAX, self.pooling.average(true)),
            Mistake::forward(Mistake::WRONG_PADDING, MaxPool { pooling: self.pooling.with_other_padding() }),
            Mistake::gradient(Mistake::SPREAD_OVER_WINDOW, 0, spread.clone()),
            Mistake::gradient(Mistake::COPIED_OVER_WINDOW, 0, cells.scale(spread)),
        ];
        if self.pooling.windows.stride != (1, 1) {
            mistakes.push(Mistake::forward(Mistake::WRONG_STRIDE, MaxPool { pooling: self.pooling.with_stride_one() }));
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::windows::{NO_PADDING, Padding, Windows};
    use super::*;

    fn pooling(size: usize, stride: usize, padding: Padding) -> Pooling {
        Pooling {
            size: (size, size),
            windows: Windows { stride: (stride, stride), padding, dilation: (1, 1), ceil: false },
        }
    }

    fn matrix(rows: &[&[i64]]) -> Tensor<Number> {
        let entries = rows.iter().flat_map(|row| row.iter().map(|entry| Number::integer(*entry)));
        Tensor::from_entries(&[rows.len(), rows[0].len()], entries.collect())
    }

    #[test]
    fn the_exams_pooling() {
        let convolved = matrix(&[&[1, -1, -3, -2], &[3, 1, -12, -20]]);
        let value = |stride| MaxPool { pooling: pooling(2, stride, NO_PADDING) }.evaluate(&[&convolved]).unwrap();
        assert_eq!(value(2), matrix(&[&[3, -2]]));
        assert_eq!(value(1), matrix(&[&[3, 1, -2]]));
        let account = MaxPool { pooling: pooling(2, 2, NO_PADDING) }.account(&[&convolved], &[0, 1]);
        let Account::Choice { candidates, winner } = account else { panic!("{account:?}") };
        assert_eq!((candidates.len(), candidates[winner].clone()), (4, (vec![0, 3], Number::integer(-2))));
    }

    #[test]
    fn the_first_of_equal_entries_wins() {
        let (flat, gradient) = (matrix(&[&[5, 5], &[5, 5]]), matrix(&[&[3]]));
        let routed = MaxPoolGradient { pooling: pooling(2, 2, NO_PADDING) }.evaluate(&[&flat, &gradient]).unwrap();
        assert_eq!(routed, matrix(&[&[3, 0], &[0, 0]]));
    }

    #[test]
    fn padding_never_wins() {
        let negative = matrix(&[&[-4, -3], &[-2, -1]]);
        let padded = MaxPool { pooling: pooling(2, 2, Padding::Around(1, 1)) };
        assert_eq!(padded.evaluate(&[&negative]).unwrap(), negative);
    }

    #[test]
    fn a_window_larger_than_the_image_is_refused_with_the_numbers() {
        let rule = MaxPool { pooling: pooling(3, 3, NO_PADDING) }.shape(&[Shape::integers(&[2, 4])]).unwrap_err().rule;
        assert!(rule.contains("the window is 3 x 3, the image only 2 x 4"), "{rule}");
        assert!(MaxPool { pooling: pooling(2, 2, NO_PADDING) }.shape(&[Shape::scalar()]).is_err());
    }

    #[test]
    fn an_image_that_turns_out_too_small_has_no_value() {
        let single = matrix(&[&[1]]);
        assert!(MaxPool { pooling: pooling(2, 2, NO_PADDING) }.evaluate(&[&single]).is_err());
        assert!(AvgPool { pooling: pooling(2, 2, NO_PADDING), count_padding: true }.evaluate(&[&single]).is_err());
    }
}
