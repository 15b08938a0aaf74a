//! The operators of the language, one file each. Everything that the program knows of an operator stands in its
//! file; adding one is adding a file and its line in the list below.
//!
//! [`Operator`] has no default methods, so that a forgotten fact does not compile. Gradient rules, the ways to
//! explain a value and the mistakes that people make are data ([`Term`], [`Account`], [`Mistake`]): they are
//! put into a graph, printed, checked and edited by the floors above.

pub(crate) mod account;
pub(crate) mod code;
pub(crate) mod contest;
pub mod convolution;
pub(crate) mod elementwise;
pub(crate) mod extreme;
pub(crate) mod form;
pub(crate) mod like;
pub(crate) mod mistake;
pub(crate) mod options;
pub(crate) mod pooling;
pub(crate) mod reduce;
pub(crate) mod term;
pub(crate) mod windows;

#[cfg(test)]
mod figures;
#[cfg(test)]
mod image_samples;
#[cfg(test)]
mod laws;
#[cfg(test)]
pub mod samples;

pub use account::{Account, Exhibit};
pub use code::{Code, Helper};
pub use convolution::Convolution;
pub use inverse::{Cleared, elimination};
pub use mistake::{Mistake, Slip};
pub use options::{Constant, OptionError, Options, Side};
pub use term::{Fusion, Law, Maths, Needs, Rule, Term};
pub use windows::{WindowSide, unravel, window_sides};

use crate::math::{Fence, Glyph, Math};
use crate::number::NumberError;
use crate::scalar::{Function, Scalar};
use crate::shape::{Dim, Shape};
use crate::tensor::Tensor;
use std::borrow::Cow;

/// What the language's reference says of an operator.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The name in the problem language; for an operator that is written with a sign, the name in errors too.
    pub name: &'static str,
    /// Other names that a call may use.
    pub aliases: &'static [&'static str],
    /// How it is written: `conv2d(I, W, b, stride = 1)`, `A * B`.
    pub signature: &'static str,
    pub summary: &'static str,
    /// The result entry by entry.
    pub definition: Maths,
    /// What a course could define otherwise, and how it is here.
    pub conventions: &'static [&'static str],
    /// The least and the greatest number of operands of a call (`usize::MAX`: as many as one likes); `None` where it is not written as a call.
    pub call: Option<(usize, usize)>,
    /// Letters for the operands and the result in general rules: `S`, `W` and `V`.
    pub letters: &'static [&'static str],
    /// The heading of a value that it makes; empty where its sign says enough.
    pub title: &'static str,
    pub acts: Acts,
    /// Whether it has a value for all operands of fitting shapes.
    pub is_total: bool,
    /// Whether it is what a layer does with its weights, so that the result deserves a name.
    pub weighs: bool,
}

/// How an operator acts, as far as rewriting and marking have to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// A function of each entry of the first operand.
    EachEntry,
    /// On two operands entry by entry, the smaller one repeated.
    Pairwise,
    /// A product of two operands; of single numbers their product.
    Product,
    /// Moves or adds the entries of one operand; a single number stays what it is.
    Gathers,
    /// Otherwise, but of single numbers its formula holds.
    Formula,
    /// Along axes, over windows, at entries.
    Whole,
}

/// Why operands do not fit: the operator's rule in words, and what would fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    pub rule: String,
    pub hint: Option<String>,
}

impl ShapeError {
    pub fn new(rule: impl Into<String>) -> ShapeError {
        ShapeError { rule: rule.into(), hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> ShapeError {
        self.hint = Some(hint.into());
        self
    }
}

/// Why an operator has no value, and for which entry of the result (counted from 0; empty for a scalar).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    pub cause: NumberError,
    pub entry: Vec<usize>,
}

impl From<NumberError> for ValueError {
    fn from(cause: NumberError) -> ValueError {
        ValueError { cause, entry: Vec::new() }
    }
}

/// All facts of one operator. A value of the type holds the operator's options (its stride, its axis).
pub trait Operator: Sized {
    const REFERENCE: Reference;

    /// The operator with the options of a call.
    fn build(options: &mut Options) -> Result<Self, OptionError>;

