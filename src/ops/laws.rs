//! What holds for every operator, tested over [`samples`](super::samples).

use super::samples::{Domain, Sample, draw, samples};
use super::*;
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{NamedOption, OptionValue, Spanned};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

const STEP: f64 = 1e-4;
const TOLERANCE: f64 = 1e-7;
/// The random operands of each sample.
const DRAWS: usize = 4;

/// What the holes of a term stand for.
pub struct Holes<'a, S: Scalar> {
    pub operands: &'a [Tensor<S>],
    pub output: &'a Tensor<S>,
    pub upstream: &'a Tensor<S>,
}

impl<S: Scalar> Holes<'_, S> {
    /// The term's value; `None` where no gradient flows.
    pub fn value(&self, term: &Term) -> Option<Tensor<S>> {
        let scalar = |number: &Number| Tensor::scalar(S::from_number(number));
        Some(match term {
            Term::Operand(place) => self.operands[*place].clone(),
            Term::Output => self.output.clone(),
            Term::Upstream => self.upstream.clone(),
            Term::Zero => return None,
            Term::Number(number) => scalar(number),
            Term::Size(dim) => scalar(&Number::integer(dim.as_integer().unwrap())),
            Term::Ones(shape) => Tensor::filled(&shape.as_integers().unwrap(), S::one()),
            Term::Apply(op, terms) => {
                let values = terms.iter().map(|term| self.value(term)).collect::<Option<Vec<_>>>()?;
                apply(op, &values).unwrap_or_else(|| panic!("{op:?} has no value on {values:?}"))
            }
        })
    }
}

/// The operator's value, if the operands fit and it has one.
fn apply<S: Scalar>(op: &Op, operands: &[Tensor<S>]) -> Option<Tensor<S>> {
    let shapes: Vec<Shape> = operands.iter().map(Tensor::shape).collect();
    op.shape(&shapes).ok()?;
    op.evaluate(&operands.iter().collect::<Vec<_>>()).ok()
}

/// The term's shape; `Ok(None)` where no gradient flows.
fn shape_of(term: &Term, operands: &[Shape], output: &Shape) -> Result<Option<Shape>, ShapeError> {
    Ok(Some(match term {
        Term::Operand(place) => operands[*place].clone(),
        Term::Output | Term::Upstream => output.clone(),
        Term::Zero => return Ok(None),
        Term::Number(_) | Term::Size(_) => Shape::scalar(),
        Term::Ones(shape) => shape.clone(),
        Term::Apply(op, terms) => {
            let mut shapes = Vec::new();
            for term in terms {
                match shape_of(term, operands, output)? {
                    Some(shape) => shapes.push(shape),
                    None => return Ok(None),
                }
            }
            op.shape(&shapes)?
        }
    }))
}

/// A point at which the operator has a value, as drawn and in doubles.
struct Point {
    exact: Vec<Tensor<Number>>,
    operands: Vec<Tensor<f64>>,
    output: Tensor<f64>,
    upstream: Tensor<f64>,
}

fn points(sample: &Sample) -> Vec<Point> {
    let mut random = Rng::with_seed(7);
    let drawn = std::iter::repeat_with(|| {
        let exact = sample.draw(&mut random);
        let operands: Vec<Tensor<f64>> = exact.iter().map(Tensor::convert).collect();
        let output = apply(&sample.op, &operands)?;
        let upstream = draw(output.extents(), Domain::Signed, &mut random).convert();
        Some(Point { exact, operands, output, upstream })
    });
    let found: Vec<Point> = drawn.take(10 * DRAWS).flatten().take(DRAWS).collect();
    assert_eq!(found.len(), DRAWS, "{:?} has too few values on {:?}", sample.op, sample.operands);
    found
}

fn dot<S: Scalar>(a: &Tensor<S>, b: &Tensor<S>) -> S {
    assert_eq!(a.extents(), b.extents());
    a.zip(b, |a, b| a.clone() * b.clone()).total()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * (1.0 + a.abs().max(b.abs()))
}

fn agree(a: &Tensor<f64>, b: &Tensor<f64>) -> bool {
    a.extents() == b.extents() && a.entries().zip(b.entries()).all(|(a, b)| close(*a, *b))
}

/// The derivative at 0, with an error of the fourth order.
fn slope(along: impl Fn(f64) -> f64) -> f64 {
    (8.0 * (along(STEP) - along(-STEP)) - (along(2.0 * STEP) - along(-2.0 * STEP))) / (12.0 * STEP)
}

