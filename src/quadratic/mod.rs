//! Losses that are quadratic in their parameters: the curvature, the largest rate at which descent converges, and the
//! exact minimum.

mod equations;

use crate::differentiate::{RuleError, differentiate};
use crate::graph::{Environment, Graph, LeafId, NodeId, SymbolName};
use crate::limits::CURVATURE_SIDE;
use crate::model::Model;
use crate::number::Number;
use crate::ops::Op;
use crate::scalar::Scalar;
use crate::simplify::simplest;
use crate::tensor::{Tensor, indices};
pub use equations::{NormalEquation, normal_equation};
use fastrand::Rng;
use num_traits::Zero;

/// How far from zero the gradient is compared with a linear one.
const SIZES: [f64; 8] = [0.01, 0.1, 1.0, 1.0, 3.0, 10.0, 100.0, 10_000.0];

/// A loss `½ θᵀHθ + gᵀθ + c` of all entries θ of the parameters, one after the other.
#[derive(Clone, Debug)]
pub struct Quadratic {
    /// H, exact where the data are.
    pub hessian: Tensor<Number>,
    /// g, the gradient where all parameters are 0; a column.
    pub slope: Tensor<Number>,
    /// The largest eigenvalue of H.
    pub curvature: Number,
    /// The solution of `Hθ = -g`, in the shapes of the parameters; none unless it is the only minimum.
    pub minimum: Option<Vec<Tensor<Number>>>,
}

impl Quadratic {
    /// Plain descent converges for rates below this.
    pub fn largest_rate(&self) -> Option<Number> {
        let positive = self.curvature.to_f64() > 0.0;
        positive.then(|| Number::integer(2).checked_div(&self.curvature).ok()).flatten()
    }

    /// With one parameter: what a step multiplies the distance to the minimum by.
    pub fn factor(&self, rate: &Number) -> Option<Number> {
        (self.hessian.size() == 1).then(|| &Number::integer(1) - &(rate * self.hessian.first()))
    }
}

/// The loss as a quadratic function of these parameters; none if it is none (or there are too many entries, or they
/// have no value). `decay` adds ½ decay |θ|².
///
/// Its gradient is a polynomial in the parameters, and `Hθ + g` where that is tried: a column of H is the gradient at a
/// unit vector less that at 0.
pub fn quadratic(
    model: &Model,
    loss: NodeId,
    params: &[NodeId],
    decay: &Number,
) -> Result<Option<Quadratic>, RuleError> {
    let mut model = model.clone();
    let Some(shapes) = shapes(&model.graph, params) else { return Ok(None) };
    let side = entries(&shapes);
    if side == 0 || side > CURVATURE_SIDE {
        return Ok(None);
    }
    // So that both factors of `n*n` are seen to be one norm.
    let written = model.graph.written_out(loss, params);
    let written = simplest(&mut model.graph, written);
    let loss = model.graph.add_symbol(SymbolName::Generated("loss".to_string()), written);
    let first = differentiate(&mut model, loss, params)?;
    let graph = &model.graph;
    let gradients: Vec<Option<NodeId>> = params.iter().map(|id| first.of.get(id).copied()).collect();
    let leaf = |id: &NodeId| graph.leaf_nodes().find(|(_, node)| node == id).map(|(leaf, _)| leaf);
    let Some(moving) = params.iter().map(leaf).collect::<Option<Vec<LeafId>>>() else { return Ok(None) };
    if !is_polynomial(graph, &gradients, params) {
        return Ok(None);
    }
    let Some(slope) = stacked(graph, &gradients, &moving, &shapes, None) else { return Ok(None) };
    let mut columns = Vec::with_capacity(side);
    for place in 0..side {
        let Some(there) = stacked(graph, &gradients, &moving, &shapes, Some(place)) else { return Ok(None) };
        columns.push(there.iter().zip(&slope).map(|(there, slope)| there - slope).collect::<Vec<Number>>());
    }
    let curved = Tensor::from_fn(&[side, side], |index| columns[index[1]][index[0]].clone());
    if !is_linear(graph, &gradients, &moving, &shapes, (&curved, &slope)) {
        return Ok(None);
    }
    for (place, column) in columns.iter_mut().enumerate() {
        column[place] += decay.clone();
    }
    let hessian = Tensor::from_fn(&[side, side], |index| columns[index[1]][index[0]].clone());
    let curvature = match side {
        1 => hessian.first().clone(),
        _ => largest_eigenvalue(&hessian),
    };
    let right: Vec<Number> = slope.iter().map(|entry| -entry).collect();
    let minimum = hessian.positive_solution(&right).map(|entries| parts(&entries, &shapes));
    Ok(Some(Quadratic { hessian, slope: Tensor::from_entries(&[side, 1], slope), curvature, minimum }))
}

/// The largest eigenvalue of a symmetric matrix: exact where it is diagonal, or has two rows and a short decimal is.
fn largest_eigenvalue(matrix: &Tensor<Number>) -> Number {
    let found = matrix.map(|entry| entry.to_f64()).largest_eigenvalue().unwrap_or(f64::NAN);
    let Ok(short) = Number::parse(&format!("{found:.6}")) else { return Number::approx(found) };
    let side = matrix.extents()[0];
    let at = |row: usize, column: usize| matrix.at(&[row, column]);
    let is_diagonal = (0..side).all(|row| (0..row).all(|column| at(row, column).is_zero()));
    let holds = match (is_diagonal, side) {
        (true, _) => (0..side).any(|row| *at(row, row) == short),
        (false, 2) => &(&short - at(0, 0)) * &(&short - at(1, 1)) == at(0, 1) * at(1, 0),
        (false, _) => false,
    };
    if holds { short } else { Number::approx(found) }
}

