//! The general rules that a derivation cites, each stated from its own data and proved once.

use super::{Maths, Viewer};
use crate::differentiate::{Contribution, Gradients, RuleUse};
use crate::graph::{Graph, Leaf, NodeId, Site, SymbolName};
use crate::model::Steps;
use crate::ops::add::SUM_RULE;
use crate::ops::cross_entropy::{SOFTMAX_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY_BY_CASES};
use crate::ops::matmul::{AFFINE, AFFINE_COLUMNS, MATRIX_PRODUCT};
use crate::ops::{Add, Law, MatMul, Op};
use crate::render::notation::{Printer, Style};
use crate::shape::{Dim, Shape};
use crate::simplify::{Memo, simplify};
use crate::syntax::ast::LeafKind;
use serde::Serialize;
use std::collections::BTreeMap;

/// A rule as a document states it.
#[derive(Clone, Debug, Serialize)]
pub struct LawView {
    /// `R1`
    pub label: String,
    pub name: &'static str,
    pub title: &'static str,
    /// `V = S W + b`
    pub premise: Maths,
    /// `\delta_S = \delta_V W^{\mathsf T}`, …
    pub conclusions: Vec<Maths>,
    pub proof: Maths,
    /// An operand is repeated along an axis, so that its gradient is a sum over it.
    pub repeated: bool,
    /// What the loss is divided by the number of, where it is a mean.
    pub mean_over: Option<&'static str>,
}

/// The rules cited so far.
#[derive(Default)]
pub struct Cited {
    laws: Vec<LawView>,
    /// What was stated for which kind of use: the same rule reads differently for a row and for a scalar.
    stated: Vec<(Use, usize)>,
}

/// All that the statement of a rule depends on.
#[derive(Clone, PartialEq)]
struct Use {
    law: &'static Law,
    op: Op,
    inner: Option<Op>,
    shapes: Vec<Shape>,
}

/// The uses of rules in the gradients of one loss, by the operator's application.
pub struct Uses<'a> {
    pub gradients: &'a Gradients,
    by_node: BTreeMap<NodeId, Vec<&'a RuleUse>>,
}

impl<'a> Uses<'a> {
    pub fn of(gradients: &'a Gradients) -> Uses<'a> {
        let mut by_node: BTreeMap<NodeId, Vec<&RuleUse>> = BTreeMap::new();
        for rule in &gradients.uses {
            by_node.entry(rule.node).or_default().push(rule);
        }
        Uses { gradients, by_node }
    }

    /// The uses in the line of a symbol.
    pub fn in_line(&self, graph: &Graph, symbol: NodeId) -> Vec<&'a RuleUse> {
        let (mut found, mut waiting) = (Vec::new(), graph.operands(symbol).to_vec());
        while let Some(id) = waiting.pop() {
            if let Some((_, operands)) = graph.as_apply(id) {
                found.extend(self.by_node.get(&id).into_iter().flatten());
                waiting.extend(operands);
            }
        }
        found
    }
}

