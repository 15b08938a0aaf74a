//! Every broken spec in `problems/errors` gets the diagnostics that its first lines expect, and no other errors.

use solve::diagnostic::Diagnostic;
use solve::graph::{Environment, NodeId};
use solve::lower::{explain_evaluation_error, lower};
use solve::model::{Model, Target};
use solve::number::Number;
use solve::span::Source;
use solve::syntax::read_spec;
use solve::tasks::Ask;
use solve::tasks::compute::Compute;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that is told of a spec, up to its values.
fn told(text: &str) -> Vec<Diagnostic> {
    let spec = match read_spec(text) {
        Ok(spec) => spec.value,
        Err(errors) => return errors,
    };
    match lower(&spec) {
        Err(errors) => errors,
        Ok(lowered) => lowered.warnings.into_iter().chain(value_errors(&lowered.model)).collect(),
    }
}

/// The first error of each task that computes.
fn value_errors(model: &Model) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for task in &model.tasks {
        let Ask::Compute(Compute { targets, at }) = &task.ask else { continue };
        let roots: Vec<NodeId> = targets
            .iter()
            .filter_map(|target| match target {
                Target::Value(id) => Some(*id),
                Target::Gradient { .. } => None,
            })
            .collect();
        let given = Environment::<Number>::given(&model.graph);
        let points = if at.is_empty() { vec![Vec::new()] } else { at.clone() };
        for point in points {
            let mut environment = given.clone();
            for (leaf, value) in point {
                environment.leaves.insert(leaf, Arc::new(value));
            }
            if let Err(error) = model.graph.evaluate(&roots, &environment) {
                errors.push(explain_evaluation_error(model, &error));
            }
        }
    }
    errors
}

fn specs(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => specs(&path, found),
            false if path.extension().is_some_and(|ending| ending == "spec") => found.push(path),
            false => {}
        }
    }
}

/// `E-shape 9:7 a piece of a text` of `# expect: …`
fn expectations(text: &str) -> Vec<(String, (usize, usize), String)> {
    text.lines()
        .filter_map(|line| line.strip_prefix("# expect: "))
        .map(|line| {
            let (code, rest) = line.split_once(' ').unwrap();
            let (place, piece) = rest.split_once(' ').unwrap();
            let (line, column) = place.split_once(':').unwrap();
            (code.to_string(), (line.parse().unwrap(), column.parse().unwrap()), piece.to_string())
        })
        .collect()
}

fn shown(source: &Source, diagnostic: &Diagnostic) -> String {
    let place = diagnostic.labels.first().map(|label| source.position(label.span.start));
    let labels: Vec<&str> = diagnostic.labels.iter().map(|label| label.text.as_str()).collect();
    format!(
        "{} {place:?} {} | {} | {}",
        diagnostic.code,
        diagnostic.message,
        labels.join(" / "),
        diagnostic.help.join(" / ")
    )
}

/// What is wrong with what is told of a file; `None` if nothing is.
fn mismatch(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let source = Source { name: path.display().to_string(), text };
    let expected = expectations(&source.text);
    assert!(!expected.is_empty(), "{} expects nothing", source.name);
    let errors_only = expected.iter().any(|(code, ..)| code.starts_with("E-"));
    let told = told(&source.text);
    let counted: Vec<&Diagnostic> = told.iter().filter(|diagnostic| !errors_only || diagnostic.is_error()).collect();
    let fits = |(code, place, piece): &(String, (usize, usize), String), diagnostic: &Diagnostic| {
        let texts = diagnostic.labels.iter().map(|label| &label.text).chain(&diagnostic.help);
        diagnostic.code == code
            && diagnostic.labels.first().map(|label| source.position(label.span.start)) == Some(*place)
            && texts.chain([&diagnostic.message]).any(|text| text.contains(piece))
    };
    let all =
        counted.len() == expected.len() && expected.iter().zip(&counted).all(|(expected, told)| fits(expected, told));
    let told: Vec<String> = told.iter().map(|diagnostic| shown(&source, diagnostic)).collect();
    (!all).then(|| format!("{}\n  expected {expected:?}\n  told     {}", source.name, told.join("\n           ")))
}

#[test]
fn broken_specs_are_told_what_is_wrong() {
    let mut paths = Vec::new();
    specs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("problems/errors"), &mut paths);
    assert!(paths.len() > 60, "only {} broken specs found", paths.len());
    let wrong: Vec<String> = paths.iter().filter_map(|path| mismatch(path)).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), paths.len(), wrong.join("\n"));
}
