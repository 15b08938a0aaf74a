//! Problems as a Jupyter notebook: locked cells with the questions, cells for the answers, and tests of them. The key is
//! the filled one, which nbgrader and otter take as their source; the exam holds nothing of the answers.
//! The formats: <https://nbformat.readthedocs.io>, <https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html>,
//! <https://otter-grader.readthedocs.io/en/latest/otter_assign/notebook_format.html>

use super::hints::{self, HintsView};
use super::paper::{Paper, Question, head};
use super::{Sheet, exam};
use crate::answer::{Answer, Solution, Subject};
use crate::check::{answer_names, slack};
use crate::number::Number;
use crate::ops::code::identifier;
use crate::render::document::{Document, Edition, Format, Layout, Picture, RenderError};
use crate::render::escape::base64;
use crate::render::program::{array, quoted};
use crate::render::template::{Piece, piece};
use crate::render::view::Page;
use crate::render::{TemplateData, alone, document, json, template_data};
use crate::syntax::print_spec;
use crate::tensor::Tensor;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An answer that the tests look at.
#[derive(Serialize)]
struct Asked {
    task: usize,
    /// As answer files call it: `L at a = 8`
    name: String,
    /// As Python does: `L_at_a_8`
    variable: String,
    /// A `formula` is a text in Python, a `statement` true or false, a `number` a number or lists of them.
    kind: &'static str,
    /// The right one, in Python.
    code: String,
    /// The right number, and up to where others count as it.
    right: Option<String>,
    slack: String,
    quoted: String,
    unanswered: String,
    #[serde(skip)]
    points: f64,
}

/// Cells on the way to a notebook.
struct Cells {
    made: Vec<Value>,
    ids: BTreeSet<String>,
    /// Names that Python has already.
    variables: BTreeSet<String>,
    /// The tests and the answers are in it.
    filled: bool,
}

/// The notebook of a paper: the question cells of each problem, one behind the other. Where there are several, each cell
/// for an answer says which problem it is of.
pub fn notebook(paper: &Paper) -> Result<Document, RenderError> {
    let variables = BTreeSet::from(["check".to_string(), "np".to_string()]);
    let filled = paper.sheet == Sheet::Key;
    let mut cells = Cells { made: Vec::new(), ids: BTreeSet::new(), variables, filled };
    let questions: Vec<&Question> = paper.copies.iter().flat_map(|copy| &copy.questions).collect();
    if paper.copies.iter().any(|copy| copy.head.is_some()) {
        cells.head(&head(paper, Format::Markdown)?);
    }
    for (place, question) in questions.iter().enumerate() {
        cells.question(question, paper.sheet, place == 0, questions.len() > 1)?;
    }
    let mut metadata = json!({
        "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" },
        "language_info": { "name": "python" },
    });
    if let [Question { solution, .. }] = questions[..] {
        metadata["solve"] = json!({ "problem": solution.model.id });
    }
    let notebook = json!({ "cells": cells.made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5 });
    let mut text = serde_json::to_string_pretty(&notebook).unwrap_or_default();
    text.push('\n');
    Ok(alone(text))
}

/// All answers but those that are read by a person.
fn asked(solution: &Solution, variables: &mut BTreeSet<String>) -> Vec<Asked> {
    let named = solution.answers.iter().zip(answer_names(solution));
    let is_shown = |answer: &Answer| matches!(&answer.subject, Subject::Part(part) if part.kind == "show");
    let asked = named.filter(|(answer, _)| !is_shown(answer)).map(|(answer, name)| {
        let mut variable = identifier(&name);
        while !variables.insert(variable.clone()) {
            variable.push('_');
        }
        let number = number(answer);
        let (kind, code) = match (number, answer.holds()) {
            (Some(value), _) => ("number", array(value)),
            (None, Some(holds)) => ("statement", if holds { "True" } else { "False" }.to_string()),
            (None, None) => ("formula", raw(&json::plain_answer(solution, answer))),
        };
        Asked {
            task: answer.task,
            variable,
            kind,
            code,
            right: number.map(array),
            slack: number.map_or_else(String::new, |value| slacks(solution, value)),
            quoted: quoted(&name),
            unanswered: quoted(&format!("{name} is not answered yet")),
            points: answer.points.as_ref().map_or(1.0, Number::to_f64),
            name,
        }
    });
    asked.collect()
}

/// The value of an answer that is one.
fn number(answer: &Answer) -> Option<&Tensor<Number>> {
    let is_number = !matches!(
        answer.subject,
        Subject::Entries(_)
            | Subject::Jacobian { .. }
            | Subject::Hessian { .. }
            | Subject::Directional { .. }
            | Subject::Part(_)
    );
    answer.value.as_ref().filter(|value| is_number && answer.missing.is_empty() && value.size() > 0)
}

