//! The words that begin lines, the words for the grammar's parts, and what to say of a word in a wrong place.

use super::grammar::Rule;
use crate::diagnostic::{self, Diagnostic};
use crate::span::Span;
use crate::tasks;

pub const SECTIONS: [&str; 5] = ["given", "model", "tasks", "marking", "variants"];

/// The words that begin a line, and the rule of the lines that they begin.
const BEGINNINGS: &[(Rule, &[&str])] = &[
    (Rule::header_line, &["problem", "points", "steps", "digits"]),
    (
        Rule::given_line,
        &["dim", "layout", "input", "target", "param", "const", "data", "gradient", "repeat", "for", "end"],
    ),
    (Rule::model_line, &["repeat", "for", "end", "define"]),
    (Rule::marking_line, &["accept", "tolerance", "digits", "working"]),
    (Rule::variants_line, &["require", "differ", "alike"]),
    (Rule::answer_line, &["student"]),
];

fn beginnings(rule: Rule) -> Vec<&'static str> {
    match BEGINNINGS.iter().find(|(of, _)| *of == rule) {
        Some((_, words)) => words.to_vec(),
        None if rule == Rule::task_line => kinds().collect(),
        None => Vec::new(),
    }
}

fn place_of(rule: Rule) -> &'static str {
    match rule {
        Rule::header_line => "at the top of the file",
        Rule::given_line => "under `given`",
        Rule::model_line => "under `model`",
        Rule::task_line => "under `tasks`",
        Rule::marking_line => "under `marking`",
        Rule::variants_line => "under `variants`",
        _ => "here",
    }
}

/// The first word of a line and what follows it.
pub fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// No word of the language is longer, in bytes.
const LONGEST: usize = 24;

/// The word that one was meant for; a long one is meant for none, and is not worth the comparing.
fn nearest(word: &str, known: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    if word.len() <= LONGEST { diagnostic::nearest(word, known) } else { None }
}

/// Whether nothing but a comment is left of a line.
pub fn is_blank(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('#')
}

/// Other words for a section, with a colon behind them.
const CALLED: [(&str, &str); 13] = [
    ("givens", "given"),
    ("setup", "given"),
    ("known", "given"),
    ("inputs", "given"),
    ("data", "given"),
    ("network", "model"),
    ("definitions", "model"),
    ("equations", "model"),
    ("task", "tasks"),
    ("question", "tasks"),
    ("questions", "tasks"),
    ("asked", "tasks"),
    ("find", "tasks"),
];

/// The section that a line of one word is the heading of, however that is written: `Given:`, `TASKS`, `Questions:`.
pub fn called_section(text: &str) -> Option<&'static str> {
    let (word, rest) = first_word(text);
    let colon = rest.strip_prefix(':').map(str::trim_start);
    if !is_blank(colon.unwrap_or(rest)) {
        return None;
    }
    let lower = word.to_lowercase();
    let called = CALLED.iter().filter(|_| colon.is_some()).find(|(other, _)| *other == lower);
    SECTIONS.iter().copied().find(|section| *section == lower).or(called.map(|(_, section)| *section))
}

/// The section that a line of one misspelt word was meant to begin.
pub fn meant_section(text: &str) -> Option<&'static str> {
    let (word, rest) = first_word(text);
    let alone = is_blank(rest) || (rest.starts_with(':') && is_blank(rest[1..].trim_start()));
    if !alone {
        return None;
    }
    nearest(word, SECTIONS)
}

/// A line that begins with a word that is unknown, or belongs elsewhere.
pub fn misplaced(rule: Rule, text: &str, base: usize) -> Option<Diagnostic> {
    let (word, rest) = first_word(text);
    if word.is_empty() || beginnings(rule).contains(&word) {
        return None;
    }
    // `parm W1: D x H`: a word before a name is meant for a keyword, a word before `=` is a name.
    let home = BEGINNINGS.iter().find(|(_, words)| words.contains(&word)).map(|(home, _)| *home);
    let elsewhere = home.or_else(|| named_first().any(|kind| kind == word).then_some(Rule::task_line));
    let meant = nearest(word, beginnings(rule).into_iter().chain(SECTIONS));
    let meant_for_keyword = rest.starts_with(|c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '"')
        || (is_blank(rest) && (elsewhere.is_some() || meant.is_some()));
    let applies = match rule {
        Rule::header_line | Rule::task_line | Rule::variants_line => true,
        Rule::given_line => meant_for_keyword,
        // Nearly every line of a model begins with a name.
        Rule::model_line => meant_for_keyword && (elsewhere.is_some() || meant.is_some()),
        _ => false,
    };
    if !applies || word.len() > LONGEST {
        return None;
    }
    let start = base + text.len() - text.trim_start().len();
    let span = Span::new(start, start + word.len());
    if let Some(home) = elsewhere {
        let fault = Diagnostic::error("E-keyword", format!("`{word}` does not belong {}", place_of(rule)));
        return Some(fault.at(span, format!("belongs {}", place_of(home))));
    }
    let (code, message) = match rule {
        Rule::task_line => ("E-task", format!("`{word}` is not a task")),
        Rule::header_line => ("E-keyword", format!("`{word}` does not begin a line of a problem's head")),
        _ => ("E-keyword", format!("`{word}` does not begin a line {}", place_of(rule))),
    };
    let fault = Diagnostic::error(code, message).at(span, "not known");
    Some(match meant {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
        None => fault.help(format!("what begins a line here: {}", listed(rule))),
    })
}

