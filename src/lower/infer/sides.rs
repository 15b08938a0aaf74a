//! Sides of shapes that are not known yet: which are equal, and what they are called.

use crate::syntax::ast::DimExpr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Side(usize);

/// What an expression's shape is, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ty {
    Number,
    Matrix(Side, Side),
    /// A leaf in lower case that nothing has told of yet, by its place.
    Open(usize),
    /// What is not looked into: the shapes of what it is made of have to be written.
    Closed,
}

/// Sides by classes of equal ones.
#[derive(Debug, Default)]
pub(super) struct Sides {
    parent: Vec<usize>,
    known: Vec<Option<DimExpr>>,
    /// How many sides were found equal: what still changes is looked at again.
    pub joined: usize,
}

impl Sides {
    pub fn fresh(&mut self) -> Side {
        self.parent.push(self.parent.len());
        self.known.push(None);
        Side(self.parent.len() - 1)
    }

    pub fn known(&mut self, dim: DimExpr) -> Side {
        let side = self.fresh();
        self.known[side.0] = Some(dim);
        side
    }

    pub fn one(&mut self) -> Side {
        self.known(DimExpr::Integer(1))
    }

    pub fn root(&self, side: Side) -> Side {
        let mut root = side.0;
        while self.parent[root] != root {
            root = self.parent[root];
        }
        Side(root)
    }

    pub fn value(&self, side: Side) -> Option<&DimExpr> {
        self.known[self.root(side).0].as_ref()
    }

    pub fn is_one(&self, side: Side) -> bool {
        self.value(side) == Some(&DimExpr::Integer(1))
    }

    pub fn name(&mut self, side: Side, dim: DimExpr) {
        let root = self.root(side);
        self.known[root.0] = Some(dim);
    }

    /// Two sides that have to be equal; where both are known and differ, lowering tells it.
    pub fn join(&mut self, a: Side, b: Side) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b || (self.known[a.0].is_some() && self.known[b.0].is_some()) {
            return;
        }
        let (root, other) = if self.known[b.0].is_some() { (b, a) } else { (a, b) };
        self.parent[other.0] = root.0;
        self.joined += 1;
    }

    /// The shape of what is taken entry by entry: a side of 1 is repeated.
    pub fn broadcast(&mut self, a: Ty, b: Ty) -> Ty {
        match (a, b) {
            (Ty::Closed, _) | (_, Ty::Closed) => Ty::Closed,
            (Ty::Number | Ty::Open(_), other) | (other, Ty::Number | Ty::Open(_)) => other,
            (Ty::Matrix(rows, columns), Ty::Matrix(other_rows, other_columns)) => {
                Ty::Matrix(self.wider(rows, other_rows), self.wider(columns, other_columns))
            }
        }
    }

    fn wider(&mut self, a: Side, b: Side) -> Side {
        match (self.is_one(a), self.is_one(b)) {
            (true, _) => b,
            (false, true) => a,
            (false, false) => {
                self.join(a, b);
                a
            }
        }
    }
}
