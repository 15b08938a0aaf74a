//! What students hand in, in every container: what is found, what can't be read and why, and that nothing hostile
//! gets past the limits.

use proptest::prelude::*;
use solve::limits;
use solve::lower::operators;
use solve::syntax::ast::{AnswerSheet, AnswerTarget, AnswerValue, Name};
use solve::syntax::{Vocabulary, print_answer_target, print_expression, read_answer, read_class, read_submission};
use std::time::{Duration, Instant};

fn vocabulary() -> Vocabulary {
    let names = ["X", "Y", "Z", "C", "Cgt", "L", "W1", "W2", "W3", "b1", "b2", "b3", "N", "D", "H", "K", "a", "x", "y"];
    Vocabulary::new(names, operators())
}

fn sheets(file: &str, text: &str) -> Vec<AnswerSheet> {
    read_submission(file, text.as_bytes(), &vocabulary()).unwrap_or_else(|faults| panic!("{file}: {faults:?}"))
}

fn sheet(file: &str, text: &str) -> AnswerSheet {
    let mut sheets = sheets(file, text);
    assert_eq!(sheets.len(), 1);
    sheets.remove(0)
}

fn shown(sheet: &AnswerSheet) -> Vec<String> {
    let value = |value: &AnswerValue| match value {
        AnswerValue::Expression(expr) => print_expression(expr),
        AnswerValue::Shape(sides) => format!("{} sides", sides.len()),
    };
    let answers = sheet.answers.iter();
    answers.map(|answer| format!("{} = {}", print_answer_target(&answer.target), value(&answer.value))).collect()
}

fn unreadable(sheet: &AnswerSheet) -> Vec<(Option<String>, &'static str)> {
    let target = |target: &Option<AnswerTarget>| target.as_ref().map(print_answer_target);
    sheet.unreadable.iter().map(|one| (target(&one.target), one.diagnostics[0].code)).collect()
}

#[test]
fn plain_answers_and_latex_stand_in_one_file() {
    let text = "student \"Ada Lovelace\"\n# mine\ndW2 = ZW2'\n\\delta b_2 = \\mathbf{1}^\\top (Y - X)\n$dW_1 = X^\\top G$\n\
        G = Y - X\nL(8) = 402.57\ndon't know\ndW3 = 3,5\n\\delta W_3 = \\foo X\n";
    let sheet = sheet("ada.ans", text);
    assert_eq!(sheet.student.as_deref(), Some("Ada Lovelace"));
    assert_eq!(shown(&sheet), ["dW2 = Z*W2^T", "db2 = colsum(Y - X)", "dW1 = X^T*G", "G = Y - X", "L(8) = 402.57"]);
    assert_eq!(
        unreadable(&sheet),
        [(None, "E-syntax"), (Some("dW3".to_owned()), "E-number"), (Some("dW3".to_owned()), "E-latex")]
    );
    for one in &sheet.unreadable {
        let place = one.diagnostics[0].labels[0].span;
        assert!(one.span.start <= place.start && place.end <= one.span.end, "{one:?}");
    }
    assert_eq!(&text[sheet.unreadable[2].diagnostics[0].labels[0].span.start..][..4], "\\foo");
}

