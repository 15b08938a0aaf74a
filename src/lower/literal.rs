//! Matrices that are written in an expression, and entries that are taken out of one.

use super::expression::{Array, Entry, Lowering, Value, constant, take};
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::limits::{EXTENT, TENSOR_ENTRIES};
use crate::number::Number;
use crate::ops::{self, Concat, Hadamard, ShapeError, Stack, Sum};
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprId};
use crate::tensor::Tensor;

impl Lowering<'_> {
    /// `[1 2; 3 4]`; the parser has seen to it that rows are of one length and inner brackets of one size.
    pub(super) fn matrix(&mut self, expr: &Expr, rows: &[Vec<ExprId>], values: &mut [Value], span: Span) -> Value {
        // In answers `[Y - X]` of matrices is a bracket.
        if let [row] = rows
            && let [only] = row.as_slice()
            && self.scope.answers
            && let Value::Node { id, .. } = &values[only.0 as usize]
            && !self.graph.shape(*id).is_scalar()
        {
            return take(values, *only);
        }
        let is_block = |id: &ExprId| match &values[id.0 as usize] {
            Value::Node { id, .. } => !self.graph.shape(*id).is_single(),
            _ => false,
        };
        if rows.iter().flatten().any(is_block) {
            return self.blocks(expr, rows, values, span);
        }
        let mut entries = Vec::new();
        let mut inner: Option<Vec<usize>> = None;
        let mut broken = false;
        for id in rows.iter().flatten() {
            let place = expr.node(*id).span;
            let (extents, mut taken) = match take(values, *id) {
                Value::Broken => {
                    broken = true;
                    continue;
                }
                Value::Array(array) => (array.extents, array.entries),
                value => match constant(&value) {
                    Some(number) => (Vec::new(), vec![Entry::Number(number)]),
                    None => match self.scalar(value, place) {
                        Some(node) => (Vec::new(), vec![Entry::Node(node)]),
                        None => {
                            broken = true;
                            continue;
                        }
                    },
                },
            };
            if *inner.get_or_insert_with(|| extents.clone()) != extents {
                self.faults
                    .push(Diagnostic::error("E-matrix", "the entries are of different sizes").at(place, "differs"));
                return Value::Broken;
            }
            entries.append(&mut taken);
        }
        let columns = rows.first().map_or(0, Vec::len);
        let mut extents = if rows.len() == 1 { vec![columns] } else { vec![rows.len(), columns] };
        extents.extend(inner.unwrap_or_default());
        let even = rows.iter().all(|row| row.len() == columns) && columns > 0 && extents.len() <= 4;
        if broken {
            return Value::Broken;
        }
        if !even {
            self.faults
                .push(Diagnostic::error("E-matrix", "this is not a matrix").at(span, "rows of different lengths"));
            return Value::Broken;
        }
        if entries.len() > TENSOR_ENTRIES || extents.iter().any(|extent| *extent > EXTENT) {
            let limits = format!("at most {TENSOR_ENTRIES} entries, and {EXTENT} along a side");
            self.faults.push(Diagnostic::error("E-dim", "this matrix is too large").at(span, limits));
            return Value::Broken;
        }
        Value::Array(Array { extents, entries })
    }

    /// `[x1 x2; A B]`: matrices beside and below each other.
    fn blocks(&mut self, expr: &Expr, rows: &[Vec<ExprId>], values: &mut [Value], span: Span) -> Value {
        let mut lines = Vec::new();
        for row in rows {
            let mut blocks = Vec::new();
            for id in row {
                let Some(block) = self.node(take(values, *id), expr.node(*id).span) else { return Value::Broken };
                let scalar = self.graph.shape(block).is_scalar();
                let stacked =
                    if scalar { self.graph.apply(Stack { rows: 1, columns: 1 }, &[block]) } else { Ok(block) };
                blocks.extend(stacked);
            }
            match self.beside(blocks, 1) {
                Ok(line) => lines.push(line),
                Err(error) => return self.fitted(Err(error), span),
            }
        }
        let all = self.beside(lines, 0);
        self.fitted(all, span)
    }

    fn beside(&mut self, blocks: Vec<NodeId>, axis: usize) -> Result<NodeId, ShapeError> {
        if let [only] = blocks.as_slice() { Ok(*only) } else { self.graph.apply(Concat { axis }, &blocks) }
    }

    /// An entry of a matrix that is computed.
    fn scalar(&mut self, value: Value, span: Span) -> Option<NodeId> {
        let id = self.node(value, span)?;
        let shape = self.graph.shape(id);
        if shape.is_scalar() {
            return Some(id);
        }
        if shape.is_single() {
            let entry = self.graph.apply(Sum { axis: None }, &[id]).ok()?;
            self.spans.entry(entry).or_insert(span);
            return Some(entry);
        }
        let message = format!("an entry of a matrix is a number, not {shape}");
        let help = "to put matrices side by side write `concat(A, B, axis = 1)`";
        self.faults.push(Diagnostic::error("E-shape", message).at(span, format!("has shape {shape}")).help(help));
        None
    }

    /// The node of a matrix: a literal if it is made of numbers only.
    pub(super) fn array(&mut self, array: Array, span: Span) -> Option<NodeId> {
        let extents = array.outermost();
        let numbers: Option<Vec<Number>> = array
            .entries
            .iter()
            .map(|entry| match entry {
                Entry::Number(number) => Some(number.clone()),
                Entry::Node(_) => None,
            })
            .collect();
        if let Some(numbers) = numbers {
            return Some(self.graph.add_literal(Tensor::from_entries(&extents, numbers)));
        }
        let [rows, columns] = extents[..] else {
            let message = "entries that are computed can stand in a matrix only, not in a tensor of more axes";
            self.faults.push(Diagnostic::error("E-unsupported", message).at(span, "brackets inside of brackets"));
            return None;
        };
        let entries: Vec<NodeId> = array
            .entries
            .into_iter()
            .map(|entry| match entry {
                Entry::Number(number) => self.graph.number(number),
                Entry::Node(id) => id,
            })
            .collect();
        self.graph.apply(Stack { rows, columns }, &entries).ok()
    }

    /// `J[1, 2]`: counted from 1; one index is enough for a row or a column.
    pub(super) fn entry(&mut self, of: Value, of_span: Span, indices: Vec<(Value, Span)>, span: Span) -> Value {
        // `X^T[(Y - X) .* Z]` in an answer: a bracket with a matrix in it is a factor.
        if let ([(Value::Node { id, .. }, _)], true) = (indices.as_slice(), self.scope.answers)
            && !self.graph.shape(*id).is_scalar()
        {
            let factor = *id;
            let Some(of) = self.node(of, of_span) else { return Value::Broken };
            let product = self.graph.product(of, factor);
            return self.fitted(product, span);
        }
        // `p[o]` with a class as a one-hot vector: the entry where it is 1, of each example.
        if let [(Value::Node { id: class, .. }, _)] = indices.as_slice()
            && !self.graph.shape(*class).is_scalar()
        {
            let class = *class;
            let Some(of) = self.node(of, of_span) else { return Value::Broken };
            let shape = self.graph.shape(of).clone();
            let axis = if shape.is_row() || shape.is_column() { None } else { Some(self.scope.default_axis) };
            let marked = self.graph.apply(Hadamard, &[of, class]).and_then(|marked| {
                let fits = *self.graph.shape(class) == shape;
                let unfit = || ShapeError::new(format!("a class has the shape of what it picks from, {shape}"));
                if fits { self.graph.apply(ops::Sum { axis }, &[marked]) } else { Err(unfit()) }
            });
            return self.fitted(marked, span);
        }
        let mut places = Vec::new();
        for (index, place) in &indices {
            if matches!(index, Value::Broken) {
                return Value::Broken;
            }
            let whole = constant(index).and_then(|number| number.to_integer()).and_then(|n| usize::try_from(n).ok());
            let Some(whole) = whole.filter(|whole| *whole >= 1) else {
                let error = Diagnostic::error("E-index", "an index is a whole number of 1 or more");
                let help =
                    "`J[1, 2]` is row 1, column 2; a class is `target o: 1 x K one-hot`, or a number with a value";
                self.faults.push(error.at(*place, "not one").help(help));
                return Value::Broken;
            };
            places.push((whole, *place));
        }
        let Some(of) = self.node(of, of_span) else { return Value::Broken };
        // The only entry of a product that is a number.
        if self.graph.shape(of).is_scalar() && places.iter().all(|(place, _)| *place == 1) && !places.is_empty() {
            return self.made(of, span, None);
        }
        match self.picked(of, of_span, places, span) {
            Ok(id) => self.made(id, span, None),
            Err(error) => {
                self.faults.push(error);
                Value::Broken
            }
        }
    }

    /// The entry as a scalar.
    fn picked(
        &mut self,
        of: NodeId,
        of_span: Span,
        mut places: Vec<(usize, Span)>,
        span: Span,
    ) -> Result<NodeId, Diagnostic> {
        let shape = self.graph.shape(of).clone();
        if let [only] = places.as_slice() {
            let first = (1, only.1);
            match () {
                () if shape.is_row() => places.insert(0, first),
                () if shape.is_column() => places.push(first),
                () => {}
            }
        }
        if places.len() != shape.rank() || shape.is_scalar() {
            let message = format!("{} for a value of shape {shape}", indices(places.len()));
            return Err(Diagnostic::error("E-index", message).at(span, format!("it takes {}", shape.rank())));
        }
        for ((place, place_span), side) in places.iter().copied().zip(&shape.0) {
            let known = side.as_integer().and_then(|side| usize::try_from(side).ok());
            if known.is_some_and(|side| place > side) {
                return Err(Diagnostic::error("E-index", format!("index {place} of a side of {side}"))
                    .at(place_span, format!("at most {side}"))
                    .at(of_span, format!("has shape {shape}")));
            }
        }
        let index = places.into_iter().map(|(place, _)| place).collect();
        self.graph.apply(ops::Entry { index }, &[of]).map_err(|error| no_entry(error, span))
    }
}

fn no_entry(error: ShapeError, span: Span) -> Diagnostic {
    Diagnostic::error("E-shape", error.rule).at(span, "no entry can be taken")
}

/// `one index`, `2 indices`
fn indices(count: usize) -> String {
    if count == 1 { "one index".to_string() } else { format!("{count} indices") }
}
