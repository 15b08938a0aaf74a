//! Writes a gradient out in terms of the model's own names.

use crate::graph::{Graph, Kind, NodeId, SymbolName};
use crate::simplify::{Memo, simplify};

/// A written-out form has at most so many operators; what would make it longer keeps its name, so that the answers of
/// a deep model stay linear in its size.
const LONGEST: usize = 60;

/// The expression with the names that we gave (deltas, pre-activations) replaced by what they stand for.
pub fn expand(graph: &mut Graph, node: NodeId) -> NodeId {
    let needed = graph.needed(&[node]);
    let ids: Vec<NodeId> = graph.ids().filter(|id| needed[id.place()]).collect();
    let mut new: Vec<Option<(NodeId, usize)>> = vec![None; graph.size()];
    for id in ids {
        new[id.place()] = Some(written_out(graph, id, &new));
    }
    let written = new[node.place()].map_or(node, |(written, _)| written);
    if written == node { node } else { simplify(graph, written, &mut Memo::default()).node }
}

/// The node's written-out form and how many operators it has.
fn written_out(graph: &mut Graph, id: NodeId, new: &[Option<(NodeId, usize)>]) -> (NodeId, usize) {
    let known = |id: NodeId| new[id.place()].unwrap_or((id, 0));
    match graph.kind(id).clone() {
        Kind::Symbol(symbol) => {
            let symbol = graph.symbol(symbol);
            match symbol.name {
                SymbolName::Model(_) => (id, 0),
                SymbolName::Generated(_) | SymbolName::Gradient { .. } => {
                    let (written, size) = known(symbol.definition);
                    if size > LONGEST { (id, 0) } else { (written, size) }
                }
            }
        }
        Kind::Apply(op, operands) => {
            let (operands, sizes): (Vec<NodeId>, Vec<usize>) = operands.iter().map(|operand| known(*operand)).unzip();
            match graph.apply(op, &operands) {
                Ok(written) => (written, 1 + sizes.iter().sum::<usize>()),
                Err(_) => (id, 0),
            }
        }
        Kind::Leaf(_) | Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) => (id, 0),
    }
}
