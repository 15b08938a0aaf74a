//! What is printed in the problem language is read back as the answer that it was printed from.

use crate::common;

use serde_json::Value;
use solve::answer::{Answer, Solution, Subject};
use solve::graph::{Kind, NodeId, SymbolName};
use solve::lower::{Meaning, Scope, expression};
use solve::render::json::json;
use solve::syntax::read_expression;
use solve::verify::certify_equal;

#[test]
fn every_answer_is_read_back_as_itself() {
    let mut compared = 0;
    let mut faults = Vec::new();
    for path in common::problems() {
        let mut solution = common::solve_file(&path);
        let printed: Value = serde_json::from_str(&json(&solution)).unwrap();
        for (place, answer) in solution.answers.clone().iter().enumerate() {
            for key in ["plain", "expanded"] {
                let Some(text) = printed["answers"][place][key].as_str() else { continue };
                compared += 1;
                if let Err(fault) = same(&mut solution, answer, text) {
                    faults.push(format!("{}, answer {}, {key} `{text}`: {fault}", common::stem(&path), place + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 500, "{compared} texts were compared");
}

fn same(solution: &mut Solution, answer: &Answer, text: &str) -> Result<(), String> {
    let scope = scope(solution, answer);
    let expr = read_expression(text).map_err(|errors| format!("{errors:?}"))?.value;
    let read = expression(&mut solution.model.graph, &scope, &expr).map_err(|errors| format!("{errors:?}"))?;
    let form = form(solution, answer)?;
    let certificate = certify_equal(&solution.model, form, read);
    if certificate.passed { Ok(()) } else { Err(format!("read as another value: {:?}", certificate.failures)) }
}

/// The answer as a node: its expression, or the number that it was found to be.
fn form(solution: &mut Solution, answer: &Answer) -> Result<NodeId, String> {
    let is_number = matches!(
        answer.subject,
        Subject::Value(_) | Subject::Descended { .. } | Subject::Minimum(_) | Subject::Fit { .. }
    ) || answer.at.is_some();
    match (answer.form, &answer.value) {
        (_, Some(value)) if is_number => Ok(solution.model.graph.add_literal(value.clone())),
        (Some(form), _) => Ok(form),
        (None, Some(value)) => Ok(solution.model.graph.add_literal(value.clone())),
        (None, None) => Err("printed without a form".to_string()),
    }
}

/// The model's names, and those of the deltas and directions that the answer's own expression uses.
fn scope(solution: &Solution, answer: &Answer) -> Scope {
    let graph = &solution.model.graph;
    let forms: Vec<NodeId> = answer.form.into_iter().chain(answer.expanded).collect();
    let needed = graph.needed(&forms);
    let mut scope = Scope::of(&solution.model);
    for id in graph.ids().filter(|id| needed[id.place()]) {
        let ours = match graph.as_symbol(id).map(|symbol| &symbol.name) {
            Some(SymbolName::Gradient { .. }) => true,
            Some(SymbolName::Model(_) | SymbolName::Generated(_)) => false,
            None => graph.as_leaf(id).is_some() && !solution.model.leaves.contains(&id),
        };
        if ours {
            scope.insert(&name(solution, id), Meaning::Value(id));
        }
    }
    scope
}

fn name(solution: &Solution, id: NodeId) -> String {
    let graph = &solution.model.graph;
    match graph.kind(id) {
        Kind::Leaf(leaf) => graph.leaf(*leaf).name.clone(),
        Kind::Symbol(symbol) => match &graph.symbol(*symbol).name {
            SymbolName::Model(name) | SymbolName::Generated(name) => name.clone(),
            SymbolName::Gradient { of, .. } => format!("d{}", name(solution, *of)),
        },
        _ => unreachable!("names stand for leaves and symbols"),
    }
}
