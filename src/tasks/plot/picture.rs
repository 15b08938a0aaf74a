//! Pictures over axes, as plain data: what is drawn, where, and what it is called. How it looks is decided where it is
//! rendered; here only what tells one series from another in grey print.

use super::descent::Done;
use super::families::per_degree;
use super::range::Axis;
use crate::answer::{Refusal, Section, Work};
use crate::graph::{Environment, EvaluationError, Kind, LeafId, NodeId};
use crate::limits::{PLOT_ENTRIES, PLOT_SAMPLES};
use crate::model::{Family, Free, Places, PlotAsk, Point, Target};
use crate::number::Number;
use crate::tensor::Tensor;
use std::sync::Arc;

/// A picture over two axes.
#[derive(Clone, Debug)]
pub struct Plot {
    pub horizontal: Axis,
    pub vertical: Axis,
    /// In the order in which they are told in the legend.
    pub series: Vec<Series>,
}

/// What an axis or a series shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// A leaf or a model line.
    Value(NodeId),
    /// An entry of it, counted from 1.
    Entry {
        of: NodeId,
        entry: Vec<usize>,
    },
    /// The gradient of a loss with respect to something.
    Gradient {
        of: NodeId,
        loss: NodeId,
    },
    /// The norm of the gradients with respect to these, together.
    Norm {
        of: Vec<NodeId>,
        loss: NodeId,
    },
    /// The number of steps of a descent.
    Step,
    /// The degree of a polynomial, and the mean of the squared residuals.
    Degree,
    Loss,
}

/// Points, a curve or a level line, and what it is called.
#[derive(Clone, Debug)]
pub struct Series {
    pub name: SeriesName,
    pub shape: Drawn,
    pub style: SeriesStyle,
}

/// What a series is called.
#[derive(Clone, Debug, PartialEq)]
pub enum SeriesName {
    /// A quantity, and the values that were put in for it.
    Of { quantity: Quantity, at: Point },
    /// Where the quantity has this value.
    Level { of: Quantity, value: f64 },
    /// The descent of a task, counted from 1, and what is drawn of it where it is not the loss; `alone` where no other
    /// descent is drawn.
    Descent { quantity: Option<Quantity>, task: usize, alone: bool },
    /// At the first steps of a descent.
    Tangents,
    /// Below this a descent stops.
    Stop(f64),
    /// A fitted curve.
    Family(Family),
    /// The rows of a table, or the losses on them: those that are learned from, and those that are held out.
    Rows { of: Quantity, held_out: bool },
}

/// What is drawn, in the numbers of the axes.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawn {
    Points(Vec<(f64, f64)>),
    /// Pieces: where a value is not defined there is a gap.
    Curve(Vec<Vec<(f64, f64)>>),
    /// The pieces of a level line.
    Contour(Vec<Vec<(f64, f64)>>),
    /// Points one after the other, and the step of each; they lie on a curve.
    Steps {
        points: Vec<(f64, f64)>,
        steps: Vec<usize>,
    },
    /// Points with lines between them; the steps are written at some of them.
    Path {
        points: Vec<(f64, f64)>,
        steps: Vec<usize>,
    },
    /// Points and the slopes there.
    Tangents(Vec<((f64, f64), f64)>),
    /// A horizontal line.
    Horizontal(f64),
}

impl Drawn {
    /// All points of it.
    pub fn points(&self) -> Vec<(f64, f64)> {
        match self {
            Drawn::Points(points) | Drawn::Steps { points, .. } | Drawn::Path { points, .. } => points.clone(),
            Drawn::Curve(pieces) | Drawn::Contour(pieces) => pieces.concat(),
            Drawn::Tangents(tangents) => tangents.iter().map(|(point, _)| *point).collect(),
            Drawn::Horizontal(_) => Vec::new(),
        }
    }
}

