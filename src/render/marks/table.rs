//! Marks as a table for spreadsheets: RFC 4180, a row a submission, with no cell that a spreadsheet would compute.

use super::json::{rounded, word};
use crate::check::{Outcome, Sheet};
use crate::number::Number;
use crate::render::document::RenderError;
use csv::{Terminator, WriterBuilder};

/// What a cell of a submission without marks says.
const NOT_MARKED: &str = "not marked";

/// The names of the columns.
pub fn table_head(sheet: &Sheet) -> Result<String, RenderError> {
    let mut cells: Vec<String> = ["student", "file", "points", "of"].map(str::to_string).into();
    for asked in &sheet.asked {
        cells.extend([inert(&asked.name), inert(&format!("{} verdict", asked.name))]);
    }
    cells.extend(["note", "open"].map(str::to_string));
    line(&cells)
}

/// One submission. Numbers are numbers; where there are no marks they are left empty, and the note says why.
pub fn table_row(sheet: &Sheet, outcome: &Outcome) -> Result<String, RenderError> {
    let mut cells = vec![inert(outcome.student().unwrap_or("")), inert(&outcome.file)];
    match &outcome.result {
        Ok(marks) => {
            cells.extend([number(&marks.points), number(&marks.of)]);
            for answer in &marks.answers {
                cells.extend([number(&answer.points), word(&answer.verdict)?]);
            }
            let open: Vec<String> =
                marks.open.iter().map(|open| format!("{} ({})", open.name, number(&open.points))).collect();
            cells.push(if open.is_empty() { String::new() } else { inert(&format!("open: {}", open.join(", "))) });
            cells.push(number(&marks.open_points()));
        }
        Err(not_marked) => {
            cells.extend([String::new(), number(&sheet.of())]);
            for _ in &sheet.asked {
                cells.extend([String::new(), NOT_MARKED.to_string()]);
            }
            cells.extend([inert(&format!("{NOT_MARKED}: {}", not_marked.reason)), String::new()]);
        }
    }
    line(&cells)
}

fn number(points: &Number) -> String {
    rounded(points).to_string()
}

/// Text that a spreadsheet shows and does not compute: what begins like a formula gets an apostrophe (OWASP, "CSV
/// injection"), and control characters are shown.
fn inert(text: &str) -> String {
    let begins_a_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let shown = crate::render::escape::visible(text);
    if begins_a_formula { format!("'{shown}") } else { shown }
}

fn line(cells: &[String]) -> Result<String, RenderError> {
    let fault = |message: String| RenderError { message };
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| fault(error.to_string()))?;
    let bytes = writer.into_inner().map_err(|error| fault(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| fault(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\t=1", "'␉=1"),
            ("\r\n=1", "'␍␊=1"),
            ("＝1", "'＝1"),
            ("Ada Lovelace", "Ada Lovelace"),
            ("", ""),
        ] {
            assert_eq!(inert(text), cell);
        }
    }

    #[test]
    fn cells_are_quoted_as_rfc_4180_has_it() {
        let cells = ["a,b", "say \"x\"", "", "1.5"].map(str::to_string);
        assert_eq!(line(&cells).unwrap(), "\"a,b\",\"say \"\"x\"\"\",,1.5\r\n");
    }
}
