//! An exam file: what a paper is made of.

use super::ast::Spanned;
use crate::diagnostic::{Diagnostic, nearest};
use crate::span::Span;
use pest::Parser;
use pest::error::InputLocation;
use pest::iterators::Pair;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../grammar/exam.pest"]
struct Grammar;

/// `exam "ML-F26" "Machine Learning" "final examination"` and what follows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exam {
    pub id: String,
    pub title: Option<String>,
    pub subtitle: Option<String>,
    /// Year, month, day.
    pub date: Option<(u32, u32, u32)>,
    pub minutes: Option<String>,
    pub letter: bool,
    /// Millimetres for the working of a question.
    pub space: Option<u32>,
    pub versions: usize,
    pub note: Option<String>,
    pub class: Option<Spanned<String>>,
    pub problems: Vec<Use>,
}

/// `use "q1.spec" as 1 [30 points] space 6cm`
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    pub file: Spanned<String>,
    /// What the question is called, where the order is that of the file.
    pub label: Option<String>,
    /// The number, as written.
    pub points: Option<Spanned<String>>,
    pub space: Option<u32>,
}

/// Problems of a paper, and versions of it.
const MOST: usize = 100;
const VERSIONS: usize = 26;

/// What each line looks like.
const LINES: [(&str, &str); 9] = [
    ("exam", "exam \"ML-F26\" \"Machine Learning\" \"final examination\""),
    ("date", "date 2026-12-14"),
    ("minutes", "minutes 90"),
    ("paper", "paper a4, or paper letter"),
    ("space", "space 6cm"),
    ("versions", "versions 4"),
    ("note", "note \"Allowed: one handwritten sheet.\""),
    ("class", "class \"class.csv\""),
    ("use", "use \"q1.spec\" as 1 [30 points] space 6cm"),
];

/// The exam that a text describes.
///
/// # Errors
/// Every line that can't be read, with what it should look like.
pub fn read_exam(text: &str) -> Result<Exam, Vec<Diagnostic>> {
    let mut exam = Exam { versions: 1, ..Exam::default() };
    let (mut faults, mut seen) = (Vec::new(), Vec::new());
    let mut base = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let is_empty = line.trim().is_empty() || line.trim_start().starts_with('#');
        if !is_empty {
            match Grammar::parse(Rule::line, line) {
                Ok(pairs) => {
                    for item in pairs.flat_map(Pair::into_inner).filter(|pair| pair.as_rule() != Rule::EOI) {
                        faults.extend(once(&item, base, &mut seen).err());
                        faults.extend(take(&mut exam, item, base).err());
                    }
                }
                Err(error) => faults.push(unreadable(line, base, &error.location)),
            }
        }
        base += whole.len();
    }
    if faults.is_empty() && exam.id.is_empty() {
        faults.push(Diagnostic::error("E-exam", "the exam has no name").help(format!("begin with: {}", LINES[0].1)));
    }
    if faults.is_empty() && exam.problems.is_empty() {
        faults.push(Diagnostic::error("E-exam", "the exam has no problems").help(format!("add: {}", LINES[8].1)));
    }
    if faults.is_empty() { Ok(exam) } else { Err(faults) }
}

fn unreadable(line: &str, base: usize, location: &InputLocation) -> Diagnostic {
    let indent = line.len() - line.trim_start().len();
    let word: &str = line[indent..].split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let whole = Span::new(base + indent, base + indent + word.len().max(1));
    let Some((_, example)) = LINES.iter().find(|(known, _)| *known == word) else {
        let told = Diagnostic::error("E-exam", format!("an exam file has no line `{word}`")).at(whole, "here");
        return match nearest(word, LINES.iter().map(|(known, _)| *known)) {
            Some(meant) => told.help(format!("did you mean `{meant}`?")),
            None => told.help(format!("known are {}", LINES.map(|(known, _)| known).join(", "))),
        };
    };
    let at = match location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => *at,
    };
    let end = at + line[at..].chars().next().map_or(0, char::len_utf8);
    let told = Diagnostic::error("E-exam", format!("this line `{word}` can't be read"));
    told.at(Span::new(base + at, base + end), "here").help(format!("for example: {example}"))
}

/// What stands once in a file.
fn once(item: &Pair<Rule>, base: usize, seen: &mut Vec<(Rule, Span)>) -> Result<(), Diagnostic> {
    let (rule, own) = (item.as_rule(), span(item, base));
    let before = seen.iter().find(|(known, _)| *known == rule && rule != Rule::Use).map(|(_, span)| *span);
    seen.push((rule, own));
    match before {
        Some(before) => Err(Diagnostic::error("E-exam", "this is said twice").at(own, "again").at(before, "first")),
        None => Ok(()),
    }
}

