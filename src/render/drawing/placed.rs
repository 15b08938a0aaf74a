//! The finished drawing: every box, label and line with its place.

use super::Kind;
use super::geometry::Rect;
use super::words::Words;

/// A drawing with every part in its place, in units of a sixteenth of the font's height.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The diagram's title and description.
    pub title: String,
    /// See `description` of a diagram.
    pub description: String,
    /// Width of the whole drawing.
    pub width: f64,
    /// Height of the whole drawing.
    pub height: f64,
    /// The nodes' boxes.
    pub nodes: Vec<Placed>,
    /// The texts outside of boxes.
    pub captions: Vec<Caption>,
    /// The edges, and the pieces that lead to forks.
    pub lines: Vec<Line>,
    /// Where values part.
    pub forks: Vec<Fork>,
    /// The heights between the rows, if there are several: there the drawing can be parted between two pages, with
    /// nothing cut but lines.
    pub breaks: Vec<f64>,
}

/// A node with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Index in the diagram; past its end for the tags that stand in for a very long line.
    pub node: usize,
    /// Its kind.
    pub kind: Kind,
    /// Its border.
    pub shape: Shape,
    /// Its box.
    pub rect: Rect,
    /// What stands in it.
    pub words: Words,
}

/// The outline of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A box with sharp corners.
    Sharp,
    /// A box with round corners.
    Round,
    /// A circle, for a single sign.
    Circle,
    /// A box whose short sides are half circles.
    Pill,
    /// No border.
    Bare,
}

/// What a caption says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A value on its way forward.
    Forward,
    /// A gradient.
    Gradient,
    /// A remark on a fork.
    Note,
}

/// A text outside of boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// The place that it may fill.
    pub rect: Rect,
    /// What it is.
    pub role: Role,
    /// The text.
    pub words: Words,
}

/// Where a value parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fork {
    /// The middle.
    pub at: (f64, f64),
    /// The radius.
    pub radius: f64,
    /// Whether the gradients of the branches are added here: then it is a circled plus, otherwise a dot.
    pub adds: bool,
}

/// A line of horizontal and vertical pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its corners from start to end.
    pub points: Vec<(f64, f64)>,
    /// Whether it ends in an arrow.
    pub arrow: bool,
    /// The nodes (indices into [`Layout::nodes`]) and forks at which it starts and ends.
    pub ends: [End; 2],
}

/// What a line starts or ends at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// An index into [`Layout::nodes`].
    Node(usize),
    /// An index into [`Layout::forks`].
    Fork(usize),
}
