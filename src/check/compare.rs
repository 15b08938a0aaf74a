//! Two values beside each other.

use super::closeness::{Closeness, compare, is_shortened};
use crate::model::Tolerance;
use crate::number::Number;
use crate::shape::Shape;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind};
use crate::tensor::{Tensor, indices};

/// Doubles that were computed in different ways differ by less, relative to the largest entry.
const SAME: f64 = 1e-8;
/// Entries below this are next to nothing: what remains of larger terms that cancel.
const SMALL: f64 = 1e-4;

/// How a number or a matrix of numbers stands to the right one.
#[derive(Clone, Debug, PartialEq)]
pub struct Closenesses {
    pub worst: Closeness,
    /// Indices from 0 of the entries that are not right.
    pub wrong: Vec<Vec<usize>>,
    pub total: usize,
}

/// Entry by entry; `None` where the extents differ. A 1 x 1 matrix is its entry.
pub fn closenesses(found: &Tensor<Number>, right: &Tensor<Number>, tolerance: &Tolerance) -> Option<Closenesses> {
    if !same_extents(found.extents(), right.extents()) {
        return None;
    }
    let scale = right.entries().map(|entry| entry.to_f64().abs()).fold(0.0, f64::max);
    let mut all = Closenesses { worst: Closeness::Same, wrong: Vec::new(), total: right.size() };
    for ((found, right), index) in found.entries().zip(right.entries()).zip(indices(right.extents())) {
        let closeness = compare(found, right, scale, tolerance);
        all.worst = all.worst.max(closeness);
        if closeness > Closeness::Rounded {
            all.wrong.push(index);
        }
    }
    Some(all)
}

/// Whether two values are the same but for rounding; `None` where the extents differ.
pub fn same(a: &Tensor<f64>, b: &Tensor<f64>) -> Option<Result<(), Vec<usize>>> {
    if !same_extents(a.extents(), b.extents()) {
        return None;
    }
    let scale = a.stored().iter().chain(b.stored()).map(|entry| entry.abs()).fold(SMALL, f64::max);
    if a.stored().iter().zip(b.stored()).all(|(a, b)| (a - b).abs() <= SAME * scale) {
        return Some(Ok(()));
    }
    let mut worst = (SAME * scale, None);
    for (place, (a, b)) in a.entries().zip(b.entries()).enumerate() {
        let error = (a - b).abs();
        if error > worst.0 || error.is_nan() {
            worst = (error, Some(place));
        }
    }
    Some(worst.1.map_or(Ok(()), |place| Err(indices(b.extents()).nth(place).unwrap_or_default())))
}

/// The sums of values that are the same differ by less than this.
pub fn sum_slack(value: &Tensor<f64>) -> f64 {
    let scale = value.stored().iter().map(|entry| entry.abs()).fold(SMALL, f64::max);
    2.0 * SAME * scale * value.size() as f64
}

/// As [`same`], where only that counts: the first entry that differs decides.
pub fn is_same(a: &Tensor<f64>, b: &Tensor<f64>) -> bool {
    if !same_extents(a.extents(), b.extents()) {
        return false;
    }
    // Nothing is measured by less than this, so that most differences show at once.
    let far = |(a, b): (&f64, &f64)| (a - b).abs() > 0.5 * a.abs().max(b.abs()).max(1.0);
    !a.stored().iter().zip(b.stored()).any(far) && matches!(same(a, b), Some(Ok(())))
}

/// A scalar and a 1 x 1 matrix are the same to a reader.
pub fn same_extents(a: &[usize], b: &[usize]) -> bool {
    let single = |extents: &[usize]| extents.iter().all(|extent| *extent == 1);
    a == b || (single(a) && single(b))
}

/// As [`same_extents`], of symbolic shapes.
pub fn same_shape(a: &Shape, b: &Shape) -> bool {
    a == b || (a.is_single() && b.is_single())
}

/// Whether one is the transpose of the other.
pub fn transposed_shape(a: &Shape, b: &Shape) -> bool {
    match (a.as_matrix(), b.as_matrix()) {
        (Some((rows, columns)), Some((height, width))) => rows == width && columns == height,
        (Some(_), None) | (None, Some(_)) | (None, None) => false,
    }
}

/// Whether the numbers of an answer are the right ones with digits left away.
pub fn are_shortened(expr: &Expr, found: &Tensor<Number>, right: &Tensor<Number>) -> bool {
    let written = written(expr);
    same_extents(found.extents(), right.extents())
        && written.len() == found.size()
        && written
            .iter()
            .zip(found.entries().zip(right.entries()))
            .all(|(text, (found, right))| text.is_some_and(|text| is_shortened(text, found.to_f64(), right.to_f64())))
}

/// Whether nothing is left to be worked out in an answer: it is numbers.
pub fn is_finished(expr: &Expr) -> bool {
    expr.nodes.iter().all(|node| match &node.kind {
        ExprKind::Number(_) | ExprKind::Negate(_) | ExprKind::Matrix(_) | ExprKind::Transpose(_) => true,
        ExprKind::Binary { op, .. } => matches!(op, BinaryOp::Div),
        _ => false,
    })
}

/// The numbers of an answer as they are written, in row-major order; nothing where one is computed.
fn written(expr: &Expr) -> Vec<Option<&str>> {
    let mut written = Vec::new();
    let mut waiting = vec![expr.root()];
    while let Some(id) = waiting.pop() {
        match &expr.node(id).kind {
            ExprKind::Matrix(rows) => waiting.extend(rows.iter().flatten().rev()),
            _ => written.push(number(expr, id)),
        }
    }
    written
}

/// The digits of a number, whatever its sign.
fn number(expr: &Expr, id: ExprId) -> Option<&str> {
    match &expr.node(id).kind {
        ExprKind::Number(text) => Some(text),
        ExprKind::Negate(of) => number(expr, *of),
        _ => None,
    }
}
