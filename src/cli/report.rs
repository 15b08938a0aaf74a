//! Diagnostics as text with the source line and carets, and as JSON.

use super::stdio;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::span::{Source, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

/// How messages look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub color: bool,
    /// Whether what is printed has colour.
    pub printed: bool,
    /// Only errors are told.
    pub quiet: bool,
}

/// Tells what was written.
pub fn tell_written(what: &str, look: Look) {
    if !look.quiet {
        stdio::tell(&printable(&format!("wrote {what}\n")));
    }
}

/// Tells what was noticed on the way, if it is wanted.
pub fn tell_notes(source: &Source, notes: &[Diagnostic], look: Look) {
    if !look.quiet {
        stdio::tell(&text(source, notes, look));
    }
}

/// The diagnostics as they are read by people, an empty line after each.
pub fn text(source: &Source, diagnostics: &[Diagnostic], look: Look) -> String {
    let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
    let shown = with_plain_line_ends(&source.text);
    let name = printable(&source.name).replace('\n', "\u{fffd}");
    let each = diagnostics.iter().map(|diagnostic| {
        let report = renderer.render(&[group(&name, &shown, diagnostic)]);
        format!("{report}\n\n")
    });
    each.collect()
}

fn group<'a>(name: &'a str, text: &'a str, diagnostic: &'a Diagnostic) -> Group<'a> {
    let title = level(diagnostic.severity).primary_title(&diagnostic.message).id(diagnostic.code);
    let group = Group::with_title(title);
    let group = match diagnostic.labels.as_slice() {
        [] => group.element(Origin::path(name)),
        [first, others @ ..] => {
            let primary = AnnotationKind::Primary.span(range(text, first.span)).label(printable(&first.text));
            let context = others
                .iter()
                .map(|label| AnnotationKind::Context.span(range(text, label.span)).label(printable(&label.text)));
            group.element(Snippet::source(text).path(name).annotation(primary).annotations(context))
        }
    };
    group.elements(diagnostic.help.iter().map(|help| Level::HELP.message(printable(help))))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// The text with each lone CR as LF, and something in its last line: so the renderer counts the lines that we count.
/// Offsets stay.
fn with_plain_line_ends(text: &str) -> String {
    let next = text.chars().skip(1).map(Some).chain([None]);
    let filler = text.ends_with(['\r', '\n']).then_some(' ');
    text.chars()
        .zip(next)
        .map(|(c, next)| if c == '\r' && next != Some('\n') { '\n' } else { c })
        .chain(filler)
        .collect()
}

/// A span as the renderer wants it: inside the text and between characters.
fn range(text: &str, span: Span) -> std::ops::Range<usize> {
    let boundary = |offset: usize| (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let start = boundary(span.start).unwrap_or(0);
    start..boundary(span.end).unwrap_or(0).max(start)
}

/// Names of files and pieces of sources can hold anything: nothing but text and line ends reaches the terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The diagnostics of one spec as one JSON object, for programs.
pub fn json(source: &Source, diagnostics: &[Diagnostic]) -> Result<String, serde_json::Error> {
    let errors = diagnostics.iter().map(|diagnostic| Told::new(source, diagnostic)).collect();
    Ok(serde_json::to_string_pretty(&Report { schema: 1, errors })? + "\n")
}

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    errors: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    file: &'a str,
    #[serde(flatten)]
    place: Place,
    labels: Vec<Labelled<'a>>,
    help: &'a [String],
}

#[derive(Serialize)]
struct Labelled<'a> {
    text: &'a str,
    #[serde(flatten)]
    place: Place,
}

/// Lines and columns (in characters), counted from 1; null for what has no place.
#[derive(Serialize)]
struct Place {
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl<'a> Told<'a> {
    fn new(source: &'a Source, diagnostic: &'a Diagnostic) -> Told<'a> {
        let Diagnostic { severity, code, message, labels, help } = diagnostic;
        let labelled =
            labels.iter().map(|Label { span, text }| Labelled { text, place: Place::new(source, Some(*span)) });
        Told {
            severity: *severity,
            code,
            message,
            file: &source.name,
            place: Place::new(source, labels.first().map(|label| label.span)),
            labels: labelled.collect(),
            help,
        }
    }
}

