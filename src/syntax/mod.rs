//! Texts to syntax trees and back. The one importer of pest.
mod answer;
mod answers;
pub mod ast;
mod build;
mod characters;
mod construct;
mod draft;
mod encoding;
mod exam;
mod expected;
mod expression;
mod fault;
mod forms;
mod formula;
mod given;
mod grammar;
pub(crate) mod heads;
mod keywords;
pub mod latex;
mod layout;
mod lines;
mod marking;
mod matrix;
pub mod names;
mod operands;
pub(crate) mod option_words;
mod parting;
mod precedence;
mod print;
mod products;
mod records;
mod slips;
mod spec;
mod split;
mod submission;
mod task;
mod turned;
mod typed;
mod variants;
mod vocabulary;
mod wordings;

use crate::diagnostic::Diagnostic;
pub use answers::read_expression;
pub use characters::Pairs;
pub use draft::draft;
pub use encoding::decode;
pub use exam::{Exam, Use, read_exam};
pub use forms::{Forms, opening};
pub use layout::laid_out;
pub use operands::{compact, map_operands, operands};
pub use print::{print_answer_target, print_expression, print_spec, print_task};
pub use products::with_products;
pub use records::records;
pub use spec::read_spec;
pub use submission::{ClassRow, Container, read_answer, read_class, read_submission};
pub use typed::SIDE;
pub use vocabulary::Vocabulary;
pub use wordings::{Means, Wording};

/// What was read, and in which stated way (`N-` and `W-` codes).
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<T> {
    pub value: T,
    pub notes: Vec<Diagnostic>,
}
