//! Places in a source text.

use serde::Serialize;

/// A half-open range of byte offsets in one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// A source text and the name that errors give it.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub text: String,
}

impl Source {
    /// The line and the column (in characters) of a byte offset, both counted from 1.
    /// CRLF, a lone CR and LF each end a line.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..floor_char_boundary(&self.text, offset)];
        let (pairs, ends) = (before.matches("\r\n").count(), before.matches(['\n', '\r']).count());
        let column = before.rsplit(['\n', '\r']).next().unwrap_or("").chars().count();
        (ends - pairs + 1, column + 1)
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_every_line_ending() {
        let source = Source { name: "t".into(), text: "aé\r\nbθc\rd".into() };
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(source.text.find('c').unwrap()), (2, 3));
        assert_eq!(source.position(source.text.find('d').unwrap()), (3, 1));
    }
}
