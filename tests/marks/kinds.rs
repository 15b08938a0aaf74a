//! The kinds in `tasks` that ask for more than a form or a number, as students answer them (tests/marking/kinds.txt): under
//! the head of a problem a sign (`=` full marks, `0` none, `<` less than full), the format, the questions, the sheet.

use crate::common;

use solve::check::{Key, Marker};
use solve::span::Source;
use solve::syntax::read_submission;
use std::path::Path;

#[test]
fn the_kinds_of_tasks_are_marked_as_they_are_answered() {
    let text = std::fs::read_to_string("tests/marking/kinds.txt").unwrap();
    let mut wrong = Vec::new();
    for table in text.split("#@ ").filter(|table| !table.is_empty()) {
        let (problem, rows) = table.split_once('\n').unwrap();
        let key = Key::new(&common::model_file(Path::new(&format!("problems/{problem}.spec")))).unwrap();
        let mut marker = Marker::new(&key);
        for row in rows.lines().filter(|row| !row.is_empty()) {
            let (head, sheet) = row.split_once(" | ").unwrap();
            let [sign, ending, asked] = <[&str; 3]>::try_from(head.splitn(3, ' ').collect::<Vec<_>>()).unwrap();
            let (name, text) = (format!("sheet.{ending}"), sheet.replace('⏎', "\n"));
            let read = read_submission(&name, text.as_bytes(), &key.vocabulary()).unwrap().remove(0);
            let marks = marker.mark(&read, &Source { name, text });
            for asked in asked.split(',') {
                let answer = marks.answers.iter().find(|answer| answer.name == asked).unwrap();
                let (points, of) = (answer.points.to_f64(), answer.of.to_f64());
                let agrees = match sign {
                    "=" => points == of,
                    "0" => points == 0.0,
                    _ => points < of,
                };
                if !agrees {
                    wrong.push(format!("{problem}: {asked} {points} of {of}, not {sign}: {sheet}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
