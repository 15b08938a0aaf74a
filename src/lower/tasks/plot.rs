//! `plot`: what stands at the axes, and the curves between them.

use super::Computability;
use crate::diagnostic::Diagnostic;
use crate::graph::{Kind, LeafId, NodeId};
use crate::limits::PLOT_CURVES;
use crate::lower::Lowerer;
use crate::lower::explain::no_dimension;
use crate::lower::losses::is_single;
use crate::lower::scope::spelling;
use crate::lower::values::Given;
use crate::model::{Ask, EntryIndex, Free, Places, PlotAsk, Point, StepValue, Target};
use crate::number::Number;
use crate::shape::{Dim, Shape};
use crate::span::Span;
use crate::syntax::ast::{self, Binding, Expr, Name, PlotLearned, PlotRange, PlotRequest, Plotted, Request};
use crate::tensor::Tensor;

const CODE: &str = "E-plot";

/// What a range's name is.
enum Across {
    Number(Free),
    /// The entries of a row or a column, which are points.
    Points(NodeId, Option<(Number, Number)>),
}

/// A task, all tasks, and what stands in the way of values.
struct Asked<'a> {
    request: &'a PlotRequest,
    tasks: &'a [ast::Task],
    state: &'a Computability,
}

fn fault(message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(CODE, message).at(span, label)
}

