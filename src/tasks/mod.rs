//! The kinds of tasks. A kind is one file (or folder), and its line in the list: how it is written, how it is answered and
//! what a student gives, and all that a document says of it.
//!
//! Most kinds are written in forms, words with holes (`solve {equation} for {name}`): those that are said with names
//! alone know them before anything is answered, others ask for expressions; what a hole may hold is read by the
//! grammar. What is told is made of sentences with holes and of blocks (`answer::told`), which every format
//! lays out.

use crate::answer::told::{Say, Told};
use crate::answer::{Answer, Refusal, Section, Work};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, NodeId, SymbolName};
use crate::lower::{Computability, Given, Lowerer, Scope};
use crate::math::Relation;
use crate::model::{Asked, Descent, Fit, Model, PlotAsk, Target};
use crate::number::Number;
use crate::shape::Dim;
use crate::simplify::simplest;
use crate::span::Span;
use crate::syntax::{Forms, ast};
use crate::tensor::Tensor;
use std::collections::{BTreeSet, HashMap};

/// All facts of one kind that is written in forms.
pub struct Kind {
    pub name: &'static str,
    /// How it is written. Holes: `name`, `names`, `expression`, `word`, `equation`, `equations`, `text`, `choices`, `statements`,
    /// `bindings`; the longer form first.
    pub forms: &'static [&'static str],
    /// What it asks, in a line.
    pub summary: &'static str,
    /// A line that works.
    pub example: &'static str,
    /// What a student's answer to it looks like.
    pub answered: &'static str,
    pub answer: fn(&mut Asking) -> Result<Told, Vec<Diagnostic>>,
}

/// A question on its way to an answer.
pub struct Asking<'q, 'w> {
    pub work: &'q mut Work<'w>,
    pub asked: &'q Asked,
    pub scope: Scope,
    /// Counted from 1.
    pub task: usize,
    pub answers: Vec<Answer>,
}

/// A task with its names resolved: what it knows of itself. There are no defaults, so that no kind forgets one.
pub trait Task: std::fmt::Debug {
    /// The same over a graph whose nodes are others.
    fn renamed(&self, new: &dyn Fn(&NodeId) -> NodeId) -> Ask;

    /// The gradients that its answer needs.
    fn gradients(&self, model: &Model) -> Vec<Target>;

    /// The question as the sheet has it.
    fn question(&self) -> Say;

    /// What sheets say of it beside the question.
    fn sheet(&self) -> Sheet;

    /// The answer; `done` are the sections of the tasks before.
    fn answer(&self, work: &mut Work, task: usize, done: &[Option<Section>]) -> Result<Section, Refusal>;
}

/// What pages and papers say of a task of a kind.
pub struct Sheet {
    /// The heading of its part of the page.
    pub title: &'static str,
    /// What helps with every task of its kind.
    pub hint: &'static str,
    /// Where it is answered on paper.
    pub space: Space,
}

/// The place for an answer on paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Space {
    /// A frame to draw in; squared for what stands over axes.
    Frame { squared: bool },
    /// So many lines a mark, at least and at most so many; and a box for each result.
    Lines { each: f64, least: u32, most: u32 },
    /// The same without boxes: the name of a result may tell it.
    LinesOnly { each: f64, least: u32, most: u32 },
}

/// How a task is written.
#[derive(Debug)]
pub struct Written {
    /// The words that it begins with.
    pub begins: &'static str,
    /// Words with holes as in [`Kind::forms`]; the holes `targets`, `points`, `rate`, `descent`, `families` and `plot` too.
    pub forms: &'static [&'static str],
    pub examples: &'static [&'static str],
    /// What it asks, in a line.
    pub summary: &'static str,
    /// What a student's answer to it looks like; nothing where it is drawn.
    pub answered: &'static str,
}

/// A line of the section `tasks` on its way to a task, and what else is known of the problem.
pub(crate) struct Line<'a> {
    pub question: &'a ast::Question,
    pub span: Span,
    /// All tasks of the problem.
    pub all: &'a [ast::Task],
    pub state: &'a Computability,
    pub values: &'a mut Given,
}

