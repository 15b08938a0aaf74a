//! Expressions: pairs to arena, by precedence.

use super::answer::gradient;
use super::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, NamedOption, OptionValue, Relation, Spanned};
use super::build::Builder;
use super::depth::too_many_operators;
use super::grammar::Rule;
use super::matrix;
use crate::limits::EXPRESSION_OPERATORS;
use crate::span::Span;
use pest::iterators::{Pair, Pairs};
use pest::pratt_parser::{Assoc, Op, PrattParser};
use std::cell::{Cell, RefCell};
use std::sync::LazyLock;

/// From loose to tight. A transpose is looser than a power, so that `A^-1^T` is `(A^-1)^T`.
static PRECEDENCE: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Op::infix(Rule::Add, Assoc::Left) | Op::infix(Rule::Sub, Assoc::Left))
        .op(Op::infix(Rule::ElementwiseMul, Assoc::Left) | Op::infix(Rule::ElementwiseDiv, Assoc::Left))
        .op(Op::infix(Rule::Mul, Assoc::Left)
            | Op::infix(Rule::Div, Assoc::Left)
            | Op::infix(Rule::Juxtaposition, Assoc::Left)
            | Op::infix(Rule::Tight, Assoc::Left))
        .op(Op::prefix(Rule::Negate) | Op::prefix(Rule::Plus))
        .op(Op::postfix(Rule::Transpose))
        .op(Op::infix(Rule::Pow, Assoc::Right))
        .op(Op::postfix(Rule::Entry) | Op::postfix(Rule::Superscript))
});

/// The nodes of one expression, filled operands first.
pub struct Arena<'b, 'a> {
    pub builder: &'b Builder<'a>,
    nodes: RefCell<Vec<ExprNode>>,
    operators: Cell<usize>,
}

