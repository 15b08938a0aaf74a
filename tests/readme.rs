//! What the README says is so: its problems are answered, its table of operators is that of the code.

mod common;

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
    format!("\n| written | what it is |\n|:--|:--|\n{}\n", rows.collect::<String>())
}
