//! The graph in Graphviz's language. Graphviz makes its own layout.
use std::fmt::Write;

use super::flow::{Flow, Parting};
use super::text;
use super::{Diagram, Kind, Label};

/// Writes a diagram as a directed graph for Graphviz's `dot`.
pub fn dot(diagram: &Diagram) -> String {
    let flow = Flow::new(diagram);
    let mut out = String::new();
    put_line!(out, "digraph {{");
    put_line!(
        out,
        "  graph [rankdir=LR, bgcolor=white, label={}, labelloc=t, fontname=\"Times\"];",
        quoted(&diagram.title)
    );
    put_line!(out, "  node [fontname=\"Times\", color=\"#666666\"];");
    put_line!(out, "  edge [fontname=\"Times\", color=\"#333333\"];");
    let mut host = vec![None; diagram.nodes.len()];
    for (i, leaves) in flow.beside.iter().enumerate() {
        leaves.iter().for_each(|&leaf| host[leaf] = Some(i));
    }
    for (i, node) in diagram.nodes.iter().enumerate() {
        let beside = host[i];
        if !flow.main[i] && beside.is_none() {
            continue;
        }
        let style = match node.kind {
            Kind::Input => "shape=box",
            Kind::Target => "shape=box, style=dashed",
            Kind::Param => "shape=box, style=\"bold,filled\", color=\"#0B5394\", fillcolor=\"#E8EFF7\"",
            Kind::Operator => "shape=box, style=\"rounded,filled\", fillcolor=\"#f4f4f4\"",
            Kind::Loss => "shape=box, style=\"rounded,filled\", fillcolor=\"#f4f4f4\", peripheries=2",
            Kind::Reference => "shape=box, style=\"rounded,dashed\"",
            Kind::Output => "shape=plaintext, fontcolor=\"#0B5394\"",
        };
        put_line!(out, "  n{i} [label={}, {style}];", quoted(&text::plain(&node.label)));
        if let Some(host) = beside {
            push_edge(&mut out, &format!("n{i}"), &format!("n{host}"), (None, node.gradient.as_ref()));
        }
    }
    for node in 0..diagram.nodes.len() {
        let parting = flow.parting(node);
        if parting == Parting::Adds {
            put_line!(
                out,
                "  f{node} [label=\"+\", shape=circle, margin=0, width=0.25, color=\"#B23A00\", fontcolor=\"#B23A00\"];"
            );
            push_edge(&mut out, &format!("n{node}"), &format!("f{node}"), flow.trunk(node));
        }
        for &arc in &flow.leaving[node] {
            let (source, labels) = match parting {
                Parting::Adds => (format!("f{node}"), flow.branch(arc)),
                Parting::Single => (format!("n{node}"), flow.trunk(node)),
                Parting::Dot => (format!("n{node}"), (flow.edge(arc).value.as_ref(), None)),
            };
            push_edge(&mut out, &source, &format!("n{}", flow.arcs[arc].to), labels);
        }
    }
    out.push_str("}\n");
    out
}

/// An edge with the value above the gradient.
fn push_edge(out: &mut String, from: &str, to: &str, (value, gradient): (Option<&Label>, Option<&Label>)) {
    let part = |label: Option<&Label>, colour: &str| {
        let line = label.map(text::plain).filter(|line| !line.is_empty())?;
        Some(format!("<font color=\"{colour}\">{}</font>", entities(&line)))
    };
    let lines: Vec<String> = [part(value, "#0B5394"), part(gradient, "#B23A00")].into_iter().flatten().collect();
    let label = if lines.is_empty() { String::new() } else { format!(" [label=<{}>]", lines.join("<br/>")) };
    put_line!(out, "  {from} -> {to}{label};");
}

/// A string in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text::clean(text).replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;"))
}

/// Text in an HTML-like label.
fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\\', "&#92;")
}
