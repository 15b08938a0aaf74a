//! What stands in a LaTeX file and on no page of it, or struck out.

use std::borrow::Cow;
use std::ops::Range;

/// Where what is not set begins, and ends.
const LEFT_OUT: [(&str, &str); 2] = [("\\iffalse", "\\fi"), ("\\end{document}", "")];
/// What takes a group that nobody sees or that is taken back.
const TAKEN_BACK: [&str; 9] = [
    "\\sout{",
    "\\st{",
    "\\xout{",
    "\\phantom{",
    "\\hphantom{",
    "\\vphantom{",
    "\\textcolor{white}{",
    "\\color{white}",
    "\\color{White}",
];

/// The text with blanks for what no reader sees; all else keeps its place.
pub fn seen(text: &str) -> Cow<'_, str> {
    let hidden = hidden(text);
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in hidden {
        bytes[range].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn hidden(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut from) = (Vec::new(), 0);
    for (at, _) in text.match_indices('\\') {
        let rest = &text[at..];
        let end = match LEFT_OUT.iter().find(|(open, _)| rest.starts_with(open)) {
            _ if at < from => continue,
            Some((_, "")) => Some(text.len()),
            Some((_, close)) => rest.find(close).map(|length| at + length + close.len()),
            None => match TAKEN_BACK.iter().find(|open| rest.starts_with(**open)) {
                Some(open) => group_end(text, at + open.len()),
                None => continue,
            },
        };
        // What is never closed hides nothing, nor does what follows it.
        let Some(end) = end else { break };
        found.push(at..end);
        from = end;
    }
    found
}

/// Where the group that a place stands in ends.
fn group_end(text: &str, inside: usize) -> Option<usize> {
    let mut open = 0;
    for (at, byte) in text.bytes().enumerate().skip(inside) {
        match byte {
            b'{' => open += 1,
            b'}' if open == 0 => return Some(at + usize::from(text.as_bytes()[inside - 1] == b'{')),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_reader_sees_is_blank() {
        for (text, seen_of_it) in [
            ("a \\iffalse b\nc \\fi d", "a           \n      d"),
            ("a \\end{document} b", "a                 "),
            ("\\sout{a {b}} c", "             c"),
            ("{\\color{white} a} b", "{               } b"),
            ("\\textcolor{white}{é}b", "                     b"),
            ("\\sout{a", "\\sout{a"),
            ("\\textcolor{red}{a}", "\\textcolor{red}{a}"),
        ] {
            assert_eq!(seen(text), seen_of_it);
        }
    }
}
