//! Expressions of a syntax tree to nodes of a graph: one loop over the arena, operands first.

use super::answers::taken;
use super::dims::{entries, too_large};
use super::faults::Faults;
use super::names::Resolved;
use super::numbers::{arithmetic, no_number, read_number};
use super::operators::is_operator;
use super::scope::{Meaning, Scope};
use crate::diagnostic::{Diagnostic, READING};
use crate::graph::{Graph, NodeId};
use crate::limits::{DIM_NAMES, GRAPH_NODES};
use crate::number::{INFINITY, Number};
use crate::ops::{Add, Compare, Div, Hadamard, Inverse, Neg, Op, Pow, ShapeError, Sub, Sum, Transpose};
use crate::shape::{Dim, Shape};
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, NamedOption, OptionValue, Sign, Spanned};
use crate::syntax::{print_expression, with_products};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Where expressions are put, and what their names mean.
pub struct Lowering<'a> {
    pub graph: &'a mut Graph,
    /// The first place of every node that is made.
    pub spans: &'a mut BTreeMap<NodeId, Span>,
    pub scope: &'a Scope,
    pub loops: &'a [(String, i64)],
    pub faults: &'a mut Faults,
    /// The axes of calls that leave them open, where the layout alone does not say them.
    pub axes: Vec<OpenAxis>,
}

/// A call in a line, and the axis along which it acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAxis {
    pub span: Span,
    pub callee: String,
    /// What stands in the place of the axis: `along`, `across` or nothing.
    pub word: Option<String>,
    pub axis: usize,
}

/// What a part of an expression came to.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Its error is told already, or will be by whoever is to blame.
    Broken,
    /// A number as it is written, not yet a node.
    Number(Number),
    /// A matrix as it is written, not yet a node.
    Array(Array),
    /// A node; if it is made of numbers only, also what they come to.
    Node { id: NodeId, constant: Option<Number> },
}

/// Entries in row-major order; `[1 2 3]` has one axis until it is known not to stand inside of brackets.
#[derive(Clone, Debug)]
pub(super) struct Array {
    pub extents: Vec<usize>,
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub(super) enum Entry {
    Number(Number),
    /// A scalar that is computed.
    Node(NodeId),
}

/// The sides of a matrix in brackets: a single row is a matrix with one row.
impl Array {
    pub fn outermost(&self) -> Vec<usize> {
        match self.extents.as_slice() {
            [columns] => vec![1, *columns],
            extents => extents.to_vec(),
        }
    }
}

/// Powers of a matrix that are written out as products.
const MATRIX_POWERS: RangeInclusive<i64> = 2..=16;

/// Bytes of an operand that an error repeats.
const SHORT: usize = 30;

impl OpenAxis {
    /// States the axes in the calls of an expression.
    pub fn state(open: &[OpenAxis], expr: &mut Expr) {
        for node in &mut expr.nodes {
            let ExprKind::Call { callee, options, .. } = &mut node.kind else { continue };
            let own = |word: Option<&str>| {
                let fits = |open: &&OpenAxis| {
                    open.span == node.span && open.callee == callee.text && open.word.as_deref() == word
                };
                open.iter().find(fits).map(|open| OptionValue::Number(open.axis.to_string()))
            };
            for option in options.iter_mut() {
                if let OptionValue::Word(word) = &option.value.value
                    && let Some(axis) = own(Some(word))
                {
                    option.value.value = axis;
                }
            }
            if let Some(axis) = own(None).filter(|_| options.iter().all(|option| option.name.value != "axis")) {
                let name = Spanned { value: "axis".to_string(), span: node.span };
                options.push(NamedOption { name, value: Spanned { value: axis, span: node.span } });
            }
        }
    }
}

impl Lowering<'_> {
    /// The node of an expression; `None` if something is wrong with it, which is told.
    pub fn expression(&mut self, expr: &Expr) -> Option<NodeId> {
        let value = self.value(expr);
        self.node(value, expr.span())
    }

