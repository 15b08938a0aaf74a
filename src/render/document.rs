//! The formats of a document and what comes out.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Markdown,
    Latex,
    Html,
    Text,
    Json,
    /// The computation graph alone.
    Svg,
    Tikz,
    Mermaid,
    Dot,
    /// The key as a program in NumPy, and the same with PyTorch's autograd.
    Python,
    Torch,
    /// Cells of a question, for Jupyter.
    Notebook,
}

/// Who a document is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// Without the marking table, so that it cannot leak.
    #[default]
    Student,
    Instructor,
}

/// How a solution is laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    pub format: Format,
    pub edition: Edition,
    /// LaTeX without preamble, to be read by `\input`.
    pub fragment: bool,
    /// Markdown links its pictures as files with this stem (`q1` gives `q1-graph.svg`); without a stem nothing can
    /// be linked, and Mermaid stands in.
    pub picture_stem: Option<String>,
    /// The user's own template over the same data, and its name for errors.
    pub template: Option<UserTemplate>,
}

#[derive(Clone, Debug)]
pub struct UserTemplate {
    pub name: String,
    pub text: String,
}

/// A finished document and the pictures that it links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub text: String,
    pub pictures: Vec<Picture>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// A plain file name, to be written beside the document.
    pub file: String,
    pub content: String,
}

/// Why there is no document: a fault in a template (the user's, or ours).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderError {
    pub message: String,
}
