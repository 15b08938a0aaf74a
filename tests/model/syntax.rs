//! Reading: what is read, what is refused and where, and that nothing hostile gets past the limits.

use proptest::prelude::*;
use solve::diagnostic::Diagnostic;
use solve::limits;
use solve::lower::operators;
use solve::syntax::ast::*;
use solve::syntax::{
    Vocabulary, decode, print_answer_target, print_expression, print_spec, read_expression, read_spec, read_submission,
};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const Q3: &str = r#"problem "Q3" "Forward pass of a small convolutional network"
points 30

given
  I = [ 1 3 2 4 6 4
        4 8 3 1 0 2
        2 1 4 3 9 1
        4 7 2 3 9 2 ]
  W = [  1  2  1
         0  0  0
        -1 -2 -1 ]

model
  J = conv2d(I, W, stride = 1, padding = 0)
  K = maxpool(J, size = 2, stride = 2)
  O = relu(K)

tasks
  compute J, K, O
"#;

const Q1: &str = r#"problem "Q1" "Autoencoder with a classifier on the latent code"
points 30

given
  dim    N, D, H, K              # batch, pixels, latent code, classes
  input  X: N x D                "a batch of input images"
  target Cgt: N x K one-hot      "the ground-truth class probabilities"
  param  W1: D x H, b1: 1 x H
  param  W2: H x D, b2: 1 x D
  param  W3: H x K, b3: 1 x K

model
  Z = relu(X*W1 + b1)
  Y = Z*W2 + b2
  C = softmax(Z*W3 + b3)
  L = mse(X, Y) + ce(C, Cgt)

tasks
  draw graph                               [10 points]
  derive dW1, db1, dW2, db2, dW3, db3      [20 points]
"#;

const FIT: &str = r#"problem "Fit" "Fitting y = ax by gradient descent"

given
  data  x, y = [ 2    19.6
                 4.5  44.1
                 10   98   ]
  param a

model
  yhat = a*x
  L = sum((y - yhat)^2)

tasks
  compute L at a = 8, a = 9, a = 10
  derive da
  compute da at a = 8, a = 11.5
"#;

const EVERYTHING: &str = r#"
problem "All" # no title
steps full
digits 4
"""
The problem's "own" wording:
  # no comment
"""
given
  dim N, D = 4
  layout columns
  X: N x D, y: (D+1) x 2*H x 3 = [[1, 2], [3, 4]]
  const c = 1.702 "a constant" also known as kappa, V
  data x1, x2 from "points.csv"
  repeat l = 1 to D+1
    repeat k = 1 to 2
      param W_{l}: H x H, b_{l-1}: 1 x H, v_{k+2}
    end
  end
model
  H_0 = X'
  repeat l = 1 to 4
    H_{l} = relu(H_{l-1} W_{l} + b_{l}) .* 1[H_{l-1} >= -1/2]
  end
  """More wording."""
tasks
  compute H4[1 point]
  compute L, M at a = 8 and b = -2, a = W1[1, 2] [2.5 points]
  derive dW1[i, j], dW2 of L2
  derive jacobian of Y wrt X layout numerator
  derive hessian of L wrt w
  derive directional of L wrt W1, b1
  draw graph with gradients
  shapes of J, K
  entries of J, K
  count params
  count params of W1, b1
  update W1, b1 with rate 0.5
  plot L over a from 6 to 13 [2 points]
  plot L, da over W1[1, 2] from -1 to (1/2 + 1) at b = 1, b = 2
  plot L over a from 6 to 13 and b from -pi to pi
  plot y over x with yhat, ybar at a = 8 and b = 1
  plot y over x
  plot L over a from 6 to 13 with descent
  plot L over a from 6 to 13, b from 0 to 1 with descent
  plot y over x with yhat after descent
  plot y over x with yhat at minimum
  plot L, |da, db| per step
  plot loss per degree [1 point]
  plot y over x with fit
"#;

fn spec(text: &str) -> Spec {
    read_spec(text).unwrap_or_else(|faults| panic!("{faults:#?}\n{:.2000}", text)).value
}

fn expression(text: &str) -> Expr {
    read_expression(text).unwrap_or_else(|faults| panic!("{text:.200}: {faults:#?}")).value
}

fn refused(text: &str) -> Vec<Diagnostic> {
    read_expression(text).expect_err(text)
}

/// The first fault of an expression: its code and its byte offset.
fn fault(text: &str) -> (&'static str, usize) {
    let fault = refused(text).remove(0);
    (fault.code, fault.labels[0].span.start)
}

