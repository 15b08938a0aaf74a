//! `plot`: what stands at the axes, and the curves between them.

use super::Computability;
use crate::diagnostic::Diagnostic;
use crate::graph::{Kind, LeafId, NodeId};
use crate::limits::PLOT_CURVES;
use crate::lower::Lowerer;
use crate::lower::explain::no_dimension;
use crate::lower::losses::is_single;
use crate::lower::values::Given;
use crate::model::{Ask, EntryIndex, Free, PlotAsk, Point, Target};
use crate::number::Number;
use crate::shape::{Dim, Shape};
use crate::span::Span;
use crate::syntax::ast::{Binding, Expr, Name, PlotRange, PlotRequest};
use crate::tensor::Tensor;

const CODE: &str = "E-plot";

/// What a range's name is.
enum Across {
    Number(Free),
    /// The entries of a row or a column, which are points.
    Points(NodeId, Option<(Number, Number)>),
}

fn fault(message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(CODE, message).at(span, label)
}

impl Lowerer {
    pub(super) fn plot(&mut self, request: &PlotRequest, state: &Computability, values: &mut Given) -> Option<Ask> {
        let of: Vec<Option<Target>> = request.of.iter().map(|name| self.target(name)).collect();
        let over: Vec<Option<Across>> = request.over.iter().map(|range| self.across(range, values)).collect();
        let with = self.values_of(&request.with);
        let at: Vec<Option<Point>> = request.at.iter().map(|point| self.point(point, values)).collect();
        let of: Vec<Target> = of.into_iter().collect::<Option<_>>()?;
        let mut over: Vec<Across> = over.into_iter().collect::<Option<_>>()?;
        let (with, at) = (with?, at.into_iter().collect::<Option<Vec<Point>>>()?);
        self.not_too_many(request, &at)?;
        self.computable(&of.iter().map(|target| target.root()).chain(with.iter().copied()).collect::<Vec<_>>(), state);
        let plot = match (over.pop()?, over.pop()) {
            (Across::Points(over, range), None) => self.data(request, &of, over, with, at, range, state)?,
            (Across::Number(over), None) => self.curves(request, of, over, at, state)?,
            (Across::Number(second), Some(Across::Number(first))) => {
                self.contours(request, &of, [first, second], at, state)?
            }
            (Across::Points(..), Some(_)) | (Across::Number(_), Some(Across::Points(..))) => {
                let vector = request.over.iter().find(|range| range.bounds.is_none()).or(request.over.first())?;
                let name = &vector.target.name.text;
                let error =
                    fault("level lines are over two numbers", vector.span, format!("`{name}` has many entries"));
                self.faults
                    .push(error.help(format!("name two of its entries: `{name}[1] from 0 to 1 and {name}[2] …`")));
                return None;
            }
        };
        Some(Ask::Plot(Box::new(plot)))
    }

    fn not_too_many(&mut self, request: &PlotRequest, at: &[Point]) -> Option<()> {
        if let Some(third) = request.over.get(2) {
            let error = fault("a plot is over one name, or two", third.span, "one too many");
            self.faults.push(error.help("give the others values: `at c = 1`"));
            return None;
        }
        let kinds = if request.with.is_empty() { request.of.len() } else { request.with.len() };
        let curves = kinds.saturating_mul(at.len().max(1)).max(request.of.len());
        if curves > PLOT_CURVES {
            let span = request.of[0].span;
            let message = format!("this plot has {curves} curves, and at most {PLOT_CURVES} can be told apart");
            self.faults.push(fault(message, span, "too many").help("ask for two plots"));
            return None;
        }
        Some(())
    }

