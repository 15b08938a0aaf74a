//! Plain answers in lines with words around them.

use super::collect::{Collector, Strictness, is_latex};
use super::dress::{list_marks, undressed};
use crate::span::Span;
use crate::syntax::characters::judge_answer;
use crate::syntax::latex::Macros;
use crate::syntax::lines::lines;

/// The answers of lines that only the letter of their part names: `(a) 963`; gives where they stand.
pub fn lettered(text: &str, place: Span, collector: &mut Collector) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = place.start;
    for line in text[place.start..place.end].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim();
        let Some((letter, value)) = content.strip_prefix('(').unwrap_or(content).split_once(')') else { continue };
        let (letter, value) = (letter.trim(), value.trim());
        let task = letter.bytes().next().filter(|first| letter.len() == 1 && first.is_ascii_lowercase());
        let first = value.trim_start_matches(['-', '+', '−', '$', '[', '(']);
        let number = first.starts_with(|c: char| c.is_ascii_digit()) && !value.contains([':', '=']);
        let Some(task) = task.filter(|_| number).map(|first| usize::from(first - b'a') + 1) else { continue };
        let asked: Vec<&str> =
            collector.vocabulary().asked().filter(|(own, _)| *own == task).map(|(_, name)| name).collect();
        let [name] = asked.as_slice() else { continue };
        let Some(target) = crate::syntax::answer::whole_target(name) else { continue };
        let begins = start + line.find(value).unwrap_or(0);
        collector.value(target, value.trim_end_matches('.'), begins);
        found.push(Span::new(start, at));
    }
    found
}

/// The answers in the lines at a place of a text; other lines are passed over.
pub fn prose(text: &str, place: Span, is_markdown: bool, collector: &mut Collector) {
    let lettered = lettered(text, place, collector);
    let plain = undressed(&text[place.start..place.end], collector.vocabulary(), is_markdown, is_latex);
    for mut line in lines(&plain, judge_answer) {
        let code = &plain[line.span.start..line.span.end];
        // From now on places are counted from the beginning of the text.
        let moved = |span: Span| Span::new(span.start + place.start, span.end + place.start);
        line.span = moved(line.span);
        if let Some(fault) = &mut line.fault {
            fault.labels.iter_mut().for_each(|label| label.span = moved(label.span));
        }
        let taken = lettered.iter().any(|taken| (taken.start..taken.end).contains(&line.span.start));
        match student(code) {
            _ if taken => {}
            Some(heading) => collector.heading(heading),
            None if is_latex(code) => {
                collector.latex(text, bare(text, line.span), &Macros::default(), Strictness::Prose);
            }
            None => collector.plain(code, text, &line, Strictness::Prose),
        }
    }
}

/// The place of a line's mathematics without the marks of a list before it.
pub fn bare(text: &str, place: Span) -> Span {
    // A sign that was written over may have been longer.
    let end = text.floor_char_boundary(place.end);
    let line = &text[text.floor_char_boundary(place.start)..end];
    let content = line.trim_start();
    Span::new(end - content.len() + list_marks(content, true), end)
}

/// The bytes of the lines after a line that go on with it: those that begin with a sign of equality, and those in its
/// brackets.
pub fn continued(line: &str, text: &str) -> usize {
    const LINES: usize = 100;
    let depth = |line: &str| line.matches('[').count() as i64 - line.matches(']').count() as i64;
    let mut open = depth(line);
    let mut length = 0;
    for _ in 0..LINES {
        let rest = &text[length..];
        let Some(next) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')) else { return length };
        let line = &next[..next.find(['\n', '\r']).unwrap_or(next.len())];
        let content = line.trim_start();
        let equality = content.starts_with(['=', '≈', '≡']) && !content.starts_with("==");
        let inside = open > 0 && !content.is_empty() && !content.contains('=');
        if !equality && !inside || is_latex(line) {
            return length;
        }
        open += depth(line);
        length += rest.len() - next.len() + line.len();
    }
    length
}

/// What a line at the head of a sheet says of the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading<'t> {
    Name(&'t str),
    Number(&'t str),
    /// The course, the date: nothing that is needed.
    Other,
}

/// Words before a colon that say who the student is.
const NAMES: [&str; 9] =
    ["student", "name", "student name", "full name", "your name", "author", "authors", "my name", "submitted by"];
const NUMBERS: [&str; 11] = [
    "student id",
    "id",
    "sid",
    "student number",
    "student no",
    "student no.",
    "id number",
    "matriculation number",
    "matriculation",
    "matr. no.",
    "matrikelnummer",
];
const OTHERS: [&str; 10] =
    ["email", "e-mail", "date", "course", "collaborators", "username", "variant", "form", "form number", "version"];

/// `variant q3-001-K`
fn is_form((word, value): (&str, &str)) -> bool {
    let named = ["variant", "form"].iter().any(|known| word.eq_ignore_ascii_case(known));
    let value = value.trim();
    let ends_in_check = value.rsplit_once('-').is_some_and(|(_, check)| check.chars().count() == 1);
    named && ends_in_check && !value.contains([' ', '=']) && value.contains(|c: char| c.is_ascii_digit())
}

/// `student "Ada Lovelace"`
fn quoted_name(line: &str) -> Option<&str> {
    let quotes: &[char] = &['"', '“', '”'];
    let (_, value) = line.split_once(' ').filter(|(word, _)| word.eq_ignore_ascii_case("student"))?;
    let inner = value.trim().strip_prefix(quotes)?.strip_suffix(quotes)?;
    (!inner.contains(quotes)).then_some(inner)
}

/// `Name: Ada Lovelace`, `Student ID: 4711`
pub fn student(line: &str) -> Option<Heading<'_>> {
    let line = line.trim_start_matches(['*', '#', '-', '_', ' ', '\t']);
    if let Some(name) = quoted_name(line) {
        return Some(Heading::Name(name));
    }
    let (word, value) = line.split_once(':').or_else(|| line.split_once(' ').filter(|parts| is_form(*parts)))?;
    let word = word.trim_matches(['*', '_', '`', ' ', '\t']).to_lowercase();
    let value = value.trim().trim_matches(['*', '_', '`', '"', ' ', '\\']).trim();
    let is_one_of = |words: &[&str]| words.contains(&word.as_str()) && !value.contains('=');
    match () {
        // `Name: Lovelace, Ada`, but `Name: Ada Lovelace, Student ID: 4711`
        () if is_one_of(&NAMES) => {
            let more: &[char] = if value.contains(':') { &[',', ';', '('] } else { &['('] };
            Some(Heading::Name(value.split(more).next().unwrap_or("").trim()))
        }
        () if is_one_of(&NUMBERS) => Some(Heading::Number(value)),
        () if is_one_of(&OTHERS) => Some(Heading::Other),
        () => None,
    }
}
