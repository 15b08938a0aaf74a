//! When two spellings are one name.

/// The form of a name that decides identity: `W_1`, `W_{1}` and `W1` are one name, `θ` is `theta`.
pub fn key(text: &str) -> String {
    text.replace(['_', '{', '}'], "")
}

/// A name as LaTeX.
pub fn latex(text: &str) -> String {
    key(text)
}

/// A name as Unicode text.
pub fn unicode(text: &str) -> String {
    key(text)
}
