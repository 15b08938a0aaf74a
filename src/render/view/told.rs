//! What the kinds in `tasks` tell, as strings.

use super::{Maths, Viewer};
use crate::answer::told::{Block, Formula, Hole, Say, Told};
use crate::math::{Fence, Math, Summand};
use crate::render::notation::tensor_math;
use crate::render::plot::entry_name;
use serde::Serialize;

/// A piece of a sentence: words, or a formula.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct Piece {
    pub maths: bool,
    /// Whether the words are the author's, with formulas between dollars.
    pub author: bool,
    pub text: String,
}

pub type Pieces = Vec<Piece>;

#[derive(Clone, Debug, Serialize)]
pub struct ToldView {
    pub blocks: Vec<BlockView>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum BlockView {
    Say {
        say: Pieces,
    },
    Display {
        form: Maths,
        boxed: bool,
    },
    Chain {
        first: Maths,
        links: Vec<LinkView>,
    },
    /// Equations, each with its reason.
    Steps {
        links: Vec<LinkView>,
    },
    Table {
        headings: Vec<Pieces>,
        rows: Vec<Vec<Pieces>>,
    },
    Wording {
        text: String,
    },
}

/// A member of a chain: its sign and form, and why.
#[derive(Clone, Debug, Serialize)]
pub struct LinkView {
    pub number: usize,
    pub form: Maths,
    pub because: Pieces,
}

impl Viewer<'_> {
    pub(super) fn told(&self, told: &Told) -> ToldView {
        ToldView { blocks: told.blocks.iter().map(|block| self.block(block)).collect() }
    }

    fn block(&self, block: &Block) -> BlockView {
        match block {
            Block::Say(say) => BlockView::Say { say: self.say(say) },
            Block::Display { formula, boxed } => BlockView::Display { form: self.formula(formula), boxed: *boxed },
            Block::Chain { first, links } => BlockView::Chain {
                first: self.formula(first),
                links: links
                    .iter()
                    .zip(1..)
                    .map(|(link, number)| LinkView {
                        number,
                        form: self.write(&Math::Related(
                            Box::new(Math::Row(Vec::new())),
                            vec![(link.relation, self.formula_math(&link.formula))],
                        )),
                        because: self.say(&link.because),
                    })
                    .collect(),
            },
            Block::Table { headings, rows } => BlockView::Table {
                headings: headings.iter().map(|cell| self.say(cell)).collect(),
                rows: rows.iter().map(|row| row.iter().map(|cell| self.say(cell)).collect()).collect(),
            },
            Block::Wording(text) => BlockView::Wording { text: text.clone() },
        }
    }

    pub(super) fn say(&self, say: &Say) -> Pieces {
        let mut pieces = Pieces::new();
        let mut words = say.text.split("{}");
        let word = |text: &str, pieces: &mut Pieces| {
            if !text.is_empty() {
                pieces.push(Piece { maths: false, author: false, text: text.to_string() });
            }
        };
        word(words.next().unwrap_or(""), &mut pieces);
        for (hole, after) in say.holes.iter().zip(words) {
            match hole {
                Hole::Words(text) => pieces.push(Piece { maths: false, author: true, text: text.clone() }),
                Hole::Say(inner) => pieces.extend(self.say(inner)),
                Hole::Statements(all) => {
                    for (place, (letter, statement)) in all.iter().enumerate() {
                        word(&format!("{}({letter}) ", if place > 0 { "; " } else { "" }), &mut pieces);
                        pieces.extend(self.say(statement));
                    }
                    word(".", &mut pieces);
                }
                Hole::Formula(formula) => pieces.push(self.piece(formula)),
                Hole::Count(number) => word(&counted(*number), &mut pieces),
                Hole::Says(all) => {
                    for (place, say) in all.iter().enumerate() {
                        word(between(place, all.len()), &mut pieces);
                        pieces.extend(self.say(say));
                    }
                }
                Hole::Formulas(all) => {
                    for (place, formula) in all.iter().enumerate() {
                        word(between(place, all.len()), &mut pieces);
                        pieces.push(self.piece(formula));
                    }
                }
            }
            word(after, &mut pieces);
        }
        pieces
    }

    fn piece(&self, formula: &Formula) -> Piece {
        Piece { maths: true, author: false, text: self.formula(formula) }
    }

    pub(super) fn formula(&self, formula: &Formula) -> Maths {
        self.write(&self.formula_math(formula))
    }

    pub(super) fn formula_math(&self, formula: &Formula) -> Math {
        match formula {
            Formula::Node(id) => self.math(*id),
            Formula::Gradient { of, loss } => self.derivative_math(*of, *loss),
            Formula::Entry { of, entry } => self.entry_math(self.math(*of), entry),
            Formula::Coordinate { of, entry } => entry_name(self.solution, *of, entry),
            Formula::Point(point) => Math::List(
                point.iter().map(|(leaf, value)| self.leaf(*leaf).equals(tensor_math(value, self.rounding))).collect(),
            ),
            Formula::Size(all) => {
                Math::List(all.iter().map(|one| self.formula_math(one)).collect()).fenced(Fence::Bars)
            }
            Formula::Value(value) => tensor_math(value, self.rounding),
            Formula::Math(math) => math.clone(),
            Formula::Related(first, others) => Math::Related(
                Box::new(self.formula_math(first)),
                others.iter().map(|(relation, other)| (*relation, self.formula_math(other))).collect(),
            ),
            Formula::Derivative { of, wrt, order } => {
                let above = Math::Partial(*order, Box::new(self.math(*of)));
                let below = self.math(*wrt);
                let below = if *order > 1 { below.to(Math::number(order)) } else { below };
                above.over(below.partial())
            }
            Formula::Product(factors) => Math::Product(factors.iter().map(|one| self.formula_math(one)).collect()),
            Formula::SquaredNorm(of) => self.formula_math(of).fenced(Fence::Norm).to(Math::number(2)),
            Formula::Sum(terms) => {
                Math::Sum(terms.iter().map(|term| Summand { minus: false, term: self.formula_math(term) }).collect())
            }
        }
    }
}

/// What stands before a member of a list.
fn between(place: usize, length: usize) -> &'static str {
    match place {
        0 => "",
        place if place + 1 < length => ", ",
        _ if length > 2 => ", and ",
        _ => " and ",
    }
}

/// Small numbers are words.
fn counted(number: usize) -> String {
    const WORDS: [&str; 11] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_string())
}
