//! A line compared with a wording: words, holes, and what may be left out.

use super::known::Known;
use super::put::{Put, open_characters};
use super::{FILLERS, SYNONYMS};
use crate::limits::NAME_CHARACTERS;

/// No shape is longer, in bytes.
const LONGEST_SHAPE: usize = 60;

/// How many steps one comparison may take: patterns try each way, and a line may be hostile.
const STEPS: usize = 20_000;

/// What is said of a value in a name.
const PROPERTIES: [&str; 4] = ["convex", "concave", "affine", "linear"];

/// How what a value is said to be begins.
const CLAIMS: [&str; 6] = [
    " is convex in ",
    " is concave in ",
    " is affine in ",
    " is linear in ",
    " does not depend on ",
    " is constant in ",
];

/// How questions begin that are asked in words.
const OPEN: [&str; 18] = [
    "why",
    "how",
    "explain",
    "discuss",
    "describe",
    "justify",
    "argue",
    "comment",
    "what",
    "name",
    "define",
    "compare",
    "interpret",
    "state",
    "which",
    "when",
    "where",
    "does",
];

/// Brackets that stand in the text itself.
const BRACKETS: [(char, char); 7] =
    [('‹', '<'), ('⟨', '('), ('⟩', ')'), ('⟦', '['), ('⟧', ']'), ('⦃', '{'), ('⦄', '}')];

/// What stands in the holes of a pattern, if the line is of that kind.
///
/// A pattern has words, `(a|b)`, `[what may be left out]`, `<synonyms>`, and holes: `{name}`, `{line}` and `{leaf}` are names
/// of the problem's own, `{names}` a list of them, `{gradients}` a list of `dA`, `{quotients}` a list of `dL/dA` (two holes),
/// `{number}`, `{word}`, `{operand}` up to a blank,
/// `{text}` in quotes, `{expression}` and `{equation}` anything with its brackets closed, `{=0}` again
/// what hole 0 holds.
pub fn matched(pattern: &str, line: &Put, known: &Known) -> Option<Vec<Put>> {
    let mut comparison = Comparison { line, known, steps: 0 };
    let mut found = Vec::new();
    comparison.goes(pattern, 0, &mut found).then_some(found)
}

struct Comparison<'c> {
    line: &'c Put,
    known: &'c Known,
    steps: usize,
}

