//! `solve` answers machine-learning exam problems step by step, and marks students' answers to them.
//!
//! One way through the house, each arrow one function from one value to the next:
//!
//! ```text
//! text --read_spec--> Spec --lower--> Model --answer--> Solution --render--> Document
//!                                                           |
//! submission --read_submission--> AnswerSheet --check--> Marks --render::marks--> report
//! ```
//!
//! No stage reaches back, none reaches two ahead, and only the command line touches files and the terminal.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod algebra;
pub mod answer;
mod budget;
mod careful;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod descend;
pub mod diagnostic;
pub mod differentiate;
pub mod draw;
mod fit;
pub mod graph;
mod interpret;
pub mod limits;
pub mod lower;
mod machine;
pub mod math;
pub mod model;
pub mod naming;
pub mod number;
pub mod ops;
mod quadratic;
pub mod render;
pub mod scalar;
mod second;
pub mod shape;
pub mod simplify;
pub mod span;
pub mod syntax;
pub mod tasks;
pub mod tensor;
pub mod vary;
pub mod verify;
