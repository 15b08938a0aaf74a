//! What the practice says.

use super::view::{AnswerView, Detail, HintView, ProblemView, points};
use crate::check::{AnswerMarks, Marks, Sheet};
use crate::render::document::{Format, RenderError};
use crate::render::template::{self, Piece};
use serde::Serialize;

/// One thing to say. Questions are counted from 0.
pub enum Said<'a> {
    Welcome,
    Ask(usize),
    Verdict(usize, &'a AnswerMarks),
    /// For the last attempt, if there was one.
    Hint(Option<&'a AnswerMarks>),
    Show(usize),
    End(&'a Marks),
}

#[derive(Serialize)]
struct Words {
    problem: ProblemView,
    #[serde(flatten)]
    event: Event,
}

#[derive(Serialize)]
#[serde(tag = "said", rename_all = "lowercase")]
enum Event {
    Welcome,
    Ask { question: QuestionView },
    Verdict { answer: Box<AnswerView> },
    Hint { hint: HintView },
    Show { question: QuestionView },
    End { answers: Vec<AnswerView>, points: String, of: String },
}

#[derive(Serialize)]
struct QuestionView {
    /// From 1.
    number: usize,
    count: usize,
    name: String,
    of: String,
    correction: String,
}

/// The words as plain text.
pub fn practice(sheet: &Sheet, said: &Said, detail: Detail) -> Result<String, RenderError> {
    let view = |place: usize, answer: &AnswerMarks| AnswerView::new(answer, &sheet.asked[place], detail);
    let event = match said {
        Said::Welcome => Event::Welcome,
        Said::Ask(place) => Event::Ask { question: question(sheet, *place) },
        Said::Verdict(place, answer) => Event::Verdict { answer: Box::new(view(*place, answer)) },
        Said::Hint(answer) => Event::Hint { hint: answer.map(HintView::new).unwrap_or_default() },
        Said::Show(place) => Event::Show { question: question(sheet, *place) },
        Said::End(marks) => Event::End {
            answers: marks.answers.iter().enumerate().map(|(place, answer)| view(place, answer)).collect(),
            points: points(&marks.points),
            of: points(&marks.of),
        },
    };
    template::piece(&Words { problem: ProblemView::new(sheet), event }, Format::Text, Piece::Practice)
}

fn question(sheet: &Sheet, place: usize) -> QuestionView {
    let asked = &sheet.asked[place];
    QuestionView {
        number: place + 1,
        count: sheet.asked.len(),
        name: asked.name.clone(),
        of: points(&asked.of),
        correction: asked.correction.clone(),
    }
}
