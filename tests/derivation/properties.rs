//! What holds for any model: random graphs of up to 30 operators over random shapes.

use fastrand::Rng;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use solve::differentiate::differentiate;
use solve::graph::{Environment, Graph, NodeId, SymbolName, Values};
use solve::lower::{Meaning, Scope, expression, lower};
use solve::model::Model;
use solve::naming::name_intermediates;
use solve::number::Number;
use solve::scalar::Scalar;
use solve::shape::DimValues;
use solve::simplify::{Memo, simplify};
use solve::syntax::{read_expression, read_spec};
use solve::tensor::Tensor;
use solve::verify::{Failure, certify};

/// Lines of a model over two of the values before it, `A` and `B`. All of them have a value everywhere.
const LINES: &[&str] = &[
    "A * B",
    "A * B^T",
    "A^T * B",
    "A + B",
    "A - B",
    "A .* B",
    "A ./ (2 + cos(B))",
    "-A",
    "A^T",
    "2 A - 1/3",
    "A^2",
    "(1 + A^2)^(-1/2)",
    "sum(A) * B",
    "sum(A, axis = 0)",
    "rowsum(A)",
    "mean(A, axis = 1)",
    "mean(A) + B",
    "max(A, axis = 1) + 1",
    "max(A)",
    "min(A, axis = 0)",
    "norm(A + 1)",
    "exp(tanh(A))",
    "log(1 + A^2)",
    "log(softplus(A))",
    "sqrt(1 + A^2)",
    "sin(A)",
    "cos(A) * 3",
    "tanh(A)",
    "sigmoid(A)",
    "relu(A)",
    "relu(A * B + B)",
    "leaky_relu(A, slope = 0.1)",
    "abs(A)",
    "softplus(A)",
    "softmax(A)",
    "softmax(A, axis = 0)",
    "log_softmax(A)",
    "logsumexp(A)",
    "maximum(A, B)",
    "minimum(A, tanh(B))",
    "clip(A, low = -1, high = 0.5)",
    "mse(A, B)",
    "mse(tanh(A), B, reduce = mean)",
    "ce(softmax(A), softmax(B))",
    "ce(softmax(A), B)",
    "bce(sigmoid(A), sigmoid(B))",
    "hinge(A, B)",
    "flatten(A)",
    "concat(A, B, axis = 0)",
    "concat(A, B, axis = 1)",
    "A[1, 1] * B",
    "diag(A)",
    "trace(A)",
    "conv2d(A, B, padding = same)",
    "avgpool(A, size = 2, stride = 1, padding = 1)",
    "1[A > B] .* A",
    "tanh(A*B)*B^T",
];

const LEAVES: &str = "  dim N, D
  param X: N x D, Y: N x D, W: D x D, b: 1 x D, c: N x 1, s
  param V: D x N, K: 3 x 3
";

/// A line of [`LINES`] and two of the values before it, counted from the last.
type Choice = (usize, usize, usize);

/// A spec with those of the chosen lines that fit their values.
fn spec(choices: &[Choice]) -> String {
    let mut names: Vec<String> = ["X", "Y", "W", "b", "c", "s", "V", "K"].map(str::to_string).to_vec();
    let declared = format!("problem \"P\"\ngiven\n{LEAVES}model\n  L = sum(X)\ntasks\n  derive dX\n");
    let model = lower(&read_spec(&declared).unwrap().value).unwrap().model;
    let mut scope = Scope::of(&model);
    let mut graph = model.graph;
    let mut lines = String::new();
    for (line, left, right) in choices {
        let pick = |place: &usize| names[names.len() - 1 - place % names.len()].clone();
        let (left, right) = (pick(left), pick(right));
        let text: String = LINES[line % LINES.len()]
            .split_inclusive(|_| true)
            .map(|letter| match letter {
                "A" => left.as_str(),
                "B" => right.as_str(),
                other => other,
            })
            .collect();
        let expr = read_expression(&text).unwrap_or_else(|errors| panic!("{text}: {errors:?}")).value;
        let Ok(node) = expression(&mut graph, &scope, &expr) else { continue };
        let name = format!("v{}", names.len());
        let symbol = graph.add_symbol(SymbolName::Model(name.clone()), node);
        scope.insert(&name, Meaning::Value(symbol));
        lines += &format!("  {name} = {text}\n");
        names.push(name);
    }
    // Each value reaches the loss, small: a deep product is neither lost nor alone.
    let terms: Vec<String> = names.iter().map(|name| format!("sum(tanh({name}))")).collect();
    format!(
        "problem \"P\"\ngiven\n{LEAVES}model\n{lines}  L = {}\ntasks\n  derive dX, dY, dW, db, dc, ds, dV, dK\n",
        terms.join(" + ")
    )
}

