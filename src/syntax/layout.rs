//! Lays a problem's text out: sections at the margin, their lines two spaces in, one blank line between sections, a space
//! around the sign of a definition. Comments and everything else within a line stay.

use super::keywords::{SECTIONS, first_word};

const STEP: usize = 2;

/// The text laid out; laid out again it stays as it is.
pub fn laid_out(text: &str) -> String {
    let mut writer = Writer::default();
    let plain = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n");
    plain.split('\n').for_each(|line| writer.line(line.trim_end()));
    let mut all = writer.finish();
    while all.last().is_some_and(String::is_empty) {
        all.pop();
    }
    all.join("\n") + "\n"
}

#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    /// Comments and blank lines, until it is known what they stand before.
    waiting: Vec<String>,
    section: Option<usize>,
    repeats: usize,
    /// Brackets that are open.
    open: usize,
    in_wording: bool,
    /// How far the statement at hand was moved to the right.
    moved: isize,
    goes_on: bool,
}

impl Writer {
    fn line(&mut self, line: &str) {
        if self.in_wording {
            self.in_wording = line.matches("\"\"\"").count().is_multiple_of(2);
            return self.lines.push(line.to_string());
        }
        let bare = line.trim_start();
        if self.open == 0 && !self.goes_on && (bare.is_empty() || bare.starts_with('#')) {
            return self.waiting.push(bare.to_string());
        }
        if self.open > 0 || self.goes_on {
            self.count(bare);
            let leading = (line.len() - bare.len()) as isize + self.moved;
            let text = if bare.is_empty() { String::new() } else { spaces(leading.max(0) as usize) + bare };
            return self.lines.push(text);
        }
        let (word, rest) = first_word(bare);
        let heading = SECTIONS.iter().position(|section| *section == word);
        let alone = rest.is_empty() || rest.trim_start().starts_with('#');
        let heads = heading.is_some()
            && (alone || rest.trim_start().starts_with(char::is_alphabetic))
            && !rest.trim_start().starts_with('=');
        let indent = match heads {
            true => {
                (self.section, self.repeats) = (heading, 0);
                0
            }
            false if self.section.is_none() => 0,
            false => {
                if word == "end" && alone {
                    self.repeats = self.repeats.saturating_sub(1);
                }
                STEP * (1 + self.repeats)
            }
        };
        self.before(indent, heads);
        self.moved = indent as isize - (line.len() - bare.len()) as isize;
        let definition = self.section == Some(1) && !heads;
        self.count(bare);
        if !heads && (word == "repeat" || word == "for" && bare.contains(" to ")) {
            self.repeats += 1;
        }
        self.lines.push(spaces(indent) + &if definition { spaced(bare) } else { bare.to_string() });
    }

    /// What stands before a line: one blank line at most, comments as far in as the line.
    fn before(&mut self, indent: usize, heads: bool) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.dedup_by(|a, b| a.is_empty() && b.is_empty());
        if self.lines.is_empty() {
            while waiting.first().is_some_and(String::is_empty) {
                waiting.remove(0);
            }
        } else if heads && !waiting.iter().any(String::is_empty) {
            waiting.insert(0, String::new());
        }
        for text in waiting {
            let text = if text.is_empty() { text } else { spaces(indent) + &text };
            self.lines.push(text);
        }
    }

    /// Brackets, wording and quotes of a line; what stands behind `#` is no part of it.
    fn count(&mut self, bare: &str) {
        let mut quoted = false;
        let mut last = ' ';
        let mut rest = bare;
        while let Some(character) = rest.chars().next() {
            if !quoted && rest.starts_with("\"\"\"") {
                self.in_wording = rest.matches("\"\"\"").count() % 2 == 1;
                self.goes_on = false;
                return;
            }
            match character {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '#' => break,
                '(' | '[' | '{' => self.open += 1,
                ')' | ']' | '}' => self.open = self.open.saturating_sub(1),
                _ => {}
            }
            if !character.is_whitespace() {
                last = character;
            }
            rest = &rest[character.len_utf8()..];
        }
        let lists = bare.starts_with("which") && last == ':';
        self.goes_on = self.open == 0 && (last == ';' || lists);
    }

    fn finish(mut self) -> Vec<String> {
        let indent = if self.section.is_none() { 0 } else { STEP };
        self.before(indent, false);
        self.lines
    }
}

fn spaces(count: usize) -> String {
    " ".repeat(count)
}

/// Where `=` stands behind the name of a definition.
fn sign_of(bare: &str) -> Option<usize> {
    let at = bare.find('=')?;
    let name = bare[..at].trim_end();
    let plain = name.chars().all(|c| c.is_alphanumeric() || "_'{}\\".contains(c)) && !name.is_empty();
    (plain && !bare[at + 1..].starts_with('=')).then_some(at)
}

/// `name=value` with a space on both sides of its sign, and no fewer where there are more.
fn spaced(bare: &str) -> String {
    let Some(at) = sign_of(bare) else { return bare.to_string() };
    let (name, value) = (&bare[..at], &bare[at + 1..]);
    let gap = |text: &str, has: bool| if has || text.is_empty() { "" } else { " " };
    format!("{name}{}={}{value}", gap(name, name.ends_with(' ')), gap(value, value.starts_with(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_lines_and_signs() {
        let text = "problem \"P\" \n\n\n# of the data\ngiven\n dim N\n      I = [ 1 2\n            3 4 ]\n# the model\nmodel\nZ=2*3 # six\n     long = Z\n  repeat k = 1 to 2\n  a_k = Z\n  end\ntasks\ncompute Z\n\n\n\n";
        let laid = "problem \"P\"\n\n# of the data\ngiven\n  dim N\n  I = [ 1 2\n        3 4 ]\n\n# the model\nmodel\n  Z = 2*3 # six\n  long = Z\n  repeat k = 1 to 2\n    a_k = Z\n  end\n\ntasks\n  compute Z\n";
        assert_eq!(laid_out(text), laid);
        assert_eq!(laid_out(laid), laid);
    }

    #[test]
    fn wording_stays_as_it_is() {
        let text = "problem \"P\"\n\"\"\"\n  A line with = and [ in it\n      deeper\n\"\"\"\nmodel\n  y = 1\ntasks\n  compute y\n";
        assert!(laid_out(text).contains("\n  A line with = and [ in it\n      deeper\n\"\"\"\n\nmodel"));
    }
}
