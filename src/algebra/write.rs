//! From a form multiplied out back to an expression.

use super::{Atom, Factor, Function, Poly, Product, Sides, What, is_single};
use crate::graph::{Graph, NodeId};
use crate::number::Number;
use crate::ops::{
    Add, Compare, Diag, Div, Exp, Hadamard, Inverse, Log, Neg, Pow, Scale, ShapeError, Sqrt, Sub, Sum, Trace, Transpose,
};
use crate::shape::{Dim, Shape};
use crate::syntax::ast::Relation;

type Made = Result<NodeId, ShapeError>;

impl Poly {
    /// The expression that it is, in its own shape.
    pub fn node(&self, graph: &mut Graph) -> Made {
        let mut sum: Option<NodeId> = None;
        // A sum begins with a term that is added, where there is one.
        let mut terms: Vec<(&Product, &Number)> = self.terms.iter().map(|(product, own)| (product, &own.0)).collect();
        let minus = terms.iter().all(|(product, number)| product.is_one() || number.is_negative());
        let rank = |(product, number): &(&Product, &Number)| match minus {
            true => (number.is_negative(), product.is_one()),
            false => (product.is_one(), number.is_negative()),
        };
        terms.sort_by_key(rank);
        for (product, number) in terms {
            let minus = number.is_negative();
            let term = product.node(graph, &number.abs())?;
            sum = Some(match (sum, minus) {
                (None, false) => term,
                (None, true) => graph.apply(Neg, &[term])?,
                (Some(sum), false) => graph.apply(Add, &[sum, term])?,
                (Some(sum), true) => graph.apply(Sub, &[sum, term])?,
            });
        }
        let sum = sum.unwrap_or_else(|| graph.integer(0));
        repeated(graph, sum, &self.sides)
    }
}

/// What has the wanted shape: one that is smaller is repeated by a matrix of ones.
fn repeated(graph: &mut Graph, node: NodeId, (rows, columns): &Sides) -> Made {
    if is_single(&(rows.clone(), columns.clone())) {
        return Ok(node);
    }
    let wanted = Shape::matrix(rows.clone(), columns.clone());
    if *graph.shape(node) == wanted {
        return Ok(node);
    }
    let ones = graph.ones(wanted);
    multiplied(graph, node, ones)
}

/// Entry by entry, the smaller one repeated.
fn multiplied(graph: &mut Graph, a: NodeId, b: NodeId) -> Made {
    match (graph.shape(a).is_scalar(), graph.shape(b).is_scalar()) {
        (true, _) => graph.apply(Scale, &[a, b]),
        (false, true) => graph.apply(Scale, &[b, a]),
        (false, false) => graph.apply(Hadamard, &[a, b]),
    }
}

impl Product {
    /// The product with a number before it: scalars first, then what has entries; what is divided by, below.
    fn node(&self, graph: &mut Graph, number: &Number) -> Made {
        // A sum over entries is a number before the entries that it multiplies, with what it is divided by.
        let (single, entries) = self.parted(|factor| is_single(&factor.sides));
        if single.0.iter().any(|(factor, power)| *power > 0 && matches!(factor.what, What::Cycle(_)))
            && !entries.is_one()
        {
            let (front, entries) = (single.node(graph, number)?, entries.node(graph, &Number::integer(1))?);
            return graph.apply(Scale, &[front, entries]);
        }
        let mut above: Vec<NodeId> = Vec::new();
        let mut below: Vec<NodeId> = Vec::new();
        let mut ordered: Vec<(&Factor, &i64)> = self.0.iter().collect();
        let weight = |(factor, _): &(&Factor, &i64)| match (&factor.what, is_single(&factor.sides)) {
            (What::Scalar(_), _) => 0,
            (What::Cycle(_), _) => 2,
            (_, true) => 1,
            (_, false) => 3,
        };
        ordered.sort_by_key(weight);
        for (factor, power) in ordered {
            let base = factor.node(graph)?;
            let size = power.unsigned_abs();
            let raised = match size {
                1 => base,
                _ => {
                    let exponent = graph.integer(size as i64);
                    graph.apply(Pow, &[base, exponent])?
                }
            };
            if *power > 0 { above.push(raised) } else { below.push(raised) }
        }
        let mut parts = above.into_iter();
        let mut node = match (parts.next(), number == &Number::integer(1)) {
            (Some(first), true) => first,
            (Some(first), false) => {
                let number = graph.number(number.clone());
                graph.apply(Scale, &[number, first])?
            }
            (None, _) => graph.number(number.clone()),
        };
        for part in parts {
            node = multiplied(graph, node, part)?;
        }
        let mut divisor: Option<NodeId> = None;
        for part in below {
            divisor = Some(match divisor {
                None => part,
                Some(divisor) => multiplied(graph, divisor, part)?,
            });
        }
        match divisor {
            Some(divisor) => graph.apply(Div, &[node, divisor]),
            None => Ok(node),
        }
    }
}

impl Factor {
    /// A matrix with one entry is that entry.
    fn node(&self, graph: &mut Graph) -> Made {
        let node = self.expression(graph)?;
        match is_single(&self.sides) && !graph.shape(node).is_scalar() {
            true => graph.apply(Sum { axis: None }, &[node]),
            false => Ok(node),
        }
    }

