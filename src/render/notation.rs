//! Nodes of a graph as formulas.

use super::figure::{self, Column, Rounding};
pub use super::write::Style;
use super::write::write;
use crate::graph::{Graph, Kind, NodeId, SymbolName};
use crate::math::{Glyph, Math};
use crate::number::Number;
use crate::ops::Op;
use crate::shape::{Dim, Shape};
use crate::tensor::Tensor;

/// Prints the nodes of one graph in one style.
pub struct Printer<'a> {
    graph: &'a Graph,
    style: Style,
    rounding: Rounding,
    /// What stands for a node instead of its own form: an entry's number, another name.
    instead: &'a dyn Fn(NodeId) -> Option<Math>,
}

/// Nothing stands for anything else.
fn itself(_: NodeId) -> Option<Math> {
    None
}

impl<'a> Printer<'a> {
    pub fn new(graph: &'a Graph, style: Style) -> Printer<'a> {
        Printer { graph, style, rounding: Rounding { digits: 4 }, instead: &itself }
    }

    /// With something else for some of the nodes.
    pub fn with(self, instead: &'a dyn Fn(NodeId) -> Option<Math>) -> Printer<'a> {
        Printer { instead, ..self }
    }

    pub fn rounding(self, rounding: Rounding) -> Printer<'a> {
        Printer { rounding, ..self }
    }

    pub fn print(&self, id: NodeId) -> String {
        write(&self.math(id), self.style)
    }

    /// What a symbol stands for, or the node itself.
    pub fn definition(&self, id: NodeId) -> String {
        self.print(self.graph.as_symbol(id).map_or(id, |symbol| symbol.definition))
    }

    /// The formula of a node. Sums and products of thousands of terms lean to the left: that spine is walked in a
    /// loop, so that only the depth of brackets recurses.
    pub fn math(&self, id: NodeId) -> Math {
        let (mut spine, mut base) = (Vec::new(), id);
        let innermost = loop {
            if let Some(instead) = (self.instead)(base) {
                break instead;
            }
            match self.graph.kind(base) {
                // The sum of a matrix with one entry is that entry, and needs no sign.
                Kind::Apply(Op::Sum(sum), operands) if sum.axis.is_none() && self.is_single(operands[0]) => {
                    base = operands[0];
                }
                Kind::Apply(op, operands) if !self.is_identity(op, operands) => {
                    spine.push((op, operands));
                    base = operands[0];
                }
                kind => break self.alone(kind),
            }
        };
        spine.into_iter().rev().fold(innermost, |first, (op, operands)| {
            let rest = operands[1..].iter().map(|operand| self.math(*operand));
            let all: Vec<Math> = std::iter::once(first).chain(rest).collect();
            if let ([base, exponent], true) = (all.as_slice(), self.is_power_of_entries(op, operands)) {
                return base.clone().to(Math::Row(vec![Math::Glyph(Glyph::Entrywise), exponent.clone()]));
            }
            let printed = if self.style == Style::Plain { op.written(all) } else { op.notation(all) };
            self.with_axis(op, self.graph.shape(operands[0]), printed)
        })
    }

    /// The axis is said where it is not that of the layout, and across a vector, which is taken along itself.
    fn with_axis(&self, op: &Op, operand: &Shape, mut printed: Math) -> Math {
        let Math::Call { options, .. } = &mut printed else { return printed };
        let Some(axis) = op.layout_axis() else { return printed };
        let usual = usize::from(!self.graph.in_columns);
        let vector = (operand.is_row() || operand.is_column()) && !op.is_loss();
        let across = vector && axis == usual && operand.0[axis].is_one();
        if self.graph.in_columns || across {
            options.retain(|(name, _)| *name != "axis");
            options.extend((axis != usual || across).then(|| ("axis", axis.to_string())));
        }
        printed
    }

    /// A power of a square matrix could be a product of it with itself: that it is of each entry is said.
    fn is_power_of_entries(&self, op: &Op, operands: &[NodeId]) -> bool {
        let square = |id: &NodeId| {
            let sides = self.graph.shape(*id).as_matrix();
            sides.is_some_and(|(rows, columns)| rows == columns && !rows.is_one())
        };
        matches!(op, Op::Pow(_)) && operands.first().is_some_and(square)
    }

    /// Whether it is the diagonal matrix of a row or column of ones.
    fn is_identity(&self, op: &Op, operands: &[NodeId]) -> bool {
        let of_ones =
            |id: &NodeId| matches!(self.graph.kind(*id), Kind::Ones(shape) if shape.is_row() || shape.is_column());
        matches!(op, Op::Diag(_)) && self.style != Style::Plain && operands.iter().all(of_ones)
    }

    fn is_single(&self, id: NodeId) -> bool {
        self.style != Style::Plain && is_single(self.graph.shape(id))
    }

    fn alone(&self, kind: &Kind) -> Math {
        match kind {
            Kind::Leaf(leaf) => Math::name(self.graph.leaf(*leaf).name.as_str()),
            Kind::Symbol(symbol) => match &self.graph.symbol(*symbol).name {
                SymbolName::Model(text) | SymbolName::Generated(text) => Math::name(text.as_str()),
                SymbolName::Gradient { of, .. } => self.math(*of).gradient(),
            },
            Kind::Number(value) if self.style == Style::Plain => Math::number(value),
            Kind::Number(value) => figure::number(value, self.rounding),
            Kind::Literal(literal) if self.style == Style::Plain => whole(self.graph.literal(*literal)),
            Kind::Literal(literal) => tensor_math(self.graph.literal(*literal), self.rounding),
            Kind::Size(dim) => Math::size(dim),
            Kind::Ones(shape) if self.style != Style::Plain && is_single(shape) => Math::number(1),
            Kind::Ones(shape) => Math::Ones(shape.clone()),
            Kind::Apply(..) => Math::name("I"),
        }
    }
}

/// A matrix with one entry.
fn is_single(shape: &Shape) -> bool {
    shape.rank() == 2 && shape.is_single()
}

/// A matrix with every digit of its numbers.
fn whole(value: &Tensor<Number>) -> Math {
    Math::Grid(value.rows().iter().map(|row| row.iter().map(Math::number).collect()).collect())
}

/// A dimension: `N`, `2*H + 1`.
pub fn dim_text(dim: &Dim, style: Style) -> String {
    write(&Math::size(dim), style)
}

/// A shape: `N x D`, `N\times D`, `N×D`; a scalar is empty.
pub fn shape(shape: &Shape, style: Style) -> String {
    Math::shape(shape).map(|math| write(&math, style)).unwrap_or_default()
}

/// A number as a document in this style shows it.
pub fn number(value: &Number, rounding: Rounding, style: Style) -> String {
    write(&figure::number(value, rounding), style)
}

/// A column of a table in this style.
pub fn column(values: &[Option<&Number>], form: Column, rounding: Rounding, style: Style) -> Vec<Option<String>> {
    figure::column(values, form, rounding).into_iter().map(|cell| Some(write(&cell?, style))).collect()
}

/// A value: a number, a matrix in brackets, nested brackets for higher ranks.
pub fn tensor(value: &Tensor<Number>, rounding: Rounding, style: Style) -> String {
    match value.extents() {
        [1] | [1, 1] if style == Style::Plain => write(&Math::Grid(figure::matrix(value, rounding)), style),
        _ => write(&tensor_math(value, rounding), style),
    }
}

/// The formula of a value.
pub fn tensor_math(value: &Tensor<Number>, rounding: Rounding) -> Math {
    let rows = |value| figure::matrix(value, rounding);
    match value.extents() {
        [] | [1] | [1, 1] => figure::number(value.first(), rounding),
        [_] | [_, _] => Math::Grid(rows(value)),
        [.., height, _] => {
            let rows = rows(value);
            let matrices: Vec<Math> = rows.chunks((*height).max(1)).map(|rows| Math::Grid(rows.to_vec())).collect();
            Math::Nested(match value.extents() {
                [_, per_group, _, _] => {
                    matrices.chunks((*per_group).max(1)).map(|group| Math::Nested(group.to_vec())).collect()
                }
                _ => matrices,
            })
        }
    }
}

/// Rows of a table that stand before the dots where it is long.
const FIRST_ROWS: usize = 4;
/// Longer tables than this are shortened.
const LONGEST_TABLE: usize = 40;

/// A matrix of data: of a long one the first rows and the last.
pub fn table(value: &Tensor<Number>, rounding: Rounding, style: Style) -> String {
    let length = value.extents().first().copied().unwrap_or(1);
    if value.rank() != 2 || length <= LONGEST_TABLE {
        return tensor(value, rounding, style);
    }
    let (first, last) = (value.slice(0, 0, FIRST_ROWS), value.slice(0, length - 1, length));
    let mut rows = figure::matrix(&Tensor::concat(&[&first, &last], 0), rounding);
    rows.insert(FIRST_ROWS, vec![Math::Glyph(Glyph::VerticalDots); value.extents()[1]]);
    write(&Math::Grid(rows), style)
}
