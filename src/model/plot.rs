//! What a picture is asked to show.

use super::{Point, Target};
use crate::graph::NodeId;
use crate::number::Number;

#[derive(Clone, Debug)]
pub enum PlotAsk {
    /// Numbers over one free number: a curve for each of them at each point, and the steps of descents along the first.
    Curves { of: Vec<Target>, over: Free, at: Vec<Point>, descent: bool },
    /// The level lines of a number over two free numbers, and the paths of descents.
    Contours { of: Target, over: Box<[Free; 2]>, at: Point, descent: bool },
    /// The entries of vectors over those of another, and curves through them: one for each value at each point.
    Data { of: Vec<NodeId>, over: NodeId, with: Vec<NodeId>, at: Places, range: Option<(Number, Number)> },
    /// Numbers at the steps of descents.
    Steps { of: Vec<StepValue> },
    /// The losses of fitted polynomials by their degrees.
    Degrees,
}

/// Where values are computed.
#[derive(Clone, Debug)]
pub enum Places {
    /// As given, or at each of these points.
    Points(Vec<Point>),
    /// Where each descent of the problem ended.
    AfterDescent,
    /// Where each loss that is minimised is least.
    AtMinimum,
    /// Not values of the model but the families that are fitted to the same data.
    Fitted,
}

/// A number that changes from step to step.
#[derive(Clone, Debug)]
pub enum StepValue {
    Target(Target),
    /// The norm of the gradients with respect to these, together.
    Norm {
        of: Vec<NodeId>,
        loss: NodeId,
    },
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
    /// The values and gradients that are needed.
    pub fn targets(&self) -> Vec<Target> {
        match self {
            PlotAsk::Curves { of, over, descent, .. } => {
                let tangents =
                    of.first().filter(|_| *descent).map(|of| Target::Gradient { of: over.of, loss: of.root() });
                of.iter().copied().chain(tangents).collect()
            }
            PlotAsk::Contours { of, .. } => vec![*of],
            PlotAsk::Data { of, with, .. } => of.iter().chain(with).map(|id| Target::Value(*id)).collect(),
            PlotAsk::Steps { of } => of.iter().flat_map(StepValue::targets).collect(),
            PlotAsk::Degrees => Vec::new(),
        }
    }

    /// The same in a graph whose nodes are others.
    pub fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> PlotAsk {
        let free = |free: &Free| Free { of: new(&free.of), ..free.clone() };
        let all = |ids: &[NodeId]| ids.iter().map(new).collect();
        match self {
            PlotAsk::Curves { of, over, at, descent } => PlotAsk::Curves {
                of: of.iter().map(|target| target.renamed(new)).collect(),
                over: free(over),
                at: at.clone(),
                descent: *descent,
            },
            PlotAsk::Contours { of, over, at, descent } => PlotAsk::Contours {
                of: of.renamed(new),
                over: Box::new(over.each_ref().map(free)),
                at: at.clone(),
                descent: *descent,
            },
            PlotAsk::Data { of, over, with, at, range } => {
                PlotAsk::Data { of: all(of), over: new(over), with: all(with), at: at.clone(), range: range.clone() }
            }
            PlotAsk::Degrees => PlotAsk::Degrees,
            PlotAsk::Steps { of } => PlotAsk::Steps {
                of: of
                    .iter()
                    .map(|value| match value {
                        StepValue::Target(target) => StepValue::Target(target.renamed(new)),
                        StepValue::Norm { of, loss } => StepValue::Norm { of: all(of), loss: new(loss) },
                    })
                    .collect(),
            },
        }
    }
}

impl StepValue {
    /// What has to be computed.
    pub fn targets(&self) -> Vec<Target> {
        match self {
            StepValue::Target(target) => vec![*target],
            StepValue::Norm { of, loss } => of.iter().map(|of| Target::Gradient { of: *of, loss: *loss }).collect(),
        }
    }
}
