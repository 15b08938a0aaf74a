//! The list of a problem's variants: what `solve vary` writes, and what `solve check --variants` believes.

use super::files;
use crate::diagnostic::Diagnostic;
use crate::draw::{DRAW, fnv};
use crate::limits::SPEC_BYTES;
use crate::syntax::decode;
use crate::vary::Work;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};

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
    #[serde(default)]
    spec: String,
    #[serde(default)]
    spec_hash: String,
    /// Where the problem lay, as seen from the manifest.
    #[serde(default)]
    spec_place: Option<String>,
    pub variants: Vec<Listed>,
}

#[derive(Debug, Deserialize)]
pub struct Listed {
    pub id: String,
    pub file: String,
    pub hash: String,
}

impl Manifest {
    /// What stands before the variants: it is written as they come. `folder` is where it is written.
    pub fn head(seed: &str, spec: &Path, text: &str, folder: &Path) -> String {
        let name = spec.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        let mut head = json!({ "schema": SCHEMA, "draw": DRAW, "seed": seed, "spec": name, "spec_hash": hash(text) });
        if let Some(place) = near(spec, folder) {
            head["spec_place"] = json!(place);
        }
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

impl Manifest {
    /// The problem that the variants were drawn from, where it is found and is not what it was; `folder` is the manifest's.
    pub fn changed_spec(&self, folder: &Path) -> Option<PathBuf> {
        if self.spec_hash.is_empty() || self.spec.is_empty() {
            return None;
        }
        let places = [self.spec_place.as_ref(), Some(&self.spec)].into_iter().flatten().map(|place| folder.join(place));
        let found = places.into_iter().find_map(|path| Some((files::read(&path, SPEC_BYTES).ok()?, path)));
        let (bytes, path) = found?;
        let is_same = decode(&bytes).is_ok_and(|text| hash(&text) == self.spec_hash);
        (!is_same).then_some(path)
    }
}

/// How that is told.
pub fn changed(spec: &Path) -> Diagnostic {
    let message = format!("`{}` was changed since the variants were drawn from it", spec.display());
    Diagnostic::error("E-manifest", message).help("put it back as it was, or draw the variants again")
}

/// A file as seen from a folder, where that is not far: nothing is said of the machine.
fn near(file: &Path, folder: &Path) -> Option<String> {
    const UP: usize = 2;
    let [file, folder] = [file, folder].map(|path| std::path::absolute(path).ok());
    let [file, folder] =
        [file?, folder?].map(|path| path.components().map(|part| part.as_os_str().to_owned()).collect::<Vec<_>>());
    let shared = file.iter().zip(&folder).take_while(|(one, other)| one == other).count();
    let up = folder.len() - shared;
    let down = file[shared..].iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>()?;
    (up <= UP).then(|| format!("{}{}", "../".repeat(up), down.join("/")))
}

/// What a text is told from others by.
pub fn hash(text: &str) -> String {
    format!("fnv1a-{:016x}", fnv(text.bytes()))
}
