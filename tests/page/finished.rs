//! The reader of finished pages: the answers of every key, pasted from LaTeX, Markdown, text and JSON into a submission,
//! are right, every step of a random model is read back as what it says, and no format leaves out what another tells.

use crate::common;

use serde_json::Value;
use solve::check::{Claim, Key, Marker, Verdict};
use solve::render::document::{Edition, Format, Layout};
use solve::render::escape;
use solve::render::json::json;
use solve::render::mathml::mathml;
use solve::render::notation::Style;
use solve::render::render;
use solve::render::view::{AnswerView, SectionBody, Viewer};
use solve::span::Source;
use solve::syntax::{Vocabulary, read_submission};
use std::collections::{BTreeMap, BTreeSet};

/// A page that answers are taken from: the file that they are pasted into, the notation, and what a formula stands
/// between.
struct Page {
    file: &'static str,
    style: Style,
    formula: fn(&str) -> String,
}

const PAGES: [Page; 3] = [
    Page { file: "key.tex", style: Style::Latex, formula: |formula| format!("$\\displaystyle {formula}$") },
    Page { file: "key.txt", style: Style::Text, formula: str::to_string },
    Page { file: "key.md", style: Style::Latex, formula: |formula| format!("${}$", escape::dollars(formula)) },
];

/// So many are not read, and of so many answers no more: `E_{12}`, which says no size, a parameter after one step,
/// `x = 6.8`, that is taken for the given one, and of text what stands after so many steps, `a(10)`, Hessians and sums over
/// an index.
const NOT_READ: usize = 50;

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
                        let plain = plain["answers"][earlier]["plain"].as_str().unwrap_or("0");
                        let own = lines(&page, &answers[earlier], names[earlier], false).into_iter().next();
                        format!("{}\n\n", own.unwrap_or_else(|| format!("{} = {plain}", names[earlier])))
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

/// What is asked for is no name of the student's own: a plain line and a formula answer two questions of one name.
#[test]
fn a_plain_line_and_a_formula_of_one_name_are_two_answers() {
    let key = Key::new(&common::model_file("problems/convolution/depthwise_separable.spec".as_ref())).unwrap();
    let (mut marker, vocabulary) = (Marker::new(&key), key.vocabulary());
    for (place, question) in key.questions().enumerate().filter(|(_, question)| question.name.starts_with("macs")) {
        let text = "macs = 1179648\n\nmacs = $204800$\n";
        assert_eq!(verdict(&mut marker, &vocabulary, "key.md", text, place), None, "{}", question.name);
    }
}

