//! One entry of a matrix expression with letters for its indices: `(Xᵀδ)ᵢⱼ = Σₖ Xₖᵢ δₖⱼ`.

use super::notation::{Printer, Style};
use crate::graph::{Graph, Kind, NodeId};
use crate::math::Math;
use crate::ops::{Acts, Convolution, Hadamard, Op, Scale, Sum};
use crate::shape::Dim;
use std::cell::Cell;

/// Letters for what is summed over, in the order in which they are taken.
const LETTERS: [&str; 6] = ["k", "m", "n", "p", "q", "r"];

/// An entry that is made of so many others says less than the lines on the way do, which may double it each.
const LONG: usize = 100;

/// The entry at `index` (two indices, as written); `None` where an operator has no such form.
pub fn entry(graph: &Graph, style: Style, id: NodeId, index: [&str; 2]) -> Option<Math> {
    let (unfolds, left) = (false, Cell::new(usize::MAX));
    Indexer { graph, style, asked: index, unfolds, left }.entry(id, index, 0)
}

/// The same through the lines on the way, down to the data; where that is long, as [`entry`] has it.
pub fn entry_of_data(graph: &Graph, style: Style, id: NodeId, index: [&str; 2]) -> Option<Math> {
    let (unfolds, left) = (true, Cell::new(LONG));
    let through = Indexer { graph, style, asked: index, unfolds, left }.entry(id, index, 0);
    through.or_else(|| entry(graph, style, id, index))
}

struct Indexer<'a> {
    graph: &'a Graph,
    style: Style,
    /// Letters that sums must not take.
    asked: [&'a str; 2],
    /// Whether a line stands for what it says.
    unfolds: bool,
    /// Of so many entries more it may be made.
    left: Cell<usize>,
}