#[test]
fn a_latex_document_gives_its_answers() {
    let text = r"\documentclass{article}
\newcommand{\W}{\mathbf{W}}
\newcommand{\grad}[2]{\frac{\partial #1}{\partial #2}}
\DeclareMathOperator{\relu}{ReLU}
\def\loss{\mathcal{L}}
\begin{document}
\author{Ada Lovelace}
By the chain rule, with $X \in \mathbb{R}^{N \times D}$ and costs of \$5, we get % not $a = 1$
\begin{align*}
  \frac{\partial \loss}{\partial \W_2} &= Z^\top (Y - X) \\
  \frac{\partial \loss}{\partial b_2} &= \mathbf{1}^\top (Y - X) \label{eq:b}
\end{align*}
so \[ \boxed{\delta W_3 = Z^\top(C - C_{\text{gt}})} \] and finally \(db_3 = \sum_n (C_{nk} - C_{gt,nk})\).
\begin{verbatim}
$a = 2$
\end{verbatim}
\input{/etc/passwd}
$$ Z = \relu(XW_1 + b_1), \quad dW_1 = \grad{L}{W_1} $$
\end{document}";
    let sheet = sheet("ada.tex", text);
    assert_eq!(sheet.student.as_deref(), Some("Ada Lovelace"));
    assert_eq!(
        shown(&sheet),
        [
            "shape of X = 2 sides",
            "dW2 of L = Z^T*(Y - X)",
            "db2 of L = colsum(Y - X)",
            "dW3 = Z^T*(C - Cgt)",
            "db3 = sum_{n} (C[n, k] - Cgt[n, k])",
            "Z = ReLU(X*W1 + b1)",
            "dW1 = ∂L/∂W1",
        ]
    );
    assert_eq!(unreadable(&sheet), []);
}

#[test]
fn commands_of_one_s_own_take_arguments() {
    let head = r"\newcommand{\grad}[2]{\frac{\partial #1}{\partial #2}}\def\of#1{\grad{L}{#1}}\newcommand\T{^\top}
        \newcommand{\one}[1][x]{#1}";
    for (text, expected) in [
        (r"$\grad{L}{W_2} = Z\T (Y - X)$", "dW2 of L = Z^T*(Y - X)"),
        (r"$\of{W_2} = Z\T \of Y$", "dW2 of L = Z^T*∂L/∂Y"),
        (r"$\of{\mathbf{W}_{2}} = Z$", "dW2 of L = Z"),
        (r"$dW_2 = \one{X}$", ""),
        (r"$dW_2 = \grad{L}$", ""),
    ] {
        assert_eq!(shown(&sheet("a.tex", &format!("{head}\n{text}"))).join("; "), expected, "{text}");
    }
    // What doubles at each step ends at the limit of marks.
    let bomb = format!(
        r"\newcommand{{\d}}[1]{{#1#1}}
$dW_2 = {}X{}$",
        r"\d{".repeat(60),
        "}".repeat(60)
    );
    assert_eq!(unreadable(&sheet("a.tex", &bomb)), [(None, "E-size")]);
    let circle = r"\newcommand{\a}{\b}\newcommand{\b}{\a}$dW_2 = \a$";
    assert_eq!(unreadable(&sheet("a.tex", circle)), [(Some("dW2".to_owned()), "E-latex")]);
}

#[test]
fn words_around_an_answer_are_passed_over_and_places_stay() {
    let text = "So we get **dW2** = Z^T (Y - X), where Y = Z W2 + b2 (by definition)\n- db2: colsum(Y - X) // rows\n\
        3) a = about 9.81 m/s^2\nfinally, dW3 = Z^T (C -\n  - Cgt)\n4) dW1 = X^T §\n";
    let read = sheet("ada.ans", text);
    assert_eq!(
        shown(&read),
        ["dW2 = Z^T*(Y - X)", "Y = Z*W2 + b2", "db2 = colsum(Y - X)", "a = 9.81", "dW3 = Z^T*(C - -Cgt)"]
    );
    let fault = &read.unreadable[0];
    assert_eq!(&text[fault.diagnostics[0].labels[0].span.start..][..2], "§");
    assert_eq!(fault.source, "dW1 = X^T §");
}

#[test]
fn markdown_gives_its_answers() {
    let text = "# Homework 3\n\nName: Ada Lovelace\n\nThe loss costs $5 and more.\n\n1. $\\delta W_2 = Z^\\top(Y-X)$\n\
        2. **db2 = colsum(Y - X)**\n- `dW3 = Z^T (C - Cgt)`\n\n```python\n# numbers\nimport numpy as np\nx = 3\nfor i in y:\n  pass\n```\n\n\
        $$\n\\begin{aligned}\ndW_1 &= X^\\top dZ \\\\\n&= X^\\top (Y - X)\n\\end{aligned}\n$$\n\nThis is why a = b is wrong for me.\n";
    let sheet = sheet("ada.md", text);
    assert_eq!(sheet.student.as_deref(), Some("Ada Lovelace"));
    assert_eq!(
        shown(&sheet),
        ["dW2 = Z^T*(Y - X)", "db2 = colsum(Y - X)", "dW3 = Z^T*(C - Cgt)", "x = 3", "dW1 = X^T*(Y - X)"]
    );
    // An equation in prose is told, and is no error.
    assert_eq!(unreadable(&sheet), [(None, "N-aside")]);
}

#[test]
fn json_gives_answers_by_name() {
    let text = r#"{"student": "Ada", "answers": {"dW2": "Z^T (Y - X)", "\\delta b_2": "\\mathbf{1}^\\top(Y-X)", "L(8)": 402.57,
        "C": [[1, 2], [3, -0.5]], "shape of X": "(4, 2)", "b1": null, "b2": "", "b3": true, "a b": "1", "W1": "1 +"}}"#;
    let read = sheet("ada.json", text);
    assert_eq!(read.student.as_deref(), Some("Ada"));
    let mut answers = shown(&read);
    answers.sort();
    assert_eq!(
        answers,
        ["C = [[1 2] [3 -0.5]]", "L(8) = 402.57", "dW2 = Z^T*(Y - X)", "db2 = colsum(Y - X)", "shape of X = 2 sides"]
    );
    let mut faults = unreadable(&read);
    faults.sort();
    assert_eq!(faults, [(None, "E-json"), (Some("W1".to_owned()), "E-syntax"), (Some("b3".to_owned()), "E-json")]);
    assert_eq!(shown(&sheet("b.json", r#"{"dW2": "X", "name": "Bob"}"#)), ["dW2 = X"]);
    assert_eq!(sheets("c.json", r#"[{"student": "A", "dW2": "X"}, {"student": "B", "dW2": "Y"}]"#).len(), 2);
    for broken in ["{", "3", "[1]", "{\"a\": 1e999}", &"[".repeat(5_000)] {
        assert_eq!(
            read_submission("d.json", broken.as_bytes(), &vocabulary()).unwrap_err()[0].code,
            "E-json",
            "{broken}"
        );
    }
}

#[test]
fn who_a_student_is_stands_in_every_kind_of_file() {
    let lines = ["student \"Ada Lovelace\"", "Student “Ada Lovelace”", "Name: Ada Lovelace", "**Name:** Ada Lovelace"];
    for line in lines {
        for file in ["a.md", "a.tex", "a.txt", "a.ans"] {
            let sheet = sheet(file, &format!("{line}\n\ndW2 = Z^T (Y - X)\n"));
            assert_eq!(sheet.student.as_deref(), Some("Ada Lovelace"), "{line} in {file}");
        }
    }
    assert_eq!(sheet("a.md", "student \"A\" and \"B\" say:\n\ndW2 = X\n").student, None);
}

#[test]
fn a_notebook_gives_the_answers_of_its_cells() {
    let text = r##"{"cells": [
        {"cell_type": "markdown", "source": ["# Answers\n", "\n", "$dW_2 = Z^\\top (Y - X)$\n"]},
        {"cell_type": "code", "source": "import os\ndb2 = colsum(Y - X)\nprint(db2)\n", "outputs": []},
        {"cell_type": "raw", "source": "dW3 = Z^T (C - Cgt)"}], "nbformat": 4}"##;
    assert_eq!(shown(&sheet("ada.ipynb", text)), ["dW2 = Z^T*(Y - X)", "db2 = colsum(Y - X)", "dW3 = Z^T*(C - Cgt)"]);
    assert!(read_submission("a.ipynb", b"{}", &vocabulary()).is_err());
}

#[test]
fn a_table_gives_a_sheet_for_each_row() {
    let text = "Timestamp,Student,dW2,\"Question 3: dL/db2 = ?\",L(8),Score\n\
        2024/01/02 10:00,Ada,Z^T (Y - X),colsum(Y - X),402.57,1\n\
        ,\"=HYPERLINK(\"\"x\"\")\",\"$Z^\\top(Y-X)$\",\"3,5\",,\n\
        ,Cy,\"dW2 = Z'(Y - X) = Z^T (Y - X)\"\n";
    let sheets = sheets("class.csv", text);
    assert_eq!(
        sheets.iter().map(|sheet| sheet.student.as_deref().unwrap()).collect::<Vec<_>>(),
        ["Ada", "=HYPERLINK(\"x\")", "Cy"]
    );
    assert_eq!(shown(&sheets[0]), ["dW2 = Z^T*(Y - X)", "db2 of L = colsum(Y - X)", "L(8) = 402.57"]);
    assert_eq!(shown(&sheets[1]), ["dW2 = Z^T*(Y - X)"]);
    assert_eq!(unreadable(&sheets[1]), [(Some("db2 of L".to_owned()), "E-number")]);
    assert_eq!(shown(&sheets[2]), ["dW2 = Z^T*(Y - X)"]);
    let tabs = "name\tdW2\r\nAda\tX\r\n";
    assert_eq!(shown(&self::sheets("class.tsv", tabs)[0]), ["dW2 = X"]);
    assert_eq!(read_submission("a.csv", b"name,comment\nAda,hi\n", &vocabulary()).unwrap_err()[0].code, "E-table");
    let huge = format!("name,dW2\nAda,{}\nBob,X\n", "X+".repeat(limits::SUBMISSION_BYTES));
    let rows = read_class(huge.as_bytes(), &vocabulary()).unwrap();
    let rows: Vec<AnswerSheet> = rows.map(|row| row.sheet(&vocabulary())).collect();
    assert_eq!((unreadable(&rows[0])[0].1, shown(&rows[1])), ("E-size", vec!["dW2 = X".to_owned()]));
}

#[test]
fn other_encodings_and_sizes_are_refused_as_a_whole() {
    let code = |bytes: &[u8]| read_submission("a.ans", bytes, &vocabulary()).unwrap_err()[0].code;
    assert_eq!(code(b"\xFF\xFEx\0=\0"), "E-encoding");
    assert_eq!(code(b"x = \xE9"), "E-encoding");
    assert_eq!(code(&vec![b'#'; limits::SUBMISSION_BYTES + 1]), "E-size");
    assert_eq!(shown(&sheet("a.ans", "\u{FEFF}dW2 = X\r\ndb2 = Y\r")), ["dW2 = X", "db2 = Y"]);
    assert_eq!(sheet("a.ans", ""), AnswerSheet::default());
}

#[test]
fn targets_come_in_the_model_s_own_words() {
    let vocabulary = vocabulary().with_losses(["L"]);
    for (text, expected) in [
        ("δW2 = X", "dW2"),
        ("grad_W2 = X", "dW2"),
        ("dJ/dW2 = X", "dW2 of L"),
        ("\\nabla_{W_2} J(W_2) = X", "dW2 of L"),
        ("L(a) = a", "L"),
        ("W2_new = X", "update W2"),
        ("W_2^{\\text{new}} = X", "error"),
        ("L(8) = 3", "L(8)"),
    ] {
        let sheet = read_submission("a.ans", text.as_bytes(), &vocabulary).unwrap().remove(0);
        let read = sheet.answers.first().map_or("error".to_owned(), |answer| print_answer_target(&answer.target));
        assert_eq!(read, expected, "{text}");
    }
}

#[test]
fn one_answer_at_a_prompt() {
    let target = || AnswerTarget::plain(Name { text: "dW2".into(), index: None, span: Default::default() });
    for text in ["ZW2", "dW2 = Z W2", "= Z*W2", r"ZW_2", r"\delta W_2 = Z W_2", r"$Z\,W_2$"] {
        let answer = read_answer(text, target(), &vocabulary()).unwrap();
        let AnswerValue::Expression(expr) = &answer.value else { panic!("{text}") };
        assert_eq!(print_expression(expr), "Z*W2", "{text}");
    }
    for text in ["", "Z +", r"\foo", "a\nb"] {
        assert!(!read_answer(text, target(), &vocabulary()).unwrap_err().is_empty(), "{text}");
    }
}

// ------------------------------------------------------------------------------------------- bounds

#[test]
fn nesting_has_its_limit_in_latex_too() {
    let ok = |text: &str| sheet("a.tex", &format!("$a = {text}$")).unreadable.is_empty();
    for (open, close) in [
        ("(", ")"),
        ("{", "}"),
        (r"\frac{1}{", "}"),
        (r"\sqrt{", "}"),
        ("-", ""),
        (r"\left[", r"\right]"),
        ("x^{", "}"),
    ] {
        let nested = |depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
        assert!(ok(&nested(60)), "{open}");
        // A name's own braces are no level.
        assert!(!ok(&nested(limits::NESTING + 10)), "{open}");
        assert!(!ok(&nested(20_000)), "{open}");
        assert!(!ok(&open.repeat(20_000)), "{open}");
    }
    assert!(ok(&nested_brackets(limits::NESTING - 1)));
    assert!(!ok(&nested_brackets(limits::NESTING)));
}

fn nested_brackets(depth: usize) -> String {
    format!("{}x{}", "(".repeat(depth), ")".repeat(depth))
}

#[test]
fn operators_have_their_limit_in_latex_too() {
    let sum = |terms: usize| format!("$a = {}x$", "x+".repeat(terms));
    assert!(sheet("a.tex", &sum(limits::EXPRESSION_OPERATORS)).unreadable.is_empty());
    assert_eq!(unreadable(&sheet("a.tex", &sum(limits::EXPRESSION_OPERATORS + 1)))[0].1, "E-size");
}

#[test]
fn long_hostile_texts_are_read_in_linear_time() {
    let size = limits::SUBMISSION_BYTES / 8;
    let filled = |unit: &str| unit.repeat(size / unit.len());
    let units = [
        "$",
        "$$",
        "$a$",
        "\\[",
        "\\(",
        "\\begin{align}",
        "\\begin{a",
        "\\",
        "{",
        "}",
        "\\frac",
        "\\frac{",
        "^",
        "^{",
        "_{",
        "x^{x}_",
        "a=b,",
        "a=",
        "=",
        "\\\\",
        "&",
        "|",
        "||",
        "\\|",
        "\\sum_",
        "\\sum_{i} ",
        "`",
        "```\n",
        "ab",
        "x_{ab}",
        "\\nabla_a b^{",
        "'",
        "x'",
        "\\hat",
        "\\hat{",
        "\\text{",
        "\\newcommand{\\a}{\\a\\a}",
        "\\a",
        "\\left",
        "(",
        "[",
        "1[",
        "1{",
        "\\mathbf{1}",
        "dL/dW",
        "\\partial ",
        "d",
        "e^",
        "a = ZW2\n",
        "a(",
        "L(",
        "x;",
        "\"",
        "a = \"\n",
        "\\boxed{",
        "- ",
        "name:",
        "0",
        "\u{302}",
        "\u{2212}",
        "\\begin{bmatrix}",
        "\\right.",
        "\\}",
        "\\end{align}",
        "%",
        "\\sqrt[",
        "\\log",
        "sum_i ",
        "f'(",
        "cases(",
        "\\in",
        ",\n",
    ];
    for unit in units {
        for file in ["a.ans", "a.tex", "a.md"] {
            for text in [
                filled(unit),
                format!("$x = {}", filled(unit)),
                format!("$x = {}$", filled(unit)),
                format!("x = {}", filled(unit)),
            ] {
                let start = Instant::now();
                let _ = read_submission(file, text.as_bytes(), &vocabulary());
                assert!(start.elapsed() < Duration::from_secs(5), "{unit:?} in {file}: {:?}", start.elapsed());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for file in ["a.ans", "a.tex", "a.md", "a.json", "a.ipynb", "a.csv"] {
            let _ = read_submission(file, &bytes, &vocabulary());
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        for file in ["a.ans", "a.tex", "a.md", "a.json", "a.ipynb", "a.csv"] {
            let _ = read_submission(file, text.as_bytes(), &vocabulary());
        }
    }

    #[test]
    fn mangled_latex_never_panics(marks in prop::collection::vec(prop::sample::select(MARKS), 0..40), dollars in any::<bool>()) {
        let body: String = marks.concat();
        let text = if dollars { format!("${body}$") } else { body };
        for file in ["a.ans", "a.tex", "a.md"] {
            if let Ok(sheets) = read_submission(file, text.as_bytes(), &vocabulary()) {
                for label in sheets.iter().flat_map(|sheet| &sheet.unreadable).flat_map(|one| &one.diagnostics).flat_map(|fault| &fault.labels) {
                    prop_assert!(label.span.start <= label.span.end && label.span.end <= text.len(), "{} {:?}", text, label);
                    prop_assert!(text.is_char_boundary(label.span.start) && text.is_char_boundary(label.span.end), "{}", text);
                }
            }
        }
    }
}

/// A vocabulary that says all that one can say.
fn telling() -> Vocabulary {
    let owned = |names: &'static [&'static str]| names.iter().map(|name| (*name).to_owned());
    vocabulary()
        .with_losses(["L"])
        .with_sizes(["N", "D", "H", "K"])
        .with_variable("a", [("sigmoid", "L")])
        .with_parts(owned(&["Z", "Y"]), owned(&["X", "a", "x", "y"]))
        .with_lists(owned(&["X", "Y", "Z", "C", "W1", "W2", "dW1", "dW2"]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mangled_prose_never_panics(words in prop::collection::vec(prop::sample::select(WORDS), 0..25)) {
        let text: String = words.concat();
        let vocabulary = telling();
        for file in ["a.ans", "a.md", "a.tex", "a.csv"] {
            for sheet in read_submission(file, text.as_bytes(), &vocabulary).into_iter().flatten() {
                for one in &sheet.unreadable {
                    prop_assert!(one.span.end <= text.len().max(limits::SUBMISSION_BYTES), "{text}");
                }
            }
        }
        let json = serde_json::json!({ "dW2": text, text.clone(): [1, 2], "cells": [{"cell_type": "markdown", "source": text}] });
        for file in ["a.json", "a.ipynb"] {
            let _ = read_submission(file, json.to_string().as_bytes(), &vocabulary);
        }
    }
}

/// Pieces of what students write around their answers.
const WORDS: &[&str] = &[
    "dW2",
    "Z",
    "Y",
    "L",
    "a",
    "W₂ᵀ",
    "δ",
    "f'",
    "L'(0.5)",
    "dL/da",
    "∂L/∂W2",
    "params",
    " = ",
    "=",
    ": ",
    ":",
    " is ",
    "≈",
    "->",
    " where ",
    " with ",
    "Let ",
    "when ",
    "for a = 8, ",
    "a = 8: ",
    "a=8,",
    "so ",
    " and ",
    ", ",
    "; ",
    ". ",
    "1 2",
    "-3",
    "0.5",
    "1e9999",
    "(1, 2)",
    "(1, 2)^T",
    "[1, 2]",
    "[",
    "]",
    "[[1 2]\n [3 4]]",
    "J:\n1 2\n3 4\n",
    "\n",
    "\n\n",
    "\r\n",
    "10 x 32",
    "N × D",
    ".shape",
    "**",
    "*",
    "`",
    "```\n",
    "~~",
    "<del>",
    "<sub>",
    "</sub>",
    "| ",
    "# ",
    "- ",
    "1. ",
    "(b) ",
    "$",
    "$$",
    "\\delta",
    "\\frac{",
    "}",
    "√D",
    "√",
    "1ᵀ",
    "1^T ",
    "@",
    ".T",
    " * ",
    " .* ",
    "²",
    "é",
    "𝜕",
    "\u{202e}",
    "\0",
    "\u{feff}",
    "(so go up)",
    " > 0",
    " // why",
    "~ 3",
    "9.8 m/s",
    "\t",
    "\"",
];

/// Pieces that mangled LaTeX is made of.
const MARKS: &[&str] = &[
    "a",
    "W_2",
    "Z",
    "XW_1",
    "dW",
    "=",
    " = ",
    "+",
    "-",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\\{",
    "\\}",
    "^",
    "_",
    "^T",
    "^{\\top}",
    "'",
    "&",
    "\\\\",
    ",",
    ";",
    "|",
    "\\|",
    "||",
    "1",
    "2.5",
    "1e",
    "\\frac",
    "\\frac{",
    "}{",
    "\\partial",
    "\\nabla",
    "\\sum",
    "_{i=1}",
    "_{ij}",
    "^{N}",
    "\\mathbf{1}",
    "\\mathbb{1}",
    ">",
    "\\le",
    "\\begin{bmatrix}",
    "\\end{bmatrix}",
    "\\begin{cases}",
    "\\end{cases}",
    "\\begin{align}",
    "\\end{align}",
    "\\text{if}",
    "\\text{and }",
    "\\hat",
    "\\sqrt",
    "\\sqrt[",
    "\\left",
    "\\right",
    "\\right.",
    "\\boxed{",
    "\\exp",
    "\\log",
    "e^",
    "\\sigma",
    "\\operatorname{relu}",
    "\\odot",
    "\\circ",
    "\\quad",
    "\\label{",
    "\\in",
    "\\mathbb{R}",
    "$",
    "$$",
    "\\[",
    "\\]",
    "%",
    "\n",
    " ",
    "½",
    "ᵀ",
    "²",
    "₂",
    "∂",
    "θ",
    "ŷ",
    "\u{302}",
    "\\foo",
    "\\",
    "`",
    "# ",
    "\"",
    "student ",
    "shape of ",
    "at ",
    "1[",
    "1{",
    "@",
    ".T",
    "np.",
    "**",
];
