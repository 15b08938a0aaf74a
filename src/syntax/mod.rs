//! Texts to syntax trees.
pub mod ast;
pub mod names;
