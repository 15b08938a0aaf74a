//! What the program promises on a command line, from a first run to a course.

mod cli;
#[path = "../common/mod.rs"]
mod common;
mod courses;
mod exam;
mod readme;
mod vary;
