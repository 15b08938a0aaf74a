//! Room to answer: what is drawn below a question. Of the answers only names are taken, and sizes that are given.

use crate::answer::{Answer, Subject};
use crate::graph::NodeId;
use crate::number::Number;
use crate::render::view::{Equation, GivenView, Maths, OperatorView, TaskView, Viewer};
use crate::tasks::Space;
use serde::Serialize;

/// Millimetres from one line to the next.
const LINE: u32 = 8;
/// Rows and columns of the largest grid.
const GRID: usize = 10;
/// A frame for a graph or a plot, in millimetres.
const FRAME: u32 = 60;
/// Boxes of one question; for more there are lines.
const BOXES: usize = 24;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Room {
    /// Lines for the working.
    pub lines: u32,
    /// The height of a frame to draw in, in millimetres.
    pub frame: Option<u32>,
    /// Squared paper in the frame: a plot.
    pub squared: bool,
    /// A box an answer.
    pub boxes: Vec<AnswerBox>,
    /// A grid a matrix.
    pub grids: Vec<Grid>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerBox {
    pub name: Maths,
    /// `D \times H` where it is that of something given.
    pub shape: Option<Maths>,
    /// `a = 8`
    pub at: Option<Maths>,
    /// Two small boxes for a size.
    pub sides: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grid {
    pub name: Maths,
    pub rows: usize,
    pub columns: usize,
    /// Larger than the matrix may be: its size is to be found too.
    pub open: bool,
}

impl Viewer<'_> {
    /// The room below a task; `space` is what the paper says, in millimetres.
    pub fn room(&self, task: usize, space: Option<u32>) -> Room {
        let Some(asked) = self.solution.model.tasks.get(task - 1) else { return Room::default() };
        let lines = |each: f64, least: u32, most: u32| match (space, &asked.points) {
            (Some(space), _) => space / LINE,
            (None, Some(points)) => ((each * points.to_f64()) as u32).clamp(least, most),
            (None, None) => (least + most) / 2,
        };
        match asked.ask.sheet().space {
            Space::Frame { squared } => {
                self.with_answers(Room { frame: Some(space.unwrap_or(FRAME)), squared, ..Room::default() }, task)
            }
            Space::Lines { each, least, most } => {
                self.with_answers(Room { lines: lines(each, least, most), ..Room::default() }, task)
            }
            Space::LinesOnly { each, least, most } => Room { lines: lines(each, least, most), ..Room::default() },
        }
    }

    fn with_answers(&self, mut room: Room, task: usize) -> Room {
        let answers: Vec<&Answer> = self.solution.answers.iter().filter(|answer| answer.task == task).collect();
        let is_fit = answers.iter().any(|answer| matches!(answer.subject, Subject::Fit { .. }));
        if answers.len() > BOXES || is_fit {
            room.lines += 6;
            return room;
        }
        for answer in answers {
            match self.grid_for(answer) {
                Some(grid) => room.grids.push(grid),
                None => room.boxes.push(self.box_for(answer)),
            }
        }
        room
    }

    fn box_for(&self, answer: &Answer) -> AnswerBox {
        let shape = match &answer.subject {
            Subject::Gradient { of, entry, .. } if entry.is_empty() && !self.asks_size(*of) => {
                let leaf = self.solution.model.leaves.contains(of);
                leaf.then(|| self.shape(*of)).filter(|shape| !shape.is_empty())
            }
            _ => None,
        };
        AnswerBox {
            name: self.subject(&answer.subject),
            shape,
            at: answer.at.as_ref().map(|point| self.point(point)),
            sides: matches!(answer.subject, Subject::Shape(_)),
        }
    }

    /// Whether a task asks for the size of this.
    fn asks_size(&self, id: NodeId) -> bool {
        self.solution.answers.iter().any(|answer| answer.subject == Subject::Shape(id))
    }

    /// A grid for a matrix of numbers: of its size, where something given has the same, and of the largest size given
    /// where it is to be found.
    fn grid_for(&self, answer: &Answer) -> Option<Grid> {
        let is_matrix = matches!(
            answer.subject,
            Subject::Value(_)
                | Subject::Updated(_)
                | Subject::Descended { .. }
                | Subject::Minimum(_)
                | Subject::Gradient { .. }
        );
        answer.value.as_ref().filter(|value| is_matrix && value.size() > 1)?;
        let sides = |sides: Vec<usize>| match sides[..] {
            [rows, columns] => Some((rows, columns)),
            _ => None,
        };
        let own = answer.shape.as_integers().and_then(sides)?;
        let leaves = self.solution.model.leaves.iter();
        let given: Vec<(usize, usize)> =
            leaves.filter_map(|id| self.graph().shape(*id).as_integers().and_then(sides)).collect();
        let known = given.contains(&own);
        let (rows, columns) = match known {
            true => own,
            false => {
                let rows = given.iter().map(|sides| sides.0).max().unwrap_or(1);
                let columns = given.iter().map(|sides| sides.1).max().unwrap_or(1);
                let fits = own.0 <= rows && own.1 <= columns;
                let side = rows.max(columns);
                if fits { (rows, columns) } else { (side, side) }
            }
        };
        let fits = own.0 <= rows && own.1 <= columns && rows <= GRID && columns <= GRID;
        let at = answer.at.as_ref().map(|point| self.point(point));
        let name = self.subject(&answer.subject);
        let name = at.map_or(name.clone(), |at| format!("{name}({at})"));
        fits.then_some(Grid { name, rows, columns, open: !known })
    }

    /// The question without anything of its answers.
    pub fn question(&self) -> QuestionView {
        let tasks = self.tasks().into_iter().map(|task| TaskView { deltas: Vec::new(), ..task });
        QuestionView {
            points: self.solution.model.points.as_ref().map(Number::to_string),
            given: self.given(),
            equations: self.equations(),
            operators: self.operators(),
            tasks: tasks.collect(),
        }
    }
}

/// The parts of a question that are printed.
#[derive(Clone, Debug)]
pub struct QuestionView {
    pub points: Option<String>,
    pub given: Vec<GivenView>,
    pub equations: Vec<Equation>,
    pub operators: Vec<OperatorView>,
    pub tasks: Vec<TaskView>,
}
