//! The diagram resolved: which nodes are in the main flow, which stand beside one, and where a value forks.
use std::collections::HashMap;

use super::{Diagram, Edge, Kind, Label, Node};

/// An edge of the main flow, between indices of the diagram's nodes.
#[derive(Clone, Copy)]
pub(super) struct Arc {
    pub from: usize,
    pub to: usize,
    /// Index of the diagram's edge.
    pub edge: usize,
}

/// The main flow of a diagram: an acyclic graph of its nodes.
pub(super) struct Flow<'a> {
    pub diagram: &'a Diagram,
    pub arcs: Vec<Arc>,
    /// Whether the node is in the main flow at all: the others stand beside one that is.
    pub main: Vec<bool>,
    /// The arcs that leave and enter each node.
    pub leaving: Vec<Vec<usize>>,
    pub entering: Vec<Vec<usize>>,
    /// The leaves beside each node, with the gradient that came on their edge.
    pub beside: Vec<Vec<usize>>,
}

/// How a value with several consumers parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parting {
    /// There is one consumer at most.
    Single,
    /// A dot: nothing comes back here.
    Dot,
    /// A circled plus: the gradients that come back add.
    Adds,
}

impl<'a> Flow<'a> {
    pub fn new(diagram: &'a Diagram) -> Self {
        let mut index = HashMap::new();
        for (i, node) in diagram.nodes.iter().enumerate() {
            index.entry(node.id.as_str()).or_insert(i);
        }
        let count = diagram.nodes.len();
        let known: Vec<Arc> = (diagram.edges.iter().enumerate())
            .filter_map(|(edge, Edge { from, to, .. })| {
                Some(Arc { from: *index.get(from.as_str())?, to: *index.get(to.as_str())?, edge })
            })
            .filter(|arc| arc.from != arc.to)
            .collect();
        let host = hosts(diagram, &index, &known);
        let mut flow = Self {
            diagram,
            arcs: Vec::new(),
            main: (0..count)
                .map(|i| host[i].is_none() && index.get(diagram.nodes[i].id.as_str()) == Some(&i))
                .collect(),
            leaving: vec![Vec::new(); count],
            entering: vec![Vec::new(); count],
            beside: vec![Vec::new(); count],
        };
        for (leaf, host) in host.iter().enumerate() {
            if let Some(host) = host {
                flow.beside[*host].push(leaf);
            }
        }
        flow.arcs = acyclic(count, known.into_iter().filter(|arc| flow.main[arc.from] && flow.main[arc.to]).collect());
        for (i, arc) in flow.arcs.iter().enumerate() {
            flow.leaving[arc.from].push(i);
            flow.entering[arc.to].push(i);
        }
        flow
    }

    pub fn node(&self, index: usize) -> &'a Node {
        &self.diagram.nodes[index]
    }

    pub fn edge(&self, arc: usize) -> &'a Edge {
        &self.diagram.edges[self.arcs[arc].edge]
    }

    /// How the value of a node parts.
    pub fn parting(&self, node: usize) -> Parting {
        if self.leaving[node].len() < 2 {
            Parting::Single
        } else if self.node(node).gradient.is_some() || self.has_contributions(node) {
            Parting::Adds
        } else {
            Parting::Dot
        }
    }

    /// Whether a gradient comes back along an edge of a node.
    fn has_contributions(&self, node: usize) -> bool {
        self.leaving[node].iter().any(|&arc| self.edge(arc).gradient.is_some())
    }

    /// What is printed above and below the line that leaves a node, before it parts.
    pub fn trunk(&self, node: usize) -> (Option<&'a Label>, Option<&'a Label>) {
        let Some(&first) = self.leaving[node].first() else { return (None, None) };
        let (edge, own) = (self.edge(first), self.node(node).gradient.as_ref());
        let gradient = match self.parting(node) {
            Parting::Single => edge.gradient.as_ref().or(own),
            Parting::Dot | Parting::Adds => own,
        };
        // The name at the end of the last arrow is not said twice.
        let end = self.node(self.arcs[first].to);
        let repeated = end.kind == Kind::Output && edge.value.as_ref() == Some(&end.label);
        (edge.value.as_ref().filter(|_| !repeated), gradient)
    }

    /// What is printed along one branch after a value has parted: where no branch has a gradient, nothing.
    pub fn branch(&self, arc: usize) -> (Option<&'a Label>, Option<&'a Label>) {
        if self.has_contributions(self.arcs[arc].from) && self.parting(self.arcs[arc].from) == Parting::Adds {
            (self.edge(arc).value.as_ref(), self.edge(arc).gradient.as_ref())
        } else {
            (None, None)
        }
    }

    /// Whether a branch's labels need a place of their own, because its end is shared with other lines.
    pub fn has_own_place(&self, arc: usize) -> bool {
        self.branch(arc) != (None, None) && self.entering[self.arcs[arc].to].len() > 1
    }
}

/// The node beside which each leaf stands.
fn hosts(diagram: &Diagram, index: &HashMap<&str, usize>, arcs: &[Arc]) -> Vec<Option<usize>> {
    let mut consumers = vec![0_usize; diagram.nodes.len()];
    let mut fed = vec![false; diagram.nodes.len()];
    for arc in arcs {
        consumers[arc.from] += 1;
        fed[arc.to] = true;
    }
    let wish = |i: usize| {
        let host = *index.get(diagram.nodes[i].beside.as_deref()?)?;
        (host != i && consumers[i] < 2 && !fed[i]).then_some(host)
    };
    // Nobody stands beside someone who stands aside.
    (0..diagram.nodes.len()).map(|i| wish(i).filter(|&host| wish(host).is_none())).collect()
}

/// Leaves out the arcs that close a cycle.
fn acyclic(nodes: usize, arcs: Vec<Arc>) -> Vec<Arc> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (i, arc) in arcs.iter().enumerate() {
        next[arc.from].push(i);
    }
    let (mut open, mut done, mut closing) = (vec![false; nodes], vec![false; nodes], vec![false; arcs.len()]);
    for start in 0..nodes {
        let mut stack = vec![(start, 0)];
        while let Some((node, at)) = stack.pop() {
            if at == 0 && done[node] {
                continue;
            }
            open[node] = true;
            let Some(&arc) = next[node].get(at) else {
                (open[node], done[node]) = (false, true);
                continue;
            };
            stack.push((node, at + 1));
            let to = arcs[arc].to;
            if open[to] {
                closing[arc] = true;
            } else if !done[to] {
                stack.push((to, 0));
            }
        }
    }
    arcs.into_iter().zip(closing).filter(|&(_, closes)| !closes).map(|(arc, _)| arc).collect()
}
