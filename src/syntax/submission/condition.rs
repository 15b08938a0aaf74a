//! Where answers are taken, said before them: `when a = 8, L = …`, `a = 8: L = …`.

use super::heading::Heads;
use super::listed::is_number;

/// Words that may stand before it.
const WORDS: [&str; 6] = ["when", "for", "at", "if", "with", "case"];

/// A given name and its number.
pub struct Condition {
    /// `a=8`
    pub text: String,
    /// Bytes of the words, until they are written over.
    pub room: usize,
}

impl Condition {
    /// The condition that a text begins with, and its length with the sign after it.
    pub fn of(text: &str, heads: Heads<'_>) -> Option<(Condition, usize)> {
        let content = text.trim_start();
        let first = content.split_whitespace().next()?;
        let worded = WORDS.contains(&first.to_lowercase().as_str());
        let rest = if worded { content[first.len()..].trim_start() } else { content };
        let (name, rest) = rest.split_once('=')?;
        let name = name.trim();
        if !heads.is_given(name) || name.contains(char::is_whitespace) {
            return None;
        }
        let value = rest.trim_start();
        let length = value.find(|c: char| c.is_whitespace() || ",:;".contains(c))?;
        let (number, rest) = value.split_at(length);
        let rest = rest.trim_start();
        let sign =
            [",", ":", ";", "then", "we get", "gives", "->", "=>"].into_iter().find(|sign| rest.starts_with(sign))?;
        let room = text.len() - rest.len() + sign.len();
        is_number(number).then(|| (Condition { text: format!("{name}={number}"), room }, room))
    }
}
