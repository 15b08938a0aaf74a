//! Functions with their arguments, norms, roots, fractions.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, Name, NamedOption, OptionValue, Sign, Spanned};
use crate::syntax::construct::Construct;
use crate::syntax::option_words;
use crate::syntax::typed::BINARY;

impl Parser<'_> {
    /// What stands between two bars, after the first one.
    fn between(&mut self, bar: &Kind) -> Parsed<ExprId> {
        self.open_bars += 1;
        let inside = self.sum();
        self.open_bars -= 1;
        let inside = inside?;
        self.expect(bar, "a bar")?;
        Ok(inside)
    }

    /// `|x|`
    pub(super) fn absolute(&mut self, start: Span) -> Parsed<ExprId> {
        let inside = self.between(&Kind::Bar)?;
        let value = self.of_operator("abs", inside, start.to(self.span_before()))?;
        self.nodes[value.0 as usize].written.sign = Sign::Bars;
        Ok(value)
    }

    /// `\|x\|_1`, `\|A\|_F^2`; the square may stand first.
    pub(super) fn norm(&mut self, start: Span) -> Parsed<ExprId> {
        let inside = self.between(&Kind::DoubleBar)?;
        let span = start.to(self.span_before());
        let squared = self.peek() == Some(&Kind::Superscript) && self.peek_at(2) == Some(&Kind::Subscript);
        let at = self.at;
        if squared {
            self.at += 2;
        }
        let which = if self.eat(&Kind::Subscript) { self.order()? } else { "2".to_owned() };
        let norm = self.normed(inside, &which, span)?;
        if squared {
            let after = std::mem::replace(&mut self.at, at);
            let result = self.scripted_once(norm)?;
            self.at = after;
            return Ok(result);
        }
        Ok(norm)
    }

    /// What stands below the bars of a norm: `2`, `{\text{F}}`, `\infty`.
    fn order(&mut self) -> Parsed<String> {
        let group = usize::from(self.peek() == Some(&Kind::GroupOpen));
        if self.peek_at(group) == Some(&Kind::Other("\\infty".to_owned())) {
            self.at += 1 + 2 * group;
            return Ok("infty".to_owned());
        }
        let parts = self.script_parts().unwrap_or_default();
        Ok(parts.into_iter().map(|part| part.value).collect())
    }

    pub(super) fn scripted_once(&mut self, base: ExprId) -> Parsed<ExprId> {
        self.at += 1;
        self.superscript(base)
    }

    /// `\tanh(Z)`, `\tanh Z`, `\log^2 x`
    pub(super) fn function(&mut self, name: &str, start: Span) -> Parsed<ExprId> {
        let operator = self.with_base(name, start)?;
        let primes = self.eat_primes();
        let power = if self.eat(&Kind::Superscript) { Some(self.argument()?) } else { None };
        let minus = power.filter(|power| matches!(self.kind(*power), ExprKind::Negate(_)));
        if minus.is_some() {
            return self.fault(start, "the inverse of a function is no operator", "");
        }
        let value = self.applied(&operator, primes, start)?;
        match power {
            // The exponent was read first, and stands first in the arena; the power is of the function's value.
            Some(power) => {
                let value = self.bracketed(value);
                self.power(value, power)
            }
            None => Ok(value),
        }
    }

    /// The primes after a name, raised or not: `\tanh'`, `\tanh^\prime`, `\sigma^{\prime\prime}`.
    pub(super) fn eat_primes(&mut self) -> u32 {
        let mut primes = 0;
        loop {
            while self.eat(&Kind::Prime) {
                primes += 1;
            }
            let group = usize::from(self.peek_at(1) == Some(&Kind::GroupOpen));
            let raised = self.tokens.get(self.at + 1 + group..).unwrap_or(&[]);
            let count = raised.iter().take_while(|token| token.kind == Kind::Prime).count();
            let closed = group == 0 || raised.get(count).is_some_and(|token| token.kind == Kind::GroupClose);
            if self.peek() != Some(&Kind::Superscript) || count == 0 || !closed {
                return primes;
            }
            // Without braces a single one is raised.
            let count = if group == 0 { 1 } else { count };
            primes += count as u32;
            self.at += 1 + count + 2 * group;
        }
    }

    /// A function with what stands below it: `\log_2` is `log2`.
    fn with_base(&mut self, name: &str, place: Span) -> Parsed<String> {
        let below = match name == "log" && self.eat(&Kind::Subscript) {
            true => self.script_parts().unwrap_or_default().into_iter().map(|part| part.value).collect(),
            false => String::new(),
        };
        let whole = if below.is_empty() { name.to_owned() } else { format!("{name}_{below}") };
        match self.vocabulary.operator(&whole) {
            Some(operator) => Ok(operator.to_owned()),
            None => self.fault(place, format!("there is no operator `{whole}`"), ""),
        }
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
        self.primed(callee, primes, *argument, span)
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
            let fraction = self.binary(BinaryOp::Div, left, right)?;
            return Ok(self.bracketed(fraction));
        }
        let left = self.argument()?;
        let right = self.argument()?;
        self.count()?;
        let span = start.to(self.span_before());
        let (left, right) = (self.bracketed(left), self.bracketed(right));
        let fraction = self.push(ExprKind::Binary { op: BinaryOp::Div, left, right }, span);
        Ok(self.bracketed(fraction))
    }
}
