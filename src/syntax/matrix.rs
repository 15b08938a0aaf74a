//! Matrices as they are written: rows of entries, or matrices in a matrix.

use super::ast::{ExprId, ExprKind, Sign};
use super::construct::{Built, Construct};
use super::expression::Arena;
use super::grammar::Rule;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use pest::iterators::Pair;

/// The deepest nesting that still is a tensor of the language.
const DEEPEST: usize = 4;
/// How many lengths of rows an error lists.
const LISTED: usize = 12;

/// One row and its place.
pub struct Row {
    pub entries: Vec<ExprId>,
    pub span: Span,
}

pub fn build(arena: &Arena<'_, '_>, pair: Pair<'_, Rule>) -> ExprId {
    let span = arena.builder.span(&pair);
    let bare = bare_comparison(&pair);
    let listed = pair.as_str().contains(',');
    let rows = rows(arena, pair);
    // `[Z > 0]` is an indicator.
    if let ([Row { entries, .. }], true) = (rows.as_slice(), bare)
        && let [only] = entries.as_slice()
    {
        return *only;
    }
    let flat = |id: &ExprId| !is_matrix(&arena, *id);
    let listed = listed && rows.iter().flat_map(|row| &row.entries).all(flat);
    let id = arena.matrix(rows, span);
    arena.mark(id, |how| how.sign = if listed { Sign::Comma } else { Sign::Own })
}

/// The matrix of these rows; matrices side by side, or one in each row, are a tensor.
pub fn assembled(tree: &mut impl Construct, mut rows: Vec<Row>, span: Span) -> Built {
    if rows.is_empty() {
        let fault = Diagnostic::error("E-matrix", "this matrix is empty").at(span, "no entries");
        return Err(Box::new(fault.help("a matrix has one entry at least: `[0]`")));
    }
    // `[[1, 2]` and `[3, 4]]` on two lines are the same as on one.
    let stacked = rows.len() > 1 && rows.iter().all(|row| row.entries.len() == 1 && is_matrix(tree, row.entries[0]));
    if stacked {
        let entries = rows.iter().map(|row| row.entries[0]).collect();
        rows = vec![Row { entries, span }];
    }
    if let Some(fault) = ragged(&rows).or_else(|| mixed(tree, &rows)) {
        return Err(Box::new(fault));
    }
    let id = tree.put(ExprKind::Matrix(rows.into_iter().map(|row| row.entries).collect()), span)?;
    if extents(tree, id).len() == DEEPEST + 1 {
        let fault = Diagnostic::error("E-matrix", format!("a tensor has at most {DEEPEST} dimensions"));
        return Err(Box::new(fault.at(span, "brackets inside of brackets")));
    }
    Ok(id)
}

/// Whether the first entry is a comparison.
fn bare_comparison(pair: &Pair<'_, Rule>) -> bool {
    let cell = pair.clone().into_inner().next().and_then(|row| row.into_inner().next());
    cell.is_some_and(|cell| cell.into_inner().any(|part| part.as_rule() == Rule::Relation))
}

/// The rows; two `;` without entries between them are an error.
fn rows(arena: &Arena<'_, '_>, pair: Pair<'_, Rule>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut after_row = false;
    for part in pair.into_inner() {
        let span = arena.builder.span(&part);
        if part.as_rule() == Rule::Row {
            let entries = part.into_inner().map(|cell| arena.cell(cell.into_inner())).collect();
            rows.push(Row { entries, span });
            after_row = true;
        } else if after_row {
            after_row = false;
        } else {
            let fault = Diagnostic::error("E-matrix", format!("row {} is empty", rows.len() + 1)).at(span, "ends here");
            arena.builder.fault(fault.help("take out the `;`, or write the row"));
        }
    }
    rows
}

fn ragged(rows: &[Row]) -> Option<Diagnostic> {
    let length = rows.first()?.entries.len();
    let other = rows.iter().find(|row| row.entries.len() != length)?;
    let lengths: Vec<String> = rows.iter().take(LISTED).map(|row| row.entries.len().to_string()).collect();
    let more = if rows.len() > LISTED { ", …" } else { "" };
    Some(
        Diagnostic::error("E-matrix", format!("the rows have {}{more} entries", lengths.join(", ")))
            .at(other.span, format!("{} here", other.entries.len()))
            .at(rows[0].span, format!("{length} here"))
            .help("a matrix has the same number of entries in each row"),
    )
}

/// Matrices in a matrix: all entries, and all of one size.
fn mixed(tree: &impl Construct, rows: &[Row]) -> Option<Diagnostic> {
    let entries: Vec<ExprId> = rows.iter().flat_map(|row| &row.entries).copied().collect();
    let inner = entries.iter().copied().find(|id| is_matrix(tree, *id))?;
    let error = |message: &str, id: ExprId, label: String| {
        Some(Diagnostic::error("E-matrix", message).at(tree.place(id), label))
    };
    if rows.len() > 1 {
        let fault = error("a matrix of several rows can't have matrices for entries", inner, "a matrix".to_owned());
        return fault.map(|fault| fault.help("matrices in a matrix stand side by side: `[[1, 2], [3, 4]]`"));
    }
    if let Some(single) = entries.iter().copied().find(|id| !is_matrix(tree, *id)) {
        let fault = error("this row mixes matrices with other entries", single, "no matrix".to_owned());
        return fault.map(|fault| fault.at(tree.place(inner), "a matrix"));
    }
    let size = extents(tree, inner);
    let other = entries.iter().copied().find(|id| extents(tree, *id) != size)?;
    let lengths: Vec<String> = entries.iter().take(LISTED).map(|id| times(&extents(tree, *id))).collect();
    let more = if entries.len() > LISTED { ", …" } else { "" };
    let fault = error("the inner brackets are of different sizes", other, times(&extents(tree, other)));
    fault.map(|fault| fault.help(format!("their sizes are {}{more}", lengths.join(", "))))
}

fn is_matrix(tree: &impl Construct, id: ExprId) -> bool {
    tree.look(id, |kind| matches!(kind, ExprKind::Matrix(_)))
}

/// The sizes of a nest of brackets, from outside in; a single row counts as its entries.
fn extents(tree: &impl Construct, id: ExprId) -> Vec<usize> {
    let mut extents = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next {
        next = tree.look(id, |kind| {
            let ExprKind::Matrix(rows) = kind else { return None };
            if rows.len() != 1 {
                extents.push(rows.len());
            }
            extents.push(rows.first().map_or(0, Vec::len));
            rows.first().and_then(|row| row.first()).copied()
        });
    }
    extents
}

fn times(extents: &[usize]) -> String {
    extents.iter().map(usize::to_string).collect::<Vec<_>>().join(" x ")
}
