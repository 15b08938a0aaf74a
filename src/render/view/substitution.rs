//! Expressions with numbers put in.

use super::accounts::shortened;
use super::{Maths, Viewer};
use crate::graph::{Graph, NodeId, Values};
use crate::math::{Glyph, Math};
use crate::number::Number;
use crate::ops::Op;
use crate::render::figure;
use crate::render::notation::Printer;

/// An expression with more operators and operands is not written out in given numbers.
pub(super) const LARGEST_UNFOLDED: usize = 24;

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
        let rows = match depth {
            Depth::Values => {
                let entries: Vec<Number> = values.get(*operands.first()?)?.entries().cloned().collect();
                self.sum_math(&entries)
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
            // Between numbers the elementwise product is the ordinary one.
            if let Some((Op::Hadamard(_), [left, right])) = self.graph().as_apply(id) {
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