impl Lowerer {
    pub(super) fn plot(
        &mut self,
        request: &PlotRequest,
        tasks: &[ast::Task],
        state: &Computability,
        values: &mut Given,
    ) -> Option<Ask> {
        let asked = Asked { request, tasks, state };
        if let Some(degrees) = &request.degrees {
            return self.is_fitted(&asked, degrees.span).map(|()| Ask::Plot(Box::new(PlotAsk::Degrees)));
        }
        if request.over.is_empty() {
            return self.per_step(&asked).map(|plot| Ask::Plot(Box::new(plot)));
        }
        let names: Vec<Option<&Name>> = request.of.iter().map(|plotted| self.only_name(plotted)).collect();
        let names: Vec<&Name> = names.into_iter().collect::<Option<_>>()?;
        let of: Vec<Option<Target>> = names.iter().map(|name| self.target(name)).collect();
        let over: Vec<Option<Across>> = request.over.iter().map(|range| self.across(range, values)).collect();
        let with = self.values_of(&request.with);
        let at: Vec<Option<Point>> = request.at.iter().map(|point| self.point(point, values)).collect();
        let of: Vec<Target> = of.into_iter().collect::<Option<_>>()?;
        let mut over: Vec<Across> = over.into_iter().collect::<Option<_>>()?;
        let (with, at) = (with?, at.into_iter().collect::<Option<Vec<Point>>>()?);
        if let Some(span) = request.descent.as_ref().map(|word| word.span) {
            self.moved(&asked, PlotLearned::Descent, span)?;
        }
        self.not_too_many(request, &names, &at)?;
        self.computable(&of.iter().map(|target| target.root()).chain(with.iter().copied()).collect::<Vec<_>>(), state);
        let plot = match (over.pop()?, over.pop()) {
            (Across::Points(over, range), None) => self.data(&asked, &names, &of, over, with, at, range)?,
            (Across::Number(over), None) => self.curves(&asked, &names, of, over, at)?,
            (Across::Number(second), Some(Across::Number(first))) => {
                self.contours(&asked, &names, &of, [first, second], at)?
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

    fn not_too_many(&mut self, request: &PlotRequest, names: &[&Name], at: &[Point]) -> Option<()> {
        if let Some(third) = request.over.get(2) {
            let error = fault("a plot is over one name, or two", third.span, "one too many");
            self.faults.push(error.help("give the others values: `at c = 1`"));
            return None;
        }
        let kinds = if request.with.is_empty() { request.of.len() } else { request.with.len() };
        let curves = kinds.saturating_mul(at.len().max(1)).max(request.of.len());
        if curves > PLOT_CURVES {
            let span = names[0].span;
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
        asked: &Asked<'_>,
        names: &[&Name],
        of: Vec<Target>,
        over: Free,
        at: Vec<Point>,
    ) -> Option<PlotAsk> {
        self.no_points_to_go_with(asked.request, names)?;
        self.numbers(names, &of)?;
        self.fixed(asked, names, std::slice::from_ref(&over), &at, &of)?;
        Some(PlotAsk::Curves { of, over, at, descent: asked.request.descent.is_some() })
    }

    fn contours(
        &mut self,
        asked: &Asked<'_>,
        names: &[&Name],
        of: &[Target],
        over: [Free; 2],
        mut at: Vec<Point>,
    ) -> Option<PlotAsk> {
        let request = asked.request;
        self.no_points_to_go_with(request, names)?;
        self.numbers(names, of)?;
        if let Some(second) = names.get(1) {
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
        self.fixed(asked, names, &over, &at, of)?;
        let of = *of.first()?;
        let descent = request.descent.is_some();
        Some(PlotAsk::Contours { of, over: Box::new(over), at: at.pop().unwrap_or_default(), descent })
    }

    #[allow(clippy::too_many_arguments)]
    fn data(
        &mut self,
        asked: &Asked<'_>,
        names: &[&Name],
        of: &[Target],
        over: NodeId,
        with: Vec<NodeId>,
        at: Vec<Point>,
        range: Option<(Number, Number)>,
    ) -> Option<PlotAsk> {
        let request = asked.request;
        let along = &request.over[0].target.name;
        if let Some(span) = request.descent.as_ref().map(|word| word.span) {
            let error = fault("a descent is drawn over what it moves", span, format!("`{}` is not moved", along.text));
            self.faults.push(error.help("for the curve where it ends say `with yhat after descent`"));
            return None;
        }
        let shape = self.graph.shape(over).clone();
        let vectors: Vec<NodeId> = of.iter().map(|target| target.shown()).collect();
        for (id, name) in vectors.iter().zip(names) {
            self.as_long(name, *id, along, &shape)?;
        }
        for (id, name) in with.iter().zip(&request.with) {
            self.as_long(name, *id, along, &shape)?;
        }
        let places = match &request.learned {
            Some(learned) if learned.value == PlotLearned::Fit => {
                self.is_fitted(asked, learned.span)?;
                Vec::new()
            }
            Some(learned) => self.moved(asked, learned.value, learned.span)?,
            None => at.clone(),
        };
        // Points are drawn where there is one value for them.
        let single = if at.len() == 1 { at.as_slice() } else { &[] };
        self.has_value(over, along, single, asked.state);
        for (id, name) in vectors.iter().zip(names) {
            self.has_value(*id, name, single, asked.state);
        }
        for (id, name) in with.iter().zip(&request.with) {
            self.has_value(*id, name, &places, asked.state);
        }
        let is_gradient = of.iter().position(|target| matches!(target, Target::Gradient { .. }));
        if let Some(place) = is_gradient {
            let name = names[place];
            self.faults.push(fault("a gradient is drawn over a number", name.span, "over the entries of a vector"));
            return None;
        }
        if !with.is_empty() && !matches!(self.graph.kind(over), Kind::Leaf(_)) {
            let message = format!("`{}` is computed, so no curve can be drawn over it", along.text);
            self.faults.push(fault(message, along.span, "not a given name"));
            return None;
        }
        let at = match request.learned.as_ref().map(|learned| learned.value) {
            Some(PlotLearned::Descent) => Places::AfterDescent,
            Some(PlotLearned::Minimum) => Places::AtMinimum,
            Some(PlotLearned::Fit) => Places::Fitted,
            None => Places::Points(at),
        };
        Some(PlotAsk::Data { of: vectors, over, with, at, range })
    }

    /// Numbers at the steps of descents.
    fn per_step(&mut self, asked: &Asked<'_>) -> Option<PlotAsk> {
        let span = asked.request.of.first().map_or(Span::default(), Plotted::span);
        let points = self.moved(asked, PlotLearned::Descent, span)?;
        let mut of = Vec::new();
        for plotted in &asked.request.of {
            of.push(match plotted {
                Plotted::Name(name) => {
                    let target = self.target(name)?;
                    self.numbers(&[name], &[target])?;
                    self.has_value(target.root(), name, &points, asked.state);
                    StepValue::Target(target)
                }
                Plotted::Norm { names, span } => {
                    let of: Vec<Option<NodeId>> = names.iter().map(|name| self.gradient_of(name)).collect();
                    let of: Vec<NodeId> = of.into_iter().collect::<Option<_>>()?;
                    let loss = self.loss(None, *span)?;
                    let name =
                        Name { text: spelling(&self.graph, loss).unwrap_or("").to_string(), index: None, span: *span };
                    self.has_value(loss, &name, &points, asked.state);
                    StepValue::Norm { of, loss }
                }
            });
        }
        if of.len() > PLOT_CURVES {
            self.faults.push(fault(format!("at most {PLOT_CURVES} curves can be told apart"), span, "too many"));
            return None;
        }
        Some(PlotAsk::Steps { of })
    }

    /// That there is a fit, which is told otherwise.
    fn is_fitted(&mut self, asked: &Asked<'_>, span: Span) -> Option<()> {
        if asked.tasks.iter().any(|task| matches!(task.request, Request::Fit(_))) {
            return Some(());
        }
        let error = fault("the problem fits nothing", span, "of nothing");
        self.faults.push(error.help("ask for it in a task: `fit y over x by polynomial degree 1 to 9 hold out row 3`"));
        None
    }

    /// Only the steps of a descent have norms.
    fn only_name<'a>(&mut self, plotted: &'a Plotted) -> Option<&'a Name> {
        match plotted {
            Plotted::Name(name) => Some(name),
            Plotted::Norm { span, .. } => {
                let error = fault("a norm is drawn at the steps of a descent", *span, "not over a name");
                self.faults.push(error.help("for example: `plot |da| per step`"));
                None
            }
        }
    }

    /// The leaves that each descent (or minimum) of the problem gives values to; that there is one is told otherwise.
    fn moved(&mut self, asked: &Asked<'_>, by: PlotLearned, span: Span) -> Option<Vec<Point>> {
        let moved = asked.tasks.iter().filter_map(|task| match (&task.request, by) {
            (Request::Descend { starts, .. }, PlotLearned::Descent) => {
                Some(starts.iter().map(|start| &start.name).collect())
            }
            (Request::Minimize { over, .. }, PlotLearned::Minimum) => Some(over.iter().collect()),
            (_, PlotLearned::Descent | PlotLearned::Minimum | PlotLearned::Fit) => None,
        });
        let moved: Vec<Vec<&Name>> = moved.collect();
        if moved.is_empty() {
            let (message, help) = match by {
                PlotLearned::Descent => ("the problem has no descent", "`descend a from 8 rate 0.01 for 20 steps`"),
                PlotLearned::Minimum | PlotLearned::Fit => ("the problem minimises nothing", "`minimize L over a`"),
            };
            self.faults.push(fault(message, span, "of nothing").help(format!("ask for it in a task: {help}")));
            return None;
        }
        let point = |lowerer: &mut Lowerer, names: Vec<&Name>| {
            let leaves = names.into_iter().filter_map(|name| {
                let id = lowerer.value_of(name)?;
                let Kind::Leaf(leaf) = *lowerer.graph.kind(id) else { return None };
                Some((leaf, Tensor::scalar(Number::integer(0))))
            });
            leaves.collect::<Point>()
        };
        Some(moved.into_iter().map(|names| point(self, names)).collect())
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

    fn no_points_to_go_with(&mut self, request: &PlotRequest, names: &[&Name]) -> Option<()> {
        if let Some(learned) = &request.learned {
            let error =
                fault("curves through points go after a descent or to a minimum", learned.span, "no points here");
            self.faults.push(error.help("say the values: `at b = 1`"));
            return None;
        }
        let Some(first) = request.with.first() else { return Some(()) };
        let error = fault("`with` draws curves through points, and there are no points here", first.span, "not here");
        let all: Vec<&str> = names.iter().copied().chain(&request.with).map(|name| name.text.as_str()).collect();
        self.faults
            .push(error.help(format!("several curves stand beside each other: `plot {} over …`", all.join(", "))));
        None
    }

    /// Only numbers have curves.
    fn numbers(&mut self, names: &[&Name], of: &[Target]) -> Option<()> {
        let shapes = of.iter().map(|target| self.graph.shape(target.shown()).clone());
        let wrong: Vec<(&Name, Shape)> =
            names.iter().copied().zip(shapes).filter(|(_, shape)| !is_single(shape)).collect();
        for (name, shape) in &wrong {
            let message = format!("`{}` is {shape}, and a curve is of one number", name.text);
            self.faults.push(fault(message, name.span, format!("has shape {shape}")));
        }
        wrong.is_empty().then_some(())
    }

    /// What does not vary has values, and what is at an axis is not also set.
    fn fixed(&mut self, asked: &Asked<'_>, names: &[&Name], over: &[Free], at: &[Point], of: &[Target]) -> Option<()> {
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
        for (target, name) in of.iter().zip(names) {
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