    /// The options that are not the default, as the problem language writes them.
    fn options(&self) -> Vec<(&'static str, String)>;

    /// The result's shape. The number of operands is that of [`Reference::call`], or of the sign.
    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError>;

    /// The result, exact as long as the operator stays in the rationals.
    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError>;

    /// For each operand, the gradient with respect to it: a term over the operands, the result and the
    /// gradient with respect to the result, of the operand's own shape.
    fn gradient(&self, operands: &[Shape]) -> Vec<Rule>;

    /// Gradients through this operator and the one that made an operand, in one step; the first that applies is used.
    fn fusions(&self, operands: &[Shape]) -> Vec<Fusion>;

    /// What a course could define otherwise, as a key says it of this operator with these options.
    fn convention(&self) -> Option<Cow<'static, str>>;

    /// What the problem language calls it with these options; `None` where it is written with signs, as in mathematics.
    fn called(&self) -> Option<&'static str>;

    /// The operator in mathematics, with these in its operands' places.
    fn notation(&self, operands: Vec<Math>) -> Math;

    /// The operator in Python, with these in its operands' places.
    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code;

    /// What a document shows beside the value.
    fn exhibit(&self) -> Exhibit;

    /// How one entry of the result came about.
    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S>;

    /// What people get wrong with it.
    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake>;
}

macro_rules! operators {
    ($($module:ident :: $name:ident),* $(,)?) => {
        $(pub mod $module; pub use $module::$name;)*

        /// Any operator with its options.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Op { $($name($name)),* }

        $(impl From<$name> for Op {
            fn from(operator: $name) -> Op {
                Op::$name(operator)
            }
        })*

        /// The reference of every operator, in the order of the list.
        pub const REFERENCES: &[Reference] = &[$($name::REFERENCE),*];

        impl Op {
            /// The operator that a call names, with the call's options; `None` if no operator has the name.
            pub fn from_call(name: &str, options: &mut Options) -> Option<Result<Op, OptionError>> {
                $(if let Reference { call: Some(_), name: own, aliases, .. } = $name::REFERENCE
                    && (own == name || aliases.contains(&name))
                {
                    return Some($name::build(options).map(Op::$name));
                })*
                None
            }
            pub fn reference(&self) -> &'static Reference {
                match self { $(Op::$name(_) => const { &$name::REFERENCE }),* }
            }
            pub fn options(&self) -> Vec<(&'static str, String)> {
                match self { $(Op::$name(operator) => operator.options()),* }
            }
            pub fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
                match self { $(Op::$name(operator) => operator.shape(operands)),* }
            }
            pub fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
                match self { $(Op::$name(operator) => operator.evaluate(operands)),* }
            }
            pub fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
                match self { $(Op::$name(operator) => operator.gradient(operands)),* }
            }
            pub fn fusions(&self, operands: &[Shape]) -> Vec<Fusion> {
                match self { $(Op::$name(operator) => operator.fusions(operands)),* }
            }
            pub fn convention(&self) -> Option<Cow<'static, str>> {
                match self { $(Op::$name(operator) => operator.convention()),* }
            }
            fn called(&self) -> Option<&'static str> {
                match self { $(Op::$name(operator) => operator.called()),* }
            }
            pub fn notation(&self, operands: Vec<Math>) -> Math {
                match self { $(Op::$name(operator) => operator.notation(operands)),* }
            }
            pub fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
                match self { $(Op::$name(operator) => operator.code(operands, shapes)),* }
            }
            pub fn exhibit(&self) -> Exhibit {
                match self { $(Op::$name(operator) => operator.exhibit()),* }
            }
            pub fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
                match self { $(Op::$name(operator) => operator.account(operands, entry)),* }
            }
            pub fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
                match self { $(Op::$name(operator) => operator.mistakes(operands)),* }
            }
        }
    };
}

impl Op {
    /// The operator as the problem language writes it, so that it is read as the same operator with the same options.
    pub fn written(&self, operands: Vec<Math>) -> Math {
        match self.called() {
            None => self.notation(operands),
            Some(name) => form::call(Math::word(name), operands, self.unsaid(name)),
        }
    }

