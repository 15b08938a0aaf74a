//! Each line of a model is its own, whatever it equals: what a later line writes out is no use of an earlier name.

use crate::common::{model_beside, solve_text};
use solve::answer::Subject;
use solve::graph::NodeId;
use solve::render::notation::{Printer, Style};
use std::path::Path;

/// Parameters, the model's lines, and the derivatives of its last line by name. The lines are printed as they stand here.
const MODELS: [(&str, &str, &str); 10] = [
    ("param x = 1; const a = 1", "f1 = x*a; f2 = x*a; f = f1 + 3*f2", "f1: 1; f2: 3; x: 4"),
    ("param a = 2", "e = a^2; L = 3*e + a^2", "e: 3; a: 16"),
    ("param a = 2", "u = a^2; L = u + 5*a^2", "u: 1; a: 24"),
    // The name comes after what is written out.
    ("param a = 2", "L = 3*u + a^2; u = a^2", "u: 3; a: 16"),
    ("param x = 3", "r = 2*x; y = relu(r) + 2*x; L = y^2", "y: 24; r: 24; x: 96"),
    // Other names for a leaf and for a line.
    ("param a = 2", "Y = a; Z = Y; L = Y*Z + a", "Y: 4; Z: 2; a: 5"),
    // A line that equals what is given.
    ("param a = 2; const c = 4", "k = 4; s = c; L = k*a + 4*a + s*a", "k: 2; s: 2; a: 12"),
    // Inner parts are shared, their names are not.
    ("param x = 2", "p = (x + 1)^2; q = (x + 1)^3; r = (x + 1)^2; L = p + q*r", "p: 1; q: 9; r: 27; x: 411"),
    // What two lines write out of something given leads back through both.
    ("param w = 1; input x = 2", "p = x^2 + w; q = 3*x^2; L = p + q", "x: 16; p: 1; q: 1"),
    ("param x = 0.5", "f1 = exp(x); f2 = exp(x); L = f1 ./ f2", "f2: -e^-x; f1: e^-x; x: 0"),
];

fn text(given: &str, model: &str, gradients: &str, steps: &str) -> String {
    let section = |text: &str| text.split("; ").map(|line| format!("  {line}\n")).collect::<String>();
    let asked: Vec<String> = gradients.split("; ").map(|one| format!("d{}", one.split(':').next().unwrap())).collect();
    format!(
        "problem \"P\" \"Names\"\nsteps {steps}\n\ngiven\n{}\nmodel\n{}\ntasks\n  derive {} of {}\n",
        section(given),
        section(model),
        asked.join(", "),
        loss(model),
    )
}

/// These models call it `f` or `L`.
fn loss(model: &str) -> &str {
    model.split("; ").map(|line| line.split(" = ").next().unwrap()).find(|name| ["f", "L"].contains(name)).unwrap()
}

#[test]
fn lines_are_printed_as_they_were_written() {
    for (given, model, gradients) in MODELS {
        let model_of_text = model_beside(&text(given, model, gradients, "short"), Path::new(".")).unwrap();
        let printer = Printer::new(&model_of_text.graph, Style::Plain);
        let line = |id: &NodeId| format!("{} = {}", printer.print(*id), printer.definition(*id)).replace(" * ", "*");
        let mut printed: Vec<String> = model_of_text.definitions.iter().map(line).collect();
        let mut written: Vec<&str> = model.split("; ").collect();
        printed.sort();
        written.sort();
        assert_eq!(printed, written);
    }
}

#[test]
fn each_name_has_its_own_gradient() {
    for (given, model, gradients) in MODELS {
        for steps in ["short", "full"] {
            let solution = solve_text(&text(given, model, gradients, steps)).unwrap();
            for expected in gradients.split("; ") {
                let (name, expected) = expected.split_once(": ").unwrap();
                let expected = match expected {
                    "e^-x" => (-0.5f64).exp(),
                    "-e^-x" => -(-0.5f64).exp(),
                    number => number.parse().unwrap(),
                };
                let node = solution.model.names[name];
                let answer = solution
                    .answers
                    .iter()
                    .find(|answer| matches!(&answer.subject, Subject::Gradient { of, .. } if *of == node));
                let value = answer.and_then(|answer| answer.value.as_ref()).unwrap().first().to_f64();
                assert!((value - expected).abs() < 1e-12, "{model} ({steps}): d{name} is {value}, not {expected}");
            }
        }
    }
}

#[test]
fn tied_projections_are_two() {
    let solution = solve_text(
        "problem \"P\" \"Tied\"\ngiven\n  dim N, D\n  input X: N x D\n  target T: N x N\n  param W: D x D\nmodel\n  \
         Q = X*W\n  K = X*W\n  S = Q*K^T\n  L = mse(S, T)\ntasks\n  draw graph\n  derive dQ, dK, dW\n",
    )
    .unwrap();
    let graph = &solution.model.graph;
    let printer = Printer::new(graph, Style::Plain);
    let forms: Vec<String> =
        solution.answers.iter().filter_map(|answer| Some(printer.definition(answer.form?))).collect();
    assert_eq!(forms, ["dS * K", "dS^T * Q", "X^T * (dQ + dK)"]);
}
