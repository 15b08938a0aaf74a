//! Expressions: pairs to arena, by precedence.

use super::answer::gradient;
use super::ast::{
    BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, NamedOption, OptionValue, Relation, Sign, Spanned, Written,
};
use super::build::Builder;
use super::construct::{Built, Construct};
use super::fault::{too_deep, too_many_operators};
use super::grammar::Rule;
use super::matrix;
use super::operands::compact;
use super::option_words;
use super::precedence::{After, Level, Next, Terms, read};
use super::products::shown;
use super::turned::turned;
use super::typed::{ALONG_AN_AXIS, LIBRARY_WORDS, SIDE, python_options};
use crate::diagnostic::Diagnostic;
use crate::limits::{EXPRESSION_OPERATORS, NESTING};
use crate::span::Span;
use pest::iterators::{Pair, Pairs};
use std::cell::{Cell, RefCell};
use std::iter::Peekable;

/// How tightly a sign binds, and whether an operand stands on both sides of it; `None`: a sign before an operand, or no
/// sign.
fn level(rule: Rule) -> Option<(Level, bool)> {
    Some(match rule {
        Rule::Add | Rule::Sub => (Level::Sum, true),
        Rule::ElementwiseMul | Rule::ElementwiseDiv | Rule::Tensor => (Level::Entrywise, true),
        Rule::Mul | Rule::Div | Rule::Juxtaposition | Rule::Tight | Rule::Coefficient | Rule::At => {
            (Level::Product, true)
        }
        Rule::Transpose => (Level::Transposed, false),
        Rule::Pow | Rule::ElementwisePow | Rule::Stars => (Level::Power, true),
        Rule::Entry | Rule::Superscript | Rule::DotTranspose | Rule::ShapeOf | Rule::Below | Rule::PythonMethod => {
            (Level::Postfix, false)
        }
        _ => return None,
    })
}

/// The nodes of one expression, filled operands first.
pub struct Arena<'b, 'a> {
    pub builder: &'b Builder<'a>,
    nodes: RefCell<Vec<ExprNode>>,
    operators: Cell<usize>,
    /// The sign that is joined at present.
    sign: Cell<Option<Span>>,
    /// How many brackets, prefix signs, powers and transposes stand around what is read now, the whole among them.
    depth: Cell<usize>,
    /// Whether some node is used by no other.
    pub loose: Cell<bool>,
}

