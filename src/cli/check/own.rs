//! Our own outputs among the submissions: they are no one's answers.

use super::journal;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of a file that are looked at.
const LOOKED_AT: u64 = 64 << 10;
/// How the table of marks begins.
const TABLE: &str = "student,file,points,of,";
/// Files of a folder of reports.
const FOLDER: (&str, [&str; 3]) = ("marks.csv", ["summary.md", "summary.html", "summary.txt"]);

/// Whether a file was written by `solve check`.
pub fn is_output(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let sign: fn(&str) -> bool = match ending.as_str() {
        "csv" => |text| text.starts_with(TABLE),
        "json" => |text| text.starts_with("{\n  \"schema\": ") && text.contains("\n  \"submissions\": ["),
        "html" | "htm" => |text| text.contains("<meta name=\"generator\" content=\"solve check\">"),
        "md" | "markdown" => |text| text.starts_with("# ") && text.contains("\n**Together: "),
        "txt" | "text" => |text| text.lines().nth(1).is_some_and(is_rule) && text.contains("\nTogether: "),
        ending if journal::ENDING.ends_with(ending) && !ending.is_empty() => |text| text.starts_with(journal::BEGINS),
        _ => return false,
    };
    beginning(path).is_some_and(|text| sign(&text))
}

fn is_rule(line: &str) -> bool {
    line.len() > 2 && line.bytes().all(|byte| byte == b'=')
}

/// Whether a folder holds the reports of a class.
pub fn is_folder(path: &Path) -> bool {
    let (table, summaries) = FOLDER;
    summaries.iter().any(|name| path.join(name).is_file()) && is_output(&path.join(table))
}

fn beginning(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LOOKED_AT).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
