//! The list of a problem's variants: what `solve vary` writes, and what `solve check --variants` believes.

use crate::draw::{DRAW, fnv};
use crate::vary::Work;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io;
use std::path::Path;

/// What it is called in its folder.
pub const FILE: &str = "manifest.json";
const SCHEMA: u32 = 1;

/// One variant, on a line of its own.
#[derive(Serialize)]
pub struct Entry {
    pub id: String,
    pub file: String,
    pub hash: String,
    pub draws: u32,
    pub fairness: Work,
    pub values: Value,
    pub answers: Value,
}

impl Entry {
    pub fn line(&self) -> io::Result<String> {
        serde_json::to_string(self).map_err(io::Error::from)
    }
}

/// What of it is read again.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    pub schema: u32,
    pub variants: Vec<Listed>,
}

#[derive(Debug, Deserialize)]
pub struct Listed {
    pub id: String,
    pub file: String,
    pub hash: String,
}

impl Manifest {
    /// What stands before the variants: it is written as they come.
    pub fn head(seed: &str, spec: &Path, text: &str) -> String {
        let spec = spec.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        let head = json!({ "schema": SCHEMA, "draw": DRAW, "seed": seed, "spec": spec, "spec_hash": hash(text) });
        let open = head.to_string();
        format!("{},\n\"variants\": [", open.trim_end_matches('}'))
    }

    pub fn end(count: usize, draws: u32, without: &[u32]) -> String {
        let end = json!({ "count": count, "draws": draws, "without": without }).to_string();
        format!("\n],\n{}\n", end.trim_start_matches('{'))
    }

    /// # Errors
    /// In words: what it is not.
    pub fn read(text: &str) -> Result<Manifest, String> {
        let manifest: Manifest =
            serde_json::from_str(text).map_err(|_| "this is no manifest of variants".to_string())?;
        match manifest.schema {
            SCHEMA if !manifest.variants.is_empty() => Ok(manifest),
            SCHEMA => Err("this manifest has no variants".to_string()),
            other => Err(format!("this manifest is of another version: {other}")),
        }
    }
}

/// What a text is told from others by.
pub fn hash(text: &str) -> String {
    format!("fnv1a-{:016x}", fnv(text.bytes()))
}