pub fn expression(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Expr {
    fill(builder, |arena| arena.tree(pair.into_inner()))
}

/// A member of an answer: an expression, a comparison or `a if … else b`.
pub fn formula(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Expr {
    fill(builder, |arena| arena.formula(pair.into_inner()))
}

/// A matrix that stands where no other expression may.
pub fn matrix_expression(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Expr {
    fill(builder, |arena| matrix::build(arena, pair))
}

fn fill(builder: &Builder<'_>, build: impl FnOnce(&Arena<'_, '_>) -> ExprId) -> Expr {
    let (nodes, operators, depth, loose) = (RefCell::default(), Cell::new(0), Cell::new(0), Cell::new(false));
    let arena = Arena { builder, nodes, operators, sign: Cell::new(None), depth, loose };
    let root = build(&arena);
    let nodes = arena.nodes.into_inner();
    // A root that is not the last node, or a node without a use, comes only from what answers may say.
    match root.0 as usize + 1 == nodes.len() && !arena.loose.get() {
        true => Expr { nodes },
        false => compact(&nodes, root),
    }
}

/// Operands and signs as the grammar gives them.
struct Flat<'f, 'b, 'a, I: Iterator> {
    arena: &'f Arena<'b, 'a>,
    pairs: Peekable<I>,
}

impl<'i, I: Iterator<Item = Pair<'i, Rule>>> Terms for Flat<'_, '_, '_, I> {
    type Sign = Pair<'i, Rule>;
    type Fault = Box<Diagnostic>;

    fn prefix(&mut self) -> Option<(Pair<'i, Rule>, Level)> {
        let level = match self.pairs.peek()?.as_rule() {
            Rule::Negate | Rule::Plus => Level::Signed,
            Rule::SumSign => Level::Summed,
            Rule::TotalSign => Level::Transposed,
            _ => return None,
        };
        self.pairs.next().map(|sign| (sign, level))
    }

    fn operand(&mut self) -> Built {
        let pair = self.pairs.next().expect("the grammar puts an operand here");
        Ok(self.arena.primary(pair))
    }

    fn after(&mut self, _: ExprId, least: Level) -> Result<Next<Pair<'i, Rule>>, Box<Diagnostic>> {
        let found = self.pairs.peek().and_then(|sign| level(sign.as_rule())).filter(|(level, _)| *level >= least);
        Ok(found.and_then(|(level, infix)| {
            self.pairs.next().map(|sign| (if infix { After::Infix(sign) } else { After::Postfix(sign) }, level))
        }))
    }

    fn signed(&mut self, sign: Pair<'i, Rule>, operand: ExprId) -> Built {
        Ok(self.arena.prefix(&sign, operand))
    }

    fn joined(&mut self, left: ExprId, sign: Pair<'i, Rule>, right: ExprId) -> Built {
        self.arena.sign.set(Some(self.arena.builder.span(&sign)));
        let joined = self.arena.infix(left, sign, right);
        self.arena.sign.set(None);
        Ok(joined)
    }

    /// A bracket among what follows counts itself.
    fn followed(&mut self, operand: ExprId, sign: Pair<'i, Rule>) -> Built {
        let depth = self.arena.depth.get();
        self.arena.depth.set(depth - 1);
        let built = self.arena.postfix(operand, sign);
        self.arena.depth.set(depth);
        Ok(built)
    }

    /// An exponent's own signs stand within that of the power.
    fn levels(&self, sign: &Pair<'i, Rule>) -> (Span, usize) {
        let signs = match sign.as_rule() {
            Rule::Pow | Rule::ElementwisePow | Rule::Stars => sign.clone().into_inner().len(),
            _ => 0,
        };
        (self.arena.builder.span(sign), 1 + signs)
    }

    fn deeper(&mut self, place: Span, levels: usize, read: impl FnOnce(&mut Self) -> Built) -> Built {
        self.arena.deeper(place, levels, || read(self))
    }
}

impl Construct for &Arena<'_, '_> {
    fn put(&mut self, kind: ExprKind, span: Span) -> Built {
        Ok(self.push(kind, span))
    }

    fn look<T>(&self, id: ExprId, look: impl FnOnce(&ExprKind) -> T) -> T {
        self.inspect(id, look)
    }

    fn place(&self, id: ExprId) -> Span {
        self.span_of(id)
    }
}

impl Arena<'_, '_> {
    pub fn push(&self, kind: ExprKind, span: Span) -> ExprId {
        if self.is_operator(&kind) && !self.count(span) {
            return ExprId(0);
        }
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(ExprNode::new(kind, span));
        ExprId(nodes.len() as u32 - 1)
    }

    /// Signed numbers and fractions of them are data, of which a table may have many.
    fn is_operator(&self, kind: &ExprKind) -> bool {
        let number = |id: ExprId| self.inspect(id, |kind| matches!(kind, ExprKind::Number(_)));
        let negated =
            |id: ExprId| self.inspect(id, |kind| if let ExprKind::Negate(of) = kind { Some(*of) } else { None });
        let signed = |id: ExprId| number(negated(id).unwrap_or(id));
        match kind {
            ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Matrix(_) | ExprKind::Gradient { .. } => false,
            ExprKind::Negate(operand) => !number(*operand),
            ExprKind::Binary { op: BinaryOp::Div, left, right } => !(signed(*left) && number(*right)),
            ExprKind::Binary { .. }
            | ExprKind::Call { .. }
            | ExprKind::Transpose(_)
            | ExprKind::Entry { .. }
            | ExprKind::Indicator { .. }
            | ExprKind::Sum { .. }
            | ExprKind::Cases(_)
            | ExprKind::Prime { .. } => true,
        }
    }

