//! The contract with other programs: one JSON object for a class, written piece by piece so that it never has to be
//! held whole.

use super::view::{Detail, ReportView};
use crate::check::{
    AnswerMarks, Asked, Claim, Evidence, LineMarks, NotMarked, Open, Outcome, Sheet, Summary, Unread, Verdict,
};
use crate::number::Number;
use crate::render::document::RenderError;
use crate::render::sheet::form_of;
use serde::Serialize;
use std::collections::BTreeMap;

/// The object's version.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct ProblemObject<'a> {
    id: &'a str,
    title: &'a str,
    points: Option<f64>,
}

#[derive(Serialize)]
struct SubmissionObject<'a> {
    file: &'a str,
    student: Option<&'a str>,
    /// Which variant it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<&'a str>,
    points: f64,
    of: f64,
    /// Points that a person has to decide.
    open: f64,
    /// What these are for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    for_a_person: Vec<OpenObject<'a>>,
    /// Why the submission has no marks: its answers are `unreadable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_marked: Option<&'a str>,
    answers: Vec<AnswerObject<'a>>,
    /// Lines that can't be read, or answer nothing that was asked.
    #[serde(skip_serializing_if = "<[Unread]>::is_empty")]
    lines: &'a [Unread],
}

#[derive(Serialize)]
struct OpenObject<'a> {
    points: f64,
    #[serde(flatten)]
    open: &'a Open,
}

/// A line of the working: its place, what was read, and the line that it does not follow from.
#[derive(Serialize)]
struct LineObject<'a> {
    line: usize,
    column: usize,
    read: &'a str,
    verdict: Claim,
    mistake: Option<&'a str>,
    not_from: Option<usize>,
}

#[derive(Serialize)]
struct AnswerObject<'a> {
    name: &'a str,
    verdict: Verdict,
    points: f64,
    of: f64,
    open: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<LineObject<'a>>,
    mistake: Option<&'a str>,
    feedback: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a Evidence>,
}

#[derive(Serialize)]
struct SummaryObject<'a> {
    marked: usize,
    not_marked: usize,
    open: f64,
    with_open: usize,
    of: f64,
    mean: Option<f64>,
    median: Option<f64>,
    quartiles: Option<[f64; 2]>,
    answers: Vec<AnswerSummaryObject<'a>>,
}

#[derive(Serialize)]
struct AnswerSummaryObject<'a> {
    name: &'a str,
    of: f64,
    mean: Option<f64>,
    mistakes: &'a BTreeMap<&'static str, usize>,
}

/// What stands before the first submission.
pub fn json_begin(sheet: &Sheet) -> Result<String, RenderError> {
    let Sheet { id, title, points, .. } = sheet;
    let problem = pretty(&ProblemObject { id, title, points: points.as_ref().map(rounded) }, 1)?;
    Ok(format!("{{\n  \"schema\": {SCHEMA},\n  \"problem\": {problem},\n  \"submissions\": ["))
}

/// One submission; a comma parts it from the one before.
pub fn json_submission(sheet: &Sheet, outcome: &Outcome, detail: Detail) -> Result<String, RenderError> {
    let object = match &outcome.result {
        Ok(marks) => {
            let feedback = super::feedback(sheet, &ReportView::new(sheet, outcome, detail))?;
            let answers = marks.answers.iter().zip(&sheet.asked).zip(feedback);
            let object = |((answer, asked), feedback)| {
                answer_object(answer, feedback, detail.solutions.then_some(asked), detail)
            };
            SubmissionObject {
                file: &outcome.file,
                student: marks.student.as_deref(),
                form: form_of(&sheet.id),
                points: rounded(&marks.points),
                of: rounded(&marks.of),
                open: rounded(&marks.open_points()),
                for_a_person: (marks.open.iter())
                    .map(|open| OpenObject { points: rounded(&open.points), open })
                    .collect(),
                not_marked: None,
                answers: answers.map(object).collect(),
                lines: &marks.unread,
            }
        }
        Err(not_marked) => unreadable(sheet, &outcome.file, not_marked),
    };
    Ok(format!("\n    {}", pretty(&object, 2)?))
}

