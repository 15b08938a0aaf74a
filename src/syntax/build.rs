//! What every part of the tree needs while it is built from the grammar's pairs: places in the whole text, names,
//! and a record of what was found.

use super::ast::{LoopIndex, Name, Spanned};
use super::grammar::Rule;
use super::wordings::Put;
use crate::diagnostic::{Diagnostic, READING};
use crate::limits::NAME_CHARACTERS;
use crate::span::Span;
use pest::iterators::Pair;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Where the line stands, and what is noticed while it is read.
pub struct Builder<'a> {
    /// The line's offset in the whole text.
    pub base: usize,
    /// The variables of the `repeat`s around the line.
    pub variables: &'a [String],
    pub faults: RefCell<Vec<Diagnostic>>,
    pub spellings: RefCell<Spellings>,
    /// Whether `*` is the elementwise product, as it is in Python beside `@`.
    pub python: bool,
    /// Whether this is an answer, which may say more than a problem.
    pub answers: bool,
    /// The line in other words, if it is not read as it stands; then `base` is a place in this.
    pub put: Option<&'a Put>,
}

impl<'a> Builder<'a> {
    pub fn new(base: usize, variables: &'a [String]) -> Builder<'a> {
        Builder {
            base,
            variables,
            faults: RefCell::default(),
            spellings: RefCell::default(),
            python: false,
            answers: false,
            put: None,
        }
    }

    /// For a part of the line that begins at `at`.
    pub fn inside(&self, at: usize) -> Builder<'a> {
        Builder { put: self.put, ..Builder::new(self.base + at, self.variables) }
    }

    /// Takes over what was noticed in a part; whether that is without a fault.
    pub fn settle(&self, inner: Builder<'_>) -> bool {
        let faults = inner.faults.into_inner();
        let sound = faults.is_empty();
        self.spellings.borrow_mut().merge(inner.spellings.into_inner());
        self.faults.borrow_mut().extend(faults);
        sound
    }

    /// The place of a part of the line.
    pub fn place(&self, from: usize, to: usize) -> Span {
        match self.put {
            Some(put) => put.span(self.base + from, self.base + to),
            None => Span::new(self.base + from, self.base + to),
        }
    }

    /// A diagnostic of the line as it is read, at the places of the line as it was written.
    pub fn placed(&self, told: Diagnostic) -> Diagnostic {
        self.put.map_or(told.clone(), |put| put.placed(told))
    }

    pub fn fault(&self, diagnostic: Diagnostic) {
        self.faults.borrow_mut().push(diagnostic);
    }

    /// Remembers something that was read in a stated way, to be told of in a note.
    pub fn reading(&self, span: Span, message: impl Into<String>) {
        self.spellings.borrow_mut().tell(message.into(), span, 1);
    }

