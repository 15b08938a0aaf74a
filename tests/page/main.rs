//! What the pages, pictures, sheets and programs promise.

#[path = "../common/mod.rs"]
mod common;
mod drawing;
mod finished;
mod grid;
mod inert;
mod notation;
mod plot;
mod programs;
mod readback;
mod sheets;
mod tables;
mod templates;
