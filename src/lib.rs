//! `solve` answers machine-learning exam problems and marks the homework.
pub mod diagnostic;
pub mod limits;
pub mod render;
pub mod span;
pub mod syntax;
