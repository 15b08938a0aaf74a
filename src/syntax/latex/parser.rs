//! Expressions out of tokens, by precedence. What is an operand stands in `operand`, names in `symbol`.

use super::token::{Kind, Token};
use crate::diagnostic::Diagnostic;
use crate::limits::{EXPRESSION_OPERATORS, NESTING};
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, Relation, Sign};
use crate::syntax::depth::too_many_operators;
use crate::syntax::operands::compact;
use crate::syntax::vocabulary::{Sense, Vocabulary};

pub type Parsed<T> = Result<T, Box<Diagnostic>>;

/// Reads one expression; the tokens are those of one member of an answer.
pub struct Parser<'t> {
    pub(super) tokens: &'t [Token],
    pub(super) at: usize,
    pub(super) vocabulary: &'t Vocabulary,
    /// Indices of the sums around the present place.
    pub(super) indices: Vec<String>,
    /// Whether an answer's target is read.
    pub(super) heading: bool,
    pub(super) notes: Vec<Diagnostic>,
    pub(super) nodes: Vec<ExprNode>,
    /// For each brace that opens, the place of the one that closes it.
    matching: Vec<Option<usize>>,
    depth: usize,
    operators: usize,
    /// How many norms and absolute values stand open.
    pub(super) open_bars: usize,
    /// Where the text ends, for what is missing there.
    end: Span,
}

/// One factor of a product and how it is joined to those before it.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub op: BinaryOp,
    pub factor: ExprId,
}