/// A tree without its places.
fn bare(value: &impl serde::Serialize) -> serde_json::Value {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(fields) => {
                fields.remove("span");
                fields.remove("written");
                fields.values_mut().for_each(strip);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(value).unwrap();
    strip(&mut value);
    value
}

/// Runs on a thread with the small stack that test and worker threads have, and in bounded time.
fn bounded<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let start = Instant::now();
    let result = std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().expect("no panic");
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
    result
}

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.unwrap().path()) {
        match entry.is_dir() {
            true => files_under(&entry, found),
            false if entry.extension().is_some_and(|ending| ending == "spec") => found.push(entry),
            false => {}
        }
    }
    found.sort();
}

// ------------------------------------------------------------------------------------------- what is read

#[test]
fn the_sample_problems_are_read_and_printed_back() {
    for text in [Q3, Q1, FIT, EVERYTHING] {
        let read = spec(text);
        let printed = print_spec(&read);
        assert_eq!(bare(&spec(&printed)), bare(&read), "{printed}");
    }
    let q1 = spec(Q1);
    assert_eq!((q1.id.value.as_str(), q1.givens.len(), q1.model.len(), q1.tasks.len()), ("Q1", 6, 4, 2));
    assert_eq!(q1.tasks[1].points.as_ref().unwrap().value, "20");
    let Given::Leaves(target) = &q1.givens[2] else { panic!("{:?}", q1.givens[2]) };
    assert_eq!(target[0].kind, LeafKind::Target);
    assert_eq!(target[0].properties[0].value, "one-hot");
    assert_eq!(target[0].description.as_deref(), Some("the ground-truth class probabilities"));
    let points = spec(FIT).tasks[0].question.parts.last().and_then(|part| part.points().map(Vec::len));
    assert_eq!(points, Some(3));
}

#[test]
fn every_problem_of_the_repository_is_printed_back() {
    let mut files = Vec::new();
    files_under(Path::new("problems"), &mut files);
    for file in files.iter().filter(|file| !file.starts_with("problems/errors")) {
        let text = std::fs::read_to_string(file).unwrap();
        let read = spec(&text);
        let again = spec(&print_spec(&read));
        match text.contains("\\mathrm") {
            // LaTeX is printed as typed lines, in which other signs say the same.
            true => assert_eq!(print_spec(&again), print_spec(&read), "{}", file.display()),
            false => assert_eq!(bare(&again), bare(&read), "{}", file.display()),
        }
    }
}

#[test]
fn spans_are_of_the_author_s_text() {
    let text = "problem \"Q\"\r\ngiven\r\n  θ = 2\r\nmodel\r\n  Z = (θ − 1)·[1 2\r\n 3 4]\r\ntasks\r\n  compute Z\r\n";
    let read = read_spec(text).unwrap();
    let at = |span: solve::span::Span| &text[span.start..span.end];
    let ModelLine::Definition { name, value, span } = &read.value.model[0] else { panic!() };
    assert_eq!((at(name.span), at(*span)), ("Z", "Z = (θ − 1)·[1 2\r\n 3 4]"));
    let spans: Vec<&str> = value.nodes.iter().map(|node| at(node.span)).collect();
    let matrix = "[1 2\r\n 3 4]";
    assert_eq!(spans, ["θ", "1", "θ − 1", "1", "2", "3", "4", matrix, "θ − 1)·[1 2\r\n 3 4]"]);
    let notes: Vec<&str> = read.notes.iter().map(|note| at(note.labels[0].span)).collect();
    assert_eq!(notes, ["·", "−"]);
}

#[test]
fn precedence() {
    for (text, bracketed) in [
        ("a + b*c", "a + (b*c)"),
        ("a - b - c", "(a - b) - c"),
        ("a / b * c", "(a/b)*c"),
        ("-a^2", "-(a^2)"),
        ("-a*b", "(-a)*b"),
        ("a^b^c", "a^(b^c)"),
        ("2^-3", "2^(-3)"),
        ("2^-x*y", "(2^(-x))*y"),
        ("A^-1^T", "(A^(-1))^T"),
        ("A'^2", "(A')^2"),
        ("2^J[1,2]", "2^(J[1,2])"),
        ("D ⊙ A B", "D .* (A*B)"),
        ("X W1 + b", "(X*W1) + b"),
        ("a / b c", "(a/b)*c"),
        ("(a+b)c(d+e)", "((a+b)*c(d+e))"),
        ("2(x + 1)^2", "2*((x+1)^2)"),
        ("x² y", "(x^2)*y"),
        ("a - -b", "a - (-b)"),
        ("-A'", "-(A')"),
        ("W2 (Y - X)", "W2*(Y - X)"),
        ("½ x", "(1/2)*x"),
        ("A' B", "(A')*B"),
        ("Z^T (Y - X)", "(Z')*(Y - X)"),
        ("+a", "a"),
        ("x⁻¹", "x^(-1)"),
        ("X 1[Z > 0]", "X*(1[Z > 0])"),
        ("σ(z)", "sigmoid(z)"),
        ("√(x) + Σ(y)", "sqrt(x) + sum(y)"),
        ("x −1", "x - 1"),
        ("a × b · c", "(a*b)*c"),
        ("Aᵀ⊤", "(A')'"),
        ("[1 -2]", "[1, -2]"),
        ("[1 - 2]", "[(1 - 2)]"),
        ("[a/2 b]", "[(a/2), b]"),
        ("[a' b^2]", "[(a'), (b^2)]"),
        ("[1, 2;\n # c\n 3, 4;\n]", "[1 2; 3 4]"),
        ("[[1, 2],\n [3, 4]]", "[[1, 2], [3, 4]]"),
        ("f(\n a,\n b\n)", "f(a, b)"),
    ] {
        assert_eq!(bare(&expression(text)), bare(&expression(bracketed)), "{text}");
    }
    assert_ne!(bare(&expression("W2(Y - X)")), bare(&expression("W2 (Y - X)")), "a name before a bracket is a call");
    assert_eq!(expression("a*b").nodes.len(), 3);
}

