//! The certificate begins at the text: a model that was read wrongly from it has no key.

use crate::common::model_beside;
use solve::answer::{Refusal, answer};
use solve::lower::lower;
use solve::model::{JacobianLayout, Model};
use solve::number::Number;
use solve::syntax::read_spec;
use solve::tensor::{Tensor, indices};
use solve::verify::{Failure, Matrix, Order, certify_matrix};
use std::path::Path;
use std::sync::Arc;

/// Leaves; lines as they stand in a text; the same as a fault of the reading would have them.
const MISREAD: [(&str, &str, &str); 20] = [
    // Brackets.
    ("param a = 0.2", "L = 1/(a*(1 - a))", "L = 1/a*(1 - a)"),
    ("param a = 0.2, b = 0.3", "L = (a*(b - 1))^2", "L = a*(b - 1)^2"),
    ("param a = 0.2, b = 0.3", "L = a - (b - a)", "L = a - b - a"),
    ("param a = 0.2", "L = -a^2", "L = (-a)^2"),
    ("param A: 2 x 2", "L = sum((A + 1)^T*A)", "L = sum(A + 1*A)"),
    // `a(b)` is a product.
    ("param a = 0.2", "L = 2 - a(a + 1)^2", "L = 2 - (a*(a + 1))^2"),
    // Operands.
    ("param A: 2 x 2, B: 2 x 2", "L = sum((A*B)^2)", "L = sum((B*A)^2)"),
    ("param a = 0.2, b = 0.3", "L = a/b", "L = b/a"),
    ("param A: 2 x 2, B: 2 x 2", "L = sum(A .* B)", "L = sum(A*B)"),
    ("param A: 2 x 3", "L = A[1, 2]", "L = A[2, 1]"),
    ("param A: 2 x 3", "L = sum(max(A, axis = 1)^2)", "L = sum(max(A, axis = 0)^2)"),
    ("param a = 0.2", "L = a*1[a > 0.1]", "L = a*1[a < 0.1]"),
    ("param a = 0.2, b = 0.3", "L = sum([a b; 1 2]*[b; 1])", "L = sum([a 1; b 2]*[b; 1])"),
    (
        "param w_1 = 1, w_2 = 2, w_3 = 3",
        "repeat i = 1 to 2; u_{i} = w_{i}^2; end; L = u_1 + 3*u_2",
        "repeat i = 1 to 2; u_{i} = w_{i+1}^2; end; L = u_1 + 3*u_2",
    ),
    // Names: the values are the same, the ways back are not.
    ("param a = 2", "e = a^2; L = 3*e + a^2", "e = a^2; L = 3*e + e"),
    ("param a = 2, x = 3", "u = x*a; v = x*a; L = u + 3*v", "u = x*a; v = u; L = u + 3*v"),
    ("param a = 2", "u = a; L = u*a", "u = a; L = a*a"),
    ("param X: 2 x 2, W: 2 x 2", "R = X*W; Y = tanh(R) + X*W; L = sum(Y^2)", "R = X*W; Y = tanh(R) + R; L = sum(Y^2)"),
    ("param A: 2 x 2", "Q = A; L = sum(Q*Q^T)", "Q = A; L = sum(Q*A^T)"),
    ("param a = 2", "u = a^2; L = u", "u = a^2; v = u; L = v"),
];

/// The model of these lines; all that has a name is asked for.
fn model(leaves: &str, lines: &str) -> Model {
    let lines: Vec<&str> = lines.split("; ").collect();
    let key = |part: &str| part.split([':', '=']).next().unwrap().trim().trim_start_matches("param ").to_string();
    let mut asked: Vec<String> = leaves.split(", ").map(key).collect();
    asked.extend(lines.iter().filter(|line| line.contains(" = ") && !line.contains('{')).map(|line| key(line)));
    asked.retain(|name| name != "L" && !name.starts_with("repeat"));
    let asked: Vec<String> = asked.iter().map(|name| format!("d{name}")).collect();
    let text = format!(
        "problem \"P\"\ngiven\n  {leaves}\nmodel\n  {}\ntasks\n  derive {}\n",
        lines.join("\n  "),
        asked.join(", ")
    );
    lower(&read_spec(&text).unwrap().value).unwrap_or_else(|errors| panic!("{text}\n{errors:?}")).model
}

