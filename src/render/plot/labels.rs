//! What axes and series are called, in both notations.

use crate::answer::plot::{Quantity, SeriesName};
use crate::answer::{Section, Solution};
use crate::graph::NodeId;
use crate::model::{Method, Point};
use crate::number::Number;
use crate::render::drawing::{Label, plain_text};
use crate::render::figure::Rounding;
use crate::render::notation::{self, Printer, Style};
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

    /// The same in LaTeX and in Unicode.
    fn both(form: impl Fn(Style) -> String) -> Label {
        Label::new(form(Style::Latex), form(Style::Text))
    }

    fn print(&self, id: NodeId, style: Style) -> String {
        Printer::new(&self.solution.model.graph, style).rounding(self.rounding).print(id)
    }

    pub fn quantity(&self, quantity: &Quantity) -> Label {
        Labels::both(|style| self.quantity_in(quantity, style))
    }

    pub fn quantity_in(&self, quantity: &Quantity, style: Style) -> String {
        match quantity {
            Quantity::Value(id) => self.print(*id, style),
            Quantity::Gradient { of, loss } => {
                let (of, loss) = (self.print(*of, style), self.print(*loss, style));
                match style {
                    Style::Latex => format!("\\partial {loss}/\\partial {of}"),
                    Style::Text => format!("∂{loss}/∂{of}"),
                    Style::Plain => format!("d{of}"),
                }
            }
            Quantity::Norm { of, loss } => {
                let gradients = of.iter().map(|of| Quantity::Gradient { of: *of, loss: *loss });
                let named: Vec<String> = gradients.map(|gradient| self.quantity_in(&gradient, style)).collect();
                format!("|{}|", named.join(", "))
            }
            Quantity::Degree | Quantity::Loss => {
                let word = if *quantity == Quantity::Degree { "degree" } else { "loss" };
                if style == Style::Latex { format!("\\text{{{word}}}") } else { word.to_string() }
            }
            Quantity::Step => match style {
                Style::Latex => "\\text{step }k".to_string(),
                Style::Text => "step k".to_string(),
                Style::Plain => "step".to_string(),
            },
            Quantity::Entry { of, entry } => {
                let name = self.print(*of, style);
                let places = self.places(*of, entry);
                match style {
                    Style::Plain => {
                        format!("{name}[{}]", entry.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
                    }
                    Style::Latex | Style::Text if name.chars().count() > 1 => format!("({name})_{{{places}}}"),
                    Style::Latex | Style::Text => format!("{name}_{{{places}}}"),
                }
            }
        }
    }

    /// The index of an entry; of a row or a column the one that counts.
    fn places(&self, of: NodeId, entry: &[usize]) -> String {
        let shape = self.solution.model.graph.shape(of);
        let places: Vec<String> = match entry {
            [_, place] if shape.is_row() => vec![place.to_string()],
            [place, _] if shape.is_column() => vec![place.to_string()],
            entry => entry.iter().map(usize::to_string).collect(),
        };
        places.join(",")
    }

    /// What a series is called; the quantity is left out where only the point tells the series apart.
    pub fn series(&self, name: &SeriesName, with_quantity: bool) -> Label {
        match name {
            SeriesName::Level { value, .. } => self.number(*value),
            SeriesName::Family(family) => {
                let name = family.to_string();
                Label::new(format!("\\text{{{name}}}"), name)
            }
            SeriesName::Rows { of: Quantity::Loss, held_out } => {
                let name = if *held_out { "on the rows held out" } else { "on the training rows" };
                Label::new(format!("\\text{{{name}}}"), name)
            }
            SeriesName::Rows { of, held_out } => Labels::both(|style| {
                let name = self.quantity_in(of, style);
                match (held_out, style) {
                    (false, _) => name,
                    (true, Style::Latex) => format!("{name}\\text{{, held out}}"),
                    (true, Style::Text | Style::Plain) => format!("{name}, held out"),
                }
            }),
            SeriesName::Tangents => Label::new("\\text{tangents}", "tangents"),
            SeriesName::Stop(value) => {
                let number = self.number(*value);
                Label::new(format!("\\text{{stop below }}{}", number.latex), format!("stop below {}", number.text))
            }
            SeriesName::Descent { quantity, task, alone } => Labels::both(|style| {
                let named =
                    quantity.as_ref().filter(|_| with_quantity).map(|quantity| self.quantity_in(quantity, style));
                let descent = (!alone || named.is_none()).then(|| self.descent(*task, *alone, style));
                let parts: Vec<String> = named.into_iter().chain(descent).collect();
                parts.join(if style == Style::Latex { ",\\; " } else { ", " })
            }),
            SeriesName::Of { quantity, at } => Labels::both(|style| {
                let named = (with_quantity || at.is_empty()).then(|| self.quantity_in(quantity, style));
                let set = (!at.is_empty()).then(|| self.point(at, style));
                let parts: Vec<String> = named.into_iter().chain(set).collect();
                parts.join(if style == Style::Latex { ",\\; " } else { ", " })
            }),
        }
    }

    /// The descent of a task: what tells it from others.
    fn descent(&self, task: usize, alone: bool, style: Style) -> String {
        let words = |words: &str| if style == Style::Latex { format!("\\text{{{words}}}") } else { words.to_string() };
        let descent = match self.solution.sections.get(task.saturating_sub(1)) {
            Some(Section::Descent(result)) if !alone => &result.descent,
            Some(_) | None => return words("descent"),
        };
        let method = match &descent.rule.method {
            Method::Plain => "descent",
            Method::Momentum { .. } => "momentum",
            Method::Nesterov { .. } => "Nesterov",
            Method::RmsProp { .. } => "RMSProp",
            Method::Adam { .. } => "Adam",
        };
        let batch = descent.batches.as_ref().map(|batches| match batches.size {
            1 => words("stochastic"),
            size => words(&format!("batch {size}")),
        });
        let rate = match descent.rule.rates.as_slice() {
            [rate] => {
                let eta = if style == Style::Latex { "\\eta" } else { "η" };
                Some(format!("{eta} = {}", notation::number(rate, self.rounding, style)))
            }
            _ => None,
        };
        let parts: Vec<String> = [Some(words(method)), batch, rate].into_iter().flatten().collect();
        parts.join(if style == Style::Latex { ",\\; " } else { ", " })
    }

    /// `a_1 = 9.342`: a quantity after so many steps.
    pub fn at_step(&self, quantity: &Quantity, step: usize, value: f64) -> Label {
        let number = self.rounded(value);
        Labels::both(|style| {
            let name = self.quantity_in(quantity, style);
            let number = notation::number(&number, self.rounding, style);
            match quantity {
                Quantity::Value(_) if name.chars().count() == 1 => format!("{name}_{{{step}}} = {number}"),
                _ => format!("{name}^{{({step})}} = {number}"),
            }
        })
    }

    /// `k = 3`
    pub fn step(step: usize) -> Label {
        Label::new(format!("k={step}"), format!("k = {step}"))
    }

    /// With the digits of the problem, and no zeros at the end.
    fn rounded(&self, value: f64) -> Number {
        let digits = self.rounding.digits.saturating_sub(1);
        short(format!("{value:.digits$e}").parse().unwrap_or(value))
    }

    pub fn number(&self, value: f64) -> Label {
        let number = short(value);
        Labels::both(|style| notation::number(&number, self.rounding, style))
    }

    /// `a = 8, b = 2`
    pub fn point(&self, point: &Point, style: Style) -> String {
        let binding = |(leaf, value): &(crate::graph::LeafId, Tensor<Number>)| {
            let name = notation::name(&self.solution.model.graph.leaf(*leaf).name, style);
            format!("{name} = {}", self.value(value, style))
        };
        let bindings: Vec<String> = point.iter().map(binding).collect();
        bindings.join(if style == Style::Latex { ",\\; " } else { ", " })
    }

    fn value(&self, value: &Tensor<Number>, style: Style) -> String {
        let entries: Vec<String> =
            value.entries().take(LONGEST).map(|entry| notation::number(entry, self.rounding, style)).collect();
        let more = value.size() > LONGEST;
        let dots = if style == Style::Latex { "\\ldots" } else { "…" };
        let all: Vec<&str> = entries.iter().map(String::as_str).chain(more.then_some(dots)).collect();
        match (all.as_slice(), value.rank()) {
            ([only], 0) => (*only).to_string(),
            (all, _) => format!("[{}]", all.join(", ")),
        }
    }
}

/// A leaf or an entry of it: `a`, `w_1`.
pub fn entry_name(solution: &Solution, of: NodeId, entry: &[usize], style: Style) -> String {
    let quantity = match entry {
        [] => Quantity::Value(of),
        entry => Quantity::Entry { of, entry: entry.to_vec() },
    };
    let name = Labels::new(solution).quantity_in(&quantity, style);
    if style == Style::Text { plain_text(&name) } else { name }
}

/// The decimal that a double was meant as: 0.3 and not its 17 digits.
pub(super) fn short(value: f64) -> Number {
    Number::parse(&format!("{value}")).unwrap_or_else(|_| Number::approx(value))
}