#[test]
fn line_endings_and_marks_change_nothing() {
    let read = bare(&spec(Q1));
    for ending in ["\n\u{3000}", "\r\n", "\r", "\u{C}\n", " \t\n", "\n\u{A0}"] {
        assert_eq!(bare(&spec(&Q1.replace('\n', ending))), read, "{ending:?}");
    }
    let marked = decode([b"\xEF\xBB\xBF", Q1.as_bytes()].concat().as_slice()).unwrap();
    assert_eq!(bare(&spec(&marked)), read);
    assert_eq!(bare(&spec(&format!("\u{FEFF}{Q1}"))), read);
    assert_eq!(bare(&spec(&Q1.replace("  ", "\t"))), read);
}

#[test]
fn a_section_may_begin_on_its_heading_s_line() {
    let read = spec("problem \"Q\"\nmodel y = 2*3\ntasks compute y");
    assert_eq!((read.model.len(), read.tasks.len()), (1, 1));
    assert_eq!(spec("problem \"Q\"\ngiven\nmodel = 3\ntasks: 2 x 2\ntasks\ndraw graph").givens.len(), 2);
}

/// The names of a problem that has none.
fn nothing() -> Vocabulary {
    Vocabulary::new([], operators())
}

fn answers(text: &str) -> AnswerSheet {
    read_submission("a.ans", text.as_bytes(), &nothing()).unwrap().remove(0)
}

#[test]
fn an_answer_sheet_keeps_what_can_be_read() {
    let text = "student \"Ada Lovelace\"\ndW2 = Z^T (Y - X)  # mine\nJ[1,2] = -3\ndW of L2 = X\nK = [1 -1\n 2 -2]\n\
        db2 = colsum(Y\ndon't know\nx = 3,5\nz = 2x\nlast = 1";
    let sheet = answers(text);
    assert_eq!(sheet.student.as_deref(), Some("Ada Lovelace"));
    let names: Vec<&str> = sheet.answers.iter().map(|answer| answer.target.name.text.as_str()).collect();
    assert_eq!(names, ["dW2", "J", "dW", "K", "z", "last"]);
    let entry: Vec<&str> = sheet.answers[1].target.entry.iter().map(|index| index.value.as_str()).collect();
    assert_eq!(entry, ["1", "2"]);
    assert_eq!(sheet.answers[2].target.of.as_ref().unwrap().text, "L2");
    let unreadable: Vec<(Option<&str>, &str)> = sheet
        .unreadable
        .iter()
        .map(|line| (line.target.as_ref().map(|target| target.name.text.as_str()), line.diagnostics[0].code))
        .collect();
    assert_eq!(unreadable, [(Some("db2"), "E-syntax"), (None, "E-syntax"), (Some("x"), "E-number")]);
    assert_eq!(answers(""), AnswerSheet::default());
}

#[test]
fn a_task_is_told_where_it_reads_otherwise() {
    let head = "problem \"Q\"\ngiven\n  param a = 1\nmodel\n  L = a^2\ntasks\n  ";
    for (task, place, label) in [
        ("fit y on x by linear", "y on x by linear", "`over` is missing here"),
        ("fit y over x quadratic", "x quadratic", "`by` is missing here"),
        ("minimize L on a", "L on a", "`over` is missing here"),
        ("solve L = 0 of a", "L = 0 of a", "`for` is missing here"),
        ("draw graph now", "now", "nothing follows here"),
    ] {
        let text = format!("{head}{task}");
        let faults = read_spec(&text).unwrap_err();
        let label_of = &faults[0].labels[0];
        assert_eq!(&text[label_of.span.start..label_of.span.end], place, "{task}");
        assert_eq!(label_of.text, label, "{task}");
    }
}

