//! The boxes of the drawing before they have a place: a node with the labels and parameters that go with it.
use super::flow::{Flow, Parting};
use super::geometry::Rect;
use super::placed::{Role, Shape};
use super::words::Words;
use super::{Kind, Label};

/// From a line to the label above or below it.
pub(super) const LIFT: f64 = 3.0;
/// Between the lines that enter a node side by side.
pub(super) const PORT: f64 = 14.0;
/// From the border of an operator to the parameters above or below it, at least.
const HANG: f64 = 26.0;
/// Between neighbouring leaves.
const LEAVES: f64 = 18.0;
/// Room for an arrow's head.
pub(super) const ARROW: f64 = 8.0;

/// A label above and a label below a line.
#[derive(Clone, Default)]
pub(super) struct Slot {
    pub value: Option<Words>,
    pub gradient: Option<Words>,
}

impl Slot {
    pub fn new((value, gradient): (Option<&Label>, Option<&Label>)) -> Self {
        Self { value: value.and_then(Words::label), gradient: gradient.and_then(Words::label) }
    }

    /// The labels of a branch: a value's numbers stand before the fork, here its name does.
    pub fn branch(flow: &Flow, arc: usize) -> Self {
        let (value, gradient) = flow.branch(arc);
        let name = value.filter(|value| !value.is_empty()).map(|value| Label { matrix: None, ..value.clone() });
        Self::new((name.as_ref().or(value), gradient))
    }

    pub fn width(&self) -> f64 {
        [&self.value, &self.gradient].into_iter().flatten().map(|words| words.width + 8.0).fold(0.0, f64::max)
    }

    pub fn up(&self) -> f64 {
        self.value.as_ref().map_or(0.0, |words| words.height + LIFT)
    }

    pub fn down(&self) -> f64 {
        self.gradient.as_ref().map_or(0.0, |words| words.height + LIFT)
    }

    /// The place of the labels around a point of their line.
    pub fn captions(&self, x: f64, y: f64) -> Vec<(Rect, Role, Words)> {
        let value = self
            .value
            .iter()
            .map(|w| (Rect::around(x, y - LIFT - w.height / 2.0, w.width, w.height), Role::Forward, w.clone()));
        let gradient = self
            .gradient
            .iter()
            .map(|w| (Rect::around(x, y + LIFT + w.height / 2.0, w.width, w.height), Role::Gradient, w.clone()));
        value.chain(gradient).collect()
    }
}

/// A leaf beside its operator, around the operator's middle; `y` counts away from it.
#[derive(Clone)]
pub(super) struct Leaf {
    pub node: usize,
    pub words: Words,
    pub rect: Rect,
    pub gradient: Option<(Rect, Words)>,
}

/// A node with everything that goes with it, around its middle.
#[derive(Clone)]
pub(super) struct Body {
    pub node: usize,
    pub words: Words,
    pub shape: Shape,
    pub half_width: f64,
    pub half_height: f64,
    /// The labels of the one line that enters, where it comes from a fork.
    pub left: Slot,
    /// The labels of the line that leaves.
    pub right: Slot,
    pub leaves: Vec<Leaf>,
}

/// What a cell of the grid holds.
#[derive(Clone)]
pub(super) enum Content {
    Node(Box<Body>),
    /// The labels of one branch of a fork.
    Branch(Slot),
    /// A long line on its way.
    Bend,
    /// What is said about a fork.
    Note([Words; 2]),
}

impl Content {
    /// Height above and below the line, without the leaves.
    pub fn extent(&self) -> (f64, f64) {
        match self {
            Self::Node(body) => (
                body.half_height.max(body.left.up()).max(body.right.up()),
                body.half_height.max(body.left.down()).max(body.right.down()),
            ),
            Self::Branch(slot) => (slot.up(), slot.down()),
            Self::Bend => (0.0, 0.0),
            Self::Note(lines) => (lines[0].height, lines[1].height),
        }
    }