fn model(text: &str) -> Model {
    let spec = read_spec(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}")).value;
    name_intermediates(&lower(&spec).unwrap_or_else(|errors| panic!("{text}\n{errors:?}")).model)
}

fn any_choices() -> impl Strategy<Value = Vec<Choice>> {
    prop::collection::vec((0..LINES.len(), 0..12usize, 0..12usize), 1..=30)
}

/// The same cases at every run: a check that fails can be run again.
fn holds(cases: u32, law: impl Fn(&str) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let result = runner.run(&any_choices(), |choices| {
        let text = spec(&choices);
        law(&text).map_err(|error| match error {
            TestCaseError::Fail(reason) => TestCaseError::fail(format!("{reason}\n{text}")),
            rejected @ TestCaseError::Reject(_) => rejected,
        })
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn environment<S: Scalar>(model: &Model, dims: &DimValues, random: &mut Rng) -> Environment<S> {
    let mut environment = Environment { dims: dims.clone(), ..Environment::given(&model.graph) };
    for (id, leaf) in model.graph.leaves() {
        let extents = leaf.shape.evaluate(dims).unwrap();
        let entries = Tensor::from_fn(&extents, |_| Number::ratio(random.i64(-60..60) * 2 + 1, 64));
        environment.set(id, entries.convert());
    }
    environment
}

fn dims(random: &mut Rng) -> DimValues {
    ["N", "D"].map(|name| (name.to_string(), random.usize(1..=4))).into_iter().collect()
}

fn values<S: Scalar>(model: &Model, seed: u64) -> (DimValues, Values<S>) {
    let mut random = Rng::with_seed(seed);
    let dims = dims(&mut random);
    let environment = environment(model, &dims, &mut random);
    let all: Vec<NodeId> = model.graph.ids().collect();
    (dims, model.graph.evaluate_partly(&all, &environment))
}

fn at_a_kink(failure: &Failure) -> bool {
    matches!(failure, Failure::Rule { relative_error, .. } if relative_error.is_infinite())
}

#[test]
fn every_model_is_certified() {
    holds(60, |text| {
        let mut model = model(text);
        let loss = model.names["L"];
        let wanted = model.leaves.clone();
        let gradients =
            differentiate(&mut model, loss, &wanted).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let certificate = certify(&model, &gradients);
        // `relu(ce(…))` of one class is relu(0) at any data: no number tells what its slope is, and the key is refused.
        prop_assume!(!certificate.failures.iter().any(at_a_kink));
        prop_assert!(certificate.passed, "{:?}", certificate.failures);
        prop_assert!(certificate.checks > 10 && certificate.rounds >= 3);
        for leaf in wanted {
            let shape = gradients.of.get(&leaf).map(|gradient| model.graph.shape(*gradient));
            prop_assert_eq!(shape.unwrap_or(model.graph.shape(leaf)), model.graph.shape(leaf));
        }
        Ok(())
    });
}

#[test]
fn values_have_the_shape_that_the_rules_say() {
    holds(150, |text| {
        let model = model(text);
        for seed in 0..3 {
            let (dims, values) = values::<f64>(&model, seed);
            for id in model.graph.ids() {
                if let Some(value) = values.get(id) {
                    let shape = model.graph.shape(id);
                    let extents = shape.evaluate(&dims);
                    prop_assert_eq!(extents.as_deref(), Some(value.extents()), "{}", shape);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn exact_and_approximate_values_agree() {
    holds(80, |text| {
        let model = model(text);
        for seed in 0..2 {
            let (_, exact) = values::<Number>(&model, seed);
            let (_, approximate) = values::<f64>(&model, seed);
            for id in model.graph.ids() {
                let (Some(exact), Some(approximate)) = (exact.get(id), approximate.get(id)) else { continue };
                let scale = approximate.entries().fold(1.0f64, |scale, entry| scale.max(entry.abs()));
                for (a, b) in exact.entries().zip(approximate.entries()) {
                    prop_assert!((a.to_f64() - b).abs() <= 1e-9 * scale, "{} is not {}", a, b);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn simplifying_again_changes_nothing() {
    holds(100, |text| {
        let mut model = model(text);
        let loss = model.names["L"];
        let wanted = model.leaves.clone();
        let gradients =
            differentiate(&mut model, loss, &wanted).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let graph: &mut Graph = &mut model.graph;
        for raw in gradients.steps.iter().map(|step| step.raw) {
            let once = simplify(graph, raw, &mut Memo::default()).node;
            let twice = simplify(graph, once, &mut Memo::default()).node;
            prop_assert_eq!(once, twice);
        }
        Ok(())
    });
}
