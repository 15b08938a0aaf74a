//! The mistakes that people make with an operator, as data: the marking applies them to the right answer and sees
//! which one yields the student's.

use super::{Op, Term};

/// One mistake.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The catalogue's name: `missing-transpose`. The same mistake has the same name with every operator.
    pub name: &'static str,
    pub slip: Slip,
}

/// What was done instead of the right thing.
#[derive(Clone, Debug, PartialEq)]
pub enum Slip {
    /// Another operator, or the same with other options, on the same operands.
    Forward(Op),
    /// Another gradient with respect to the operand with this number.
    Gradient(usize, Term),
}

/// The catalogue's line of a mistake.
pub fn known(name: &str) -> Option<&'static (&'static str, u32)> {
    CATALOGUE.iter().find(|(known, _)| *known == name)
}

/// Every mistake that has a name, and the share of the marks in percent that an answer keeps which has it and is right
/// otherwise; a problem's section `marking` can say otherwise.
pub const CATALOGUE: &[(&str, u32)] = &[
    ("arithmetic-slip", 75),
    ("average-for-max", 25),
    ("bias-summed-over-filters", 50),
    ("bias-correction-left-out", 50),
    ("biases-left-out", 50),
    ("channels-last", 75),
    ("channels-left-out", 50),
    ("copied-over-window", 25),
    ("derivative-at-wrong-value", 50),
    ("derivative-left-out", 50),
    ("diagonal-only", 25),
    ("elementwise-for-matrix-product", 50),
    ("exponent-not-lowered", 25),
    ("extra-transpose", 50),
    ("factor-half", 75),
    ("factor-left-out", 75),
    ("factor-two", 75),
    ("factors-swapped", 50),
    ("flipped-kernel", 50),
    ("function-for-derivative", 25),
    ("last-step", 75),
    ("left-flat", 75),
    ("left-reshaped", 75),
    ("logarithm-left-out", 25),
    ("mask-on-wrong-value", 50),
    ("mask-reversed", 50),
    ("matrix-for-elementwise-product", 50),
    ("max-for-average", 25),
    ("mean-for-max", 25),
    ("mean-for-median", 25),
    ("mean-for-min", 25),
    ("mean-for-sum", 75),
    ("momentum-left-out", 50),
    ("missing-branch", 50),
    ("missing-mask", 50),
    ("missing-transpose", 75),
    ("norm-for-square", 50),
    ("not-normalised", 25),
    ("not-summed-over-batch", 50),
    ("not-summed-over-positions", 50),
    ("off-by-one-step", 50),
    ("one-wrong-entry", 75),
    ("ones-for-identity", 50),
    ("opposite-extreme", 25),
    ("padding-counted", 75),
    ("parts-swapped", 50),
    ("plus-one-left-out", 75),
    ("power-rule", 25),
    ("rounded", 75),
    ("second-term-left-out", 50),
    ("sigmoid-for-tanh", 50),
    ("sign", 50),
    ("sign-of-argument", 50),
    ("size-only", 50),
    ("slope-left-out", 50),
    ("spread-over-window", 25),
    ("square-for-norm", 50),
    ("sum-for-mean", 75),
    ("sum-for-product", 25),
    ("sum-of-all-entries", 50),
    ("target-and-prediction-swapped", 50),
    ("term-left-out", 50),
    ("transpose-for-inverse", 25),
    ("transposed-layout", 50),
    ("uphill-step", 50),
    ("value-for-mask", 25),
    ("wrong-axis", 50),
    ("wrong-dilation", 50),
    ("wrong-earlier-value", 50),
    ("wrong-factor", 75),
    ("wrong-padding", 50),
    ("wrong-rate", 50),
    ("wrong-stride", 50),
    ("zeros-left-out", 50),
];

/// Right for single numbers.
pub const NOTATION: &str = "notation";
/// Right, but it rests on gradients that are nowhere derived.
pub const UNDERIVED: &str = "underived";
/// A formula where a value is asked for.
pub const UNEVALUATED: &str = "unevaluated";

/// What is right in a way, and the share of the marks in percent that it keeps; a problem can say otherwise.
pub const SHORT_OF: [(&str, u32); 3] = [(NOTATION, 75), (UNDERIVED, 50), (UNEVALUATED, 0)];

/// The share of the marks in percent that an answer with this mistake keeps.
pub fn percent_kept(name: &str) -> u32 {
    known(name).or_else(|| SHORT_OF.iter().find(|(short, _)| *short == name)).map_or(0, |(_, percent)| *percent)
}

impl Mistake {
    pub fn forward(name: &'static str, op: impl Into<Op>) -> Mistake {
        Mistake { name, slip: Slip::Forward(op.into()) }
    }

    pub fn gradient(name: &'static str, operand: usize, term: Term) -> Mistake {
        Mistake { name, slip: Slip::Gradient(operand, term) }
    }
}
