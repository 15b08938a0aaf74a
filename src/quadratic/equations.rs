//! `gradient = 0` of a quadratic loss, brought to the form in which it is solved: what holds the parameters on the left,
//! the rest on the right.

use crate::graph::{Graph, Kind, NodeId};
use crate::number::Number;
use crate::ops::{Add, Div, MatMul, Neg, Op, Scale, ShapeError, Sub};
use crate::shape::{Dim, Shape};
use crate::simplify::{Memo, simplify};
use num_traits::{One, Zero};

/// A gradient with more nodes than this is not multiplied out.
const LARGEST: usize = 200;

/// `left = right`, which is the gradient divided by `divisor` and set to zero.
#[derive(Clone, Debug)]
pub struct NormalEquation {
    pub left: NodeId,
    pub right: NodeId,
    pub divisor: Number,
}

/// One summand: a number times an expression.
#[derive(Clone)]
struct Term {
    factor: Number,
    node: NodeId,
    /// Whether a parameter is in it.
    moving: bool,
}

/// The equation of one gradient; `None` where it is not a sum of terms linear in the parameters, or a long one.
pub fn normal_equation(graph: &mut Graph, gradient: NodeId, params: &[NodeId]) -> Option<NormalEquation> {
    let needed = graph.needed(&[gradient]);
    if needed.iter().filter(|needed| **needed).count() > LARGEST {
        return None;
    }
    let depends = graph.depending(params);
    let terms = Expansion { graph, depends }.terms(gradient)?;
    let terms = collected(graph, terms);
    let divisor = terms.iter().find(|term| term.moving)?.factor.clone();
    let (left, right): (Vec<Term>, Vec<Term>) = terms.into_iter().partition(|term| term.moving);
    let minus = -&divisor;
    let left = added(graph, &left, &divisor, gradient).ok()?;
    let right = added(graph, &right, &minus, gradient).ok()?;
    Some(NormalEquation { left, right, divisor })
}

struct Expansion<'a> {
    graph: &'a mut Graph,
    /// Whether a parameter is in a node.
    depends: Vec<bool>,
}

impl Expansion<'_> {
    fn depends(&self, id: NodeId) -> bool {
        self.depends.get(id.place()).copied().unwrap_or(false)
    }

    /// The summands, each in the node's shape.
    fn terms(&mut self, id: NodeId) -> Option<Vec<Term>> {
        if !self.depends(id) {
            return Some(vec![Term { factor: Number::one(), node: id, moving: false }]);
        }
        let shape = self.graph.shape(id).clone();
        let (op, operands) = match self.graph.kind(id).clone() {
            Kind::Leaf(_) => return Some(vec![Term { factor: Number::one(), node: id, moving: true }]),
            Kind::Symbol(symbol) => {
                let definition = self.graph.symbol(symbol).definition;
                return self.terms(definition);
            }
            Kind::Apply(op, operands) => (op, operands),
            Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) => return None,
        };
        match (&op, &operands[..]) {
            (Op::Neg(_), [of]) => Some(multiplied(self.terms(*of)?, &Number::integer(-1))),
            (Op::Add(_), [left, right]) => self.both(*left, *right, 1, &shape),
            (Op::Sub(_), [left, right]) => self.both(*left, *right, -1, &shape),
            (Op::Scale(_), [number, of]) if self.graph.as_number(*number).is_some() => {
                let factor = self.graph.as_number(*number)?.clone();
                Some(multiplied(self.terms(*of)?, &factor))
            }
            (Op::Scale(_) | Op::Hadamard(_) | Op::MatMul(_), [left, right]) => {
                match (self.depends(*left), self.depends(*right)) {
                    (true, false) => self.inside(*left, |graph, term| graph.apply(op.clone(), &[term, *right])),
                    (false, true) => self.inside(*right, |graph, term| graph.apply(op.clone(), &[*left, term])),
                    (_, _) => None,
                }
            }
            (Op::Div(_), [left, right]) if !self.depends(*right) => {
                self.inside(*left, |graph, term| graph.apply(Div, &[term, *right]))
            }
            (
                Op::Sum(_)
                | Op::Mean(_)
                | Op::Transpose(_)
                | Op::Reshape(_)
                | Op::Flatten(_)
                | Op::Trace(_)
                | Op::Entry(_)
                | Op::Slice(_),
                [of],
            ) => self.inside(*of, |graph, term| graph.apply(op.clone(), &[term])),
            _ => None,
        }
    }

    fn inside(
        &mut self,
        of: NodeId,
        apply: impl Fn(&mut Graph, NodeId) -> Result<NodeId, ShapeError>,
    ) -> Option<Vec<Term>> {
        let terms = self.terms(of)?;
        let outer = terms.into_iter().map(|term| Some(Term { node: apply(self.graph, term.node).ok()?, ..term }));
        outer.collect()
    }

    /// The terms of a sum or difference, repeated to its shape.
    fn both(&mut self, left: NodeId, right: NodeId, sign: i64, shape: &Shape) -> Option<Vec<Term>> {
        let mut terms = self.terms(left)?;
        terms.extend(multiplied(self.terms(right)?, &Number::integer(sign)));
        let repeated =
            terms.into_iter().map(|term| Some(Term { node: repeated(self.graph, term.node, shape)?, ..term }));
        repeated.collect()
    }
}

