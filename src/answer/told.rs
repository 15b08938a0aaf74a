//! What a kind of question has to say: sentences with formulas in their holes, and blocks of formulas, which every
//! format lays out alike.

use crate::graph::NodeId;
use crate::math::{Math, Relation};
use crate::number::Number;
use crate::tensor::Tensor;

/// A question and its answer.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its name in the list of kinds.
    pub kind: &'static str,
    /// The heading of its part.
    pub title: &'static str,
    /// The question as the sheet has it.
    pub question: Say,
    pub blocks: Vec<Block>,
    /// Whether a person marks it.
    pub open: bool,
}

/// A sentence with formulas and words in its holes `{}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Say {
    pub text: &'static str,
    pub holes: Vec<Hole>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Hole {
    Formula(Formula),
    /// Formulas, the last behind an `and`.
    Formulas(Vec<Formula>),
    /// Statements with their letters.
    Statements(Vec<(String, Say)>),
    /// A sentence inside another.
    Say(Box<Say>),
    /// Words of the author's or of the program.
    Words(String),
}

/// A formula over a solved problem's graph.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    Node(NodeId),
    /// What a name stands for.
    Definition(NodeId),
    Value(Tensor<Number>),
    Math(Math),
    Related(Box<Formula>, Vec<(Relation, Formula)>),
    /// The second derivative, or the first, of a value in another.
    Derivative {
        of: NodeId,
        wrt: NodeId,
        order: u32,
    },
    /// Factors beside each other.
    Product(Vec<Formula>),
    Transposed(Box<Formula>),
    /// `‖v‖²`
    SquaredNorm(Box<Formula>),
    Sum(Vec<Formula>),
}

#[derive(Clone, Debug)]
pub enum Block {
    Say(Say),
    /// A formula on a line of its own; boxed where it is the answer.
    Display {
        formula: Formula,
        boxed: bool,
    },
    /// A first form, then each equal one and why.
    Chain {
        first: Formula,
        links: Vec<Link>,
    },
    Table {
        headings: Vec<Say>,
        rows: Vec<Vec<Say>>,
    },
    /// The author's own paragraphs.
    Wording(String),
}

/// A further member of a chain.
#[derive(Clone, Debug)]
pub struct Link {
    pub relation: Relation,
    pub formula: Formula,
    pub because: Say,
}

impl Say {
    pub fn new(text: &'static str) -> Say {
        Say { text, holes: Vec::new() }
    }

    pub fn formula(self, formula: Formula) -> Say {
        self.hole(Hole::Formula(formula))
    }

    pub fn node(self, id: NodeId) -> Say {
        self.formula(Formula::Node(id))
    }

    pub fn nodes(self, ids: &[NodeId]) -> Say {
        self.hole(Hole::Formulas(ids.iter().map(|id| Formula::Node(*id)).collect()))
    }

    pub fn words(self, words: impl Into<String>) -> Say {
        self.hole(Hole::Words(words.into()))
    }

    pub fn hole(mut self, hole: Hole) -> Say {
        self.holes.push(hole);
        self
    }
}

impl Formula {
    /// `left = right`
    pub fn equal(left: Formula, right: Formula) -> Formula {
        Formula::Related(Box::new(left), vec![(Relation::Equal, right)])
    }

    pub fn related(left: Formula, relation: Relation, right: Formula) -> Formula {
        Formula::Related(Box::new(left), vec![(relation, right)])
    }
}