    /// How far the leaves reach, from the node's middle.
    pub fn reach(&self) -> f64 {
        let leaves = match self {
            Self::Node(body) => body.leaves.as_slice(),
            Self::Branch(_) | Self::Bend | Self::Note(_) => &[],
        };
        let boxes = leaves.iter().flat_map(|leaf| [Some(leaf.rect), leaf.gradient.as_ref().map(|g| g.0)]);
        boxes.flatten().map(|rect| rect.y1).fold(0.0, f64::max)
    }

    /// The boxes around the cell's point, with leaves above or below.
    pub fn boxes(&self, above: bool) -> Vec<Rect> {
        match self {
            Self::Node(body) => body.boxes(above),
            Self::Branch(slot) => vec![Rect::new(-slot.width() / 2.0, -slot.up(), slot.width() / 2.0, slot.down())],
            Self::Bend => Vec::new(),
            Self::Note(lines) => {
                let width = lines[0].width.max(lines[1].width);
                vec![Rect::new(0.0, -lines[0].height, width, lines[1].height)]
            }
        }
    }
}

impl Body {
    pub fn new(flow: &Flow, node: usize) -> Self {
        let source = flow.node(node);
        let words = Words::label(&source.label).unwrap_or_default();
        let leaves = leaves(flow, node);
        let sign = words.runs.len() == 1 && words.runs[0].text.chars().count() == 1 && words.matrix.is_none();
        let ports = flow.entering[node].len();
        let operator = source.kind == Kind::Operator;
        let circle = operator && sign && ports <= 3 && leaves.is_empty();
        let shape = if circle { Shape::Circle } else { shape(source.kind) };
        // Connectors end well inside the corners.
        let span = leaves.iter().map(|leaf| leaf.rect.centre().0.abs() + 12.0).fold(0.0, f64::max);
        let sides = ((ports.max(1) - 1) as f64 * PORT + 14.0) / 2.0;
        let (half_width, half_height) = match shape {
            Shape::Circle => (11.0, 11.0),
            Shape::Bare => ((words.width / 2.0 + 4.0).max(span), (words.height / 2.0).max(sides)),
            Shape::Sharp | Shape::Round | Shape::Pill => {
                ((words.width / 2.0 + 10.0).max(16.0).max(span), (words.height / 2.0 + 5.0).max(sides))
            }
        };
        let left = match flow.entering[node].as_slice() {
            &[arc] => Slot::branch(flow, arc),
            _ => Slot::default(),
        };
        let mut body =
            Self { node, words, shape, half_width, half_height, left, right: Slot::new(flow.trunk(node)), leaves };
        body.hang();
        body
    }

    /// Moves the leaves away from the node and its labels.
    fn hang(&mut self) {
        let labels = [&self.left, &self.right].map(|slot| slot.up().max(slot.down()));
        let labels = labels[0].max(labels[1]);
        let tallest = self.leaves.iter().filter_map(|l| l.gradient.as_ref()).map(|g| -g.0.y0).fold(0.0, f64::max);
        let half = self.leaves.iter().map(|leaf| leaf.rect.height() / 2.0).fold(0.0, f64::max);
        let y = (self.half_height + HANG + half).max(labels + 5.0 + tallest.max(half));
        for leaf in &mut self.leaves {
            leaf.rect = leaf.rect.shifted(0.0, y);
            if let Some((rect, _)) = &mut leaf.gradient {
                *rect = rect.shifted(0.0, y);
            }
        }
    }

