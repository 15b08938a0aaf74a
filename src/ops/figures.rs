//! Values of operators against closed forms and figures that are known from elsewhere, and what they do at kinks.

use super::samples::{Domain, draw};
use super::*;
use crate::number::Number;
use fastrand::Rng;

/// A matrix in the notation of the problem language: `1 2; 3 4`. Fractions and decimals are exact.
fn matrix(text: &str) -> Tensor<Number> {
    let entry = |text: &str| Number::parse(text).unwrap();
    let rows: Vec<Vec<Number>> = text.split(';').map(|row| row.split_whitespace().map(entry).collect()).collect();
    let extents = [rows.len(), rows[0].len()];
    Tensor::from_entries(&extents, rows.into_iter().flatten().collect())
}

fn written(value: &Tensor<Number>) -> String {
    let row = |row: Vec<Number>| row.iter().map(Number::to_string).collect::<Vec<_>>().join(" ");
    value.rows().into_iter().map(row).collect::<Vec<_>>().join("; ")
}

/// The value, exact.
fn value(op: impl Into<Op>, operands: &[&str]) -> String {
    let operands: Vec<Tensor<Number>> = operands.iter().map(|text| matrix(text)).collect();
    let value = op.into().evaluate(&operands.iter().collect::<Vec<_>>()).unwrap();
    assert!(value.is_exact());
    written(&value)
}

/// The gradient with respect to an operand, all entries of the gradient with respect to the result being 1.
fn gradient(op: impl Into<Op>, operands: &[&str], place: usize) -> String {
    let op = op.into();
    let operands: Vec<Tensor<Number>> = operands.iter().map(|text| matrix(text)).collect();
    let shapes: Vec<Shape> = operands.iter().map(Tensor::shape).collect();
    let output = op.evaluate(&operands.iter().collect::<Vec<_>>()).unwrap();
    let upstream = Tensor::filled(output.extents(), Number::integer(1));
    let holes = laws::Holes { operands: &operands, output: &output, upstream: &upstream };
    written(&holes.value(&op.gradient(&shapes)[place].term).unwrap())
}

const A: &str = "1 -2 3; 4 0 -6";

