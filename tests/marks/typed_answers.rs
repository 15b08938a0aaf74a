//! What people type in plain answers beyond the problem language: each reading that could surprise has a note, and a
//! problem may say none of it.

use solve::limits;
use solve::lower::operators;
use solve::syntax::ast::{AnswerSheet, AnswerValue};
use solve::syntax::{Vocabulary, print_expression, read_expression, read_submission};
use std::time::{Duration, Instant};

fn sheet(text: &str) -> AnswerSheet {
    let names = [
        "X", "Y", "Z", "C", "L", "W", "W1", "W2", "b1", "dY", "N", "D", "H", "a", "b", "x", "y", "w", "M", "U", "T",
        "q",
    ];
    let vocabulary = Vocabulary::new(names, operators());
    read_submission("a.ans", text.as_bytes(), &vocabulary).unwrap().remove(0)
}

/// The value in the problem's own language, or the code of what is wrong; and whether a note tells of the reading.
fn read(text: &str) -> (String, bool) {
    let sheet = sheet(&format!("Q = {text}"));
    match sheet.answers.first().map(|answer| &answer.value) {
        Some(AnswerValue::Expression(expr)) => (print_expression(expr), !sheet.notes.is_empty()),
        _ => (format!("error: {}", sheet.unreadable[0].diagnostics[0].code), false),
    }
}