#[test]
fn a_model_that_is_not_the_text_is_refused() {
    for (leaves, written, misread) in MISREAD {
        let right = model(leaves, written);
        assert!(answer(&right, &[]).is_ok(), "{written}");
        let wrong = Model { spec: Arc::clone(&right.spec), ..model(leaves, misread) };
        match answer(&wrong, &[]) {
            Err(Refusal::Certificate(_, certificate)) => assert!(
                certificate
                    .failures
                    .iter()
                    .any(|failure| matches!(failure, Failure::Text | Failure::Line { .. } | Failure::Moved { .. })),
                "{written} as {misread}: {:?}",
                certificate.failures
            ),
            other => panic!("{written} was answered as {misread}: {}", other.is_ok()),
        }
    }
}

/// Operators without brackets, each with one reading.
const WITHOUT_BRACKETS: [(&str, &str); 16] = [
    ("exp x", "exp(x)"),
    ("sin 2", "sin(2)"),
    ("sin 2x", "sin(2*x)"),
    ("sin^2 x", "sin(x)^2"),
    ("sin x^2", "sin(x^2)"),
    ("sin x * x", "sin(x)*x"),
    ("-sin x", "-sin(x)"),
    ("x^2 sin x cos x", "x^2*sin(x)*cos(x)"),
    ("1/2 sin x", "1/2*sin(x)"),
    ("x/sin x", "x/(sin(x))"),
    ("(sin x) x + 1", "sin(x)*x + 1"),
    ("exp(x)sin(x)", "exp(x)*sin(x)"),
    ("sum(X exp X)", "sum(X*exp(X))"),
    ("sum(relu X*X)", "sum(relu(X)*X)"),
    ("sum((exp X^T) X)", "sum(exp(X^T)*X)"),
    ("exp X[1, 2]", "exp(X[1, 2])"),
];

#[test]
fn an_operator_without_brackets_is_checked_from_the_text() {
    let leaves = "param x = 2, X = [1 2; 3 4]";
    let line = |text: &str| format!("L = x*sum(X) + {text}");
    for (place, (written, meant)) in WITHOUT_BRACKETS.iter().enumerate() {
        let (right, other) = (model(leaves, &line(written)), model(leaves, &line(meant)));
        assert!(answer(&right, &[]).is_ok(), "{written}: {:?}", answer(&right, &[]).err());
        let same = Model { spec: Arc::clone(&right.spec), ..other };
        assert!(answer(&same, &[]).is_ok(), "{written} is not {meant}");
        let (_, next) = WITHOUT_BRACKETS[(place + 1) % WITHOUT_BRACKETS.len()];
        let wrong = Model { spec: Arc::clone(&right.spec), ..model(leaves, &line(next)) };
        assert!(matches!(answer(&wrong, &[]), Err(Refusal::Certificate(..))), "{written} as {next}");
    }
}

