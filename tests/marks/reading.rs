//! One right answer in the many forms in which students write it (tests/reading/<problem>/<answer>.<container>), and words
//! that are no answer (`none.…`). The forms in a file are parted by lines with `%%`.

use crate::common;

use solve::check::{Key, Marker, Marks, Verdict};
use solve::span::Source;
use solve::syntax::read_submission;
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn a_right_answer_is_right_in_every_form() {
    let mut faults = Vec::new();
    let mut count = 0;
    for problem in ["q1"] {
        let folder = format!("tests/reading/{problem}");
        let key = Key::new(&common::model_file(Path::new(&format!("problems/{problem}.spec")))).unwrap();
        let mut marker = Marker::new(&key);
        let vocabulary = key.vocabulary();
        for ending in ["ans", "tex", "md", "json"] {
            for file in common::files(&folder, ending) {
                let answer = file.file_stem().unwrap().to_str().unwrap().to_owned();
                let all = std::fs::read_to_string(&file).unwrap();
                for form in all.split("\n%%\n") {
                    count += 1;
                    let name = format!("sheet.{ending}");
                    let sheet = read_submission(&name, form.as_bytes(), &vocabulary).unwrap().remove(0);
                    let marks = marker.mark(&sheet, &Source { name, text: form.to_owned() });
                    if let Some(fault) = fault(&marks, &answer) {
                        faults.push(format!("{}: {form}\n    {fault}", file.display()));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {count} forms:\n{}", faults.len(), faults.join("\n"));
    assert!(count > 250, "{count} forms");
}

/// What is wrong with the marks, where one answer should be right and no other is given.
fn fault(marks: &Marks, answer: &str) -> Option<String> {
    let unread = |verdict| matches!(verdict, Verdict::Missing | Verdict::Unreadable);
    let wrong = marks.answers.iter().find(|own| match answer {
        "none" => !unread(own.verdict),
        _ => own.name == answer && own.verdict != Verdict::Correct,
    })?;
    Some(format!("{} is {:?}: {:?}", wrong.name, wrong.verdict, wrong.remarks))
}

/// Sheets as students hand them in, with words, first tries and several answers to a line (tests/reading/sheets/): the
/// verdicts are a marker's who reads them.
#[test]
fn whole_sheets_are_read_as_a_marker_reads_them() {
    let (mut faults, mut compared) = (Vec::new(), 0);
    for file in common::files("tests/reading/sheets", "json") {
        let sheets: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for sheet in sheets.as_array().unwrap() {
            let [problem, name, text] = ["problem", "file", "text"].map(|field| sheet[field].as_str().unwrap());
            let folder = if problem.starts_with("tests/") { "" } else { "problems/" };
            let key = Key::new(&common::model_file(Path::new(&format!("{folder}{problem}.spec")))).unwrap();
            let read = read_submission(name, text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
            let source = Source { name: name.to_owned(), text: text.to_owned() };
            let marks = Marker::new(&key).mark(&read, &source);
            for (answer, expected) in sheet["expect"].as_object().unwrap() {
                compared += 1;
                let own = marks.answers.iter().find(|own| own.name == *answer);
                let found = own.map(|own| own.verdict);
                // What is wrong may cost the whole or a part.
                let same = match expected.as_str().unwrap() {
                    "correct" => found == Some(Verdict::Correct),
                    "missing" => found == Some(Verdict::Missing),
                    "unevaluated" => found == Some(Verdict::Unevaluated),
                    "wrong" => matches!(found, Some(Verdict::Wrong | Verdict::Partial | Verdict::FollowThrough)),
                    other => panic!("no verdict: {other}"),
                };
                if !same {
                    let remarks = own.map(|own| &own.remarks);
                    faults.push(format!("{problem}: {answer} is {found:?}, not {expected}: {remarks:?}\n{text}\n"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared} verdicts:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 250, "{compared} verdicts");
}

/// Answers as they stand in whole write-ups, beside other problems and in code, tables and prose
/// (tests/reading/writeups.txt): right ones, wrong ones, and what must be said to be unreadable.
#[test]
fn write_ups_are_read_where_their_answers_stand() {
    let all = std::fs::read_to_string("tests/reading/writeups.txt").unwrap();
    let mut keys: BTreeMap<String, Key> = BTreeMap::new();
    let q1 = common::model_file(Path::new("problems/q1.spec"));
    keys.insert("q1".to_owned(), Key::new(&q1).unwrap());
    let (mut faults, mut compared) = (Vec::new(), 0);
    for case in all.split("\n== ").skip(1) {
        let (head, text) = case.split_once('\n').unwrap();
        if let Some(name) = head.strip_prefix("spec ") {
            let model = common::model_beside(text, Path::new(".")).unwrap();
            keys.insert(name.to_owned(), Key::new(&model).unwrap());
            continue;
        }
        let (place, expected) = head.split_once(" | ").unwrap();
        let (problem, container) = place.split_once(' ').unwrap();
        let (key, name) = (&keys[problem], format!("sheet.{container}"));
        let read = read_submission(&name, text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
        let marks = Marker::new(key).mark(&read, &Source { name, text: text.to_owned() });
        for expected in expected.split("; ") {
            let (answer, verdict) = expected.rsplit_once(' ').unwrap();
            let own = marks.answers.iter().find(|own| own.name == answer);
            let own = own.unwrap_or_else(|| panic!("{answer} of {head}"));
            let found = serde_json::to_value(own.verdict).unwrap();
            compared += 1;
            if found != verdict && !(verdict == "wrong" && found == "partial") {
                faults.push(format!("{head}\n{text}\n    {answer} is {found}: {:?}", own.remarks));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared} verdicts:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 80, "{compared} verdicts");
}
