//! Whole random models against the figures of an independent library (tests/figures/random_models.py, wide_models.py), and under changes
//! that mean nothing. One in twenty by default; `SOLVE_MODELS=all` takes every one.

use serde::Deserialize;
use solve::answer::{Answer, Refusal, Solution, Subject, answer};
use solve::lower::lower;
use solve::model::Steps;
use solve::number::Number;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::syntax::read_spec;
use solve::tensor::Tensor;
use std::collections::BTreeMap;

/// Right programs differ in the last digits of a double, and sums of small differences of large terms in some more.
const TOLERANCE: f64 = 1e-8;

/// Extents, and the sum of the entries times sin 1, sin 2, …
#[derive(Clone, Debug, Deserialize)]
struct Figure(Vec<usize>, f64);

#[derive(Deserialize)]
struct Case {
    seed: u64,
    text: String,
    values: BTreeMap<String, Figure>,
    gradients: BTreeMap<String, Figure>,
    jacobian: Option<(String, String, Figure)>,
    hessian: Option<(String, Figure)>,
}

fn cases() -> Vec<Case> {
    let step = if std::env::var("SOLVE_MODELS").is_ok_and(|all| all == "all") { 1 } else { 20 };
    let text = std::fs::read_to_string("tests/figures/random_models.jsonl").unwrap();
    let cases: Vec<Case> = text.lines().step_by(step).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(text.lines().count() >= 2000 && !cases.is_empty());
    cases
}

impl Case {
    /// All lines are computed, and all that the loss can be derived with respect to is.
    fn tasks(&self) -> String {
        let computed: Vec<&str> = self.values.keys().map(String::as_str).collect();
        let derived: Vec<String> = self.gradients.keys().map(|name| format!("d{name}")).collect();
        format!("compute {}\n  derive {} of L", computed.join(", "), derived.join(", "))
    }

    fn solve(&self, text: &str, tasks: &str, steps: Steps) -> Result<Solution, String> {
        let text = format!("problem \"R\" \"A random model\"\n\n{text}\ntasks\n  {tasks}\n");
        let spec = read_spec(&text).map_err(|errors| format!("{errors:?}"))?.value;
        let mut model = lower(&spec).map_err(|errors| format!("{errors:?}"))?.model;
        model.settings.steps = steps;
        answer(&model, &[]).map_err(|refusal| match refusal {
            Refusal::Certificate(_, certificate) => format!("refused: {:?}", certificate.failures),
            Refusal::Second { reason, .. } => format!("no second derivative: {reason:?}"),
            other => format!("{other:?}").chars().take(300).collect(),
        })
    }

    /// What is wrong with the values and gradients of a solution.
    fn compare(&self, solution: &Solution) -> Vec<String> {
        let (mut faults, names) = (Vec::new(), &solution.model.names);
        let key = |name: &String| solve::syntax::names::key(name);
        for (name, figure) in &self.values {
            let found = |subject: &Subject| matches!(subject, Subject::Value(of) if names.get(&key(name)) == Some(of));
            faults.extend(differs(solution, found, figure).map(|fault| format!("{name}: {fault}")));
        }
        for (name, figure) in &self.gradients {
            let found = |subject: &Subject| matches!(subject, Subject::Gradient { of, .. } if names.get(&key(name)) == Some(of));
            faults.extend(differs(solution, found, figure).map(|fault| format!("d{name}: {fault}")));
        }
        faults
    }
}

/// Why an answer is not what its figure says.
fn differs(solution: &Solution, is_it: impl Fn(&Subject) -> bool, figure: &Figure) -> Option<String> {
    let answer: &Answer = match solution.answers.iter().find(|answer| is_it(&answer.subject)) {
        Some(answer) => answer,
        None => return Some("no answer".to_string()),
    };
    let Some(value) = &answer.value else { return Some("no value".to_string()) };
    let found = projected(value);
    let scale = found.abs().max(figure.1.abs()).max(1.0);
    // A matrix with one entry may be that number.
    let shape = value.extents() == figure.0 || value.size() == 1 && figure.0.iter().all(|side| *side == 1);
    let same = shape && (found - figure.1).abs() <= TOLERANCE * scale;
    (!same).then(|| format!("{:?} {found}, not {:?} {}", value.extents(), figure.0, figure.1))
}

fn projected(value: &Tensor<Number>) -> f64 {
    value.entries().zip(1..).map(|(entry, place)| entry.to_f64() * f64::from(place).sin()).sum()
}

fn told(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults[..faults.len().min(30)].join("\n"));
}

#[test]
fn values_and_gradients_are_those_of_an_autodiff_library() {
    let mut faults = Vec::new();
    for case in cases() {
        for steps in [Steps::Short, Steps::Full] {
            let own = match case.solve(&case.text, &case.tasks(), steps) {
                Ok(solution) => case.compare(&solution),
                Err(fault) => vec![fault],
            };
            faults.extend(own.into_iter().map(|fault| format!("{} {steps:?}: {fault}", case.seed)));
        }
    }
    told(&faults);
}

/// Of a hundred second derivatives at most so many are refused with a reason, or have a formula and no value. It only falls.
const UNANSWERED: usize = 1;

