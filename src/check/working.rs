//! The working, line by line: each equation of a chain, and each line after another of the same name, is a claim in the
//! student's own scope.

use super::compare::{closenesses, is_finished, same_shape};
use super::indexed::{is_indexed, target_letters};
use super::judge::{Case, Judgement};
use super::marker::Marker;
use super::marks::{Claim, LineMarks, Remark, Verdict};
use super::sheet::{Given, Sheet, as_expression, used_names};
use super::slips::Named;
use super::world::Failure;
use crate::graph::NodeId;
use crate::ops::Mistake;
use crate::span::{Source, Span};
use crate::syntax::ast::{Answer, Expr};
use crate::syntax::{names, print_expression};

/// Characters of a line that are repeated.
const LONGEST: usize = 200;
/// What a wrong last line costs whose mistake has no name, where the line before is right.
const LAST_STEP: &str = Mistake::LAST_STEP;

/// One member of a chain.
struct Member<'a> {
    expr: &'a Expr,
    /// The name of the line that it stands in, and its place among the lines of that name.
    line: Option<(&'a str, usize)>,
    node: Option<NodeId>,
    right: bool,
    /// Its shapes do not fit.
    ill_typed: bool,
}

impl Marker<'_> {
    /// The lines of the working of one answer; an answer by itself has none.
    pub(super) fn working(
        &mut self,
        place: usize,
        sheet: &Sheet,
        judgement: &Judgement,
        source: &Source,
    ) -> Vec<LineMarks> {
        let members = self.members(place, sheet, source);
        if members.len() < 2 {
            return Vec::new();
        }
        let last = members.last().and_then(|member| member.node);
        let mut lines: Vec<LineMarks> = Vec::new();
        let mut before: Option<(&Member, usize)> = None;
        for member in &members {
            let (line, column) = source.position(member.expr.span().start);
            let read = written(member.expr, source);
            let form = Some(member.expr.clone());
            let mut own = LineMarks { line, column, read, form, claim: Claim::Open, mistake: None, not_from: None };
            let same_as_last = member.node.is_some() && member.node == last;
            match (member.node, before) {
                (None, _) if member.ill_typed => {
                    own.claim = Claim::False;
                    own.not_from = before.map(|(_, from)| from);
                    own.mistake = judgement
                        .mistakes
                        .first()
                        .copied()
                        .filter(|_| std::ptr::eq(member, &members[members.len() - 1]));
                }
                (None, _) => {}
                (Some(_), None) => {
                    let carried = judgement.verdict == Verdict::FollowThrough && same_as_last;
                    own.claim = if member.right || carried { Claim::Follows } else { Claim::False };
                    own.mistake = judgement.mistakes.first().copied().filter(|_| same_as_last && !carried);
                }
                (Some(node), Some((earlier, from))) => {
                    let follows = earlier.node.is_some_and(|earlier| self.are_equal(place, earlier, node));
                    own.claim = if follows || (earlier.right && member.right) { Claim::Follows } else { Claim::False };
                    if own.claim == Claim::False {
                        own.not_from = Some(from);
                        own.mistake = match (earlier.right, same_as_last) {
                            (true, true) => judgement.mistakes.first().copied(),
                            (true, false) => self.slip(place, node).and_then(first),
                            (false, _) => self.turned(earlier.node, node),
                        };
                    }
                }
            }
            if member.node.is_some() {
                before = Some((member, line));
            }
            lines.push(own);
        }
        lines
    }

    /// A judgement with what the line before the last says for it: who had the right thing lost it in one step.
    pub(super) fn with_line_before(&mut self, case: &Case, judgement: Judgement) -> Judgement {
        if !matches!(judgement.verdict, Verdict::Wrong | Verdict::Partial) {
            return judgement;
        }
        let members = self.members(case.place, case.sheet, case.source);
        let [.., earlier, last] = members.as_slice() else { return judgement };
        if !earlier.right || !self.goes_on(case, earlier, last) {
            return judgement;
        }
        let uses = used_names(self.key, earlier.expr);
        let own = Case { expr: earlier.expr, line: earlier.line, ..*case };
        if self.as_asked(&own, &uses, Judgement::of(Verdict::Correct)).verdict != Verdict::Correct {
            return judgement;
        }
        let judgement = Judgement { paid: true, ..judgement };
        match judgement.mistakes.is_empty() {
            true => self.with_mistake(judgement, LAST_STEP, None),
            false => judgement,
        }
    }

    /// Whether a line is a step from the one before, and no other answer beside it: a number was still to be worked out, or a
    /// form speaks of what the form before speaks of and has its shape.
    fn goes_on(&mut self, case: &Case, earlier: &Member, last: &Member) -> bool {
        if earlier.node.is_some_and(|node| self.is_constant(node)) {
            return !is_finished(earlier.expr);
        }
        let spoken = |expr: &Expr| {
            let own = |name: &str| self.key.is_free(name);
            self.reached(case.sheet, &used_names(self.key, expr), own, |_| true)
        };
        if last.node.is_some_and(|node| self.is_name(node)) {
            return false;
        }
        let (before, after) = (spoken(earlier.expr), spoken(last.expr));
        let shape = &self.key.questions[case.place].shape;
        let fits = last.node.is_none_or(|node| same_shape(self.graph.shape(node), shape));
        fits && after.iter().any(|name| before.contains(name)) && last.node.is_none_or(|node| !self.is_uniform_at(node))
    }

    /// All that is said to one question, one after the other; nothing where that is one thing.
    fn members<'s>(&mut self, place: usize, sheet: &'s Sheet<'_>, source: &Source) -> Vec<Member<'s>> {
        let Given::Whole(answer, _) = sheet.given[place] else { return Vec::new() };
        let key = self.key;
        let all = match sheet.line(answer) {
            Some((name, place)) => sheet.lines[name][..=place].to_vec(),
            None => vec![answer],
        };
        let exprs = |answer: &'s Answer| answer.earlier.iter().chain([&answer.value]).filter_map(as_expression);
        let mut members = Vec::new();
        // One by itself is no chain.
        if all.iter().flat_map(|answer| exprs(answer)).nth(1).is_none() {
            return members;
        }
        for answer in all {
            let line = sheet.line(answer);
            for expr in exprs(answer) {
                let case = Case { place, expr, sheet, source, line };
                let known = |name: &str| key.knows(&names::key(name)) || sheet.named.contains_key(name);
                let (node, right, ill_typed) = match is_indexed(expr, &target_letters(&case), &known) {
                    true => (None, self.compare_indexed(&case).is_equal(), false),
                    false => {
                        let uses = used_names(key, expr);
                        let node = self.answering(&case).of_names(expr, &uses, line);
                        let ill_typed = matches!(node, Err(Failure::IllTyped(_)));
                        let node = node.ok();
                        let right = node.is_some_and(|node| self.compare(place, node).is_equal());
                        (node, right, ill_typed)
                    }
                };
                members.push(Member { expr, line, node, right, ill_typed });
            }
        }
        members
    }

    /// Whether two members of a chain have one value: with the problem's numbers where it is a matter of numbers.
    pub(super) fn are_equal(&mut self, place: usize, one: NodeId, other: NodeId) -> bool {
        if one == other {
            return true;
        }
        let numeric = self.is_numeric(place, one) || self.is_numeric(place, other);
        if numeric && let (Some(one), Some(other)) = (self.given_value(place, one), self.given_value(place, other)) {
            let near =
                |found, right| closenesses(found, right, self.tolerance()).is_some_and(|all| all.wrong.is_empty());
            return near(&other, &one) || near(&one, &other);
        }
        same_shape(self.graph.shape(one), self.graph.shape(other)) && !self.differ_drawn(one, other)
    }

    /// The mistake that leads from one line to the next, where both are wrong.
    fn turned(&mut self, from: Option<NodeId>, to: NodeId) -> Option<&'static str> {
        self.done(from?, to, false)
    }
}

