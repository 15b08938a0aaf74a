//! What a kind of question has to say: sentences with formulas in their holes, and blocks of formulas, which every
//! format lays out alike.

use crate::graph::NodeId;
use crate::math::{Math, Relation};
use crate::model::{EntryIndex, Point, Target};
use crate::number::Number;
use crate::tensor::Tensor;

/// A question and its answer.
#[derive(Clone, Debug)]
pub struct Told {
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
    /// Sentences, the last behind an `and`.
    Says(Vec<Say>),
    /// A small number as a word.
    Count(usize),
    /// Words of the author's or of the program.
    Words(String),
}

/// A formula over a solved problem's graph.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    Node(NodeId),
    /// `∂L/∂W`
    Gradient {
        of: NodeId,
        loss: NodeId,
    },
    /// `W_{ij}`; the whole without an index.
    Entry {
        of: NodeId,
        entry: Vec<EntryIndex>,
    },
    /// What varies along an axis: a number, or an entry of a vector by the one index that counts.
    Coordinate {
        of: NodeId,
        entry: Vec<usize>,
    },
    /// `a = 8, b = 2`
    Point(Point),
    /// `|a, b|`
    Size(Vec<Formula>),
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

impl Told {
    /// The nodes whose forms its blocks show.
    pub fn nodes(&self) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Say(say) => say.collect(&mut nodes),
                Block::Display { formula, .. } => formula.collect(&mut nodes),
                Block::Chain { first, links } => {
                    first.collect(&mut nodes);
                    for link in links {
                        link.formula.collect(&mut nodes);
                        link.because.collect(&mut nodes);
                    }
                }
                Block::Table { headings, rows } => {
                    headings.iter().chain(rows.iter().flatten()).for_each(|say| say.collect(&mut nodes));
                }
                Block::Wording(_) => {}
            }
        }
        nodes
    }
}

impl Say {
    fn collect(&self, nodes: &mut Vec<NodeId>) {
        for hole in &self.holes {
            match hole {
                Hole::Formula(formula) => formula.collect(nodes),
                Hole::Formulas(formulas) => formulas.iter().for_each(|formula| formula.collect(nodes)),
                Hole::Statements(statements) => statements.iter().for_each(|(_, say)| say.collect(nodes)),
                Hole::Say(say) => say.collect(nodes),
                Hole::Says(says) => says.iter().for_each(|say| say.collect(nodes)),
                Hole::Count(_) | Hole::Words(_) => {}
            }
        }
    }

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

    pub fn say(self, say: Say) -> Say {
        self.hole(Hole::Say(Box::new(say)))
    }

    /// A sentence where there is one.
    pub fn maybe(self, say: Option<Say>) -> Say {
        self.say(say.unwrap_or_else(|| Say::new("")))
    }

    /// Words that are no sentence of ours.
    pub fn words_of(words: impl Into<String>) -> Say {
        Say::new("{}").words(words)
    }

    pub fn hole(mut self, hole: Hole) -> Say {
        self.holes.push(hole);
        self
    }
}

impl Formula {
    fn collect(&self, nodes: &mut Vec<NodeId>) {
        match self {
            Formula::Node(id) | Formula::Entry { of: id, .. } | Formula::Coordinate { of: id, .. } => nodes.push(*id),
            Formula::Gradient { of, loss: other } | Formula::Derivative { of, wrt: other, .. } => {
                nodes.extend([*of, *other]);
            }
            Formula::Size(parts) | Formula::Product(parts) | Formula::Sum(parts) => {
                parts.iter().for_each(|part| part.collect(nodes));
            }
            Formula::SquaredNorm(part) => part.collect(nodes),
            Formula::Related(first, others) => {
                first.collect(nodes);
                others.iter().for_each(|(_, other)| other.collect(nodes));
            }
            Formula::Point(_) | Formula::Value(_) | Formula::Math(_) => {}
        }
    }

    pub fn number(value: &Number) -> Formula {
        Formula::Value(Tensor::scalar(value.clone()))
    }

    /// A value by its name, or a gradient.
    pub fn target(target: Target) -> Formula {
        match target {
            Target::Value(id) => Formula::Node(id),
            Target::Gradient { of, loss } => Formula::Gradient { of, loss },
        }
    }

    /// `left = right`
    pub fn equal(left: Formula, right: Formula) -> Formula {
        Formula::Related(Box::new(left), vec![(Relation::Equal, right)])
    }

    pub fn related(left: Formula, relation: Relation, right: Formula) -> Formula {
        Formula::Related(Box::new(left), vec![(relation, right)])
    }
}
