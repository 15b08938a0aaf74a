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
        signature: "maxpool(A, size = 2, stride = size, padding = 0 | same | valid)",
        summary: "largest entry of each window",
        definition: Maths {
            latex: r"K_{rc}=\max_{\substack{1\le m\le h\\1\le n\le w}}A_{(r-1)s+m-p,\;(c-1)s+n-p}",
            text: "K(r,c) = max over 1 ≤ m ≤ h, 1 ≤ n ≤ w of A((r−1)s + m − p, (c−1)s + n − p)",
        },
        conventions: &[
            "the last two axes are pooled",
            "size, stride and padding are one number, or (rows, columns); the stride is the size unless stated",
            "size: floor((H + 2p − k)/s) + 1; what does not fill a window is left out; `padding = same` gives ceil(H/s), an odd zero at the end",
            "padding never wins",
            "of equal largest entries the first in the window, row by row, wins and takes the gradient",
        ],
        call: Some((1, 1)),
        letters: &["A", "K"],
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
        Ok(self.pooling.max_select_values(operands[0], operands[0]))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![Rule { term: self.pooling.max_gradient(Term::Operand(0), Term::Upstream), law: &MAX_POOLING }]
    }

    fn fusions(&self, _: &[Shape]) -> Vec<Fusion> {
        Vec::new()
    }

    fn notation(&self) -> Notation {
        Notation::call("maxpool", r"\mathrm{maxpool}", "maxpool")
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
            Mistake::forward("average-for-max", self.pooling.average(true)),
            Mistake::forward("wrong-padding", MaxPool { pooling: self.pooling.with_other_padding() }),
            Mistake::gradient("spread-over-window", 0, spread.clone()),
            Mistake::gradient("copied-over-window", 0, cells.scale(spread)),
        ];
        if self.pooling.windows.stride != (1, 1) {
            mistakes.push(Mistake::forward("wrong-stride", MaxPool { pooling: self.pooling.with_stride_one() }));
        }
        mistakes
    }
}
