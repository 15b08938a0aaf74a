//! What the readers and the model promise: specs, LaTeX, names, shapes, what is refused.

#[path = "../common/mod.rs"]
mod common;
mod errors;
mod hostile;
mod latex;
mod layout;
mod lower;
mod names;
mod reading_laws;
mod shapes_left_out;
mod syntax;
mod targets;
mod text;
mod wordings;