    /// Past the bound, the fault is told once and no more operators are kept.
    fn count(&self, span: Span) -> bool {
        self.operators.set(self.operators.get() + 1);
        if self.operators.get() == EXPRESSION_OPERATORS + 1 {
            self.builder.fault(too_many_operators(self.sign.get().unwrap_or(span)));
        }
        self.operators.get() <= EXPRESSION_OPERATORS
    }

    /// What stands in brackets keeps them.
    fn bracketed(&self, id: ExprId) -> ExprId {
        self.mark(id, |written| written.bracketed = true)
    }

    /// Remembers how a node was written.
    pub fn mark(&self, id: ExprId, how: impl FnOnce(&mut Written)) -> ExprId {
        if let Some(node) = self.nodes.borrow_mut().get_mut(id.0 as usize) {
            how(&mut node.written);
        }
        id
    }

    pub fn span_of(&self, id: ExprId) -> Span {
        self.nodes.borrow()[id.0 as usize].span
    }

    /// A node as it would be printed.
    pub fn text_of(&self, id: ExprId) -> String {
        shown(&self.nodes.borrow(), id)
    }

    pub fn inspect<T>(&self, id: ExprId, look: impl FnOnce(&ExprKind) -> T) -> T {
        look(&self.nodes.borrow()[id.0 as usize].kind)
    }

