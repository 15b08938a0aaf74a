//! What README.md and docs/ say is so: their problems are answered, their commands run, what they link to is there, and
//! the table of operators is that of the code.

use crate::common;

use crate::common::binary;

use solve::lower::library_reference;
use solve::ops::REFERENCES;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The page with the operators.
const PAGE: &str = "docs/language.md";
const BEGIN: &str = "<!-- operators: made by `BLESS=1 cargo test --test program -- readme::` -->\n";
const END: &str = "<!-- end of operators -->";

/// README.md and the pages of docs/, with their texts.
fn pages() -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir("docs").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.push(PathBuf::from("README.md"));
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap())).collect()
}

/// The blocks of a page in one of its languages, without the indent that they have in a list.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let (mut blocks, mut open) = (Vec::new(), None);
    for line in page.lines() {
        let bare = line.trim_start();
        match &mut open {
            None if bare.strip_prefix("```") == Some(language) && !language.is_empty() => {
                open = Some((line.len() - bare.len(), String::new()));
            }
            Some(_) if bare == "```" => blocks.extend(open.take().map(|(_, text)| text)),
            Some((indent, text)) => {
                text.push_str(line.get(*indent..).unwrap_or_default());
                text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

#[test]
fn their_problems_are_answered() {
    let mut count = 0;
    for (page, text) in pages() {
        for block in blocks(&text, "spec") {
            common::solve_text(&block).unwrap_or_else(|error| panic!("{page}:\n{block}\n{error}"));
            count += 1;
        }
    }
    assert!(count >= 2, "the problems are found");
}

#[test]
fn the_first_problem_is_shipped() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    assert_eq!(blocks(&readme, "spec"), [std::fs::read_to_string("problems/slope.spec").unwrap()]);
}

#[test]
fn the_marking_section_is_read() {
    let page = std::fs::read_to_string("docs/marking.md").unwrap();
    let problem = std::fs::read_to_string("problems/q1.spec").unwrap();
    let section = blocks(&page, "text").into_iter().find(|block| block.starts_with("marking\n")).unwrap();
    common::solve_text(&format!("{problem}\n{section}")).unwrap();
}

#[test]
fn what_they_link_to_is_there() {
    for (page, text) in pages() {
        let folder = Path::new(&page).parent().unwrap();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            if link.contains("://") {
                continue;
            }
            let path = if file.is_empty() { PathBuf::from(&page) } else { folder.join(file) };
            assert!(path.exists(), "{page} links to {link}");
            let heading = |line: &str| {
                let words = line.strip_prefix('#').map(|line| line.trim_start_matches('#').trim().to_lowercase());
                words.is_some_and(|words| words.replace(' ', "-").replace(['\'', ','], "") == part)
            };
            let is_there = part.is_empty() || std::fs::read_to_string(&path).unwrap().lines().any(heading);
            assert!(is_there, "{page} links to {link}");
        }
    }
}

/// A folder as the clone is, with the files that the commands name.
fn clone_of_all() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    copy(Path::new("problems"), &folder.path().join("problems"));
    for problem in ["q1", "q3"] {
        std::fs::copy(format!("problems/{problem}.spec"), folder.path().join(format!("{problem}.spec"))).unwrap();
    }
    let answers = "dW2 = Z^T (Y - X)\n\\frac{\\partial L}{\\partial b_2} = \\sum_i (Y - X)_{i}\n";
    put("ada.ans", &format!("student \"Ada Lovelace\"\n{answers}"));
    put("ada.tex", "$dW_2 = Z^\\top (Y - X)$");
    put("class/bob.ans", "dW2 = Z^T (Y - X)");
    put("class.csv", "student,dW2\nada,Z^T (Y - X)\n");
    put("ids.csv", "id,name,email\n1,Bob,b@x.org\n");
    put(
        "hw.ipynb",
        r#"{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["dW2 = Z^T (Y - X)"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"#,
    );
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { std::fs::copy(&path, &target).map(|_| ()).unwrap() }
    }
}