    pub fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        self.place(span.start(), span.end())
    }

    pub fn spanned(&self, pair: &Pair<'_, Rule>) -> Spanned<String> {
        Spanned { value: pair.as_str().to_owned(), span: self.span(pair) }
    }

    /// The text between the quotes.
    pub fn quoted(&self, pair: &Pair<'_, Rule>) -> Spanned<String> {
        Spanned { value: pair.as_str().trim_matches('"').to_owned(), span: self.span(pair) }
    }

    pub fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        let (text, span) = (pair.as_str(), self.span(pair));
        if self.is_too_long(text, span) {
            return Name { text: String::new(), index: None, span };
        }
        if let Some((stem, inside)) = text.strip_suffix('}').and_then(|text| text.split_once("_{"))
            && let Some(index) = self.loop_index(inside, span)
        {
            return Name { text: stem.to_owned(), index: Some(index), span };
        }
        Name { text: text.split([' ', '\t']).collect(), index: None, span }
    }

    /// Long names are refused: what compares names would be slow, and no page could show them.
    fn is_too_long(&self, name: &str, span: Span) -> bool {
        let long = name.len() > NAME_CHARACTERS && name.chars().count() > NAME_CHARACTERS;
        if long {
            let fault = Diagnostic::error("E-size", format!("a name has at most {NAME_CHARACTERS} characters"));
            self.fault(fault.at(span, format!("{} characters", name.chars().count())));
        }
        long
    }

    /// A word that names an option, or its value.
    pub fn word(&self, pair: &Pair<'_, Rule>) -> Spanned<String> {
        let word = self.spanned(pair);
        self.is_too_long(&word.value, word.span);
        word
    }

    /// `l`, `l - 1`; a fixed index such as `gt` or `12` is none.
    fn loop_index(&self, inside: &str, span: Span) -> Option<LoopIndex> {
        let compact: String = inside.split_whitespace().collect::<String>().replace(['−', '–'], "-");
        let sign = compact.find(['+', '-']);
        let (variable, offset) = compact.split_at(sign.unwrap_or(compact.len()));
        if !self.variables.iter().any(|known| known == variable) {
            if sign.is_some() {
                self.fault(self.unknown_variable(variable, span));
            }
            return None;
        }
        match if offset.is_empty() { Ok(0) } else { offset.parse::<i32>() } {
            Ok(offset) => Some(LoopIndex { variable: variable.to_owned(), offset: offset.into() }),
            Err(_) => {
                self.fault(Diagnostic::error("E-index", "the index is too large").at(span, "here"));
                None
            }
        }
    }

    fn unknown_variable(&self, variable: &str, span: Span) -> Diagnostic {
        let fault =
            Diagnostic::error("E-index", format!("`{variable}` is not the variable of a `repeat` around this line"));
        let fault = fault.at(span, "index");
        match self.variables.last() {
            Some(known) => fault.help(format!("the variable here is `{known}`")),
            None => fault.help("an index is a number or letters here: `W_{1}`, `C_{gt}`"),
        }
    }

    /// An operator's sign; one that is not ASCII is remembered, to be told of in a note.
    pub fn folded(&self, pair: &Pair<'_, Rule>, plain: &'static str) {
        if !pair.as_str().is_ascii() {
            self.spellings.borrow_mut().add(pair.as_str(), plain, self.span(pair));
        }
    }

    /// A number as its ASCII text.
    pub fn number(&self, pair: &Pair<'_, Rule>) -> String {
        let text = pair.as_str();
        match text.find(['−', '–']) {
            None => text.trim_start_matches('+').trim_end_matches('.').to_owned(),
            Some(at) => {
                let span = self.span(pair);
                let sign = &text[at..at + '−'.len_utf8()];
                self.spellings.borrow_mut().add(sign, "-", Span::new(span.start + at, span.start + at + sign.len()));
                text.trim_end_matches('.').replace(['−', '–'], "-")
            }
        }
    }

    pub fn integer(&self, pair: &Pair<'_, Rule>) -> u64 {
        pair.as_str().parse().unwrap_or_else(|_| {
            let fault = Diagnostic::error("E-dim", "this number is too large for a dimension");
            self.fault(fault.at(self.span(pair), format!("more than {}", u64::MAX)));
            1
        })
    }
}

/// Spellings that were read as another sign: the first place of each and how often it stands.
#[derive(Default)]
pub struct Spellings {
    signs: BTreeMap<String, (&'static str, Span, usize)>,
    /// What is said of other readings.
    readings: BTreeMap<String, (Span, usize)>,
}

impl Spellings {
    fn add(&mut self, written: &str, plain: &'static str, span: Span) {
        self.signs.entry(written.to_owned()).or_insert((plain, span, 0)).2 += 1;
    }

    fn tell(&mut self, message: String, span: Span, times: usize) {
        self.readings.entry(message).or_insert((span, 0)).1 += times;
    }

    pub fn merge(&mut self, other: Spellings) {
        for (message, (span, times)) in other.readings {
            self.tell(message, span, times);
        }
        for (written, (plain, span, times)) in other.signs {
            self.signs.entry(written).or_insert((plain, span, 0)).2 += times;
        }
    }

    pub fn notes(&self) -> Vec<Diagnostic> {
        let signs = self.signs.iter().map(|(written, (plain, span, times))| note(written, plain, *span, *times));
        let readings = self.readings.iter().map(|(message, (span, times))| {
            Diagnostic::note(READING, format!("{message}{}", often(*times))).at(*span, "first here")
        });
        signs.chain(readings).collect()
    }
}

fn note(written: &str, plain: &str, span: Span, times: usize) -> Diagnostic {
    let point = written.chars().next().map_or(0, |c| c as u32);
    Diagnostic::note("N-spelling", format!("`{written}` (U+{point:04X}) is read as `{plain}`{}", often(times)))
        .at(span, "first here")
}

fn often(times: usize) -> String {
    if times == 1 { String::new() } else { format!(", {times} times") }
}
