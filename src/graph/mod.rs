//! Expressions as a directed acyclic graph: an arena in which equal expressions are one node, unless they have names.
//!
//! Operands stand before what uses them, so a walk in the order of the arena is a forward pass and a walk
//! backwards is a reverse pass; nothing recurses. A *symbol* is a node that gives an expression a name: printing
//! and rewriting stop there, so that a derivation stays as long as the model. What a line of the model is defined as is
//! the node of that line alone: `f1 = x*a` and `f2 = x*a` are two, and `x*a` written out elsewhere is a third.

mod assumption;
mod carefully;
mod extent;
mod instantiate;
mod overlay;
mod values;

pub use assumption::{ASSUMPTIONS, Assumption, imposed};
pub use carefully::{Known, MORE_BITS, Missing};
pub use extent::Extent;
pub use instantiate::Site;
pub use overlay::Instead;
pub use values::{Environment, EvaluationError, Replay, Values};

use crate::budget::spend;
use crate::number::Number;
use crate::ops::{MatMul, Op, Scale, ShapeError, Sum};
use crate::shape::{Dim, Shape};
use crate::syntax::ast::LeafKind;
use crate::tensor::Tensor;
use hashbrown::{DefaultHashBuilder, HashTable};
use serde::Serialize;
use std::collections::BTreeSet;
use std::hash::BuildHasher;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct NodeId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LeafId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LiteralId(u32);

/// What it takes to find or to make a node, in operations.
const APPLICATION: u64 = 64;

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Something given.
    Leaf(LeafId),
    /// A name for an expression.
    Symbol(SymbolId),
    Number(Number),
    /// A matrix of numbers written in an expression.
    Literal(LiteralId),
    /// A dimension as a number.
    Size(Dim),
    /// All ones.
    Ones(Shape),
    Apply(Op, Vec<NodeId>),
}

/// Something that a problem gives: data or a parameter.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The author's spelling.
    pub name: String,
    pub kind: LeafKind,
    pub shape: Shape,
    pub value: Option<Tensor<Number>>,
    /// The axis along which the entries are one-hot (sum to 1): 1 for one-hot rows.
    pub one_hot_axis: Option<usize>,
    /// What holds for each of its values.
    pub assumed: Vec<Assumption>,
    pub description: Option<String>,
}

impl Leaf {
    /// One of which nothing more is known.
    pub fn unknown(name: impl Into<String>, kind: LeafKind, shape: Shape) -> Leaf {
        let name = name.into();
        Leaf { name, kind, shape, value: None, one_hot_axis: None, assumed: Vec::new(), description: None }
    }
}

/// A name and what it stands for.
#[derive(Clone, Debug)]
pub struct Symbol {
    pub name: SymbolName,
    pub definition: NodeId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SymbolName {
    /// A line of the model; the author's spelling.
    Model(String),
    /// Named by us: a pre-activation, an intermediate value.
    Generated(String),
    /// The gradient of a loss with respect to a leaf or a symbol.
    Gradient { of: NodeId, loss: NodeId },
}

#[derive(Clone, Debug)]
struct Node {
    kind: Kind,
    shape: Shape,
}

#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    /// The nodes by what they are.
    index: HashTable<NodeId>,
    hasher: DefaultHashBuilder,
    leaves: Vec<Leaf>,
    symbols: Vec<Symbol>,
    literals: Vec<Tensor<Number>>,
    /// Whether examples are columns: what acts along an axis does so along the other where none is said.
    pub in_columns: bool,
}

