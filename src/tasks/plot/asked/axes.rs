//! The axes of a plot: what varies along them, and that everything else has a value.

use super::{Asked, fault};
use crate::diagnostic::Diagnostic;
use crate::graph::{Kind, LeafId, NodeId};
use crate::lower::{Given, Lowerer, no_dimension};
use crate::model::{EntryIndex, Free, Point, Target};
use crate::number::Number;
use crate::shape::Dim;
use crate::syntax::ast::{Binding, Expr, Name, PlotRange, PlotRequest};
use crate::tensor::Tensor;

/// What a range's name is.
pub(super) enum Across {
    Number(Free),
    /// The entries of a row or a column, which are points.
    Points(NodeId, Option<(Number, Number)>),
}

impl Lowerer {
    /// What a range is over, and from where to where.
    pub(super) fn across(&mut self, range: &PlotRange, values: &mut Given) -> Option<Across> {
        let name = &range.target.name;
        let id = self.value_of(name)?;
        let bounds = match &range.bounds {
            Some((from, to)) => Some(self.bounds(name, from, to, values)?),
            None => None,
        };
        let shape = self.graph.shape(id).clone();
        let is_vector = shape.is_row() || shape.is_column();
        if range.target.entry.is_empty() && is_vector && !shape.is_single() {
            return Some(Across::Points(id, bounds));
        }
        let entry = self.entry_indices(&range.target, id)?;
        if entry.is_empty() && !shape.is_single() {
            let error =
                fault(format!("`{}` is {shape}, and an axis shows one number", name.text), name.span, "a matrix");
            self.faults.push(error.help(format!("name one of its entries: `{}[1, 1]`", name.text)));
            return None;
        }
        self.free(range, id, &entry, bounds).map(Across::Number)
    }

    fn free(
        &mut self,
        range: &PlotRange,
        id: NodeId,
        entry: &[EntryIndex],
        bounds: Option<(Number, Number)>,
    ) -> Option<Free> {
        let name = &range.target.name;
        let numbers = entry.iter().map(|index| match index {
            EntryIndex::Number(place) => Some(*place),
            EntryIndex::Name(_) => None,
        });
        let Some(entry) = numbers.collect::<Option<Vec<usize>>>() else {
            let error = fault("an axis shows one entry", range.span, "which one?");
            self.faults.push(error.help(format!("say it by numbers: `{}[1]`", name.text)));
            return None;
        };
        if !matches!(self.graph.kind(id), Kind::Leaf(_)) {
            let message = format!("`{}` is computed, so it can't vary along an axis", name.text);
            self.faults.push(fault(message, name.span, "not a given name"));
            return None;
        }
        let Some((from, to)) = bounds else {
            let error = fault(format!("from where to where does `{}` go?", name.text), range.span, "without a range");
            self.faults.push(error.help(format!("say it: `over {} from 0 to 1`", name.text)));
            return None;
        };
        self.not_assumed(name, id, "the range")?;
        Some(Free { of: id, entry, from, to })
    }

    fn bounds(&mut self, name: &Name, from: &Expr, to: &Expr, values: &mut Given) -> Option<(Number, Number)> {
        let (start, end) = (self.bound(from, values), self.bound(to, values));
        let (start, end) = (start?, end?);
        let span = from.span().to(to.span());
        if start.to_f64() < end.to_f64() {
            return Some((start, end));
        }
        let error = match start.to_f64() == end.to_f64() {
            true => fault(format!("the range of `{}` is empty", name.text), span, "both ends are the same"),
            false => fault(format!("the range of `{}` is reversed", name.text), span, "the smaller end comes first")
                .help(format!("write it as `from {end} to {start}`")),
        };
        self.faults.push(error);
        None
    }

    fn bound(&mut self, bound: &Expr, values: &mut Given) -> Option<Number> {
        let value = values.evaluate(bound, &[], &mut self.faults)?;
        if value.rank() == 0 {
            return Some(value.first().clone());
        }
        let shape = value.shape();
        self.faults.push(fault(
            format!("an end of a range is a number, and this is {shape}"),
            bound.span(),
            "no number",
        ));
        None
    }

    /// What does not vary has values, and what is at an axis is not also set.
    pub(super) fn fixed(&mut self, asked: &Asked<'_>, over: &[Free], at: &[Point], of: &[Target]) -> Option<()> {
        let request = asked.request;
        let mut varied: Point = Vec::new();
        for (free, range) in over.iter().zip(&request.over) {
            varied.push(self.varied(free, range)?);
        }
        self.rest_is_given(request, over, &varied, at)?;
        let whole = over.iter().zip(&varied).filter(|(free, _)| free.entry.is_empty());
        let whole: Vec<LeafId> = whole.map(|(_, (leaf, _))| *leaf).collect();
        let set = request.at.iter().flatten().zip(at.iter().flatten());
        let again: Option<&Binding> = set.filter(|(_, (leaf, _))| whole.contains(leaf)).map(|(said, _)| said).next();
        if let Some(binding) = again {
            let name = &binding.name;
            self.faults.push(fault(
                format!("`{}` varies along an axis", name.text),
                name.span,
                "so it has no one value",
            ));
            return None;
        }
        let points: Vec<Point> = match at {
            [] => vec![varied],
            at => at.iter().map(|point| point.iter().chain(&varied).cloned().collect()).collect(),
        };
        for (target, name) in of.iter().zip(&asked.names) {
            self.has_value(target.root(), name, &points, asked.state);
            for (free, range) in over.iter().zip(&request.over) {
                self.warn_flat(target.root(), name, free.of, range);
            }
        }
        Some(())
    }

    /// Of a leaf with an entry at an axis the other entries have values, or are at the other axis.
    fn rest_is_given(&mut self, request: &PlotRequest, over: &[Free], varied: &Point, at: &[Point]) -> Option<()> {
        for ((free, range), (leaf, value)) in over.iter().zip(&request.over).zip(varied) {
            let is_set = !at.is_empty() && at.iter().all(|point| point.iter().any(|(own, _)| own == leaf));
            let entries = over.iter().filter(|other| other.of == free.of).count();
            if self.graph.leaf(*leaf).value.is_none() && !is_set && entries < value.size() {
                let name = &range.target.name;
                let error =
                    Diagnostic::error("E-no-value", format!("the other entries of `{}` have no value", name.text));
                self.faults
                    .push(error.at(range.span, "needs them").help(format!("say them: `at {} = […]`", name.text)));
                return None;
            }
        }
        Some(())
    }

    /// The leaf of an axis with any value of its shape.
    fn varied(&mut self, free: &Free, range: &PlotRange) -> Option<(LeafId, Tensor<Number>)> {
        let Kind::Leaf(leaf) = *self.graph.kind(free.of) else { return None };
        let name = &range.target.name;
        let shape = self.graph.shape(free.of).clone();
        let Some(extents) = shape.as_integers() else {
            let open = shape.0.iter().find(|dim| dim.as_integer().is_none()).map_or(Vec::new(), Dim::names);
            let error = no_dimension(open.first().copied().unwrap_or("N"));
            self.faults.push(error.at(name.span, format!("`{}` has shape {shape}", name.text)));
            return None;
        };
        Some((leaf, Tensor::filled(&extents, Number::integer(0))))
    }

    fn warn_flat(&mut self, of: NodeId, name: &Name, over: NodeId, range: &PlotRange) {
        if !self.depends(of, over) {
            let along = &range.target.name;
            let message = format!("`{}` does not depend on `{}`", name.text, along.text);
            self.faults.push(Diagnostic::warning("W-flat", message).at(along.span, "nothing changes along this axis"));
        }
    }
}
