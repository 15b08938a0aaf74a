//! The drawings of computation graphs: nothing overlaps, nothing is lost, and labels stay labels.
use crate::common;
mod diagrams;
use crate::inert;
mod overlaps;

use proptest::prelude::*;
use solve::math::Math;
use solve::render::diagram::diagram;
use solve::render::drawing::{
    Diagram, Edge, End, Kind, Label, Layout, Node, Role, Words, dot, layout, mermaid, svg, terminal, tikz,
};

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

/// The drawings of Q1, letter for letter; `BLESS=1` writes them anew.
#[test]
fn q1_as_it_was() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/drawing");
    for (name, diagram) in [("q1_symbolic", diagrams::q1_symbolic()), ("q1_numeric", diagrams::q1_numeric())] {
        let drawing = layout(&diagram);
        for (ending, text) in [
            ("svg", svg(&drawing, "q1")),
            ("tikz.tex", tikz(&drawing)),
            ("mmd", mermaid(&diagram)),
            ("dot", dot(&diagram)),
            ("txt", terminal(&diagram)),
        ] {
            let path = format!("{folder}/{name}.{ending}");
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            assert!(std::fs::read_to_string(&path).unwrap() == text, "{path} has changed: look at it, then BLESS=1");
        }
    }
}

/// On the terminal no node is covered, and lines have their heads.
#[test]
fn characters_lose_nothing() {
    for (name, diagram) in diagrams::all() {
        let drawn = terminal(&diagram);
        let heads = drawn.chars().filter(|sign| "▶◀▲▼".contains(*sign)).count();
        assert!(heads >= diagram.nodes.len() / 2, "{name}: {heads} arrows\n{drawn}");
        for node in diagram.nodes.iter().filter(|node| node.label.text().chars().count() < 20) {
            assert!(drawn.contains(&node.label.text()), "{name}: {} is missing\n{drawn}", node.label.text());
        }
    }
}

/// What the checker below finds, if there is something to find.
#[test]
fn faults_are_found() {
    let good = layout(&diagrams::q1_symbolic());
    let spoilt = |spoil: &dyn Fn(&mut Layout)| {
        let mut drawing = good.clone();
        spoil(&mut drawing);
        overlaps::faults(&drawing)
    };
    assert_eq!(spoilt(&|_| ()), Vec::<String>::new());
    // Nodes on each other, a label on a node, a node on a line, lines on each other, a slanted line, off the page.
    assert!(!spoilt(&|d| d.nodes[1].rect = d.nodes[0].rect.shifted(10.0, 0.0)).is_empty());
    assert!(!spoilt(&|d| d.captions[0].rect = d.nodes[0].rect.grown(-4.0)).is_empty());
    assert!(!spoilt(&|d| d.nodes[0].rect = d.nodes[0].rect.shifted(45.0, 0.0)).is_empty());
    assert!(!spoilt(&|d| d.lines[0].points = d.lines[7].points.clone()).is_empty());
    assert!(!spoilt(&|d| d.lines[0].points[0].0 += 3.0).is_empty());
    assert!(!spoilt(&|d| d.nodes[0].rect = d.nodes[0].rect.shifted(-10.0, 0.0)).is_empty());
}

#[test]
fn the_same_diagram_gives_the_same_drawing() {
    for (name, diagram) in diagrams::all() {
        assert!(layout(&diagram) == layout(&diagram), "{name}");
    }
}

