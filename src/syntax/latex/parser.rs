//! Expressions out of tokens, by precedence. What is an operand stands in `operand`, names in `symbol`.

use super::token::{Kind, Token};
use crate::diagnostic::{Diagnostic, READING};
use crate::limits::{EXPRESSION_OPERATORS, NESTING};
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, Sign};
use crate::syntax::construct::Construct;
use crate::syntax::fault::{too_deep, too_many_operators};
use crate::syntax::operands::compact;
use crate::syntax::precedence::{After, Level, Next, Terms, read};
use crate::syntax::split::split_names;
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
    /// The factors of a run of letters that are still to come, the last one first.
    pub(super) run: Vec<ExprId>,
    /// The letters of the entry that is given.
    pub(super) letters: Vec<String>,
    /// How many norms and absolute values stand open.
    pub(super) open_bars: usize,
    /// Where the text ends, for what is missing there.
    end: Span,
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
            run: Vec::new(),
            letters: Vec::new(),
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
                let read = split_names(&compact(&self.nodes, root), self.vocabulary, &[])?;
                self.notes.extend(read.notes);
                Ok(read.value)
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
            self.notes.push(Diagnostic::note(READING, message).at(span, "here"));
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
        self.of_two(op, left, right)
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
            return Err(Box::new(too_deep(self.span())));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    // ------------------------------------------------------------------------------------------- precedence

    /// `a < b <= c` as an indicator, or just a sum.
    pub(super) fn comparison(&mut self) -> Parsed<ExprId> {
        let (first, mut others) = (self.sum()?, Vec::new());
        while let Some(Kind::Relation(relation)) = self.peek() {
            self.at += 1;
            others.push((*relation, self.sum()?));
        }
        self.compared(first, others)
    }

    pub(super) fn sum(&mut self) -> Parsed<ExprId> {
        self.deeper(|parser| read(parser, Level::Sum))
    }

    /// `b` of `\mathbf{1} b`, which beside other terms is `b` in each row of them.
    fn repeated(&self, term: ExprId) -> Option<ExprId> {
        match self.kind(term) {
            ExprKind::Binary { op: BinaryOp::Mul, left, right } if self.ones(*left) == Some(false) => Some(*right),
            _ => None,
        }
    }

    fn added(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> Parsed<ExprId> {
        let (first, second) = match (self.repeated(left), self.repeated(right)) {
            (Some(row), None) => (row, right),
            (None, Some(row)) => (left, row),
            _ => (left, right),
        };
        self.binary(op, first, second)
    }

    /// Factors without a sign between; a number is none that follows another number or a name.
    fn juxtaposed(&mut self, left: ExprId) -> Parsed<Sign> {
        let spaced = self.tokens.get(self.at).is_some_and(|token| token.spaced);
        if matches!(self.peek(), Some(Kind::Number(_))) {
            let closed = matches!(self.tokens[self.at - 1].kind, Kind::Close(_) | Kind::GroupClose);
            if !closed || matches!(self.kind(left), ExprKind::Number(_)) {
                let help = "write `\\cdot` between them";
                return self.fault(self.span(), "a number follows a factor without a sign", help);
            }
        }
        Ok(if spaced { Sign::Space } else { Sign::Tight })
    }

    /// A product; `\mathbf{1}^\top A` and `A \mathbf{1}` are sums over rows and columns.
    fn multiplied(&mut self, left: ExprId, right: ExprId) -> Parsed<ExprId> {
        let summed = match (self.ones(left), self.ones(right)) {
            // What the ones are multiplied with decides their length; `check` may find it.
            (Some(_), Some(_)) => None,
            (Some(true), None) if !self.is_scalar(right) => Some(("colsum", right)),
            (None, Some(false)) if !self.is_scalar(left) && !self.is_ones_product(left) => Some(("rowsum", left)),
            _ => None,
        };
        let span = self.span_of(left).to(self.span_of(right));
        if let Some((operator, of)) = summed {
            // The name stands where the ones do.
            let callee = Name { text: operator.to_owned(), index: None, span: self.span_of(left) };
            return Ok(self.push(ExprKind::Call { callee, arguments: vec![of], options: Vec::new() }, span));
        }
        // `1^T A B`
        if let ExprKind::Call { callee, arguments, .. } = self.kind(left)
            && let ("colsum", &[of]) = (callee.text.as_str(), arguments.as_slice())
            && callee.span.end < self.span_of(of).start
            && !self.nodes[left.0 as usize].written.bracketed
        {
            let callee = callee.clone();
            let all = self.multiplied(of, right)?;
            return Ok(self.push(ExprKind::Call { callee, arguments: vec![all], options: Vec::new() }, span));
        }
        self.binary(BinaryOp::Mul, left, right)
    }

    /// Whether vectors of ones stand in a product as they are.
    fn is_ones_product(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Binary { op: BinaryOp::Mul, left, right } => {
                self.ones(*right).is_some() || self.is_ones_product(*left)
            }
            _ => self.ones(id).is_some(),
        }
    }

    /// `dL/dW` is a gradient.
    pub(super) fn quotient(&mut self, left: ExprId, right: ExprId) -> Option<ExprId> {
        let (ExprKind::Name(over), ExprKind::Name(under)) = (self.kind(left), self.kind(right)) else { return None };
        let (over, under) = (self.differential(over)?, self.differential(under)?);
        let span = self.span_of(left).to(self.span_of(right));
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
}

