//! What a solved problem is made of.

use super::told::{Say, Told};
use super::{DescentResult, FitResult, MinimumResult, Part, Unlearnable, Wanted};
use crate::diagnostic::Diagnostic;
use crate::differentiate::{Gradients, RuleError};
use crate::graph::{EvaluationError, Missing, NodeId, Values};
use crate::model::{Derivative, EntryIndex, JacobianLayout, Model, Point};
use crate::number::Number;
use crate::ops::Account;
use crate::second::{SecondForm, Unavailable};
use crate::shape::{Dim, Shape};
use crate::tasks::plot::{Plot, Unplottable};
use crate::tensor::Tensor;
use crate::verify::Certificate;
use std::collections::BTreeSet;

/// A solved problem. Everything that a document shows is in it or in its graph.
#[derive(Clone, Debug)]
pub struct Solution {
    /// The problem with its intermediate values named; its graph also holds the gradients.
    pub model: Model,
    /// The exact value of every node that has one with what is given.
    pub values: Values<Number>,
    /// One for each loss whose gradients were needed.
    pub gradients: Vec<Gradients>,
    /// One for each task, in order.
    pub sections: Vec<Section>,
    /// All asked results, in the order of the tasks.
    pub answers: Vec<Answer>,
    /// The gradients whose formulas have no value with what is given, and that exist as limits.
    pub limits: BTreeSet<NodeId>,
    /// Whether there were too many entries to compute more than doubles.
    pub only_doubles: bool,
    pub certificate: Certificate,
}

/// One asked result.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The task, counted from 1.
    pub task: usize,
    pub subject: Subject,
    /// The result as an expression: in terms of deltas and model names, and written out.
    pub form: Option<NodeId>,
    pub expanded: Option<NodeId>,
    /// Why the written-out form is equal, where it is in the names of lines.
    pub because: Option<Say>,
    pub shape: Shape,
    pub value: Option<Tensor<Number>>,
    /// The entries that have no value with what is given, and why.
    pub missing: Vec<Missing>,
    /// Where it was evaluated, if the task said so.
    pub at: Option<Point>,
    /// Its share of the marks.
    pub points: Option<Number>,
}

impl Answer {
    /// Whether a statement is true, where that is asked.
    pub fn holds(&self) -> Option<bool> {
        match &self.subject {
            Subject::Part(part) => match part.wanted {
                Wanted::Truth(holds) => Some(holds),
                Wanted::Form | Wanted::Shown { .. } | Wanted::Found { .. } => None,
            },
            _ => None,
        }
    }
}

/// What an answer is the answer to.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    Value(NodeId),
    /// A gradient; `entry` is empty for the whole of it.
    Gradient {
        of: NodeId,
        loss: NodeId,
        entry: Vec<EntryIndex>,
    },
    /// The output shape of a value.
    Shape(NodeId),
    /// A value written out entry by entry.
    Entries(NodeId),
    /// The number of entries of all parameters together.
    Count,
    /// A parameter after one step of descent.
    Updated(NodeId),
    /// A parameter where a descent ended, after so many steps.
    Descended {
        of: NodeId,
        steps: usize,
    },
    /// A parameter where the loss is least.
    Minimum(NodeId),
    /// Of one family of a fit, by its place among them.
    Fit {
        family: usize,
        part: FitPart,
    },
    Jacobian {
        of: NodeId,
        wrt: NodeId,
        layout: JacobianLayout,
    },
    Hessian {
        of: NodeId,
        wrt: NodeId,
    },
    /// The derivative of a scalar along a direction in these.
    Directional {
        of: NodeId,
        wrt: Vec<NodeId>,
    },
    /// Of a kind in `tasks`.
    Part(Box<Part>),
}

/// What is known of a family's best curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitPart {
    /// From θ₀ on, as a column.
    Coefficients,
    /// The mean of the squared residuals over the training rows.
    Training,
    /// The same over the rows that are held out.
    HeldOut,
}

