//! The keys as programs, run by Python with NumPy: another witness of every number and every gradient. Without them
//! nothing is tested here, and that is said.

use crate::common;

use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use std::path::{Path, PathBuf};
use std::process::Command;

fn program(path: &Path, format: Format) -> String {
    let layout = Layout { format, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
    render(&common::solve_file(path), &layout).unwrap().text
}

/// What Python says of these programs, line by line; `None` where there is no Python with these modules.
#[expect(clippy::print_stderr, reason = "a test says what it leaves out")]
fn run(programs: &[(String, String)], modules: &str, argument: &[&str]) -> Option<Vec<String>> {
    let has_modules = Command::new("python3").args(["-c", &format!("import {modules}")]).output();
    if !has_modules.is_ok_and(|output| output.status.success()) {
        eprintln!("not tested: there is no python3 with {modules}");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in programs {
        std::fs::write(folder.path().join(format!("{}.py", name.replace('/', "__"))), text).unwrap();
    }
    let output = Command::new("python3").arg("tests/programs/run.py").arg(folder.path()).args(argument).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).lines().map(str::to_string).collect())
}

fn programs(of: Vec<PathBuf>, format: Format) -> Vec<(String, String)> {
    of.iter().map(|path| (common::stem(path), program(path, format))).collect()
}

#[test]
fn every_key_agrees_with_its_program_and_none_with_a_wrong_one() {
    let programs = programs(common::problems(), Format::Python);
    let Some(failed) = run(&programs, "numpy", &[]) else { return };
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    // The last gradient of a program is one that was asked for.
    let passed = run(&programs, "numpy", &["wrong"]).unwrap();
    assert!(passed.is_empty(), "a wrong sign is not seen in {}", passed.join("\n"));
}

/// Torch is large: where it is not installed JAX stands in for what the programs use of it.
#[test]
fn autograd_gives_the_same_gradients() {
    let problems = ["q1", "conv_backward", "attention/causal_mask", "losses/huber", "networks/leaky_relu_mlp"];
    let paths = problems.map(|name| PathBuf::from(format!("problems/{name}.spec"))).to_vec();
    let programs = programs(paths, Format::Torch);
    assert!(programs.iter().all(|(_, text)| text.contains("autograd(values")));
    let modules = ["numpy, torch", "numpy, jax"];
    if let Some(failed) = modules.into_iter().find_map(|modules| run(&programs, modules, &[])) {
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }
}

#[test]
fn a_wrong_number_of_the_key_is_seen() {
    let right = program(Path::new("problems/q3.spec"), Format::Python);
    let wrong = right.replace("[[3, -2]]", "[[3, -3]]");
    assert_ne!(wrong, right);
    let Some(failed) = run(&[("q3".to_string(), wrong)], "numpy", &[]) else { return };
    assert!(failed.len() == 1 && failed[0].contains("K is"), "{failed:?}");
}

/// Names that Python has taken, letters that it writes otherwise, and words that would end a text.
#[test]
fn names_and_words_of_the_author_do_no_harm() {
    let spec = "problem \"a\\\"\"\"\" \"x\"
\"\"\"
Give it.\u{c}import os
\"\"\"
given
  input X: 2 x 2
  param λ, lambda_x, W_1': 2 x 2, forward: 2 x 2, values: 2 x 2, np: 2 x 2
model
  agree = X*forward + np .* values
  μ = sum(λ*agree + lambda_x)
tasks
  derive dnp, dλ, dvalues, dforward
";
    let spec = spec.replace("\"a\\\"\"\"\"", "\"a\\\\\"").replace("W_1': 2 x 2, ", "");
    let solution = common::solve_text(&spec).unwrap_or_else(|error| panic!("{error}"));
    let layout = Layout {
        format: Format::Python,
        edition: Edition::Student,
        fragment: false,
        picture_stem: None,
        template: None,
    };
    let text = render(&solution, &layout).unwrap().text;
    for part in ["lambda_ * agree_", "np_ * values_", "dlambda = ", "mu = "] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    let Some(failed) = run(&[("names".to_string(), text)], "numpy", &[]) else { return };
    assert!(failed.is_empty(), "{failed:?}");
}
