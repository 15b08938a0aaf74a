//! Answers to questions in symbols: what students write, and the verdict that a fair marker gives.

use crate::common;

use solve::check::{Key, Marker, Marks, Verdict};
use solve::span::Source;
use solve::syntax::read_submission;
use std::path::Path;

fn key(problem: &str) -> Key {
    Key::new(&common::model_file(&Path::new("problems/questions").join(problem).with_extension("spec"))).unwrap()
}

fn marks(key: &Key, text: &str) -> Marks {
    let sheet = read_submission("sheet.ans", text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
    Marker::new(key).mark(&sheet, &Source { name: "sheet.ans".to_string(), text: text.to_string() })
}

/// A problem, a sheet, and the verdict on one of its answers.
const SHEETS: &[(&str, &str, &str, Verdict)] = &[
    ("which_hold", "A = holds", "A", Verdict::Correct),
    ("which_hold", "A = true", "A", Verdict::Correct),
    ("which_hold", "A = false", "A", Verdict::Wrong),
    ("which_hold", "B = no", "B", Verdict::Correct),
    ("which_hold", "B = holds", "B", Verdict::Wrong),
    ("which_hold", "D = perhaps", "D", Verdict::Unreadable),
    ("which_hold", "A = holds", "C", Verdict::Missing),
    (
        "show_or_refute",
        "show = softmax(z + c) = exp(z + c)/sum(exp(z + c)) = exp(c)*exp(z)/(exp(c)*sum(exp(z))) = softmax(z)",
        "show",
        Verdict::Correct,
    ),
    ("show_or_refute", "show = softmax(z) = exp(z + c)/sum(exp(z + c)) = softmax(z + c)", "show", Verdict::Correct),
    ("show_or_refute", "show = softmax(z + c) = softmax(z)", "show", Verdict::Wrong),
    ("show_or_refute", "show = softmax(z + c) = exp(z)/sum(exp(z + c)) = softmax(z)", "show", Verdict::Wrong),
    ("show_or_refute", "show = softmax(z + c) = exp(z + c)/sum(exp(z + c))", "show", Verdict::Wrong),
    ("show_or_refute", "dW = X^T*P - X^T*Y = X^T*(P - Y)", "dW", Verdict::Wrong),
    ("show_or_refute", "dW = X^T*(P - Y)", "dW", Verdict::Wrong),
    ("show_or_refute", "dW = X^T*(Y - P) = X^T*(P - Y)", "dW", Verdict::Wrong),
    ("show_or_refute", "show2 = false", "show2", Verdict::Correct),
    ("show_or_refute", "show2 = holds", "show2", Verdict::Wrong),
    ("ridge_in_symbols", "w of task 2 = (X^T X + lambda*I)^-1 X^T y", "w of task 2", Verdict::Correct),
    ("ridge_in_symbols", "w of task 1 = inv(X^T*X)*X^T*y", "w of task 1", Verdict::Partial),
    ("ridge_in_symbols", "u = -(a + 4)", "u", Verdict::Correct),
    ("ridge_in_symbols", "u = a + 4", "u", Verdict::Partial),
    ("ridge_in_symbols", "direction = 2*X^T*(y - X*w) - 2*lambda*w", "direction", Verdict::Correct),
    (
        "ridge_in_symbols",
        "w of task 1 = X^T*y\ndirection = 2*X^T*(y - X*w) - 2*lambda*w",
        "direction",
        Verdict::Correct,
    ),
    ("likelihoods", "m = sum(y)/N", "m", Verdict::Correct),
    ("likelihoods", "m = mean(y)\nv = mean((y - m)^2)", "v", Verdict::Correct),
    ("likelihoods", "v = sum((y - mean(y))^2)/(N - 1)", "v", Verdict::Wrong),
    ("likelihoods", "p = k/n", "p", Verdict::Correct),
    ("likelihoods", "p = n/k", "p", Verdict::Wrong),
    ("small_network", "y = 6*x + 2", "y", Verdict::Correct),
    ("under_a_condition", "p1 = n1/(n1 + n2 + n3)", "p1", Verdict::Correct),
    ("under_a_condition", "p1 = n1/(n2 + n3)", "p1", Verdict::Partial),
    ("under_a_condition", "q = ones(K, 1)/K", "q", Verdict::Correct),
    ("under_a_condition", "s2 = 2/7", "s2", Verdict::Correct),
    ("under_a_condition", "s2 = 5", "s2", Verdict::Wrong),
    ("under_a_condition", "u = g/norm(g)", "u", Verdict::Correct),
    ("under_a_condition", "u = g", "u", Verdict::Wrong),
    ("under_a_condition", "w = sign(m)*max(abs(m) - lambda, 0)", "w", Verdict::Correct),
    ("under_a_condition", "w = max(m - lambda, 0) - max(-m - lambda, 0)", "w", Verdict::Correct),
    ("under_a_condition", "w = m - lambda*sign(m)", "w", Verdict::Wrong),
    ("under_a_condition", "v = sign(Q^T*y) .* relu(abs(Q^T*y) - lambda)", "v", Verdict::Correct),
    ("small_network", "y = 3*(a*x + b) - 1", "y", Verdict::Correct),
    ("small_network", "y = 3*h - 1", "y", Verdict::Unevaluated),
    ("small_network", "y = 6*x + 3", "y", Verdict::Wrong),
    ("small_network", "macs = 100", "macs", Verdict::Correct),
    ("small_network", "macs = 5*3*4 + 5*4*2", "macs", Verdict::Correct),
    ("small_network", "receptive_field = 4", "receptive_field", Verdict::Correct),
    ("small_network", "receptive_field = 5", "receptive_field", Verdict::Wrong),
    ("small_network", "c = 2\nd = 3", "c", Verdict::Correct),
    ("small_network", "c = 2\nd = 3", "d", Verdict::Correct),
    ("small_network", "c = 2\nd = 4", "d", Verdict::Wrong),
    ("small_network", "g at x1 = 1 and x2 = 1 = 9", "g at x1 = 1 and x2 = 1", Verdict::Correct),
];

#[test]
fn answers_in_symbols_get_fair_verdicts() {
    let mut faults = Vec::new();
    let mut known: Option<(&str, Key)> = None;
    for (problem, text, name, verdict) in SHEETS {
        if known.as_ref().is_none_or(|(own, _)| own != problem) {
            known = Some((problem, key(problem)));
        }
        let Some((_, key)) = &known else { continue };
        let marks = marks(key, text);
        match marks.answers.iter().find(|answer| answer.name == *name) {
            Some(answer) if answer.verdict == *verdict => {}
            Some(answer) => {
                faults.push(format!("{problem}: {text}\n  {name} is {:?}, not {verdict:?}", answer.verdict))
            }
            None => faults.push(format!("{problem}: nothing is called `{name}`")),
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), SHEETS.len(), faults.join("\n"));
}

#[test]
fn what_is_answered_in_words_is_open() {
    let open = marks(&key("small_network"), "y = 6*x + 2").open;
    let points: Vec<(String, f64)> = open.iter().map(|open| (open.name.clone(), open.points.to_f64())).collect();
    assert_eq!(points, [("task 7".to_string(), 1.0), ("task 8".to_string(), 1.0)]);
}