#[test]
fn exact_values() {
    let constant = |text: &str| Constant(Number::parse(text).unwrap());
    let clip = Clip { low: Some(constant("-1.5")), high: Some(constant("3")) };
    let leaky = LeakyRelu { slope: constant("0.01") };
    let cases: Vec<(Op, &[&str], &str)> = vec![
        (Mean { axis: None }.into(), &[A], "0"),
        (Mean { axis: Some(0) }.into(), &[A], "2.5 -1 -1.5"),
        (Mean { axis: Some(1) }.into(), &[A], "2/3; -2/3"),
        (Max { axis: None }.into(), &[A], "4"),
        (Max { axis: Some(0) }.into(), &[A], "4 0 3"),
        (Max { axis: Some(1) }.into(), &[A], "3; 4"),
        (Min { axis: None }.into(), &[A], "-6"),
        (Min { axis: Some(0) }.into(), &[A], "1 -2 -6"),
        (Min { axis: Some(1) }.into(), &[A], "-2; -6"),
        (ArgmaxMask { axis: None }.into(), &["1 7; 7 2"], "0 1; 0 0"),
        (ArgmaxMask { axis: Some(0) }.into(), &["1 7; 7 7"], "0 1; 1 0"),
        (ArgmaxMask { axis: Some(1) }.into(), &["1 7; 7 7"], "0 1; 1 0"),
        (ArgminMask { axis: None }.into(), &["3 1; 1 2"], "0 1; 0 0"),
        (ArgminMask { axis: Some(1) }.into(), &["3 1; 2 2"], "0 1; 1 0"),
        (Norm { axis: None }.into(), &["3 4; 12 84"], "85"),
        (Norm { axis: Some(1) }.into(), &["3 4; 5/2 6"], "5; 6.5"),
        (HalfSquare.into(), &["1 -2 3"], "7"),
        (Abs.into(), &[A], "1 2 3; 4 0 6"),
        (Sign { at_zero: 0 }.into(), &[A], "1 -1 1; 1 0 -1"),
        (Sign { at_zero: -1 }.into(), &[A], "1 -1 1; 1 -1 -1"),
        (Step { at_zero: 0 }.into(), &[A], "1 0 1; 1 0 0"),
        (Step { at_zero: 1 }.into(), &[A], "1 0 1; 1 1 0"),
        (Exp.into(), &["0 0"], "1 1"),
        (Sin.into(), &["0"], "0"),
        (Cos.into(), &["0"], "1"),
        (Tanh.into(), &["0"], "0"),
        (Sigmoid.into(), &["0"], "0.5"),
        (Log::natural().into(), &["1"], "0"),
        (Sqrt.into(), &["9/16 0; 2.25 4"], "0.75 0; 1.5 2"),
        (leaky.into(), &[A], "1 -0.02 3; 4 0 -0.06"),
        (clip.into(), &[A], "1 -1.5 3; 3 0 -1.5"),
        (Maximum.into(), &[A, "0 1 2"], "1 1 3; 4 1 2"),
        (Minimum.into(), &[A, "2; -1"], "1 -2 2; -1 -1 -6"),
        (Softmax { axis: 1 }.into(), &["5 5 5; 0 0 0"], "1/3 1/3 1/3; 1/3 1/3 1/3"),
        (LogSumExp { axis: 0 }.into(), &["5 -2"], "5 -2"),
        (LogSoftmax { axis: 0 }.into(), &["5 -2"], "0 0"),
        (Trace.into(), &["1 2; 3 4"], "5"),
        (Diag.into(), &["1 2"], "1 0; 0 2"),
        (Diag.into(), &["1; 2"], "1 0; 0 2"),
        (Diag.into(), &["1 2; 3 4"], "1; 4"),
        (Inverse.into(), &["1 2; 3 4"], "-2 1; 1.5 -0.5"),
        (Det.into(), &["1 2; 3 4"], "-2"),
        (Det.into(), &["0 1 0; 0 0 2; 4 0 0"], "8"),
        (Det.into(), &["1 2; 2 4"], "0"),
        (Inverse.into(), &["0 1 0; 0 0 2; 4 0 0"], "0 0 0.25; 1 0 0; 0 0.5 0"),
        (Entry::new(2, 3).into(), &[A], "-6"),
        (Bce { mean: false }.into(), &["1 0", "1 0"], "0"),
        (Hinge { mean: false }.into(), &["2 0.5 -1", "1 1 1"], "2.5"),
        (Hinge { mean: true }.into(), &["2 0.5 -1", "1 -1 1"], "7/6"),
    ];
    for (op, operands, expected) in cases {
        assert_eq!(value(op.clone(), operands), expected, "{op:?} of {operands:?}");
    }
}

#[test]
fn functions_agree_with_closed_forms() {
    type ClosedForm = fn(f64) -> f64;
    let forms: [(Op, ClosedForm); 9] = [
        (Exp.into(), f64::exp),
        (Sin.into(), f64::sin),
        (Cos.into(), f64::cos),
        (Tanh.into(), |a| (a.exp() - (-a).exp()) / (a.exp() + (-a).exp())),
        (Sigmoid.into(), |a| 1.0 / (1.0 + (-a).exp())),
        (Softplus.into(), |a| (1.0 + a.exp()).ln()),
        (Log::natural().into(), f64::ln),
        (Log { base: Some(3) }.into(), |a| a.log(3.0)),
        (Sqrt.into(), f64::sqrt),
    ];
    let at: Tensor<f64> = draw(&[1, 40], Domain::Positive, &mut Rng::with_seed(3)).convert();
    for (op, form) in forms {
        let found = op.evaluate(&[&at]).unwrap();
        for (a, found) in at.entries().zip(found.entries()) {
            assert!((form(*a) - found).abs() < 1e-14 * (1.0 + found.abs()), "{op:?} of {a}: {found}");
        }
    }
}

