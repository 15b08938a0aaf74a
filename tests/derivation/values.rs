//! Values that exist are given, to the last digit shown; where there is none the key says so.

use crate::common;

use serde_json::Value;
use solve::answer::Solution;
use solve::render::json::json;

/// The numbers of the answer called `name`; an entry that does not exist is NaN.
fn numbers(solution: &Solution, name: &str) -> Vec<f64> {
    let printed: Value = serde_json::from_str(&json(solution)).unwrap();
    let answers = printed["answers"].as_array().unwrap();
    let answer = answers.iter().find(|answer| answer["name"] == name).unwrap_or_else(|| panic!("no `{name}`"));
    let mut found = Vec::new();
    flatten(&answer["value"], &mut found);
    found
}

fn flatten(value: &Value, into: &mut Vec<f64>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| flatten(one, into)),
        Value::Null => into.push(f64::NAN),
        Value::String(text) => {
            let (above, below) = text.split_once('/').unwrap_or((text, "1"));
            into.push(above.parse::<f64>().unwrap() / below.parse::<f64>().unwrap());
        }
        number => into.push(number.as_f64().unwrap()),
    }
}

/// Given lines, model lines, a task, the answer's name and its right numbers (finite differences at 50 digits, or by hand).
const CASES: &[(&str, &str, &str, &str, &[f64])] = &[
    ("param A = [1 2; 2 4]", "L = det(A)", "derive dA of L", "dA", &[4.0, -2.0, -2.0, 1.0]),
    (
        "param A = [1 2 3; 2 4 6; 1 1 1]",
        "L = det(A) + trace(A)",
        "derive dA of L",
        "dA",
        &[-1.0, 4.0, -2.0, 1.0, -1.0, 1.0, 0.0, 0.0, 1.0],
    ),
    ("param w = [4; 0]", "L = sum(sqrt(abs(w)))", "derive dw of L", "dw", &[0.25, f64::NAN]),
    ("param w = [4; 0]", "L = sum(abs(w)^1.5)", "derive dw of L", "dw", &[3.0, 0.0]),
    ("param x = 1e200", "L = x^2/1e300", "compute L", "L", &[1e100]),
    ("param x = 3\n  const q = [2]", "L = sum((x^2 + 1).^q)", "derive dx of L", "dx", &[120.0]),
    ("param x = [3; 1]", "c = cumsum(x)\n  L = sum(c^2)", "derive dx of L", "dx", &[14.0, 8.0]),
    ("param x = [3; 1]", "c = cumsum(x, axis = 1)\n  L = sum(c^2)", "derive dx of L", "dx", &[6.0, 2.0]),
    (
        "param B = [-1 1; 2 0.5; 1 2]\n  param y = [0.5 -0.5]",
        "h = logit(sigmoid(B + y))\n  L = 2*sum(h)",
        "derive dy of L",
        "dy",
        &[6.0, 6.0],
    ),
    ("param x = 0.00000001", "Z = (1 - cos(x))/x^2", "compute Z", "Z", &[0.5]),
    ("param x = 0.000000000001", "Z = (exp(x) - 1)/x", "compute Z", "Z", &[1.000_000_000_000_5]),
    (
        "param x = [1; 2; 4]",
        "m = mean(x)\n  Z = (x - m)/sqrt(mean((x - m)^2))\n  u = mean(Z)",
        "compute u",
        "u",
        &[0.0],
    ),
    ("param x = 2", "Z = 1[sqrt(x)*sqrt(x) == 2]", "compute Z", "Z", &[1.0]),
    ("param v = [1e200 1e200]", "Z = norm(v)", "compute Z", "Z", &[std::f64::consts::SQRT_2 * 1e200]),
    ("param z = [1000 0 -1000]\n  t = [0 0 1]", "L = ce(softmax(z), t)", "compute L", "L", &[2000.0]),
    (
        "param z = [1000; 0; -1000]\n  t = [0; 0; 1]",
        "L = ce(softmax(z, axis = 0), t, axis = 0)",
        "compute L",
        "L",
        &[2000.0],
    ),
    ("param z = [1000 0 -1000]\n  t = [0 0 1]", "L = -sum(t .* log(softmax(z)))", "compute L", "L", &[2000.0]),
    ("param z = [1000 -1000]\n  t = [0 1]", "L = bce(sigmoid(z), t)", "compute L", "L", &[2000.0]),
    ("param z = 300", "L = log(1 - sigmoid(z))", "compute L", "L", &[-300.0]),
    ("param W = [3 4; 0 0]", "R = sum(norm(W, axis = 1))", "derive dW of R", "dW", &[0.6, 0.8, f64::NAN, f64::NAN]),
    (
        "param x = [1 2; 3 4; 0 0]",
        "r = norm(x, axis = 1)\n  L = sum(1[r > 0.5] .* r + 1[r <= 0.5])",
        "derive dx of L",
        "dx",
        &[0.447_213_595_499_957_9, 0.894_427_190_999_915_9, 0.6, 0.8, 0.0, 0.0],
    ),
    // What exists as a limit only, by the definition of the derivative.
    ("param x = 0", "L = sqrt(x^4) + 3*x", "compute dx", "dx", &[3.0]),
    ("param x = 0", "L = x*sqrt(x^2)", "derive dx of L", "dx", &[0.0]),
    ("param w = [0; 0]\n  input c = [1; 2]", "L = norm(w)*(c^T*w) + w[2]", "compute dw", "dw", &[0.0, 1.0]),
    ("param x = [0 4]", "y = sqrt(x .* x .* x .* x)\n  L = sum(y)/2", "update x with rate 1", "x", &[0.0, 0.0]),
    ("param x = 0", "L = sqrt(x^4) + (x - 3)^2", "descend x of L from given rate 0.25 for 1 steps", "x", &[1.5]),
    // None is a limit: a kink, a pole, and slopes that do not add.
    ("param x = 0", "L = sqrt(x^2)", "derive dx of L", "dx", &[f64::NAN]),
    ("param a = 0, b = 0", "L = sqrt(sqrt(a^2*b^2))", "derive da of L", "da", &[0.0]),
    ("param w = [0; 0]", "L = sqrt(sqrt(w[1]^2*w[2]^2))", "derive dw of L", "dw", &[f64::NAN]),
    // Descents in which a mask switches off what has no value, and values that doubles lose.
    (
        "param x = [1 -2]",
        "L = sum(1[x > 0] .* sqrt(x))",
        "descend x of L from given rate 0.1 for 2 steps",
        "x",
        &[0.898_701_082_395_742_2, -2.0],
    ),
    (
        "param x = 0",
        "L = 1[x > 1]*log(x) + (x - 3)^2",
        "descend x of L from given rate 0.25 for 2 steps",
        "x",
        &[25.0 / 12.0],
    ),
    (
        "const lam = 0\n  param w = [0; 0]",
        "L = lam*norm(w) + sum((w - 1)^2)",
        "descend w of L from given rate 0.25 for 2 steps",
        "w",
        &[0.75, 0.75],
    ),
    (
        "param z = [1000 0 -1000]\n  input t = [0 1 1]",
        "L = ce(softmax(z), t)",
        "descend z of L from given rate 100 for 1 steps",
        "z",
        &[800.0, 100.0, -900.0],
    ),
    ("param z = [1000 -1000]", "s = sigmoid(z)\n  L = -sum(log(s))", "compute dz of L", "dz", &[0.0, -1.0]),
    ("param z = [1000 0 -1000]", "L = sum(softplus(z))", "compute dz", "dz", &[1.0, 0.5, 0.0]),
    ("param w = [0; 0]", "n = norm(w)\n  L = n^2", "compute dw", "dw", &[0.0, 0.0]),
    ("param w = [0; 0]", "L = norm(w)^2", "derive hessian of L wrt w", "hessian of L wrt w", &[2.0, 0.0, 0.0, 2.0]),
    ("param W = [0 0; 1 2]", "L = sum(norm(W, axis = 1)^2)", "compute dW", "dW", &[0.0, 0.0, 2.0, 4.0]),
    ("param x = [1 -2]", "L = sum(1[x > 0] .* log(x))", "compute L", "L", &[0.0]),
    ("param x = [1 -2]", "L = sum(1[x > 0] .* sqrt(x))", "derive dx of L", "dx", &[0.5, 0.0]),
    ("param W = [1 2; 3 4]\n  const lam = 0", "L = sum(W) + lam*l2(W)", "derive dW of L", "dW", &[1.0; 4]),
    ("param X = [1 -2]", "L = sum(maximum(X, X))", "derive dX of L", "dX", &[1.0; 2]),
    (
        "param r = [0.5; 3; -2]",
        "a = abs(r)\n  q = minimum(a, 1)\n  L = sum(q^2/2 + maximum(a - 1, 0))",
        "derive dr of L",
        "dr",
        &[0.5, 1.0, -1.0],
    ),
    (
        "param v = [1; 2]\n  input w = [3; 4]",
        "Z = v*(w^T*w)\n  L = sum(Z^2)",
        "derive hessian of L wrt v",
        "hessian of L wrt v",
        &[1250.0, 0.0, 0.0, 1250.0],
    ),
    ("param v = [1; 2]", "Z = v*(v^T*v)", "derive jacobian of Z wrt v", "jacobian of Z wrt v", &[7.0, 4.0, 4.0, 13.0]),
    (
        "param x = [2; 1; 5]",
        "L = x[1]^3",
        "derive hessian of L wrt x",
        "hessian of L wrt x",
        &[12.0, 0., 0., 0., 0., 0., 0., 0., 0.],
    ),
    (
        "param x = [1; 2]",
        "y = slice(x .* x, axis = 0, to = 1)",
        "derive jacobian of y wrt x",
        "jacobian of y wrt x",
        &[2.0, 0.0],
    ),
];

