//! Laws of reading: a text has the value that an outside reader gives it, and what can be written in several ways gets
//! one verdict in each.

use crate::common::spellings::{Shape, Spelling, Tree};
use fastrand::Rng;
use solve::answer::answer;
use solve::check::{Key, Marker, Verdict};
use solve::lower::lower;
use solve::span::Source;
use solve::syntax::{read_spec, read_submission};

/// Two right programs may differ in the last digits.
const TOLERANCE: f64 = 1e-8;
/// Lines of one model.
const LINES: usize = 100;

const DATA: &str = "problem \"P\" \"p\"\ngiven
  const a = 2, b = 3, c = 0.5, n = 2
  const u = [1; 2; -1], v = [0.5; -2; 3]
  const M = [1 -2 0.5; 3 1 2], N = [2 1; 0 -1; 1.5 1], S = [2 1 0; 0 1 -1; 1 0.5 1]
model\n";

/// The values of texts, or what is wrong with them.
fn values(texts: &[&str]) -> Result<Vec<Vec<f64>>, String> {
    let lines: String = texts.iter().enumerate().map(|(place, text)| format!("  r{place} = {text}\n")).collect();
    let names: Vec<String> = (0..texts.len()).map(|place| format!("r{place}")).collect();
    let spec = format!("{DATA}{lines}tasks\n  compute {}\n", names.join(", "));
    let told = |faults: Vec<solve::diagnostic::Diagnostic>| {
        let shown = |fault: &solve::diagnostic::Diagnostic| {
            let place = fault.labels.first().map_or("", |label| &spec[label.span.start..label.span.end]);
            format!("{}: {} at `{place}`\n", fault.code, fault.message)
        };
        faults.iter().filter(|fault| fault.is_error()).map(shown).collect::<String>()
    };
    let read = read_spec(&spec).map_err(told)?.value;
    let model = lower(&read).map_err(told)?.model;
    let values = model.graph.evaluate::<f64>(&model.definitions, &solve::graph::Environment::given(&model.graph));
    let values = values.map_err(|error| format!("{error:?}"))?;
    let of = |id: &solve::graph::NodeId| values.get(*id).map(|value| value.entries().copied().collect());
    model.definitions.iter().map(of).collect::<Option<_>>().ok_or_else(|| "a value is missing".to_string())
}

