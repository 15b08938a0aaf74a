//! Brackets, and the indicators and vectors of ones before them.

use super::parser::{Parsed, Parser};
use super::token::{Kind, Token};
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, Name, Sign};
use crate::syntax::matrix::{Row, assembled};

impl Parser<'_> {
    /// What stands in a bracket that is open already: an expression, an indicator, a row of entries.
    pub(super) fn bracket(&mut self, open: char) -> Parsed<ExprId> {
        let start = self.span_before();
        let mut rows = vec![vec![self.comparison()?]];
        loop {
            match self.peek() {
                Some(Kind::Comma) => {
                    self.at += 1;
                    let entry = self.comparison()?;
                    rows.last_mut().expect("there is a row").push(entry);
                }
                Some(Kind::Semicolon) => {
                    self.at += 1;
                    let entry = self.comparison()?;
                    rows.push(vec![entry]);
                }
                _ => break,
            }
        }
        self.closed(open)?;
        let single = rows.len() == 1 && rows[0].len() == 1;
        // `\langle x, v \rangle`
        if let ('<', [pair]) = (open, rows.as_slice())
            && pair.len() == 2
        {
            let product = self.binary(BinaryOp::Mul, pair[0], pair[1])?;
            self.nodes[product.0 as usize].written.sign = Sign::Dot;
            return Ok(self.bracketed(product));
        }
        if single {
            return Ok(self.bracketed(rows[0][0]));
        }
        if open != '[' {
            self.note(start, "entries in brackets are read as a row");
        }
        let span = start.to(self.span_before());
        let listed = rows.len() == 1 && open != '{';
        let rows = rows.into_iter().map(|entries| Row { entries, span }).collect();
        let id = assembled(self, rows, span)?;
        if listed {
            self.nodes[id.0 as usize].written.sign = Sign::Comma;
        }
        Ok(self.bracketed(id))
    }

    /// Passes over what closes a bracket.
    pub(super) fn closed(&mut self, open: char) -> Parsed<()> {
        let close = match open {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            _ => '>',
        };
        self.expect(&Kind::Close(close), &format!("`{close}`"))
    }

    /// What stands in brackets keeps them.
    pub(super) fn bracketed(&mut self, id: ExprId) -> ExprId {
        self.nodes[id.0 as usize].written.bracketed = true;
        id
    }

    /// `1[Z > 0]`, `1_{Z > 0}`, or a number.
    pub(super) fn number_or_indicator(&mut self, text: &str, span: Span) -> Parsed<ExprId> {
        let bracket = matches!(self.peek(), Some(Kind::Open('[' | '{')) | Some(Kind::Subscript));
        if text == "1" && bracket && !self.tokens[self.at].spaced {
            return self.condition(span);
        }
        Ok(self.number(text, span))
    }

    pub(super) fn ones_or_indicator(&mut self, span: Span) -> Parsed<ExprId> {
        match self.peek() {
            Some(Kind::Open(_)) => self.condition(span),
            Some(Kind::Subscript) => self.condition(span),
            _ => Ok(self.call("ones", Vec::new(), span)),
        }
    }

    /// What stands after the 1 of an indicator, or the length of a vector of ones (`\mathbf{1}_N`).
    pub(super) fn condition(&mut self, sign: Span) -> Parsed<ExprId> {
        let start = self.at;
        let below = self.eat(&Kind::Subscript);
        let grouped = below && self.eat(&Kind::GroupOpen);
        let brackets = self.opened();
        if grouped && let Some(sides) = self.sides() {
            let span = sign.to(self.span_before());
            return Ok(self.call("ones", sides, span));
        }
        let condition = match grouped || !brackets.is_empty() {
            true => self.relations()?,
            false => self.single()?,
        };
        for open in brackets.iter().rev() {
            self.closed(*open)?;
        }
        if grouped {
            self.expect(&Kind::GroupClose, "`}`")?;
        }
        if self.is_condition(condition) {
            return Ok(condition);
        }
        let span = sign.to(self.span_before());
        if below && brackets.is_empty() {
            let one = self.number("1", span);
            return Ok(self.call("ones", vec![condition, one], span));
        }
        self.at = start;
        self.fault(self.span(), "this is no condition", "an indicator holds a relation: `\\mathbb{1}[Z > 0]`")
    }

    /// `N \times 1` in braces that are open already, with the brace that closes them.
    fn sides(&mut self) -> Option<Vec<ExprId>> {
        let (first, second) = (self.tokens.get(self.at)?, self.tokens.get(self.at + 2)?);
        let times = self.peek_at(1) == Some(&Kind::Operator(BinaryOp::Mul));
        if !times || self.peek_at(3) != Some(&Kind::GroupClose) {
            return None;
        }
        let side = |token: &Token| match &token.kind {
            Kind::Number(text) => Some(ExprKind::Number(text.clone())),
            Kind::Letter(text) | Kind::Word(text) => {
                Some(ExprKind::Name(Name { text: text.clone(), index: None, span: token.span }))
            }
            _ => None,
        };
        let (rows, columns) = (side(first)?, side(second)?);
        let sides = vec![self.push(rows, first.span), self.push(columns, second.span)];
        self.at += 4;
        Some(sides)
    }

    pub(super) fn opened(&mut self) -> Vec<char> {
        let mut brackets = Vec::new();
        while let Some(Kind::Open(open)) = self.peek()
            && brackets.is_empty()
        {
            self.at += 1;
            brackets.push(*open);
        }
        brackets
    }

    pub(super) fn is_condition(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Indicator { .. } => true,
            ExprKind::Binary { op: BinaryOp::ElementwiseMul, left, right } => {
                matches!(self.kind(*right), ExprKind::Indicator { .. })
                    && matches!(self.kind(*left), ExprKind::Indicator { .. } | ExprKind::Binary { .. })
            }
            _ => false,
        }
    }
}