/// The words of a command without the remark behind it; none where it is not to be run here.
fn words(line: &str) -> Option<Vec<String>> {
    let command = line.split("  ").next().unwrap().trim();
    let command = command.strip_prefix("cargo run --release --").or_else(|| command.strip_prefix("solve"))?;
    let words = command.split_whitespace().take_while(|word| *word != ">");
    let mut words: Vec<String> = words.map(|word| word.trim_matches('\'').to_string()).collect();
    // It watches until it is stopped.
    if words.first().is_some_and(|word| word == "watch") {
        return None;
    }
    if let Some(place) = words.iter().position(|word| word == "*.spec") {
        words.splice(place..=place, ["q1.spec".to_string(), "q3.spec".to_string()]);
    }
    if words.contains(&"-o".to_string()) {
        words.push("--force".to_string());
    }
    Some(words)
}

/// Every command of the pages runs as it is printed.
#[test]
fn their_commands_run() {
    let folder = clone_of_all();
    let makes_pdf = Command::new("pdflatex").arg("--version").stdout(Stdio::null()).status().is_ok();
    let mut runs = 0;
    for (page, text) in pages() {
        let lines = [blocks(&text, "sh"), blocks(&text, "text")].concat().concat();
        for line in lines.lines().filter(|line| makes_pdf || !line.contains(".pdf") && !line.contains(" exam ")) {
            let Some(words) = words(line) else { continue };
            let ran = binary::run_in(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(ran.code, Some(0), "{page}: {line}\n{}", ran.err);
            runs += 1;
        }
    }
    assert!(runs >= 28, "{runs}");
}

#[test]
fn the_operators_are_those_of_the_code() {
    made_part_stands(PAGE, [BEGIN, END], &operators());
}

/// What stands between two marks of a page is what is made; with `BLESS` it is written there.
fn made_part_stands(page: &str, [begin, end]: [&str; 2], made: &str) {
    let text = std::fs::read_to_string(page).unwrap();
    let (before, rest) = text.split_once(begin).expect("the made part begins");
    let (part, after) = rest.split_once(end).expect("the made part ends");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(page, [before, begin, made, end, after].concat()).unwrap();
    } else {
        assert_eq!(part, made, "run `BLESS=1 cargo test --test program -- readme::`");
    }
}

/// Operators that only gradients need are left to `solve operators`.
fn operators() -> String {
    let rows = REFERENCES.iter().filter(|reference| !reference.name.ends_with("_gradient")).map(|reference| {
        let cell = |text: &str| text.replace('|', "\\|");
        format!("| `{}` | {} |\n", cell(reference.signature), cell(reference.summary))
    });
    let functions = library_reference()
        .map(|[head, summary, _]| format!("| `{}` | {} |\n", head.replace('|', "\\|"), summary.replace('|', "\\|")));
    format!("\n| written | what it is |\n|:--|:--|\n{}\n", rows.chain(functions).collect::<String>())
}

/// The page that lists the problems.
const INDEX: &str = "problems/README.md";
const FIRST: &str = "<!-- index: made by `BLESS=1 cargo test --test program -- readme::` -->\n";
const LAST: &str = "<!-- end of index -->";

#[test]
fn the_index_lists_every_problem() {
    made_part_stands(INDEX, [FIRST, LAST], &index_of_problems());
}

/// A heading for each folder, and a line for each of its problems.
fn index_of_problems() -> String {
    let mut topics: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for path in common::problems() {
        let stem = common::stem(&path);
        let topic = stem.split_once('/').map_or("first of all", |(folder, _)| folder).replace('_', " ");
        let spec = solve::syntax::read_spec(&std::fs::read_to_string(&path).unwrap()).unwrap().value;
        let title = spec.title.map_or(spec.id.value, |title| title.value);
        topics.entry(topic).or_default().push(format!("- [{title}]({stem}.spec)\n"));
    }
    let section = |(topic, lines): (&String, &Vec<String>)| format!("\n## {topic}\n\n{}", lines.concat());
    format!("{}\n", topics.iter().map(section).collect::<String>())
}