/// Every node, and every value and gradient, is somewhere in the drawing.
#[test]
fn nothing_is_lost() {
    for (name, diagram) in diagrams::all() {
        let drawing = layout(&diagram);
        for (i, node) in diagram.nodes.iter().enumerate() {
            let times = drawing.nodes.iter().filter(|placed| placed.node == i).count();
            assert_eq!(times, 1, "{name}: {}", node.id);
        }
        let said = |role: Role, label: &Label| {
            let same = |words: &Words| words.label.as_ref().is_some_and(|other| other.math == label.math);
            let captions = drawing.captions.iter().filter(|caption| caption.role == role);
            captions.map(|caption| &caption.words).chain(drawing.nodes.iter().map(|node| &node.words)).any(same)
        };
        for edge in &diagram.edges {
            assert!(edge.value.iter().all(|label| said(Role::Forward, label)), "{name}: {} to {}", edge.from, edge.to);
            assert!(
                edge.gradient.iter().all(|label| said(Role::Gradient, label)),
                "{name}: {} to {}",
                edge.from,
                edge.to
            );
        }
        // A node's own gradient stands beside it, or where its value forks.
        let uses = |node: &Node| diagram.edges.iter().filter(|edge| edge.from == node.id).count();
        let shown = diagram.nodes.iter().filter(|node| node.beside.is_some() || uses(node) > 1);
        for label in shown.filter_map(|node| node.gradient.as_ref()) {
            assert!(said(Role::Gradient, label), "{name}: {}", label.text());
        }
    }
}

/// A value that two consumers use parts in a circled plus where gradients come back, and in a dot otherwise.
#[test]
fn forks() {
    let drawing = layout(&diagrams::q1_symbolic());
    assert_eq!(drawing.forks.iter().map(|fork| fork.adds).collect::<Vec<_>>(), [true]);
    let notes: Vec<&str> =
        drawing.captions.iter().filter(|c| c.role == Role::Note).map(|c| c.words.tail.as_str()).collect();
    assert_eq!(notes, [" is used twice:", "its gradients add"]);
    assert_eq!(layout(&diagrams::fan(6, false)).forks.iter().map(|fork| fork.adds).collect::<Vec<_>>(), [false]);
    assert_eq!(layout(&diagrams::conv()).forks, []);
}

/// The line from X to the reconstruction loss goes over the top, and the main line is straight.
#[test]
fn q1_reads_well() {
    let drawing = layout(&diagrams::q1_symbolic());
    let at = |node: usize| drawing.nodes.iter().find(|placed| placed.node == node).unwrap().rect.centre();
    assert_eq!(at(0).1, at(1).1);
    assert_eq!(at(1).1, at(2).1);
    assert!((at(3).1 + at(4).1 - 2.0 * at(2).1).abs() < 1.0, "the fork is not in the middle of its branches");
    let skip = drawing.lines.iter().find(|line| line.points.len() == 4 && line.points[1].1 == 8.0).unwrap();
    assert_eq!(skip.points.last().unwrap().0, at(5).0);
    assert!(drawing.width < 830.0, "{}", drawing.width);
}

#[test]
fn long_chains_go_on_in_rows() {
    let drawing = layout(&diagrams::chain(20, true));
    assert!(drawing.width < 1000.0 && drawing.breaks.len() == 6, "{} {:?}", drawing.width, drawing.breaks);
    // One picture holds it, with letters of 8 pt.
    let text = tikz(&drawing);
    assert_eq!(text.matches("\\begin{tikzpicture}").count(), 1);
    let scale: f64 = text.split("scale=").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    assert!(scale > 0.8, "{scale}");
    // A higher one becomes several, with every node in one of them.
    let diagram = diagrams::chain(60, true);
    let text = tikz(&layout(&diagram));
    let pictures = text.matches("\\begin{tikzpicture}").count();
    assert!(pictures > 1 && pictures == text.matches("\\end{tikzpicture}").count());
    let boxes = ["[op,", "[par,", "[dat,", "[tgt,", "[loss,", "[f,minimum"].map(|style| text.matches(style).count());
    assert_eq!(boxes.iter().sum::<usize>(), diagram.nodes.len());
}

