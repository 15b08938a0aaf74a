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

/// All that is known of a mistake with a name.
#[derive(Debug)]
pub struct Known {
    pub name: &'static str,
    /// The share of the marks in percent that an answer keeps which has it and is right otherwise; a problem's section
    /// `marking` can say otherwise.
    pub keeps: u32,
    /// What it costs on paper.
    pub cost: &'static str,
    /// What happened.
    pub happened: &'static str,
    /// What helps, without the answer.
    pub hint: &'static str,
}

/// A mistake by its name.
pub fn known(name: &str) -> Option<&'static Known> {
    CATALOGUE.iter().find(|known| known.name == name)
}

macro_rules! catalogue {
    ($($constant:ident: $name:literal, $keeps:literal, $cost:ident, $happened:literal, $hint:expr;)*) => {
        /// Every mistake that has a name.
        pub const CATALOGUE: &[Known] = &[
            $(Known { name: $name, keeps: $keeps, cost: $cost, happened: $happened, hint: $hint }),*
        ];

        /// The names, so that none is misspelt where it is found.
        impl Mistake {
            $(pub const $constant: &'static str = $name;)*
        }
    };
}

// What mistakes cost on paper.
const CARRIED: &str = "one mark, then carry forward";
const HALF: &str = "half of the step's marks";
const ONCE: &str = "one mark, once";
const STATED: &str = "accept if it is stated";
const SIZE: &str = "one mark for the size, then carry forward";
const UNFIT: &str = "the shapes do not fit, one mark";
const ONE: &str = "one mark";

// What helps with several of them, and with a mistake that has no name.
pub const BEGIN: &str = "begin with the shape that the answer must have, and go one step at a time.";
const TAKEN: &str = "read again what is taken from the entries.";
const KEPT: &str = "write down all that the rule keeps from one step to the next.";
const PARAMETERS: &str = "write down the shape of every parameter first.";
const WINDOW: &str = "which entries of the window have an influence on its output, and how much?";
const PRODUCTS: &str = "is the product here taken entry by entry, or as matrices?";
const SHAPES: &str =
    "write the shape below each factor. Which order and which transposes give the shape of the answer?";
const FACTORS: &str =
    "look for the constant factors: which does the definition have, and which does the derivative bring?";
const DERIVATIVES: &str = "is it the function that belongs here, or its derivative? Write that derivative down.";
const SHAPE_OF: &str = "a gradient has the shape of what it is the gradient of.";
const DEFINITION: &str = "write out the definition, and differentiate one entry of it.";
const MASKS: &str = "which value decides where the gradient passes, and on which side?";
const TOGETHER: &str = "read again how the problem puts its terms together.";
const USES: &str = "in how many places is the parameter used, and what happens to their contributions?";
const SIGNS: &str = "follow the signs through the chain rule once more.";
const OPTIONS: &str = "read the options of the layer again, and work out the size of the result first.";

// The name, the percentage kept, the cost on paper, what happened, and a hint.
catalogue! {
    ARITHMETIC_SLIP: "arithmetic-slip", 75, ONE,
        "one term is computed wrongly",
        "the method is right. Compute the terms once more.";
    AVERAGE_FOR_MAX: "average-for-max", 25, CARRIED, "averaged instead of the largest taken", TAKEN;
    BIAS_SUMMED_OVER_FILTERS: "bias-summed-over-filters", 50, ONE,
        "the bias is summed over the filters too",
        "which outputs does each bias reach?";
    BIAS_CORRECTION_LEFT_OUT: "bias-correction-left-out", 50, ONE,
        "the means are not corrected for their start at 0",
        KEPT;
    BIASES_LEFT_OUT: "biases-left-out", 50, ONE, "the biases are not counted", PARAMETERS;
    CHANNELS_LAST: "channels-last", 75, ONE,
        "the channels stand last, where the problem has them first",
        "in which order does the problem give the sides?";
    CHANNELS_LEFT_OUT: "channels-left-out", 50, ONE, "the input channels of a kernel are forgotten", PARAMETERS;
    COPIED_OVER_WINDOW: "copied-over-window", 25, ONE, "the gradient is copied to the whole window", WINDOW;
    DERIVATIVE_AT_WRONG_VALUE: "derivative-at-wrong-value", 50, ONE,
        "the derivative is taken at the wrong value",
        "at which value is the derivative taken: before the function, or after it?";
    DERIVATIVE_LEFT_OUT: "derivative-left-out", 50, ONE,
        "the inner derivative is left out",
        "each function on the way puts its own derivative into the chain. Are all of them there?";
    DIAGONAL_ONLY: "diagonal-only", 25, HALF,
        "only the case i = k of the softmax derivative",
        "on which of its inputs does each output of the softmax depend?";
    ELEMENTWISE_FOR_MATRIX_PRODUCT: "elementwise-for-matrix-product", 50, ONE,
        "multiplied entry by entry instead of as matrices",
        PRODUCTS;
    EXPONENT_NOT_LOWERED: "exponent-not-lowered", 25, ONE,
        "the exponent is not lowered",
        "what happens to the exponent when a power is differentiated?";
    EXTRA_TRANSPOSE: "extra-transpose", 50, ONE, "a transpose stands where none belongs", SHAPES;
    FACTOR_HALF: "factor-half", 75, ONE, "a factor ½ is left over", FACTORS;
    FACTOR_LEFT_OUT: "factor-left-out", 75, CARRIED, "a factor is left out", FACTORS;
    FACTOR_TWO: "factor-two", 75, ONE, "a factor 2 is left over", FACTORS;
    FACTORS_SWAPPED: "factors-swapped", 50, UNFIT, "the factors are swapped", SHAPES;
    FLIPPED_KERNEL: "flipped-kernel", 50, CARRIED,
        "the kernel is flipped",
        "which way round does the kernel lie on the image, by the definition of this problem?";
    FUNCTION_FOR_DERIVATIVE: "function-for-derivative", 25, ONE,
        "the function stands where its derivative belongs",
        DERIVATIVES;
    LAST_STEP: "last-step", 75, ONE,
        "the last step is wrong",
        "the line before is right. Take the last step once more.";
    LEFT_FLAT: "left-flat", 75, ONE, "the gradient is not brought back to the operand's shape", SHAPE_OF;
    LEFT_RESHAPED: "left-reshaped", 75, ONE, "the gradient is not brought back to the operand's shape", SHAPE_OF;
    LOGARITHM_LEFT_OUT: "logarithm-left-out", 25, ONE, "the logarithm is left out", DEFINITION;
    MASK_ON_WRONG_VALUE: "mask-on-wrong-value", 50, ONE, "the mask is taken of the wrong value", MASKS;
    MASK_REVERSED: "mask-reversed", 50, ONE, "the mask is the wrong way round", MASKS;
    MATRIX_FOR_ELEMENTWISE_PRODUCT: "matrix-for-elementwise-product", 50, ONE,
        "multiplied as matrices instead of entry by entry",
        PRODUCTS;
    MAX_FOR_AVERAGE: "max-for-average", 25, CARRIED, "the largest taken instead of the average", TAKEN;
    MEAN_FOR_MAX: "mean-for-max", 25, ONE, "the mean instead of the extreme", TAKEN;
    MEAN_FOR_MEDIAN: "mean-for-median", 25, ONE, "the mean instead of the median", TAKEN;
    MEAN_FOR_MIN: "mean-for-min", 25, ONE, "the mean instead of the extreme", TAKEN;
    MEAN_FOR_SUM: "mean-for-sum", 75, STATED, "mean instead of sum", TOGETHER;
    MOMENTUM_LEFT_OUT: "momentum-left-out", 50, ONE, "the momentum is left out", KEPT;
    MISSING_BRANCH: "missing-branch", 50, HALF,
        "one branch is forgotten: the value is used in more than one place, and the contributions add",
        "count the places where this value is used.";
    MISSING_MASK: "missing-mask", 50, ONE,
        "the mask is missing, the gradient passes where the unit was cut",
        "what happens to the gradient of a unit that the nonlinearity has cut?";
    MISSING_TRANSPOSE: "missing-transpose", 75, UNFIT, "a transpose is missing", SHAPES;
    NORM_FOR_SQUARE: "norm-for-square", 50, ONE, "the norm instead of its square", DEFINITION;
    NOT_NORMALISED: "not-normalised", 25, ONE,
        "not divided by the sum of the exponentials",
        "do the probabilities add up to 1?";
    NOT_SUMMED_OVER_BATCH: "not-summed-over-batch", 50, ONCE,
        "no sum over the examples, so the shape is not the parameter's",
        USES;
    NOT_SUMMED_OVER_POSITIONS: "not-summed-over-positions", 50, ONE, "no sum over the positions of the kernel", USES;
    OFF_BY_ONE_STEP: "off-by-one-step", 50, ONE,
        "it is one step of the descent off",
        "count the steps: the start is step 0.";
    ONE_WRONG_ENTRY: "one-wrong-entry", 75, ONE,
        "one entry is wrong",
        "the method is right. Compute that entry once more.";
    ONES_FOR_IDENTITY: "ones-for-identity", 50, ONE, "ones everywhere instead of the identity", DEFINITION;
    OPPOSITE_EXTREME: "opposite-extreme", 25, ONE, "the opposite extreme is taken", TAKEN;
    PADDING_COUNTED: "padding-counted", 75, ONE,
        "padded zeros are counted in the mean",
        "which entries count at the border?";
    PARTS_SWAPPED: "parts-swapped", 50, ONE,
        "the parts are swapped",
        "which part of the result came from which operand?";
    PLUS_ONE_LEFT_OUT: "plus-one-left-out", 75, ONE,
        "the one that the formula for the size adds in the end is left out",
        "count the places of a short kernel on a short line.";
    POWER_RULE: "power-rule", 25, ONE,
        "the power rule is used where the exponent varies",
        "what is the derivative of an exponential?";
    ROUNDED: "rounded", 75, ONE, "it was rounded on the way", "keep more digits on the way, and round at the end.";
    SECOND_TERM_LEFT_OUT: "second-term-left-out", 50, HALF, "the term of the other class is left out", DEFINITION;
    SIGMOID_FOR_TANH: "sigmoid-for-tanh", 50, ONE, "the sigmoid's derivative instead of that of tanh", DERIVATIVES;
    SIGN: "sign", 50, CARRIED, "the sign is reversed", SIGNS;
    SIGN_OF_ARGUMENT: "sign-of-argument", 50, ONE, "the argument of a function has the wrong sign", SIGNS;
    SIZE_ONLY: "size-only", 50, ONE,
        "only the size of a value is used, and not the value",
        "which values does the result depend on?";
    SLOPE_LEFT_OUT: "slope-left-out", 50, ONE, "the slope below zero is left out", DERIVATIVES;
    SPREAD_OVER_WINDOW: "spread-over-window", 25, ONE,
        "the gradient is spread over the window instead of going to the winner",
        WINDOW;
    SQUARE_FOR_NORM: "square-for-norm", 50, ONE, "the square of the norm, without the root", DEFINITION;
    SUM_FOR_MEAN: "sum-for-mean", 75, STATED, "sum instead of mean", TOGETHER;
    SUM_FOR_PRODUCT: "sum-for-product", 25, ONE, "the sum instead of the product", TAKEN;
    SUM_OF_ALL_ENTRIES: "sum-of-all-entries", 50, ONE, "all entries are summed instead of the diagonal", DEFINITION;
    TARGET_AND_PREDICTION_SWAPPED: "target-and-prediction-swapped", 50, ONE,
        "target and prediction are swapped",
        "which of the two depends on the parameter, and which sign does it have?";
    TERM_LEFT_OUT: "term-left-out", 50, ONE, "a term is left out", "count the terms before and after the step.";
    TRANSPOSE_FOR_INVERSE: "transpose-for-inverse", 25, ONE, "the transpose instead of the inverse", DEFINITION;
    TRANSPOSED_LAYOUT: "transposed-layout", 50, ONE, "rows and columns are exchanged throughout", SHAPE_OF;
    UPHILL_STEP: "uphill-step", 50, CARRIED,
        "the step is taken uphill",
        "in which direction does the loss become less?";
    VALUE_FOR_MASK: "value-for-mask", 25, ONE, "the value stands where its slope belongs", DERIVATIVES;
    WRONG_AXIS: "wrong-axis", 50, CARRIED,
        "along the wrong axis",
        "along which axis does it act: within a row, or within a column?";
    WRONG_DILATION: "wrong-dilation", 50, CARRIED, "another dilation", OPTIONS;
    WRONG_EARLIER_VALUE: "wrong-earlier-value", 50, ONE,
        "a value of your own on the way is wrong",
        "go back to the first value of your own that this rests on.";
    WRONG_FACTOR: "wrong-factor", 75, STATED, "another factor before the sum", FACTORS;
    WRONG_PADDING: "wrong-padding", 50, SIZE, "another padding", OPTIONS;
    WRONG_RATE: "wrong-rate", 50, ONE, "the step is made with another rate", "look up the rate of the descent.";
    WRONG_STRIDE: "wrong-stride", 50, CARRIED, "another stride", OPTIONS;
    ZEROS_LEFT_OUT: "zeros-left-out", 50, ONE,
        "the zeros outside the slice are left out, so the shape is not the operand's",
        SHAPE_OF;
}

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
    let short = || SHORT_OF.iter().find(|(short, _)| *short == name).map_or(0, |(_, percent)| *percent);
    known(name).map_or_else(short, |known| known.keeps)
}

impl Mistake {
    pub fn forward(name: &'static str, op: impl Into<Op>) -> Mistake {
        Mistake { name, slip: Slip::Forward(op.into()) }
    }

    pub fn gradient(name: &'static str, operand: usize, term: Term) -> Mistake {
        Mistake { name, slip: Slip::Gradient(operand, term) }
    }
}
