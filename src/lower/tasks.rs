//! The section `tasks`: what is asked, pointing at nodes.

use super::Lowerer;
use super::explain::{no_dimension, no_values};
use super::given::against;
use super::numbers::read_number;
use super::scope::{Meaning, spelling};
use super::table::Role;
use super::values::{Given, too_large_to_compute, uncomputable};
use crate::diagnostic::Diagnostic;
use crate::graph::{Kind, LeafId, NodeId};
use crate::model::{EntryIndex, Point, Target, Task};
use crate::number::Number;
use crate::shape::{Dim, Shape};
use crate::span::Span;
use crate::syntax::ast::{self, Binding, DeriveTarget, LeafKind, Name, Spanned};
use crate::syntax::names::key;
use crate::tasks::{self, Line};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A leaf and the value that is put in for it.
pub type Bound = (LeafId, crate::tensor::Tensor<Number>);

/// How many names without a value an error shows.
const LISTED: usize = 8;

impl Lowerer {
    /// The tasks; those that are wrong are told and left out.
    pub fn tasks(&mut self, all: &[ast::Task], values: &mut Given) -> Vec<Task> {
        let state = Computability::of(self);
        all.iter()
            .filter_map(|task| {
                let points = task.points.as_ref().and_then(|points| self.points(points));
                let (question, span) = (&task.question, task.span);
                let ask = tasks::lower(self, &mut Line { question, span, all, state: &state, values })?;
                Some(Task { ask, points, span: task.span })
            })
            .collect()
    }

    pub fn points(&mut self, points: &Spanned<String>) -> Option<Number> {
        read_number(&points.value, points.span).map_err(|error| self.faults.push(error)).ok()
    }

    /// `derive dv of p` of a vector `p` asks for its Jacobian, with respect to this.
    pub fn of_a_vector(&self, targets: &[DeriveTarget], of: Option<&Name>) -> Option<Name> {
        let ([target], Some(of)) = (targets, of) else { return None };
        let shape = self.graph.shape(*self.names.get(&of.key())?);
        let wrt = target.name.text.strip_prefix('d').filter(|wrt| self.table.entries.contains_key(&key(wrt)))?;
        let vector = !shape.is_single() && (shape.is_row() || shape.is_column()) && target.entry.is_empty();
        let wrt = Name { text: wrt.to_string(), ..target.name.clone() };
        vector.then_some(wrt)
    }

    /// `at a = 1, b = 2` is one point where no value is known at `a = 1` alone.
    pub fn joined(&self, targets: &[Target], points: Vec<Point>) -> Vec<Point> {
        let single = points.len() > 1 && points.iter().all(|point| point.len() == 1);
        let leaves: BTreeSet<LeafId> = points.iter().flatten().map(|(leaf, _)| *leaf).collect();
        let needed = self.graph.needed(&targets.iter().map(|target| target.root()).collect::<Vec<_>>());
        let lacks = |id: &&NodeId| match self.graph.kind(**id) {
            Kind::Leaf(leaf) => needed[id.place()] && self.graph.leaf(*leaf).value.is_none() && leaves.contains(leaf),
            _ => false,
        };
        match single && leaves.len() == points.len() && self.leaves.iter().filter(lacks).count() > 1 {
            true => vec![points.into_iter().flatten().collect()],
            false => points,
        }
    }

    /// A value by its name, or a gradient `of` a loss.
    pub fn target(&mut self, name: &Name, of: Option<&Name>) -> Option<Target> {
        let resolved = self.resolve(name, &Rc::from([]))?;
        let gradient = resolved.key.strip_prefix('d').is_some_and(|rest| self.table.entries.contains_key(rest));
        if self.table.entries.contains_key(&resolved.key) || !gradient {
            return self.value_of(name).map(Target::Value);
        }
        let gradient = self.gradient_of(name)?;
        let loss = self.loss(of, name.span)?;
        Some(Target::Gradient { of: gradient, loss })
    }

    pub fn point(&mut self, bindings: &[Binding], values: &mut Given) -> Option<Point> {
        let bound: Vec<Option<_>> = bindings.iter().map(|binding| self.binding(binding, values)).collect();
        let bound: Point = bound.into_iter().collect::<Option<_>>()?;
        for (place, (leaf, _)) in bound.iter().enumerate() {
            if bound[..place].iter().any(|(other, _)| other == leaf) {
                let name = &bindings[place].name;
                let message = format!("`{}` has two values at one point", name.text);
                let error = Diagnostic::error("E-duplicate", message).at(name.span, "again");
                self.faults.push(error.help("points stand apart with commas: `at a = 8, a = 9`"));
                return None;
            }
        }
        Some(bound)
    }