/// Long lines are cut, so the work stays in proportion: a parameter that a thousand steps share is no trouble.
#[test]
fn large_graphs() {
    let shared = |steps: usize| {
        let chain = (1..steps).map(|i| (i, i + 1));
        let pairs: Vec<(usize, usize)> = chain.chain((2..=steps).map(|i| (0, i))).collect();
        diagrams::from_pairs(steps + 1, &pairs, true)
    };
    for diagram in [shared(1000), diagrams::chain(500, true), diagrams::fan(200, true)] {
        let drawing = layout(&diagram);
        assert!(drawing.nodes.len() >= diagram.nodes.len() && drawing.lines.len() < 5 * diagram.nodes.len());
    }
    assert_eq!(overlaps::faults(&layout(&shared(59))), Vec::<String>::new());
}

/// Where lines are cut, the tags of different values say different things, also for values without a name.
#[test]
fn tags_tell_values_apart() {
    let mut diagram = diagrams::scattered(60, 40, 60, false);
    for edge in &mut diagram.edges {
        edge.value = None;
    }
    let drawing = layout(&diagram);
    let tags = drawing.nodes.iter().filter(|node| node.kind == Kind::Reference);
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for tag in tags {
        let text = tag.words.label.as_ref().unwrap().text();
        let incoming =
            drawing.lines.iter().any(|line| matches!(line.ends[1], End::Node(n) if drawing.nodes[n] == *tag));
        if incoming { from.push(text) } else { to.push(text) }
    }
    let all = from.len();
    from.sort();
    from.dedup();
    assert!(all > 5 && from.len() == all, "{from:?}");
    // Only a leaf's own name is said without a tag where it starts.
    assert!(to.iter().all(|text| from.contains(text) || text == "op₀"), "{to:?}");
}

#[test]
fn broken_diagrams_are_drawn_as_far_as_they_go() {
    let empty = Diagram { title: String::new(), description: String::new(), nodes: vec![], edges: vec![] };
    assert_eq!(layout(&empty).nodes, []);
    let mut odd = diagrams::from_pairs(4, &[(0, 1), (1, 2), (2, 3), (1, 3), (1, 3)], true);
    odd.edges.push(Edge::new("n3", "n1"));
    odd.edges.push(Edge::new("n2", "n2"));
    odd.edges.push(Edge::new("nowhere", "n2"));
    odd.edges.push(Edge::new("n2", "nowhere"));
    odd.nodes.push(odd.nodes[1].clone());
    odd.nodes[0].beside = Some("n0".into());
    odd.nodes[2].beside = Some("n3".into());
    let drawing = layout(&odd);
    assert_eq!(drawing.nodes.len(), 4);
    assert_eq!(overlaps::faults(&drawing), Vec::<String>::new());
}

/// Labels that try to be more than labels.
const HOSTILE: [&str; 16] = [
    "\\input{/etc/passwd}",
    "\\immediate\\write18{id}",
    "\\def\\x{\\x}\\x",
    "^^5cinput x",
    "100% $x$ #1 & ~ {",
    "}\\end{tikzpicture}\\input{x}",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "]]> --> </svg><script>",
    "X\"] --> n1; click n0 \"javascript:alert(1)\"",
    "`code` [x](javascript:x) | ``` end",
    "\"]; n0 -> n1 [URL=\"javascript:x\"]; x [label=\"",
    "{{ 7*7 }} {% include x %}",
    "a\nb\r\n\tc\u{0}\u{7f}",
    "\u{202e}\u{200b}W\u{feff}\u{ffff}",
    "&#x3c;script&#x3e; &lt;",
];

/// A diagram whose every text is this one.
fn full_of(text: &str) -> Diagram {
    let mut diagram = diagrams::q1_numeric();
    let label = || Some(Label::new(Math::name(text)));
    let numbers = Label { matrix: Some(vec![vec![Math::name(text), Math::number(1)]]), ..Label::new(Math::name(text)) };
    (diagram.title, diagram.description) = (text.into(), text.into());
    for node in &mut diagram.nodes {
        (node.label, node.gradient) = (Label::new(Math::name(text)), label());
    }
    for edge in &mut diagram.edges {
        (edge.value, edge.gradient) = (Some(numbers.clone()), label());
    }
    diagram
}

