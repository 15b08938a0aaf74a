//! Answers in texts: plain lines, and mathematics in LaTeX and Markdown with prose around it.

use super::collect::{Collector, Strictness, is_latex};
use crate::diagnostic::Diagnostic;
use crate::limits::{LATEX_MACRO_TOKENS, LATEX_MACROS};
use crate::span::Span;
use crate::syntax::characters::judge_answer;
use crate::syntax::latex::{Macros, is_layout, macro_body};
use crate::syntax::lines::lines;
use std::collections::BTreeSet;

/// Answers a line each. A file with displayed mathematics in it is read as a document.
pub fn plain(text: &str, collector: &mut Collector) {
    if has_displays(text) {
        return document(text, 0, Kind::Markdown, collector);
    }
    if spans_lines(text) {
        let whole = Span::new(0, text.len());
        return collector.latex(text, whole, &Macros::default(), Strictness::Answers);
    }
    for line in lines(text, judge_answer) {
        let code = &text[line.span.start..line.span.end];
        match student(code) {
            Some(name) => collector.student(name),
            None if is_latex(code) => collector.latex(text, line.span, &Macros::default(), Strictness::Answers),
            None => collector.plain(text, &line, Strictness::Answers),
        }
    }
}

/// A whole document, or formulas alone as they are handed in to be set by someone else.
pub fn latex(text: &str, collector: &mut Collector) {
    let formulas = !has_displays(text) && !["$", "\\(", "\\documentclass"].iter().any(|sign| text.contains(sign));
    if formulas {
        return plain(text, collector);
    }
    // What stands before the document are definitions; their formulas are no answers.
    let start = text.find("\\begin{document}").unwrap_or(0);
    document(text, start, Kind::Latex, collector);
}

/// Whether mathematics is set off from prose.
fn has_displays(text: &str) -> bool {
    let environment = |at: usize| {
        let name = text[at..].split(['}', '*']).next().unwrap_or("");
        is_layout(name)
    };
    text.contains("\\[")
        || text.contains("$$")
        || text.contains("\\begin{document}")
        || text.match_indices("\\begin{").any(|(at, sign)| environment(at + sign.len()))
}

/// Whether a formula goes on in the next line: an environment is open at the end of one, or a sign stands there.
fn spans_lines(text: &str) -> bool {
    let open = |line: &str| line.matches("\\begin{").count() != line.matches("\\end{").count();
    let continued = |line: &str| {
        line.trim_end().trim_end_matches('\\').trim_end().ends_with(['+', '-', '=', ',']) && is_latex(line)
    };
    let mut all = text.lines();
    let last = all.next_back();
    all.any(|line| open(line) || continued(line)) || last.is_some_and(open)
}

pub fn markdown(text: &str, collector: &mut Collector) {
    document(text, 0, Kind::Markdown, collector);
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Latex,
    Markdown,
}

fn document(text: &str, start: usize, kind: Kind, collector: &mut Collector) {
    let macros = if text.contains("\\newcommand")
        || text.contains("\\def")
        || text.contains("\\Declare")
        || text.contains("\\renewcommand")
    {
        definitions(text)
    } else {
        Macros::default()
    };
    let mut scanner = Scanner { text, kind, at: start, unclosed: BTreeSet::new(), collector, macros };
    scanner.document();
}

/// Walks through a document; every character is looked at once.
struct Scanner<'t, 'c> {
    text: &'t str,
    kind: Kind,
    at: usize,
    /// Ends that were looked for and do not stand in the rest of the text.
    unclosed: BTreeSet<String>,
    collector: &'c mut Collector,
    macros: Macros,
}

/// Environments of LaTeX that hold no mathematics to be read.
const VERBATIM: [&str; 4] = ["verbatim", "lstlisting", "minted", "comment"];

