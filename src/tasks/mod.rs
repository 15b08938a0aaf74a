//! The kinds of questions. A kind is one file, and its line in the list: how it is written, how it is answered and what a
//! student gives, and all that a document says of it.
//!
//! What is written is a form, words with holes (`solve {equation} for {name}`); what is told is made of sentences with
//! holes and of blocks (`answer::told`), which every format lays out.

use crate::answer::told::Told;
use crate::answer::{Answer, Work};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, NodeId, SymbolName};
use crate::lower::Scope;
use crate::model::Asked;
use crate::shape::Dim;
use crate::span::Span;
use crate::syntax::Forms;
use std::collections::{BTreeSet, HashMap};

/// All facts of one kind of question.
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

macro_rules! kinds {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// Every kind, in the order in which a reference tells of them.
        pub static KINDS: &[&Kind] = &[$(&$module::KIND),*];

        /// How the kinds are written.
        pub static FORMS: &[Forms] = &[$(Forms { kind: $module::KIND.name, forms: $module::KIND.forms }),*];
    };
}

mod compare;
mod curvature;
mod linear;
mod proof;
pub mod words;

kinds! {
    show,
    express,
    give,
    cost,
    text,
    choice,
    which,
    solve,
    optimum,
    find,
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

use show::sign;

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

impl Asking<'_, '_> {
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
