//! Lines of words and formulas that name an answer in one and give it in another: `dW2: $Z^\\top (Y - X)$`, `$w$ = 0.6`,
//! `there are $(D + 1) H$ parameters`.

use super::heading::Heads;
use super::listed::is_number;
use super::table::column_target;
use crate::span::Span;
use crate::syntax::ast::AnswerTarget;
use crate::syntax::latex::{Macros, statements};

/// What a line holds, in its order.
pub enum Item {
    /// A value with its target; the signs around a formula belong to it.
    Answer { target: Box<AnswerTarget>, value: Span },
    /// A formula that holds answers itself.
    Formula(Span),
}

/// The answers of a line; none where no formula of it belongs to words.
pub fn items(line: &str, heads: Heads<'_>) -> Vec<Item> {
    let Some(formulas) = formulas(line) else { return Vec::new() };
    let mut reader = Reader { line, heads, formulas, items: Vec::new() };
    let mut place = 0;
    while place < reader.formulas.len() {
        place += reader.formula(place);
    }
    let answers = reader.items.iter().any(|item| matches!(item, Item::Answer { .. }));
    if answers { reader.items } else { Vec::new() }
}

/// The formulas of a line between dollar signs, with their signs.
fn formulas(line: &str) -> Option<Vec<Span>> {
    if line.contains("$$") || line.contains("\\$") || line.contains("\\[") {
        return None;
    }
    // `\\(` begins before its bracket, `\\)` ends after it.
    let marks = ["$", "\\(", "\\)"].into_iter().flat_map(|mark| line.match_indices(mark));
    let mut signs: Vec<(usize, usize)> = marks.map(|(at, mark)| (at, at + mark.len())).collect();
    signs.sort_unstable();
    let pairs = signs.chunks_exact(2).map(|pair| Span::new(pair[0].0, pair[1].1));
    (!signs.is_empty() && signs.len().is_multiple_of(2)).then(|| pairs.collect())
}

struct Reader<'t> {
    line: &'t str,
    heads: Heads<'t>,
    formulas: Vec<Span>,
    items: Vec<Item>,
}

impl<'t> Reader<'t> {
    fn inside(&self, place: usize) -> &'t str {
        let Span { start, end } = self.formulas[place];
        let formula = &self.line[start..end];
        let bare = formula.strip_prefix("\\(").and_then(|formula| formula.strip_suffix("\\)"));
        bare.unwrap_or(formula).trim_matches('$').trim()
    }

    fn before(&self, place: usize) -> &'t str {
        let start = if place == 0 { 0 } else { self.formulas[place - 1].end };
        &self.line[start..self.formulas[place].start]
    }

    fn after(&self, place: usize) -> &'t str {
        let end = self.formulas.get(place + 1).map_or(self.line.len(), |next| next.start);
        &self.line[self.formulas[place].end..end]
    }

    fn answer(&mut self, target: AnswerTarget, value: Span) {
        self.items.push(Item::Answer { target: Box::new(target), value });
    }

    /// Reads one formula with the words around it; gives how many it took.
    fn formula(&mut self, place: usize) -> usize {
        let span = self.formulas[place];
        let counts = counts_parameters(self.after(place)) && self.heads.model.is_asked("params");
        if has_answer(self.inside(place)) && !(counts && self.inside(place).starts_with(|c: char| c.is_ascii_digit())) {
            self.items.push(Item::Formula(span));
            return 1;
        }
        let (before, after) = (self.before(place), self.after(place));
        if counts_parameters(after)
            && self.heads.model.is_asked("params")
            && let Some(target) = column_target("params", self.heads.model)
        {
            self.answer(target, span);
            return 1;
        }
        if let Some(words) = without_sign(before)
            && let Some(target) = self
                .heads
                .kind(words)
                .or_else(|| self.heads.named(words).and_then(|head| column_target(&head, self.heads.model)))
        {
            self.answer(target, span);
            return 1;
        }
        let Some(sign) = sign_length(after) else { return 1 };
        let Some(target) = self.heads.formula(sentence(before), self.inside(place)) else { return 1 };
        let rest = &after[sign..];
        if rest.trim().is_empty() && self.formulas.get(place + 1).is_some() && !has_answer(self.inside(place + 1)) {
            let value = self.formulas[place + 1];
            self.answer(target, value);
            return 2;
        }
        let start = span.end + sign + rest.len() - rest.trim_start().len();
        let value = value_of(rest.trim_start());
        if is_number(value) || value.starts_with(['[', '(', '-']) || self.heads.is_value(value) {
            self.answer(target, Span::new(start, start + value.len()));
        }
        1
    }
}

