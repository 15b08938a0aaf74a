//! What names stand for where an expression is read.

use super::define::Functions;
use crate::graph::{Graph, NodeId, SymbolName};
use crate::model::Model;
use crate::shape::Dim;
use crate::syntax::names;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    Value(NodeId),
    /// A dimension, which is a number in an expression.
    Size(Dim),
    /// Declared, but what is wrong with it is told elsewhere: using it is no second error.
    Broken,
    /// Declared, but without a value that a given value could be computed from.
    Unvalued,
}

#[derive(Clone, Debug)]
pub struct Known {
    pub spelling: String,
    pub meaning: Meaning,
}

/// The names that an expression may use, and the axis of operators that do not say theirs.
#[derive(Clone, Debug)]
pub struct Scope {
    known: BTreeMap<String, Known>,
    pub default_axis: usize,
    /// Whether an expression may say what only answers may.
    pub answers: bool,
    /// Whether a whole power of a square matrix is a product of it with itself.
    pub matrix_powers: bool,
    /// What calls may be written out as.
    pub(super) functions: Arc<Functions>,
}

impl Scope {
    pub fn new(default_axis: usize) -> Scope {
        Scope { known: BTreeMap::new(), default_axis, answers: false, matrix_powers: false, functions: Arc::default() }
    }

    /// All names of a model. Names of gradients are added by who has them: `scope.insert("dW1", Meaning::Value(node))`.
    pub fn of(model: &Model) -> Scope {
        let mut scope = Scope::new(model.settings.default_axis);
        scope.functions = Arc::new(Functions::of(&model.spec).unwrap_or_default());
        for (spelling, dim) in &model.sizes {
            scope.insert(spelling, Meaning::Size(dim.clone()));
        }
        for (key, id) in &model.names {
            let spelling = spelling(&model.graph, *id).filter(|text| names::key(text) == *key).unwrap_or(key);
            let known = Known { spelling: spelling.to_string(), meaning: Meaning::Value(*id) };
            scope.known.insert(key.clone(), known);
        }
        scope
    }

    pub fn insert(&mut self, spelling: &str, meaning: Meaning) {
        self.known.insert(names::key(spelling), Known { spelling: spelling.to_string(), meaning });
    }

    /// Another meaning for a known name.
    pub fn set(&mut self, key: &str, meaning: Meaning) {
        if let Some(known) = self.known.get_mut(key) {
            known.meaning = meaning;
        }
    }

    /// What a key stood for before, again.
    pub fn put(&mut self, key: &str, known: Known) {
        self.known.insert(key.to_string(), known);
    }

    pub fn remove(&mut self, key: &str) {
        self.known.remove(key);
    }

    pub fn get(&self, key: &str) -> Option<&Known> {
        self.known.get(key)
    }

    /// The names of sizes.
    pub fn sizes(&self) -> impl Iterator<Item = (&str, &Dim)> {
        self.known.values().filter_map(|known| match &known.meaning {
            Meaning::Size(dim) => Some((known.spelling.as_str(), dim)),
            Meaning::Value(_) | Meaning::Broken | Meaning::Unvalued => None,
        })
    }

    /// Every name: its key and the author's spelling.
    pub fn spellings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known.iter().map(|(key, known)| (key.as_str(), known.spelling.as_str()))
    }
}

/// The author's spelling of a leaf or a model line.
pub fn spelling(graph: &Graph, id: NodeId) -> Option<&str> {
    let symbol = graph.as_symbol(id).and_then(|symbol| match &symbol.name {
        SymbolName::Model(text) | SymbolName::Generated(text) => Some(text.as_str()),
        SymbolName::Gradient { .. } => None,
    });
    symbol.or_else(|| graph.as_leaf(id).map(|leaf| leaf.name.as_str()))
}
