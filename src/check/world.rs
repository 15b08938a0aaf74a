//! What a sheet's names stand for: the student's own values in place of ours.

use super::compare::same_shape;
use super::key::Key;
use super::sheet::{Sheet, as_expression, used_names};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, NodeId};
use crate::lower::{Known, Meaning, Scope, expression};
use crate::ops::{Diag, Exp};
use crate::shape::{Dim, Shape};
use crate::syntax::ast::Expr;
use std::collections::BTreeMap;

/// Sizes that are tried for an identity or a vector of ones.
const SIDES: usize = 8;

/// Why an expression has no node.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// It can't be read with the names that there are.
    Unreadable(Diagnostic),
    /// Its shapes do not fit.
    IllTyped(Diagnostic),
    /// It uses a name that has no meaning for one of these reasons.
    Through(String),
    /// It is given in terms of itself.
    Circular(String),
}

/// The sheet's own names, each lowered when it is first used.
pub(super) struct World<'a, 'w> {
    pub key: &'w Key,
    pub sheet: &'w Sheet<'a>,
    pub graph: &'w mut Graph,
    pub scope: &'w mut Scope,
    /// What is known of names whatever is asked first.
    known: &'w mut Named,
    lowered: &'w mut Lowered,
    /// What else was found; in a circle that depends on where it is entered.
    nodes: Named,
    /// What is being defined, and may not rest on itself.
    open: Vec<String>,
    /// Nodes that names stand for whatever the sheet says.
    put: BTreeMap<String, NodeId>,
    /// How often a name was met inside of itself.
    circles: usize,
    /// The shape that is asked for: an identity or a vector of ones may have several.
    pub wanted: Option<Shape>,
}

/// Names of a sheet by key, and their nodes.
pub(super) type Named = BTreeMap<String, Result<NodeId, Failure>>;

/// What expressions of a sheet came to: one is met as what a name stands for, as an answer, and beside other answers.
#[derive(Default)]
pub(super) struct Lowered(Vec<(Reading, Result<NodeId, Failure>)>);

/// An expression, what its names of the sheet stand for, and whether powers are of matrices.
type Reading = (Expr, Vec<(String, NodeId)>, bool);

impl Lowered {
    /// How many are kept.
    const MOST: usize = 64;

    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn get(&self, expr: &Expr, meanings: &[(String, NodeId)], powers: bool) -> Option<&Result<NodeId, Failure>> {
        let is_same = |reading: &Reading| reading.2 == powers && reading.1 == meanings && reading.0 == *expr;
        self.0.iter().find(|(reading, _)| is_same(reading)).map(|(_, found)| found)
    }

    fn keep(&mut self, reading: Reading, found: &Result<NodeId, Failure>) {
        if self.0.len() < Lowered::MOST {
            self.0.push((reading, found.clone()));
        }
    }
}

impl<'a, 'w> World<'a, 'w> {
    pub fn new(
        key: &'w Key,
        sheet: &'w Sheet<'a>,
        graph: &'w mut Graph,
        scope: &'w mut Scope,
        known: &'w mut Named,
        lowered: &'w mut Lowered,
    ) -> World<'a, 'w> {
        let (nodes, open, put) = (Named::new(), Vec::new(), BTreeMap::new());
        World { key, sheet, graph, scope, known, lowered, nodes, open, put, circles: 0, wanted: None }
    }

    /// The world in which something that goes by these names is defined.
    pub fn defining(mut self, names: &[String]) -> World<'a, 'w> {
        self.open.extend_from_slice(names);
        self
    }

    /// The world in which names stand for these nodes. What is known of others must not have been made without them.
    pub fn putting(mut self, put: BTreeMap<String, NodeId>) -> World<'a, 'w> {
        self.put = put;
        self
    }

    /// The node of what the sheet says a name is.
    pub fn named(&mut self, key: &str) -> Result<NodeId, Failure> {
        if let Some(put) = self.put.get(key) {
            return Ok(*put);
        }
        if let Some(known) = self.known.get(key).or_else(|| self.nodes.get(key)) {
            return known.clone();
        }
        if self.open.iter().any(|open| open == key) {
            self.circles += 1;
            return Err(Failure::Circular(key.to_string()));
        }
        let last = self.sheet.lines.get(key).map_or(0, Vec::len).saturating_sub(1);
        let before = self.circles;
        let node = self.line(key, last);
        let found = if self.circles == before { &mut *self.known } else { &mut self.nodes };
        found.insert(key.to_string(), node.clone());
        node
    }

    /// The node of one of the lines that give a name a value.
    fn line(&mut self, key: &str, place: usize) -> Result<NodeId, Failure> {
        let line = self.sheet.lines.get(key).and_then(|lines| lines.get(place));
        let Some(expr) = line.and_then(|answer| as_expression(&answer.value)) else {
            return Err(Failure::Through(key.to_string()));
        };
        self.open.push(key.to_string());
        let node = self.of_names(expr, &used_names(self.key, expr), Some((key, place)));
        self.open.pop();
        node
    }

    /// The node of an expression in the student's own world.
    pub fn own(&mut self, expr: &Expr) -> Result<NodeId, Failure> {
        self.of_names(expr, &used_names(self.key, expr), None)
    }