    /// What an expression comes to: a number or a matrix that is only written, or a node.
    pub(super) fn value(&mut self, expr: &Expr) -> Value {
        let (scope, loops) = (self.scope, self.loops);
        let known = |name: &Name| Resolved::of(name, loops).is_ok_and(|name| scope.get(&name.key).is_some());
        let products = match with_products(
            expr,
            |name| !is_operator(name) && known(name),
            |name| is_operator(name) && !known(name),
            |note| self.faults.push(note),
        ) {
            Ok(products) => products,
            Err(doubt) => {
                self.faults.push(doubt);
                return Value::Broken;
            }
        };
        let expr: &Expr = &products;
        let settings = settings(expr);
        let mut values: Vec<Value> = Vec::with_capacity(expr.nodes.len());
        for (place, setting) in settings.into_iter().enumerate() {
            let value = self.step(expr, place, setting, &mut values);
            values.push(value);
            if self.graph.size() > GRAPH_NODES {
                let message = format!("the model has more than {GRAPH_NODES} nodes");
                self.faults.push(Diagnostic::error("E-limit", message).at(expr.span(), "one too many"));
                return Value::Broken;
            }
        }
        values.pop().unwrap_or(Value::Broken)
    }

    fn step(&mut self, expr: &Expr, place: usize, setting: Setting, values: &mut [Value]) -> Value {
        let node = &expr.nodes[place];
        let span = node.span;
        match &node.kind {
            ExprKind::Number(text) => self.number(text, span),
            ExprKind::Name(name) => {
                let is_negated = || expr.nodes.iter().any(|node| node.kind == ExprKind::Negate(ExprId(place as u32)));
                match self.name(name) {
                    Value::Number(infinity) if infinity.is_infinite() && !is_negated() => self.infinite(span),
                    value => value,
                }
            }
            ExprKind::Negate(operand) => match take(values, *operand) {
                Value::Number(number) if setting.folded || is_number(expr, *operand) => Value::Number(-number),
                value => {
                    let constant = constant(&value).map(|number| -number);
                    self.apply(Neg.into(), expr, &[*operand], vec![value], span, constant)
                }
            },
            ExprKind::Transpose(operand)
                if matches!(&expr.node(*operand).kind, ExprKind::Number(text) if text == "1")
                    && !self.scope.answers =>
            {
                let error = Diagnostic::error("E-ambiguous", "a transposed 1 could be the number or a row of ones");
                let error = error.at(span, "here").help("write `1` for the number");
                self.faults.push(error.help("write `colsum(A)` for `1^T A`, `ones(1, n)` for the row"));
                Value::Broken
            }
            ExprKind::Transpose(operand) => {
                let value = take(values, *operand);
                let constant = constant(&value);
                self.apply(Transpose.into(), expr, &[*operand], vec![value], span, constant)
            }
            ExprKind::Binary { op, left, right } => {
                let operands = (take(values, *left), take(values, *right));
                self.binary(*op, expr, (*left, *right), operands, span, setting)
            }
            ExprKind::Indicator { relation, left, right } => {
                let op = Compare { relation: *relation }.into();
                let operands = vec![take(values, *left), take(values, *right)];
                self.apply(op, expr, &[*left, *right], operands, span, None)
            }
            ExprKind::Call { arguments, .. }
                if node.written.sign == Sign::Bars
                    && !self.scope.answers
                    && self.is_square(&values[arguments[0].0 as usize]) =>
            {
                let of = print_expression(&Expr { nodes: expr.nodes[..=arguments[0].0 as usize].to_vec() });
                let error = Diagnostic::error("E-ambiguous", "bars around a square matrix can be read in two ways");
                let error = error.at(span, "of each entry, or the determinant");
                self.faults
                    .push(error.help(format!("write `abs({of})` for each entry, `det({of})` for the determinant")));
                Value::Broken
            }
            ExprKind::Call { callee, arguments, options } => {
                let operands = arguments.iter().map(|argument| take(values, *argument)).collect();
                self.call(expr, callee, arguments, operands, options, span)
            }
            ExprKind::Entry { of, indices } => {
                let whole = take(values, *of);
                let indices = indices.iter().map(|index| (take(values, *index), expr.node(*index).span)).collect();
                self.entry(whole, expr.node(*of).span, indices, span)
            }
            ExprKind::Matrix(rows) => self.matrix(expr, rows, values, span),
            ExprKind::Sum { .. } => self.answers_only("a sum over an index", span),
            ExprKind::Cases(cases) if self.scope.answers => {
                let cases = taken(cases, |id| values[id.0 as usize].clone());
                self.cases(cases, span)
            }
            ExprKind::Cases(_) => self.answers_only("a list of cases", span),
            ExprKind::Prime { callee, primes, argument } if self.scope.answers => {
                let argument = take(values, *argument);
                self.prime(callee, *primes, argument, span)
            }
            ExprKind::Prime { .. } => self.answers_only("a derivative by a prime", span),
            ExprKind::Gradient { wrt, .. } if self.scope.answers => self.quotient(wrt, span),
            ExprKind::Gradient { .. } => self.answers_only("a quotient of differentials", span),
        }
    }

