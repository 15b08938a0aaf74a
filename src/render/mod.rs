//! From a solution to a document.

pub mod document;
pub mod drawing;
pub mod escape;
pub mod figure;
pub mod mathml;
pub mod notation;
pub mod plain;
pub mod template;
pub mod view;

use crate::answer::Solution;
use document::{Document, Format, Layout, RenderError};
use notation::Style;
use serde::Serialize;
use view::{DiagramView, Page, Viewer};

/// Lays a solution out as a document.
pub fn render(solution: &Solution, layout: &Layout) -> Result<Document, RenderError> {
    let text = template::document(&template_data(solution, layout), layout)?;
    Ok(Document { text, pictures: Vec::new() })
}

/// What a template gets.
#[derive(Clone, Debug, Serialize)]
pub struct TemplateData {
    #[serde(flatten)]
    pub page: Page,
    /// LaTeX without preamble.
    pub fragment: bool,
}

/// The data of the format's template for one solution: what a template of one's own can use.
pub fn template_data(solution: &Solution, layout: &Layout) -> TemplateData {
    let page = Viewer::new(solution, style(layout.format), layout.edition).page(diagram(solution, layout));
    TemplateData { page, fragment: layout.fragment }
}

/// The notation of a format's formulas.
fn style(format: Format) -> Style {
    match format {
        Format::Markdown | Format::Latex | Format::Html | Format::Tikz => Style::Latex,
        Format::Text | Format::Svg | Format::Mermaid | Format::Dot => Style::Text,
        Format::Json => Style::Plain,
    }
}

/// The computation graph, if the problem asks for one.
fn diagram(_: &Solution, _: &Layout) -> Option<DiagramView> {
    None
}