    /// As [`World::own`], with the names that the expression uses. `defines` is the name that it is a line of, and its
    /// place among these lines: there the name stands for the line before.
    pub fn of_names(
        &mut self,
        expr: &Expr,
        uses: &[String],
        defines: Option<(&str, usize)>,
    ) -> Result<NodeId, Failure> {
        let mut meanings = Vec::new();
        for name in uses {
            let before = defines.filter(|(own, place)| own == name && *place > 0).map(|(_, place)| place - 1);
            let node = match before {
                _ if self.put.contains_key(name) => Ok(self.put[name]),
                Some(before) => self.line(name, before),
                None if self.open.contains(name) => {
                    self.circles += 1;
                    return Err(Failure::Circular(name.clone()));
                }
                None if self.sheet.named.contains_key(name) => self.named(name),
                None => continue,
            };
            meanings.push((name.clone(), node));
        }
        let unknown = textbook_names(self, uses);
        if unknown.is_empty() {
            return self.with(meanings, expr);
        }
        let mut last = Err(Failure::Through(String::new()));
        for taken in readings(self.graph, self.key, &unknown) {
            let taken = taken.into_iter().map(|(name, node)| (name, Ok(node)));
            let found = self.with(meanings.iter().cloned().chain(taken).collect(), expr);
            let wanted =
                |node: &NodeId| self.wanted.as_ref().is_none_or(|wanted| same_shape(self.graph.shape(*node), wanted));
            match found {
                Ok(node) if wanted(&node) => return Ok(node),
                found if last.is_err() => last = found,
                _ => {}
            }
        }
        last
    }

    /// The node of an expression where some names stand for other nodes.
    pub fn with(&mut self, meanings: Vec<(String, Result<NodeId, Failure>)>, expr: &Expr) -> Result<NodeId, Failure> {
        let sound = meanings.iter().map(|(name, node)| Some((name.clone(), node.as_ref().ok().copied()?)));
        let Some(sound) = sound.collect::<Option<Vec<_>>>() else { return self.lower(meanings, expr) };
        let powers = self.scope.matrix_powers;
        if let Some(found) = self.lowered.get(expr, &sound, powers) {
            return found.clone();
        }
        let found = self.lower(meanings, expr);
        self.lowered.keep((expr.clone(), sound, powers), &found);
        found
    }

    fn lower(&mut self, meanings: Vec<(String, Result<NodeId, Failure>)>, expr: &Expr) -> Result<NodeId, Failure> {
        let mut before: Vec<(String, Option<Known>)> = Vec::new();
        let mut broken = None;
        for (name, node) in meanings {
            let meaning = match node {
                Ok(node) => Meaning::Value(node),
                Err(Failure::Circular(name)) => return Err(Failure::Circular(name)),
                // A size of the problem stays where the line that names it can't be read: `n = len(y)`.
                Err(_) if self.scope.get(&name).is_some_and(|known| matches!(known.meaning, Meaning::Size(_))) => {
                    continue;
                }
                Err(Failure::Unreadable(_) | Failure::IllTyped(_) | Failure::Through(_)) => {
                    broken = broken.or(Some(name.clone()));
                    Meaning::Broken
                }
            };
            before.push((name.clone(), self.scope.get(&name).cloned()));
            self.scope.insert(&name, meaning);
        }
        let node = expression(self.graph, self.scope, expr);
        for (name, known) in before {
            match known {
                Some(known) => self.scope.put(&name, known),
                None => self.scope.remove(&name),
            }
        }
        node.map_err(|faults| failure(faults, broken))
    }
}

fn failure(faults: Vec<Diagnostic>, broken: Option<String>) -> Failure {
    let errors: Vec<Diagnostic> = faults.into_iter().filter(Diagnostic::is_error).collect();
    let typed = |error: &Diagnostic| matches!(error.code, "E-shape" | "E-dim");
    let unreadable = errors.iter().position(|error| !typed(error));
    match (unreadable, errors.into_iter().enumerate().find(|(place, _)| unreadable.is_none_or(|found| found == *place)))
    {
        (Some(_), Some((_, error))) => Failure::Unreadable(error),
        (None, Some((_, error))) => Failure::IllTyped(error),
        (_, None) => Failure::Through(broken.unwrap_or_default()),
    }
}

/// Names that every textbook has, where neither the model nor the student has them: `I`, `ones`, `e`.
const TEXTBOOK: [&str; 3] = ["I", "ones", "e"];

fn textbook_names(world: &World, uses: &[String]) -> Vec<&'static str> {
    let unknown = |name: &str| !world.key.knows(name) && !world.sheet.named.contains_key(name);
    TEXTBOOK.into_iter().filter(|name| uses.iter().any(|used| used == name) && unknown(name)).collect()
}

/// What such names may stand for: an identity and a column of ones in each size that the model has.
fn readings(graph: &mut Graph, key: &Key, unknown: &[&str]) -> Vec<Vec<(String, NodeId)>> {
    let mut sides: Vec<Dim> = Vec::new();
    for id in key.solution.model.leaves.iter().chain(&key.solution.model.definitions) {
        for side in &graph.shape(*id).0 {
            if !sides.contains(side) && sides.len() < SIDES {
                sides.push(side.clone());
            }
        }
    }
    if sides.is_empty() {
        sides.push(Dim::one());
    }
    let mut readings: Vec<Vec<(String, NodeId)>> = vec![Vec::new()];
    for name in unknown {
        let nodes: Vec<NodeId> = match *name {
            "e" => {
                let one = graph.integer(1);
                graph.apply(Exp, &[one]).into_iter().collect()
            }
            name => sides
                .iter()
                .filter_map(|side| {
                    let ones = graph.ones(Shape::matrix(side.clone(), Dim::one()));
                    if name == "I" { graph.apply(Diag, &[ones]).ok() } else { Some(ones) }
                })
                .collect(),
        };
        readings = readings
            .into_iter()
            .flat_map(|reading| {
                nodes
                    .iter()
                    .map(move |node| {
                        let mut reading = reading.clone();
                        reading.push(((*name).to_string(), *node));
                        reading
                    })
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    readings
}