    fn is_square(&self, value: &Value) -> bool {
        matches!(value, Value::Node { id, .. } if is_square(self.graph.shape(*id)))
    }

    /// What answers may say and a problem may not.
    fn answers_only(&mut self, what: &str, span: Span) -> Value {
        let error = Diagnostic::error("E-answers-only", format!("{what} stands only in answers"));
        self.faults.push(error.at(span, "here"));
        Value::Broken
    }

    fn number(&mut self, text: &str, span: Span) -> Value {
        match read_number(text, span) {
            Ok(number) => Value::Number(number),
            Err(error) => {
                self.faults.push(error);
                Value::Broken
            }
        }
    }

    pub(super) fn name(&mut self, name: &Name) -> Value {
        let turn = self.loops.iter().rev().find(|(variable, _)| name.index.is_none() && *variable == name.text);
        if let Some((_, value)) = turn {
            return Value::Number(Number::integer(*value));
        }
        // Most names are written as they are known.
        let known = self.scope.get(&name.text).filter(|_| name.index.is_none());
        if let Some(Meaning::Value(id)) = known.map(|known| &known.meaning) {
            return Value::Node { id: *id, constant: None };
        }
        let resolved = match Resolved::of(name, self.loops) {
            Ok(resolved) => resolved,
            Err(error) => {
                self.faults.push(error);
                return Value::Broken;
            }
        };
        match self.scope.get(&resolved.key).map(|known| &known.meaning) {
            Some(Meaning::Value(id)) => Value::Node { id: *id, constant: None },
            Some(Meaning::Size(dim)) => self.size(dim.clone(), name.span),
            None if name.index.is_none() && name.text == INFINITY => Value::Number(Number::infinity()),
            Some(Meaning::Broken) => Value::Broken,
            Some(Meaning::Unvalued) => {
                let message = format!("`{}` has no value here", resolved.text);
                let help = "a given value is computed from numbers and from values given above it";
                self.faults.push(Diagnostic::error("E-no-value", message).at(name.span, "without a value").help(help));
                Value::Broken
            }
            None => {
                let error = self.undefined(&resolved, name);
                self.faults.push(error);
                Value::Broken
            }
        }
    }

    fn infinite(&mut self, span: Span) -> Value {
        let error = Diagnostic::error("E-value", format!("`{INFINITY}` is no number")).at(span, "not a number");
        self.faults.push(error.help("a mask has `-inf` where nothing shall pass"));
        Value::Broken
    }

    fn size(&mut self, dim: Dim, span: Span) -> Value {
        let constant = dim.as_integer().map(Number::integer);
        let id = self.graph.dimension(dim);
        self.spans.entry(id).or_insert(span);
        Value::Node { id, constant }
    }