#[test]
fn values_that_exist_are_given() {
    for (given, model, task, name, expected) in CASES {
        let text = format!("problem \"P\" \"t\"\ngiven\n  {given}\nmodel\n  {model}\ntasks\n  {task}\n");
        let solution = common::solve_text(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        let found = numbers(&solution, name);
        let same = |(a, b): (&f64, &f64)| a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-12 * b.abs();
        assert!(found.len() == expected.len() && found.iter().zip(*expected).all(same), "{text}\n{found:?}");
    }
}

#[test]
fn no_step_is_made_from_where_there_is_no_gradient() {
    for (given, model, task) in [
        ("param x = 0", "L = sqrt(x)", "update x with rate 0.1"),
        ("param w = [0; 0]", "L = norm(w)", "update w with rate 0.1"),
        ("param w = [0; 0]", "L = norm(w)", "descend w of L from given rate 1 for 2 steps"),
    ] {
        let text = format!("problem \"P\" \"t\"\ngiven\n  {given}\nmodel\n  {model}\ntasks\n  {task}\n");
        let refused = common::solve_text(&text).err().unwrap_or_default();
        assert!(refused.starts_with("NoGradient"), "{text}\n{refused}");
    }
}

/// What acts along an axis is printed so that it is read as the same under the problem's layout.
#[test]
fn the_axis_is_printed_where_it_is_not_that_of_the_layout() {
    let calls = ["softmax(Z", "log_softmax(Z", "logsumexp(Z", "ce(P, T", "concat(Z, P", "mean(Z", "norm(Z", "max(Z"];
    let axes = ["", ", axis = 0", ", axis = 1"];
    for layout in ["", "layout columns\n  "] {
        for line in calls.iter().flat_map(|call| axes.map(|axis| format!("{call}{axis})"))) {
            let solved = |line: &str| {
                let text = format!(
                    "problem \"P\"\ngiven\n  {layout}input Z = [1 2; 3 5], T = [1 0; 0 1], P = [0.3 0.7; 0.2 0.8]\nmodel\n  y = {line}\ntasks\n  compute y\n"
                );
                common::solve_text(&text).unwrap_or_else(|error| panic!("{text}\n{error}"))
            };
            let solution = solved(&line);
            let printed: Value = serde_json::from_str(&json(&solution)).unwrap();
            let printed = printed["steps"][0]["plain"].as_str().unwrap().to_string();
            assert_eq!(numbers(&solution, "y"), numbers(&solved(&printed), "y"), "{layout}{line} as {printed}");
        }
    }
}

#[test]
fn what_is_only_computed_in_doubles_is_said() {
    for (rows, said) in [(10, false), (100, true)] {
        let text = format!(
            "problem \"P\"\ngiven\n  const s = 0.1\nmodel\n  A = exp(s)*ones({rows}, 250)\n  y = mean(A)\ntasks\n  compute y\n"
        );
        let solution = common::solve_text(&text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(solution.only_doubles, said, "{rows}");
    }
}
