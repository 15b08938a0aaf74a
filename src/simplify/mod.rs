//! Rewrites expressions to the form that a person writes, without changing a value or a shape.
//!
//! An ordered table of named rows, applied from the operands upwards until none applies. What is shared is done once,
//! a symbol is never looked into (but for sums that are known from its line), and each use of a row is recorded so that the certificate can replay it.
//!
//! Every row makes the written expression shorter, or leaves its length and moves a number, a sign or a scalar to the
//! front or a transpose inwards: so the rewriting ends. The fuel is the belt to these braces.

mod assumptions;
mod constant;
mod diagonals;
mod factor;
mod means;
mod ones;
mod patterns;
mod products;
mod quotients;
mod reuse;
mod scalars;
mod signs;
mod sums;
mod transposes;

pub use assumptions::{assumed, is_symmetric};
pub use means::CENTRED;
pub use reuse::{reciprocals, reused};

use crate::graph::{Graph, Kind, NodeId};
use std::collections::{BTreeSet, HashMap};

/// One row: an equality, in the direction that reads better.
#[derive(Debug)]
pub struct Rewrite {
    /// A stable name: `transpose-of-product`.
    pub name: &'static str,
    /// What it says, for readers.
    pub title: &'static str,
    /// The better form of a node whose operands are in their best form already; `None` where the row does not apply.
    /// A form of another shape is not taken.
    pub apply: fn(&mut Graph, NodeId) -> Option<NodeId>,
}

/// One use of a row: `before = after`.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    pub rewrite: &'static Rewrite,
    pub before: NodeId,
    pub after: NodeId,
}

/// What is known of one graph's nodes; calls for the same graph share it.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    /// The final form of each node that is done.
    done: HashMap<NodeId, NodeId>,
    /// Where a node went first: to itself with better operands, or by a row to another form.
    next: HashMap<NodeId, (NodeId, Option<&'static Rewrite>)>,
}

#[derive(Clone, Debug)]
pub struct Simplified {
    pub node: NodeId,
    /// Every use of a row on the way from the node that was given to this one, in order; with a memo that is shared,
    /// also those that an earlier call made.
    pub uses: Vec<Use>,
}

/// The rows, in the order in which they are tried.
pub static REWRITES: &[&[Rewrite]] = &[
    scalars::ROWS,
    quotients::ROWS,
    signs::ROWS,
    assumptions::ROWS,
    transposes::ROWS,
    diagonals::ROWS,
    ones::ROWS,
    products::ROWS,
    means::ROWS,
    sums::ROWS,
];

/// So many turns of the loop for each node of the graph; no expression is known that needs a tenth of it. Without fuel
/// what is not done stays as it is.
const FUEL_PER_NODE: usize = 200;

/// The form alone, where nothing is simplified beside it.
pub fn simplest(graph: &mut Graph, node: NodeId) -> NodeId {
    simplify(graph, node, &mut Memo::default()).node
}

/// The form of `node` that a person writes. Takes time linear in the nodes below it, down to leaves and symbols.
pub fn simplify(graph: &mut Graph, node: NodeId, memo: &mut Memo) -> Simplified {
    let mut fuel = graph.size().saturating_mul(FUEL_PER_NODE);
    let mut open = vec![node];
    while let Some(&top) = open.last() {
        if memo.done.contains_key(&top) {
            open.pop();
            continue;
        }
        debug_assert!(fuel > 0, "rewriting goes round in a circle");
        if fuel == 0 {
            memo.done.insert(top, top);
            continue;
        }
        fuel -= 1;
        let waiting = open.len();
        open.extend(operands(graph, top).iter().filter(|operand| !memo.done.contains_key(operand)));
        if open.len() > waiting {
            continue;
        }
        let (next, _) = *memo.next.entry(top).or_insert_with(|| step(graph, top, &memo.done));
        if next == top {
            memo.done.insert(top, top);
        } else if let Some(last) = memo.done.get(&next).copied() {
            memo.done.insert(top, last);
        } else {
            open.push(next);
        }
    }
    Simplified { node: memo.done[&node], uses: uses(graph, node, memo) }
}

/// What is done before a node: the operands of an operator. A symbol's definition is not looked at.
fn operands(graph: &Graph, id: NodeId) -> &[NodeId] {
    graph.as_apply(id).map_or(&[], |(_, operands)| operands)
}

/// The node with its operands' final forms; or if it has them, the first row's that applies; or itself.
fn step(graph: &mut Graph, id: NodeId, done: &HashMap<NodeId, NodeId>) -> (NodeId, Option<&'static Rewrite>) {
    let Kind::Apply(op, operands) = graph.kind(id) else { return (id, None) };
    let better: Vec<NodeId> = operands.iter().map(|operand| done[operand]).collect();
    if better != *operands {
        // The final forms have the operands' shapes, so the operator fits them too.
        return (graph.apply(op.clone(), &better).unwrap_or(id), None);
    }
    let rewritten = REWRITES.iter().copied().flatten().find_map(|row| {
        let after = (row.apply)(graph, id)?;
        (after != id && graph.shape(after) == graph.shape(id)).then_some((after, Some(row)))
    });
    rewritten.unwrap_or((id, None))
}

/// The uses of rows between a node and its final form, those in its operands first.
fn uses(graph: &Graph, node: NodeId, memo: &Memo) -> Vec<Use> {
    enum Visit {
        Enter(NodeId),
        Leave(NodeId),
    }
    let (mut uses, mut seen, mut open) = (Vec::new(), BTreeSet::new(), vec![Visit::Enter(node)]);
    while let Some(visit) = open.pop() {
        match visit {
            Visit::Enter(id) if memo.done[&id] == id || !seen.insert(id) => {}
            Visit::Enter(id) => {
                open.push(Visit::Leave(id));
                open.extend(operands(graph, id).iter().rev().map(|operand| Visit::Enter(*operand)));
            }
            Visit::Leave(id) => {
                let (after, row) = memo.next[&id];
                uses.extend(row.map(|rewrite| Use { rewrite, before: id, after }));
                open.push(Visit::Enter(after));
            }
        }
    }
    uses
}