impl<'a> Line<'a> {
    /// What stands in a hole of the line's form.
    fn part(&self, hole: usize) -> Option<&'a ast::Part> {
        self.question.parts.get(hole)
    }

    /// The names in a hole; none where the form has no such hole.
    fn names(&self, hole: usize) -> &'a [ast::Name] {
        self.part(hole).and_then(ast::Part::names).map_or(&[], Vec::as_slice)
    }

    fn name(&self, hole: usize) -> Option<&'a ast::Name> {
        self.names(hole).first()
    }

    /// Whether it is written in this form, by its place among the kind's.
    fn is_form(&self, place: usize) -> bool {
        self.question.form == place
    }
}

macro_rules! kinds {
    (
        said { $($said:ident: $own:ident($kind:ty)),* $(,)? }
        formed { $($module:ident),* $(,)? }
    ) => {
        $(pub mod $said;)*
        $(mod $module;)*

        /// What a task asks for.
        #[derive(Clone, Debug)]
        pub enum Ask {
            $($own($kind),)*
            /// Of one of the kinds that are written in forms.
            Question(Box<Asked>),
        }

        impl std::ops::Deref for Ask {
            type Target = dyn Task;

            fn deref(&self) -> &(dyn Task + 'static) {
                match self {
                    $(Ask::$own(task) => task,)*
                    Ask::Question(task) => task,
                }
            }
        }

        /// The task of a line; what is wrong with it is told.
        pub(crate) fn lower(lowerer: &mut Lowerer, line: &mut Line) -> Option<Ask> {
            $(if line.question.kind == $said::WRITTEN.begins {
                return $said::lower(lowerer, line);
            })*
            question::lower(lowerer, line.question)
        }

        /// How the tasks are written that know their names before they are answered; the longer beginning comes first.
        pub static WRITTEN: &[&Written] = &[$(&$said::WRITTEN),*];

        /// Every kind that is written in forms, in the order in which a reference tells of them.
        pub static KINDS: &[&Kind] = &[$(&$module::KIND),*];

        /// How these are written, those of several names before those of one.
        pub static FORMS: &[Forms] = &[
            $(Forms { kind: $module::KIND.name, forms: $module::KIND.forms },)*
            $(Forms { kind: $said::WRITTEN.begins, forms: $said::WRITTEN.forms },)*
        ];
    };
}

mod compare;
mod condition;
mod curvature;
mod entrywise;
mod inequality;
mod linear;
mod proof;
mod question;
mod second;
mod threshold;
pub(crate) mod words;

kinds! {
    said {
        compute: Compute(compute::Compute),
        jacobian: Jacobian(jacobian::Jacobian),
        hessian: Hessian(hessian::Hessian),
        directional: Directional(directional::Directional),
        derive: Derive(derive::Derive),
        draw: DrawGraph(draw::DrawGraph),
        shapes: Shapes(shapes::Shapes),
        entries: Entries(entries::Entries),
        count: CountParams(count::CountParams),
        update: Update(update::Update),
        descend: Descend(Box<Descent>),
        minimize: Minimize(minimize::Minimize),
        fit: Fit(Box<Fit>),
        plot: Plot(Box<PlotAsk>),
    }
    formed {
        show,
        express,
        give,
        cost,
        text,
        choice,
        which,
        solve,
        optimum,
        newton,
        convergence,
        expectation,
        forward,
        several,
        eigenvalues,
        find,
        linearise,
        property,
    }
}

pub use compare::{Finding, compare};

/// The kind of a name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

/// `A` to `Z`, then numbers.
fn letter(place: usize) -> String {
    let letter = u8::try_from(place).ok().filter(|place| *place < 26).map(|place| char::from(b'A' + place));
    letter.map_or_else(|| (place + 1).to_string(), String::from)
}

