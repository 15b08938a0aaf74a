//! Errors and warnings about a source text, as data. How they look is the command line's affair.

use crate::span::Span;
use serde::Serialize;

/// The code of a note on an expression that could be read otherwise.
pub const READING: &str = "N-reading";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    /// Something that was read in a stated way (a folded Unicode minus).
    Note,
}

/// A place in the source and what is to be seen there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One thing to tell the author of a text: worded once, in lower case, with names in backticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// A stable name such as `E-shape`.
    pub code: &'static str,
    pub message: String,
    /// The first label is the place of the diagnostic; the others show what it conflicts with.
    pub labels: Vec<Label>,
    /// How to mend it, a line each.
    pub help: Vec<String>,
}

impl Diagnostic {
    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Error, code, message: message.into(), labels: Vec::new(), help: Vec::new() }
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    pub fn note(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(code, message) }
    }

    /// Adds a place; the first one added is where the caret goes.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The known name nearest to `name`, if one is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // `l` and `1` look alike, and `O` and `0`.
    let plain = |text: &str| text.to_lowercase().replace(['l', 'i'], "1").replace('o', "0");
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&plain(name), &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= 1.max(candidate.chars().count().min(name.chars().count()) / 3))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("Wl", ["W1", "b1", "X", "L"]), Some("W1"));
        assert_eq!(nearest("sotfmax", ["softmax", "max"]), Some("softmax"));
        assert_eq!(nearest("gamma", ["W1", "b1"]), None);
    }
}
