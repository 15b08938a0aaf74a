//! Derivatives: fractions of differentials, `\partial`, `\nabla`.

use super::parser::{Parsed, Parser};
use super::symbol::{Run, Segment};
use super::token::Kind;
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, Name, Spanned};

impl Parser<'_> {
    /// One name at the present place, with the indices that stand below it.
    pub(super) fn lone_name(&mut self) -> Parsed<(Name, Vec<ExprId>)> {
        let place = self.span();
        let factor = self.deeper(|parser| parser.factor("this is more than one name"))?;
        match self.kind(factor).clone() {
            ExprKind::Name(name) => Ok((name, Vec::new())),
            ExprKind::Call { callee, .. } => Ok((callee, Vec::new())),
            ExprKind::Entry { of, indices } => match self.kind(of).clone() {
                ExprKind::Name(name) => Ok((name, indices)),
                _ => self.fault(place, "this is no name", ""),
            },
            _ => self.fault(place, "this is no name", "a power or transpose stands outside of the fraction"),
        }
    }

    /// `\partial`, `d`, `\delta`: the sign of a differential is passed over.
    pub(super) fn eat_differential(&mut self) -> bool {
        let found = match self.peek() {
            Some(Kind::Partial) => true,
            Some(Kind::Letter(letter)) => self.makes_gradient(letter) && letter == "d",
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    /// `\frac{\partial L}{\partial W_2}`, after the `\frac`; `None` if it is another fraction.
    pub(super) fn derivative(&mut self, start: Span) -> Parsed<Option<ExprId>> {
        let at = self.at;
        let differential = |kind: Option<&Kind>| match kind {
            Some(Kind::Partial) => true,
            // `\\frac{dL}{dw}`: nobody writes a size `d` above and below.
            Some(Kind::Letter(letter)) => self.makes_gradient(letter) || letter == "d",
            _ => false,
        };
        let groups = self.peek() == Some(&Kind::GroupOpen) && differential(self.peek_at(1));
        let Some(close) = self.matching(at).filter(|_| groups) else { return Ok(None) };
        let below = self.tokens.get(close + 2).map(|token| &token.kind);
        if self.tokens.get(close + 1).map(|token| &token.kind) != Some(&Kind::GroupOpen) || !differential(below) {
            return Ok(None);
        }
        self.at += 2;
        let second = self.second_order()?;
        let of = if self.at == close { None } else { Some(self.differentiated(close)?) };
        if self.at != close {
            return self.fault(self.span(), "this differential can't be read", "`\\frac{\\partial L}{\\partial W}`");
        }
        self.at = close + 3;
        let (wrt, indices) = self.below_differential(second)?;
        let of = match of {
            Some(of) => of,
            None if self.heading && !second && self.speaks_of_expression() => {
                return Ok(Some(self.of_expression(&wrt, start)));
            }
            None => self.lone_name()?.0,
        };
        let span = start.to(self.span_before());
        self.gradient(second, of, wrt, indices, span).map(Some)
    }

    /// What is differentiated, up to the brace at `close`: `L`, `L(\\theta)`, `{J(y, \\hat y)}`, `\\text{CE}(y, \\hat y)`.
    fn differentiated(&mut self, close: usize) -> Parsed<Name> {
        let (at, span) = (self.at, self.span());
        let nodes = self.nodes.len();
        if let Ok((name, _)) = self.lone_name() {
            let arguments = self.peek() == Some(&Kind::Open('(')) && self.tokens[close - 1].kind == Kind::Close(')');
            let key = name.key();
            let function = self.vocabulary.operator(&name.text).is_some_and(|name| !is_loss(name))
                && !self.is_value(&key)
                && self.vocabulary.loss(&key).is_none();
            if (self.at == close || arguments) && !function {
                self.at = close;
                return Ok(name);
            }
        }
        self.nodes.truncate(nodes);
        self.at = close;
        let inside: Vec<&Kind> = self.tokens[at..close].iter().map(|token| &token.kind).collect();
        let called = inside.iter().position(|kind| **kind == Kind::Open('('));
        let letters = |kind: &&&Kind| matches!(kind, Kind::Letter(_) | Kind::Word(_) | Kind::Number(_));
        let text = |kind: &&Kind| match kind {
            Kind::Letter(text) | Kind::Word(text) | Kind::Number(text) => text.clone(),
            _ => String::new(),
        };
        let written: String = inside[..called.unwrap_or(inside.len())].iter().filter(letters).map(text).collect();
        let key = crate::syntax::names::key(&written);
        let loss = self.vocabulary.loss(&key).or_else(|| {
            let other = self.is_value(&key) || self.vocabulary.operator(&written).is_some_and(|name| !is_loss(name));
            let only = self.vocabulary.only_loss().map(str::to_owned);
            only.filter(|_| !other && !written.is_empty() && (self.heading || called.is_some()))
        });
        match loss {
            Some(text) => Ok(Name { text, index: None, span }),
            None => self.fault(span, "this differential can't be read", "`\\frac{\\partial L}{\\partial W}`"),
        }
    }

    pub(super) fn second_order(&mut self) -> Parsed<bool> {
        if !self.eat(&Kind::Superscript) {
            return Ok(false);
        }
        match self.eat_two() {
            true => Ok(true),
            false => self.fault(self.span(), "this derivative can't be read", "known are first and second derivatives"),
        }
    }

    /// `2` or `{2}`
    fn eat_two(&mut self) -> bool {
        let is_two = |kind: Option<&Kind>| matches!(kind, Some(Kind::Number(order)) if order == "2");
        let braces = self.peek() == Some(&Kind::GroupOpen)
            && is_two(self.peek_at(1))
            && self.peek_at(2) == Some(&Kind::GroupClose);
        let taken = if braces { 3 } else { usize::from(is_two(self.peek())) };
        self.at += taken;
        taken > 0
    }

    /// `\pdv{L}{W}`, `\pdv[2]{L}{w}`, `\pdv{W} L`, after its sign.
    pub(super) fn short_derivative(&mut self, start: Span) -> Parsed<ExprId> {
        let mut second = false;
        if self.eat(&Kind::Open('[')) {
            second = matches!(self.peek(), Some(Kind::Number(order)) if order == "2");
            if !second {
                return self.fault(
                    self.span(),
                    "this derivative can't be read",
                    "known are first and second derivatives",
                );
            }
            self.at += 1;
            self.expect(&Kind::Close(']'), "`]`")?;
        }
        let (first, indices) = self.name_in_braces()?;
        let both = self.peek() == Some(&Kind::GroupOpen);
        let (of, (wrt, indices)) = match both {
            true => (first, self.name_in_braces()?),
            false => (self.lone_name()?.0, (first, indices)),
        };
        let span = start.to(self.span_before());
        self.gradient(second, of, wrt, indices, span)
    }

    fn name_in_braces(&mut self) -> Parsed<(Name, Vec<ExprId>)> {
        self.expect(&Kind::GroupOpen, "`{`")?;
        let found = self.lone_name()?;
        self.expect(&Kind::GroupClose, "`}`")?;
        Ok(found)
    }

    /// The rest of the denominator with its brace: `W_2`, `w^2`, `w \partial w^\top`.
    pub(super) fn below_differential(&mut self, second: bool) -> Parsed<(Name, Vec<ExprId>)> {
        let place = self.span();
        if !second {
            let (wrt, indices) = self.lone_name()?;
            self.expect(&Kind::GroupClose, "`}`")?;
            return Ok((wrt, indices));
        }
        let run = self.run()?;
        let name = self.name_of(&run, place)?;
        let (name, first) = self.indexed_name(name);
        let squared = self.eat(&Kind::Superscript) && self.eat_two();
        let mut second = None;
        if squared {
            second = first.clone();
            if first.as_ref().is_some_and(|index| index.value.parse::<usize>().is_err()) {
                return self.fault(
                    place,
                    "the diagonal alone is no second derivative",
                    "`\\partial w_j \\partial w_k`",
                );
            }
        } else if self.eat_differential() {
            let run = self.run()?;
            let other = self.name_of(&run, place)?;
            let (other, index) = self.indexed_name(other);
            second = index;
            if self.eat(&Kind::Superscript) {
                self.skip_argument();
            }
            if other.key() != name.key() || first.is_some() != second.is_some() {
                return self.fault(place, "a mixed second derivative can't be read", "");
            }
        }
        self.expect(&Kind::GroupClose, "`}`")?;
        let indices = first.into_iter().chain(second).map(|index| match index.value.parse::<usize>() {
            Ok(_) => self.number(&index.value, index.span),
            Err(_) => self.name(index.value, index.span),
        });
        Ok((name, indices.collect()))
    }

    /// `w_j`, where the whole is no known name and `w` is one: the name and its index.
    fn indexed_name(&mut self, name: Name) -> (Name, Option<Spanned<String>>) {
        let below = if self.eat(&Kind::Subscript) { self.script_parts() } else { None };
        let parts = below.unwrap_or_default();
        let text = parts.iter().fold(name.text.clone(), |text, part| format!("{text}_{}", part.value));
        let whole = Name { text, ..name.clone() };
        match parts.as_slice() {
            [index] if !self.is_value(&whole.key()) && self.is_value(&name.key()) => (name, Some(index.clone())),
            _ => (whole, None),
        }
    }

    pub(super) fn name_of(&self, run: &Run, place: Span) -> Parsed<Name> {
        match self.unknown(run) {
            Segment::Name { text, .. } => Ok(Name { text, index: None, span: place }),
            Segment::Operator(_) => self.fault(place, "this is an operator, not a name", ""),
        }
    }

    pub(super) fn gradient(
        &mut self,
        second: bool,
        of: Name,
        wrt: Name,
        indices: Vec<ExprId>,
        span: Span,
    ) -> Parsed<ExprId> {
        if second {
            let of = self.name(of.text, of.span);
            let wrt = self.name(wrt.text, wrt.span);
            let hessian = self.call(super::target::HESSIAN, vec![of, wrt], span);
            return Ok(match indices.is_empty() {
                true => hessian,
                false => self.push(ExprKind::Entry { of: hessian, indices }, span),
            });
        }
        // What it is called in a target tells whether it is ours.
        let loss = self.vocabulary.loss(&of.key()).filter(|_| !self.heading);
        let of = Name { text: loss.unwrap_or(of.text), ..of };
        let gradient = self.push(ExprKind::Gradient { of, wrt }, span);
        if indices.is_empty() {
            return Ok(gradient);
        }
        Ok(self.push(ExprKind::Entry { of: gradient, indices }, span))
    }

    /// `\partial L/\partial W`, or `\partial W` for the gradient, after the sign.
    pub(super) fn partial(&mut self, start: Span) -> Parsed<ExprId> {
        // `\partial_{W} L`
        if self.peek() == Some(&Kind::Subscript) {
            return self.nabla(start);
        }
        let (name, indices) = self.lone_name()?;
        let quotient = self.peek() == Some(&Kind::Operator(BinaryOp::Div))
            && (self.peek_at(1) == Some(&Kind::Partial) || self.peek_at(1) == Some(&Kind::Letter("d".to_owned())));
        if quotient && indices.is_empty() {
            self.at += 2;
            let (wrt, indices) = self.lone_name()?;
            let span = start.to(self.span_before());
            return self.gradient(false, name, wrt, indices, span);
        }
        let span = start.to(self.span_before());
        let node = self.name(format!("d{}", name.text), span);
        if indices.is_empty() { Ok(node) } else { Ok(self.push(ExprKind::Entry { of: node, indices }, span)) }
    }

    /// `\nabla_{W} L`, `\nabla_W`, `\nabla W`, `\nabla^2_w L`, `\nabla^2 L`, after the sign.
    pub(super) fn nabla(&mut self, start: Span) -> Parsed<ExprId> {
        let mut second = self.second_order()?;
        let mut wrt = None;
        if self.eat(&Kind::Subscript) {
            let group = self.eat(&Kind::GroupOpen);
            wrt = Some(self.one_letter_name(group)?);
            if group {
                self.expect(&Kind::GroupClose, "`}`")?;
            }
        }
        second |= self.second_order()?;
        let Some((wrt, indices)) = wrt else {
            if self.heading && !second {
                return self.whole_gradient(start);
            }
            let (name, indices) = self.lone_name()?;
            let span = start.to(self.span_before());
            if second {
                let of = self.name(name.text, span);
                return Ok(self.call(super::target::HESSIAN, vec![of], span));
            }
            // `\nabla L` has no argument of its own; of another name it is the gradient.
            if self.vocabulary.loss(&name.key()).is_some() {
                return self.fault(span, "this gradient lacks what it is taken with respect to", "`\\nabla_{W} L`");
            }
            let node = self.name(format!("d{}", name.text), span);
            return if indices.is_empty() {
                Ok(node)
            } else {
                Ok(self.push(ExprKind::Entry { of: node, indices }, span))
            };
        };
        // `\nabla_w \|Xw - y\|^2`: of an expression, which may be the loss.
        if self.heading && !second && self.speaks_of_expression() {
            return Ok(self.of_expression(&wrt, start));
        }
        match self.loss_name()? {
            Some(of) => {
                let span = start.to(self.span_before());
                self.gradient(second, of, wrt, indices, span)
            }
            None if second => self.fault(start, "this second derivative lacks its function", "`\\nabla^2_w L`"),
            None => {
                let span = start.to(self.span_before());
                let node = self.name(format!("d{}", wrt.text), span);
                if indices.is_empty() { Ok(node) } else { Ok(self.push(ExprKind::Entry { of: node, indices }, span)) }
            }
        }
    }

    /// Whether what is differentiated in a heading is more than a name.
    fn speaks_of_expression(&self) -> bool {
        let begins = matches!(
            self.peek(),
            Some(Kind::DoubleBar | Kind::Bar | Kind::Open(_) | Kind::Fraction | Kind::Fold(_) | Kind::Function(_))
        );
        begins || self.tokens[self.at..].iter().any(|token| matches!(token.kind, Kind::Operator(_)))
    }

    /// The derivative of an expression, all that is left, by a name: it may be the loss.
    fn of_expression(&mut self, wrt: &Name, start: Span) -> ExprId {
        self.at = self.tokens.len();
        self.name(format!("gradientof_{}", wrt.text), start.to(self.span_before()))
    }

    /// `\nabla L`, `\nabla f(w)`: with respect to the argument, or to whatever is asked for.
    fn whole_gradient(&mut self, start: Span) -> Parsed<ExprId> {
        // Of an expression, which may be the loss.
        if matches!(self.peek(), Some(Kind::Open(_))) {
            self.at = self.tokens.len();
            return Ok(self.name("gradientof".to_owned(), start.to(self.span_before())));
        }
        let (name, indices) = self.lone_name()?;
        let key = name.key();
        let loss = self.vocabulary.loss(&key).is_some();
        // `f(w)` of one's own is another name of the loss.
        let own = self.peek() == Some(&Kind::Open('(')) && !self.vocabulary.is_model_value(&key);
        if !loss && (self.is_value(&key) && !own || !indices.is_empty()) {
            let span = start.to(self.span_before());
            let node = self.name(format!("d{}", name.text), span);
            return if indices.is_empty() {
                Ok(node)
            } else {
                Ok(self.push(ExprKind::Entry { of: node, indices }, span))
            };
        }
        let at = self.at;
        if self.eat(&Kind::Open('('))
            && let Ok((wrt, indices)) = self.lone_name()
            && indices.is_empty()
            && self.eat(&Kind::Close(')'))
            && self.vocabulary.is_asked(&format!("d{}", wrt.text))
        {
            return Ok(self.name(format!("d{}", wrt.text), start.to(self.span_before())));
        }
        self.at = at;
        if self.peek() == Some(&Kind::Open('(')) {
            self.at = self.tokens.len();
        }
        Ok(self.name("gradient".to_owned(), start.to(self.span_before())))
    }

    /// The name below a `\nabla`: in braces any, else one letter.
    pub(super) fn one_letter_name(&mut self, group: bool) -> Parsed<(Name, Vec<ExprId>)> {
        if group {
            return self.lone_name();
        }
        let span = self.span();
        match self.peek() {
            Some(Kind::Letter(letter)) => {
                self.at += 1;
                Ok((Name { text: letter.clone(), index: None, span }, Vec::new()))
            }
            _ => self.lone_name(),
        }
    }

    /// A loss's name, if one stands here; else nothing is passed over.
    pub(super) fn loss_name(&mut self) -> Parsed<Option<Name>> {
        let (at, start) = (self.at, self.span());
        let begins = match self.peek() {
            Some(Kind::Letter(_) | Kind::Word(_)) => true,
            Some(Kind::GroupOpen) => self.simple_group(),
            _ => false,
        };
        if !begins {
            return Ok(None);
        }
        let mut run = self.run()?;
        if self.eat(&Kind::Subscript)
            && let Some(parts) = self.script_parts()
        {
            run.parts.extend(parts);
        }
        // `J^{(i)}` of one example
        if self.peek() == Some(&Kind::Superscript)
            && let Some((_, length)) = self.counter(self.at).filter(|_| self.heading)
        {
            self.at += 1 + length;
        }
        let text: String = run.elements.iter().map(|element| element.text.as_str()).collect();
        let below: String = run.parts.iter().map(|part| part.value.as_str()).collect();
        let text = crate::syntax::names::key(&format!("{text}{below}"));
        if let Some(loss) = self.vocabulary.loss(&text) {
            let text = if self.heading { text } else { loss };
            return Ok(Some(Name { text, index: None, span: start.to(self.span_before()) }));
        }
        // `\nabla_x f = …`: what stands last in a target is the function, whatever its name.
        if self.heading && self.peek().is_none() {
            return Ok(Some(Name { text, index: None, span: start.to(self.span_before()) }));
        }
        self.at = at;
        Ok(None)
    }
}

/// Operators that are losses by themselves: `\text{CE}(y, \hat y)`.
fn is_loss(operator: &str) -> bool {
    matches!(
        operator.to_lowercase().as_str(),
        "ce" | "bce" | "mse" | "mae" | "huber" | "kl" | "hinge" | "cross_entropy"
    )
}
