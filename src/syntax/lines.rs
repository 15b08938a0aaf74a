//! Cuts a text into the lines that the grammar reads one by one.
//!
//! A line goes on while a bracket is open, so that a matrix may have its rows on lines of their own. A bracket
//! that is never closed spoils the line that it stands in and no other: brackets are matched first, in one pass,
//! and a section's heading or a new definition ends the search.

use super::characters::judge_prose;
use super::fault::too_deep;
use super::keywords::SECTIONS;
use crate::diagnostic::Diagnostic;
use crate::limits::NESTING;
use crate::span::Span;

#[derive(Debug)]
pub enum Content {
    /// A line to be parsed.
    Code,
    /// What stands between `"""` and `"""`.
    Wording(Span),
    /// Nothing: the body of a loop ends here.
    End,
}

#[derive(Debug)]
pub struct Line {
    pub content: Content,
    pub span: Span,
    /// What is already known to be wrong with the line; it is then not parsed.
    pub fault: Option<Diagnostic>,
}

struct Open {
    offset: usize,
    bracket: u8,
    line: usize,
}

/// What is wrong with a character at a place.
pub type Judge = fn(char, usize) -> Option<Diagnostic>;

/// The lines that hold something, in order.
pub fn lines(text: &str, judge: Judge) -> Vec<Line> {
    let (lines, open, joints) = (Vec::new(), Vec::new(), vec![0]);
    let mut cutter = Cutter { text, judge, lines, open, within: 0, joints, last: b'\n' };
    // A byte order mark is no part of the text.
    let mut at = text.len() - text.trim_start_matches('\u{FEFF}').len();
    while at < text.len() {
        at = cutter.line(at);
    }
    cutter.abandon_open_brackets();
    join(cutter.lines, &cutter.joints)
}

struct Cutter<'a> {
    text: &'a str,
    judge: Judge,
    lines: Vec<Line>,
    open: Vec<Open>,
    /// How many braces and bars stand open beside them: they need not fit, and are counted only.
    within: usize,
    /// Differences of the number of brackets that are open at each line's end.
    joints: Vec<i64>,
    /// The last character that was neither space nor comment.
    last: u8,
}

