//! Whether an expression is affine, convex or concave in a value, by the rules for what it is composed of.

use crate::graph::{Assumption, Graph, Kind, NodeId};
use crate::number::Number;
use crate::ops::Op;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curvature {
    Constant,
    Affine,
    Convex,
    Concave,
    Unknown,
}

use Curvature::{Affine, Concave, Constant, Convex, Unknown};

/// What a proof of it rests on, and the curvature.
pub fn curvature(graph: &Graph, of: NodeId, wrt: NodeId) -> (Curvature, &'static str) {
    let mut because = "";
    let found = within(graph, of, wrt, &mut because);
    (found, because)
}

fn within(graph: &Graph, of: NodeId, wrt: NodeId, because: &mut &'static str) -> Curvature {
    if of == wrt {
        return Affine;
    }
    let (op, operands) = match graph.kind(of) {
        Kind::Symbol(symbol) => return within(graph, graph.symbol(*symbol).definition, wrt, because),
        Kind::Apply(op, operands) => (op, operands),
        Kind::Leaf(_) | Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) => return Constant,
    };
    let inner: Vec<Curvature> = operands.iter().map(|operand| within(graph, *operand, wrt, because)).collect();
    if inner.iter().all(|own| *own == Constant) {
        return Constant;
    }
    let affine = inner.iter().all(|own| matches!(own, Constant | Affine));
    let number = |id: NodeId| graph.as_number(id).map(Number::to_f64);
    match (op, inner.as_slice()) {
        (Op::Add(_), [a, b]) => sum(*a, *b),
        (Op::Sub(_), [a, b]) => sum(*a, opposite(*b)),
        (Op::Neg(_), [a]) => opposite(*a),
        (Op::Scale(_) | Op::Hadamard(_) | Op::MatMul(_), [Constant, Affine] | [Affine, Constant]) => Affine,
        (Op::Scale(_) | Op::Hadamard(_), [Affine, Concave]) if is_logarithm_of(graph, operands[1], operands[0]) => {
            told(because, "x ln x is convex where x is positive", Convex)
        }
        (Op::Scale(_) | Op::Hadamard(_), [Constant, a]) => scaled(graph, operands[0], *a),
        (Op::Scale(_) | Op::Hadamard(_), [a, Constant]) => scaled(graph, operands[1], *a),
        (Op::Div(_), [Affine, Constant]) => Affine,
        (Op::Div(_), [a, Constant]) => scaled(graph, operands[1], *a),
        (Op::Transpose(_) | Op::Trace(_) | Op::Diag(_) | Op::Reshape(_) | Op::Flatten(_) | Op::Entry(_), _) => inner[0],
        (Op::Sum(_) | Op::Mean(_), [a]) => *a,
        (Op::Pow(_), [Affine, Constant]) => match number(operands[1]) {
            Some(exponent) if exponent > 0.0 && exponent % 2.0 == 0.0 => {
                told(because, "an even power of an affine function is convex, and so are sums of such", Convex)
            }
            Some(1.0) => Affine,
            _ => Unknown,
        },
        (Op::Pow(_), [Convex, Constant]) if not_negative(graph, operands[0]) => match number(operands[1]) {
            Some(exponent) if exponent >= 1.0 => {
                told(because, "a power of a convex function that is nowhere negative is convex", Convex)
            }
            _ => Unknown,
        },
        (Op::Log(_), [Convex]) if is_sum_of_exponentials(graph, operands[0], wrt) => {
            told(because, "the logarithm of a sum of exponentials of affine functions is convex", Convex)
        }
        (Op::Mse(_) | Op::HalfSquare(_), _) if affine => {
            told(because, "a sum of squares of affine functions is convex", Convex)
        }
        (Op::Norm(_), [Constant | Affine]) => told(because, "a norm of an affine function is convex", Convex),
        (Op::Abs(_), [Affine]) => told(because, "an absolute value of an affine function is convex", Convex),
        (Op::Exp(_), [Affine | Convex]) => told(because, "the exponential is convex and grows", Convex),
        (Op::Softplus(_), [Affine | Convex]) => told(because, "softplus is convex and grows", Convex),
        (Op::LogSumExp(_), [Affine | Convex]) => {
            told(because, "log-sum-exp is convex and grows in every entry", Convex)
        }
        (Op::Relu(_), [Affine | Convex]) => told(because, "the larger of 0 and a convex function is convex", Convex),
        (Op::Maximum(_) | Op::Max(_), _) if inner.iter().all(|own| matches!(own, Constant | Affine | Convex)) => {
            told(because, "the largest of convex functions is convex", Convex)
        }
        (Op::Minimum(_) | Op::Min(_), _) if inner.iter().all(|own| matches!(own, Constant | Affine | Concave)) => {
            told(because, "the smallest of concave functions is concave", Concave)
        }
        (Op::Log(_) | Op::Sqrt(_), [Affine | Concave]) => {
            told(because, "the logarithm and the root are concave and grow", Concave)
        }
        (Op::Hinge(_), [Affine, Constant]) => told(because, "the hinge loss of an affine function is convex", Convex),
        (Op::CrossEntropy(_), [_, Constant]) if of_affine(graph, operands[0], wrt) => told(
            because,
            "the cross-entropy of the softmax of an affine function is log-sum-exp less an affine function",
            Convex,
        ),
        (Op::Bce(_), [_, Constant]) if of_affine(graph, operands[0], wrt) => told(
            because,
            "the cross-entropy of the logistic function of an affine function is softplus less an affine function",
            Convex,
        ),
        _ => Unknown,
    }
}