    /// Operands and operators in the order of the text.
    pub fn tree<'i>(&self, pairs: impl ExactSizeIterator<Item = Pair<'i, Rule>>) -> ExprId {
        let single = pairs.len() == 1;
        let mut pairs = pairs.peekable();
        let place = pairs.peek().map_or(Span::default(), |first| self.builder.span(first));
        let tree = self.deeper(place, 1, || match pairs.next_if(|_| single) {
            Some(only) => Ok(self.primary(only)),
            None => read(&mut Flat { arena: self, pairs }, Level::Sum),
        });
        tree.unwrap_or_else(|fault| {
            self.builder.fault(*fault);
            self.push(ExprKind::Number("0".to_owned()), place)
        })
    }

    /// So many levels deeper, for the time of `read`.
    fn deeper(&self, place: Span, levels: usize, read: impl FnOnce() -> Built) -> Built {
        let around = self.depth.get();
        // The whole is no level.
        if around + levels > NESTING + 1 {
            return Err(Box::new(too_deep(place)));
        }
        self.depth.set(around + levels);
        let built = read();
        self.depth.set(around);
        built
    }

    fn primary(&self, pair: Pair<'_, Rule>) -> ExprId {
        let span = self.builder.span(&pair);
        match pair.as_rule() {
            Rule::Number => self.push(ExprKind::Number(self.builder.number(&pair)), span),
            Rule::SignedNumber => self.signed_number(&pair, span),
            Rule::Name => self.push(ExprKind::Name(self.builder.name(&pair)), span),
            Rule::Half => self.half(span),
            Rule::OnesSign => self.push(ExprKind::Name(Name { text: "ones".to_owned(), index: None, span }), span),
            Rule::Gradient => {
                let (of, wrt) = gradient(self.builder, pair);
                self.push(ExprKind::Gradient { of, wrt }, span)
            }
            Rule::Call => self.call(pair),
            Rule::Indicator => self.indicator(pair),
            Rule::Matrix => matrix::build(self, pair),
            Rule::Paren | Rule::Braced => self.in_brackets(pair.into_inner(), span),
            Rule::NumberList => self.number_list(pair, span),
            Rule::Applied => {
                let (function, number) = two(&mut pair.into_inner());
                let callee = self.builder.name(&function);
                let argument = self.primary(number);
                let call = ExprKind::Call { callee, arguments: vec![argument], options: Vec::new() };
                let call = self.push(call, span);
                self.mark(call, |how| how.sign = Sign::Space)
            }
            Rule::BracedIndicator => self.comparison(pair.into_inner()),
            Rule::Angle => {
                let (left, right) = two(&mut pair.into_inner());
                let (left, right) = (self.tree(left.into_inner()), self.tree(right.into_inner()));
                let product = self.push(ExprKind::Binary { op: BinaryOp::Mul, left, right }, span);
                self.mark(product, |how| (how.bracketed, how.sign) = (true, Sign::Dot))
            }
            Rule::Norm | Rule::Bars | Rule::Prime | Rule::Cases => self.typed(pair),
            rule => unreachable!("{rule:?} is no operand in the grammar"),
        }
    }

    /// An expression, a comparison or a list.
    fn in_brackets(&self, parts: Pairs<'_, Rule>, span: Span) -> ExprId {
        let list = parts.len() > 1 && parts.clone().all(|part| part.as_rule() == Rule::Expr);
        let inside = match list {
            true => self.list(parts.map(|part| self.tree(part.into_inner())).collect(), span),
            false => self.comparison(parts),
        };
        self.bracketed(inside)
    }

    /// A list in other brackets than a matrix has: `(3, -2)`, `{{7, 10}, {15, 22}}`, or rows with no bracket around them.
    pub fn list(&self, entries: Vec<ExprId>, span: Span) -> ExprId {
        let id = self.matrix(vec![matrix::Row { entries, span }], span);
        self.mark(id, |how| how.sign = Sign::Comma)
    }

    pub fn matrix(&self, rows: Vec<matrix::Row>, span: Span) -> ExprId {
        matrix::assembled(&mut &*self, rows, span).unwrap_or_else(|fault| {
            self.builder.fault(*fault);
            self.push(ExprKind::Number("0".to_owned()), span)
        })
    }

    /// `(3 -2)`, which a problem may not leave open.
    fn number_list(&self, pair: Pair<'_, Rule>, span: Span) -> ExprId {
        let text = pair.as_str().trim_matches(['(', ')']).trim().to_owned();
        let signed = pair.clone().into_inner().skip(1).any(|entry| entry.as_str().starts_with(['-', '+', '−', '–']));
        let entries = pair.into_inner().map(|entry| self.primary(entry)).collect();
        let id = self.list(entries, span);
        if signed && !self.builder.answers {
            let fault = Diagnostic::error("E-ambiguous", "this could be a list or a difference").at(span, "here");
            self.builder
                .fault(fault.help(format!("write `[{text}]` for the list, a space after the sign for the sum")));
        } else if signed {
            self.builder.reading(span, format!("`({text})` is read as the list `[{text}]`"));
        }
        self.bracketed(id)
    }

    /// A matrix's entry that is a number.
    fn signed_number(&self, pair: &Pair<'_, Rule>, span: Span) -> ExprId {
        let sign = pair.as_str().chars().next().filter(|c| !c.is_ascii_digit() && *c != '.');
        let number = self.builder.number(pair);
        let start = span.start + sign.map_or(0, char::len_utf8);
        let id = self.push(ExprKind::Number(number.trim_start_matches('-').to_owned()), Span::new(start, span.end));
        if sign.is_none_or(|sign| sign == '+') { id } else { self.push(ExprKind::Negate(id), span) }
    }

    fn half(&self, span: Span) -> ExprId {
        let left = self.push(ExprKind::Number("1".to_owned()), span);
        let right = self.push(ExprKind::Number("2".to_owned()), span);
        self.push(ExprKind::Binary { op: BinaryOp::Div, left, right }, span)
    }

    fn prefix(&self, sign: &Pair<'_, Rule>, operand: ExprId) -> ExprId {
        if sign.as_rule() == Rule::SumSign {
            return self.sum(sign.clone(), operand);
        }
        if sign.as_rule() == Rule::Plus {
            return operand;
        }
        if sign.as_rule() == Rule::TotalSign {
            let span = self.builder.span(sign).to(self.span_of(operand));
            return self.call_of("sum", vec![operand], Vec::new(), span);
        }
        self.builder.folded(sign, "-");
        let span = self.builder.span(sign).to(self.span_of(operand));
        self.push(ExprKind::Negate(operand), span)
    }

    fn postfix(&self, operand: ExprId, sign: Pair<'_, Rule>) -> ExprId {
        let span = self.span_of(operand).to(self.builder.span(&sign));
        match sign.as_rule() {
            Rule::Entry => {
                let index = |index: Pair<'_, Rule>| match index.as_rule() {
                    Rule::All => None,
                    _ => Some(self.tree(index.into_inner())),
                };
                let mut indices: Vec<_> = sign.into_inner().map(index).collect();
                // `Z[1][2]`
                let row = self.inspect(operand, |kind| match kind {
                    ExprKind::Entry { of, indices } if indices.len() == 1 => Some((*of, indices[0])),
                    _ => None,
                });
                let operand = match row.filter(|_| self.builder.answers && indices.len() == 1) {
                    Some((of, first)) => {
                        self.loose.set(true);
                        indices.insert(0, Some(first));
                        of
                    }
                    None => operand,
                };
                self.or_told(operand, |mut arena| arena.entry_at(operand, &indices, span))
            }
            Rule::Below => self.indexed(operand, sign, span),
            Rule::ShapeOf => {
                let place = self.builder.span(&sign);
                let axis = self.push(ExprKind::Number(first(sign).as_str().to_owned()), place);
                self.call_of(SIDE, vec![operand, axis], Vec::new(), span)
            }
            Rule::Superscript => self.superscript(operand, &sign, span),
            Rule::PythonMethod => self.method(operand, sign, span),
            Rule::DotTranspose => {
                let written = sign.as_str().trim();
                if !written.starts_with('^') {
                    self.builder.reading(self.builder.span(&sign), format!("`{written}` is read as the transpose"));
                }
                self.push(ExprKind::Transpose(operand), span)
            }
            _ => self.push(ExprKind::Transpose(operand), span),
        }
    }

    /// `(Y - X)_i`; `1_N` is the vector of N ones, `(x)_+` what is positive of `x`.
    fn indexed(&self, of: ExprId, sign: Pair<'_, Rule>, span: Span) -> ExprId {
        let parts: Vec<Spanned<String>> = sign.into_inner().map(|part| self.builder.spanned(&part)).collect();
        if self.is_one(of) {
            self.loose.set(true);
            let indices = parts.iter().map(|part| self.or_told(of, |mut arena| arena.index(part))).collect();
            return self.call_of("ones", indices, Vec::new(), span);
        }
        self.or_told(of, |mut arena| match parts.is_empty() {
            true => arena.of_operator("relu", of, span),
            false => arena.below(of, &parts, span),
        })
    }

    /// `²`, `⁻¹`
    fn superscript(&self, left: ExprId, sign: &Pair<'_, Rule>, span: Span) -> ExprId {
        const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        let place = self.builder.span(sign);
        let digit = |c: char| DIGITS.iter().position(|known| *known == c).map(|value| (b'0' + value as u8) as char);
        let digits: String = sign.as_str().chars().filter_map(digit).collect();
        let mut right = self.push(ExprKind::Number(digits), place);
        if sign.as_str().starts_with('⁻') {
            right = self.push(ExprKind::Negate(right), place);
        }
        let power = self.push(ExprKind::Binary { op: BinaryOp::Pow, left, right }, span);
        self.mark(power, |how| how.sign = Sign::Raised)
    }

    fn infix(&self, left: ExprId, sign: Pair<'_, Rule>, mut right: ExprId) -> ExprId {
        let (op, plain) = match sign.as_rule() {
            Rule::Add => (BinaryOp::Add, "+"),
            Rule::Sub => (BinaryOp::Sub, "-"),
            Rule::Div => (BinaryOp::Div, "/"),
            Rule::ElementwiseMul => (BinaryOp::ElementwiseMul, ".*"),
            Rule::ElementwiseDiv => (BinaryOp::ElementwiseDiv, "./"),
            Rule::Pow => (BinaryOp::Pow, "^"),
            Rule::ElementwisePow => (BinaryOp::ElementwisePow, ".^"),
            Rule::Mul => (BinaryOp::Mul, "*"),
            Rule::At | Rule::Stars | Rule::Tensor | Rule::Coefficient => return self.typed_infix(left, sign, right),
            _ => (BinaryOp::Mul, " "),
        };
        // `1 [Z > 0]`
        if plain == " " && self.is_one(left) && self.inspect(right, |kind| matches!(kind, ExprKind::Indicator { .. })) {
            self.loose.set(true);
            return right;
        }
        if op == BinaryOp::Mul && plain == "*" && self.builder.python {
            return self.python_product(left, &sign, right);
        }
        if matches!(op, BinaryOp::Mul | BinaryOp::Sub) && plain != " " {
            self.builder.folded(&sign, plain);
        }
        let written = match (plain, sign.as_str().is_empty()) {
            ("*", _) if self.builder.answers && matches!(sign.as_str(), "·" | "⋅") => Sign::Point,
            ("*", _) => Sign::Star,
            (" ", true) => Sign::Tight,
            (" ", false) => Sign::Space,
            _ => Sign::Own,
        };
        // `(Y - X)^T 1`
        if plain == " " && self.is_one(right) && !self.inspect(left, |kind| matches!(kind, ExprKind::Number(_))) {
            let place = self.span_of(right);
            self.builder.reading(place, "a factor `1` without a sign is read as the vector of ones");
            self.loose.set(true);
            right = self.push(ExprKind::Name(Name { text: "ones".to_owned(), index: None, span: place }), place);
        }
        // The signs of an exponent are read with the `^`.
        for exponent_sign in sign.into_inner().rev() {
            right = self.prefix(&exponent_sign, right);
        }
        let span = self.span_of(left).to(self.span_of(right));
        let id = self.push(ExprKind::Binary { op, left, right }, span);
        self.mark(id, |how| how.sign = written)
    }

    fn call(&self, pair: Pair<'_, Rule>) -> ExprId {
        let span = self.builder.span(&pair);
        let mut inner = pair.into_inner();
        let module = inner.peek().is_some_and(|first| first.as_rule() == Rule::Module);
        if module {
            inner.next();
        }
        let callee =
            inner.next().map(|callee| self.callee(&callee)).unwrap_or_else(|| unreachable!("a call has a callee"));
        let (arguments, options) = self.arguments(&callee.text, inner);
        let plain_words = self.builder.answers && LIBRARY_WORDS.contains(&callee.text.as_str());
        if module || plain_words {
            return self.library_call(callee, arguments, options, span);
        }
        let (mut arguments, mut options) = (arguments, options);
        if self.builder.answers {
            options = python_options(options);
            // `sum(D, 1)`
            if matches!(callee.text.as_str(), "sum" | "mean" | "softmax") {
                self.axis_argument(&mut arguments, &mut options);
            }
            self.bounds(&callee.text, &mut arguments, &mut options);
        }
        // As libraries call it.
        if ALONG_AN_AXIS.contains(&callee.text.as_str()) {
            options
                .iter_mut()
                .filter(|option| option.name.value == "dim")
                .for_each(|option| option.name.value = "axis".to_owned());
        }
        // `I(Z > 0)`
        if let ([only], "I" | "1" | "ind" | "indicator") = (arguments.as_slice(), callee.text.as_str())
            && self.inspect(*only, |kind| matches!(kind, ExprKind::Indicator { .. }))
        {
            return *only;
        }
        self.push(ExprKind::Call { callee, arguments, options }, span)
    }

    /// The arguments of a call, and its options.
    pub fn arguments(&self, callee: &str, pairs: Pairs<'_, Rule>) -> (Vec<ExprId>, Vec<NamedOption>) {
        let (mut arguments, mut options): (Vec<ExprId>, Vec<NamedOption>) = (Vec::new(), Vec::new());
        let mut compared = None;
        for argument in pairs {
            match argument.as_rule() {
                Rule::NamedOption => options.push(self.option(argument)),
                Rule::OptionWords => {
                    options.extend(option_words::option(callee, argument.as_str(), self.builder.span(&argument)));
                }
                Rule::Relation => compared = Some(relation_of(&argument)),
                _ => {
                    let span = self.builder.span(&argument);
                    let value = self.tree(argument.into_inner());
                    match (compared.take(), arguments.pop()) {
                        (Some(relation), Some(left)) => {
                            let span = self.span_of(left).to(span);
                            arguments.push(self.push(ExprKind::Indicator { relation, left, right: value }, span));
                        }
                        (_, before) => arguments.extend(before.into_iter().chain([value])),
                    }
                }
            }
        }
        (arguments, options)
    }

    /// `σ(`, `Σ(`, `√(` and `maxpoolᵀ(` are operators by another name.
    fn callee(&self, pair: &Pair<'_, Rule>) -> Name {
        const SIGNS: [(&str, &str); 4] = [("σ", "sigmoid"), ("Σ", "sum"), ("∑", "sum"), ("√", "sqrt")];
        let mut name = self.builder.name(pair);
        if let Some((own, below)) = pair.as_str().split_once('ᵀ') {
            name.text = turned(own, below.trim_start_matches('_')).unwrap_or(own).to_owned();
        }
        if let Some((_, operator)) = SIGNS.iter().find(|(sign, _)| *sign == name.text) {
            name.text = (*operator).to_owned();
        }
        name
    }

    fn option(&self, pair: Pair<'_, Rule>) -> NamedOption {
        let mut inner = pair.into_inner();
        let (name, value) = two(&mut inner);
        let span = self.builder.span(&value);
        let value = match value.as_rule() {
            Rule::SignedFraction => OptionValue::Number(self.builder.number(&value)),
            Rule::OptionList => OptionValue::List(value.into_inner().map(|item| self.builder.number(&item)).collect()),
            _ => OptionValue::Word(self.builder.word(&value).value),
        };
        NamedOption { name: self.builder.word(&name), value: Spanned { value, span } }
    }

    fn indicator(&self, pair: Pair<'_, Rule>) -> ExprId {
        let span = self.builder.span(&pair);
        let mut inner = pair.into_inner();
        let (left, relation) = two(&mut inner);
        let left = self.tree(left.into_inner());
        let relation = relation_of(&relation);
        let right = inner.next().map(|right| self.tree(right.into_inner())).unwrap_or(left);
        self.push(ExprKind::Indicator { relation, left, right }, span)
    }
}

pub fn relation_of(pair: &Pair<'_, Rule>) -> Relation {
    match pair.as_str() {
        ">" => Relation::Greater,
        ">=" | "≥" => Relation::GreaterEqual,
        "<" => Relation::Less,
        "<=" | "≤" => Relation::LessEqual,
        "==" | "=" => Relation::Equal,
        _ => Relation::NotEqual,
    }
}

/// The one pair inside of `pair`.
pub fn first(pair: Pair<'_, Rule>) -> Pair<'_, Rule> {
    pair.into_inner().next().expect("the grammar puts a pair inside of this rule")
}

/// The next two of `pairs`.
pub fn two<'i>(pairs: &mut Pairs<'i, Rule>) -> (Pair<'i, Rule>, Pair<'i, Rule>) {
    let mut next = || pairs.next().expect("the grammar puts two pairs here");
    (next(), next())
}
