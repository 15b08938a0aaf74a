//! From a solution to a document.

pub mod figure;
pub mod notation;
