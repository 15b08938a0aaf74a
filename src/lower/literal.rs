//! Matrices that are written in an expression, and entries that are taken out of one.

use super::expression::{Array, Entry, Lowering, Value, constant, take};
use crate::diagnostic::Diagnostic;
use crate::graph::NodeId;
use crate::limits::{EXTENT, TENSOR_ENTRIES};
use crate::number::Number;
use crate::ops::{Add, Hadamard, Scale, Sum};
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprId};
use crate::tensor::Tensor;

impl Lowering<'_> {
    /// `[1 2; 3 4]`; the parser has seen to it that rows are of one length and inner brackets of one size.
    pub(super) fn matrix(&mut self, expr: &Expr, rows: &[Vec<ExprId>], values: &mut [Value], span: Span) -> Value {
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

    /// An entry of a matrix that is computed.
    fn scalar(&mut self, value: Value, span: Span) -> Option<NodeId> {
        let id = self.node(value, span)?;
        let shape = self.graph.shape(id);
        if shape.is_scalar() {
            return Some(id);
        }
        let message = format!("an entry of a matrix is a number, not {shape}");
        let help = "to put matrices side by side write `concat(A, B, axis = 1)`";
        self.faults.push(Diagnostic::error("E-shape", message).at(span, format!("has shape {shape}")).help(help));
        None
    }

    /// The node of a matrix. Numbers are a literal; each scalar that is computed is multiplied with the literal
    /// that has ones in its places, and all are added.
    pub(super) fn array(&mut self, array: Array, span: Span) -> Option<NodeId> {
        let extents = array.outermost();
        let mut scalars: Vec<NodeId> = Vec::new();
        for entry in &array.entries {
            if let Entry::Node(id) = entry
                && !scalars.contains(id)
            {
                scalars.push(*id);
            }
            if scalars.len() * array.entries.len() > TENSOR_ENTRIES {
                let message = "this matrix has too many entries that are computed";
                self.faults.push(Diagnostic::error("E-dim", message).at(span, "give its numbers under `given`"));
                return None;
            }
        }
        let mut terms = Vec::new();
        for scalar in &scalars {
            let places = array.entries.iter().map(|entry| match entry {
                Entry::Node(id) if id == scalar => Number::integer(1),
                Entry::Node(_) | Entry::Number(_) => Number::integer(0),
            });
            let places = self.graph.add_literal(Tensor::from_entries(&extents, places.collect()));
            terms.push(self.graph.apply(Scale, &[*scalar, places]).ok()?);
        }
        let zero = Number::integer(0);
        let numbers: Vec<Number> = array
            .entries
            .iter()
            .map(|entry| match entry {
                Entry::Number(number) => number.clone(),
                Entry::Node(_) => zero.clone(),
            })
            .collect();
        if scalars.is_empty() || numbers.iter().any(|number| *number != zero) {
            terms.push(self.graph.add_literal(Tensor::from_entries(&extents, numbers)));
        }
        let mut sum: Option<NodeId> = None;
        for term in terms {
            self.spans.entry(term).or_insert(span);
            sum = match sum {
                None => Some(term),
                Some(sum) => self.graph.apply(Add, &[sum, term]).ok(),
            };
        }
        sum
    }

    /// `J[1, 2]`: counted from 1; one index is enough for a row or a column.
    pub(super) fn entry(&mut self, of: Value, of_span: Span, indices: Vec<(Value, Span)>, span: Span) -> Value {
        let mut places = Vec::new();
        for (index, place) in &indices {
            if matches!(index, Value::Broken) {
                return Value::Broken;
            }
            let whole = constant(index).and_then(|number| number.to_integer()).and_then(|n| usize::try_from(n).ok());
            let Some(whole) = whole.filter(|whole| *whole >= 1) else {
                let error = Diagnostic::error("E-index", "an index is a whole number of 1 or more");
                self.faults.push(error.at(*place, "not one").help("`J[1, 2]` is row 1, column 2"));
                return Value::Broken;
            };
            places.push((whole, *place));
        }
        let Some(of) = self.node(of, of_span) else { return Value::Broken };
        match self.picked(of, of_span, places, span) {
            Ok(id) => self.made(id, span, None),
            Err(error) => {
                self.faults.push(error);
                Value::Broken
            }
        }
    }

    /// The sum of the entries behind a mask that has a single one.
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
            let message = format!("{} for a value of shape {shape}", count_of(places.len(), "index", "indices"));
            return Err(Diagnostic::error("E-index", message).at(span, format!("it takes {}", shape.rank())));
        }
        let Some(extents) = shape.as_integers() else {
            let message = "an entry can be taken where the size is known in numbers only";
            return Err(Diagnostic::error("E-unsupported", message).at(of_span, format!("has shape {shape}")));
        };
        for ((place, place_span), extent) in places.iter().zip(&extents) {
            if place > extent {
                let message = format!("index {place} of {extent}");
                return Err(Diagnostic::error("E-index", message)
                    .at(*place_span, format!("at most {extent}"))
                    .at(of_span, format!("has shape {shape}")));
            }
        }
        if super::dims::entries(&shape).is_none_or(|entries| entries > TENSOR_ENTRIES as u128) {
            let message = format!("an entry can be taken of at most {TENSOR_ENTRIES}");
            return Err(Diagnostic::error("E-dim", message).at(of_span, format!("has shape {shape}")));
        }
        let here = |index: &[usize]| index.iter().zip(&places).all(|(at, (place, _))| at + 1 == *place);
        let mask = Tensor::from_fn(&extents, |index| Number::integer(i64::from(here(index))));
        let mask = self.graph.add_literal(mask);
        let misfit = |error: crate::ops::ShapeError| Diagnostic::error("E-shape", error.rule).at(span, "no entry");
        let masked = self.graph.apply(Hadamard, &[of, mask]).map_err(misfit)?;
        self.spans.entry(masked).or_insert(span);
        self.graph.apply(Sum { axis: None }, &[masked]).map_err(misfit)
    }
}

/// `one index`, `2 indices`
pub(super) fn count_of(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("one {one}") } else { format!("{count} {many}") }
}
