//! Names and brackets side by side as the products that they are: `W2(Y - X)`, `ZW2`, for problems and for answers.
//!
//! A factor before such a product belongs to its first factor, and a power, a transpose or an index after it to its
//! last one, so that `1/(a(1 - a))` keeps its bracket and `a(x + 1)^2` squares the bracket only. What could be read
//! otherwise is a doubt, which the caller refuses or tells of.

use super::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, Sign, Written};
use super::operands::{compact, map_operands};
use super::print::print_expression;
use crate::diagnostic::{Diagnostic, READING};
use crate::span::Span;
use std::borrow::Cow;

/// Characters of a reading that a message shows.
const SHOWN: usize = 60;

/// What a node of the old arena is in the new one.
#[derive(Clone)]
pub enum Place {
    Node(ExprId),
    /// A product that is not written yet.
    Product(Product),
    /// A function that waits for what it is applied to: `x sin`.
    Function(Function),
    /// A function before an operand without brackets: `x sin x`.
    Applied {
        function: Function,
        argument: ExprId,
    },
}

/// A function's name with what stands before it.
#[derive(Clone)]
pub struct Function {
    before: Option<(ExprId, BinaryOp, Sign)>,
    callee: Name,
    power: Option<ExprId>,
    negated: bool,
}

#[derive(Clone)]
pub struct Product {
    pub before: Vec<ExprId>,
    pub last: ExprId,
    /// Whether the last factor is the bracket after a name.
    pub bracket: bool,
}

/// What can be read in two ways.
pub struct Doubt {
    pub span: Span,
    /// How it is read, and how it could be.
    pub readings: [String; 2],
    pub usual: Usual,
}

/// Where the first reading is usual enough to be only told of.
#[derive(Clone, Copy, PartialEq)]
pub enum Usual {
    Nowhere,
    InAnswers,
    Everywhere,
}

impl Doubt {
    pub fn refused(&self) -> Diagnostic {
        let [first, second] = &self.readings;
        let message = format!("this can be read in two ways: `{first}` or `{second}`");
        Diagnostic::error("E-ambiguous", message).at(self.span, "here").help("write the brackets")
    }

    pub fn told(&self) -> Diagnostic {
        let [first, second] = &self.readings;
        Diagnostic::note(READING, format!("this is read as `{first}`, not as `{second}`")).at(self.span, "here")
    }
}

/// What names mean to the one who rewrites.
pub trait Names {
    /// A node that is something else than it looks like; `None`: it is as it is written.
    fn place(&mut self, arena: &mut Arena<'_>, node: &ExprNode) -> Result<Option<Place>, Diagnostic>;

    /// The operator that a name is, if it is no value.
    fn operator(&self, name: &Name) -> Option<String>;

    /// Whether to go on after a doubt.
    fn doubt(&mut self, doubt: Doubt) -> Result<(), Diagnostic>;
}

/// The expression with products for what is one.
pub fn rewritten(expr: &Expr, names: &mut impl Names) -> Result<Expr, Diagnostic> {
    let mut arena = Arena { expr, nodes: Vec::with_capacity(expr.nodes.len() + 8), places: Vec::new() };
    for node in &expr.nodes {
        let place = match names.place(&mut arena, node)? {
            Some(place) => place,
            None => arena.as_written(node, names)?,
        };
        let place = if node.written.bracketed { arena.closed(place) } else { place };
        arena.places.push(place);
    }
    let root = arena.whole(expr.root());
    Ok(compact(&arena.nodes, root))
}

/// The expression of a problem with products for calls of values, and calls for operators without brackets; `tell` takes
/// the notes.
pub fn with_products<'e>(
    expr: &'e Expr,
    is_value: impl Fn(&Name) -> bool,
    is_operator: impl Fn(&Name) -> bool,
    tell: impl FnMut(Diagnostic),
) -> Result<Cow<'e, Expr>, Diagnostic> {
    let mut values = Values { is_value, is_operator, tell };
    let changes = |node: &ExprNode| match &node.kind {
        ExprKind::Name(name) => values.operator(name).is_some(),
        ExprKind::Call { .. } => node.written.sign == Sign::Space || values.factor(&node.kind).is_some(),
        ExprKind::Binary { op: BinaryOp::ElementwiseDiv, right, .. } => is_open_product(expr.node(*right)),
        ExprKind::Binary { op: BinaryOp::Pow, right, .. } => is_open_power(expr.node(*right)),
        _ => matches!(node.written.sign, Sign::Tight | Sign::Space),
    };
    match expr.nodes.iter().any(changes) {
        true => rewritten(expr, &mut values).map(Cow::Owned),
        false => Ok(Cow::Borrowed(expr)),
    }
}

