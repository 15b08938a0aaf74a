//! What to say of a line that the grammar refuses: the place, what was expected in the language's own words, and
//! the slip that the text next to the place betrays.

use super::grammar::{Rule, explain};
use super::keywords;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use pest::error::{Error, ErrorVariant, InputLocation};

/// How many expected things are listed.
const LISTED: usize = 6;

/// The diagnostic of a line that `rule` did not match.
pub fn fault(rule: Rule, text: &str, base: usize, error: &Error<Rule>) -> Diagnostic {
    let at = place(error);
    if let Some(diagnostic) = keywords::misplaced(rule, text, base) {
        return diagnostic;
    }
    let found = found(text, at);
    let span = Span::new(base + at, base + at + found.len().max(usize::from(at < text.len())));
    let shown = if found.is_empty() { "the end of the line".to_owned() } else { format!("`{found}`") };
    let diagnostic = match slip(text, at) {
        Some((code, message, label, help)) => Diagnostic::error(code, message).at(span, label).help(help),
        None => {
            let expected = expected(rule, text, error);
            let message = if expected.is_empty() {
                format!("{shown} can't stand here")
            } else {
                format!("expected {expected}, found {shown}")
            };
            Diagnostic::error("E-syntax", message).at(span, "here")
        }
    };
    keywords::with_suggestion(diagnostic, rule, text)
}

fn place(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) => at,
        InputLocation::Span((start, _)) => start,
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

type Slip = (&'static str, String, &'static str, String);

/// Frequent slips, told by what stands around the place.
fn slip(text: &str, at: usize) -> Option<Slip> {
    let (before, rest) = (text[..at].trim_end(), &text[at..]);
    let last = before.chars().next_back().unwrap_or(' ');
    let adjacent = before.len() == at;
    if let Some(whole) = decimal_comma(text, at) {
        let help = format!("use {}", whole.replace(',', "."));
        return Some(("E-number", format!("`{whole}` is not a number"), "decimal comma", help));
    }
    if last.is_ascii_digit() && adjacent && rest.starts_with(char::is_alphabetic) {
        let help = "write a space or `*` between the factors".to_owned();
        return Some(("E-syntax", "a number runs into a name".to_owned(), "no space before this", help));
    }
    if last.is_ascii_digit() && rest.starts_with(|c: char| c.is_ascii_digit()) {
        let help = "write `*` for a product; digits are not parted in groups".to_owned();
        return Some(("E-syntax", "two numbers stand in a row".to_owned(), "the second number", help));
    }
    if last.is_ascii_digit() && adjacent && rest.starts_with('.') {
        let help = "write `2` or `2.0`".to_owned();
        return Some(("E-number", "a number does not end in a point".to_owned(), "no digit follows", help));
    }
    let table: [(&str, &str, &str); 9] = [
        ("**", "`**` is no operator", "a power is `^`"),
        ("*", "an operator is doubled", "a power is `^`, an elementwise product `.*`"),
        ("@", "`@` is no operator", "the matrix product is `*` or a space"),
        ("\\", "this is LaTeX", "write Greek letters by their names: `theta`"),
        ("==", "`==` compares", "a definition has one `=`"),
        ("=", "`=` defines", "in an indicator write `==`"),
        ("|", "`|` is no bracket", "write `abs(x)` or `norm(x)`"),
        ("{", "braces stand in an index only", "write `(` and `)`, or `W_{1}`"),
        ("$", "`$` has no meaning here", "leave it out"),
    ];
    let (sign, message, help) = table.into_iter().find(|(sign, _, _)| rest.starts_with(sign))?;
    let doubled = sign != "*" || last == '*';
    let inside = sign != "=" || text[..at].contains("1[");
    (doubled && inside).then(|| ("E-syntax", message.to_owned(), "here", help.to_owned()))
}

/// `3,5` where no list can stand: the place is at the comma or right after it.
fn decimal_comma(text: &str, at: usize) -> Option<String> {
    let comma = if text[at..].starts_with(',') { at } else { at.checked_sub(1)? };
    if text.as_bytes().get(comma) != Some(&b',') {
        return None;
    }
    let digit = |c: char| c.is_ascii_digit();
    let whole = &text[text[..comma].trim_end_matches(digit).len()..comma];
    let rest = &text[comma + 1..];
    let fraction = &rest[..rest.find(|c| !digit(c)).unwrap_or(rest.len())];
    (!whole.is_empty() && !fraction.is_empty()).then(|| format!("{whole},{fraction}"))
}

/// What could have stood at the place, in words, listed once each.
fn expected(rule: Rule, text: &str, plain: &Error<Rule>) -> String {
    let mut words: Vec<&'static str> = Vec::new();
    let mut add = |word: Option<&'static str>| {
        if let Some(word) = word.filter(|word| !words.contains(word)) {
            words.push(word);
        }
    };
    if let ErrorVariant::ParsingError { positives, .. } = &plain.variant {
        positives.iter().for_each(|rule| add(keywords::words_of(*rule)));
    }
    if let Some(attempts) = explain(rule, text).and_then(|error| error.parse_attempts()) {
        for token in attempts.expected_tokens() {
            add(keywords::token(&token.to_string()));
        }
    }
    if words.len() > 1 {
        words.retain(|word| *word != keywords::LINE_END);
    }
    words.truncate(LISTED);
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
