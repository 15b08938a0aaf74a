//! What to say of a line that the grammar refuses: the place, what was expected in the language's own words, and
//! the slip that the text next to the place betrays.

use super::grammar::{Rule, explain};
use super::{expected, keywords};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use pest::error::{Error, ErrorVariant, InputLocation};
use std::ops::Range;

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
    if let Some(number) = decimal_comma(text, at) {
        let whole = &text[number.clone()];
        let span = Span::new(base + number.start, base + number.end);
        return Diagnostic::error("E-number", format!("`{whole}` is not a number"))
            .at(span, "decimal comma")
            .help(format!("use {}", whole.replace(',', ".")));
    }
    if let Some((code, message, label, help)) = slip(text, at) {
        return Diagnostic::error(code, message).at(span, label).help(help);
    }
    let shown = if found.is_empty() { "the end of the line".to_owned() } else { format!("`{found}`") };
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

type Slip = (&'static str, String, &'static str, String);

/// Frequent slips, told by what stands around the place.
fn slip(text: &str, at: usize) -> Option<Slip> {
    let (before, rest) = (text[..at].trim_end(), &text[at..]);
    let last = before.chars().next_back().unwrap_or(' ');
    let adjacent = before.len() == at;
    let begins_with_digit = rest.starts_with(|c: char| c.is_ascii_digit());
    if last.is_ascii_digit() && adjacent && rest.starts_with(char::is_alphabetic) {
        let help = "write a space or `*` between the factors".to_owned();
        return Some(("E-syntax", "a number runs into a name".to_owned(), "no space before this", help));
    }
    if before.is_empty() && begins_with_digit && found(text, at).chars().any(char::is_alphabetic) {
        let help = "a name begins with a letter".to_owned();
        return Some(("E-syntax", format!("`{}` is no name", found(text, at)), "begins with a digit", help));
    }
    if last.is_ascii_digit() && begins_with_digit {
        let help = "write `*` for a product; digits are not parted in groups".to_owned();
        return Some(("E-syntax", "two numbers stand in a row".to_owned(), "the second number", help));
    }
    let number_before = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    if (adjacent && rest.starts_with('.') && number_before(before))
        || before.strip_suffix('.').is_some_and(number_before)
    {
        let help = "write `2` or `2.0`".to_owned();
        return Some(("E-number", "a number does not end in a point".to_owned(), "no digit follows", help));
    }
    let table: [(&str, &str, &str); 10] = [
        ("**", "`**` is no operator", "a power is `^`"),
        ("*", "an operator is doubled", "a power is `^`, an elementwise product `.*`"),
        ("@", "`@` is no operator", "the matrix product is `*` or a space"),
        ("\\", "this is LaTeX", "write Greek letters by their names: `theta`"),
        ("==", "`==` compares", "a definition has one `=`"),
        ("=", "`=` defines", "in an indicator write `==`"),
        ("|", "`|` is no bracket", "write `abs(x)` or `norm(x)`"),
        ("{", "braces stand in an index only", "write `(` and `)`, or `W_{1}`"),
        (".", "`.` is no operator", "the elementwise product is `.*`"),
        ("$", "`$` has no meaning here", "leave it out"),
    ];
    let (sign, message, help) = table.into_iter().find(|(sign, _, _)| rest.starts_with(sign))?;
    let doubled = sign != "*" || last == '*';
    let compares = sign == "=" && (last == '=' || text[..at].contains("1["));
    if sign == "=" && last == '=' {
        return Some(("E-syntax", "`==` compares".to_owned(), "here", "a definition has one `=`".to_owned()));
    }
    (doubled && (compares || sign != "=")).then(|| ("E-syntax", message.to_owned(), "here", help.to_owned()))
}

/// `3,5` where no list can stand: the place is at the comma or right after it.
fn decimal_comma(text: &str, at: usize) -> Option<Range<usize>> {
    let comma = if text[at..].starts_with(',') { at } else { at.checked_sub(1)? };
    if text.as_bytes().get(comma) != Some(&b',') {
        return None;
    }
    let digit = |c: char| c.is_ascii_digit();
    let start = text[..comma].trim_end_matches(digit).len();
    let rest = &text[comma + 1..];
    let end = text.len() - rest.trim_start_matches(digit).len();
    (start < comma && end > comma + 1).then_some(start..end)
}
