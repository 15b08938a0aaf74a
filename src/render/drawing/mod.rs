//! The drawing of a computation graph: layered from left to right, as SVG, TikZ, characters, Mermaid and DOT.
//!
//! Operators are nodes and values ride on the edges: the forward value above an edge, the gradient of the loss below
//! it. A parameter stands beside its operator with its gradient next to it, and a value with several consumers leaves
//! through a visible fork. What comes in is plain data (a [`Diagram`]); [`layout`] gives every box and line its place,
//! and the writers only print what was placed.
//!
//! ```
//! use solve::math::Math;
//! use solve::render::drawing::{Diagram, Edge, Kind, Label, Node, layout, svg};
//! let node = |id: &str, kind, text: &str| Node::new(id, kind, Label::new(Math::name(text)));
//! let diagram = Diagram {
//!     title: "Z = relu(X)".into(),
//!     description: "X goes through a rectifier".into(),
//!     nodes: vec![node("x", Kind::Input, "X"), node("r", Kind::Operator, "ReLU"), node("z", Kind::Output, "Z")],
//!     edges: vec![Edge::new("x", "r"), Edge::new("r", "z")],
//! };
//! assert!(svg(&layout(&diagram), "q1").starts_with("<svg"));
//! ```
mod assembly;
mod cells;
mod channel;
mod columns;
mod dot;
mod far;
mod flow;
mod geometry;
mod labels;
mod latex;
mod layout;
mod mermaid;
mod order;
mod pieces;
mod place;
mod placed;
mod route;
mod rows;
pub(super) mod svg;
mod terminal;
mod text;
pub(super) mod tikz;
mod words;

pub use dot::dot;
pub use geometry::Rect;
pub use layout::{layout, layout_within};
pub use mermaid::mermaid;
pub use placed::{Caption, End, Fork, Layout, Line, Placed, Role, Shape};
pub use svg::svg;
pub use terminal::terminal;
pub use tikz::tikz;
pub use words::Words;

use super::write::{Style, write};
use crate::math::Math;

/// A computation graph to draw: a directed acyclic graph of leaves and operators.
///
/// Edges whose ends are unknown, that lead from a node to itself or that close a cycle are not drawn; of two nodes with
/// one id the first counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// A few words: the picture's accessible name.
    pub title: String,
    /// What the picture shows, for readers who can't see it.
    pub description: String,
    /// The nodes, in the order in which the model names them; this order breaks ties, so it is kept stable.
    pub nodes: Vec<Node>,
    /// The values on their way from a node to a consumer.
    pub edges: Vec<Edge>,
}

/// A leaf or an operator of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The name by which edges refer to the node; never printed.
    pub id: String,
    /// What the node is, and so which border it gets.
    pub kind: Kind,
    /// What stands in its box.
    pub label: Label,
    /// The gradient of the loss with respect to the node's value. Beside a parameter it is printed next to it; where the
    /// value forks it is the sum of the contributions, printed before the fork.
    pub gradient: Option<Label>,
    /// The operator above or below which this leaf stands, if it is not in the main flow. A leaf with another consumer
    /// too stays in the main flow.
    pub beside: Option<String>,
}

impl Node {
    /// A node of the main flow without a gradient of its own.
    pub fn new(id: impl Into<String>, kind: Kind, label: Label) -> Self {
        Self { id: id.into(), kind, label, gradient: None, beside: None }
    }
}

/// What a node of the graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Given data: a box with sharp corners and a thin border.
    Input,
    /// Given data that the model is trained towards: the same with a dashed border.
    Target,
    /// A parameter: a tinted box with sharp corners and a thick border.
    Param,
    /// An operator: a box with round corners, or a circle around a single sign.
    Operator,
    /// A loss: an operator with a double border.
    Loss,
    /// The final scalar: no border.
    Output,
    /// The name of a value that is computed elsewhere: a pill with a dashed border. Very long lines are replaced by a
    /// pair of these.
    Reference,
}

/// The value of a node on its way to one consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The id of the node whose value this is.
    pub from: String,
    /// The id of the consumer.
    pub to: String,
    /// The value, printed above the edge.
    pub value: Option<Label>,
    /// The gradient that comes back along this edge (where the value forks: this consumer's contribution), printed
    /// below the edge.
    pub gradient: Option<Label>,
}

impl Edge {
    /// An edge without labels.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: to.into(), value: None, gradient: None }
    }
}

/// A short piece of mathematics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub math: Math,
    /// Rows of numbers, at most 2 x 2 (larger ones are not drawn), in brackets. The label's own formula, if it has one,
    /// stands before it with an equals sign.
    pub matrix: Option<Vec<Vec<Math>>>,
}

/// A label that says nothing.
impl Default for Label {
    fn default() -> Label {
        Label::new(Math::Row(Vec::new()))
    }
}

impl Label {
    pub fn new(math: Math) -> Label {
        Label { math, matrix: None }
    }

    /// The formula on one line of Unicode.
    pub fn text(&self) -> String {
        write(&self.math, Style::Text)
    }

    /// Whether there is no formula.
    pub fn is_empty(&self) -> bool {
        matches!(&self.math, Math::Row(parts) if parts.is_empty())
    }

    /// The same label with a small matrix of numbers after it.
    pub fn with_matrix(mut self, rows: &[&[&str]]) -> Label {
        self.matrix = Some(rows.iter().map(|row| row.iter().map(Math::number).collect()).collect());
        self
    }
}
