//! A solution as strings: the data that every template gets. Templates only lay them out; every formula is finished
//! here, in the notation of the document (LaTeX, or Unicode for the terminal), and every sentence stands in a template.

mod accounts;
mod answers;
mod descent;
mod descent_rule;
mod descent_table;
mod entrywise;
mod fit;
mod gradients;
mod grid;
mod laws;
mod learning_marks;
mod marking;
mod minimum;
mod plot;
mod points;
mod question;
mod sections;
mod substitution;
mod told;

use super::document::Edition;
use super::figure::Rounding;
use super::notation::{Printer, Style, shape};
use super::write::write;
use crate::answer::{Solution, Subject};
use crate::graph::{Graph, LeafId, NodeId, SymbolName};
use crate::math::{Math, Relation};
use crate::model::EntryIndex;
use crate::number::Number;
use crate::ops;
use crate::tensor::Tensor;
use serde::Serialize;
use std::borrow::Cow;

pub use answers::{AnswerView, kind as kind_name};
pub use descent::DescentView;
pub use fit::FitView;
pub use gradients::{Because, GradientsView};
pub use grid::GridView;
pub use laws::LawView;
pub use marking::MarkView;
pub use minimum::MinimumView;
pub use plot::PlotView;
pub use points::PointsView;
pub use question::{GivenView, TaskView};
pub use sections::{SectionBody, SectionView, StepView};
pub use told::{Pieces, ToldView};

/// Mathematics in the notation of the document, without delimiters.
pub type Maths = String;

/// A whole document.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    pub id: String,
    pub title: Option<String>,
    pub points: Option<String>,
    pub edition: Edition,
    /// The problem's own wording, paragraph by paragraph; plain text that the format must escape.
    pub wording: Vec<String>,
    pub given: Vec<GivenView>,
    /// The model's lines as the author wrote them.
    pub equations: Vec<Equation>,
    pub tasks: Vec<TaskView>,
    pub answers: Vec<AnswerView>,
    pub notation: NotationView,
    pub sections: Vec<SectionView>,
    pub certificate: CertificateView,
    /// What markers meet; empty in the student's edition.
    pub marking: Vec<MarkView>,
    pub diagram: Option<DiagramView>,
}

impl Page {
    /// What is said of one task.
    pub fn of_task(mut self, task: usize) -> Page {
        self.tasks.retain(|view| view.number == task);
        self.answers.retain(|view| view.task == task);
        self.sections.retain(|section| section.task == task);
        self
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Equation {
    pub name: Maths,
    pub form: Maths,
    pub shape: Maths,
}

/// An answer that does not exist as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct MissingView {
    pub name: Maths,
    /// `[2, 1]`; none of a number.
    pub entries: Vec<String>,
    pub cause: &'static str,
}

/// What a reader has to know to read the key.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NotationView {
    /// Answers that do not exist at the given numbers.
    pub missing: Vec<MissingView>,
    /// Gradients whose formulas have no value with what is given, and that exist as limits.
    pub limits: Vec<Maths>,
    /// Whether there were too many entries to compute more than doubles.
    pub only_doubles: bool,
    /// What of the problem could be read otherwise, and how it is read; names and formulas stand between backticks.
    pub readings: Vec<String>,
    /// Names that the key gave to intermediate values.
    pub generated: Vec<Equation>,
    /// The losses of which there are deltas.
    pub deltas: Vec<Maths>,
    /// Columns of ones, and whether they add rows or columns.
    pub ones: bool,
    pub adds_rows: bool,
    pub adds_columns: bool,
    /// A power that is taken entry by entry.
    pub power: Option<Maths>,
    pub elementwise: bool,
    pub indicator: bool,
    /// Matrices with one entry that is not 0.
    pub units: bool,
    /// The operators of the model that are written as calls; what a course could define otherwise is said of them.
    pub operators: Vec<OperatorView>,
}

/// An operator as the model uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperatorView {
    /// A loss entry by entry; none where the options make it another.
    pub definition: Option<Maths>,
    /// What a course could define otherwise.
    pub convention: Option<Cow<'static, str>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CertificateView {
    pub checks: usize,
    /// At how many sets of random data gradients were checked; 0 where there are none.
    pub rounds: usize,
    /// Whether there are dimensions without a value, each set of data with its own sizes.
    pub sizes: bool,
    /// Whether nothing but sizes and counts was asked for.
    pub counts: bool,
    /// The power of ten that every relative difference is below.
    pub bound: Maths,
}

