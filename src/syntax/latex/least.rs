//! Names of what makes a loss least: `w^*`, `w_{\min}`, `\arg\min_w L`.

use super::parser::Parser;
use super::token::{Kind, Token};
use crate::span::Span;
use crate::syntax::ast::{AnswerTarget, BinaryOp, Name};
use crate::syntax::vocabulary::Vocabulary;

/// What a star is in a name: `w^*` is `wstar`.
pub const STAR: &str = "star";

/// The target that a known name with such a sign is.
pub fn target(head: &[Token], vocabulary: &Vocabulary, end: Span) -> Option<AnswerTarget> {
    let name = starred(head).or_else(|| after_arg_min(head))?;
    let found = Parser::new(name, vocabulary, end).target().ok()?;
    let name = found.target.name.clone();
    let alone = found.target == AnswerTarget::plain(name.clone()) && !found.transposed;
    (alone && vocabulary.is_value(&name.key()))
        .then(|| AnswerTarget::plain(Name { text: name.text + STAR, index: None, span: name.span }))
}

/// The name before its star.
fn starred(head: &[Token]) -> Option<&[Token]> {
    let (name, script, mark) = match head {
        [name @ .., script, open, mark, close] if open.kind == Kind::GroupOpen && close.kind == Kind::GroupClose => {
            (name, script, mark)
        }
        [name @ .., script, mark] => (name, script, mark),
        _ => return None,
    };
    let scripted = matches!(script.kind, Kind::Superscript | Kind::Subscript);
    (scripted && is_mark(&mark.kind) && !name.is_empty()).then_some(name)
}

fn is_mark(kind: &Kind) -> bool {
    match kind {
        Kind::Operator(BinaryOp::Mul) | Kind::Function("min") => true,
        Kind::Other(sign) => sign == "\\star",
        _ => false,
    }
}

/// `w` of `\arg\min_w L`, `\operatorname{argmin}_{w} L`
fn after_arg_min(head: &[Token]) -> Option<&[Token]> {
    let below = match head {
        [arg, min, script, below @ ..]
            if arg.kind == Kind::Function("arg")
                && min.kind == Kind::Function("min")
                && script.kind == Kind::Subscript =>
        {
            below
        }
        [Token { kind: Kind::Word(word), .. }, script, below @ ..] if script.kind == Kind::Subscript => {
            let word: String = word.to_lowercase().split_whitespace().collect();
            (word == "argmin").then_some(below)?
        }
        _ => return None,
    };
    if below.first()?.kind != Kind::GroupOpen {
        return below.get(..1);
    }
    let mut depth = 0usize;
    let close = below.iter().position(|token| {
        match token.kind {
            Kind::GroupOpen => depth += 1,
            Kind::GroupClose => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    below.get(1..close)
}