#[test]
fn an_answer_may_be_given_to_more_than_a_name() {
    for (text, kind, target, value) in [
        ("dW2 = Z^T (Y - X)", TargetKind::Plain, "dW2", "Z^T*(Y - X)"),
        ("dW of L2 = X", TargetKind::Plain, "dW of L2", "X"),
        ("dL2/dW = X", TargetKind::Plain, "dW of L2", "X"),
        ("∂L/∂W_2 = X", TargetKind::Plain, "dW_2 of L", "X"),
        ("∂W2 = X", TargetKind::Plain, "dW2", "X"),
        ("dL/dW[1,2] = 3", TargetKind::Plain, "dW[1, 2] of L", "3"),
        ("dW[i,j] = x", TargetKind::Plain, "dW[i, j]", "x"),
        ("L at a = 8 = 402.57", TargetKind::Plain, "L at a = 8", "402.57"),
        ("L at a = 8 and b = -2 ≈ 402.57", TargetKind::Plain, "L at a = 8 and b = -2", "402.57"),
        ("L(8) = 402.57", TargetKind::Plain, "L(8)", "402.57"),
        ("L(a = 8) := 402.57", TargetKind::Plain, "L at a = 8", "402.57"),
        ("da(8) = -447.3", TargetKind::Plain, "da(8)", "-447.3"),
        ("dL/da(8) = -447.3", TargetKind::Plain, "da(8) of L", "-447.3"),
        ("params = 120", TargetKind::Plain, "params", "120"),
        ("params of W1, b1 = 120", TargetKind::Plain, "params of W1, b1", "120"),
        ("a_3 = 9.77", TargetKind::Plain, "a_3", "9.77"),
        ("Jacobian of Y wrt X = [1 2]", TargetKind::Jacobian, "jacobian of Y wrt X", "[1 2]"),
        ("hessian of L wrt w = X^T X", TargetKind::Hessian, "hessian of L wrt w", "X^T*X"),
        ("directional of L wrt W, b = 2", TargetKind::Directional, "directional of L wrt W, b", "2"),
        ("update W = W - dW", TargetKind::Update, "update W", "W - dW"),
        ("dX = ∂L/∂Y W^T + dL/dZ", TargetKind::Plain, "dX", "∂L/∂Y*W^T + ∂L/∂Z"),
    ] {
        let sheet = answers(text);
        assert_eq!(sheet.unreadable, [], "{text}");
        let answer = &sheet.answers[0];
        let AnswerValue::Expression(expr) = &answer.value else { panic!("{text}") };
        assert_eq!(answer.target.kind, kind, "{text}");
        let read = (print_answer_target(&answer.target), print_expression(expr));
        assert_eq!(read, (target.to_owned(), value.to_owned()), "{text}");
        assert_eq!(answer.source, text);
    }
}

#[test]
fn a_shape_may_be_answered_in_either_form() {
    for (text, sides) in
        [("4 x 4", 2), ("(4, 4)", 2), ("4x4", 2), ("[N, D + 1]", 2), ("N × D", 2), ("(3,)", 1), ("()", 0), ("7", 1)]
    {
        let sheet = answers(&format!("shape of J = {text}"));
        assert_eq!(sheet.unreadable, [], "{text}");
        let AnswerValue::Shape(shape) = &sheet.answers[0].value else { panic!("{text}") };
        assert_eq!((shape.len(), sheet.answers[0].target.kind), (sides, TargetKind::Shape), "{text}");
    }
}

#[test]
fn every_member_of_a_chain_is_kept() {
    let sheet = answers("dW1 = X^T dZ = X^T (C - T)\ndW1 ≡ [1\n2] = 3");
    let [first, second] = sheet.answers.as_slice() else { panic!("{sheet:?}") };
    assert_eq!((first.earlier.len(), second.earlier.len()), (1, 1));
    let AnswerValue::Expression(last) = &first.value else { panic!("{first:?}") };
    assert_eq!(print_expression(last), "X^T*(C - T)");
}

// ------------------------------------------------------------------------------------------- what is refused

