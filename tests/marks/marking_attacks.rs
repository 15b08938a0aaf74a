//! What somebody writes who wants marks for nothing, made mechanically for every shipped problem, and what it earns.

use crate::common;

use serde_json::Value;
use solve::check::{Key, Marker, Marks, Verdict};
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::span::Source;
use solve::syntax::{Vocabulary, read_submission};
use std::path::Path;
use std::sync::LazyLock;

/// Whole numbers that are guessed.
const GUESSES: std::ops::RangeInclusive<i64> = -20..=20;
/// The share of wrong ones among them that may be paid for.
const PAID: f64 = 0.03;

struct Asked {
    name: String,
    /// The right form.
    plain: Option<String>,
    value: Value,
    shape: Vec<Value>,
    kind: String,
}

struct Problem {
    stem: String,
    key: Key,
    asked: Vec<Asked>,
}

static PROBLEMS: LazyLock<Vec<Problem>> =
    LazyLock::new(|| common::problems().iter().map(|path| problem(path)).collect());

fn problem(path: &Path) -> Problem {
    let key = Key::new(&common::model_file(path)).unwrap();
    let layout =
        Layout { format: Format::Json, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
    let json: Value = serde_json::from_str(&render(key.solution(), &layout).unwrap().text).unwrap();
    let answers = json["answers"].as_array().unwrap().iter().zip(key.questions());
    let asked = answers.map(|(answer, question)| Asked {
        name: question.name.clone(),
        plain: answer["plain"].as_str().filter(|text| !text.is_empty()).map(str::to_string),
        value: answer["value"].clone(),
        shape: answer["shape"].as_array().cloned().unwrap_or_default(),
        kind: answer["kind"].as_str().unwrap_or_default().to_string(),
    });
    Problem { stem: common::stem(path), asked: asked.collect(), key }
}

fn mark(problem: &Problem, file: &str, text: &str) -> Option<Marks> {
    marked(&mut Marker::new(&problem.key), &problem.key.vocabulary(), file, text)
}

/// As [`mark`], by a marker that has marked others.
fn marked(marker: &mut Marker, vocabulary: &Vocabulary, file: &str, text: &str) -> Option<Marks> {
    let sheet = read_submission(file, text.as_bytes(), vocabulary).ok()?.into_iter().next()?;
    let source = Source { name: file.to_string(), text: text.to_string() };
    Some(marker.mark(&sheet, &source))
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(all) => all.iter().flat_map(numbers).collect(),
        Value::String(text) => match text.split_once('/') {
            Some((a, b)) => vec![a.parse::<f64>().unwrap() / b.parse::<f64>().unwrap()],
            None => vec![text.parse().unwrap_or(f64::NAN)],
        },
        other => vec![other.as_f64().unwrap_or(f64::NAN)],
    }
}

/// The same number in every entry, as an answer file has it.
fn filled(shape: &[Value], number: i64) -> Option<String> {
    let sides: Option<Vec<usize>> = shape.iter().map(|side| side.as_u64().map(|side| side as usize)).collect();
    match sides?.as_slice() {
        [] => Some(number.to_string()),
        [rows, columns] if rows * columns <= 400 => {
            let row = vec![number.to_string(); *columns].join(" ");
            Some(format!("[{}]", vec![row; *rows].join("; ")))
        }
        _ => None,
    }
}

