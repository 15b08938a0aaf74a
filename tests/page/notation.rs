//! What a page calls a name of its own it also says.

use crate::common;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;

/// `h₁` and `U₂` of a text, each with what stands behind it.
fn names(text: &str) -> Vec<(String, &str)> {
    let is_digit = |c: char| ('₀'..='₉').contains(&c);
    let mut found = Vec::new();
    for (at, letter) in text.match_indices(['h', 'U']) {
        let rest = &text[at + letter.len()..];
        let end = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
        let begins = !text[..at].ends_with(char::is_alphanumeric);
        if end > 0 && begins {
            found.push((format!("{letter}{}", &rest[..end]), &rest[end..]));
        }
    }
    found
}

#[test]
fn each_name_of_the_page_s_own_is_said() {
    for path in common::problems() {
        let solution = common::solve_file(&path);
        let layout = Layout {
            format: Format::Text,
            edition: Edition::Student,
            fragment: false,
            picture_stem: None,
            template: None,
        };
        let text = render(&solution, &layout).unwrap().text;
        let all = names(&text);
        for (name, _) in &all {
            let is_said = |rest: &str| match rest.trim_start() {
                value if value.starts_with('=') => true,
                shape if shape.starts_with('(') => shape.split(')').next().is_some_and(|shape| shape.contains('×')),
                _ => false,
            };
            let said = all.iter().any(|(other, rest)| other == name && is_said(rest));
            assert!(said, "{}: `{name}` is not said in\n{text}", path.display());
        }
    }
}