impl Cutter<'_> {
    /// Reads one line that begins at `start`; gives the start of the next.
    fn line(&mut self, start: usize) -> usize {
        let end = line_end(self.text, start);
        let first = start + leading_blanks(&self.text[start..end]);
        if self.text[first..].starts_with("\"\"\"") {
            return self.wording(first, end);
        }
        let text = &self.text[first..end];
        if let Some(at) = opens_wording(text) {
            return self.line_with_wording(first, first + at, end);
        }
        if !text.is_empty() && !text.starts_with('#') {
            if self.begins_anew(text) {
                self.abandon_open_brackets();
            }
            if self.open.is_empty() {
                self.within = 0;
            }
            self.push(Content::Code, Span::new(first, end));
            self.characters(first, end);
        } else if let Some(fault) = faulty_prose(text, first) {
            self.push(Content::Code, Span::new(first, end));
            self.blame(self.lines.len() - 1, fault);
        }
        after_newline(self.text, end)
    }

    /// A line in which `"""` opens at `at`: it goes on behind the end of the wording.
    fn line_with_wording(&mut self, first: usize, at: usize, end: usize) -> usize {
        self.abandon_open_brackets();
        let inside = at + 3;
        let length = self.text[inside..].find("\"\"\"");
        let end = length.map_or(end, |length| line_end(self.text, inside + length + 3));
        self.push(Content::Code, Span::new(first, end));
        self.characters(first, at);
        let fault = match length {
            Some(length) => faulty_prose(&self.text[inside..inside + length], inside),
            None => Some(
                Diagnostic::error("E-syntax", "the wording has no end")
                    .at(Span::new(at, inside), "begins here")
                    .help("close it with `\"\"\"`"),
            ),
        };
        if let Some(fault) = fault {
            self.blame(self.lines.len() - 1, fault);
        }
        after_newline(self.text, end)
    }

    fn push(&mut self, content: Content, span: Span) {
        self.lines.push(Line { content, span, fault: None });
        self.joints.push(0);
    }

    /// Keeps the first fault of a line.
    fn blame(&mut self, line: usize, fault: Diagnostic) {
        self.lines[line].fault.get_or_insert(fault);
    }

    /// A heading or a definition can't stand inside a bracket that an earlier line left open.
    fn begins_anew(&self, text: &str) -> bool {
        let Some(open) = self.open.last() else { return false };
        let word_end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
        let (word, rest) = text.split_at(word_end);
        let rest = rest.trim_start();
        let heads = rest.is_empty() || rest.starts_with('#') || rest.starts_with(char::is_alphabetic);
        if SECTIONS.contains(&word) && heads {
            return true;
        }
        let defines = !word.is_empty() && (rest.starts_with('=') && !rest.starts_with("==") || rest.starts_with(':'));
        // In a call, a line may begin with an option.
        defines && (open.bracket == b'[' || !matches!(self.last, b',' | b'('))
    }

    /// Walks the characters of a line: brackets are matched, and what the language lacks is noted.
    fn characters(&mut self, start: usize, end: usize) {
        let line = self.lines.len() - 1;
        let mut at = start;
        while at < end {
            let Some(character) = self.text[at..end].chars().next() else { break };
            match character {
                '#' => {
                    if let Some(fault) = faulty_prose(&self.text[at..end], at) {
                        self.blame(line, fault);
                    }
                    return;
                }
                '"' => {
                    at = self.quoted(line, at, end);
                    continue;
                }
                '(' | '[' => {
                    self.open.push(Open { offset: at, bracket: character as u8, line });
                    self.bound(line, at);
                }
                ')' | ']' => self.close(character as u8, at, line),
                '{' => {
                    self.within += 1;
                    self.bound(line, at);
                }
                '}' => self.within = self.within.saturating_sub(1),
                '|' | '‖' => self.bar(line, at),
                _ => {
                    if let Some(fault) = (self.judge)(character, at) {
                        self.blame(line, fault);
                    }
                }
            }
            if !character.is_whitespace() && !matches!(character, '|' | '‖') {
                self.last = if character.is_ascii() { character as u8 } else { b'?' };
            }
            at += character.len_utf8();
        }
    }

    /// A bar closes after an operand, and opens elsewhere.
    fn bar(&mut self, line: usize, at: usize) {
        let closes = self.last.is_ascii_alphanumeric() || b")]}'?".contains(&self.last);
        if closes {
            self.within = self.within.saturating_sub(1);
        } else {
            self.within += 1;
            self.bound(line, at);
        }
        self.last = if closes { b')' } else { b'|' };
    }

    /// What is nested too deep is not parsed: a parser's own stack is no limit that a message could name.
    fn bound(&mut self, line: usize, at: usize) {
        if self.open.len() + self.within > NESTING {
            self.blame(line, too_deep(Span::new(at, at + 1)));
        }
    }

    fn close(&mut self, bracket: u8, offset: usize, line: usize) {
        let opening = if bracket == b')' { b'(' } else { b'[' };
        match self.open.last() {
            Some(open) if open.bracket == opening => {
                self.joints[open.line] += 1;
                self.joints[line] -= 1;
                self.open.pop();
            }
            Some(open) => {
                let fault = Diagnostic::error(
                    "E-syntax",
                    format!("`{}` does not close `{}`", bracket as char, open.bracket as char),
                )
                .at(Span::new(offset, offset + 1), "does not fit")
                .at(Span::new(open.offset, open.offset + 1), "opened here");
                self.blame(line, fault);
            }
            None => {
                let fault = Diagnostic::error("E-syntax", format!("`{}` closes nothing", bracket as char))
                    .at(Span::new(offset, offset + 1), format!("no `{}` stands open here", opening as char));
                self.blame(line, fault);
            }
        }
    }

    /// Passes over quoted text; gives the place after it.
    fn quoted(&mut self, line: usize, start: usize, end: usize) -> usize {
        self.last = b'"';
        let Some(length) = self.text[start + 1..end].find('"') else {
            let fault = Diagnostic::error("E-syntax", "the quoted text has no end")
                .at(Span::new(start, end), "begins here")
                .help("close it with `\"` on the same line; longer text stands between `\"\"\"` and `\"\"\"`");
            self.blame(line, fault);
            return end;
        };
        if let Some(fault) = faulty_prose(&self.text[start + 1..start + 1 + length], start + 1) {
            self.blame(line, fault);
        }
        start + length + 2
    }

    /// Reads the problem's own wording, which begins at `start`; `end` is the end of that line.
    fn wording(&mut self, start: usize, end: usize) -> usize {
        self.abandon_open_brackets();
        let inside = start + 3;
        let Some(length) = self.text[inside..].find("\"\"\"") else {
            self.push(Content::Code, Span::new(start, end));
            let fault = Diagnostic::error("E-syntax", "the wording has no end")
                .at(Span::new(start, inside), "begins here")
                .help("close it with `\"\"\"`");
            self.blame(self.lines.len() - 1, fault);
            return after_newline(self.text, end);
        };
        let inner = Span::new(inside, inside + length);
        let after = inner.end + 3;
        let end = line_end(self.text, after);
        self.push(Content::Wording(inner), Span::new(start, after));
        let line = self.lines.len() - 1;
        if let Some(fault) = faulty_prose(&self.text[inner.start..inner.end], inner.start) {
            self.blame(line, fault);
        }
        let rest = self.text[after..end].trim_start();
        if !rest.is_empty() && !rest.starts_with('#') {
            let fault = Diagnostic::error("E-syntax", "something follows the wording on its last line")
                .at(Span::new(end - rest.len(), end), "put this on a line of its own");
            self.blame(line, fault);
        }
        after_newline(self.text, end)
    }

    fn abandon_open_brackets(&mut self) {
        for open in std::mem::take(&mut self.open) {
            let fault = Diagnostic::error("E-syntax", format!("`{}` is never closed", open.bracket as char))
                .at(Span::new(open.offset, open.offset + 1), "opened here");
            self.blame(open.line, fault);
        }
    }
}