/// Told where two sides have no common shape.
fn same_shape(asking: &Asking, left: NodeId, right: NodeId, span: Span) -> Result<(), Vec<Diagnostic>> {
    let graph = &asking.work.model.graph;
    let (one, two) = (graph.shape(left), graph.shape(right));
    if one == two || one.size().is_one() && two.size().is_one() || one.is_scalar() || two.is_scalar() {
        return Ok(());
    }
    let message = format!("the sides have the shapes {one} and {two}");
    Err(vec![Diagnostic::error("E-shape", message).at(span, "no equation")])
}

/// The author's spelling of a value.
fn spelled(graph: &Graph, id: NodeId) -> String {
    let symbol = graph.as_symbol(id).and_then(|symbol| match &symbol.name {
        SymbolName::Model(name) | SymbolName::Generated(name) => Some(name.clone()),
        SymbolName::Gradient { .. } => None,
    });
    symbol.or_else(|| graph.as_leaf(id).map(|leaf| leaf.name.clone())).unwrap_or_default()
}

/// A size as a number of the graph.
fn dim_node(asking: &mut Asking, dim: Dim) -> NodeId {
    asking.work.model.graph.dimension(dim)
}

/// The names of lines in a form, but for these, down to where a name stands.
fn lines_in(graph: &Graph, form: NodeId, but: &[NodeId]) -> Vec<NodeId> {
    let (mut found, mut waiting, mut seen) = (Vec::new(), vec![form], BTreeSet::new());
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) || but.contains(&id) {
            continue;
        }
        match graph.as_symbol(id) {
            Some(_) => found.push(id),
            None => waiting.extend(graph.operands(id).iter().rev()),
        }
    }
    found
}

/// The gradients that a form names, down to where a name of a line stands.
fn gradients_in(graph: &Graph, form: NodeId) -> Vec<NodeId> {
    let mut names = lines_in(graph, form, &[]);
    names.retain(|id| matches!(graph.as_symbol(*id).map(|symbol| &symbol.name), Some(SymbolName::Gradient { .. })));
    names
}

/// `=` where a page shows the value whole, and else `≈`.
fn shown_by(value: &Tensor<Number>) -> Relation {
    const WHOLE: usize = 12;
    let whole = |entry: &Number| entry.is_exact() && entry.to_string().len() <= WHOLE;
    if value.entries().all(whole) { Relation::Equal } else { Relation::Approximately }
}

/// What is the same over a graph whose nodes are others.
fn all_renamed(ids: &[NodeId], new: &dyn Fn(&NodeId) -> NodeId) -> Vec<NodeId> {
    ids.iter().map(new).collect()
}

/// The gradients of a loss with respect to these.
fn gradients_of(loss: NodeId, params: &[NodeId]) -> Vec<Target> {
    params.iter().map(|of| Target::Gradient { of: *of, loss }).collect()
}

impl Asking<'_, '_> {
    /// The form with its gradients written out in the model's own names, and these gradients.
    fn gradients_written_out(&mut self, form: NodeId) -> (NodeId, Vec<NodeId>) {
        let gradients = gradients_in(&self.work.model.graph, form);
        let with: HashMap<NodeId, NodeId> = gradients.iter().map(|id| (*id, self.work.written_out(*id))).collect();
        (self.work.model.graph.replaced(form, &with), gradients)
    }

    /// The form in its simplest form, which the certificate holds to be equal.
    fn simplified(&mut self, form: NodeId) -> NodeId {
        let simple = simplest(&mut self.work.model.graph, form);
        self.work.certify_equal(form, ast::Relation::Equal, simple);
        simple
    }

    /// The form with the names of lines in it replaced by what they stand for, but for these.
    fn opened(&mut self, form: NodeId, but: &[NodeId]) -> NodeId {
        let graph = &mut self.work.model.graph;
        let names = lines_in(graph, form, but);
        let with: HashMap<NodeId, NodeId> =
            names.iter().filter_map(|id| Some((*id, graph.as_symbol(*id)?.definition))).collect();
        graph.replaced(form, &with)
    }

    /// The form down to what is given.
    fn opened_whole(&mut self, form: NodeId, but: &[NodeId]) -> NodeId {
        let mut form = form;
        loop {
            let next = self.opened(form, but);
            if next == form {
                return form;
            }
            form = next;
        }
    }
}
