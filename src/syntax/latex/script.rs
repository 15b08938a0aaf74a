//! Powers, transposes and indices after a factor.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, Sign};
use crate::syntax::construct::Construct;

impl Parser<'_> {
    /// Powers, transposes and indices after a factor.
    pub(super) fn scripted(&mut self, mut base: ExprId) -> Parsed<ExprId> {
        let mut posts = 0;
        loop {
            base = match self.peek() {
                Some(Kind::Superscript | Kind::Subscript)
                    if self.peek_at(1) == Some(&Kind::Operator(BinaryOp::Add)) =>
                {
                    self.at += 2;
                    self.of_operator("relu", base, self.span_of(base).to(self.span_before()))?
                }
                Some(Kind::Superscript) => {
                    self.at += 1;
                    self.superscript(base)?
                }
                Some(Kind::Prime) => {
                    self.note(self.span(), "`'` is read as the transpose");
                    self.at += 1;
                    self.transposed(base)?
                }
                Some(Kind::Subscript) => {
                    self.at += 1;
                    self.entry(base)?
                }
                _ => return Ok(base),
            };
            posts += 1;
            if posts > crate::limits::NESTING {
                return self.fault(self.span(), "too many powers and transposes on one factor", "");
            }
        }
    }

    pub(super) fn transposed(&mut self, base: ExprId) -> Parsed<ExprId> {
        self.count()?;
        let span = self.span_of(base).to(self.span_before());
        // `1^\top A`: nobody transposes a number.
        let ones = matches!(self.kind(base), ExprKind::Number(text) if text == "1");
        let base = if ones { self.call("ones", Vec::new(), span) } else { base };
        Ok(self.push(ExprKind::Transpose(base), span))
    }

    pub(super) fn power(&mut self, base: ExprId, exponent: ExprId) -> Parsed<ExprId> {
        let power = self.binary(BinaryOp::Pow, base, exponent)?;
        self.nodes[power.0 as usize].written.sign = Sign::Raised;
        Ok(power)
    }

    /// What stands after `^`.
    pub(super) fn superscript(&mut self, base: ExprId) -> Parsed<ExprId> {
        if self.eat_transpose_sign() {
            return self.transposed(base);
        }
        if self.peek() != Some(&Kind::GroupOpen) {
            let exponent = self.single()?;
            return self.power(base, exponent);
        }
        self.at += 1;
        let start = self.at;
        let negative = self.eat(&Kind::Operator(BinaryOp::Sub));
        if self.eat_transpose_sign() && self.eat(&Kind::GroupClose) {
            if !negative {
                return self.transposed(base);
            }
            let span = self.span_before();
            let one = self.number("1", span);
            let minus_one = self.push(ExprKind::Negate(one), span);
            let inverse = self.power(base, minus_one)?;
            return self.transposed(inverse);
        }
        self.at = start;
        // `A^{\odot 2}`
        if matches!(self.peek(), Some(Kind::Elementwise(_) | Kind::Operator(BinaryOp::ElementwiseMul))) {
            self.at += 1;
        }
        let exponent = self.sum()?;
        self.expect(&Kind::GroupClose, "`}`")?;
        self.power(base, exponent)
    }

    /// `T`, `\top`, `\prime`, `t`, `tr` as an exponent.
    pub(super) fn eat_transpose_sign(&mut self) -> bool {
        let found = match self.peek() {
            Some(Kind::Top | Kind::Prime) => true,
            Some(Kind::Letter(letter)) => letter == "T" || letter == "t" && !self.is_value("t"),
            Some(Kind::Word(word)) => matches!(word.as_str(), "T" | "tr" | "top" | "⊤"),
            Some(Kind::GroupOpen) => {
                // `^{{\mathsf T}}`: the font's own braces
                let sign =
                    matches!(self.peek_at(1), Some(Kind::Top)) || self.peek_at(1) == Some(&Kind::Letter("T".into()));
                let braced =
                    sign && self.peek_at(2) == Some(&Kind::GroupClose) && self.peek_at(3) == Some(&Kind::GroupClose);
                let alone = sign && self.peek_at(2) == Some(&Kind::GroupClose) && !braced;
                if braced || alone {
                    self.at += 3;
                }
                return braced || alone;
            }
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    /// An exponent or argument without braces: one mark.
    pub(super) fn single(&mut self) -> Parsed<ExprId> {
        let span = self.span();
        match self.peek() {
            Some(Kind::Number(text)) => {
                self.at += 1;
                if text.len() > 1 {
                    let help = "put it in braces: `^{12}`";
                    return self.fault(span, "only the first digit stands in the exponent", help);
                }
                Ok(self.number(text, span))
            }
            Some(Kind::Letter(letter)) => {
                self.at += 1;
                Ok(self.name(letter.clone(), span))
            }
            _ => Err(self.expected("an exponent")),
        }
    }

    /// What stands between braces, or one mark.
    pub(super) fn argument(&mut self) -> Parsed<ExprId> {
        if self.eat(&Kind::GroupOpen) {
            let inside = self.sum()?;
            self.expect(&Kind::GroupClose, "`}`")?;
            return Ok(inside);
        }
        self.single()
    }

    /// `(A)_{ij}`, after the `_`.
    pub(super) fn entry(&mut self, of: ExprId) -> Parsed<ExprId> {
        let Some(parts) = self.script_parts() else {
            return self.fault(self.span(), "this index can't be read", "an index is a letter or a number: `Z_{i,j}`");
        };
        self.indexed(of, &parts)
    }
}