/// The values and the operators of a problem by name.
struct Values<F, G, H> {
    is_value: F,
    is_operator: G,
    tell: H,
}

impl<F: Fn(&Name) -> bool, G: Fn(&Name) -> bool, H: FnMut(Diagnostic)> Values<F, G, H> {
    fn factor(&self, kind: &ExprKind) -> Option<(Name, ExprId)> {
        match kind {
            ExprKind::Call { callee, arguments, options } => match arguments.as_slice() {
                [only] if options.is_empty() && (self.is_value)(callee) => Some((callee.clone(), *only)),
                _ => None,
            },
            _ => None,
        }
    }
}

impl<F: Fn(&Name) -> bool, G: Fn(&Name) -> bool, H: FnMut(Diagnostic)> Names for Values<F, G, H> {
    fn place(&mut self, arena: &mut Arena<'_>, node: &ExprNode) -> Result<Option<Place>, Diagnostic> {
        Ok(self.factor(&node.kind).map(|(factor, bracket)| arena.called(factor, bracket)))
    }

    fn operator(&self, name: &Name) -> Option<String> {
        ((self.is_operator)(name) && !(self.is_value)(name)).then(|| name.text.clone())
    }

    fn doubt(&mut self, doubt: Doubt) -> Result<(), Diagnostic> {
        match doubt.usual {
            Usual::Everywhere => (self.tell)(doubt.told()),
            Usual::InAnswers | Usual::Nowhere => return Err(doubt.refused()),
        }
        Ok(())
    }
}

/// The new nodes, operands first, and what each old one became.
pub struct Arena<'e> {
    pub expr: &'e Expr,
    nodes: Vec<ExprNode>,
    places: Vec<Place>,
}

