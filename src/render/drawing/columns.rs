//! Nodes into columns, and long lines into one bend for each column that they pass.
use super::Kind;
use super::cells::{Body, Content, Slot, note};
use super::flow::Flow;

/// A drawing with more forks than this says once only what a fork is.
const MAX_NOTES: usize = 3;

/// Something in a column: its `y` is that of the line through it.
pub(super) struct Cell {
    pub content: Content,
    pub column: usize,
    pub y: f64,
    /// Whether its leaves stand above it.
    pub above: bool,
    /// Links that enter and leave.
    pub entering: Vec<usize>,
    pub leaving: Vec<usize>,
}

impl Cell {
    /// Height above and below the line, with the leaves.
    pub fn extent(&self) -> (f64, f64) {
        let ((up, down), reach) = (self.content.extent(), self.content.reach());
        if self.above { (up.max(reach), down) } else { (up, down.max(reach)) }
    }

    pub fn is_bend(&self) -> bool {
        matches!(self.content, Content::Bend)
    }

    pub fn is_note(&self) -> bool {
        matches!(self.content, Content::Note(_))
    }
}

/// A piece of an arc, from one column into the next. A note hangs on a link without an arc.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    pub arc: Option<usize>,
}

/// The columns of the drawing.
pub(super) struct Grid {
    pub cells: Vec<Cell>,
    pub links: Vec<Link>,
    /// The cells of each column from top to bottom.
    pub columns: Vec<Vec<usize>>,
    /// The links of each arc, in order.
    pub chains: Vec<Vec<usize>>,
    /// The cell of each node of the main flow.
    pub of_node: Vec<Option<usize>>,
    /// The row of each column, when the drawing has got rows.
    pub row: Vec<usize>,
}

impl Grid {
    pub fn new(flow: &Flow) -> Self {
        let ranks = ranks(flow);
        let mut grid = Self {
            cells: Vec::new(),
            links: Vec::new(),
            columns: Vec::new(),
            chains: Vec::new(),
            of_node: vec![None; flow.main.len()],
            row: Vec::new(),
        };
        for (node, &rank) in ranks.iter().enumerate() {
            if flow.main[node] {
                grid.of_node[node] = Some(grid.add(Content::Node(Box::new(Body::new(flow, node))), rank));
            }
        }
        let notes: Vec<_> = (0..ranks.len()).filter_map(|node| Some((node, note(flow, node)?))).collect();
        let shown = if notes.len() > MAX_NOTES { 1 } else { notes.len() };
        let mut halfway: Vec<Option<usize>> = vec![None; ranks.len()];
        let mut waiting: Vec<Option<_>> = ranks.iter().map(|_| None).collect();
        for (node, lines) in notes.into_iter().take(shown) {
            halfway[node] = Some(flow.leaving[node].len() / 2);
            waiting[node] = Some(lines);
        }
        for (i, arc) in flow.arcs.iter().enumerate() {
            // The note goes in between the branches.
            let at = flow.leaving[arc.from].iter().position(|&other| other == i);
            if at == halfway[arc.from]
                && let Some(lines) = waiting[arc.from].take()
                && let Some(source) = grid.of_node[arc.from]
            {
                let cell = grid.add(Content::Note(lines), ranks[arc.from] + 1);
                grid.link(source, cell, None);
            }
            let chain = grid.chain(flow, i, ranks[arc.from], ranks[arc.to]);
            grid.chains.push(chain);
        }
        grid.row = vec![0; grid.columns.len()];
        grid
    }

    /// Whether a row ends after a column.
    pub fn ends_row(&self, column: usize) -> bool {
        self.row.get(column + 1).is_some_and(|&next| next != self.row[column])
    }

    /// Whether a link leads from one row to the next.
    pub fn is_broken(&self, link: &Link) -> bool {
        self.ends_row(self.cells[link.from].column)
    }

    fn chain(&mut self, flow: &Flow, arc: usize, from: usize, to: usize) -> Vec<usize> {
        let (Some(mut last), Some(end)) = (self.of_node[flow.arcs[arc].from], self.of_node[flow.arcs[arc].to]) else {
            return Vec::new();
        };
        let mut links = Vec::new();
        for column in from + 1..to {
            let own = column == from + 1 && flow.has_own_place(arc);
            let content = if own { Content::Branch(Slot::branch(flow, arc)) } else { Content::Bend };
            let cell = self.add(content, column);
            links.push(self.link(last, cell, Some(arc)));
            last = cell;
        }
        links.push(self.link(last, end, Some(arc)));
        links
    }

    fn add(&mut self, content: Content, column: usize) -> usize {
        let cell = self.cells.len();
        self.cells.push(Cell { content, column, y: 0.0, above: false, entering: Vec::new(), leaving: Vec::new() });
        if self.columns.len() <= column {
            self.columns.resize(column + 1, Vec::new());
        }
        self.columns[column].push(cell);
        cell
    }

    fn link(&mut self, from: usize, to: usize, arc: Option<usize>) -> usize {
        let link = self.links.len();
        self.links.push(Link { from, to, arc });
        self.cells[from].leaving.push(link);
        self.cells[to].entering.push(link);
        link
    }
}

/// The column of each node: as far left as its operands let it, but a node that feeds more than it is fed stands as far
/// right as its consumers let it.
pub(super) fn ranks(flow: &Flow) -> Vec<usize> {
    let length = |arc: usize| if flow.has_own_place(arc) { 2 } else { 1 };
    let order = topological(flow);
    let mut rank = vec![0; flow.main.len()];
    for &node in &order {
        rank[node] = flow.entering[node].iter().map(|&arc| rank[flow.arcs[arc].from] + length(arc)).max().unwrap_or(0);
    }
    // A tag for a line that was cut follows its node anywhere.
    let is_tag = |node: usize| flow.node(node).kind == Kind::Reference && flow.leaving[node].is_empty();
    for &node in order.iter().rev() {
        if flow.entering[node].len() < flow.leaving[node].len() {
            let arcs = flow.leaving[node].iter().filter(|&&arc| !is_tag(flow.arcs[arc].to));
            let latest = arcs.map(|&arc| rank[flow.arcs[arc].to] - length(arc)).min();
            rank[node] = latest.unwrap_or(rank[node]).max(rank[node]);
        }
    }
    for &node in order.iter().filter(|&&node| is_tag(node)) {
        rank[node] = flow.entering[node].iter().map(|&arc| rank[flow.arcs[arc].from] + length(arc)).max().unwrap_or(0);
    }
    rank
}

/// The nodes of the main flow, operands before operators.
fn topological(flow: &Flow) -> Vec<usize> {
    let mut missing: Vec<usize> = flow.entering.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..missing.len()).filter(|&node| flow.main[node] && missing[node] == 0).collect();
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        at += 1;
        for &arc in &flow.leaving[node] {
            let to = flow.arcs[arc].to;
            missing[to] -= 1;
            if missing[to] == 0 {
                order.push(to);
            }
        }
    }
    order
}
