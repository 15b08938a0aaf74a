//! Documents made from a solution: layout of text and pictures only.
pub mod drawing;
