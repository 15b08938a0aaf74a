//! The section `model`: lines in any order, each after those that it uses.

use super::Lowerer;
use super::expression::Lowering;
use super::expression::OpenAxis;
use super::names::{Loops, Resolved};
use super::operators::is_operator;
use super::scope::Meaning;
use super::summed;
use crate::diagnostic::Diagnostic;
use crate::graph::SymbolName;
use crate::limits::DIAGNOSTICS;
use crate::shape::Shape;
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind, Name};
use crate::syntax::names::key;
use std::collections::BTreeMap;

/// How many names of a cycle an error prints.
const SHOWN: usize = 12;

/// A line of the model, once for each turn of the loops around it.
#[derive(Debug)]
pub struct Line<'a> {
    pub name: Resolved,
    pub value: &'a Expr,
    pub loops: Loops,
    /// Not if the name was taken: then the line is only looked through for errors.
    pub defines: bool,
}

impl Lowerer {
    /// Puts the lines into the graph.
    pub fn lines(&mut self, lines: &[Line<'_>]) {
        // Until a line is done its name means nothing, so that what stands on a cycle is no further error.
        for line in lines.iter().filter(|line| line.defines) {
            self.scope.insert(&line.name.text, Meaning::Broken);
        }
        let uses = self.uses(lines);
        let (order, cycles) = ordered(&uses);
        for cycle in &cycles {
            self.tell_cycle(lines, cycle);
        }
        for place in order {
            self.line(&lines[place]);
        }
    }

    fn line(&mut self, line: &Line<'_>) {
        let shape = |name: &str| match &self.scope.get(&key(name))?.meaning {
            Meaning::Value(id) => Some(self.graph.shape(*id).clone()),
            Meaning::Size(_) => Some(Shape::scalar()),
            _ => None,
        };
        let summed = summed::whole(line.value, &shape);
        let written = summed.as_ref().unwrap_or(line.value);
        let mut lowering = Lowering {
            graph: &mut self.graph,
            spans: &mut self.spans,
            scope: &self.scope,
            loops: &line.loops,
            faults: &mut self.faults,
            axes: Vec::new(),
        };
        let value = lowering.expression(written);
        let axes = lowering.axes;
        let Some(value) = value else {
            self.broken = true;
            return;
        };
        if summed.is_some() || !axes.is_empty() {
            let mut stated = summed.unwrap_or_else(|| line.value.clone());
            OpenAxis::state(&axes, &mut stated);
            self.summed.insert(line.value.span(), stated);
        }
        if line.defines {
            let symbol = self.graph.add_symbol(SymbolName::Model(line.name.text.clone()), value);
            self.spans.insert(symbol, line.name.span);
            let definition = self.graph.operands(symbol)[0];
            self.spans.entry(definition).or_insert(line.value.span());
            self.definitions.push(symbol);
            self.name(&line.name, symbol);
            self.arrive(&line.name.key, symbol);
        }
    }

    /// For each line, the lines that it uses; every name that is met counts as used.
    fn uses(&mut self, lines: &[Line<'_>]) -> Vec<Vec<usize>> {
        let mut places = BTreeMap::new();
        for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.defines) {
            places.insert(line.name.key.as_str(), place);
        }
        lines
            .iter()
            .map(|line| {
                let mut uses = Vec::new();
                for (key, _) in names_in(line.value, &line.loops) {
                    self.table.mark_used(&key);
                    uses.extend(places.get(key.as_str()).copied());
                }
                self.inner.extend(uses.iter().map(|place| lines[*place].name.key.clone()));
                uses
            })
            .collect()
    }

    fn tell_cycle(&mut self, lines: &[Line<'_>], cycle: &[usize]) {
        let first = cycle.iter().enumerate().min_by_key(|(_, place)| lines[**place].name.span).map_or(0, |(at, _)| at);
        let turned: Vec<&Resolved> =
            cycle[first..].iter().chain(&cycle[..first]).map(|place| &lines[*place].name).collect();
        let mut names: Vec<&str> = turned.iter().take(SHOWN).map(|name| name.text.as_str()).collect();
        if turned.len() > SHOWN {
            names.push("…");
        }
        names.extend(turned.first().map(|name| name.text.as_str()));
        let message = match turned.len() {
            1 => format!("`{}` is defined by itself", names[0]),
            _ => format!("a cycle of definitions: {}", names.join(" -> ")),
        };
        let mut error = Diagnostic::error("E-cycle", message);
        for (place, name) in turned.iter().take(SHOWN).enumerate() {
            let next = turned[(place + 1) % turned.len()];
            error = error.at(name.span, format!("needs `{}`", next.text));
        }
        self.faults.push(error);
    }
}

/// The names that an expression uses, by key, with their places.
pub fn names_in(expr: &Expr, loops: &[(String, i64)]) -> Vec<(String, Span)> {
    let turn = |name: &Name| name.index.is_none() && loops.iter().any(|(variable, _)| *variable == name.text);
    expr.nodes
        .iter()
        .filter_map(|node| match &node.kind {
            ExprKind::Name(name) if !turn(name) => Some(name),
            ExprKind::Call { callee, .. } if !is_operator(callee) => Some(callee),
            ExprKind::Name(_)
            | ExprKind::Call { .. }
            | ExprKind::Number(_)
            | ExprKind::Negate(_)
            | ExprKind::Binary { .. }
            | ExprKind::Transpose(_)
            | ExprKind::Entry { .. }
            | ExprKind::Matrix(_)
            | ExprKind::Indicator { .. }
            | ExprKind::Sum { .. }
            | ExprKind::Cases(_)
            | ExprKind::Prime { .. }
            | ExprKind::Gradient { .. } => None,
        })
        .filter_map(|name| Resolved::of(name, loops).ok())
        .map(|name| (name.key, name.span))
        .collect()
}

/// The lines so that each stands after those that it uses, in the order of the file where that leaves a choice,
/// and the cycles that were found on the way. A stack of our own: lines may hang together in any depth.
fn ordered(uses: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; uses.len()];
    let (mut order, mut cycles) = (Vec::with_capacity(uses.len()), Vec::new());
    for start in 0..uses.len() {
        if state[start] != State::New {
            continue;
        }
        state[start] = State::Open;
        let mut path = vec![(start, 0)];
        while let Some((line, next)) = path.last_mut() {
            let line = *line;
            let Some(used) = uses[line].get(*next).copied() else {
                state[line] = State::Done;
                order.push(line);
                path.pop();
                continue;
            };
            *next += 1;
            match state[used] {
                State::Done => {}
                State::New => {
                    state[used] = State::Open;
                    path.push((used, 0));
                }
                // Past the errors that are told, cycles need not be looked for.
                State::Open if cycles.len() >= DIAGNOSTICS => {}
                State::Open => {
                    let from = path.iter().position(|(line, _)| *line == used).unwrap_or(0);
                    cycles.push(path[from..].iter().map(|(line, _)| *line).collect());
                }
            }
        }
    }
    (order, cycles)
}

#[cfg(test)]
mod tests {
    use super::ordered;

    #[test]
    fn lines_stand_after_what_they_use() {
        assert_eq!(ordered(&[vec![2], vec![0], vec![]]), (vec![2, 0, 1], vec![]));
        let chain: Vec<Vec<usize>> = (0..200_000).map(|k| if k == 199_999 { vec![] } else { vec![k + 1] }).collect();
        assert_eq!(ordered(&chain).0[0], 199_999);
    }

    #[test]
    fn each_cycle_is_found() {
        assert_eq!(ordered(&[vec![1], vec![0], vec![2]]).1, vec![vec![0, 1], vec![2]]);
    }
}
