//! Gradients and values against the figures of an independent autodiff library (tests/figures/gradients.json).

use serde::Deserialize;
use serde_json::Value;
use solve::answer::{Solution, Subject, answer};
use solve::graph::{Environment, LeafId, NodeId};
use solve::lower::lower;
use solve::syntax::{names, read_spec};
use solve::tensor::Tensor;
use std::collections::BTreeMap;

/// Two right programs may differ in the last digits of a double.
const TOLERANCE: f64 = 1e-9;

#[derive(Deserialize)]
struct Figures {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    spec: String,
    dims: BTreeMap<String, usize>,
    /// By canonical name, as everything below.
    values: BTreeMap<String, Value>,
    loss: f64,
    gradients: BTreeMap<String, Value>,
    intermediates: BTreeMap<String, Value>,
}

#[test]
fn gradients_are_those_of_an_autodiff_library() {
    let text = std::fs::read_to_string("tests/figures/gradients.json").unwrap();
    let figures: Figures = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    let mut faults = Vec::new();
    for case in &figures.cases {
        match compare(case) {
            Ok(count) => compared += count,
            Err(fault) => faults.push(format!("{}: {fault}", case.name)),
        }
    }
    assert!(faults.is_empty(), "{} of {} models:\n{}", faults.len(), figures.cases.len(), faults.join("\n"));
    assert!(figures.cases.len() >= 100 && compared > 600, "{compared} figures of {} models", figures.cases.len());
}

/// How many figures of a model were compared.
fn compare(case: &Case) -> Result<usize, String> {
    let solution = solved(&case.spec)?;
    let values = solution
        .model
        .graph
        .evaluate::<f64>(&wanted(&solution), &environment(&solution, case)?)
        .map_err(|error| format!("no value: {error:?}"))?;
    let names = &solution.model.names;
    let node = |key: &String| names.get(&names::key(key)).copied().ok_or(format!("no name `{key}`"));
    let mut figures: Vec<(String, NodeId, &Value)> = Vec::new();
    for (key, figure) in &case.intermediates {
        figures.push((key.clone(), node(key)?, figure));
    }
    for (key, figure) in &case.gradients {
        let of = node(key)?;
        let asked = solution.answers.iter().find_map(|answer| match &answer.subject {
            Subject::Gradient { of: own, .. } if *own == of => answer.form,
            _ => None,
        });
        figures.push((format!("d{key}"), asked.ok_or(format!("d{key} is not answered"))?, figure));
    }
    let loss = Value::from(case.loss);
    figures.push(("L".to_string(), node(&"L".to_string())?, &loss));
    for (key, node, figure) in &figures {
        let own = values.get(*node).ok_or(format!("{key} has no value"))?;
        agree(own, figure).map_err(|fault| format!("{key}: {fault}"))?;
    }
    Ok(figures.len())
}

fn solved(text: &str) -> Result<Solution, String> {
    let spec = read_spec(text).map_err(|errors| format!("{errors:#?}"))?.value;
    let model = lower(&spec).map_err(|errors| format!("{errors:#?}"))?.model;
    answer(&model, &[]).map_err(|refusal| format!("{refusal:?}").chars().take(1000).collect())
}

fn wanted(solution: &Solution) -> Vec<NodeId> {
    let forms = solution.answers.iter().filter_map(|answer| answer.form);
    solution.model.definitions.iter().copied().chain(forms).collect()
}

fn environment(solution: &Solution, case: &Case) -> Result<Environment<f64>, String> {
    let model = &solution.model;
    let mut environment = Environment::given(&model.graph);
    environment.dims = model
        .dims
        .iter()
        .map(|dim| {
            let known = case.dims.iter().find(|(key, _)| names::key(key) == names::key(dim));
            known.map(|(_, value)| (dim.clone(), *value)).ok_or(format!("dimension {dim} has no value"))
        })
        .collect::<Result<_, _>>()?;
    let places: BTreeMap<NodeId, LeafId> = model.graph.leaf_nodes().map(|(leaf, node)| (node, leaf)).collect();
    for (key, value) in &case.values {
        let node = model.names.get(&names::key(key)).ok_or(format!("no name `{key}`"))?;
        let leaf = places.get(node).ok_or(format!("`{key}` is not given"))?;
        let shape = &model.graph.leaf(*leaf).shape;
        let extents = shape.evaluate(&environment.dims).ok_or(format!("`{key}` has shape {shape}"))?;
        let mut entries = flat(value).into_iter();
        environment.set(*leaf, Tensor::from_fn(&extents, |_| entries.next().unwrap_or(f64::NAN)));
    }
    Ok(environment)
}

fn agree(own: &Tensor<f64>, figure: &Value) -> Result<(), String> {
    let (own, figure): (Vec<f64>, Vec<f64>) = (own.entries().copied().collect(), flat(figure));
    let scale = figure.iter().fold(1e-3f64, |largest, entry| largest.max(entry.abs()));
    let close = own.iter().zip(&figure).all(|(own, figure)| (own - figure).abs() <= TOLERANCE * scale);
    if own.len() == figure.len() && close { Ok(()) } else { Err(format!("{own:?} is not {figure:?}")) }
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(rows) => rows.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().expect("figures are numbers")],
    }
}
