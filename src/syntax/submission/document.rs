//! Answers in texts: plain lines, and mathematics in LaTeX and Markdown with prose around it.

use super::cells::Header;
use super::collect::{Collector, Strictness, is_latex};
use super::definitions::{definition, definitions, displays};
use super::dress::{STRUCK, undressed};
use super::heading::Heads;
use super::listed::is_row;
use super::mixed::{Item, counted, items};
use super::part::{self, ITEM};
use super::prose::{bare, continued, lettered, prose, student};
use super::table::column_target;
use super::unseen::seen;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::syntax::characters::judge_answer;
use crate::syntax::latex::{Macros, is_layout, statements};
use crate::syntax::lines::lines;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Answers a line each. A file with displayed mathematics in it is read as a document.
pub fn plain(text: &str, collector: &mut Collector) {
    if has_displays(text) {
        return document(text, 0, Kind::Markdown, collector);
    }
    answers(text, is_latex, collector);
}

/// A line each, of which some are in LaTeX.
fn answers(text: &str, is_latex: impl Fn(&str) -> bool, collector: &mut Collector) {
    let macros = definitions(collector.vocabulary().preamble(), text);
    if spans_lines(text) {
        let whole = Span::new(0, text.len());
        return collector.latex(text, whole, &macros, Strictness::Answers);
    }
    let written = text;
    let lettered = lettered(text, Span::new(0, text.len()), collector);
    let text = &undressed(written, collector.vocabulary(), false, &is_latex);
    for line in lines(text, judge_answer) {
        let code = &text[line.span.start..line.span.end];
        let taken = lettered.iter().any(|taken| (taken.start..taken.end).contains(&line.span.start));
        match student(code) {
            _ if taken => {}
            Some(heading) => collector.heading(heading),
            None if definition(code).is_some_and(|found| found.length >= code.trim_end().len()) => {}
            None if is_latex(code) => collector.latex(written, bare(written, line.span), &macros, Strictness::Answers),
            None => collector.plain(code, written, &line, Strictness::Answers),
        }
    }
}

/// A whole document, or formulas alone as they are handed in to be set by someone else.
pub fn latex(text: &str, collector: &mut Collector) {
    let text = &*seen(text);
    let formulas = !has_displays(text) && !["$", "\\(", "\\documentclass"].iter().any(|sign| text.contains(sign));
    if formulas {
        return answers(&uncommented(text), |code| is_latex(code) || code.contains(['{', '^', '_']), collector);
    }
    // What stands before the document are definitions; their formulas are no answers.
    let start = text.find("\\begin{document}").unwrap_or(0);
    document(text, start, Kind::Latex, collector);
}

/// The text with blanks for the comments of LaTeX: what is said of it keeps its place.
fn uncommented(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\r']) {
        let escaped = |at: usize| line[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        let comment = line.match_indices('%').map(|(at, _)| at).find(|at| !escaped(*at)).unwrap_or(line.len());
        let (code, rest) = line.split_at(comment);
        plain.push_str(code);
        plain.extend(rest.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' }));
    }
    plain
}

/// Whether mathematics is set off from prose.
fn has_displays(text: &str) -> bool {
    let environment = |at: usize| {
        // No name is longer: a text full of beginnings is looked through once.
        let longest = text.floor_char_boundary((at + 40).min(text.len()));
        let name = text[at..longest].split(['}', '*']).next().unwrap_or("");
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
    let text = &*with_axes_from_0(text);
    let text = &*if kind == Kind::Latex { with_items_on_lines(text) } else { Cow::Borrowed(text) };
    let macros = definitions(collector.vocabulary().preamble(), text);
    let unclosed = BTreeSet::new();
    let mut scanner = Scanner {
        text,
        kind,
        at: start,
        unclosed,
        line_end: 0,
        heading: None,
        lists: 0,
        displays: displays(text),
        table: None,
        collector,
        macros,
    };
    scanner.document();
}

/// A text of the same length in which the axes of MATLAB's sums and sizes, in its blocks, are counted as Python's.
fn with_axes_from_0(text: &str) -> Cow<'_, str> {
    const FENCES: [&str; 3] = ["```matlab", "```octave", "```Matlab"];
    let begins = FENCES.iter().flat_map(|fence| text.match_indices(fence)).map(|(at, fence)| at + fence.len());
    let end = |begin: usize| text[begin..].find("```").map_or(text.len(), |length| begin + length);
    with_axes_in(text, begins.map(|begin| (begin, end(begin))))
}

/// The same for a file of MATLAB's.
pub fn matlab(text: &str) -> Cow<'_, str> {
    with_axes_in(text, [(0, text.len())])
}

