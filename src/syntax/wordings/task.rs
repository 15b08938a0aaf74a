//! What is around a task as people write it: a number before it, points behind it, and the end of a sentence.

use super::matching::matched;
use super::{Known, LONGEST, Meant, Put, filled, meanings};
use crate::diagnostic::Diagnostic;
use crate::tasks::words::{EXAMPLES, TABLES, TAILS};

/// A task's own words, and its points.
pub struct Asked {
    pub words: Put,
    points: Option<Put>,
}

/// The line without its number, its points and its full stop.
pub fn asked(line: &Put) -> Asked {
    let mut points = None;
    if line.text.len() > LONGEST {
        return Asked { words: line.clone(), points };
    }
    let mut words = without_number(&super::spelling::spelled(line));
    for _ in 0..2 {
        let bare = words.text.trim_end_matches(['.', '?', '!', ';', ':', ',']).len();
        words = words.part(0, bare);
        if let Some((rest, own)) = without_points(&words) {
            (words, points) = (rest, Some(own));
        }
    }
    Asked { words, points }
}

impl Asked {
    /// A line of the language with the points that were said.
    pub fn with_points(&self, mut line: Put) -> Put {
        if let Some(points) = &self.points {
            line.say(" [");
            line.take(points);
            line.say(" points]");
        }
        line
    }
}

/// What a task may mean, the likelier first.
pub fn tasks<'m>(asked: &'m Asked, known: &'m Known) -> Vec<Meant> {
    if asked.words.text.len() > LONGEST {
        return Vec::new();
    }
    let bare = TAILS.iter().find_map(|tail| matched(&format!("{{expression}}[,] {tail}"), &asked.words, known));
    let bare = bare.and_then(|mut found| found.pop());
    let as_it_is = bare.iter().cloned().map(Meant::Line);
    let lines = bare.iter().chain([&asked.words]);
    let all = lines.flat_map(|line| TABLES.iter().flat_map(|rows| meanings(line, rows, known)).collect::<Vec<_>>());
    as_it_is.chain(all).collect()
}

/// What is told of a line that is like no other: it can be asked in words, and a person marks it.
/// An example of the kind that it begins as is in the problem's own names.
pub fn unknown(mut faults: Vec<Diagnostic>, words: &Put, known: &Known) -> Vec<Diagnostic> {
    const SHORT: usize = 200;
    let first = words.text.split_whitespace().next().unwrap_or("");
    let example =
        EXAMPLES.iter().find(|(begins, _)| *begins == first).and_then(|(_, line)| filled(line, &[], known).pop());
    let told = |fault: &&mut Diagnostic| fault.help.iter().all(|help| !help.starts_with("did you mean"));
    if let (Some(example), Some(fault)) = (example, faults.first_mut().filter(told)) {
        fault.help.retain(|help| !help.starts_with("for example:"));
        fault.help.push(format!("for example, write `{}`", example.text));
    }
    for fault in faults.iter_mut().filter(|fault| fault.code == "E-task" && words.text.len() <= SHORT) {
        if fault.help.iter().all(|help| !help.starts_with("did you mean")) {
            let line = format!("text \"{}\" answer \"…\"", words.text.replace('"', "'"));
            fault.help.insert(0, format!("write `{line}`: it is printed and counted, and a person marks it"));
        }
    }
    faults
}

/// `(a)`, `2.`, `3)`, `-`, `*` before a line.
pub fn without_number(line: &Put) -> Put {
    let text = &line.text;
    let bullet = text.strip_prefix(['-', '*', '•']).map(|rest| text.len() - rest.len());
    let open = usize::from(text.starts_with('('));
    let length = text[open..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
    let closed =
        |sign: char| text[open + length..].starts_with(sign) && text[open + length + 1..].starts_with([' ', '\t']);
    let numbered = (1..=3).contains(&length) && (closed(')') || open == 0 && closed('.'));
    let from = if numbered { open + length + 1 } else { bullet.unwrap_or(0) };
    line.part(from, text.len())
}

/// `(5 points)`, `[5 pts]`, `5 marks`, at the end or at the beginning.
fn without_points(line: &Put) -> Option<(Put, Put)> {
    const WORDS: [&str; 8] = ["points", "point", "pts", "pt", "marks", "mark", "p", "Points"];
    let text = &line.text;
    let number = |from: usize, to: usize| {
        let inside = line.part(from, to);
        let inside = inside.part(0, inside.text.trim_end_matches('.').len());
        let digits = inside.text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let unit = inside.text[digits..].trim();
        (digits > 0 && WORDS.contains(&unit)).then(|| inside.part(0, digits))
    };
    for (open, close) in [('(', ')'), ('[', ']')] {
        if text.ends_with(close)
            && let Some(at) = text.rfind(open)
            && let Some(points) = number(at + 1, text.len() - 1)
        {
            return Some((line.part(0, at), points));
        }
        if text.starts_with(open)
            && let Some(at) = text.find(close)
            && let Some(points) = number(1, at)
        {
            return Some((line.part(at + 1, text.len()), points));
        }
    }
    let last = text.rfind([' ', '\t'])?;
    let before = text[..last].trim_end();
    let start = before.rfind([' ', '\t', ',', '-', '—']).map_or(0, |at| at + 1);
    let points = number(start, text.len()).filter(|_| start > 0)?;
    Some((line.part(0, before[..start].trim_end_matches([' ', '\t', ',', '-', '—', '–']).len()), points))
}