fn told(because: &mut &'static str, why: &'static str, curvature: Curvature) -> Curvature {
    *because = why;
    curvature
}

/// A factor keeps curvature or turns it round.
fn scaled(graph: &Graph, factor: NodeId, curvature: Curvature) -> Curvature {
    match graph.as_number(factor).map(Number::to_f64) {
        Some(factor) if factor < 0.0 => opposite(curvature),
        _ if is_positive(graph, factor) => curvature,
        _ => match graph.as_apply(defined(graph, factor)) {
            Some((Op::Neg(_), [inner])) if is_positive(graph, *inner) => opposite(curvature),
            _ => Unknown,
        },
    }
}

fn defined(graph: &Graph, id: NodeId) -> NodeId {
    graph.as_symbol(id).map_or(id, |symbol| symbol.definition)
}

/// Whether it is 0 or positive by what it is made of and by what is declared.
fn is_positive(graph: &Graph, id: NodeId) -> bool {
    match graph.kind(defined(graph, id)) {
        Kind::Number(_) => graph.as_number(id).is_some_and(|number| !number.is_negative()),
        Kind::Size(_) | Kind::Ones(_) => true,
        Kind::Leaf(_) => graph.as_leaf(defined(graph, id)).is_some_and(|leaf| {
            let value = leaf.value.as_ref();
            leaf.assumed.contains(&Assumption::Positive)
                || value.is_some_and(|value| value.entries().all(|entry| !entry.is_negative()))
        }),
        Kind::Apply(Op::Scale(_) | Op::Hadamard(_) | Op::Div(_) | Op::Add(_) | Op::MatMul(_), operands) => {
            operands.iter().all(|operand| is_positive(graph, *operand))
        }
        _ => not_negative(graph, id),
    }
}

/// Whether it is nowhere negative by its outermost operator.
fn not_negative(graph: &Graph, id: NodeId) -> bool {
    match graph.as_apply(defined(graph, id)) {
        Some((Op::Norm(_) | Op::Abs(_) | Op::Relu(_) | Op::Exp(_) | Op::Sqrt(_) | Op::Softplus(_) | Op::Mse(_), _)) => {
            true
        }
        Some((Op::Maximum(_), operands)) => operands.iter().any(|operand| is_positive(graph, *operand)),
        Some((Op::Pow(_), [base, exponent])) => {
            let even = graph.as_number(*exponent).is_some_and(|number| number.to_f64() % 2.0 == 0.0);
            even || is_positive(graph, *base)
        }
        _ => false,
    }
}

fn is_logarithm_of(graph: &Graph, id: NodeId, of: NodeId) -> bool {
    matches!(graph.as_apply(defined(graph, id)), Some((Op::Log(_), [inner])) if *inner == of)
}

/// `1 + exp(z)`, `sum(exp(z))` and sums of such.
fn is_sum_of_exponentials(graph: &Graph, id: NodeId, wrt: NodeId) -> bool {
    let id = defined(graph, id);
    match graph.as_apply(id) {
        Some((Op::Exp(_), [inner])) => matches!(within(graph, *inner, wrt, &mut ""), Constant | Affine),
        Some((Op::Add(_), operands)) => operands.iter().all(|own| is_sum_of_exponentials(graph, *own, wrt)),
        Some((Op::Sum(_), [inner])) => is_sum_of_exponentials(graph, *inner, wrt),
        _ => within(graph, id, wrt, &mut "") == Constant && is_positive(graph, id),
    }
}

/// Softmax or the logistic function of something affine.
fn of_affine(graph: &Graph, of: NodeId, wrt: NodeId) -> bool {
    let definition = graph.as_symbol(of).map_or(of, |symbol| symbol.definition);
    matches!(graph.as_apply(definition), Some((Op::Softmax(_) | Op::Sigmoid(_), [inner]))
        if within(graph, *inner, wrt, &mut "") == Affine)
}

fn sum(a: Curvature, b: Curvature) -> Curvature {
    match (a, b) {
        (Constant, other) | (other, Constant) => other,
        (Affine, other) | (other, Affine) => other,
        (Convex, Convex) => Convex,
        (Concave, Concave) => Concave,
        _ => Unknown,
    }
}

fn opposite(of: Curvature) -> Curvature {
    match of {
        Convex => Concave,
        Concave => Convex,
        Constant | Affine | Unknown => of,
    }
}
