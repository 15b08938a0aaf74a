//! Tables of answers in Markdown and LaTeX: what is given to, and what, in the cells of a row.

use super::heading::Heads;
use super::table::column_target;
use crate::span::Span;
use crate::syntax::answer::whole_target;
use crate::syntax::ast::AnswerTarget;

/// What the first row says of the others.
#[derive(Default)]
pub struct Header {
    /// The target that each column names by itself.
    targets: Vec<Option<AnswerTarget>>,
    /// The column that holds the answers.
    value: Option<usize>,
    derived: bool,
    shapes: bool,
}

/// Words of a column of answers.
const VALUES: [&str; 9] =
    ["gradient", "derivative", "answer", "value", "result", "formula", "expression", "shape", "solution"];

impl Header {
    pub fn of(line: &str, sign: char, heads: Heads<'_>) -> Header {
        let cells: Vec<&str> = cells(line, sign).into_iter().map(|cell| &line[cell.start..cell.end]).collect();
        let small: Vec<String> = cells.iter().map(|cell| cell.to_lowercase()).collect();
        let speaks = |words: &[&str]| small.iter().rposition(|cell| words.iter().any(|word| cell.contains(word)));
        let value = speaks(&VALUES).filter(|place| *place > 0);
        let of_value = value.map_or("", |place| small[place].as_str());
        let derived = of_value.contains("gradient") || of_value.contains("derivative");
        let shapes = of_value.contains("shape");
        let targets = cells.iter().map(|cell| target(cell, &Header::default(), heads)).collect();
        Header { targets, value, derived, shapes }
    }

    /// The answers of a row.
    pub fn answers(&self, line: &str, sign: char, heads: Heads<'_>) -> Vec<(AnswerTarget, Span)> {
        let cells = cells(line, sign);
        let text = |cell: &Span| &line[cell.start..cell.end];
        let filled = |cell: &Span| !matches!(text(cell), "" | "-" | "—" | "?");
        let columns = self.targets.iter().zip(&cells);
        let columns: Vec<(AnswerTarget, Span)> = columns
            .filter(|(_, cell)| filled(cell))
            .filter_map(|(target, cell)| Some((target.clone()?, *cell)))
            .collect();
        if !columns.is_empty() {
            return columns;
        }
        let named = cells.iter().enumerate().find_map(|(place, cell)| Some((place, target(text(cell), self, heads)?)));
        let Some((place, target)) = named else { return Vec::new() };
        let value = self.value.filter(|value| *value > place).unwrap_or(place + 1);
        cells.get(value).filter(|cell| filled(cell)).map(|cell| (target, *cell)).into_iter().collect()
    }
}

/// What a cell names, if it is asked for.
fn target(cell: &str, header: &Header, heads: Heads<'_>) -> Option<AnswerTarget> {
    let name: String = cell.chars().filter(|c| !"$\\*`{}_ ".contains(*c)).collect();
    if name.is_empty() {
        return None;
    }
    if header.derived && heads.model.is_asked(&format!("d{name}")) {
        return whole_target(&format!("d{name}"));
    }
    if header.shapes && heads.model.asked().any(|(_, asked)| asked == format!("shape of {name}")) {
        return whole_target(&format!("shape of {name}"));
    }
    let found = match heads.named(cell.trim_matches(['*', '`', '$'])) {
        Some(head) => column_target(&head, heads.model),
        None => column_target(cell, heads.model),
    };
    // `update W1`, `hessian of J wrt w`, `dW1[1, 2]`
    let close = |text: &str| text.replace(' ', "");
    let whole = || heads.model.asked().any(|(_, asked)| close(asked) == close(cell.trim_matches(['*', '`', '$', ' '])));
    found.filter(|target| heads.model.is_asked(&target.name.text) || whole())
}

/// The cells of a row, without blanks and stress around them. A sign within a formula parts none.
fn cells(line: &str, sign: char) -> Vec<Span> {
    let content = line.trim_end().trim_end_matches("\\\\").trim_end();
    let start = content.len() - content.trim_start().trim_start_matches("\\hline").trim_start().len();
    let (mut from, mut formula) = (start, false);
    let mut bounds = Vec::new();
    for (at, character) in content.char_indices().filter(|(at, _)| *at >= start) {
        if character == '$' {
            formula = !formula;
        } else if character == sign && !formula {
            bounds.push((from, at));
            from = at + character.len_utf8();
        }
    }
    bounds.push((from, content.len()));
    // A row of Markdown begins and ends with the sign.
    if sign == '|' && bounds.first().is_some_and(|(from, to)| content[*from..*to].trim().is_empty()) {
        bounds.remove(0);
    }
    if sign == '|' && bounds.last().is_some_and(|(from, to)| content[*from..*to].trim().is_empty()) {
        bounds.pop();
    }
    bounds.into_iter().map(|(from, to)| trimmed(content, from, to)).collect()
}

fn trimmed(text: &str, from: usize, to: usize) -> Span {
    let cell = &text[from..to];
    let begins = from + cell.len() - cell.trim_start_matches([' ', '\t', '*', '`']).len();
    let ends = from + cell.trim_end_matches([' ', '\t', '*', '`']).len();
    Span::new(begins, ends.max(begins))
}