fn multiplied(terms: Vec<Term>, factor: &Number) -> Vec<Term> {
    terms.into_iter().map(|term| Term { factor: &term.factor * factor, ..term }).collect()
}

/// A scalar, row or column repeated to a matrix, written as a product with ones.
fn repeated(graph: &mut Graph, node: NodeId, shape: &Shape) -> Option<NodeId> {
    let own = graph.shape(node).clone();
    if own == *shape {
        return Some(node);
    }
    if own.is_scalar() {
        let ones = graph.ones(shape.clone());
        return graph.apply(Scale, &[node, ones]).ok();
    }
    let (rows, columns) = shape.as_matrix()?;
    match (own.is_row(), own.is_column()) {
        (true, _) => {
            let ones = graph.ones(Shape::matrix(rows.clone(), Dim::one()));
            graph.apply(MatMul, &[ones, node]).ok()
        }
        (_, true) => {
            let ones = graph.ones(Shape::matrix(Dim::one(), columns.clone()));
            graph.apply(MatMul, &[node, ones]).ok()
        }
        (false, false) => None,
    }
}

/// The terms in their readable forms, equal ones together, in the order in which they first stand.
fn collected(graph: &mut Graph, terms: Vec<Term>) -> Vec<Term> {
    let mut all: Vec<Term> = Vec::new();
    let mut memo = Memo::default();
    for term in terms {
        let mut node = simplify(graph, term.node, &mut memo).node;
        let mut factor = term.factor;
        while let Some((number, rest)) = scaled(graph, node) {
            factor = &factor * &number;
            node = rest;
        }
        match all.iter_mut().find(|known| known.node == node) {
            Some(known) => known.factor = &known.factor + &factor,
            None => all.push(Term { factor, node, ..term }),
        }
    }
    all.retain(|term| !term.factor.is_zero());
    all
}

/// The number and the rest of a multiple.
fn scaled(graph: &Graph, id: NodeId) -> Option<(Number, NodeId)> {
    match graph.as_apply(id)? {
        (Op::Scale(_), [number, rest]) => Some((graph.as_number(*number)?.clone(), *rest)),
        (Op::Neg(_), [rest]) => Some((Number::integer(-1), *rest)),
        _ => None,
    }
}

/// The sum of the terms, each divided by a number; zero in the shape of `like` if there are none.
fn added(graph: &mut Graph, terms: &[Term], divisor: &Number, like: NodeId) -> Result<NodeId, ShapeError> {
    let mut total: Option<NodeId> = None;
    for term in terms {
        let factor = term.factor.checked_div(divisor).unwrap_or_else(|_| term.factor.clone());
        let size = graph.number(factor.abs());
        let part = if factor.abs().is_one() { term.node } else { graph.apply(Scale, &[size, term.node])? };
        total = Some(match (total, factor.is_negative()) {
            (None, false) => part,
            (None, true) => graph.apply(Neg, &[part])?,
            (Some(total), false) => graph.apply(Add, &[total, part])?,
            (Some(total), true) => graph.apply(Sub, &[total, part])?,
        });
    }
    match total {
        Some(total) => Ok(total),
        None => {
            let (zero, shape) = (graph.integer(0), graph.shape(like).clone());
            if shape.is_scalar() {
                return Ok(zero);
            }
            let ones = graph.ones(shape);
            graph.apply(Scale, &[zero, ones])
        }
    }
}
