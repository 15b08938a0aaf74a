//! Puts a gradient rule's term into the graph.

use super::{Graph, NodeId};
use crate::ops::{Op, ShapeError, Term};
use std::collections::HashMap;

/// What the holes of a term stand for.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    pub operands: &'a [NodeId],
    pub output: NodeId,
    pub upstream: NodeId,
}

impl Graph {
    /// The node for a term at a site; `None` where no gradient flows. Terms are as deep as a rule is written, so
    /// this may recurse.
    pub fn instantiate(&mut self, term: &Term, site: Site) -> Result<Option<NodeId>, ShapeError> {
        Ok(Some(match term {
            Term::Operand(place) => site.operands[*place],
            Term::Output => site.output,
            Term::Upstream => site.upstream,
            Term::Zero => return Ok(None),
            Term::Number(number) => self.number(number.clone()),
            Term::Size(dim) => self.dimension(dim.clone()),
            Term::Ones(shape) => self.ones(shape.clone()),
            Term::Apply(op, terms) => {
                let mut operands = Vec::with_capacity(terms.len());
                for term in terms {
                    match self.instantiate(term, site)? {
                        Some(operand) => operands.push(operand),
                        None => return Ok(None),
                    }
                }
                match (op, operands.as_slice()) {
                    (Op::Scale(_) | Op::MatMul(_), [left, right]) => self.product(*left, *right)?,
                    _ => self.apply(op.clone(), &operands)?,
                }
            }
        }))
    }

    /// An expression with some of its nodes replaced by others of their shapes; names that are not replaced stay.
    pub fn replaced(&mut self, form: NodeId, with: &HashMap<NodeId, NodeId>) -> NodeId {
        self.replaced_knowing(form, with, &mut HashMap::new())
    }

    fn replaced_knowing(
        &mut self,
        form: NodeId,
        with: &HashMap<NodeId, NodeId>,
        known: &mut HashMap<NodeId, NodeId>,
    ) -> NodeId {
        if let Some(other) = with.get(&form).or_else(|| known.get(&form)) {
            return *other;
        }
        let Some((op, operands)) = self.as_apply(form).map(|(op, operands)| (op.clone(), operands.to_vec())) else {
            return form;
        };
        let new: Vec<NodeId> = operands.iter().map(|operand| self.replaced_knowing(*operand, with, known)).collect();
        let made = if new == operands { form } else { self.apply(op, &new).unwrap_or(form) };
        known.insert(form, made);
        made
    }
}