fn take(exam: &mut Exam, item: Pair<Rule>, base: usize) -> Result<(), Diagnostic> {
    let (rule, own) = (item.as_rule(), span(&item, base));
    let fault = |message: String, help: &str| Diagnostic::error("E-exam", message).at(own, "here").help(help);
    let mut parts = item.into_inner();
    match rule {
        Rule::Exam => {
            let mut texts = parts.map(|part| text(&part));
            exam.id = texts.next().unwrap_or_default();
            exam.title = texts.next();
            exam.subtitle = texts.next();
            if !exam.id.chars().any(|c| c.is_ascii_alphanumeric()) {
                return Err(fault(
                    "the exam's name has no letter or digit".into(),
                    "forms are numbered with it: ML-F26",
                ));
            }
        }
        Rule::Date => {
            let day = parts.next().map_or("", |part| part.as_str());
            exam.date = Some(date(day).ok_or_else(|| fault(format!("there is no day {day}"), "year-month-day"))?);
        }
        Rule::Minutes => exam.minutes = parts.next().map(|part| part.as_str().to_string()),
        Rule::Paper => exam.letter = parts.next().is_some_and(|part| part.as_str() == "letter"),
        Rule::Space => {
            exam.space = Some(millimetres(parts).ok_or_else(|| fault("too much space".into(), "space 6cm"))?)
        }
        Rule::Versions => {
            let count = parts.next().and_then(|part| part.as_str().parse().ok()).filter(|n| (1..=VERSIONS).contains(n));
            exam.versions = count.ok_or_else(|| fault(format!("1 to {VERSIONS} versions"), "versions 4: A to D"))?;
        }
        Rule::Note => exam.note = parts.next().map(|part| text(&part)),
        Rule::Class => {
            exam.class = parts.next().map(|part| Spanned { value: text(&part), span: span(&part, base) });
        }
        _ => {
            if exam.problems.len() == MOST {
                return Err(fault(format!("more than {MOST} problems"), "make two papers"));
            }
            exam.problems.push(problem(parts, base).ok_or_else(|| fault("too much space".into(), "space 6cm"))?);
        }
    }
    Ok(())
}

fn problem<'a>(parts: impl Iterator<Item = Pair<'a, Rule>>, base: usize) -> Option<Use> {
    let blank = Spanned { value: String::new(), span: Span::new(base, base) };
    let mut used = Use { file: blank, label: None, points: None, space: None };
    for part in parts {
        let at = span(&part, base);
        match part.as_rule() {
            Rule::Text => used.file = Spanned { value: text(&part), span: at },
            Rule::Label => used.label = Some(part.as_str().to_string()),
            Rule::Points => {
                let number = part.into_inner().next()?.as_str().to_string();
                used.points = Some(Spanned { value: number, span: at });
            }
            _ => used.space = Some(millimetres(part.into_inner())?),
        }
    }
    Some(used)
}

fn span(pair: &Pair<Rule>, base: usize) -> Span {
    Span::new(base + pair.as_span().start(), base + pair.as_span().end())
}

fn text(pair: &Pair<Rule>) -> String {
    pair.as_str().trim_matches('"').trim().to_string()
}

/// `6cm`, at most two pages.
fn millimetres<'a>(mut parts: impl Iterator<Item = Pair<'a, Rule>>) -> Option<u32> {
    let number: f64 = parts.next()?.as_str().parse().ok()?;
    let unit = match parts.next()?.as_str() {
        "cm" => 10.0,
        "in" => 25.4,
        _ => 1.0,
    };
    let space = number * unit;
    (space <= 500.0).then_some(space as u32)
}

/// A day of the calendar.
fn date(text: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = text.split('-').map(str::parse::<u32>);
    let (year, month, day) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exam_is_read() {
        let exam = read_exam(
            "exam \"ML-F26\" \"Machine Learning\"  # ours\ndate 2026-12-14, minutes 90, paper letter, space 6cm\n\n\
             use \"q1.spec\" as 1 [30 points]\nuse \"q3.spec\" [6.5 points] space 1in\nversions 4\nclass \"class.csv\"\n",
        )
        .unwrap();
        assert_eq!((exam.date, exam.space, exam.letter), (Some((2026, 12, 14)), Some(60), true));
        assert_eq!((exam.problems.len(), exam.problems[1].space, exam.versions), (2, Some(25), 4));
        assert_eq!(exam.problems[0].points.as_ref().unwrap().value, "30");
    }

    #[test]
    fn what_is_wrong_is_told_at_its_place() {
        let told = |text: &str| read_exam(text).unwrap_err().remove(0);
        assert_eq!(told("exam \"A\"\ndaet 2026-12-14\n").help, ["did you mean `date`?"]);
        assert!(told("exam \"A\"\nuse q1.spec\n").help[0].contains("use \"q1.spec\""));
        assert!(told("date 2026-02-30\n").message.contains("no day"));
        assert!(told("exam \"A\"\n").message.contains("no problems"));
        assert!(told("exam \"A\"\nexam \"B\"\n").message.contains("twice"));
        assert!(told("exam \"–\"\n").message.contains("no letter"));
        assert_eq!(told("exam \"A\"\nuse “q”\n").labels[0].span.start, 13);
    }
}
