//! Laws of the marking, over every shipped problem: the key's own answers are right in every form that has their value,
//! a mistake is found and named, and nothing that a student writes is a fault of ours.

use crate::common;
use crate::common::numbers;

use fastrand::Rng;
use proptest::prelude::*;
use serde_json::Value;
use solve::check::{Key, Marker, Marks, Verdict};
use solve::lower::lower;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::span::Source;
use solve::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode};
use solve::syntax::{Vocabulary, map_operands, print_expression, read_expression, read_spec, read_submission};
use std::path::Path;
use std::sync::LazyLock;

/// Rewritten forms of each answer; `REWRITES=1000 cargo test --test marks -- marking_laws::` tries more.
const REWRITES: u64 = 40;

/// A problem that can be marked, and the answers of its key: name, plain and written out.
struct Marked {
    stem: String,
    key: Key,
    answers: Vec<KeyAnswer>,
}

struct KeyAnswer {
    name: String,
    texts: Vec<String>,
    /// The lines of the key's other gradients, which the shortest form may rest on.
    steps: String,
    /// The value, as a sheet has it, where the problem's numbers give one.
    value: Option<String>,
}

static PROBLEMS: LazyLock<Vec<Marked>> = LazyLock::new(|| common::problems().iter().map(|path| marked(path)).collect());

