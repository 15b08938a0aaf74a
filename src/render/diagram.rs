//! The computation graph of a solution, as a diagram to draw: operators are nodes, values ride on the edges.

use super::drawing::{Diagram, Edge, Kind, Label, Node};
use super::figure::Rounding;
use super::notation::{Printer, Style};
use crate::answer::Solution;
use crate::differentiate::Gradients;
use crate::graph::{Graph, NodeId};
use crate::math::{Glyph, Math};
use crate::number::Number;
use crate::ops::Op;
use crate::syntax::ast::LeafKind;
use crate::tensor::Tensor;
use std::collections::{BTreeMap, BTreeSet};

/// Larger matrices than this are not written on an edge.
const LARGEST_SIDE: usize = 2;
/// Decimals of matrices in a picture, and figures of a number.
const DECIMALS: usize = 2;
const SIGNIFICANT: usize = 4;

/// The model's graph, with the gradients of a loss on the edges if one is named.
pub fn diagram(solution: &Solution, gradients_of: Option<NodeId>) -> Diagram {
    let model = &solution.model;
    let needed = model.graph.needed(&model.lines());
    let gradients = solution.gradients.iter().find(|gradients| Some(gradients.loss) == gradients_of);
    let mut draft = Draft {
        solution,
        graph: &model.graph,
        gradients,
        folded: BTreeMap::new(),
        inside: BTreeSet::new(),
        nodes: Vec::new(),
        edges: Vec::new(),
    };
    draft.fold_layers(&needed);
    for id in model.graph.ids().filter(|id| needed[id.place()]) {
        draft.add(id);
    }
    draft.add_outputs();
    Diagram {
        title: model.title.clone().unwrap_or_else(|| model.id.clone()),
        description: draft.description(),
        nodes: draft.nodes,
        edges: draft.edges,
    }
}

