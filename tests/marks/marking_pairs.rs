//! Pairs of an answer and its verdict (tests/marking/pairs.txt), each a line, and derivations with the place of their
//! first false line (tests/marking/derivations.txt). Both were written from the problems.

use crate::common;

use solve::check::{AnswerMarks, Claim, Key, Marker, Marks, Verdict};
use solve::lower::lower;
use solve::span::Source;
use solve::syntax::{read_spec, read_submission};
use std::path::Path;

/// A head of the tables: the path of a problem, or its lines.
fn key(head: &str) -> Key {
    if head.ends_with(".spec") {
        return Key::new(&common::model_file(Path::new(head))).unwrap();
    }
    let spec = format!("problem \"P\"\n{}\n", head.replace(" # ", "\n").replace(" | ", "\n"));
    Key::new(&lower(&read_spec(&spec).unwrap().value).unwrap().model).unwrap()
}

fn marks(marker: &mut Marker, key: &Key, text: &str) -> Marks {
    let file = if text.contains('\\') { "sheet.tex" } else { "sheet.ans" };
    let sheet = read_submission(file, text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
    marker.mark(&sheet, &Source { name: file.to_string(), text: text.to_string() })
}

/// The tables' rows under their heads, with the number of their lines.
fn tables(text: &str) -> Vec<(&str, Vec<(usize, &str)>)> {
    let mut tables: Vec<(&str, Vec<(usize, &str)>)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty()) {
        match (line.strip_prefix("# "), tables.last_mut()) {
            (Some(head), _) => tables.push((head, Vec::new())),
            (None, Some((_, rows))) => rows.push((number, line)),
            (None, None) => {}
        }
    }
    tables
}

/// The answer that the last line of a sheet gives.
fn last<'m>(marks: &'m Marks, text: &str) -> Option<&'m AnswerMarks> {
    let line = text.lines().last()?;
    marks.answers.iter().find(|answer| answer.written.lines().last().is_some_and(|own| line.contains(own.trim())))
}

fn agrees(sign: &str, answer: &AnswerMarks) -> bool {
    match sign {
        "=" => answer.verdict == Verdict::Correct && answer.points == answer.of,
        "x" => matches!(answer.verdict, Verdict::Wrong | Verdict::Partial),
        "n" => answer.verdict == Verdict::Notation,
        "f" => answer.verdict == Verdict::FollowThrough,
        "u" => answer.verdict == Verdict::Underived,
        "v" => answer.verdict == Verdict::Unevaluated,
        "?" => answer.verdict == Verdict::Unreadable && answer.points.to_f64() == 0.0,
        _ => false,
    }
}

#[test]
fn answers_have_their_verdicts() {
    let text = include_str!("../marking/pairs.txt");
    let (mut faults, mut compared) = (Vec::new(), 0);
    for (head, rows) in tables(text) {
        let key = key(head);
        let mut marker = Marker::new(&key);
        for (number, row) in rows {
            compared += 1;
            let (sign, rest) = row.split_once(' ').unwrap();
            let named = rest.strip_prefix('[').filter(|_| sign == "x").and_then(|rest| rest.split_once("] "));
            let (names, sheet) = named.map_or((Vec::new(), rest), |(names, rest)| (names.split('|').collect(), rest));
            let sheet = sheet.replace(" // ", "\n");
            let marks = marks(&mut marker, &key, &sheet);
            let Some(answer) = last(&marks, &sheet) else {
                faults.push(format!("{number}: {row}\n    answers nothing: {:?}", marks.unread));
                continue;
            };
            let named = names.is_empty() || answer.mistake.is_some_and(|mistake| names.contains(&mistake));
            if !agrees(sign, answer) || !named {
                let (verdict, mistake) = (answer.verdict, answer.mistake.unwrap_or("-"));
                faults
                    .push(format!("{number}: {row}\n    {verdict:?} {} {mistake} {:?}", answer.points, answer.remarks));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
}

/// Of each row the line of the first false claim (from 1; 0 where all follow), and the share of the marks.
#[test]
fn the_first_false_line_of_a_derivation_is_told() {
    let (mut faults, mut compared) = (Vec::new(), 0);
    for (head, rows) in tables(include_str!("../marking/derivations.txt")) {
        let key = key(head);
        let mut marker = Marker::new(&key);
        for (number, row) in rows {
            compared += 1;
            let mut parts = row.splitn(3, ' ');
            let [line, share, sheet] = [(); 3].map(|()| parts.next().unwrap());
            let sheet = sheet.replace(" // ", "\n");
            let marks = marks(&mut marker, &key, &sheet);
            let Some(answer) = last(&marks, &sheet) else {
                faults.push(format!("{number}: {row}\n    answers nothing: {:?}", marks.unread));
                continue;
            };
            let found = answer.lines.iter().find(|line| line.claim == Claim::False).map_or(0, |line| line.line);
            let own = (answer.points.to_f64() / answer.of.to_f64() * 100.0).round();
            if (found.to_string().as_str(), own.to_string().as_str()) != (line, share) {
                faults.push(format!("{number}: {row}\n    line {found}, {own}%: {:?}", answer.remarks));
            }
        }
    }
    assert!(faults.is_empty() && compared >= 60, "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
}

/// Sheets to question 1 and the points that they earn: a wrong gradient of one's own in which no mistake is seen is worth
/// no more than one that stands nowhere, and one with a mistake is charged once.
const EARNED: [(&str, f64); 7] = [
    ("dW2 = Z^T dY\ndb2 = colsum(dY)", 10.0 / 3.0),
    ("dY = Y*0\ndW2 = Z^T dY\ndb2 = colsum(dY)", 10.0 / 3.0),
    ("G = Y - Y\ndW2 = Z^T G\ndb2 = colsum(G)", 0.0),
    ("dY = X - Y\ndW2 = Z^T dY\ndb2 = colsum(dY)", 5.0),
    ("G = X - Y\ndW2 = Z^T G\ndb2 = colsum(G)", 5.0),
    ("Ua = dW1\nUb = Ua\ndW1 = Ub", 0.0),
    ("Y = X\ndW2 = 0*W2\ndb2 = 0*b2", 0.0),
];

#[test]
fn what_shows_nothing_earns_nothing() {
    let key = key("problems/q1.spec");
    let mut marker = Marker::new(&key);
    let all = EARNED.map(|(sheet, earned)| (sheet, earned, marks(&mut marker, &key, sheet).points.to_f64()));
    let wrong: Vec<_> = all.iter().filter(|(_, earned, found)| (earned - found).abs() > 1e-9).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
