//! Operators by their definitions: what a proof puts in the place of a softmax.

use crate::graph::{Graph, NodeId};
use crate::number::Number;
use crate::ops::mse::SquareReduction;
use crate::ops::{Add, Compare, Div, Exp, Hadamard, Log, Neg, Op, Pow, Scale, ShapeError, Sqrt, Sub, Sum};
use crate::syntax::ast::Relation;

/// An operator in terms of simpler ones.
pub struct Definition {
    /// How a proof names it.
    pub because: &'static str,
    is: fn(&Op) -> bool,
    apply: fn(&mut Graph, &Op, &[NodeId]) -> Option<NodeId>,
}

type Made = Result<NodeId, ShapeError>;

/// In the order in which a proof uses them.
pub static DEFINITIONS: &[Definition] = &[
    Definition {
        because: "by the definition of the squared error",
        is: |op| matches!(op, Op::Mse(_) | Op::HalfSquare(_)),
        apply: losses,
    },
    Definition {
        because: "by the definition of the cross-entropy",
        is: |op| matches!(op, Op::CrossEntropy(_) | Op::Bce(_)),
        apply: losses,
    },
    Definition {
        because: "by the definition of the log-softmax",
        is: |op| matches!(op, Op::LogSoftmax(_)),
        apply: log_softmax,
    },
    Definition {
        because: "by the definition of log-sum-exp",
        is: |op| matches!(op, Op::LogSumExp(_)),
        apply: log_softmax,
    },
    Definition { because: "by the definition of the softmax", is: |op| matches!(op, Op::Softmax(_)), apply: softmax },
    Definition {
        because: "by the definition of the logistic function",
        is: |op| matches!(op, Op::Sigmoid(_)),
        apply: logistic,
    },
    Definition { because: "by the definition of tanh", is: |op| matches!(op, Op::Tanh(_)), apply: logistic },
    Definition { because: "by the definition of softplus", is: |op| matches!(op, Op::Softplus(_)), apply: logistic },
    Definition { because: "by the definition of the mean", is: |op| matches!(op, Op::Mean(_)), apply: mean },
    Definition { because: "by the definition of the norm", is: |op| matches!(op, Op::Norm(_)), apply: norm },
    Definition {
        because: "ReLU keeps what is positive, and makes the rest 0",
        is: |op| matches!(op, Op::Relu(_)),
        apply: cases,
    },
    Definition {
        because: "an absolute value changes the sign of what is negative",
        is: |op| matches!(op, Op::Abs(_)),
        apply: cases,
    },
    Definition {
        because: "a maximum is the second value and what the first exceeds it by",
        is: |op| matches!(op, Op::Maximum(_)),
        apply: cases,
    },
    Definition {
        because: "a minimum is the first value less what it exceeds the second by",
        is: |op| matches!(op, Op::Minimum(_)),
        apply: cases,
    },
];

impl Definition {
    /// The operator of these operands by its definition, where this is the one.
    pub fn of(&self, graph: &mut Graph, op: &Op, operands: &[NodeId]) -> Option<NodeId> {
        if (self.is)(op) { (self.apply)(graph, op, operands) } else { None }
    }
}

fn number(graph: &mut Graph, value: Number, of: NodeId) -> Made {
    let value = graph.number(value);
    graph.apply(Scale, &[value, of])
}

fn times(graph: &mut Graph, a: NodeId, b: NodeId) -> Made {
    match (graph.shape(a).is_scalar(), graph.shape(b).is_scalar()) {
        (true, _) => graph.apply(Scale, &[a, b]),
        (false, true) => graph.apply(Scale, &[b, a]),
        (false, false) => graph.apply(Hadamard, &[a, b]),
    }
}

fn square(graph: &mut Graph, of: NodeId) -> Made {
    let two = graph.integer(2);
    graph.apply(Pow, &[of, two])
}

fn summed(graph: &mut Graph, axis: Option<usize>, of: NodeId) -> Made {
    if graph.shape(of).is_scalar() { Ok(of) } else { graph.apply(Sum { axis }, &[of]) }
}

fn losses(graph: &mut Graph, op: &Op, operands: &[NodeId]) -> Option<NodeId> {
    let made = match (op, operands) {
        (Op::Mse(mse), [a, b]) => (|| {
            let difference = graph.apply(Sub, &[*a, *b])?;
            let squares = square(graph, difference)?;
            let sum = summed(graph, None, squares)?;
            match mse.reduce {
                SquareReduction::Half => number(graph, Number::ratio(1, 2), sum),
                SquareReduction::Sum => Ok(sum),
                SquareReduction::Mean => {
                    let size = graph.shape(difference).size();
                    let size = graph.dimension(size);
                    graph.apply(Div, &[sum, size])
                }
            }
        })(),
        (Op::HalfSquare(_), [a]) => (|| {
            let squares = square(graph, *a)?;
            let sum = summed(graph, None, squares)?;
            number(graph, Number::ratio(1, 2), sum)
        })(),
        (Op::CrossEntropy(ce), [p, t]) => (|| {
            let log = graph.apply(Log { base: None }, &[*p])?;
            let products = times(graph, *t, log)?;
            let sum = summed(graph, None, products)?;
            let loss = graph.apply(Neg, &[sum])?;
            match ce.mean {
                false => Ok(loss),
                true => {
                    let rows = graph.shape(*p).0.get(1 - ce.axis.min(1)).cloned();
                    let rows = graph.dimension(rows.unwrap_or_else(crate::shape::Dim::one));
                    graph.apply(Div, &[loss, rows])
                }
            }
        })(),
        (Op::Bce(bce), [p, t]) => (|| {
            let one = graph.integer(1);
            let log = graph.apply(Log { base: None }, &[*p])?;
            let first = times(graph, *t, log)?;
            let (rest, other) = (graph.apply(Sub, &[one, *t])?, graph.apply(Sub, &[one, *p])?);
            let log = graph.apply(Log { base: None }, &[other])?;
            let second = times(graph, rest, log)?;
            let both = graph.apply(Add, &[first, second])?;
            let sum = summed(graph, None, both)?;
            let loss = graph.apply(Neg, &[sum])?;
            match bce.mean {
                false => Ok(loss),
                true => {
                    let size = graph.shape(*p).size();
                    let size = graph.dimension(size);
                    graph.apply(Div, &[loss, size])
                }
            }
        })(),
        _ => return None,
    };
    made.ok()
}

