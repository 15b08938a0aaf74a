//! A problem as course systems take it: the question, and for each task how it is replied to. What a system's file looks
//! like is told in a file each.

mod canvas;
mod gradescope;
mod html;
mod moodle;
mod prairielearn;
mod qti;

pub use canvas::canvas;
pub use gradescope::autograder;
pub use html::{Html, marked};
pub use moodle::moodle;
pub use prairielearn::prairielearn;
pub use qti::qti;

use super::document::{Edition, Format, Layout, RenderError};
use super::notation::Style;
use super::sheet::{self, AskView};
use super::template::{Piece, marked_piece};
use super::view::{AnswerView, Drawn, Page, SectionBody, SectionView, Viewer};
use super::{json as names, template_data};
use crate::answer::{Answer, Solution, Subject, Wanted};
use crate::check::slack;
use crate::number::Number;
use crate::tensor::Tensor;
use serde::Serialize;
use serde_json::json;

/// Entries of a matrix that is typed in, one box each.
const MOST_BOXES: usize = 64;
/// Points are brought to whole weights by a factor of at most this.
const LARGEST_FACTOR: i64 = 120;

/// A file of what is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedFile {
    /// Below the package: `items/q3.xml`
    pub path: String,
    pub content: Vec<u8>,
    pub executable: bool,
}

impl PackedFile {
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> PackedFile {
        PackedFile { path: path.into(), content: text.into().into_bytes(), executable: false }
    }
}

/// One problem.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Its file's name without the ending: no two of a package have the same.
    pub name: String,
    /// The problem's identifier; variants share it.
    pub problem: String,
    /// It is one of several with other numbers.
    pub is_variant: bool,
    pub title: String,
    pub points: Option<f64>,
    /// What is given, and the model.
    pub stem: Html,
    pub parts: Vec<Part>,
}

/// A task.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    pub number: usize,
    /// `a`, where there are several.
    pub label: Option<String>,
    pub ask: Html,
    pub points: Option<f64>,
    pub reply: Reply,
    /// The right answers.
    pub answer: Html,
}

/// How a task is replied to.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Reply {
    /// Numbers, a box an entry.
    Numbers { tables: Vec<Table> },
    /// Whether each statement holds.
    Choices { choices: Vec<Choice> },
    /// Free, for a person to mark.
    Essay {
        /// What markers meet.
        grader: Html,
        pictures: Vec<Picture>,
    },
}

/// The numbers of one answer; of a matrix its rows.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// `J`, `da at a = 8`
    pub name: String,
    /// The same as a formula.
    pub shown: Html,
    pub rows: Vec<Vec<Entry>>,
    pub share: Share,
}

#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// No other box of the item has it: `r3`
    pub id: String,
    /// `J[1, 2]`
    pub label: String,
    /// As a decimal number.
    pub value: String,
    /// How far from it a reply may lie.
    pub tolerance: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub id: String,
    pub name: String,
    pub holds: bool,
    pub share: Share,
}

/// What one box is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    pub points: f64,
    /// In whole numbers, in proportion to all others of the item.
    pub weight: i64,
}

#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    pub file: String,
    pub description: String,
    /// An SVG.
    pub content: String,
}

impl Item {
    /// With each formula as `put` has it.
    fn with(&self, put: fn(&str, bool) -> String) -> Item {
        let part = |part: &Part| Part {
            ask: part.ask.with(put),
            answer: part.answer.with(put),
            reply: part.reply.with(put),
            ..part.clone()
        };
        Item { stem: self.stem.with(put), parts: self.parts.iter().map(part).collect(), ..self.clone() }
    }

    /// Gives every box what it is called by.
    fn number_boxes(&mut self) {
        let mut numbers = 1..;
        let mut next = || numbers.next().map_or(String::new(), |number| format!("r{number}"));
        for part in &mut self.parts {
            match &mut part.reply {
                Reply::Numbers { tables } => tables.iter_mut().for_each(|table| {
                    let (high, wide) = (table.rows.len(), table.rows.first().map_or(0, Vec::len));
                    for (row, entries) in table.rows.iter_mut().enumerate() {
                        for (column, entry) in entries.iter_mut().enumerate() {
                            let place = match (high, wide) {
                                (1, 1) => String::new(),
                                (1, _) => format!("[{}]", column + 1),
                                (_, 1) => format!("[{}]", row + 1),
                                _ => format!("[{}, {}]", row + 1, column + 1),
                            };
                            (entry.id, entry.label) = (next(), format!("{}{place}", table.name));
                        }
                    }
                }),
                Reply::Choices { choices } => choices.iter_mut().for_each(|choice| choice.id = next()),
                Reply::Essay { .. } => {}
            }
        }
    }