impl Place {
    fn new(source: &Source, span: Option<Span>) -> Place {
        let (line, column) = span.map(|span| source.position(span.start)).unzip();
        let (end_line, end_column) = span.map(|span| source.position(span.end)).unzip();
        Place { line, column, end_line, end_column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const PLAIN: Look = Look { color: false, printed: false, quiet: false };

    fn shown(source: &str, start: usize, end: usize) -> String {
        let source = Source { name: "q.spec".into(), text: source.into() };
        text(&source, &[Diagnostic::error("E-x", "wrong").at(Span::new(start, end), "this")], PLAIN)
    }

    #[test]
    fn the_place_is_the_same_for_every_line_ending() {
        for ending in ["\n", "\r\n", "\r"] {
            let source = ["given", "  A = 1", "  B = ?"].join(ending);
            let at = source.find('?').unwrap();
            let report = shown(&source, at, at + 1);
            assert!(report.contains("--> q.spec:3:7\n"), "{report}");
            assert!(report.contains("3 |   B = ?\n  |       ^ this"), "{report}");
        }
    }

    #[test]
    fn tabs_are_one_column_and_expanded() {
        let report = shown("\tB = ?", 5, 6);
        assert!(report.contains("q.spec:1:6\n"), "{report}");
        assert!(report.contains("1 |     B = ?\n  |         ^ this"), "{report}");
    }

    #[test]
    fn wide_characters_are_one_column_and_two_cells() {
        let report = shown("日本 ?", 7, 8);
        assert!(report.contains("q.spec:1:4\n"), "{report}");
        assert!(report.contains("  |      ^ this"), "{report}");
    }

    #[test]
    fn the_place_is_that_of_the_first_label() {
        let source = Source { name: "q.spec".into(), text: "A = 1\nA = 2\n".into() };
        let twice = Diagnostic::error("E-twice", "`A` is given twice")
            .at(Span::new(6, 7), "again")
            .at(Span::new(0, 1), "first")
            .help("rename one");
        let report = text(&source, &[twice], PLAIN);
        for part in ["error[E-twice]: `A` is given twice", "q.spec:2:1", "- first", "^ again", "= help: rename one"] {
            assert!(report.contains(part), "{part} in {report}");
        }
    }

    #[test]
    fn the_end_of_a_text_is_behind_its_last_line_end() {
        for ending in ["\n", "\r\n", "\r"] {
            let source = format!("a{ending}");
            assert!(shown(&source, source.len(), source.len()).contains("q.spec:2:1\n"), "{ending:?}");
        }
    }

    #[test]
    fn spans_outside_or_inside_characters_are_no_panic() {
        for (source, start, end) in [("", 0, 0), ("", 5, 9), ("é", 1, 1), ("a\n", 2, 2), ("a\r\nb", 1, 3), ("a", 1, 0)]
        {
            assert!(shown(source, start, end).contains("q.spec:"));
        }
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let source = Source { name: "a\u{1b}[31m.spec".into(), text: "\u{1b}[31mred".into() };
        let told = Diagnostic::error("E-\u{1}", "a\u{1b}[31m").at(Span::new(0, 3), "b\u{1b}").help("c\u{1b}");
        let report = text(&source, &[told], PLAIN);
        assert!(!report.contains('\u{1b}'), "{report:?}");
    }

    #[test]
    fn json_has_the_place_or_null() {
        let source = Source { name: "q.spec".into(), text: "é\r\nab".into() };
        let placed = Diagnostic::warning("W-x", "hm").at(Span::new(4, 6), "here").help("mend");
        let value: Value =
            serde_json::from_str(&super::json(&source, &[placed, Diagnostic::error("E-y", "no")]).unwrap()).unwrap();
        let first = &value["errors"][0];
        assert_eq!((&first["severity"], &first["code"]), (&json!("warning"), &json!("W-x")));
        assert_eq!((&first["line"], &first["column"], &first["end_column"]), (&json!(2), &json!(1), &json!(3)));
        assert_eq!((&first["labels"][0]["text"], &first["help"][0]), (&json!("here"), &json!("mend")));
        assert_eq!(value["errors"][1]["line"], Value::Null);
    }
}
