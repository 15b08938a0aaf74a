//! Puts a gradient rule's term into the graph.

use super::{Graph, NodeId};
use crate::ops::{Op, ShapeError, Term};

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
}