/// What tells a series from the others, also without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesStyle {
    pub ink: Ink,
    pub dash: Dash,
    pub mark: Mark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Plain,
    Forward,
    Gradient,
    Quiet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    Solid,
    Dashed,
    Dotted,
    DashDotted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Disc,
    Circle,
    Square,
    Triangle,
    Cross,
}

impl SeriesStyle {
    /// Curves by their place: the dashes differ first, then the colours.
    pub(super) fn curve(place: usize) -> SeriesStyle {
        const DASHES: [Dash; 4] = [Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::DashDotted];
        const INKS: [Ink; 4] = [Ink::Forward, Ink::Gradient, Ink::Plain, Ink::Quiet];
        let turn = place / DASHES.len();
        SeriesStyle { ink: INKS[(place + turn) % INKS.len()], dash: DASHES[place % DASHES.len()], mark: Mark::Disc }
    }

    /// Points by their place.
    pub(super) fn points(place: usize) -> SeriesStyle {
        const MARKS: [Mark; 5] = [Mark::Disc, Mark::Circle, Mark::Square, Mark::Triangle, Mark::Cross];
        SeriesStyle { ink: Ink::Plain, dash: Dash::Solid, mark: MARKS[place % MARKS.len()] }
    }

    /// Descents by their place.
    pub(super) fn descent(place: usize) -> SeriesStyle {
        const INKS: [Ink; 4] = [Ink::Gradient, Ink::Plain, Ink::Forward, Ink::Quiet];
        let SeriesStyle { dash, .. } = SeriesStyle::curve(place);
        SeriesStyle { ink: INKS[place % INKS.len()], dash, mark: SeriesStyle::points(place).mark }
    }

    pub(super) fn stop() -> SeriesStyle {
        SeriesStyle { ink: Ink::Quiet, dash: Dash::Dashed, mark: Mark::Disc }
    }

    pub(super) fn contour() -> SeriesStyle {
        SeriesStyle { ink: Ink::Forward, dash: Dash::Solid, mark: Mark::Disc }
    }
}

/// Why there is no picture.
#[derive(Clone, Debug)]
pub enum Unplottable {
    /// Nowhere in the range is there a value.
    Undefined(EvaluationError),
    /// One row of this value depends on another row: it is no function of what is at the axis.
    Rows(NodeId),
    /// The number is the same everywhere: there are no level lines.
    Level,
    /// No descent of that loss moves just what is at the axes.
    NoDescent,
    /// Nothing is fitted to these data, or no polynomial.
    NoFit,
}

impl Work<'_> {
    /// A picture; it may show what the sections hold that are done.
    pub(super) fn plot(&mut self, task: usize, ask: &PlotAsk, done: &Done) -> Result<Section, Refusal> {
        let made = match ask {
            PlotAsk::Curves { of, over, at, descent } => self.curves(of, over, at, done, *descent),
            PlotAsk::Contours { of, over, at, descent } => self.contours(*of, over, at, done, *descent),
            PlotAsk::Data { of, over, with, at, range } => {
                let at = match at {
                    Places::Points(points) => points.clone(),
                    Places::AfterDescent => self.ends_of_descents(done),
                    Places::AtMinimum => self.places_of_minima(done),
                    Places::Fitted => return self.made(task, self.families(of, *over, range.as_ref(), done)),
                };
                self.data(of, *over, with, &at, range.as_ref())
            }
            PlotAsk::Degrees => per_degree(done),
            PlotAsk::Steps { of } => self.per_step(of, done),
        };
        self.made(task, made)
    }

    fn made(&self, task: usize, made: Result<Plot, Unplottable>) -> Result<Section, Refusal> {
        let refused = |reason| Refusal::Unplottable { model: Box::new(self.model.clone()), task, reason };
        made.map(|plot| Section::Plot(Box::new(plot))).map_err(refused)
    }

    /// The node of a target and what it is called.
    pub(super) fn drawn(&mut self, target: Target) -> (NodeId, Quantity) {
        let quantity = match target {
            Target::Value(id) => Quantity::Value(id),
            Target::Gradient { of, loss } => Quantity::Gradient { of, loss },
        };
        (self.node(target), quantity)
    }

    /// How many samples the bound on what is computed leaves for one evaluation of this node each.
    pub(super) fn samples(&self, of: &[NodeId], most: usize) -> usize {
        const FEWEST: usize = 17;
        let graph = &self.model.graph;
        let needed = graph.needed(of);
        let entries = graph.ids().filter(|id| needed[id.place()]).map(|id| entries_of(graph, id)).sum::<usize>();
        (PLOT_ENTRIES / entries.max(1)).clamp(FEWEST, most)
    }

    /// A value at a few samples, exactly where it is exact, against what is drawn.
    pub(super) fn compare_samples(&mut self, node: NodeId, probe: &Probe<'_>, samples: &[(f64, Option<f64>)]) {
        let places = [0, samples.len() / 3, samples.len().saturating_sub(1)];
        for (at, drawn) in places.iter().filter_map(|place| samples.get(*place)) {
            let exact = probe.at::<Number>(&self.model.graph, &[*at]);
            let again = self.model.graph.evaluate(&[node], &exact);
            if let (Some(drawn), Ok(values)) = (drawn, again)
                && let Some(value) = values.get(node)
            {
                let (drawn, again) = (Tensor::scalar(*drawn), Tensor::scalar(value.first().to_f64()));
                self.certificate.compare(node, &drawn, &again);
            }
        }
    }
}