impl Indexer<'_> {
    /// `depth` sums are open around the entry.
    fn entry(&self, id: NodeId, [row, column]: [&str; 2], depth: usize) -> Option<Math> {
        self.left.set(self.left.get().checked_sub(1)?);
        let shape = self.graph.shape(id);
        if shape.is_scalar() {
            return self.scalar(id, depth);
        }
        let (rows, columns) = shape.as_matrix()?;
        match self.graph.kind(id) {
            Kind::Ones(_) => Some(Math::number(1)),
            Kind::Symbol(symbol) if self.unfolds => {
                self.entry(self.graph.symbol(*symbol).definition, [row, column], depth)
            }
            Kind::Leaf(_) | Kind::Symbol(_) | Kind::Literal(_) => Some(self.named(id, rows, columns, [row, column])),
            Kind::Number(_) | Kind::Size(_) => None,
            Kind::Apply(op, operands) => match (op, operands.as_slice()) {
                (Op::Transpose(_), [of]) => self.entry(*of, [column, row], depth),
                // A diagonal matrix multiplies rows or columns.
                (Op::MatMul(_), [left, right]) if self.diagonal(*left).is_some() => {
                    let [of, at] = [self.diagonal(*left)?, *right];
                    Some(self.on_diagonal(of, row, depth)?.times(self.entry(at, [row, column], depth)?))
                }
                (Op::MatMul(_), [left, right]) if self.diagonal(*right).is_some() => {
                    let of = self.diagonal(*right)?;
                    Some(self.entry(*left, [row, column], depth)?.times(self.on_diagonal(of, column, depth)?))
                }
                (Op::MatMul(_), [left, right]) => {
                    let inner = self.graph.shape(*left).as_matrix()?.1;
                    let letter = self.letter(depth)?;
                    let k = if inner.is_one() { "1" } else { letter };
                    let sides = [self.entry(*left, [row, k], depth + 1)?, self.entry(*right, [k, column], depth + 1)?];
                    let product = self.applied(&Scale.into(), sides.into());
                    Some(if inner.is_one() { product } else { total(&[letter], product) })
                }
                (Op::Diag(_), [of]) => {
                    let on = Math::Indicator(Box::new(letter(row).equals(letter(column))));
                    Some(match self.graph.kind(*of) {
                        Kind::Ones(_) => on,
                        _ => self.on_diagonal(*of, row, depth)?.times(on),
                    })
                }
                (Op::Conv2d(own), [image, kernel]) => self.window(&own.convolution, [*image, *kernel], [row, column]),
                (Op::Sum(sum), [of]) => {
                    let letter = self.letter(depth)?;
                    let index = if sum.axis == Some(0) { [letter, column] } else { [row, letter] };
                    Some(total(&[letter], self.entry(*of, index, depth + 1)?))
                }
                (op, operands) if is_of_entries(op, operands.len()) => {
                    let entries = operands.iter().map(|operand| {
                        let index = self.repeated(*operand, [row, column]);
                        self.entry(*operand, [index[0], index[1]], depth)
                    });
                    Some(self.applied(op, entries.collect::<Option<_>>()?))
                }
                _ => Some(self.named(id, rows, columns, [row, column])),
            },
        }
    }

    /// The column on the diagonal of a matrix.
    fn diagonal(&self, id: NodeId) -> Option<NodeId> {
        match self.graph.as_apply(id)? {
            (Op::Diag(_), [of]) => Some(*of),
            (_, _) => None,
        }
    }

    fn on_diagonal(&self, of: NodeId, place: &str, depth: usize) -> Option<Math> {
        let index = if self.graph.shape(of).is_row() { ["1", place] } else { [place, "1"] };
        self.entry(of, index, depth)
    }

    /// The sum over a window of an image without channels.
    fn window(&self, convolution: &Convolution, [image, kernel]: [NodeId; 2], index: [&str; 2]) -> Option<Math> {
        let sides = [image, kernel].map(|id| self.graph.shape(id).as_integers().filter(|sides| sides.len() == 2));
        let [Some(pixels), Some(weights)] = sides else { return None };
        let plan = convolution.plan(&pixels, &weights);
        let ((down, right), (apart, across)) = (convolution.windows.stride, convolution.windows.dilation);
        if convolution.flip || [image, kernel].iter().any(|id| self.graph.as_apply(*id).is_some()) {
            return None;
        }
        let times = |factor: usize, of: &str| match factor {
            1 => letter(of),
            _ => Math::number(factor).times(letter(of)),
        };
        let place = |stride: usize, of: &str, step: usize, within: &str, before: usize| {
            let sum = times(stride, of).plus(times(step, within));
            match stride + step + before - 1 {
                0 => sum,
                less => sum.minus(Math::number(less)),
            }
        };
        let at = vec![
            place(down, index[0], apart, "m", plan.rows.before),
            place(right, index[1], across, "n", plan.columns.before),
        ];
        let weight = self.printer().math(kernel).entry(vec![letter("m"), letter("n")]);
        Some(total(&["m", "n"], weight.times(self.printer().math(image).entry(at))))
    }

    /// A scalar, with the entries that it is made of.
    fn scalar(&self, id: NodeId, depth: usize) -> Option<Math> {
        match self.graph.as_apply(id) {
            Some((Op::Entry(entry), [of])) if entry.index.len() == 2 => {
                let index: Vec<String> = entry.index.iter().map(usize::to_string).collect();
                self.entry(*of, [&index[0], &index[1]], depth)
            }
            Some((Op::Sum(Sum { axis: None }), [of])) if self.graph.shape(*of).as_matrix().is_some() => {
                let (row, column) = (self.letter(depth)?, self.letter(depth + 1)?);
                let index = self.repeated(*of, [row, column]);
                let letters: Vec<&str> = index.into_iter().filter(|letter| *letter != "1").collect();
                let entry = self.entry(*of, index, depth + letters.len())?;
                Some(if letters.is_empty() { entry } else { total(&letters, entry) })
            }
            Some((op, operands)) if is_of_entries(op, operands.len()) => {
                let parts = operands.iter().map(|operand| self.scalar(*operand, depth));
                Some(self.applied(op, parts.collect::<Option<_>>()?))
            }
            Some(_) | None => Some(self.printer().math(id)),
        }
    }

    /// A side of 1 is repeated, so its index is 1.
    fn repeated<'b>(&self, id: NodeId, [row, column]: [&'b str; 2]) -> [&'b str; 2] {
        match self.graph.shape(id).as_matrix() {
            Some((rows, columns)) => {
                [if rows.is_one() { "1" } else { row }, if columns.is_one() { "1" } else { column }]
            }
            None => [row, column],
        }
    }

    /// `X_{ij}`; of a row or a column one index says it.
    fn named(&self, id: NodeId, rows: &Dim, columns: &Dim, [row, column]: [&str; 2]) -> Math {
        let index = match (rows.is_one(), columns.is_one()) {
            (true, false) => vec![letter(column)],
            (false, true) => vec![letter(row)],
            (_, _) => vec![letter(row), letter(column)],
        };
        self.printer().math(id).entry(index)
    }

    fn printer(&self) -> Printer<'_> {
        Printer::new(self.graph, self.style)
    }

    /// The operator's own form with these in the operands' places.
    fn applied(&self, op: &Op, entries: Vec<Math>) -> Math {
        // Between numbers the elementwise product is the ordinary one.
        let op = if *op == Op::from(Hadamard) { Scale.into() } else { op.clone() };
        op.notation(entries)
    }

    fn letter(&self, depth: usize) -> Option<&'static str> {
        LETTERS.into_iter().filter(|letter| !self.asked.contains(letter)).nth(depth)
    }
}

