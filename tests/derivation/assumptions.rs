//! What is declared of data: checked where there are numbers, drawn with them, used, and said.

use crate::common;

use solve::graph::{ASSUMPTIONS, Assumption, imposed};
use solve::number::Number;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use solve::tensor::Tensor;

fn spec(given: &str, model: &str, tasks: &str) -> String {
    format!("problem \"P\"\ngiven\n  dim n\n{given}\nmodel\n{model}\ntasks\n{tasks}\n")
}

fn page(text: &str) -> String {
    let (format, edition) = (Format::Markdown, Edition::Student);
    let layout = Layout { format, edition, fragment: false, picture_stem: None, template: None };
    render(&common::solve_text(text).unwrap(), &layout).unwrap().text
}

/// All subsets that can be drawn have what they say, in doubles and exactly; the rest are refused.
#[test]
fn what_is_drawn_has_it() {
    let mut possible = 0;
    for subset in 0..1 << ASSUMPTIONS.len() {
        let all: Vec<Assumption> =
            (0..ASSUMPTIONS.len()).filter(|bit| subset >> bit & 1 == 1).map(|bit| ASSUMPTIONS[bit].0).collect();
        for side in 1..5 {
            for seed in 0..6 {
                let mut random = fastrand::Rng::with_seed(seed);
                let whole = Tensor::from_fn(&[side, side], |_| Number::ratio(2 * random.i64(-9..9) + 1, 16));
                let doubles = imposed(&all, whole.map(|entry| entry.to_f64()));
                let exact = imposed(&all, whole);
                assert_eq!(doubles.is_some(), exact.is_some(), "{all:?} {side}");
                let (Some(doubles), Some(exact)) = (doubles, exact) else { continue };
                possible += 1;
                assert!(exact.entries().all(Number::is_exact));
                assert!(all.iter().all(|own| own.broken(&doubles).is_none() && own.broken(&exact).is_none()));
                for (one, two) in doubles.entries().zip(exact.entries()) {
                    assert!((one - two.to_f64()).abs() < 1e-9, "{all:?}");
                }
            }
        }
    }
    assert!(possible > 500, "{possible}");
}

/// The gradient that a text on matrices gives under the assumption, and the reason on the page.
#[test]
fn gradients_are_those_of_the_texts() {
    let cases = [
        ("input A: n x n symmetric", "x^T*A*x", "2 A x", "$A$ is symmetric"),
        ("input A: n x n diagonal", "x^T*A*x", "2 A x", "$A$ is diagonal"),
        ("input A: n x n positive definite", "x^T*inv(A)*x", "2 A^{-1} x", "$A$ is positive definite"),
        ("input A: n x n orthogonal", "x^T*A^T*A*x", "2 x", "$A$ is orthogonal"),
        ("input A: n positive", "sum(abs(A) .* x)", "A", "$A$ is positive"),
        ("input A: n x n rows sum to 1", "x^T*rowsum(A)", r"\mathbf 1", "the rows of $A$ sum to 1"),
    ];
    let mut faults = Vec::new();
    for (given, form, right, reason) in cases {
        let text = spec(&format!("  {given}\n  param x: n"), &format!("  f = {form}"), "  derive dx");
        let page = page(&text);
        let answer = format!(r"\frac{{\partial f}}{{\partial x}} = {right}$");
        if !page.contains(&answer) || !page.contains(reason) {
            faults.push(format!("{given}: {page}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// Numbers that break what is said of them are refused, where they stand; so is what leaves it.
#[test]
fn what_is_not_so_is_refused() {
    let cases = [
        ("input A: 2 x 2 symmetric = [1 2; 3 4]", "derive dx", "the entry [1, 2] is 2, the entry [2, 1] is 3"),
        ("input A: 2 x 2 diagonal = [1 2; 0 4]", "derive dx", "the entry [1, 2] is 2"),
        ("input A: 2 x 2 positive = [1 2; 0 4]", "derive dx", "the entry [2, 1] is 0"),
        ("input A: 2 x 2 orthogonal = [0.6 0.8; 0.8 0.6]", "derive dx", "not orthonormal"),
        ("input A: 2 x 2 positive definite = [1 2; 2 1]", "derive dx", "not so up to row and column 2"),
        ("input A: 2 x 2 rows sum to 1 = [0.5 0.5; 0.3 0.6]", "derive dx", "row 2 does not sum to 1"),
        ("input A: 2 x 2 symetric", "derive dx", "did you mean `symmetric`?"),
        ("input A: 2 x 1 symmetric", "derive dx", "of a square matrix"),
        ("input A: 2 x 2 positive orthogonal", "derive dx", "no data are drawn"),
        ("param A: 2 x 2 symmetric = [1 2; 2 1]", "compute f at A = [1 2; 3 1], x = [1; 1]", "this value is not so"),
        ("param A: 2 x 2 symmetric = [1 2; 2 1]", "descend A of f from given rate 1 for 2 steps", "a step would leave"),
        ("input A: 2 x 2 symmetric = [1 2; 2 1]", "derive dx", ""),
    ];
    for (given, task, wanted) in cases {
        let text = spec(&format!("  {given}\n  param x: 2 = [1; 2]"), "  f = sum(x*x^T*A)", &format!("  {task}"));
        match common::solve_text(&text) {
            Err(error) => assert!(!wanted.is_empty() && error.contains(wanted), "{given}: {error}"),
            Ok(_) => assert!(wanted.is_empty(), "{given} was taken"),
        }
    }
}