struct Draft<'a> {
    solution: &'a Solution,
    graph: &'a Graph,
    gradients: Option<&'a Gradients>,
    /// A layer `S W + b` drawn as one operator: what flows in, and the parameters beside it.
    folded: BTreeMap<NodeId, (NodeId, Vec<NodeId>)>,
    /// Products that a folded layer contains.
    inside: BTreeSet<NodeId>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Draft<'_> {
    /// Finds `S W + b` and `S W` with parameters `W` and `b`.
    fn fold_layers(&mut self, needed: &[bool]) {
        let ids: Vec<NodeId> = self.graph.ids().filter(|id| needed[id.place()]).collect();
        for id in ids.into_iter().rev() {
            if let Some((input, params)) = self.layer(id).filter(|_| !self.inside.contains(&id)) {
                if let Some((Op::Add(_), [product, _])) = self.graph.as_apply(id) {
                    self.inside.insert(*product);
                }
                self.folded.insert(id, (input, params));
            }
        }
    }

    fn layer(&self, id: NodeId) -> Option<(NodeId, Vec<NodeId>)> {
        let (op, operands) = self.graph.as_apply(id)?;
        match (op, operands) {
            (Op::Add(_), [product, bias]) if self.is_param(*bias) => {
                let (input, mut params) = self.weighted(*product)?;
                params.push(*bias);
                Some((input, params))
            }
            _ => self.weighted(id),
        }
    }

    fn weighted(&self, id: NodeId) -> Option<(NodeId, Vec<NodeId>)> {
        let (Op::MatMul(_), [left, right]) = self.graph.as_apply(id)? else { return None };
        match (self.is_param(*left), self.is_param(*right)) {
            (false, true) => Some((*left, vec![*right])),
            (true, false) => Some((*right, vec![*left])),
            (true, true) | (false, false) => None,
        }
    }

    fn is_param(&self, id: NodeId) -> bool {
        self.graph.as_leaf(id).is_some_and(|leaf| leaf.kind == LeafKind::Param)
    }

    fn add(&mut self, id: NodeId) {
        if let Some(leaf) = self.graph.as_leaf(id) {
            let kind = match leaf.kind {
                LeafKind::Param => Kind::Param,
                LeafKind::Target => Kind::Target,
                LeafKind::Input | LeafKind::Const => Kind::Input,
            };
            let beside = self.stands_beside(id, kind).map(|op| id_text(self.drawn(op)));
            let label = self.with_numbers(self.label(id), id);
            self.nodes.push(Node { gradient: self.gradient_of(id), beside, ..Node::new(id_text(id), kind, label) });
            return;
        }
        let Some((op, operands)) = self.graph.as_apply(id) else { return };
        if self.inside.contains(&id) {
            return;
        }
        let inputs = match self.folded.get(&id) {
            Some((input, params)) => std::iter::once(*input).chain(params.iter().copied()).collect(),
            None => operands.to_vec(),
        };
        let kind = if op.is_loss() { Kind::Loss } else { Kind::Operator };
        let mut node = Node::new(id_text(id), kind, self.operator_label(id, op, operands));
        node.gradient = self.symbol_of(id).map_or_else(|| self.unnamed_gradient(id), |symbol| self.gradient_of(symbol));
        self.nodes.push(node);
        let mut seen = Vec::new();
        for input in inputs {
            if self.is_drawn(input) && !seen.contains(&input) {
                seen.push(input);
                self.edges.push(self.edge(input, id));
            }
        }
    }

    /// The last values of the model lead out of the picture.
    fn add_outputs(&mut self) {
        let mut used = BTreeSet::new();
        let needed = self.graph.needed(&self.solution.model.lines());
        for id in self.graph.ids().filter(|id| needed[id.place()]) {
            used.extend(self.graph.operands(id).iter().copied());
        }
        for symbol in self.solution.model.lines().iter().filter(|symbol| !used.contains(*symbol)) {
            let id = format!("out{}", symbol.place());
            self.nodes.push(Node::new(id.clone(), Kind::Output, self.label(*symbol)));
            let value = Some(self.with_numbers(self.label(*symbol), *symbol));
            let loss = self.gradients.is_some_and(|gradients| gradients.loss == *symbol);
            let gradient = loss.then(|| Label::new(Math::number(1)));
            self.edges.push(Edge { value, gradient, ..Edge::new(id_text(self.drawn(*symbol)), id) });
        }
    }

    fn edge(&self, from: NodeId, to: NodeId) -> Edge {
        let is_leaf = self.graph.as_leaf(from).is_some();
        let value = match self.graph.as_apply(from) {
            // The box of a leaf has its numbers already.
            None if is_leaf && self.number(from).is_some() => None,
            None => (!self.is_param(from)).then(|| self.with_numbers(self.label(from), from)),
            Some(_) => self.number(from),
        };
        Edge { value, gradient: self.edge_gradient(from, to), ..Edge::new(id_text(self.drawn(from)), id_text(to)) }
    }

    /// What one use contributes to a value's gradient; for the only use, the gradient itself.
    fn edge_gradient(&self, from: NodeId, to: NodeId) -> Option<Label> {
        let gradients = self.gradients?;
        if let Some(share) = self.share(from, to) {
            return Some(share);
        }
        if self.is_param(from) {
            return None;
        }
        if self.graph.as_apply(from).is_some() {
            let upstream = gradients.uses.iter().find(|rule| rule.node == from)?.upstream;
            return self.graph.as_number(upstream).map(|_| self.print(upstream));
        }
        let step = gradients.steps.iter().find(|step| step.of == from)?;
        let through = self.line_of(to)?;
        let own: Vec<_> = step.contributions.iter().filter(|own| own.through == through).collect();
        match (step.contributions.len(), own.as_slice()) {
            (1, _) => Some(self.gradient_label(step.gradient)),
            (_, [only]) => Some(self.with_numbers(self.print(only.simplified), only.simplified)),
            (_, _) => None,
        }
    }

    /// In numbers, what comes back to a value from one operator that uses it.
    fn share(&self, from: NodeId, to: NodeId) -> Option<Label> {
        let product = self
            .folded
            .get(&to)
            .and_then(|_| self.graph.operands(to).first())
            .filter(|node| self.inside.contains(node))
            .copied();
        let uses = self.gradients?.uses.iter().filter(|rule| match rule.inner {
            Some(inner) => inner == to && self.graph.operands(inner).first() == Some(&from),
            None => {
                (rule.node == to || product == Some(rule.node))
                    && self.graph.operands(rule.node).get(rule.place) == Some(&from)
            }
        });
        let shares: Vec<&Tensor<Number>> =
            uses.map(|rule| self.solution.values.get(rule.result)).collect::<Option<_>>()?;
        let [first, rest @ ..] = shares.as_slice() else { return None };
        if !self.has_numbers() || rest.iter().any(|other| other.rank() > 0) || (!rest.is_empty() && first.rank() > 0) {
            return None;
        }
        let sum = rest.iter().fold(first.first().clone(), |sum, other| &sum + other.first());
        if rest.is_empty() { in_figures(first) } else { in_figures(&Tensor::scalar(sum)) }
    }

    /// In numbers, the gradient of a value without a name.
    fn unnamed_gradient(&self, id: NodeId) -> Option<Label> {
        let upstream = self.gradients?.uses.iter().find(|rule| rule.node == id)?.upstream;
        self.number(upstream)
    }

    /// The gradient in numbers, where it has them and they are small.
    fn gradient_label(&self, gradient: NodeId) -> Label {
        self.number(gradient).unwrap_or_else(|| self.label(gradient))
    }

    /// The symbol whose definition a node is a part of.
    fn line_of(&self, id: NodeId) -> Option<NodeId> {
        let mut at = id;
        loop {
            if let Some(symbol) = self.symbol_of(at) {
                return Some(symbol);
            }
            at = self
                .graph
                .ids()
                .find(|user| self.graph.as_apply(*user).is_some_and(|(_, operands)| operands.contains(&at)))?;
        }
    }

    fn symbol_of(&self, id: NodeId) -> Option<NodeId> {
        let symbols = self.solution.model.definitions.iter().copied();
        symbols.into_iter().find(|symbol| self.graph.as_symbol(*symbol).is_some_and(|known| known.definition == id))
    }

    fn gradient_of(&self, id: NodeId) -> Option<Label> {
        let gradients = self.gradients?;
        let gradient = *gradients.of.get(&id)?;
        if self.is_param(id) && self.number(gradient).is_none() {
            let definition = self.graph.as_symbol(gradient)?.definition;
            return Some(self.print(definition));
        }
        Some(self.gradient_label(gradient))
    }

    /// The only operator that uses a parameter or a target, if there is just one.
    fn stands_beside(&self, id: NodeId, kind: Kind) -> Option<NodeId> {
        if !matches!(kind, Kind::Param | Kind::Target) {
            return None;
        }
        let needed = self.graph.needed(&self.solution.model.definitions);
        let users: Vec<NodeId> =
            self.graph.ids().filter(|user| needed[user.place()] && self.graph.operands(*user).contains(&id)).collect();
        let [user] = users.as_slice() else { return None };
        let layer = self.folded.iter().find(|(_, (_, params))| params.contains(&id)).map(|(layer, _)| *layer);
        layer.or_else(|| self.graph.as_apply(*user).map(|_| *user))
    }

    /// The node in the picture that a value comes out of.
    fn drawn(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while let Some(symbol) = self.graph.as_symbol(at) {
            at = symbol.definition;
        }
        at
    }

    fn is_drawn(&self, id: NodeId) -> bool {
        let at = self.drawn(id);
        self.graph.as_leaf(at).is_some() || self.graph.as_apply(at).is_some()
    }

    fn label(&self, id: NodeId) -> Label {
        self.print(id)
    }

    fn print(&self, id: NodeId) -> Label {
        let printer = Printer::new(self.graph, Style::Text).rounding(Rounding { digits: DECIMALS });
        Label::new(printer.math(id))
    }

    /// With the value, where it is a number or a matrix of at most 2 x 2.
    fn with_numbers(&self, label: Label, id: NodeId) -> Label {
        match self.number(id) {
            None => label,
            Some(Label { math, matrix: None }) if math != label.math => Label::new(label.math.equals(math)),
            Some(Label { matrix, .. }) => Label { matrix, ..label },
        }
    }

    /// The value alone.
    fn number(&self, id: NodeId) -> Option<Label> {
        in_figures(self.solution.values.get(id).filter(|_| self.has_numbers())?)
    }

    fn has_numbers(&self) -> bool {
        self.solution.model.leaves.iter().all(|id| self.graph.as_leaf(*id).is_some_and(|leaf| leaf.value.is_some()))
    }

    /// What stands in an operator's box: its sign, its name, or its form with dots for what flows in.
    fn operator_label(&self, id: NodeId, op: &Op, operands: &[NodeId]) -> Label {
        let dotted: Vec<NodeId> = match self.folded.get(&id) {
            Some((input, _)) => vec![*input],
            None => operands.iter().copied().filter(|operand| self.is_drawn(*operand)).collect(),
        };
        let whole =
            self.folded.contains_key(&id) || dotted.len() < operands.len() || matches!(op, Op::Mse(_) | Op::Entry(_));
        let dot = Math::Glyph(Glyph::Dot);
        let is_loss = matches!(op, Op::Mse(_));
        let instead = |part: NodeId| (dotted.contains(&part) && !is_loss).then(|| dot.clone());
        Label::new(match whole {
            true => Printer::new(self.graph, Style::Text).with(&instead).math(id),
            false => op.notation(vec![dot.clone(); operands.len()]).sign(),
        })
    }

    fn description(&self) -> String {
        let lines = self.solution.model.lines().into_iter().map(|symbol| {
            let printer = Printer::new(self.graph, Style::Text);
            format!("{} = {}", printer.print(symbol), printer.definition(symbol))
        });
        lines.collect::<Vec<_>>().join("; ")
    }
}

/// A number or a matrix of at most 2 x 2, in few figures.
fn in_figures(value: &Tensor<Number>) -> Option<Label> {
    if value.rank() == 0 {
        let number = value.first();
        let text = number.to_string();
        let is_short = number.is_exact() && text.len() <= SIGNIFICANT + 2 && !text.contains('/');
        let shown = if is_short { number.clone() } else { Number::approx(number.to_f64()) };
        return Some(Label::new(super::figure::number(&shown, Rounding { digits: SIGNIFICANT })));
    }
    let small = value.rank() == 2 && value.extents().iter().all(|side| *side <= LARGEST_SIDE);
    let matrix = super::figure::matrix(value, Rounding { digits: DECIMALS });
    small.then(|| Label { matrix: Some(matrix), ..Label::default() })
}

fn id_text(id: NodeId) -> String {
    format!("n{}", id.place())
}
