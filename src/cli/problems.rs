//! `solve problems`: an index of a folder of problems by topic, with search.

use super::args::{ListFormat, ProblemsArgs};
use super::report::{self, Look};
use super::{Exit, files, stdio};
use crate::limits::SPEC_BYTES;
use crate::syntax::{decode, read_spec};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders below the one that is asked for.
const DEPTH: usize = 4;

/// One problem of the index.
#[derive(Serialize)]
struct Row {
    /// The folder below the one that was asked for.
    topic: String,
    file: String,
    id: String,
    title: String,
    points: Option<String>,
    /// What a search looks at.
    #[serde(skip)]
    text: String,
}

pub fn print(args: &ProblemsArgs, look: Look) -> Exit {
    let mut paths = Vec::new();
    if let Err(error) = specs(&args.folder, DEPTH, &mut paths) {
        let message = format!(
            "solve: `{}`: {}; --in FOLDER says where problems are\n",
            args.folder.display(),
            stdio::words(&error)
        );
        stdio::tell(&report::printable(&message));
        return Exit::Usage;
    }
    paths.sort();
    let words: Vec<String> = args.words.iter().map(|word| word.to_lowercase()).collect();
    let rows = paths.iter().filter_map(|path| row(path, &args.folder));
    let found: Vec<Row> = rows.filter(|row| words.iter().all(|word| row.text.contains(word))).collect();
    if found.is_empty() && !look.quiet {
        stdio::tell("no problem holds all of these words\n");
    }
    stdio::finish(&listing(&found, args.format))
}

fn specs(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && depth > 0 && !is_hidden && !path.is_symlink() {
            // A folder that can't be read hides no other.
            let _ = specs(&path, depth - 1, found);
        } else if path.extension().is_some_and(|ending| ending == "spec") && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// A problem that can be read.
fn row(path: &Path, folder: &Path) -> Option<Row> {
    let text = decode(&files::read(path, SPEC_BYTES).ok()?).ok()?;
    let spec = read_spec(&text).ok()?.value;
    let topic = path.parent().and_then(|parent| parent.strip_prefix(folder).ok());
    Some(Row {
        topic: topic.map_or(String::new(), |topic| topic.display().to_string()),
        file: path.display().to_string(),
        id: spec.id.value,
        title: spec.title.map_or(String::new(), |title| title.value),
        points: spec.points.map(|points| points.value),
        text: format!("{} {text}", path.display()).to_lowercase(),
    })
}

fn listing(rows: &[Row], format: ListFormat) -> String {
    let grouped = |head: fn(&str) -> String, line: fn(&Row) -> String| {
        let groups = rows.chunk_by(|one, next| one.topic == next.topic);
        let group = |group: &[Row]| head(&group[0].topic) + &group.iter().map(line).collect::<String>();
        groups.map(group).collect::<Vec<_>>().join("\n")
    };
    let report = match format {
        ListFormat::Json => serde_json::to_string_pretty(rows).unwrap_or_default() + "\n",
        ListFormat::Text => grouped(
            |topic| if topic.is_empty() { String::new() } else { format!("{topic}\n") },
            |row| format!("  {:<44} {}\n", row.file, row.title),
        ),
        ListFormat::Md => grouped(
            |topic| if topic.is_empty() { String::new() } else { format!("## {topic}\n\n") },
            |row| format!("- [`{}`]({}) {}\n", row.id, row.file, row.title),
        ),
    };
    report::printable(&report)
}
