//! Answers in JSON.

pub mod assigned;
pub mod notebook;

use super::collect::Collector;
use super::table::column_target;
use crate::diagnostic::Diagnostic;
use crate::limits::SUBMISSION_STUDENTS;
use crate::span::Span;
use crate::syntax::ast::AnswerSheet;
use crate::syntax::vocabulary::Vocabulary;
use serde_json::{Map, Value};

/// `{"dW2": "Z^T (Y - X)", "J": [[1, 2], [3, 4]]}`, `{"student": …, "answers": {…}}`, or a list of such.
pub fn answers(text: &str, vocabulary: &Vocabulary) -> Result<Vec<AnswerSheet>, Vec<Diagnostic>> {
    let value = parsed(text)?;
    let students: Vec<Value> = match value {
        Value::Array(students) => students,
        value => vec![value],
    };
    if students.len() > SUBMISSION_STUDENTS {
        let message = format!("a file may have {SUBMISSION_STUDENTS} students");
        return Err(vec![Diagnostic::error("E-size", message).at(Span::default(), "too many")]);
    }
    students.iter().map(|student| sheet(student, vocabulary)).collect()
}

fn parsed(text: &str) -> Result<Value, Vec<Diagnostic>> {
    serde_json::from_str(text).map_err(|error| fault(text, &error))
}

/// What a text lacks to be JSON.
pub fn fault(text: &str, error: &serde_json::Error) -> Vec<Diagnostic> {
    let at = offset(text, error.line(), error.column());
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or("").to_owned();
    vec![Diagnostic::error("E-json", format!("this is no JSON: {message}")).at(Span::new(at, at), "here")]
}

/// The byte at a line and column, which count from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn sheet(value: &Value, vocabulary: &Vocabulary) -> Result<AnswerSheet, Vec<Diagnostic>> {
    let Value::Object(object) = value else {
        let fault = Diagnostic::error("E-json", "this is no object of names and answers").at(Span::default(), "here");
        return Err(vec![fault.help("for example `{\"dW2\": \"Z^T (Y - X)\"}`")]);
    };
    let mut collector = Collector::new(vocabulary);
    let named = |key: &str| object.get(key).and_then(Value::as_str);
    if let Some(name) = named("student").or_else(|| named("name")) {
        collector.student(name);
    }
    match object.get("answers") {
        Some(Value::Object(answers)) => each(answers, &[], vocabulary, &mut collector),
        _ => each(object, &["student", "name", "email", "id", "variant", "form"], vocabulary, &mut collector),
    }
    Ok(collector.sheet())
}

fn each(answers: &Map<String, Value>, aside: &[&str], vocabulary: &Vocabulary, collector: &mut Collector) {
    for (key, value) in answers.iter().filter(|(key, _)| !aside.contains(&key.as_str())) {
        match (column_target(key, vocabulary), written(value)) {
            (_, Ok(None)) => {}
            (Some(target), Ok(Some(text))) => collector.value(target, &text, 0),
            (target, Err(message)) => {
                let fault = Diagnostic::error("E-json", message).at(Span::default(), "here");
                collector.unreadable(target, fault, key, Span::default());
            }
            (None, Ok(Some(text))) => {
                let fault = Diagnostic::error(
                    "E-json",
                    format!("`{}` is no name of an answer", key.chars().take(40).collect::<String>()),
                );
                collector.unreadable(None, fault.at(Span::default(), "here"), &text, Span::default());
            }
        }
    }
}

/// A value as the text of an answer; `None` where there is none.
fn written(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Array(rows) => matrix(rows).map(Some),
        Value::Bool(_) => Err("an answer is a text, a number or a matrix, not true or false".to_owned()),
        Value::Object(_) => Err("an answer is a text, a number or a matrix, not an object".to_owned()),
    }
}

/// Nested lists as a matrix: a list of numbers is a row.
fn matrix(rows: &[Value]) -> Result<String, String> {
    let mut text = String::from("[");
    for (place, row) in rows.iter().enumerate() {
        let entry = match row {
            Value::Number(number) => number.to_string(),
            Value::String(text) if !text.contains(['[', ']', ';', ',', '\n', '\\']) => format!("({text})"),
            Value::Array(rows) => matrix(rows)?,
            _ => return Err("an entry of a matrix is a number".to_owned()),
        };
        text += if place > 0 { ", " } else { "" };
        text += &entry;
    }
    Ok(text + "]")
}
