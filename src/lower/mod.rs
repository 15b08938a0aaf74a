//! From what a file says to a typed model: names resolved, loops unrolled, shapes found, tasks pointing at nodes.
//! Everything that is wrong with a file is told at once.

mod answers;
mod call;
mod define;
mod dims;
mod explain;
mod expression;
mod famous;
mod faults;
mod file_table;
mod given;
mod implied;
mod incoming;
mod infer;
mod lines;
mod literal;
mod losses;
mod marking;
mod names;
mod numbers;
mod operators;
mod scope;
mod summed;
mod table;
mod tasks;
mod values;

pub use define::library_reference;
pub use explain::explain_evaluation_error;
pub use file_table::Tables;
pub use operators::operators;
pub use scope::{Known, Meaning, Scope};
// What the kinds of tasks resolve their names with.
pub(crate) use explain::no_dimension;
pub(crate) use expression::Lowering;
pub(crate) use faults::Faults;
pub(crate) use lines::names_in;
pub(crate) use numbers::read_number;
pub(crate) use scope::spelling;
pub(crate) use tasks::{Bound, Computability};
pub(crate) use values::Given;

use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{Graph, NodeId};
use crate::model::{Model, Settings, Steps, Task};
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{self, Expr, LeafDeclaration, ModelLine, Name, Repeat, Spec};
use dims::Dims;
use lines::Line;
use names::{Loops, Resolved, Unroller};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use table::{Role, Table};

/// Digits that a double has.
const MOST_DIGITS: usize = 17;

/// A model, and what its author should look at.
#[derive(Clone, Debug)]
pub struct Lowered {
    pub model: Model,
    pub warnings: Vec<Diagnostic>,
}

/// The typed model of a problem, or everything that is wrong with it, in the order of the file.
///
/// The problem has no table in a file: [`lower_with`] takes their texts.
pub fn lower(spec: &Spec) -> Result<Lowered, Vec<Diagnostic>> {
    lower_with(spec, &Tables::new())
}

/// As [`lower`], with the texts of the files that the problem's tables are in: nothing is read here.
pub fn lower_with(spec: &Spec, files: &Tables) -> Result<Lowered, Vec<Diagnostic>> {
    undrawn(spec)?;
    let expanded = define::expanded(spec)?;
    let spec = expanded.as_ref().unwrap_or(spec);
    let granted = implied::granted(spec);
    let spec = granted.spec.as_ref();
    let inferred = infer::with_shapes(spec)?;
    let spec = inferred.as_ref().map_or(spec, |inferred| &inferred.spec);
    let implied = incoming::with_loss(spec);
    let (spec, implied) = implied.as_ref().map_or((spec, None), |(spec, loss)| (spec, Some(loss.clone())));
    let mut lowerer = Lowerer { files: files.clone(), implied, ..Lowerer::default() };
    granted.told.iter().for_each(|told| lowerer.faults.push(told.clone()));
    inferred.as_ref().into_iter().for_each(|inferred| lowerer.faults.push(inferred.told.clone()));
    let settings = lowerer.settings(spec);
    lowerer.scope = Scope::new(settings.default_axis);
    lowerer.graph.in_columns = settings.default_axis == 0;
    let points = spec.points.as_ref().and_then(|points| lowerer.points(points));
    let tasks = lowerer.sections(spec);
    let marking = lowerer.marking(&spec.marking);
    lowerer.table.tell_collisions(&mut lowerer.faults);
    lowerer.tell_points(spec, points.as_ref(), &tasks);
    if lowerer.faults.has_errors() {
        return Err(lowerer.faults.in_order());
    }
    granted.used.iter().for_each(|key| lowerer.table.mark_used(key));
    lowerer.table.tell_unused(&mut lowerer.faults);
    let Lowerer { faults, summed, graph, spans, dims, names, leaves, tables, definitions, implied, .. } = lowerer;
    let implied = implied.and_then(|loss| names.get(&loss).copied());
    let warnings = faults.in_order();
    let model = Model {
        id: spec.id.value.clone(),
        title: spec.title.as_ref().map(|title| title.value.clone()),
        points,
        wording: spec.wording.iter().map(|paragraph| paragraph.value.clone()).collect(),
        settings,
        spec: Arc::new(with_summed(spec, &summed)),
        graph,
        names,
        dims: dims.iter().filter(|(_, dim)| dim.value.is_none()).map(|(_, dim)| dim.spelling.clone()).collect(),
        sizes: dims.iter().filter_map(|(key, dim)| Some((dim.spelling.clone(), dims.get(key)?))).collect(),
        leaves,
        tables,
        definitions,
        implied,
        spans,
        tasks,
        marking,
        notes: warnings.iter().filter(|told| told.severity == Severity::Note).cloned().collect(),
    };
    Ok(Lowered { model, warnings })
}

