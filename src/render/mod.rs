//! From a solution to a document.

/// Writes to a string, which can't fail.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => { let _ = write!($out, $($arg)*); };
}

/// The same as a line of its own.
macro_rules! put_line {
    ($out:expr, $($arg:tt)*) => { let _ = writeln!($out, $($arg)*); };
}

pub mod course;
pub mod diagram;
pub mod document;
pub mod drawing;
pub mod escape;
pub(crate) mod figure;
pub mod grid;
pub(crate) mod indices;
pub mod json;
pub mod marks;
pub mod mathml;
pub mod notation;
pub(crate) mod piecewise;
pub(crate) mod plain;
pub mod plot;
mod program;
pub mod sheet;
pub mod template;
pub mod view;
mod wording;
pub(crate) mod write;

use crate::answer::{Section, Solution};
use crate::graph::NodeId;
use document::{Document, Format, Layout, Picture, RenderError};
use notation::Style;
use serde::Serialize;
use view::{DiagramView, Drawn, Page, SectionBody, SectionView, Viewer};

/// Lays a solution out as a document.
pub fn render(solution: &Solution, layout: &Layout) -> Result<Document, RenderError> {
    match layout.format {
        Format::Markdown | Format::Latex | Format::Html | Format::Text => {
            document(template_data(solution, layout), layout)
        }
        Format::Json => Ok(alone(json::json(solution))),
        Format::Svg => Ok(alone(drawing::svg(&drawing::layout(&drawn(solution)), &picture_name(solution)))),
        Format::Tikz => Ok(alone(drawing::tikz(&drawing::layout(&drawn(solution))))),
        Format::Mermaid => Ok(alone(drawing::mermaid(&drawn(solution)))),
        Format::Dot => Ok(alone(drawing::dot(&drawn(solution)))),
        Format::Notebook => sheet::sheet(solution, layout, sheet::Sheet::Key),
        Format::Python | Format::Torch => program::program(solution, layout).map(alone),
    }
}

fn alone(text: String) -> Document {
    Document { text, pictures: Vec::new() }
}

fn document(data: TemplateData, layout: &Layout) -> Result<Document, RenderError> {
    let text = template::document(&data, layout)?;
    let diagram = data.page.diagram.into_iter().filter_map(|diagram| match diagram.form {
        Drawn::Svg(svg) => Some((diagram.file, svg)),
        Drawn::Tikz(_) | Drawn::Mermaid(_) | Drawn::Characters(_) => None,
    });
    let drawn = data.page.sections.into_iter().filter_map(picture_of);
    let pictures = diagram.chain(drawn).filter_map(|(file, content)| Some(Picture { file: file?, content }));
    Ok(Document { text, pictures: pictures.collect() })
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
    let mut page = Viewer::new(solution, style(layout.format), layout.edition).page(diagram_view(solution, layout));
    name_pictures(&mut page.sections, layout);
    TemplateData { page, fragment: layout.fragment }
}

/// The file and the content of a section's picture.
fn picture_of(section: SectionView) -> Option<(Option<String>, String)> {
    match section.body {
        SectionBody::Values { grid, .. } => grid.map(|grid| (grid.file, grid.svg)),
        SectionBody::Plot { plot } => Some((plot.file, plot.svg)),
        _ => None,
    }
}

/// Gives the pictures of sections their files beside the document: `q3-grid.svg`, and `q3-grid2.svg` for a second one.
fn name_pictures(sections: &mut [SectionView], layout: &Layout) {
    let (mut grids, mut plots) = (0, 0);
    for section in sections {
        match &mut section.body {
            SectionBody::Values { grid: Some(grid), .. } => grid.file = numbered(layout, "grid", &mut grids),
            SectionBody::Plot { plot } => plot.file = numbered(layout, "plot", &mut plots),
            _ => {}
        }
    }
}

fn numbered(layout: &Layout, kind: &str, count: &mut usize) -> Option<String> {
    *count += 1;
    let number = if *count > 1 { count.to_string() } else { String::new() };
    picture_file(layout, &format!("{kind}{number}"))
}

/// A picture's file beside the document, where one can be linked.
fn picture_file(layout: &Layout, name: &str) -> Option<String> {
    let stem = layout.picture_stem.as_ref().filter(|_| layout.format == Format::Markdown)?;
    Some(format!("{stem}-{name}.svg"))
}

/// The notation of a format's formulas.
fn style(format: Format) -> Style {
    match format {
        Format::Markdown | Format::Latex | Format::Html | Format::Tikz | Format::Notebook => Style::Latex,
        Format::Text | Format::Svg | Format::Mermaid | Format::Dot => Style::Text,
        Format::Json | Format::Python | Format::Torch => Style::Plain,
    }
}

/// The computation graph, if the problem asks for one.
fn diagram_view(solution: &Solution, layout: &Layout) -> Option<DiagramView> {
    solution.sections.iter().find(|section| matches!(section, Section::Graph { .. }))?;
    let diagram = drawn(solution);
    let file = picture_file(layout, "graph");
    let svg = || drawing::svg(&drawing::layout(&diagram), &picture_name(solution));
    let form = match layout.format {
        Format::Latex | Format::Tikz => Drawn::Tikz(drawing::tikz(&drawing::layout(&diagram))),
        Format::Text | Format::Dot | Format::Json | Format::Python | Format::Torch => {
            Drawn::Characters(drawing::terminal(&diagram))
        }
        Format::Markdown | Format::Mermaid if file.is_none() => Drawn::Mermaid(drawing::mermaid(&diagram)),
        Format::Html | Format::Svg | Format::Markdown | Format::Mermaid | Format::Notebook => Drawn::Svg(svg()),
    };
    Some(DiagramView {
        description: diagram.description.clone(),
        form,
        file,
        gradients: drawn_loss(solution).is_some(),
    })
}

fn drawn(solution: &Solution) -> drawing::Diagram {
    diagram::diagram(solution, drawn_loss(solution))
}

/// The loss whose gradients a task wants in the picture.
fn drawn_loss(solution: &Solution) -> Option<NodeId> {
    solution.sections.iter().find_map(|section| match section {
        Section::Graph { gradients_of } => *gradients_of,
        _ => None,
    })
}

/// The beginning of a picture's identifiers: letters and digits of the problem's own.
fn picture_name(solution: &Solution) -> String {
    let letters: String = solution.model.id.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("graph-{}", letters.to_lowercase())
}
