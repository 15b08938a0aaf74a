//! The targets at the points that a task names.

use super::gradients::Shown;
use super::substitution::{LARGEST_UNFOLDED, is_entrywise};
use super::{Equation, Maths, Viewer};
use crate::answer::{PointValues, Section, Subject};
use crate::graph::{NodeId, Values};
use crate::math::{Glyph, Math};
use crate::number::Number;
use crate::ops::Op;
use crate::render::figure::{self, Column};
use crate::render::notation::{self, Printer};
use serde::Serialize;
use std::collections::BTreeSet;

/// At more points than these a sum over the rows has no table.
const MOST_POINTS: usize = 6;
/// At more points than these the table has one column for each of them.
const MOST_WIDE_POINTS: usize = 3;
/// More rows than these are shortened to the first ones and the last.
const MOST_ROWS: usize = 10;
const FIRST_ROWS: usize = 6;
/// Most decimals of a column.
const MOST_DECIMALS: usize = 6;

#[derive(Clone, Debug, Serialize)]
pub struct PointsView {
    /// The forms of the asked gradients, where nothing before has shown them.
    pub gradients: Vec<Equation>,
    /// Sums over the rows of the data, the points side by side.
    pub tables: Vec<PointTable>,
    /// Everything else.
    pub points: Vec<PointView>,
}

/// A sum or mean over rows: the rows' columns of data, then for each point what stands inside and the summand.
#[derive(Clone, Debug, Serialize)]
pub struct PointTable {
    /// The value that is computed.
    pub name: Maths,
    pub headings: Vec<Maths>,
    pub rows: Vec<Vec<Maths>>,
    /// The value under each column of summands.
    pub totals: Vec<Option<Maths>>,
}

/// The targets at one point.
#[derive(Clone, Debug, Serialize)]
pub struct PointView {
    pub at: Maths,
    pub results: Vec<PointResult>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PointResult {
    pub name: Maths,
    /// The form with numbers put in, step by step.
    pub chain: Vec<Maths>,
    pub value: Maths,
    pub exact: bool,
    /// -1, 0 or 1 for a derivative with respect to a scalar: which way the loss falls.
    pub slope: Option<i8>,
    /// What the derivative is taken of, and with respect to what.
    pub of: Option<Maths>,
    pub wrt: Option<Maths>,
    /// Whether the problem makes it small by moving that.
    pub learned: bool,
}

/// A sum or mean of all entries of a column.
struct Total {
    summand: NodeId,
    /// What the summand is a function of, where that is not given.
    inner: Option<NodeId>,
    is_mean: bool,
}

impl Viewer<'_> {
    pub(super) fn points(&self, points: &[PointValues], shown: &mut Shown) -> PointsView {
        let targets = points.first().map_or(&[][..], |point| &point.targets);
        let tables: Vec<(NodeId, PointTable)> = targets
            .iter()
            .filter(|(subject, _)| matches!(subject, Subject::Value(_)))
            .filter_map(|(_, node)| Some((*node, self.point_table(*node, points)?)))
            .collect();
        let in_table = |node: NodeId| tables.iter().any(|(known, _)| *known == node);
        let views = points.iter().map(|point| self.point_view(point, &in_table));
        let mut views: Vec<PointView> = views.filter(|view| !view.results.is_empty()).collect();
        let gradients = targets.iter().filter_map(|(subject, _)| self.form_of(subject, shown)).collect();
        let mut tables: Vec<PointTable> = tables.into_iter().map(|(_, table)| table).collect();
        if let Some(table) = self.table_of_points(points).filter(|_| tables.is_empty()) {
            tables.push(table);
            views.truncate(1);
        }
        PointsView { gradients, tables, points: views }
    }

