//! Every problem of tests/reading/writeups.txt in all roads on which an answer comes (tests/reading/roads.txt): right ones,
//! wrong ones, one that can't be read among them, and other problems around.

use crate::common;

use serde_json::json;
use solve::check::{Key, Marker, Marks, Remark, Verdict};
use solve::span::Source;
use solve::syntax::read_submission;
use std::collections::BTreeMap;
use std::path::Path;

/// One answer: its name, and how it is written.
struct Row<'t> {
    name: &'t str,
    typed: String,
    latex: String,
    python: Option<String>,
}

/// What is done to the answers before they are handed in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Turn {
    Right,
    /// Each is three times what it should be.
    Wrong,
    /// The last one speaks of a name that nobody knows.
    Strange,
}

impl Row<'_> {
    /// The row with other values.
    fn turned(&self, turn: Turn) -> Row<'_> {
        let value = |text: &str, wrong: [&str; 2], strange: &str| match turn {
            Turn::Right => text.to_owned(),
            Turn::Wrong if self.name.starts_with("shape") => {
                "H x N".replace('x', if wrong[1] == ")" { "x" } else { "\\times" })
            }
            Turn::Wrong => format!("{}{text}{}", wrong[0], wrong[1]),
            Turn::Strange => format!("{strange} + {text}"),
        };
        let given = |text: &str, wrong: [&str; 2], strange: &str| {
            let (head, text) = text.split_once(" = ").unwrap();
            format!("{head} = {}", value(text, wrong, strange))
        };
        Row {
            name: self.name,
            typed: value(&self.typed, ["3*(", ")"], "xi_9"),
            latex: given(&self.latex, ["3 \\left(", "\\right)"], "\\xi_9"),
            python: self.python.as_ref().map(|text| given(text, ["3 * (", ")"], "xi_9")),
        }
    }
}

