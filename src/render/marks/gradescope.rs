//! Gradescope's `results.json` for one submission.
//! The format: <https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format>

use super::json::{pretty, rounded};
use super::view::Detail;
use crate::check::{AnswerMarks, Asked, Outcome, Sheet, Verdict};
use crate::render::document::{Format, RenderError};
use serde::Serialize;

#[derive(Serialize)]
struct Results {
    score: f64,
    max_score: f64,
    output: String,
    output_format: &'static str,
    visibility: &'static str,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    score: f64,
    max_score: f64,
    status: &'static str,
    output: String,
    output_format: &'static str,
    visibility: &'static str,
}

const TEXT: &str = "text";
const VISIBLE: &str = "visible";

/// The whole object. Outputs are plain text, so that nothing that a student wrote is laid out.
pub fn gradescope(sheet: &Sheet, outcome: &Outcome, detail: Detail) -> Result<String, RenderError> {
    let output = super::report(sheet, outcome, detail, Format::Text, true)?;
    let tests = match &outcome.result {
        Ok(marks) => {
            let feedback = super::feedback(sheet, &super::ReportView::new(sheet, outcome, detail))?;
            let test = |(answer, feedback): (&AnswerMarks, Vec<String>)| Test {
                name: answer.name.clone(),
                score: rounded(&answer.points),
                max_score: rounded(&answer.of),
                status: status(answer.verdict),
                output: feedback.join("\n"),
                output_format: TEXT,
                visibility: VISIBLE,
            };
            marks.answers.iter().zip(feedback).map(test).collect()
        }
        Err(not_marked) => {
            let test = |asked: &Asked| Test {
                name: asked.name.clone(),
                score: 0.0,
                max_score: rounded(&asked.of),
                status: status(Verdict::Unreadable),
                output: not_marked.reason.clone(),
                output_format: TEXT,
                visibility: VISIBLE,
            };
            sheet.asked.iter().map(test).collect()
        }
    };
    let score = outcome.result.as_ref().map_or(0.0, |marks| rounded(&marks.points));
    let results =
        Results { score, max_score: rounded(&sheet.of()), output, output_format: TEXT, visibility: VISIBLE, tests };
    Ok(pretty(&results, 0)? + "\n")
}

/// Gradescope knows two: an answer passes if it costs nothing.
fn status(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Correct | Verdict::FollowThrough => "passed",
        Verdict::Notation | Verdict::Underived | Verdict::Unevaluated => "failed",
        Verdict::Partial | Verdict::Wrong | Verdict::Unreadable | Verdict::Missing => "failed",
    }
}
