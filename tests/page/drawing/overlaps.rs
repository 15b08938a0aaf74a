//! What a reader would call untidy: boxes on boxes, lines through boxes, lines on lines.
use solve::render::drawing::{End, Layout, Line, Rect, Shape};

/// Borders may touch.
const TOUCH: f64 = 0.3;

/// Everything that is wrong with a drawing, in words.
pub fn faults(layout: &Layout) -> Vec<String> {
    let mut faults = Vec::new();
    let boxes = boxes(layout);
    for (i, (name, rect, _)) in boxes.iter().enumerate() {
        let page = Rect::new(0.0, 0.0, layout.width, layout.height);
        let inside = page.x0 <= rect.x0 && page.y0 <= rect.y0 && rect.x1 <= page.x1 && rect.y1 <= page.y1;
        if !(inside && rect.width() >= 0.0 && rect.height() >= 0.0) {
            faults.push(format!("{name} is off the page: {rect:?}"));
        }
        for (other, place, _) in &boxes[i + 1..] {
            if rect.grown(-TOUCH).overlaps(*place) {
                faults.push(format!("{name} is on {other}: {rect:?} {place:?}"));
            }
        }
    }
    for line in &layout.lines {
        for piece in line.points.windows(2) {
            if piece[0].0 != piece[1].0 && (piece[0].1 - piece[1].1).abs() > 0.001 {
                faults.push(format!("a slanted line: {piece:?}"));
            }
            for (name, rect, end) in &boxes {
                // A fork's lines begin in its middle, and a circle's end inside its square.
                let own = end.is_some_and(|end| line.ends.contains(&end));
                let round = match end {
                    Some(End::Node(node)) => layout.nodes[*node].shape == Shape::Circle,
                    Some(End::Fork(_)) => true,
                    None => false,
                };
                if !(own && round) && rect.grown(-TOUCH).meets(piece[0], piece[1]) {
                    faults.push(format!("the line {:?} runs through {name} {rect:?}", line.points));
                }
            }
        }
    }
    for (i, line) in layout.lines.iter().enumerate() {
        for other in layout.lines[i + 1..].iter().filter(|other| other.ends[0] != line.ends[0]) {
            if let Some(place) = shared(line, other) {
                faults.push(format!("two lines at {place:?}: {:?} and {:?}", line.points, other.points));
            }
        }
    }
    faults
}

fn boxes(layout: &Layout) -> Vec<(String, Rect, Option<End>)> {
    let text =
        |words: &solve::render::drawing::Words| words.label.as_ref().map_or_else(String::new, |label| label.text());
    let nodes = layout
        .nodes
        .iter()
        .enumerate()
        .map(|(i, n)| (format!("the node {}", text(&n.words)), n.rect, Some(End::Node(i))));
    let captions = layout.captions.iter().map(|c| (format!("the {:?} label {}", c.role, text(&c.words)), c.rect, None));
    let forks = layout.forks.iter().enumerate().map(|(i, fork)| {
        (
            format!("the fork {i}"),
            Rect::around(fork.at.0, fork.at.1, 2.0 * fork.radius, 2.0 * fork.radius),
            Some(End::Fork(i)),
        )
    });
    nodes.chain(captions).chain(forks).collect()
}

/// A place at which two lines run on each other.
fn shared(a: &Line, b: &Line) -> Option<(f64, f64)> {
    let overlap = |a: (f64, f64), b: (f64, f64)| a.0.max(a.1).min(b.0.max(b.1)) - a.0.min(a.1).max(b.0.min(b.1));
    for p in a.points.windows(2) {
        for q in b.points.windows(2) {
            let level = p[0].1 == p[1].1 && q[0].1 == q[1].1 && (p[0].1 - q[0].1).abs() < 1.0;
            let upright = p[0].0 == p[1].0 && q[0].0 == q[1].0 && (p[0].0 - q[0].0).abs() < 1.0;
            if (level && overlap((p[0].0, p[1].0), (q[0].0, q[1].0)) > 1.0)
                || (upright && overlap((p[0].1, p[1].1), (q[0].1, q[1].1)) > 1.0)
            {
                return Some(p[0]);
            }
        }
    }
    None
}
