//! What to say of a line that the grammar refuses: the place, and what was expected in the language's own words.

use super::grammar::{Rule, explain};
use super::slips::slip;
use super::{expected, keywords};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use pest::error::{Error, ErrorVariant, InputLocation};

/// How many expected things are listed.
const LISTED: usize = 6;

/// The diagnostic of a line that `rule` did not match.
pub fn fault(rule: Rule, text: &str, base: usize, error: &Error<Rule>) -> Diagnostic {
    if let Some(diagnostic) = keywords::misplaced(rule, text, base) {
        return diagnostic;
    }
    let Refusal { at, expected } = Refusal::of(rule, text, error);
    let found = found(text, at);
    let span = Span::new(base + at, base + at + found.len());
    if let Some(slip) = slip(text, at, found) {
        let span = slip.range.map_or(span, |range| Span::new(base + range.start, base + range.end));
        return Diagnostic::error(slip.code, slip.message).at(span, slip.label).help(slip.help);
    }
    let shown = if found.is_empty() { "the end of the line".to_owned() } else { format!("`{}`", shortened(found)) };
    let message = match (expected.as_str(), found) {
        ("", "") => "the line ends too early".to_owned(),
        ("", _) => format!("{shown} can't stand here"),
        (expected, _) => format!("expected {expected}, found {shown}"),
    };
    keywords::with_help(Diagnostic::error("E-syntax", message).at(span, "here"), rule, text, found)
}

/// The farthest place that was read to, and what could have stood there.
struct Refusal {
    at: usize,
    expected: String,
}

impl Refusal {
    fn of(rule: Rule, text: &str, plain: &Error<Rule>) -> Refusal {
        let mut at = match plain.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let rules: &[Rule] = match &plain.variant {
            ErrorVariant::ParsingError { positives, .. } => positives,
            ErrorVariant::CustomError { .. } => &[],
        };
        let mut words = expected::words(rules, &[]);
        if let Some(attempts) = explain(rule, text).and_then(|error| error.parse_attempts()) {
            let tokens: Vec<String> = attempts.expected_tokens().iter().map(ToString::to_string).collect();
            // pest's own place is the farthest beginning of a rule; a rule's later tokens may reach farther.
            let farther = expected::words(&[], &tokens);
            if attempts.max_position == at {
                words = expected::words(rules, &tokens);
            } else if attempts.max_position > at && (words.is_empty() || !farther.is_empty()) {
                (at, words) = (attempts.max_position, farther);
            }
        }
        let blanks = text[at..].len() - text[at..].trim_start_matches([' ', '\t', '\u{C}', '\u{A0}']).len();
        Refusal { at: at + blanks, expected: listed(words) }
    }
}

/// `a, b or c`
fn listed(mut words: Vec<&'static str>) -> String {
    words.truncate(LISTED);
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The word or sign at a place; a comment and a line's end count as nothing.
fn found(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let first = rest.chars().next().filter(|c| !matches!(c, '#' | '\n' | '\r'));
    let length = match first {
        None => 0,
        Some(c) if c.is_alphanumeric() => rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()),
        Some(c) => c.len_utf8(),
    };
    &rest[..length]
}

/// A word for a message: a long one is cut.
fn shortened(word: &str) -> String {
    const SHOWN: usize = 40;
    match word.char_indices().nth(SHOWN) {
        None => word.to_owned(),
        Some((end, _)) => format!("{}…", &word[..end]),
    }
}