impl<'t> Parser<'t> {
    pub fn new(tokens: &'t [Token], vocabulary: &'t Vocabulary, end: Span) -> Parser<'t> {
        let end = tokens.last().map_or(end, |token| Span::new(token.span.end, token.span.end));
        let (notes, nodes, matching) = (Vec::new(), Vec::new(), matching(tokens));
        let indices = Vec::new();
        Parser {
            tokens,
            at: 0,
            vocabulary,
            indices,
            heading: false,
            notes,
            nodes,
            matching,
            depth: 0,
            operators: 0,
            open_bars: 0,
            end,
        }
    }

    /// The name that a key stands for here.
    pub(super) fn resolve(&self, key: &str) -> Option<(String, Sense)> {
        if self.indices.iter().any(|index| index == key) {
            return Some((key.to_owned(), Sense::Value));
        }
        self.vocabulary.resolve(key)
    }

    /// The same for a piece of a run of letters.
    pub(super) fn resolve_part(&self, key: &str) -> Option<(String, Sense)> {
        if self.indices.iter().any(|index| index == key) {
            self.resolve(key)
        } else {
            self.vocabulary.resolve_part(key)
        }
    }

    pub(super) fn is_value(&self, key: &str) -> bool {
        self.vocabulary.is_value(key) || self.indices.iter().any(|index| index == key)
    }

    /// Where the brace at a place is closed.
    pub(super) fn matching(&self, at: usize) -> Option<usize> {
        self.matching.get(at).copied().flatten()
    }

    /// The expression that takes up all tokens.
    pub fn whole(&mut self) -> Parsed<Expr> {
        self.nodes.clear();
        let mut root = self.comparison()?;
        if self.eats_percent() {
            let hundred = self.number("100", self.span_before());
            root = self.binary(BinaryOp::Div, root, hundred)?;
        }
        match self.tokens.get(self.at) {
            None => {
                self.name_ones();
                Ok(compact(&self.nodes, root))
            }
            Some(token) => Err(unexpected(token)),
        }
    }

    /// `28\%`, `28 percent` at the end
    fn eats_percent(&mut self) -> bool {
        let percent = match self.peek() {
            Some(Kind::Other(sign)) => sign == "\\%",
            Some(Kind::Word(word)) => matches!(word.trim(), "percent" | "%" | "per cent"),
            _ => false,
        } && self.at + 1 == self.tokens.len();
        self.at += usize::from(percent);
        percent
    }

    /// Vectors of ones that were not summed with have the length that fits.
    fn name_ones(&mut self) {
        for node in &mut self.nodes {
            if let ExprKind::Call { callee, arguments, .. } = &node.kind
                && callee.text == "ones"
                && arguments.is_empty()
            {
                node.kind = ExprKind::Name(callee.clone());
            }
        }
    }

    // ------------------------------------------------------------------------------------------- tokens

    pub(super) fn peek(&self) -> Option<&'t Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<&'t Kind> {
        self.tokens.get(self.at + ahead).map(|token| &token.kind)
    }

    pub(super) fn span(&self) -> Span {
        self.tokens.get(self.at).map_or(self.end, |token| token.span)
    }

    pub(super) fn span_before(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(self.end, |token| token.span)
    }

    pub(super) fn eat(&mut self, kind: &Kind) -> bool {
        let found = self.peek() == Some(kind);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, kind: &Kind, shown: &str) -> Parsed<()> {
        if self.eat(kind) { Ok(()) } else { Err(self.expected(shown)) }
    }

    pub(super) fn expected(&self, shown: &str) -> Box<Diagnostic> {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(kind) => shown_kind(kind),
        };
        Box::new(Diagnostic::error("E-latex", format!("expected {shown}, found {found}")).at(self.span(), "here"))
    }

    pub(super) fn fault<T>(&self, span: Span, message: impl Into<String>, help: &str) -> Parsed<T> {
        let fault = Diagnostic::error("E-latex", message).at(span, "here");
        Err(Box::new(if help.is_empty() { fault } else { fault.help(help) }))
    }

    pub(super) fn note(&mut self, span: Span, message: impl Into<String>) {
        let message = message.into();
        if !self.notes.iter().any(|note| note.message == message) {
            self.notes.push(Diagnostic::note("N-reading", message).at(span, "here"));
        }
    }

    // ------------------------------------------------------------------------------------------- nodes

    pub(super) fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.nodes.push(ExprNode::new(kind, span));
        ExprId(self.nodes.len() as u32 - 1)
    }

    pub(super) fn kind(&self, id: ExprId) -> &ExprKind {
        &self.nodes[id.0 as usize].kind
    }

    pub(super) fn span_of(&self, id: ExprId) -> Span {
        self.nodes[id.0 as usize].span
    }

    pub(super) fn number(&mut self, text: &str, span: Span) -> ExprId {
        self.push(ExprKind::Number(text.to_owned()), span)
    }

    pub(super) fn call(&mut self, callee: &str, arguments: Vec<ExprId>, span: Span) -> ExprId {
        let callee = Name { text: callee.to_owned(), index: None, span };
        self.push(ExprKind::Call { callee, arguments, options: Vec::new() }, span)
    }

    pub(super) fn binary(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> Parsed<ExprId> {
        self.count()?;
        let span = self.span_of(left).to(self.span_of(right));
        Ok(self.push(ExprKind::Binary { op, left, right }, span))
    }

    pub(super) fn count(&mut self) -> Parsed<()> {
        self.operators += 1;
        if self.operators > EXPRESSION_OPERATORS {
            Err(Box::new(too_many_operators(self.span_before())))
        } else {
            Ok(())
        }
    }

    /// One level deeper, for the time of `read`.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > NESTING {
            let fault = Diagnostic::error("E-depth", format!("this is nested more than {NESTING} deep"));
            return Err(Box::new(fault.at(self.span(), format!("level {}", NESTING + 1))));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    // ------------------------------------------------------------------------------------------- precedence

    /// `a < b <= c` as an indicator, or just a sum.
    pub(super) fn comparison(&mut self) -> Parsed<ExprId> {
        let mut left = self.sum()?;
        let mut all: Option<ExprId> = None;
        while let Some(Kind::Relation(relation)) = self.peek() {
            self.at += 1;
            let right = self.sum()?;
            let this = self.indicator(*relation, left, right)?;
            all = Some(match all {
                None => this,
                Some(before) => self.binary(BinaryOp::ElementwiseMul, before, this)?,
            });
            left = if matches!(self.peek(), Some(Kind::Relation(_))) { self.copied(right)? } else { right };
        }
        Ok(all.unwrap_or(left))
    }

    /// The middle of `a < b < c`, which is written twice: a tree's node has one parent.
    fn copied(&mut self, middle: ExprId) -> Parsed<ExprId> {
        match self.kind(middle) {
            ExprKind::Number(_) | ExprKind::Name(_) => Ok(self.push(self.kind(middle).clone(), self.span_of(middle))),
            _ => self.fault(self.span_of(middle), "the middle of a chain of relations is more than a name", ""),
        }
    }

    pub(super) fn indicator(&mut self, relation: Relation, left: ExprId, right: ExprId) -> Parsed<ExprId> {
        self.count()?;
        let span = self.span_of(left).to(self.span_of(right));
        Ok(self.push(ExprKind::Indicator { relation, left, right }, span))
    }

    pub(super) fn sum(&mut self) -> Parsed<ExprId> {
        self.deeper(|parser| {
            let mut left = parser.term()?;
            while let Some(Kind::Operator(op @ (BinaryOp::Add | BinaryOp::Sub))) = parser.peek() {
                parser.at += 1;
                let right = parser.term()?;
                let (first, second) = match (parser.repeated(left), parser.repeated(right)) {
                    (Some(row), None) => (row, right),
                    (None, Some(row)) => (left, row),
                    _ => (left, right),
                };
                left = parser.binary(*op, first, second)?;
            }
            Ok(left)
        })
    }

    /// `b` of `\mathbf{1} b`, which beside other terms is `b` in each row of them.
    fn repeated(&self, term: ExprId) -> Option<ExprId> {
        match self.kind(term) {
            ExprKind::Binary { op: BinaryOp::Mul, left, right } if self.ones(*left) == Some(false) => Some(*right),
            _ => None,
        }
    }

    /// Elementwise products, which are looser than others; a sum's sign reaches this far.
    pub(super) fn term(&mut self) -> Parsed<ExprId> {
        let mut left = self.product()?;
        loop {
            let mut sign_read = Sign::Own;
            let op = match self.peek() {
                Some(Kind::Operator(op @ (BinaryOp::ElementwiseMul | BinaryOp::ElementwiseDiv))) => *op,
                Some(Kind::Elementwise(sign)) => {
                    let outer = sign.ends_with("otimes") || *sign == "⊗";
                    let what = if outer { "outer product of vectors, else the elementwise" } else { "elementwise" };
                    self.note(self.span(), format!("`{sign}` is read as the {what} product"));
                    sign_read = if outer { Sign::Outer } else { Sign::Own };
                    BinaryOp::ElementwiseMul
                }
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            if op == BinaryOp::ElementwiseDiv && self.is_open_product(right) {
                return self.two_readings(self.span_of(left).to(self.span_of(right)));
            }
            left = self.binary(op, left, right)?;
            self.nodes[left.0 as usize].written.sign = sign_read;
        }
    }

    /// A product or a quotient with no bracket around it.
    fn is_open_product(&self, id: ExprId) -> bool {
        let node = &self.nodes[id.0 as usize];
        matches!(node.kind, ExprKind::Binary { op: BinaryOp::Mul | BinaryOp::Div, .. }) && !node.written.bracketed
    }

    fn product(&mut self) -> Parsed<ExprId> {
        let mut chain: Vec<Link> = Vec::new();
        let mut op = BinaryOp::Mul;
        loop {
            self.signed(op, &mut chain)?;
            op = match self.peek() {
                Some(Kind::Operator(op @ (BinaryOp::Mul | BinaryOp::Div))) => {
                    self.at += 1;
                    *op
                }
                // A full stop for the product, as in France.
                Some(Kind::Other(sign))
                    if sign == "." && self.peek_at(1).is_some_and(|kind| self.begins_factor(kind)) =>
                {
                    self.note(self.span(), "`.` between factors is read as the product");
                    self.at += 1;
                    BinaryOp::Mul
                }
                Some(kind) if self.begins_factor(kind) => {
                    self.juxtaposed(&chain)?;
                    BinaryOp::Mul
                }
                _ => return self.folded(chain),
            };
        }
    }

    /// What stands without a sign: not a number after another factor's name, nor a factor after `a/b`.
    fn juxtaposed(&mut self, chain: &[Link]) -> Parsed<()> {
        let after_number = chain.last().is_some_and(|link| matches!(self.kind(link.factor), ExprKind::Number(_)));
        let spaced = self.tokens.get(self.at).is_some_and(|token| token.spaced);
        if matches!(self.peek(), Some(Kind::Number(_))) {
            let closed = matches!(self.tokens[self.at - 1].kind, Kind::Close(_) | Kind::GroupClose);
            if after_number || !closed {
                return self.fault(
                    self.span(),
                    "a number follows a factor without a sign",
                    "write `\\cdot` between them",
                );
            }
        }
        let divided = chain.last().is_some_and(|link| link.op == BinaryOp::Div);
        let bracket = matches!(self.peek(), Some(Kind::Open(_)));
        if divided && !spaced && bracket {
            self.note(self.span(), "`a/b(c)` is read as `(a/b)(c)`, not as `a/(b(c))`");
        }
        if divided && !spaced && !bracket {
            return self.two_readings(self.span());
        }
        Ok(())
    }

    /// `a/bc`
    pub(super) fn two_readings<T>(&self, place: Span) -> Parsed<T> {
        let help = "write `\\frac{a}{bc}` or `\\frac{a}{b} c`";
        self.fault(place, "what stands after a `/` here can be read in two ways", help)
    }

    /// Factors with the signs before them.
    fn signed(&mut self, op: BinaryOp, chain: &mut Vec<Link>) -> Parsed<()> {
        let start = self.span();
        match self.peek() {
            Some(Kind::Operator(BinaryOp::Add)) => {
                self.at += 1;
                self.deeper(|parser| parser.signed(op, chain))
            }
            Some(Kind::Operator(BinaryOp::Sub)) => {
                self.at += 1;
                let first = chain.len();
                self.deeper(|parser| parser.signed(op, chain))?;
                let operand = chain[first].factor;
                self.count()?;
                let span = start.to(self.span_of(operand));
                chain[first].factor = self.push(ExprKind::Negate(operand), span);
                Ok(())
            }
            _ => self.factors(op, chain),
        }
    }

    /// One product out of its factors; `\mathbf{1}^\top A` and `A \mathbf{1}` are sums over rows and columns.
    fn folded(&mut self, chain: Vec<Link>) -> Parsed<ExprId> {
        if chain.iter().any(|link| self.ones(link.factor).is_some())
            && chain.iter().all(|link| link.op == BinaryOp::Mul)
        {
            let factors: Vec<ExprId> = chain.iter().map(|link| link.factor).collect();
            return self.summed(&factors);
        }
        let mut left: Option<ExprId> = None;
        for link in chain {
            left = Some(match left {
                None => link.factor,
                Some(left) => match self.quotient(left, link) {
                    Some(gradient) => gradient,
                    None => self.binary(link.op, left, link.factor)?,
                },
            });
        }
        left.ok_or_else(|| self.expected("an expression"))
    }

    /// `dL/dW` is a gradient.
    pub(super) fn quotient(&mut self, left: ExprId, link: Link) -> Option<ExprId> {
        let (ExprKind::Name(over), ExprKind::Name(under), BinaryOp::Div) =
            (self.kind(left), self.kind(link.factor), link.op)
        else {
            return None;
        };
        let (over, under) = (self.differential(over)?, self.differential(under)?);
        let span = self.span_of(left).to(self.span_of(link.factor));
        Some(self.push(ExprKind::Gradient { of: over, wrt: under }, span))
    }

    /// `L` of `dL`, where `dL` is no name of its own.
    fn differential(&self, name: &Name) -> Option<Name> {
        let rest = name.text.strip_prefix('d').filter(|rest| !rest.is_empty())?;
        let own = self.is_value(&name.key());
        (!own).then(|| Name { text: rest.trim_start_matches('_').to_owned(), index: None, span: name.span })
    }

    /// A number, or the name of a value with one entry.
    fn is_scalar(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Number(_) => true,
            ExprKind::Name(name) => self.vocabulary.is_scalar(&name.key()),
            _ => false,
        }
    }

    /// `ones()`, plain (false) or transposed (true).
    fn ones(&self, id: ExprId) -> Option<bool> {
        let plain = |id: ExprId| matches!(self.kind(id), ExprKind::Call { callee, arguments, .. } if callee.text == "ones" && arguments.is_empty());
        match self.kind(id) {
            ExprKind::Transpose(of) if plain(*of) => Some(true),
            _ if plain(id) => Some(false),
            _ => None,
        }
    }

    /// A product with vectors of ones: `1ᵀ A` is the sum over the rows, `A 1` over the columns.
    fn summed(&mut self, factors: &[ExprId]) -> Parsed<ExprId> {
        let lead = factors.first().and_then(|first| self.ones(*first)) == Some(true);
        let tail = factors.last().and_then(|last| self.ones(*last)) == Some(false);
        let inner = &factors[usize::from(lead)..factors.len() - usize::from(tail)];
        let mixed = inner.iter().any(|factor| self.ones(*factor).is_some());
        // `\alpha \mathbf 1` is a vector.
        let scalar = inner.iter().all(|factor| self.is_scalar(*factor));
        if inner.is_empty() || mixed || scalar {
            // What the ones are multiplied with decides their length; `check` may find it.
            let mut product = factors[0];
            for factor in &factors[1..] {
                product = self.binary(BinaryOp::Mul, product, *factor)?;
            }
            return Ok(product);
        }
        let mut product = inner[0];
        for factor in &inner[1..] {
            product = self.binary(BinaryOp::Mul, product, *factor)?;
        }
        let span = self.span_of(factors[0]).to(self.span_of(factors[factors.len() - 1]));
        if lead {
            product = self.call("colsum", vec![product], span);
        }
        if tail {
            product = self.call("rowsum", vec![product], span);
        }
        Ok(product)
    }
}

