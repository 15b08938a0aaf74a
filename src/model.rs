//! A typed problem: names resolved, shapes known, tasks pointing at nodes.

mod plot;

pub use plot::{Free, Places, PlotAsk, StepValue};

use crate::diagnostic::{Diagnostic, READING};
use crate::graph::{Graph, LeafId, NodeId};
use crate::number::Number;
use crate::shape::Dim;
use crate::span::Span;
use crate::syntax::ast::{LeafKind, Question, Spec};
use crate::tasks::Ask;
use crate::tensor::Tensor;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Model {
    pub id: String,
    pub title: Option<String>,
    /// The whole problem's marks.
    pub points: Option<Number>,
    /// The problem's own wording, paragraph by paragraph.
    pub wording: Vec<String>,
    pub settings: Settings,
    /// What the file says: the graph is compared with it before a key is printed.
    pub spec: Arc<Spec>,
    pub graph: Graph,
    /// Every name that an expression may use, by its key: leaves, model lines, aliases.
    pub names: BTreeMap<String, NodeId>,
    /// The named dimensions that have no value, in the order in which they were declared.
    pub dims: Vec<String>,
    /// Every declared dimension by the author's spelling: itself, or the value that the file gives it.
    pub sizes: BTreeMap<String, Dim>,
    /// The leaves, as nodes, in the order of the file.
    pub leaves: Vec<NodeId>,
    /// The columns of `data` tables, one list a table: their rows are the examples.
    pub tables: Vec<Vec<NodeId>>,
    /// The model's lines, as symbols, each after those that it uses.
    pub definitions: Vec<NodeId>,
    /// The line that nobody wrote: the loss of which only gradients are given. No page shows it.
    pub implied: Option<NodeId>,
    /// Where a node of the model stands in the file.
    pub spans: BTreeMap<NodeId, Span>,
    pub tasks: Vec<Task>,
    pub marking: Marking,
    /// What was read in a stated way.
    pub notes: Vec<Diagnostic>,
}

impl Model {
    /// How it was read what could be read otherwise.
    pub fn readings(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().filter(|note| note.code == READING).map(|note| note.message.as_str())
    }

    /// The parameters, in the order of the file.
    pub fn params(&self) -> Vec<NodeId> {
        let is_param = |id: &NodeId| self.graph.as_leaf(*id).is_some_and(|leaf| leaf.kind == LeafKind::Param);
        self.leaves.iter().copied().filter(is_param).collect()
    }

    /// The lines that the author wrote or the key named: all but an implied loss.
    pub fn lines(&self) -> Vec<NodeId> {
        self.definitions.iter().copied().filter(|line| Some(*line) != self.implied).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub steps: Steps,
    /// Significant digits of rounded values.
    pub digits: usize,
    /// The axis along which softmax and losses act unless they say otherwise.
    pub default_axis: usize,
}

/// How many steps a derivation shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// Pre-activations are named, a layer's parameters share a row, trivial steps are merged.
    Short,
    /// Every intermediate value has a name and a step.
    Full,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { steps: Steps::Short, digits: 4, default_axis: 1 }
    }
}

#[derive(Clone, Debug)]
pub struct Task {
    pub ask: Ask,
    pub points: Option<Number>,
    pub span: Span,
}

/// A question whose names are resolved where it is answered.
#[derive(Clone, Debug)]
pub struct Asked {
    pub question: Question,
    /// The gradients that it names: their keys, and what they are of.
    pub gradients: Vec<(String, Target)>,
}

/// Families of curves that are fitted to the same data by least squares.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The columns of the targets and of what they depend on: leaves with values.
    pub of: NodeId,
    pub over: NodeId,
    pub families: Vec<Family>,
    /// The rows that are not learnt from, counted from 0, in order.
    pub held_out: Vec<usize>,
}

/// A sum of given functions of x, each times a coefficient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Family {
    /// `θ₀ x`
    Proportional,
    /// `θ₀ + θ₁ x + … + θ_p x^p`
    Polynomial(usize),
    /// `θ₀ + θ₁ f(x)`
    Curve(Curve),
}

/// As the language names it.
impl std::fmt::Display for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Family::Proportional => f.write_str("proportional"),
            Family::Polynomial(0) => f.write_str("constant"),
            Family::Polynomial(1) => f.write_str("linear"),
            Family::Polynomial(2) => f.write_str("quadratic"),
            Family::Polynomial(3) => f.write_str("cubic"),
            Family::Polynomial(degree) => write!(f, "degree {degree}"),
            Family::Curve(Curve::Cosine) => f.write_str("cosine"),
            Family::Curve(Curve::Sine) => f.write_str("sine"),
            Family::Curve(Curve::Exponential) => f.write_str("exponential"),
            Family::Curve(Curve::Logarithm) => f.write_str("logarithmic"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    Cosine,
    Sine,
    Exponential,
    Logarithm,
}