/// The computation graph in the forms that formats need.
#[derive(Clone, Debug, Serialize)]
pub struct DiagramView {
    pub description: String,
    #[serde(flatten)]
    pub form: Drawn,
    /// The picture's file beside the document, where one can be linked.
    pub file: Option<String>,
    pub gradients: bool,
}

/// The picture as the document's format shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Drawn {
    Svg(String),
    Tikz(String),
    Mermaid(String),
    /// In boxes and lines of Unicode.
    Characters(String),
}

/// Prints the parts of one solution in one notation.
pub struct Viewer<'a> {
    pub solution: &'a Solution,
    pub style: Style,
    pub rounding: Rounding,
    pub edition: Edition,
}

impl<'a> Viewer<'a> {
    pub fn new(solution: &'a Solution, style: Style, edition: Edition) -> Viewer<'a> {
        Viewer { solution, style, rounding: Rounding { digits: solution.model.settings.digits }, edition }
    }

    pub fn page(&self, diagram: Option<DiagramView>) -> Page {
        let model = &self.solution.model;
        let sections = self.sections();
        Page {
            id: model.id.clone(),
            title: model.title.clone(),
            points: model.points.as_ref().map(Number::to_string),
            edition: self.edition,
            wording: model.wording.clone(),
            given: self.given(),
            equations: self.equations(),
            tasks: self.tasks(),
            answers: self.answers(),
            notation: self.notation(&sections),
            sections,
            certificate: self.certificate(),
            marking: self.marking(),
            diagram,
        }
    }

    pub(in crate::render) fn graph(&self) -> &'a Graph {
        &self.solution.model.graph
    }