    fn undefined(&mut self, resolved: &Resolved, name: &Name) -> Diagnostic {
        let text = &resolved.text;
        if let Some(of) = resolved.key.strip_prefix('d').and_then(|rest| self.scope.get(rest)) {
            let message = format!("`{text}` is the gradient of `{}`, which can't be used here", of.spelling);
            let help = format!("ask for it under `tasks`: `derive {text}`");
            return Diagnostic::error("E-undefined", message).at(name.span, "a gradient").help(help);
        }
        let label = resolved.place(name, self.loops, "not defined");
        let error = Diagnostic::error("E-undefined", format!("`{text}` is not defined")).at(name.span, label);
        match self.faults.meant(&resolved.key, self.scope.spellings()) {
            Some(meant) => error.help(format!("did you mean `{meant}`?")),
            None if is_operator(name) => {
                let error = error.help(format!("`{text}` is an operator: its operand stands in brackets, `{text}(…)`"));
                match text.as_str() {
                    "mean" | "sum" => error.help(format!("of a loss it is an option: `mse(A, B, reduce = {text})`")),
                    _ => error,
                }
            }
            None if matches!(text.to_lowercase().as_str(), "nan" | "inf" | "infinity") => {
                error.help("a mask has `-inf` where nothing shall pass")
            }
            None => error,
        }
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        expr: &Expr,
        (left, right): (ExprId, ExprId),
        (a, b): (Value, Value),
        span: Span,
        setting: Setting,
    ) -> Value {
        let constant = match (constant(&a), constant(&b)) {
            (Some(x), Some(y)) => match arithmetic(op, &x, &y) {
                Ok(value) => Some(value),
                Err(cause) => {
                    self.faults.push(no_number(cause, span));
                    return Value::Broken;
                }
            },
            _ => None,
        };
        if let (true, Some(number)) = (setting.folded, &constant) {
            return Value::Number(number.clone());
        }
        let minus_one = constant_of(&b).is_some_and(|number| *number == Number::integer(-1));
        let power = constant_of(&b).and_then(Number::to_integer).filter(|power| MATRIX_POWERS.contains(power));
        let (Some(a), Some(b)) = (self.node(a, expr.node(left).span), self.node(b, expr.node(right).span)) else {
            return Value::Broken;
        };
        let scalar = [a, b].map(|id| self.graph.shape(id).is_scalar());
        let square = [a, b].map(|id| is_square(self.graph.shape(id)));
        if !self.scope.answers && !self.one_reading(op, expr, (left, right), (a, b), setting, span) {
            return Value::Broken;
        }
        let result = match op {
            BinaryOp::Add => self.graph.apply(Add, &[a, b]),
            BinaryOp::Sub => self.graph.apply(Sub, &[a, b]),
            BinaryOp::Mul if setting.sign == Sign::Dot => self.dot(a, b),
            BinaryOp::ElementwiseMul if setting.sign == Sign::Outer => self.outer(a, b),
            BinaryOp::Mul => {
                self.inner_product(a, b).or_else(|error| match self.graph.shape(a) == self.graph.shape(b) {
                    // `D ⊙ h(1 - h)` of rows can only be entry by entry.
                    true if setting.entrywise && self.scope.answers => self.graph.apply(Hadamard, &[a, b]),
                    _ => Err(error),
                })
            }
            BinaryOp::ElementwiseMul if scalar[0] || scalar[1] => self.graph.product(a, b),
            BinaryOp::ElementwiseMul => self.graph.apply(Hadamard, &[a, b]).or_else(|error| {
                let open = self.scope.answers && factors(expr, right).is_some();
                if open { self.grouped_left(a, b).ok_or(error) } else { Err(error) }
            }),
            BinaryOp::Div if scalar[0] && square[1] => Err(inverse_meant("divided by")),
            BinaryOp::Pow if square[0] && minus_one && self.scope.answers => self.graph.apply(Inverse, &[a]),
            BinaryOp::Pow if square[0] && minus_one => Err(inverse_meant("raised to -1")),
            BinaryOp::Div | BinaryOp::ElementwiseDiv => self.graph.apply(Div, &[a, b]).map_err(|error| match () {
                () if op == BinaryOp::Div && square[1] => error.hint("for a product with the inverse write `inv(A)`"),
                () => error,
            }),
            BinaryOp::Pow => match power.filter(|_| square[0] && self.scope.matrix_powers) {
                Some(power) => (1..power).try_fold(a, |product, _| self.graph.product(product, a)),
                None => self.power(a, b),
            },
            BinaryOp::ElementwisePow => self.power(a, b),
        };
        match result {
            Ok(id) => self.result(id, span, constant),
            Err(error) => self.misfit(sign(op), error, expr, &[(left, a), (right, b)], span),
        }
    }

