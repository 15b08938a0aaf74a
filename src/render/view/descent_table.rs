//! The table of a descent.

use super::descent::{HeadingView, MORE_DIGITS, MOST_DECIMALS, WIDEST, size};
use super::{Maths, Viewer};
use crate::descend::Row;
use crate::graph::NodeId;
use crate::math::Math;
use crate::model::{Descent, Method};
use crate::number::Number;
use crate::render::figure::{self, Column, Rounding};
use crate::render::notation;
use crate::tensor::{Tensor, indices};

/// With more entries than these the table has the size of the gradient only.
const WIDEST_GRADIENT: usize = 3;
/// Examples of a batch that the table names.
const LARGEST_BATCH: usize = 8;

type Cells = Vec<Option<Maths>>;

impl Viewer<'_> {
    /// The headings and the rows.
    pub(super) fn descent_table(&self, descent: &Descent, shown: &[&Row]) -> (Vec<HeadingView>, Vec<Vec<Maths>>) {
        let mut columns: Vec<(HeadingView, Cells)> = Vec::new();
        let mut add = |kind, name: Maths, cells: Cells| columns.push((HeadingView { kind, name }, cells));
        let each = |cell: &dyn Fn(&Row) -> Option<Maths>| -> Cells { shown.iter().map(|row| cell(row)).collect() };
        let digits = self.rounding.digits;
        let decimals = |least, most| Column::Decimals { least, most };
        let numbers = |pick: &dyn Fn(&Row) -> Option<Number>, form| {
            let values: Vec<Option<Number>> = shown.iter().map(|row| pick(row)).collect();
            notation::column(&values.iter().map(Option::as_ref).collect::<Vec<_>>(), form, self.rounding, self.style)
        };
        add("step", String::new(), each(&|row| Some(row.step.to_string())));
        if descent.batches.as_ref().is_some_and(|batches| batches.size <= LARGEST_BATCH) {
            let names = |rows: &Vec<usize>| rows.iter().map(|row| (row + 1).to_string()).collect::<Vec<_>>().join(", ");
            add("batch", String::new(), each(&|row| row.batch.as_ref().map(names)));
        }
        if descent.rule.rates.len() > 1 {
            add("rate", String::new(), numbers(&|row| row.rate.clone(), decimals(0, MOST_DECIMALS)));
        }
        let entries: Vec<(usize, Vec<usize>)> = (descent.start.iter().enumerate())
            .flat_map(|(place, (_, value))| indices(value.extents()).map(move |entry| (place, entry)))
            .collect();
        let is_narrow = entries.len() <= WIDEST;
        for (place, entry) in entries.iter().filter(|_| is_narrow) {
            let values = numbers(
                &|row| Some(row.params[*place].at(entry).clone()),
                decimals(digits + MORE_DIGITS, MOST_DECIMALS),
            );
            add(
                "parameter",
                self.vector_entry(self.math(descent.params[*place]), descent.params[*place], entry),
                values,
            );
        }
        add("loss", self.print(descent.loss), numbers(&|row| row.loss.clone(), Column::Digits(digits + 1)));
        if entries.len() <= WIDEST_GRADIENT {
            for (place, entry) in &entries {
                let own = |row: &Row| Some(row.gradients.as_ref()?[*place].at(entry).clone());
                let name = self.derivative_math(descent.params[*place], descent.loss);
                add(
                    "gradient",
                    self.vector_entry(name, descent.params[*place], entry),
                    numbers(&own, decimals(digits, digits + 1)),
                );
            }
        } else {
            let own = |row: &Row| row.gradients.as_ref().map(|gradients| Number::approx(size(gradients.iter())));
            add("size", String::new(), numbers(&own, decimals(digits, digits + 1)));
        }
        if let [(place, entry)] = entries.as_slice() {
            let moments: &[(&str, bool)] = match descent.rule.method {
                Method::Plain => &[],
                Method::Momentum { .. } | Method::Nesterov { .. } => &[("v", true)],
                Method::RmsProp { .. } => &[("s", false)],
                Method::Adam { .. } => &[("m", true), ("s", false)],
            };
            for (name, is_first) in moments {
                let own = |row: &Row| {
                    let moments = row.moments.as_ref()?;
                    let of = if *is_first { &moments.first } else { &moments.second };
                    Some(of[*place].at(entry).clone())
                };
                let name = Math::name(*name).step(Math::name("k").plus(Math::number(1)));
                add("moment", self.write(&name), numbers(&own, Column::Digits(digits)));
            }
            let change = |row: &Row| Some(row.change.as_ref()?[*place].at(entry).clone());
            add("change", String::new(), numbers(&change, decimals(digits + MORE_DIGITS, MOST_DECIMALS)));
        }
        let none = || self.write(&Math::words("–"));
        let row = |place: usize| columns.iter().map(|(_, cells)| cells[place].clone().unwrap_or_else(none)).collect();
        let rows = (0..shown.len()).map(row).collect();
        (columns.into_iter().map(|(heading, _)| heading).collect(), rows)
    }

    /// `w_2` of a row or a column, `W_{12}` of a matrix, the name of a scalar.
    fn vector_entry(&self, name: Math, id: NodeId, entry: &[usize]) -> Maths {
        let shape = self.graph().shape(id);
        let places: Vec<usize> = match (shape.is_row(), shape.is_column(), entry) {
            (true, _, [_, column]) => vec![*column],
            (_, true, [row, _]) => vec![*row],
            _ => entry.to_vec(),
        };
        let index: Vec<Math> = places.iter().map(|place| Math::number(place + 1)).collect();
        self.write(&if index.is_empty() { name } else { name.entry(index) })
    }

    /// Where a descent is, with the digits that show its last steps.
    pub(super) fn fine(&self, value: &Tensor<Number>) -> Math {
        let digits = self.rounding.digits + MORE_DIGITS;
        let form = Column::Decimals { least: digits, most: MOST_DECIMALS };
        match value.rank() {
            0 => Math::Row(figure::column(&[Some(value.first())], form, self.rounding).into_iter().flatten().collect()),
            _ => notation::tensor_math(value, Rounding { digits }),
        }
    }
}
