//! Every shipped problem's answers against what is known from outside this program (tests/expected).

use crate::common;

use serde_json::Value;
use solve::answer::{Answer, FitPart, Section, Solution, Subject, Wanted};
use solve::graph::{Environment, Graph, NodeId, SymbolName};
use solve::lower::{Meaning, Scope, expression};
use solve::model::JacobianLayout;
use solve::number::Number;
use solve::ops::Sum;
use solve::render::notation::{Printer, Style};
use solve::syntax::read_expression;
use solve::tasks::Ask;
use solve::tensor::Tensor;
use solve::verify::certify_equal;
use std::path::Path;

#[test]
fn every_answer_is_the_known_one() {
    let mut faults = Vec::new();
    let problems = common::problems();
    for path in &problems {
        let stem = common::stem(path);
        let known = Path::new("tests/expected").join(&stem).with_extension("json");
        match std::fs::read_to_string(&known) {
            Err(_) => faults.push(format!("{stem}: there is no {}", known.display())),
            Ok(text) => {
                let expected: Value = serde_json::from_str(&text).unwrap();
                let mut solution = common::solve_file(path);
                faults.extend(compare(&mut solution, &expected).into_iter().map(|fault| format!("{stem}: {fault}")));
            }
        }
    }
    let orphans = common::files("tests/expected", "json").into_iter().filter(|known| {
        !Path::new("problems").join(known.strip_prefix("tests/expected").unwrap()).with_extension("spec").exists()
    });
    faults.extend(orphans.map(|orphan| format!("{} has no problem", orphan.display())));
    assert!(problems.len() > 100, "the problems were found");
    assert!(faults.is_empty(), "{} of the answers differ:\n{}", faults.len(), faults.join("\n"));
}

fn compare(solution: &mut Solution, expected: &Value) -> Vec<String> {
    let tolerance = expected["tolerance"].as_f64().unwrap_or(0.0);
    let answers = solution.answers.clone();
    let keys: Vec<Vec<String>> = answers.iter().map(|answer| keys(solution, answer)).collect();
    let mut faults = Vec::new();
    for (key, value) in expected["answers"].as_object().unwrap() {
        match keys.iter().position(|own| own.contains(&worked_out(key))) {
            None => faults.push(format!("`{key}` is not answered; there are {keys:?}")),
            Some(place) => {
                let stated = &expected["values"][key.as_str()];
                let checks = [Some(value), (!stated.is_null()).then_some(stated)];
                for value in checks.into_iter().flatten() {
                    if let Err(fault) = check(solution, &answers[place], value, tolerance) {
                        faults.push(format!("`{key}`: {fault}"));
                    }
                }
            }
        }
    }
    let known: Vec<String> = expected["answers"].as_object().unwrap().keys().map(|key| worked_out(key)).collect();
    let unknown = keys.iter().filter(|own| !own.iter().any(|key| known.contains(key)));
    faults.extend(unknown.map(|own| format!("nothing is known of {own:?}")));
    faults
}

/// The ways in which a file of expected answers may call an answer.
fn keys(solution: &Solution, answer: &Answer) -> Vec<String> {
    let graph = &solution.model.graph;
    let print = |id: NodeId| Printer::new(graph, Style::Plain).print(id);
    let list = |ids: &[NodeId]| ids.iter().map(|id| print(*id)).collect::<Vec<_>>().join(", ");
    let names = match &answer.subject {
        Subject::Value(id) => vec![print(*id)],
        Subject::Gradient { of, loss, entry } => {
            let index = if entry.is_empty() {
                String::new()
            } else {
                let places: Vec<String> = entry.iter().map(ToString::to_string).collect();
                format!("[{}]", places.join(","))
            };
            let name = format!("d{}{index}", print(*of));
            vec![format!("{name} of {}", print(*loss)), name]
        }
        Subject::Shape(id) => vec![format!("shape of {}", print(*id))],
        Subject::Count => match &solution.model.tasks[answer.task - 1].ask {
            Ask::CountParams(count) => {
                let ids = &count.of;
                let all = (solution.model.params().len() == ids.len()).then(|| "params".to_string());
                all.into_iter().chain([format!("params of {}", list(ids))]).collect()
            }
            _ => Vec::new(),
        },
        Subject::Descended { of: id, .. } => {
            vec![format!("descend {} of task {}", print(*id), answer.task), format!("descend {}", print(*id))]
        }
        Subject::Fit { family, part } => {
            let Section::Fit(result) = &solution.sections[answer.task - 1] else { return Vec::new() };
            let part = match part {
                FitPart::Coefficients => "theta",
                FitPart::Training => "train",
                FitPart::HeldOut => "heldout",
            };
            vec![format!("{part} {}", result.fitted[*family].family.to_string())]
        }
        Subject::Part(part) => vec![part.name.clone()],
        Subject::Minimum(id) => vec![format!("minimum {}", print(*id))],
        Subject::Entries(id) => vec![format!("entries of {}", print(*id))],
        Subject::Updated(id) => vec![format!("update {}", print(*id))],
        Subject::Jacobian { of, wrt, layout } => {
            let name = format!("jacobian of {} wrt {}", print(*of), print(*wrt));
            match layout {
                JacobianLayout::Denominator => vec![format!("{name} layout denominator")],
                JacobianLayout::Numerator => vec![format!("{name} layout numerator"), name],
            }
        }
        Subject::Hessian { of, wrt } => vec![format!("hessian of {} wrt {}", print(*of), print(*wrt))],
        Subject::Directional { of, wrt } => vec![format!("directional of {} wrt {}", print(*of), list(wrt))],
    };
    let Some(point) = &answer.at else { return names };
    let bindings: Vec<String> = point
        .iter()
        .map(|(leaf, value)| {
            format!(
                "{} = {}",
                graph.leaf(*leaf).name,
                flat(value).iter().map(f64::to_string).collect::<Vec<_>>().join(" ")
            )
        })
        .collect();
    names.into_iter().map(|name| format!("{name} at {}", bindings.join(" and "))).collect()
}