/// A text as Python has it, with its backslashes.
fn raw(text: &str) -> String {
    if text.contains(['"', '\n']) || text.ends_with('\\') { quoted(text) } else { format!("r\"{text}\"") }
}

/// How far from each entry an answer may lie; one number where it is the same for all.
fn slacks(solution: &Solution, value: &Tensor<Number>) -> String {
    let scale = value.entries().map(|entry| entry.to_f64().abs()).fold(0.0, f64::max);
    let tolerance = &solution.model.marking.tolerance;
    let all: Vec<f64> = value.entries().map(|entry| slack(entry, scale, tolerance)).collect();
    match all.iter().all(|one| *one == all[0]) {
        true => format!("{:?}", all[0]),
        false => format!("np.reshape({all:?}, {:?})", squeezed(value.extents())),
    }
}

fn squeezed(extents: &[usize]) -> Vec<usize> {
    extents.iter().copied().filter(|side| *side > 1).collect()
}

/// What nbgrader knows of a cell.
struct Nbgrader {
    grade: bool,
    solution: bool,
    points: Option<f64>,
}

impl Nbgrader {
    const LOCKED: Nbgrader = Nbgrader { grade: false, solution: false, points: None };

    fn metadata(&self, id: &str) -> Value {
        let mut own = json!({
            "grade": self.grade,
            "grade_id": id,
            "locked": !self.solution,
            "schema_version": 3,
            "solution": self.solution,
            "task": false,
        });
        if let Some(points) = self.points {
            own["points"] = json!(points);
        }
        own
    }
}

fn markdown_cell(text: &str) -> Value {
    json!({ "cell_type": "markdown", "source": text.trim_end() })
}

fn code_cell(text: &str) -> Value {
    json!({ "cell_type": "code", "execution_count": null, "outputs": [], "source": text.trim_end() })
}

impl Cells {
    /// The cells of a problem; where it is one of several, they say which.
    fn question(&mut self, of: &Question, sheet: Sheet, is_first: bool, is_part: bool) -> Result<(), RenderError> {
        let Question { solution, number, space } = of;
        let filled = self.filled;
        let mut question = exam(solution, Format::Markdown, number.clone(), *space);
        let asks = std::mem::take(&mut question.asks);
        let asked = asked(solution, &mut self.variables);
        let names: BTreeMap<&str, &str> = asked.iter().map(|one| (one.name.as_str(), one.variable.as_str())).collect();
        let problem = quoted(&print_spec(&solution.model.spec));
        let code = |part: &str, asked: Option<&Asked>| {
            let data = json!({ "part": part, "asked": asked, "filled": filled, "names": json!(names).to_string(), "problem": problem });
            piece(&data, Format::Text, Piece::CodeCell)
        };
        self.locked("question", &piece(&question, Format::Markdown, Piece::Exam)?);
        if is_first {
            self.add("setup", code_cell(&code("setup", None)?), &Nbgrader::LOCKED, None);
        }
        let mut hints = if sheet == Sheet::Hints { hints_of(solution)? } else { BTreeMap::new() };
        let mine = self.made.len();
        for ask in asks {
            let number = ask.task.number;
            self.locked(
                &format!("task-{number}"),
                &piece(&json!({ "task": ask.task }), Format::Markdown, Piece::QuestionCell)?,
            );
            if let Some(hints) = hints.remove(&number) {
                self.locked(&format!("hints-{number}"), &hints);
            }
            let mut is_open = true;
            for one in asked.iter().filter(|one| one.task == number) {
                is_open = false;
                self.tested(one, &code("answer", Some(one))?, &code("test", Some(one))?);
            }
            if is_open {
                let worked = if filled { worked(solution, number)? } else { alone(String::new()) };
                self.open(solution, number, worked);
            }
        }
        for cell in self.made[mine..].iter_mut().filter(|_| is_part) {
            if let Some(own) = cell.pointer_mut("/metadata/solve") {
                own["problem"] = json!(solution.model.id);
            }
        }
        Ok(())
    }

    fn locked(&mut self, id: &str, text: &str) {
        self.add(id, markdown_cell(text), &Nbgrader::LOCKED, None);
    }

    /// A cell that otter reads, in small letters since nbgrader takes large ones for its own; Jupyter folds it, and only the
    /// key has it.
    fn otter(&mut self, text: &str) {
        if self.filled {
            let id = self.free("otter");
            let metadata = json!({ "deletable": false, "editable": false, "jupyter": { "source_hidden": true } });
            self.made.push(json!({ "cell_type": "raw", "id": id, "metadata": metadata, "source": text }));
        }
    }

