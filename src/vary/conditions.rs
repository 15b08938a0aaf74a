//! What a section `variants` asks of a draw: conditions on values of the model and on answers, exactly.

use super::work::{operands, ties};
use crate::diagnostic::Diagnostic;
use crate::graph::{Environment, EvaluationError, Graph, NodeId};
use crate::lower::{Scope, expression};
use crate::number::Number;
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind, ExprNode, Name, Relation, Requirement, Spanned, Spec, VariantsLine};
use crate::tensor::Tensor;
use serde::Serialize;

/// The conditions of a problem, in the order of the file, and what variants have to differ in.
#[derive(Clone, Debug)]
pub struct Conditions {
    requirements: Vec<Spanned<Requirement>>,
    differ: Vec<Name>,
    alike: Vec<Expr>,
}

/// How much work a value is, for a person: what all variants have alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Fairness {
    /// Entries that are 0.
    pub zeros: usize,
    /// Digits of the longest entry.
    pub digits: usize,
}

/// What all variants have alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// Of an expression.
    Numbers(Fairness),
    /// Of the whole draw: `kinks`
    Measure(String),
}

/// Names with values: those of the model, or with the answers.
#[derive(Debug)]
pub struct Found<'a> {
    pub graph: &'a mut Graph,
    pub scope: &'a Scope,
    /// Whether a name that is not there is nowhere.
    pub all: bool,
    /// The measures of the whole draw that have a value in the scope.
    pub measures: &'a [&'static str],
    /// The answers that are numbers, once they are known.
    pub answers: Vec<&'a Tensor<Number>>,
}

/// How a draw is judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// It is kept, as far as it could be said; the conditions that wait for the answers.
    Kept(Vec<usize>),
    /// A condition does not hold.
    Fails(usize),
}

type Faults = Vec<Diagnostic>;

impl Conditions {
    pub fn of(spec: &Spec) -> Conditions {
        let (mut requirements, mut differ, mut alike) = (Vec::new(), Vec::new(), Vec::new());
        for line in &spec.variants {
            match line {
                VariantsLine::Require(all) => requirements.extend(all.iter().cloned()),
                VariantsLine::Differ(names) => differ.extend(names.iter().cloned()),
                VariantsLine::Alike(all) => alike.extend(all.iter().cloned()),
            }
        }
        Conditions { requirements, differ, alike }
    }

    /// How many conditions there are.
    pub fn count(&self) -> usize {
        self.requirements.len()
    }

    pub fn span(&self, condition: usize) -> Option<Span> {
        self.requirements.get(condition).map(|condition| condition.span)
    }

    /// What no two variants may have alike.
    pub fn differ(&self) -> &[Name] {
        &self.differ
    }

    /// Whether variants have to be as much work as each other.
    pub fn are_alike(&self) -> bool {
        !self.alike.is_empty()
    }

    pub fn alike_span(&self) -> Option<Span> {
        self.alike.first().map(|first| self.alike.iter().fold(first.span(), |span, expr| span.to(expr.span())))
    }

    /// How much work this draw is in that in which all are alike; none where that waits for the answers.
    ///
    /// # Errors
    /// An expression that can't be read, or has no value whatever is drawn.
    pub fn fairness(&self, found: &mut Found<'_>) -> Result<Option<Vec<Alike>>, Faults> {
        if !found.all && !self.alike.iter().all(|expr| found.knows(expr)) {
            return Ok(None);
        }
        let of = |expr: &Expr| {
            let value = found.value(expr)?;
            if let (Some(value), true) = (&value, found.measures(expr)) {
                return Ok(Alike::Measure(value.first().to_string()));
            }
            Ok(Alike::Numbers(value.as_ref().map(Fairness::of).unwrap_or_default()))
        };
        self.alike.iter().map(of).collect::<Result<_, _>>().map(Some)
    }

    /// Judges a draw by these conditions.
    ///
    /// # Errors
    /// A condition that can't be read, or has no value whatever is drawn.
    pub fn judge(&self, which: &[usize], found: &mut Found<'_>) -> Result<Judged, Faults> {
        let mut waiting = Vec::new();
        for place in which.iter().copied() {
            let Some(condition) = self.requirements.get(place) else { continue };
            let waits = matches!(condition.value, Requirement::Terminating);
            if !found.all && (waits || !sides(&condition.value).iter().all(|side| found.knows(side))) {
                waiting.push(place);
            } else if !found.holds(&condition.value)? {
                return Ok(Judged::Fails(place));
            }
        }
        Ok(Judged::Kept(waiting))
    }

