//! From a solution to a document.

pub mod diagram;
pub mod document;
pub mod drawing;
pub mod escape;
pub mod figure;
pub mod indices;
pub mod json;
pub mod mathml;
pub mod notation;
pub mod plain;
pub mod template;
pub mod view;

use crate::answer::{Section, Solution};
use document::{Document, Format, Layout, Picture, RenderError};
use notation::Style;
use serde::Serialize;
use view::{DiagramView, Page, Viewer};

/// Lays a solution out as a document.
pub fn render(solution: &Solution, layout: &Layout) -> Result<Document, RenderError> {
    match layout.format {
        Format::Markdown | Format::Latex | Format::Html | Format::Text => document(solution, layout),
        Format::Json => Ok(alone(json::json(solution))),
        Format::Svg => Ok(alone(drawing::svg(&drawing::layout(&drawn(solution)), &picture_name(solution)))),
        Format::Tikz => Ok(alone(drawing::tikz(&drawing::layout(&drawn(solution))))),
        Format::Mermaid => Ok(alone(drawing::mermaid(&drawn(solution)))),
        Format::Dot => Ok(alone(drawing::dot(&drawn(solution)))),
    }
}

fn alone(text: String) -> Document {
    Document { text, pictures: Vec::new() }
}

fn document(solution: &Solution, layout: &Layout) -> Result<Document, RenderError> {
    let data = template_data(solution, layout);
    let text = template::document(&data, layout)?;
    let linked = data.page.diagram.and_then(|diagram| Some(Picture { file: diagram.file?, content: diagram.svg }));
    Ok(Document { text, pictures: linked.into_iter().collect() })
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
    let page = Viewer::new(solution, style(layout.format), layout.edition).page(diagram_view(solution, layout));
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
fn diagram_view(solution: &Solution, layout: &Layout) -> Option<DiagramView> {
    solution.sections.iter().find(|section| matches!(section, Section::Graph { .. }))?;
    let diagram = drawn(solution);
    let placed = drawing::layout(&diagram);
    Some(DiagramView {
        description: diagram.description.clone(),
        svg: drawing::svg(&placed, &picture_name(solution)),
        tikz: drawing::tikz(&placed),
        mermaid: drawing::mermaid(&diagram),
        file: layout
            .picture_stem
            .as_ref()
            .filter(|_| layout.format == Format::Markdown)
            .map(|stem| format!("{stem}-graph.svg")),
        gradients: with_gradients(solution),
    })
}

fn drawn(solution: &Solution) -> drawing::Diagram {
    diagram::diagram(solution, with_gradients(solution))
}

fn with_gradients(solution: &Solution) -> bool {
    solution.sections.iter().any(|section| matches!(section, Section::Graph { gradients: true }))
}

/// The beginning of a picture's identifiers: letters and digits of the problem's own.
fn picture_name(solution: &Solution) -> String {
    let letters: String = solution.model.id.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("graph-{}", letters.to_lowercase())
}
