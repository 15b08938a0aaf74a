//! Our own sheets, handed in as they were handed out: nothing of them is an answer. `BLANKS=1 cargo test --test marks --
//! blank_sheets::` tries every shipped problem.

use crate::common;
use crate::common::binary::{json, run_in};
use serde_json::Value;

/// Every so many problems, where not all are tried.
const STRIDE: usize = 23;

#[test]
fn an_empty_sheet_answers_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stride = if std::env::var_os("BLANKS").is_some() { 1 } else { STRIDE };
    for path in common::problems().into_iter().step_by(stride) {
        let spec = std::fs::canonicalize(&path).unwrap().display().to_string();
        for ending in ["md", "tex", "txt", "ipynb"] {
            let sheet = format!("{}.{ending}", path.file_stem().unwrap().display());
            run_in(folder.path(), &[&spec, "--sheet", "exam", "-o", &sheet, "--quiet", "--force"]).ended(0);
            let marks = run_in(folder.path(), &["check", &spec, &sheet, "--format", "json"]);
            // What has no question in writing can't be marked at all.
            if marks.err.contains("nothing is asked for") || marks.out.contains("E-nothing-asked") {
                continue;
            }
            let marks: Value = json(&marks.out);
            let handed_in = &marks["submissions"][0];
            for answer in handed_in["answers"].as_array().unwrap_or_else(|| panic!("{sheet}: {marks}")) {
                assert_eq!(answer["verdict"], "missing", "{sheet}: {answer}");
            }
            assert_eq!(handed_in["unreadable"].as_array().map_or(0, Vec::len), 0, "{sheet}: {handed_in}");
        }
    }
}

#[test]
fn what_is_written_into_a_sheet_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let spec = std::fs::canonicalize("problems/slope.spec").unwrap().display().to_string();
    run_in(folder.path(), &[&spec, "--sheet", "exam", "-o", "slope.md", "--quiet"]).ended(0);
    let blank = std::fs::read_to_string(folder.path().join("slope.md")).unwrap();
    let room = blank.lines().find(|line| line.starts_with("$a=$")).expect("there is room for the step");
    std::fs::write(folder.path().join("ada.md"), blank.replace(room, "$a = 2.8$")).unwrap();
    let marks = json(&run_in(folder.path(), &["check", &spec, "ada.md", "--format", "json"]).out);
    let answers = marks["submissions"][0]["answers"].as_array().unwrap().clone();
    let step = answers.iter().find(|answer| answer["name"] == "update a").unwrap();
    assert_ne!(step["verdict"], "missing", "{step}");
}
