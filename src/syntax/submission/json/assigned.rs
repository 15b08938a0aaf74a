//! Cells of code in the notebooks of our own sheets: each says which answer it is for.

use crate::syntax::answer::whole_target;
use crate::syntax::submission::collect::Collector;
use crate::syntax::submission::document::markdown;
use crate::syntax::submission::table::column_target;

/// A cell for an answer.
pub struct Assigned {
    /// The answer's name: `L at a = 8`
    pub name: String,
    pub source: String,
    /// Where it begins in the file.
    pub at: usize,
}

/// Takes what Python's last assignment in the cell says, whatever the variable is called: a number, lists of them, or a
/// text.
pub fn take(cell: &Assigned, collector: &mut Collector) {
    // The name is our own: `u1` is no entry of `u`.
    let target = whole_target(&cell.name).or_else(|| column_target(&cell.name, collector.vocabulary()));
    let Some((target, value)) = target.zip(last_value(&cell.source)) else { return };
    match text_of(value) {
        Some("") => {}
        // Lines that lead to the answer name what they are of; they stand at their place in the file.
        Some(text) if text.trim().contains('\n') => {
            markdown(&format!("{}\n{text}", " ".repeat(cell.at.saturating_sub(1))), collector);
        }
        Some(text) => collector.value(target, text.trim(), cell.at),
        None => collector.value(target, &on_one_line(bare(value)), cell.at),
    }
}

/// The right side of the last `name = value`, unless nothing was put there.
fn last_value(source: &str) -> Option<&str> {
    let is_name = |name: &str| {
        name.chars().all(|c| c.is_alphanumeric() || c == '_') && name.starts_with(|c: char| !c.is_numeric())
    };
    let (mut at, mut found, mut in_text) = (0, None, false);
    for line in source.split_inclusive('\n') {
        let assigned = line.split_once('=').filter(|(name, rest)| is_name(name.trim_end()) && !rest.starts_with('='));
        if let Some((name, _)) = assigned.filter(|_| !in_text) {
            found = Some(at + name.len() + 1);
        }
        let quotes = line.matches("\"\"\"").count() + line.matches("'''").count();
        in_text ^= quotes % 2 == 1;
        at += line.len();
    }
    let value = source[found?..].trim();
    (!value.starts_with("...") && !value.starts_with("None")).then_some(value)
}

/// What stands between the quotes of a text of Python.
fn text_of(value: &str) -> Option<&str> {
    let value = value.trim_start_matches(['r', 'R', 'f']);
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| value.starts_with(quote))?;
    let text = &value[quote.len()..];
    Some(text.find(quote).map_or(text, |end| &text[..end]))
}

/// Lists as a matrix is written: for Python neither the end of a line nor a comma behind the last entry means anything.
fn on_one_line(value: &str) -> String {
    let plain = value.split_whitespace().collect::<Vec<_>>().join(" ");
    plain.replace(", ]", "]").replace(",]", "]").replace(" ]", "]")
}

/// Numbers without the call around them, and without what stands behind.
fn bare(value: &str) -> &str {
    let called = ["np.array(", "numpy.array(", "np.asarray("].into_iter().find_map(|call| value.strip_prefix(call));
    let (mut depth, mut end) = (i32::from(called.is_some()), None);
    let value = called.unwrap_or(value);
    for (place, sign) in value.char_indices() {
        depth += i32::from(matches!(sign, '[' | '(')) - i32::from(matches!(sign, ']' | ')'));
        let stops =
            sign == '#' || sign == '\n' && depth <= 0 || called.is_some() && (depth == 0 || depth == 1 && sign == ',');
        if stops && end.is_none() {
            end = Some(place);
        }
    }
    value[..end.unwrap_or(value.len())].trim()
}
