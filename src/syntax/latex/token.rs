//! Marks of LaTeX as tokens: commands by their meaning, spacing and fonts left out.

use super::commands::{Meaning, meaning};
use super::expand::{expanded, without_arguments};
use super::grammar::{Rule, marks};
use crate::diagnostic::Diagnostic;
use crate::limits::LATEX_TOKENS;
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, Fold, Relation};
use crate::syntax::characters::{ACCENTS, GREEK};
use crate::syntax::names;
use pest::iterators::Pair;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub span: Span,
    /// Whether space stands before it that parts names.
    pub spaced: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Number(String),
    /// A letter, Greek by its name, an accented one with its accent: `W`, `theta`, `yhat`.
    Letter(String),
    /// Letters set as one word: `ReLU`, `gt`, `if`.
    Word(String),
    /// `\mathbf{1}`, `\mathbb{1}`: ones, or an indicator; `\mathbb{I}` is an indicator only.
    Ones,
    Open(char),
    Close(char),
    GroupOpen,
    GroupClose,
    Superscript,
    Subscript,
    Prime,
    /// `\top`
    Top,
    /// `&`
    Column,
    /// `\\`
    RowEnd,
    Comma,
    Semicolon,
    /// `\quad`, which may part two answers.
    Gap,
    /// `\Rightarrow`
    Arrow,
    Operator(BinaryOp),
    /// `\otimes`, `\circ`: read as elementwise, with a note.
    Elementwise(&'static str),
    Relation(Relation),
    Equals,
    /// `\leftarrow`
    Gets,
    /// `\propto`
    Proportional,
    /// `:`, which may stand between a name and its value.
    Colon,
    Bar,
    DoubleBar,
    In,
    Begin(String),
    End(String),
    /// `\sum`, `\prod`
    Fold(Fold),
    Fraction,
    /// `\pdv` and its like: a derivative with its parts in braces.
    Derivative,
    Root,
    Partial,
    Nabla,
    Function(&'static str),
    Accent(&'static str),
    /// `\underbrace`: what stands under it is prose.
    Brace,
    /// A command of the student's own that takes arguments, by its spelling.
    Call(String),
    /// `#1`, counted from 1.
    Parameter(usize),
    /// A command that can't be read, by its spelling.
    Other(String),
}

/// A command that the student defined.
#[derive(Clone, Debug)]
pub struct Macro {
    pub arguments: usize,
    pub body: Vec<Token>,
}

/// The student's own commands by their spelling.
pub type Macros = BTreeMap<String, Macro>;

/// Commands of usual packages: `\norm{x}`, `\abs{x}`.
pub static USUAL: LazyLock<Macros> = LazyLock::new(|| {
    let between = |bar: Kind| {
        let kinds = [bar.clone(), Kind::Parameter(1), bar];
        let body = kinds.map(|kind| Token { kind, span: Span::default(), spaced: false });
        Macro { arguments: 1, body: body.to_vec() }
    };
    BTreeMap::from([("\\norm".to_owned(), between(Kind::DoubleBar)), ("\\abs".to_owned(), between(Kind::Bar))])
});

/// The tokens of a text that begins at `base` of its file.
pub fn tokens(text: &str, base: usize, macros: &Macros) -> Result<Vec<Token>, Box<Diagnostic>> {
    let mut reader = Reader { tokens: Vec::new(), macros, base, end: 0, after_command: false };
    let marks = marks(text).ok_or_else(|| {
        Box::new(
            Diagnostic::error("E-latex", "this can't be read as LaTeX").at(Span::new(base, base + text.len()), "here"),
        )
    })?;
    for mark in marks {
        reader.mark(mark);
        if reader.tokens.len() > LATEX_TOKENS {
            return Err(too_long(text, base));
        }
    }
    let tokens = expanded(reader.tokens, macros).ok_or_else(|| too_long(text, base))?;
    Ok(without_arguments(tokens))
}

fn too_long(text: &str, base: usize) -> Box<Diagnostic> {
    let message = format!("this has more than {LATEX_TOKENS} marks");
    Box::new(Diagnostic::error("E-size", message).at(Span::new(base, base + text.len()), "too long"))
}

struct Reader<'m> {
    tokens: Vec<Token>,
    macros: &'m Macros,
    base: usize,
    /// Where the last mark ended.
    end: usize,
    /// A command swallows the space after it.
    after_command: bool,
}

impl Reader<'_> {
    fn mark(&mut self, mark: Pair<'_, Rule>) {
        let place = mark.as_span();
        if mark.as_rule() == Rule::EOI {
            return;
        }
        let spaced = place.start() > self.end && !self.after_command;
        let span = Span::new(self.base + place.start(), self.base + place.end());
        let text = mark.as_str();
        let mut put = |kind| self.tokens.push(Token { kind, span, spaced });
        match mark.as_rule() {
            // `14{,}916`
            Rule::Number => put(Kind::Number(text.replace("{,}", ""))),
            Rule::Letter => put(Kind::Letter(letter(text))),
            Rule::Upright => put(word(inner(mark.clone(), Rule::Word))),
            Rule::Prose => put(word(inner(mark.clone(), Rule::Words))),
            Rule::Boldface => put(Kind::Ones),
            Rule::Parameter => put(Kind::Parameter(text[1..].parse().unwrap_or(1))),
            Rule::NoBracket => put(Kind::Close('.')),
            Rule::Begin => put(Kind::Begin(inner(mark.clone(), Rule::Environment))),
            Rule::End => put(Kind::End(inner(mark.clone(), Rule::Environment))),
            Rule::Subscripts => {
                put(Kind::Subscript);
                put(Kind::Number(digits(text)));
            }
            Rule::Superscripts => {
                put(Kind::Superscript);
                put(Kind::GroupOpen);
                if text.starts_with('⁻') {
                    put(Kind::Operator(BinaryOp::Sub));
                }
                put(Kind::Number(digits(text)));
                put(Kind::GroupClose);
            }
            Rule::Sign => self.sign(text, span, spaced),
            _ => self.command(text, span, spaced),
        }
        self.end = place.end();
        self.after_command = mark.as_rule() == Rule::Command && text.ends_with(|c: char| c.is_ascii_alphabetic());
    }

    fn command(&mut self, text: &str, span: Span, spaced: bool) {
        let found = self.macros.get(text).or_else(|| USUAL.get(text));
        if let Some(Macro { arguments: 1.., .. }) = found {
            self.tokens.push(Token { kind: Kind::Call(text.to_owned()), span, spaced });
            return;
        }
        if let Some(Macro { body, .. }) = found {
            let room = LATEX_TOKENS.saturating_sub(self.tokens.len()).saturating_add(1);
            self.tokens.extend(body.iter().take(room).map(|token| Token { span, ..token.clone() }));
            return;
        }
        match meaning(text) {
            Meaning::Nothing => {}
            Meaning::Is(kind) => self.tokens.push(Token { kind, span, spaced }),
        }
    }

    fn sign(&mut self, text: &str, span: Span, spaced: bool) {
        let character = text.chars().next().unwrap_or(' ');
        // `\not=`
        if text == "=" && self.tokens.last().is_some_and(|last| last.kind == Kind::Other("\\not".to_owned())) {
            self.tokens.pop();
            self.tokens.push(Token { kind: Kind::Relation(Relation::NotEqual), span, spaced });
            return;
        }
        let kind = match text {
            "{" => Kind::GroupOpen,
            "}" => Kind::GroupClose,
            "(" | "[" => Kind::Open(character),
            ")" | "]" => Kind::Close(character),
            "^" => Kind::Superscript,
            "_" => Kind::Subscript,
            "'" | "′" | "’" => Kind::Prime,
            "ᵀ" | "⊤" => Kind::Top,
            "&" => Kind::Column,
            "," => Kind::Comma,
            ";" => Kind::Semicolon,
            ":" => Kind::Colon,
            "∝" => Kind::Proportional,
            "+" => Kind::Operator(BinaryOp::Add),
            "-" | "−" | "–" => Kind::Operator(BinaryOp::Sub),
            "*" | "×" | "·" | "⋅" | "∗" => Kind::Operator(BinaryOp::Mul),
            "/" | "÷" => Kind::Operator(BinaryOp::Div),
            "⊙" | "∘" => Kind::Operator(BinaryOp::ElementwiseMul),
            "⊗" => Kind::Elementwise("⊗"),
            "=" | ":=" | "≈" | "≡" | "≃" => Kind::Equals,
            "←" => Kind::Gets,
            "<" => Kind::Relation(Relation::Less),
            ">" => Kind::Relation(Relation::Greater),
            "<=" | "≤" => Kind::Relation(Relation::LessEqual),
            ">=" | "≥" => Kind::Relation(Relation::GreaterEqual),
            "==" => Kind::Relation(Relation::Equal),
            "!=" | "≠" => Kind::Relation(Relation::NotEqual),
            "->" | "=>" | "⇒" | "→" => Kind::Arrow,
            "|" | "∣" => Kind::Bar,
            "||" | "‖" | "∥" => Kind::DoubleBar,
            "∂" => Kind::Partial,
            "∇" => Kind::Nabla,
            "∑" => Kind::Fold(Fold::Sum),
            "∏" => Kind::Fold(Fold::Product),
            "√" => Kind::Root,
            "𝟏" | "𝟙" => Kind::Ones,
            "½" => return self.half(span, spaced),
            // What leads and follows mathematics in a text.
            "$" => return,
            _ => Kind::Other(text.to_owned()),
        };
        // `Aᵀ` is `A^\top`.
        if text == "ᵀ" {
            self.tokens.push(Token { kind: Kind::Superscript, span, spaced });
        }
        self.tokens.push(Token { kind, span, spaced });
    }

    fn half(&mut self, span: Span, spaced: bool) {
        let digit = |digit: &str| Kind::Number(digit.to_owned());
        let group = |kind| [Kind::GroupOpen, kind, Kind::GroupClose];
        let kinds = [Kind::Fraction].into_iter().chain(group(digit("1"))).chain(group(digit("2")));
        self.tokens.extend(kinds.map(|kind| Token { kind, span, spaced }));
    }
}

