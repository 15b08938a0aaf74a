//! Lines that name an answer in words and give it in a formula: `dW2: $Z^\\top (Y - X)$`.

use super::heading::Heads;
use crate::syntax::latex::{Macros, statements};

/// A line's answer: what it is given to, and where its formula begins and ends in the line.
pub struct Mixed {
    pub head: String,
    pub start: usize,
    pub end: usize,
}

/// The answer of a line with words, and formulas between dollar signs that hold no sign of equality.
pub fn mixed(line: &str, heads: Heads<'_>) -> Option<Mixed> {
    let signs: Vec<usize> = line.match_indices('$').map(|(at, _)| at).collect();
    if line.contains("$$") || line.contains("\\$") {
        return None;
    }
    let [open, close, more @ ..] = signs.as_slice() else { return None };
    let (before, first) = (line[..*open].trim(), &line[open + 1..*close]);
    if has_answer(first) {
        return None;
    }
    if let Some(words) = without_sign(before)
        && let Some(head) = heads.named(words)
    {
        return Some(Mixed { head, start: open + 1, end: *close });
    }
    let [open, last, ..] = more else { return None };
    without_sign(line[close + 1..*open].trim()).filter(|words| words.is_empty())?;
    let second = &line[open + 1..*last];
    let head = heads.formula(before, first).filter(|_| !has_answer(second))?;
    Some(Mixed { head, start: open + 1, end: *last })
}

fn has_answer(formula: &str) -> bool {
    statements(formula, 0, &Macros::default()).is_ok_and(|found| !found.is_empty())
}

/// The words before a sign of equality, or one in words.
fn without_sign(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(['*', ' ', '`']);
    let stem = ["is:", "is", ":", "=", "→", "->"].iter().find_map(|sign| text.strip_suffix(sign))?;
    Some(stem.trim_matches(['*', ' ', '`']))
}