/// A road: what it is called, the file's name, and its text; `None` where it does not lead there.
type Road = (&'static str, &'static str, fn(&[Row<'_>]) -> Option<String>);

const ROADS: [Road; 10] = [
    ("typed", "a.ans", |rows| Some(lines(rows, |row| format!("{} = {}\n", row.name, row.typed)))),
    ("typed with words", "a.txt", |rows| {
        Some(lines(rows, |row| format!("So we get\n{} = {}   (by the chain rule)\n\n", row.name, row.typed)))
    }),
    ("LaTeX", "a.tex", |rows| {
        let body = lines(rows, |row| {
            format!("By the chain rule\n\\begin{{align*}}\n{}\n\\end{{align*}}\n", aligned(&row.latex))
        });
        Some(format!(
            "\\documentclass{{article}}\n\\begin{{document}}\n\\section*{{Problem 1}}\n\\[ \\mathbb{{E}}[R] = \\rho + 1 \\]\n\
             \\section*{{Problem 2}}\n{body}\\section*{{Problem 3}}\n$R_9 = \\rho^2$\n\\end{{document}}\n"
        ))
    }),
    ("one align", "a.tex", |rows| {
        let rows: Vec<String> = rows.iter().map(|row| aligned(&row.latex)).collect();
        Some(format!("\\begin{{align}}\n{}\n\\end{{align}}\n", rows.join(" \\\\\n")))
    }),
    ("Markdown", "a.md", |rows| {
        let body = lines(rows, |row| format!("$$\n{}\n$$\n\nas $3 > 2$.\n\n", row.latex));
        Some(format!("# Homework\n## 1\n$$\\mathbb{{E}}[R] = \\rho + 1$$\n\n## 2\n{body}## 3\n$R_9 = \\rho^2$\n"))
    }),
    ("a list", "a.md", |rows| Some(lines(rows, |row| format!("- **{}** = `{}`\n", row.name, row.typed)))),
    ("a table", "a.md", |rows| {
        let rows = lines(rows, |row| format!("| {} | `{}` |\n", row.name, row.typed));
        Some(format!("| Name | Value |\n|---|---|\n{rows}"))
    }),
    ("a notebook", "a.ipynb", |rows| {
        let cell = |row: &Row<'_>| {
            let source = ["We find\n".to_owned(), "\n".to_owned(), format!("$${}$$", row.latex)];
            json!({"cell_type": "markdown", "metadata": {}, "source": source})
        };
        let mut cells: Vec<_> = rows.iter().map(cell).collect();
        let picture = "iVBORw0KGgo".repeat(1_000);
        cells.push(json!({"cell_type": "code", "source": "plt.plot(t)\n", "metadata": {}, "outputs": [{"data": {"image/png": picture}}]}));
        Some(serde_json::to_string_pretty(&json!({"cells": cells, "nbformat": 4})).unwrap())
    }),
    ("code", "a.md", |rows| {
        let code: Option<Vec<&str>> = rows.iter().map(|row| row.python.as_deref()).collect();
        Some(format!("```python\nimport numpy as np\n{}\n```\n", code?.join("\n")))
    }),
    ("JSON", "a.json", |rows| {
        let answers: serde_json::Map<String, serde_json::Value> =
            rows.iter().map(|row| (row.name.to_owned(), row.typed.clone().into())).collect();
        Some(json!({"student": "Ada", "answers": answers}).to_string())
    }),
];

fn lines(rows: &[Row<'_>], line: impl Fn(&Row<'_>) -> String) -> String {
    rows.iter().map(line).collect()
}

fn aligned(latex: &str) -> String {
    latex.replacen(" = ", " &= ", 1)
}

/// Whether a verdict is the one that is due.
fn is_due(turn: Turn, last: bool, verdict: Verdict) -> bool {
    match turn {
        Turn::Strange if last => verdict == Verdict::Unreadable,
        Turn::Right | Turn::Strange => matches!(verdict, Verdict::Correct | Verdict::Unevaluated),
        // What follows from a wrong one before it costs once.
        Turn::Wrong => matches!(verdict, Verdict::Wrong | Verdict::Partial | Verdict::FollowThrough),
    }
}

/// Whether all that is unreadable says where it stands and why.
fn is_placed(marks: &Marks) -> bool {
    let unread = marks.answers.iter().filter(|answer| answer.verdict == Verdict::Unreadable);
    let placed =
        |remark: &Remark| matches!(remark, Remark::Unreadable { message, line, .. } if *line > 0 && message.len() > 5);
    unread.into_iter().all(|answer| answer.remarks.iter().any(placed))
}

#[test]
fn every_problem_is_read_on_every_road() {
    let problems = std::fs::read_to_string("tests/reading/writeups.txt").unwrap();
    let specs = problems.split("\n== ").filter_map(|part| part.strip_prefix("spec ")?.split_once('\n'));
    let specs: BTreeMap<&str, &str> = specs.collect();
    let table = std::fs::read_to_string("tests/reading/roads.txt").unwrap();
    let mut answers: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [problem, name, typed, latex, python] = fields.as_slice() else { panic!("{line}") };
        let python = Some((*python).to_owned()).filter(|python| !python.is_empty());
        let row = Row { name, typed: (*typed).to_owned(), latex: (*latex).to_owned(), python };
        answers.entry(problem).or_default().push(row);
    }
    let (mut faults, mut compared) = (Vec::new(), 0);
    for (problem, rows) in &answers {
        let key = Key::new(&common::model_beside(specs[problem], Path::new(".")).unwrap()).unwrap();
        let vocabulary = key.vocabulary();
        let mut marker = Marker::new(&key);
        for ((road, file, written), turn) in
            ROADS.iter().flat_map(|road| [Turn::Right, Turn::Wrong, Turn::Strange].map(|turn| (road, turn)))
        {
            let last = rows.len() - 1;
            let is_turned = |place: usize| turn == Turn::Wrong || place == last;
            let turned: Vec<Row<'_>> = rows
                .iter()
                .enumerate()
                .map(|(place, row)| row.turned(if is_turned(place) { turn } else { Turn::Right }))
                .collect();
            let Some(text) = written(&turned) else { continue };
            let sheet = read_submission(file, text.as_bytes(), &vocabulary).unwrap().remove(0);
            let marks = marker.mark(&sheet, &Source { name: (*file).to_owned(), text: text.clone() });
            for (place, row) in rows.iter().enumerate() {
                compared += 1;
                let own =
                    marks.answers.iter().find(|own| own.name == row.name).unwrap_or_else(|| panic!("{}", row.name));
                if !is_due(turn, place == last, own.verdict) || !is_placed(&marks) {
                    let shown: String = text.chars().take(900).collect();
                    faults.push(format!(
                        "{problem}, {road}, {turn:?}: {} is {:?} {:?}\n{shown}",
                        row.name, own.verdict, own.remarks
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
    assert!(answers.len() >= 25 && compared > 1_100, "{} problems, {compared} answers", answers.len());
}