/// The file with what its lines' sums over indices are, and with the axes that its calls leave open.
fn with_summed(spec: &Spec, summed: &BTreeMap<Span, Expr>) -> Spec {
    let mut spec = spec.clone();
    let mut lines: Vec<&mut ModelLine> = spec.model.iter_mut().collect();
    while let Some(line) = lines.pop() {
        match line {
            ModelLine::Definition { value, .. } => {
                if let Some(own) = summed.get(&value.span()) {
                    *value = own.clone();
                }
            }
            ModelLine::Repeat(repeat) => lines.extend(&mut repeat.body),
        }
    }
    spec
}

/// A problem whose numbers are still to be drawn is none.
fn undrawn(spec: &Spec) -> Result<(), Vec<Diagnostic>> {
    let fault = |leaf: &LeafDeclaration| {
        let random = leaf.random.as_ref()?;
        let fault = Diagnostic::error("E-random", format!("`{}` has another value in each variant", leaf.name.text));
        let help = "`solve vary FILE --count 10 --seed 1 -o variants/` writes problems with numbers put in";
        Some(fault.at(random.span, "not drawn yet").help(help))
    };
    let faults: Vec<Diagnostic> = spec.leaves().into_iter().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The node of an expression over the names of `scope`: an answer in terms of a model's own names
/// ([`Scope::of`], with the gradients that the caller adds). Equal expressions are one node.
pub fn expression(graph: &mut Graph, scope: &Scope, expr: &Expr) -> Result<NodeId, Vec<Diagnostic>> {
    let expr = &scope.functions.expand(expr).map_err(|error| vec![error])?;
    let (mut spans, mut faults) = (BTreeMap::new(), Faults::default());
    let node = Lowering { graph, spans: &mut spans, scope, loops: &[], faults: &mut faults, axes: Vec::new() }
        .expression(expr);
    node.ok_or_else(|| faults.in_order())
}

/// The model in the making.
#[derive(Debug)]
pub(crate) struct Lowerer {
    /// Lines with sums over indices or open axes, by their places.
    summed: BTreeMap<Span, Expr>,
    files: Tables,
    pub(crate) faults: Faults,
    pub(crate) table: Table,
    dims: Dims,
    pub(crate) graph: Graph,
    /// The meaning of each name in an expression.
    pub(crate) scope: Scope,
    /// Every declared name, before there are values: for given values, and for shapes.
    without_values: Scope,
    pub(crate) spans: BTreeMap<NodeId, Span>,
    names: BTreeMap<String, NodeId>,
    pub(crate) leaves: Vec<NodeId>,
    pub(crate) tables: Vec<Vec<NodeId>>,
    definitions: Vec<NodeId>,
    /// The name of the loss that nobody wrote.
    implied: Option<String>,
    /// Gradients that are given, until the lines that they are of have shapes; then with these lines.
    incoming: Vec<incoming::Incoming>,
    arrived: Vec<(Resolved, Resolved, NodeId)>,
    /// The keys of the lines that other lines use.
    inner: BTreeSet<String>,
    /// For a loss, which nodes it needs.
    needed: BTreeMap<NodeId, Vec<bool>>,
    /// Leaves whose value is wrong, which is told: they are not also without a value.
    excused: BTreeSet<NodeId>,
    /// Something declared has no meaning, so that its absence explains other absences.
    broken: bool,
}

impl Default for Lowerer {
    fn default() -> Lowerer {
        Lowerer {
            summed: BTreeMap::new(),
            files: Tables::new(),
            faults: Faults::default(),
            table: Table::default(),
            dims: Dims::default(),
            graph: Graph::default(),
            scope: Scope::new(1),
            without_values: Scope::new(1),
            spans: BTreeMap::new(),
            names: BTreeMap::new(),
            leaves: Vec::new(),
            tables: Vec::new(),
            definitions: Vec::new(),
            implied: None,
            incoming: Vec::new(),
            arrived: Vec::new(),
            inner: BTreeSet::new(),
            needed: BTreeMap::new(),
            excused: BTreeSet::new(),
            broken: false,
        }
    }
}

impl Lowerer {
    fn settings(&mut self, spec: &Spec) -> Settings {
        let mut settings = Settings::default();
        for setting in &spec.settings {
            let (key, value) = (setting.key.value.as_str(), &setting.value);
            let expected = match (key, value.value.as_str()) {
                ("steps", "full") => {
                    settings.steps = Steps::Full;
                    continue;
                }
                ("steps", "short") => {
                    settings.steps = Steps::Short;
                    continue;
                }
                ("digits", digits) => match digits.parse() {
                    Ok(digits) if (1..=MOST_DIGITS).contains(&digits) => {
                        settings.digits = digits;
                        continue;
                    }
                    Ok(_) | Err(_) => format!("a whole number from 1 to {MOST_DIGITS}"),
                },
                ("steps", _) => "`full` or `short`".to_string(),
                (_, _) => {
                    let error = Diagnostic::error("E-setting", format!("there is no setting `{key}`"));
                    self.faults.push(error.at(setting.key.span, "not known").help("there are `steps` and `digits`"));
                    continue;
                }
            };
            let error = Diagnostic::error("E-setting", format!("`{key}` takes {expected}"));
            self.faults.push(error.at(value.span, "not that"));
        }
        for line in &spec.givens {
            if let ast::Given::Layout(layout) = line {
                match layout.value.as_str() {
                    "columns" => settings.default_axis = 0,
                    "rows" => settings.default_axis = 1,
                    _ => {
                        let error = Diagnostic::error("E-setting", "`layout` takes `rows` or `columns`");
                        self.faults.push(error.at(layout.span, "neither"));
                    }
                }
            }
        }
        settings
    }

    /// The three sections; the tasks come back, everything else is kept.
    fn sections(&mut self, spec: &Spec) -> Vec<Task> {
        let top: Loops = Rc::from([]);
        for line in &spec.givens {
            if let ast::Given::Dims(declarations) = line {
                self.declare_dims(declarations, &top);
            }
        }
        let givens = self.unrolled(&spec.givens, |line| match line {
            ast::Given::Repeat(repeat) => Some(repeat),
            ast::Given::Dims(_)
            | ast::Given::Layout(_)
            | ast::Given::Leaves(_)
            | ast::Given::Data { .. }
            | ast::Given::Incoming { .. } => None,
        });
        let model = self.unrolled(&spec.model, |line| match line {
            ModelLine::Repeat(repeat) => Some(repeat),
            ModelLine::Definition { .. } => None,
        });
        let leaves = self.declared(&givens);
        let mut lines = Vec::with_capacity(model.len());
        for line in model {
            if let ModelLine::Definition { name, value, .. } = line.line
                && let Some(name) = self.resolve(name, &line.loops)
            {
                let defines = self.table.declare(&name, Role::Line, None, &mut self.faults);
                lines.push(Line { name, value, loops: line.loops, defines });
            }
        }
        for (key, entry) in &self.table.entries {
            let size = self.dims.declared(key).filter(|dim| dim.value.is_some()).and_then(|_| self.dims.get(key));
            self.without_values.insert(&entry.spelling, size.map_or(Meaning::Unvalued, Meaning::Size));
        }
        let mut values = self.given(&givens, leaves);
        self.announce_incoming();
        self.lines(&lines);
        self.tell_incoming();
        self.tasks(&spec.tasks, &mut values)
    }

    fn unrolled<'a, L>(
        &mut self,
        lines: &'a [L],
        as_repeat: fn(&'a L) -> Option<&'a Repeat<L>>,
    ) -> Vec<names::Unrolled<'a, L>> {
        let (dims, table) = (&self.dims, &mut self.table);
        let mut shadowed = Vec::new();
        let mut unroller = Unroller::new(as_repeat, |repeat: &Repeat<L>, loops: &[(String, i64)]| {
            let variable = &repeat.variable;
            if table.entries.contains_key(&crate::syntax::names::key(&variable.value)) {
                shadowed.push((variable.value.clone(), variable.span));
            }
            for bound in [&repeat.from, &repeat.to] {
                let mut names: Vec<&Name> = Vec::new();
                dims::names_in(&bound.value, &mut names);
                names
                    .iter()
                    .filter_map(|name| Resolved::of(name, loops).ok())
                    .for_each(|name| table.mark_used(&name.key));
            }
            Ok((dims.bound(&repeat.from, loops)?, dims.bound(&repeat.to, loops)?))
        });
        let done = unroller.unroll(lines, &Rc::from([]));
        let unrolled = std::mem::take(&mut unroller.lines);
        drop(unroller);
        if let Err(error) = done {
            self.faults.push(error);
            self.broken = true;
        }
        for (variable, span) in shadowed {
            let message = format!("the loop variable `{variable}` is also a dimension");
            self.faults.push(Diagnostic::error("E-duplicate", message).at(span, "give it another name"));
        }
        unrolled
    }

    fn resolve(&mut self, name: &Name, loops: &Loops) -> Option<Resolved> {
        Resolved::of(name, loops).map_err(|error| self.faults.push(error)).ok()
    }

    /// What a name stands for from now on; one that is declared twice stands for nothing.
    fn name(&mut self, name: &Resolved, node: NodeId) {
        if self.table.is_declared_twice(&name.key) {
            self.scope.insert(&name.text, Meaning::Broken);
            self.broken = true;
            return;
        }
        self.scope.insert(&name.text, Meaning::Value(node));
        self.names.insert(name.key.clone(), node);
    }

    /// The tasks' points should add up to the problem's.
    fn tell_points(&mut self, spec: &Spec, points: Option<&Number>, tasks: &[Task]) {
        let (Some(total), Some(place)) = (points, &spec.points) else { return };
        let given: Vec<&Number> = tasks.iter().filter_map(|task| task.points.as_ref()).collect();
        let sum = given.iter().fold(Number::integer(0), |sum, points| &sum + *points);
        // A task that is wrong is told of by itself.
        if !given.is_empty() && sum != *total && tasks.len() == spec.tasks.len() {
            let message = format!("the tasks have {sum} points together, and the problem {total}");
            self.faults.push(Diagnostic::warning("W-points", message).at(place.span, "not their sum"));
        }
    }
}
