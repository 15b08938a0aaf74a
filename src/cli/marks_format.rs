//! Which kind of report is wanted: said, or guessed from the output's ending.

use super::output::Destination;
use crate::render::document::Format;
use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MarksFormat {
    #[value(alias = "txt")]
    Text,
    #[value(alias = "markdown")]
    Md,
    #[value(alias = "htm")]
    Html,
    Json,
    Csv,
    Gradescope,
}

/// The endings by which a format is known; the first one of a format is given to files in a folder.
const ENDINGS: &[(&str, MarksFormat)] = &[
    ("txt", MarksFormat::Text),
    ("text", MarksFormat::Text),
    ("md", MarksFormat::Md),
    ("markdown", MarksFormat::Md),
    ("html", MarksFormat::Html),
    ("htm", MarksFormat::Html),
    ("json", MarksFormat::Json),
    ("csv", MarksFormat::Csv),
];

/// The format that was said, or that the output's ending says; else text, and Markdown in a folder.
pub fn choose(said: Option<MarksFormat>, destination: &Destination) -> Result<MarksFormat, String> {
    match (said, destination) {
        (Some(name), _) => Ok(name),
        (None, Destination::Stdout) => Ok(MarksFormat::Text),
        (None, Destination::Folder(_)) => Ok(MarksFormat::Md),
        (None, Destination::File(path)) => {
            let Some(ending) = path.extension() else { return Ok(MarksFormat::Text) };
            let ending = ending.to_string_lossy();
            let known = ENDINGS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
            known
                .map(|(_, name)| *name)
                .ok_or_else(|| format!("no report of marks is known by the ending `.{ending}`: use --format"))
        }
    }
}

impl MarksFormat {
    /// The ending of a file in this format.
    pub fn ending(self) -> &'static str {
        match self {
            MarksFormat::Gradescope => "json",
            other => ENDINGS.iter().find(|(_, known)| *known == other).map_or("txt", |(ending, _)| ending),
        }
    }

    /// The format of reports that are read by people.
    pub fn document(self) -> Option<Format> {
        match self {
            MarksFormat::Text => Some(Format::Text),
            MarksFormat::Md => Some(Format::Markdown),
            MarksFormat::Html => Some(Format::Html),
            MarksFormat::Json | MarksFormat::Csv | MarksFormat::Gradescope => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn what_is_said_wins_over_the_ending() {
        let file = |name: &str| Destination::File(PathBuf::from(name));
        assert_eq!(choose(None, &file("marks.CSV")), Ok(MarksFormat::Csv));
        assert_eq!(choose(Some(MarksFormat::Gradescope), &file("results.json")), Ok(MarksFormat::Gradescope));
        assert_eq!(choose(None, &Destination::Stdout), Ok(MarksFormat::Text));
        assert_eq!(choose(None, &Destination::Folder("x/".into())), Ok(MarksFormat::Md));
        assert!(choose(None, &file("marks.xlsx")).unwrap_err().contains("`.xlsx`"));
    }
}
