//! What the answers promise: values, gradients, rewriting, each against an outside witness.

mod assumptions;
mod certificate;
#[path = "../common/mod.rs"]
mod common;
mod conv_pool;
mod descend;
mod equations;
mod expected;
mod explanations;
mod fit;
mod gradients;
mod identities;
mod library;
mod properties;
mod questions;
mod random_models;
mod simplify;
mod values;