#[test]
fn every_operator_has_a_sample() {
    let tried: BTreeSet<&str> = samples().iter().map(|sample| sample.op.reference().name).collect();
    let missing: Vec<&str> = REFERENCES.iter().map(|one| one.name).filter(|name| !tried.contains(name)).collect();
    assert!(missing.is_empty(), "no sample of {missing:?}");
}

#[test]
fn names_are_unique() {
    let mut seen = BTreeSet::new();
    for name in REFERENCES.iter().flat_map(|one| [one.name].into_iter().chain(one.aliases.iter().copied())) {
        assert!(seen.insert(name), "`{name}` names two operators");
    }
}

/// The certificate's road, operator by operator.
#[test]
fn gradients_agree_with_numeric_differentiation() {
    for sample in samples() {
        for Point { operands, output, upstream, .. } in points(&sample) {
            let rules = sample.op.gradient(&sample.shapes());
            assert_eq!(rules.len(), operands.len(), "{:?}", sample.op);
            let holes = Holes { operands: &operands, output: &output, upstream: &upstream };
            let mut random = Rng::with_seed(11);
            for (place, rule) in rules.iter().enumerate() {
                let direction: Tensor<f64> = draw(sample.operands[place], Domain::Signed, &mut random).convert();
                let along = |t: f64| {
                    let mut moved = operands.clone();
                    moved[place] = operands[place].zip(&direction, |x, u| x + t * u);
                    dot(&upstream, &apply(&sample.op, &moved).expect("near a point with a value"))
                };
                let expected = slope(along);
                let found = holes.value(&rule.term).map_or(0.0, |gradient| dot(&gradient, &direction));
                assert!(
                    close(expected, found),
                    "{:?} on {:?}, operand {place}: the slope is {expected}, the rule says {found}",
                    sample.op,
                    sample.operands
                );
            }
        }
    }
}

/// No tolerance: for an operator that is linear in an operand the difference is the gradient's product.
#[test]
fn gradients_of_linear_operators_are_exact() {
    for sample in samples() {
        for (place, Point { exact, .. }) in
            sample.linear.iter().flat_map(|place| points(&sample).into_iter().map(|point| (*place, point)))
        {
            let mut random = Rng::with_seed(13);
            let output = apply(&sample.op, &exact).unwrap();
            let upstream = draw(output.extents(), Domain::Signed, &mut random);
            let direction = draw(sample.operands[place], Domain::Signed, &mut random);
            let mut moved = exact.clone();
            moved[place] = exact[place].zip(&direction, |x, u| x + u);
            let difference = dot(&upstream, &apply(&sample.op, &moved).unwrap()) - dot(&upstream, &output);
            let rules = sample.op.gradient(&sample.shapes());
            let holes = Holes { operands: &exact, output: &output, upstream: &upstream };
            let gradient = holes.value(&rules[place].term).expect("a linear operator has a gradient");
            assert!(difference.is_exact());
            assert_eq!(dot(&gradient, &direction), difference, "{:?} on {:?}", sample.op, sample.operands);
        }
    }
}

#[test]
fn gradients_have_the_shape_of_their_operand() {
    for sample in samples() {
        for shapes in [sample.shapes(), sample.named_shapes()] {
            // An operator whose options are numbers may not fit sides with names.
            let Ok(output) = sample.op.shape(&shapes) else {
                assert_ne!(shapes, sample.shapes(), "{:?}", sample.op);
                continue;
            };
            for (place, rule) in sample.op.gradient(&shapes).iter().enumerate() {
                let found = shape_of(&rule.term, &shapes, &output).unwrap_or_else(|error| {
                    panic!("{:?} on {shapes:?}: {error:?}", sample.op);
                });
                assert!(found.is_none_or(|found| found == shapes[place]), "{:?}, operand {place}", sample.op);
            }
        }
    }
}

#[test]
fn values_have_the_stated_shape() {
    for sample in samples() {
        for point in points(&sample) {
            assert_eq!(sample.op.shape(&sample.shapes()), Ok(point.output.shape()), "{:?}", sample.op);
        }
    }
}

#[test]
fn exact_and_approximate_values_agree() {
    for sample in samples() {
        for Point { exact, output, .. } in points(&sample) {
            let exact = apply(&sample.op, &exact).expect("the value exists in doubles");
            assert!(exact.entries().zip(output.entries()).all(|(a, b)| close(a.to_f64(), *b)), "{:?}", sample.op);
        }
    }
}