#[test]
fn slips_are_named() {
    for (text, message, help) in [
        ("3,5", "`3,5` is not a number", "use 3.5"),
        ("1 000", "two numbers stand in a row", "write `*` for a product; digits are not parted in groups"),
        ("a ** b", "an operator is doubled", "a power is `^`, an elementwise product `.*`"),
        ("1[a = b]", "`=` defines", "in an indicator write `==`"),
        ("2. + x", "a number does not end in a point", "write `2` or `2.0`"),
        ("1,000", "`1,000` is not a number", "use 1.000 or 1000"),
        ("1,000,000", "`1,000,000` is not a number", "use 1000000"),
        ("X.T y", "`.T` is no operator", "the transpose is `^T` or `'`"),
        ("W1.T", "`.T` is no operator", "the transpose is `^T` or `'`"),
        ("1 [x > 0]", "a comparison stands in an indicator only", "write `1[a > b]`, without a space after the `1`"),
        ("√x", "a root needs brackets", "write `√(x)`"),
        ("a . b", "`.` is no operator", "the elementwise product is `.*`"),
        (r"\theta x", "this is LaTeX", "write Greek letters by their names: `theta`"),
    ] {
        let fault = refused(text).remove(0);
        assert_eq!((fault.message.as_str(), fault.help[0].as_str()), (message, help), "{text}");
    }
    for (text, message) in [
        ("a +", "expected an expression, found the end of the line"),
        ("f(a, b", "`(` is never closed"),
        ("(a + b]", "`]` does not close `(`"),
        ("[1 2; 3; 4 5]", "the rows have 2, 1, 2 entries"),
        ("[1 2;; 3 4]", "row 2 is empty"),
        ("[[]]", "this matrix is empty"),
        ("a\nb", "the expression has ended on the line before"),
        ("x = 2", "expected an operator, found `=`"),
    ] {
        assert_eq!(refused(text)[0].message, message, "{text}");
    }
}

#[test]
fn a_wrong_word_is_answered_with_the_right_one() {
    for (line, help) in [
        ("comput L", "did you mean `compute`?"),
        ("draw grpah", "did you mean `graph`?"),
        ("draw graph wth gradients", "did you mean `with`?"),
        ("update W1 rate 0.5", "for example: `update W1, b1 with rate 0.5`"),
        (
            "prove L",
            "what begins a line here: `compute`, `derive`, `draw`, `shapes`, `entries`, `count`, `update`, `descend`, `minimize`, `fit`, `plot`, `show`, `express`, `give`, `receptive`, `text`, `choose`, `which`, `solve`, `maximize`, `newton`, `for`, `expectation`, `variance`, `forward`, `eigenvalues`, `find`, `linearise`, `linearize`, `substitute`, `is`, `minimise`",
        ),
        ("plot L ovr a from 0 to 1", "did you mean `over`?"),
        (
            "plot L over a from 0",
            "for example: `plot L over a from 6 to 13`, `plot y over x with yhat at a = 9.8` or `plot L per step`",
        ),
    ] {
        let faults = read_spec(&format!("problem \"Q\"\ntasks\n  {line}\n")).expect_err(line);
        assert_eq!(faults[0].help.last().map(String::as_str), Some(help), "{line}");
    }
    let faults = read_spec("problem \"Q\"\ngivn\n  x = 2\ntask\n  compute x\n").unwrap_err();
    let told: Vec<_> = faults.iter().map(|fault| (fault.code, fault.help[0].as_str())).collect();
    assert_eq!(told, [("E-keyword", "did you mean `given`?"), ("E-keyword", "did you mean `tasks`?")]);
}

#[test]
fn what_the_grammar_refuses_is_told_in_the_language_s_words() {
    let rules = ["header_line", "given_line", "LeafDeclaration", "Juxtaposition", "EOI", "DimSum", "cell"];
    for text in [Q3, Q1, FIT, EVERYTHING] {
        for (at, _) in text.char_indices().step_by(5) {
            let broken = format!("{}?{}", &text[..at], &text[at..]);
            for fault in read_spec(&broken).err().into_iter().flatten() {
                assert!(!rules.iter().any(|rule| fault.message.contains(rule)), "{}", fault.message);
                assert!(!fault.labels.is_empty());
            }
        }
    }
}

#[test]
fn an_empty_file_is_told_how_to_begin() {
    for text in ["", "\n\n", "# only\n# comments", "\u{FEFF}", "\r\n\t\u{C}"] {
        let faults = read_spec(text).unwrap_err();
        assert_eq!((faults.len(), faults[0].code, faults[0].message.as_str()), (1, "E-empty", "no problem found"));
        let example = faults[0].help[0].split_once('\n').unwrap().1;
        assert_eq!(example.lines().count(), 3);
        spec(example);
    }
}

// ------------------------------------------------------------------------------------------- limits

#[test]
fn nesting_is_read_to_its_limit_and_refused_one_past_it() {
    for (open, close) in [("(", ")"), ("f(", ")"), ("-", ""), ("2^", ""), ("1[0 < ", "]"), ("x[", "]"), ("2^(", ")")] {
        let (open, close) = (open.to_owned(), close.to_owned());
        bounded(move || {
            let levels = if open == "2^(" { limits::NESTING / 2 } else { limits::NESTING };
            let nested = |n: usize| format!("{}y{}", open.repeat(n), close.repeat(n));
            let printed = print_expression(&expression(&nested(levels)));
            assert_eq!(bare(&expression(&printed)), bare(&expression(&nested(levels))));
            let (code, place) = fault(&nested(levels + 1));
            assert_eq!(code, "E-depth", "{open}");
            assert!((open.len() * levels..open.len() * (levels + 1)).contains(&place), "{open} {place}");
        });
    }
    bounded(|| {
        expression(&format!("A{}", "'".repeat(limits::NESTING)));
        assert_eq!(fault(&format!("A{}", "'".repeat(limits::NESTING + 1))), ("E-depth", limits::NESTING + 1));
    });
}