impl Arena<'_> {
    pub fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.put(ExprNode::new(kind, span))
    }

    fn put(&mut self, node: ExprNode) -> ExprId {
        self.nodes.push(node);
        ExprId(self.nodes.len() as u32 - 1)
    }

    pub fn name(&mut self, text: String, span: Span) -> ExprId {
        self.push(ExprKind::Name(Name { text, index: None, span }), span)
    }

    pub fn times(&mut self, op: BinaryOp, sign: Sign, left: ExprId, right: ExprId) -> ExprId {
        let span = self.span(left).to(self.span(right));
        let written = Written { bracketed: false, sign };
        self.put(ExprNode { kind: ExprKind::Binary { op, left, right }, span, written })
    }

    fn span(&self, id: ExprId) -> Span {
        self.nodes[id.0 as usize].span
    }

    pub fn place(&self, old: ExprId) -> &Place {
        &self.places[old.0 as usize]
    }

    /// The product that an old node is, if it is one that is not written yet.
    fn open(&self, old: ExprId) -> Option<Product> {
        match self.place(old) {
            Place::Product(product) => Some(product.clone()),
            Place::Node(_) | Place::Function(_) | Place::Applied { .. } => None,
        }
    }

    fn waiting(&self, old: ExprId) -> Option<Function> {
        match self.place(old) {
            Place::Function(function) => Some(function.clone()),
            Place::Node(_) | Place::Product(_) | Place::Applied { .. } => None,
        }
    }

    /// The new node of an old one; a product is written now.
    pub fn whole(&mut self, old: ExprId) -> ExprId {
        let place = self.place(old).clone();
        self.written(place)
    }

    fn written(&mut self, place: Place) -> ExprId {
        match place {
            Place::Node(id) => id,
            Place::Product(product) => {
                let mut factors = product.before.into_iter().chain([product.last]);
                let first = factors.next().unwrap_or(product.last);
                factors.fold(first, |left, right| self.times(BinaryOp::Mul, Sign::Tight, left, right))
            }
            Place::Applied { function, argument } => self.applied(&function, argument),
            // Nothing follows: it stays a name.
            Place::Function(function) => {
                let span = function.callee.span;
                let name = self.push(ExprKind::Name(function.callee.clone()), span);
                self.function_of(&function, name)
            }
        }
    }

    fn applied(&mut self, function: &Function, argument: ExprId) -> ExprId {
        let listed = &self.nodes[argument.0 as usize];
        let arguments = match (&listed.kind, listed.written) {
            (ExprKind::Matrix(rows), Written { bracketed: true, sign: Sign::Comma }) if rows.len() == 1 => {
                rows[0].clone()
            }
            _ => vec![argument],
        };
        let span = function.callee.span.to(listed.span);
        let callee = function.callee.clone();
        let value = self.push(ExprKind::Call { callee, arguments, options: Vec::new() }, span);
        self.function_of(function, value)
    }

    /// A function's value, or its name, with its power, its sign and the factors before it.
    fn function_of(&mut self, function: &Function, mut value: ExprId) -> ExprId {
        let span = self.span(value);
        if let Some(right) = function.power {
            value = self.push(ExprKind::Binary { op: BinaryOp::Pow, left: value, right }, span);
        }
        if function.negated {
            value = self.push(ExprKind::Negate(value), span);
        }
        match function.before {
            Some((left, op, sign)) => self.times(op, sign, left, value),
            None => value,
        }
    }

    /// `sin x`; in brackets it is a call like any other.
    fn apply(&mut self, function: Function, right: ExprId, names: &mut impl Names) -> Result<Place, Diagnostic> {
        if let Some(Product { before, last, bracket: true }) = self.open(right) {
            let mut factors = before.into_iter();
            let argument = factors.next().unwrap_or(last);
            let value = self.applied(&function, argument);
            let first = self.times(BinaryOp::Mul, Sign::Tight, value, last);
            let whole = self.whole(right);
            let other = self.applied(&function, whole);
            names.doubt(self.doubt(first, other, self.span(other), Usual::Nowhere))?;
        }
        let bracketed = self.expr.node(right).written.bracketed;
        let argument = self.whole(right);
        Ok(if bracketed {
            Place::Node(self.applied(&function, argument))
        } else {
            Place::Applied { function, argument }
        })
    }

    /// What follows `sin x` without a sign.
    fn after_function(
        &mut self,
        (function, argument): (Function, ExprId),
        node: &ExprNode,
        right: ExprId,
        names: &mut impl Names,
    ) -> Result<Place, Diagnostic> {
        let bracketed = self.expr.node(right).written.bracketed;
        let usual = Usual::of(bracketed || matches!(self.expr.node(right).kind, ExprKind::Sum { .. }));
        let factor = self.whole(right);
        let inside = self.times(BinaryOp::Mul, node.written.sign, argument, factor);
        // `sin 2x`
        let number = matches!(self.nodes[argument.0 as usize].kind, ExprKind::Number(_));
        if number && node.written.sign == Sign::Tight && !bracketed {
            return Ok(Place::Applied { function, argument: inside });
        }
        let value = self.applied(&function, argument);
        let first = self.times(BinaryOp::Mul, node.written.sign, value, factor);
        let other = self.applied(&function, inside);
        names.doubt(self.doubt(first, other, node.span, usual))?;
        Ok(Place::Node(first))
    }

    /// What stands in brackets is one thing to what stands around them.
    fn closed(&mut self, place: Place) -> Place {
        let id = self.written(place);
        self.nodes[id.0 as usize].written.bracketed = true;
        Place::Node(id)
    }

    /// `W2(Y - X)` of a value.
    pub fn called(&mut self, factor: Name, bracket: ExprId) -> Place {
        let span = factor.span;
        let before = vec![self.push(ExprKind::Name(factor), span)];
        Place::Product(Product { before, last: self.whole(bracket), bracket: true })
    }

    fn as_written(&mut self, node: &ExprNode, names: &mut impl Names) -> Result<Place, Diagnostic> {
        match &node.kind {
            ExprKind::Binary { op: BinaryOp::Pow | BinaryOp::ElementwisePow, left, right } => {
                self.power(node, *left, *right, names)
            }
            ExprKind::Transpose(of) | ExprKind::Entry { of, .. } => self.postfix(node, *of, names),
            ExprKind::Binary { op: op @ (BinaryOp::Mul | BinaryOp::Div), left, right } => {
                self.product(*op, *left, *right, node, names)
            }
            ExprKind::Binary { op: BinaryOp::ElementwiseDiv, left, right } => {
                self.quotient_of_entries(node, *left, *right, names)
            }
            ExprKind::Name(name) if names.operator(name).is_some() => Ok(Place::Function(called(name, names))),
            ExprKind::Call { callee, arguments, .. } if node.written.sign == Sign::Space => {
                self.apply(called(callee, names), arguments[0], names)
            }
            kind => {
                if let ExprKind::Negate(of) = kind
                    && let Some(function) = self.waiting(*of)
                {
                    return Ok(Place::Function(Function { negated: !function.negated, ..function }));
                }
                let kind = map_operands(kind, &mut |id| self.whole(id));
                Ok(Place::Node(self.put(node.with(kind))))
            }
        }
    }

    /// `a ./ b * c` is `a ./ (b*c)` here and `(a ./ b)*c` elsewhere.
    fn quotient_of_entries(
        &mut self,
        node: &ExprNode,
        left: ExprId,
        right: ExprId,
        names: &mut impl Names,
    ) -> Result<Place, Diagnostic> {
        let several = match self.place(right) {
            Place::Product(_) => true,
            // `a ./ sin x`
            Place::Applied { function, .. } | Place::Function(function) => function.before.is_some(),
            Place::Node(_) => is_open_product(self.expr.node(right)),
        };
        let (above, below) = (self.whole(left), self.whole(right));
        let kind = ExprKind::Binary { op: BinaryOp::ElementwiseDiv, left: above, right: below };
        let new = self.put(node.with(kind));
        if several
            && let ExprKind::Binary { op: op @ (BinaryOp::Mul | BinaryOp::Div), left: first, right: last } =
                self.nodes[below.0 as usize].kind
        {
            let quotient = self.times(BinaryOp::ElementwiseDiv, Sign::Own, above, first);
            let other = self.times(op, Sign::Own, quotient, last);
            names.doubt(self.doubt(new, other, node.span, Usual::Nowhere))?;
        }
        Ok(Place::Node(new))
    }

    /// A transpose or an index: of the last factor.
    pub fn postfix(&mut self, node: &ExprNode, of: ExprId, names: &mut impl Names) -> Result<Place, Diagnostic> {
        if let Place::Applied { function, argument } = self.place(of).clone() {
            let kind = map_operands(&node.kind, &mut |id| if id == of { argument } else { self.whole(id) });
            let argument = self.put(node.with(kind));
            return Ok(Place::Applied { function, argument });
        }
        let found = self.open(of);
        let last = found.as_ref().map_or_else(|| self.whole(of), |product| product.last);
        let kind = map_operands(&node.kind, &mut |id| if id == of { last } else { self.whole(id) });
        let span = if found.is_some() { Span::new(self.span(last).start, node.span.end) } else { node.span };
        let new = self.put(ExprNode { kind: kind.clone(), span, written: node.written });
        let Some(product) = found else { return Ok(Place::Node(new)) };
        // `W(x)[1]`
        if product.bracket && matches!(node.kind, ExprKind::Entry { .. }) {
            let all = self.whole(of);
            let other = map_operands(&kind, &mut |id| if id == last { all } else { id });
            let other = self.push(other, node.span);
            let place = Place::Product(Product { last: new, ..product.clone() });
            let first = self.written(place);
            names.doubt(self.doubt(first, other, node.span, Usual::Nowhere))?;
        }
        Ok(Place::Product(Product { last: new, ..product }))
    }

    /// A power is of the last factor, and its exponent ends before a bracket: `x^n(1 - x)` is `x^n*(1 - x)`.
    fn power(
        &mut self,
        node: &ExprNode,
        left: ExprId,
        right: ExprId,
        names: &mut impl Names,
    ) -> Result<Place, Diagnostic> {
        let (exponent, rest) = self.exponent(right, names)?;
        // `sin^2 x`, `sin^2(x)`
        if let Some(function) = self.waiting(left) {
            if matches!(self.nodes[exponent.0 as usize].kind, ExprKind::Negate(_)) {
                let message = "this could be the inverse of the function or the reciprocal of its value";
                return Err(Diagnostic::error("E-ambiguous", message).at(node.span, "here").help("write `1/sin(x)`"));
            }
            let function = Function { power: Some(exponent), ..function };
            return Ok(match rest {
                Some(argument) => Place::Node(self.applied(&function, argument)),
                None => Place::Function(function),
            });
        }
        // `sin 2^3`
        if let (Place::Applied { function, argument }, None) = (self.place(left).clone(), rest) {
            let kind = map_operands(&node.kind, &mut |id| if id == left { argument } else { exponent });
            let argument = self.put(node.with(kind));
            return Ok(Place::Applied { function, argument });
        }
        let base = self.open(left);
        let of = base.as_ref().map_or_else(|| self.whole(left), |product| product.last);
        let kind = map_operands(&node.kind, &mut |id| if id == left { of } else { exponent });
        let span = self.span(of).to(self.span(exponent));
        let span = if base.is_some() || rest.is_some() { span } else { node.span };
        let power = self.put(ExprNode { kind, span, written: node.written });
        if let ExprKind::Binary { op: BinaryOp::Pow, left: inner, right: outer } = self.nodes[exponent.0 as usize].kind
            && is_open_power(self.expr.node(right))
        {
            let below = self.times(BinaryOp::Pow, Sign::Own, of, inner);
            let other = self.times(BinaryOp::Pow, Sign::Own, below, outer);
            let first = format!("{}^({})", shown(&self.nodes, of), shown(&self.nodes, exponent));
            let doubt = self.doubt(power, other, node.span, Usual::Everywhere);
            names.doubt(Doubt { readings: [first, doubt.readings[1].clone()], ..doubt })?;
            self.nodes[exponent.0 as usize].written.bracketed = true;
        }
        Ok(self.joined(base, power, rest))
    }

    /// A new last factor, and what follows it.
    pub fn joined(&self, base: Option<Product>, last: ExprId, rest: Option<ExprId>) -> Place {
        let mut before = base.as_ref().map_or(Vec::new(), |product| product.before.clone());
        match (rest, base) {
            (Some(rest), _) => {
                before.push(last);
                Place::Product(Product { before, last: rest, bracket: true })
            }
            (None, Some(product)) => Place::Product(Product { last, ..product }),
            (None, None) => Place::Node(last),
        }
    }

    /// The exponent that an old node is, and the bracket that follows it.
    pub fn exponent(&mut self, right: ExprId, names: &mut impl Names) -> Result<(ExprId, Option<ExprId>), Diagnostic> {
        let mut core = right;
        let mut signs = Vec::new();
        while let ExprNode { kind: ExprKind::Negate(of), span, written } = self.expr.node(core)
            && !written.bracketed
        {
            signs.push(*span);
            core = *of;
        }
        let Some(product) = self.open(core) else { return Ok((self.whole(right), None)) };
        let Some(mut exponent) = product.before.first().copied() else { return Ok((self.whole(right), None)) };
        for span in signs.into_iter().rev() {
            exponent = self.push(ExprKind::Negate(exponent), span);
        }
        if let ([_], true) = (product.before.as_slice(), product.bracket) {
            return Ok((exponent, Some(product.last)));
        }
        // `x^ab`
        let whole = self.whole(right);
        let first = self.times(BinaryOp::Mul, Sign::Tight, exponent, product.last);
        names.doubt(self.doubt(whole, first, self.expr.node(right).span, Usual::Nowhere))?;
        Ok((whole, None))
    }

    fn product(
        &mut self,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
        node: &ExprNode,
        names: &mut impl Names,
    ) -> Result<Place, Diagnostic> {
        let sign = node.written.sign;
        let unsigned = op == BinaryOp::Mul && matches!(sign, Sign::Space | Sign::Tight);
        if let (Some(function), true) = (self.waiting(left), unsigned) {
            return self.apply(function, right, names);
        }
        if let Place::Applied { function, argument } = self.place(left).clone() {
            if unsigned && !matches!(self.place(right), Place::Function(_) | Place::Applied { .. }) {
                return self.after_function((function, argument), node, right, names);
            }
            // `sin x / 2`
            if op == BinaryOp::Div {
                let (value, below) = (self.whole(left), self.whole(right));
                let first = self.times(op, sign, value, below);
                let inside = self.times(op, sign, argument, below);
                let other = self.applied(&function, inside);
                names.doubt(self.doubt(first, other, node.span, Usual::Nowhere))?;
            }
        }
        if let Some(function) = self.waiting(right) {
            let before = Some((self.whole(left), op, sign));
            return Ok(Place::Function(Function { before, ..function }));
        }
        // `a/sin 2`
        if let Place::Applied { function: function @ Function { before: None, .. }, argument } =
            self.place(right).clone()
        {
            let before = Some((self.whole(left), op, sign));
            return Ok(Place::Applied { function: Function { before, ..function }, argument });
        }
        if op == BinaryOp::Div && self.negates_product(right) {
            // `a/-b(c)`
            let (below, (exponent, rest)) = (self.whole(right), self.exponent(right, names)?);
            if let Some(rest) = rest {
                let above = self.whole(left);
                let quotient = self.times(op, sign, above, exponent);
                let first = self.times(BinaryOp::Mul, Sign::Tight, quotient, rest);
                let other = self.times(op, sign, above, below);
                names.doubt(self.doubt(first, other, node.span, Usual::Nowhere))?;
            }
        }
        let divisor = self.expr.node(left);
        let divided = matches!(divisor.kind, ExprKind::Binary { op: BinaryOp::Div, .. }) && !divisor.written.bracketed;
        let left = self.whole(left);
        let Some(product) = self.open(right) else {
            let old_right = right;
            let right = self.whole(right);
            let new = self.put(node.with(ExprKind::Binary { op, left, right }));
            if sign == Sign::Tight
                && let Some(other) = self.in_exponent(left, right)
            {
                names.doubt(self.doubt(new, other, node.span, Usual::InAnswers))?;
                self.nodes[left.0 as usize].written.bracketed = true;
            }
            // `1/2 x` is half of it to everyone, `a/b c` not.
            let number = |of: ExprId| matches!(self.nodes[of.0 as usize].kind, ExprKind::Number(_));
            let plain =
                matches!(self.nodes[left.0 as usize].kind, ExprKind::Binary { left: above, .. } if number(above));
            if divided && (sign == Sign::Tight || sign == Sign::Space && !plain) {
                let other = self.under(left, right);
                let usual = match sign {
                    Sign::Space => Usual::Everywhere,
                    _ => Usual::of(self.expr.node(old_right).written.bracketed),
                };
                names.doubt(self.doubt(new, other, node.span, usual))?;
                self.nodes[left.0 as usize].written.bracketed = true;
            }
            return Ok(Place::Node(new));
        };
        let bracket = product.bracket;
        let mut factors = product.before.into_iter().chain([product.last]);
        let first = factors.next().map(|first| self.times(op, sign, left, first)).unwrap_or(left);
        let all = factors.fold(first, |left, right| self.times(BinaryOp::Mul, Sign::Tight, left, right));
        if op == BinaryOp::Div {
            let below = self.whole(right);
            let other = self.times(BinaryOp::Div, Sign::Own, left, below);
            names.doubt(self.doubt(all, other, node.span, Usual::of(bracket)))?;
            self.nodes[first.0 as usize].written.bracketed = true;
        }
        Ok(Place::Node(all))
    }

    /// `-a(b)`
    fn negates_product(&self, id: ExprId) -> bool {
        let node = self.expr.node(id);
        match node.kind {
            ExprKind::Negate(of) if !node.written.bracketed => self.open(of).is_some() || self.negates_product(of),
            _ => false,
        }
    }

    /// `x^(2*y)` of `x^2` and `y`, where no bracket and no raised digit says which.
    fn in_exponent(&mut self, power: ExprId, factor: ExprId) -> Option<ExprId> {
        let node = &self.nodes[power.0 as usize];
        let ExprKind::Binary { op: op @ (BinaryOp::Pow | BinaryOp::ElementwisePow), left, right } = node.kind else {
            return None;
        };
        let plain = |written: Written| !written.bracketed && written.sign == Sign::Own;
        if !plain(node.written) || ![right, factor].iter().all(|id| plain(self.nodes[id.0 as usize].written)) {
            return None;
        }
        let exponent = self.times(BinaryOp::Mul, Sign::Tight, right, factor);
        Some(self.times(op, Sign::Own, left, exponent))
    }

    /// `a/(b*c)` of `a/b` and `c`.
    fn under(&mut self, quotient: ExprId, factor: ExprId) -> ExprId {
        let ExprKind::Binary { left, right, .. } = self.nodes[quotient.0 as usize].kind else { return quotient };
        let below = self.times(BinaryOp::Mul, Sign::Tight, right, factor);
        self.times(BinaryOp::Div, Sign::Own, left, below)
    }

    fn doubt(&self, first: ExprId, other: ExprId, span: Span, usual: Usual) -> Doubt {
        Doubt { span, readings: [first, other].map(|id| shown(&self.nodes, id)), usual }
    }
}

