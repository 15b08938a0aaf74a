//! Notebooks: the key's, handed in, is worth everything that can be marked, and the exam's nothing; what the exam holds is
//! not the key's; nbformat takes them, where it is installed. `.ci/notebooks.py` takes them the whole road of others.

use crate::common;

use serde_json::Value;
use solve::check::{Key, Marker, Verdict};
use solve::render::document::{Edition, Format, Layout};
use solve::render::sheet::{Sheet, sheet};
use solve::span::Source;
use solve::syntax::read_submission;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn notebook(key: &Key, kind: Sheet) -> String {
    let layout = Layout {
        format: Format::Notebook,
        edition: Edition::Student,
        fragment: false,
        picture_stem: None,
        template: None,
    };
    sheet(key.solution(), &layout, kind).unwrap().text
}

/// Some problems of each topic; all of them with `SOLVE_NOTEBOOKS=all`.
fn keys() -> Vec<(String, Key)> {
    let all = std::env::var_os("SOLVE_NOTEBOOKS").is_some();
    let paths = common::problems().into_iter().enumerate().filter(|(place, _)| all || place % 5 == 2);
    paths.map(|(_, path)| (common::stem(&path), Key::new(&common::model_file(&path)).unwrap())).collect()
}

fn cells(text: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(text).unwrap()["cells"].as_array().unwrap().clone()
}

fn is_raw(cell: &Value) -> bool {
    cell["cell_type"] == "raw"
}

fn is_for_answers(cell: &Value) -> bool {
    cell["metadata"]["solve"].is_object()
}