    /// Whether a product or a power of a problem means one thing only; if not, it is told, or noted where all agree.
    fn one_reading(
        &mut self,
        op: BinaryOp,
        expr: &Expr,
        (left, right): (ExprId, ExprId),
        (base, product): (NodeId, NodeId),
        setting: Setting,
        span: Span,
    ) -> bool {
        let shown = |id: ExprId| print_expression(&Expr { nodes: expr.nodes[..=id.0 as usize].to_vec() });
        match op {
            BinaryOp::Pow if is_square(self.graph.shape(base)) && shown(right) != "-1" => {
                let (base, power) = (bracketed(expr, left, shown(left)), shown(right));
                let [entries, whole] = [format!("{base}.^{power}"), matrix_power(&base, &power)];
                if setting.summed {
                    let message = format!("`{base}^{power}` of a square matrix is read as `{entries}`, entry by entry");
                    self.faults.push(Diagnostic::note(READING, message).at(span, "here"));
                    return true;
                }
                let message = "a power of a square matrix can be read in two ways";
                let fault = Diagnostic::error("E-ambiguous", message).at(span, "of the matrix, or of each entry");
                self.faults.push(fault.help(format!("write `{entries}` for each entry, {whole} for the matrix")));
                false
            }
            BinaryOp::ElementwiseMul => {
                let Some((a, b)) = factors(expr, right) else { return true };
                // The other reading fits too: all three are square matrices.
                let Some((Op::MatMul(_), [first, last])) = self.graph.as_apply(product) else { return true };
                if ![first, last].iter().all(|id| is_square(self.graph.shape(**id))) {
                    return true;
                }
                let (left, a, b) = (shown(left), shown(a), shown(b));
                let message = format!("this can be read in two ways: `{left} .* ({a}*{b})` or `({left} .* {a})*{b}`");
                let fault = Diagnostic::error("E-ambiguous", message).at(span, "here");
                self.faults.push(fault.help("write the brackets"));
                false
            }
            _ => true,
        }
    }

    /// A power; an exponent with one entry is a number.
    fn power(&mut self, base: NodeId, exponent: NodeId) -> Result<NodeId, ShapeError> {
        let shape = self.graph.shape(exponent);
        let is_number = shape.is_single() && !shape.is_scalar() && shape != self.graph.shape(base);
        let exponent = if is_number { self.graph.apply(Sum { axis: None }, &[exponent])? } else { exponent };
        self.graph.apply(Pow, &[base, exponent])
    }

    /// A product; one that has a single entry is a number: `w^T*x`.
    fn inner_product(&mut self, a: NodeId, b: NodeId) -> Result<NodeId, ShapeError> {
        let product = self.graph.product(a, b)?;
        let is_product = matches!(self.graph.as_apply(product), Some((Op::MatMul(_), _)));
        match is_product && self.graph.shape(product).is_single() {
            true => self.graph.apply(Sum { axis: None }, &[product]),
            false => Ok(product),
        }
    }

    /// Operands that are the number of a product with one entry, as that matrix where the number does not fit:
    /// `softmax(q*k^T)` for a single token.
    fn as_matrices(&self, operands: &[NodeId]) -> Option<Vec<NodeId>> {
        let whole = |id: &NodeId| match self.graph.as_apply(*id) {
            Some((Op::Sum(Sum { axis: None }), [of])) if self.graph.shape(*of).is_single() => *of,
            _ => *id,
        };
        let matrices: Vec<NodeId> = operands.iter().map(whole).collect();
        (matrices != operands).then_some(matrices)
    }

    /// An operator on operands that are not nodes yet.
    pub(super) fn apply(
        &mut self,
        op: Op,
        expr: &Expr,
        ids: &[ExprId],
        operands: Vec<Value>,
        span: Span,
        constant: Option<Number>,
    ) -> Value {
        let nodes: Vec<Option<NodeId>> =
            operands.into_iter().zip(ids).map(|(value, id)| self.node(value, expr.node(*id).span)).collect();
        let Some(nodes) = nodes.into_iter().collect::<Option<Vec<_>>>() else { return Value::Broken };
        let name = op.reference().name;
        let result = self.graph.apply(op.clone(), &nodes);
        let result = result.or_else(|error| match self.as_matrices(&nodes) {
            Some(matrices) => self.graph.apply(op, &matrices).map_err(|_| error),
            None => Err(error),
        });
        match result {
            Ok(id) => self.result(id, span, constant),
            Err(error) => {
                let operands: Vec<_> = ids.iter().copied().zip(nodes).collect();
                self.misfit(name, error, expr, &operands, span)
            }
        }
    }

    /// An operator's result, unless it is past the bounds.
    fn result(&mut self, id: NodeId, span: Span, constant: Option<Number>) -> Value {
        match self.oversized(id) {
            Some(reason) => {
                let shape = self.graph.shape(id);
                let label = if entries(shape).is_some() { format!("{shape}") } else { "too large".to_string() };
                self.faults.push(Diagnostic::error("E-dim", reason).at(span, label));
                Value::Broken
            }
            None => self.made(id, span, constant),
        }
    }

