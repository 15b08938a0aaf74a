//! Lines that would lead too far: in their place a tag at either end says the value's name, as connectors in flowcharts
//! do. So a drawing's size stays in proportion to its graph, also where one parameter feeds a thousand steps.
use crate::math::{Fence, Math};
use std::collections::BTreeMap;

use super::columns::{Grid, ranks};
use super::flow::Flow;
use super::{Diagram, Edge, Kind, Label, Node};

/// A line over more columns than this is cut.
const MAX_SPAN: usize = 24;
/// If more lines than this lead from one row to the next, those over several columns are cut.
const MAX_BACK: usize = 5;
const SHORT: usize = 3;

/// The diagram with its longest lines cut, if it has any.
pub(super) fn cut_long(flow: &Flow) -> Option<Diagram> {
    let rank = ranks(flow);
    cut(flow, |arc| rank[flow.arcs[arc].to] - rank[flow.arcs[arc].from] > MAX_SPAN)
}

/// The diagram with the lines cut that crowd the space between rows, if there are any.
pub(super) fn cut_crowded(flow: &Flow, grid: &Grid) -> Option<Diagram> {
    let mut crossing = vec![0; grid.columns.len()];
    let broken =
        |arc: usize| grid.chains[arc].iter().map(|&link| &grid.links[link]).filter(|link| grid.is_broken(link));
    for link in (0..flow.arcs.len()).flat_map(broken) {
        crossing[grid.cells[link.from].column] += 1;
    }
    let crowded = |arc: usize| broken(arc).any(|link| crossing[grid.cells[link.from].column] > MAX_BACK);
    cut(flow, |arc| grid.chains[arc].len() > SHORT && crowded(arc))
}

fn cut(flow: &Flow, far: impl Fn(usize) -> bool) -> Option<Diagram> {
    let cuts: Vec<usize> = (0..flow.arcs.len()).filter(|&arc| far(arc)).collect();
    if cuts.is_empty() {
        return None;
    }
    let mut diagram = flow.diagram.clone();
    // Longer than every id, and so like none.
    let prefix = "~".repeat(diagram.nodes.iter().map(|node| node.id.len()).max().unwrap_or(0) + 1);
    let mut lost = vec![false; diagram.edges.len()];
    let mut left: Vec<Vec<usize>> = vec![Vec::new(); diagram.nodes.len()];
    for &arc in &cuts {
        lost[flow.arcs[arc].edge] = true;
        left[flow.arcs[arc].from].push(arc);
    }
    let names = names(flow, &left);
    for &arc in &cuts {
        let edge = flow.edge(arc);
        let tag = Node {
            gradient: edge.gradient.clone(),
            beside: Some(edge.to.clone()),
            ..Node::new(format!("{prefix}{arc}"), Kind::Reference, names[flow.arcs[arc].from].clone())
        };
        diagram.edges.push(Edge::new(tag.id.clone(), edge.to.clone()));
        diagram.nodes.push(tag);
    }
    for (from, arcs) in left.iter().enumerate() {
        let source = flow.node(from);
        let leaf = is_leaf(flow, from) && flow.leaving[from].len() > arcs.len();
        // A leaf's name says enough.
        if let (Some(&first), false) = (arcs.first(), leaf) {
            let id = format!("{prefix}from{from}");
            let edge = flow.edge(first);
            diagram.nodes.push(Node::new(id.clone(), Kind::Reference, names[from].clone()));
            // Of several consumers each has its contribution at its own tag.
            let gradient = edge.gradient.clone().filter(|_| arcs.len() == 1);
            diagram.edges.push(Edge { value: edge.value.clone(), gradient, ..Edge::new(source.id.clone(), id) });
        }
    }
    let mut lost = lost.into_iter();
    diagram.edges.retain(|_| !lost.next().unwrap_or(false));
    Some(diagram)
}

/// What the tags of each node say: the name of its value, or a number where it has none or shares it.
fn names(flow: &Flow, left: &[Vec<usize>]) -> Vec<Label> {
    let own = |from: usize| {
        let value = left[from].iter().find_map(|&arc| flow.edge(arc).value.as_ref());
        let label = value.or(Some(&flow.node(from).label).filter(|_| is_leaf(flow, from)));
        label.filter(|label| !label.is_empty()).map(|label| Label { matrix: None, ..label.clone() })
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let labels: Vec<Option<Label>> = (0..left.len()).map(|from| own(from).filter(|_| !left[from].is_empty())).collect();
    for label in labels.iter().flatten() {
        *seen.entry(label.text()).or_default() += 1;
    }
    // Tags of an earlier round have their numbers already.
    let mut number = flow.diagram.nodes.iter().filter(|node| node.kind == Kind::Reference).count();
    let name = |(label, arcs): (Option<Label>, &Vec<usize>)| {
        label.filter(|label| seen.get(&label.text()) == Some(&1)).unwrap_or_else(|| {
            number += usize::from(!arcs.is_empty());
            Label::new(Math::number(number).fenced(Fence::Round))
        })
    };
    labels.into_iter().zip(left).map(name).collect()
}

fn is_leaf(flow: &Flow, node: usize) -> bool {
    flow.entering[node].is_empty()
}