#[test]
fn fused_gradients_agree_with_numeric_differentiation() {
    for sample in samples() {
        for (fusion, mut point) in sample
            .op
            .fusions(&sample.shapes())
            .into_iter()
            .flat_map(|fusion| points(&sample).into_iter().map(move |point| (fusion.clone(), point)))
        {
            match fusion.needs {
                Some(Needs::SumsToOne { operand, axis }) => {
                    let sums = Op::from(Sum { axis: Some(axis) }).evaluate(&[&point.operands[operand]]).unwrap();
                    point.operands[operand] = point.operands[operand].zip(&sums, |entry, sum| entry / sum);
                }
                Some(Needs::Equals { operand, value }) => point.operands[operand] = Tensor::scalar(value as f64),
                None => {}
            }
            let mut random = Rng::with_seed(17);
            let extents = sample.operands[fusion.operand];
            let inner: Tensor<f64> = draw(extents, Domain::Signed, &mut random).convert();
            let direction: Tensor<f64> = draw(extents, Domain::Signed, &mut random).convert();
            let at = |t: f64| {
                let mut operands = point.operands.clone();
                let moved = inner.zip(&direction, |x, u| x + t * u);
                operands[fusion.operand] = apply(&fusion.inner, &[moved]).unwrap();
                operands
            };
            let mut operands = at(0.0);
            let output = apply(&sample.op, &operands).unwrap();
            operands.push(inner.clone());
            let holes = Holes { operands: &operands, output: &output, upstream: &point.upstream };
            let found = dot(&holes.value(&fusion.term).unwrap(), &direction);
            let expected = slope(|t| dot(&point.upstream, &apply(&sample.op, &at(t)).unwrap()));
            assert!(
                close(expected, found),
                "{:?}: the slope is {expected}, {} says {found}",
                sample.op,
                fusion.law.name
            );
        }
    }
}

/// The entry that an account says, where it says one.
fn accounted(op: &Op, operands: &[&Tensor<f64>], entry: &[usize]) -> Option<f64> {
    Some(match op.account(operands, entry) {
        Account::Products { groups, addend } => {
            groups.iter().flatten().map(|(a, b)| a * b).sum::<f64>() + addend.unwrap_or(0.0)
        }
        Account::Terms(terms) => terms.iter().sum(),
        Account::Mean { terms, divisor } => terms.iter().sum::<f64>() / divisor as f64,
        Account::Squares { factor, pairs } => {
            factor.to_f64() * pairs.iter().map(|(a, b)| (a - b) * (a - b)).sum::<f64>()
        }
        Account::Margins { pairs, divisor } => {
            pairs.iter().map(|(score, label)| (1.0 - score * label).max(0.0)).sum::<f64>() / divisor as f64
        }
        Account::Logarithms { weighted, divisor } => {
            -weighted.iter().map(|(weight, p)| weight * libm::log(*p)).sum::<f64>() / divisor as f64
        }
        Account::Choice { candidates, winner } => candidates[winner].1,
        Account::Exponentials { line, place } => {
            libm::exp(line[place]) / line.iter().map(|a| libm::exp(*a)).sum::<f64>()
        }
        Account::Moved { operand, from } => *operands[operand].at(&from),
        Account::Formula | Account::Whole => return None,
    })
}

#[test]
fn accounts_come_to_the_value() {
    for sample in samples() {
        for Point { operands, output, .. } in points(&sample) {
            let operands: Vec<&Tensor<f64>> = operands.iter().collect();
            for entry in crate::tensor::indices(output.extents()) {
                let said = accounted(&sample.op, &operands, &entry);
                let value = *output.at(&entry);
                assert!(said.is_none_or(|said| close(said, value)), "{:?} at {entry:?}: {said:?}, {value}", sample.op);
            }
        }
    }
}

