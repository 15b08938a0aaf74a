//! Derivatives entry by entry, a row for each; for the entries on the diagonal and beside it where they differ.

use super::Maths;
use super::Viewer;
use super::told::{BlockView, LinkView, Pieces, ToldView};
use crate::answer::told::{Formula, Say};
use crate::answer::{EntryStep, Reason};
use crate::graph::NodeId;
use crate::math::{Math, Relation};
use crate::render::indices;

/// An equation and why it holds.
type Reasoned = (Maths, Pieces);

impl Viewer<'_> {
    /// The steps in their order; none where one of them has no form by its entries.
    pub(super) fn entrywise(&self, steps: &[EntryStep]) -> Option<ToldView> {
        let rows: Option<Vec<Vec<Reasoned>>> = steps.iter().map(|step| self.entry_step(step)).collect();
        let links = rows?.concat().into_iter().zip(1..);
        let links: Vec<LinkView> = links.map(|((form, because), number)| LinkView { number, form, because }).collect();
        (!links.is_empty()).then(|| ToldView { blocks: vec![BlockView::Steps { links }] })
    }

    fn entry_step(&self, step: &EntryStep) -> Option<Vec<Reasoned>> {
        let variable = |index: &str| Some(Formula::Math(self.entry_at(step.wrt, index, index)?));
        let Some(parts) = step.parts else {
            let form = match step.order {
                1 if step.reason == Reason::Gradient => self.entry_at(step.matrix, "j", "j")?,
                _ => self.entry_at(step.matrix, "i", "j")?,
            };
            let single = self.graph().shape(step.wrt).size().is_one();
            let why = match step.reason {
                Reason::Gradient => Say::new(if single { "the gradient" } else { "an entry of the gradient" }),
                Reason::Again if single => Say::new("(1), derived once more"),
                Reason::Again => Say::new("(1), derived with respect to {}").formula(variable("i")?),
                _ => Say::new("because {}").formula(self.said(step)?),
            };
            return Some(vec![(self.chain(step, "i", "j", vec![form])?, self.say(&why))]);
        };
        let mut forms = [Vec::new(), Vec::new()];
        let places = [("i", "i"), ("i", "j")];
        for parts in step.raw.iter().chain([&parts]) {
            for (place, (part, (i, j))) in parts.iter().zip(places).enumerate() {
                forms[place].push(self.entry_at(*part, i, j)?);
            }
        }
        let [on, beside] = forms;
        let case =
            |relation| Formula::Math(Math::Related(Box::new(Math::name("i")), vec![(relation, Math::name("j"))]));
        let first = match step.reason {
            Reason::Quotient => Say::new("for {}, by the quotient rule, because {}"),
            _ => Say::new("for {}, because {}"),
        };
        let first = first.formula(case(Relation::Equal)).formula(self.said(step)?);
        let free = match (step.reason, self.graph().as_apply(step.definition)) {
            (Reason::Quotient, Some((_, operands))) => operands[0],
            _ => step.of,
        };
        let second = Say::new("for {}, because {} does not contain {}")
            .formula(case(Relation::NotEqual))
            .formula(Formula::Math(self.entry_at(free, "i", "i")?))
            .formula(variable("j")?);
        Some(vec![
            (self.chain(step, "i", "i", on)?, self.say(&first)),
            (self.chain(step, "i", "j", beside)?, self.say(&second)),
        ])
    }

    /// `∂p_i/∂z_j = … = …`
    fn chain(&self, step: &EntryStep, i: &str, j: &str, forms: Vec<Math>) -> Option<Maths> {
        let below = self.entry_at(step.wrt, j, j)?.partial();
        let derivative = match step.order {
            1 => self.entry_at(step.of, i, i)?.partial().over(below),
            order => {
                let below = match self.graph().shape(step.wrt).size().is_one() {
                    true => self.math(step.wrt).to(Math::number(order)).partial(),
                    false => Math::Product(vec![self.entry_at(step.wrt, i, i)?.partial(), below]),
                };
                Math::Partial(order, Box::new(self.math(step.of))).over(below)
            }
        };
        let forms = forms.into_iter().map(|form| (Relation::Equal, form)).collect();
        Some(self.write(&Math::Related(Box::new(derivative), forms)))
    }

    /// What the value is, by its entries.
    fn said(&self, step: &EntryStep) -> Option<Formula> {
        Some(Formula::Math(self.entry_at(step.of, "i", "i")?.equals(self.entry_at(step.definition, "i", "i")?)))
    }

    /// An entry; a side of 1 has no letter, and a number no entries.
    fn entry_at(&self, id: NodeId, row: &str, column: &str) -> Option<Math> {
        let index = match self.graph().shape(id).as_matrix() {
            Some((rows, columns)) => {
                [if rows.is_one() { "1" } else { row }, if columns.is_one() { "1" } else { column }]
            }
            None => [row, column],
        };
        let is_name = self.graph().as_apply(id).is_none() && self.graph().shape(id).size().is_one();
        if is_name { Some(self.math(id)) } else { indices::entry(self.graph(), self.style, id, index) }
    }
}
