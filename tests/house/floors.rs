//! The house: lower floors never import higher ones, rooms on one floor do not import each other, each dependency has
//! one importing module, and nothing outside the tests unwraps.

use crate::common;

use std::collections::BTreeSet;
use std::path::Path;

const FLOORS: [&[&str]; 11] = [
    &["budget", "careful", "draw", "limits", "machine", "number", "scalar", "shape", "span"],
    &["tensor", "diagnostic", "math"],
    &["syntax", "ops"],
    &["graph", "interpret", "model"],
    &["lower", "naming"],
    &["algebra", "differentiate", "simplify", "verify", "second", "quadratic", "descend", "fit"],
    &["answer"],
    &["tasks"],
    &["check", "vary"],
    &["render"],
    &["cli"],
];

/// A kind of task is told in one file, from how it is written to what a page says of it: the list of the kinds is known
/// to those who read a line, print it back, resolve its names, and answer it.
const KNOW_THE_KINDS: [&str; 4] = ["syntax", "model", "lower", "answer"];

/// Rooms that import a room of their own floor, and what they take from it.
const NEIGHBOURS: [(&str, &str); 18] = [
    // Rationals as long as they last, and what operators ask of an entry.
    ("careful", "machine"),
    ("careful", "number"),
    ("careful", "scalar"),
    // Sums in machine words instead of numbers.
    ("machine", "number"),
    ("scalar", "machine"),
    // What exact numbers cost.
    ("number", "budget"),
    // The bound on exact numbers.
    ("number", "limits"),
    // What is common to exact and approximate numbers.
    ("scalar", "number"),
    // The types of the syntax tree: relations, options of a call.
    ("ops", "syntax"),
    // The names that a call in LaTeX may have.
    ("syntax", "ops"),
    // A model is a graph with names and tasks.
    ("model", "graph"),
    // Gradients are simplified as they arise.
    ("differentiate", "simplify"),
    ("second", "differentiate"),
    ("second", "simplify"),
    ("quadratic", "differentiate"),
    ("quadratic", "simplify"),
    // What is verified: uses of rules, steps.
    ("verify", "differentiate"),
    ("second", "verify"),
];

/// Each dependency and the modules that may name it. `serde` is everywhere: it marks plain data.
const IMPORTERS: [(&str, &[&str]); 28] = [
    ("annotate_snippets", &["cli/report"]),
    ("base64", &["render/escape"]),
    ("clap", &["cli"]),
    // Completions and manual pages come from the definitions of the arguments.
    ("clap_complete", &["cli/args", "cli/manual"]),
    ("clap_mangen", &["cli/manual"]),
    // Tables of data and of answers are read, tables of marks are written.
    ("csv", &["lower/file_table", "render/marks/table"]),
    ("ctrlc", &["cli/interrupt"]),
    ("fastrand", &["check", "verify", "quadratic", "tasks"]),
    ("flate2", &["cli/archive"]),
    ("glob", &["cli/check/submissions"]),
    ("hashbrown", &["graph"]),
    ("indicatif", &["cli/progress"]),
    ("libm", &["answer/mistaken", "careful", "check", "number", "scalar", "descend"]),
    ("math_core", &["render/mathml"]),
    ("mimalloc", &["main"]),
    ("nalgebra", &["tensor"]),
    ("notify", &["cli/watch"]),
    ("num_bigint", &["careful", "number"]),
    ("num_rational", &["careful", "number"]),
    // Zero and One of exact numbers.
    (
        "num_traits",
        &[
            "careful",
            "machine",
            "number",
            "scalar",
            "render/figure",
            "render/indices",
            "render/view",
            "simplify",
            "quadratic",
            "tasks",
        ],
    ),
    ("pest", &["syntax"]),
    ("pest_derive", &["syntax/exam", "syntax/grammar", "syntax/latex/grammar"]),
    ("rawzip", &["cli/archive"]),
    ("rust_sugiyama", &["render/drawing"]),
    (
        "serde_json",
        &[
            "render/json",
            "render/program",
            "render/course",
            "render/marks",
            "render/sheet/notebook",
            "cli",
            "syntax/submission/json",
        ],
    ),
    ("strsim", &["diagnostic"]),
    ("tempfile", &["cli/output", "cli/pdf"]),
    ("tera", &["render/template"]),
];

