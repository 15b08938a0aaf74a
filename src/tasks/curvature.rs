//! Whether an expression is affine, convex or concave in a value, by the rules for what it is composed of.

use crate::graph::{Graph, Kind, NodeId};
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
        (Op::Scale(_), [Constant, a]) if *a != Affine => match number(operands[0]) {
            Some(factor) if factor >= 0.0 => *a,
            Some(_) => opposite(*a),
            None => Unknown,
        },
        (Op::Scale(_) | Op::Hadamard(_) | Op::MatMul(_), [Constant, Affine] | [Affine, Constant]) => Affine,
        (Op::Div(_), [a, Constant]) => match (number(operands[1]), graph.kind(operands[1]), a) {
            (_, _, Affine) => Affine,
            (Some(divisor), _, a) if divisor > 0.0 => *a,
            (_, Kind::Size(_), a) => *a,
            _ => Unknown,
        },
        (Op::Transpose(_) | Op::Trace(_) | Op::Diag(_) | Op::Reshape(_) | Op::Flatten(_) | Op::Entry(_), _) => inner[0],
        (Op::Sum(_) | Op::Mean(_), [a]) => *a,
        (Op::Pow(_), [Affine, Constant]) => match number(operands[1]) {
            Some(exponent) if exponent > 0.0 && exponent % 2.0 == 0.0 => {
                told(because, "an even power of an affine function is convex, and so are sums of such", Convex)
            }
            Some(1.0) => Affine,
            _ => Unknown,
        },
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