impl Viewer<'_> {
    /// The labels of the rules by which one use contributes to a gradient.
    pub(super) fn cite(&self, contribution: &Contribution, of: NodeId, uses: &Uses, cited: &mut Cited) -> Vec<String> {
        if let Some((definition, law)) = self.affine(contribution, of) {
            return self.label(law, definition, None, cited, |viewer| viewer.affine_statement(definition));
        }
        let line = uses.in_line(self.graph(), contribution.through);
        let stated = contribution.laws.iter().filter_map(|law| {
            let rule = line.iter().find(|rule| rule.law == *law)?;
            let statement = |viewer: &Self| viewer.rule_statement(rule, &viewer.places(uses, rule));
            Some(self.label(law, rule.node, rule.inner, cited, statement))
        });
        stated.flatten().collect()
    }

    /// The operands for which the rule of an operator was used.
    fn places(&self, uses: &Uses, rule: &RuleUse) -> Vec<usize> {
        let alike = uses.gradients.uses.iter().filter(|other| other.law == rule.law && self.same_operator(other, rule));
        alike.map(|other| other.place).collect()
    }

    fn same_operator(&self, one: &RuleUse, other: &RuleUse) -> bool {
        let op = |rule: &RuleUse| self.graph().as_apply(rule.node).map(|(op, _)| op.clone());
        op(one) == op(other)
    }

    /// The label of a rule, which is stated at its first use of a kind.
    fn label(
        &self,
        law: &'static Law,
        node: NodeId,
        inner: Option<NodeId>,
        cited: &mut Cited,
        statement: impl FnOnce(&Self) -> Option<(Maths, Vec<Maths>)>,
    ) -> Vec<String> {
        let Some((op, operands)) = self.graph().as_apply(node) else { return Vec::new() };
        let shapes: Vec<Shape> = operands.iter().map(|id| self.graph().shape(*id).clone()).collect();
        let used = Use {
            law,
            op: op.clone(),
            inner: inner.and_then(|inner| self.graph().as_apply(inner)).map(|(op, _)| op.clone()),
            // Names of sizes differ from layer to layer; what a statement depends on is which sides are 1.
            shapes: shapes.iter().map(sides_of_one).collect(),
        };
        if let Some((_, place)) = cited.stated.iter().find(|(known, _)| *known == used) {
            return vec![cited.laws[*place].label.clone()];
        }
        let (premise, conclusions) = statement(self).unwrap_or_default();
        let same = |known: &LawView| known.premise == premise && known.conclusions == conclusions;
        let full = self.solution.model.settings.steps == Steps::Full;
        let law = if full && *law == SOFTMAX_CROSS_ENTROPY { &SOFTMAX_CROSS_ENTROPY_BY_CASES } else { law };
        let place = cited.laws.iter().position(same).unwrap_or_else(|| {
            cited.laws.push(LawView {
                label: format!("R{}", cited.laws.len() + 1),
                name: law.name,
                title: law.title,
                premise,
                conclusions,
                proof: match self.style {
                    Style::Latex => law.proof.latex.to_string(),
                    Style::Plain | Style::Text => law.proof.text.to_string(),
                },
                repeated: *law != AFFINE && *law != AFFINE_COLUMNS && is_repeating(op, &shapes),
                mean_over: mean_over(op),
            });
            cited.laws.len() - 1
        });
        cited.stated.push((used, place));
        vec![cited.laws[place].label.clone()]
    }

    fn is_param(&self, id: NodeId) -> bool {
        self.graph().as_leaf(id).is_some_and(|leaf| leaf.kind == LeafKind::Param)
    }

    /// The line `V = S W + b`, or `V = W S + b` with columns, through which a layer's input, weights or bias get their
    /// gradients, and its rule.
    fn affine(&self, contribution: &Contribution, of: NodeId) -> Option<(NodeId, &'static Law)> {
        let definition = self.graph().as_symbol(contribution.through)?.definition;
        let (Op::Add(Add), [product, bias]) = self.graph().as_apply(definition)? else { return None };
        let (Op::MatMul(MatMul), factors) = self.graph().as_apply(*product)? else { return None };
        let known = |law: &&'static Law| **law == MATRIX_PRODUCT || **law == SUM_RULE;
        if self.graph().as_apply(*bias).is_some() {
            return None;
        }
        let takes_part = factors.contains(&of) || *bias == of;
        let weights_first = self.is_param(factors[0]) && !self.is_param(factors[1]);
        let shape = self.graph().shape(*bias);
        let law = match weights_first {
            true if shape.is_column() => &AFFINE_COLUMNS,
            false if shape.is_row() => &AFFINE,
            true | false => return None,
        };
        (takes_part && contribution.laws.iter().all(known)).then_some((definition, law))
    }

    /// The rule with letters for the operands: premise and conclusions.
    fn rule_statement(&self, rule: &RuleUse, places: &[usize]) -> Option<(Maths, Vec<Maths>)> {
        let (op, operands) = self.graph().as_apply(rule.node)?;
        let shapes: Vec<Shape> = operands.iter().map(|operand| self.graph().shape(*operand).clone()).collect();
        let letters = op.reference().letters;
        let mut graph = Graph::default();
        let letter = |graph: &mut Graph, place: usize, shape: &Shape| {
            leaf(graph, letters.get(place).copied().unwrap_or("A"), shape.clone())
        };
        let mut general: Vec<NodeId> =
            shapes.iter().enumerate().map(|(place, shape)| letter(&mut graph, place, shape)).collect();
        let inner = rule.inner.and_then(|inner| self.graph().as_apply(inner));
        let mut variable = general[rule.place];
        let mut premise = None;
        if let Some((inner, inner_operands)) = inner {
            let input = *inner.reference().letters.first()?;
            variable = leaf(&mut graph, input, self.graph().shape(inner_operands[0]).clone());
            let made = graph.apply(inner.clone(), &[variable]).ok()?;
            let name = letters.get(rule.place).copied().unwrap_or("P");
            general[rule.place] = graph.add_symbol(SymbolName::Model(name.to_string()), made);
            premise = Some(general[rule.place]);
        }
        let result = graph.apply(op.clone(), &general).ok()?;
        let name = letters.last().copied().unwrap_or("V");
        let output = graph.add_symbol(SymbolName::Model(name.to_string()), result);
        let upstream = upstream(&mut graph, output);
        let site = Site { operands: &general, output, upstream };
        let rules = match inner {
            Some(_) => op
                .fusions(&shapes)
                .into_iter()
                .filter(|fusion| fusion.law == rule.law)
                .take(1)
                .map(|fusion| (variable, fusion.term))
                .collect::<Vec<_>>(),
            None => op
                .gradient(&shapes)
                .into_iter()
                .enumerate()
                .filter(|(place, own)| own.law == rule.law && places.contains(place))
                .map(|(place, own)| (general[place], own.term))
                .collect(),
        };
        let conclusions = rules
            .into_iter()
            .filter_map(|(of, term)| {
                let raw = graph.instantiate(&term, site).ok()??;
                let form = simplify(&mut graph, raw, &mut Memo::default()).node;
                Some(self.conclusion(&graph, of, form))
            })
            .collect();
        Some((self.premise(&graph, premise.unwrap_or(output)), conclusions))
    }

    fn affine_statement(&self, definition: NodeId) -> Option<(Maths, Vec<Maths>)> {
        let (_, parts) = self.graph().as_apply(definition)?;
        let (_, factors) = self.graph().as_apply(parts[0])?;
        // In the column layout the weights stand on the left: V = W S + b.
        let letters = if self.is_param(factors[0]) && !self.is_param(factors[1]) { ["W", "S"] } else { ["S", "W"] };
        let mut graph = Graph::default();
        let left = leaf(&mut graph, letters[0], self.graph().shape(factors[0]).clone());
        let right = leaf(&mut graph, letters[1], self.graph().shape(factors[1]).clone());
        let bias = leaf(&mut graph, "b", self.graph().shape(parts[1]).clone());
        let product = graph.apply(MatMul, &[left, right]).ok()?;
        let sum = graph.apply(Add, &[product, bias]).ok()?;
        let output = graph.add_symbol(SymbolName::Model("V".to_string()), sum);
        let upstream = upstream(&mut graph, output);
        let mut conclusions = Vec::new();
        for (node, operands) in [(product, [left, right]), (sum, [product, bias])] {
            let (op, _) = graph.as_apply(node)?;
            let shapes: Vec<Shape> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
            let rules = op.gradient(&shapes);
            for (of, rule) in operands.iter().zip(rules).filter(|(of, _)| **of != product) {
                let raw =
                    graph.instantiate(&rule.term, Site { operands: &operands, output: node, upstream }).ok()??;
                let form = simplify(&mut graph, raw, &mut Memo::default()).node;
                conclusions.push(self.conclusion(&graph, *of, form));
            }
        }
        Some((self.premise(&graph, output), conclusions))
    }

    fn premise(&self, graph: &Graph, symbol: NodeId) -> Maths {
        let printer = Printer::new(graph, self.style);
        format!("{} = {}", printer.print(symbol), printer.definition(symbol))
    }

    fn conclusion(&self, graph: &Graph, of: NodeId, form: NodeId) -> Maths {
        let printer = Printer::new(graph, self.style);
        let (of, form) = (printer.print(of), printer.print(form));
        match self.style {
            Style::Plain => format!("d{of} = {form}"),
            Style::Latex => format!("\\delta_{{{of}}} = {form}"),
            Style::Text => format!("δ{of} = {form}"),
        }
    }
}