impl Family {
    pub fn coefficients(&self) -> usize {
        match self {
            Family::Proportional => 1,
            Family::Polynomial(degree) => degree + 1,
            Family::Curve(_) => 2,
        }
    }
}

/// A descent as it was asked for.
#[derive(Clone, Debug)]
pub struct Descent {
    pub loss: NodeId,
    pub params: Vec<NodeId>,
    /// The value of each parameter at the start, in the same order.
    pub start: Point,
    pub rule: Rule,
    /// All examples at once if there are none.
    pub batches: Option<Batches>,
    pub stop: Stop,
}

/// How a parameter moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// One a step; the last one stays.
    pub rates: Vec<Number>,
    pub method: Method,
    /// The factor of weight decay, which adds itself times the parameter to the gradient.
    pub decay: Number,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    Plain,
    Momentum { beta: Number },
    Nesterov { beta: Number },
    RmsProp { decay: Number, epsilon: Number },
    Adam { beta1: Number, beta2: Number, epsilon: Number },
}

/// Steps that each look at some examples only.
#[derive(Clone, Debug, PartialEq)]
pub struct Batches {
    pub size: usize,
    /// Shuffles the examples before each round; without it they come in order.
    pub seed: Option<u64>,
    /// The leaves whose rows are the examples, and how many these are.
    pub examples: Vec<LeafId>,
    pub rows: usize,
}

/// When a descent ends: after so many steps, or before, when the gradients with respect to these parameters (by their
/// places) have together a smaller norm.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    pub steps: usize,
    pub below: Option<(Vec<usize>, Number)>,
}

/// Values put in for leaves, in the order of the task.
pub type Point = Vec<(LeafId, Tensor<Number>)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The value of a leaf or a model line.
    Value(NodeId),
    /// The gradient of a loss with respect to a leaf or a model line.
    Gradient { of: NodeId, loss: NodeId },
}

/// `dW1`, `dW1[i, j]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivative {
    pub of: NodeId,
    pub loss: NodeId,
    /// The entry that is asked for; indices are integers counted from 1, or names.
    pub entry: Vec<EntryIndex>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryIndex {
    Number(usize),
    Name(String),
}

impl Target {
    /// The node that has to have a value: the gradient's loss.
    pub fn root(self) -> NodeId {
        match self {
            Target::Value(id) => id,
            Target::Gradient { loss, .. } => loss,
        }
    }

    /// The node that has the shape of what is asked for.
    pub fn shown(self) -> NodeId {
        match self {
            Target::Value(id) | Target::Gradient { of: id, .. } => id,
        }
    }

    /// The same in a graph whose nodes are others.
    pub fn renamed(self, new: &dyn Fn(&NodeId) -> NodeId) -> Target {
        match self {
            Target::Value(id) => Target::Value(new(&id)),
            Target::Gradient { of, loss } => Target::Gradient { of: new(&of), loss: new(&loss) },
        }
    }
}

impl EntryIndex {
    /// The letter of a general index.
    pub fn as_name(&self) -> Option<&str> {
        match self {
            EntryIndex::Name(name) => Some(name),
            EntryIndex::Number(_) => None,
        }
    }
}

impl std::fmt::Display for EntryIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EntryIndex::Number(place) => write!(f, "{place}"),
            EntryIndex::Name(name) => f.write_str(name),
        }
    }
}

/// Which way a Jacobian lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JacobianLayout {
    /// A row for each entry of the function, a column for each entry of the variable.
    Numerator,
    /// The transpose of that.
    Denominator,
}

/// How answers are marked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marking {
    pub tolerance: Tolerance,
    /// Names of mistakes that cost nothing: `transposed-layout`, `mean-for-sum`.
    pub accepted: BTreeSet<String>,
    /// Shares of the marks, from 0 to 1, that an answer with a mistake keeps, where they are not the catalogue's; also of
    /// `notation`.
    pub kept: BTreeMap<String, Number>,
    /// The share of an answer's marks that the lines of its working are.
    pub working: Option<Number>,
}

/// How far a number may be from the right one.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Tolerance {
    /// A whole number exactly, another to the third decimal place or the third significant digit.
    #[default]
    ByHand,
    Absolute(Number),
    /// As a share of the right number.
    Relative(Number),
    /// Right when rounded to so many significant digits.
    Digits(usize),
}
