//! Signs that have one meaning wherever they stand: comments of other languages, and signs of mathematics.

use super::put::Put;

/// Signs, and what they are here.
const SIGNS: [(&str, &str); 8] = [
    ("∂", "d"),
    ("∈", " in "),
    ("ℝ", "R"),
    ("←", " = "),
    (":=", "="),
    ("<-", "="),
    ("\\in ", " in "),
    ("\\mathbb{R}", "R"),
];

/// A line without another language's comment at its end, and with the language's own signs.
pub fn spelled(line: &Put) -> Put {
    let mut line = without_comment(line);
    for (sign, plain) in SIGNS {
        while let Some(at) = line.text.find(sign).filter(|at| line.text[..*at].matches('"').count().is_multiple_of(2)) {
            line = line.with(at, at + sign.len(), plain);
        }
    }
    line
}

fn without_comment(line: &Put) -> Put {
    let text = &line.text;
    let quoted = |at: usize| text[..at].matches('"').count() % 2 == 1;
    let comment = ["//", "%", "--"].iter().filter_map(|sign| {
        let at = text.match_indices(sign).map(|(at, _)| at).find(|at| !quoted(*at))?;
        let alone = text[..at].is_empty() || text[..at].ends_with([' ', '\t', ';']);
        alone.then_some(at)
    });
    let end = comment.min().unwrap_or(text.len());
    let bare = text[..end].trim_end();
    line.part(0, bare.strip_suffix(';').unwrap_or(bare).len())
}