    /// Not of a leaf that keeps a property for each of its values: a step, and a second derivative, leave it.
    pub fn not_assumed(&mut self, name: &Name, id: NodeId, what: &str) -> Option<()> {
        let Some(own) = self.graph.as_leaf(id).and_then(|leaf| leaf.assumed.first()) else { return Some(()) };
        let words = own.words();
        let message = format!("`{}` is declared `{words}`, and {what} would leave that", name.text);
        let error = Diagnostic::error("E-assumed", message).at(name.span, "here");
        self.faults.push(error.help(format!("leave out `{words}` where `{}` is declared", name.text)));
        None
    }

    pub fn binding(
        &mut self,
        binding: &Binding,
        values: &mut Given,
    ) -> Option<(LeafId, crate::tensor::Tensor<Number>)> {
        let value = values.evaluate(&binding.value, &[], &mut self.faults);
        let id = self.value_of(&binding.name)?;
        let name = &binding.name;
        let Kind::Leaf(leaf) = self.graph.kind(id) else {
            let message = format!("`{}` is computed, so it can't be set", name.text);
            self.faults.push(Diagnostic::error("E-task", message).at(name.span, "not a given name"));
            return None;
        };
        let (leaf, value) = (*leaf, value?);
        let shape = self.graph.shape(id).clone();
        if let Some(dim) = shape.0.iter().find(|dim| dim.as_integer().is_none()) {
            let dim = dim.names().first().map_or(String::new(), |dim| (*dim).to_string());
            let label = format!("`{}` has shape {shape}", name.text);
            self.faults.push(no_dimension(&dim).at(name.span, label));
            return None;
        }
        let found = value.shape();
        if found == shape || found.is_scalar() && shape.is_single() {
            let value = value.reshape(&shape.as_integers()?);
            let assumed = &self.graph.leaf(leaf).assumed;
            let Some((own, place)) = assumed.iter().find_map(|own| Some((*own, own.broken(&value)?))) else {
                return Some((leaf, value));
            };
            let message = format!("`{}` is declared `{}`, and this value is not so", name.text, own.words());
            let error = Diagnostic::error("E-assumed", message);
            self.faults.push(error.at(binding.value.span(), against(own, &place, &value)));
            return None;
        }
        let message = format!("`{}` is {shape}, and its value is {found}", name.text);
        self.faults.push(Diagnostic::error("E-shape", message).at(binding.value.span(), format!("has shape {found}")));
        None
    }

