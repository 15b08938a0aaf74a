//! The drawings of computation graphs: nothing overlaps, nothing is lost, and labels stay labels.
#[path = "drawing/diagrams.rs"]
mod diagrams;
#[path = "drawing/overlaps.rs"]
mod overlaps;

use proptest::prelude::*;
use solve::render::drawing::{Layout, dot, layout, mermaid, svg, tikz};

/// Writes every drawing into the folder that `SOLVE_DRAWINGS` names, to look at.
#[test]
fn drawings_to_look_at() {
    let Ok(folder) = std::env::var("SOLVE_DRAWINGS") else { return };
    for (name, diagram) in diagrams::all() {
        let drawing: Layout = layout(&diagram);
        let write = |ending: &str, text: String| std::fs::write(format!("{folder}/{name}.{ending}"), text).unwrap();
        write("svg", svg(&drawing, name));
        write("tikz.tex", tikz(&drawing));
        write("mmd", mermaid(&diagram));
        write("dot", dot(&diagram));
    }
}

#[test]
fn nothing_overlaps() {
    for (name, diagram) in diagrams::all() {
        let faults = overlaps::faults(&layout(&diagram));
        assert!(faults.is_empty(), "{name}: {} faults\n{}", faults.len(), faults.join("\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_overlaps_in_any_graph((count, pairs) in graphs(), gradients: bool) {
        let faults = overlaps::faults(&layout(&diagrams::from_pairs(count, &pairs, gradients)));
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn nothing_overlaps_with_everything_on_it((count, pairs) in graphs(), seed: u64) {
        let faults = overlaps::faults(&layout(&diagrams::decorated(count, &pairs, seed)));
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

/// Acyclic graphs of up to 60 nodes, most of them as sparse as models are.
fn graphs() -> impl Strategy<Value = (usize, Vec<(usize, usize)>)> {
    (2_usize..=60, 0.0_f64..1.6).prop_flat_map(|(count, density)| {
        let edge = (1..count).prop_flat_map(|to| (0..to, Just(to)));
        (Just(count), proptest::collection::vec(edge, 1..=1 + (density * count as f64) as usize))
    })
}
