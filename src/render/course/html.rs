//! HTML whose formulas are not put down yet: each system has them in its own way.

use crate::render::escape;
use serde::Serialize;

/// Around a formula in a line, and around one on a line of its own.
const MARKS: [(char, char); 2] = [('\u{e000}', '\u{e001}'), ('\u{e002}', '\u{e003}')];

/// Plain elements with formulas in LaTeX between marks; once put down, what a system takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Html(String);

impl Html {
    pub fn new(text: String) -> Html {
        Html(text)
    }

    pub fn formula(latex: &str) -> Html {
        Html(marked(latex, false))
    }

    /// With each formula as `put` has it.
    pub fn with(&self, put: fn(&str, bool) -> String) -> Html {
        let mut text = String::with_capacity(self.0.len());
        let mut rest = self.0.as_str();
        let begins: Vec<char> = MARKS.iter().map(|(begin, _)| *begin).collect();
        while let Some(start) = rest.find(begins.as_slice()) {
            let (before, formula) = rest.split_at(start);
            text.push_str(before);
            let begin = formula.chars().next().unwrap_or_default();
            let is_display = begin == MARKS[1].0;
            let end = MARKS[usize::from(is_display)].1;
            let inside = &formula[begin.len_utf8()..];
            let (latex, after) = inside.split_once(end).unwrap_or((inside, ""));
            text.push_str(&put(latex, is_display));
            rest = after;
        }
        text.push_str(rest);
        Html(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A formula between its marks.
pub fn marked(latex: &str, display: bool) -> String {
    let (begin, end) = MARKS[usize::from(display)];
    format!("{begin}{latex}{end}")
}

/// `\(…\)`, as MathJax finds it in a page.
pub fn between_brackets(latex: &str, display: bool) -> String {
    let text = escaped(latex);
    if display { format!("\\[{text}\\]") } else { format!("\\({text}\\)") }
}

/// Text as HTML and XML have it.
pub fn escaped(text: &str) -> String {
    let mut out = Vec::new();
    // Writing to a vector does not fail.
    let _ = escape::html(text, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}