fn compare(table: &[(&str, &str)], noted: bool) {
    let wrong: Vec<String> = table
        .iter()
        .filter(|(text, expected)| read(text) != ((*expected).to_owned(), noted))
        .map(|(text, expected)| format!("{text}\n    {:?}\n    {expected}", read(text)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn spellings_that_are_told_of() {
    compare(
        &[
            ("Z.T @ (Y - X)", "Z^T*(Y - X)"),
            ("Z.T * (Y - X)", "Z^T*(Y - X)"),
            ("Z.T @ ((Y - X) * M)", "Z^T*((Y - X) .* M)"),
            ("dY @ W2.T * M", "dY*W2^T .* M"),
            ("2 * X.T @ (X @ w - y)", "(2 .* X^T)*(X*w - y)"),
            ("np.sum(dY, axis=0)", "sum(dY, axis = 0)"),
            ("np.sum(dY, axis=0, keepdims=True)", "sum(dY, axis = 0)"),
            ("np.sum(dY, 0)", "sum(dY, axis = 0)"),
            ("torch.sum(dY, dim=1)", "sum(dY, axis = 1)"),
            ("dY.sum(axis=0)", "sum(dY, axis = 0)"),
            ("dY.sum(0)", "sum(dY, axis = 0)"),
            ("dY.sum()", "sum(dY)"),
            ("np.dot(Z.T, Y - X)", "Z^T*(Y - X)"),
            ("Z.T.dot(Y - X)", "Z^T*(Y - X)"),
            ("np.matmul(Z.transpose(), Y)", "Z^T*Y"),
            ("np.multiply(Z, Y)", "Z .* Y"),
            ("np.where(Z > 0, 1, 0)", "cases(1 if Z > 0, 0 otherwise)"),
            ("(Z > 0).astype(float)", "1[Z > 0]"),
            ("np.linalg.norm(x)", "norm(x)"),
            ("np.linalg.inv(X.T @ X) @ X.T @ y", "inv(X^T*X)*X^T*y"),
            ("np.maximum(0, Z)", "maximum(0, Z)"),
            ("np.exp(-x)", "exp(-x)"),
            ("np.array([[1, 2], [3, 4]])", "[[1 2] [3 4]]"),
            ("np.outer(x, y)", "x .* y"),
            ("np.square(x)", "x^2"),
            ("x**2", "x^2"),
            ("matmul(transpose(X), Y)", "X^T*Y"),
            ("x**-1", "x^-1"),
            ("2x", "2*x"),
            ("(5x+1)3", "(5*x + 1)*3"),
            ("-12(7x+1)", "-12*(7*x + 1)"),
            ("1+3x^2+7 x", "1 + 3*x^2 + 7*x"),
            ("2x^2y", "2*x^2*y"),
            ("X'Y", "X^T*Y"),
            ("X ⊗ Y", "X .* Y"),
            ("−x", "-x"),
            ("X·Y", "X*Y"),
            ("X’ Y", "X^T*Y"),
        ],
        true,
    );
}

#[test]
fn forms_that_only_answers_have() {
    compare(
        &[
            ("Z'*(Y-X)", "Z^T*(Y - X)"),
            ("Z'(Y-X)", "Z^T*(Y - X)"),
            ("3(x+1)", "3*(x + 1)"),
            ("[[1. 2.]\n [3. -4.]]", "[[1 2] [3 -4]]"),
            ("X Z'(Y-X)", "X*Z^T*(Y - X)"),
            ("X^{T} Y", "X^T*Y"),
            ("x^{2}", "x^2"),
            ("x^{-1}", "x^-1"),
            ("relu'(U)", "relu'(U)"),
            ("dY .* relu'(U)", "dY .* relu'(U)"),
            ("σ'(U)", "sigmoid'(U)"),
            ("f''(x)", "f''(x)"),
            ("(Z > 0)", "1[Z > 0]"),
            ("[Z > 0]", "1[Z > 0]"),
            ("[Z>0]", "1[Z > 0]"),
            ("1{Z > 0}", "1[Z > 0]"),
            ("𝟙{Z > 0}", "1[Z > 0]"),
            ("𝟙(Z > 0)", "1[Z > 0]"),
            ("I(Z > 0)", "1[Z > 0]"),
            ("1(Z > 0)", "1[Z > 0]"),
            ("1 [Z > 0]", "1[Z > 0]"),
            ("Z > 0", "1[Z > 0]"),
            ("(dY W2^T) .* (X W1 + b1 > 0)", "dY*W2^T .* 1[X*W1 + b1 > 0]"),
            ("(0 < x <= 1)", "1[0 < x] .* 1[x <= 1]"),
            ("1 if Z > 0 else 0", "cases(1 if Z > 0, 0 otherwise)"),
            (
                "cases(1 if Z > 0, -1 if Z < 0 and x > 1, 0 otherwise)",
                "cases(1 if Z > 0, -1 if Z < 0 and x > 1, 0 otherwise)",
            ),
            ("sum_i x[i]*y[i]", "sum_{i} x[i]*y[i]"),
            ("∑_i x_i y_i", "sum_{i} x[i]*y[i]"),
            ("Σ_{i=1}^N (y_i - a x_i)^2 + b", "sum_{i=1}^{N} (y[i] - a*x[i])^2 + b"),
            ("sum_{i,k} Z_ki", "sum_{i} sum_{k} Z[k, i]"),
            ("-sum_n x[n]", "-(sum_{n} x[n])"),
            ("2*sum_n x[n]", "2*(sum_{n} x[n])"),
            ("||x - y||^2", "norm(x - y)^2"),
            ("|x|", "abs(x)"),
            ("‖x‖²", "norm(x)^2"),
            ("ZW2", "Z*W2"),
            ("XW1+b1", "X*W1 + b1"),
            ("e^(-x)", "exp(-x)"),
            ("∂L/∂Y * W2^T", "∂L/∂Y*W2^T"),
            ("X^T dL/dY", "X^T*∂L/∂Y"),
            ("relu(XW1 + b1)", "relu(X*W1 + b1)"),
            ("Softmax(Z)", "softmax(Z)"),
            ("Z^T (Y - X).", "Z^T*(Y - X)"),
            ("Z^T (Y - X);", "Z^T*(Y - X)"),
            ("x_1", "x_1"),
        ],
        false,
    );
}

#[test]
fn what_could_mean_two_things_or_nothing_is_refused() {
    for (text, code) in [
        ("1/2x", "E-ambiguous"),
        ("1/ax", "E-ambiguous"),
        ("3,5", "E-number"),
        ("x!", "E-syntax"),
        ("x | y", "E-syntax"),
        ("x%3", "E-syntax"),
        ("x => 1", "E-syntax"),
        ("a +", "E-syntax"),
        ("(a < x + 1 < b)", "E-syntax"),
        ("sum_{i=1} x[i]", "E-syntax"),
        ("/* nothing */", "E-syntax"),
    ] {
        assert_eq!(read(text).0, format!("error: {code}"), "{text}");
    }
}

#[test]
fn a_problem_may_say_none_of_it() {
    for text in [
        "Z.T",
        "Z @ Y",
        "x**2",
        "np.sum(x)",
        "x.sum()",
        "(Z > 0)",
        "[Z > 0]",
        "1{Z > 0}",
        "∂L/∂Y",
        "|x|",
        "||x||",
        "{x}",
        "cases(1 if x > 0)",
        "f(x > 0)",
        "X ⊗ Y",
        "x^{2}",
    ] {
        assert!(
            read_expression(text).is_err(),
            "{text}: {:?}",
            read_expression(text).map(|read| print_expression(&read.value))
        );
    }
    // These are products and quotients of the language itself.
    assert_eq!(print_expression(&read_expression("W'(Y)").unwrap().value), "W^T*Y");
    assert_eq!(print_expression(&read_expression("dL/dY").unwrap().value), "dL/dY");
}

#[test]
fn what_is_printed_is_read_as_the_same_answer() {
    for text in [
        "cases(1 if Z > 0, -1 if Z < 0 and x > 1, 0 otherwise)",
        "sum_{i=1}^{N} (y[i] - a*x[i])^2 + b",
        "2*(sum_{i} sum_{k} Z[k, i])",
        "prod_{i=1}^{N} x[i]*y[i] + b",
        "dY .* relu'(U)",
        "∂L/∂Y*W2^T",
        "x^(T[1])",
        "[(sum_{i} x[i]) relu'(x) ∂L/∂Y]",
        "-(sum_{n} x[n])^T",
    ] {
        assert_eq!(read(text).0, text);
    }
}

#[test]
fn nesting_has_the_same_limit_for_every_form() {
    for (open, close) in [
        ("{", "}"),
        ("|", "|"),
        ("1{", " > 0}"),
        ("f'(", ")"),
        ("np.exp(", ")"),
        ("x**", ""),
        ("sum_i ", ""),
        ("||", "||"),
        ("cases(", ")"),
    ] {
        let nested = |depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
        assert!(!read(&nested(50)).0.starts_with("error: E-depth"), "{open}");
        // What has no bracket to close ends too early without its operand.
        let opened = if close.is_empty() { nested(20_000) } else { open.repeat(10_000) };
        for text in [nested(limits::NESTING + 1), nested(10_000), opened] {
            assert_eq!(read(&text).0, "error: E-depth", "{open}");
        }
        // Nothing is read twice: a fault inside costs no more than one outside.
        for text in [format!("{}!", open.repeat(100)), format!("{}x!", open.repeat(100)), format!("{}!", nested(60))] {
            let start = Instant::now();
            assert!(read(&text).0.starts_with("error"), "{text}");
            assert!(start.elapsed() < Duration::from_secs(2), "{open}: {:?}", start.elapsed());
        }
    }
}