/// A student must not be told of a mistake that is none: each yields something else for some operands.
#[test]
fn mistakes_are_wrong_somewhere() {
    let mut wrong: BTreeMap<(&str, &str, usize), bool> = BTreeMap::new();
    for sample in samples() {
        for Point { operands, output, upstream, .. } in points(&sample) {
            let rules = sample.op.gradient(&sample.shapes());
            let holes = Holes { operands: &operands, output: &output, upstream: &upstream };
            for Mistake { name, slip } in sample.op.mistakes(&sample.shapes()) {
                let (place, differs) = match slip {
                    Slip::Forward(op) => {
                        (usize::MAX, apply(&op, &operands).is_none_or(|value| !agree(&value, &output)))
                    }
                    Slip::Gradient(place, term) => {
                        let fits = shape_of(&term, &sample.shapes(), &output.shape()).is_ok();
                        let same = |right: Tensor<f64>| agree(&right, &holes.value(&term).unwrap());
                        (place, !fits || !holes.value(&rules[place].term).is_some_and(same))
                    }
                };
                *wrong.entry((sample.op.reference().name, name, place)).or_default() |= differs;
            }
        }
    }
    let right: Vec<_> = wrong.iter().filter(|(_, differs)| !**differs).map(|(mistake, _)| mistake).collect();
    assert!(right.is_empty(), "these are right everywhere: {right:?}");
}

/// A call's options as the parser reads them.
pub fn read(options: &[(&'static str, String)]) -> Vec<NamedOption> {
    let place = Span::default();
    let value = |text: &str| match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(list) => OptionValue::List(list.split(',').map(|item| item.trim().to_string()).collect()),
        None if text.starts_with(|first: char| first.is_ascii_alphabetic()) => OptionValue::Word(text.to_string()),
        None => OptionValue::Number(text.to_string()),
    };
    let option = |(name, text): &(&'static str, String)| NamedOption {
        name: Spanned { value: name.to_string(), span: place },
        value: Spanned { value: value(text), span: place },
    };
    options.iter().map(option).collect()
}

#[test]
fn a_call_with_the_printed_options_is_the_same_operator() {
    for sample in samples() {
        let reference = sample.op.reference();
        if reference.call.is_none() {
            continue;
        }
        let mut options = Options::new(reference.name, read(&sample.op.options()), 1);
        let built = Op::from_call(reference.name, &mut options).expect("the name is its own");
        assert_eq!(built, Ok(sample.op.clone()));
        assert_eq!(options.finish(reference.name), Ok(()));
    }
}

#[test]
fn the_number_of_operands_is_within_the_call() {
    for sample in samples() {
        if let Some((least, most)) = sample.op.reference().call {
            assert!((least..=most).contains(&sample.operands.len()), "{:?}", sample.op);
        }
    }
}

/// What the operators are in Python is run there, all at once; without NumPy it is not, and that is said.
#[test]
#[expect(clippy::print_stderr, reason = "a test says what it leaves out")]
fn the_code_gives_the_value() {
    let array = |value: &Tensor<f64>| {
        let entries: Vec<String> = value.entries().map(|entry| format!("{entry:?}")).collect();
        let sides: Vec<String> = value.extents().iter().map(usize::to_string).collect();
        format!("np.array([{}]).reshape([{}])", entries.join(", "), sides.join(", "))
    };
    let (mut helpers, mut lines, mut random) = (Vec::new(), Vec::new(), Rng::with_seed(7));
    for sample in samples() {
        let operands: Vec<Tensor<f64>> = sample.draw(&mut random).iter().map(Tensor::convert).collect();
        let Some(value) = apply(&sample.op, &operands) else { continue };
        let shapes: Vec<Shape> = operands.iter().map(Tensor::shape).collect();
        let letters = (0..operands.len()).map(|place| Code::atom(format!("x[{place}]"))).collect();
        let code = sample.op.code(letters, &shapes);
        code.helpers().into_iter().for_each(|helper| code::gather(helper, &mut helpers));
        let data: Vec<String> = operands.iter().map(array).collect();
        let name = format!("{:?}", sample.op).replace('"', "'");
        lines.push(format!("check(\"{name}\", lambda x: {}, [{}], {})", code.text(), data.join(", "), array(&value)));
    }
    let sources: String = helpers.iter().map(|helper| helper.source).collect();
    let check = "import math\nimport numpy as np\ndef check(name, f, x, y):\n    \
                 z = np.asarray(f(x), dtype=float)\n    \
                 assert z.shape == y.shape and np.allclose(z, y, 1e-9, 1e-12), (name, z, y)\n";
    let program = format!("{check}{sources}\n{}", lines.join("\n"));
    let python = std::process::Command::new("python3").args(["-c", "import numpy"]).output();
    if !python.is_ok_and(|output| output.status.success()) {
        eprintln!("not tested: there is no python3 with numpy");
        return;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), program).unwrap();
    let output = std::process::Command::new("python3").arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
