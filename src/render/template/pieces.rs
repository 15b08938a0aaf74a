//! Templates of what is no key: reports of marks, what is said of an answer, the practice.

use super::{Serves, fault, kind};
use crate::render::document::{Format, RenderError};
use crate::render::{course, escape};
use serde::Serialize;
use tera::{Kwargs, State, StringInput, Tera, TeraResult, Value};

const REMARKS: &str = include_str!("../../../templates/remarks.tera");

/// The sentences of exam sheets, marking sheets and hints.
const SHEETS: &str = include_str!("../../../templates/sheets.tera");

/// What is no key: it has templates of its own, over the sentences of the remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Reports of marks, and the summary of a class.
    Marks,
    /// What is said of answers, a line each (text only).
    Feedback,
    /// What the practice says (text only).
    Practice,
    /// One problem's part of an exam paper.
    Exam,
    /// One problem's part of a marking sheet.
    Marking,
    /// One problem's hints.
    Hints,
    /// A cell of a notebook: a question's, its hints, code.
    QuestionCell,
    HintsCell,
    CodeCell,
    /// Several parts behind one head.
    Paper,
    /// The question, a task, or its answers, as course systems lay them out.
    Question,
    /// All variants of a problem.
    Overview,
    /// The files of a course system.
    Canvas,
    Moodle,
    PrairieLearn,
    Qti,
    /// The scripts of Gradescope's autograder.
    Autograder,
}

/// The templates of pieces: the format, its file, its text.
const PIECES: &[(Piece, Format, &str, &str)] = &[
    (Piece::Marks, Format::Markdown, "marks.md", include_str!("../../../templates/marks.md")),
    (Piece::Marks, Format::Html, "marks.html", include_str!("../../../templates/marks.html")),
    (Piece::Marks, Format::Text, "marks.txt", include_str!("../../../templates/marks.txt")),
    (Piece::Feedback, Format::Text, "feedback.txt", include_str!("../../../templates/feedback.txt")),
    (Piece::Practice, Format::Text, "practice.txt", include_str!("../../../templates/practice.txt")),
    (Piece::Exam, Format::Markdown, "exam.md", include_str!("../../../templates/exam.md")),
    (Piece::Exam, Format::Latex, "exam.tex", include_str!("../../../templates/exam.tex")),
    (Piece::Exam, Format::Html, "exam.html", include_str!("../../../templates/exam.html")),
    (Piece::Exam, Format::Text, "exam.txt", include_str!("../../../templates/exam.txt")),
    (Piece::Marking, Format::Markdown, "marking.md", include_str!("../../../templates/marking.md")),
    (Piece::Marking, Format::Latex, "marking.tex", include_str!("../../../templates/marking.tex")),
    (Piece::Marking, Format::Html, "marking.html", include_str!("../../../templates/marking.html")),
    (Piece::Marking, Format::Text, "marking.txt", include_str!("../../../templates/marking.txt")),
    (Piece::Hints, Format::Markdown, "hints.md", include_str!("../../../templates/hints.md")),
    (Piece::Hints, Format::Latex, "hints.tex", include_str!("../../../templates/hints.tex")),
    (Piece::Hints, Format::Html, "hints.html", include_str!("../../../templates/hints.html")),
    (Piece::Hints, Format::Text, "hints.txt", include_str!("../../../templates/hints.txt")),
    (
        Piece::QuestionCell,
        Format::Markdown,
        "question_cell.md",
        include_str!("../../../templates/notebook/question.md"),
    ),
    (Piece::HintsCell, Format::Markdown, "hints_cell.md", include_str!("../../../templates/notebook/hints.md")),
    (Piece::CodeCell, Format::Text, "code_cell.txt", include_str!("../../../templates/notebook/code.txt")),
    (Piece::Paper, Format::Markdown, "paper.md", include_str!("../../../templates/paper.md")),
    (Piece::Paper, Format::Latex, "paper.tex", include_str!("../../../templates/paper.tex")),
    (Piece::Paper, Format::Html, "paper.html", include_str!("../../../templates/paper.html")),
    (Piece::Paper, Format::Text, "paper.txt", include_str!("../../../templates/paper.txt")),
    (Piece::Overview, Format::Markdown, "overview.md", include_str!("../../../templates/overview.md")),
    (Piece::Overview, Format::Html, "overview.html", include_str!("../../../templates/overview.html")),
    (Piece::Question, Format::Html, "question.html", include_str!("../../../templates/course/question.html")),
    (Piece::Autograder, Format::Text, "autograder.txt", include_str!("../../../templates/course/autograder.txt")),
    (Piece::Canvas, Format::Html, "canvas.xml", include_str!("../../../templates/course/canvas.xml")),
    (Piece::PrairieLearn, Format::Html, "pl.html", include_str!("../../../templates/course/prairielearn.html")),
    (Piece::Qti, Format::Html, "qti.xml", include_str!("../../../templates/course/qti.xml")),
    (Piece::Moodle, Format::Html, "moodle.xml", include_str!("../../../templates/course/moodle.xml")),
];