/// Joins the lines that a bracket holds together; the whole has the first fault of its parts.
fn join(lines: Vec<Line>, joints: &[i64]) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::new();
    let mut open = 0;
    for (line, joint) in lines.into_iter().zip(joints) {
        match joined.last_mut() {
            Some(last) if open > 0 => {
                last.span = last.span.to(line.span);
                last.fault = last.fault.take().or(line.fault);
            }
            _ => joined.push(line),
        }
        open += joint;
    }
    joined
}

/// Where a line opens a wording, outside quotes and comments.
fn opens_wording(text: &str) -> Option<usize> {
    let at = text.find("\"\"\"").filter(|at| *at > 0)?;
    let before = &text[..at];
    (before.matches('"').count().is_multiple_of(2) && !before.contains('#')).then_some(at)
}

fn faulty_prose(text: &str, start: usize) -> Option<Diagnostic> {
    text.char_indices().find_map(|(at, character)| judge_prose(character, start + at))
}

fn line_end(text: &str, start: usize) -> usize {
    text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length)
}

fn after_newline(text: &str, end: usize) -> usize {
    let newline = if text[end..].starts_with("\r\n") { 2 } else { 1 };
    (end + newline).min(text.len())
}

fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(char::is_whitespace).len()
}

#[cfg(test)]
mod tests {
    use super::super::characters::judge;
    use super::*;

    fn cut(text: &str) -> Vec<(&str, Option<&'static str>)> {
        let show = |line: Line| (&text[line.span.start..line.span.end], line.fault.map(|fault| fault.code));
        lines(text, judge).into_iter().map(show).collect()
    }

    #[test]
    fn a_line_goes_on_in_its_brackets() {
        assert_eq!(cut("a = [1\n 2]\r\n\r b = 1 # c\n# d"), [("a = [1\n 2]", None), ("b = 1 # c", None)]);
        assert_eq!(cut("x = f(a,\n stride = 2)\ny"), [("x = f(a,\n stride = 2)", None), ("y", None)]);
    }

    #[test]
    fn an_open_bracket_spoils_its_own_line_only() {
        assert_eq!(
            cut("a = [1\nb = 2\nmodel\nc = (1"),
            [("a = [1", Some("E-syntax")), ("b = 2", None), ("model", None), ("c = (1", Some("E-syntax"))]
        );
        assert_eq!(cut("a = (1\n(\n3)"), [("a = (1", Some("E-syntax")), ("(\n3)", None)]);
        assert_eq!(cut("a)\nb]"), [("a)", Some("E-syntax")), ("b]", Some("E-syntax"))]);
    }

    #[test]
    fn brackets_braces_and_bars_nest_to_the_limit() {
        for (open, close) in [("(", ")"), ("f[", "]"), ("{", "}"), ("|", "|"), ("1{", "}"), ("a*|b + {", "}|")] {
            let levels = open.bytes().filter(|sign| b"([{|".contains(sign)).count();
            let nested = |deep: usize| format!("{}x{}", open.repeat(deep / levels), close.repeat(deep / levels));
            assert_eq!(cut(&nested(NESTING))[0].1, None, "{open}");
            assert_eq!(cut(&nested(NESTING + levels))[0].1, Some("E-depth"), "{open}");
            assert_eq!(cut(&open.repeat(NESTING + 1))[0].1, Some("E-depth"), "{open}");
            let beside = format!("{}\nb = 1", format!("{open}x{close} + ").repeat(1_000));
            assert!(cut(&beside).iter().all(|(_, fault)| fault.is_none()), "{open}");
        }
    }

    #[test]
    fn wording_may_hold_anything() {
        assert_eq!(cut("\"\"\"a ( \"b\" #\n c\"\"\" # d\ne"), [("\"\"\"a ( \"b\" #\n c\"\"\"", None), ("e", None)]);
        assert_eq!(cut("\"\"\"a\nb"), [("\"\"\"a", Some("E-syntax")), ("b", None)]);
        assert_eq!(cut("t \"a # b\" # c\nu \"x"), [("t \"a # b\" # c", None), ("u \"x", Some("E-syntax"))]);
    }
}