    /// Numbers at many points, a row a point: a truth table.
    fn table_of_points(&self, points: &[PointValues]) -> Option<PointTable> {
        let first = points.first().filter(|_| points.len() > MOST_WIDE_POINTS)?;
        let leaves: Vec<_> = first.point.iter().map(|(leaf, _)| *leaf).collect();
        let (mut headings, mut cells) = (Vec::new(), Vec::new());
        for leaf in &leaves {
            let bound = points.iter().map(|point| {
                let (_, value) = point.point.iter().find(|(own, _)| own == leaf)?;
                (value.size() == 1).then(|| value.first())
            });
            headings.push(self.write(&self.leaf(*leaf)));
            cells.push(bound.map(|value| Some(self.number(value?))).collect::<Option<Vec<Maths>>>()?);
        }
        let form = Column::Decimals { least: self.rounding.digits, most: MOST_DECIMALS };
        for (place, (subject, _)) in first.targets.iter().enumerate() {
            let values = points.iter().map(|point| {
                let value = point.values.get(point.targets.get(place)?.1)?;
                (value.size() == 1).then(|| value.first())
            });
            headings.push(self.subject(subject));
            let values: Vec<Option<&Number>> = values.collect::<Option<Vec<_>>>()?.into_iter().map(Some).collect();
            let column = notation::column(&values, form, self.rounding, self.style);
            cells.push(column.into_iter().map(Option::unwrap_or_default).collect());
        }
        let row = |place: usize| cells.iter().map(|column| column[place].clone()).collect();
        let rows = (0..points.len()).map(row).collect();
        Some(PointTable { name: Maths::new(), headings, rows, totals: Vec::new() })
    }

    /// A gradient's form, the first time.
    fn form_of(&self, subject: &Subject, shown: &mut Shown) -> Option<Equation> {
        let Subject::Gradient { of, loss, .. } = subject else { return None };
        let form = self.written_out(subject)?;
        let is_new = shown.forms.insert((*loss, *of));
        let derived = self.solution.gradients.iter().find(|gradients| gradients.loss == *loss);
        let told = derived.and_then(|gradients| gradients.of.get(of)).is_some_and(|node| shown.nodes.contains(node));
        (is_new && !told).then(|| Equation {
            name: self.subject(subject),
            form: self.print(form),
            shape: self.shape(*of),
        })
    }

    fn point_view(&self, point: &PointValues, in_table: &dyn Fn(NodeId) -> bool) -> PointView {
        let results = point.targets.iter().filter(|(_, node)| !in_table(*node)).filter_map(|(subject, node)| {
            let value = point.values.get(*node)?;
            let (wrt, loss) = match subject {
                Subject::Gradient { of, loss, .. } => (Some(*of), Some(*loss)),
                _ => (None, None),
            };
            let sign = i8::from(!value.first().is_negative()) - i8::from(value.first().to_f64() <= 0.0);
            let text = self.tensor(value);
            let mut chain = self.in_numbers(self.written_out(subject).unwrap_or(*node), &point.values);
            chain.retain(|link| *link != text);
            Some(PointResult {
                name: self.subject(subject),
                chain,
                value: text,
                exact: self.is_exact(value),
                slope: (wrt.is_some() && value.rank() == 0).then_some(sign),
                learned: loss.is_some_and(|loss| self.is_learned(loss)),
                of: loss.map(|loss| self.print(loss)),
                wrt: wrt.map(|of| self.print(of)),
            })
        });
        PointView { at: self.point(&point.point), results: results.collect() }
    }

    /// Whether a descent or a minimum of it is asked for.
    fn is_learned(&self, loss: NodeId) -> bool {
        self.solution.sections.iter().any(|section| match section {
            Section::Descent(result) => result.descent.loss == loss,
            Section::Minimum(result) => result.loss == loss,
            _ => false,
        })
    }

    /// A gradient in the model's own names.
    pub(super) fn written_out(&self, subject: &Subject) -> Option<NodeId> {
        let answer = self.solution.answers.iter().find(|answer| answer.subject == *subject)?;
        answer.expanded.filter(|_| matches!(subject, Subject::Gradient { .. }))
    }

