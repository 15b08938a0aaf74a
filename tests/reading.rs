//! One right answer in the many forms in which students write it (tests/reading/<problem>/<answer>.<container>), and words
//! that are no answer (`none.…`). The forms in a file are parted by lines with `%%`.

mod common;

use solve::check::{Key, Marker, Marks, Verdict};
use solve::span::Source;
use solve::syntax::read_submission;
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