    /// What stands above the first question. The key of a plain paper has none, so that nbgrader may not know of it.
    fn head(&mut self, text: &str) {
        let mut cell = markdown_cell(text);
        cell["id"] = json!(self.free("head"));
        cell["metadata"] = json!({ "deletable": false, "editable": false });
        self.made.push(cell);
    }

    /// Adds a cell: one for an answer says which, all others are locked.
    fn add(&mut self, id: &str, cell: Value, nbgrader: &Nbgrader, answer: Option<&str>) {
        let id = self.free(id);
        self.put(id, cell, nbgrader, answer);
    }

    fn put(&mut self, id: String, mut cell: Value, nbgrader: &Nbgrader, answer: Option<&str>) {
        let mut metadata = json!({ "deletable": false, "nbgrader": nbgrader.metadata(&id) });
        match answer {
            Some(answer) => {
                metadata["tags"] = json!(["answer", "otter_answer_cell"]);
                metadata["solve"] = json!({ "answer": answer });
            }
            None => metadata["editable"] = json!(false),
        }
        cell["id"] = json!(id);
        cell["metadata"] = metadata;
        self.made.push(cell);
    }

    /// An identifier that no other cell has, of letters that Jupyter takes.
    fn free(&mut self, wanted: &str) -> String {
        const LONGEST: usize = 56;
        let plain = wanted.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' });
        let plain: String = plain.take(LONGEST).collect();
        let numbered = |number: usize| if number == 1 { plain.clone() } else { format!("{plain}-{number}") };
        let id = (1..).map(numbered).find(|id| !self.ids.contains(id)).unwrap_or_default();
        self.ids.insert(id.clone());
        id
    }

    /// A cell for an answer, and one that tests it.
    fn tested(&mut self, asked: &Asked, answer: &str, test: &str) {
        let Asked { variable, name, points, .. } = asked;
        self.otter(&format!("# begin question\nname: {variable}\npoints: {points:?}"));
        self.otter("# begin solution");
        self.add(variable, code_cell(answer), &Nbgrader { solution: true, ..Nbgrader::LOCKED }, Some(name));
        self.otter("# end solution");
        self.otter("# begin tests");
        let grade = Nbgrader { grade: true, points: Some(*points), ..Nbgrader::LOCKED };
        self.add(&format!("{variable}-test"), code_cell(test), &grade, None);
        self.otter("# end tests");
        self.otter("# end question");
    }

    /// A cell for what a person looks at: a proof, a picture.
    fn open(&mut self, solution: &Solution, task: usize, worked: Document) {
        let points = solution.model.tasks[task - 1].points.as_ref().map_or(1.0, Number::to_f64);
        let id = self.free(&format!("answer-{task}"));
        let name = id.replacen("answer-", "task_", 1).replace('-', "_");
        self.otter(&format!("# begin question\nname: {name}\npoints: {points:?}\nmanual: true"));
        self.otter("# begin solution");
        let (mut text, mut attached) = (worked.text, Map::new());
        for Picture { file, content } in worked.pictures {
            text = text.replace(&format!("]({file})"), &format!("](attachment:{file})"));
            attached.insert(file, json!({ "image/svg+xml": base64(&content) }));
        }
        let mut cell = markdown_cell(&text);
        if !attached.is_empty() {
            cell["attachments"] = Value::Object(attached);
        }
        self.put(id, cell, &Nbgrader { grade: true, points: Some(points), solution: true }, Some(""));
        self.otter("# end solution");
        self.otter("# end question");
    }
}

fn layout(picture_stem: Option<String>) -> Layout {
    Layout { format: Format::Markdown, edition: Edition::Student, fragment: true, picture_stem, template: None }
}

/// The worked answer of a task, with its pictures beside it.
fn worked(solution: &Solution, task: usize) -> Result<Document, RenderError> {
    let layout = layout(Some("picture".to_string()));
    let TemplateData { page, fragment } = template_data(solution, &layout);
    let question = Page { wording: Vec::new(), given: Vec::new(), equations: Vec::new(), ..page };
    document(TemplateData { page: question.of_task(task), fragment }, &layout)
}

/// The hints of each task.
fn hints_of(solution: &Solution) -> Result<BTreeMap<usize, String>, RenderError> {
    let views: Vec<(usize, HintsView)> = hints::view(solution, &layout(None)).of_each_task();
    views.into_iter().map(|(task, view)| Ok((task, piece(&view, Format::Markdown, Piece::HintsCell)?))).collect()
}
