//! Goes back to what a graph was before something was tried in it.

use super::{Graph, Values};
use crate::scalar::Scalar;

/// How much there is in a graph.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    nodes: usize,
    leaves: usize,
    symbols: usize,
    literals: usize,
}

impl Extent {
    /// How many nodes.
    pub fn nodes(self) -> usize {
        self.nodes
    }
}

impl Graph {
    /// What there is now, to come back to.
    pub fn extent(&self) -> Extent {
        let Graph { nodes, leaves, symbols, literals, .. } = self;
        Extent { nodes: nodes.len(), leaves: leaves.len(), symbols: symbols.len(), literals: literals.len() }
    }

    /// Takes out what came later.
    pub fn truncate(&mut self, to: Extent) {
        self.index.retain(|id| id.place() < to.nodes);
        self.nodes.truncate(to.nodes);
        self.leaves.truncate(to.leaves);
        self.symbols.truncate(to.symbols);
        self.literals.truncate(to.literals);
    }
}

impl<S: Scalar> Values<S> {
    /// Takes out the values of nodes that came later.
    pub fn truncate(&mut self, to: Extent) {
        self.values.truncate(to.nodes);
    }
}
