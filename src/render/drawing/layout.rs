//! The finished drawing: every box, label and line with its place.
use super::assembly::Assembly;
use super::columns::Grid;
use super::flow::Flow;
use super::geometry::Rect;
use super::place::{Places, rows};
use super::route::Routes;
use super::words::Words;
use super::{Diagram, Kind, far, order};

/// Rows are not wider than this: at 0.52 pt a unit it is the width of a page's text (168 mm), where a line of 16 units is
/// 8.3 pt high.
const MAX_WIDTH: f64 = 920.0;

/// A drawing with every part in its place, in units of a sixteenth of the font's height.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The diagram's title and description.
    pub title: String,
    /// See [`Diagram::description`].
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

/// Gives every part of a diagram its place. The same diagram gives the same layout.
pub fn layout(diagram: &Diagram) -> Layout {
    layout_within(diagram, MAX_WIDTH)
}

/// With rows that are no wider than this, if they can be so narrow.
pub fn layout_within(diagram: &Diagram, width: f64) -> Layout {
    let mut drawn = far::cut_long(&Flow::new(diagram)).unwrap_or_else(|| diagram.clone());
    loop {
        let flow = Flow::new(&drawn);
        let mut grid = Grid::new(&flow);
        order::arrange(&mut grid);
        let mut routes = Routes::new(&flow, &grid);
        grid.row = rows(&grid, &routes, width);
        // Each cut leaves fewer lines that can be cut.
        if let Some(shorter) = far::cut_crowded(&flow, &grid) {
            drawn = shorter;
            continue;
        }
        if grid.row.last().is_some_and(|&row| row > 0) {
            order::settle(&mut grid);
            routes = Routes::new(&flow, &grid);
        }
        let places = Places::new(&grid, &routes);
        return Assembly::new(&flow, &grid, &routes, &places).finish();
    }
}
