//! Which kind of document is wanted: said, or guessed from the output's ending.

use super::output::Destination;
use super::stdio;
use crate::render::document::Format;
use clap::ValueEnum;
use std::path::Path;

/// A part of a document that is wanted alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Only {
    Graph,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    #[value(alias = "markdown")]
    Md,
    /// Markdown for pandoc, which makes Word documents of it
    Pandoc,
    #[value(alias = "tex")]
    Latex,
    #[value(alias = "txt")]
    Text,
    Json,
    #[value(alias = "htm")]
    Html,
    Pdf,
    Svg,
    Tikz,
    #[value(alias = "mmd")]
    Mermaid,
    #[value(alias = "gv")]
    Dot,
    /// The key as a program in NumPy that checks itself
    #[value(alias = "py")]
    Python,
    /// A notebook for Jupyter, nbgrader and otter
    #[value(alias = "notebook")]
    Ipynb,
}

/// The endings by which a format is known; the first one of a format is given to files in a folder.
const ENDINGS: &[(&str, FormatName)] = &[
    ("md", FormatName::Md),
    ("markdown", FormatName::Md),
    ("pandoc", FormatName::Pandoc),
    ("tex", FormatName::Latex),
    ("latex", FormatName::Latex),
    ("txt", FormatName::Text),
    ("text", FormatName::Text),
    ("json", FormatName::Json),
    ("html", FormatName::Html),
    ("htm", FormatName::Html),
    ("pdf", FormatName::Pdf),
    ("svg", FormatName::Svg),
    ("tikz", FormatName::Tikz),
    ("mmd", FormatName::Mermaid),
    ("mermaid", FormatName::Mermaid),
    ("dot", FormatName::Dot),
    ("gv", FormatName::Dot),
    ("py", FormatName::Python),
    ("ipynb", FormatName::Ipynb),
];

/// What comes out, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub name: FormatName,
    pub format: Format,
    /// The text is put in a Markdown block of its own (a graph as Mermaid).
    pub fenced: bool,
}

/// The format that was said, or that the output's ending says; text for a person at a terminal, or Markdown.
pub fn choose(said: Option<FormatName>, only: Option<Only>, output: &Destination) -> Result<Chosen, String> {
    let name = match (said, output) {
        (Some(name), _) => name,
        (None, Destination::File(path)) => from_ending(path)?,
        (None, Destination::Stdout) if only.is_none() && stdio::is_shown() => FormatName::Text,
        (None, Destination::Stdout | Destination::Folder(_)) => FormatName::Md,
    };
    let (format, fenced) = match only {
        None => (whole(name), false),
        Some(Only::Graph) => {
            graph(name).ok_or("the graph alone comes as svg, tikz, mermaid, dot or md: say which with --format")?
        }
    };
    Ok(Chosen { name, format, fenced })
}

fn from_ending(path: &Path) -> Result<FormatName, String> {
    let Some(ending) = path.extension() else { return Ok(FormatName::Md) };
    let ending = ending.to_string_lossy();
    let known = ENDINGS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
    known.map(|(_, name)| *name).ok_or_else(|| format!("no format is known by the ending `.{ending}`: use --format"))
}

/// The ending of a file in this format.
pub fn ending(name: FormatName) -> &'static str {
    ENDINGS.iter().find(|(_, known)| *known == name).map_or("txt", |(ending, _)| ending)
}

/// The format of a whole document, or of the graph for a name that can be nothing else.
pub fn whole(name: FormatName) -> Format {
    match name {
        FormatName::Md | FormatName::Pandoc => Format::Markdown,
        FormatName::Latex => Format::Latex,
        FormatName::Text => Format::Text,
        FormatName::Json => Format::Json,
        FormatName::Html => Format::Html,
        // What the maker of PDFs reads, unless it is a browser.
        FormatName::Pdf => Format::Latex,
        FormatName::Svg => Format::Svg,
        FormatName::Tikz => Format::Tikz,
        FormatName::Mermaid => Format::Mermaid,
        FormatName::Dot => Format::Dot,
        FormatName::Python => Format::Python,
        FormatName::Ipynb => Format::Notebook,
    }
}

/// Whether it is laid out by templates.
pub fn is_document(format: Format) -> bool {
    matches!(format, Format::Markdown | Format::Latex | Format::Html | Format::Text)
}

fn graph(name: FormatName) -> Option<(Format, bool)> {
    match name {
        FormatName::Md => Some((Format::Mermaid, true)),
        FormatName::Latex | FormatName::Tikz => Some((Format::Tikz, false)),
        FormatName::Svg | FormatName::Mermaid | FormatName::Dot => Some((whole(name), false)),
        FormatName::Text
        | FormatName::Json
        | FormatName::Html
        | FormatName::Pdf
        | FormatName::Pandoc
        | FormatName::Python
        | FormatName::Ipynb => None,
    }
}

impl Chosen {
    /// What stands between the documents of several problems in one stream; `None` where they can't share one.
    pub fn separator(&self, fragment: bool) -> Option<&'static str> {
        match self.name {
            FormatName::Md | FormatName::Pandoc => Some("\n---\n\n"),
            FormatName::Text => Some("\n\n"),
            FormatName::Json => Some(""),
            FormatName::Latex if fragment => Some("\n\\clearpage\n\n"),
            FormatName::Dot | FormatName::Mermaid | FormatName::Tikz => Some("\n"),
            FormatName::Latex
            | FormatName::Html
            | FormatName::Svg
            | FormatName::Pdf
            | FormatName::Python
            | FormatName::Ipynb => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(said: Option<FormatName>, only: Option<Only>, output: &str) -> Result<Format, String> {
        choose(said, only, &Destination::File(output.into())).map(|chosen| chosen.format)
    }

    #[test]
    fn what_is_said_wins_over_the_ending() {
        assert_eq!(chosen(None, None, "q.tex"), Ok(Format::Latex));
        assert_eq!(chosen(None, None, "q.HTML"), Ok(Format::Html));
        assert_eq!(chosen(None, None, "answer"), Ok(Format::Markdown));
        assert_eq!(chosen(Some(FormatName::Json), None, "q.tex"), Ok(Format::Json));
        assert!(chosen(None, None, "q.doc").unwrap_err().contains("`.doc`"));
    }

    #[test]
    fn the_graph_alone_has_its_own_formats() {
        assert_eq!(chosen(None, Some(Only::Graph), "q.tex"), Ok(Format::Tikz));
        assert_eq!(chosen(None, Some(Only::Graph), "q.md"), Ok(Format::Mermaid));
        assert!(chosen(None, Some(Only::Graph), "q.json").is_err());
    }

    #[test]
    fn every_format_has_an_ending_that_leads_back() {
        for name in FormatName::value_variants() {
            assert_eq!(from_ending(Path::new(&format!("q.{}", ending(*name)))), Ok(*name));
        }
    }
}