    fn oversized(&self, id: NodeId) -> Option<String> {
        let shape = self.graph.shape(id);
        let length: usize = shape.0.iter().map(Dim::length).fold(0, usize::saturating_add);
        match length > DIM_NAMES {
            true => Some(format!("the formula of this size has more than {DIM_NAMES} names")),
            false => too_large(shape),
        }
    }

    pub(super) fn made(&mut self, id: NodeId, span: Span, constant: Option<Number>) -> Value {
        self.spans.entry(id).or_insert(span);
        Value::Node { id, constant }
    }

    /// The node of a value; what is only written becomes one.
    pub(super) fn node(&mut self, value: Value, span: Span) -> Option<NodeId> {
        let id = match value {
            Value::Broken => return None,
            Value::Node { id, .. } => return Some(id),
            Value::Number(number) => self.graph.number(number),
            Value::Array(array) => self.array(array, span)?,
        };
        self.spans.entry(id).or_insert(span);
        Some(id)
    }

    /// The operands' shapes do not fit: the rule, under the operation, and each operand with its shape.
    fn misfit(
        &mut self,
        name: &str,
        error: ShapeError,
        expr: &Expr,
        operands: &[(ExprId, NodeId)],
        span: Span,
    ) -> Value {
        let shapes: Vec<String> = operands.iter().map(|(_, node)| self.graph.shape(*node).to_string()).collect();
        let message = format!("`{name}` does not take {}", listed(&shapes));
        let mut diagnostic = Diagnostic::error("E-shape", message).at(span, error.rule);
        for ((id, _), shape) in operands.iter().zip(&shapes) {
            let text = self.text(expr, *id);
            diagnostic = diagnostic.at(expr.node(*id).span, format!("{text} has shape {shape}"));
        }
        self.faults.push(error.hint.into_iter().fold(diagnostic, Diagnostic::help));
        Value::Broken
    }

    /// A short operand as it is written, a long one as `this`.
    fn text(&self, expr: &Expr, id: ExprId) -> String {
        let written = expr.node(id);
        if let ExprKind::Name(name) = &written.kind {
            let text = Resolved::of(name, self.loops).map_or_else(|_| name.text.clone(), |name| name.text);
            return format!("`{text}`");
        }
        let short = written.span.end.saturating_sub(written.span.start) <= SHORT;
        if !(short && self.faults.has_room()) {
            return "this".to_string();
        }
        // Operands stand before what uses them, so the nodes up to one are an expression with it as the root.
        format!("`{}`", print_expression(&Expr { nodes: expr.nodes[..=id.0 as usize].to_vec() }))
    }
}

/// Where a node stands.
#[derive(Clone, Copy, Default)]
struct Setting {
    /// In a matrix or an index: numbers there are computed at once.
    folded: bool,
    sign: Sign,
    /// A side of a product entry by entry, with no bracket around it.
    entrywise: bool,
    /// A term of what a sum over all entries adds: everyone squares the entries there.
    summed: bool,
}

/// Operators that add entries up.
const SUMS: [&str; 4] = ["sum", "mean", "colsum", "rowsum"];

