//! What an answer in LaTeX is given to, and shapes.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::syntax::ast::{AnswerTarget, BinaryOp, Binding, DimExpr, Expr, ExprId, ExprKind, Name, Spanned, TargetKind};
use crate::syntax::operands::compact;

/// The callee that stands for a second derivative until it is known to be a target.
pub const HESSIAN: &str = "hessian";

/// A target, and whether what was written is its transpose.
pub struct Target {
    pub target: AnswerTarget,
    pub transposed: bool,
}

impl Parser<'_> {
    /// The target that takes up all tokens.
    pub fn target(&mut self) -> Parsed<Target> {
        if let Some(target) = self.worded()? {
            return Ok(Target { target, transposed: false });
        }
        self.heading = true;
        let root = self.factor("an answer is given to one name")?;
        let (root, transposed) = match self.kind(root) {
            ExprKind::Transpose(of) => (*of, true),
            _ => (root, false),
        };
        if let ExprKind::Transpose(of) = *self.kind(root)
            && transposed
            && let Some(target) = self.derived_twice(of)
        {
            self.skip_bracket();
            return self.ended(Target { target, transposed: false });
        }
        if transposed
            && self.tokens.iter().any(|token| token.kind == Kind::Prime)
            && let Some(mut target) = self.derived(root)
        {
            self.skip_bracket();
            if self.eat(&Kind::Open('(')) {
                self.points(&mut target, ')')?;
            }
            return self.ended(Target { target, transposed: false });
        }
        let mut target = self.converted(root)?;
        if target.kind == TargetKind::Hessian {
            self.skip_bracket();
        }
        if self.eat(&Kind::Open('(')) {
            self.points(&mut target, ')')?;
        }
        // `\right.`, `\right|_{a=8}`
        self.eat(&Kind::Close('.'));
        if self.eat(&Kind::Bar) {
            self.expect(&Kind::Subscript, "`_`")?;
            if self.eat(&Kind::GroupOpen) {
                self.bindings(&mut target)?;
                self.expect(&Kind::GroupClose, "`}`")?;
            }
        }
        self.ended(Target { target, transposed })
    }

    fn ended(&self, target: Target) -> Parsed<Target> {
        match self.tokens.get(self.at) {
            None => Ok(target),
            Some(token) => Err(super::parser::unexpected(token)),
        }
    }

    /// `f'` of a loss of one variable.
    fn derived(&self, root: ExprId) -> Option<AnswerTarget> {
        let of = self.as_name(root)?;
        let variable = self.vocabulary.variable()?;
        let name = Name { text: format!("d{variable}"), index: None, span: of.span };
        let loss = self.vocabulary.loss(&of.key())?;
        Some(AnswerTarget { of: Some(Name { text: loss, ..of }), ..AnswerTarget::plain(name) })
    }

    /// `f''` of a loss of one variable.
    fn derived_twice(&self, root: ExprId) -> Option<AnswerTarget> {
        if self.tokens.iter().filter(|token| token.kind == Kind::Prime).count() != 2 {
            return None;
        }
        let of = self.as_name(root)?;
        let wrt = vec![Name { text: self.vocabulary.variable()?.to_owned(), ..of.clone() }];
        let text = self.vocabulary.loss(&of.key())?;
        Some(AnswerTarget { kind: TargetKind::Hessian, wrt, ..AnswerTarget::plain(Name { text, ..of }) })
    }

    /// `(x)` of `f'(x)`
    fn skip_bracket(&mut self) {
        if let (Some(Kind::Open('(')), Some(Kind::Letter(_)), Some(Kind::Close(')'))) =
            (self.peek(), self.peek_at(1), self.peek_at(2))
        {
            self.at += 3;
        }
    }

    /// `\text{shape of } J`, `\text{shape}(J)`, `\text{number of parameters}`
    fn worded(&mut self) -> Parsed<Option<AnswerTarget>> {
        let span = self.span();
        let word = match self.peek() {
            Some(Kind::Word(word)) => word.trim().to_lowercase(),
            Some(Kind::Other(command)) if command == "\\dim" => "shape".to_owned(),
            _ => return Ok(None),
        };
        if word.starts_with("params") || word.contains("parameters") {
            self.at += 1;
            let name = Name { text: "params".to_owned(), index: None, span };
            return if self.peek().is_none() {
                Ok(Some(AnswerTarget::plain(name)))
            } else {
                Err(self.expected("a sign of equality"))
            };
        }
        if !(word.starts_with("shape") || word.starts_with("size")) {
            return Ok(None);
        }
        self.at += 1;
        let bracket = self.eat(&Kind::Open('('));
        let of = self.factor("a shape is of one name")?;
        if bracket {
            self.expect(&Kind::Close(')'), "`)`")?;
        }
        let target = self.converted(of)?;
        Ok(Some(AnswerTarget { kind: TargetKind::Shape, ..target }))
    }

    fn converted(&self, root: ExprId) -> Parsed<AnswerTarget> {
        let span = self.span_of(root);
        match self.kind(root) {
            ExprKind::Name(name) => Ok(self.named(name.clone())),
            // `\sigma'(z)`, where the loss is `\sigma(z)`
            ExprKind::Prime { callee, primes: 1, argument } => {
                let variable =
                    self.as_name(*argument).filter(|name| Some(name.key().as_str()) == self.vocabulary.variable());
                match (variable, self.vocabulary.loss(&callee.key())) {
                    (Some(wrt), Some(loss)) => {
                        let of = Some(Name { text: loss, index: None, span });
                        let name = Name { text: format!("d{}", wrt.text), ..wrt };
                        Ok(AnswerTarget { of, ..AnswerTarget::plain(name) })
                    }
                    _ => self.fault(span, "an answer is given to a name", "for example `dW_2 = …`"),
                }
            }
            ExprKind::Gradient { of, wrt } => {
                let name = Name { text: format!("d{}", wrt.text), ..wrt.clone() };
                Ok(AnswerTarget { of: Some(of.clone()), ..AnswerTarget::plain(name) })
            }
            // `a_3` is a name of its own, an iterate perhaps; the entries of gradients are asked for.
            ExprKind::Entry { of, indices } if self.is_iterate(*of, indices) => {
                let text = self.as_name(*of).map_or(String::new(), |name| name.text);
                let index = self.index(indices[0]).map_or(String::new(), |index| index.value);
                Ok(AnswerTarget::plain(Name { text: format!("{text}_{index}"), index: None, span }))
            }
            ExprKind::Entry { of, indices } => {
                let target = self.converted(*of)?;
                let entry = indices.iter().map(|index| self.index(*index)).collect::<Option<Vec<_>>>();
                match entry {
                    Some(entry) if target.entry.is_empty() => Ok(AnswerTarget { entry, ..target }),
                    _ => self.fault(span, "this entry can't be read", ""),
                }
            }
            ExprKind::Call { callee, arguments, .. } if callee.text == HESSIAN => {
                let names: Vec<Name> = arguments.iter().filter_map(|argument| self.as_name(*argument)).collect();
                match names.as_slice() {
                    [of, wrt @ ..] => {
                        let wrt = wrt.to_vec();
                        Ok(AnswerTarget { kind: TargetKind::Hessian, wrt, ..AnswerTarget::plain(of.clone()) })
                    }
                    _ => self.fault(span, "this second derivative lacks its variable", "`\\nabla^2_w L`"),
                }
            }
            ExprKind::Call { callee, arguments, .. } => {
                let arguments = arguments.iter().map(|argument| self.tree(*argument)).collect();
                Ok(AnswerTarget { arguments, ..AnswerTarget::plain(callee.clone()) })
            }
            _ => self.fault(span, "an answer is given to a name", "for example `dW_2 = …`"),
        }
    }

    /// `W_{\text{new}}` is the updated `W`.
    fn named(&self, name: Name) -> AnswerTarget {
        updated(&name, |key| self.is_value(key)).unwrap_or_else(|| AnswerTarget::plain(name))
    }

    fn is_iterate(&self, of: ExprId, indices: &[ExprId]) -> bool {
        let number = matches!(indices, [index] if matches!(self.kind(*index), ExprKind::Number(_)));
        number && matches!(self.kind(of), ExprKind::Name(name) if self.is_value(&name.key()))
    }

    fn as_name(&self, id: ExprId) -> Option<Name> {
        match self.kind(id) {
            ExprKind::Name(name) => Some(name.clone()),
            _ => None,
        }
    }

    fn index(&self, id: ExprId) -> Option<Spanned<String>> {
        let span = self.span_of(id);
        match self.kind(id) {
            ExprKind::Name(name) => Some(Spanned { value: name.text.clone(), span }),
            ExprKind::Number(number) => Some(Spanned { value: number.clone(), span }),
            _ => None,
        }
    }

    fn tree(&self, root: ExprId) -> Expr {
        compact(&self.nodes, root)
    }

    /// `8`, `a = 8`, until the bracket closes.
    fn points(&mut self, target: &mut AnswerTarget, close: char) -> Parsed<()> {
        loop {
            if self.binding_begins() {
                self.binding(target)?;
            } else {
                let root = self.sum()?;
                target.arguments.push(self.tree(root));
            }
            if !self.eat(&Kind::Comma) {
                return self.expect(&Kind::Close(close), "`)`");
            }
        }
    }

    fn bindings(&mut self, target: &mut AnswerTarget) -> Parsed<()> {
        self.binding(target)?;
        while self.eat(&Kind::Comma) {
            self.binding(target)?;
        }
        Ok(())
    }

    fn binding_begins(&self) -> bool {
        let sign = |token: &super::token::Token| {
            !matches!(token.kind, Kind::Letter(_) | Kind::Word(_) | Kind::Number(_) | Kind::Subscript)
        };
        let next = self.tokens[self.at..].iter().take(8).find(|token| sign(token));
        next.is_some_and(|token| token.kind == Kind::Equals)
    }

    fn binding(&mut self, target: &mut AnswerTarget) -> Parsed<()> {
        let place = self.span();
        let factors = self.factors()?;
        let Some(name) = self.as_name(factors[0]).filter(|_| factors.len() == 1) else {
            return self.fault(place, "a point gives a value to a name", "for example `a = 8`");
        };
        self.expect(&Kind::Equals, "`=`")?;
        let root = self.sum()?;
        target.at.push(Binding { name, value: self.tree(root) });
        Ok(())
    }

    // ------------------------------------------------------------------------------------------- shapes

    /// `4 \times 4`, `(4, 4)`, `\mathbb{R}^{N \times D}`; all tokens.
    pub fn shape(&mut self) -> Parsed<Vec<DimExpr>> {
        let mut grouped = false;
        if matches!(self.peek(), Some(Kind::Letter(letter)) if letter == "R" || letter == "ℝ") {
            self.at += 1;
            if self.peek().is_none() {
                return Ok(Vec::new());
            }
            self.expect(&Kind::Superscript, "`^`")?;
            grouped = self.eat(&Kind::GroupOpen);
        } else if self.peek() == Some(&Kind::GroupOpen) && self.peek_at(1) == Some(&Kind::Letter("R".to_owned())) {
            self.at += 3;
            self.expect(&Kind::Superscript, "`^`")?;
            grouped = self.eat(&Kind::GroupOpen);
        }
        let bracket = match self.peek() {
            Some(Kind::Open(open @ ('(' | '['))) => {
                self.at += 1;
                Some(if *open == '(' { ')' } else { ']' })
            }
            _ => None,
        };
        let empty = bracket.is_some_and(|close| self.peek() == Some(&Kind::Close(close)));
        let mut sides = if empty { Vec::new() } else { vec![self.side()?] };
        while self.eat(&Kind::Comma) || self.eat(&Kind::Operator(BinaryOp::Mul)) {
            sides.push(self.side()?);
        }
        if let Some(close) = bracket {
            self.expect(&Kind::Close(close), "a bracket")?;
        }
        if grouped {
            self.expect(&Kind::GroupClose, "`}`")?;
        }
        match self.tokens.get(self.at) {
            None => Ok(sides),
            Some(token) => Err(super::parser::unexpected(token)),
        }
    }

    /// `4`, `D + 1`, `(D - 1)`
    fn side(&mut self) -> Parsed<DimExpr> {
        let bracket = self.eat(&Kind::Open('('));
        let mut parts = vec![self.side_part()?];
        loop {
            let minus = match self.peek() {
                Some(Kind::Operator(BinaryOp::Add)) => false,
                Some(Kind::Operator(BinaryOp::Sub)) => true,
                _ => break,
            };
            self.at += 1;
            let part = self.side_part()?;
            parts.push(if minus { DimExpr::Minus(Box::new(part)) } else { part });
        }
        if bracket {
            self.expect(&Kind::Close(')'), "`)`")?;
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { DimExpr::Sum(parts) })
    }

    fn side_part(&mut self) -> Parsed<DimExpr> {
        let span = self.span();
        let mut parts = Vec::new();
        for factor in self.factors()? {
            parts.push(match self.kind(factor) {
                ExprKind::Number(number) => match number.parse() {
                    Ok(value) => DimExpr::Integer(value),
                    Err(_) => return self.fault(span, format!("`{number}` is no dimension"), ""),
                },
                ExprKind::Name(name) => DimExpr::Name(name.clone()),
                _ => return self.fault(span, "this is no dimension", "for example `4 \\times N`"),
            });
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { DimExpr::Product(parts) })
    }
}

/// `Wnew`, where `W` is known and `Wnew` is not: the updated `W`.
pub fn updated(name: &Name, is_value: impl Fn(&str) -> bool) -> Option<AnswerTarget> {
    let key = name.key();
    let stem = key.strip_suffix("new").or_else(|| key.strip_suffix("next")).filter(|stem| is_value(stem))?;
    if is_value(&key) {
        return None;
    }
    let name = Name { text: stem.to_owned(), index: None, span: name.span };
    Some(AnswerTarget { kind: TargetKind::Update, ..AnswerTarget::plain(name) })
}
