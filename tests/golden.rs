//! Every shipped problem's documents, as they were when someone last read them: tests/golden/<problem>.<ending>, a test
//! each, by this name: `cargo test --test golden -- q1.json`. `BLESS=1 cargo test --test golden` writes them anew; read
//! the difference before you commit it.

mod common;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use solve::answer::Solution;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

const ALL: &[(&str, Format)] =
    &[("md", Format::Markdown), ("tex", Format::Latex), ("txt", Format::Text), ("json", Format::Json)];
/// For all but the problems at the top.
const SOME: &[(&str, Format)] = &[("md", Format::Markdown), ("json", Format::Json)];

/// Problems whose programs were read: a loss in symbols, numbers, windows and their gradients, descents, a Jacobian.
const PROGRAMS: [&str; 6] =
    ["q1", "q3", "conv_backward", "learning/sgd", "learning/families", "matrix_calculus/softmax_jacobian"];

/// Lines of a difference that are shown.
const SHOWN: usize = 12;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = common::problems().iter().flat_map(|path| of_problem(path)).collect();
    trials.push(Trial::test("every_golden_has_its_problem", every_golden_has_its_problem));
    libtest_mimic::run(&arguments, trials).exit();
}

/// One test for each document of a problem, which is solved once.
fn of_problem(path: &Path) -> Vec<Trial> {
    let stem = common::stem(path);
    let solution: Arc<OnceLock<Solution>> = Arc::default();
    let trial = |(ending, format): &(&'static str, Format)| {
        let (path, stem, solution, format) = (path.to_path_buf(), stem.clone(), solution.clone(), *format);
        let golden = format!("{stem}.{ending}");
        Trial::test(golden.clone(), move || {
            let text = document(solution.get_or_init(|| common::solve_file(&path)), &stem, format);
            as_it_was_read(&Path::new("tests/golden").join(golden), &text)
        })
    };
    formats(&stem).iter().map(trial).collect()
}

fn formats(stem: &str) -> Vec<(&'static str, Format)> {
    let documents = if stem.contains('/') { SOME } else { ALL };
    let program = PROGRAMS.contains(&stem).then_some(("py", Format::Python));
    documents.iter().copied().chain(program).collect()
}

fn as_it_was_read(golden: &Path, text: &str) -> Result<(), Failed> {
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(golden, text).unwrap();
    }
    let expected = std::fs::read_to_string(golden).map_err(|_| format!("there is no {}", golden.display()))?;
    difference(golden, &expected, text).map_or(Ok(()), |difference| Err(difference.into()))
}

fn every_golden_has_its_problem() -> Result<(), Failed> {
    let goldens = |path: &PathBuf| {
        let stem = common::stem(path);
        formats(&stem).into_iter().map(move |(ending, _)| Path::new("tests/golden").join(format!("{stem}.{ending}")))
    };
    let known: BTreeSet<PathBuf> = common::problems().iter().flat_map(goldens).collect();
    let all =
        ["md", "tex", "txt", "json", "html", "py"].iter().flat_map(|ending| common::files("tests/golden", ending));
    match all.into_iter().find(|file| !known.contains(file)) {
        Some(file) => Err(format!("{} has no problem", file.display()).into()),
        None => Ok(()),
    }
}

fn document(solution: &Solution, stem: &str, format: Format) -> String {
    let stem = Path::new(stem).file_name().unwrap().to_string_lossy().into_owned();
    let picture_stem = (format == Format::Markdown).then_some(stem);
    let layout = Layout { format, edition: Edition::Student, fragment: false, picture_stem, template: None };
    let text = render(solution, &layout).unwrap().text;
    if format == Format::Json { in_rows(&serde_json::from_str(&text).unwrap(), 0) + "\n" } else { text }
}

/// JSON with one line for each thing that a person compares: an answer, a step, a node.
fn in_rows(value: &Value, depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    let end = "  ".repeat(depth);
    let holds_rows = |value: &Value| value.as_array().is_some_and(|all| all.iter().any(Value::is_object));
    match value {
        Value::Object(entries) if depth == 0 || entries.values().any(holds_rows) => {
            let rows = entries.iter().map(|(key, value)| format!("{indent}\"{key}\": {}", in_rows(value, depth + 1)));
            format!("{{\n{}\n{end}}}", rows.collect::<Vec<_>>().join(",\n"))
        }
        Value::Array(all) if holds_rows(value) => {
            let rows = all.iter().map(|value| format!("{indent}{}", in_rows(value, depth + 1)));
            format!("[\n{}\n{end}]", rows.collect::<Vec<_>>().join(",\n"))
        }
        other => other.to_string(),
    }
}

/// The first lines that differ, with the line before them.
fn difference(file: &Path, expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let start = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let end = expected[start..].iter().rev().zip(found[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |lines: &[&str], sign: &str| {
        let shown = lines[start..lines.len() - end].iter().take(SHOWN);
        shown.map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    let before = start.checked_sub(1).map_or(String::new(), |place| format!("  {}\n", expected[place]));
    Some(format!("{}:{}\n{before}{}{}", file.display(), start + 1, part(&expected, "-"), part(&found, "+")))
}
