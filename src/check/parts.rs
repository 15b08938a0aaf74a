//! Answers to the kinds in `tasks` that are neither a form nor a number: whether a statement holds, a chain from one side to
//! the other, values of one's own that are tried.

use super::judge::Judgement;
use super::marker::Marker;
use super::marks::{Remark, Verdict};
use super::sheet::{Given, Sheet, as_expression, used_names};
use crate::answer::{Subject, Wanted};
use crate::graph::NodeId;
use crate::model::Model;
use crate::ops::Mistake;
use crate::simplify::simplest;
use crate::span::Source;
use crate::syntax::ast::{Answer, Expr, ExprKind, Relation};
use crate::tasks::{Finding, compare};
use std::collections::HashMap;

/// Words for what holds, and for what does not.
const HOLDS: [&str; 8] = ["holds", "true", "yes", "right", "correct", "t", "always", "y"];
const FAILS: [&str; 8] = ["false", "fails", "no", "wrong", "incorrect", "f", "never", "n"];

impl Marker<'_> {
    /// The verdict on an answer of such a kind; `None` on every other.
    pub(super) fn judge_part(
        &mut self,
        place: usize,
        answer: &Answer,
        expr: &Expr,
        sheet: &Sheet,
        source: &Source,
    ) -> Option<Judgement> {
        let key = self.key;
        let Subject::Part(part) = &key.questions[place].subject else { return None };
        match &part.wanted {
            Wanted::Form if !part.within.is_empty() => self.expressed(place, expr, &part.within, sheet),
            Wanted::Form => None,
            Wanted::Truth(holds) => Some(truth(*holds, expr, source)),
            Wanted::Shown { left } => Some(self.shown(place, answer, *left, sheet, source)),
            Wanted::Found { names, conditions } => self.fulfils(names, conditions, sheet),
        }
    }

    /// A form in some names: with the numbers that are given put in, whether or not the student did so.
    fn expressed(&mut self, place: usize, expr: &Expr, within: &[NodeId], sheet: &Sheet) -> Option<Judgement> {
        let right = self.key.questions[place].node?;
        let own = self.world(sheet).own(expr).ok()?;
        let opened = self.opened(own, within);
        self.are_equal(place, opened, right).then(|| {
            let right = Judgement::of(Verdict::Correct);
            self.in_these_names(place, expr, right)
        })
    }

    /// An expression with its lines written out and given numbers put in.
    fn opened(&mut self, node: NodeId, within: &[NodeId]) -> NodeId {
        let mut node = node;
        loop {
            let needed = self.graph.needed(&[node]);
            let mut with = HashMap::new();
            let known: Vec<NodeId> = self.graph.ids().filter(|id| needed[id.place()] && !within.contains(id)).collect();
            for id in known {
                let number = self.graph.as_leaf(id).and_then(|leaf| leaf.value.as_ref());
                let number = number.filter(|value| value.rank() == 0).map(|value| value.first().clone());
                if let Some(number) = number {
                    with.insert(id, self.graph.number(number));
                } else if let Some(symbol) = self.graph.as_symbol(id) {
                    with.insert(id, symbol.definition);
                }
            }
            let next = self.graph.replaced(node, &with);
            if next == node {
                return node;
            }
            node = next;
        }
    }

    /// A right form in names that were to be replaced is not what was asked for.
    pub(super) fn in_these_names(&self, place: usize, expr: &Expr, judgement: Judgement) -> Judgement {
        let key = self.key;
        let Subject::Part(part) = &key.questions[place].subject else { return judgement };
        let left = |name: &String| {
            key.authored(name).is_some_and(|id| key.graph().as_symbol(id).is_some() && !part.within.contains(&id))
        };
        let names: Vec<String> = match part.within.is_empty() || judgement.verdict != Verdict::Correct {
            true => Vec::new(),
            false => used_names(key, expr).into_iter().filter(left).collect(),
        };
        match names.is_empty() {
            true => judgement,
            false => Judgement { verdict: Verdict::Unevaluated, ..judgement }.remark(Remark::NotIn { names }),
        }
    }

    /// A chain whose every link holds, from one side to the other, by way of something.
    fn shown(&mut self, place: usize, answer: &Answer, left: NodeId, sheet: &Sheet, source: &Source) -> Judgement {
        let key = self.key;
        let Some(right) = key.questions[place].node else { return Judgement::of(Verdict::Unreadable) };
        let exprs: Vec<&Expr> = answer.earlier.iter().chain([&answer.value]).filter_map(as_expression).collect();
        let mut nodes = Vec::new();
        for expr in &exprs {
            match self.world(sheet).own(expr) {
                Ok(node) => nodes.push(node),
                Err(_) => {
                    let (line, column) = source.position(expr.span().start);
                    let message = "a member of the chain can't be read".to_string();
                    let remark = Remark::Unreadable { message, line, column, help: Vec::new() };
                    return Judgement::of(Verdict::Unreadable).remark(remark);
                }
            }
        }
        // `dW = …` names its first member.
        let named = self.key.questions[place].keys.iter().any(|own| !own.starts_with("show"));
        if named {
            nodes.insert(0, left);
        }
        let links = nodes.windows(2).all(|pair| self.are_equal(place, pair[0], pair[1]));
        let mut same = |one: NodeId, other: NodeId| {
            one == other || simplest(&mut self.graph, one) == simplest(&mut self.graph, other)
        };
        let (Some(first), Some(last)) = (nodes.first().copied(), nodes.last().copied()) else {
            return Judgement::of(Verdict::Unreadable);
        };
        // What only repeats a side is no step, where the sides are not one form; what is said in names of one's own is one.
        let own = exprs.iter().any(|expr| used_names(key, expr).iter().any(|name| sheet.named.contains_key(name)));
        let one_form = same(left, right);
        let mut is_step =
            |node: NodeId| ![left, right].contains(&node) && (one_form || !same(node, left) && !same(node, right));
        let steps = own || nodes.iter().any(|node| is_step(*node));
        let ends = same(first, left) && same(last, right) || same(first, right) && same(last, left);
        match (links, ends) {
            (false, _) => self.not_shown(place, last, Judgement::of(Verdict::Wrong)),
            (true, false) => self.not_shown(place, last, Judgement::of(Verdict::Wrong).remark(Remark::OtherEnds)),
            (true, true) if nodes.len() < 3 || !steps => {
                self.not_shown(place, last, Judgement::of(Verdict::Wrong).remark(Remark::Claimed))
            }
            (true, true) => Judgement::of(Verdict::Correct),
        }
    }

    /// What is wrong with the end of a chain is told; half of a proof is none.
    fn not_shown(&mut self, place: usize, end: NodeId, judgement: Judgement) -> Judgement {
        let slip = match self.is_transposed(place, end) {
            true => Some(vec![(Mistake::TRANSPOSED_LAYOUT, None)]),
            false => self.slip(place, end),
        };
        Judgement { paid: false, ..self.with_slip(judgement, &slip.unwrap_or_default()) }
    }

    /// The student's own values, put in together.
    fn fulfils(
        &mut self,
        names: &[NodeId],
        conditions: &[(NodeId, Relation, NodeId)],
        sheet: &Sheet,
    ) -> Option<Judgement> {
        let key = self.key;
        let mut with = HashMap::new();
        for name in names {
            let asked = key.questions.iter().position(|question| match &question.subject {
                Subject::Part(part) => part.shown == Some(*name) && matches!(part.wanted, Wanted::Found { .. }),
                _ => false,
            })?;
            let Given::Whole(answer, _) = sheet.given[asked] else { return None };
            let expr = as_expression(&answer.value)?;
            let value = self.world(sheet).own(expr).ok()?;
            if self.graph.shape(value) != self.graph.shape(*name) {
                return None;
            }
            with.insert(*name, value);
        }
        let pairs: Vec<(NodeId, Relation, NodeId)> = conditions
            .iter()
            .map(|(left, relation, right)| {
                (self.graph.replaced(*left, &with), *relation, self.graph.replaced(*right, &with))
            })
            .collect();
        let mut model = Model { graph: std::mem::take(&mut self.graph), ..key.solution.model.clone() };
        let fulfilled = pairs
            .iter()
            .all(|(left, relation, right)| matches!(compare(&model, *left, *relation, *right), Finding::Holds(_)));
        self.graph = std::mem::take(&mut model.graph);
        Some(match fulfilled {
            true => Judgement::of(Verdict::Correct),
            false => Judgement::of(Verdict::Wrong).remark(Remark::NotFulfilled),
        })
    }
}

fn truth(holds: bool, expr: &Expr, source: &Source) -> Judgement {
    let said = match &expr.node(expr.root()).kind {
        ExprKind::Name(name) => name.text.to_lowercase(),
        _ => String::new(),
    };
    match (HOLDS.contains(&said.as_str()), FAILS.contains(&said.as_str())) {
        (true, _) => Judgement::of(if holds { Verdict::Correct } else { Verdict::Wrong }),
        (_, true) => Judgement::of(if holds { Verdict::Wrong } else { Verdict::Correct }),
        (false, false) => {
            let (line, column) = source.position(expr.span().start);
            let message = "whether a statement holds is answered by `holds` or `false`".to_string();
            Judgement::of(Verdict::Unreadable).remark(Remark::Unreadable { message, line, column, help: Vec::new() })
        }
    }
}
