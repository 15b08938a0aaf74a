//! `plot L over a from 6 to 13`: pictures over axes.

mod asked;
mod contour;
mod curve;
mod descent;
mod families;
mod picture;
mod points;
mod range;
mod thin;

use super::{Ask, Line, Sheet, Space, Task, Written};
use crate::answer::told::{Formula, Hole, Say};
use crate::answer::{Refusal, Section, Work};
use crate::graph::NodeId;
use crate::lower::Lowerer;
use crate::model::{Free, Model, Places, PlotAsk, Point, StepValue, Target};
use crate::number::Number;
use descent::Done;
pub use picture::{Dash, Drawn, Ink, Mark, Plot, Quantity, Series, SeriesName, SeriesStyle, Unplottable};
use picture::{Probe, SAMPLES, entries_of, leaf, spaced};
pub use range::{Axis, Scale};

pub const WRITTEN: Written = Written {
    begins: "plot",
    forms: &["plot {plot}"],
    examples: &["plot L over a from 6 to 13", "plot y over x with yhat at a = 9.8", "plot L per step"],
    summary: "curves, points, level lines, the steps of a descent",
    answered: "",
};

pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
    lowerer.plot(line).map(|plot| Ask::Plot(Box::new(plot)))
}

impl Task for Box<PlotAsk> {
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask {
        Ask::Plot(Box::new(self.as_ref().renamed(new)))
    }

    fn gradients(&self, _: &Model) -> Vec<Target> {
        self.targets()
    }

    fn question(&self) -> Say {
        let steps = |descent: bool| descent.then_some(Say::new(", with the steps of the descent"));
        let targets = |of: &[Target]| Hole::Formulas(of.iter().copied().map(Formula::target).collect());
        match self.as_ref() {
            PlotAsk::Curves { of, over, at, descent } => Say::new("Plot {} over {}{}{}.")
                .hole(targets(of))
                .say(range(over))
                .maybe((!at.is_empty()).then(|| Say::new(", at {}").hole(points(at))))
                .maybe(steps(*descent)),
            PlotAsk::Contours { of, over, at, descent } => Say::new("Draw level lines of {} over {}{}{}.")
                .formula(Formula::target(*of))
                .hole(Hole::Says(over.iter().map(range).collect()))
                .maybe((!at.is_empty()).then(|| Say::new(", at {}").formula(Formula::Point(at.clone()))))
                .maybe(steps(*descent)),
            PlotAsk::Data { of, over, with, at, range } => {
                let place = match at {
                    Places::Fitted => Some(Say::new(", with the fitted curves")),
                    Places::AfterDescent => Some(Say::new(" after the descent")),
                    Places::AtMinimum => Some(Say::new(" at the minimum")),
                    Places::Points(at) if at.is_empty() => None,
                    Places::Points(at) if with.is_empty() => Some(Say::new(", at {}").hole(points(at))),
                    Places::Points(at) => Some(Say::new(" at {}").hole(points(at))),
                };
                Say::new("Plot {} over {}{}{}.")
                    .nodes(of)
                    .say(ranged(Formula::Node(*over), range.as_ref().map(|(from, to)| (from, to))))
                    .maybe((!with.is_empty()).then(|| Say::new(", with {}").nodes(with)))
                    .maybe(place)
            }
            PlotAsk::Steps { of } => {
                let of = of.iter().map(|value| match value {
                    StepValue::Target(target) => Formula::target(*target),
                    StepValue::Norm { of, loss } => {
                        Formula::Size(of.iter().map(|of| Formula::Gradient { of: *of, loss: *loss }).collect())
                    }
                });
                Say::new("Plot {} at each step of the descent.").hole(Hole::Formulas(of.collect()))
            }
            PlotAsk::Degrees => Say::new("Plot the losses of the polynomials over their degrees."),
        }
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            title: "Plot",
            hint: "Compute the ends and a few points between.",
            space: Space::Frame { squared: true },
        }
    }

    fn answer(&self, work: &mut Work, task: usize, done: &Done) -> Result<Section, Refusal> {
        work.plot(task, self, done)
    }
}

fn points(at: &[Point]) -> Hole {
    Hole::Formulas(at.iter().cloned().map(Formula::Point).collect())
}

fn range(free: &Free) -> Say {
    let of = Formula::Coordinate { of: free.of, entry: free.entry.clone() };
    ranged(of, Some((&free.from, &free.to)))
}

/// `a from 6 to 13`
fn ranged(of: Formula, ends: Option<(&Number, &Number)>) -> Say {
    match ends {
        Some((from, to)) => Say::new("{} from {} to {}")
            .formula(of)
            .formula(Formula::number(from))
            .formula(Formula::number(to)),
        None => Say::new("{}").formula(of),
    }
}
