//! Frequent slips, told by what stands around the place where the reading stopped.

use std::ops::Range;

pub struct Slip {
    pub code: &'static str,
    pub message: String,
    pub label: &'static str,
    pub help: String,
    /// Its place in the line, where that is more than what was found at the place.
    pub range: Option<Range<usize>>,
}

/// The slip at a place of a line; `found` is the word or sign that stands there.
pub fn slip(text: &str, at: usize, found: &str) -> Option<Slip> {
    let before = text[..at].trim_end();
    let adjacent = before.len() == at;
    comma_in_number(text, at)
        .or_else(|| near_number(before, adjacent, &text[at..], found))
        .or_else(|| sign(before, &text[at..]))
}

fn told(code: &'static str, message: impl Into<String>, label: &'static str, help: impl Into<String>) -> Option<Slip> {
    Some(Slip { code, message: message.into(), label, help: help.into(), range: None })
}

/// `3,5` and `1,000,000` where no list can stand: the place is at a comma or right after it.
fn comma_in_number(text: &str, at: usize) -> Option<Slip> {
    let comma = if text[at..].starts_with(',') { at } else { at.checked_sub(1)? };
    if text.as_bytes().get(comma) != Some(&b',') {
        return None;
    }
    let digit = |c: char| c.is_ascii_digit();
    let start = text[..comma].trim_end_matches(digit).len();
    let end = text.len() - text[comma..].trim_start_matches(|c| digit(c) || c == ',').len();
    let written = text[start..end].trim_end_matches(',');
    let groups: Vec<&str> = written.split(',').collect();
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    if groups.len() < 2 || groups.iter().any(|group| group.is_empty()) || digits > 40 {
        return None;
    }
    let help = match groups.as_slice() {
        [_, thousand] if thousand.len() == 3 => format!("use {} or {}", groups.join("."), groups.concat()),
        [_, _] => format!("use {}", groups.join(".")),
        _ => format!("use {}", groups.concat()),
    };
    let message = format!("`{written}` is not a number");
    let range = Some(start..start + written.len());
    Some(Slip { code: "E-number", message, label: "a comma in a number", help, range })
}

fn near_number(before: &str, adjacent: bool, rest: &str, found: &str) -> Option<Slip> {
    let digit = |c: char| c.is_ascii_digit();
    if before.is_empty() && rest.starts_with(digit) && found.len() <= 40 && found.contains(char::is_alphabetic) {
        return told("E-syntax", format!("`{found}` is no name"), "begins with a digit", "a name begins with a letter");
    }
    if let Some(number) = before.strip_suffix('.').filter(|_| !rest.starts_with(digit))
        && ends_in_number(number)
    {
        return told("E-number", "a number does not end in a point", "no digit before this", "write `2` or `2.0`");
    }
    if !ends_in_number(before) {
        return None;
    }
    if adjacent && rest.starts_with(char::is_alphabetic) {
        let help = "write a space or `*` between the factors";
        return told("E-syntax", "a number runs into a name", "no space before this", help);
    }
    if !adjacent && rest.starts_with(digit) {
        let help = "write `*` for a product; digits are not parted in groups";
        return told("E-syntax", "two numbers stand in a row", "the second number", help);
    }
    let point = adjacent && rest.strip_prefix('.').is_some_and(|rest| !rest.starts_with(digit));
    if point {
        return told("E-number", "a number does not end in a point", "no digit follows", "write `2` or `2.0`");
    }
    None
}

/// Whether a text ends in a number, and not in a name such as `W1`.
fn ends_in_number(text: &str) -> bool {
    let word = &text[text.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '.').len()..];
    text.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

/// Signs of other languages, by what the rest of the line begins with.
const SIGNS: [(&str, &str, &str); 13] = [
    ("**", "`**` is no operator", "a power is `^`"),
    ("@", "`@` is no operator", "the matrix product is `*` or a space"),
    ("\\", "this is LaTeX", "write Greek letters by their names: `theta`"),
    ("==", "`==` compares", "a definition has one `=`"),
    (">", "a comparison stands in an indicator only", "write `1[a > b]`, without a space after the `1`"),
    ("<", "a comparison stands in an indicator only", "write `1[a < b]`, without a space after the `1`"),
    ("|", "`|` is no bracket", "write `abs(x)` or `norm(x)`"),
    ("{", "braces stand in an index only", "write `(` and `)`, or `W_{1}`"),
    (".T", "`.T` is no operator", "the transpose is `^T` or `'`"),
    ("√", "a root needs brackets", "write `√(x)`"),
    ("∑", "a sum needs brackets", "write `∑(x)`"),
    ("$", "`$` has no meaning here", "leave it out"),
    (";", "`;` ends a row of a matrix only", "put what follows on a line of its own"),
];

fn sign(before: &str, rest: &str) -> Option<Slip> {
    if rest.starts_with('*') && before.ends_with('*') {
        return told("E-syntax", "an operator is doubled", "here", "a power is `^`, an elementwise product `.*`");
    }
    if rest.starts_with('=') && before.ends_with('=') {
        return told("E-syntax", "`==` compares", "here", "a definition has one `=`");
    }
    if rest.starts_with('=')
        && !rest.starts_with("==")
        && before.rsplit(']').next().is_some_and(|open| open.contains("1["))
    {
        return told("E-syntax", "`=` defines", "here", "in an indicator write `==`");
    }
    if rest.starts_with('T') && before.ends_with('.') {
        return told("E-syntax", "`.T` is no operator", "here", "the transpose is `^T` or `'`");
    }
    let lone_point = rest
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with([' ', '(']) || rest.starts_with(char::is_alphabetic));
    let (_, message, help) = SIGNS
        .into_iter()
        .find(|(sign, _, _)| rest.starts_with(sign))
        .or(lone_point.then_some((".", "`.` is no operator", "the elementwise product is `.*`")))?;
    told("E-syntax", message, "here", help)
}