pub(super) fn entries_of(graph: &crate::graph::Graph, id: NodeId) -> usize {
    graph.shape(id).as_integers().map_or(1, |extents| extents.iter().product::<usize>())
}

/// Numbers that vary, and all others as they are given.
pub(super) struct Probe<'a> {
    pub(super) free: &'a [Free],
    pub(super) point: &'a Point,
}

impl Probe<'_> {
    /// What is given, the point, and these values for the free numbers.
    pub(super) fn at<S: crate::scalar::Scalar>(&self, graph: &crate::graph::Graph, values: &[f64]) -> Environment<S> {
        let mut environment = Environment::<S>::given(graph);
        for (leaf, value) in self.point {
            environment.set(*leaf, value.convert());
        }
        self.set(graph, &mut environment, values);
        environment
    }

    /// Puts values in for the free numbers.
    pub(super) fn set<S: crate::scalar::Scalar>(
        &self,
        graph: &crate::graph::Graph,
        environment: &mut Environment<S>,
        values: &[f64],
    ) {
        for (free, value) in self.free.iter().zip(values) {
            let Some(leaf) = leaf(graph, free.of) else { continue };
            let value = S::from_number(&Number::approx(*value));
            let extents = graph.shape(free.of).as_integers().unwrap_or_default();
            let wanted: Vec<usize> = free.entry.iter().map(|place| place - 1).collect();
            let old = environment.leaves.get(&leaf).map(Arc::clone);
            let entry = |index: &[usize]| match &old {
                _ if free.entry.is_empty() || index == wanted => value.clone(),
                Some(old) => old.at(index).clone(),
                None => S::zero(),
            };
            environment.set(leaf, Tensor::from_fn(&extents, entry));
        }
    }
}

pub(super) fn leaf(graph: &crate::graph::Graph, id: NodeId) -> Option<LeafId> {
    match graph.kind(id) {
        Kind::Leaf(leaf) => Some(*leaf),
        Kind::Symbol(_) | Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) | Kind::Apply(..) => None,
    }
}

/// Numbers from one end to the other, equally far apart; both ends are among them.
pub(super) fn spaced(from: f64, to: f64, count: usize) -> Vec<f64> {
    let last = (count.max(2) - 1) as f64;
    (0..count.max(2))
        .map(|place| if place as f64 == last { to } else { from + (to - from) * place as f64 / last })
        .collect()
}

/// The most samples of a curve.
pub(super) const SAMPLES: usize = PLOT_SAMPLES;
