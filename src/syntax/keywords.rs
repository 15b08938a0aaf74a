//! The words that begin lines, the words for the grammar's parts, and what to say of a word in a wrong place.

use super::grammar::Rule;
use crate::diagnostic::{Diagnostic, nearest};
use crate::span::Span;

pub const SECTIONS: [&str; 3] = ["given", "model", "tasks"];
pub const LINE_END: &str = "the end of the line";

/// The words that begin a line, and the rule of the lines that they begin.
const BEGINNINGS: &[(Rule, &[&str])] = &[
    (Rule::header_line, &["problem", "points", "steps", "digits"]),
    (Rule::given_line, &["dim", "layout", "input", "target", "param", "const", "data", "repeat", "end"]),
    (Rule::model_line, &["repeat", "end"]),
    (Rule::task_line, &["compute", "derive", "draw", "shapes", "count", "update"]),
    (Rule::answer_line, &["student"]),
];

fn beginnings(rule: Rule) -> &'static [&'static str] {
    BEGINNINGS.iter().find(|(of, _)| *of == rule).map_or(&[], |(_, words)| words)
}

fn place_of(rule: Rule) -> &'static str {
    match rule {
        Rule::header_line => "at the top of the file",
        Rule::given_line => "under `given`",
        Rule::model_line => "under `model`",
        Rule::task_line => "under `tasks`",
        _ => "here",
    }
}

/// The first word of a line and what follows it.
pub fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// Whether nothing but a comment is left of a line.
pub fn is_blank(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('#')
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
    let meant_for_keyword =
        rest.starts_with(|c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '"') || is_blank(rest);
    let only_keywords = matches!(rule, Rule::header_line | Rule::task_line);
    if !(only_keywords || meant_for_keyword && beginnings(rule).len() > 1) {
        return None;
    }
    let start = base + text.len() - text.trim_start().len();
    let span = Span::new(start, start + word.len());
    if let Some((home, _)) = BEGINNINGS.iter().find(|(_, words)| words.contains(&word)) {
        let fault = Diagnostic::error("E-keyword", format!("`{word}` does not belong {}", place_of(rule)));
        return Some(fault.at(span, format!("belongs {}", place_of(*home))));
    }
    let known = beginnings(rule).iter().chain(&SECTIONS).copied();
    let (code, message) = match rule {
        Rule::task_line => ("E-task", format!("`{word}` is not a task")),
        Rule::header_line => ("E-keyword", format!("`{word}` does not begin a line of a problem's head")),
        _ => ("E-keyword", format!("`{word}` does not begin a line {}", place_of(rule))),
    };
    let fault = Diagnostic::error(code, message).at(span, "not known");
    Some(match nearest(word, known) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
        None => fault.help(format!("what begins a line here: {}", listed(rule))),
    })
}

fn listed(rule: Rule) -> String {
    let words: Vec<String> = beginnings(rule).iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// Adds the keyword that a wrong word inside the line was meant for.
pub fn with_suggestion(diagnostic: Diagnostic, rule: Rule, text: &str) -> Diagnostic {
    const INNER: [&str; 15] = [
        "graph",
        "gradients",
        "params",
        "of",
        "wrt",
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
    let Some(label) = diagnostic.labels.first() else { return diagnostic };
    let word = diagnostic.message.rsplit("found `").next().and_then(|rest| rest.strip_suffix('`')).unwrap_or("");
    let fits = word.len() > 2 && label.span.start > 0 && matches!(rule, Rule::task_line | Rule::given_line);
    match nearest(word, INNER).filter(|meant| fits && *meant != word && text.contains(word)) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
        None => diagnostic,
    }
}

/// The language's word for a part of the grammar.
pub fn words_of(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::Name
        | Rule::DeriveTarget
        | Rule::AnswerTarget
        | Rule::DimDeclaration
        | Rule::LeafDeclaration
        | Rule::Binding
        | Rule::Point
        | Rule::DeriveOf
        | Rule::LoopVariable => "a name",
        Rule::Number | Rule::SignedNumber => "a number",
        Rule::Integer => "a whole number",
        Rule::Text => "a text in quotes",
        Rule::Expr
        | Rule::Cell
        | Rule::Row
        | Rule::Half
        | Rule::Paren
        | Rule::Call
        | Rule::CalleeSign
        | Rule::Indicator
        | Rule::Negate
        | Rule::Plus => "an expression",
        Rule::Matrix => "a matrix",
        Rule::Add
        | Rule::Sub
        | Rule::Mul
        | Rule::Div
        | Rule::ElementwiseMul
        | Rule::ElementwiseDiv
        | Rule::Pow
        | Rule::Juxtaposition => "an operator",
        Rule::Relation => "a relation such as `>`",
        Rule::Value => "`=`",
        Rule::Shape | Rule::DimSum | Rule::DimProduct => "a dimension",
        Rule::OptionWord | Rule::OptionList => "a word, a number or a list of numbers",
        Rule::TaskPoints => "`[… points]`",
        Rule::LayoutValue => "`rows` or `columns`",
        Rule::StepsValue => "`full` or `short`",
        Rule::JacobianLayout => "`numerator` or `denominator`",
        Rule::WithGradients => "`with gradients`",
        Rule::EOI => LINE_END,
        _ => return None,
    })
}

/// The quoted form of a token that an error may name.
pub fn token(token: &str) -> Option<&'static str> {
    const TOKENS: &[(&str, &str)] = &[
        (")", "`)`"),
        ("]", "`]`"),
        (",", "`,`"),
        ("=", "`=`"),
        (":", "`:`"),
        ("of", "`of`"),
        ("wrt", "`wrt`"),
        ("with", "`with`"),
        ("rate", "`rate`"),
        ("to", "`to`"),
        ("from", "`from`"),
        ("at", "`at`"),
        ("graph", "`graph`"),
        ("params", "`params`"),
        ("known", "`known as`"),
        ("as", "`as`"),
        ("gradients", "`gradients`"),
        ("layout", "`layout`"),
        ("and", "`and`"),
    ];
    TOKENS.iter().find(|(known, _)| *known == token).map(|(_, shown)| *shown)
}
