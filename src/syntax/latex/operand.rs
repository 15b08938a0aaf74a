//! One factor of a product, by the sign that it begins with.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::syntax::ast::{BinaryOp, ExprId};

impl Parser<'_> {
    /// Whether a factor may begin here without a sign before it.
    pub(super) fn begins_factor(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Word(word) => word.trim() != "and",
            Kind::Number(_)
            | Kind::Letter(_)
            | Kind::Ones
            | Kind::Open(_)
            | Kind::GroupOpen
            | Kind::Begin(_)
            | Kind::Fold(_)
            | Kind::Fraction
            | Kind::Derivative
            | Kind::Root
            | Kind::Partial
            | Kind::Nabla
            | Kind::Function(_)
            | Kind::Accent(_)
            | Kind::Brace => true,
            // A bar closes where a factor could also begin.
            Kind::Bar | Kind::DoubleBar => self.open_bars == 0,
            Kind::Close(_)
            | Kind::GroupClose
            | Kind::Superscript
            | Kind::Subscript
            | Kind::Prime
            | Kind::Top
            | Kind::Column
            | Kind::RowEnd
            | Kind::Comma
            | Kind::Semicolon
            | Kind::Gap
            | Kind::Gets
            | Kind::Proportional
            | Kind::Colon
            | Kind::Call(_)
            | Kind::Parameter(_)
            | Kind::Arrow
            | Kind::Operator(_)
            | Kind::Elementwise(_)
            | Kind::Relation(_)
            | Kind::Equals
            | Kind::In
            | Kind::End(_)
            | Kind::Other(_) => false,
        }
    }

    /// The next factor; a run of letters may be several.
    pub(super) fn factors(&mut self) -> Parsed<Vec<ExprId>> {
        match self.peek() {
            Some(Kind::Letter(_) | Kind::Word(_) | Kind::Accent(_)) => self.symbols(),
            Some(Kind::GroupOpen) if self.simple_group() => self.symbols(),
            _ => {
                let operand = self.signless()?;
                Ok(vec![self.scripted(operand)?])
            }
        }
    }

    /// The only factor that stands here; `several` says what is wrong with more.
    pub(super) fn factor(&mut self, several: &str) -> Parsed<ExprId> {
        let place = self.span();
        match self.factors()?.as_slice() {
            [only] => Ok(*only),
            _ => self.fault(place, several, ""),
        }
    }

    fn signless(&mut self) -> Parsed<ExprId> {
        let span = self.span();
        let Some(kind) = self.peek() else { return Err(self.expected("an expression")) };
        self.at += 1;
        match kind {
            Kind::Number(text) => self.number_or_indicator(text, span),
            Kind::Ones => self.ones_or_indicator(span),
            Kind::Open('{') if matches!(self.peek(), Some(Kind::Begin(_))) => {
                let inside = self.comparison()?;
                if !self.eat(&Kind::Close('.')) {
                    self.expect(&Kind::Close('}'), "`\\right.`")?;
                }
                Ok(inside)
            }
            Kind::Open(open) => self.bracket(*open),
            Kind::GroupOpen => {
                let mut inside = self.comparison()?;
                // `{a \over b}`
                if self.eat(&Kind::Other("\\over".to_owned())) {
                    let below = self.sum()?;
                    let (above, below) = (self.bracketed(inside), self.bracketed(below));
                    inside = self.binary(BinaryOp::Div, above, below)?;
                }
                self.expect(&Kind::GroupClose, "`}`")?;
                Ok(self.bracketed(inside))
            }
            Kind::Begin(name) => self.environment(name, span),
            Kind::Fold(fold) => self.summation(*fold, span),
            Kind::Fraction => self.fraction(span),
            Kind::Derivative => self.short_derivative(span),
            Kind::Root => self.root(span),
            Kind::Partial => self.partial(span),
            Kind::Nabla => self.nabla(span),
            Kind::Function(name) => self.function(name, span),
            Kind::Bar => self.absolute(span),
            Kind::DoubleBar => self.norm(span),
            Kind::Brace => self.braced(),
            _ => {
                self.at -= 1;
                Err(match &self.tokens[self.at].kind {
                    Kind::Other(_) => super::parser::unexpected(&self.tokens[self.at]),
                    _ => self.expected("an expression"),
                })
            }
        }
    }
}
