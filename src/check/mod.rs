//! A submission to marks: which answers are right in any equivalent form, what is wrong with the others, and points as
//! a fair human marker would give them.
//!
//! An answer is lowered to the very graph of the key and evaluated beside the right one: at the problem's own numbers, or
//! at random data in several sizes. Where it is wrong it is judged again with the student's own earlier values in place of
//! ours, then with each mistake of the catalogue made in the right answer, then with one change made in the student's.

mod arithmetic;
mod aside;
mod asked;
mod beside;
mod carried;
mod class;
mod closeness;
mod compare;
mod contradictions;
mod data;
mod descending;
mod differing;
mod edits;
mod exact;
mod follow;
mod forms;
mod indexed;
mod judge;
mod key;
mod kinks;
mod marker;
mod marks;
mod masks;
mod meant;
mod one_example;
mod operator_slips;
mod parts;
mod prepared;
mod question;
mod readings;
mod repair;
mod scalar_form;
mod sheet;
mod sides;
mod slips;
mod spoken;
mod substitution;
mod whole;
mod working;
mod world;
mod yields;

pub use class::{AnswerSummary, Asked, Listed, NotMarked, Outcome, Sheet, Summary, Tally, Undecided};
pub use closeness::slack;
pub use key::Key;
pub use marker::Marker;
pub use marks::{AnswerMarks, Claim, Decided, Evidence, LineMarks, Marks, Open, Reason, Remark, Unread, Verdict};
pub use question::{Question, answer_names};
