//! What axes and series are called, in both notations.

use crate::answer::{Section, Solution};
use crate::graph::NodeId;
use crate::math::{Fence, Glyph, Math};
use crate::model::{Method, Point};
use crate::number::Number;
use crate::render::drawing::Label;
use crate::render::figure::{self, Rounding};
use crate::render::notation::{Printer, Style};
use crate::render::write::write;
use crate::tasks::plot::{Quantity, SeriesName};
use crate::tensor::Tensor;

/// Values with more entries are not written in a legend.
const LONGEST: usize = 4;

/// Writes names and numbers of one solution.
pub(super) struct Labels<'a> {
    pub solution: &'a Solution,
    pub rounding: Rounding,
}

impl<'a> Labels<'a> {
    pub fn new(solution: &'a Solution) -> Labels<'a> {
        Labels { solution, rounding: Rounding { digits: solution.model.settings.digits } }
    }

    fn print(&self, id: NodeId) -> Math {
        Printer::new(&self.solution.model.graph, Style::Text).rounding(self.rounding).math(id)
    }

    pub fn quantity(&self, quantity: &Quantity) -> Label {
        Label::new(self.math(quantity))
    }

    /// A quantity as the problem language names it.
    pub fn plain(&self, quantity: &Quantity) -> String {
        let named = match quantity {
            Quantity::Gradient { of, .. } => self.print(*of).gradient(),
            Quantity::Norm { of, .. } => {
                Math::List(of.iter().map(|of| self.print(*of).gradient()).collect()).fenced(Fence::Bars)
            }
            Quantity::Step => Math::words("step"),
            Quantity::Entry { of, entry } => self.print(*of).entry(entry.iter().map(Math::number).collect()),
            Quantity::Value(_) | Quantity::Degree | Quantity::Loss => self.math(quantity),
        };
        write(&named, Style::Plain)
    }

    fn math(&self, quantity: &Quantity) -> Math {
        match quantity {
            Quantity::Value(id) => self.print(*id),
            Quantity::Gradient { of, loss } => {
                let [of, loss] = [of, loss].map(|id| self.print(*id).partial());
                Math::Row(vec![loss, Math::Glyph(Glyph::Slash), of])
            }
            Quantity::Norm { of, loss } => {
                let gradients = of.iter().map(|of| self.math(&Quantity::Gradient { of: *of, loss: *loss }));
                Math::List(gradients.collect()).fenced(Fence::Bars)
            }
            Quantity::Degree => Math::words("degree"),
            Quantity::Loss => Math::words("loss"),
            Quantity::Step => Math::Row(vec![Math::words("step "), Math::name("k")]),
            Quantity::Entry { of, entry } => match self.places(*of, entry).as_slice() {
                [only] => self.print(*of).subscript(only.clone()),
                all => self.print(*of).entry(all.to_vec()),
            },
        }
    }

    /// The index of an entry; of a row or a column the one that counts.
    fn places(&self, of: NodeId, entry: &[usize]) -> Vec<Math> {
        let shape = self.solution.model.graph.shape(of);
        match entry {
            [_, place] if shape.is_row() => vec![Math::number(place)],
            [place, _] if shape.is_column() => vec![Math::number(place)],
            entry => entry.iter().map(Math::number).collect(),
        }
    }

    /// What a series is called; the quantity is left out where only the point tells the series apart.
    pub fn series(&self, name: &SeriesName, with_quantity: bool) -> Label {
        Label::new(match name {
            SeriesName::Level { value, .. } => return self.number(*value),
            SeriesName::Family(family) => Math::words(family.to_string()),
            SeriesName::Rows { of: Quantity::Loss, held_out: true } => Math::words("on the rows held out"),
            SeriesName::Rows { of: Quantity::Loss, held_out: false } => Math::words("on the training rows"),
            SeriesName::Rows { of, held_out: false } => self.math(of),
            SeriesName::Rows { of, held_out: true } => Math::Row(vec![self.math(of), Math::words(", held out")]),
            SeriesName::Tangents => Math::words("tangents"),
            SeriesName::Stop(value) => Math::Row(vec![Math::words("stop below "), self.number(*value).math]),
            SeriesName::Descent { quantity, task, alone } => {
                let named = quantity.as_ref().filter(|_| with_quantity).map(|quantity| self.math(quantity));
                let descent = if *alone && named.is_some() { Vec::new() } else { self.descent(*task, *alone) };
                Math::List(named.into_iter().chain(descent).collect())
            }
            SeriesName::Of { quantity, at } => {
                let named = (with_quantity || at.is_empty()).then(|| self.math(quantity));
                Math::List(named.into_iter().chain(self.bindings(at)).collect())
            }
        })
    }

    /// The descent of a task: what tells it from others.
    fn descent(&self, task: usize, alone: bool) -> Vec<Math> {
        let descent = match self.solution.sections.get(task.saturating_sub(1)) {
            Some(Section::Descent(result)) if !alone => &result.descent,
            Some(_) | None => return vec![Math::words("descent")],
        };
        let method = Math::words(match &descent.rule.method {
            Method::Plain => "descent",
            Method::Momentum { .. } => "momentum",
            Method::Nesterov { .. } => "Nesterov",
            Method::RmsProp { .. } => "RMSProp",
            Method::Adam { .. } => "Adam",
        });
        let batch = descent.batches.as_ref().map(|batches| match batches.size {
            1 => Math::words("stochastic"),
            size => Math::words(format!("batch {size}")),
        });
        let rate = match descent.rule.rates.as_slice() {
            [rate] => Some(Math::name("eta").equals(figure::number(rate, self.rounding))),
            _ => None,
        };
        [Some(method), batch, rate].into_iter().flatten().collect()
    }

    /// `a^{(1)} = 9.342`: a quantity after so many steps.
    pub fn at_step(&self, quantity: &Quantity, step: usize, value: f64) -> Label {
        let number = figure::number(&self.rounded(value), self.rounding);
        Label::new(self.math(quantity).step(Math::number(step)).equals(number))
    }

    /// `k = 3`
    pub fn step(step: usize) -> Label {
        Label::new(Math::name("k").equals(Math::number(step)))
    }

    /// With the digits of the problem, and no zeros at the end.
    fn rounded(&self, value: f64) -> Number {
        let digits = self.rounding.digits.saturating_sub(1);
        short(format!("{value:.digits$e}").parse().unwrap_or(value))
    }

    pub fn number(&self, value: f64) -> Label {
        Label::new(figure::number(&short(value), self.rounding))
    }

    /// `a = 8, b = 2`
    pub fn point(&self, point: &Point) -> Math {
        Math::List(self.bindings(point).collect())
    }

    fn bindings(&self, point: &Point) -> impl Iterator<Item = Math> {
        point.iter().map(|(leaf, value)| {
            Math::name(self.solution.model.graph.leaf(*leaf).name.as_str()).equals(self.value(value))
        })
    }

    fn value(&self, value: &Tensor<Number>) -> Math {
        let entries = value.entries().take(LONGEST).map(|entry| figure::number(entry, self.rounding));
        let more = (value.size() > LONGEST).then_some(Math::Glyph(Glyph::Dots));
        let mut all: Vec<Math> = entries.chain(more).collect();
        if value.rank() == 0 { all.swap_remove(0) } else { Math::List(all).fenced(Fence::Square) }
    }
}

/// A leaf or an entry of it: `a`, `w_1`.
pub fn entry_name(solution: &Solution, of: NodeId, entry: &[usize]) -> Math {
    let quantity = match entry {
        [] => Quantity::Value(of),
        entry => Quantity::Entry { of, entry: entry.to_vec() },
    };
    Labels::new(solution).math(&quantity)
}

/// The decimal that a double was meant as: 0.3 and not its 17 digits.
pub(super) fn short(value: f64) -> Number {
    Number::parse(&format!("{value}")).unwrap_or_else(|_| Number::approx(value))
}
