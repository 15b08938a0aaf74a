//! The sheet that was handed out, in a file that comes back: its lines are the question, and no answer of the student's.

use crate::answer::Solution;
use crate::render::document::{Edition, Format, Layout};
use crate::render::sheet::{self, Sheet};
use crate::syntax::Container;
use std::collections::HashSet;
use std::sync::OnceLock;

/// So much of the sheet is in a file that was filled in.
const SHARE: f64 = 0.75;

/// The lines of a problem's exam sheet, in each format that is filled in as text.
#[derive(Debug, Default)]
pub struct HandedOut {
    markdown: OnceLock<HashSet<String>>,
    latex: OnceLock<HashSet<String>>,
    text: OnceLock<HashSet<String>>,
}

impl HandedOut {
    /// What a student has written into the sheet, each line at its place; none where the file is not our sheet.
    pub fn own_lines(&self, solution: &Solution, name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let (kept, format) = match Container::of(name) {
            Container::Markdown => (&self.markdown, Format::Markdown),
            Container::Latex => (&self.latex, Format::Latex),
            Container::Plain => (&self.text, Format::Text),
            Container::Notebook | Container::Json | Container::Table => return None,
        };
        let text = std::str::from_utf8(bytes).ok()?;
        let title = solution.model.title.as_deref().unwrap_or(&solution.model.id);
        // Each format writes signs in its own way, and letters as they are.
        let mut words = title.split(|c: char| !c.is_alphabetic());
        let sheet = words.all(|word| text.contains(word)).then(|| kept.get_or_init(|| lines(solution, format)))?;
        let present: HashSet<&str> = text.lines().map(str::trim).filter(|line| sheet.contains(*line)).collect();
        if (present.len() as f64) < SHARE * sheet.len() as f64 || sheet.is_empty() {
            return None;
        }
        let mut own = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            match sheet.contains(line.trim()) {
                true => own.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' })),
                false => own.push_str(line),
            }
        }
        Some(own.into_bytes())
    }
}

/// The lines of the sheet that say something; what only begins or ends a formula may be the student's too.
fn lines(solution: &Solution, format: Format) -> HashSet<String> {
    let layout = Layout { format, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
    let Ok(document) = sheet::sheet(solution, &layout, Sheet::Exam) else { return HashSet::new() };
    let says = |line: &&str| match format {
        Format::Text => !line.is_empty(),
        _ => line.chars().any(char::is_alphanumeric) && !line.starts_with("\\begin{") && !line.starts_with("\\end{"),
    };
    document.text.lines().map(str::trim).filter(says).map(str::to_string).collect()
}
