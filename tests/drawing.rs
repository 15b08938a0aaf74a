//! The drawings of computation graphs: nothing overlaps, nothing is lost, and labels stay labels.
#[path = "drawing/diagrams.rs"]
mod diagrams;

use solve::render::drawing::{Layout, dot, layout, mermaid, svg, tikz};

/// Writes every drawing into the folder that `SOLVE_DRAWINGS` names, to look at.
#[test]
fn drawings_to_look_at() {
    let Ok(folder) = std::env::var("SOLVE_DRAWINGS") else { return };
    for (name, diagram) in diagrams::all().into_iter().filter(|d| std::env::var("ONLY").map_or(true, |o| o == d.0)) {
        let drawing: Layout = layout(&diagram);
        let write = |ending: &str, text: String| std::fs::write(format!("{folder}/{name}.{ending}"), text).unwrap();
        write("svg", svg(&drawing, name));
        write("tikz.tex", tikz(&drawing));
        write("mmd", mermaid(&diagram));
        write("dot", dot(&diagram));
    }
}
