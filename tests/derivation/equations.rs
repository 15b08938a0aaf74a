//! Equations and optima in symbols against the solutions that textbooks have, and those that are refused.

use solve::answer::{Refusal, Solution, answer};
use solve::lower::{Scope, expression, lower};
use solve::ops::Sum;
use solve::syntax::ast::Relation;
use solve::syntax::{read_expression, read_spec};
use solve::tasks::{Finding, compare};

/// The solution of a row's task; `None` where it is refused in the kind's own words.
fn solved(given: &str, task: &str) -> Option<Solution> {
    let (mut givens, mut model) = (String::new(), String::new());
    for line in given.split(';').map(str::trim) {
        match line.strip_prefix("= ") {
            Some(line) => model.push_str(&format!("  {line}\n")),
            None => givens.push_str(&format!("  {line}\n")),
        }
    }
    let model = if model.is_empty() { String::new() } else { format!("model\n{model}") };
    let text = format!("problem \"E\"\ngiven\n{givens}{model}tasks\n  {task}\n");
    let spec = read_spec(&text).unwrap_or_else(|faults| panic!("{text}: {faults:?}")).value;
    let model = lower(&spec).unwrap_or_else(|faults| panic!("{text}: {faults:?}")).model;
    match answer(&model, &[]) {
        Ok(solution) => Some(solution),
        Err(Refusal::Told(_)) => None,
        Err(refusal) => panic!("{text}: {refusal:?}"),
    }
}

/// What is wrong with a row.
fn fault(row: &str) -> Option<String> {
    let mut parts = row.split('|').map(str::trim);
    let (given, task, wanted) = (parts.next()?, parts.next()?, parts.next()?);
    let Some(solution) = solved(given, task) else {
        return (wanted != "none").then(|| "is refused".to_string());
    };
    let named = |answer: &solve::answer::Answer| match &answer.subject {
        solve::answer::Subject::Part(part) => part.name.clone(),
        _ => String::new(),
    };
    for expected in wanted.split(';').map(str::trim) {
        let Some((name, form)) = expected.split_once(" = ") else { return Some("is answered".to_string()) };
        let mut model = solution.model.clone();
        let Some(own) = solution.answers.iter().find(|answer| named(answer) == name).and_then(|answer| answer.form)
        else {
            return Some(format!("lacks `{name}`"));
        };
        let mut scope = Scope::of(&model);
        scope.answers = true;
        let expr = read_expression(form).unwrap().value;
        let mut known = expression(&mut model.graph, &scope, &expr).unwrap();
        let mut own = own;
        if model.graph.shape(own) != model.graph.shape(known) {
            // A number for a matrix with one entry.
            let total = Sum { axis: None };
            [own, known] = [own, known].map(|id| match model.graph.shape(id).is_scalar() {
                true => id,
                false => model.graph.apply(total.clone(), &[id]).unwrap(),
            });
        }
        if !matches!(compare(&model, own, Relation::Equal, known), Finding::Holds(_)) {
            return Some(format!("has another `{name}`"));
        }
    }
    None
}

#[test]
fn symbols_are_solved_as_textbooks_do() {
    let text = std::fs::read_to_string("tests/identities/equations.txt").unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let only = std::env::var("EQUATION").unwrap_or_default();
    let own = rows.iter().filter(|row| row.contains(&only));
    let faults: Vec<String> = own.filter_map(|row| Some(format!("{row}\n    {}", fault(row)?))).collect();
    assert!(rows.len() >= 40, "there are {} rows", rows.len());
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), rows.len(), faults.join("\n"));
}