/// A file of the library without its tests and comments.
struct Source {
    /// `render/view/mod` of `src/render/view/mod.rs`
    module: String,
    room: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let files = common::files("src", "rs");
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let tests: BTreeSet<String> =
        files.iter().zip(&texts).flat_map(|(file, text)| test_modules(&module(file), text)).collect();
    let sources = files.iter().zip(&texts).map(|(file, text)| {
        let module = module(file);
        let room = module.split('/').next().unwrap().to_string();
        Source { module, room, text: without_tests(text) }
    });
    sources.filter(|source| !tests.contains(&source.module)).collect()
}

fn module(file: &Path) -> String {
    file.strip_prefix("src").unwrap().with_extension("").display().to_string()
}

/// The modules that a file declares for tests only.
fn test_modules(module: &str, text: &str) -> Vec<String> {
    let folder = module.strip_suffix("mod").unwrap_or("");
    let lines: Vec<&str> = text.lines().collect();
    let declared = lines.windows(2).filter(|pair| pair[0].trim() == "#[cfg(test)]").filter_map(|pair| {
        let name = pair[1].trim().trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')?;
        Some(format!("{folder}{name}"))
    });
    declared.collect()
}

fn without_tests(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let code = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// What stands after each occurrence of `before`, as far as it is a name.
fn names_after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let name = |rest: &'a str| {
        let end = rest.find(|character: char| !(character.is_alphanumeric() || character == '_'));
        &rest[..end.unwrap_or(rest.len())]
    };
    text.match_indices(before).map(|(place, _)| name(&text[place + before.len()..])).collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn no_floor_imports_a_higher_one() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| !["lib", "main"].contains(&source.room.as_str())) {
        let own = floor(&source.room).unwrap_or_else(|| panic!("`{}` stands on no floor", source.room));
        for room in names_after(&source.text, "crate::") {
            let Some(other) = floor(room) else { continue };
            let kinds = room == "tasks" && KNOW_THE_KINDS.contains(&source.room.as_str());
            let neighbours = kinds || NEIGHBOURS.contains(&(source.room.as_str(), room));
            if room != source.room && !neighbours && other >= own {
                faults.push(format!("{} (floor {own}) imports {room} (floor {other})", source.module));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_room_stands_on_a_floor() {
    let library = std::fs::read_to_string("src/lib.rs").unwrap();
    let rooms = names_after(&library, "mod ");
    let unknown: Vec<&&str> = rooms.iter().filter(|room| floor(room).is_none()).collect();
    assert!(rooms.len() > 15 && unknown.is_empty(), "{unknown:?}");
}

#[test]
fn each_dependency_has_its_importer() {
    let mut faults = Vec::new();
    for (dependency, importers) in IMPORTERS {
        let path = format!("{dependency}::");
        let uses = |source: &&Source| {
            let found = source.text.match_indices(&path);
            found.into_iter().any(|(place, _)| {
                !source.text[..place]
                    .ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
            })
        };
        let sources = sources();
        let users: Vec<&Source> = sources.iter().filter(uses).collect();
        if users.is_empty() {
            faults.push(format!("nothing imports {dependency}"));
        }
        let allowed = |module: &str| {
            importers.iter().any(|importer| module == *importer || module.starts_with(&format!("{importer}/")))
        };
        faults.extend(
            users
                .iter()
                .filter(|user| !allowed(&user.module))
                .map(|user| format!("{} imports {dependency}", user.module)),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_list_of_dependencies_is_whole() {
    let manifest = std::fs::read_to_string("Cargo.toml").unwrap();
    let section = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let named = section.lines().filter_map(|line| Some(line.split_once('=')?.0.trim().replace('-', "_")));
    let unknown: Vec<String> =
        named.filter(|name| name != "serde" && !IMPORTERS.iter().any(|(dependency, _)| dependency == name)).collect();
    assert!(unknown.is_empty(), "no importer is named for {unknown:?}");
}

#[test]
fn nothing_unwraps_outside_the_tests() {
    let unwrapping: Vec<String> = sources()
        .iter()
        .filter(|source| source.text.contains(".unwrap()"))
        .map(|source| source.module.clone())
        .collect();
    assert!(unwrapping.is_empty(), "{unwrapping:?}");
}