/// -ln(0.9) - ln(0.8), ln(e + e² + e³), and the same row's log-softmax; computed by hand.
#[test]
fn losses_agree_with_known_figures() {
    let near = |found: f64, known: f64| assert!((found - known).abs() < 1e-12, "{found}, {known}");
    let tensor = |entries: &[f64]| Tensor::from_entries(&[1, entries.len()], entries.to_vec());
    let of = |op: Op, operands: &[&Tensor<f64>]| op.evaluate(operands).unwrap();
    let (p, t) = (tensor(&[0.9, 0.2]), tensor(&[1.0, 0.0]));
    near(*of(Bce { mean: false }.into(), &[&p, &t]).first(), 0.328_504_066_972_036);
    near(*of(Bce { mean: true }.into(), &[&p, &t]).first(), 0.164_252_033_486_018);
    let row = tensor(&[1.0, 2.0, 3.0]);
    near(*of(LogSumExp { axis: 1 }.into(), &[&row]).first(), 3.407_605_964_444_38);
    near(*of(LogSoftmax { axis: 1 }.into(), &[&row]).first(), -2.407_605_964_444_38);
    near(*of(Norm { axis: None }.into(), &[&row]).first(), 14f64.sqrt());
}

#[test]
fn kinks_and_ties_follow_the_stated_convention() {
    let constant = |text: &str| Constant(Number::parse(text).unwrap());
    assert_eq!(gradient(Abs, &["-2 0 3"], 0), "-1 0 1");
    assert_eq!(gradient(Relu { slope_at_zero: 0 }, &["-2 0 3"], 0), "0 0 1");
    assert_eq!(gradient(Relu { slope_at_zero: 1 }, &["-2 0 3"], 0), "0 1 1");
    assert_eq!(gradient(LeakyRelu { slope: constant("0.2") }, &["-2 0 3"], 0), "0.2 0.2 1");
    let clip = Clip { low: Some(constant("-1")), high: Some(constant("1")) };
    assert_eq!(gradient(clip, &["-2 -1 0 1 2"], 0), "0 0 1 0 0");
    assert_eq!(gradient(Maximum, &["1 2 3", "2 2 2"], 0), "0 1 1");
    assert_eq!(gradient(Maximum, &["1 2 3", "2 2 2"], 1), "1 0 0");
    assert_eq!(gradient(Minimum, &["1 2 3", "2 2 2"], 0), "1 1 0");
    assert_eq!(gradient(Minimum, &["1 2 3", "2 2 2"], 1), "0 0 1");
    assert_eq!(gradient(Max { axis: None }, &["1 7; 7 2"], 0), "0 1; 0 0");
    assert_eq!(gradient(Max { axis: Some(0) }, &["7 2; 7 2"], 0), "1 1; 0 0");
    assert_eq!(gradient(Min { axis: Some(1) }, &["7 7; 3 2"], 0), "1 0; 0 1");
    assert_eq!(gradient(Hinge { mean: false }, &["2 1 0.5", "1 1 1"], 0), "0 0 -1");
}

#[test]
fn outside_of_the_domain_there_is_no_value() {
    let fails = |op: Op, operand: &str| {
        let operand = matrix(operand);
        let exact = op.evaluate(&[&operand]).map(|_| ()).unwrap_err();
        assert_eq!(op.evaluate(&[&operand.convert::<f64>()]).map(|_| ()).unwrap_err().entry, exact.entry);
        (exact.cause, exact.entry)
    };
    assert_eq!(fails(Sqrt.into(), "1 -4"), (NumberError::Domain, vec![0, 1]));
    assert_eq!(fails(Log::natural().into(), "1; 0"), (NumberError::Domain, vec![1, 0]));
    assert_eq!(fails(Log { base: Some(10) }.into(), "-1"), (NumberError::Domain, vec![0, 0]));
    assert_eq!(fails(Exp.into(), "1e4"), (NumberError::TooBig(1024), vec![0, 0]));
    assert_eq!(fails(Entry::new(3, 1).into(), "1; 2"), (NumberError::Domain, vec![]));
    assert_eq!(fails(Inverse.into(), "1 2; 2 4"), (NumberError::Singular, vec![]));
}
