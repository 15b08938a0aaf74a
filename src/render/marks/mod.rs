//! From marks to reports: for each student, for a class, and as data for other programs.
//!
//! Every sentence stands in `templates/remarks.tera` and `templates/marks.*`. What a student wrote is text everywhere:
//! on one line, of bounded length, escaped by the format.

mod gradescope;
mod histogram;
mod json;
mod practice;
mod table;
mod view;
mod written;

pub use gradescope::gradescope;
pub use json::{json_begin, json_end, json_submission};
pub use practice::{Said, practice};
pub use table::{table_head, table_row};
pub use view::{ClassView, Detail, ReportView};

use super::document::{Format, Picture, RenderError};
use super::json::{latex_answer, plain_answer};
use super::template::{self, Piece};
use crate::answer::Solution;
use crate::check::{Asked, Key, Outcome, Sheet, Summary};
use serde::Serialize;

/// What one template run gets.
#[derive(Serialize)]
struct Page<'a> {
    problem: view::ProblemView,
    /// A page of its own, and no part of a longer one.
    whole: bool,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Body<'a> {
    Report(&'a ReportView),
    Class(&'a ClassView),
    Begin(bool),
    End(bool),
}

/// One student's report; `whole` is a page of its own, else a part of a longer document.
pub fn report(
    sheet: &Sheet,
    outcome: &Outcome,
    detail: Detail,
    format: Format,
    whole: bool,
) -> Result<String, RenderError> {
    let mut view = ReportView::new(sheet, outcome, detail);
    if format == Format::Html {
        view.typeset(outcome);
    }
    page(sheet, Body::Report(&view), format, whole)
}

/// The summary of a class, and the picture that it links where `picture_file` names one.
pub fn summary(
    sheet: &Sheet,
    summary: &Summary,
    format: Format,
    whole: bool,
    picture_file: Option<&str>,
) -> Result<(String, Option<Picture>), RenderError> {
    let view = ClassView::new(summary, picture_file);
    let text = page(sheet, Body::Class(&view), format, whole)?;
    let picture = picture_file.map(|file| Picture { file: file.to_string(), content: view.histogram.clone() });
    Ok((text, picture))
}

/// What reports say of a problem.
pub fn sheet(key: &Key) -> Sheet {
    let Solution { model, answers, .. } = key.solution();
    let asked = key.questions().zip(answers).map(|(question, answer)| {
        let (name, of) = (question.name.clone(), question.points.clone());
        let (correction, formula) = (plain_answer(key.solution(), answer), latex_answer(key.solution(), answer));
        Asked { name, of, correction, formula }
    });
    let (id, title, points) = (model.id.clone(), model.title.clone().unwrap_or_default(), model.points.clone());
    Sheet { id, title, points, asked: asked.collect() }
}

/// What stands before the first and after the last report of a document that holds several.
pub fn frame(sheet: &Sheet, format: Format) -> Result<(String, String), RenderError> {
    let part =
        |body| page(sheet, body, format, false).map(|text| if text.trim().is_empty() { String::new() } else { text });
    Ok((part(Body::Begin(true))?, part(Body::End(true))?))
}

fn page(sheet: &Sheet, body: Body<'_>, format: Format, whole: bool) -> Result<String, RenderError> {
    template::piece(&Page { problem: view::ProblemView::new(sheet), whole, body }, format, Piece::Marks)
}

/// What is said of each answer, as lines of plain text.
fn feedback(sheet: &Sheet, report: &ReportView) -> Result<Vec<Vec<String>>, RenderError> {
    let lines = |answer: &view::AnswerView| {
        if !answer.has_feedback() {
            return Ok(Vec::new());
        }
        let answers = std::slice::from_ref(answer);
        let data = Feedback { problem: view::ProblemView::new(sheet), answers };
        let text = template::piece(&data, Format::Text, Piece::Feedback)?;
        Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_string).collect())
    };
    report.answers.iter().map(lines).collect()
}

#[derive(Serialize)]
struct Feedback<'a> {
    problem: view::ProblemView,
    answers: &'a [view::AnswerView],
}