    /// What a range is over, and from where to where.
    fn across(&mut self, range: &PlotRange, values: &mut Given) -> Option<Across> {
        let name = &range.target.name;
        let id = self.value_of(name)?;
        let bounds = match &range.bounds {
            Some((from, to)) => Some(self.bounds(name, from, to, values)?),
            None => None,
        };
        let shape = self.graph.shape(id).clone();
        let is_vector = shape.is_row() || shape.is_column();
        if range.target.entry.is_empty() && is_vector && !is_single(&shape) {
            return Some(Across::Points(id, bounds));
        }
        let entry = self.entry_indices(&range.target, id)?;
        if entry.is_empty() && !is_single(&shape) {
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

    fn curves(
        &mut self,
        request: &PlotRequest,
        of: Vec<Target>,
        over: Free,
        at: Vec<Point>,
        state: &Computability,
    ) -> Option<PlotAsk> {
        self.no_points_to_go_with(request)?;
        self.numbers(request, &of)?;
        self.fixed(request, std::slice::from_ref(&over), &at, &of, state)?;
        Some(PlotAsk::Curves { of, over, at })
    }

    fn contours(
        &mut self,
        request: &PlotRequest,
        of: &[Target],
        over: [Free; 2],
        mut at: Vec<Point>,
        state: &Computability,
    ) -> Option<PlotAsk> {
        self.no_points_to_go_with(request)?;
        self.numbers(request, of)?;
        if let Some(second) = request.of.get(1) {
            let error = fault("level lines are of one number", second.span, "one too many");
            self.faults.push(error.help("ask for two plots"));
            return None;
        }
        if let Some(second) = request.at.get(1).and_then(|point| point.first()) {
            let error = fault("level lines are drawn at one point", second.name.span, "a second one");
            self.faults.push(error.help("ask for two plots"));
            return None;
        }
        if over[0].of == over[1].of && over[0].entry == over[1].entry {
            let name = &request.over[1].target.name;
            let message = format!("`{}` is at both axes", name.text);
            self.faults.push(Diagnostic::error("E-duplicate", message).at(name.span, "again"));
            return None;
        }
        self.fixed(request, &over, &at, of, state)?;
        let of = *of.first()?;
        Some(PlotAsk::Contours { of, over: Box::new(over), at: at.pop().unwrap_or_default() })
    }

    #[allow(clippy::too_many_arguments)]
    fn data(
        &mut self,
        request: &PlotRequest,
        of: &[Target],
        over: NodeId,
        with: Vec<NodeId>,
        at: Vec<Point>,
        range: Option<(Number, Number)>,
        state: &Computability,
    ) -> Option<PlotAsk> {
        let along = &request.over[0].target.name;
        let shape = self.graph.shape(over).clone();
        let mut vectors = Vec::new();
        for (target, name) in of.iter().zip(&request.of) {
            match target {
                Target::Value(id) => vectors.push(*id),
                Target::Gradient { of, .. } => vectors.push(*of),
            }
            self.as_long(name, vectors[vectors.len() - 1], along, &shape)?;
        }
        for (id, name) in with.iter().zip(&request.with) {
            self.as_long(name, *id, along, &shape)?;
        }
        // Points are drawn where there is one value for them.
        let single = if at.len() == 1 { at.as_slice() } else { &[] };
        self.has_value(over, along, single, state);
        for (id, name) in vectors.iter().zip(&request.of) {
            self.has_value(*id, name, single, state);
        }
        for (id, name) in with.iter().zip(&request.with) {
            self.has_value(*id, name, &at, state);
        }
        let is_gradient = of.iter().position(|target| matches!(target, Target::Gradient { .. }));
        if let Some(place) = is_gradient {
            let name = &request.of[place];
            self.faults.push(fault("a gradient is drawn over a number", name.span, "over the entries of a vector"));
            return None;
        }
        if !with.is_empty() && !matches!(self.graph.kind(over), Kind::Leaf(_)) {
            let message = format!("`{}` is computed, so no curve can be drawn over it", along.text);
            self.faults.push(fault(message, along.span, "not a given name"));
            return None;
        }
        Some(PlotAsk::Data { of: vectors, over, with, at, range })
    }

    fn as_long(&mut self, name: &Name, id: NodeId, along: &Name, shape: &Shape) -> Option<()> {
        let own = self.graph.shape(id);
        if own == shape {
            return Some(());
        }
        let message = format!("`{}` is {own} and `{}` is {shape}: they give no points", name.text, along.text);
        self.faults.push(Diagnostic::error("E-shape", message).at(name.span, format!("has shape {own}")));
        None
    }

    fn no_points_to_go_with(&mut self, request: &PlotRequest) -> Option<()> {
        let Some(first) = request.with.first() else { return Some(()) };
        let error = fault("`with` draws curves through points, and there are no points here", first.span, "not here");
        let all: Vec<&str> = request.of.iter().chain(&request.with).map(|name| name.text.as_str()).collect();
        self.faults
            .push(error.help(format!("several curves stand beside each other: `plot {} over …`", all.join(", "))));
        None
    }

    /// Only numbers have curves.
    fn numbers(&mut self, request: &PlotRequest, of: &[Target]) -> Option<()> {
        let shapes = of.iter().map(|target| match target {
            Target::Value(id) | Target::Gradient { of: id, .. } => self.graph.shape(*id).clone(),
        });
        let wrong: Vec<(&Name, Shape)> = request.of.iter().zip(shapes).filter(|(_, shape)| !is_single(shape)).collect();
        for (name, shape) in &wrong {
            let message = format!("`{}` is {shape}, and a curve is of one number", name.text);
            self.faults.push(fault(message, name.span, format!("has shape {shape}")));
        }
        wrong.is_empty().then_some(())
    }

    /// What does not vary has values, and what is at an axis is not also set.
    fn fixed(
        &mut self,
        request: &PlotRequest,
        over: &[Free],
        at: &[Point],
        of: &[Target],
        state: &Computability,
    ) -> Option<()> {
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
        for (target, name) in of.iter().zip(&request.of) {
            self.has_value(target.root(), name, &points, state);
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