fn log_softmax(graph: &mut Graph, op: &Op, operands: &[NodeId]) -> Option<NodeId> {
    let made = match (op, operands) {
        (Op::LogSoftmax(own), [a]) => (|| {
            let softmax = graph.apply(crate::ops::Softmax { axis: own.axis }, &[*a])?;
            graph.apply(Log { base: None }, &[softmax])
        })(),
        (Op::LogSumExp(own), [a]) => (|| {
            let exponentials = graph.apply(Exp, &[*a])?;
            let sum = summed(graph, Some(own.axis), exponentials)?;
            graph.apply(Log { base: None }, &[sum])
        })(),
        _ => return None,
    };
    made.ok().filter(|made| graph.shape(*made).size().is_one() || graph.shape(*made).rank() > 0)
}

fn softmax(graph: &mut Graph, op: &Op, operands: &[NodeId]) -> Option<NodeId> {
    let (Op::Softmax(own), [a]) = (op, operands) else { return None };
    let exponentials = graph.apply(Exp, &[*a]).ok()?;
    // All entries of a row or a column are added.
    let shape = graph.shape(*a);
    let whole = shape.is_row() && own.axis == 1 || shape.is_column() && own.axis == 0;
    let sum = summed(graph, if whole { None } else { Some(own.axis) }, exponentials).ok()?;
    graph.apply(Div, &[exponentials, sum]).ok()
}

fn logistic(graph: &mut Graph, op: &Op, operands: &[NodeId]) -> Option<NodeId> {
    let [a] = operands else { return None };
    let one = graph.integer(1);
    let made = match op {
        Op::Sigmoid(_) => (|| {
            let minus = graph.apply(Neg, &[*a])?;
            let exp = graph.apply(Exp, &[minus])?;
            let below = graph.apply(Add, &[one, exp])?;
            graph.apply(Div, &[one, below])
        })(),
        Op::Tanh(_) => (|| {
            let minus = graph.apply(Neg, &[*a])?;
            let (up, down) = (graph.apply(Exp, &[*a])?, graph.apply(Exp, &[minus])?);
            let (above, below) = (graph.apply(Sub, &[up, down])?, graph.apply(Add, &[up, down])?);
            graph.apply(Div, &[above, below])
        })(),
        Op::Softplus(_) => (|| {
            let exp = graph.apply(Exp, &[*a])?;
            let sum = graph.apply(Add, &[one, exp])?;
            graph.apply(Log { base: None }, &[sum])
        })(),
        _ => return None,
    };
    made.ok()
}

fn mean(graph: &mut Graph, op: &Op, operands: &[NodeId]) -> Option<NodeId> {
    let (Op::Mean(own), [a]) = (op, operands) else { return None };
    let shape = graph.shape(*a).clone();
    let count = match own.axis {
        None => shape.size(),
        Some(axis) => shape.0.get(axis)?.clone(),
    };
    let sum = summed(graph, own.axis, *a).ok()?;
    let count = graph.dimension(count);
    graph.apply(Div, &[sum, count]).ok()
}

fn norm(graph: &mut Graph, op: &Op, operands: &[NodeId]) -> Option<NodeId> {
    let (Op::Norm(own), [a]) = (op, operands) else { return None };
    let squares = square(graph, *a).ok()?;
    let sum = summed(graph, own.axis, squares).ok()?;
    graph.apply(Sqrt, &[sum]).ok()
}

/// `u` where it is positive.
fn positive_part(graph: &mut Graph, of: NodeId) -> Made {
    let zero = graph.integer(0);
    let positive = graph.apply(Compare { relation: Relation::Greater }, &[of, zero])?;
    times(graph, of, positive)
}

fn cases(graph: &mut Graph, op: &Op, operands: &[NodeId]) -> Option<NodeId> {
    let made = match (op, operands) {
        (Op::Relu(_), [a]) => positive_part(graph, *a),
        (Op::Abs(_), [a]) => (|| {
            let positive = positive_part(graph, *a)?;
            let twice = number(graph, Number::integer(2), positive)?;
            graph.apply(Sub, &[twice, *a])
        })(),
        (Op::Maximum(_), [a, b]) => (|| {
            let difference = graph.apply(Sub, &[*a, *b])?;
            let positive = positive_part(graph, difference)?;
            graph.apply(Add, &[*b, positive])
        })(),
        (Op::Minimum(_), [a, b]) => (|| {
            let difference = graph.apply(Sub, &[*a, *b])?;
            let positive = positive_part(graph, difference)?;
            graph.apply(Sub, &[*a, positive])
        })(),
        _ => return None,
    };
    made.ok()
}