/// Whether every entry is made of the operands' entries at its place.
fn is_of_entries(op: &Op, operands: usize) -> bool {
    op.is_entrywise(operands) || op.reference().acts == Acts::EachEntry
}

fn total(letters: &[&str], of: Math) -> Math {
    Math::total(letters.iter().map(|own| letter(own)).collect(), of)
}

/// An index: a letter, or a number.
fn letter(index: &str) -> Math {
    if index.bytes().all(|byte| byte.is_ascii_digit()) { Math::number(index) } else { Math::name(index) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Leaf;
    use crate::ops::{MatMul, Transpose};
    use crate::shape::Shape;
    use crate::syntax::ast::LeafKind;

    fn matrix(graph: &mut Graph, name: &str, rows: &str, columns: &str) -> NodeId {
        let side = |side: &str| if side == "1" { Dim::one() } else { Dim::name(side) };
        graph.add_leaf(Leaf::unknown(name, LeafKind::Input, Shape::matrix(side(rows), side(columns))))
    }

    fn latex(graph: &Graph, id: NodeId, index: [&str; 2]) -> String {
        crate::render::write::write(&entry(graph, Style::Latex, id, index).unwrap(), Style::Latex)
    }

    #[test]
    fn products_become_sums_over_what_is_inside() {
        let mut graph = Graph::default();
        let (x, d) = (matrix(&mut graph, "X", "N", "D"), matrix(&mut graph, "G", "N", "K"));
        let turned = graph.apply(Transpose, &[x]).unwrap();
        let product = graph.apply(MatMul, &[turned, d]).unwrap();
        assert_eq!(latex(&graph, product, ["i", "j"]), "\\sum_{k} X_{ki} G_{kj}");
        let total = graph.apply(Sum { axis: Some(0) }, &[d]).unwrap();
        assert_eq!(latex(&graph, total, ["1", "j"]), "\\sum_{k} G_{kj}");
    }

    #[test]
    fn an_outer_product_needs_no_sum_and_a_mask_stays_a_mask() {
        let mut graph = Graph::default();
        let (x, d) = (matrix(&mut graph, "x", "1", "D"), matrix(&mut graph, "g", "1", "K"));
        let turned = graph.apply(Transpose, &[x]).unwrap();
        let product = graph.apply(MatMul, &[turned, d]).unwrap();
        assert_eq!(latex(&graph, product, ["i", "j"]), "x_{i} g_{j}");
        let both = graph.apply(Hadamard, &[x, x]).unwrap();
        assert_eq!(latex(&graph, both, ["1", "k"]), "x_{k} x_{k}");
    }
}
