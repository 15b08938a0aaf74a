//! The commands that a student defines in LaTeX.

use crate::limits::{LATEX_MACRO_TOKENS, LATEX_MACROS};
use crate::syntax::latex::{Macro, Macros, is_layout, macro_body};

/// `\newcommand{\W}{\mathbf{W}}` and its like, in the texts that a file takes in and in its own.
pub fn definitions(preamble: &str, text: &str) -> Macros {
    let mut macros = Macros::default();
    for text in [preamble, text] {
        add_definitions(text, &mut macros);
    }
    macros
}

fn add_definitions(text: &str, macros: &mut Macros) {
    if !DEFINING.iter().any(|(word, _)| text.contains(word)) {
        return;
    }
    let found = text.match_indices('\\').filter_map(|(start, _)| Some((start, definition(&text[start..])?)));
    for (start, found) in found.take(LATEX_MACROS) {
        let text = if found.upright { format!("\\operatorname{{{}}}", found.body) } else { found.body.to_owned() };
        if let Ok(body) = macro_body(&text, start, macros)
            && body.len() <= LATEX_MACRO_TOKENS
        {
            macros.insert(found.name.to_owned(), Macro { arguments: found.arguments, body });
        }
    }
}

/// The commands that are short for the beginning and the end of a display: `\beq` and `\eeq`.
pub fn displays(text: &str) -> Vec<(String, String)> {
    const MOST: usize = 8;
    const USUAL: [(&str, &str); 3] = [("\\beq", "\\eeq"), ("\\bea", "\\eea"), ("\\be", "\\ee")];
    let usual = USUAL.iter().filter(|(open, close)| text.contains(open) && text.contains(close));
    let usual = usual.map(|(open, close)| ((*open).to_owned(), (*close).to_owned()));
    if !DEFINING.iter().any(|(word, _)| text.contains(word)) {
        return usual.collect();
    }
    let found: Vec<Definition> =
        text.match_indices('\\').filter_map(|(start, _)| definition(&text[start..])).take(LATEX_MACROS).collect();
    let short = |sign: &str| {
        let found = found.iter().filter_map(move |own| {
            let environment = own.body.trim().strip_prefix(sign)?.strip_prefix('{')?.split('}').next()?.to_owned();
            Some((own.name.to_owned(), environment))
        });
        found.take(MOST).collect::<Vec<_>>()
    };
    let ends = short("\\end");
    let pair = |(open, environment): (String, String)| {
        let (close, _) = ends.iter().find(|(_, own)| *own == environment && is_layout(&environment))?;
        Some((open, close.clone()))
    };
    short("\\begin").into_iter().filter_map(pair).chain(usual).collect()
}

/// Words that begin a definition, and whether it is one of an operator's name.
const DEFINING: [(&str, bool); 5] = [
    ("\\newcommand", false),
    ("\\renewcommand", false),
    ("\\providecommand", false),
    ("\\def", false),
    ("\\DeclareMathOperator", true),
];

/// A command's definition as it is written.
pub struct Definition<'t> {
    name: &'t str,
    arguments: usize,
    body: &'t str,
    upright: bool,
    /// Bytes of the whole.
    pub length: usize,
}

/// The definition that a text begins with.
pub fn definition(text: &str) -> Option<Definition<'_>> {
    let (word, upright) = DEFINING.iter().find(|(word, _)| text.starts_with(word))?;
    let rest = text[word.len()..].trim_start_matches('*').trim_start();
    let rest = rest.strip_prefix('{').unwrap_or(rest);
    let length =
        rest[1.min(rest.len())..].find(|c: char| !c.is_ascii_alphabetic()).filter(|_| rest.starts_with('\\'))? + 1;
    let (name, rest) = rest.split_at(length);
    let rest = rest.strip_prefix('}').unwrap_or(rest).trim_start();
    let (arguments, rest) = parameters(rest)?;
    let inside = rest.trim_start().strip_prefix('{')?;
    let body = braced(inside)?;
    let length = text.len() - inside.len() + body.len() + 1;
    Some(Definition { name, arguments, body, upright: *upright, length })
}

/// How many arguments a command has, `[2]` or `#1#2`, and what follows.
fn parameters(text: &str) -> Option<(usize, &str)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (count, rest) = rest.split_once(']')?;
        // A value by default for the first one is left to LaTeX.
        let count = count.trim().parse().ok().filter(|count| *count <= 9 && !rest.starts_with('['))?;
        return Some((count, rest));
    }
    let mut rest = text;
    let mut count = 0;
    while let Some(after) = rest.strip_prefix('#') {
        rest = after.strip_prefix(|c: char| c.is_ascii_digit())?;
        count += 1;
    }
    (count <= 9).then_some((count, rest))
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
