//! What a picture is asked to show.

use super::{Point, Target};
use crate::graph::NodeId;
use crate::number::Number;

#[derive(Clone, Debug)]
pub enum PlotAsk {
    /// Numbers over one free number: a curve for each of them at each point.
    Curves { of: Vec<Target>, over: Free, at: Vec<Point> },
    /// The level lines of a number over two free numbers.
    Contours { of: Target, over: Box<[Free; 2]>, at: Point },
    /// The entries of vectors over those of another, and curves through them: one for each value at each point.
    Data { of: Vec<NodeId>, over: NodeId, with: Vec<NodeId>, at: Vec<Point>, range: Option<(Number, Number)> },
}

/// A number that varies along an axis.
#[derive(Clone, Debug)]
pub struct Free {
    /// A leaf.
    pub of: NodeId,
    /// Which of its entries, counted from 1; empty for a scalar.
    pub entry: Vec<usize>,
    pub from: Number,
    pub to: Number,
}

impl PlotAsk {
    /// The values and gradients that are drawn.
    pub fn targets(&self) -> Vec<Target> {
        match self {
            PlotAsk::Curves { of, .. } => of.clone(),
            PlotAsk::Contours { of, .. } => vec![*of],
            PlotAsk::Data { of, with, .. } => of.iter().chain(with).map(|id| Target::Value(*id)).collect(),
        }
    }

    /// The same in a graph whose nodes are others.
    pub fn renamed(&self, new: &impl Fn(&NodeId) -> NodeId) -> PlotAsk {
        let free = |free: &Free| Free { of: new(&free.of), ..free.clone() };
        let all = |ids: &[NodeId]| ids.iter().map(new).collect();
        match self {
            PlotAsk::Curves { of, over, at } => PlotAsk::Curves {
                of: of.iter().map(|target| target.renamed(new)).collect(),
                over: free(over),
                at: at.clone(),
            },
            PlotAsk::Contours { of, over, at } => {
                PlotAsk::Contours { of: of.renamed(new), over: Box::new(over.each_ref().map(free)), at: at.clone() }
            }
            PlotAsk::Data { of, over, with, at, range } => {
                PlotAsk::Data { of: all(of), over: new(over), with: all(with), at: at.clone(), range: range.clone() }
            }
        }
    }
}
