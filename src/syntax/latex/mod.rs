//! Answers in LaTeX. A pest grammar gives the marks (`grammar/latex.pest`), the rest is one pass over them with the
//! same expressions at its end as plain answers have.
//!
//! What LaTeX leaves open is read in stated ways, each with a note: `\circ` and `\otimes` as elementwise products,
//! `'` as a transpose after a value and as a derivative after a function. What could mean two things is refused.

mod commands;
mod grammar;
mod operand;
mod parser;
mod statement;
mod symbol;
mod target;
mod token;

pub use parser::Parsed;
pub use statement::{Statement, is_layout};
pub use target::updated;
pub use token::Macros;

use super::answer::shortened;
use super::ast::{Answer, AnswerTarget, AnswerValue, Expr, ExprId, ExprKind, ExprNode, TargetKind};
use super::vocabulary::Vocabulary;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use parser::Parser;
use statement::Sign;
use token::{Token, tokens};

/// The answers that a piece of mathematics holds; it begins at `base` of its file.
pub fn statements(text: &str, base: usize, macros: &Macros) -> Parsed<Vec<Statement>> {
    Ok(statement::statements(tokens(text, base, macros)?))
}

/// The body of a `\newcommand`.
pub fn macro_body(text: &str, base: usize, macros: &Macros) -> Parsed<Vec<token::Token>> {
    tokens(text, base, macros)
}

/// What an answer is given to.
pub fn target(statement: &Statement, vocabulary: &Vocabulary) -> Parsed<AnswerTarget> {
    written_target(statement, vocabulary).map(|target| target.target)
}

fn written_target(statement: &Statement, vocabulary: &Vocabulary) -> Parsed<target::Target> {
    let mut parser = Parser::new(&statement.head, vocabulary, statement.span);
    let mut found = parser.target()?;
    match statement.sign {
        Sign::Equals => {}
        Sign::Gets => found.target.kind = TargetKind::Update,
        Sign::In => found.target.kind = TargetKind::Shape,
    }
    Ok(found)
}

/// The answer of a statement; `source` is the text of its file.
pub fn answer(
    statement: &Statement,
    source: &str,
    vocabulary: &Vocabulary,
    notes: &mut Vec<Diagnostic>,
) -> Parsed<Answer> {
    let target::Target { target, transposed } = written_target(statement, vocabulary)?;
    let mut answer = chain(target, &statement.members, statement.span, source, vocabulary, notes)?;
    if transposed {
        answer.earlier = answer.earlier.into_iter().map(transpose).collect();
        answer.value = transpose(answer.value);
    }
    Ok(answer)
}

/// A value for a target that is known already: a cell of a table. A target before it is passed over.
pub fn value(text: &str, target: AnswerTarget, vocabulary: &Vocabulary, notes: &mut Vec<Diagnostic>) -> Parsed<Answer> {
    let tokens = tokens(text, 0, &Macros::default())?;
    let span = Span::new(0, text.len());
    let mut statements = statement::statements(tokens.clone());
    let members = match statements.len() {
        0 => vec![tokens],
        _ => statements.swap_remove(0).members,
    };
    chain(target, &members, span, text, vocabulary, notes)
}

fn chain(
    target: AnswerTarget,
    members: &[Vec<Token>],
    span: Span,
    source: &str,
    vocabulary: &Vocabulary,
    notes: &mut Vec<Diagnostic>,
) -> Parsed<Answer> {
    let source = shortened(source.get(span.start..span.end).unwrap_or(""));
    let mut values = Vec::new();
    let mut last = None;
    for (place, member) in members.iter().enumerate() {
        let mut parser = Parser::new(member, vocabulary, Span::new(span.end, span.end));
        let read = match target.kind {
            TargetKind::Shape => parser.shape().map(AnswerValue::Shape),
            _ => parser.whole().map(AnswerValue::Expression),
        };
        notes.append(&mut parser.notes);
        match read {
            Ok(value) => values.extend(last.replace(value)),
            Err(fault) if place + 1 == members.len() => return Err(fault),
            // What leads to the answer may be in any words; the last member is the answer.
            Err(fault) => notes.push(
                Diagnostic::note("N-chain", format!("a part of the chain is not read: {}", fault.message))
                    .at(fault.labels.first().map_or(span, |label| label.span), "here"),
            ),
        }
    }
    match last {
        Some(value) => Ok(Answer { target, earlier: values, value, source, span }),
        None => Err(Box::new(Diagnostic::error("E-latex", "there is no value").at(span, "here"))),
    }
}

fn transpose(value: AnswerValue) -> AnswerValue {
    match value {
        AnswerValue::Expression(Expr { mut nodes }) => {
            let root = ExprId(nodes.len() as u32 - 1);
            let span = nodes[root.0 as usize].span;
            nodes.push(ExprNode { kind: ExprKind::Transpose(root), span });
            AnswerValue::Expression(Expr { nodes })
        }
        AnswerValue::Shape(mut sides) => {
            sides.reverse();
            AnswerValue::Shape(sides)
        }
    }
}
