//! Operators with the mistakes that they are known for: in the gradient rules, and in the forward pass.

use super::key::name;
use super::yields::Slip;
use crate::differentiate::{Gradients, RuleUse};
use crate::graph::{Graph, Kind, NodeId, Site, SymbolName};
use crate::ops::{Add, Slip as OperatorSlip};
use crate::simplify::simplest;
use std::collections::BTreeSet;

/// Each use of a gradient rule with each mistake of its operator. What the rules gave was simplified on the way; where a
/// slip is made, the simplified forms are taken back to what they came from, so that it goes all the way.
pub(super) fn rule_slips(
    graph: &mut Graph,
    gradients: &Gradients,
    needed: &[bool],
    reference: NodeId,
    slips: &mut Vec<Slip>,
) {
    let mut simplified = |rule: &RuleUse| (simplest(graph, rule.result), rule.result);
    let links: Vec<(NodeId, NodeId)> = gradients.uses.iter().map(&mut simplified).collect();
    let links: Vec<(NodeId, NodeId)> = links
        .into_iter()
        .filter(|(simplified, result)| simplified != result)
        .filter(|(simplified, _)| !matches!(graph.kind(*simplified), Kind::Leaf(_) | Kind::Symbol(_) | Kind::Ones(_)))
        .collect();
    for step in gradients.steps.iter().filter(|step| needed[step.gradient.place()]) {
        let raws: Vec<NodeId> = step.contributions.iter().map(|contribution| contribution.raw).collect();
        let Some(raw) = added(graph, &raws) else { continue };
        let local = local_parts(graph, &raws, &links);
        let within = (step.gradient != reference).then(|| name(graph, step.gradient)).flatten();
        for rule in gradients.uses.iter().filter(|rule| rule.inner.is_none() && local.contains(&rule.result)) {
            for (name, wrong) in wrong_rules(graph, rule) {
                let back =
                    links.iter().filter(|(simplified, result)| *result != rule.result && local.contains(simplified));
                let mut instead: Vec<(NodeId, NodeId)> = back.copied().collect();
                instead.push((rule.result, wrong));
                instead.extend(links.iter().find(|(_, result)| *result == rule.result).map(|(own, _)| (*own, wrong)));
                if rule.result != step.gradient {
                    instead.push((step.gradient, raw));
                }
                instead.sort();
                instead.dedup_by_key(|(node, _)| *node);
                slips.push(Slip { name, within: within.clone(), forward: false, reference, instead });
            }
        }
    }
}

/// What the mistakes of an operator make of one use of its rule.
fn wrong_rules(graph: &mut Graph, rule: &RuleUse) -> Vec<(&'static str, NodeId)> {
    let Some((op, operands)) = graph.as_apply(rule.node).map(|(op, all)| (op.clone(), all.to_vec())) else {
        return Vec::new();
    };
    let shapes: Vec<_> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
    let site = Site { operands: &operands, output: rule.node, upstream: rule.upstream };
    let terms = op.mistakes(&shapes).into_iter().filter_map(|mistake| match mistake.slip {
        OperatorSlip::Gradient(place, term) if place == rule.place => Some((mistake.name, term)),
        OperatorSlip::Gradient(..) | OperatorSlip::Forward(_) => None,
    });
    terms.filter_map(|(name, term)| Some((name, graph.instantiate(&term, site).ok()??))).collect()
}

fn added(graph: &mut Graph, nodes: &[NodeId]) -> Option<NodeId> {
    let (first, rest) = nodes.split_first()?;
    rest.iter().try_fold(*first, |sum, node| graph.apply(Add, &[sum, *node]).ok())
}

/// What forms are made of, as far as the names that they use, and what these parts came from.
fn local_parts(graph: &Graph, roots: &[NodeId], links: &[(NodeId, NodeId)]) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    let mut waiting = roots.to_vec();
    while let Some(id) = waiting.pop() {
        if !found.insert(id) {
            continue;
        }
        waiting.extend(graph.as_apply(id).into_iter().flat_map(|(_, operands)| operands));
        waiting.extend(links.iter().filter(|(simplified, _)| *simplified == id).map(|(_, result)| *result));
    }
    found
}

/// Each operator of the forward pass as another one.
pub(super) fn forward_slips(graph: &mut Graph, needed: &[bool], reference: NodeId, slips: &mut Vec<Slip>) {
    let ids: Vec<NodeId> = graph.ids().filter(|id| needed.get(id.place()).copied().unwrap_or(false)).collect();
    for id in ids {
        let Some((op, operands)) = graph.as_apply(id).map(|(op, all)| (op.clone(), all.to_vec())) else { continue };
        let shapes: Vec<_> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
        for mistake in op.mistakes(&shapes) {
            let OperatorSlip::Forward(other) = mistake.slip else { continue };
            let Ok(wrong) = graph.apply(other, &operands) else { continue };
            let within =
                quantity(graph, id).filter(|symbol| *symbol != reference).and_then(|symbol| name(graph, symbol));
            slips.push(Slip { name: mistake.name, within, forward: true, reference, instead: vec![(id, wrong)] });
        }
    }
}

/// The model's line that a node is the whole of.
fn quantity(graph: &Graph, id: NodeId) -> Option<NodeId> {
    graph.ids().find(|symbol| {
        graph
            .as_symbol(*symbol)
            .is_some_and(|own| own.definition == id && !matches!(own.name, SymbolName::Gradient { .. }))
    })
}