    /// The rows of a sum at all points, where it is one of a few rows and columns.
    fn point_table(&self, node: NodeId, points: &[PointValues]) -> Option<PointTable> {
        let first = points.first().filter(|_| (2..=MOST_POINTS).contains(&points.len()))?;
        let total = self.total_over_rows(node, &first.values)?;
        let data = self.data_of(total.summand).into_iter();
        let mut columns: Vec<(Maths, Vec<Number>, Option<Maths>)> =
            data.map(|leaf| Some((self.print(leaf), entries(&first.values, leaf)?, None))).collect::<Option<_>>()?;
        for point in points {
            let heading = |id| self.write(&self.heading_at(id, point));
            if let Some(inner) = total.inner.filter(|_| points.len() <= MOST_WIDE_POINTS) {
                columns.push((heading(inner), entries(&point.values, inner)?, None));
            }
            let summands = entries(&point.values, total.summand)?;
            let result = self.tensor_math(point.values.get(node)?);
            let result = match total.is_mean {
                true => {
                    let sum = summands.iter().fold(Number::integer(0), |sum, summand| &sum + summand);
                    let count = Math::number(summands.len());
                    Math::Row(vec![self.number_math(&sum), Math::Glyph(Glyph::Slash), count]).equals(result)
                }
                false => result,
            };
            columns.push((heading(total.summand), summands, Some(self.write(&result))));
        }
        let form = Column::Decimals { least: self.rounding.digits, most: MOST_DECIMALS };
        let cells = columns.iter().map(|(_, values, _)| {
            let shown: Vec<Option<&Number>> = places(values.len()).map(|place| Some(&values[place?])).collect();
            notation::column(&shown, form, self.rounding, self.style)
        });
        let cells: Vec<Vec<Option<Maths>>> = cells.collect();
        let dots = || self.write(&Math::Glyph(Glyph::VerticalDots));
        let row = |place: usize| cells.iter().map(|cells| cells[place].clone().unwrap_or_else(dots)).collect();
        Some(PointTable {
            name: self.print(node),
            rows: (0..cells.first()?.len()).map(row).collect(),
            headings: columns.iter().map(|(heading, ..)| heading.clone()).collect(),
            totals: columns.into_iter().map(|(_, _, total)| total).collect(),
        })
    }

    fn total_over_rows(&self, node: NodeId, values: &Values<Number>) -> Option<Total> {
        let definition = self.graph().as_symbol(node).map_or(node, |symbol| symbol.definition);
        let (op, operands) = self.graph().as_apply(definition)?;
        let is_mean = match op {
            Op::Sum(sum) if sum.axis.is_none() => false,
            Op::Mean(mean) if mean.axis.is_none() => true,
            _ => return None,
        };
        let summand = *operands.first()?;
        let is_column = |id: NodeId| values.get(id).is_some_and(|value| value.rank() == 2 && value.extents()[1] == 1);
        if !is_entrywise(self.graph(), summand) || !is_column(summand) || values.get(summand)?.size() < 2 {
            return None;
        }
        let parts = self.graph().operands(summand);
        let mut columns = parts.iter().copied().filter(|part| is_column(*part));
        let inner = match (columns.next(), columns.next()) {
            (Some(only), None) => Some(only).filter(|only| self.graph().as_leaf(*only).is_none()),
            _ => None,
        };
        Some(Total { summand, inner, is_mean })
    }

    /// The columns of data that an entrywise expression is made of, in the order of the problem.
    fn data_of(&self, summand: NodeId) -> Vec<NodeId> {
        let (mut waiting, mut found, mut seen) = (vec![summand], Vec::new(), BTreeSet::new());
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let definition = self.graph().as_symbol(id).map_or(id, |symbol| symbol.definition);
            if is_entrywise(self.graph(), definition) {
                waiting.extend(self.graph().operands(definition));
            } else if self.graph().as_leaf(id).is_some() && self.graph().shape(id).is_column() {
                found.push(id);
            }
        }
        let leaves = self.solution.model.leaves.iter().copied();
        leaves.filter(|leaf| found.contains(leaf)).collect()
    }

    /// An entrywise expression in the data's names, with the point's numbers for the parameters: `y − 8x`.
    fn heading_at(&self, id: NodeId, point: &PointValues) -> Math {
        let instead = |id: NodeId| {
            if let Some(symbol) = self.graph().as_symbol(id) {
                // A long one keeps its name: written out, names in names double it.
                let short = self.unfolded_size(symbol.definition) <= LARGEST_UNFOLDED;
                return (short && is_entrywise(self.graph(), symbol.definition))
                    .then(|| self.heading_at(symbol.definition, point));
            }
            self.graph().as_leaf(id)?;
            let value = point.values.get(id).filter(|value| value.rank() == 0)?.first();
            Some(figure::number(value, self.rounding))
        };
        Printer::new(self.graph(), self.style).rounding(self.rounding).with(&instead).math(id)
    }
}

fn entries(values: &Values<Number>, id: NodeId) -> Option<Vec<Number>> {
    Some(values.get(id)?.entries().cloned().collect())
}

/// The rows that a table shows; none where it leaves some out.
fn places(rows: usize) -> impl Iterator<Item = Option<usize>> {
    let all = rows <= MOST_ROWS;
    let head = 0..if all { rows } else { FIRST_ROWS };
    let rest = (!all).then(|| [None, Some(rows - 1)]).into_iter().flatten();
    head.map(Some).chain(rest)
}
