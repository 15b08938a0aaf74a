//! What the tests over shipped problems share.
#![allow(dead_code)]

pub mod binary;
pub mod calls;
pub mod changes;
pub mod house;
pub mod numbers;
pub mod slips;
pub mod spellings;

use solve::answer::{Answer, Refusal, Solution, Subject, answer};
use solve::lower::{Tables, lower_with};
use solve::model::Model;
use solve::syntax::ast::Spec;
use solve::syntax::read_spec;
use std::path::{Path, PathBuf};

/// Every file below a folder with this ending, in order.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::from(folder)];
    while let Some(folder) = waiting.pop() {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Whether an answer is something to be shown: handed in by itself it is a claim.
pub fn is_claim(answer: &Answer) -> bool {
    matches!(&answer.subject, Subject::Part(part) if part.kind == "show")
}

/// The shipped problems that have an answer.
pub fn problems() -> Vec<PathBuf> {
    files("problems", "spec")
        .into_iter()
        .filter(|path| !path.starts_with("problems/errors") && !path.starts_with("problems/variants"))
        .collect()
}

/// `networks/q1` of `problems/networks/q1.spec`
pub fn stem(path: &Path) -> String {
    path.strip_prefix("problems").unwrap().with_extension("").display().to_string()
}

pub fn solve_text(text: &str) -> Result<Solution, String> {
    solve_beside(text, Path::new("."))
}

/// The tables that a problem reads from a folder.
pub fn tables(spec: &Spec, folder: &Path) -> Tables {
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    spec.table_files().into_iter().map(|file| (file.value.clone(), read(&file.value))).collect()
}

/// The model of a problem whose tables lie in a folder.
pub fn model_beside(text: &str, folder: &Path) -> Result<Model, String> {
    let spec = read_spec(text).map_err(|errors| format!("{errors:#?}"))?.value;
    let files = tables(&spec, folder);
    Ok(lower_with(&spec, &files).map_err(|errors| format!("{errors:#?}"))?.model)
}

pub fn model_file(path: &Path) -> Model {
    let text = std::fs::read_to_string(path).unwrap();
    model_beside(&text, path.parent().unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The solution of a problem whose tables lie in a folder.
pub fn solve_beside(text: &str, folder: &Path) -> Result<Solution, String> {
    let model = model_beside(text, folder)?;
    answer(&model, &[]).map_err(|refusal| match refusal {
        Refusal::Unlearnable { reason, .. } => format!("{reason:?}"),
        other => format!("{other:?}").chars().take(2000).collect(),
    })
}

pub fn solve_file(path: &Path) -> Solution {
    let text = std::fs::read_to_string(path).unwrap();
    solve_beside(&text, path.parent().unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