fn with_axes_in(text: &str, places: impl IntoIterator<Item = (usize, usize)>) -> Cow<'_, str> {
    let mut bytes: Option<Vec<u8>> = None;
    for (begin, end) in places {
        // `A.'` is `A'`.
        for (at, _) in text[begin..end].match_indices(".'") {
            bytes.get_or_insert_with(|| text.as_bytes().to_vec())[begin + at..begin + at + 2].copy_from_slice(b"' ");
        }
        for (at, _) in text[begin..end].match_indices(')') {
            let call = text[begin..begin + at].trim_end();
            let axis = call.strip_suffix(['1', '2']).filter(|rest| rest.trim_end().ends_with(','));
            let Some(inside) = axis else { continue };
            if opened_by(inside).is_some_and(|before| ["sum", "mean", "size"].iter().any(|name| before.ends_with(name)))
            {
                bytes.get_or_insert_with(|| text.as_bytes().to_vec())[begin + call.len() - 1] -= 1;
            }
        }
    }
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A text of the same length in which each point of a list begins a line, whatever stands before it.
fn with_items_on_lines(text: &str) -> Cow<'_, str> {
    // What is there, and the same with the end of a line.
    const SIGNS: [(&str, &str); 3] =
        [("\\begin{itemize}", "              \n"), (" \\item", "\n\\item"), ("\\end{itemize}", "\n            ")];
    SIGNS.iter().fold(Cow::Borrowed(text), |text, (sign, line)| match text.contains(sign) {
        true => Cow::Owned(text.replace(sign, line)),
        false => text,
    })
}

/// What stands before the bracket that is open at the end of a text, within a bound.
fn opened_by(text: &str) -> Option<&str> {
    const LONGEST: usize = 200;
    let mut open = 0;
    for (at, byte) in text.bytes().enumerate().rev().take(LONGEST) {
        match byte {
            b')' => open += 1,
            b'(' if open == 0 => return Some(&text[..at]),
            b'(' => open -= 1,
            b'\n' => return None,
            _ => {}
        }
    }
    None
}

/// Walks through a document; every character is looked at once.
struct Scanner<'t, 'c> {
    text: &'t str,
    kind: Kind,
    at: usize,
    /// Ends that were looked for and do not stand in the rest of the text.
    unclosed: BTreeSet<String>,
    /// The end of a line of the text, looked for once for all that stands in the line.
    line_end: usize,
    /// What a heading before this place names, until a formula answers it.
    heading: Option<String>,
    /// How many lists of parts are open.
    lists: usize,
    /// Commands of one's own that begin and end a display.
    displays: Vec<(String, String)>,
    /// What the first row of the table says in which the place is.
    table: Option<Header>,
    collector: &'c mut Collector,
    macros: Macros,
}

/// Environments of LaTeX that hold no mathematics to be read.
const VERBATIM: [&str; 4] = ["verbatim", "lstlisting", "minted", "comment"];

