//! What a plot is asked to show: what stands at the axes, and the curves between them.

mod axes;

use crate::diagnostic::Diagnostic;
use crate::graph::{Kind, NodeId};
use crate::limits::PLOT_CURVES;
use crate::lower::{Computability, Lowerer, spelling};
use crate::model::{Free, Places, PlotAsk, Point, StepValue, Target};
use crate::number::Number;
use crate::shape::Shape;
use crate::span::Span;
use crate::syntax::ast::{self, Name, PlotLearned, PlotRequest, Plotted};
use crate::tasks::{Line, fit, minimize};
use crate::tensor::Tensor;
use axes::Across;

const CODE: &str = "E-plot";

/// A task with the names that it plots, all tasks, and what stands in the way of values.
struct Asked<'a> {
    pub request: &'a PlotRequest,
    pub names: Vec<&'a Name>,
    pub tasks: &'a [ast::Task],
    pub state: &'a Computability,
}

fn fault(message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(CODE, message).at(span, label)
}

impl Lowerer {
    pub(super) fn plot(&mut self, line: &mut Line) -> Option<PlotAsk> {
        let request = line.part(0)?.plot()?;
        let (state, values) = (line.state, &mut *line.values);
        let mut asked = Asked { request, names: Vec::new(), tasks: line.all, state };
        if let Some(degrees) = &request.degrees {
            return self.is_fitted(&asked, degrees.span).map(|()| PlotAsk::Degrees);
        }
        if request.over.is_empty() {
            return self.per_step(&asked);
        }
        let names: Vec<Option<&Name>> = request.of.iter().map(|plotted| self.only_name(plotted)).collect();
        asked.names = names.into_iter().collect::<Option<_>>()?;
        let of: Vec<Option<Target>> = asked.names.iter().map(|name| self.target(name, None)).collect();
        let over: Vec<Option<Across>> = request.over.iter().map(|range| self.across(range, values)).collect();
        let with = self.values_of(&request.with);
        let at: Vec<Option<Point>> = request.at.iter().map(|point| self.point(point, values)).collect();
        let of: Vec<Target> = of.into_iter().collect::<Option<_>>()?;
        let mut over: Vec<Across> = over.into_iter().collect::<Option<_>>()?;
        let (with, at) = (with?, at.into_iter().collect::<Option<Vec<Point>>>()?);
        if let Some(span) = request.descent.as_ref().map(|word| word.span) {
            self.moved(&asked, PlotLearned::Descent, span)?;
        }
        self.not_too_many(&asked, &at)?;
        self.computable(&of.iter().map(|target| target.root()).chain(with.iter().copied()).collect::<Vec<_>>(), state);
        match (over.pop()?, over.pop()) {
            (Across::Points(over, range), None) => self.data(&asked, &of, over, with, at, range),
            (Across::Number(over), None) => self.curves(&asked, of, over, at),
            (Across::Number(second), Some(Across::Number(first))) => self.contours(&asked, &of, [first, second], at),
            (Across::Points(..), Some(_)) | (Across::Number(_), Some(Across::Points(..))) => {
                let vector = request.over.iter().find(|range| range.bounds.is_none()).or(request.over.first())?;
                let name = &vector.target.name.text;
                let error =
                    fault("level lines are over two numbers", vector.span, format!("`{name}` has many entries"));
                self.faults
                    .push(error.help(format!("name two of its entries: `{name}[1] from 0 to 1 and {name}[2] …`")));
                None
            }
        }
    }

    fn not_too_many(&mut self, asked: &Asked<'_>, at: &[Point]) -> Option<()> {
        let request = asked.request;
        if let Some(third) = request.over.get(2) {
            let error = fault("a plot is over one name, or two", third.span, "one too many");
            self.faults.push(error.help("give the others values: `at c = 1`"));
            return None;
        }
        let kinds = if request.with.is_empty() { request.of.len() } else { request.with.len() };
        let curves = kinds.saturating_mul(at.len().max(1)).max(request.of.len());
        if curves > PLOT_CURVES {
            let span = asked.names[0].span;
            let message = format!("this plot has {curves} curves, and at most {PLOT_CURVES} can be told apart");
            self.faults.push(fault(message, span, "too many").help("ask for two plots"));
            return None;
        }
        Some(())
    }

    fn curves(&mut self, asked: &Asked<'_>, of: Vec<Target>, over: Free, at: Vec<Point>) -> Option<PlotAsk> {
        self.no_points_to_go_with(asked)?;
        self.numbers(&asked.names, &of)?;
        self.fixed(asked, std::slice::from_ref(&over), &at, &of)?;
        Some(PlotAsk::Curves { of, over, at, descent: asked.request.descent.is_some() })
    }

    fn contours(&mut self, asked: &Asked<'_>, of: &[Target], over: [Free; 2], mut at: Vec<Point>) -> Option<PlotAsk> {
        let request = asked.request;
        self.no_points_to_go_with(asked)?;
        self.numbers(&asked.names, of)?;
        if let Some(second) = asked.names.get(1) {
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
        self.fixed(asked, &over, &at, of)?;
        let of = *of.first()?;
        let descent = request.descent.is_some();
        Some(PlotAsk::Contours { of, over: Box::new(over), at: at.pop().unwrap_or_default(), descent })
    }

    fn data(
        &mut self,
        asked: &Asked<'_>,
        of: &[Target],
        over: NodeId,
        with: Vec<NodeId>,
        at: Vec<Point>,
        range: Option<(Number, Number)>,
    ) -> Option<PlotAsk> {
        let (request, names) = (asked.request, &asked.names);
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
                    let target = self.target(name, None)?;
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
        if asked.tasks.iter().any(|task| task.question.kind == fit::WRITTEN.begins) {
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
        let moved = asked.tasks.iter().filter_map(|task| match by {
            PlotLearned::Descent => {
                let descent = task.question.parts.first()?.descent()?;
                Some(descent.starts.iter().map(|start| &start.name).collect())
            }
            PlotLearned::Minimum if task.question.kind == minimize::WRITTEN.begins => {
                Some(task.question.parts.get(1)?.names()?.iter().collect())
            }
            PlotLearned::Minimum | PlotLearned::Fit => None,
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

    fn no_points_to_go_with(&mut self, asked: &Asked<'_>) -> Option<()> {
        let (request, names) = (asked.request, &asked.names);
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
            names.iter().copied().zip(shapes).filter(|(_, shape)| !shape.is_single()).collect();
        for (name, shape) in &wrong {
            let message = format!("`{}` is {shape}, and a curve is of one number", name.text);
            self.faults.push(fault(message, name.span, format!("has shape {shape}")));
        }
        wrong.is_empty().then_some(())
    }
}