pub fn expression(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Expr {
    fill(builder, |arena| arena.tree(pair.into_inner()))
}

/// A matrix that stands where no other expression may.
pub fn matrix_expression(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> Expr {
    fill(builder, |arena| matrix::build(arena, pair))
}

fn fill(builder: &Builder<'_>, build: impl FnOnce(&Arena<'_, '_>) -> ExprId) -> Expr {
    let arena = Arena { builder, nodes: RefCell::default(), operators: Cell::new(0) };
    build(&arena);
    Expr { nodes: arena.nodes.into_inner() }
}

impl Arena<'_, '_> {
    pub fn push(&self, kind: ExprKind, span: Span) -> ExprId {
        if self.is_operator(&kind) && !self.count(span) {
            return ExprId(0);
        }
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(ExprNode { kind, span });
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
            self.builder.fault(too_many_operators(span));
        }
        self.operators.get() <= EXPRESSION_OPERATORS
    }

    pub fn span_of(&self, id: ExprId) -> Span {
        self.nodes.borrow()[id.0 as usize].span
    }

    pub fn inspect<T>(&self, id: ExprId, look: impl FnOnce(&ExprKind) -> T) -> T {
        look(&self.nodes.borrow()[id.0 as usize].kind)
    }

    /// Operands and operators in the order of the text.
    pub fn tree(&self, pairs: Pairs<'_, Rule>) -> ExprId {
        if pairs.len() == 1 {
            return pairs.map(|pair| self.primary(pair)).last().expect("there is one");
        }
        PRECEDENCE
            .map_primary(|pair| self.primary(pair))
            .map_prefix(|sign, operand| self.prefix(&sign, operand))
            .map_postfix(|operand, sign| self.postfix(operand, sign))
            .map_infix(|left, sign, right| self.infix(left, sign, right))
            .parse(pairs)
    }

    fn primary(&self, pair: Pair<'_, Rule>) -> ExprId {
        let span = self.builder.span(&pair);
        match pair.as_rule() {
            Rule::Number => self.push(ExprKind::Number(self.builder.number(&pair)), span),
            Rule::SignedNumber => self.signed_number(&pair, span),
            Rule::Name => self.push(ExprKind::Name(self.builder.name(&pair)), span),
            Rule::Half => self.half(span),
            Rule::Gradient => {
                let (of, wrt) = gradient(self.builder, pair);
                self.push(ExprKind::Gradient { of, wrt }, span)
            }
            Rule::Call => self.call(pair),
            Rule::Indicator => self.indicator(pair),
            Rule::Matrix => matrix::build(self, pair),
            Rule::Paren => self.tree(first(pair).into_inner()),
            rule => unreachable!("{rule:?} is no operand in the grammar"),
        }
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
        if sign.as_rule() == Rule::Plus {
            return operand;
        }
        self.builder.folded(sign, "-");
        let span = self.builder.span(sign).to(self.span_of(operand));
        self.push(ExprKind::Negate(operand), span)
    }

    fn postfix(&self, operand: ExprId, sign: Pair<'_, Rule>) -> ExprId {
        let span = self.span_of(operand).to(self.builder.span(&sign));
        match sign.as_rule() {
            Rule::Entry => {
                let indices = sign.into_inner().map(|index| self.tree(index.into_inner())).collect();
                self.push(ExprKind::Entry { of: operand, indices }, span)
            }
            Rule::Superscript => self.superscript(operand, &sign, span),
            _ => self.push(ExprKind::Transpose(operand), span),
        }
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
        self.push(ExprKind::Binary { op: BinaryOp::Pow, left, right }, span)
    }

    fn infix(&self, left: ExprId, sign: Pair<'_, Rule>, mut right: ExprId) -> ExprId {
        let (op, plain) = match sign.as_rule() {
            Rule::Add => (BinaryOp::Add, "+"),
            Rule::Sub => (BinaryOp::Sub, "-"),
            Rule::Div => (BinaryOp::Div, "/"),
            Rule::ElementwiseMul => (BinaryOp::ElementwiseMul, ".*"),
            Rule::ElementwiseDiv => (BinaryOp::ElementwiseDiv, "./"),
            Rule::Pow => (BinaryOp::Pow, "^"),
            Rule::Mul => (BinaryOp::Mul, "*"),
            _ => (BinaryOp::Mul, " "),
        };
        if matches!(op, BinaryOp::Mul | BinaryOp::Sub) && plain != " " {
            self.builder.folded(&sign, plain);
        }
        // The signs of an exponent are read with the `^`.
        for exponent_sign in sign.into_inner().rev() {
            right = self.prefix(&exponent_sign, right);
        }
        let span = self.span_of(left).to(self.span_of(right));
        self.push(ExprKind::Binary { op, left, right }, span)
    }

    fn call(&self, pair: Pair<'_, Rule>) -> ExprId {
        let span = self.builder.span(&pair);
        let mut inner = pair.into_inner();
        let callee =
            inner.next().map(|callee| self.callee(&callee)).unwrap_or_else(|| unreachable!("a call has a callee"));
        let (mut arguments, mut options) = (Vec::new(), Vec::new());
        for argument in inner {
            match argument.as_rule() {
                Rule::NamedOption => options.push(self.option(argument)),
                _ => arguments.push(self.tree(argument.into_inner())),
            }
        }
        self.push(ExprKind::Call { callee, arguments, options }, span)
    }

    /// `σ(`, `Σ(` and `√(` are operators by another name.
    fn callee(&self, pair: &Pair<'_, Rule>) -> Name {
        const SIGNS: [(&str, &str); 4] = [("σ", "sigmoid"), ("Σ", "sum"), ("∑", "sum"), ("√", "sqrt")];
        let mut name = self.builder.name(pair);
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
        let relation = match relation.as_str() {
            ">" => Relation::Greater,
            ">=" | "≥" => Relation::GreaterEqual,
            "<" => Relation::Less,
            "<=" | "≤" => Relation::LessEqual,
            "==" => Relation::Equal,
            _ => Relation::NotEqual,
        };
        let right = inner.next().map(|right| self.tree(right.into_inner())).unwrap_or(left);
        self.push(ExprKind::Indicator { relation, left, right }, span)
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