    /// All that is laid out.
    fn texts(&self) -> Vec<&Html> {
        let parts = self.parts.iter().flat_map(|part| [&part.ask, &part.answer]);
        parts.chain([&self.stem]).collect()
    }

    fn pictures(&mut self) -> impl Iterator<Item = &mut Picture> {
        self.parts.iter_mut().flat_map(|part| match &mut part.reply {
            Reply::Essay { pictures, .. } => pictures.as_mut_slice(),
            Reply::Numbers { .. } | Reply::Choices { .. } => &mut [],
        })
    }

    /// How many boxes there are to reply in.
    fn boxes(&self) -> usize {
        let boxes = |part: &Part| match &part.reply {
            Reply::Numbers { tables } => tables.iter().flat_map(|table| &table.rows).map(Vec::len).sum(),
            Reply::Choices { choices } => choices.len(),
            Reply::Essay { .. } => 0,
        };
        self.parts.iter().map(boxes).sum()
    }
}

impl Reply {
    fn with(&self, put: fn(&str, bool) -> String) -> Reply {
        match self {
            Reply::Numbers { tables } => {
                let table = |table: &Table| Table { shown: table.shown.with(put), ..table.clone() };
                Reply::Numbers { tables: tables.iter().map(table).collect() }
            }
            Reply::Choices { choices } => Reply::Choices { choices: choices.clone() },
            Reply::Essay { grader, pictures } => Reply::Essay { grader: grader.with(put), pictures: pictures.clone() },
        }
    }
}

/// The problem of a file with this name.
///
/// # Errors
/// A fault of a template of ours.
pub fn item(solution: &Solution, name: &str) -> Result<Item, RenderError> {
    let viewer = Viewer::new(solution, Style::Latex, Edition::Instructor);
    let exam = sheet::exam(solution, Format::Html, None, None);
    let page = template_data(solution, &MARKERS).page;
    let factor = factor(solution);
    let parts = exam.asks.iter().map(|AskView { task, .. }| {
        let answers: Vec<&Answer> = solution.answers.iter().filter(|answer| answer.task == task.number).collect();
        let shown: Vec<&AnswerView> = page.answers.iter().filter(|answer| answer.task == task.number).collect();
        let reply = typed(&viewer, &answers, factor).map_or_else(|| essay(&page, task.number, name), Ok)?;
        Ok(Part {
            number: task.number,
            label: task.label.clone(),
            ask: html(&json!({ "part": "ask", "task": task }))?,
            points: solution.model.tasks[task.number - 1].points.as_ref().map(Number::to_f64),
            reply,
            answer: html(&json!({ "part": "answer", "answers": shown }))?,
        })
    });
    let mut item = Item {
        name: name.to_string(),
        problem: sheet::family(&exam.id).to_string(),
        is_variant: sheet::form_of(&exam.id).is_some(),
        title: exam.title.clone().unwrap_or_else(|| exam.id.clone()),
        points: sheet::total(solution).map(|points| points.to_f64()),
        parts: parts.collect::<Result<_, RenderError>>()?,
        stem: html(&json!({ "part": "stem", "exam": exam }))?,
    };
    item.number_boxes();
    Ok(item)
}

const MARKERS: Layout =
    Layout { format: Format::Html, edition: Edition::Instructor, fragment: true, picture_stem: None, template: None };

fn html(data: &impl Serialize) -> Result<Html, RenderError> {
    marked_piece(data, Piece::Question).map(Html::new)
}

/// A task whose answers are all numbers, or all statements; none for any other.
fn typed(viewer: &Viewer, answers: &[&Answer], factor: i64) -> Option<Reply> {
    let choice = |answer: &&Answer| {
        let share = share(answer, 1, factor);
        Some(Choice {
            id: String::new(),
            name: names::answer_name(viewer.solution, answer),
            holds: answer.holds()?,
            share,
        })
    };
    let table = |answer: &&Answer| table(viewer, answer, factor);
    match answers {
        [] => None,
        [first, ..] if first.holds().is_some() => {
            answers.iter().map(choice).collect::<Option<_>>().map(|choices| Reply::Choices { choices })
        }
        _ => answers.iter().map(table).collect::<Option<_>>().map(|tables| Reply::Numbers { tables }),
    }
}