impl Comparison<'_> {
    fn goes(&mut self, pattern: &str, at: usize, found: &mut Vec<Put>) -> bool {
        self.steps += 1;
        if self.steps > STEPS {
            return false;
        }
        let text = &self.line.text;
        let Some(first) = pattern.chars().next() else { return text[at..].trim().is_empty() };
        let rest = &pattern[first.len_utf8()..];
        match first {
            '(' | '[' => {
                let (inside, rest) = bracketed(pattern);
                let mut ways: Vec<&str> = alternatives(inside);
                if first == '[' {
                    ways.push("");
                }
                ways.into_iter().any(|way| self.tries(&format!("{way}{rest}"), at, found))
            }
            '<' => {
                let (name, rest) = rest.split_once('>').unwrap_or((rest, ""));
                let words = SYNONYMS.iter().find(|(known, _)| *known == name).map_or("", |(_, words)| *words);
                alternatives(words).into_iter().any(|way| self.tries(&format!("{way}{rest}"), at, found))
            }
            '{' => {
                let (hole, rest) = rest.split_once('}').unwrap_or((rest, ""));
                let ends = self.hole(hole, at, found);
                ends.into_iter().any(|(end, own)| {
                    let before = found.len();
                    found.extend(own);
                    let goes = self.goes(rest, end, found);
                    if !goes {
                        found.truncate(before);
                    }
                    goes
                })
            }
            ' ' => {
                let blanks = text[at..].len() - text[at..].trim_start().len();
                let word = |c: char| c.is_alphanumeric() || c == '_';
                let inside = text[..at].ends_with(word) && text[at..].starts_with(word);
                let next = at + blanks;
                let filled = FILLERS.iter().find(|filler| begins(&text[next..], filler));
                !inside
                    && (filled.is_some_and(|filler| self.tries(pattern, next + filler.len(), found))
                        || self.tries(rest, next, found))
            }
            _ => {
                let sign = BRACKETS.iter().find(|(known, _)| *known == first).map_or(first, |(_, sign)| *sign);
                text[at..]
                    .chars()
                    .next()
                    .is_some_and(|own| own.eq_ignore_ascii_case(&sign) && self.goes(rest, at + own.len_utf8(), found))
            }
        }
    }

    fn tries(&mut self, pattern: &str, at: usize, found: &mut Vec<Put>) -> bool {
        let before = found.len();
        let goes = self.goes(pattern, at, found);
        if !goes {
            found.truncate(before);
        }
        goes
    }

    /// Where what stands in a hole may end, and what it is; the likelier first.
    fn hole(&self, hole: &str, at: usize, found: &[Put]) -> Vec<(usize, Vec<Put>)> {
        let text = &self.line.text;
        let one = |end: usize| (end, vec![self.line.part(at, end)]);
        match hole {
            "name" => self.names_at(at, |_| true).into_iter().map(one).collect(),
            "line" => self.names_at(at, |name| self.known.is_line(name)).into_iter().map(one).collect(),
            "leaf" => self.names_at(at, |name| !self.known.is_line(name)).into_iter().map(one).collect(),
            "names" => self.list(at, "").into_iter().map(|(end, names)| (end, vec![joined(&names)])).collect(),
            "gradients" => self.list(at, "d").into_iter().map(|(end, names)| (end, vec![joined(&names)])).collect(),
            "quotients" => self.quotients(at),
            "word" => {
                let length = word_length(&text[at..]);
                if length == 0 { Vec::new() } else { vec![one(at + length)] }
            }
            "number" => {
                let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
                let number = text[at..].find(|c: char| !is_part(c)).unwrap_or(text[at..].len());
                let length = if text[at..].starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-')) {
                    text[at..at + number].trim_end_matches(['.', 'e', 'E', '+', '-']).len()
                } else {
                    let word = word_length(&text[at..]);
                    if self.known.has(&text[at..at + word]) { word } else { 0 }
                };
                if length == 0 { Vec::new() } else { vec![one(at + length)] }
            }
            "operand" => {
                let part = &text[at..at + closed(&text[at..])];
                let open = open_characters(part).find(|(place, c)| *place > 0 && (c.is_whitespace() || *c == ','));
                let end = at + open.map_or(part.len(), |(place, _)| place);
                if end == at { Vec::new() } else { vec![one(end)] }
            }
            "bound" => {
                let end = text[at..]
                    .find(|c: char| c.is_whitespace() || matches!(c, '<' | '≤' | ':'))
                    .map_or(text.len(), |place| at + place);
                let end = text[at..end].find("..").map_or(end, |place| at + place);
                if end == at { Vec::new() } else { vec![one(end)] }
            }
            "property" => {
                let length = word_length(&text[at..]);
                if PROPERTIES.contains(&&text[at..at + length]) { vec![one(at + length)] } else { Vec::new() }
            }
            "open" => {
                let length = word_length(&text[at..]);
                if OPEN.contains(&text[at..at + length].to_lowercase().as_str()) {
                    vec![(at + length, vec![self.line.clone()])]
                } else {
                    Vec::new()
                }
            }
            "texts" => {
                let rest = &text[at..];
                let choices = rest.len() > 1 && rest.starts_with('"') && rest.trim_end().ends_with(['"', 't']);
                if choices { vec![one(text.len())] } else { Vec::new() }
            }
            "claim" | "claims" => {
                let says = |part: &str| {
                    part.contains(['=', '<', '>', '≤', '≥']) || CLAIMS.iter().any(|words| part.contains(words))
                };
                let whole = &text[at..];
                let right = !whole.starts_with('"') || hole == "claims";
                let single = hole == "claims" || CLAIMS.iter().any(|words| whole.contains(words));
                if says(whole) && right && single { vec![one(text.len())] } else { Vec::new() }
            }
            "words" => {
                if text[at..].trim().is_empty() {
                    Vec::new()
                } else {
                    vec![one(text.len())]
                }
            }
            "dims" => {
                let part = &text[at..at + closed(&text[at..])];
                if part.len() > LONGEST_SHAPE {
                    return Vec::new();
                }
                let mut ends: Vec<usize> = part.char_indices().map(|(place, _)| place).skip(1).collect();
                ends.push(part.len());
                ends.into_iter()
                    .rev()
                    .filter_map(|end| Some((at + end, vec![dims(&self.line.part(at, at + end), self.known)?])))
                    .collect()
            }
            "shaped" => shaped(&self.line.part(at, text.len()), self.known)
                .map(|own| (text.len(), vec![own]))
                .into_iter()
                .collect(),
            "points" => {
                points(&self.line.part(at, text.len())).map(|own| (text.len(), vec![own])).into_iter().collect()
            }
            "parameters" => {
                let end = at + closed(&text[at..]);
                let plain = text[at..end]
                    .split(',')
                    .all(|own| word_length(own.trim()) == own.trim().len() && !own.trim().is_empty());
                if plain { vec![one(end)] } else { Vec::new() }
            }
            "text" => {
                let quoted = text[at..].strip_prefix('"').and_then(|rest| rest.find('"'));
                quoted.map(|length| one(at + length + 2)).into_iter().collect()
            }
            "expression" | "equation" => {
                let part = &text[at..at + closed(&text[at..])];
                let open = open_characters(part).map(|(place, _)| at + place).filter(|place| *place > at);
                let after: Vec<usize> = open.chain([at + part.len()]).collect();
                let holds = |end: &usize| {
                    let part = text[at..*end].trim();
                    !part.is_empty() && (hole == "expression" || part.contains(['=', '<', '>', '≤', '≥']))
                };
                after.into_iter().filter(holds).map(one).collect()
            }
            _ => {
                let same = hole.strip_prefix('=').and_then(|place| found.get(place.parse::<usize>().ok()?));
                let own = same.filter(|same| text[at..].starts_with(&same.text));
                own.map(|own| (at + own.text.len(), Vec::new())).into_iter().collect()
            }
        }
    }

    /// The ends of the problem's own names that begin at a place, the longest first.
    fn names_at(&self, at: usize, wanted: impl Fn(&str) -> bool) -> Vec<usize> {
        let text = &self.line.text[at..];
        let length = Some(word_length(text)).filter(|length| *length <= NAME_CHARACTERS).unwrap_or(0);
        let ends = text[..length].char_indices().map(|(place, c)| place + c.len_utf8()).rev();
        ends.filter(|end| self.known.has(&text[..*end]) && wanted(&text[..*end])).map(|end| at + end).collect()
    }

    /// Lists of names behind a sign, the longest first.
    fn list(&self, at: usize, sign: &str) -> Vec<(usize, Vec<Put>)> {
        let text = &self.line.text;
        let (mut ends, mut names, mut next) = (Vec::new(), Vec::new(), at);
        while let Some(end) =
            text[next..].starts_with(sign).then(|| self.names_at(next + sign.len(), |_| true)).and_then(|ends| {
                ends.into_iter().find(|end| !text[*end..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            })
        {
            names.push(self.line.part(next, end));
            ends.push((end, names.clone()));
            match separator(&text[end..]) {
                Some(length) => next = end + length,
                None => break,
            }
        }
        ends.reverse();
        ends
    }

    /// Lists of quotients `dL/dA, dL/dB` with one numerator: the numerator and the names below.
    fn quotients(&self, at: usize) -> Vec<(usize, Vec<Put>)> {
        let text = &self.line.text;
        let (mut ends, mut below, mut over, mut next) = (Vec::new(), Vec::new(), None::<Put>, at);
        while let Some((of, wrt, end)) = self.quotient(next) {
            if over.as_ref().is_some_and(|over| over.text != of.text) {
                break;
            }
            below.push(wrt);
            ends.push((end, vec![of.clone(), joined(&below)]));
            over = Some(of);
            match separator(&text[end..]) {
                Some(length) => next = end + length,
                None => break,
            }
        }
        ends.reverse();
        ends
    }

    fn quotient(&self, at: usize) -> Option<(Put, Put, usize)> {
        let text = &self.line.text;
        let bare = |place: usize| place + text[place..].len() - text[place..].trim_start().len();
        let name = |place: usize| {
            let place = bare(text[place..].strip_prefix('d').map(|_| place + 1)?);
            let end = self
                .names_at(place, |_| true)
                .into_iter()
                .find(|end| !text[*end..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))?;
            Some((self.line.part(place, end), end))
        };
        let (of, end) = name(at)?;
        let slash = bare(end);
        let (wrt, end) = name(bare(text[slash..].strip_prefix('/').map(|_| slash + 1)?))?;
        Some((of, wrt, end))
    }
}

/// What is asked in a list as one text.
fn joined(names: &[Put]) -> Put {
    let mut all = Put::default();
    for (place, name) in names.iter().enumerate() {
        if place > 0 {
            all.say(", ");
        }
        all.take(name);
    }
    all
}

/// `, `, ` and `, `, and `
fn separator(text: &str) -> Option<usize> {
    let trimmed = text.trim_start();
    let comma = trimmed.strip_prefix([',', '&']).map(str::trim_start);
    let rest = comma.unwrap_or(trimmed);
    let and = rest.strip_prefix("and ").map(str::trim_start);
    (comma.is_some() || and.is_some()).then(|| text.len() - and.unwrap_or(rest).len())
}

/// A shape in the language's form: `D × H`, `D, H`, `D by H` and `DxH` are `D x H`.
fn dims(text: &Put, known: &Known) -> Option<Put> {
    let mut sides = vec![text.clone()];
    for sign in ["\\times", "×", " by ", ",", " x ", " X "] {
        let split = |side: &Put| {
            let (mut parts, mut from) = (Vec::new(), 0);
            for (at, _) in side.text.match_indices(sign) {
                parts.push(side.part(from, at));
                from = at + sign.len();
            }
            parts.push(side.part(from, side.text.len()));
            parts
        };
        sides = sides.iter().flat_map(split).collect();
    }
    let side = |text: &str| {
        let number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        number || known.is_size(text) || text.len() == 1 && text.starts_with(char::is_alphabetic)
    };
    let close = |own: &Put| match own.text.split_once('x') {
        Some((left, right)) if side(left) && side(right) && !known.has(&own.text) => {
            vec![own.part(0, left.len()), own.part(left.len() + 1, own.text.len())]
        }
        _ => vec![own.clone()],
    };
    sides = sides.iter().flat_map(close).collect();
    let sum = |text: &str| {
        !text.is_empty()
            && text.split(['+', '-', '*', '(', ')']).all(|part| part.trim().is_empty() || side(part.trim()))
    };
    if sides.is_empty() || sides.len() > 4 || !sides.iter().all(|own| sum(&own.text)) {
        return None;
    }
    let mut line = Put::default();
    for (place, own) in sides.iter().enumerate() {
        line.say(if place > 0 { " x " } else { "" });
        line.take(own);
    }
    Some(line)
}

/// `W: DxH` of declared sizes with its sides apart.
pub fn parted(line: &Put, known: &Known) -> Option<Put> {
    let side = |text: &str| known.is_size(text) || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let from = line.text.find(':').filter(|_| line.text.len() <= super::LONGEST)?;
    let ends = line.text.find(['=', '"', '#']).unwrap_or(line.text.len());
    let mut words = line.text.get(from..ends)?.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let word = words.find(|word| {
        !known.has(word)
            && word.matches('x').count() == 1
            && word.split('x').all(side)
            && word.contains(char::is_alphabetic)
            && !word.starts_with(|c: char| c.is_ascii_digit())
    })?;
    let at = word.as_ptr() as usize - line.text.as_ptr() as usize;
    let sign = at + word.find('x')?;
    let line = line.with(sign, sign + 1, " x ");
    Some(parted(&line, known).unwrap_or(line))
}

/// Declarations with their shapes in the language's form; a name without one has that of the next one in a real space.
fn shaped(text: &Put, known: &Known) -> Option<Put> {
    let mut parts: Vec<Option<Put>> = Vec::new();
    let mut changed = false;
    for part in text.split(',') {
        let own = super::meanings(&part, super::SHAPED, known).find_map(|meant| match meant {
            super::Meant::Line(line) => Some(line),
            super::Meant::Told { .. } => None,
        });
        changed |= own.is_some();
        match own {
            Some(own) => parts.push(Some(own)),
            None if part.text.contains([':', '=']) => parts.push(Some(part)),
            None if word_length(&part.text) == part.text.len() && !part.text.is_empty() => parts.push(None),
            None => return None,
        }
    }
    let names: Vec<Put> = text.split(',');
    let mut line = Put::default();
    for (place, part) in parts.iter().enumerate() {
        line.say(if place > 0 { ", " } else { "" });
        match part {
            Some(part) => line.take(part),
            None => {
                let next = parts[place..].iter().flatten().next()?;
                let shape =
                    next.text.split_once(':').filter(|_| text.text.contains(" in R") || text.text.contains("R^"));
                line.take(&names[place]);
                line.say(&shape.map_or(String::new(), |(_, shape)| format!(":{shape}")));
            }
        }
    }
    changed.then_some(line)
}

/// `(1, 2), (2, 4)` as a matrix.
fn points(text: &Put) -> Option<Put> {
    let bare = text.text.trim_matches(['{', '}', ' ']);
    let rows: Option<Vec<String>> = bare
        .split("),")
        .map(|row| {
            let row = row.trim().strip_prefix('(')?.trim_end_matches(')');
            Some(row.split(',').map(str::trim).collect::<Vec<_>>().join(" "))
        })
        .collect();
    let mut line = Put::default();
    line.say(&format!("[{}]", rows?.join("; ")));
    Some(line)
}

/// How far a text goes until a bracket closes that it did not open.
fn closed(text: &str) -> usize {
    let mut depth = 0_i32;
    let closes = |(_, character): &(usize, char)| {
        depth += match character {
            '(' | '[' | '{' => 1,
            ')' | ']' | '}' => -1,
            _ => 0,
        };
        depth < 0
    };
    text.char_indices().find(closes).map_or(text.len(), |(at, _)| at)
}

fn word_length(text: &str) -> usize {
    if !text.starts_with(char::is_alphabetic) {
        return 0;
    }
    text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())
}

/// Whether a text begins with a word and ends there or goes on with a blank.
fn begins(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word)) && text[word.len()..].starts_with(' ')
}

/// What stands in the bracket that a pattern begins with, and what follows.
fn bracketed(pattern: &str) -> (&str, &str) {
    let mut depth = 0;
    for (at, character) in pattern.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&pattern[1..at], &pattern[at + 1..]);
        }
    }
    (&pattern[1..], "")
}

/// `a|b` in parts, but for what stands in brackets.
fn alternatives(inside: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, character) in inside.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(&inside[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[from..]);
    parts
}