fn inner(mark: Pair<'_, Rule>, rule: Rule) -> String {
    mark.into_inner()
        .find(|part| part.as_rule() == rule)
        .map(|part| part.as_str().trim().to_owned())
        .unwrap_or_default()
}

/// One letter by itself is a letter, upright or not.
fn word(text: String) -> Kind {
    if text.len() == 1 && text.chars().all(|c| c.is_ascii_alphabetic()) {
        return Kind::Letter(text);
    }
    // `\text{73}`
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.') && text.parse::<f64>().is_ok() {
        return Kind::Number(text);
    }
    Kind::Word(text.replace("\\_", "_"))
}

/// A letter in ASCII: `W`, `theta`, `yhat`.
fn letter(text: &str) -> String {
    names::key(text)
}

fn digits(text: &str) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| match RAISED.iter().position(|raised| *raised == c) {
        Some(value) => Some(value as u32),
        None => (c as u32).checked_sub('₀' as u32).filter(|value| *value < 10),
    };
    text.chars().filter_map(digit).filter_map(|value| char::from_digit(value, 10)).collect()
}

/// Whether a command is a Greek letter, by its name.
pub fn greek(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix("var").unwrap_or(name);
    GREEK.iter().map(|(_, known)| known).find(|known| *known == name)
}

/// The name of an accent's command.
pub fn accent(name: &str) -> Option<&'static str> {
    let name = match name {
        "widehat" => "hat",
        "widetilde" => "tilde",
        "overline" => "bar",
        name => name,
    };
    ACCENTS.iter().map(|(_, known)| known).find(|known| *known == name)
}