/// `y at x = 2/6` with its numbers worked out: `y at x = 0.333…`
fn worked_out(key: &str) -> String {
    let Some((name, bindings)) = key.split_once(" at ") else { return key.to_string() };
    let number = |text: &str| {
        let mut graph = Graph::default();
        let expr = read_expression(text).unwrap().value;
        let node = expression(&mut graph, &Scope::new(1), &expr).unwrap();
        let values = graph.evaluate::<f64>(&[node], &Environment::given(&graph)).unwrap();
        values.get(node).unwrap().entries().map(f64::to_string).collect::<Vec<_>>().join(" ")
    };
    let bindings: Vec<String> = bindings
        .split(" and ")
        .map(|binding| {
            let (leaf, value) = binding.split_once(" = ").unwrap();
            format!("{leaf} = {}", number(value))
        })
        .collect();
    format!("{name} at {}", bindings.join(" and "))
}

fn check(solution: &mut Solution, answer: &Answer, expected: &Value, tolerance: f64) -> Result<(), String> {
    if matches!(answer.subject, Subject::Shape(_)) {
        let shape = serde_json::to_value(&answer.shape).unwrap();
        return if &shape == expected { Ok(()) } else { Err(format!("{shape} is not {expected}")) };
    }
    if let (Subject::Part(part), Value::Bool(holds)) = (&answer.subject, expected) {
        let found = match part.wanted {
            Wanted::Truth(found) => found,
            Wanted::Form | Wanted::Shown { .. } | Wanted::Found { .. } => true,
        };
        return if found == *holds { Ok(()) } else { Err(format!("it is said to be {found}")) };
    }
    if let Value::String(text) = expected {
        return check_expression(solution, answer, text);
    }
    let value = answer.value.as_ref().ok_or("it has no value")?;
    let (own, known) = (flat(value), flat_json(expected));
    let scale = known.iter().fold(0.0f64, |largest, entry| largest.max(entry.abs()));
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance * scale + 1e-12 * scale;
    match own.len() == known.len() && own.iter().zip(&known).all(close) {
        true => Ok(()),
        false => Err(format!("{own:?} is not {known:?} within {tolerance}")),
    }
}

fn flat(value: &Tensor<Number>) -> Vec<f64> {
    value.entries().map(Number::to_f64).collect()
}

fn flat_json(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(rows) => rows.iter().flat_map(flat_json).collect(),
        Value::Number(number) => vec![number.as_f64().unwrap()],
        other => panic!("no number: {other}"),
    }
}

/// Both forms at random data, as the certificate compares forms.
fn check_expression(solution: &mut Solution, answer: &Answer, text: &str) -> Result<(), String> {
    if let Subject::Gradient { entry, .. } = &answer.subject
        && entry.iter().any(|index| index.to_string().starts_with(char::is_alphabetic))
    {
        // The general entry of a matrix has no value of its own: its matrix is checked by itself.
        return Ok(());
    }
    let form = answer.form.ok_or("it has no form")?;
    let scope = scope(solution);
    let expr = read_expression(text).map_err(|errors| format!("{text}: {errors:?}"))?.value;
    let graph = &mut solution.model.graph;
    let known = expression(graph, &scope, &expr).map_err(|errors| format!("{text}: {errors:?}"))?;
    // A 1 x 1 answer and a scalar are the same answer.
    let (form, known) =
        if graph.shape(form) != graph.shape(known) && graph.shape(form).size() == graph.shape(known).size() {
            let total = Sum { axis: None };
            (graph.apply(total.clone(), &[form]).unwrap(), graph.apply(total, &[known]).unwrap())
        } else {
            (form, known)
        };
    let certificate = certify_equal(&solution.model, form, known);
    match certificate.passed {
        true => Ok(()),
        false => Err(format!("{text} differs: {:?}", certificate.failures)),
    }
}

/// The model's names and the deltas.
fn scope(solution: &Solution) -> Scope {
    let graph = &solution.model.graph;
    let mut scope = Scope::of(&solution.model);
    for id in graph.ids() {
        if let Some(symbol) = graph.as_symbol(id)
            && let SymbolName::Gradient { of, .. } = symbol.name
        {
            scope.insert(&format!("d{}", Printer::new(graph, Style::Plain).print(of)), Meaning::Value(id));
        }
    }
    scope
}
