//! The names that a call may use.

use super::define::library;
use crate::ops::REFERENCES;
use crate::syntax::ast::Name;
use crate::syntax::heads::HEADS;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The matrix of ones of a stated shape: no operator, for its arguments are dimensions.
pub(super) const ONES: &str = "ones";
/// The sum of all entries; a number is its own.
pub(super) const TOTAL: &str = "total_of";
/// Sizes of a value, as numbers.
pub(super) const ROWS: &str = "rows";
pub(super) const COLUMNS: &str = "columns";
pub(super) const COUNT: &str = "count";
/// The identity matrix with so many rows.
pub(super) const IDENTITY: &str = "eye";

/// Every name of [`operators`], and whether it is no function of the library: it is asked for at each name of each line.
static OPERATORS: LazyLock<HashMap<&'static str, bool>> =
    LazyLock::new(|| library().map(|name| (name, false)).chain(called().map(|name| (name, true))).collect());

/// Whether a call of this name is an operator's (and not a product with a bracket).
pub fn is_operator(name: &Name) -> bool {
    name.index.is_none() && OPERATORS.contains_key(name.text.as_str())
}

/// Whether an operator that is no function of the library has the name.
pub(super) fn names_operator(name: &str) -> bool {
    OPERATORS.get(name).is_some_and(|called| *called)
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
        .chain([ONES, IDENTITY, ROWS, COLUMNS, COUNT, HEADS, TOTAL])
}