/// Whether a text begins with a command, and not with a longer one.
fn begins_with_command(text: &str, command: &str) -> bool {
    text.strip_prefix(command).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// What begins a part of a document, and how deep it lies.
const SECTIONS: [(&str, usize); 5] =
    [("\\section", 1), ("\\subsection", 2), ("\\subsubsection", 3), ("\\paragraph", 4), ("\\textbf", 5)];

/// What begins an item of a list of parts.
const ITEMS: [&str; 5] = ["\\item", "\\question", "\\part", "\\subpart", "\\problem"];

/// Whether an environment lists the parts of a problem: `enumerate}` and its like.
fn is_list_of_parts(rest: &str) -> bool {
    let name = rest.split('}').next().unwrap_or("");
    name.ends_with("enumerate") || name.ends_with("parts") || matches!(name, "questions" | "problems" | "exercises")
}

impl Scanner<'_, '_> {
    fn document(&mut self) {
        let mut line_start = true;
        while self.at < self.text.len() {
            let read = match self.kind {
                Kind::Markdown => line_start && self.markdown_line(),
                Kind::Latex => line_start && self.latex_line(),
            };
            if read {
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
        if self.rest().starts_with(['~', '<']) && self.struck() {
            return false;
        }
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
            '\\' if let Some((open, close)) =
                self.displays.iter().find(|(open, _)| begins_with_command(rest, open)) =>
            {
                let (open, close) = (open.len(), close.clone());
                self.formula(open, &close);
            }
            '\\' if rest.starts_with("\\author{") || rest.starts_with("\\student{") => self.author(),
            // An escaped sign is no sign.
            '\\' => self.at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => self.at += character.len_utf8(),
        }
        false
    }

    /// Passes over what is struck out, and comments of HTML.
    fn struck(&mut self) -> bool {
        if self.kind == Kind::Latex {
            return false;
        }
        let rest = self.rest();
        let Some((open, close)) = STRUCK.iter().find(|(open, _)| rest.starts_with(open)) else { return false };
        if self.unclosed.contains(*close) {
            return false;
        }
        match closing(&rest[open.len()..], close) {
            Some(length) => self.at += open.len() + length + close.len(),
            None => {
                self.unclosed.insert((*close).to_owned());
                return false;
            }
        }
        true
    }

    /// Mathematics after an opening sign, until its closing one.
    fn formula(&mut self, open: usize, close: &str) {
        let start = self.at + open;
        // What begins within a paragraph ends within it.
        let end = match self.unclosed.contains(close) {
            true => None,
            false => closing(&self.text[start..], close).or_else(|| spread(&self.text[start..], close)),
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
        // `The answer is not $…$`
        let denied = self.text[..self.at].ends_with(" not ");
        self.at = span.end + close.len();
        if denied {
            return;
        }
        if let Some(head) = self.heading.take() {
            // A line of its own, or the only formula below a heading.
            let alone = self.text[..span.start].trim_end_matches(['$', '\\', '(']).ends_with('\n')
                && self
                    .rest()
                    .trim_start_matches([' ', '.', ','])
                    .chars()
                    .next()
                    .is_none_or(|c| c == '\n' || c == '\r');
            let displayed = close == "$$" || close == "\\]" || alone;
            let answers = statements(&self.text[span.start..span.end], span.start, &self.macros);
            if displayed && answers.is_ok_and(|answers| answers.is_empty()) {
                return self.collector.formula(&head, self.text, span, &self.macros);
            }
            self.heading = (!displayed).then_some(head);
        }
        self.collector.latex(self.text, span, &self.macros, Strictness::Prose);
        if close == "$" && self.kind == Kind::Markdown {
            self.tail();
        }
    }

    /// A plain answer after the last formula of a line: `$\bar y = 1$, so dW2 = …`.
    fn tail(&mut self) {
        if self.line_end < self.at {
            let rest = self.rest();
            self.line_end = self.at + rest.find(['\n', '\r']).unwrap_or(rest.len());
        }
        let tail = &self.text[self.at..self.line_end];
        // Nothing is looked at behind the formula that follows.
        if !tail.contains('$') && tail.contains('=') && !is_latex(tail) {
            let end = self.line_end + continued(tail, &self.text[self.line_end..]);
            prose(self.text, Span::new(self.at, end), true, self.collector);
            self.at = end;
        }
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
        // `\begin{alignat}{2}`
        if let Some(rest) = self.rest().strip_prefix('{').filter(|_| name.starts_with("alignat")) {
            self.at += 1 + rest.find('}').filter(|length| *length < 4).map_or(0, |length| length + 1);
        }
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
        if let Some(heading) = student(stripped) {
            self.collector.heading(heading);
            self.at += length;
            return false;
        }
        if content.starts_with('#') {
            self.part(
                content.trim_start_matches('#').trim(),
                content.bytes().take_while(|byte| *byte == b'#').count(),
                false,
            );
        } else {
            self.lettered(content);
        }
        // What is quoted is not the student's own.
        if content.starts_with('>') {
            self.at += length;
            return true;
        }
        if self.row(line, '|') || self.mixed(line) {
            return true;
        }
        let vocabulary = self.collector.vocabulary();
        let heads = Heads { model: vocabulary, vocabulary };
        // What gives a value is no heading.
        let valued = stripped.split_once('=').is_some_and(|(_, value)| !value.trim().is_empty());
        if let Some(named) = heads.named(stripped).filter(|_| !valued) {
            self.heading = Some(named);
            self.at += length;
            return true;
        }
        if content.starts_with('#') {
            self.heading = None;
        }
        if let Some(head) = self.heading.take_if(|_| !is_latex(line) && heads.is_value(stripped)) {
            let more = continued(line, &rest[length..]);
            let (value, length) = match is_row(stripped) {
                true => rows(rest),
                false if more > 0 => (rest[..length + more].to_owned(), length + more),
                false => (stripped.to_owned(), length),
            };
            if let Some(target) = column_target(&head, self.collector.vocabulary()) {
                self.collector.value(target, &value, self.at);
            }
            self.at += length;
            return true;
        }
        // Mathematics in it is found by its signs.
        let lettered = (stripped.starts_with('(') || stripped.get(1..2) == Some(")")) && !line.contains('=');
        if stripped.is_empty()
            || is_latex(line) && !lettered
            || !line.contains(['=', '≈', '≡', ':', '→', '|', '—']) && !line.contains(" is ") && !lettered
        {
            return false;
        }
        let end = self.at + length + continued(line, &rest[length..]);
        prose(self.text, Span::new(self.at, end), true, self.collector);
        self.at = end;
        true
    }

    /// A line of LaTeX that begins a part, is a row of a table, or names an answer in words; whether it was read.
    fn latex_line(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        let content = line.trim_start();
        for (command, depth) in SECTIONS {
            let Some(title) = content.strip_prefix(command).map(|rest| rest.trim_start_matches('*')) else { continue };
            let Some(title) = title.trim_start().strip_prefix('{').and_then(|title| title.split('}').next()) else {
                continue;
            };
            self.part(title, depth, depth < 4);
            let vocabulary = self.collector.vocabulary();
            self.heading = Heads { model: vocabulary, vocabulary }.named(title);
        }
        self.items(content);
        self.lettered(content);
        if content.contains("\\end{tabular") {
            self.table = None;
        }
        let in_table = self.table.is_some();
        if content.starts_with("\\begin{tabular") {
            self.table = Some(Header::default());
        }
        !content.starts_with('%') && (in_table && self.row(line, '&') || self.counted(line) || self.mixed(line))
    }

    /// A heading: it may begin the part of another problem.
    fn part(&mut self, title: &str, depth: usize, is_section: bool) {
        if let Some(part) = part::Heading::of(title, depth, is_section) {
            self.heading = None;
            self.collector.part(part);
        }
    }

    /// A line that begins with the letter of its part.
    fn lettered(&mut self, content: &str) {
        if let Some(part) = part::Heading::lettered(content) {
            self.heading = None;
            self.collector.part(part);
        }
    }

    /// The beginnings, items and ends of lists whose items are parts, with which a line begins.
    fn items(&mut self, content: &str) {
        const MOST: usize = 8;
        let mut rest = content;
        loop {
            rest = rest.trim_start();
            if let Some(environment) = rest.strip_prefix("\\begin{").filter(|rest| is_list_of_parts(rest)) {
                self.lists = (self.lists + 1).min(MOST);
                let after = environment.split_once('}').map_or("", |(_, after)| after).trim_start();
                rest =
                    after.strip_prefix('[').and_then(|after| after.split_once(']')).map_or(after, |(_, after)| after);
            } else if let Some(environment) = rest.strip_prefix("\\end{").filter(|rest| is_list_of_parts(rest)) {
                self.collector.leave(ITEM + 2 * self.lists);
                self.lists = self.lists.saturating_sub(1);
                rest = environment.split_once('}').map_or("", |(_, after)| after);
            } else if let Some(item) = ITEMS.iter().find_map(|word| rest.strip_prefix(word)).filter(|_| self.lists > 0)
                && !item.starts_with(|c: char| c.is_alphabetic())
            {
                let label = item.trim_start().strip_prefix('[').and_then(|item| item.split_once(']'));
                let label = label.map(|(label, _)| label.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
                let heading = part::Heading { depth: ITEM + 2 * self.lists, title: item.to_owned(), label };
                self.heading = None;
                return self.collector.part(heading);
            } else {
                return;
            }
        }
    }

    /// A row of a table; whether it was read.
    fn row(&mut self, line: &str, sign: char) -> bool {
        if line.is_empty() {
            return false;
        }
        if sign == '|' && !line.trim_start().starts_with('|') {
            self.table = None;
            return false;
        }
        let vocabulary = self.collector.vocabulary();
        let heads = Heads { model: vocabulary, vocabulary };
        let rule = line.trim().chars().all(|c| "|-: +".contains(c));
        let next = self.text[self.at + line.len()..].trim_start().lines().next().unwrap_or("");
        let first = match sign {
            '|' => next.contains("--") && next.chars().all(|c| "|-: +".contains(c)),
            _ => line.contains(sign) && !line.contains('$') && !line.contains("\\("),
        };
        if first {
            self.table = Some(Header::of(line, sign, heads));
        } else if !rule {
            let header = self.table.take().unwrap_or_default();
            let answers = header.answers(line, sign, heads);
            self.table = Some(header);
            if answers.is_empty() {
                return false;
            }
            for (target, cell) in answers {
                self.collector.value(target, &line[cell.start..cell.end], self.at + cell.start);
            }
        }
        self.at += line.len();
        true
    }

    /// `\# params = 615`, without signs of mathematics; whether it was read.
    fn counted(&mut self, line: &str) -> bool {
        let Some((head, value)) = line.split_once('=').filter(|(head, _)| head.contains("\\#")) else { return false };
        let vocabulary = self.collector.vocabulary();
        let heads = Heads { model: vocabulary, vocabulary };
        let plain = head.replace("\\#", "#").replace("\\item", " ");
        let named = heads.named(plain.trim()).filter(|named| named == "params" && !is_latex(value));
        let Some(target) = named.and_then(|named| column_target(&named, vocabulary)) else { return false };
        let value = value.trim().trim_end_matches(['.', '\\', ' ']);
        let begins = self.at + line.find(value).unwrap_or(0);
        self.collector.value(target, value, begins);
        self.at += line.len();
        true
    }

    /// A line that names an answer in words and gives it in a formula, or the other way round; whether it was read.
    fn mixed(&mut self, line: &str) -> bool {
        if line.is_empty() {
            return false;
        }
        let vocabulary = self.collector.vocabulary();
        let heads = Heads { model: vocabulary, vocabulary };
        if let Some(number) = counted(line).filter(|_| vocabulary.is_asked("params"))
            && let Some(target) = column_target("params", vocabulary)
        {
            self.collector.value(target, &line[number.start..number.end], self.at + number.start);
            self.at += line.len();
            return true;
        }
        let items = items(line, heads);
        if items.is_empty() {
            return false;
        }
        for item in items {
            match item {
                Item::Answer { target, value } => {
                    self.collector.value(*target, &line[value.start..value.end], self.at + value.start);
                }
                Item::Formula(Span { start, end }) => {
                    let span = Span::new(self.at + start, self.at + end);
                    self.collector.latex(self.text, span, &self.macros, Strictness::Prose);
                }
            }
        }
        self.at += line.len();
        true
    }

    /// A block of code: its lines are plain answers where they can be read as such.
    fn block(&mut self, first_line: usize, fence: &str) {
        let start = (self.at + first_line + 1).min(self.text.len());
        let start = self.text.ceil_char_boundary(start);
        if self.rest()[fence.len()..].trim_start_matches(['{', '.', ' ']).starts_with("py") {
            self.collector.python();
        }
        self.collector.matlab =
            ["matlab", "Matlab", "octave"].iter().any(|word| self.rest()[fence.len()..].starts_with(word));
        let end = self.text[start..].find(fence).map_or(self.text.len(), |length| start + length);
        let matrix = matrix(&self.text[start..end]).filter(|_| self.heading.is_some());
        match (matrix, self.heading.take()) {
            (Some(matrix), Some(head)) => {
                if let Some(target) = column_target(&head, self.collector.vocabulary()) {
                    self.collector.value(target, &matrix, start);
                }
            }
            _ => prose(self.text, Span::new(start, end), false, self.collector),
        }
        self.collector.matlab = false;
        self.at = (end + fence.len()).min(self.text.len());
        let rest = &self.text[self.at..];
        self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
    }
}

/// The rows of numbers that a text begins with, and their bytes.
fn rows(text: &str) -> (String, usize) {
    let lines = text.split_inclusive('\n').take_while(|line| is_row(line));
    let (mut rows, mut length) = (Vec::new(), 0);
    for line in lines {
        rows.push(line.trim());
        length += line.len();
    }
    (rows.join("; "), length)
}

/// The matrix whose rows are the lines of a text, in brackets or not.
fn matrix(text: &str) -> Option<String> {
    let bare = |line: &str| {
        let line = line.trim().trim_start_matches("array(").trim_start_matches("tensor(");
        line.trim_matches(['[', ']', '(', ')', ',', ';', ' ']).replace(',', " ")
    };
    let rows: Vec<String> = text.lines().map(bare).filter(|row| !row.is_empty()).collect();
    (!rows.is_empty() && rows.iter().all(|row| is_row(row))).then(|| format!("[{}]", rows.join("; ")))
}

/// Where a display ends that has blank lines at its beginning or end.
fn spread(text: &str, close: &str) -> Option<usize> {
    const LONGEST: usize = 2_000;
    let end = text.find(close).filter(|end| *end <= LONGEST && (close == "$$" || close == "\\]"))?;
    let blank = text[..end].trim().contains("\n\n");
    let prose = text[..end].contains('$') || text[..end].contains("\\[") || text[..end].contains('#');
    (!prose && (!blank || close == "\\]" || text[..end].split("\n\n").all(is_formula))).then_some(end)
}

/// Whether a paragraph is mathematics without a sentence around it.
fn is_formula(paragraph: &str) -> bool {
    let word = |word: &str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let words: Vec<bool> = paragraph.split_whitespace().map(word).collect();
    let sentence = words.windows(2).any(|pair| pair[0] && pair[1]);
    paragraph.trim().is_empty() || !sentence && paragraph.contains(['\\', '=', '&'])
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
