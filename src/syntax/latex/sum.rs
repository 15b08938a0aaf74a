//! Sums over indices.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::span::Span;
use crate::syntax::ast::{ExprId, ExprKind, Fold, Relation, Sign, Spanned};
use crate::syntax::construct::Construct;
use crate::syntax::precedence::{Level, read};

/// What stands below a sum: its indices, each with where it begins, and what they are not.
#[derive(Default)]
pub(super) struct SumOver {
    pub indices: Vec<(Spanned<String>, Option<ExprId>)>,
    apart: Vec<(Spanned<String>, Spanned<String>)>,
}

impl Parser<'_> {
    /// `\sum_{i=1}^{N} …`, `\prod_i …`, after its sign.
    pub(super) fn summation(&mut self, fold: Fold, start: Span) -> Parsed<ExprId> {
        let over = if fold == Fold::Sum { self.sum_over() } else { None };
        let below = over.is_none() && self.eat(&Kind::Subscript);
        let SumOver { indices, apart } = if below { self.sum_indices()? } else { SumOver::default() };
        let upper = if self.eat(&Kind::Superscript) { Some(self.argument()?) } else { None };
        let names = indices.iter().map(|(name, _)| name.value.clone());
        self.indices.extend(names);
        let body = self.deeper(|parser| read(parser, Level::Entrywise));
        self.indices.truncate(self.indices.len() - indices.len());
        let mut body = body?;
        let span = start.to(self.span_of(body));
        for (index, other) in apart {
            body = self.where_apart(fold, index, other, body)?;
        }
        if let Some(operator) = over {
            self.note(start, format!("a sum over rows or columns in words is read as `{operator}`"));
            return self.of_operator(operator, body, span);
        }
        let total = indices.is_empty() && fold == Fold::Sum;
        let folded = self.folded(fold, indices, upper, body, span)?;
        if total {
            self.note(start, "a sum without an index runs over all entries, or over the examples where that fits");
            self.nodes[folded.0 as usize].written.sign = Sign::Sigma;
        }
        Ok(folded)
    }

    /// `_{\text{rows}}`, which is passed over: what it sums by.
    fn sum_over(&mut self) -> Option<&'static str> {
        const WORDS: [(&str, &str); 8] = [
            ("rows", "colsum"),
            ("batch", "colsum"),
            ("examples", "colsum"),
            ("samples", "colsum"),
            ("data", "colsum"),
            ("columns", "rowsum"),
            ("cols", "rowsum"),
            ("features", "rowsum"),
        ];
        let close = self.matching(self.at + 1).filter(|_| self.peek() == Some(&Kind::Subscript))?;
        let mut text = String::new();
        for token in &self.tokens[self.at + 2..close.min(self.at + 12)] {
            match &token.kind {
                Kind::Letter(part) | Kind::Word(part) => text += part,
                _ => return None,
            }
        }
        let (_, operator) = WORDS.iter().find(|(word, _)| *word == text.trim().to_lowercase())?;
        self.at = close + 1;
        Some(operator)
    }

    /// What is folded, where the index is another: `k \neq o`. Where `u_o` has its own name it is none of the `u_k`.
    fn where_apart(
        &mut self,
        fold: Fold,
        index: Spanned<String>,
        other: Spanned<String>,
        body: ExprId,
    ) -> Parsed<ExprId> {
        let below = format!("_{}", index.value);
        let named = self.nodes.iter().any(|node| match &node.kind {
            ExprKind::Name(name) => name.text.strip_suffix(&below).is_some_and(|stem| {
                self.vocabulary.is_model_value(&crate::syntax::names::key(&format!("{stem}{}", other.value)))
            }),
            _ => false,
        });
        if named { Ok(body) } else { self.apart(fold, index, other, body) }
    }

    /// `\forall` before an index, with which it may stand in braces: `{\forall_{n}}`; whether one of these is to be
    /// closed.
    fn for_all(&mut self) -> bool {
        if self.peek() != Some(&Kind::Other("\\forall".to_owned())) {
            return false;
        }
        self.at += 1;
        self.eat(&Kind::Subscript);
        self.eat(&Kind::GroupOpen)
    }

    /// `i`, `{i,j}`, `{i=1}`, `{k \neq o}`: the names, where the first one begins, and what they are not.
    pub(super) fn sum_indices(&mut self) -> Parsed<SumOver> {
        let grouped = self.eat(&Kind::GroupOpen);
        let mut over = SumOver::default();
        loop {
            let all = self.for_all();
            let span = self.span();
            let Some(Kind::Letter(letter)) = self.peek() else { return Err(self.expected("the index of the sum")) };
            self.at += 1;
            if all {
                self.eat(&Kind::GroupClose);
            }
            let name = Spanned { value: letter.clone(), span };
            let from = if grouped && self.eat(&Kind::Equals) { Some(self.sum()?) } else { None };
            let is_apart = grouped && self.eat(&Kind::Relation(Relation::NotEqual));
            if is_apart {
                let span = self.span();
                let Some(Kind::Letter(other) | Kind::Number(other)) = self.peek() else {
                    return Err(self.expected("what the index is not"));
                };
                let other = Spanned { value: other.clone(), span };
                self.at += 1;
                over.apart.push((name.clone(), other));
            }
            if !(is_apart && over.indices.iter().any(|(known, _)| known.value == name.value)) {
                over.indices.push((name, from));
            }
            // `{n \in \text{batch}}` is every n.
            if grouped && self.peek() == Some(&Kind::In) {
                while self.peek().is_some_and(|kind| *kind != Kind::GroupClose) {
                    self.at += 1;
                }
            }
            if !grouped {
                return Ok(over);
            }
            let more = self.eat(&Kind::Comma) || matches!(self.peek(), Some(Kind::Letter(_)));
            if !more {
                self.expect(&Kind::GroupClose, "`}`")?;
                return Ok(over);
            }
        }
    }
}
