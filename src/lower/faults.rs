//! What lowering has to tell, collected so that everything wrong with a file is told at once.

use crate::diagnostic::{Diagnostic, nearest};
use crate::limits::DIAGNOSTICS;
use crate::span::Span;
use std::collections::BTreeSet;

/// How many misspelt names get a suggestion: each is compared with every known name.
const SUGGESTIONS: usize = 20;

/// Errors and warnings, one for each code and place: the turns of a loop tell the same thing once.
#[derive(Debug, Default)]
pub struct Faults {
    list: Vec<Diagnostic>,
    seen: BTreeSet<(&'static str, Span)>,
    suggestions: usize,
}

impl Faults {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.labels.first().map(|label| label.span).unwrap_or_default();
        if self.seen.insert((diagnostic.code, place)) {
            self.list.push(diagnostic);
        }
    }

    /// Whether one more would still be told.
    pub fn has_room(&self) -> bool {
        self.list.len() < DIAGNOSTICS
    }

    pub fn has_errors(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    /// What was meant, of pairs of a name to compare and what to say; told at most [`SUGGESTIONS`] times.
    pub fn meant<'a>(&mut self, name: &str, known: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<&'a str> {
        if self.suggestions == SUGGESTIONS {
            return None;
        }
        self.suggestions += 1;
        let length = name.len();
        let near: Vec<(&str, &str)> =
            known.into_iter().filter(|(known, _)| known.len().abs_diff(length) <= 1.max(length / 2)).collect();
        let found = nearest(name, near.iter().map(|(known, _)| *known))?;
        near.iter().find(|(known, _)| *known == found).map(|(_, say)| *say)
    }

    /// All of them in the order of the file.
    pub fn in_order(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span));
        if self.list.len() > DIAGNOSTICS {
            let kind = if self.has_errors() { Diagnostic::error } else { Diagnostic::warning };
            self.list.truncate(DIAGNOSTICS);
            let last =
                self.list.last().and_then(|last| last.labels.first()).map_or(Span::default(), |label| label.span);
            let more = format!("there are more than {DIAGNOSTICS} problems to tell: the rest is left out");
            self.list.push(kind("E-size", more).at(last, "the last one told"));
        }
        self.list
    }
}
