//! Plain answer sheets, and single expressions.

pub use super::answer::Entry as PlainEntry;
use super::answer::{entry, meant_target, shortened, values};
use super::ast::{Answer, AnswerTarget, Expr, TargetKind, UnreadableAnswer};
use super::build::{Builder, Spellings};
use super::characters::{judge, judge_answer};
use super::expression::{expression, first};
use super::grammar::{Rule, parse};
use super::lines::{Content, Line, lines};
use super::spec::too_large;
use super::{Reading, fault};
use crate::diagnostic::Diagnostic;
use crate::limits::SUBMISSION_BYTES;
use crate::span::Span;
use pest::iterators::Pair;

/// One expression that takes up the whole text.
pub fn read_expression(text: &str) -> Result<Reading<Expr>, Vec<Diagnostic>> {
    if text.len() > SUBMISSION_BYTES {
        return Err(vec![too_large(SUBMISSION_BYTES)]);
    }
    let mut lines = lines(text, judge).into_iter();
    let Some(line) = lines.next() else {
        return Err(vec![
            Diagnostic::error("E-empty", "no expression found").at(Span::new(0, text.len()), "nothing here"),
        ]);
    };
    let mut spellings = Spellings::default();
    let code = &text[line.span.start..line.span.end];
    let value = read(code, &line, Rule::expression_line, &mut spellings, expression)?;
    match lines.next() {
        None => Ok(Reading { value, notes: spellings.notes() }),
        Some(next) => Err(vec![
            Diagnostic::error("E-syntax", "the expression has ended on the line before").at(next.span, "here"),
        ]),
    }
}

/// One line of plain answers, with the place at which it stands.
pub fn plain_line(code: &str, line: &Line, spellings: &mut Spellings) -> Result<PlainEntry, Box<UnreadableAnswer>> {
    read(code, line, Rule::answer_line, spellings, |builder, pair| entry(builder, pair, code)).map_err(|diagnostics| {
        let target = meant_target(code, line.span.start);
        Box::new(UnreadableAnswer { target, diagnostics, source: shortened(code), span: line.span })
    })
}

/// A value for a target that is known already. A text with a target of its own (`dW2 = …`) is read as a chain.
pub fn plain_value(text: &str, target: AnswerTarget, spellings: &mut Spellings) -> Result<Answer, Vec<Diagnostic>> {
    let span = Span::new(0, text.len());
    let lines = lines(text, judge_answer);
    let [line] = lines.as_slice() else {
        let message = if lines.is_empty() { "there is no answer here" } else { "the answer takes more than one line" };
        return Err(vec![Diagnostic::error("E-syntax", message).at(span, "here")]);
    };
    let rule = if target.kind == TargetKind::Shape { Rule::shape_value_line } else { Rule::value_line };
    let code = &text[line.span.start..line.span.end];
    let mut values = read(code, line, rule, spellings, values)?;
    let value = values.pop().expect("the grammar asks for a value");
    Ok(Answer { target, earlier: values, value, source: shortened(code), span: line.span })
}

/// Reads one line with a rule, and builds from the rule's one pair.
fn read<T>(
    code: &str,
    line: &Line,
    rule: Rule,
    spellings: &mut Spellings,
    build: impl FnOnce(&Builder<'_>, Pair<'_, Rule>) -> T,
) -> Result<T, Vec<Diagnostic>> {
    if let Some(fault) = line.fault.clone() {
        return Err(vec![fault]);
    }
    if let Content::Wording(_) = line.content {
        return Err(vec![Diagnostic::error("E-syntax", "a wording can't stand here").at(line.span, "here")]);
    }
    let pair = parse(rule, code).map_err(|error| vec![fault::fault(rule, code, line.span.start, &error)])?;
    let builder = Builder {
        python: is_python(code),
        answers: rule != Rule::expression_line,
        ..Builder::new(line.span.start, &[])
    };
    let value = build(&builder, first(pair));
    let faults = builder.faults.into_inner();
    if !faults.is_empty() {
        return Err(faults);
    }
    spellings.merge(builder.spellings.into_inner());
    Ok(value)
}

/// Whether an answer is written as Python writes matrices: with `@`, or a library's functions.
pub fn is_python(code: &str) -> bool {
    let code = code.split('#').next().unwrap_or("");
    let signs = ["@", "np.", "numpy.", "torch.", ".dot(", ".matmul(", "keepdims", "axis="];
    signs.iter().any(|sign| code.contains(sign))
}
