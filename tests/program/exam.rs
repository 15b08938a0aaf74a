//! `solve exam` and PDFs, as they are called.

use crate::common::binary;

use crate::common::binary::{command, ended, names, run_in};
use solve::render::sheet::is_form_id;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// The shipped exam with its problems.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["q1.spec", "q3.spec", "fit_line.spec", "final.exam", "class.csv"] {
        fs::copy(Path::new("problems").join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Without anything that makes a PDF.
fn bare(folder: &Path, args: &[&str]) -> binary::Ran {
    ended(command(folder, args).env("PATH", "/nowhere").spawn().unwrap())
}

#[test]
fn an_exam_is_written_whole_and_what_is_missing_is_told() {
    let folder = folder();
    bare(folder.path(), &["exam", "final.exam", "-o", "out/"])
        .ended(2)
        .told(&["install LaTeX", "wrote out/paper-A.tex"]);
    let stems = ["key-A", "key-B", "marking-A", "marking-B", "paper-A", "paper-B", "students"];
    let mut expected: Vec<String> =
        stems.iter().flat_map(|stem| ["html", "tex"].map(|ending| format!("{stem}.{ending}"))).collect();
    let notebooks = ["key-A", "key-B", "paper-A", "paper-B"].map(|stem| format!("{stem}.ipynb"));
    expected.extend(notebooks.into_iter().chain(["forms.csv".to_string()]));
    expected.sort();
    assert_eq!(names(&folder.path().join("out")), expected);
    bare(folder.path(), &["exam", "final.exam", "-o", "out/"]).ended(2).told(&["exists already"]);
}

#[test]
fn versions_have_the_same_questions_in_another_order() {
    let folder = folder();
    bare(folder.path(), &["exam", "final.exam", "-o", "out/", "-q"]);
    let order = |name: &str| {
        let text = read(&folder, name);
        let places = ["Autoencoder", "small convolutional", "three points"].map(|title| text.find(title).unwrap());
        let mut order = [0, 1, 2];
        order.sort_by_key(|question| places[*question]);
        order
    };
    assert_ne!(order("out/paper-A.html"), order("out/paper-B.html"));
    assert_eq!(order("out/paper-B.html"), order("out/key-B.html"));
    for name in ["out/paper-A.html", "out/paper-B.html"] {
        let text = read(&folder, name);
        assert!(text.contains("<b>27</b>"), "the total");
        assert!(text.contains("Monday 14 December 2026 (90 minutes)"));
        assert!(!text.contains("402.57") && !text.contains("422.45"), "an answer");
    }
}

#[test]
fn every_student_has_a_sheet_with_a_form_of_its_own() {
    let folder = folder();
    bare(folder.path(), &["exam", "final.exam", "-o", "out/", "-q"]);
    let (forms, sheets) = (read(&folder, "out/forms.csv"), read(&folder, "out/students.html"));
    let rows: Vec<&str> = forms.lines().skip(1).collect();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let (form, rest) = row.split_once(',').unwrap();
        assert!(is_form_id(form), "{form}");
        assert!(sheets.contains(form), "{form}");
        let name = rest.rsplit(',').next().unwrap().trim_matches('"');
        assert!(sheets.contains(name), "{name}");
    }
    assert!(sheets.contains("break-before:right"), "each begins on an odd page");
}

#[test]
fn what_is_wrong_with_an_exam_is_told_at_its_place() {
    let folder = folder();
    let told = |text: &str| {
        fs::write(folder.path().join("x.exam"), text).unwrap();
        bare(folder.path(), &["exam", "x.exam", "-o", "x/"])
    };
    told("exam \"A\"\nuse \"q33.spec\"\n").ended(2).told(&["x.exam:2:5", "did you mean `q3.spec`?"]);
    told("exam \"A\"\nuse \"../q3.spec\"\n").ended(1).told(&["--allow-outside"]);
    told("exam \"A\"\nusee \"q3.spec\"\n").ended(1).told(&["x.exam:2:1", "did you mean `use`?"]);
    told("exam \"A\"\nuse \"q3.spec\" [six points]\n").ended(1).told(&["x.exam:2:16", "[30 points]"]);
    told("exam \"A\"\nuse \"q3.spec\"\nversions 4\n").ended(1).told(&["fewer than 4 orders"]);
    told("exam \"A\"\nuse \"class.csv\"\n").ended(1).told(&["x.exam:2:5", "class.csv:1:1"]);
    told("exam \"A\"\nuse \"q3.spec\"\nclass \"none.csv\"\n").ended(2).told(&["none.csv"]);
    assert!(!folder.path().join("x").exists(), "nothing is written");
}