    /// The indices of `dW1[i, j]`, as many as the rank; one is enough for a row or a column.
    pub fn entry_indices(&mut self, target: &DeriveTarget, of: NodeId) -> Option<Vec<EntryIndex>> {
        let shape = self.graph.shape(of).clone();
        let mut indices: Vec<(EntryIndex, Span)> = Vec::new();
        for index in &target.entry {
            let parsed = match index.value.parse::<usize>() {
                Ok(number) => EntryIndex::Number(number),
                Err(_) if index.value.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') => {
                    EntryIndex::Number(0)
                }
                Err(_) => EntryIndex::Name(index.value.clone()),
            };
            indices.push((parsed, index.span));
        }
        if let ([only], true) = (indices.as_slice(), shape.is_row() || shape.is_column()) {
            let first = (EntryIndex::Number(1), only.1);
            indices.insert(usize::from(shape.is_column()), first);
        }
        if !indices.is_empty() && indices.len() != shape.rank() {
            let message = format!("`{}` has shape {shape}, which takes {} indices", target.name.text, shape.rank());
            let place = indices.iter().map(|(_, span)| *span).reduce(Span::to).unwrap_or(target.name.span);
            self.faults.push(Diagnostic::error("E-index", message).at(place, format!("{} here", indices.len())));
            return None;
        }
        for ((index, span), side) in indices.iter().zip(&shape.0) {
            let EntryIndex::Number(number) = index else { continue };
            let past = side.as_integer().is_some_and(|side| i64::try_from(*number).is_ok_and(|number| number > side));
            if *number == 0 || past {
                let error = Diagnostic::error("E-index", format!("index {number} of a side of {side}"));
                self.faults.push(error.at(*span, "indices are counted from 1"));
                return None;
            }
        }
        Some(indices.into_iter().map(|(index, _)| index).collect())
    }

    /// A number, or the value of a constant.
    pub fn rate(&mut self, rate: &Spanned<String>) -> Option<Number> {
        if !rate.value.starts_with(char::is_alphabetic) {
            return read_number(&rate.value, rate.span).map_err(|error| self.faults.push(error)).ok();
        }
        let id = self.value_of(&Name { text: rate.value.clone(), index: None, span: rate.span })?;
        let value = self.graph.as_leaf(id).and_then(|leaf| leaf.value.as_ref()).filter(|value| value.rank() == 0);
        let number = value.map(|value| value.first().clone());
        if number.is_none() {
            let error =
                Diagnostic::error("E-task", format!("`{}` is no number", rate.value)).at(rate.span, "a rate is one");
            self.faults.push(error.help(format!("give it one under `given`: `const {} = 0.1`", rate.value)));
        }
        number
    }

    /// The same as a node; a constant that has no value stays a name.
    pub fn rate_node(&mut self, rate: &Spanned<String>) -> Option<NodeId> {
        if rate.value.starts_with(char::is_alphabetic) {
            let id = self.value_of(&Name { text: rate.value.clone(), index: None, span: rate.span })?;
            if self.graph.as_leaf(id).is_some_and(|leaf| leaf.value.is_none() && leaf.shape.is_scalar()) {
                return Some(id);
            }
        }
        self.rate(rate).map(|rate| self.graph.number(rate))
    }

    /// All lines are used.
    pub fn use_lines(&mut self) {
        let lines = self.table.entries.iter().filter(|(_, entry)| entry.role == Role::Line);
        let keys: Vec<String> = lines.map(|(key, _)| key.clone()).collect();
        keys.iter().for_each(|key| self.table.mark_used(key));
    }

    /// The parameters that are named, or all of them.
    pub fn params(&mut self, names: &[Name], span: Span) -> Option<Vec<NodeId>> {
        let is_param =
            |lowerer: &Lowerer, id: NodeId| lowerer.graph.as_leaf(id).is_some_and(|leaf| leaf.kind == LeafKind::Param);
        if names.is_empty() {
            let all: Vec<NodeId> = self.leaves.iter().copied().filter(|id| is_param(self, *id)).collect();
            for id in &all {
                let key = crate::syntax::names::key(spelling(&self.graph, *id).unwrap_or(""));
                self.table.mark_used(&key);
            }
            if all.is_empty() && !self.broken {
                let error = Diagnostic::error("E-task", "the problem has no parameters").at(span, "of nothing");
                self.faults.push(error.help("declare them under `given`: `param W1: D x H`"));
                return None;
            }
            return Some(all);
        }
        let ids = self.values_of(names)?;
        for (id, name) in ids.iter().zip(names) {
            if !is_param(self, *id) {
                let error = Diagnostic::error("E-task", format!("`{}` is not a parameter", name.text));
                let error = error.at(name.span, "not declared with `param`");
                self.faults.push(error.help(format!("declare it so under `given`: `param {}`", name.text)));
                return None;
            }
        }
        Some(ids)
    }

    pub fn values_of(&mut self, names: &[Name]) -> Option<Vec<NodeId>> {
        let ids: Vec<Option<NodeId>> = names.iter().map(|name| self.value_of(name)).collect();
        ids.into_iter().collect()
    }

    /// The leaf or line of a name in a task; `None` if there is none, which is told.
    pub fn value_of(&mut self, name: &Name) -> Option<NodeId> {
        let resolved = self.resolve(name, &Rc::from([]))?;
        self.table.mark_used(&resolved.key);
        let text = &resolved.text;
        let error = match self.scope.get(&resolved.key).map(|known| &known.meaning) {
            Some(Meaning::Value(id)) => return Some(*id),
            Some(Meaning::Broken | Meaning::Unvalued) => return None,
            Some(Meaning::Size(_)) => Diagnostic::error("E-task", format!("`{text}` is a dimension"))
                .at(name.span, "neither given nor computed"),
            None => {
                let error = Diagnostic::error("E-undefined", format!("`{text}` is not defined"));
                let error = error.at(name.span, "not defined");
                match self.faults.meant(&resolved.key, self.scope.spellings()) {
                    Some(meant) => error.help(format!("did you mean `{meant}`?")),
                    None => error,
                }
            }
        };
        self.faults.push(error);
        None
    }

    pub fn warn_zero(&mut self, loss: NodeId, of: NodeId, span: Span) {
        if self.depends(loss, of) {
            return;
        }
        let name = |id: NodeId| spelling(&self.graph, id).unwrap_or("").to_string();
        let (of, loss) = (name(of), name(loss));
        let message = format!("`d{of}` is 0: `{loss}` does not depend on `{of}`");
        self.faults.push(Diagnostic::warning("W-zero", message).at(span, "nothing flows here"));
    }

    pub fn warn_independent(&mut self, of: NodeId, wrt: NodeId, name: &Name, what: &str) {
        if !self.depends(of, wrt) {
            let of = spelling(&self.graph, of).unwrap_or("").to_string();
            let message = format!("{what} is 0: `{of}` does not depend on it");
            self.faults.push(Diagnostic::warning("W-zero", message).at(name.span, "nothing flows here"));
        }
    }

    pub fn depends(&mut self, root: NodeId, on: NodeId) -> bool {
        let graph = &self.graph;
        self.needed.entry(root).or_insert_with(|| graph.needed(&[root]))[on.place()]
    }

    /// Tells the values among all that `roots` need that are too large to be computed.
    pub fn computable(&mut self, roots: &[NodeId], state: &Computability) {
        for root in roots.iter().filter(|root| state.large[root.place()]) {
            let needed = self.graph.needed(&[*root]);
            let large = self.graph.ids().find(|id| needed[id.place()] && too_large_to_compute(self.graph.shape(*id)));
            if let Some(large) = large {
                let span = self.spans.get(&large).copied().unwrap_or_default();
                let shape: Shape = self.graph.shape(large).clone();
                self.faults.push(uncomputable(&shape, span));
            }
        }
    }

    /// Tells what a value needs and has no value, neither in the file nor at the points.
    pub fn has_value(&mut self, root: NodeId, name: &Name, points: &[Point], state: &Computability) {
        if !state.open[root.place()] {
            return;
        }
        let needed = self.graph.needed(&[root]);
        let mut missing: Vec<(String, Option<Span>)> = Vec::new();
        let mut set_elsewhere = true;
        let mut dims: Vec<String> = Vec::new();
        for id in self.graph.ids().filter(|id| needed[id.place()]) {
            match self.graph.kind(id) {
                Kind::Leaf(leaf) => {
                    let bound =
                        !points.is_empty() && points.iter().all(|point| point.iter().any(|(own, _)| own == leaf));
                    if self.graph.leaf(*leaf).value.is_none() && !bound && !self.excused.contains(&id) {
                        dims.extend(self.graph.shape(id).0.iter().flat_map(Dim::names).map(str::to_string));
                        missing.push((self.graph.leaf(*leaf).name.clone(), self.spans.get(&id).copied()));
                        set_elsewhere &= points.iter().flatten().any(|(own, _)| own == leaf);
                    }
                }
                Kind::Size(dim) => dims.extend(dim.names().into_iter().map(str::to_string)),
                Kind::Ones(shape) => dims.extend(shape.0.iter().flat_map(Dim::names).map(str::to_string)),
                Kind::Symbol(_) | Kind::Number(_) | Kind::Literal(_) | Kind::Apply(..) => {}
            }
        }
        dims.sort_unstable();
        dims.dedup();
        if missing.is_empty() && dims.is_empty() {
            return;
        }
        let error = no_values(&missing.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), &dims);
        let error = error.at(
            name.span,
            format!("`{}` needs {}", name.text, if missing.len() + dims.len() == 1 { "it" } else { "them" }),
        );
        let error = match missing.as_slice() {
            [(first, _), .., (last, _)] if set_elsewhere => {
                error.help(format!("commas part the points; one point with both is `at {first} = … and {last} = …`"))
            }
            _ => error,
        };
        self.faults.push(missing.iter().take(LISTED).fold(error, |error, (_, span)| match span {
            Some(span) => error.at(*span, "given without a value"),
            None => error,
        }));
    }
}

/// For every node, what stands in the way of its value; found in one pass.
pub struct Computability {
    /// Something that it needs has no value in the file.
    open: Vec<bool>,
    /// Something that it needs is too large.
    large: Vec<bool>,
}

impl Computability {
    fn of(lowerer: &Lowerer) -> Computability {
        let graph = &lowerer.graph;
        let (mut open, mut large) = (Vec::with_capacity(graph.size()), Vec::with_capacity(graph.size()));
        for id in graph.ids() {
            let own = match graph.kind(id) {
                Kind::Leaf(leaf) => graph.leaf(*leaf).value.is_none(),
                Kind::Size(_) => true,
                Kind::Ones(shape) => shape.as_integers().is_none(),
                Kind::Symbol(_) | Kind::Number(_) | Kind::Literal(_) | Kind::Apply(..) => false,
            };
            open.push(own || graph.operands(id).iter().any(|operand| open[operand.place()]));
            large.push(
                too_large_to_compute(graph.shape(id))
                    || graph.operands(id).iter().any(|operand| large[operand.place()]),
            );
        }
        Computability { open, large }
    }
}