/// `READING=file cargo test --test model -- reading_laws::` reads a file that `tests/figures/reading.py` made longer.
#[test]
fn texts_have_the_values_of_an_outside_reader() {
    let file = std::env::var("READING").unwrap_or_else(|_| "tests/figures/reading.txt".to_string());
    let text = std::fs::read_to_string(file).unwrap();
    let cases: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('\t')).collect();
    let (two, one): (Vec<_>, Vec<_>) = cases.iter().partition(|(_, value)| *value == "!");
    let mut faults = Vec::new();
    for chunk in one.chunks(LINES) {
        let texts: Vec<&str> = chunk.iter().map(|(text, _)| *text).collect();
        let found = match values(&texts) {
            Ok(found) => found,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        for ((text, figure), found) in chunk.iter().zip(found) {
            let figure: Vec<f64> = figure.split(',').map(|entry| entry.parse().unwrap()).collect();
            let scale = figure.iter().fold(1e-3f64, |largest, entry| largest.max(entry.abs()));
            let same = figure.len() == found.len()
                && figure.iter().zip(&found).all(|(a, b)| (a - b).abs() <= TOLERANCE * scale);
            if !same {
                faults.push(format!("{text} is {found:?}, not {figure:?}"));
            }
        }
    }
    for (text, _) in &two {
        match values(&[text]) {
            Ok(found) => faults.push(format!("{text} has two readings and is {found:?}")),
            Err(fault) if fault.contains("E-ambiguous") || fault.contains("E-shape") => {}
            Err(fault) => faults.push(format!("{text}: {fault}")),
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults[..faults.len().min(40)].join("\n"));
    assert!(one.len() >= 5_000 && two.len() >= 200, "{} texts and {} with two readings", one.len(), two.len());
}

/// `TRIPLES=10000 cargo test --test model -- reading_laws::` tries more.
#[test]
fn one_formula_gets_one_verdict_in_every_spelling() {
    let wanted: usize = std::env::var("TRIPLES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_020);
    let (mut faults, mut tried, mut rng) = (Vec::new(), 0, Rng::with_seed(7));
    while tried < wanted {
        let right: Vec<Tree> = (0..17).map(|_| Tree::random(&mut rng, 3)).collect();
        // Every third answer is another formula.
        let given: Vec<Tree> = right
            .iter()
            .enumerate()
            .map(|(place, tree)| if place % 3 == 2 { tree.clone().changed(&mut rng) } else { tree.clone() })
            .collect();
        let key = key(&right);
        let verdicts = Spelling::ALL.map(|spelling| verdicts(&key, &given, spelling));
        for (place, tree) in given.iter().enumerate() {
            let all = [0, 1, 2].map(|spelling: usize| verdicts[spelling][place]);
            let expected = all[0] == all[1] && all[1] == all[2] && (all[0] == Verdict::Correct) == (place % 3 != 2);
            if !expected {
                let texts = Spelling::ALL.map(|spelling| tree.text(spelling));
                faults.push(format!("{all:?} for {}\n    {}", right[place].text(Spelling::Spec), texts.join("\n    ")));
            }
        }
        tried += given.len();
    }
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults[..faults.len().min(30)].join("\n"));
}

#[test]
fn what_has_two_readings_shows_both_in_every_spelling() {
    let spec = "problem \"P\" \"p\"\ngiven\n  const a = 2, b = 3, c = 5\nmodel\n  Q = a*b*c\ntasks\n  compute Q\n";
    let key = Key::new(&lower(&read_spec(spec).unwrap().value).unwrap().model).unwrap();
    // As a problem and as a plain answer, in LaTeX, and the two readings.
    for (typed, latex, readings) in [
        ("1/2a", "1/2a", ["(1/2)*a", "1/(2*a)"]),
        ("a/2b", "a/2b", ["(a/2)*b", "a/(2*b)"]),
        ("2a/3b*c", "2a/3b \\cdot c", ["(2*a/3)*b", "2*a/(3*b)"]),
        ("sin a b", "\\sin a b", ["sin(a)*b", "sin(a*b)"]),
        ("sin 2a b", "\\sin 2a b", ["sin(2*a)*b", "sin(2*a*b)"]),
        ("1/sin a b", "1/\\sin a b", ["(1/sin(a))*b", "1/sin(a*b)"]),
        ("sin a/2", "\\sin a/2", ["sin(a)/2", "sin(a/2)"]),
        ("a ./ b*c", "a \\oslash b \\cdot c", ["a ./ (b*c)", "(a ./ b)*c"]),
        ("a ./ b c", "a \\oslash b c", ["a ./ (b*c)", "(a ./ b)*c"]),
        ("a ./ 2b", "a \\oslash 2b", ["a ./ (2*b)", "(a ./ 2)*b"]),
    ] {
        let fault = values(&[typed]).expect_err(typed);
        let refused = |name: &str, text: String| {
            let sheet = read_submission(name, text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
            sheet.unreadable.iter().flat_map(|line| &line.diagnostics).map(|fault| fault.message.clone()).collect()
        };
        let told: [String; 3] =
            [fault, refused("a.ans", format!("Q = {typed}\n")), refused("a.tex", format!("$Q = {latex}$\n"))];
        for told in told {
            assert!(readings.iter().all(|reading| told.contains(&format!("`{reading}`"))), "{typed}: {told}");
        }
    }
}

fn key(right: &[Tree]) -> Key {
    let lines: String =
        right.iter().enumerate().map(|(place, tree)| format!("  Q{place} = {}\n", tree.text(Spelling::Spec))).collect();
    let names: Vec<String> = (0..right.len()).map(|place| format!("Q{place}")).collect();
    let spec = format!("{}{lines}tasks\n  compute {}\n", Shape::DATA, names.join(", "));
    let read = read_spec(&spec).unwrap_or_else(|faults| panic!("{spec}\n{faults:#?}")).value;
    let model = lower(&read).unwrap_or_else(|faults| panic!("{spec}\n{faults:#?}")).model;
    assert!(answer(&model, &[]).is_ok(), "{spec}");
    Key::new(&model).unwrap()
}

fn verdicts(key: &Key, given: &[Tree], spelling: Spelling) -> Vec<Verdict> {
    let line = |(place, tree): (usize, &Tree)| spelling.line(&format!("Q{place}"), &tree.text(spelling));
    let text: String = given.iter().enumerate().map(line).collect();
    let name = spelling.file();
    let sheet = read_submission(name, text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
    let marks = Marker::new(key).mark(&sheet, &Source { name: name.to_string(), text });
    // A right formula where a number was asked for is right to a reader.
    let verdict = |verdict| match verdict {
        Verdict::Unevaluated => Verdict::Correct,
        Verdict::Partial => Verdict::Wrong,
        verdict => verdict,
    };
    marks.answers.iter().map(|answer| verdict(answer.verdict)).collect()
}
