//! The graph as Mermaid, for pages that can't link a picture. Mermaid makes its own layout.
use std::fmt::Write;

use super::flow::{Flow, Parting};
use super::text;
use super::{Diagram, Kind, Label};

/// Writes a diagram as a Mermaid flowchart. A parameter with a gradient is written into its operator's box.
pub fn mermaid(diagram: &Diagram) -> String {
    let flow = Flow::new(diagram);
    let mut out = String::from("flowchart LR\n");
    for node in (0..diagram.nodes.len()).filter(|&node| flow.main[node]) {
        let inside: Vec<String> = flow.beside[node].iter().filter_map(|&leaf| line(&flow, leaf)).collect();
        let rule = if inside.is_empty() { Vec::new() } else { vec!["──────".to_owned()] };
        let lines = [vec![escape(&flow.node(node).label)], rule, inside].concat();
        push_node(&mut out, node, flow.node(node).kind, &lines.join("<br/>"));
        for &leaf in flow.beside[node].iter().filter(|&&leaf| flow.node(leaf).gradient.is_none()) {
            push_node(&mut out, leaf, flow.node(leaf).kind, &escape(&flow.node(leaf).label));
            put_line!(out, "  n{leaf} --> n{node}");
        }
    }
    for node in 0..diagram.nodes.len() {
        let arrow = |from: &str, to: &str, (value, gradient): (Option<&Label>, Option<&Label>)| {
            let lines: Vec<String> =
                [value, gradient].into_iter().flatten().map(escape).filter(|line| !line.is_empty()).collect();
            let label = if lines.is_empty() { String::new() } else { format!("|\"{}\"|", lines.join("<br/>")) };
            format!("  {from} -->{label} {to}")
        };
        let source = match flow.parting(node) {
            Parting::Adds => {
                put_line!(out, "  f{node}((\"+\")):::fork");
                put_line!(out, "{}", arrow(&format!("n{node}"), &format!("f{node}"), flow.trunk(node)));
                format!("f{node}")
            }
            Parting::Single | Parting::Dot => format!("n{node}"),
        };
        for &arc in &flow.leaving[node] {
            let labels = match flow.parting(node) {
                Parting::Adds => flow.branch(arc),
                Parting::Single => flow.trunk(node),
                Parting::Dot => (flow.edge(arc).value.as_ref(), None),
            };
            put_line!(out, "{}", arrow(&source, &format!("n{}", flow.arcs[arc].to), labels));
        }
    }
    out.push_str(
        "  classDef input fill:#fff,stroke:#666,color:#222\n  classDef target fill:#fff,stroke:#666,color:#222,stroke-dasharray:4 2\n  \
         classDef param fill:#E8EFF7,stroke:#0B5394,color:#222,stroke-width:2px\n  classDef op fill:#f4f4f4,stroke:#666,color:#222\n  \
         classDef loss fill:#f4f4f4,stroke:#222,color:#222,stroke-width:2px\n  classDef output fill:#fff,stroke:#fff,color:#0B5394\n  \
         classDef fork fill:#fff,stroke:#B23A00,color:#B23A00\n",
    );
    out
}

/// A parameter's gradient as a line in its operator's box.
fn line(flow: &Flow, leaf: usize) -> Option<String> {
    let node = flow.node(leaf);
    let gradient = node.gradient.as_ref()?;
    Some(format!("∇{} = {}", escape(&node.label), escape(gradient)))
}

fn push_node(out: &mut String, node: usize, kind: Kind, label: &str) {
    let (open, close, class) = match kind {
        Kind::Input => ("[", "]", "input"),
        Kind::Target => ("[", "]", "target"),
        Kind::Param => ("[[", "]]", "param"),
        Kind::Operator => ("(", ")", "op"),
        Kind::Loss => ("{{", "}}", "loss"),
        Kind::Output => ("[", "]", "output"),
        Kind::Reference => ("([", "])", "target"),
    };
    put_line!(out, "  n{node}{open}\"{label}\"{close}:::{class}");
}

/// A label inside Mermaid's quotes: everything that could mean something to Mermaid, Markdown or HTML is a number.
fn escape(label: &Label) -> String {
    let mut out = String::new();
    for c in text::plain(label).chars() {
        let harmless =
            c.is_alphanumeric() || " +-−·=(),.:‖½⊙×ᵀ′∂∇∑".contains(c) || ('\u{2070}'..='\u{209f}').contains(&c);
        if harmless {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", c as u32);
        }
    }
    out
}