impl Construct for Parser<'_> {
    fn put(&mut self, kind: ExprKind, span: Span) -> Parsed<ExprId> {
        let operand = matches!(kind, ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Matrix(_));
        if !operand {
            self.count()?;
        }
        Ok(self.push(kind, span))
    }

    fn look<T>(&self, id: ExprId, look: impl FnOnce(&ExprKind) -> T) -> T {
        look(self.kind(id))
    }

    fn place(&self, id: ExprId) -> Span {
        self.span_of(id)
    }
}

/// A sign of LaTeX: what it does, and how it was written.
pub(super) type Joint = (BinaryOp, Sign);

impl Terms for Parser<'_> {
    type Sign = (Joint, Span);
    type Fault = Box<Diagnostic>;

    fn prefix(&mut self) -> Option<(Self::Sign, Level)> {
        let Some(Kind::Operator(op @ (BinaryOp::Add | BinaryOp::Sub))) = self.peek().filter(|_| self.run.is_empty())
        else {
            return None;
        };
        let span = self.span();
        self.at += 1;
        Some((((*op, Sign::Own), span), Level::Signed))
    }

    fn operand(&mut self) -> Parsed<ExprId> {
        if let Some(factor) = self.run.pop() {
            return Ok(factor);
        }
        let mut factors = self.factors()?;
        factors.reverse();
        let first = factors.pop();
        self.run = factors;
        first.ok_or_else(|| self.expected("an expression"))
    }

    fn after(&mut self, left: ExprId, least: Level) -> Parsed<Next<Self::Sign>> {
        let span = self.span();
        let infix = |op, sign, level| Ok(Some((After::Infix(((op, sign), span)), level)));
        if !self.run.is_empty() {
            return if Level::Product < least { Ok(None) } else { infix(BinaryOp::Mul, Sign::Tight, Level::Product) };
        }
        let Some(kind) = self.peek() else { return Ok(None) };
        let (op, sign, level) = match kind {
            Kind::Operator(op @ (BinaryOp::Add | BinaryOp::Sub)) => (*op, Sign::Own, Level::Sum),
            Kind::Operator(BinaryOp::Mul) => (BinaryOp::Mul, Sign::Point, Level::Product),
            Kind::Operator(BinaryOp::Div) => (BinaryOp::Div, Sign::Own, Level::Product),
            Kind::Operator(op) => (*op, Sign::Own, Level::Entrywise),
            Kind::Elementwise(sign) => {
                let outer = sign.ends_with("otimes") || *sign == "⊗";
                (BinaryOp::ElementwiseMul, if outer { Sign::Outer } else { Sign::Own }, Level::Entrywise)
            }
            // A full stop for the product, as in France.
            Kind::Other(sign) if sign == "." && self.peek_at(1).is_some_and(|kind| self.begins_factor(kind)) => {
                (BinaryOp::Mul, Sign::Own, Level::Product)
            }
            kind if self.begins_factor(kind) => {
                if Level::Product < least {
                    return Ok(None);
                }
                return infix(BinaryOp::Mul, self.juxtaposed(left)?, Level::Product);
            }
            _ => return Ok(None),
        };
        if level < least {
            return Ok(None);
        }
        match kind {
            Kind::Elementwise(written) => {
                let what =
                    if sign == Sign::Outer { "outer product of vectors, else the elementwise" } else { "elementwise" };
                self.note(span, format!("`{written}` is read as the {what} product"));
            }
            Kind::Other(_) => self.note(span, "`.` between factors is read as the product"),
            _ => {}
        }
        self.at += 1;
        infix(op, sign, level)
    }

    fn signed(&mut self, ((op, _), span): Self::Sign, operand: ExprId) -> Parsed<ExprId> {
        if op == BinaryOp::Add {
            return Ok(operand);
        }
        self.count()?;
        let span = span.to(self.span_of(operand));
        Ok(self.push(ExprKind::Negate(operand), span))
    }

    fn joined(&mut self, left: ExprId, ((op, sign), _): Self::Sign, right: ExprId) -> Parsed<ExprId> {
        let node = match op {
            BinaryOp::Add | BinaryOp::Sub => self.added(op, left, right)?,
            BinaryOp::Mul => self.multiplied(left, right)?,
            BinaryOp::Div => match self.quotient(left, right) {
                Some(gradient) => gradient,
                None => self.binary(op, left, right)?,
            },
            _ => self.binary(op, left, right)?,
        };
        if matches!(self.kind(node), ExprKind::Binary { .. }) {
            self.nodes[node.0 as usize].written.sign = sign;
        }
        Ok(node)
    }

    /// Powers, transposes and indices are read with their operand.
    fn followed(&mut self, operand: ExprId, _: Self::Sign) -> Parsed<ExprId> {
        Ok(operand)
    }

    fn levels(&self, (_, place): &Self::Sign) -> (Span, usize) {
        (*place, 1)
    }

    fn deeper(&mut self, _: Span, _: usize, read: impl FnOnce(&mut Self) -> Parsed<ExprId>) -> Parsed<ExprId> {
        self.deeper(read)
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
        | Kind::Fold(_)
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