/// What a task's part of the document is made of.
#[derive(Clone, Debug)]
pub enum Section {
    /// The values that lead to the targets, each with how it came about.
    Values {
        steps: Vec<ValueStep>,
    },
    /// The targets at each point.
    Points {
        points: Vec<PointValues>,
    },
    /// The gradients of one loss that lead to the asked ones; `gradients` is its place in the solution.
    Gradients {
        gradients: Vec<usize>,
        asked: Vec<Derivative>,
        /// The values that they are computed from, with what is given.
        forward: Vec<ValueStep>,
    },
    Graph {
        /// The loss whose gradients are drawn too.
        gradients_of: Option<NodeId>,
    },
    Shapes {
        steps: Vec<NodeId>,
    },
    /// These written out entry by entry.
    Entries {
        of: Vec<NodeId>,
    },
    Count {
        parameters: Vec<(NodeId, Dim)>,
        total: Dim,
    },
    Update {
        gradients: usize,
        parameters: Vec<NodeId>,
        rate: NodeId,
        forward: Vec<ValueStep>,
    },
    /// A matrix of derivatives, read off the product with a cotangent.
    Second {
        form: SecondForm,
        subject: Subject,
        /// The same entry by entry, line by line; none where that is not short.
        steps: Vec<EntryStep>,
    },
    /// The gradients with respect to some parameters, and the directions that they are multiplied by.
    Directional {
        gradients: usize,
        wrt: Vec<NodeId>,
        directions: Vec<NodeId>,
    },
    Told(Box<Told>),
    Plot(Box<Plot>),
    Descent(Box<DescentResult>),
    Minimum(Box<MinimumResult>),
    Fit(Box<FitResult>),
}

/// One derivative entry by entry, on the way to a matrix of derivatives.
#[derive(Clone, Debug)]
pub struct EntryStep {
    pub of: NodeId,
    pub wrt: NodeId,
    pub order: u32,
    /// What `of` is, entry by entry.
    pub definition: NodeId,
    /// A row for each entry of `of`, a column for each of `wrt`.
    pub matrix: NodeId,
    /// Its diagonal, as a column, and what stands beside it, where these differ.
    pub parts: Option<[NodeId; 2]>,
    /// The same as a rule gives them.
    pub raw: Option<[NodeId; 2]>,
    pub reason: Reason,
}

/// Why a derivative is so, entry by entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// By what the line says.
    Definition,
    /// An entry depends on the entry at its place alone.
    Alone,
    Quotient,
    /// The gradient, an entry of it.
    Gradient,
    /// The gradient, derived once more.
    Again,
}

/// The values at one point.
#[derive(Clone, Debug)]
pub struct PointValues {
    pub point: Point,
    /// The asked nodes, and the exact values of all that they need.
    pub targets: Vec<(Subject, NodeId)>,
    pub values: Values<Number>,
}

/// One intermediate value and how it came about.
#[derive(Clone, Debug)]
pub struct ValueStep {
    /// The symbol.
    pub symbol: NodeId,
    pub value: Tensor<Number>,
    /// The entries that are explained, by their index from 0.
    pub accounts: Vec<(Vec<usize>, Account<Number>)>,
}

/// An entry that is to be explained: `J[1,2]`, indices from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedEntry {
    pub name: String,
    pub index: Vec<usize>,
}

/// Why there is no solution.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// Something asked for has no value. The model's names are those of the refused problem.
    NoValue(Box<Model>, EvaluationError),
    Rule(RuleError),
    /// A step from where there is no gradient; the task, counted from 1, and the entries that do not exist.
    NoGradient {
        model: Box<Model>,
        task: usize,
        of: NodeId,
        loss: NodeId,
        missing: Vec<Missing>,
    },
    /// A matrix of derivatives that does not exist as a matrix expression; the task, counted from 1.
    Second {
        model: Box<Model>,
        task: usize,
        reason: Unavailable,
    },
    /// A picture that there is not; the task, counted from 1.
    Unplottable {
        model: Box<Model>,
        task: usize,
        reason: Unplottable,
    },
    /// A descent or a minimum that there is not; the task, counted from 1.
    Unlearnable {
        model: Box<Model>,
        task: usize,
        reason: Unlearnable,
    },
    /// A question of a kind in `tasks` that has no answer, in the kind's own words.
    Told(Vec<Diagnostic>),
    /// A check failed: nothing is printed that was not checked.
    Certificate(Box<Model>, Certificate),
}
