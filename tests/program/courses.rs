//! What course systems take: every shipped problem is read back as the system reads it, where the key's own answers earn
//! everything and wrong ones nothing.

use crate::common;

use crate::common::binary::{json, run_in};
use serde_json::Value;
use solve::answer::Solution;
use solve::render::course::{self, Item, Reply};
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

struct Shipped {
    name: String,
    path: PathBuf,
    item: Item,
    key: Value,
}

/// Every shipped problem, once for all tests.
fn shipped() -> &'static [Shipped] {
    static ALL: OnceLock<Vec<Shipped>> = OnceLock::new();
    ALL.get_or_init(|| {
        let one = |path: PathBuf| {
            let solution = common::solve_file(&path);
            let name = common::stem(&path).replace('/', "-");
            Shipped { item: course::item(&solution, &name).unwrap(), key: key(&solution), name, path }
        };
        common::problems().into_iter().map(one).collect()
    })
}

fn key(solution: &Solution) -> Value {
    let layout =
        Layout { format: Format::Json, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
    json(&render(solution, &layout).unwrap().text)
}

/// All numbers of a value of the JSON contract.
fn numbers(value: &Value, all: &mut Vec<f64>) {
    match value {
        Value::Number(number) => all.extend(number.as_f64()),
        Value::String(text) => {
            let (above, below) = text.split_once('/').unwrap_or((text, "1"));
            all.push(above.parse::<f64>().unwrap() / below.parse::<f64>().unwrap());
        }
        Value::Array(parts) => parts.iter().for_each(|part| numbers(part, all)),
        Value::Null | Value::Bool(_) | Value::Object(_) => {}
    }
}

/// What has to be typed for full marks, task by task, from the JSON of the key: the numbers, and whether statements hold.
fn right(shipped: &Shipped) -> Vec<f64> {
    let is_typed = |task: usize| {
        shipped.item.parts.iter().any(|part| part.number == task && !matches!(part.reply, Reply::Essay { .. }))
    };
    let mut all = Vec::new();
    for answer in shipped.key["answers"].as_array().unwrap() {
        if is_typed(answer["task"].as_u64().unwrap() as usize) {
            match (&answer["holds"], answer["kind"].as_str()) {
                (Value::Bool(holds), _) => all.push(f64::from(u8::from(*holds))),
                (_, Some("shape")) => numbers(&answer["shape"], &mut all),
                _ => numbers(&answer["value"], &mut all),
            }
        }
    }
    all
}

/// A box as Moodle reads it: its weight, the right number and how far from it a reply may lie.
fn boxes(xml: &str) -> Vec<[f64; 3]> {
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("{text}"));
    let read = |rest: &str| {
        let (inside, _) = rest.split_once('}')?;
        let parts: Vec<&str> = inside.split(':').collect();
        match parts[..] {
            [weight, "NUMERICAL", value, tolerance] => {
                Some([number(weight), number(value.strip_prefix('=')?), number(tolerance)])
            }
            [weight, "MULTICHOICE", choices] => {
                let right = choices.split('~').position(|choice| choice.starts_with('=')).unwrap();
                Some([number(weight), 1.0 - right as f64, 0.0])
            }
            _ => None,
        }
    };
    xml.split('{').filter_map(read).collect()
}

#[test]
fn what_moodle_takes_is_marked_as_the_key_is() {
    let mut typed = 0;
    for shipped in shipped() {
        let xml = course::moodle(std::slice::from_ref(&shipped.item)).unwrap();
        assert_well_formed(&shipped.name, &xml);
        let (boxes, right) = (boxes(&xml), right(shipped));
        assert_eq!(boxes.len(), right.len(), "{}", shipped.name);
        for ([weight, value, tolerance], right) in boxes.iter().zip(&right) {
            // A decimal number is as near as doubles are.
            let bound = tolerance + 1e-12 * right.abs();
            assert!((value - right).abs() <= bound && *weight >= 0.0, "{}: {value} for {right}", shipped.name);
            let wrong = [right + 1.0_f64.max(right.abs()), -right, 0.1 * right].map(|wrong| (value - wrong).abs());
            // Of small numbers the third decimal place says nothing.
            let is_told = |off: &f64| *off > *tolerance || right.abs() < 0.1;
            assert!(wrong.iter().all(is_told) && wrong[0] > *tolerance, "{}: {tolerance} of {right}", shipped.name);
        }
        typed += boxes.len();
        let questions =
            xml.matches("<question type=\"cloze\">").count() + xml.matches("<question type=\"essay\">").count();
        assert!(questions > 0, "{}", shipped.name);
    }
    assert!(typed > 900, "{typed}");
}