/// Lays data out by the template of a piece, with the components of the format's keys.
pub fn piece(data: &impl Serialize, format: Format, piece: Piece) -> Result<String, RenderError> {
    laid_out(data, format, piece, Serves::Piece)
}

/// A piece of HTML whose formulas stay between marks, for others to put them down.
pub fn marked_piece(data: &impl Serialize, piece: Piece) -> Result<String, RenderError> {
    laid_out(data, Format::Html, piece, Serves::Marked)
}

fn laid_out(data: &impl Serialize, format: Format, piece: Piece, serves: Serves) -> Result<String, RenderError> {
    let row = PIECES.iter().find(|(known, of, ..)| (*known, *of) == (piece, format));
    let (row, kind) = row.zip(kind(format)).ok_or_else(|| fault("there is no template of this format"))?;
    super::laid_out(kind, serves, row.2, data)
}

/// What the pieces of a format are made with beside its keys: one may call what another defines.
pub(super) fn sources(format: Format) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_format = PIECES.iter().filter(move |(_, own, ..)| *own == format);
    let shared = [("remarks.tera", REMARKS), ("sheets.tera", SHEETS)];
    shared.into_iter().chain(of_format.map(|(_, _, name, source)| (*name, *source)))
}

/// The filters that only pieces call.
pub(super) fn register(tera: &mut Tera, serves: Serves) {
    tera.register_filter("code_span", code_span);
    tera.register_filter("sentence", sentence);
    tera.register_filter("lettered", lettered);
    if serves == Serves::Marked {
        tera.register_filter("mathml", between_marks);
    }
}

/// LaTeX between marks, where MathML would stand.
fn between_marks(latex: &str, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let display = kwargs.get::<bool>("display")?.unwrap_or(false);
    Ok(Value::safe_string(&course::marked(latex, display)))
}

/// Text for LaTeX, with letters that only some of its fonts have.
fn lettered(text: StringInput, _: Kwargs, _: &State) -> TeraResult<Value> {
    Ok(Value::safe_string(&escape::lettered(text.as_str())))
}

/// A student's text as a Markdown code span.
fn code_span(text: StringInput, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&escape::code_span(text.as_str()))
}

/// A phrase as a sentence: a capital at the beginning, and a full stop at the end unless `stop` is false.
fn sentence(input: StringInput, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let phrase = input.as_str().trim();
    let mut rest = phrase.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let wants_stop = kwargs.get::<bool>("stop")?.unwrap_or(true) && !phrase.ends_with(['.', ':', '?', '!']);
    let stop = if wants_stop { "." } else { "" };
    Ok(input.inherit_safety(format!("{first}{}{stop}", rest.as_str())))
}