impl Usual {
    /// Of a factor after a quotient, by whether a bracket holds it.
    fn of(bracketed: bool) -> Usual {
        if bracketed { Usual::InAnswers } else { Usual::Nowhere }
    }
}

/// A power with no bracket around it.
fn is_open_power(node: &ExprNode) -> bool {
    let open = !node.written.bracketed && node.written.sign == Sign::Own;
    matches!(node.kind, ExprKind::Binary { op: BinaryOp::Pow, .. }) && open
}

/// A product or a quotient with no bracket around it.
fn is_open_product(node: &ExprNode) -> bool {
    matches!(node.kind, ExprKind::Binary { op: BinaryOp::Mul | BinaryOp::Div, .. }) && !node.written.bracketed
}

/// A function by its name, which waits for its argument.
fn called(name: &Name, names: &impl Names) -> Function {
    let text = names.operator(name).unwrap_or_else(|| name.text.clone());
    Function { before: None, callee: Name { text, ..name.clone() }, power: None, negated: false }
}

/// An expression for a message.
pub fn shown(nodes: &[ExprNode], id: ExprId) -> String {
    let text = print_expression(&compact(nodes, id));
    match text.char_indices().nth(SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::with_products;
    use crate::diagnostic::Diagnostic;
    use crate::syntax::{print_expression, read_expression};

    fn read(text: &str, tell: impl FnMut(Diagnostic)) -> Result<String, Diagnostic> {
        let expr = read_expression(text).unwrap().value;
        let operator = |name: &crate::syntax::ast::Name| matches!(name.text.as_str(), "relu" | "sin" | "exp" | "sqrt");
        with_products(&expr, |name| !operator(name), operator, tell).map(|expr| print_expression(&expr))
    }

    fn products(text: &str) -> Result<String, &'static str> {
        read(text, |_| ()).map_err(|fault| fault.code)
    }

    /// What is said of a text's readings.
    fn doubt(text: &str) -> String {
        let mut notes = Vec::new();
        let refused = read(text, |note| notes.push(note)).err();
        refused.into_iter().chain(notes).map(|fault| fault.message).collect()
    }

    #[test]
    fn brackets_are_factors() {
        let cases = [
            ("W(Y - X)", "W*(Y - X)"),
            ("W(Y - X)^T", "W*(Y - X)^T"),
            ("a(x + 1)^2", "a*(x + 1)^2"),
            ("A*W(x)'*relu(W(x))", "A*W*x^T*relu(W*x)"),
            ("-a(b(c + 1))", "-(a*(b*(c + 1)))"),
            ("W(x)(y)", "W*x*y"),
            ("1/(a(1 - a))", "1/(a*(1 - a))"),
            ("(a(b))^2", "(a*b)^2"),
            ("6/((a(b)))", "6/(a*b)"),
            ("(a(1 - a))'", "(a*(1 - a))^T"),
            ("60/(a(b))^2", "60/(a*b)^2"),
            ("relu((W(x - b))^2)", "relu((W*(x - b))^2)"),
            ("x^n(1 - x)", "x^n*(1 - x)"),
            ("x^-n(1 - x)^2", "x^-n*(1 - x)^2"),
            ("a(x)^n(1 - x)", "a*x^n*(1 - x)"),
            ("(a(b))(c)", "a*b*c"),
            ("sin x", "sin(x)"),
            ("2*x sin x", "2*x*sin(x)"),
            ("-sin x + x", "-sin(x) + x"),
            ("sin^2(x)", "sin(x)^2"),
            ("sin^2 x", "sin(x)^2"),
            ("a*sin x^2", "a*sin(x^2)"),
            ("1/sin x", "1/sin(x)"),
            ("sqrt 2", "sqrt(2)"),
            ("sin x exp x", "sin(x)*exp(x)"),
            ("sin (x) y", "sin(x)*y"),
            ("2x", "2*x"),
            ("-2x^2 + 3(x + 1)2", "(-2)*x^2 + 3*(x + 1)*2"),
            ("sin 2x", "sin(2*x)"),
            ("x²y", "x^2*y"),
            ("x^(1/2)y", "x^(1/2)*y"),
            ("a/b c", "(a/b)*c"),
            ("1/2 x", "(1/2)*x"),
            ("x^-1 y", "x^-1*y"),
            ("x^y^z", "x^(y^z)"),
        ];
        for (text, expected) in cases {
            let expected = print_expression(&read_expression(expected).unwrap().value);
            assert_eq!(products(text), Ok(expected), "{text}");
        }
        for text in ["1/N(Y - X)", "1/2(a + b)", "1/(a)(b)", "W(x)[1]", "sin x y", "sin x/2", "sin^-1(x)", "sin a(b)"] {
            assert_eq!(products(text), Err("E-ambiguous"), "{text}");
        }
    }

    #[test]
    fn what_has_two_readings_shows_both() {
        for (text, readings) in [
            ("1/2x", ["(1/2)*x", "1/(2*x)"]),
            ("a/2b", ["(a/2)*b", "a/(2*b)"]),
            ("a/-b(c)", ["(a/-b)*c", "a/-(b*c)"]),
            ("1 ./ 2*x", ["1 ./ (2*x)", "(1 ./ 2)*x"]),
            ("1 ./ 2x", ["1 ./ (2*x)", "(1 ./ 2)*x"]),
            ("x^2y", ["x^2*y", "x^(2*y)"]),
            ("x^-1y", ["x^-1*y", "x^(-1*y)"]),
            ("sin x y", ["sin(x)*y", "sin(x*y)"]),
            ("sin 2x y", ["sin(2*x)*y", "sin(2*x*y)"]),
            ("a/b c", ["(a/b)*c", "a/(b*c)"]),
            ("x^y^z", ["x^(y^z)", "(x^y)^z"]),
        ] {
            let told = doubt(text);
            assert!(readings.iter().all(|reading| told.contains(&format!("`{reading}`"))), "{text}: {told}");
        }
    }
}
