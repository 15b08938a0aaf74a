//! Matrices and lists of cases.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::span::Span;
use crate::syntax::ast::{ExprId, Relation};
use crate::syntax::construct::Construct;
use crate::syntax::matrix::{Row, assembled};

impl Parser<'_> {
    pub(super) fn environment(&mut self, name: &str, start: Span) -> Parsed<ExprId> {
        // `\begin{bmatrix*}[r]`
        let open = self.peek() == Some(&Kind::Open('[')) && self.peek_at(2) == Some(&Kind::Close(']'));
        self.at += if open && name.ends_with('*') { 3 } else { 0 };
        match name.trim_end_matches('*') {
            "bmatrix" | "pmatrix" | "matrix" | "Bmatrix" | "smallmatrix" | "array" | "bsmallmatrix"
            | "psmallmatrix" => {
                let rows = self.rows(name)?;
                if name == "array" && self.is_cases(&rows) {
                    return self.cases(rows, start);
                }
                self.matrix(rows, start)
            }
            "vmatrix" => {
                let rows = self.rows(name)?;
                let matrix = self.matrix(rows, start)?;
                self.of_operator("det", matrix, start.to(self.span_before()))
            }
            "cases" | "dcases" | "rcases" => {
                let rows = self.rows(name)?;
                self.cases(rows, start)
            }
            _ => self.fault(
                start,
                format!("`\\begin{{{}}}` can't stand in an expression", name.chars().take(40).collect::<String>()),
                "",
            ),
        }
    }

    /// The cells of an environment, until its end.
    pub(super) fn rows(&mut self, name: &str) -> Parsed<Vec<Vec<Option<Cell>>>> {
        self.deeper(|parser| {
            let mut rows = vec![Vec::new()];
            loop {
                let cell = parser.cell()?;
                rows.last_mut().expect("there is a row").push(cell);
                match parser.peek() {
                    Some(Kind::Column) => parser.at += 1,
                    Some(Kind::RowEnd) => {
                        parser.at += 1;
                        // `\\[2pt]`
                        if let (Some(Kind::Open('[')), Some(Kind::Number(_))) = (parser.peek(), parser.peek_at(1))
                            && let Some(Kind::Letter(_)) = parser.peek_at(2)
                        {
                            while parser.at < parser.tokens.len() && !parser.eat(&Kind::Close(']')) {
                                parser.at += 1;
                            }
                        }
                        rows.push(Vec::new());
                    }
                    Some(Kind::End(end)) if end == name => {
                        parser.at += 1;
                        break;
                    }
                    Some(Kind::Other(_)) => return Err(super::parser::unexpected(&parser.tokens[parser.at])),
                    _ => return Err(parser.expected("`&`, `\\\\` or the end of the matrix")),
                }
            }
            // A last row without entries: `\\` before the end.
            if rows.last().is_some_and(|row| row.len() == 1 && row[0].is_none()) && rows.len() > 1 {
                rows.pop();
            }
            Ok(rows)
        })
    }

    pub(super) fn cell(&mut self) -> Parsed<Option<Cell>> {
        while matches!(self.peek(), Some(Kind::Gap)) {
            self.at += 1;
        }
        let word = match self.peek() {
            Some(Kind::Word(word)) => case_word(word),
            _ => None,
        };
        if word.is_some() {
            self.at += 1;
        }
        let empty = matches!(self.peek(), None | Some(Kind::Column | Kind::RowEnd | Kind::End(_)));
        if empty {
            return Ok(word.map(|word| Cell { value: None, otherwise: word == CaseWord::Otherwise }));
        }
        let value = match word {
            Some(CaseWord::If) => self.relations()?,
            Some(CaseWord::Otherwise) | None => self.comparison()?,
        };
        while matches!(self.peek(), Some(Kind::Gap | Kind::Comma | Kind::Semicolon)) {
            self.at += 1;
        }
        Ok(Some(Cell { value: Some(value), otherwise: word == Some(CaseWord::Otherwise) }))
    }

    /// `i = j \text{ and } z_i > 0`: the product of its relations.
    pub(super) fn relations(&mut self) -> Parsed<ExprId> {
        let mut all = self.relation()?;
        while matches!(self.peek(), Some(Kind::Word(word)) if word.trim() == "and") {
            self.at += 1;
            let one = self.relation()?;
            all = self.both(Some(all), one)?;
        }
        Ok(all)
    }

    /// A comparison, in which `=` is one too.
    fn relation(&mut self) -> Parsed<ExprId> {
        let left = self.comparison()?;
        if !self.eat(&Kind::Equals) {
            return Ok(left);
        }
        let right = self.sum()?;
        self.indicator(Relation::Equal, left, right)
    }

    pub(super) fn matrix(&mut self, rows: Vec<Vec<Option<Cell>>>, start: Span) -> Parsed<ExprId> {
        let span = start.to(self.span_before());
        let filled = |row: Vec<Option<Cell>>| {
            let entries = row.into_iter().map(|cell| cell.and_then(|cell| cell.value)).collect::<Option<Vec<_>>>()?;
            let place = self.place(*entries.first()?).to(self.place(*entries.last()?));
            Some(Row { entries, span: place })
        };
        match rows.into_iter().map(filled).collect::<Option<Vec<Row>>>() {
            Some(rows) => assembled(self, rows, span),
            None => self.fault(span, "an entry of this matrix is empty", "write 0 for it"),
        }
    }

    pub(super) fn is_cases(&self, rows: &[Vec<Option<Cell>>]) -> bool {
        let condition = |cell: &Cell| cell.otherwise || cell.value.is_some_and(|value| self.is_condition(value));
        rows.iter().all(|row| row.len() == 2 && row[1].as_ref().is_some_and(condition))
    }

    /// Values and the conditions under which they hold.
    pub(super) fn cases(&mut self, rows: Vec<Vec<Option<Cell>>>, start: Span) -> Parsed<ExprId> {
        let span = start.to(self.span_before());
        let mut cases = Vec::new();
        for row in rows {
            let mut cells = row.into_iter();
            let (value, condition) = (cells.next().flatten(), cells.next().flatten());
            let Some(value) = value.and_then(|cell| cell.value).filter(|_| cells.next().is_none()) else {
                return self.fault(
                    span,
                    "a case has a value and a condition",
                    "`1 & Z > 0 \\\\ 0 & \\text{otherwise}`",
                );
            };
            let condition = match condition {
                None => None,
                Some(cell) if cell.otherwise && cell.value.is_none() => None,
                Some(cell) => match cell.value.filter(|condition| self.is_condition(*condition)) {
                    Some(condition) => Some(condition),
                    None => return self.fault(span, "a case has a relation for its condition", "for example `Z > 0`"),
                },
            };
            cases.push((value, condition));
        }
        self.cased(cases, span)
    }
}

/// One cell of an environment.
pub(super) struct Cell {
    value: Option<ExprId>,
    otherwise: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum CaseWord {
    If,
    Otherwise,
}

/// `if`, `otherwise` and their like.
pub(super) fn case_word(word: &str) -> Option<CaseWord> {
    match word.trim_matches([' ', ',', ':', '.']).to_lowercase().as_str() {
        "if" | "for" | "when" | "where" | "falls" => Some(CaseWord::If),
        "otherwise" | "else" | "sonst" | "if not" => Some(CaseWord::Otherwise),
        _ => None,
    }
}
