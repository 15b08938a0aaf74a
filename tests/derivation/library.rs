//! The library's functions against another library's figures, forward and backward.

use crate::common;

use serde_json::Value;
use solve::answer::Subject;
use solve::lower::library_reference;
use solve::tensor::Tensor;

/// The library's constants have this many digits.
const TOLERANCE: f64 = 1e-9;

fn literal(value: &Value) -> String {
    let Some(parts) = value.as_array() else { return value.to_string() };
    let deep = parts[0][0].is_array();
    let inside: Vec<String> = match deep {
        true => parts.iter().map(literal).collect(),
        false => {
            let row = |row: &Value| row.as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
            parts.iter().map(row).collect()
        }
    };
    format!("[{}]", inside.join(if deep { ", " } else { "; " }))
}

fn entries(value: &Value) -> Vec<f64> {
    match value.as_array() {
        None => vec![value.as_f64().unwrap()],
        Some(all) => all.iter().flat_map(entries).collect(),
    }
}

fn differs(found: &Tensor<f64>, known: &Value) -> bool {
    let (found, known): (Vec<f64>, Vec<f64>) = (found.entries().copied().collect(), entries(known));
    let scale = known.iter().fold(1.0, |top: f64, entry| top.max(entry.abs()));
    found.len() != known.len() || found.iter().zip(&known).any(|(a, b)| a.is_nan() || (a - b).abs() > TOLERANCE * scale)
}

#[test]
fn figures_of_another_library() {
    let cases: Value = serde_json::from_str(include_str!("../figures/library.json")).unwrap();
    let mut faults = Vec::new();
    for case in cases.as_array().unwrap() {
        let call = case["call"].as_str().unwrap();
        let operands = case["operands"].as_object().unwrap();
        let given: Vec<String> =
            operands.iter().map(|(name, value)| format!("  param {name} = {}", literal(value))).collect();
        let asked: Vec<String> = case["gradients"].as_object().unwrap().keys().map(|name| format!("d{name}")).collect();
        let text = format!(
            "problem \"P\"\ngiven\n  layout {}\n{}\n  gradient dY of Y = {}\nmodel\n  Y = {call}\ntasks\n  compute Y\n  compute {}\n",
            case["layout"].as_str().unwrap(),
            given.join("\n"),
            literal(&case["arriving"]),
            asked.join(", "),
        );
        let solution = match common::solve_text(&text) {
            Ok(solution) => solution,
            Err(error) => {
                faults.push(format!("{call}: {error}"));
                continue;
            }
        };
        for answer in &solution.answers {
            let known = match &answer.subject {
                Subject::Gradient { of, .. } => {
                    &case["gradients"][solution.model.graph.as_leaf(*of).unwrap().name.as_str()]
                }
                _ => &case["value"],
            };
            let found = answer.value.as_ref().unwrap().convert::<f64>();
            if differs(&found, known) {
                faults.push(format!("{call}: {found:?} is {known}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // Each function of the library is among the cases.
    for [head, _, _] in library_reference() {
        let name = head.split('(').next().unwrap();
        let called = |case: &Value| case["call"].as_str().unwrap().starts_with(&format!("{name}("));
        assert!(cases.as_array().unwrap().iter().any(called), "{name}");
    }
}

#[test]
fn a_function_that_uses_itself_ends_at_its_definition() {
    let model = "  define f(a) = g(a) + 1\n  define g(a) = 2*f(a)\n  define h(a) = a*h(a)\n  y = x\n";
    let error = common::solve_text(&format!("problem \"P\"\ngiven\n  param x\nmodel\n{model}tasks\n  derive dx\n"));
    let error = error.unwrap_err();
    assert!(["f", "g", "h"].iter().all(|name| error.contains(&format!("`{name}` uses itself"))), "{error}");
    // One of another number of arguments is another function.
    let model = "  define f(a) = 2*a\n  define f(a, b) = f(a) + b\n  y = f(x, 1)\n";
    common::solve_text(&format!("problem \"P\"\ngiven\n  param x\nmodel\n{model}tasks\n  derive dx\n")).unwrap();
}

/// A function takes no call from an operator: where it has an operator's name or alias, it has another number of operands.
#[test]
fn no_function_hides_an_operator() {
    let mut hidden = Vec::new();
    for [head, ..] in library_reference() {
        let Some((name, parameters)) = head.split_once('(') else { continue };
        let own = parameters.trim_end_matches(')').split(", ").filter(|parameter| !parameter.contains('=')).count();
        let operators = solve::ops::REFERENCES.iter().filter(|own| own.name == name || own.aliases.contains(&name));
        let taken = operators.filter_map(|operator| operator.call).any(|(least, most)| (least..=most).contains(&own));
        if taken {
            hidden.push(head);
        }
    }
    assert!(hidden.is_empty(), "{hidden:?}");
}