#[test]
fn second_derivatives_are_those_of_an_autodiff_library() {
    let (mut faults, mut asked, mut unanswered) = (Vec::new(), 0, Vec::new());
    for case in cases() {
        let jacobian = case.jacobian.iter().map(|(of, wrt, figure)| (format!("jacobian of {of} wrt {wrt}"), figure));
        let hessian = case.hessian.iter().map(|(wrt, figure)| (format!("hessian of L wrt {wrt}"), figure));
        for (derivative, figure) in jacobian.chain(hessian) {
            asked += 1;
            let fault = |fault: String| format!("{} {derivative}: {fault}", case.seed);
            match case.solve(&case.text, &format!("derive {derivative}"), Steps::Short) {
                Ok(solution) => match solution.answers.first().and_then(|answer| answer.value.as_ref()) {
                    Some(value) => faults.extend(differs_as_a_matrix(value, figure).map(fault)),
                    None => unanswered.push(fault("no value".to_string())),
                },
                Err(reason) => unanswered.push(fault(reason)),
            }
        }
    }
    told(&faults);
    assert!(unanswered.len() * 100 <= UNANSWERED * asked, "of {asked}\n{}", unanswered.join("\n"));
}

/// A scalar's matrix of derivatives is a scalar or has one row or column: only its entries count.
fn differs_as_a_matrix(value: &Tensor<Number>, figure: &Figure) -> Option<String> {
    let found = projected(value);
    let same_size = value.size() == figure.0.iter().product::<usize>();
    let same = same_size && (found - figure.1).abs() <= TOLERANCE * found.abs().max(figure.1.abs()).max(1.0);
    (!same).then(|| format!("{:?} {found}, not {:?} {}", value.extents(), figure.0, figure.1))
}

/// The model with its lines turned round, lines that nothing uses, and other names.
fn variants(case: &Case) -> Vec<(String, String)> {
    let (given, model) = case.text.split_once("\nmodel\n").unwrap();
    let mut lines: Vec<&str> = model.lines().collect();
    lines.reverse();
    let turned = format!("{given}\nmodel\n{}", lines.join("\n"));
    let unused = format!("{given}\n  const unused = 3\nmodel\n  idle = unused^2 + sin(unused)\n{model}\n  more = idle");
    vec![(turned, case.tasks()), (unused, case.tasks())]
}

/// Another name for each, as long as no other; those of the tasks too.
fn renamed(text: &str, names: &[&String]) -> String {
    let mut renamed = String::new();
    let mut word = String::new();
    for character in text.chars().chain(['\n']) {
        if character.is_alphanumeric() || character == '_' {
            word.push(character);
            continue;
        }
        let gradient = word.strip_prefix('d').filter(|rest| names.iter().any(|name| name == rest));
        match (names.iter().any(|name| **name == word), gradient) {
            (true, _) => renamed.push_str(&format!("N{word}")),
            (false, Some(rest)) => renamed.push_str(&format!("dN{rest}")),
            (false, None) => renamed.push_str(&word),
        }
        word.clear();
        renamed.push(character);
    }
    renamed
}

#[test]
fn names_order_and_idle_lines_mean_nothing() {
    let mut faults = Vec::new();
    for case in cases().iter().step_by(2) {
        for (text, tasks) in variants(case) {
            let own = case.solve(&text, &tasks, Steps::Short).map_or_else(|fault| vec![fault], |s| case.compare(&s));
            faults.extend(own.into_iter().map(|fault| format!("{}: {fault}\n{text}", case.seed)));
        }
        // These two are signs of the language too.
        let names: Vec<&String> = case.gradients.keys().filter(|name| !["x", "T"].contains(&name.as_str())).collect();
        let text = renamed(&case.text, &names);
        let tasks = renamed(&case.tasks(), &names);
        let other = |figures: &BTreeMap<String, Figure>| {
            let name = |name: &String| if names.contains(&name) { format!("N{name}") } else { name.clone() };
            figures.iter().map(|(key, figure)| (name(key), figure.clone())).collect()
        };
        let as_renamed = Case {
            text: text.clone(),
            values: other(&case.values),
            gradients: other(&case.gradients),
            jacobian: None,
            hessian: None,
            ..*case
        };
        let own = case.solve(&text, &tasks, Steps::Short);
        let own = own.map_or_else(|fault| vec![fault], |solution| as_renamed.compare(&solution));
        faults.extend(own.into_iter().map(|fault| format!("{}: {fault}\n{text}", case.seed)));
    }
    told(&faults);
}

#[test]
fn every_format_has_a_key() {
    let mut faults = Vec::new();
    for case in cases().iter().step_by(4) {
        for steps in [Steps::Short, Steps::Full] {
            let Ok(solution) = case.solve(&case.text, &case.tasks(), steps) else { continue };
            for format in [Format::Markdown, Format::Latex, Format::Html, Format::Text, Format::Json] {
                let layout =
                    Layout { format, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
                match std::panic::catch_unwind(|| render(&solution, &layout)) {
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => faults.push(format!("{} {format:?}: {}", case.seed, error.message)),
                    Err(_) => faults.push(format!("{} {format:?}: a panic", case.seed)),
                }
            }
        }
    }
    told(&faults);
}
