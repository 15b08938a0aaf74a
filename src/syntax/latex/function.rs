//! Functions with their arguments, norms, roots, fractions.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, Name, NamedOption, OptionValue, Sign, Spanned};
use crate::syntax::option_words;
use crate::syntax::typed::BINARY;

impl Parser<'_> {
    /// `|x|`, after its first bar.
    pub(super) fn between_bars(&mut self, bar: &Kind, callee: &str, start: Span) -> Parsed<ExprId> {
        self.open_bars += 1;
        let inside = self.sum();
        self.open_bars -= 1;
        let inside = inside?;
        self.expect(bar, "a bar")?;
        let span = start.to(self.span_before());
        self.count()?;
        Ok(self.call(callee, vec![inside], span))
    }

    pub(super) fn norm(&mut self, start: Span) -> Parsed<ExprId> {
        let norm = self.between_bars(&Kind::DoubleBar, "norm", start)?;
        // `_F`, `_2`; the square may stand first
        let squared = self.peek() == Some(&Kind::Superscript) && self.peek_at(2) == Some(&Kind::Subscript);
        let at = self.at;
        if squared {
            self.at += 2;
        }
        if self.eat(&Kind::Subscript) {
            let parts = self.script_parts().unwrap_or_default();
            let Some(which) = parts.first().filter(|_| parts.len() == 1) else {
                return self.fault(
                    self.span_before(),
                    "this norm can't be read",
                    "the norm is `\\|A\\|_2` or `\\|A\\|_F`",
                );
            };
            match which.value.as_str() {
                "F" | "2" | "Fro" => {}
                "1" => return self.sum_of_absolutes(norm),
                _ => return self.fault(which.span, "this norm is not known", "known are `_1`, `_2` and `_F`"),
            }
        }
        if squared {
            let after = std::mem::replace(&mut self.at, at);
            let result = self.scripted_once(norm)?;
            self.at = after;
            return Ok(result);
        }
        Ok(norm)
    }

    pub(super) fn scripted_once(&mut self, base: ExprId) -> Parsed<ExprId> {
        self.at += 1;
        self.superscript(base)
    }

    pub(super) fn sum_of_absolutes(&mut self, norm: ExprId) -> Parsed<ExprId> {
        let span = self.span_of(norm);
        let ExprKind::Call { arguments, .. } = self.kind(norm).clone() else { return Ok(norm) };
        let absolutes = self.call("abs", arguments, span);
        Ok(self.call("sum", vec![absolutes], span))
    }

    /// `\tanh(Z)`, `\tanh Z`, `\log^2 x`
    pub(super) fn function(&mut self, name: &str, start: Span) -> Parsed<ExprId> {
        let Some(operator) = self.vocabulary.operator(name).map(str::to_owned) else {
            return self.fault(start, format!("there is no operator `{name}`"), "");
        };
        let primes = self.function_primes();
        let power = if self.eat(&Kind::Superscript) { Some(self.argument()?) } else { None };
        let minus = power.filter(|power| matches!(self.kind(*power), ExprKind::Negate(_)));
        if minus.is_some() {
            return self.fault(start, "the inverse of a function is no operator", "");
        }
        let value = self.applied(&operator, primes, start)?;
        match power {
            // The exponent was read first, and stands first in the arena.
            Some(power) => self.power(value, power),
            None => Ok(value),
        }
    }

    /// The primes after a function: `\tanh'`, `\tanh^\prime`.
    fn function_primes(&mut self) -> u32 {
        if self.peek() == Some(&Kind::Superscript) && self.peek_at(1) == Some(&Kind::Prime) {
            self.at += 1;
        }
        let mut primes = 0;
        while self.eat(&Kind::Prime) {
            primes += 1;
        }
        primes.min(8)
    }

    /// A function's value, at the place of its argument.
    pub(super) fn applied(&mut self, operator: &str, primes: u32, start: Span) -> Parsed<ExprId> {
        let mut options = Vec::new();
        let alone = !matches!(self.peek(), Some(Kind::Open(_)));
        let arguments = match self.peek() {
            Some(Kind::Open(open)) => {
                let open = *open;
                self.at += 1;
                self.arguments(operator, open, &mut options)?
            }
            _ => vec![self.lone_argument()?],
        };
        let span = start.to(self.span_before());
        self.count()?;
        if let (true, Some((_, op)), [left, right]) =
            (primes == 0, BINARY.iter().find(|(known, _)| *known == operator), arguments.as_slice())
        {
            return self.binary(*op, *left, *right);
        }
        if let (0, "transpose", [of]) = (primes, operator, arguments.as_slice()) {
            return self.transposed(*of);
        }
        if primes == 0 {
            let callee = Name { text: operator.to_owned(), index: None, span };
            let call = self.push(ExprKind::Call { callee, arguments, options }, span);
            self.nodes[call.0 as usize].written.sign = if alone { Sign::Space } else { Sign::Own };
            return Ok(call);
        }
        let [argument] = arguments.as_slice() else {
            return self.fault(span, "a derivative by a prime is of one argument", "");
        };
        let callee = Name { text: operator.to_owned(), index: None, span: start };
        Ok(self.push(ExprKind::Prime { callee, primes, argument: *argument }, span))
    }

    fn arguments(&mut self, operator: &str, open: char, options: &mut Vec<NamedOption>) -> Parsed<Vec<ExprId>> {
        let mut arguments = vec![self.comparison()?];
        while self.eat(&Kind::Comma) {
            match self.option(operator) {
                Some(option) => options.push(option),
                None => arguments.push(self.comparison()?),
            }
        }
        self.closed(open)?;
        Ok(arguments)
    }

    /// `axis=0`, or the words of an option.
    fn option(&mut self, operator: &str) -> Option<NamedOption> {
        const LETTERS: usize = 8;
        if let Some(option) = self.option_in_words(operator) {
            return Some(option);
        }
        let (start, mut name) = (self.span(), String::new());
        let mut ahead = 0;
        while let Some(Kind::Letter(text) | Kind::Word(text)) = self.peek_at(ahead)
            && ahead < LETTERS
        {
            name += text;
            ahead += 1;
        }
        let (Some(Kind::Equals), Some(Kind::Number(number))) = (self.peek_at(ahead), self.peek_at(ahead + 1)) else {
            return None;
        };
        let value = OptionValue::Number(number.clone());
        self.at += ahead + 2;
        let name = if name == "dim" { "axis".to_owned() } else { name };
        let span = start.to(self.span_before());
        Some(NamedOption { name: Spanned { value: name, span }, value: Spanned { value, span } })
    }

    /// `\text{stride 2}`
    fn option_in_words(&mut self, operator: &str) -> Option<NamedOption> {
        let Some(Kind::Word(said)) = self.peek() else { return None };
        let option = option_words::option(operator, said, self.span())?;
        self.at += 1;
        Some(option)
    }

    /// What a function without brackets is applied to, as far as it is one factor.
    fn lone_argument(&mut self) -> Parsed<ExprId> {
        self.deeper(|parser| parser.factor("what the function is applied to can be read in two ways"))
    }

    pub(super) fn root(&mut self, start: Span) -> Parsed<ExprId> {
        let mut degree = None;
        if self.eat(&Kind::Open('[')) {
            degree = Some(self.sum()?);
            self.expect(&Kind::Close(']'), "`]`")?;
        }
        let inside = match self.peek() {
            Some(Kind::Open(open)) => {
                let open = *open;
                self.at += 1;
                self.bracket(open)?
            }
            _ => self.argument()?,
        };
        let span = start.to(self.span_before());
        self.count()?;
        match degree {
            None => Ok(self.call("sqrt", vec![inside], span)),
            Some(degree) => {
                let one = self.number("1", span);
                let exponent = self.binary(BinaryOp::Div, one, degree)?;
                self.power(inside, exponent)
            }
        }
    }

    /// `\underbrace{A}_{…}` is `A`.
    pub(super) fn braced(&mut self) -> Parsed<ExprId> {
        let inside = self.argument()?;
        if matches!(self.peek(), Some(Kind::Subscript | Kind::Superscript)) {
            self.at += 1;
            self.skip_argument();
        }
        Ok(inside)
    }

    /// Passes over a group, or one mark.
    pub(super) fn skip_argument(&mut self) {
        let close = if self.peek() == Some(&Kind::GroupOpen) { self.matching(self.at) } else { Some(self.at) };
        self.at = close.map_or(self.tokens.len(), |close| close + 1).min(self.tokens.len());
    }

    pub(super) fn fraction(&mut self, start: Span) -> Parsed<ExprId> {
        if let Some(gradient) = self.derivative(start)? {
            return Ok(gradient);
        }
        // `\frac12`
        if let Some(Kind::Number(text)) = self.peek()
            && text.len() == 2
            && text.bytes().all(|byte| byte.is_ascii_digit())
        {
            let span = self.span();
            self.at += 1;
            let left = self.number(&text[..1], span);
            let right = self.number(&text[1..], span);
            return self.binary(BinaryOp::Div, left, right);
        }
        let left = self.argument()?;
        let right = self.argument()?;
        self.count()?;
        let span = start.to(self.span_before());
        let fraction = self.push(ExprKind::Binary { op: BinaryOp::Div, left, right }, span);
        Ok(self.bracketed(fraction))
    }
}
