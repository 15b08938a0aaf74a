//! What an answer is given to, without what says where a derivative is taken.

use super::token::{Kind, Token};

use crate::syntax::vocabulary::Vocabulary;

/// `f_x` of a loss `f` is `\\partial x`, where that is asked for.
pub fn partial(head: &[Token], vocabulary: &Vocabulary) -> Option<Vec<Token>> {
    let [of, sign, below @ ..] = head else { return None };
    let (Kind::Letter(of), Kind::Subscript) = (&of.kind, &sign.kind) else { return None };
    let wrt = below.iter().find_map(|token| match &token.kind {
        Kind::Letter(name) => Some(name),
        _ => None,
    })?;
    let alone = below.len() == 1 || below.len() == 3 && below[0].kind == Kind::GroupOpen;
    let asked = vocabulary.loss(of).is_some() && vocabulary.is_asked(&format!("d{wrt}"));
    let known = vocabulary.is_value(&format!("{of}{wrt}"));
    (alone && asked && !known).then(|| {
        let sign = Token { kind: Kind::Partial, ..head[1].clone() };
        [sign].into_iter().chain(below.iter().cloned()).collect()
    })
}

/// A head in plain form: `\left.\frac{…}{…}\right|_t`, `(\nabla_w L)` and `\delta_{W^{(1)}}` as the derivatives that they are.
pub fn plain(head: &[Token]) -> Vec<Token> {
    let mut tokens = within(without_place(head)).to_vec();
    error_signals(&mut tokens);
    tokens
}

/// `\right|_{t}`: where it is taken, unless a point is named.
fn without_place(head: &[Token]) -> &[Token] {
    let invisible = |token: &&Token| token.kind == Kind::Close('.');
    let numbering = |token: &&Token| token.kind == Kind::Other("\\#".to_owned());
    let skipped = head.first().as_ref().is_some_and(|first| invisible(first) || numbering(first));
    let head = if skipped { &head[1..] } else { head };
    let Some(bar) = head.iter().rposition(|token| token.kind == Kind::Bar) else { return head };
    let below = head.get(bar + 1).is_some_and(|token| token.kind == Kind::Subscript);
    let bound = head[bar..].iter().any(|token| token.kind == Kind::Equals);
    if below && !bound && bar > 0 { &head[..bar] } else { head }
}

/// What stands in one pair of brackets.
fn within(head: &[Token]) -> &[Token] {
    let [open, inside @ .., close] = head else { return head };
    if !matches!(open.kind, Kind::Open('(' | '[')) || !matches!(close.kind, Kind::Close(')' | ']')) {
        return head;
    }
    let mut depth = 0i32;
    for token in inside {
        match token.kind {
            Kind::Open(_) => depth += 1,
            Kind::Close(_) => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return head;
        }
    }
    let derived = inside.iter().any(|token| matches!(token.kind, Kind::Partial | Kind::Nabla | Kind::Fraction));
    if derived { inside } else { head }
}

/// `\delta_{W^{(1)}}` is `\partial W^{(1)}`.
fn error_signals(tokens: &mut Vec<Token>) {
    let is_delta = matches!(&tokens.first().map(|token| &token.kind), Some(Kind::Letter(letter)) if letter == "delta");
    let below = tokens.get(1).is_some_and(|token| token.kind == Kind::Subscript);
    let group = tokens.get(2).is_some_and(|token| token.kind == Kind::GroupOpen)
        && tokens.last().is_some_and(|token| token.kind == Kind::GroupClose);
    if is_delta && below && group && tokens[3..].iter().any(|token| token.kind == Kind::Superscript) {
        tokens.pop();
        tokens.drain(1..3);
        tokens[0].kind = Kind::Partial;
    }
}
