//! Lines as people write them: each is read as the line of the language that is stated beside it, or is refused with
//! lines that work.

use solve::diagnostic::Diagnostic;
use solve::lower::lower;
use solve::syntax::{print_spec, read_spec};

/// A file of wordings: a problem with a mark for each section, and lines `T guess => meant`; `?` stands for a refusal.
struct Cases<'t> {
    problem: &'t str,
    lines: Vec<(&'t str, &'t str, &'t str)>,
}

fn cases(text: &str) -> Cases<'_> {
    let (problem, lines) = text.split_once("\n---\n").unwrap();
    let lines = lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("##"))
        .map(|line| {
            let (section, rest) = line.split_at(1);
            let (guess, meant) = rest.rsplit_once("=> ").unwrap_or_else(|| panic!("no meaning: {line}"));
            (section, guess.trim(), meant.trim())
        })
        .collect();
    Cases { problem, lines }
}

/// The problem with a line in a section.
fn with(problem: &str, section: &str, line: &str) -> String {
    let mut text = problem.to_owned();
    for mark in ["H", "G", "M", "T"] {
        let own = if mark == section { line.replace("\\n", "\n") } else if mark == "T" { "shapes of X".to_owned() } else { String::new() };
        text = text.replace(&format!("%{mark}"), &own);
    }
    text
}

fn faults(text: &str) -> Vec<Diagnostic> {
    let spec = match read_spec(text) {
        Ok(spec) => spec.value,
        Err(faults) => return faults,
    };
    lower(&spec).err().unwrap_or_default()
}

/// What is written between backticks behind `write`.
fn suggested<'t>(section: &'t str, told: &'t [Diagnostic]) -> Vec<(&'t str, &'t str)> {
    let lines = told.iter().flat_map(|told| &told.help).filter_map(|help| {
        let rest = help.split_once("write `")?.1;
        match rest.strip_suffix("` under `given`") {
            Some(line) => Some(("G", line)),
            None => Some((section, &rest[..rest.rfind('`')?])),
        }
    });
    lines.collect()
}

fn wrong(problem: &str, (section, guess, meant): (&str, &str, &str)) -> Option<String> {
    let text = with(problem, section, guess);
    if meant == "?" {
        let told = faults(&text);
        let lines = suggested(section, &told);
        if told.is_empty() || lines.is_empty() {
            return Some(format!("{guess}\n   should be told a line to write: {told:?}"));
        }
        let broken = lines.iter().find_map(|(section, line)| {
            let told = faults(&with(problem, section, line));
            (!told.is_empty()).then(|| format!("{guess}\n   is told `{line}`, which is refused: {}", told[0].message))
        });
        return broken;
    }
    let stated = with(problem, section, meant);
    if let Some(told) = faults(&stated).first() {
        return Some(format!("{meant}\n   is refused: {} {:?}", told.message, told.help));
    }
    if let Some(told) = faults(&text).first() {
        return Some(format!("{guess}\n   is refused: {} {:?}", told.message, told.help));
    }
    let print = |text: &str| print_spec(&read_spec(text).unwrap().value);
    let (read, stated) = (print(&text), print(&stated));
    // What is spelled otherwise may become the same later.
    let model = |text: &str| {
        let graph = format!("{:#?}", lower(&read_spec(text).unwrap().value).unwrap().model.graph);
        let mut lines: Vec<String> = graph.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    if section != "T" && model(&text) == model(&with(problem, section, meant)) {
        return None;
    }
    let differs = read.lines().zip(stated.lines()).find(|(one, other)| one != other);
    (read != stated).then(|| format!("{guess}\n   is read as {differs:?}"))
}

fn hold(text: &str) {
    let cases = cases(text);
    let wrong: Vec<String> = cases.lines.iter().filter_map(|line| wrong(cases.problem, *line)).collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.lines.len(), wrong.join("\n"));
}

#[test]
fn tasks_are_asked_in_many_words() {
    hold(include_str!("wordings/tasks.txt"));
}

#[test]
fn lines_of_other_sections_are_said_in_many_words() {
    hold(include_str!("wordings/lines.txt"));
}
