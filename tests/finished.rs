//! The reader of finished pages: every answer of every key, pasted from LaTeX, Markdown and text into a submission, is
//! right.

mod common;

use serde_json::Value;
use solve::check::{Key, Marker, Verdict};
use solve::render::document::Edition;
use solve::render::escape;
use solve::render::json::json;
use solve::render::notation::Style;
use solve::render::view::{AnswerView, Viewer};
use solve::span::Source;
use solve::syntax::read_submission;

/// A page that answers are taken from: the file that they are pasted into, the notation, and what a formula stands
/// between.
struct Page {
    file: &'static str,
    style: Style,
    formula: fn(&str) -> String,
}

const PAGES: [Page; 3] = [
    Page { file: "key.tex", style: Style::Latex, formula: |formula| format!("$\\displaystyle {formula}$") },
    Page { file: "key.md", style: Style::Latex, formula: |formula| format!("${}$", escape::dollars(formula)) },
    Page { file: "key.txt", style: Style::Text, formula: str::to_string },
];

#[test]
fn every_answer_can_be_pasted_back() {
    let (mut faults, mut compared) = (Vec::new(), 0);
    for path in common::problems() {
        let key = Key::new(&common::model_file(&path)).unwrap();
        let (mut marker, vocabulary) = (Marker::new(&key), key.vocabulary());
        let plain: Value = serde_json::from_str(&json(key.solution())).unwrap();
        let names: Vec<&String> = key.questions().map(|question| &question.name).collect();
        for page in PAGES {
            let answers = Viewer::new(key.solution(), page.style, Edition::Student).page(None).answers;
            for (place, answer) in answers.iter().enumerate() {
                // The lines before an answer of the same name, so that this one is taken for what it answers.
                let before: String = (0..place)
                    .filter(|earlier| names[*earlier] == names[place])
                    .map(|earlier: usize| format!("{} = {}\n\n", names[earlier], plain["answers"][earlier]["plain"].as_str().unwrap_or("0")))
                    .collect();
                for line in lines(&page, answer, names[place]) {
                    compared += 1;
                    let text = format!("{before}{line}\n");
                    let source = Source { name: page.file.to_string(), text: text.clone() };
                    let told = match read_submission(page.file, text.as_bytes(), &vocabulary) {
                        Err(errors) => format!("{:?}", errors.iter().map(|error| &error.message).collect::<Vec<_>>()),
                        Ok(sheets) => match sheets.first().map(|sheet| marker.mark(sheet, &source)) {
                            Some(marks) if marks.answers[place].verdict == Verdict::Correct => continue,
                            Some(marks) => format!("{:?} {:?}", marks.answers[place].verdict, marks.answers[place].remarks),
                            None => "no answer was found".to_string(),
                        },
                    };
                    faults.push(format!("{} {}: {line}\n    {told}", common::stem(&path), page.file));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 2000, "{compared} answers were pasted");
}

/// `name = form` for each form that the page shows of an answer.
fn lines(page: &Page, answer: &AnswerView, name: &str) -> Vec<String> {
    let forms = [&answer.form, &answer.expanded, &answer.value].into_iter().flatten();
    match answer.kind {
        "shape" => Vec::new(),
        // Such answers have no sign of their own on the page, or one that says for which data.
        _ if answer.name.is_empty() || answer.at.is_some() => {
            forms.map(|form| format!("{name} = {}", (page.formula)(form))).collect()
        }
        _ => forms.map(|form| (page.formula)(&format!("{} = {form}", answer.name))).collect(),
    }
}
