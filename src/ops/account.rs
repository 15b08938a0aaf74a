//! How a value is explained, as data.

use crate::number::Number;
use crate::scalar::Scalar;

/// What a document shows beside an operator's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhibit {
    /// The definition and the value are enough.
    Value,
    /// The first entry term by term.
    FirstEntry,
    /// Every entry as a sum of groups, a row of a table each (a convolution: a column a kernel row).
    EntryTable,
    /// The candidates of each entry and what was chosen (max-pooling) or averaged.
    Windows,
    /// Which entries were changed to something constant (what ReLU cut).
    Cut,
}

/// How one entry of a result came about.
#[derive(Clone, Debug, PartialEq)]
pub enum Account<S: Scalar> {
    /// Products, added in groups (a convolution: a group a kernel row), and then what stands alone (a bias).
    Products { groups: Vec<Vec<(S, S)>>, addend: Option<S> },
    /// Plain terms, added.
    Terms(Vec<S>),
    /// Plain terms, added and divided by their number (or by the stated one).
    Mean { terms: Vec<S>, divisor: usize },
    /// A factor times the sum of squared differences of the pairs.
    Squares { factor: Number, pairs: Vec<(S, S)> },
    /// The sum of max(0, 1 - score · label) over the pairs, divided by a number of examples.
    Margins { pairs: Vec<(S, S)>, divisor: usize },
    /// Minus the sum of weight · ln(probability) over the pairs, divided by a number of examples.
    Logarithms { weighted: Vec<(S, S)>, divisor: usize },
    /// Candidates with their index in the operand (from 0); the one at `winner` is the result.
    Choice { candidates: Vec<(Vec<usize>, S)>, winner: usize },
    /// The exponential at one place of a line, divided by the sum of them all; all shifted by the largest.
    Exponentials { line: Vec<S>, place: usize },
    /// The operator's own formula with the operands' entries at the same place put in.
    Formula,
    /// From all of an operand at once, by the operator's definition.
    Whole,
    /// The entry of an operand at this index, unchanged.
    Moved { operand: usize, from: Vec<usize> },
}
