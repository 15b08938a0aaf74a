//! A line of a model in LaTeX, as the sheet has it: `Z = \mathrm{ReLU}(XW_1 + b_1)`, with dollars or without. It is read
//! as an answer in LaTeX is, over the names that stand above it.

use super::ast::{AnswerValue, Given, ModelLine, Name, TargetKind};
use super::latex::{self, Macros};
use super::names::key;
use super::vocabulary::Vocabulary;
use crate::diagnostic::Diagnostic;
use crate::ops::REFERENCES;
use crate::span::Span;

/// The library's functions, of which the names count here.
const LIBRARY: &str = include_str!("../lower/library.def");

/// Whether a line can only be LaTeX.
pub fn is_latex(text: &str) -> bool {
    text.trim_start().starts_with('$') || text.contains('\\')
}

/// Whether a line that is nothing else may be LaTeX.
pub fn may_be_latex(text: &str) -> bool {
    text.contains("_{") || text.contains("^{")
}

/// The formula of a line without what lays it out, and where it begins.
fn bare(text: &str) -> (&str, usize) {
    const OPEN: [&str; 5] = ["$$", "$", "\\[", "\\(", "&"];
    const CLOSE: [&str; 7] = ["$$", "$", "\\]", "\\)", "\\\\", ".", ","];
    let mut inside = text.trim();
    while let Some(rest) = OPEN.iter().find_map(|mark| inside.strip_prefix(mark)) {
        inside = rest.trim_start();
    }
    while let Some(rest) = CLOSE.iter().find_map(|mark| inside.strip_suffix(mark)) {
        inside = rest.trim_end();
    }
    (inside, inside.as_ptr() as usize - text.as_ptr() as usize)
}

/// What calls may name.
fn operators() -> impl Iterator<Item = &'static str> {
    let library = LIBRARY.lines().filter_map(|line| line.strip_prefix("define ")?.split('(').next());
    let known = REFERENCES.iter().filter(|known| known.call.is_some());
    known.flat_map(|known| std::iter::once(known.name).chain(known.aliases.iter().copied())).chain(library)
}

/// The names that a line may use.
fn names<'a>(givens: &'a [Given], model: &'a [ModelLine], known: &mut Vec<&'a Name>) {
    for given in givens {
        match given {
            Given::Leaves(leaves) => leaves.iter().for_each(|leaf| {
                known.push(&leaf.name);
                known.extend(&leaf.aliases);
            }),
            Given::Incoming { leaf, .. } => known.push(&leaf.name),
            Given::Dims(dims) => known.extend(dims.iter().map(|dim| &dim.name)),
            Given::Data { columns, .. } => known.extend(columns),
            Given::Repeat(repeat) => names(&repeat.body, &[], known),
            Given::Layout(_) => {}
        }
    }
    for line in model {
        match line {
            ModelLine::Definition { name, .. } => known.push(name),
            ModelLine::Repeat(repeat) => names(&[], &repeat.body, known),
        }
    }
}

/// The definition that a line is; its place is that of the whole line.
pub fn definition(
    text: &str,
    span: Span,
    givens: &[Given],
    model: &[ModelLine],
    notes: &mut Vec<Diagnostic>,
) -> Result<ModelLine, Box<Diagnostic>> {
    let (formula, offset) = bare(text);
    let base = span.start + offset;
    let mut known = Vec::new();
    names(givens, model, &mut known);
    let spellings: Vec<String> = known.iter().map(|name| name.key()).collect();
    let mut vocabulary = Vocabulary::new(spellings.iter().map(String::as_str), operators());
    let statements = latex::statements(formula, base, &Macros::default())?;
    let [statement] = statements.as_slice() else {
        let fault = Diagnostic::error("E-latex", "one definition stands on a line").at(span, "here");
        return Err(Box::new(fault.help("for example `Z = \\mathrm{ReLU}(XW_1 + b_1)`")));
    };
    // A letter that no line declares is a name of its own: a shape for it is found, or it is told.
    for letter in latex::unknown_letters(statement, &vocabulary) {
        vocabulary.learn(&Name { text: letter, index: None, span });
    }
    let answer = latex::answer(statement, "", &vocabulary, notes)?;
    let AnswerValue::Expression(value) = answer.value else { return Err(no_definition(span)) };
    if answer.target.kind != TargetKind::Plain || !answer.earlier.is_empty() || answer.target.of.is_some() {
        return Err(no_definition(span));
    }
    let known = known.iter().find(|known| known.key() == key(&answer.target.name.text));
    let name = Name { text: known.map_or(answer.target.name.text, |known| known.text.clone()), index: None, span };
    Ok(ModelLine::Definition { name, value, span })
}

/// The letters of a formula that are none of these names, with the numbers below them.
pub fn letters(formula: &str, names: &[String]) -> Vec<String> {
    let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
    let vocabulary = Vocabulary::new(keys.iter().map(String::as_str), operators());
    let statements = latex::statements(formula, 0, &Macros::default()).unwrap_or_default();
    statements.iter().flat_map(|statement| latex::unknown_letters(statement, &vocabulary)).collect()
}

fn no_definition(span: Span) -> Box<Diagnostic> {
    let fault = Diagnostic::error("E-latex", "a line of a model is a name, `=` and its value").at(span, "here");
    Box::new(fault.help("for example `Z = \\mathrm{ReLU}(XW_1 + b_1)`"))
}
