//! What parts a line into answers: signs of equality, commas, words.

/// What stands outside of brackets and matters here.
#[derive(Clone, Copy, PartialEq)]
pub enum Mark {
    /// `=` and its like
    Equals,
    /// `:`, `->` and `is`, which may be meant as one.
    Weak,
    Comma,
    Semicolon,
    /// The end of a sentence.
    Stop,
    Word,
}

/// The marks outside of brackets, each with its place and length.
pub fn outer_marks(text: &str) -> Vec<(Mark, usize, usize)> {
    let mut marks = Vec::new();
    let mut depth = 0usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(character) = rest.chars().next() else { break };
        if character == '#' {
            break;
        }
        let letters = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '\'').unwrap_or(rest.len());
        let (mark, length) = match character {
            '(' | '[' | '{' => {
                depth += 1;
                (None, 1)
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                (None, 1)
            }
            _ if letters > 0 => {
                let letters = if rest.starts_with("i.e.") { 4 } else { letters };
                // `np.where(`
                let part = text[..at].ends_with('.') || rest[letters..].starts_with(['(', '.']);
                let mark = if &rest[..letters] == "is" { Mark::Weak } else { Mark::Word };
                (Some(mark).filter(|_| !part), letters)
            }
            '=' if rest.starts_with("==") => (Some(Mark::Weak), 2),
            '=' | '≈' | '≡' | '≃' | '←' => (Some(Mark::Equals), character.len_utf8()),
            ':' if rest.starts_with(":=") => (Some(Mark::Equals), 2),
            '<' | '>' | '!' if rest[1..].starts_with('=') => (None, 2),
            '-' if rest.starts_with("->") => (Some(Mark::Weak), 2),
            '→' | '—' => (Some(Mark::Weak), character.len_utf8()),
            ':' => (Some(Mark::Weak), 1),
            ',' => (Some(Mark::Comma), 1),
            ';' => (Some(Mark::Semicolon), 1),
            '.' if rest[1..].starts_with(' ') && !text[..at].ends_with(['.', ' ']) => (Some(Mark::Stop), 1),
            _ => (None, character.len_utf8()),
        };
        if let Some(mark) = mark.filter(|_| depth == 0) {
            marks.push((mark, at, length));
        }
        at += length;
    }
    marks
}
