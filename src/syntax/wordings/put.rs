//! A line put in other words, which knows where its parts stand in the author's text.

use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// What no author wrote.
const NOWHERE: usize = usize::MAX;

/// A text, and for each of its bytes the place in the author's text.
#[derive(Clone, Debug, Default)]
pub struct Put {
    pub text: String,
    from: Vec<usize>,
}

impl Put {
    /// A part of the author's text that begins at `base`.
    pub fn of(text: &str, base: usize) -> Put {
        Put { text: text.to_owned(), from: (base..base + text.len()).collect() }
    }

    /// Adds words that nobody wrote.
    pub fn say(&mut self, words: &str) {
        self.text.push_str(words);
        self.from.resize(self.text.len(), NOWHERE);
    }

    /// Adds a part of another line.
    pub fn take(&mut self, other: &Put) {
        self.text.push_str(&other.text);
        self.from.extend(&other.from);
    }

    /// A part of it, without the space around.
    pub fn part(&self, from: usize, to: usize) -> Put {
        let text = &self.text[from..to];
        let start = from + text.len() - text.trim_start().len();
        let end = start + text.trim().len();
        Put { text: self.text[start..end].to_owned(), from: self.from[start..end].to_vec() }
    }

    /// With other words in the place of a part.
    pub fn with(&self, from: usize, to: usize, words: &str) -> Put {
        let mut new = Put { text: self.text[..from].to_owned(), from: self.from[..from].to_vec() };
        new.say(words);
        new.text.push_str(&self.text[to..]);
        new.from.extend(&self.from[to..]);
        new
    }

    /// The parts between a sign that stands in no bracket.
    pub fn split(&self, sign: char) -> Vec<Put> {
        let mut parts = Vec::new();
        let mut from = 0;
        for (at, character) in open_characters(&self.text).filter(|(_, character)| *character == sign) {
            parts.push(self.part(from, at));
            from = at + character.len_utf8();
        }
        parts.push(self.part(from, self.text.len()));
        parts
    }

    /// Where a part stands in the author's text; all of it, if nothing of the part does.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let known = |range: &[usize]| {
            let places = || range.iter().copied().filter(|place| *place != NOWHERE);
            Some(Span::new(places().min()?, places().max()? + 1))
        };
        let to = to.clamp(from.min(self.from.len()), self.from.len());
        known(&self.from[from.min(to)..to]).or_else(|| known(&self.from)).unwrap_or_default()
    }

    /// A diagnostic of this text, at the author's places.
    pub fn placed(&self, mut told: Diagnostic) -> Diagnostic {
        told.labels.iter_mut().for_each(|label| label.span = self.span(label.span.start, label.span.end));
        told
    }
}

/// The characters of a text that stand in no bracket and no quotes.
pub fn open_characters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut depth, mut quoted) = (0_i32, false);
    text.char_indices().filter(move |(_, character)| {
        match character {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            _ => return depth == 0 && !quoted,
        }
        false
    })
}