fn answer_object<'a>(
    answer: &'a AnswerMarks,
    feedback: Vec<String>,
    shown: Option<&'a Asked>,
    detail: Detail,
) -> AnswerObject<'a> {
    AnswerObject {
        name: &answer.name,
        verdict: answer.verdict,
        points: rounded(&answer.points),
        of: rounded(&answer.of),
        open: rounded(&answer.open),
        lines: answer.lines.iter().map(line_object).collect(),
        mistake: answer.mistake,
        feedback,
        correction: shown.map(|asked| asked.correction.as_str()),
        evidence: answer.evidence.as_ref().filter(|_| detail.evidence),
    }
}

fn line_object(own: &LineMarks) -> LineObject<'_> {
    let LineMarks { line, column, read, form: _, claim, mistake, not_from } = own;
    LineObject { line: *line, column: *column, read, verdict: *claim, mistake: *mistake, not_from: *not_from }
}

/// A submission that nothing can be said of: each answer is there, and can't be read.
fn unreadable<'a>(sheet: &'a Sheet, file: &'a str, not_marked: &'a NotMarked) -> SubmissionObject<'a> {
    let answers = sheet.asked.iter().map(|asked| AnswerObject {
        name: &asked.name,
        verdict: Verdict::Unreadable,
        points: 0.0,
        of: rounded(&asked.of),
        open: rounded(&asked.of),
        lines: Vec::new(),
        mistake: None,
        feedback: vec![not_marked.reason.clone()],
        correction: None,
        evidence: None,
    });
    SubmissionObject {
        file,
        student: not_marked.student.as_deref(),
        form: form_of(&sheet.id),
        points: 0.0,
        of: rounded(&sheet.of()),
        open: rounded(&sheet.of()),
        for_a_person: Vec::new(),
        not_marked: Some(&not_marked.reason),
        answers: answers.collect(),
        lines: &[],
    }
}

/// What stands after the last submission.
///
/// `part` says that the run was interrupted before the others.
pub fn json_end(summary: Option<&Summary>, part: bool) -> Result<String, RenderError> {
    let part = if part { ",\n  \"part\": true" } else { "" };
    let Some(summary) = summary else { return Ok(format!("\n  ]{part}\n}}\n")) };
    let answers = summary.answers.iter().map(|answer| AnswerSummaryObject {
        name: &answer.name,
        of: rounded(&answer.of),
        mean: answer.mean().map(four_decimals),
        mistakes: &answer.mistakes,
    });
    let quantile = |q| summary.quantile(q).map(four_decimals);
    let object = SummaryObject {
        marked: summary.marked(),
        not_marked: summary.not_marked,
        open: rounded(&summary.open),
        with_open: summary.with_open,
        of: rounded(&summary.of),
        mean: summary.mean().map(four_decimals),
        median: quantile(0.5),
        quartiles: quantile(0.25).zip(quantile(0.75)).map(|(lower, upper)| [lower, upper]),
        answers: answers.collect(),
    };
    Ok(format!("\n  ]{part},\n  \"summary\": {}\n}}\n", pretty(&object, 1)?))
}

/// Marks with four decimals.
pub fn rounded(points: &Number) -> f64 {
    four_decimals(points.to_f64())
}

fn four_decimals(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// Indented JSON that stands inside so many others.
pub fn pretty(value: &impl Serialize, depth: usize) -> Result<String, RenderError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| RenderError { message: error.to_string() })?;
    // Line ends inside strings are escaped, so that each one here is between two tokens.
    Ok(text.replace('\n', &format!("\n{}", "  ".repeat(depth))))
}

/// A value that JSON writes as one word, without its quotes.
pub fn word(value: &impl Serialize) -> Result<String, RenderError> {
    Ok(pretty(value, 0)?.trim_matches('"').to_string())
}