#[test]
fn a_hundred_thousand_brackets() {
    bounded(|| {
        for open in ["(", "[", "f(", "1[", "x[", "(1+", "[[", "[(", "((a)("] {
            assert_eq!(fault(&open.repeat(100_000 / open.len())).0, "E-depth", "{open}");
        }
        for hanging in ["-", "+", "2^", "2^-", "-2^"] {
            let hung = hanging.repeat(100_000 / hanging.len());
            assert_eq!(fault(&format!("{hung}1")).0, "E-depth", "{hanging}");
            // Without its last operand the line ends too early, however deep it went.
            assert_eq!(fault(&hung).0, "E-syntax", "{hanging}");
        }
        let brackets = 100_000;
        let (open, close) = ("(".repeat(brackets), ")".repeat(brackets));
        assert_eq!(fault(&format!("{open}1{close}")), ("E-depth", 128));
        assert_eq!(fault(&close).0, "E-syntax");
        for hanging in ["'", "^2'", "^-2", "'^2", "^T"] {
            assert_eq!(fault(&format!("A{}", hanging.repeat(brackets / 4))).0, "E-depth", "{hanging}");
        }
        let lines = format!("problem \"Q\"\nmodel\n  Z = {}\ntasks\n  compute Z", "(\n".repeat(brackets));
        assert!(read_spec(&lines).unwrap_err().len() <= limits::DIAGNOSTICS + 1);
        let lines = format!("problem \"Q\"\nmodel\n  Z = {}1{}\n", "(\n".repeat(brackets), ")\n".repeat(brackets));
        assert_eq!(read_spec(&lines).unwrap_err()[0].code, "E-depth");
    });
}

#[test]
fn a_million_terms() {
    bounded(|| {
        let sum = |terms: usize| format!("1{}", "+1".repeat(terms - 1));
        let read = expression(&sum(limits::EXPRESSION_OPERATORS + 1));
        assert_eq!(read.nodes.len(), 2 * limits::EXPRESSION_OPERATORS + 1);
        assert_eq!(bare(&expression(&print_expression(&read))), bare(&read));
        assert_eq!(fault(&sum(limits::EXPRESSION_OPERATORS + 2)).0, "E-size");
        let product = "x ".repeat(limits::EXPRESSION_OPERATORS + 2);
        assert_eq!(fault(&product).0, "E-size", "a space between factors is an operator too");
        assert_eq!(fault(&sum(1_000_000)).0, "E-size");
        let lines = |terms: usize| format!("problem \"Q\"\nmodel\n  Z = {}\ntasks\n  compute Z", sum(terms));
        assert_eq!(read_spec(&lines(500_000)).unwrap_err()[0].code, "E-size");
        assert_eq!(read_spec(&lines(1_000_000)).unwrap_err()[0].code, "E-size");
    });
}

#[test]
fn files_of_a_million_lines_and_files_past_the_limit() {
    bounded(|| {
        assert_eq!(read_spec(&"\n".repeat(1_000_000)).unwrap_err()[0].code, "E-empty");
        assert_eq!(read_spec(&"x\n".repeat(1_100_000)).unwrap_err()[0].code, "E-size");
        for line in [
            "x\n",
            "x = (\n",
            "]\n",
            "\"\n",
            "x = \"\"\"\n",
            "compute\n",
            "x = 1 1\n",
            "model\n",
            "repeat l = 1 to 2\n",
        ] {
            let text = format!("problem \"Q\"\ngiven\n{}", line.repeat(200_000 / line.len()));
            let faults = read_spec(&text).unwrap_err();
            assert!(faults.len() <= limits::DIAGNOSTICS + 1, "{line:?}: {}", faults.len());
        }
        let entries = "1.5 -2 ".repeat(10_000);
        spec(&format!("problem \"Q\"\ngiven\n  A = [{entries}]\ntasks\n  compute A"));
        spec(&format!("problem \"Q\"\ngiven\n  A = [{}]\ntasks\n  compute A", "1 2 3\n".repeat(10_000)));
        let comment = limits::SPEC_BYTES - 50;
        spec(&format!("problem \"Q\"\n#{}\ntasks\ndraw graph", "x".repeat(comment)));
        assert_eq!(read_spec(&"#".repeat(limits::SPEC_BYTES)).unwrap_err()[0].code, "E-empty");
        assert_eq!(read_spec(&"#".repeat(limits::SPEC_BYTES + 1)).unwrap_err()[0].code, "E-size");
        answers(&"x\n".repeat(4_096));
        answers(&"#".repeat(limits::SUBMISSION_BYTES));
        let large = "#".repeat(limits::SUBMISSION_BYTES + 1);
        assert_eq!(read_submission("a.ans", large.as_bytes(), &nothing()).unwrap_err()[0].code, "E-size");
    });
}

