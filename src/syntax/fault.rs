//! What to say of a line that the grammar refuses: the place, and what was expected in the language's own words.

use super::grammar::{Rule, parse, place};
use super::slips::slip;
use super::{expected, keywords};
use crate::diagnostic::Diagnostic;
use crate::limits::{EXPRESSION_OPERATORS, NESTING};
use crate::span::Span;
use pest::error::{Error, ErrorVariant};

/// How many expected things are listed.
const LISTED: usize = 6;

/// How many words' ends are looked at behind the place that the grammar tells.
const WORDS: usize = 12;

/// Of a longer line nothing is tried that may be missing.
const LONGEST: usize = 400;

pub fn too_deep(here: Span) -> Diagnostic {
    Diagnostic::error("E-depth", format!("this is nested more than {NESTING} deep"))
        .at(here, format!("level {}", NESTING + 1))
        .help("give a part of it a name of its own")
}

pub fn too_many_operators(here: Span) -> Diagnostic {
    Diagnostic::error("E-size", format!("an expression may have {EXPRESSION_OPERATORS} operators"))
        .at(here, format!("operator {}", EXPRESSION_OPERATORS + 1))
        .help("give a part of it a name of its own")
}

/// The diagnostic of a line that `rule` did not match.
pub fn fault(rule: Rule, text: &str, base: usize, error: &Error<Rule>) -> Diagnostic {
    // pest ends where its stack does.
    if let ErrorVariant::CustomError { .. } = error.variant {
        let at = base + place(error);
        return too_deep(Span::new(at, at));
    }
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
        let at = place(plain);
        // The place is where a part of the grammar was tried; the words and signs within a part may reach farther.
        let farther = word_ends(text, at).map_while(|end| Some((end, readable(rule, text, end)?))).last();
        let (at, words) = farther.unwrap_or_else(|| (at, expected::words(&tried(plain), &missing(rule, text, at))));
        let blanks = text[at..].len() - text[at..].trim_start_matches([' ', '\t', '\u{C}', '\u{A0}']).len();
        Refusal { at: at + blanks, expected: listed(words) }
    }
}

/// The places behind `at` where a word or a sign ends.
fn word_ends(text: &str, at: usize) -> impl Iterator<Item = usize> {
    let ends = text.char_indices().filter(|(_, sign)| sign.is_whitespace() || ",=<|".contains(*sign));
    let ends = ends.map(|(place, _)| place).chain([text.len()]).filter(move |end| *end > at);
    ends.take(if text.len() <= LONGEST { WORDS } else { 0 })
}

/// What could go on a line that ends at `end`, if it can be read so far.
fn readable(rule: Rule, text: &str, end: usize) -> Option<Vec<&'static str>> {
    let before = text[..end].trim_end();
    let reached = parse(rule, &format!("{before} ")).err().filter(|error| place(error) >= before.len());
    let missing = missing(rule, text, end);
    let rules = reached.as_ref().map(|error| tried(error));
    (rules.is_some() || !missing.is_empty()).then(|| expected::words(&rules.unwrap_or_default(), &missing))
}

fn tried(error: &Error<Rule>) -> Vec<Rule> {
    match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.clone(),
        ErrorVariant::CustomError { .. } => Vec::new(),
    }
}

/// What would have been read at a place: it was tried. Where any name would, no word is missing.
fn missing(rule: Rule, text: &str, at: usize) -> Vec<&'static str> {
    const NAME: &str = "name ";
    if text.len() > LONGEST {
        return Vec::new();
    }
    let before = text[..at].trim_end();
    let fits = |next: &str| {
        let line = format!("{before} {next}");
        parse(rule, &line).map_or_else(|error| place(&error) >= line.trim_end().len(), |_| true)
    };
    // Answers are many, and have few words of their own.
    let answer = matches!(rule, Rule::answer_line | Rule::value_line | Rule::shape_value_line);
    let signs_only = answer || fits(NAME);
    let likely = expected::MISSING.iter().filter(|(_, next)| !(signs_only && next.ends_with(' ')));
    likely.filter(|(_, next)| fits(next)).map(|(shown, _)| *shown).collect()
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