    /// What this draw has of that in which variants differ; none where that waits for the answers.
    ///
    /// # Errors
    /// A name that is nowhere, or has no value.
    pub fn identity(&self, found: &mut Found<'_>) -> Result<Option<Vec<String>>, Faults> {
        if !found.all && self.differ.iter().any(|name| found.scope.get(&name.key()).is_none()) {
            return Ok(None);
        }
        let text = |name: &Name| {
            let expr = Expr { nodes: vec![ExprNode::new(ExprKind::Name(name.clone()), name.span)] };
            let value = found.value(&expr)?;
            let value = value.ok_or_else(|| vec![no_value(name.span)])?;
            Ok(value.entries().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        self.differ.iter().map(text).collect::<Result<_, _>>().map(Some)
    }
}

impl Fairness {
    pub fn of(value: &Tensor<Number>) -> Fairness {
        let digits = |entry: &Number| entry.to_string().chars().filter(char::is_ascii_digit).count();
        Fairness {
            zeros: value.entries().filter(|entry| **entry == Number::integer(0)).count(),
            digits: value.entries().map(digits).max().unwrap_or(0),
        }
    }
}

fn sides(requirement: &Requirement) -> Vec<&Expr> {
    match requirement {
        Requirement::Comparison { sides, .. } => sides.iter().collect(),
        Requirement::Integer(of) | Requirement::Distinct(of) | Requirement::NoTies(of) => vec![of],
        Requirement::Terminating => Vec::new(),
    }
}

fn no_value(span: Span) -> Diagnostic {
    Diagnostic::error("E-variants", "this has no value").at(span, "here").help("conditions speak of numbers")
}

impl Found<'_> {
    fn knows(&self, expr: &Expr) -> bool {
        expr.nodes.iter().all(|node| match &node.kind {
            ExprKind::Name(name) => self.scope.get(&name.key()).is_some(),
            _ => true,
        })
    }

    /// Whether an expression is a measure of the whole draw.
    fn measures(&self, expr: &Expr) -> bool {
        matches!(expr.nodes.as_slice(), [ExprNode { kind: ExprKind::Name(name), .. }] if self.measures.contains(&name.key().as_str()))
    }

    /// The value of an expression; none where this draw gives it none.
    fn value(&mut self, expr: &Expr) -> Result<Option<Tensor<Number>>, Faults> {
        let id: NodeId = expression(self.graph, self.scope, expr)?;
        match self.graph.evaluate(&[id], &Environment::<Number>::given(self.graph)) {
            Ok(values) => Ok(values.get(id).cloned()),
            Err(EvaluationError::NoValue(leaf)) => {
                let message = format!("this has no value: `{}` has none", self.graph.leaf(leaf).name);
                Err(vec![Diagnostic::error("E-variants", message).at(expr.span(), "here")])
            }
            Err(_) => Ok(None),
        }
    }

    /// How often several are the largest or the least; none of what chooses nothing.
    fn ties(&mut self, expr: &Expr) -> Result<Option<usize>, Faults> {
        let id: NodeId = expression(self.graph, self.scope, expr)?;
        let Some(operands) = operands(self.graph, id) else { return Ok(None) };
        let values = self.graph.evaluate(&operands, &Environment::<Number>::given(self.graph));
        Ok(values.ok().and_then(|values| ties(self.graph, id, |operand| values.get(operand))))
    }

    fn holds(&mut self, requirement: &Requirement) -> Result<bool, Faults> {
        let mut values = Vec::new();
        for side in sides(requirement) {
            match self.value(side)? {
                Some(value) => values.push(value),
                None => return Ok(false),
            }
        }
        let spans: Vec<Span> = sides(requirement).iter().map(|side| side.span()).collect();
        match requirement {
            Requirement::Integer(_) => Ok(values[0].entries().all(|entry| entry.to_integer().is_some())),
            Requirement::Distinct(_) => Ok(are_distinct(&values[0])),
            Requirement::NoTies(of) => Ok(self.ties(of)?.map_or_else(|| are_distinct(&values[0]), |ties| ties == 0)),
            Requirement::Terminating => Ok(self.answers.iter().flat_map(|value| value.entries()).all(terminates)),
            Requirement::Comparison { relations, .. } => {
                for (place, relation) in relations.iter().enumerate() {
                    let [left, right] = [&values[place], &values[place + 1]];
                    let fits = left.size() == 1 || right.size() == 1 || left.extents() == right.extents();
                    if !fits {
                        let message = format!("{} is compared with {}", left.shape(), right.shape());
                        let fault = Diagnostic::error("E-shape", message).at(spans[place].to(spans[place + 1]), "here");
                        return Err(vec![fault.help("a matrix is compared with a number, or with one of its shape")]);
                    }
                    let size = left.size().max(right.size());
                    let [left, right] = [left, right].map(|value| value.entries().collect::<Vec<&Number>>());
                    let pairs = left.iter().cycle().zip(right.iter().cycle()).take(size);
                    if !pairs.into_iter().all(|(left, right)| compare(*relation, left, right)) {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }
}

fn are_distinct(value: &Tensor<Number>) -> bool {
    let mut entries: Vec<String> = value.entries().map(ToString::to_string).collect();
    entries.sort();
    entries.windows(2).all(|pair| pair[0] != pair[1])
}

/// Whether a number can be written down whole: `0.25`, and neither `1/3` nor `0.1353…`.
fn terminates(number: &Number) -> bool {
    number.is_exact() && !number.to_string().contains('/')
}

fn compare(relation: Relation, left: &Number, right: &Number) -> bool {
    match relation {
        Relation::Greater => left > right,
        Relation::GreaterEqual => left >= right,
        Relation::Less => left < right,
        Relation::LessEqual => left <= right,
        Relation::Equal => left == right,
        Relation::NotEqual => left != right,
    }
}
