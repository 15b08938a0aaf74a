//! What an answer is given to (tests/reading/targets.txt): typed and in LaTeX it is read as one thing, with the right value
//! right and with a wrong one wrong.

use crate::common;

use solve::check::{Key, Marker, Verdict};
use solve::span::Source;
use solve::syntax::read_submission;
use std::path::Path;

const LAYERS: &str = "problem \"T\" \"Layers\"\npoints 4\ngiven\n  input X: 2 x 2 = [1 2; 3 4]\n  target Y: 2 x 2 = [0 1; 1 0]\n  \
    param W1: 2 x 2 = [1 0; 1 1]\n  param W2: 2 x 2 = [1 2; 0 1]\n  param b: 1 x 2 = [1 1]\nmodel\n  Z = X*W1\n  \
    P = Z*W2 + b\n  L = mse(P, Y)\ntasks\n  derive dW1, dW2, db, dZ\n";
const SCALARS: &str = "problem \"S\" \"Two\"\npoints 2\ngiven\n  param x = 2, y = 3\nmodel\n  f = x^2*y + y^3\ntasks\n  \
    derive dx, dy of f\n";
const ONE: &str = "problem \"O\" \"One\"\npoints 2\ngiven\n  param x = 2\nmodel\n  f = x^3\ntasks\n  derive dx\n  \
    derive hessian of f wrt x\n";

/// What is asked with its right value, typed and in LaTeX, and a value that is wrong for all.
const VALUES: [(&str, &str, &str); 9] = [
    ("dW1", "X^T*((P - Y)*W2^T)", r"X^\top (P - Y) W_2^\top"),
    ("dW2", "Z^T*(P - Y)", r"Z^\top (P - Y)"),
    ("db", "colsum(P - Y)", r"\mathbf 1^\top (P - Y)"),
    ("dZ", "(P - Y)*W2^T", r"(P - Y) W_2^\top"),
    ("scalars dx", "2*x*y", "2xy"),
    ("scalars dy", "x^2 + 3*y^2", "x^2 + 3y^2"),
    ("one dx", "3*x^2", "3x^2"),
    ("one hessian of f wrt x", "6*x", "6x"),
    ("wrong", "7", "7"),
];

/// Matrices by their typed name and in LaTeX.
const MATRICES: [(&str, &str); 3] = [("W1", "W_1"), ("W2", "W_2"), ("Z", "Z")];

fn value(asked: &str) -> (&'static str, &'static str) {
    VALUES.iter().find(|(name, ..)| *name == asked).map(|(_, typed, latex)| (*typed, *latex)).unwrap()
}

#[test]
fn both_roads_read_the_same_targets() {
    let keys = [("layers", LAYERS), ("scalars", SCALARS), ("one", ONE)];
    let keys = keys.map(|(name, text)| (name, Key::new(&common::model_beside(text, Path::new(".")).unwrap()).unwrap()));
    let mut markers: Vec<_> = keys.iter().map(|(_, key)| Marker::new(key)).collect();
    let (mut faults, mut count) = (Vec::new(), 0);
    let mut check = |problem: &str, asked: &str, typed: &str, latex: &str| {
        let place = keys.iter().position(|(name, _)| *name == problem).unwrap();
        let own = if problem == "layers" { asked.to_owned() } else { format!("{problem} {asked}") };
        for (value, right) in [(value(&own), true), (value("wrong"), false)] {
            let texts =
                [("a.ans", format!("{typed} = {}\n", value.0)), ("a.tex", format!("$${latex} = {}$$\n", value.1))];
            for (name, text) in texts {
                count += 1;
                let sheet = read_submission(name, text.as_bytes(), &keys[place].1.vocabulary()).unwrap().remove(0);
                let marks = markers[place].mark(&sheet, &Source { name: name.to_owned(), text: text.clone() });
                let verdict = marks.answers.iter().find(|own| own.name == asked).unwrap().verdict;
                let unread = matches!(verdict, Verdict::Missing | Verdict::Unreadable);
                if unread || (verdict == Verdict::Correct) != right {
                    faults.push(format!("{asked} is {verdict:?}: {text}"));
                }
            }
        }
    };
    let all = std::fs::read_to_string("tests/reading/targets.txt").unwrap();
    for row in all.lines().skip(1) {
        let [problem, asked, typed, latex] = row.split(" | ").collect::<Vec<_>>().try_into().unwrap();
        if asked.contains('@') {
            for (name, dressed) in MATRICES {
                check(problem, &asked.replace('@', name), &typed.replace('@', name), &latex.replace('@', dressed));
            }
        } else {
            check(problem, asked, typed, latex);
        }
    }
    assert!(faults.is_empty(), "{} of {count}:\n{}", faults.len(), faults.join(""));
    assert!(count > 500, "{count}");
}