/// The verdicts of the questions that the program marks, each with its name.
fn verdicts(key: &Key, text: &str) -> Vec<(String, Verdict)> {
    let sheet = read_submission("hw.ipynb", text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
    let source = Source { name: "hw.ipynb".to_string(), text: text.to_string() };
    let marks = Marker::new(key).mark(&sheet, &source);
    marks.answers.iter().map(|mark| (mark.name.clone(), mark.verdict)).collect()
}

#[test]
fn the_keys_notebook_is_right_and_the_exams_is_empty() {
    let mut faults = Vec::new();
    for (stem, key) in keys() {
        let (filled, empty) = (notebook(&key, Sheet::Key), notebook(&key, Sheet::Exam));
        for ((name, verdict), answer) in verdicts(&key, &filled).iter().zip(&key.solution().answers) {
            // What is to be shown a person reads.
            if *verdict != Verdict::Correct && !common::is_claim(answer) {
                faults.push(format!("{stem}: {name} of the key is {verdict:?}"));
            }
        }
        for kind in [empty, notebook(&key, Sheet::Hints)] {
            for (name, verdict) in verdicts(&key, &kind) {
                if verdict != Verdict::Missing {
                    faults.push(format!("{stem}: {name} of the exam is {verdict:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Cells of the exam are those of the key, without what stands in answers and tests, and without otter's.
#[test]
fn an_exams_notebook_holds_nothing_of_the_key() {
    for (stem, key) in keys() {
        let (filled, empty) = (cells(&notebook(&key, Sheet::Key)), cells(&notebook(&key, Sheet::Exam)));
        let filled: Vec<&Value> = filled.iter().filter(|cell| !is_raw(cell)).collect();
        assert_eq!(filled.len(), empty.len(), "{stem}");
        for (full, bare) in filled.into_iter().zip(&empty) {
            assert_eq!(full["metadata"], bare["metadata"], "{stem}");
            let is_question = !is_for_answers(full) && full["metadata"]["nbgrader"]["grade"] == false;
            assert_eq!(full["source"] == bare["source"], is_question, "{stem}: {full}");
            assert!(bare["attachments"].is_null(), "{stem}");
            let text = bare["source"].as_str().unwrap();
            assert!(is_question || text.lines().count() <= 3 && !text.contains("def "), "{stem}: {bare}");
        }
    }
}

/// Questions can't be changed, answers can; every cell has an identifier of its own; nothing is linked.
#[test]
fn cells_are_locked_and_named() {
    for (stem, key) in keys() {
        for kind in [Sheet::Key, Sheet::Exam, Sheet::Hints] {
            let all = cells(&notebook(&key, kind));
            let ids: BTreeSet<&str> = all.iter().map(|cell| cell["id"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), all.len(), "{stem}");
            for cell in &all {
                assert_eq!(cell["metadata"]["editable"] == false, !is_for_answers(cell), "{stem}: {cell}");
                let source = cell["source"].as_str().unwrap();
                assert!(!source.contains("](picture"), "{stem}: {source}");
                for file in source.split("](attachment:").skip(1).filter_map(|rest| rest.split(')').next()) {
                    assert!(cell["attachments"][file]["image/svg+xml"].is_string(), "{stem}: {file}");
                }
            }
        }
    }
}

/// What students put into our cells, as they write Python.
#[test]
fn answers_are_read_from_cells_as_students_fill_them() {
    let key = |name: &str| Key::new(&common::model_file(Path::new(name))).unwrap();
    let filled = |key: &Key, place: &str, source: &str| {
        let mut book: Value = serde_json::from_str(&notebook(key, Sheet::Exam)).unwrap();
        for cell in book["cells"].as_array_mut().unwrap() {
            if cell["metadata"]["solve"]["answer"] == place {
                cell["source"] = source.into();
            }
        }
        verdicts(key, &book.to_string()).into_iter().find(|(name, _)| name == place).unwrap().1
    };
    let (conv, autoencoder) = (key("problems/q3.spec"), key("problems/q1.spec"));
    for source in [
        "K = np.array([[3, -2]])",
        "K = [[3, -2]]  # the largest of each window",
        "K = ...\n# YOUR CODE HERE\nK = [\n    [3,\n     -2],\n]\nprint(K)",
        "K = np.array([[3, -2]], dtype=float)\nK",
        "x = 1 == 1\nmy_own = [[3, -2]]",
        "K = [3, -2]",
        "K = \"[3, -2]\"",
    ] {
        assert_eq!(filled(&conv, "K", source), Verdict::Correct, "{source}");
    }
    for source in ["K = ...", "# K = [[3, -2]]", "K = None", "", "K = \"\"\nraise NotImplementedError()"] {
        assert_eq!(filled(&conv, "K", source), Verdict::Missing, "{source}");
    }
    assert_eq!(filled(&conv, "K", "K = [[40, -40]]"), Verdict::Wrong);
    for source in [
        "dW2 = r\"Z^T (Y - X)\"",
        "dW2 = 'dW2 = Z^T (Y - X)'",
        "dW2 = r\"\"\"\n$\\delta_{W_2} = Z^\\top \\delta_Y = Z^\\top (Y - X)$\n\"\"\"",
        "# as text\ndW2 = r\"\"\"\ndY = Y - X\ndW2 = Z^T dY\n\"\"\"",
        "dW2 = r\"Z^\\top (Y - X)\"",
    ] {
        assert_eq!(filled(&autoencoder, "dW2", source), Verdict::Correct, "{source}");
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test says what it leaves out")]
fn nbformat_takes_them() {
    let folder = tempfile::tempdir().unwrap();
    for (stem, key) in keys() {
        let name = stem.replace('/', "__");
        for kind in [Sheet::Key, Sheet::Exam, Sheet::Hints] {
            std::fs::write(folder.path().join(format!("{name}-{}.ipynb", kind.name())), notebook(&key, kind)).unwrap();
        }
    }
    if !Command::new("python3").args(["-c", "import nbformat"]).output().is_ok_and(|output| output.status.success()) {
        eprintln!("not tested: there is no python3 with nbformat");
        return;
    }
    let validate = "import glob, nbformat\n\
                    for path in glob.glob('*.ipynb'): nbformat.validate(nbformat.read(path, 4))";
    let output = Command::new("python3").args(["-c", validate]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