#[test]
fn text_that_moodle_would_take_for_a_box_is_refused() {
    let text = "problem \"P\" \"T\"\n\"\"\"\nWrite {1:NUMERICAL:=2:0}.\n\"\"\"\ngiven\n  a = 2\nmodel\n  b = a^2\ntasks\n  compute b\n";
    let item = course::item(&common::solve_text(text).unwrap(), "p").unwrap();
    assert!(course::moodle(&[item]).unwrap_err().message.contains("for a box"));
}

/// Tags that close in the order in which they open, and nothing that is no entity.
fn assert_well_formed(name: &str, xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find(['<', '&']) {
        rest = &rest[start..];
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            rest = &data[data.find("]]>").unwrap_or_else(|| panic!("{name}: {data:.80}")) + 3..];
            continue;
        }
        if rest.starts_with('&') {
            let entity = rest[1..].split(';').next().unwrap();
            let known = ["amp", "lt", "gt", "quot"].contains(&entity) || entity.starts_with('#');
            assert!(known, "{name}: {rest:.80}");
            rest = &rest[1..];
            continue;
        }
        let end = rest.find('>').unwrap_or_else(|| panic!("{name}: {rest:.80}"));
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let word = tag.trim_start_matches('/').split(|c: char| c.is_whitespace() || c == '/').next().unwrap();
        match tag {
            _ if tag.starts_with(['?', '!']) || tag.ends_with('/') => {}
            _ if tag.starts_with('/') => assert_eq!(open.pop(), Some(word), "{name}: before {rest:.80}"),
            _ => open.push(word),
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
}

/// The documented fields of Gradescope's results, of the whole and of a test.
const FIELDS: [&[&str]; 2] = [
    &[
        "score",
        "execution_time",
        "output",
        "output_format",
        "test_output_format",
        "test_name_format",
        "visibility",
        "stdout_visibility",
        "extra_data",
        "tests",
        "leaderboard",
    ],
    &[
        "score",
        "max_score",
        "status",
        "name",
        "name_format",
        "number",
        "output",
        "output_format",
        "tags",
        "visibility",
        "extra_data",
    ],
];

fn assert_documented(value: &Value, fields: &[&str]) {
    value.as_object().unwrap().keys().for_each(|field| assert!(fields.contains(&field.as_str()), "{field}"));
}

/// The results of the packed autograder for one student's files, in the folders that Gradescope has.
fn autograded(home: &Path, files: &[(&str, &[u8])]) -> Value {
    for folder in ["submission", "results"] {
        let _ = std::fs::remove_dir_all(home.join(folder));
        std::fs::create_dir(home.join(folder)).unwrap();
    }
    for (name, content) in files {
        std::fs::write(home.join("submission").join(name), content).unwrap();
    }
    let script = home.join("source/run_autograder");
    let status = Command::new(script).env("AUTOGRADER", home).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.unwrap().success());
    let results = json(&std::fs::read_to_string(home.join("results/results.json")).unwrap());
    assert_documented(&results, FIELDS[0]);
    let tests = results["tests"].as_array().unwrap();
    tests.iter().for_each(|test| assert_documented(test, FIELDS[1]));
    let sum: f64 = tests.iter().map(|test| test["score"].as_f64().unwrap()).sum();
    assert!((sum - results["score"].as_f64().unwrap()).abs() < 1e-6, "{results}");
    results
}

