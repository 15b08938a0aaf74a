//! Expressions with numbers put in.

use super::accounts::{AccountView, shortened, summed};
use super::{Maths, Viewer};
use crate::graph::{Graph, NodeId, Values};
use crate::math::{Glyph, Math};
use crate::number::Number;
use crate::ops::{Exhibit, Op};
use crate::render::figure;
use crate::render::notation::Printer;
use crate::tensor::Tensor;

/// An expression with more operators and operands is not written out in given numbers.
pub(super) const LARGEST_UNFOLDED: usize = 24;

/// More entries than these are not worked out one by one.
const MOST_WORKED: usize = 4;

/// What numbers are put in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// Every name that the expression uses.
    Names,
    /// What is given: names in it are written out.
    Given,
    /// Every row of a sum.
    Values,
}

impl Viewer<'_> {
    /// A definition with numbers put in: a scalar's formula, or a sum over rows written out row by row. The numbers
    /// are those of the names that it uses, or of what is given where `unfold` asks for it and it stays short.
    pub(super) fn substituted(&self, symbol: NodeId, values: &Values<Number>, unfold: bool) -> Option<Maths> {
        let definition = self.graph().as_symbol(symbol).map_or(symbol, |symbol| symbol.definition);
        let depth =
            if unfold && self.unfolded_size(definition) <= LARGEST_UNFOLDED { Depth::Given } else { Depth::Names };
        if self.graph().shape(definition).size().as_integer() != Some(1) {
            return None;
        }
        if let Some(total) = self.total(definition, values, depth) {
            return Some(self.write(&total));
        }
        is_entrywise(self.graph(), definition).then(|| self.write(&self.at_entry(definition, &[], values, depth)))
    }

    /// A few entries of a value that is made entry by entry, each with its numbers put in.
    pub(super) fn worked_entries(&self, symbol: NodeId, called: &Math, values: &Values<Number>) -> Vec<AccountView> {
        let definition = self.graph().as_symbol(symbol).map_or(symbol, |symbol| symbol.definition);
        let Some(value) = values.get(symbol).or_else(|| values.get(definition)) else { return Vec::new() };
        let few = value.rank() == 2 && (2..=MOST_WORKED).contains(&value.size());
        if !few || !is_entrywise(self.graph(), definition) {
            return Vec::new();
        }
        let entry = |entry: Vec<usize>| {
            let worked = self.write(&self.at_entry(definition, &entry, values, Depth::Names));
            let result = value.at(&entry);
            let result_text = self.number(result);
            let says_more = worked != result_text;
            AccountView {
                name: self.write(&self.entry_math_of(symbol, called.clone(), &entry)),
                chain: says_more.then_some(worked).into_iter().chain([result_text]).collect(),
                exact: figure::is_shown_exactly(result),
                remark: None,
            }
        };
        crate::tensor::indices(value.extents()).map(entry).collect()
    }

    /// The entries of a product or a sum over an axis, all where they are few, with their numbers.
    pub(super) fn product_entries(&self, symbol: NodeId, called: &Math) -> Vec<AccountView> {
        let values = &self.solution.values;
        let definition = self.graph().as_symbol(symbol).map_or(symbol, |symbol| symbol.definition);
        let told = || {
            let (op, operands) = self.graph().as_apply(definition)?;
            let value = values.get(definition).filter(|value| value.rank() == 2)?;
            let known: Vec<&Tensor<Number>> = operands.iter().map(|id| values.get(*id)).collect::<Option<_>>()?;
            let shown = if value.size() <= MOST_WORKED { value.size() } else { 1 };
            let entry = |entry: Vec<usize>| {
                let mut chain = self.account_chain(&op.account(&known, &entry));
                let result = self.number_math(value.at(&entry));
                if chain.is_empty() || chain.contains(&result) {
                    return None;
                }
                chain.push(result);
                Some(AccountView {
                    name: self.write(&self.entry_math_of(symbol, called.clone(), &entry)),
                    chain: chain.iter().map(|link| self.write(link)).collect(),
                    exact: figure::is_shown_exactly(value.at(&entry)),
                    remark: None,
                })
            };
            let is_product = op.exhibit() == Exhibit::FirstEntry;
            is_product.then(|| crate::tensor::indices(value.extents()).take(shown).filter_map(entry).collect())
        };
        told().unwrap_or_default()
    }

    /// As [`Viewer::substituted`], and then with the rows' values in the sums: `2 (−7.2 − 36.45 − 180)`.
    pub(super) fn in_numbers(&self, id: NodeId, values: &Values<Number>) -> Vec<Maths> {
        let definition = self.graph().as_symbol(id).map_or(id, |symbol| symbol.definition);
        let Some(first) = self.substituted(id, values, true) else { return Vec::new() };
        let added = match self.total(definition, values, Depth::Values) {
            Some(total) => self.write(&total),
            None => self.write(&self.at_entry(definition, &[], values, Depth::Values)),
        };
        let short = added.len() < first.len() && !self.needs_rounding(definition, values);
        std::iter::once(first).chain(short.then_some(added)).collect()
    }

    /// Whether a value that an expression is made of is not shown whole.
    fn needs_rounding(&self, id: NodeId, values: &Values<Number>) -> bool {
        let needed = self.graph().needed(&[id]);
        let mut inner = self.graph().ids().filter(|inner| needed[inner.place()]);
        inner.any(|inner| values.get(inner).is_some_and(|value| !self.is_exact(value)))
    }

    /// A sum or mean of all entries, row by row.
    fn total(&self, id: NodeId, values: &Values<Number>, depth: Depth) -> Option<Math> {
        let (op, operands) = self.graph().as_apply(id)?;
        let entries = || Some(values.get(*operands.first()?)?.entries().cloned().collect::<Vec<Number>>());
        match op {
            Op::Norm(norm) if norm.axis.is_none() => return Some(self.root_of_squares(&entries()?)),
            // A row times a column.
            Op::Sum(sum) if sum.axis.is_none() && self.graph().shape(operands[0]).size().is_one() => {
                let (Op::MatMul(_), [row, column]) = self.graph().as_apply(operands[0])? else { return None };
                return Some(self.row_times_column(values.get(*row)?, values.get(*column)?));
            }
            Op::LogSumExp(_) if self.graph().shape(id).size().is_one() => {
                return Some(self.log_of_exponentials(&entries()?));
            }
            _ => {}
        }
        let rows = match depth {
            Depth::Values => {
                let entries: Vec<Number> = values.get(*operands.first()?)?.entries().cloned().collect();
                self.sum(&entries)
            }
            Depth::Names | Depth::Given => Math::sum(self.row_sum(*operands.first()?, values, depth)?),
        };
        match op {
            Op::Sum(sum) if sum.axis.is_none() => Some(rows),
            Op::Mean(mean) if mean.axis.is_none() => {
                let count = values.get(operands[0])?.size();
                Some(rows.over(Math::number(count)))
            }
            _ => None,
        }
    }

    /// `√(3² + 4²)`
    fn root_of_squares(&self, entries: &[Number]) -> Math {
        let squares: Vec<Math> = entries.iter().map(|entry| self.number_math(entry).to(Math::number(2))).collect();
        Math::Root(Box::new(summed(&squares)))
    }

    /// `ln(e³ + e⁴)`
    fn log_of_exponentials(&self, entries: &[Number]) -> Math {
        let terms: Vec<Math> = entries.iter().map(|entry| self.exponential(entry)).collect();
        Math::call(Math::Function("ln"), vec![summed(&terms)])
    }

    /// `0.5·1 + (−0.25)·2`: a row times a column.
    fn row_times_column(&self, row: &Tensor<Number>, column: &Tensor<Number>) -> Math {
        let pairs = row.entries().zip(column.entries());
        let terms = pairs.map(|(a, b)| Math::Dotted(vec![self.number_math(a), self.number_math(b)]));
        summed(&terms.collect::<Vec<_>>())
    }

    /// How many operators an expression has with all names in it written out.
    pub(super) fn unfolded_size(&self, definition: NodeId) -> usize {
        let needed = self.graph().needed(&[definition]);
        let mut sizes = vec![0_usize; self.graph().size()];
        for id in self.graph().ids().filter(|id| needed[id.place()]) {
            let own = usize::from(self.graph().as_symbol(id).is_none());
            sizes[id.place()] =
                self.graph().operands(id).iter().fold(own, |sum, operand| sum.saturating_add(sizes[operand.place()]));
        }
        sizes[definition.place()]
    }

    /// The summands of an entrywise expression over a column.
    fn row_sum(&self, summand: NodeId, values: &Values<Number>, depth: Depth) -> Option<Vec<Math>> {
        let value = values.get(summand)?;
        if !is_entrywise(self.graph(), summand) || value.rank() != 2 || value.extents()[1] != 1 {
            return None;
        }
        let row = |row: usize| self.at_entry(summand, &[row, 0], values, depth);
        let rows: Vec<Math> = (0..value.size()).map(row).collect();
        Some(shortened(&rows, &Math::Glyph(Glyph::Dots)))
    }

    /// The expression at one place, with the entries of what is given put in for names.
    fn at_entry(&self, id: NodeId, entry: &[usize], values: &Values<Number>, depth: Depth) -> Math {
        let instead = |id: NodeId| {
            if depth == Depth::Given
                && let Some(symbol) = self.graph().as_symbol(id)
                && is_entrywise(self.graph(), symbol.definition)
            {
                return Some(self.at_entry(symbol.definition, entry, values, depth));
            }
            if entry.is_empty()
                && let Some(total) = self.total(id, values, depth)
            {
                return Some(total);
            }
            // Between numbers every product is the ordinary one.
            if let Some((Op::Hadamard(_) | Op::Scale(_), [left, right])) = self.graph().as_apply(id) {
                let sides = [left, right].map(|side| self.at_entry(*side, entry, values, depth));
                return Some(Math::Dotted(sides.into()));
            }
            if self.graph().as_apply(id).is_some_and(|(op, operands)| is_formula(self.graph(), op, operands)) {
                return None;
            }
            if self.graph().as_number(id).is_some() {
                return None;
            }
            let value = values.get(id)?;
            let number = if value.rank() == 0 { value.first() } else { value.repeated_at(entry) };
            Some(figure::number(number, self.rounding))
        };
        Printer::new(self.graph(), self.style).rounding(self.rounding).with(&instead).math(id)
    }
}

/// Whether every entry depends on the operands' entries at the same place alone, by a formula.
fn is_formula(graph: &Graph, op: &Op, operands: &[NodeId]) -> bool {
    let flat = operands.iter().all(|operand| graph.shape(*operand).rank() <= 2);
    !operands.is_empty() && flat && op.is_entrywise(operands.len())
}

pub(super) fn is_entrywise(graph: &Graph, id: NodeId) -> bool {
    graph.as_apply(id).is_some_and(|(op, operands)| is_formula(graph, op, operands))
}
