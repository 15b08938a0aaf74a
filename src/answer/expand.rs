//! Writes a gradient out in terms of the model's own names.

use crate::graph::{Graph, Kind, NodeId, SymbolName};
use crate::simplify::{Memo, simplify};
use std::collections::HashMap;

/// A written-out form has at most so many operators; what would make it longer keeps its name, so that the answers of
/// a deep model stay linear in its size.
const LONGEST: usize = 60;
/// And so many where it has to be whole.
const LONGEST_WHOLE: usize = 5_000;

/// Replaces names by what they stand for. What was written out once is remembered, so that the answers of one problem
/// together take time linear in its graph.
pub struct Expander {
    replaced: fn(&SymbolName) -> bool,
    longest: usize,
    /// Each node's written-out form, and how many operators it has.
    known: HashMap<NodeId, (NodeId, usize)>,
    memo: Memo,
}

impl Expander {
    /// Of all names that we gave: deltas, pre-activations.
    pub fn of_our_names() -> Expander {
        Expander::new(|name| !matches!(name, SymbolName::Model(_)))
    }

    /// Of deltas.
    pub fn of_deltas() -> Expander {
        Expander::new(|name| matches!(name, SymbolName::Gradient { .. }))
    }

    /// Of deltas, however long it becomes: the deltas of two losses have the same names.
    pub fn of_all_deltas() -> Expander {
        Expander { longest: LONGEST_WHOLE, ..Expander::of_deltas() }
    }

    fn new(replaced: fn(&SymbolName) -> bool) -> Expander {
        Expander { replaced, longest: LONGEST, known: HashMap::new(), memo: Memo::default() }
    }

    pub fn expand(&mut self, graph: &mut Graph, node: NodeId) -> NodeId {
        let mut open = vec![node];
        while let Some(&top) = open.last() {
            let waiting = open.len();
            open.extend(graph.operands(top).iter().filter(|operand| !self.known.contains_key(operand)));
            if open.len() > waiting {
                continue;
            }
            open.pop();
            if !self.known.contains_key(&top) {
                let written = self.written_out(graph, top);
                self.known.insert(top, written);
            }
        }
        let (written, _) = self.known[&node];
        if written == node { node } else { simplify(graph, written, &mut self.memo).node }
    }

    fn written_out(&self, graph: &mut Graph, id: NodeId) -> (NodeId, usize) {
        match graph.kind(id).clone() {
            Kind::Symbol(symbol) => {
                let symbol = graph.symbol(symbol);
                let (written, size) = self.known[&symbol.definition];
                if (self.replaced)(&symbol.name) && size <= self.longest { (written, size) } else { (id, 0) }
            }
            Kind::Apply(op, operands) => {
                let (operands, sizes): (Vec<NodeId>, Vec<usize>) =
                    operands.iter().map(|operand| self.known[operand]).unzip();
                match graph.apply(op, &operands) {
                    Ok(written) => (written, 1 + sizes.iter().sum::<usize>()),
                    Err(_) => (id, 0),
                }
            }
            Kind::Leaf(_) | Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) => (id, 0),
        }
    }
}
