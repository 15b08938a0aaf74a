//! Every form that can stand inside a line, inside every function that makes a number of it: the key is laid out in
//! every format that is printed, and what it says of the number is right.

use crate::common;

use solve::render::document::{Edition, Format, Layout};
use solve::render::render;

/// Forms over two matrices, a column, a row and a number.
const INNER: &[&str] = &[
    "A",
    "v",
    "r",
    "a",
    "A*B",
    "A .* B",
    "A + B",
    "A - r",
    "A + v",
    "A ./ B",
    "A'",
    "-A",
    "2*A",
    "v^2",
    "inv(A)",
    "diag(v)",
    "diag(r)",
    "diag(A)",
    "diag(diag(v))",
    "eye(2)",
    "A + eye(2)",
    "[a 3]",
    "[a; 3]",
    "[a 1; 2 a]",
    "concat(A, B, axis = 0)",
    "concat(v, v, axis = 1)",
    "slice(A, axis = 0, to = 1)",
    "slice(A, axis = 1, from = 2)",
    "flatten(A)",
    "reshape(A, rows = 1, cols = 4)",
    "maxpool(A, size = 1)",
    "maxpool(A, size = 2)",
    "maxpool_select(A, B, size = 2)",
    "avgpool(A, size = 2)",
    "conv2d(A, B)",
    "conv2d(A, B, padding = 1)",
    "softmax(A)",
    "softmax(v, axis = 0)",
    "log_softmax(A)",
    "logsumexp(A)",
    "logsumexp(A, axis = 0)",
    "exp(A)",
    "log(A .* A)",
    "sqrt(A .* A)",
    "sin(A)",
    "cos(A)",
    "tanh(A)",
    "sigmoid(A)",
    "relu(A)",
    "leaky_relu(A)",
    "softplus(A)",
    "abs(A)",
    "sign(A)",
    "step(A)",
    "clip(A, low = 0, high = 1)",
    "maximum(A, B)",
    "minimum(A, 0)",
    "max(A)",
    "max(A, axis = 1)",
    "min(A, axis = 0)",
    "argmax_mask(A)",
    "argmin_mask(A)",
    "1[A > 0]",
    "1[A >= B] .* A",
    "mean(A, axis = 0)",
    "sum(A, axis = 1)",
    "colsum(A)",
    "norm(A)",
    "norm(A, axis = 1)",
    "norm([3; 4])",
    "trace(A)",
    "A[1, 2]",
    "v[2]",
    "mse(A, B)",
    "l2(A)",
    "ones(2, 2)",
    "A*v",
    "r*A",
    "v*r",
    "r*v",
    "(r*v)*A",
];

/// Functions that make a number of them.
const OUTER: &[&str] = &[
    "sum(_)",
    "mean(_)",
    "l2(_)",
    "norm(_)",
    "max(_)",
    "min(_)",
    "sum((_) .* (_))",
    "mean(exp(-(_) .* (_)))",
    "sum(relu(_))",
    "logsumexp(_)",
    "sum(tanh(_) .* tanh(_))",
    "mse(_, _ + 1)",
    "norm([sum(_); 1])",
    "sum(softmax([sum(_) 1]))",
    "log(1 + l2(_))",
    "sum(diag([sum(_) 2]))",
];

const FORMATS: [Format; 3] = [Format::Latex, Format::Html, Format::Text];

#[test]
fn every_function_of_every_form_is_explained() {
    let (mut laid_out, mut faults) = (0, Vec::new());
    // All functions of one form stand in one problem.
    for inner in INNER {
        let fits = |line: &&String| {
            common::model_beside(&spec(std::slice::from_ref(*line)), std::path::Path::new(".")).is_ok()
        };
        let lines: Vec<String> = OUTER.iter().map(|outer| outer.replace('_', inner)).collect();
        let lines: Vec<String> = lines.iter().filter(fits).cloned().collect();
        laid_out += lines.len();
        if let Err(fault) = common::solve_text(&spec(&lines)).map(|solution| {
            FORMATS.map(|format| {
                render(&solution, &layout(format)).map(|_| ()).unwrap_or_else(|error| panic!("{error:?}"))
            })
        }) {
            faults.push(format!("{inner}: {fault}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(laid_out > 1_000, "{laid_out} of {} fit", INNER.len() * OUTER.len());
}

fn layout(format: Format) -> Layout {
    Layout { format, edition: Edition::Student, fragment: false, picture_stem: None, template: None }
}

fn spec(lines: &[String]) -> String {
    let model: String = lines.iter().enumerate().map(|(place, line)| format!("  y{place} = {line}\n")).collect();
    let names: Vec<String> = (0..lines.len()).map(|place| format!("y{place}")).collect();
    format!(
        "problem \"P\" \"t\"\ngiven\n  param A = [1 -2; 3 0.5], B = [2 1; -1 4]\n  param v = [1; 2], r = [3 -1], a = 2\nmodel\n{model}tasks\n  compute {}\n",
        names.join(", ")
    )
}