/// A line of the tasks that begins as none does.
pub fn no_task(text: &str, base: usize) -> Diagnostic {
    misplaced(Rule::task_line, text, base).unwrap_or_else(|| {
        let fault =
            Diagnostic::error("E-task", "no task begins so").at(Span::new(base, base + text.len()), "not known");
        fault.help(format!("what begins a line here: {}", listed(Rule::task_line)))
    })
}

fn listed(rule: Rule) -> String {
    let mut listed: Vec<String> = Vec::new();
    for word in beginnings(rule).into_iter().map(|word| format!("`{word}`")) {
        if !listed.contains(&word) {
            listed.push(word);
        }
    }
    listed.join(", ")
}

/// The keyword that a wrong word inside a line was meant for.
fn meant_inside(word: &str) -> Option<&'static str> {
    const INNER: [&str; 17] = [
        "graph",
        "gradients",
        "params",
        "of",
        "wrt",
        "over",
        "to",
        "with",
        "rate",
        "at",
        "and",
        "from",
        "known",
        "points",
        "rows",
        "columns",
        "layout",
    ];
    nearest(word, INNER).filter(|meant| word.len() > 2 && *meant != word)
}

/// The keyword that the first wrong word after a line's beginning was meant for.
pub fn inner_word(line: &str) -> Option<&'static str> {
    line.split_whitespace().skip(1).find_map(meant_inside)
}

/// Adds the keyword that a wrong word inside the line was meant for, or the form of such a line.
pub fn with_help(diagnostic: Diagnostic, rule: Rule, text: &str, found: &str) -> Diagnostic {
    let meant = match rule {
        Rule::given_line
        | Rule::targets_line
        | Rule::points_line
        | Rule::rate_line
        | Rule::descent_line
        | Rule::families_line
        | Rule::plot_line => meant_inside(found),
        _ => None,
    };
    if let Some(meant) = meant {
        return diagnostic.help(format!("did you mean `{meant}`?"));
    }
    let beginning = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match FORMS.iter().find(|(begins, _)| beginning.starts_with(begins)) {
        Some((_, forms)) if beginnings(rule).contains(&first_word(text).0) => {
            diagnostic.help(format!("for example: {forms}"))
        }
        _ => diagnostic,
    }
}

/// How tasks of a kind are written; nothing for one that is written in forms alone.
pub fn examples(kind: &str) -> Option<String> {
    tasks::WRITTEN.iter().find(|task| task.begins == kind).map(|task| listed_examples(task.examples))
}

/// `a`, `b` or `c`
fn listed_examples(examples: &[&str]) -> String {
    let quoted: Vec<String> = examples.iter().map(|example| format!("`{example}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    }
}

/// The first words of the kinds in `tasks`.
fn kinds() -> impl Iterator<Item = &'static str> {
    named_first().chain(tasks::FORMS.iter().flat_map(|kind| kind.forms).map(|form| first_word(form).0))
}

/// The first words of those that know their names before they are answered: they begin no line of another section.
fn named_first() -> impl Iterator<Item = &'static str> {
    tasks::WRITTEN.iter().map(|task| first_word(task.begins).0)
}

/// Examples of lines by how they begin; the longer beginning comes first.
const FORMS: &[(&str, &str)] = &[
    ("problem", "`problem \"Q1\" \"its title\"`"),
    ("points", "`points 30`"),
    ("steps", "`steps full` or `steps short`"),
    ("digits", "`digits 4`"),
    ("dim", "`dim N, D = 4`"),
    ("layout", "`layout rows` or `layout columns`"),
    ("data", "`data x, y = [1 2; 3 4]` or `data x, y from \"points.csv\"`"),
    ("input", "`input X: N x D \"the images\"`"),
    ("target", "`target T: N x K one-hot`"),
    ("param", "`param W: D x H, b: 1 x H` or `param a = 0.5`"),
    ("const", "`const c = 1.702`"),
    ("repeat", "`repeat l = 1 to 4`"),
    ("require", "`require max(abs(J)) <= 20` or `require integer(J), distinct(K)`"),
    ("differ", "`differ in J`"),
    ("alike", "`alike in relu(Z)`"),
    ("student", "`student \"Ada Lovelace\"`"),
];
