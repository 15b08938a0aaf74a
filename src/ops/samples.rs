//! Operators with operands to try them on: what the laws are tested over. Every operator stands here at least once.

use super::mse::SquareReduction;
use super::*;
use crate::number::Number;
use crate::syntax::ast::Relation;
use fastrand::Rng;

/// An operator with its options, and operands that fit.
#[derive(Clone, Debug)]
pub struct Sample {
    pub op: Op,
    pub operands: Vec<&'static [usize]>,
    pub domain: Domain,
    /// The operands in which the operator is linear, the others held fast.
    pub linear: &'static [usize],
}

/// Where the entries of random operands come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// From -2 to 2, not 0.
    Signed,
    /// From 0 to 2, not 0.
    Positive,
    /// Between 0 and 1.
    Unit,
}

pub fn sample(op: impl Into<Op>, operands: &[&'static [usize]]) -> Sample {
    Sample { op: op.into(), operands: operands.to_vec(), domain: Domain::Signed, linear: &[] }
}

impl Sample {
    pub fn linear(self, linear: &'static [usize]) -> Sample {
        Sample { linear, ..self }
    }

    pub fn within(self, domain: Domain) -> Sample {
        Sample { domain, ..self }
    }

    /// Random operands: exact, and far enough from kinks for a numeric derivative, if they are no ties.
    pub fn draw(&self, random: &mut Rng) -> Vec<Tensor<Number>> {
        self.operands.iter().map(|extents| draw(extents, self.domain, random)).collect()
    }

    pub fn shapes(&self) -> Vec<Shape> {
        self.operands.iter().map(|extents| Shape::integers(extents)).collect()
    }

    /// The shapes with a name for each side but 1, equal sides by the same name.
    pub fn named_shapes(&self) -> Vec<Shape> {
        let side = |side: &usize| if *side == 1 { Dim::one() } else { Dim::name(&format!("N{side}")) };
        self.operands.iter().map(|extents| Shape(extents.iter().map(side).collect())).collect()
    }
}

/// Multiples of 1/1009 (a prime, so that sums are seldom ties).
pub fn draw(extents: &[usize], domain: Domain, random: &mut Rng) -> Tensor<Number> {
    Tensor::from_fn(extents, |_| {
        let positive = random.i64(1..=2018);
        let numerator = match domain {
            Domain::Signed if random.bool() => -positive,
            Domain::Signed | Domain::Positive => positive,
            Domain::Unit => 1 + positive % 1008,
        };
        Number::ratio(numerator, 1009)
    })
}

/// Operands that broadcast: equal, with a scalar, a row, a column, and a row with a column.
pub fn broadcasting(op: impl Into<Op>) -> Vec<Sample> {
    const PAIRS: [[&[usize]; 2]; 8] = [
        [&[], &[]],
        [&[2, 3], &[2, 3]],
        [&[2, 3], &[]],
        [&[], &[3, 2]],
        [&[3, 2], &[1, 2]],
        [&[3, 1], &[3, 2]],
        [&[1, 3], &[4, 1]],
        [&[2, 1, 3], &[1, 4, 3]],
    ];
    let op = op.into();
    PAIRS.iter().map(|pair| sample(op.clone(), pair)).collect()
}

/// One operand of each of several shapes.
pub fn entrywise(op: impl Into<Op>) -> Vec<Sample> {
    let op = op.into();
    [&[] as &[usize], &[2, 3], &[3, 1], &[2, 2, 3]].map(|extents| sample(op.clone(), &[extents])).to_vec()
}

/// A matrix, along each axis.
pub fn along_axes<O: Into<Op>>(op: impl Fn(usize) -> O) -> Vec<Sample> {
    let shapes: [(usize, &'static [usize]); 6] =
        [(0, &[3, 4]), (1, &[3, 4]), (1, &[1, 4]), (0, &[1, 4]), (1, &[2, 3, 2]), (2, &[2, 3, 2])];
    shapes.iter().map(|(axis, extents)| sample(op(*axis), &[*extents])).collect()
}

/// As [`along_axes`], and everything into a scalar.
pub fn reductions<O: Into<Op>>(op: impl Fn(Option<usize>) -> O) -> Vec<Sample> {
    let all = entrywise(op(None));
    all.into_iter().chain(along_axes(|axis| op(Some(axis)))).collect()
}

fn each(samples: Vec<Sample>, change: impl Fn(Sample) -> Sample) -> Vec<Sample> {
    samples.into_iter().map(change).collect()
}

pub fn samples() -> Vec<Sample> {
    let relations = [
        Relation::Greater,
        Relation::GreaterEqual,
        Relation::Less,
        Relation::LessEqual,
        Relation::Equal,
        Relation::NotEqual,
    ];
    let reductions_of_squares = [SquareReduction::Half, SquareReduction::Mean, SquareReduction::Sum];
    let mut samples = vec![
        sample(MatMul, &[&[3, 2], &[2, 4]]).linear(&[0, 1]),
        sample(MatMul, &[&[1, 3], &[3, 1]]).linear(&[0, 1]),
        sample(MatMul, &[&[3, 1], &[1, 2]]).linear(&[0, 1]),
        sample(Scale, &[&[], &[2, 3]]).linear(&[0, 1]),
        sample(Scale, &[&[], &[]]).linear(&[0, 1]),
        sample(Transpose, &[&[2, 3]]).linear(&[0]),
        sample(Transpose, &[&[1, 3]]).linear(&[0]),
        sample(Pow, &[&[2, 3], &[]]).within(Domain::Positive),
        sample(Pow, &[&[], &[]]).within(Domain::Positive),
        sample(Pow, &[&[3, 1], &[]]).within(Domain::Positive),
    ];
    samples.extend(each(broadcasting(Add), |sample| sample.linear(&[0, 1])));
    samples.extend(each(broadcasting(Sub), |sample| sample.linear(&[0, 1])));
    samples.extend(each(broadcasting(Hadamard), |sample| sample.linear(&[0, 1])));
    samples.extend(each(broadcasting(Div), |sample| sample.linear(&[0])));
    samples.extend(relations.into_iter().flat_map(|relation| broadcasting(Compare { relation })));
    samples.extend(each(entrywise(Neg), |sample| sample.linear(&[0])));
    samples.extend(entrywise(Relu { slope_at_zero: 0 }));
    samples.extend(entrywise(Relu { slope_at_zero: 1 }));
    samples.extend(entrywise(Sigmoid));
    for base in [None, Some(2), Some(3), Some(10)] {
        samples.extend(each(entrywise(Log { base }), |sample| sample.within(Domain::Positive)));
    }
    samples.extend(each(reductions(|axis| Sum { axis }), |sample| sample.linear(&[0])));
    samples.extend(along_axes(|axis| Softmax { axis }));
    for reduce in reductions_of_squares {
        samples
            .extend([&[] as &[usize], &[2, 3], &[2, 2, 3]].map(|extents| sample(Mse { reduce }, &[extents, extents])));
    }
    for (axis, mean) in [(1, false), (1, true), (0, true)] {
        let op = CrossEntropy { axis, mean };
        samples.push(sample(op, &[&[3, 4], &[3, 4]]).within(Domain::Unit).linear(&[]));
    }
    samples.extend(matrices());
    samples.extend(functions());
    samples.extend(each(reductions(|axis| Mean { axis }), |sample| sample.linear(&[0])));
    samples.extend(reductions(|axis| Max { axis }));
    samples.extend(reductions(|axis| Prod { axis }));
    samples.extend(reductions(|axis| Median { axis }));
    samples.extend(reductions(|axis| MedianMask { axis }));
    for reverse in [false, true] {
        let rows: [(usize, &'static [usize]); 4] = [(0, &[3, 4]), (1, &[3, 4]), (0, &[4, 1]), (2, &[2, 3, 2])];
        samples.extend(rows.map(|(axis, extents)| sample(CumSum { axis, reverse }, &[extents]).linear(&[0])));
    }
    samples.extend(reductions(|axis| Min { axis }));
    samples.extend(reductions(|axis| ArgmaxMask { axis }));
    samples.extend(reductions(|axis| ArgminMask { axis }));
    samples.extend(reductions(|axis| Norm { axis }));
    samples.extend(broadcasting(Maximum));
    samples.extend(broadcasting(Minimum));
    samples.extend(along_axes(|axis| LogSumExp { axis }));
    samples.extend(along_axes(|axis| LogSoftmax { axis }));
    for mean in [false, true] {
        for extents in [&[] as &[usize], &[4, 1], &[2, 3]] {
            samples.push(sample(Bce { mean }, &[extents, extents]).within(Domain::Unit).linear(&[]));
            samples.push(sample(Hinge { mean }, &[extents, extents]));
        }
    }
    samples.extend(super::image_samples::samples());
    samples
}

/// What acts on matrices as such.
fn matrices() -> Vec<Sample> {
    let place = |index: &[usize]| Entry { index: index.to_vec() };
    let back = |index: &[usize]| EntryGradient { entry: place(index) };
    vec![
        sample(Cross, &[&[3, 1], &[3, 1]]).linear(&[0, 1]),
        sample(Cross, &[&[1, 3], &[1, 3]]).linear(&[0, 1]),
        sample(Inverse, &[&[3, 3]]),
        sample(Inverse, &[&[1, 1]]),
        sample(Det, &[&[3, 3]]),
        sample(Det, &[&[1, 1]]),
        sample(Trace, &[&[3, 3]]).linear(&[0]),
        sample(Trace, &[&[1, 1]]).linear(&[0]),
        sample(Diag, &[&[3, 1]]).linear(&[0]),
        sample(Diag, &[&[1, 3]]).linear(&[0]),
        sample(Diag, &[&[1, 1]]).linear(&[0]),
        sample(Diag, &[&[3, 3]]).linear(&[0]),
        sample(place(&[2, 3]), &[&[2, 3]]).linear(&[0]),
        sample(place(&[1, 1]), &[&[3, 1]]).linear(&[0]),
        sample(place(&[2, 1, 2]), &[&[2, 2, 3]]).linear(&[0]),
        sample(back(&[2, 3]), &[&[2, 3], &[]]).linear(&[1]),
        sample(back(&[1, 2, 1]), &[&[2, 2, 3], &[]]).linear(&[1]),
    ]
}

/// Functions of each entry.
fn functions() -> Vec<Sample> {
    let constant = |numerator, denominator| Constant(Number::ratio(numerator, denominator));
    let clip = |low: Option<Constant>, high: Option<Constant>| Clip { low, high };
    let ops: [Op; 20] = [
        Abs.into(),
        Sign { at_zero: 0 }.into(),
        Sign { at_zero: -1 }.into(),
        Step { at_zero: 0 }.into(),
        Step { at_zero: 1 }.into(),
        Exp.into(),
        Sin.into(),
        Cos.into(),
        Tanh.into(),
        Arctan.into(),
        Erf.into(),
        NormalCdf.into(),
        NormalPdf.into(),
        Softplus.into(),
        HalfSquare.into(),
        LeakyRelu { slope: constant(1, 100) }.into(),
        LeakyRelu { slope: constant(1, 5) }.into(),
        clip(Some(constant(-1, 2)), Some(constant(3, 4))).into(),
        clip(None, Some(constant(1, 2))).into(),
        clip(Some(constant(0, 1)), None).into(),
    ];
    let square_roots = each(entrywise(Sqrt), |sample| sample.within(Domain::Positive));
    ops.into_iter().flat_map(entrywise).chain(square_roots).collect()
}
