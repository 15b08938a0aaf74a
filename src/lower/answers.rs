//! What answers may say and a problem may not: derivatives by a prime, lists of cases, quotients of differentials.

use super::expression::{Lowering, Value};
use super::names::Resolved;
use super::operators::is_operator;
use super::scope::Meaning;
use crate::diagnostic::Diagnostic;
use crate::graph::{NodeId, Site};
use crate::ops::{Add, Hadamard, Op, Options, Scale, ShapeError, Sub, Sum, Transpose};
use crate::shape::Dim;
use crate::span::Span;
use crate::syntax::SIDE;
use crate::syntax::ast::{Case, Expr, ExprId, Name};

impl Lowering<'_> {
    /// `relu'(U)`: the derivative of an operator that acts entry by entry; `W'(Y - X)` is a product with a transpose.
    pub(super) fn prime(&mut self, callee: &Name, primes: u32, argument: Value, span: Span) -> Value {
        let Some(argument) = self.node(argument, span) else { return Value::Broken };
        if !is_operator(callee) {
            let Value::Node { id, .. } = self.name(callee) else { return Value::Broken };
            let turned = if primes % 2 == 1 { self.graph.apply(Transpose, &[id]) } else { Ok(id) };
            let product = turned.and_then(|turned| self.graph.product(turned, argument));
            return self.fitted(product, span);
        }
        let mut options = Options::new(&callee.text, Vec::new(), self.scope.default_axis);
        let Some(Ok(op)) = Op::from_call(&callee.text, &mut options) else { return self.no_derivative(callee, span) };
        match self.derivative(&op, argument).filter(|_| primes <= 1) {
            Some(id) => self.made(id, span, None),
            None => self.no_derivative(callee, span),
        }
    }

    /// The derivative of an operator at each entry of its operand: its gradient rule with ones coming in.
    fn derivative(&mut self, op: &Op, operand: NodeId) -> Option<NodeId> {
        let output = self.graph.apply(op.clone(), &[operand]).ok()?;
        let shape = self.graph.shape(operand).clone();
        if *self.graph.shape(output) != shape {
            return None;
        }
        let rule = op.gradient(std::slice::from_ref(&shape)).into_iter().next()?;
        let upstream = self.graph.ones(shape);
        self.graph.instantiate(&rule.term, Site { operands: &[operand], output, upstream }).ok()?
    }

    fn no_derivative(&mut self, callee: &Name, span: Span) -> Value {
        let message = format!("`{}` has no derivative that a prime could mean", callee.text);
        self.faults.push(Diagnostic::error("E-answers", message).at(span, "here"));
        Value::Broken
    }

    /// `X if Z > 0, 0 otherwise`: each value where its condition holds and none before it does.
    pub(super) fn cases(&mut self, cases: Vec<(Value, Option<Value>)>, span: Span) -> Value {
        let mut total: Option<NodeId> = None;
        let mut rest: Option<NodeId> = None;
        for (value, condition) in cases {
            let Some(value) = self.node(value, span) else { return Value::Broken };
            let condition = match condition.map(|condition| self.node(condition, span)) {
                Some(None) => return Value::Broken,
                Some(Some(condition)) => Some(condition),
                None => None,
            };
            let added = self.case(value, condition, &mut rest, &mut total);
            if let Err(error) = added {
                return self.fitted(Err(error), span);
            }
        }
        match total {
            Some(total) => self.made(total, span, None),
            None => Value::Broken,
        }
    }

    fn case(
        &mut self,
        value: NodeId,
        condition: Option<NodeId>,
        rest: &mut Option<NodeId>,
        total: &mut Option<NodeId>,
    ) -> Result<(), ShapeError> {
        let holds = match (condition, *rest) {
            (None, rest) => rest,
            (Some(condition), None) => Some(condition),
            (Some(condition), Some(rest)) => Some(self.entrywise(condition, rest)?),
        };
        let part = match holds {
            Some(holds) => self.entrywise(value, holds)?,
            None => value,
        };
        *total = Some(match *total {
            Some(total) => self.graph.apply(Add, &[total, part])?,
            None => part,
        });
        if let Some(condition) = condition {
            let one = self.graph.integer(1);
            let fails = self.graph.apply(Sub, &[one, condition])?;
            *rest = Some(match *rest {
                Some(rest) => self.entrywise(rest, fails)?,
                None => fails,
            });
        }
        Ok(())
    }

    fn entrywise(&mut self, a: NodeId, b: NodeId) -> Result<NodeId, ShapeError> {
        match (self.graph.shape(a).is_scalar(), self.graph.shape(b).is_scalar()) {
            (true, _) => self.graph.apply(Scale, &[a, b]),
            (false, true) => self.graph.apply(Scale, &[b, a]),
            (false, false) => self.graph.apply(Hadamard, &[a, b]),
        }
    }

    /// `∂L/∂W2`, which is called `dW2`.
    pub(super) fn quotient(&mut self, wrt: &Name, span: Span) -> Value {
        let Ok(wrt) = Resolved::of(wrt, self.loops) else { return Value::Broken };
        match self.scope.get(&format!("d{}", wrt.key)).map(|known| known.meaning.clone()) {
            Some(Meaning::Value(id)) => self.made(id, span, None),
            Some(Meaning::Broken) => Value::Broken,
            Some(Meaning::Size(_) | Meaning::Unvalued) | None => {
                let message = format!("there is no gradient with respect to `{}`", wrt.text);
                self.faults.push(Diagnostic::error("E-name", message).at(span, "here"));
                Value::Broken
            }
        }
    }

    /// `len(y)`, `X.shape[0]`
    pub(super) fn side(
        &mut self,
        expr: &Expr,
        callee: &Name,
        arguments: &[ExprId],
        operands: &[Value],
        span: Span,
    ) -> Option<Value> {
        if callee.text != SIDE || !self.scope.answers || self.scope.get(&callee.key()).is_some() {
            return None;
        }
        let mut nodes = operands.iter().zip(arguments).map(|(value, id)| self.node(value.clone(), expr.node(*id).span));
        let (Some(Some(of)), axis) = (nodes.next(), nodes.next().flatten()) else { return Some(Value::Broken) };
        let shape = self.graph.shape(of);
        // A row is a list of numbers where no axis is said; `-1` is the last axis.
        let first = i64::from(shape.is_row());
        let axis = axis.map_or(Some(first), |axis| self.graph.as_number(axis)?.to_integer()).unwrap_or(0);
        let axis = if axis < 0 { axis + shape.rank() as i64 } else { axis };
        let side = usize::try_from(axis).ok().and_then(|axis| shape.0.get(axis).cloned());
        let id = self.graph.dimension(side.unwrap_or_else(Dim::one));
        Some(self.made(id, span, None))
    }

    /// The product; of two vectors the sum of the products of their entries.
    pub(super) fn dot(&mut self, a: NodeId, b: NodeId) -> Result<NodeId, ShapeError> {
        if !(self.is_vector(a) && self.is_vector(b)) {
            return self.graph.product(a, b);
        }
        let (row, column) = (self.as_row(a)?, self.as_row(b)?);
        let products = self.graph.apply(Hadamard, &[row, column])?;
        self.graph.apply(Sum { axis: None }, &[products])
    }

    /// Of two vectors the matrix of all products of their entries, else the product entry by entry.
    pub(super) fn outer(&mut self, a: NodeId, b: NodeId) -> Result<NodeId, ShapeError> {
        if !(self.is_vector(a) && self.is_vector(b)) {
            return self.entrywise(a, b);
        }
        let row = self.as_row(a)?;
        let column = self.graph.apply(Transpose, &[row])?;
        let row = self.as_row(b)?;
        self.graph.product(column, row)
    }

    fn is_vector(&self, id: NodeId) -> bool {
        let shape = self.graph.shape(id);
        shape.is_row() || shape.is_column()
    }

    fn as_row(&mut self, id: NodeId) -> Result<NodeId, ShapeError> {
        if self.graph.shape(id).is_row() { Ok(id) } else { self.graph.apply(Transpose, &[id]) }
    }

    /// `A ∘ s W^T` where only `(A ∘ s) W^T` fits: as papers write it.
    pub(super) fn grouped_left(&mut self, a: NodeId, product: NodeId) -> Option<NodeId> {
        let (Op::MatMul(_), [first, last]) = self.graph.as_apply(product)? else { return None };
        let (first, last) = (*first, *last);
        let left = self.graph.apply(Hadamard, &[a, first]).ok().or_else(|| self.grouped_left(a, first))?;
        self.graph.product(left, last).ok()
    }

    /// A result, or an error of shapes without operands of its own to show.
    pub(super) fn fitted(&mut self, result: Result<NodeId, ShapeError>, span: Span) -> Value {
        match result {
            Ok(id) => self.made(id, span, None),
            Err(error) => {
                let diagnostic = Diagnostic::error("E-shape", error.rule).at(span, "the shapes do not fit");
                self.faults.push(error.hint.into_iter().fold(diagnostic, Diagnostic::help));
                Value::Broken
            }
        }
    }
}

/// The parts of a list of cases, taken from what was computed.
pub(super) fn taken<V>(cases: &[Case], mut take: impl FnMut(crate::syntax::ast::ExprId) -> V) -> Vec<(V, Option<V>)> {
    cases.iter().map(|case| (take(case.value), case.condition.map(&mut take))).collect()
}
