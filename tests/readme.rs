//! What the README says is so: its problems are answered, its table of operators is that of the code.

mod common;

#[path = "common/binary.rs"]
mod binary;

use solve::lower::library_reference;
use solve::ops::REFERENCES;

const BEGIN: &str = "<!-- operators: made by `BLESS=1 cargo test --test readme` -->\n";
const END: &str = "<!-- end of operators -->";

#[test]
fn its_problems_are_answered() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let blocks: Vec<&str> = readme.split("```spec\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 2, "the problems are found");
    for block in blocks {
        common::solve_text(block).unwrap_or_else(|error| panic!("{block}\n{error}"));
    }
}

/// The block after a heading.
fn block<'r>(readme: &'r str, begins: &str) -> &'r str {
    let blocks = readme.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.into_iter().find(|block| block.starts_with(begins)).expect(begins)
}

#[test]
fn its_marking_section_is_read() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let problem = std::fs::read_to_string("problems/q1.spec").unwrap();
    common::solve_text(&format!("{problem}\n{}", block(&readme, "marking\n"))).unwrap();
}

/// Every command of the README runs in a folder with the files that it names.
#[test]
fn its_commands_run() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for problem in ["q1", "q3"] {
        std::fs::copy(format!("problems/{problem}.spec"), folder.path().join(format!("{problem}.spec"))).unwrap();
    }
    put(
        "ada.ans",
        "student \"Ada Lovelace\"\ndW2 = Z^T (Y - X)\n\\frac{\\partial L}{\\partial b_2} = \\sum_i (Y - X)_{i}\n",
    );
    put("ada.tex", "$dW_2 = Z^\\top (Y - X)$");
    put("class/bob.ans", "dW2 = Z^T (Y - X)");
    put("class.csv", "student,dW2\nada,Z^T (Y - X)\n");
    put("ids.csv", "id,name,email\n1,Bob,b@x.org\n");
    put(
        "hw.ipynb",
        r#"{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["dW2 = Z^T (Y - X)"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"#,
    );
    let all = [block(&readme, "solve q3.spec "), block(&readme, "solve check q1.spec ada.ans")].concat();
    let mut runs = 0;
    for line in all.lines() {
        let command = line.split("  ").next().unwrap().trim();
        // It watches until it is stopped.
        if command.contains(" watch ") {
            continue;
        }
        let mut words: Vec<String> = command
            .split_whitespace()
            .skip(1)
            .take_while(|word| *word != ">")
            .map(|word| word.trim_matches('\'').to_string())
            .collect();
        if let Some(place) = words.iter().position(|word| word == "*.spec") {
            words.splice(place..=place, ["q1.spec".to_string(), "q3.spec".to_string()]);
        }
        if words.contains(&"-o".to_string()) {
            words.push("--force".to_string());
        }
        let ran = binary::run_in(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, Some(0), "{command}\n{}", ran.err);
        runs += 1;
    }
    assert!(runs >= 17, "{runs}");
}

#[test]
fn its_operators_are_those_of_the_code() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the table begins");
    let (table, after) = rest.split_once(END).expect("the table ends");
    let made = operators();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write("README.md", [before, BEGIN, &made, END, after].concat()).unwrap();
    } else {
        assert_eq!(table, made, "run `BLESS=1 cargo test --test readme`");
    }
}

/// Operators that only gradients need are left to `solve operators`.
fn operators() -> String {
    let rows = REFERENCES.iter().filter(|reference| !reference.name.ends_with("_gradient")).map(|reference| {
        let cell = |text: &str| text.replace('|', "\\|");
        format!("| `{}` | {} |\n", cell(reference.signature), cell(reference.summary))
    });
    let functions = library_reference().map(|[head, summary, _]| format!("| `{head}` | {summary} |\n"));
    format!("\n| written | what it is |\n|:--|:--|\n{}\n", rows.chain(functions).collect::<String>())
}
