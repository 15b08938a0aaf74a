//! What the marking promises: what is read, what is right, what is paid, what is reported.

mod check_cli;
mod class;
#[path = "../common/mod.rs"]
mod common;
mod disguises;
mod kinds;
mod latex_answers;
mod marking;
mod marking_attacks;
mod marking_laws;
mod marking_pairs;
mod marking_working;
mod marks_report;
mod mistakes;
mod notebooks;
mod other_readers;
mod reading;
mod roads;
mod submissions;
mod typed_answers;