fn first(named: Named) -> Option<&'static str> {
    named.first().map(|(name, _)| *name)
}

/// A span with the brackets around it that its text opens or closes.
fn bracketed(span: Span, text: &str) -> Span {
    let Some(own) = text.get(span.start..span.end) else { return span };
    let (mut opened, mut closed) = (0, 0);
    for sign in own.chars() {
        match sign {
            '(' => opened += 1,
            ')' if opened > 0 => opened -= 1,
            ')' => closed += 1,
            _ => {}
        }
    }
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let start = before.rmatch_indices('(').take(closed).last().map_or(span.start, |(place, _)| place);
    let end = after.match_indices(')').take(opened).last().map_or(span.end, |(place, _)| span.end + place + 1);
    let blank = |text: &str| text.chars().all(|sign| sign.is_whitespace() || "()".contains(sign));
    match blank(&text[start..span.start]) && blank(&text[span.end..end]) {
        true => Span { start, end },
        false => span,
    }
}

/// A line as it was written, on one line.
fn written(expr: &Expr, source: &Source) -> String {
    let span = bracketed(expr.span(), &source.text);
    let own = source.text.get(span.start..span.end).filter(|text| !text.trim().is_empty());
    let text = own.map_or_else(|| print_expression(expr), str::to_string);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST).collect()
}

/// What a report says of the first line that does not follow.
pub(super) fn told(lines: &[LineMarks]) -> Option<Remark> {
    let line = lines.iter().find(|line| line.claim == Claim::False)?;
    Some(Remark::Line { line: line.line, read: line.read.clone(), from: line.not_from, mistake: line.mistake })
}
