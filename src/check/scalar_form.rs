//! Scalar form: transposes and sums over the batch left out, as many courses write it. An answer in it is right if it is
//! the right answer for one example with one value everywhere.
//!
//! Everything is a number there: transposes and sums do nothing and all products are the same. What acts along an axis
//! (softmax of a single number is always 1) stays unevaluated: a value that stands for the operator and what it acts on.

use super::judge::Case;
use super::marker::Marker;
use super::sheet::{Given, Sheet, as_expression, used_names};
use crate::answer::Subject;
use crate::graph::{Graph, Kind, Leaf, NodeId};
use crate::lower::{Meaning, Scope, expression};
use crate::ops::{Acts, Op};
use crate::shape::{Dim, Shape};
use crate::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, LeafKind};
use crate::tensor::Tensor;
use fastrand::Rng;
use std::collections::BTreeMap;

/// Sets of numbers that are tried.
const DRAWS: u64 = 16;
/// Doubles that were computed in different ways.
const SAME: f64 = 1e-8;

impl Marker<'_> {
    /// Whether an answer is right in scalar form, in a sheet that leaves transposes and sums out throughout.
    pub(super) fn is_scalar_form(&mut self, case: &Case) -> bool {
        let key = self.key;
        let Some(reference) = key.questions[case.place].node else { return false };
        let question = &key.questions[case.place];
        let gradient = matches!(question.subject, Subject::Gradient { .. });
        if !gradient || question.value.is_some() || has_forms_of_matrices(case.sheet) {
            return false;
        }
        let mut scratch = Graph::default();
        let mut scope = self.singles(&mut scratch);
        let own: Vec<String> = case.sheet.named.keys().cloned().collect();
        let mut definitions: BTreeMap<String, Expr> = BTreeMap::new();
        for name in own.iter().filter(|name| key.is_free(name)) {
            if let Some(value) = case.sheet.named.get(name).and_then(|answer| as_expression(&answer.value)) {
                definitions.insert(name.clone(), value.clone());
            }
        }
        let Some(node) = lowered(&mut scratch, &mut scope, key, case.expr, &mut definitions) else { return false };
        let mut draws = (0..DRAWS).map(|draw| {
            let ours = Scalars { graph: &self.graph, seed: draw, names: &|id| super::key::name(&self.graph, id) };
            let known = ours.values(&[reference]);
            let all: BTreeMap<String, f64> = self.named_scalars(&ours);
            let theirs = Scalars { graph: &scratch, seed: draw, names: &|id| super::key::name(&scratch, id) };
            let found = theirs.value_with(node, &all)?;
            Some((known.get(&reference).copied()?, found))
        });
        draws.all(|both| both.is_some_and(|(right, found)| (right - found).abs() <= SAME * right.abs().max(1e-3)))
    }

    /// A scope in which every known name is a 1 x 1 leaf.
    fn singles(&self, scratch: &mut Graph) -> Scope {
        let mut scope = Scope::new(self.key.scope.default_axis);
        scope.answers = true;
        for (key, spelling) in self.key.scope.spellings() {
            match self.key.scope.get(key).map(|known| &known.meaning) {
                Some(Meaning::Value(_)) => {
                    let leaf =
                        scratch.add_leaf(Leaf::unknown(key, LeafKind::Input, Shape::matrix(Dim::one(), Dim::one())));
                    scope.insert(spelling, Meaning::Value(leaf));
                }
                Some(Meaning::Size(dim)) => scope.insert(spelling, Meaning::Size(dim.clone())),
                Some(Meaning::Broken | Meaning::Unvalued) | None => {}
            }
        }
        scope
    }

    fn named_scalars(&self, ours: &Scalars) -> BTreeMap<String, f64> {
        let named = self.key.scope.spellings().filter_map(|(key, _)| match self.key.scope.get(key)?.meaning {
            Meaning::Value(id) => Some((key.to_string(), id)),
            Meaning::Size(_) | Meaning::Broken | Meaning::Unvalued => None,
        });
        let named: Vec<(String, NodeId)> = named.collect();
        let values = ours.values(&named.iter().map(|(_, id)| *id).collect::<Vec<_>>());
        named.into_iter().filter_map(|(key, id)| Some((key, *values.get(&id)?))).collect()
    }
}

/// The node of an expression in the scratch graph, the student's own names first.
fn lowered(
    scratch: &mut Graph,
    scope: &mut Scope,
    key: &super::key::Key,
    expr: &Expr,
    definitions: &mut BTreeMap<String, Expr>,
) -> Option<NodeId> {
    for name in used_names(key, expr) {
        // Taken out, so that what is given in terms of itself ends.
        if let Some(definition) = definitions.remove(&name) {
            let node = lowered(scratch, scope, key, &definition, definitions)?;
            scope.insert(&name, Meaning::Value(node));
        }
    }
    expression(scratch, scope, expr).ok()
}