fn settings(expr: &Expr) -> Vec<Setting> {
    let setting = |node: &ExprNode| Setting { sign: node.written.sign, ..Setting::default() };
    let mut settings: Vec<Setting> = expr.nodes.iter().map(setting).collect();
    for place in (0..expr.nodes.len()).rev() {
        let Setting { folded, summed, .. } = settings[place];
        let (computed, added): (Vec<ExprId>, Vec<ExprId>) = match &expr.nodes[place].kind {
            ExprKind::Matrix(rows) => (rows.iter().flatten().copied().collect(), Vec::new()),
            ExprKind::Entry { of, indices } => {
                (indices.iter().copied().chain(folded.then_some(*of)).collect(), Vec::new())
            }
            ExprKind::Negate(operand) => (vec![*operand], vec![*operand]),
            ExprKind::Transpose(operand) => (vec![*operand], Vec::new()),
            ExprKind::Binary { op, left, right } => (vec![*left, *right], terms(expr, *op, *left, *right)),
            ExprKind::Indicator { left, right, .. } => (vec![*left, *right], Vec::new()),
            ExprKind::Call { callee, arguments, .. } => {
                let sum = SUMS.contains(&callee.text.as_str());
                arguments.iter().filter(|_| sum).for_each(|id| settings[id.0 as usize].summed = true);
                (arguments.clone(), Vec::new())
            }
            ExprKind::Number(_)
            | ExprKind::Name(_)
            | ExprKind::Sum { .. }
            | ExprKind::Cases(_)
            | ExprKind::Prime { .. }
            | ExprKind::Gradient { .. } => (Vec::new(), Vec::new()),
        };
        if let ExprKind::Binary { op: BinaryOp::ElementwiseMul, left, right } = &expr.nodes[place].kind {
            for id in [left, right].into_iter().filter(|id| !expr.node(**id).written.bracketed) {
                settings[id.0 as usize].entrywise = true;
            }
        }
        let always = matches!(expr.nodes[place].kind, ExprKind::Matrix(_) | ExprKind::Entry { .. });
        for id in computed.into_iter().filter(|_| folded || always) {
            settings[id.0 as usize].folded = true;
        }
        for id in added.into_iter().filter(|_| summed) {
            settings[id.0 as usize].summed = true;
        }
    }
    settings
}

/// The operands of which a sum of entries adds the entries, each times a number at most.
fn terms(expr: &Expr, op: BinaryOp, left: ExprId, right: ExprId) -> Vec<ExprId> {
    match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::ElementwiseMul => vec![left, right],
        BinaryOp::Mul if is_number(expr, left) => vec![right],
        BinaryOp::Mul if is_number(expr, right) => vec![left],
        BinaryOp::Div | BinaryOp::ElementwiseDiv => vec![left],
        BinaryOp::Mul | BinaryOp::Pow | BinaryOp::ElementwisePow => Vec::new(),
    }
}

/// A value for its only use: a matrix is moved, anything else is small.
pub(super) fn take(values: &mut [Value], id: ExprId) -> Value {
    let value = &mut values[id.0 as usize];
    match value {
        Value::Array(_) => std::mem::replace(value, Value::Broken),
        Value::Broken | Value::Number(_) | Value::Node { .. } => value.clone(),
    }
}

fn is_number(expr: &Expr, id: ExprId) -> bool {
    matches!(expr.node(id).kind, ExprKind::Number(_))
}

fn constant_of(value: &Value) -> Option<&Number> {
    match value {
        Value::Number(number) => Some(number),
        Value::Node { constant, .. } => constant.as_ref(),
        Value::Broken | Value::Array(_) => None,
    }
}

pub(super) fn constant(value: &Value) -> Option<Number> {
    constant_of(value).cloned()
}

fn is_square(shape: &Shape) -> bool {
    shape.as_matrix().is_some_and(|(rows, columns)| rows == columns && !rows.is_one())
}

/// The factors of a product with no bracket around it.
fn factors(expr: &Expr, id: ExprId) -> Option<(ExprId, ExprId)> {
    match expr.node(id) {
        ExprNode { kind: ExprKind::Binary { op: BinaryOp::Mul, left, right }, written, .. } if !written.bracketed => {
            Some((*left, *right))
        }
        _ => None,
    }
}

fn bracketed(expr: &Expr, id: ExprId, text: String) -> String {
    match expr.node(id).kind {
        ExprKind::Name(_) | ExprKind::Call { .. } | ExprKind::Matrix(_) => text,
        _ => format!("({text})"),
    }
}

/// `X*X`, in words where that is long.
fn matrix_power(base: &str, power: &str) -> String {
    match power {
        "2" => format!("`{base}*{base}`"),
        "3" => format!("`{base}*{base}*{base}`"),
        _ => "products".to_string(),
    }
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::ElementwiseMul => ".*",
        BinaryOp::ElementwiseDiv => "./",
        BinaryOp::Pow => "^",
        BinaryOp::ElementwisePow => ".^",
    }
}

fn inverse_meant(done: &str) -> ShapeError {
    ShapeError::new(format!("a square matrix is not {done}, which could mean its inverse or that of each entry"))
        .hint("write `inv(A)` for the inverse, `1 ./ A` for the inverse of each entry")
}

/// `a`, `a and b`, `a, b and c`
pub(super) fn listed(parts: &[String]) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
