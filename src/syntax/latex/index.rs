//! What stands below a name.

use super::parser::{Parsed, Parser};
use super::symbol::PARTS;
use super::token::Kind;
use crate::syntax::ast::{BinaryOp, ExprId, Spanned};
use crate::syntax::construct::{ALL, Construct};

impl Parser<'_> {
    /// What stands below a name: `{ij}`, `{i,j}`, `2`, `{\text{gt}}`; it is passed over. `None`: nothing like it.
    pub(super) fn script_parts(&mut self) -> Option<Vec<Spanned<String>>> {
        let start = self.at;
        let end = match self.peek()? {
            Kind::GroupOpen => self.matching(self.at)?,
            _ => self.at,
        };
        if let Some(part) = self.shifted(start, end) {
            self.at = end + 1;
            return Some(vec![part]);
        }
        let mut parts = Vec::new();
        // `\delta_{\hat{y}}`
        let mut accent = "";
        for token in &self.tokens[start..=end] {
            let text = match &token.kind {
                Kind::Accent(name) => {
                    accent = name;
                    continue;
                }
                Kind::Letter(text) => text.clone() + std::mem::take(&mut accent),
                Kind::Number(text) => text.clone(),
                Kind::Word(text) => text.split_whitespace().collect(),
                Kind::Comma | Kind::GroupOpen | Kind::GroupClose | Kind::Subscript => continue,
                // `_{i,:}`, `_{i \cdot}`
                Kind::Colon | Kind::Operator(BinaryOp::Mul) => ALL.to_owned(),
                _ => return None,
            };
            parts.push(Spanned { value: text, span: token.span });
        }
        let fits = !parts.is_empty() && parts.len() <= PARTS;
        if fits {
            self.at = end + 1;
        }
        fits.then_some(parts)
    }

    /// `{t-1}` as one part.
    fn shifted(&self, start: usize, end: usize) -> Option<Spanned<String>> {
        let [open, letter, sign, number, close] = &self.tokens[start..=end] else { return None };
        let (Kind::GroupOpen, Kind::Letter(letter), Kind::Number(number), Kind::GroupClose) =
            (&open.kind, &letter.kind, &number.kind, &close.kind)
        else {
            return None;
        };
        if !self.indices.contains(letter) {
            return None;
        }
        let sign = match sign.kind {
            Kind::Operator(BinaryOp::Add) => '+',
            Kind::Operator(BinaryOp::Sub) => '-',
            _ => return None,
        };
        Some(Spanned { value: format!("{letter}{sign}{number}"), span: open.span.to(close.span) })
    }

    /// How many parts of the index here stand before its first comma.
    pub(super) fn comma_below(&self) -> Option<usize> {
        let close = self.matching(self.at)?.min(self.at + 2 * PARTS);
        let inside = &self.tokens[self.at..close];
        let comma = inside.iter().position(|token| token.kind == Kind::Comma)?;
        let part =
            |token: &&super::token::Token| matches!(token.kind, Kind::Letter(_) | Kind::Number(_) | Kind::Word(_));
        Some(inside[..comma].iter().filter(part).count())
    }

    /// `Z[i, :]`, `Z[1, 2]`, where an index of a sum, a colon or numbers behind a value with entries show that no factor
    /// follows.
    pub(super) fn bracketed_index(&mut self, list: bool) -> Option<Vec<Spanned<String>>> {
        if self.peek() != Some(&Kind::Open('[')) {
            return None;
        }
        let mut parts = Vec::new();
        let mut shows = self.heading;
        let mut numbers = list && !self.tokens[self.at].spaced;
        for (ahead, token) in self.tokens[self.at + 1..].iter().enumerate().take(2 * PARTS) {
            let text = match &token.kind {
                Kind::Colon => ALL.to_owned(),
                Kind::Letter(text) | Kind::Number(text) => text.clone(),
                Kind::Comma => continue,
                Kind::Close(']') if (shows || numbers) && !parts.is_empty() => {
                    self.at += ahead + 2;
                    return Some(parts);
                }
                _ => return None,
            };
            shows |= text == ALL || self.indices.contains(&text);
            numbers &= text.bytes().all(|byte| byte.is_ascii_digit());
            parts.push(Spanned { value: text, span: token.span });
        }
        None
    }

    /// `Z[i, j]`
    pub(super) fn indexed(&mut self, of: ExprId, parts: &[Spanned<String>]) -> Parsed<ExprId> {
        if let Some(part) = parts.iter().find(|part| !is_index(&part.value)) {
            return self.fault(part.span, format!("`{}` is no index", part.value), "");
        }
        let span = self.span_of(of).to(self.span_before());
        self.below(of, parts, span)
    }
}

/// A letter or a number.
pub(super) fn is_index(text: &str) -> bool {
    let letter = text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let letter = letter || text.split_once(['+', '-']).is_some_and(|(before, _)| before.len() == 1);
    letter || text == ALL || !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}
