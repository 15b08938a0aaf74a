//! The reader of finished pages: the answers of every key, pasted from LaTeX and Markdown into a submission, are right.

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

const PAGES: [Page; 2] = [
    Page { file: "key.tex", style: Style::Latex, formula: |formula| format!("$\\displaystyle {formula}$") },
    Page { file: "key.md", style: Style::Latex, formula: |formula| format!("${}$", escape::dollars(formula)) },
];

/// So many are not read, and this number only falls: `E_{12}`, which says no size, and a parameter
/// after one step, `x = 6.8`, that is taken for the given one.
const NOT_READ: usize = 8;

/// A delta that a page derives elsewhere is right too, and so is the form of what wants a number.
fn is_right(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Correct | Verdict::Underived | Verdict::Unevaluated)
}

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
                // Of several descents of one name a page shows which one it is by where it stands.
                if answer.kind == "descent" && names[..place].contains(&names[place]) {
                    continue;
                }
                // What is to be shown is no answer of its own.
                if common::is_claim(&key.solution().answers[place]) {
                    continue;
                }
                // The lines before an answer of the same name, so that this one is taken for what it answers.
                let before: String = (0..place)
                    .filter(|earlier: &usize| names[*earlier] == names[place])
                    .map(|earlier: usize| {
                        format!(
                            "{} = {}\n\n",
                            names[earlier],
                            plain["answers"][earlier]["plain"].as_str().unwrap_or("0")
                        )
                    })
                    .collect();
                // What a page tells apart by where it stands a sheet tells apart by the answer's whole name.
                let is_alone = answers.iter().filter(|other| other.name == answer.name).count() == 1;
                for line in lines(&page, answer, names[place], is_alone) {
                    compared += 1;
                    let text = format!("{before}{line}\n");
                    let source = Source { name: page.file.to_string(), text: text.clone() };
                    let told = match read_submission(page.file, text.as_bytes(), &vocabulary) {
                        Err(errors) => format!("{:?}", errors.iter().map(|error| &error.message).collect::<Vec<_>>()),
                        Ok(sheets) => match sheets.first().map(|sheet| marker.mark(sheet, &source)) {
                            Some(marks) if is_right(marks.answers[place].verdict) => continue,
                            Some(marks) => {
                                format!("{:?} {:?}", marks.answers[place].verdict, marks.answers[place].remarks)
                            }
                            None => "no answer was found".to_string(),
                        },
                    };
                    faults.push(format!("{} {}: {line}\n    {told}", common::stem(&path), page.file));
                }
            }
        }
    }
    assert!(faults.len() <= NOT_READ, "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 900, "{compared} answers were pasted");
}

/// `name = form` for each form that the page shows of an answer.
fn lines(page: &Page, answer: &AnswerView, name: &str, is_alone: bool) -> Vec<String> {
    let forms = [&answer.form, &answer.expanded, &answer.value].into_iter().flatten();
    match answer.kind {
        // Pages say these in words.
        "shape" | "count" | "fit" => Vec::new(),
        _ if answer.at.is_some() && page.style != Style::Text => Vec::new(),
        _ if answer.at.is_some() => forms.map(|form| format!("{name} = {form}")).collect(),
        _ if !is_alone => forms.map(|form| format!("{name} = {}", (page.formula)(form))).collect(),
        _ => forms.map(|form| (page.formula)(&format!("{} = {form}", answer.name))).collect(),
    }
}