/// The numbers that are asked for; none of an answer that is a formula, or too large to be typed box by box.
fn table(viewer: &Viewer, answer: &Answer, factor: i64) -> Option<Table> {
    let is_number = match &answer.subject {
        Subject::Value(_)
        | Subject::Gradient { .. }
        | Subject::Count
        | Subject::Updated(_)
        | Subject::Descended { .. }
        | Subject::Minimum(_)
        | Subject::Fit { .. }
        | Subject::Shape(_) => true,
        Subject::Part(part) => part.wanted == Wanted::Form,
        Subject::Entries(_) | Subject::Jacobian { .. } | Subject::Hessian { .. } | Subject::Directional { .. } => false,
    };
    let value = match (&answer.subject, &answer.value) {
        (Subject::Shape(_), _) => sides(answer)?,
        (_, Some(value)) => value.clone(),
        (_, None) => return None,
    };
    let size = value.size();
    if !is_number || !answer.missing.is_empty() || size == 0 || size > MOST_BOXES {
        return None;
    }
    let scale = value.entries().map(|entry| entry.to_f64().abs()).fold(0.0, f64::max);
    let tolerance = &viewer.solution.model.marking.tolerance;
    let entries: Option<Vec<Entry>> = value
        .entries()
        .map(|entry| {
            let number = entry.to_f64();
            let tolerance = few_digits(slack(entry, scale, tolerance));
            let (id, label) = (String::new(), String::new());
            number.is_finite().then(|| Entry { id, label, value: number.to_string(), tolerance })
        })
        .collect();
    let at = answer.at.as_ref().map(|point| viewer.point(point));
    let (shown, name) = match &answer.subject {
        Subject::Fit { family, part } => {
            let name = part.name(&viewer.solution.sections[answer.task - 1], *family);
            (viewer.fit_name(answer.task, *family, *part), name)
        }
        subject => (viewer.subject(subject), names::answer_name(viewer.solution, answer)),
    };
    let with = |name: String, before: &str, after: &str| {
        at.as_ref().map_or(name.clone(), |at| format!("{name}{before}{at}{after}"))
    };
    let columns = value.extents().last().copied().unwrap_or(1).max(1);
    Some(Table {
        name: with(name, " at ", ""),
        shown: Html::formula(&with(shown, "(", ")")),
        rows: entries?.chunks(columns).map(<[Entry]>::to_vec).collect(),
        share: share(answer, size, factor),
    })
}

/// A tolerance as a decimal number.
fn few_digits(tolerance: f64) -> String {
    format!("{tolerance:.3e}").parse::<f64>().unwrap_or(tolerance).to_string()
}

/// The sides of a value as a row of numbers.
fn sides(answer: &Answer) -> Option<Tensor<Number>> {
    let sides = answer.shape.as_integers()?;
    let entries = sides.iter().map(|side| i64::try_from(*side).map(Number::integer)).collect::<Result<_, _>>().ok()?;
    Some(Tensor::from_entries(&[sides.len()], entries))
}

/// What one of so many boxes of an answer is worth.
fn points_of_box(answer: &Answer, boxes: usize) -> Number {
    let points = answer.points.clone().unwrap_or_else(|| Number::integer(1));
    let boxes = Number::integer(i64::try_from(boxes).unwrap_or(1));
    points.checked_div(&boxes).unwrap_or(points)
}

fn share(answer: &Answer, boxes: usize, factor: i64) -> Share {
    let points = points_of_box(answer, boxes);
    let weight = (&points * &Number::integer(factor)).to_f64().round() as i64;
    Share { points: points.to_f64(), weight: weight.max(i64::from(points.to_f64() > 0.0)) }
}

/// The least factor that makes whole numbers of what boxes are worth.
fn factor(solution: &Solution) -> i64 {
    let boxes = |answer: &Answer| match &answer.subject {
        Subject::Shape(_) => answer.shape.as_integers().map_or(1, |sides| sides.len()),
        _ => answer.value.as_ref().map_or(1, Tensor::size),
    };
    let points: Vec<Number> =
        solution.answers.iter().map(|answer| points_of_box(answer, boxes(answer).max(1))).collect();
    let is_whole =
        |factor: &i64| points.iter().all(|points| (points * &Number::integer(*factor)).to_integer().is_some());
    (1..=LARGEST_FACTOR).find(is_whole).unwrap_or(LARGEST_FACTOR)
}

/// A task that a person marks, with what markers meet of it.
fn essay(page: &Page, task: usize, name: &str) -> Result<Reply, RenderError> {
    let own = page.clone().of_task(task);
    let drawn = |section: &SectionView| match &section.body {
        SectionBody::Graph { .. } => page.diagram.as_ref().and_then(|diagram| match &diagram.form {
            Drawn::Svg(svg) => Some((diagram.description.clone(), svg.clone())),
            Drawn::Tikz(_) | Drawn::Mermaid(_) | Drawn::Characters(_) => None,
        }),
        SectionBody::Plot { plot, .. } => Some((plot.description.clone(), plot.svg.clone())),
        _ => None,
    };
    let pictures = own.sections.iter().filter_map(drawn);
    let pictures =
        pictures.map(|(description, content)| Picture { file: format!("{name}-{task}.svg"), description, content });
    let pictures = pictures.collect();
    Ok(Reply::Essay { grader: marked_piece(&own, Piece::Marking).map(Html::new)?, pictures })
}