/// The last sentence of some words.
fn sentence(words: &str) -> &str {
    let mut ends = words.match_indices([';', '(', '.']).filter(|(at, sign)| {
        *sign != "."
            || words[at + 1..].starts_with(' ') && !words[..*at].ends_with(".t") && words[*at + 1..].trim() != ""
    });
    ends.next_back().map_or(words, |(at, _)| &words[at + 1..])
}

/// A value in words, as far as it goes.
fn value_of(text: &str) -> &str {
    let ends = [", ", "; ", ". ", " and ", " so ", " (", " which", "\\\\"];
    let end = ends.iter().filter_map(|sign| text.find(sign)).min().unwrap_or(text.len());
    text[..end].trim().trim_end_matches(['.', ',', ';', '*'])
}

/// `trainable parameters in this network`
fn counts_parameters(after: &str) -> bool {
    const BETWEEN: [&str; 6] = ["learnable", "trainable", "total", "free", "model", "different"];
    let mut words = after.split_whitespace().skip_while(|word| BETWEEN.contains(&word.to_lowercase().as_str()));
    words.next().is_some_and(|word| word.to_lowercase().starts_with("param"))
}

/// The number of a sentence that counts parameters: `There are 615 parameters in total.`
pub fn counted(line: &str) -> Option<Span> {
    const COUNTING: [&str; 6] = ["there are", "total", "has ", "have ", "altogether", "number of"];
    let small = line.to_lowercase();
    let found = small.find("param").filter(|_| COUNTING.iter().any(|words| small.contains(words)))?;
    let mut numbers = line.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at);
    let start = numbers.next()?;
    let length = line[start..].find(|c: char| !(c.is_ascii_digit() || c == ',')).unwrap_or(line.len() - start);
    let single = !line[start + length..].contains(|c: char| c.is_ascii_digit());
    (single && start < found && counts_parameters(&line[start + length..])).then(|| Span::new(start, start + length))
}

fn has_answer(formula: &str) -> bool {
    statements(formula, 0, &Macros::default()).is_ok_and(|found| !found.is_empty())
}

const SIGNS: [&str; 9] = ["is approximately", "is:", "is", ":", "=", "≈", "→", "->", "&="];

/// The words before a sign of equality, or one in words.
fn without_sign(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(['*', ' ', '`', '_', '&', '}']);
    let stem = SIGNS.iter().find_map(|sign| text.strip_suffix(sign))?;
    let stem = sentence(stem).trim_start_matches(['-', '+', '*', ' ', '\t', '#', '>', '|']).trim_start();
    let numbered = stem.strip_prefix("\\item").unwrap_or(stem).trim();
    let stressed =
        ["\\textbf{", "\\emph{", "\\textit{", "\\underline{"].iter().find_map(|word| numbered.strip_prefix(word));
    Some(stressed.unwrap_or(numbered).trim_matches(['*', ' ', '`', '}', ':']))
}

/// The bytes of the sign of equality that a text begins with.
fn sign_length(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start_matches(['*', ' ', '`', '_']).len();
    let sign = SIGNS.iter().find(|sign| text[start..].starts_with(**sign))?;
    let length = start + sign.len();
    (!sign.ends_with('s') || text[length..].starts_with(' ')).then_some(length)
}