/// Whether a sheet has a transpose or a sum anywhere: then one that is missing is a mistake.
fn has_forms_of_matrices(sheet: &Sheet) -> bool {
    has(sheet, |expr, kind| match kind {
        ExprKind::Transpose(_) | ExprKind::Sum { .. } => true,
        // Between values it says that they are matrices; a mask is written so in either form.
        ExprKind::Binary { op: BinaryOp::ElementwiseMul, left, right } => {
            ![left, right].into_iter().any(|id| masks(expr, *id))
        }
        ExprKind::Call { callee, .. } => matches!(callee.text.as_str(), "sum" | "colsum" | "rowsum" | "mean" | "ones"),
        _ => false,
    })
}

/// Whether some such thing stands anywhere in a sheet.
pub(super) fn has(sheet: &Sheet, wanted: impl Fn(&Expr, &ExprKind) -> bool) -> bool {
    let given = sheet.given.iter().flat_map(|given| match given {
        Given::Whole(answer, _) => vec![*answer],
        Given::Entries(entries) => entries.iter().map(|(_, answer)| *answer).collect(),
        Given::Missing | Given::Unreadable(_) => Vec::new(),
    });
    let mut all = given.chain(sheet.named.values().copied()).filter_map(|answer| as_expression(&answer.value));
    all.any(|expr| expr.nodes.iter().any(|node| wanted(expr, &node.kind)))
}

/// Whether a factor is an indicator, or the derivative of something that acts entry by entry.
fn masks(expr: &Expr, id: ExprId) -> bool {
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        match &expr.node(id).kind {
            ExprKind::Indicator { .. } | ExprKind::Prime { .. } | ExprKind::Cases(_) => return true,
            ExprKind::Binary { left, right, .. } => waiting.extend([*left, *right]),
            ExprKind::Negate(of) => waiting.push(*of),
            ExprKind::Number(_)
            | ExprKind::Name(_)
            | ExprKind::Call { .. }
            | ExprKind::Transpose(_)
            | ExprKind::Entry { .. }
            | ExprKind::Matrix(_)
            | ExprKind::Sum { .. }
            | ExprKind::Gradient { .. } => {}
        }
    }
    false
}

/// Evaluates a graph as if every size were 1.
struct Scalars<'a> {
    graph: &'a Graph,
    seed: u64,
    names: &'a dyn Fn(NodeId) -> Option<String>,
}

impl Scalars<'_> {
    fn values(&self, roots: &[NodeId]) -> BTreeMap<NodeId, f64> {
        self.evaluated(roots, &BTreeMap::new())
    }

    fn value_with(&self, node: NodeId, leaves: &BTreeMap<String, f64>) -> Option<f64> {
        self.evaluated(&[node], leaves).get(&node).copied()
    }

    fn evaluated(&self, roots: &[NodeId], leaves: &BTreeMap<String, f64>) -> BTreeMap<NodeId, f64> {
        let needed = self.graph.needed(roots);
        let mut values: BTreeMap<NodeId, f64> = BTreeMap::new();
        for id in self.graph.ids().filter(|id| needed[id.place()]) {
            let value = match self.graph.kind(id) {
                Kind::Leaf(_) => {
                    let name = (self.names)(id).unwrap_or_default();
                    Some(leaves.get(&name).copied().unwrap_or_else(|| self.drawn(&name)))
                }
                Kind::Symbol(symbol) => values.get(&self.graph.symbol(*symbol).definition).copied(),
                Kind::Number(number) => Some(number.to_f64()),
                Kind::Literal(literal) => {
                    let literal = self.graph.literal(*literal);
                    (literal.size() == 1).then(|| literal.first().to_f64())
                }
                Kind::Size(dim) => Some(self.drawn(&dim.to_string())),
                Kind::Ones(_) => Some(1.0),
                Kind::Apply(op, operands) => {
                    let operands: Option<Vec<f64>> = operands.iter().map(|id| values.get(id).copied()).collect();
                    operands.and_then(|operands| self.applied(op, &operands))
                }
            };
            values.extend(value.filter(|value| value.is_finite()).map(|value| (id, value)));
        }
        values
    }

    /// A number for a name, the same in both graphs.
    fn drawn(&self, name: &str) -> f64 {
        let seed =
            name.bytes().fold(self.seed + 0x9e37, |seed, byte| seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
        let mut random = Rng::with_seed(seed);
        (0.3 + random.f64()) * if random.bool() { 1.0 } else { -1.0 }
    }

    fn applied(&self, op: &Op, operands: &[f64]) -> Option<f64> {
        match op.reference().acts {
            Acts::Gathers => operands.first().copied(),
            Acts::Product => Some(operands.iter().product()),
            Acts::EachEntry | Acts::Pairwise | Acts::Formula => {
                let numbers: Vec<Tensor<f64>> = operands.iter().map(|value| Tensor::scalar(*value)).collect();
                let scalars: Vec<&Tensor<f64>> = numbers.iter().collect();
                op.evaluate(&scalars).ok().map(|value| *value.first())
            }
            // Along an axis, over windows, at entries: a value that stands for it.
            Acts::Whole => {
                let bits: Vec<String> = operands.iter().map(|value| format!("{:.6}", value)).collect();
                Some(self.drawn(&format!("{}{:?}({})", op.reference().name, op.options(), bits.join(","))))
            }
        }
    }
}
