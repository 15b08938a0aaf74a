//! What Gradescope's autograder is packed of: the program itself, the problem, and the two scripts that it calls.
//! The format: <https://gradescope-autograders.readthedocs.io/en/latest/specs/>

use super::PackedFile;
use crate::render::document::{Format, RenderError};
use crate::render::template::{Piece, piece};
use serde_json::json;

/// The zip's files but the problem's own; `arguments` is what `solve check` is called with, below the zip's folder.
///
/// # Errors
/// A fault of a template of ours.
pub fn autograder(binary: Vec<u8>, arguments: &[String]) -> Result<Vec<PackedFile>, RenderError> {
    let script = |part: &str| -> Result<PackedFile, RenderError> {
        let text = piece(&json!({ "part": part, "arguments": arguments }), Format::Text, Piece::Autograder)?;
        Ok(PackedFile { executable: true, ..PackedFile::text(part, text) })
    };
    let solve = PackedFile { path: "solve".to_string(), content: binary, executable: true };
    Ok(vec![script("setup.sh")?, script("run_autograder")?, solve])
}
