//! What stands in the holes of tasks that the grammar reads.

mod plot;

use super::ast::{
    Binding, DeriveTarget, DescendClause, DescendFrom, DescentRequest, FamilyName, FitRequest, Part, Spanned,
};
use super::build::Builder;
use super::expression::{expression, first, two};
use super::grammar::Rule;
use crate::diagnostic::Diagnostic;
use pest::iterators::Pair;
use plot::plot;

/// What stands in a hole of this rule.
pub fn part(builder: &Builder<'_>, rule: Rule, line: Pair<'_, Rule>) -> Part {
    match rule {
        Rule::descent_line => Part::Descent(descent(builder, first(line))),
        Rule::families_line => Part::Fit(fit(builder, first(line))),
        Rule::plot_line => Part::Plot(plot(builder, first(line))),
        Rule::rate_line => Part::Text(builder.spanned(&first(line))),
        Rule::targets_line => Part::Targets(parts(line).map(|one| target(builder, one)).collect()),
        _ => {
            let mut points = Vec::new();
            parts(line).for_each(|one| place(builder, one, &mut points));
            Part::Points(points)
        }
    }
}

/// All that a line holds but its end.
fn parts(line: Pair<'_, Rule>) -> impl Iterator<Item = Pair<'_, Rule>> {
    line.into_inner().filter(|part| part.as_rule() != Rule::EOI)
}

/// `a from 8 rate 0.003 until |da| < 0.001`
fn descent(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> DescentRequest {
    let (mut starts, mut of, mut clauses, mut values) = (Vec::new(), None, Vec::new(), Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::DescendFrom => {
                let mut inner = part.into_inner();
                let name = inner.next().map(|name| builder.name(&name)).expect("a descent names what descends");
                starts.push(DescendFrom { name, start: inner.next().map(|start| expression(builder, start)) });
            }
            Rule::Name => starts.push(DescendFrom { name: builder.name(&part), start: None }),
            Rule::DescendStart => values.push(expression(builder, part)),
            Rule::DeriveOf => of = Some(builder.name(&first(part))),
            _ => {
                let span = builder.span(&part);
                clauses.push(Spanned { value: clause(builder, part), span });
            }
        }
    }
    // One value stands for all that have none; several are one each, in order.
    match values.len() {
        0 | 1 => {
            if let Some(last) = starts.last_mut().filter(|last| last.start.is_none()) {
                last.start = values.pop();
            }
        }
        _ => {
            // A value too many is a second one of the last name, which is told.
            let last = starts.last().map(|last| last.name.clone());
            let more = values.len().saturating_sub(starts.len());
            starts.extend(last.into_iter().cycle().take(more).map(|name| DescendFrom { name, start: None }));
            starts.iter_mut().zip(values).for_each(|(start, value)| start.start = Some(value));
        }
    }
    DescentRequest { starts, of, clauses }
}

/// `linear, polynomial degree 2 to 9 hold out rows 8 to 10`
fn fit(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> FitRequest {
    let (mut by, mut held_out) = (Vec::new(), Vec::new());
    for part in pair.into_inner() {
        let span = builder.span(&part);
        match part.as_rule() {
            Rule::FamilyWord => by.push(Spanned { value: FamilyName::Word(part.as_str().to_string()), span }),
            Rule::Polynomial => {
                let (from, to) = rows(builder, part);
                by.push(Spanned { value: FamilyName::Polynomial { from, to }, span });
            }
            _ => held_out.extend(part.into_inner().map(|part| rows(builder, part))),
        }
    }
    FitRequest { by, held_out }
}

/// `8`, `8 to 10`
fn rows(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> (Spanned<String>, Option<Spanned<String>>) {
    let mut ends = pair.into_inner().map(|end| builder.spanned(&end));
    (ends.next().expect("a range has a beginning"), ends.next())
}

fn clause(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> DescendClause {
    let rule = pair.as_rule();
    let (mut names, mut words) = (Vec::new(), Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::Name => names.push(builder.name(&part)),
            _ => words.push(builder.spanned(&part)),
        }
    }
    let mut words = words.into_iter();
    let mut word = || words.next().expect("the grammar asks for a word");
    match rule {
        Rule::Until => DescendClause::Until { names, below: word() },
        Rule::StepCount => DescendClause::Steps(word()),
        Rule::Method => DescendClause::Method { name: word(), numbers: words.collect() },
        Rule::Decay => DescendClause::Decay(word()),
        Rule::Batch => DescendClause::Batch(word()),
        Rule::Shuffled => DescendClause::Shuffled(word()),
        Rule::Stochastic => DescendClause::Stochastic,
        _ => DescendClause::Rates(words.collect()),
    }
}

/// `dW1[i, j]`
pub fn target(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> DeriveTarget {
    let mut inner = pair.into_inner();
    let name = inner.next().map(|name| builder.name(&name)).expect("a target begins with its name");
    DeriveTarget { name, entry: inner.next().map(|entry| entry_index(builder, entry)).unwrap_or_default() }
}

/// `[i, j]`
pub fn entry_index(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Vec<Spanned<String>> {
    pair.into_inner().map(|index| builder.word(&index)).collect()
}

/// `a = 8`, `a = 8 and b = 2`, or the next value of the same name.
fn place(builder: &Builder<'_>, part: Pair<'_, Rule>, points: &mut Vec<Vec<Binding>>) {
    if part.as_rule() == Rule::Tuples {
        return tuples(builder, part, points);
    }
    if part.as_rule() != Rule::Again {
        points.push(part.into_inner().map(|one| binding(builder, one)).collect());
        return;
    }
    let name = points.last().and_then(|point| point.first()).map(|last| last.name.clone());
    let value = expression(builder, first(part));
    points.extend(name.map(|name| vec![Binding { name, value }]));
}

/// `(x1, x2) = (0, 0), (0, 1)`
fn tuples(builder: &Builder<'_>, part: Pair<'_, Rule>, points: &mut Vec<Vec<Binding>>) {
    let mut names = Vec::new();
    for one in part.into_inner() {
        if one.as_rule() == Rule::Name {
            names.push(builder.name(&one));
            continue;
        }
        let span = builder.span(&one);
        let values: Vec<_> = one.into_inner().map(|value| expression(builder, value)).collect();
        if values.len() != names.len() {
            let message = format!("{} values for {} names", values.len(), names.len());
            builder.fault(Diagnostic::error("E-task", message).at(span, "not as many"));
        }
        points.push(names.iter().cloned().zip(values).map(|(name, value)| Binding { name, value }).collect());
    }
}

/// `a = 8`
pub fn binding(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Binding {
    let (name, value) = two(&mut pair.into_inner());
    Binding { name: builder.name(&name), value: expression(builder, value) }
}
