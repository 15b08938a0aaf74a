//! What is handed out of a problem beside its key: the exam sheet, the marking sheet, the hints; and papers, which hold
//! several problems behind one head.

mod form;
mod hints;
mod notebook;
mod overview;
mod paper;
mod room;

pub use form::{checked, day, family, form_id, form_of, is_form_id, order};
pub use overview::{Overview, OverviewRow};
pub use paper::{Copy, Fields, Head, Paper, PaperSize, Question, paper, total};
pub use room::Room;

use super::document::{Document, Edition, Format, Layout, RenderError};
use super::template::{Piece, piece};
use super::view::{Equation, GivenView, OperatorView, TaskView, Viewer};
use super::{alone, style, template_data};
use crate::answer::Solution;
use serde::Serialize;

/// What is written of a problem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sheet {
    /// The question with room to answer, and nothing of the answer.
    Exam,
    /// The worked answer.
    #[default]
    Key,
    /// The steps with their points, and what mistakes cost.
    Marking,
    /// One step at a time.
    Hints,
}

impl Sheet {
    /// As files are called.
    pub fn name(self) -> &'static str {
        match self {
            Sheet::Exam => "exam",
            Sheet::Key => "key",
            Sheet::Marking => "marking",
            Sheet::Hints => "hints",
        }
    }
}

/// The question as it stands on an exam sheet. Nothing of the answers is in it, so that no template can show it.
#[derive(Clone, Debug, Serialize)]
pub struct ExamView {
    pub id: String,
    pub title: Option<String>,
    pub points: Option<String>,
    /// What it is called on a paper with several: `2`
    pub question: Option<String>,
    pub wording: Vec<String>,
    pub given: Vec<GivenView>,
    pub equations: Vec<Equation>,
    /// What a course could define otherwise.
    pub operators: Vec<OperatorView>,
    pub asks: Vec<AskView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AskView {
    pub task: TaskView,
    pub room: Room,
}

/// One sheet of one problem as a document of its own.
pub fn sheet(solution: &Solution, layout: &Layout, kind: Sheet) -> Result<Document, RenderError> {
    if kind == Sheet::Key && layout.format != Format::Notebook {
        return super::render(solution, layout);
    }
    let whole = Paper {
        sheet: kind,
        edition: layout.edition,
        size: PaperSize::A4,
        copies: vec![Copy { head: None, questions: vec![Question { solution, number: None, space: None }] }],
        title: solution.model.title.clone().unwrap_or_else(|| solution.model.id.clone()),
    };
    paper(&whole, layout.format)
}

/// A problem's part of a paper, without what every document has once.
fn body(question: &Question, paper: &Paper, format: Format) -> Result<String, RenderError> {
    let Question { solution, number, space } = question;
    let layout = |edition| Layout { format, edition, fragment: true, picture_stem: None, template: None };
    match paper.sheet {
        Sheet::Key => super::render(solution, &layout(paper.edition)).map(|document| document.text),
        Sheet::Exam => piece(&exam(solution, format, number.clone(), *space), format, Piece::Exam),
        Sheet::Marking => piece(&template_data(solution, &layout(Edition::Instructor)), format, Piece::Marking),
        Sheet::Hints => piece(&hints::view(solution, &layout(Edition::Student)), format, Piece::Hints),
    }
}

pub(super) fn exam(solution: &Solution, format: Format, question: Option<String>, space: Option<u32>) -> ExamView {
    let viewer = Viewer::new(solution, style(format), Edition::Student);
    let whole = viewer.question();
    let asks = whole.tasks.into_iter();
    let asks = asks.map(|task| AskView { room: viewer.room(task.number, space), task });
    ExamView {
        id: solution.model.id.clone(),
        title: solution.model.title.clone(),
        points: whole.points,
        question,
        wording: solution.model.wording.clone(),
        given: whole.given,
        equations: whole.equations,
        operators: whole.operators,
        asks: asks.collect(),
    }
}
