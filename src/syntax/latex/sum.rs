//! Sums over indices.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::span::Span;
use crate::syntax::ast::{ExprId, ExprKind, Spanned, SumIndex};
use crate::syntax::precedence::{Level, read};

impl Parser<'_> {
    /// `\sum_{i=1}^{N} …`, after its sign.
    pub(super) fn summation(&mut self, start: Span) -> Parsed<ExprId> {
        let over = self.sum_over();
        let indices = if over.is_none() && self.eat(&Kind::Subscript) { self.sum_indices()? } else { Vec::new() };
        let upper = if self.eat(&Kind::Superscript) { Some(self.argument()?) } else { None };
        let mut sum_indices = Vec::new();
        let alone = indices.len() == 1;
        for (name, mut from) in indices {
            // `\sum_i^N` begins with the first.
            if from.is_none() && alone && upper.is_some() {
                from = Some(self.push(ExprKind::Number("1".to_string()), start));
            }
            sum_indices.push(SumIndex { name, range: from.zip(upper) });
        }
        let ranged = sum_indices.iter().filter(|index| index.range.is_some()).count();
        if ranged > 1 || ranged == 0 && upper.is_some() && sum_indices.len() != 1 {
            return self.fault(start, "the bounds of this sum can't be read", "for example `\\sum_{i=1}^{N}`");
        }
        let names: Vec<String> = sum_indices.iter().map(|index| index.name.value.clone()).collect();
        let count = names.len();
        self.indices.extend(names);
        let body = self.deeper(|parser| read(parser, Level::Entrywise));
        self.indices.truncate(self.indices.len() - count);
        let body = body?;
        let span = start.to(self.span_of(body));
        self.count()?;
        if let Some(operator) = over {
            self.note(start, format!("a sum over rows or columns in words is read as `{operator}`"));
            return Ok(self.call(operator, vec![body], span));
        }
        if sum_indices.is_empty() {
            self.note(start, "a sum without an index is read as the sum of all entries");
            return Ok(self.call("sum", vec![body], span));
        }
        Ok(self.push(ExprKind::Sum { indices: sum_indices, body }, span))
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

    /// `i`, `{i,j}`, `{i=1}`: the names, and where the first one begins.
    pub(super) fn sum_indices(&mut self) -> Parsed<Vec<(Spanned<String>, Option<ExprId>)>> {
        let grouped = self.eat(&Kind::GroupOpen);
        let mut indices = Vec::new();
        loop {
            let span = self.span();
            let Some(Kind::Letter(letter)) = self.peek() else { return Err(self.expected("the index of the sum")) };
            self.at += 1;
            let name = Spanned { value: letter.clone(), span };
            let from = if grouped && self.eat(&Kind::Equals) { Some(self.sum()?) } else { None };
            indices.push((name, from));
            // `{n \in \text{batch}}` is every n.
            if grouped && self.peek() == Some(&Kind::In) {
                while self.peek().is_some_and(|kind| *kind != Kind::GroupClose) {
                    self.at += 1;
                }
            }
            if !grouped {
                return Ok(indices);
            }
            let more = self.eat(&Kind::Comma) || matches!(self.peek(), Some(Kind::Letter(_)));
            if !more {
                self.expect(&Kind::GroupClose, "`}`")?;
                return Ok(indices);
            }
        }
    }
}
