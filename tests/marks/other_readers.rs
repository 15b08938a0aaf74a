//! The Markdown of every problem in Jupyter's nbconvert, and its flavour for pandoc as Word; where these are installed.

use crate::common;

use serde_json::json;
use solve::render::document::{Edition, Format, Layout};
use solve::render::{escape, render};
use std::io::Write;
use std::process::{Command, Stdio};

/// The documents of all problems, one after the other.
fn documents() -> Vec<(String, String)> {
    let layout = Layout {
        format: Format::Markdown,
        edition: Edition::Student,
        fragment: false,
        picture_stem: None,
        template: None,
    };
    let document = |path: std::path::PathBuf| {
        let solution = common::solve_file(&path);
        (common::stem(&path), render(&solution, &layout).unwrap().text)
    };
    common::problems().into_iter().map(document).collect()
}

fn is_there(program: &str) -> bool {
    let asked = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let there = asked.is_ok_and(|status| status.success());
    if !there {
        writeln!(std::io::stderr(), "there is no {program}: the Markdown was not given to it").ok();
    }
    there
}

/// Pandoc says which mathematics it cannot turn into Word's.
#[test]
fn pandoc_makes_word_of_it() {
    if !is_there("pandoc") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<String> =
        documents().into_iter().map(|(name, text)| format!("{}\n\n# {name}\n\n", escape::for_pandoc(&text))).collect();
    let (source, word) = (folder.path().join("all.md"), folder.path().join("all.docx"));
    std::fs::write(&source, all.concat()).unwrap();
    let made = Command::new("pandoc").arg(&source).arg("-o").arg(&word).output().unwrap();
    let told = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success() && word.is_file(), "{told}");
    let faults: Vec<&str> = told.lines().filter(|line| line.contains("TeX math")).collect();
    assert!(faults.is_empty(), "{} formulas:\n{told}", faults.len());
}

/// Jupyter leaves mathematics to MathJax as it stands: no line of a display becomes a list, a heading or emphasis.
#[test]
fn nbconvert_leaves_mathematics_alone() {
    if !is_there("jupyter-nbconvert") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let documents = documents();
    let cell = |text: &String| json!({ "cell_type": "markdown", "id": "c", "metadata": {}, "source": text });
    let cells: Vec<_> = documents.iter().map(|(_, text)| cell(text)).collect();
    let notebook = json!({ "cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4 });
    let (source, page) = (folder.path().join("all.ipynb"), folder.path().join("all.html"));
    std::fs::write(&source, notebook.to_string()).unwrap();
    let made = Command::new("jupyter-nbconvert").args(["--to", "html", "--template", "basic"]).arg(&source).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let html = std::fs::read_to_string(page).unwrap();
    let lost: Vec<String> = documents
        .iter()
        .flat_map(|(name, text)| displays(text).map(move |display| (name, display)))
        .filter(|(_, display)| !html.contains(&escaped(display)))
        .map(|(name, display)| format!("{name}: {display}"))
        .collect();
    assert!(lost.is_empty(), "{}:\n{}", lost.len(), lost[..lost.len().min(10)].join("\n"));
}

/// What stands between the lines `$$`.
fn displays(text: &str) -> impl Iterator<Item = &str> {
    text.split("$$\n").skip(1).step_by(2).map(str::trim)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
