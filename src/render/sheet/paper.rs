//! Several problems in one document, behind a head with name, form and points; a copy a student, or one for all.

use super::{Sheet, alone, body, notebook};
use crate::answer::Solution;
use crate::number::Number;
use crate::render::document::{Document, Edition, Format, RenderError};
use crate::render::escape::needs_letters;
use crate::render::template::{Piece, piece};
use serde::Serialize;

/// A document of problems.
#[derive(Clone, Debug)]
pub struct Paper<'a> {
    pub sheet: Sheet,
    /// Who a key is for.
    pub edition: Edition,
    pub size: PaperSize,
    /// The document's title in its metadata.
    pub title: String,
    /// Each begins on an odd page.
    pub copies: Vec<Copy<'a>>,
}

#[derive(Clone, Debug)]
pub struct Copy<'a> {
    pub head: Option<Head>,
    pub questions: Vec<Question<'a>>,
}

#[derive(Clone, Debug)]
pub struct Question<'a> {
    pub solution: &'a Solution,
    /// What it is called: `2`
    pub number: Option<String>,
    /// Room for the working of each of its tasks, in millimetres; without it the points decide.
    pub space: Option<u32>,
}

/// What stands above the first question.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Head {
    pub title: Option<String>,
    pub subtitle: Option<String>,
    pub date: Option<String>,
    pub minutes: Option<String>,
    /// What is allowed, and the like.
    pub note: Option<String>,
    /// `ML26F-017-3`: the last character checks the others.
    pub form: Option<String>,
    /// `A`
    pub version: Option<String>,
    pub name: Fields,
}

/// Who the sheet belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fields {
    pub name: Option<String>,
    pub id: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PaperSize {
    #[default]
    A4,
    Letter,
}

#[derive(Serialize)]
struct View {
    sheet: Sheet,
    size: PaperSize,
    title: String,
    /// Letters that the usual LaTeX fonts lack.
    letters: bool,
    plots: bool,
    copies: Vec<CopyView>,
}

#[derive(Serialize)]
struct CopyView {
    head: Option<Head>,
    /// The points of each question; empty where not all are stated.
    points: Vec<PointsView>,
    total: Option<String>,
    bodies: Vec<BodyView>,
}

#[derive(Serialize)]
struct BodyView {
    question: Option<String>,
    text: String,
}

#[derive(Serialize)]
struct PointsView {
    question: String,
    points: String,
}

impl Paper<'_> {
    /// Whether it holds letters that the usual LaTeX fonts lack.
    pub fn has_letters(&self) -> bool {
        needs_letters(&self.title) || self.copies.iter().filter_map(|copy| copy.head.as_ref()).any(has_letters)
    }
}

/// Lays a paper out.
pub fn paper(paper: &Paper, format: Format) -> Result<Document, RenderError> {
    if format == Format::Notebook {
        return notebook::notebook(paper);
    }
    let mut copies = Vec::new();
    let mut made: Vec<(*const Solution, Option<String>, String)> = Vec::new();
    for copy in &paper.copies {
        let mut bodies = Vec::new();
        for question in &copy.questions {
            // The same question of many copies is laid out once.
            let place: *const Solution = question.solution;
            let known = made.iter().find(|(of, number, _)| (*of, number) == (place, &question.number));
            let text = match known {
                Some((.., text)) => text.clone(),
                None => {
                    let text = body(question, paper, format)?;
                    made.push((place, question.number.clone(), text.clone()));
                    text
                }
            };
            bodies.push(BodyView { question: question.number.clone(), text });
        }
        let (points, total) = points(&copy.questions);
        copies.push(CopyView { head: copy.head.clone(), points, total, bodies });
    }
    let letters = paper.has_letters();
    let plots = copies.iter().flat_map(|copy| &copy.bodies).any(|body| body.text.contains("\\begin{axis}"));
    let title = paper.title.clone();
    let view = View { sheet: paper.sheet, size: paper.size, title, letters, plots, copies };
    Ok(alone(piece(&view, format, Piece::Paper)?))
}

/// What stands above the first question, by itself.
pub(super) fn head(paper: &Paper, format: Format) -> Result<String, RenderError> {
    let copies = paper.copies.iter().map(|copy| {
        let (points, total) = points(&copy.questions);
        CopyView { head: copy.head.clone(), points, total, bodies: Vec::new() }
    });
    let (sheet, size, title, copies) = (paper.sheet, paper.size, paper.title.clone(), copies.collect());
    piece(&View { sheet, size, title, letters: false, plots: false, copies }, format, Piece::Paper)
}

/// Whether a head has letters that the usual LaTeX fonts lack.
fn has_letters(head: &Head) -> bool {
    let Head { title, subtitle, date, minutes: _, note, form: _, version: _, name } = head;
    [title, subtitle, date, note, &name.name, &name.id].into_iter().flatten().any(|text| needs_letters(text))
}

fn points(questions: &[Question]) -> (Vec<PointsView>, Option<String>) {
    let all: Option<Vec<Number>> = questions.iter().map(|question| total(question.solution)).collect();
    let Some(all) = all else { return (Vec::new(), None) };
    let total = all.iter().fold(Number::integer(0), |sum, points| &sum + points);
    let name = |place: usize, question: &Question| question.number.clone().unwrap_or_else(|| (place + 1).to_string());
    let points = questions.iter().enumerate().zip(&all).map(|((place, question), points)| PointsView {
        question: name(place, question),
        points: crate::render::view::points(points),
    });
    (points.collect(), Some(crate::render::view::points(&total)))
}

/// A problem's points: as stated, or those of its tasks.
pub fn total(solution: &Solution) -> Option<Number> {
    let tasks = || {
        let all: Option<Vec<&Number>> = solution.model.tasks.iter().map(|task| task.points.as_ref()).collect();
        all.map(|all| all.into_iter().fold(Number::integer(0), |sum, points| &sum + points))
    };
    solution.model.points.clone().or_else(tasks)
}