    fn printer(&self) -> Printer<'a> {
        Printer::new(self.graph(), self.style).rounding(self.rounding)
    }

    fn print(&self, id: NodeId) -> Maths {
        self.printer().print(id)
    }

    fn math(&self, id: NodeId) -> Math {
        self.printer().math(id)
    }

    /// A formula as the document has it.
    fn write(&self, math: &Math) -> Maths {
        write(math, self.style)
    }

    /// What an operator's file says in both notations.
    fn written(&self, maths: &'static ops::Maths) -> &'static str {
        if self.style == Style::Latex { maths.latex } else { maths.text }
    }

    /// What a symbol stands for.
    fn definition(&self, id: NodeId) -> Maths {
        self.write(&self.definition_math(id))
    }

    fn definition_math(&self, id: NodeId) -> Math {
        self.math(self.graph().as_symbol(id).map_or(id, |symbol| symbol.definition))
    }

    pub(in crate::render) fn shape(&self, id: NodeId) -> Maths {
        shape(self.graph().shape(id), self.style)
    }

    fn tensor(&self, value: &Tensor<Number>) -> Maths {
        super::notation::tensor(value, self.rounding, self.style)
    }

    fn number(&self, value: &Number) -> Maths {
        super::notation::number(value, self.rounding, self.style)
    }

    fn tensor_math(&self, value: &Tensor<Number>) -> Math {
        super::notation::tensor_math(value, self.rounding)
    }

    fn number_math(&self, value: &Number) -> Math {
        super::figure::number(value, self.rounding)
    }

    fn equation(&self, symbol: NodeId) -> Equation {
        Equation { name: self.print(symbol), form: self.definition(symbol), shape: self.shape(symbol) }
    }

    /// Whether a value is shown without rounding.
    fn is_exact(&self, value: &Tensor<Number>) -> bool {
        value.entries().all(super::figure::is_shown_exactly)
    }

    /// The sign before values that may be shown rounded.
    fn equality<'n>(&self, shown: impl IntoIterator<Item = &'n Number>) -> Relation {
        match shown.into_iter().all(super::figure::is_shown_exactly) {
            true => Relation::Equal,
            false => Relation::Approximately,
        }
    }

    /// `∂L/∂W`
    fn derivative(&self, of: NodeId, loss: NodeId) -> Maths {
        self.write(&self.derivative_math(of, loss))
    }

    fn derivative_math(&self, of: NodeId, loss: NodeId) -> Math {
        match self.style {
            Style::Plain => self.math(of).gradient(),
            Style::Latex | Style::Text => self.math(loss).partial().over(self.math(of).partial()),
        }
    }

    /// What an answer is called: `J`, `∂L/∂W`.
    pub(in crate::render) fn subject(&self, subject: &Subject) -> Maths {
        self.write(&self.subject_math(subject))
    }

    fn subject_math(&self, subject: &Subject) -> Math {
        match subject {
            Subject::Value(id) | Subject::Shape(id) | Subject::Entries(id) | Subject::Updated(id) => self.math(*id),
            Subject::Descended { of, steps } => self.indexed(*of, *steps),
            Subject::Minimum(id) => self.least_math(*id),
            // An answer of a fit is named with its task.
            Subject::Count | Subject::Fit { .. } => Math::Row(Vec::new()),
            Subject::Part(part) => part.shown.map_or_else(|| Math::name(part.name.as_str()), |id| self.math(id)),
            Subject::Gradient { of, loss, entry } => self.entry_math(self.derivative_math(*of, *loss), entry),
            Subject::Jacobian { of, wrt, .. } => self.derivative_math(*wrt, *of),
            Subject::Hessian { of, wrt } if self.graph().shape(*wrt).is_scalar() => {
                let below = self.math(*wrt).to(Math::number(2)).partial();
                Math::Partial(2, Box::new(self.math(*of))).over(below)
            }
            Subject::Hessian { of, wrt } => {
                let wrt = [self.math(*wrt), self.math(*wrt).transposed()].map(Math::partial);
                Math::Partial(2, Box::new(self.math(*of))).over(Math::Row(wrt.into()))
            }
            Subject::Directional { of, wrt } => {
                let direction = Math::name("D").subscript(Math::name("V"));
                let along = Math::call(self.math(*of), wrt.iter().map(|id| self.math(*id)).collect());
                Math::Product(vec![direction, along])
            }
        }
    }

    /// `W_{ij}`; the whole without an index.
    fn entry_math(&self, whole: Math, entry: &[EntryIndex]) -> Math {
        let index = |index: &EntryIndex| match index {
            EntryIndex::Name(name) => Math::name(name.as_str()),
            EntryIndex::Number(number) => Math::number(number),
        };
        if entry.is_empty() { whole } else { whole.entry(entry.iter().map(index).collect()) }
    }

    fn leaf(&self, leaf: LeafId) -> Math {
        Math::name(self.graph().leaf(leaf).name.as_str())
    }

    fn is_generated(&self, id: NodeId) -> bool {
        matches!(self.graph().as_symbol(id).map(|symbol| &symbol.name), Some(SymbolName::Generated(_)))
    }

    fn certificate(&self) -> CertificateView {
        let certificate = &self.solution.certificate;
        CertificateView {
            checks: certificate.checks,
            rounds: certificate.rounds,
            sizes: !self.solution.model.dims.is_empty(),
            counts: self
                .solution
                .answers
                .iter()
                .all(|answer| matches!(answer.subject, Subject::Shape(_) | Subject::Count)),
            bound: self.write(&Math::number(10).to(Math::number(power_above(certificate.max_relative_error)))),
        }
    }
}

/// The smallest power of ten above a number less than 1; doubles say no more than 15 digits.
fn power_above(number: f64) -> i32 {
    (-15..0).find(|power| number < 10f64.powi(*power)).unwrap_or(0)
}

/// Parts of marks as they are shown: rounded so that they add up to the rounded whole.
fn shares(parts: &[Number]) -> Vec<String> {
    let rounded = |number: &Number| (100.0 * number.to_f64()).round();
    let mut sum = Number::integer(0);
    parts
        .iter()
        .map(|part| {
            let before = rounded(&sum);
            sum = &sum + part;
            let text = format!("{:.2}", (rounded(&sum) - before) / 100.0);
            text.trim_end_matches('0').trim_end_matches('.').to_string()
        })
        .collect()
}

/// Marks with two decimals at most: `20/3` is 6.67.
pub(in crate::render) fn points(points: &Number) -> String {
    let text = points.to_string();
    if text.contains('/') { format!("{:.2}", points.to_f64()) } else { text }
}