#[cfg(unix)]
#[test]
fn the_autograder_marks_as_gradescope_runs_it() {
    for (problem, points, wrong) in [("q1", 20.0, "dW1 = X\ndb1 = b1\ndW2 = W2\n"), ("fit_line", 6.0, "da = 1000\n")] {
        let home = tempfile::tempdir().unwrap();
        let shipped = shipped().iter().find(|shipped| shipped.name == problem).unwrap();
        let spec = std::fs::canonicalize(&shipped.path).unwrap();
        let export = |output: &str| {
            run_in(home.path(), &["export", "gradescope", spec.to_str().unwrap(), "-o", output, "--force"]).ended(0);
        };
        export("source/");
        export("all.zip");
        assert_packed(&home.path().join("all.zip"), &home.path().join("source"));
        let mut own = String::new();
        for answer in shipped.key["answers"].as_array().unwrap() {
            let text = answer["expanded"].as_str().or(answer["plain"].as_str()).unwrap();
            let at: Vec<String> = answer["at"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            let at = if at.is_empty() { String::new() } else { format!(" at {}", at.join(", ")) };
            own += &format!("{}{at} = {text}\n", answer["name"].as_str().unwrap());
        }
        let results = autograded(home.path(), &[("mine.ans", own.as_bytes())]);
        assert_eq!(results["score"].as_f64(), Some(points), "{own}\n{results:#}");
        assert!(results.get("visibility").is_none(), "the assignment says when results are shown");
        // What one student hands in together is one submission.
        let lines: Vec<&str> = own.split_inclusive('\n').collect();
        let (first, second) = lines.split_at(2);
        let parts = [("a.ans", first.concat()), ("b.ans", second.concat())];
        let parts = parts.each_ref().map(|(name, text)| (*name, text.as_bytes()));
        assert_eq!(autograded(home.path(), &parts)["score"].as_f64(), Some(points));
        assert_eq!(autograded(home.path(), &[("mine.ans", wrong.as_bytes())])["score"].as_f64(), Some(0.0));
        let results = autograded(home.path(), &[("scan.pdf", b"%PDF-1.4\n\x00\x01")]);
        let said = results["output"].as_str().unwrap();
        assert!(said.starts_with("a PDF, which holds no text") && !said.contains("scan.pdf"), "{said}");
        assert_eq!(results["score"].as_f64(), Some(0.0));
        assert_eq!(autograded(home.path(), &[])["score"].as_f64(), Some(0.0));
    }
}

/// The zip holds the files of the folder.
fn assert_packed(zip: &Path, folder: &Path) {
    let bytes = std::fs::read(zip).unwrap();
    let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let mut entries = archive.entries();
    let mut packed = BTreeSet::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let name = entry.file_path().try_normalize().unwrap().as_ref().to_string();
        let inside = archive.get_entry(entry.wayfinder()).unwrap();
        let mut content = Vec::new();
        let unpacked = flate2::bufread::DeflateDecoder::new(inside.data());
        std::io::copy(&mut inside.verifying_reader(unpacked), &mut content).unwrap();
        assert!(content == std::fs::read(folder.join(&name)).unwrap(), "{name}");
        packed.insert(name);
    }
    let all: BTreeSet<String> =
        walk(folder).iter().map(|path| path.strip_prefix(folder).unwrap().display().to_string()).collect();
    assert_eq!(packed, all);
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

/// What stands in the first element of this name, and what follows.
fn element<'x>(xml: &'x str, tag: &str) -> Option<(&'x str, &'x str)> {
    let begin = xml.find(&format!("<{tag} ")).or_else(|| xml.find(&format!("<{tag}>")))?;
    let end = format!("</{tag}>");
    let length = xml[begin..].find(&end)?;
    Some((&xml[begin..begin + length], &xml[begin + length + end.len()..]))
}

fn elements<'x>(xml: &'x str, tag: &str) -> Vec<&'x str> {
    let (mut all, mut rest) = (Vec::new(), xml);
    while let Some((one, after)) = element(rest, tag) {
        all.push(one);
        rest = after;
    }
    all
}

fn attribute<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    xml.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

fn value(xml: &str) -> &str {
    element(xml, "value").map_or("", |(inside, _)| inside.trim_start_matches("<value>"))
}

/// The score that the response processing of a QTI item gives to replies, by the operators that the standard defines.
fn played(xml: &str, reply: impl Fn(usize, &str) -> String) -> f64 {
    let declared: Vec<(&str, &str)> = xml
        .split("<responseDeclaration")
        .filter(|one| one.contains("<correctResponse>"))
        .map(|one| (attribute(one, "identifier").unwrap(), value(one)))
        .collect();
    let mut score = 0.0;
    for condition in elements(xml, "responseCondition") {
        let id = attribute(condition, "identifier").unwrap();
        let place = declared.iter().position(|(own, _)| *own == id).unwrap();
        let (given, right) = (reply(place, declared[place].1), declared[place].1);
        let number = |text: &str| text.parse::<f64>().unwrap();
        let holds = match attribute(condition, "toleranceMode") {
            None => given == right,
            Some("exact") => number(&given) == number(right),
            Some(_) => {
                let bound = attribute(condition, "tolerance").unwrap().split(' ').next().map(number).unwrap();
                (number(&given) - number(right)).abs() <= bound
            }
        };
        let points = condition.split("<baseValue baseType=\"float\">").nth(1).unwrap().split('<').next().unwrap();
        score += if holds { number(points) } else { 0.0 };
    }
    score
}