/// Whether the operator repeats one operand along the other.
fn is_repeating(op: &Op, shapes: &[Shape]) -> bool {
    let broadcasts =
        matches!(op, Op::Add(_) | Op::Sub(_) | Op::Hadamard(_) | Op::Div(_) | Op::Maximum(_) | Op::Minimum(_));
    broadcasts && shapes.windows(2).any(|pair| pair[0] != pair[1])
}

/// What a loss that is a mean divides by the number of.
fn mean_over(op: &Op) -> Option<&'static str> {
    let mean = op.is_loss() && op.options().contains(&("reduce", "mean".to_string()));
    let over = if matches!(op, Op::CrossEntropy(_)) { "examples" } else { "entries" };
    mean.then_some(over)
}

/// The shape with every side that is not 1 alike.
fn sides_of_one(shape: &Shape) -> Shape {
    Shape(shape.0.iter().map(|side| if side.is_one() { Dim::one() } else { Dim::name("n") }).collect())
}

impl Cited {
    pub fn count(&self) -> usize {
        self.laws.len()
    }

    /// The rules that were cited after the first so many.
    pub fn since(&self, known: usize) -> Vec<LawView> {
        self.laws[known..].to_vec()
    }
}

fn leaf(graph: &mut Graph, name: &str, shape: Shape) -> NodeId {
    graph.add_leaf(Leaf {
        name: name.to_string(),
        kind: LeafKind::Input,
        shape,
        value: None,
        one_hot_axis: None,
        description: None,
    })
}

/// The gradient with respect to a result: 1 where the result is the loss itself.
fn upstream(graph: &mut Graph, output: NodeId) -> NodeId {
    let shape = graph.shape(output).clone();
    if shape.is_scalar() {
        return graph.integer(1);
    }
    let given = leaf(graph, "upstream", shape);
    graph.add_symbol(SymbolName::Gradient { of: output, loss: output }, given)
}
