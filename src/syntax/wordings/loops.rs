//! Loops as people write them: a body that is told by its indentation, and `h[t]` for the value of each turn.

use super::super::keywords::{SECTIONS, called_section, first_word};
use super::super::lines::{Content, Line};
use super::put::Put;
use crate::span::Span;
use std::collections::BTreeSet;

/// Lines in which a loop's body ends where its indentation does, if the section has not an `end` for each.
pub fn with_ends(lines: Vec<Line>, text: &str) -> Vec<Line> {
    let code = |line: &Line| match line.content {
        Content::Code => text[line.span.start..line.span.end].trim(),
        Content::Wording(_) | Content::End => "",
    };
    let begins =
        |line: &Line| matches!(first_word(code(line)).0, "for" | "repeat") && !first_word(code(line)).1.is_empty();
    let is_end = |line: &Line| first_word(code(line)) == ("end", "");
    let heads = |line: &Line| meant(code(line)).is_some();
    if !lines.iter().any(begins) {
        return lines;
    }
    let mut sections: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        if sections.is_empty() || heads(&line) {
            sections.push(Vec::new());
        }
        if let Some(last) = sections.last_mut() {
            last.push(line);
        }
    }
    let ended = |section: Vec<Line>| match section.iter().filter(|line| begins(line)).count() {
        _ if section.first().is_some_and(|line| meant(code(line)) == Some("tasks")) => section,
        loops if loops > section.iter().filter(|line| is_end(line)).count() => {
            by_indentation(section, text, &begins, &is_end)
        }
        _ => section,
    };
    sections.into_iter().flat_map(ended).collect()
}

/// The section that a line is the heading of.
fn meant(code: &str) -> Option<&'static str> {
    let heading = || SECTIONS.iter().copied().find(|section| *section == first_word(code).0);
    called_section(code).or_else(heading)
}

fn by_indentation(
    section: Vec<Line>,
    text: &str,
    begins: &impl Fn(&Line) -> bool,
    is_end: &impl Fn(&Line) -> bool,
) -> Vec<Line> {
    let indentation = |line: &Line| {
        let start = text[..line.span.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        line.span.start - start
    };
    let end = |at: usize| Line { content: Content::End, span: Span::new(at, at), fault: None };
    let (mut open, mut lines): (Vec<usize>, Vec<Line>) = (Vec::new(), Vec::new());
    let depths: Vec<usize> = section.iter().map(indentation).collect();
    for (place, line) in section.into_iter().enumerate() {
        let own = depths[place];
        if is_end(&line) {
            open.pop();
        } else {
            while open.last().is_some_and(|outer| own <= *outer) {
                open.pop();
                lines.push(end(line.span.start));
            }
        }
        // A body that is no deeper ends nowhere.
        if begins(&line) && depths.get(place + 1).is_some_and(|next| *next > own) {
            open.push(own);
        }
        lines.push(line);
    }
    let last = lines.last().map_or(0, |line| line.span.end);
    lines.extend(open.iter().map(|_| end(last)));
    lines
}

/// No problem has more of them.
const MOST: usize = 64;

/// Names that are defined turn by turn, as `h[t] = …` or as `h_t = …`.
#[derive(Debug, Default)]
pub struct Families {
    bracketed: BTreeSet<String>,
    below: BTreeSet<(String, String)>,
}

impl Families {
    pub fn of(lines: &[Line], text: &str) -> Families {
        let mut families = Families::default();
        for line in lines.iter().filter(|line| matches!(line.content, Content::Code)) {
            if families.bracketed.len() + families.below.len() > MOST {
                break;
            }
            let code = &text[line.span.start..line.span.end];
            let (word, rest) = first_word(code);
            let defines = |rest: &str| rest.trim_start().starts_with('=') && !rest.trim_start().starts_with("==");
            if let Some((index, rest)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
                && defines(rest)
                && index.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '+' | '-'))
            {
                families.bracketed.insert(word.to_owned());
            }
            if let Some((stem, index)) = word.rsplit_once('_')
                && defines(rest)
                && !stem.is_empty()
                && index.len() == 1
                && index.starts_with(char::is_alphabetic)
            {
                families.below.insert((stem.to_owned(), index.to_owned()));
            }
        }
        families
    }

    /// The line with the index of each such name in braces, where that is a loop's variable, or a number.
    pub fn indexed(&self, line: &Put, variables: &[String]) -> Option<Put> {
        if self.bracketed.is_empty() && self.below.is_empty() {
            return None;
        }
        let mut new = line.clone();
        for stem in &self.bracketed {
            let mut from = 0;
            while let Some(at) = word_at(&new.text, &format!("{stem}["), from) {
                let open = at + stem.len();
                let Some(length) = new.text[open..].find(']') else { break };
                let index: String = new.text[open + 1..open + length].split_whitespace().collect();
                let variable = index.split(['+', '-']).next().unwrap_or("");
                from = open + length;
                if index.bytes().all(|byte| byte.is_ascii_digit()) || variables.iter().any(|known| known == variable) {
                    new = new.with(open + length, open + length + 1, "}").with(open, open + 1, "_{");
                }
            }
        }
        for (stem, index) in self.below.iter().filter(|(_, index)| variables.contains(index)) {
            let mut from = 0;
            let name = format!("{stem}_{index}");
            while let Some(at) = word_at(&new.text, &name, from) {
                from = at + name.len();
                if !new.text[from..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                    new = new.with(from, from, "}").with(from - index.len(), from - index.len(), "{");
                }
            }
        }
        (new.text != line.text).then_some(new)
    }
}

/// Where a word stands that is not the end of a longer one.
fn word_at(text: &str, word: &str, from: usize) -> Option<usize> {
    let bare = |at: &usize| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    text.get(from..)?.match_indices(word).map(|(at, _)| from + at).find(bare)
}