#[test]
fn long_names_are_refused() {
    expression(&"x".repeat(limits::NAME_CHARACTERS));
    assert_eq!(fault(&"θ".repeat(limits::NAME_CHARACTERS + 1)).0, "E-size");
    assert_eq!(fault(&format!("f(x, {} = 2)", "o".repeat(limits::NAME_CHARACTERS + 1))).0, "E-size");
    bounded(|| {
        let long = "x".repeat(limits::SPEC_BYTES / 2);
        for line in
            [format!("{long} = 2"), long.clone(), format!("{long} {long}"), format!("x {long}"), format!("1 + 2{long}")]
        {
            for section in ["", "given\n", "model\n", "tasks\n", "tasks\ncompute "] {
                let text = format!("problem \"Q\"\n{section}{line}\n");
                for fault in read_spec(&text[..text.len().min(limits::SPEC_BYTES)]).unwrap_err() {
                    assert!(fault.message.len() + fault.help.concat().len() < 500, "{:.600}", fault.message);
                }
            }
        }
    });
}

#[test]
fn numbers_are_kept_as_written_and_words_are_names() {
    let number = |text: &str| match &expression(text).nodes[0].kind {
        ExprKind::Number(number) => Some(number.clone()),
        _ => None,
    };
    for text in ["0", "402.57", ".5", "1e309", "1e-400", "2.99e8", "1E+5", "007"] {
        assert_eq!(number(text).as_deref(), Some(text));
    }
    assert_eq!(number("1e−3").as_deref(), Some("1e-3"));
    assert_eq!((number("nan"), number("inf"), number("infinity")), (None, None, None));
    for text in ["1e", "1_000", "1..2", "1.2.3", "1e1.5"] {
        refused(text);
    }
}

#[test]
fn hidden_and_foreign_characters_are_named() {
    for (text, code, place) in [
        ("a\u{202E}b", "E-invisible", 1),
        ("a\u{200D}b", "E-invisible", 1),
        ("x + \u{200B}", "E-invisible", 4),
        ("x # \u{202E}", "E-invisible", 4),
        ("a\0b", "E-invisible", 1),
        ("А + 1", "E-lookalike", 0),
        ("1 + ２", "E-lookalike", 4),
        ("x + ٣", "E-lookalike", 4),
        ("x — y", "E-lookalike", 2),
        ("x € y", "E-character", 2),
        ("∂L", "E-character", 0),
    ] {
        assert_eq!(fault(text), (code, place), "{text:?}");
    }
    let code =
        |title: &str| read_spec(&format!("problem \"{title}\"\ntasks\ndraw graph")).err().map(|faults| faults[0].code);
    assert_eq!(code("Größe — 名 👩\u{200D}🔬 А"), None);
    assert_eq!(code("a\u{202E}b"), Some("E-invisible"));
}

// ------------------------------------------------------------------------------------------- properties

/// A tree that is put into an arena in the order in which the parser does it.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(ExprKind),
    Negate(Box<Tree>),
    Transpose(Box<Tree>),
    Binary(BinaryOp, Box<Tree>, Box<Tree>),
    Call(String, Vec<Tree>),
    Entry(Box<Tree>, Vec<Tree>),
    Matrix(Vec<Vec<Tree>>),
    Indicator(Relation, Box<Tree>, Box<Tree>),
}