#[test]
fn labels_stay_labels() {
    for text in HOSTILE {
        let diagram = full_of(text);
        let drawing = layout(&diagram);
        assert_eq!(overlaps::faults(&drawing), Vec::<String>::new(), "{text:?}");
        let [picture, latex, chart, graph] = [svg(&drawing, text), tikz(&drawing), mermaid(&diagram), dot(&diagram)];
        inert::svg(&picture);
        inert::latex(&latex);
        inert::mermaid(&chart);
        inert::dot(&graph);
        for output in [&picture, &latex, &chart, &graph] {
            let hidden = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{200b}\u{feff}\u{ffff}".contains(c));
            assert!(!output.contains(hidden), "{text:?}");
        }
        if let Ok(folder) = std::env::var("SOLVE_DRAWINGS") {
            let number = HOSTILE.iter().position(|other| *other == text).unwrap();
            std::fs::write(format!("{folder}/hostile{number}.tikz.tex"), latex).unwrap();
            std::fs::write(format!("{folder}/hostile{number}.svg"), picture).unwrap();
        }
    }
}

/// A title in any script, and a label as long as a book, fit into a drawing.
#[test]
fn long_and_foreign_labels() {
    for text in ["W".repeat(100_000), "_".repeat(1000), "^{".repeat(1000), "权重矩阵".into(), "وزن".into(), "🦀".into()]
    {
        let drawing = layout(&full_of(&text));
        assert!(drawing.width < 20_000.0);
        inert::latex(&tikz(&drawing));
        inert::svg(&svg(&drawing, ""));
    }
}

#[test]
fn nothing_overlaps() {
    for (name, diagram) in diagrams::all() {
        let faults = overlaps::faults(&layout(&diagram));
        assert!(faults.is_empty(), "{name}: {} faults\n{}", faults.len(), faults.join("\n"));
    }
}

/// The pictures of the shipped problems, without and with gradients.
#[test]
fn nothing_overlaps_in_the_shipped_problems() {
    for path in common::problems() {
        let solution = common::solve_file(&path);
        for gradients in [false, true] {
            let loss = solution.gradients.first().map(|gradients| gradients.loss).filter(|_| gradients);
            let drawing = layout(&diagram(&solution, loss));
            let faults = overlaps::faults(&drawing);
            assert!(faults.is_empty(), "{}: {}", path.display(), faults.join("\n"));
            if let Ok(folder) = std::env::var("SOLVE_DRAWINGS") {
                let name = common::stem(&path).replace('/', "_");
                std::fs::write(format!("{folder}/problem_{name}_{gradients}.svg"), svg(&drawing, "p")).unwrap();
            }
        }
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

/// In numbers every edge and every leaf has its value and its gradient, and what a value's uses give adds up.
#[test]
fn a_numeric_graph_says_every_number() {
    let model = common::model_file(std::path::Path::new("problems/scalars/micrograd.spec"));
    let solution = solve::answer::answer(&model, &[]).unwrap();
    let loss = solution.gradients[0].loss;
    let drawn = diagram(&solution, Some(loss));
    let number = |label: &Label| label.text().replace('−', "-").rsplit(' ').next().unwrap().parse::<f64>().unwrap();
    for node in drawn.nodes.iter().filter(|node| node.kind == Kind::Param) {
        assert!(node.label.text().contains(" = "), "{node:?}");
        let shares = drawn.edges.iter().filter(|edge| edge.from == node.id);
        let sum: f64 = shares.map(|edge| number(edge.gradient.as_ref().unwrap())).sum();
        let whole = number(node.gradient.as_ref().unwrap());
        assert!((sum - whole).abs() < 0.002 * whole.abs(), "{}: {sum} {whole}", node.label.text());
    }
    let is_leaf = |id: &str| drawn.nodes.iter().any(|node| node.id == id && node.kind == Kind::Param);
    for edge in &drawn.edges {
        assert!(edge.gradient.is_some() && (edge.value.is_some() || is_leaf(&edge.from)), "{edge:?}");
    }
}
