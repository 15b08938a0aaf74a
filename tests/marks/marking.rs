//! Answers and the verdicts that a fair marker gives (tests/marking), against ours.

use crate::common;

use serde_json::Value;
use solve::check::{AnswerMarks, Key, Marker, Marks};
use solve::span::Source;
use solve::syntax::{Vocabulary, names, read_submission};
use std::path::Path;

#[test]
fn verdicts_are_those_of_a_fair_marker() {
    let (mut faults, mut compared, mut problems) = (Vec::new(), 0, 0);
    let only = std::env::var("ONLY").ok();
    for file in common::files("tests/marking", "json") {
        if only.as_ref().is_some_and(|only| !file.display().to_string().contains(only)) {
            continue;
        }
        let cases: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let key = key(Path::new(cases["problem"].as_str().unwrap()));
        let mut marker = Marker::new(&key);
        let vocabulary = key.vocabulary();
        problems += 1;
        for case in cases["cases"].as_array().unwrap() {
            let marks = mark(&mut marker, &vocabulary, case);
            for (name, expected) in case["expect"].as_object().unwrap() {
                compared += 1;
                let text = case["answers"].as_str().or(case["latex"].as_str()).unwrap();
                if let Some(fault) = compare(&marks, name, expected) {
                    faults.push(format!(
                        "{}: {}: {fault}\n      {}",
                        file.display(),
                        case["name"],
                        text.replace('\n', "\n      ")
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared} verdicts differ:\n{}", faults.len(), faults.join("\n"));
    assert!(only.is_some() || (problems >= 20 && compared >= 400), "{compared} verdicts over {problems} problems");
}

fn key(path: &Path) -> Key {
    Key::new(&common::model_file(path)).unwrap()
}

fn mark(marker: &mut Marker, vocabulary: &Vocabulary, case: &Value) -> Marks {
    let (file, text) = match (case["answers"].as_str(), case["latex"].as_str()) {
        (Some(text), _) => ("sheet.ans", text),
        (None, Some(text)) => ("sheet.tex", text),
        (None, None) => panic!("a case without answers"),
    };
    let sheet = read_submission(file, text.as_bytes(), vocabulary).unwrap().remove(0);
    marker.mark(&sheet, &Source { name: file.to_string(), text: text.to_string() })
}

fn compare(marks: &Marks, name: &str, expected: &Value) -> Option<String> {
    let plain = |name: &str| names::key(&name.replace(' ', "").replace("1/2", "0.5"));
    let called = |name: &str| marks.answers.iter().find(|own| plain(&own.name) == plain(name));
    // A loss, and a layout, is named where there is but one, too.
    let short = |name: &str, word: &str| {
        let (head, tail) = name.split_once(word)?;
        let rest = tail.split_once(" at ").map(|(_, at)| format!(" at {at}"));
        Some(format!("{head}{}", rest.unwrap_or_default()))
    };
    let found = called(name).or_else(|| called(&short(name, " of ")?)).or_else(|| called(&short(name, " layout ")?));
    let Some(found) = found else {
        let names: Vec<&str> = marks.answers.iter().map(|own| own.name.as_str()).collect();
        return Some(format!("`{name}` is not asked; there are {names:?}"));
    };
    let verdict = serde_json::to_value(found.verdict).unwrap();
    let agrees = |expected: &Value, found: &Value| match expected {
        Value::Array(all) => all.contains(found),
        Value::Null => true,
        one => one == found,
    };
    if !agrees(&expected["verdict"], &verdict) {
        return Some(format!("`{name}` is {verdict}, not {}; {}", expected["verdict"], told(found)));
    }
    let mistake = serde_json::to_value(found.mistake).unwrap();
    (!agrees(&expected["mistake"], &mistake))
        .then(|| format!("`{name}`: the mistake is {mistake}, not {}; {}", expected["mistake"], told(found)))
}

fn told(found: &AnswerMarks) -> String {
    format!("{:?}", found.remarks)
}
