//! The picture of a convolution: the image with the first place of the kernel, the kernel, the result with its pooling
//! windows and their largest entries, and what becomes of it, number by number.
//!
//! `chain` finds what is convolved and pooled, `scene` says what is shown of it, `layout` gives everything its
//! place, and the writers print what was placed.

mod chain;
mod layout;
mod scene;
mod svg;
mod tikz;

use super::drawing::Rect;
use super::drawing::Words;
use crate::answer::Solution;
use crate::graph::NodeId;
use serde::Serialize;

pub use svg::svg;
pub use tikz::tikz;

/// A picture, placed. The units are those of the graph drawing: 16 of them are the height of the font.
#[derive(Clone, Debug, PartialEq)]
pub struct Grids {
    /// The picture's accessible name.
    pub title: String,
    /// What it shows, for readers who can't see it.
    pub description: String,
    pub width: f64,
    pub height: f64,
    /// In the order in which they are painted.
    pub marks: Vec<Mark>,
    pub legend: Legend,
}

/// Something that is painted.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Fill {
        rect: Rect,
        tint: Tint,
    },
    /// A grid's border and inner lines; a lighter one around it is padding.
    Rules {
        rect: Rect,
        rows: usize,
        columns: usize,
        light: bool,
    },
    Frame {
        rect: Rect,
        frame: Frame,
    },
    /// Around a window's largest entry.
    Ring {
        rect: Rect,
    },
    Arrow {
        from: (f64, f64),
        to: (f64, f64),
    },
    /// Words in the middle of their rectangle.
    Text {
        rect: Rect,
        words: Words,
        tone: Tone,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// The first place of the kernel.
    Kernel,
    /// The entry that it gives.
    First,
    /// Pooling windows and their results, by turns.
    Even,
    Odd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    Kernel,
    Window,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A number in a cell.
    Entry,
    /// A zero of the padding.
    Padding,
    /// A value's name, or a sign between values.
    Name,
    /// Below a value.
    Shape,
    /// On an arrow.
    Operator,
}

/// What a reader has to be told of the marks: of each kind only what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Legend {
    /// The results of convolutions, whose first entries are tinted.
    #[serde(skip)]
    pub first: Vec<NodeId>,
    /// Pooling windows with a heavy frame: all of them, or (where they overlap) the first.
    pub all_windows: bool,
    pub first_window: bool,
    pub rings: bool,
    /// Zeros around an image.
    pub zeros: bool,
    /// Empty cells around what is pooled.
    pub empty: bool,
    pub flipped: bool,
}

/// The picture of the convolutions and poolings in the definitions of these symbols; `None` where there is nothing
/// to draw or it would not fit on a page.
pub fn grids(solution: &Solution, symbols: &[NodeId]) -> Option<Grids> {
    let chains = chain::chains(solution, symbols);
    let scene = scene::scene(solution, &chains)?;
    layout::layout(scene)
}