fn put(tree: &Tree, nodes: &mut Vec<ExprNode>) -> ExprId {
    let kind = match tree {
        Tree::Leaf(kind) => kind.clone(),
        Tree::Negate(operand) => ExprKind::Negate(put(operand, nodes)),
        Tree::Transpose(operand) => ExprKind::Transpose(put(operand, nodes)),
        Tree::Binary(op, left, right) => {
            let (left, right) = (put(left, nodes), put(right, nodes));
            ExprKind::Binary { op: *op, left, right }
        }
        Tree::Call(name, arguments) => {
            let arguments = arguments.iter().map(|argument| put(argument, nodes)).collect();
            let option = |name: &str, value| NamedOption {
                name: Spanned { value: name.into(), span: Default::default() },
                value: Spanned { value, span: Default::default() },
            };
            let options = vec![
                option("size", OptionValue::List(vec!["2".into(), "-1".into()])),
                option("stride", OptionValue::Number("-2.5".into())),
                option("padding", OptionValue::Word("same".into())),
            ];
            let callee = Name { text: name.clone(), index: None, span: Default::default() };
            ExprKind::Call { callee, arguments, options }
        }
        Tree::Entry(of, indices) => {
            let of = put(of, nodes);
            ExprKind::Entry { of, indices: indices.iter().map(|index| put(index, nodes)).collect() }
        }
        Tree::Matrix(rows) => {
            ExprKind::Matrix(rows.iter().map(|row| row.iter().map(|cell| put(cell, nodes)).collect()).collect())
        }
        Tree::Indicator(relation, left, right) => {
            let (left, right) = (put(left, nodes), put(right, nodes));
            ExprKind::Indicator { relation: *relation, left, right }
        }
    };
    nodes.push(ExprNode::new(kind, Default::default()));
    ExprId(nodes.len() as u32 - 1)
}

fn leaf() -> impl Strategy<Value = Tree> {
    let name = |text: String| Tree::Leaf(ExprKind::Name(Name { text, index: None, span: Default::default() }));
    prop_oneof![
        "[0-9]{1,3}(\\.[0-9]{1,2})?(e-?[0-9])?".prop_map(|number| Tree::Leaf(ExprKind::Number(number))),
        "(T|x|W1|and|also|θ|ŷ|C_\\{gt\\}|given|e5|point|x_2)".prop_map(name),
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    use BinaryOp::*;
    use Relation::*;
    leaf().prop_recursive(6, 60, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let op = prop::sample::select(vec![Add, Sub, Mul, Div, ElementwiseMul, ElementwiseDiv, Pow]);
        let relation = prop::sample::select(vec![Greater, GreaterEqual, Less, LessEqual, Equal, NotEqual]);
        let no_matrix =
            inner.clone().prop_filter("a matrix among other entries", |tree| !matches!(tree, Tree::Matrix(_)));
        let rows = (1..3usize, 1..3usize).prop_flat_map(move |(rows, columns)| {
            prop::collection::vec(prop::collection::vec(no_matrix.clone(), columns), rows)
        });
        let nest =
            rows.clone().prop_map(|rows| Tree::Matrix(vec![vec![Tree::Matrix(rows.clone()), Tree::Matrix(rows)]]));
        prop_oneof![
            boxed().prop_map(Tree::Negate),
            boxed().prop_map(Tree::Transpose),
            (op.clone(), boxed(), boxed()).prop_map(|(op, left, right)| Tree::Binary(op, left, right)),
            (op, boxed(), boxed()).prop_map(|(op, left, right)| Tree::Binary(op, left, right)),
            ("(f|relu|T|and)", prop::collection::vec(inner.clone(), 0..3))
                .prop_map(|(name, arguments)| Tree::Call(name, arguments)),
            (boxed(), prop::collection::vec(inner.clone(), 1..3)).prop_map(|(of, indices)| Tree::Entry(of, indices)),
            rows.prop_map(Tree::Matrix),
            nest,
            (relation, boxed(), boxed()).prop_map(|(relation, left, right)| Tree::Indicator(relation, left, right)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_expression_is_read_as_the_same(tree in tree()) {
        let mut nodes = Vec::new();
        put(&tree, &mut nodes);
        let expr = Expr { nodes };
        let printed = print_expression(&expr);
        let read = read_expression(&printed).map_err(|faults| TestCaseError::fail(format!("{printed}: {faults:?}")))?;
        prop_assert_eq!(bare(&read.value), bare(&expr), "{}", printed);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = (read_spec(&text), read_expression(&text), read_submission("a.ans", text.as_bytes(), &nothing()), decode(text.as_bytes()));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = decode(&bytes) {
            let _ = read_spec(&text);
        }
    }

    #[test]
    fn no_broken_problem_panics(at in 0..900usize, length in 0..30usize, put in "[\\[\\](){}\"'#=+*^.,;:a-z0-9 \n_|−⊙²½θ]{0,8}") {
        let start = EVERYTHING.floor_char_boundary(at.min(EVERYTHING.len()));
        let end = EVERYTHING.floor_char_boundary((start + length).min(EVERYTHING.len()));
        let text = format!("{}{put}{}", &EVERYTHING[..start], &EVERYTHING[end..]);
        match read_spec(&text) {
            Ok(read) => prop_assert_eq!(bare(&spec(&print_spec(&read.value))), bare(&read.value)),
            Err(faults) => for label in faults.iter().flat_map(|fault| &fault.labels) {
                prop_assert!(label.span.start <= label.span.end && label.span.end <= text.len());
                prop_assert!(text.is_char_boundary(label.span.start) && text.is_char_boundary(label.span.end));
            },
        }
    }
}
