//! The key's own answers in the disguises in which students hand them in: containers, lists, tables, names of the
//! gradient, orders, words and other problems around. Whatever it wears, a right answer is right.
//!
//! `DISGUISES=1 cargo test --test marks -- disguises::` tries every shipped problem.

use crate::common;

use serde_json::{Value, json};
use solve::answer::{Answer, Subject, Wanted};
use solve::check::{Key, Marker, Verdict};
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::span::Source;
use solve::syntax::read_submission;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// One in so many problems is tried.
const EVERY: usize = 32;

type Answers = Vec<(String, String)>;

/// A disguise: what it is called, the file's name, and its text.
type Disguise = (&'static str, &'static str, fn(&Answers) -> String);

const DISGUISES: [Disguise; 12] = [
    ("from the last to the first", "a.ans", |all| each(all.iter().rev(), |name, value| format!("{name} = {value}\n"))),
    ("a list with stress", "a.md", |all| each(all, |name, value| format!("- **{name}** = `{value}`\n"))),
    ("a numbered list with colons", "a.md", |all| each(all, |name, value| format!("1. {name}: {value}\n"))),
    ("a table", "a.md", |all| {
        format!("| Name | Value |\n|---|---|\n{}", each(all, |name, value| format!("| {name} | `{value}` |\n")))
    }),
    ("a block of code", "a.md", |all| format!("```\n{}```\n", each(all, |name, value| format!("{name} = {value}\n")))),
    ("words around", "a.md", |all| {
        let answers = each(all, |name, value| format!("Thus {name} = {value}\n\n"));
        format!("# Homework\n\nBy the chain rule, as 3 > 2, we get the following.\n\n{answers}\nThat was all.\n")
    }),
    ("other problems around", "a.md", |all| {
        let answers = each(all, |name, value| format!("{name} = {value}\n\n"));
        format!(
            "## Problem 1\n$$Q_9 = R_9 + 1$$\n\n## Problem 2\n{answers}\n## Problem 3\n$q_9 = 7$, and $p_9 + 1 = 8$.\n"
        )
    }),
    ("JSON", "a.json", |all| {
        let answers: serde_json::Map<String, Value> =
            all.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        json!({"student": "Ada", "answers": answers}).to_string()
    }),
    ("a notebook", "a.ipynb", |all| {
        let source = each(all, |name, value| format!("{name} = {value}\n"));
        json!({"cells": [{"cell_type": "code", "source": source, "outputs": []}], "nbformat": 4}).to_string()
    }),
    ("remarks behind", "a.ans", |all| each(all, |name, value| format!("{name} = {value}   (by the chain rule)\n"))),
    ("told again", "a.txt", |all| {
        let once = each(all, |name, value| format!("{name} = {value}\n"));
        format!("Name: Ada Lovelace\n\n{once}\nOnce more, in short:\n{once}")
    }),
    ("letters before", "a.txt", |all| {
        each(all, |name, value| format!("b) {name} = {value}   -- as shown in the lecture\n"))
    }),
];

fn each<'a>(all: impl IntoIterator<Item = &'a (String, String)>, line: impl Fn(&str, &str) -> String) -> String {
    all.into_iter().fold(String::new(), |mut text, (name, value)| {
        let _ = write!(text, "{}", line(name, value));
        text
    })
}

/// The answers of a key in the problem's own language, each name once.
fn answers(key: &Key) -> Answers {
    let layout =
        Layout { format: Format::Json, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
    let json: Value = serde_json::from_str(&render(key.solution(), &layout).unwrap().text).unwrap();
    let plain = json["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| answer["expanded"].as_str().or(answer["plain"].as_str()).unwrap_or_default());
    // What is to be shown is known: its steps are the answer.
    let shown = |answer: &&Answer| matches!(&answer.subject, Subject::Part(part) if matches!(part.wanted, Wanted::Shown { .. }));
    let all = key.questions().zip(&key.solution().answers).zip(plain);
    let named: Answers = all
        .filter(|((_, answer), _)| !shown(answer))
        .map(|((question, _), plain)| (question.name.clone(), plain.to_owned()))
        .collect();
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<String> =
        named.iter().filter(|(name, _)| !seen.insert(name.clone())).map(|(name, _)| name.clone()).collect();
    let fits = |value: &str| !value.is_empty() && value.len() < 300 && !value.contains(['|', '\n']);
    named.into_iter().filter(|(name, value)| !twice.contains(name) && fits(value)).collect()
}

#[test]
fn a_right_answer_is_right_in_every_disguise() {
    let all = std::env::var_os("DISGUISES").is_some();
    let (mut faults, mut compared) = (Vec::new(), 0);
    let problems = common::problems();
    for path in problems.iter().enumerate().filter(|(place, _)| all || place % EVERY == 0).map(|(_, path)| path) {
        let key = Key::new(&common::model_file(Path::new(path))).unwrap();
        let (answers, vocabulary) = (answers(&key), key.vocabulary());
        let mut marker = Marker::new(&key);
        for (disguise, file, dressed) in DISGUISES {
            let text = dressed(&answers);
            let sheet = read_submission(file, text.as_bytes(), &vocabulary).unwrap().remove(0);
            let marks = marker.mark(&sheet, &Source { name: file.to_owned(), text: text.clone() });
            for (name, value) in &answers {
                compared += 1;
                let own = marks.answers.iter().find(|own| own.name == *name).unwrap();
                // Where a number is asked and the key has a formula beside it, the formula is not all.
                if !matches!(own.verdict, Verdict::Correct | Verdict::Unevaluated) {
                    let stem = common::stem(path);
                    faults.push(format!("{stem}, {disguise}: {name} = {value}: {:?} {:?}", own.verdict, own.remarks));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 60, "{compared} answers");
}