    fn boxes(&self, above: bool) -> Vec<Rect> {
        let (w, h) = (self.half_width, self.half_height);
        let mut boxes = vec![Rect::new(-w, -h, w, h)];
        if self.right.width() > 0.0 {
            boxes.push(Rect::new(w, -self.right.up(), w + self.right.width(), self.right.down()));
        }
        if self.left.width() > 0.0 {
            boxes.push(Rect::new(-w - self.left.width() - ARROW - 2.0, -self.left.up(), -w, self.left.down()));
        }
        for leaf in &self.leaves {
            let x = leaf.rect.centre().0;
            // The connector and the leaf are one box.
            boxes.push(side(Rect::new(x - 4.0, h, x + 4.0, leaf.rect.y0), above));
            boxes.push(side(leaf.rect, above));
            boxes.extend(leaf.gradient.iter().map(|g| side(g.0, above)));
        }
        boxes
    }
}

/// The outline of a kind of nodes.
pub(super) fn shape(kind: Kind) -> Shape {
    match kind {
        Kind::Output => Shape::Bare,
        Kind::Operator | Kind::Loss => Shape::Round,
        Kind::Input | Kind::Target | Kind::Param => Shape::Sharp,
        Kind::Reference => Shape::Pill,
    }
}

/// A box below the node, or mirrored above it.
pub(super) fn side(rect: Rect, above: bool) -> Rect {
    if above { Rect::new(rect.x0, -rect.y1, rect.x1, -rect.y0) } else { rect }
}

/// The leaves beside a node in a row, side by side around its middle: the first one's gradient at its left, the last
/// one's at its right, and those between them on the far side.
fn leaves(flow: &Flow, node: usize) -> Vec<Leaf> {
    let beside = &flow.beside[node];
    let last = beside.len().saturating_sub(1);
    let mut x = 0.0;
    let mut row: Vec<Leaf> = Vec::new();
    for (i, &leaf) in beside.iter().enumerate() {
        let source = flow.node(leaf);
        let words = Words::label(&source.label).unwrap_or_default();
        let (half, tall) = ((words.width / 2.0 + 7.0).max(14.0), words.height + 6.0);
        let gradient = source.gradient.as_ref().and_then(Words::label);
        let between = i > 0 && i < last;
        let room = gradient.as_ref().filter(|_| between).map_or(half, |g| half.max(g.width / 2.0));
        x += room + if i == 0 { 0.0 } else { LEAVES / 2.0 };
        let rect = Rect::around(x, 0.0, 2.0 * half, tall);
        let gradient = gradient.map(|g| {
            let (dx, dy) = match (i, between) {
                (_, true) => (0.0, tall / 2.0 + 2.0 + g.height / 2.0),
                (0, false) if last > 0 => (-half - 6.0 - g.width / 2.0, 0.0),
                (_, false) => (half + 6.0 + g.width / 2.0, 0.0),
            };
            (Rect::around(x + dx, dy, g.width, g.height), g)
        });
        row.push(Leaf { node: leaf, words, rect, gradient });
        x += room + LEAVES / 2.0;
    }
    let middle = match (row.first(), row.last()) {
        (Some(first), Some(last)) => (first.rect.x0 + last.rect.x1) / 2.0,
        (_, _) => 0.0,
    };
    for leaf in &mut row {
        leaf.rect = leaf.rect.shifted(-middle, 0.0);
        if let Some((rect, _)) = &mut leaf.gradient {
            *rect = rect.shifted(-middle, 0.0);
        }
    }
    row
}

/// What is said beside a fork: that the gradients of the branches add.
pub(super) fn note(flow: &Flow, node: usize) -> Option<[Words; 2]> {
    if flow.parting(node) != Parting::Adds {
        return None;
    }
    let times = match flow.leaving[node].len() {
        2 => "twice".to_owned(),
        3 => "three times".to_owned(),
        n => format!("{n} times"),
    };
    let name =
        flow.leaving[node].iter().find_map(|&arc| flow.edge(arc).value.as_ref()).unwrap_or(&flow.node(node).label);
    let name = Label { matrix: None, ..name.clone() };
    let first = if name.is_empty() {
        Words::note(None, &format!("used {times}:"))
    } else {
        Words::note(Some(&name), &format!(" is used {times}:"))
    };
    Some([first, Words::note(None, "its gradients add")])
}