    fn expression(&self, graph: &mut Graph) -> Made {
        match &self.what {
            What::Scalar(node) => Ok(*node),
            What::Word(atoms) => chain(graph, atoms),
            What::Cycle(atoms) => cycle(graph, atoms),
            What::Identity => {
                let ones = graph.ones(Shape::matrix(self.sides.0.clone(), Dim::one()));
                graph.apply(Diag, &[ones])
            }
            What::Sum(of) => of.node(graph),
            What::Function(function, of) => {
                let of = of.node(graph)?;
                match function {
                    Function::Exp => graph.apply(Exp, &[of]),
                    Function::Log => graph.apply(Log { base: None }, &[of]),
                    Function::Sqrt => graph.apply(Sqrt, &[of]),
                    Function::Positive => {
                        let zero = graph.integer(0);
                        graph.apply(Compare { relation: Relation::Greater }, &[of, zero])
                    }
                }
            }
        }
    }
}

fn chain(graph: &mut Graph, atoms: &[Atom]) -> Made {
    // A product with ones is a sum along an axis.
    match atoms {
        [inner @ .., Atom::Ones { row: false, .. }] if !inner.is_empty() => {
            let inner = chain(graph, inner)?;
            return graph.apply(Sum { axis: Some(1) }, &[inner]);
        }
        [Atom::Ones { row: true, .. }, inner @ ..] if !inner.is_empty() => {
            let inner = chain(graph, inner)?;
            return graph.apply(Sum { axis: Some(0) }, &[inner]);
        }
        _ => {}
    }
    let mut node: Option<NodeId> = None;
    for atom in atoms {
        let next = atom.node(graph)?;
        node = Some(match node {
            None => next,
            Some(node) => graph.product(node, next)?,
        });
    }
    Ok(node.unwrap_or_else(|| graph.integer(1)))
}

fn cycle(graph: &mut Graph, atoms: &[Atom]) -> Made {
    if atoms.first().is_some_and(|atom| atom.sides().0.is_one()) {
        // ones between which something stands are a sum of all entries.
        let inner = match atoms {
            [Atom::Ones { row: true, .. }, inner @ .., Atom::Ones { row: false, .. }] => Some(inner),
            [Atom::Ones { row: true, .. }, inner @ ..] => Some(inner),
            [inner @ .., Atom::Ones { row: false, .. }] => Some(inner),
            _ => None,
        };
        return match inner.filter(|inner| !inner.is_empty()) {
            Some(inner) => {
                let turned: Vec<Atom> = inner.iter().rev().map(Atom::transposed).collect();
                let inner = if transposes(&turned) < transposes(inner) { &turned[..] } else { inner };
                let inner = chain(graph, inner)?;
                graph.apply(Sum { axis: None }, &[inner])
            }
            None => chain(graph, atoms),
        };
    }
    let inner = chain(graph, atoms)?;
    graph.apply(Trace, &[inner])
}

/// How many transposes are written in a word.
fn transposes(atoms: &[Atom]) -> usize {
    let of_product = |product: &Product| -> usize {
        product
            .0
            .keys()
            .map(|factor| match &factor.what {
                What::Word(atoms) | What::Cycle(atoms) => transposes(atoms),
                What::Function(_, of) | What::Sum(of) => {
                    of.terms.keys().flat_map(|product| product.0.keys()).map(of_factor).sum()
                }
                What::Scalar(_) | What::Identity => 0,
            })
            .sum()
    };
    let of_atom = |atom: &Atom| match atom {
        Atom::Matrix { transposed, .. } => usize::from(*transposed),
        Atom::Entries(product, _) | Atom::Diagonal(product, _) => of_product(product),
        Atom::Ones { .. } | Atom::Inverse(_) => 0,
    };
    atoms.iter().map(of_atom).sum()
}

fn of_factor(factor: &Factor) -> usize {
    match &factor.what {
        What::Word(atoms) | What::Cycle(atoms) => transposes(atoms),
        _ => 0,
    }
}

impl Atom {
    fn node(&self, graph: &mut Graph) -> Made {
        match self {
            Atom::Matrix { node, transposed: false, .. } => Ok(*node),
            Atom::Matrix { node, transposed: true, .. } => graph.apply(Transpose, &[*node]),
            Atom::Ones { of, row } => {
                let (rows, columns) = if *row { (Dim::one(), of.clone()) } else { (of.clone(), Dim::one()) };
                Ok(graph.ones(Shape::matrix(rows, columns)))
            }
            Atom::Diagonal(product, side) => {
                let column = product.node(graph, &Number::integer(1))?;
                let column = repeated(graph, column, &(side.clone(), Dim::one()))?;
                graph.apply(Diag, &[column])
            }
            Atom::Entries(product, sides) => {
                let entries = product.node(graph, &Number::integer(1))?;
                repeated(graph, entries, sides)
            }
            Atom::Inverse(of) => {
                let of = of.node(graph)?;
                graph.apply(Inverse, &[of])
            }
        }
    }
}