impl Graph {
    /// How many nodes there are.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// All nodes, operands before what uses them.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    pub fn kind(&self, id: NodeId) -> &Kind {
        &self.nodes[id.0 as usize].kind
    }

    pub fn shape(&self, id: NodeId) -> &Shape {
        &self.nodes[id.0 as usize].shape
    }

    pub fn leaf(&self, id: LeafId) -> &Leaf {
        &self.leaves[id.0 as usize]
    }

    /// The leaves in the order in which they were given.
    pub fn leaves(&self) -> impl Iterator<Item = (LeafId, &Leaf)> {
        self.leaves.iter().enumerate().map(|(place, leaf)| (LeafId(place as u32), leaf))
    }

    pub fn symbol(&self, id: SymbolId) -> &Symbol {
        &self.symbols[id.0 as usize]
    }

    pub fn literal(&self, id: LiteralId) -> &Tensor<Number> {
        &self.literals[id.0 as usize]
    }

    /// The nodes of the leaves, in the order in which they were given.
    pub fn leaf_nodes(&self) -> impl Iterator<Item = (LeafId, NodeId)> {
        self.ids().filter_map(|id| match self.kind(id) {
            Kind::Leaf(leaf) => Some((*leaf, id)),
            _ => None,
        })
    }

    /// The node's leaf, if it is one.
    pub fn as_leaf(&self, id: NodeId) -> Option<&Leaf> {
        match self.kind(id) {
            Kind::Leaf(leaf) => Some(self.leaf(*leaf)),
            _ => None,
        }
    }

    /// The node's symbol, if it is one.
    pub fn as_symbol(&self, id: NodeId) -> Option<&Symbol> {
        match self.kind(id) {
            Kind::Symbol(symbol) => Some(self.symbol(*symbol)),
            _ => None,
        }
    }

    /// The node's operator and operands, if it is the application of one.
    pub fn as_apply(&self, id: NodeId) -> Option<(&Op, &[NodeId])> {
        match self.kind(id) {
            Kind::Apply(op, operands) => Some((op, operands)),
            _ => None,
        }
    }

    /// The number that the node is written as, if it is one.
    pub fn as_number(&self, id: NodeId) -> Option<&Number> {
        match self.kind(id) {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// What the node needs to be evaluated: its operands, or a symbol's definition.
    pub fn operands(&self, id: NodeId) -> &[NodeId] {
        match self.kind(id) {
            Kind::Apply(_, operands) => operands,
            Kind::Symbol(symbol) => std::slice::from_ref(&self.symbol(*symbol).definition),
            Kind::Leaf(_) | Kind::Number(_) | Kind::Literal(_) | Kind::Size(_) | Kind::Ones(_) => &[],
        }
    }

    /// For every node, whether one of `roots` needs it.
    pub fn needed(&self, roots: &[NodeId]) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        for root in roots {
            needed[root.0 as usize] = true;
        }
        // Operands stand before what uses them.
        let last = roots.iter().max().map_or(0, |root| root.0 + 1);
        for id in (0..last).rev().map(NodeId) {
            if needed[id.0 as usize] {
                for operand in self.operands(id) {
                    needed[operand.0 as usize] = true;
                }
            }
        }
        needed
    }

    /// The nodes that one of `roots` needs: as [`Graph::needed`], where they are few.
    pub fn cone(&self, roots: &[NodeId]) -> BTreeSet<NodeId> {
        let (mut cone, mut waiting) = (BTreeSet::new(), roots.to_vec());
        while let Some(id) = waiting.pop() {
            if cone.insert(id) {
                waiting.extend(self.operands(id));
            }
        }
        cone
    }

    /// For every node, whether it needs one of `leaves`.
    pub fn depending(&self, leaves: &[NodeId]) -> Vec<bool> {
        let mut depending = vec![false; self.size()];
        for id in self.ids() {
            let operands = self.operands(id);
            depending[id.place()] = leaves.contains(&id) || operands.iter().any(|operand| depending[operand.place()]);
        }
        depending
    }

    /// The expression with every symbol that needs one of `leaves` written out.
    pub fn written_out(&mut self, node: NodeId, leaves: &[NodeId]) -> NodeId {
        let (needed, depending) = (self.needed(&[node]), self.depending(leaves));
        let mut new: Vec<Option<NodeId>> = vec![None; self.size()];
        let ids: Vec<NodeId> = self.ids().filter(|id| needed[id.place()]).collect();
        for id in ids {
            let written = match self.kind(id).clone() {
                Kind::Symbol(symbol) if depending[id.place()] => {
                    new[self.symbol(symbol).definition.place()].unwrap_or(id)
                }
                Kind::Apply(op, operands) if depending[id.place()] => {
                    let operands: Vec<NodeId> =
                        operands.iter().map(|operand| new[operand.place()].unwrap_or(*operand)).collect();
                    self.apply(op, &operands).unwrap_or(id)
                }
                _ => id,
            };
            new[id.place()] = Some(written);
        }
        new[node.place()].unwrap_or(node)
    }

    fn insert(&mut self, kind: Kind, shape: impl FnOnce() -> Shape) -> NodeId {
        let hash = hash(&self.hasher, &kind);
        match self.index.find(hash, |id| *self.kind(*id) == kind) {
            Some(known) => *known,
            None => self.push(hash, kind, shape()),
        }
    }

    /// An application that nothing else is or will be: equal expressions made before or later are other nodes.
    fn own(&mut self, id: NodeId) -> NodeId {
        let Node { kind, shape } = self.nodes[id.place()].clone();
        if !matches!(kind, Kind::Apply(..)) {
            return id;
        }
        // What was made last is used by nothing yet.
        if id.place() + 1 == self.nodes.len() {
            if let Ok(entry) = self.index.find_entry(hash(&self.hasher, &kind), |known| *known == id) {
                entry.remove();
            }
            return id;
        }
        self.nodes.push(Node { kind, shape });
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// A node that is not there yet.
    fn push(&mut self, hash_of_kind: u64, kind: Kind, shape: Shape) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, shape });
        let (nodes, hasher) = (&self.nodes, &self.hasher);
        self.index.insert_unique(hash_of_kind, id, |id| hash(hasher, &nodes[id.place()].kind));
        id
    }

    pub fn add_leaf(&mut self, leaf: Leaf) -> NodeId {
        let id = LeafId(self.leaves.len() as u32);
        let shape = leaf.shape.clone();
        self.leaves.push(leaf);
        self.insert(Kind::Leaf(id), || shape)
    }

    pub fn add_symbol(&mut self, name: SymbolName, definition: NodeId) -> NodeId {
        let id = SymbolId(self.symbols.len() as u32);
        let definition = match name {
            SymbolName::Model(_) | SymbolName::Generated(_) => self.own(definition),
            // A gradient is equal to what it is written as: nothing is differentiated with respect to it.
            SymbolName::Gradient { .. } => definition,
        };
        let shape = self.shape(definition).clone();
        self.symbols.push(Symbol { name, definition });
        self.insert(Kind::Symbol(id), || shape)
    }

    pub fn add_literal(&mut self, value: Tensor<Number>) -> NodeId {
        let id = LiteralId(self.literals.len() as u32);
        let shape = value.shape();
        self.literals.push(value);
        self.insert(Kind::Literal(id), || shape)
    }

    pub fn number(&mut self, number: Number) -> NodeId {
        self.insert(Kind::Number(number), Shape::scalar)
    }

    pub fn integer(&mut self, value: i64) -> NodeId {
        self.number(Number::integer(value))
    }

    /// A dimension as a number; one that is known is that number.
    pub fn dimension(&mut self, dim: Dim) -> NodeId {
        match dim.as_integer() {
            Some(value) => self.integer(value),
            None => self.insert(Kind::Size(dim), Shape::scalar),
        }
    }

    pub fn ones(&mut self, shape: Shape) -> NodeId {
        match shape.is_scalar() {
            true => self.integer(1),
            false => self.insert(Kind::Ones(shape.clone()), || shape),
        }
    }

    /// The operator on these operands, if their shapes fit.
    pub fn apply(&mut self, op: impl Into<Op>, operands: &[NodeId]) -> Result<NodeId, ShapeError> {
        let op = op.into();
        spend(APPLICATION);
        let hash = hash_of_application(&self.hasher, &op, operands);
        let is_it = |id: &NodeId| matches!(self.kind(*id), Kind::Apply(own, all) if *own == op && all == operands);
        if let Some(known) = self.index.find(hash, is_it) {
            return Ok(*known);
        }
        let shapes: Vec<Shape> = operands.iter().map(|operand| self.shape(*operand).clone()).collect();
        let shape = op.shape(&shapes)?;
        Ok(self.push(hash, Kind::Apply(op, operands.to_vec()), shape))
    }

    /// The product that `*` means: the matrix product between matrices, a scalar multiple if one side is a scalar
    /// (or a 1 x 1 matrix that does not fit otherwise).
    pub fn product(&mut self, left: NodeId, right: NodeId) -> Result<NodeId, ShapeError> {
        match (self.shape(left).is_scalar(), self.shape(right).is_scalar()) {
            (true, _) => return self.apply(Scale, &[left, right]),
            (false, true) => return self.apply(Scale, &[right, left]),
            (false, false) => {}
        }
        let single = |shape: &Shape| shape.as_matrix().is_some_and(|(rows, columns)| rows.is_one() && columns.is_one());
        let (left_single, right_single) = (single(self.shape(left)), single(self.shape(right)));
        self.apply(MatMul, &[left, right]).or_else(|error| {
            let (factor, other) = match (left_single, right_single) {
                (true, _) => (left, right),
                (false, true) => (right, left),
                (false, false) => return Err(error),
            };
            let factor = self.apply(Sum { axis: None }, &[factor])?;
            self.apply(Scale, &[factor, other])
        })
    }
}

/// As the index has it; of an application it can be had before there is a [`Kind`].
fn hash(hasher: &DefaultHashBuilder, kind: &Kind) -> u64 {
    match kind {
        Kind::Apply(op, operands) => hash_of_application(hasher, op, operands),
        _ => hasher.hash_one(kind),
    }
}

fn hash_of_application(hasher: &DefaultHashBuilder, op: &Op, operands: &[NodeId]) -> u64 {
    hasher.hash_one((op, operands))
}

impl NodeId {
    /// The node's place in the arena: an index for tables with an entry a node.
    pub fn place(self) -> usize {
        self.0 as usize
    }
}
