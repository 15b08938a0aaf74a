//! What holds of the source itself.

#[path = "../common/mod.rs"]
mod common;
mod floors;
mod licences;
mod new_operator;
mod new_task;