/// The answers of JSON, put into a submission of that format.
#[test]
fn every_answer_of_json_can_be_pasted_back() {
    let (mut faults, mut compared) = (Vec::new(), 0);
    for path in common::problems() {
        let key = Key::new(&common::model_file(&path)).unwrap();
        let (mut marker, vocabulary) = (Marker::new(&key), key.vocabulary());
        let printed: Value = serde_json::from_str(&json(key.solution())).unwrap();
        let names: Vec<&String> = key.questions().map(|question| &question.name).collect();
        for (place, name) in names.iter().enumerate() {
            let alone = names.iter().filter(|other| other == &name).count() == 1;
            if !alone || common::is_claim(&key.solution().answers[place]) {
                continue;
            }
            for form in ["plain", "expanded"] {
                let Some(text) = printed["answers"][place][form].as_str() else { continue };
                compared += 1;
                let text = serde_json::json!({ name.as_str(): text }).to_string();
                let told = verdict(&mut marker, &vocabulary, "key.json", &text, place);
                faults.extend(told.map(|told| format!("{}: {text}\n    {told}", common::stem(&path))));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared}:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 400, "{compared} answers were pasted");
}

/// What is said of the answer at a place of a submission, unless it is right.
fn verdict(marker: &mut Marker, vocabulary: &Vocabulary, file: &str, text: &str, place: usize) -> Option<String> {
    let source = Source { name: file.to_string(), text: text.to_string() };
    match read_submission(file, text.as_bytes(), vocabulary) {
        Err(errors) => Some(format!("{:?}", errors.iter().map(|error| &error.message).collect::<Vec<_>>())),
        Ok(sheets) => match sheets.first().map(|sheet| marker.mark(sheet, &source)) {
            Some(marks) if is_right(marks.answers[place].verdict) => None,
            Some(marks) => Some(format!("{:?} {:?}", marks.answers[place].verdict, marks.answers[place].remarks)),
            None => Some("no answer was found".to_string()),
        },
    }
}

/// Of the stored random models every so many by default; `SOLVE_MORE` takes all.
const EVERY: usize = 48;

/// Of a hundred steps so many can't be read yet, and this number only falls: gradients of slices and of extremes, which
/// are written as calls of their own.
const UNREAD_STEPS: usize = 15;

/// Every step of the backward pass of random models, as LaTeX and Markdown have it, is a line that follows.
#[test]
fn the_steps_of_random_models_are_read_back() {
    let every = if std::env::var("SOLVE_MORE").is_ok() { 1 } else { EVERY };
    let stored = std::fs::read_to_string("tests/figures/random_models.jsonl").unwrap();
    let (mut faults, mut compared) = (Vec::new(), 0);
    for line in stored.lines().step_by(every) {
        let case: Value = serde_json::from_str(line).unwrap();
        let derived: Vec<String> =
            case["gradients"].as_object().unwrap().keys().map(|name| format!("d{name}")).collect();
        let text = case["text"].as_str().unwrap();
        let text = format!("problem \"R\" \"Random\"\n\n{text}\ntasks\n  derive {} of L\n", derived.join(", "));
        let spec = solve::syntax::read_spec(&text).unwrap().value;
        let key = Key::new(&solve::lower::lower(&spec).unwrap().model).unwrap();
        let (mut marker, vocabulary) = (Marker::new(&key), key.vocabulary());
        for page in PAGES.iter().filter(|page| page.style == Style::Latex) {
            let viewed = Viewer::new(key.solution(), page.style, Edition::Student).page(None);
            let named = viewed.notation.generated.iter().map(|own| format!("{} = {}", own.name, own.form));
            let steps = viewed.sections.iter().flat_map(|section| match &section.body {
                SectionBody::Gradients { losses, .. } => losses.iter().flat_map(|loss| &loss.rows).collect(),
                _ => Vec::new(),
            });
            let cells = steps.flat_map(|row| &row.cells).map(|cell| format!("{} = {}", cell.name, cell.result));
            let lines: Vec<String> = named.chain(cells).map(|line| (page.formula)(&line)).collect();
            compared += lines.len();
            let text = lines.join("\n\n");
            let source = Source { name: page.file.to_string(), text: text.clone() };
            let sheets = read_submission(page.file, text.as_bytes(), &vocabulary).unwrap();
            let marks = marker.mark(&sheets[0], &source);
            // What the loss does not depend on has no step.
            let wrong = marks
                .answers
                .iter()
                .filter(|answer| answer.verdict != Verdict::Missing && !is_right(answer.verdict))
                .map(|answer| format!("{} is {:?}: {:?}", answer.name, answer.verdict, answer.remarks));
            let lines = marks.answers.iter().flat_map(|answer| &answer.lines);
            let apart =
                lines.filter(|line| line.claim != Claim::Follows).map(|line| format!("{:?} {}", line.claim, line.read));
            let unread = marks.unread.iter().map(|line| format!("unread: {line:?}"));
            let own = wrong.chain(apart).chain(unread);
            faults.extend(own.map(|fault| format!("{} {}: {fault}", case["seed"], page.file)));
        }
    }
    assert!(
        faults.len() * 100 <= UNREAD_STEPS * compared,
        "{} of {compared}:\n{}",
        faults.len(),
        faults[..faults.len().min(40)].join("\n")
    );
    assert!(compared > 20 * 2400 / every / 48, "{compared} lines were compared");
}

/// What the formats' pages hold besides what all of them tell: where one shows a thing otherwise, and why.
const TOLD_OTHERWISE: &[(&str, &str)] = &[
    (".answers.name: not in LaTeX, Markdown, HTML", "what is to be shown has a name on paper only"),
    (".answers.shape: not in Markdown", "beside a matrix whose entries are written out"),
    (".given.shape", "beside a value LaTeX and HTML write it under the picture"),
    (".sections.minimum.gradients.form: not in HTML", "it ends in `= 0`, in one formula"),
    (".sections.grid.legend.first", "the picture is drawn in LaTeX and HTML"),
    (".sections.losses.laws.proof", "words and formulas mixed, which each format parts"),
    (".sections.losses.rows.because.uses: not in Markdown", "the line stands among the problem's, aligned"),
];

/// Every formula and number that one format's key shows stands in those of the others.
#[test]
fn all_formats_tell_the_same() {
    let mut apart: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in common::problems() {
        let solution = common::solve_file(&path);
        let pages = [Style::Latex, Style::Text]
            .map(|style| serde_json::to_value(Viewer::new(&solution, style, Edition::Student).page(None)).unwrap());
        let shown = |format: Format| {
            let layout =
                Layout { format, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
            squeezed(&render(&solution, &layout).unwrap().text)
        };
        let [latex, markdown, html, text] = [Format::Latex, Format::Markdown, Format::Html, Format::Text].map(shown);
        // Where a line may break LaTeX has its formula in links.
        let latex = latex.replace("}\\solvelink{", "");
        walk(&pages[0], &pages[1], &mut String::new(), &mut |place, formula, written| {
            // The first member of a chain stands with what it is equal to.
            let member = formula.strip_prefix("= ").unwrap_or(formula);
            let shown = [
                ("LaTeX", latex.contains(&squeezed(formula))),
                ("Markdown", markdown.contains(&squeezed(&escape::dollars(formula)))),
                (
                    "HTML",
                    formula.len() > LONG
                        || [false, true].iter().any(|own| html.contains(&squeezed(&inner(&mathml(member, *own))))),
                ),
                // A matrix is drawn over several lines.
                ("text", formula.contains("bmatrix") || text.contains(&squeezed(written))),
            ];
            let missing: Vec<&str> = shown.iter().filter(|(_, shown)| !shown).map(|(format, _)| *format).collect();
            if !missing.is_empty() && missing.len() < 4 {
                let told = format!("{} {formula}", common::stem(&path));
                apart.entry(format!("{place}: not in {}", missing.join(", "))).or_default().insert(told);
            }
        });
    }
    apart.retain(|place, _| !TOLD_OTHERWISE.iter().any(|(known, _)| place.starts_with(known)));
    let told: Vec<String> =
        apart.iter().map(|(place, all)| format!("{place} ({}): {}", all.len(), all.iter().next().unwrap())).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// A longer formula may break in HTML.
const LONG: usize = 80;

/// Without spaces and line ends, which formats set in their own ways.
fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// MathML without the element around it.
fn inner(mathml: &str) -> String {
    let from = mathml.find("<mrow>").or(mathml.find('>')).map_or(0, |place| place + 1);
    mathml[from..mathml.rfind("</math>").unwrap_or(mathml.len())].to_string()
}

/// Every formula of two pages that are one but for the notation, with its place in them.
fn walk(latex: &Value, text: &Value, place: &mut String, each: &mut dyn FnMut(&str, &str, &str)) {
    match (latex, text) {
        (Value::String(formula), Value::String(written)) if formula.len() > 2 && formula != written => {
            each(place, formula, written);
        }
        (Value::Array(all), Value::Array(others)) => {
            all.iter().zip(others).for_each(|(one, other)| walk(one, other, place, each));
        }
        (Value::Object(all), Value::Object(others)) => {
            for (name, one) in all {
                let length = place.len();
                place.push_str(&format!(".{name}"));
                walk(one, &others[name], place, each);
                place.truncate(length);
            }
        }
        _ => {}
    }
}

/// A rule's own letters are no names of the problem.
#[test]
fn rules_have_letters_of_their_own() {
    let mut faults = Vec::new();
    let mut stated = 0;
    for path in common::problems() {
        let solution = common::solve_file(&path);
        let page = Viewer::new(&solution, Style::Text, Edition::Student).page(None);
        let losses = page.sections.iter().flat_map(|section| match &section.body {
            SectionBody::Gradients { losses, .. } | SectionBody::Update { losses, .. } => losses.as_slice(),
            _ => &[],
        });
        for law in losses.flat_map(|loss| &loss.laws) {
            stated += 1;
            let taken = |letter: &&String| {
                *letter != "L" && (solution.model.names.contains_key(*letter) || solution.model.dims.contains(letter))
            };
            faults.extend(
                law.letters
                    .iter()
                    .find(taken)
                    .map(|letter| format!("{}: {} calls something {letter}", common::stem(&path), law.title)),
            );
        }
    }
    assert!(faults.is_empty(), "{} of {stated}:\n{}", faults.len(), faults.join("\n"));
    assert!(stated > 200, "{stated} rules were stated");
}