#[test]
fn qti_gives_all_for_the_key_and_nothing_for_wrong_replies() {
    for shipped in shipped() {
        let files = course::qti(std::slice::from_ref(&shipped.item)).unwrap();
        let texts: Vec<&str> = files.iter().map(|file| std::str::from_utf8(&file.content).unwrap()).collect();
        texts.iter().for_each(|text| assert_well_formed(&shipped.name, text));
        let (xml, right) = (texts[1], right(shipped));
        let most: f64 = elements(xml, "outcomeDeclaration").last().map(|one| value(one).parse().unwrap()).unwrap();
        let key = |place: usize, own: &str| match own {
            "holds" | "not" => if right[place] == 1.0 { "holds" } else { "not" }.to_string(),
            _ => right[place].to_string(),
        };
        let wrong = |place: usize, own: &str| match own {
            "holds" => "not".to_string(),
            "not" => "holds".to_string(),
            _ => (right[place] + 1.0_f64.max(right[place].abs())).to_string(),
        };
        assert!((played(xml, key) - most).abs() < 1e-6, "{}: {} of {most}", shipped.name, played(xml, key));
        assert_eq!(played(xml, wrong), 0.0, "{}", shipped.name);
        assert_eq!(elements(xml, "responseCondition").len(), right.len(), "{}", shipped.name);
    }
}

#[test]
fn canvas_has_a_question_for_each_number_with_its_bounds() {
    for shipped in shipped() {
        let files = course::canvas(std::slice::from_ref(&shipped.item)).unwrap();
        let quiz = std::str::from_utf8(&files[2].content).unwrap();
        files.iter().for_each(|file| assert_well_formed(&shipped.name, std::str::from_utf8(&file.content).unwrap()));
        let right = right(shipped);
        let typed: Vec<&str> =
            elements(quiz, "item").into_iter().filter(|item| !item.contains("essay_question")).collect();
        assert_eq!(typed.len(), right.len(), "{}", shipped.name);
        for (item, right) in typed.iter().zip(right) {
            let inside = |tag: &str| element(item, tag).map(|(text, _)| text.rsplit('>').next().unwrap());
            match (inside("vargte"), inside("varlte")) {
                (Some(least), Some(most)) => {
                    let [least, most]: [f64; 2] = [least, most].map(|text| text.parse().unwrap());
                    let room = 1e-12 * right.abs();
                    assert!(least - room <= right && right <= most + room, "{}: {least} {right} {most}", shipped.name);
                    assert!(right + 1.0_f64.max(right.abs()) > most, "{}: {right} {most}", shipped.name);
                }
                _ => assert_eq!(inside("varequal"), Some(if right == 1.0 { "holds" } else { "not" })),
            }
        }
    }
}

#[test]
fn prairielearn_picks_finished_variants() {
    let typed = shipped().iter().filter(|shipped| !right(shipped).is_empty());
    for shipped in typed.step_by(7) {
        let files = course::prairielearn(std::slice::from_ref(&shipped.item)).unwrap();
        let text = |ending: &str| {
            let file = files.iter().find(|file| file.path.ends_with(ending)).unwrap();
            std::str::from_utf8(&file.content).unwrap().to_string()
        };
        let info = json(&text("info.json"));
        assert!(info["type"] == "v3" && info["uuid"].as_str().unwrap().len() == 36, "{info}");
        let server = text("server.py");
        let quoted = server.split("json.loads(").nth(1).unwrap().split("\")\n").next().unwrap().to_string() + "\"";
        let variants = json(json(&quoted).as_str().unwrap());
        let question = text("question.html");
        let boxes = question.matches("answers-name=").count();
        assert_eq!(boxes, right(shipped).len(), "{}", shipped.name);
        for (id, value) in variants[0]["answers"].as_object().unwrap() {
            let place: usize = id[1..].parse().unwrap();
            let right = right(shipped)[place - 1];
            assert!((value.as_f64().unwrap() - right).abs() <= 1e-12 * right.abs(), "{}: {id}", shipped.name);
            assert!(question.contains(&format!("{{{{params.tolerance.{id}}}}}")), "{}", shipped.name);
        }
    }
}
