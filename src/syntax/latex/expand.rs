//! What is done to tokens before they are read: the student's own commands are put in place, and what is no mathematics
//! is left out.

use super::commands::{is_frame, takes_argument};
use super::token::{Kind, Macros, Token, USUAL};
use crate::limits::LATEX_TOKENS;

/// The tokens with the bodies of the student's own commands for their calls; `None` where that gets too long.
pub fn expanded(tokens: Vec<Token>, macros: &Macros) -> Option<Vec<Token>> {
    let calls = tokens.iter().filter(|token| matches!(token.kind, Kind::Call(_))).count();
    if calls == 0 {
        return Some(tokens);
    }
    let mut room = LATEX_TOKENS;
    let mut done = Vec::with_capacity(tokens.len());
    let mut ahead = tokens;
    ahead.reverse();
    while let Some(token) = ahead.pop() {
        let found = match &token.kind {
            Kind::Call(name) => macros.get(name).or_else(|| USUAL.get(name)),
            _ => None,
        };
        let Some(found) = found else {
            done.push(token);
            continue;
        };
        let arguments: Vec<Vec<Token>> = (0..found.arguments).map(|_| argument(&mut ahead)).collect();
        // All of it stands where the call does.
        let last = arguments.iter().flatten().last().map_or(token.span, |last| last.span);
        let span = token.span.to(last);
        let mut body = Vec::new();
        for part in &found.body {
            match part.kind {
                Kind::Parameter(place) => body.extend(arguments.get(place - 1).into_iter().flatten().cloned()),
                _ => body.push(part.clone()),
            }
        }
        room = room.checked_sub(body.len())?;
        ahead.extend(body.into_iter().rev().map(|part| Token { span, ..part }));
    }
    Some(done)
}

/// What stands in the next braces, or the next token.
fn argument(ahead: &mut Vec<Token>) -> Vec<Token> {
    let mut inside = Vec::new();
    let mut open = 0;
    while let Some(token) = ahead.pop() {
        match token.kind {
            Kind::GroupOpen if open == 0 => open = 1,
            Kind::GroupClose if open <= 1 => break,
            Kind::GroupOpen => {
                open += 1;
                inside.push(token);
            }
            Kind::GroupClose => {
                open -= 1;
                inside.push(token);
            }
            _ => inside.push(token),
        }
        if open == 0 {
            break;
        }
    }
    inside
}

/// Leaves out `\label{…}` and its like, and the frame of `\boxed{dW = …}`.
pub fn without_arguments(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    // For each open brace: its place, if it is a frame's, and whether a sign of equality stands in it.
    let mut open: Vec<(Option<usize>, bool)> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match &token.kind {
            Kind::Other(command) if takes_argument(command) => skip_group(&mut tokens),
            Kind::Other(command) if is_stacked(command) => {
                skip_group(&mut tokens);
                unwrapped(&mut tokens, &mut kept);
            }
            Kind::Other(command) if is_frame(command) => {
                if let Some(brace) = tokens.next_if(|token| token.kind == Kind::GroupOpen) {
                    open.push((Some(kept.len()), false));
                    kept.push(brace);
                }
            }
            // `{\color{red} dW = …}`
            Kind::GroupOpen => {
                let begins = kept.last().is_none_or(|last| matches!(last.kind, Kind::RowEnd | Kind::Gap | Kind::Arrow));
                open.push((begins.then_some(kept.len()), false));
                kept.push(token);
            }
            // `\mathop{}`
            Kind::GroupClose if kept.last().is_some_and(|last| last.kind == Kind::GroupOpen) => {
                open.pop();
                kept.pop();
            }
            Kind::GroupClose => {
                let frame = open.pop().and_then(|(place, equality)| place.filter(|_| equality));
                let kind = if let Some(place) = frame {
                    std::mem::replace(&mut kept[place].kind, Kind::Gap)
                } else {
                    Kind::GroupClose
                };
                let kind = if kind == Kind::GroupOpen { Kind::Gap } else { kind };
                kept.push(Token { kind, ..token });
            }
            Kind::Equals | Kind::Gets => {
                if let Some((_, equality)) = open.last_mut() {
                    *equality = true;
                }
                kept.push(token);
            }
            _ => kept.push(token),
        }
    }
    kept
}

/// `\overset{!}{=}` is `=`.
fn is_stacked(command: &str) -> bool {
    matches!(command, "\\overset" | "\\underset" | "\\stackrel")
}

/// What stands in the next braces, without them.
fn unwrapped(tokens: &mut std::iter::Peekable<std::vec::IntoIter<Token>>, kept: &mut Vec<Token>) {
    if tokens.next_if(|token| token.kind == Kind::GroupOpen).is_none() {
        return;
    }
    let mut open = 1;
    for token in tokens.by_ref() {
        open += i32::from(token.kind == Kind::GroupOpen) - i32::from(token.kind == Kind::GroupClose);
        if open == 0 {
            return;
        }
        kept.push(token);
    }
}

fn skip_group(tokens: &mut std::iter::Peekable<std::vec::IntoIter<Token>>) {
    let mut open = i32::from(tokens.next_if(|token| token.kind == Kind::GroupOpen).is_some());
    while open > 0
        && let Some(token) = tokens.next()
    {
        open += i32::from(token.kind == Kind::GroupOpen) - i32::from(token.kind == Kind::GroupClose);
    }
}