/// The model of one task, and the same with the text of another.
fn asking(given: &str, lines: &str, task: &str) -> Model {
    let text = format!("problem \"P\"\ngiven\n  {given}\nmodel\n  {lines}\ntasks\n  {task}\n");
    model_beside(&text, Path::new(".")).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

#[test]
fn matrices_of_derivatives_are_those_of_the_text() {
    for (given, written, misread, task) in [
        ("param a: 3", "y = tanh(a) + 2*tanh(a)", "y = tanh(a) + 3*tanh(a)", "derive jacobian of y wrt a"),
        ("param a: 3", "L = sum(a^2 .* a)", "L = sum(a^2) + sum(a)", "derive hessian of L wrt a"),
        ("param a: 2 = [1; 2]", "L = (a[1]*a[2])^2", "L = a[1]*a[2]^2", "derive hessian of L wrt a"),
        ("param a: 3 x 1", "L = 1/(1 + sum(a^2))", "L = 1/1 + sum(a^2)", "derive hessian of L wrt a"),
        ("param a = 2", "u = a^2\n  L = u*a", "u = a^2\n  L = u*u", "derive hessian of L wrt a"),
    ] {
        let right = asking(given, written, task);
        assert!(answer(&right, &[]).is_ok(), "{written}: {:?}", answer(&right, &[]).err());
        let wrong = Model { spec: Arc::clone(&right.spec), ..asking(given, misread, task) };
        assert!(matches!(answer(&wrong, &[]), Err(Refusal::Certificate(..))), "{written} as {misread}");
    }
}

/// The check of the matrix alone: what every line and every gradient passes.
#[test]
fn every_wrong_entry_of_a_matrix_of_derivatives_is_seen() {
    let given = "param a: 2 = [0.5; 2]\n  param b: 3 = [1; -1; 2]\n  input W = [1 2; 0 1; 3 -1]";
    for (lines, task, order) in [
        ("y = tanh(W*a) + b", "derive jacobian of y wrt a", Order::First(JacobianLayout::Numerator)),
        (
            "y = tanh(W*a) + b",
            "derive jacobian of y wrt a layout denominator",
            Order::First(JacobianLayout::Denominator),
        ),
        ("y = exp(a[1]*a[2]) + sum(sin(W*a))", "derive hessian of y wrt a", Order::Second),
        ("u = a .* a\n  y = u[1]*u[2]^2 + sum(b)", "derive hessian of y wrt u", Order::Second),
    ] {
        let mut model = asking(given, lines, task);
        let solution = answer(&model, &[]).unwrap_or_else(|refusal| panic!("{task}: {refusal:?}"));
        let [of, wrt] = ["y", if lines.starts_with('u') { "u" } else { "a" }].map(|name| model.names[name]);
        let value = solution.answers[0].value.clone().unwrap();
        let mut certify = |value: Tensor<Number>| {
            let matrix = model.graph.add_literal(value);
            certify_matrix(&model, Matrix { of, wrt, matrix, order })
        };
        let right = certify(value.clone());
        assert!(right.passed && right.checks == 1, "{task}: {right:?}");
        for index in indices(value.extents()) {
            let moved = |other: &[usize]| &value.at(other).clone() + &Number::ratio(i64::from(other == index), 100);
            assert!(!certify(Tensor::from_fn(value.extents(), moved)).passed, "{task}: {index:?}");
        }
    }
}

#[test]
fn what_is_given_is_what_the_text_gives() {
    let asked = |given: &str| asking(given, "L = sum(A)", "compute L");
    for (written, misread) in [
        ("A = [1 2; 3 4]", "A = [1 3; 2 4]"),
        ("A = [1 2; 3 4]", "A = [1 2; 3 4.01]"),
        ("const c = 1/2\n  A = [c 2*c]", "const c = 1/2\n  A = [c c]"),
        ("data A, B = [1 2; 3 4]", "data B, A = [1 2; 3 4]"),
    ] {
        let right = asked(written);
        assert!(answer(&right, &[]).is_ok(), "{written}");
        let wrong = Model { spec: Arc::clone(&right.spec), ..asked(misread) };
        assert!(matches!(answer(&wrong, &[]), Err(Refusal::Certificate(..))), "{written} as {misread}");
    }
}

#[test]
fn every_line_counts_as_a_check() {
    let right = model("param a = 2", "u = a^2; L = 3*u");
    let solution = answer(&right, &[]).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    // Two lines at three sets of random data and at the given ones, and the slope at two.
    assert!(solution.certificate.checks >= 2 * 4 + 2, "{}", solution.certificate.checks);
}