#[test]
fn several_problems_in_one_file_are_a_plain_paper() {
    let folder = folder();
    run_in(folder.path(), &["q1.spec", "q3.spec", "--sheet", "exam", "-o", "paper.html", "-q"]).ended(0).printed(&[]);
    let text = read(&folder, "paper.html");
    assert!(text.contains("Question 1") && text.contains("Question 2") && text.contains("<b>60</b>"));
    run_in(folder.path(), &["q1.spec", "q3.spec", "-o", "keys.tex", "-q"]).ended(0).printed(&[]);
    assert_eq!(read(&folder, "keys.tex").matches("worked answer").count(), 2);
}

/// Each problem takes its own cells from the notebook of several, also where both ask for a `J`.
#[test]
fn a_notebook_of_several_problems_is_marked_by_each() {
    let folder = folder();
    let own = "problem \"Own\"\ngiven\n  a = 3\nmodel\n  J = 2*a\ntasks\n  compute J [4 points]\n";
    fs::write(folder.path().join("own.spec"), own).unwrap();
    let specs = ["own.spec", "q3.spec", "q1.spec"];
    for (sheet, file) in [("key", "key.ipynb"), ("exam", "paper.ipynb")] {
        run_in(folder.path(), &[&specs[..], &["--sheet", sheet, "-o", file, "-q"]].concat()).ended(0);
    }
    let names = |cell: &serde_json::Value| cell["id"].as_str().unwrap().to_string();
    let cells = binary::json(&read(&folder, "key.ipynb"))["cells"].as_array().unwrap().clone();
    let ids: std::collections::BTreeSet<String> = cells.iter().map(names).collect();
    assert_eq!(ids.len(), cells.len());
    for (spec, points) in [("own.spec", 4.0), ("q3.spec", 30.0), ("q1.spec", 20.0)] {
        for (file, earned) in [("key.ipynb", points), ("paper.ipynb", 0.0)] {
            let ran = run_in(folder.path(), &["check", spec, file, "--format", "json"]);
            let marks = binary::json(&ran.out);
            assert_eq!(marks["submissions"][0]["points"].as_f64(), Some(earned), "{spec} of {file}");
        }
    }
}

#[test]
fn a_pdf_is_the_same_each_time() {
    let folder = folder();
    let made = |file: &str| run_in(folder.path(), &["q3.spec", "-o", file, "--pdf-with", "pdflatex"]);
    if made("a.pdf").code == Some(2) {
        return;
    }
    made("b.pdf").ended(0).told(&["wrote b.pdf with pdflatex"]);
    let [a, b] = ["a.pdf", "b.pdf"].map(|file| fs::read(folder.path().join(file)).unwrap());
    assert!(a.starts_with(b"%PDF") && a == b);
    assert_eq!(names(folder.path()).iter().filter(|name| name.ends_with(".tex")).count(), 0);
    bare(folder.path(), &["q3.spec", "-o", "c.pdf"]).ended(2).told(&["install LaTeX"]);
}

#[test]
fn problems_are_found_by_their_words() {
    let root = Path::new(".");
    run_in(root, &["problems", "autoencoder", "softmax"]).ended(0).printed(&["problems/q1.spec"]);
    assert_eq!(run_in(root, &["problems", "q", "--format", "json"]).code, Some(0));
    run_in(root, &["problems", "--in", "nowhere"]).ended(2).told(&["no such file", "--in"]);
    run_in(root, &["man"]).ended(0).printed(&[".TH solve 1"]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert_eq!(run_in(root, &["completions", shell]).code, Some(0), "{shell}");
    }
}
