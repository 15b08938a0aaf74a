//! The names that a call may use.

use super::define::library;
use crate::ops::REFERENCES;
use crate::syntax::ast::Name;

/// The matrix of ones of a stated shape: no operator, for its arguments are dimensions.
pub(super) const ONES: &str = "ones";
/// Sizes of a value, as numbers.
pub(super) const ROWS: &str = "rows";
pub(super) const COLUMNS: &str = "columns";
pub(super) const COUNT: &str = "count";
/// The identity matrix with so many rows.
pub(super) const IDENTITY: &str = "eye";

/// Whether a call of this name is an operator's (and not a product with a bracket).
pub fn is_operator(name: &Name) -> bool {
    name.index.is_none() && operators().any(|known| known == name.text)
}

/// Whether an operator that is no function of the library has the name.
pub(super) fn names_operator(name: &str) -> bool {
    called().any(|known| known == name)
}

/// The names that a call may use.
pub fn operators() -> impl Iterator<Item = &'static str> {
    called().chain(library())
}

fn called() -> impl Iterator<Item = &'static str> {
    REFERENCES
        .iter()
        .filter(|reference| reference.call.is_some())
        .flat_map(|reference| std::iter::once(reference.name).chain(reference.aliases.iter().copied()))
        .chain([ONES, IDENTITY, ROWS, COLUMNS, COUNT])
}