impl Scanner<'_, '_> {
    fn document(&mut self) {
        let mut line_start = true;
        while self.at < self.text.len() {
            if line_start && self.kind == Kind::Markdown && self.markdown_line() {
                continue;
            }
            line_start = self.step();
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Passes over one sign of the text; gives whether a line begins after it.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(character) = rest.chars().next() else { return false };
        match character {
            '\n' | '\r' => {
                self.at += 1;
                return true;
            }
            '%' if self.kind == Kind::Latex => self.at += rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '$' if rest.starts_with("$$") => self.formula(2, "$$"),
            '$' => self.formula(1, "$"),
            '\\' if rest.starts_with("\\[") => self.formula(2, "\\]"),
            '\\' if rest.starts_with("\\(") => self.formula(2, "\\)"),
            '\\' if rest.starts_with("\\begin{") => self.environment(),
            '\\' if rest.starts_with("\\author{") || rest.starts_with("\\student{") => self.author(),
            // An escaped sign is no sign.
            '\\' => self.at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => self.at += character.len_utf8(),
        }
        false
    }

    /// Mathematics after an opening sign, until its closing one.
    fn formula(&mut self, open: usize, close: &str) {
        let start = self.at + open;
        // What begins within a paragraph ends within it.
        let end = match self.unclosed.contains(close) {
            true => None,
            false => closing(&self.text[start..], close),
        };
        let Some(length) = end else {
            if !close.starts_with('$') {
                self.unclosed.insert(close.to_owned());
                let fault = Diagnostic::error("E-latex", format!("this formula has no end: `{close}` is missing"));
                let span = Span::new(self.at, start);
                self.collector.unreadable(None, fault.at(span, "begins here"), &self.text[self.at..start], span);
            }
            self.at = start;
            return;
        };
        let span = Span::new(start, start + length);
        self.at = span.end + close.len();
        self.collector.latex(self.text, span, &self.macros, Strictness::Prose);
    }

    fn environment(&mut self) {
        let start = self.at;
        let inside = start + "\\begin{".len();
        let Some(length) = self.text[inside..].find('}').filter(|length| *length <= 40) else {
            self.at = inside;
            return;
        };
        let name = &self.text[inside..inside + length];
        self.at = inside + length + 1;
        let verbatim = VERBATIM.contains(&name);
        if !(verbatim || is_layout(name) && !matches!(name, "document" | "center")) {
            return;
        }
        let end = format!("\\end{{{name}}}");
        let found = if self.unclosed.contains(&end) { None } else { self.rest().find(&end) };
        match found {
            None => {
                let fault = Diagnostic::error("E-latex", format!("`\\begin{{{name}}}` is never ended"));
                let span = Span::new(start, self.at);
                self.collector.unreadable(None, fault.at(span, "begins here"), &self.text[start..self.at], span);
                self.unclosed.insert(end);
            }
            Some(length) => {
                let span = Span::new(self.at, self.at + length);
                self.at = span.end + end.len();
                if !verbatim {
                    // `\begin{alignat}{2}`
                    self.collector.latex(self.text, span, &self.macros, Strictness::Prose);
                }
            }
        }
    }

    fn author(&mut self) {
        let inside = self.at + self.rest().find('{').unwrap_or(0) + 1;
        let line = self.text[inside..].find(['\n', '\r']).unwrap_or(self.text.len() - inside);
        let name = &self.text[inside..inside + line];
        if let Some(end) = name.find('}') {
            self.collector.student(&name[..end]);
        }
        self.at = inside;
    }

    /// A line of Markdown that is a plain answer, or begins a block of code; whether it was read.
    fn markdown_line(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = &rest[..length];
        let content = line.trim_start();
        if content.starts_with("```") || content.starts_with("~~~") {
            self.block(length, &content[..3]);
            return true;
        }
        let stripped = without_marks(content);
        if let Some(name) = student(stripped) {
            self.collector.student(name);
            self.at += length;
            return false;
        }
        // Mathematics in it is found by its signs.
        if stripped.is_empty() || is_latex(line) || !line.contains(['=', '≈', '≡']) {
            return false;
        }
        let start = self.at + (stripped.as_ptr() as usize - rest.as_ptr() as usize);
        let text = &self.text[..start + stripped.len()];
        for mut read in lines(&text[start..], judge_answer) {
            read.span = Span::new(read.span.start + start, read.span.end + start);
            read.fault = None;
            self.collector.plain(text, &read, Strictness::Prose);
        }
        self.at += length;
        true
    }

    /// A block of code: its lines are plain answers where they can be read as such.
    fn block(&mut self, first_line: usize, fence: &str) {
        let start = (self.at + first_line + 1).min(self.text.len());
        let start = self.text.ceil_char_boundary(start);
        let end = self.text[start..].find(fence).map_or(self.text.len(), |length| start + length);
        code(&self.text[..end], start, self.collector);
        self.at = (end + fence.len()).min(self.text.len());
        let rest = &self.text[self.at..];
        self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
    }
}

/// Lines of code from `start` on: answers where they can be read as `name = expression`.
pub fn code(text: &str, start: usize, collector: &mut Collector) {
    for mut line in lines(&text[start..], judge_answer) {
        line.span = Span::new(line.span.start + start, line.span.end + start);
        if let Some(fault) = &mut line.fault {
            fault.labels.iter_mut().for_each(|label| {
                label.span = Span::new(label.span.start + start, label.span.end + start);
            });
        }
        match student(&text[line.span.start..line.span.end]) {
            Some(name) => collector.student(name),
            None if is_latex(&text[line.span.start..line.span.end]) => {
                collector.latex(text, line.span, &Macros::default(), Strictness::Prose);
            }
            None => collector.plain(text, &line, Strictness::Prose),
        }
    }
}

/// Where a formula ends: at its closing sign, if no blank line comes before it.
fn closing(text: &str, close: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut line_is_blank = false;
    while at < bytes.len() {
        if text[at..].starts_with(close) {
            return Some(at);
        }
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if line_is_blank => return None,
            b'\n' => line_is_blank = true,
            b' ' | b'\t' | b'\r' => {}
            _ => line_is_blank = false,
        }
        at += 1;
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
    None
}

/// A line without the marks of a list, a quotation, a heading, code or stress around it.
fn without_marks(line: &str) -> &str {
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let line = match numbered.strip_prefix(['.', ')']) {
        Some(rest) if numbered.len() < line.len() && rest.starts_with(' ') => rest,
        _ => line,
    };
    line.trim_start_matches(['-', '*', '+', '>', '#', '`', ' ', '\t', '|'])
        .trim_end_matches(['`', '*', ' ', '\t', '|', '\\'])
}

/// `Name: Ada Lovelace`
fn student(line: &str) -> Option<&str> {
    let (word, name) = line.split_once(':')?;
    let word = word.trim().to_ascii_lowercase();
    let known = matches!(word.as_str(), "student" | "name" | "student name" | "author" | "student id");
    (known && !name.contains('=')).then(|| name.trim().trim_matches(['*', '`', '"', ' ']))
}

/// `\newcommand{\W}{\mathbf{W}}` and its like, without arguments.
fn definitions(text: &str) -> Macros {
    let mut macros = Macros::default();
    let found = text.match_indices('\\').filter_map(|(start, _)| Some((start, definition(&text[start..])?)));
    for (start, (name, body, upright)) in found.take(LATEX_MACROS) {
        let base = start;
        let text = if upright { format!("\\operatorname{{{body}}}") } else { body.to_owned() };
        if let Ok(tokens) = macro_body(&text, base, &macros)
            && tokens.len() <= LATEX_MACRO_TOKENS
        {
            macros.insert(name.to_owned(), tokens);
        }
    }
    macros
}

/// The name and the body of a definition that a text begins with, and whether it is an operator's name.
fn definition(text: &str) -> Option<(&str, &str, bool)> {
    const WORDS: [(&str, bool); 6] = [
        ("\\newcommand", false),
        ("\\renewcommand", false),
        ("\\providecommand", false),
        ("\\def", false),
        ("\\DeclareMathOperator", true),
        ("\\let", false),
    ];
    let (word, upright) = WORDS.iter().find(|(word, _)| text.starts_with(word))?;
    let rest = text[word.len()..].trim_start_matches('*').trim_start();
    let rest = rest.strip_prefix('{').unwrap_or(rest);
    let length =
        rest[1.min(rest.len())..].find(|c: char| !c.is_ascii_alphabetic()).filter(|_| rest.starts_with('\\'))? + 1;
    let (name, rest) = rest.split_at(length);
    let rest = rest.strip_prefix('}').unwrap_or(rest).trim_start();
    let inside = rest.strip_prefix('{')?;
    Some((name, braced(inside)?, *upright))
}

/// What stands before the brace that closes one already open, within a bound.
fn braced(text: &str) -> Option<&str> {
    const LONGEST: usize = 1_000;
    let mut open = 1;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        open += i32::from(byte == b'{') - i32::from(byte == b'}');
        if open == 0 {
            return Some(&text[..at]);
        }
    }
    None
}