fn matching(tokens: &[Token]) -> Vec<Option<usize>> {
    let mut matching = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == Kind::GroupOpen {
            open.push(at);
        } else if token.kind == Kind::GroupClose
            && let Some(opened) = open.pop()
        {
            matching[opened] = Some(at);
        }
    }
    matching
}

pub fn unexpected(token: &Token) -> Box<Diagnostic> {
    let fault = match &token.kind {
        Kind::Other(command) => Diagnostic::error("E-latex", format!("`{command}` can't be read in an answer")),
        kind => Diagnostic::error("E-latex", format!("{} can't stand here", shown_kind(kind))),
    };
    Box::new(fault.at(token.span, "here"))
}

fn shown_kind(kind: &Kind) -> String {
    match kind {
        Kind::Number(text) | Kind::Letter(text) | Kind::Word(text) | Kind::Other(text) => {
            format!("`{}`", shortened(text))
        }
        Kind::Open(sign) | Kind::Close(sign) => format!("`{sign}`"),
        Kind::GroupOpen => "`{`".to_owned(),
        Kind::GroupClose => "`}`".to_owned(),
        Kind::Superscript => "`^`".to_owned(),
        Kind::Subscript => "`_`".to_owned(),
        Kind::Prime => "`'`".to_owned(),
        Kind::Column => "`&`".to_owned(),
        Kind::RowEnd => "`\\\\`".to_owned(),
        Kind::Comma => "`,`".to_owned(),
        Kind::Semicolon => "`;`".to_owned(),
        Kind::Colon => "`:`".to_owned(),
        Kind::Call(name) => format!("`{}`", shortened(name)),
        Kind::Equals => "a sign of equality".to_owned(),
        Kind::Begin(name) => format!("`\\begin{{{}}}`", shortened(name)),
        Kind::End(name) => format!("`\\end{{{}}}`", shortened(name)),
        Kind::Relation(_) => "a relation".to_owned(),
        Kind::Bar | Kind::DoubleBar => "a bar".to_owned(),
        Kind::Operator(_) | Kind::Elementwise(_) => "an operator".to_owned(),
        Kind::Ones
        | Kind::Top
        | Kind::Gap
        | Kind::Gets
        | Kind::Proportional
        | Kind::Parameter(_)
        | Kind::Derivative
        | Kind::Arrow
        | Kind::In
        | Kind::Sum
        | Kind::Fraction
        | Kind::Root
        | Kind::Partial
        | Kind::Nabla
        | Kind::Function(_)
        | Kind::Accent(_)
        | Kind::Brace => "a sign".to_owned(),
    }
}

fn shortened(text: &str) -> &str {
    const SHOWN: usize = 40;
    text.char_indices().nth(SHOWN).map_or(text, |(end, _)| &text[..end])
}