#[test]
fn an_answer_in_terms_of_itself_earns_nothing() {
    let mut faults = Vec::new();
    for problem in PROBLEMS.iter() {
        for asked in problem.asked.iter() {
            let name = asked.name.strip_prefix("update ").unwrap_or(&asked.name);
            if name.contains([' ', '[']) {
                continue;
            }
            let through = format!("Ua = {name}\nUb = Ua\n{name} = Ub\n");
            let turned = format!("{name} = Ub\nUb = Ua\nUa = {name} + 0\n");
            for text in [format!("{name} = {name}\n"), through, turned] {
                let Some(marks) = mark(problem, "sheet.ans", &text) else { continue };
                let descent = matches!(asked.kind.as_str(), "descent" | "minimum");
                if marks.points.to_f64() != 0.0 && !descent {
                    faults.push(format!("{}: {text}{:?}", problem.stem, marks.points.to_f64()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn lines_of_the_model_put_down_again_earn_nothing_where_numbers_are_asked_for() {
    let (mut faults, mut copied) = (Vec::new(), 0);
    for problem in PROBLEMS.iter() {
        let path = common::problems().into_iter().find(|path| common::stem(path) == problem.stem).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let model = text.split("\nmodel\n").nth(1).unwrap_or_default().split("\ntasks\n").next().unwrap();
        let Some(marks) = mark(problem, "sheet.ans", model) else { continue };
        for (answer, asked) in marks.answers.iter().zip(&problem.asked) {
            copied += usize::from(answer.verdict == Verdict::Unevaluated);
            if !asked.value.is_null() && asked.kind == "value" && answer.points.to_f64() != 0.0 {
                faults.push(format!("{}: {} {:?}", problem.stem, asked.name, answer.verdict));
            }
        }
    }
    assert!(copied > 20, "{copied}");
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn guessed_whole_numbers_are_hardly_ever_paid() {
    let (mut faults, mut questions) = (Vec::new(), 0);
    for problem in PROBLEMS.iter() {
        let mut marker = Marker::new(&problem.key);
        let vocabulary = problem.key.vocabulary();
        for (place, asked) in problem.asked.iter().enumerate().filter(|(_, asked)| !asked.value.is_null()) {
            if asked.name.starts_with("shape") {
                continue;
            }
            let right = numbers(&asked.value);
            let (mut paid, mut wrong) = (Vec::new(), 0);
            for guess in GUESSES {
                let Some(text) = filled(&asked.shape, guess) else { continue };
                let line = format!("{} = {text}\n", asked.name);
                let Some(marks) = marked(&mut marker, &vocabulary, "sheet.ans", &line) else { continue };
                let answer = &marks.answers[place];
                if answer.verdict == Verdict::Correct || right.iter().all(|entry| *entry == guess as f64) {
                    continue;
                }
                wrong += 1;
                if answer.points.to_f64() > 0.0 {
                    paid.push((guess, answer.mistake));
                }
            }
            questions += usize::from(wrong > 0);
            let stock = paid.iter().any(|(guess, _)| [0, 1].contains(guess));
            if paid.len() as f64 > PAID * f64::from(wrong) || stock {
                faults.push(format!("{}: {}: {paid:?}", problem.stem, asked.name));
            }
        }
    }
    assert!(questions > 150, "{questions}");
    assert!(faults.is_empty(), "{} of {questions}:\n{}", faults.len(), faults.join("\n"));
}

/// Whoever writes all that comes to mind has not answered; a slip in the last step is no such thing.
#[test]
fn another_answer_behind_a_right_one_earns_nothing() {
    let (mut faults, mut tried) = (Vec::new(), 0);
    for problem in PROBLEMS.iter() {
        let mut marker = Marker::new(&problem.key);
        let vocabulary = problem.key.vocabulary();
        let param = problem.key.solution().model.names.keys().next().cloned().unwrap_or_default();
        for (place, asked) in problem.asked.iter().enumerate().filter(|(_, asked)| asked.kind != "directional") {
            let number = match &asked.value {
                Value::Null => None,
                value => Some(value).filter(|value| value.is_number()).map(ToString::to_string),
            };
            let Some(right) = number.or_else(|| asked.plain.clone().filter(|_| asked.value.is_null())) else {
                continue;
            };
            for other in ["7", "-3", "31.5", &param] {
                for line in [
                    format!("{} = {right} = {other}\n", asked.name),
                    format!("{0} = {right}\n{0} = {other}\n", asked.name),
                ] {
                    let Some(marks) = marked(&mut marker, &vocabulary, "sheet.ans", &line) else { continue };
                    let answer = &marks.answers[place];
                    // A wrong sign and the other layout are told from everything else.
                    let told = matches!(answer.mistake, Some("sign" | "transposed-layout"));
                    let is_right =
                        told || matches!(answer.verdict, Verdict::Correct | Verdict::Notation | Verdict::Unreadable);
                    tried += 1;
                    if !is_right && answer.points.to_f64() > 0.0 {
                        faults.push(format!("{}: {line}{:?} {:?}", problem.stem, answer.verdict, answer.remarks));
                    }
                }
            }
        }
    }
    assert!(tried > 2_000, "{tried}");
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults.join("\n"));
}

/// Where a formula is asked for, a number that is not it is nothing.
#[test]
fn numbers_for_formulas_earn_nothing() {
    let (mut faults, mut tried) = (Vec::new(), 0);
    for problem in PROBLEMS.iter() {
        let mut marker = Marker::new(&problem.key);
        let vocabulary = problem.key.vocabulary();
        for (place, asked) in problem.asked.iter().enumerate().filter(|(_, asked)| asked.value.is_null()) {
            for number in ["0.5", "2", "-1", "1/3", "0.25", "100"] {
                let line = format!("{} = {number}\n", asked.name);
                let Some(marks) = marked(&mut marker, &vocabulary, "sheet.ans", &line) else { continue };
                let answer = &marks.answers[place];
                tried += 1;
                if answer.verdict != Verdict::Correct && answer.points.to_f64() > 0.0 {
                    faults.push(format!("{}: {line}{:?} {:?}", problem.stem, answer.verdict, answer.remarks));
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults.join("\n"));
}

/// A question that says how its number is made is not answered by saying so again.
#[test]
fn a_question_put_down_again_earns_nothing() {
    for (stem, line, name) in [
        ("slope", "da = 0\nupdate a = 2\n", "update a"),
        ("six_partials", "total = dx + dy + dz + du + dv + dw\n", "total"),
    ] {
        let problem = PROBLEMS.iter().find(|problem| problem.stem.ends_with(stem)).unwrap();
        let marks = mark(problem, "sheet.ans", line).unwrap();
        let answer = marks.answers.iter().find(|answer| answer.name == name).unwrap();
        assert_eq!(answer.points.to_f64(), 0.0, "{stem}: {line}{:?}", answer.remarks);
    }
}

/// What stands in a file and on no page, or is struck out, is no answer.
#[test]
fn what_no_reader_sees_earns_nothing() {
    let problem = PROBLEMS.iter().find(|problem| problem.stem == "q1").unwrap();
    let right = "$dW_2 = Z^\\top (Y - X)$";
    for text in [
        format!("\\iffalse {right} \\fi"),
        format!("\\begin{{comment}}\n{right}\n\\end{{comment}}"),
        format!("% {right}\nno idea"),
        format!("\\begin{{document}} no idea \\end{{document}} {right}"),
        format!("\\sout{{{right}}} $dW_2 = W_2$"),
        format!("\\phantom{{{right}}}"),
        format!("\\textcolor{{white}}{{{right}}}"),
        format!("$dW_2 = W_2$ {{\\color{{white}} {right}}}"),
        format!("The answer is not {right}."),
    ] {
        let points = mark(problem, "sheet.tex", &text).map_or(0.0, |marks| marks.points.to_f64());
        assert_eq!(points, 0.0, "{text}");
    }
    assert!(mark(problem, "sheet.tex", right).unwrap().points.to_f64() > 0.0);
}

/// Zeros everywhere, and lines before them that make the model say so.
#[test]
fn false_lines_about_the_model_and_zeros_earn_nothing() {
    let mut faults = Vec::new();
    for (stem, lines) in [
        ("q1", "Y = X\nC = Cgt\ndW1 = 0*W1\ndb1 = 0*b1\ndW2 = 0*W2\ndb2 = 0*b2\ndW3 = 0*W3\ndb3 = 0*b3\n"),
        ("backprop_two_layer", "Yp = Y\ndW1 = 0*W1\ndb1 = 0*b1\ndW2 = 0*W2\ndb2 = 0*b2\n"),
        ("backprop_two_layer", "X = 0*X\nYp = Y\ndW1 = X^T*Y*W2^T*0\ndW2 = 0*W2\n"),
        ("q3", "J = [0 0 0 0;0 0 0 0]\nK = [0 0]\nO = [0 0]\n"),
        ("q3", "J = [1 1 1 1;1 1 1 1]\nK = [1 1]\nO = [1 1]\n"),
        ("two_layer_forward", "A = [0 0 0;0 0 0]\nH = [0 0 0;0 0 0]\nS = [0 0;0 0]\nP = [0 0; 0 0]\nL = 0\n"),
        ("fit_line", "yhat = y\nL at a = 8 = 0\nL at a = 9 = 0\nL at a = 10 = 0\nda = 0\nda at a = 8 = 0\n"),
    ] {
        let problem = PROBLEMS.iter().find(|problem| problem.stem == stem).unwrap();
        for file in ["sheet.ans", "sheet.md"] {
            let Some(marks) = mark(problem, file, lines) else { continue };
            if marks.points.to_f64() != 0.0 {
                faults.push(format!("{stem} {file}: {} of {}", marks.points.to_f64(), lines));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_gradient_that_is_nowhere_derived_keeps_half() {
    let problem = PROBLEMS.iter().find(|problem| problem.stem == "q1").unwrap();
    let verdict = |text: &str, name: &str| {
        let marks = mark(problem, "sheet.ans", text).unwrap();
        let answer = marks.answers.into_iter().find(|answer| answer.name == name).unwrap();
        (answer.verdict, (answer.points.to_f64() / answer.of.to_f64() * 100.0).round())
    };
    assert_eq!(verdict("dW2 = Z^T*dY", "dW2"), (Verdict::Underived, 50.0));
    assert_eq!(verdict("G = dY\ndW2 = Z^T*G", "dW2"), (Verdict::Underived, 50.0));
    assert_eq!(verdict("dY = Y - X\ndW2 = Z^T*dY", "dW2"), (Verdict::Correct, 100.0));
    assert_eq!(verdict("G = Y - X\ndW2 = Z^T*G", "dW2"), (Verdict::Correct, 100.0));
    assert_eq!(verdict("dY = X - Y\ndW2 = Z^T*dY", "dW2").0, Verdict::FollowThrough);
}