fn marked(path: &Path) -> Marked {
    let key = Key::new(&common::model_file(path)).unwrap();
    let layout =
        Layout { format: Format::Json, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
    let json: Value = serde_json::from_str(&render(key.solution(), &layout).unwrap().text).unwrap();
    let line = |step: &Value| Some((step["name"].as_str()?.to_string(), step["plain"].as_str()?.to_string()));
    let steps: Vec<(String, String)> = json["steps"].as_array().into_iter().flatten().filter_map(line).collect();
    let others = |name: &str| {
        let others = steps.iter().filter(|(own, _)| own.starts_with('d') && own != name);
        others.map(|(own, plain)| format!("{own} = {plain}\n")).collect::<String>()
    };
    let answers = json["answers"].as_array().unwrap().iter().zip(key.questions()).zip(&key.solution().answers);
    let answers = answers.map(|((answer, question), own)| KeyAnswer {
        name: question.name.clone(),
        texts: ["plain", "expanded"]
            .iter()
            .filter(|_| !common::is_claim(own))
            .filter_map(|form| answer[form].as_str().map(str::to_string))
            .collect(),
        value: own
            .value
            .as_ref()
            .filter(|value| value.rank() <= 2)
            .map(|value| numbers::written(&value.map(|entry| entry.to_f64()), numbers::plainly)),
        steps: others(&question.name),
    });
    Marked { stem: common::stem(path), answers: answers.collect(), key }
}

fn mark(marker: &mut Marker, vocabulary: &Vocabulary, text: &str) -> Option<Marks> {
    let sheet = read_submission("sheet.ans", text.as_bytes(), vocabulary).ok()?.into_iter().next()?;
    Some(marker.mark(&sheet, &Source { name: "sheet.ans".to_string(), text: text.to_string() }))
}

/// The lines before an answer of the same name, so that this one is taken for what it answers.
fn before(problem: &Marked, place: usize) -> String {
    let name = &problem.answers[place].name;
    let same = problem.answers[..place].iter().filter(|answer| answer.name == *name);
    same.map(|answer| format!("{name} = {}\n", answer.texts[0])).collect()
}

#[test]
fn the_keys_own_answers_are_right() {
    let (mut faults, mut compared) = (Vec::new(), 0);
    for problem in PROBLEMS.iter() {
        let (mut marker, vocabulary) = (Marker::new(&problem.key), problem.key.vocabulary());
        for (place, answer) in problem.answers.iter().enumerate() {
            for text in &answer.texts {
                compared += 1;
                let line = format!("{}{} = {text}", before(problem, place), answer.name);
                let found = mark(&mut marker, &vocabulary, &line).unwrap().answers.swap_remove(place);
                // A form that rests on other gradients is right where these are derived.
                let found = match found.verdict {
                    // Of several losses each has a gradient by that name.
                    Verdict::Underived if answer.name.contains(" of ") => continue,
                    Verdict::Underived => {
                        let lines = format!("{}{line}", answer.steps);
                        mark(&mut marker, &vocabulary, &lines).unwrap().answers.swap_remove(place)
                    }
                    _ => found,
                };
                // Where a number is asked its form is not enough: the number is.
                let counts = match (found.verdict, &answer.value) {
                    (Verdict::Unevaluated, Some(value)) => {
                        let line = format!("{}{} = {value}", before(problem, place), answer.name);
                        mark(&mut marker, &vocabulary, &line).unwrap().answers[place].verdict == Verdict::Correct
                    }
                    (verdict, _) => verdict == Verdict::Correct,
                };
                if !counts {
                    faults.push(format!("{}: {line}: {:?} {:?}", problem.stem, found.verdict, found.remarks));
                }
            }
        }
    }
    assert!(compared > 400, "{compared} answers");
    assert!(faults.is_empty(), "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_rewritten_answer_stays_right() {
    let rewrites = std::env::var("REWRITES").ok().and_then(|count| count.parse().ok()).unwrap_or(REWRITES);
    let mut faults = Vec::new();
    for problem in PROBLEMS.iter() {
        let (mut marker, vocabulary) = (Marker::new(&problem.key), problem.key.vocabulary());
        for (place, answer) in
            problem.answers.iter().enumerate().filter(|(_, answer)| !answer.name.starts_with("shape of"))
        {
            let Some(Ok(expr)) = answer.texts.first().map(|text| read_expression(text)) else { continue };
            let plainly = format!("{}{} = {}", before(problem, place), answer.name, answer.texts[0]);
            let Some(verdict) = mark(&mut marker, &vocabulary, &plainly).map(|marks| marks.answers[place].verdict)
            else {
                continue;
            };
            for seed in 0..rewrites {
                let text = rewritten(&expr.value, &mut Rng::with_seed(seed));
                let line = format!("{}{} = {text}", before(problem, place), answer.name);
                let Some(marks) = mark(&mut marker, &vocabulary, &line) else { continue };
                let found = &marks.answers[place];
                if found.verdict != verdict {
                    faults.push(format!("{}: {line}: {:?} {:?}", problem.stem, found.verdict, found.remarks));
                    break;
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.join("\n"));
}

/// A few changes that keep the value: terms exchanged, signs taken out, brackets, transposes of transposes, factors of 1.
fn rewritten(expr: &Expr, random: &mut Rng) -> String {
    let mut expr = expr.clone();
    for _ in 0..random.usize(1..4) {
        let place = random.usize(0..expr.nodes.len());
        expr = changed(&expr, place, random.u32(0..6));
    }
    print_expression(&expr)
}

fn changed(expr: &Expr, place: usize, change: u32) -> Expr {
    let inside_brackets = expr
        .nodes
        .iter()
        .any(|node| matches!(node.kind, ExprKind::Matrix(_) | ExprKind::Entry { .. } | ExprKind::Call { .. }));
    let (mut nodes, span) = (Vec::new(), expr.nodes[place].span);
    let mut to: Vec<u32> = Vec::new();
    for (own, node) in expr.nodes.iter().enumerate() {
        let mut node = node.clone();
        node.kind = map_operands(&node.kind, &mut |id| ExprId(to[id.0 as usize]));
        nodes.push(node.clone());
        if own == place && !inside_brackets {
            let mut push = |kind: ExprKind| {
                nodes.push(ExprNode::new(kind, span));
                ExprId(nodes.len() as u32 - 1)
            };
            match (change, node.kind) {
                (0, ExprKind::Binary { op: op @ (BinaryOp::Add | BinaryOp::ElementwiseMul), left, right }) => {
                    push(ExprKind::Binary { op, left: right, right: left });
                }
                (1, ExprKind::Binary { op: BinaryOp::Sub, left, right }) => {
                    let turned = push(ExprKind::Binary { op: BinaryOp::Sub, left: right, right: left });
                    push(ExprKind::Negate(turned));
                }
                (2, ExprKind::Binary { op: BinaryOp::Mul, left, right }) => {
                    let (a, b) = (push(ExprKind::Transpose(right)), push(ExprKind::Transpose(left)));
                    let product = push(ExprKind::Binary { op: BinaryOp::Mul, left: a, right: b });
                    push(ExprKind::Transpose(product));
                }
                (3, _) => {
                    let turned = push(ExprKind::Negate(ExprId(nodes_before(own, &to))));
                    push(ExprKind::Negate(turned));
                }
                (4, kind) if !matches!(kind, ExprKind::Number(_)) => {
                    let turned = push(ExprKind::Transpose(ExprId(nodes_before(own, &to))));
                    push(ExprKind::Transpose(turned));
                }
                (5, _) => {
                    let value = ExprId(nodes_before(own, &to));
                    let two = push(ExprKind::Number("2".to_string()));
                    let doubled = push(ExprKind::Binary { op: BinaryOp::Mul, left: two, right: value });
                    let again = push(ExprKind::Number("2".to_string()));
                    push(ExprKind::Binary { op: BinaryOp::Div, left: doubled, right: again });
                }
                (_, _) => {}
            }
        }
        to.push(nodes.len() as u32 - 1);
    }
    Expr { nodes }
}

/// Where a node stands in the new arena before it is changed.
fn nodes_before(own: usize, to: &[u32]) -> u32 {
    if own == 0 { 0 } else { to[own - 1] + 1 }
}

#[test]
fn a_wrong_sign_and_a_wrong_factor_are_found_and_named() {
    let (mut faults, mut compared) = (Vec::new(), 0);
    for problem in PROBLEMS.iter() {
        let (mut marker, vocabulary) = (Marker::new(&problem.key), problem.key.vocabulary());
        for (place, answer) in problem
            .answers
            .iter()
            .enumerate()
            .filter(|(_, answer)| !answer.name.starts_with("shape of") && answer.value.is_none())
        {
            let Some(text) = answer.texts.first().filter(|text| *text != "0" && !text.starts_with("0 *")) else {
                continue;
            };
            for (wrong, names) in [
                (format!("-({text})"), &["sign", "wrong-rate"][..]),
                (format!("2*({text})"), &["factor-two", "factor-left-out", "wrong-factor", "sum-for-mean"][..]),
            ] {
                let line = format!("{}{} = {wrong}", before(problem, place), answer.name);
                let Some(marks) = mark(&mut marker, &vocabulary, &line) else { continue };
                let found = &marks.answers[place];
                compared += 1;
                match found.verdict {
                    Verdict::Partial | Verdict::Wrong if found.mistake.is_some_and(|name| names.contains(&name)) => {}
                    verdict => faults.push(format!("{}: {line}: {verdict:?} {:?}", problem.stem, found.mistake)),
                }
            }
        }
    }
    assert!(compared > 200, "{compared} answers");
    assert!(faults.is_empty(), "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
}

/// Who has marked many sheets has forgotten the first ones, but not what mistakes there are.
#[test]
fn the_last_of_many_sheets_is_marked_as_by_someone_fresh() {
    const SHEETS: usize = 3_000;
    for stem in ["q1", "fit_line"] {
        let problem = PROBLEMS.iter().find(|problem| problem.stem == stem).unwrap();
        let (mut marker, vocabulary) = (Marker::new(&problem.key), problem.key.vocabulary());
        for sheet in 2..SHEETS {
            // No two sheets are alike, nor equally long; of each three answers one is wrong.
            let signs = "--".repeat(sheet * sheet % 7);
            let lines = problem.answers.iter().enumerate().map(|(place, answer)| {
                let sign = if (sheet + place) % 3 == 0 { "-" } else { "" };
                format!("{} = {sign}{signs}{sheet}/{sheet} * ({})\n", answer.name, answer.texts[0])
            });
            let text: String = lines.collect();
            let marks = mark(&mut marker, &vocabulary, &text);
            if sheet % 100 == 0 {
                assert_eq!(marks, mark(&mut Marker::new(&problem.key), &vocabulary, &text), "{stem}: {text}");
            }
        }
    }
}

#[test]
fn a_problem_says_how_it_is_marked() {
    let spec = "problem \"M\"\ngiven\n  input X: N x D\n  dim N, D\n  param w: D\n  target y: N\nmodel\n  L = sum((X*w - y)^2)\n\
                tasks\n  derive dw [4 points]\nmarking\n  accept mean-for-sum\n  sign keeps 25%\n  tolerance 1%";
    let model = lower(&read_spec(spec).unwrap().value).unwrap().model;
    let key = Key::new(&model).unwrap();
    let (mut marker, vocabulary) = (Marker::new(&key), key.vocabulary());
    let mut points = |text: &str| {
        let marks = mark(&mut marker, &vocabulary, text).unwrap();
        (marks.answers[0].verdict, marks.answers[0].points.to_f64())
    };
    assert_eq!(points("dw = 2*X^T*(X*w - y)"), (Verdict::Correct, 4.0));
    assert_eq!(points("dw = 2*X^T*(X*w - y)/N"), (Verdict::Correct, 4.0));
    assert_eq!(points("dw = -2*X^T*(X*w - y)"), (Verdict::Partial, 1.0));
    let wrong = spec.replace("mean-for-sum", "mean-for-sums").replace("25%", "125%");
    let faults = lower(&read_spec(&wrong).unwrap().value).unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].help[0].contains("mean-for-sum"), "{faults:?}");
}

#[test]
fn a_difference_below_the_precision_of_doubles_is_seen() {
    let problem = marked(Path::new("problems/matrix_calculus/quadratic_form.spec"));
    let (mut marker, vocabulary) = (Marker::new(&problem.key), problem.key.vocabulary());
    let mut verdict = |text: &str| {
        let marks = mark(&mut marker, &vocabulary, text).unwrap();
        marks.answers.iter().find(|own| own.name == "dx").unwrap().verdict
    };
    assert_eq!(verdict("dx = W*x + W^T*x"), Verdict::Correct);
    assert_eq!(verdict("dx = W*x + W^T*x + 0.00000000000001*x"), Verdict::Wrong);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_student_writes_is_marked(text in "[dWXYZ12bC=+*/^T()\\[\\]{}.,;'_ \\\\a-f\n>0-9-]{0,120}", latex in any::<bool>()) {
        static KEY: LazyLock<Key> = LazyLock::new(|| marked(Path::new("problems/q1.spec")).key);
        let file = if latex { "sheet.tex" } else { "sheet.ans" };
        let vocabulary = KEY.vocabulary();
        if let Ok(sheets) = read_submission(file, text.as_bytes(), &vocabulary) {
            for sheet in sheets {
                let marks = Marker::new(&KEY).mark(&sheet, &Source { name: file.to_string(), text: text.clone() });
                prop_assert_eq!(marks.answers.len(), 6);
            }
        }
    }
}