    /// The options that the name of a call does not say: `colsum(A)` has its axis.
    fn unsaid(&self, name: &str) -> Vec<(&'static str, String)> {
        let plain = || Op::from_call(name, &mut Options::new(name, Vec::new(), 1))?.ok();
        let said = if name == self.reference().name { None } else { plain() }.map_or_else(Vec::new, |op| op.options());
        self.options().into_iter().filter(|option| !said.contains(option)).collect()
    }

    /// The axis of an operator that without one takes that of the layout.
    pub fn layout_axis(&self) -> Option<usize> {
        let name = self.reference().name;
        let in_layout = |axis: usize| Op::from_call(name, &mut Options::new(name, Vec::new(), axis))?.ok();
        let [columns, rows] = [in_layout(0)?, in_layout(1)?];
        let said = self.options().into_iter().find(|(name, _)| *name == "axis");
        (columns != rows).then(|| said.and_then(|(_, axis)| axis.parse().ok()).unwrap_or(1))
    }

    /// Whether the result is a loss: general rules call it `L`.
    pub fn is_loss(&self) -> bool {
        self.reference().letters.last() == Some(&"L")
    }

    /// Whether each entry of the result is made of the entries at the same place of so many operands, by a formula.
    pub fn is_entrywise(&self, operands: usize) -> bool {
        // Such an operator makes a number of numbers, and says how.
        let numbers = vec![Shape::scalar(); operands];
        let one = Tensor::scalar(crate::number::Number::integer(1));
        // A norm or a transpose takes a number too, and yet acts on the whole.
        let of_entries = !matches!(self.reference().acts, Acts::Whole | Acts::Gathers);
        of_entries
            && self.exhibit() == Exhibit::Value
            && self.shape(&numbers).is_ok_and(|shape| shape.is_scalar())
            && matches!(self.account(&vec![&one; operands], &[]), Account::Formula)
    }
}

operators! {
    matmul::MatMul,
    scale::Scale,
    hadamard::Hadamard,
    add::Add,
    sub::Sub,
    neg::Neg,
    div::Div,
    pow::Pow,
    transpose::Transpose,
    inverse::Inverse,
    det::Det,
    trace::Trace,
    diag::Diag,
    entry::Entry,
    entry_gradient::EntryGradient,
    compare::Compare,
    sum::Sum,
    cumsum::CumSum,
    prod::Prod,
    cross::Cross,
    mean::Mean,
    max::Max,
    min::Min,
    median::Median,
    median_mask::MedianMask,
    argmax_mask::ArgmaxMask,
    argmin_mask::ArgminMask,
    norm::Norm,
    maximum::Maximum,
    minimum::Minimum,
    clip::Clip,
    abs::Abs,
    sign::Sign,
    step::Step,
    exp::Exp,
    log::Log,
    sqrt::Sqrt,
    sin::Sin,
    cos::Cos,
    arctan::Arctan,
    tanh::Tanh,
    erf::Erf,
    normal_cdf::NormalCdf,
    normal_pdf::NormalPdf,
    sigmoid::Sigmoid,
    relu::Relu,
    leaky_relu::LeakyRelu,
    softplus::Softplus,
    softmax::Softmax,
    log_softmax::LogSoftmax,
    logsumexp::LogSumExp,
    mse::Mse,
    half_square::HalfSquare,
    cross_entropy::CrossEntropy,
    bce::Bce,
    hinge::Hinge,
    conv2d::Conv2d,
    conv2d_input_gradient::Conv2dInputGradient,
    conv2d_kernel_gradient::Conv2dKernelGradient,
    conv_transpose::ConvTranspose,
    maxpool::MaxPool,
    maxpool_gradient::MaxPoolGradient,
    maxpool_select::MaxPoolSelect,
    avgpool::AvgPool,
    avgpool_gradient::AvgPoolGradient,
    global_pool::GlobalPool,
    flatten::Flatten,
    reshape::Reshape,
    concat::Concat,
    concat_gradient::ConcatGradient,
    slice::Slice,
    slice_gradient::SliceGradient,
    stack::Stack,
}