/// Entries of all parameters together; `None` where a side is not a number.
pub fn size(graph: &Graph, params: &[NodeId]) -> Option<usize> {
    Some(entries(&shapes(graph, params)?))
}

fn shapes(graph: &Graph, params: &[NodeId]) -> Option<Vec<Vec<usize>>> {
    params.iter().map(|id| graph.shape(*id).as_integers()).collect()
}

fn entries(shapes: &[Vec<usize>]) -> usize {
    shapes.iter().map(|extents| extents.iter().product::<usize>()).sum()
}

/// Whether these values are polynomials in the parameters.
fn is_polynomial(graph: &Graph, of: &[Option<NodeId>], params: &[NodeId]) -> bool {
    let needed = graph.needed(&of.iter().copied().flatten().collect::<Vec<_>>());
    let moving = graph.depending(params);
    let holds = |id: NodeId| {
        let Some((op, operands)) = graph.as_apply(id) else { return true };
        match op {
            Op::Div(_) => !moving[operands[1].place()],
            Op::Pow(_) => graph.as_number(operands[1]).is_some_and(|power| power.to_integer() >= Some(0)),
            _ => is_multilinear(op),
        }
    };
    graph.ids().filter(|id| needed[id.place()] && moving[id.place()]).all(holds)
}

/// Linear in each operand while the others stand still.
fn is_multilinear(op: &Op) -> bool {
    matches!(
        op,
        Op::Add(_)
            | Op::Sub(_)
            | Op::Neg(_)
            | Op::Scale(_)
            | Op::Hadamard(_)
            | Op::MatMul(_)
            | Op::Transpose(_)
            | Op::Reshape(_)
            | Op::Flatten(_)
            | Op::Sum(_)
            | Op::CumSum(_)
            | Op::Cross(_)
            | Op::Mean(_)
            | Op::Trace(_)
            | Op::Diag(_)
            | Op::Entry(_)
            | Op::EntryGradient(_)
            | Op::Slice(_)
            | Op::SliceGradient(_)
            | Op::Concat(_)
            | Op::ConcatGradient(_)
            | Op::Stack(_)
            | Op::Conv2d(_)
            | Op::Conv2dInputGradient(_)
            | Op::Conv2dKernelGradient(_)
            | Op::ConvTranspose(_)
            | Op::AvgPool(_)
            | Op::AvgPoolGradient(_)
    )
}

/// Whether the gradient is `Hθ + g` near and far: a piecewise one, such as that of a hinge loss, is not.
fn is_linear(
    graph: &Graph,
    gradients: &[Option<NodeId>],
    leaves: &[LeafId],
    shapes: &[Vec<usize>],
    (hessian, slope): (&Tensor<Number>, &[Number]),
) -> bool {
    let side = slope.len();
    let (hessian, mut random) = (hessian.map(|entry| entry.to_f64()), Rng::with_seed(1));
    SIZES.into_iter().all(|size| {
        let theta: Vec<f64> = (0..side).map(|_| size * (2.0 * random.f64() - 1.0)).collect();
        let mut environment = Environment::<f64>::given(graph);
        for (leaf, part) in leaves.iter().zip(parts(&theta, shapes)) {
            environment.set(*leaf, part);
        }
        let wanted: Vec<NodeId> = gradients.iter().copied().flatten().collect();
        let Ok(values) = graph.evaluate(&wanted, &environment) else { return false };
        let found = gradients.iter().zip(shapes).flat_map(|(node, extents)| match node.and_then(|id| values.get(id)) {
            Some(value) => value.entries().copied().collect(),
            None => vec![0.0; extents.iter().product()],
        });
        let product = hessian.matmul(&Tensor::from_entries(&[side, 1], theta.clone()));
        let expected = product.entries().zip(slope).map(|(curved, slope)| curved + slope.to_f64());
        let pairs: Vec<(f64, f64)> = found.zip(expected).collect();
        let largest = pairs.iter().fold(1e-9, |largest: f64, (a, b)| largest.max(a.abs()).max(b.abs()));
        pairs.iter().all(|(a, b)| (a - b).abs() <= 1e-9 * largest)
    })
}

/// The values of these nodes one after the other, where the leaves are 0, except for one entry that is 1.
fn stacked(
    graph: &Graph,
    nodes: &[Option<NodeId>],
    leaves: &[LeafId],
    shapes: &[Vec<usize>],
    one: Option<usize>,
) -> Option<Vec<Number>> {
    let mut environment = Environment::<Number>::given(graph);
    let mut before = 0;
    for (leaf, extents) in leaves.iter().zip(shapes) {
        let size: usize = extents.iter().product();
        let entry = |place: usize| Number::integer(i64::from(one == Some(before + place)));
        environment.set(*leaf, Tensor::from_entries(extents, (0..size).map(entry).collect()));
        before += size;
    }
    let wanted: Vec<NodeId> = nodes.iter().copied().flatten().collect();
    let values = graph.evaluate(&wanted, &environment).ok()?;
    let mut entries = Vec::new();
    for (node, extents) in nodes.iter().zip(shapes) {
        match node {
            Some(node) => entries.extend(values.get(*node)?.entries().cloned()),
            None => entries.extend(indices(extents).map(|_| Number::integer(0))),
        }
    }
    Some(entries)
}

/// Entries one after the other as tensors of these shapes.
fn parts<S: Scalar>(entries: &[S], shapes: &[Vec<usize>]) -> Vec<Tensor<S>> {
    let mut rest = entries;
    let mut parts = Vec::with_capacity(shapes.len());
    for extents in shapes {
        let (own, after) = rest.split_at(extents.iter().product());
        parts.push(Tensor::from_entries(extents, own.to_vec()));
        rest = after;
    }
    parts
}
