//! Puts the parts of a drawing together: from columns, heights, routes and places to boxes and lines.
use super::cells::{ARROW, Body, Content, shape, side};
use super::channel::Way;
use super::columns::Grid;
use super::flow::{Flow, Parting};
use super::geometry::Rect;
use super::labels::{self, Run};
use super::place::{DOT, KNOT, Places};
use super::placed::{Caption, End, Fork, Layout, Line, Placed, Role, Shape};
use super::route::{Door, Routes};
use super::rows::Rows;
use super::words::Words;

/// Around the drawing.
const MARGIN: f64 = 8.0;
/// In a drawing with more cells labels stay beside their nodes: to look for better places would take long.
const MAX_SLID: usize = 600;

/// The parts of a drawing as they find their places.
pub(super) struct Assembly<'a> {
    flow: &'a Flow<'a>,
    grid: &'a Grid,
    routes: &'a Routes,
    places: &'a Places,
    rows: Rows,
    /// Index of each cell's node among those placed.
    placed: Vec<usize>,
    /// The ends of the level pieces of line at the left and right of each cell.
    runs: Vec<[Option<(f64, f64)>; 2]>,
    /// The fork after each cell.
    fork: Vec<Option<usize>>,
    drawing: Layout,
}

impl<'a> Assembly<'a> {
    pub fn new(flow: &'a Flow<'a>, grid: &'a Grid, routes: &'a Routes, places: &'a Places) -> Self {
        let drawing = Layout {
            title: flow.diagram.title.clone(),
            description: flow.diagram.description.clone(),
            width: 0.0,
            height: 0.0,
            nodes: Vec::new(),
            captions: Vec::new(),
            lines: Vec::new(),
            forks: Vec::new(),
            breaks: Vec::new(),
        };
        Self {
            flow,
            grid,
            routes,
            places,
            rows: Rows::new(grid, routes),
            placed: vec![usize::MAX; grid.cells.len()],
            runs: vec![[None; 2]; grid.cells.len()],
            fork: vec![None; grid.cells.len()],
            drawing,
        }
    }

    fn row(&self, cell: usize) -> usize {
        self.grid.row[self.grid.cells[cell].column]
    }

    /// The point of a cell.
    fn at(&self, cell: usize) -> (f64, f64) {
        let here = &self.grid.cells[cell];
        (self.places.axis[here.column], here.y + self.rows.down[self.row(cell)])
    }

    pub fn finish(mut self) -> Layout {
        for cell in 0..self.grid.cells.len() {
            self.place_cell(cell);
        }
        for cell in 0..self.grid.cells.len() {
            self.draw_fork(cell);
        }
        for arc in 0..self.flow.arcs.len() {
            self.draw_arc(arc);
        }
        self.label_lines();
        self.frame();
        self.drawing
    }

    fn caption(&mut self, rect: Rect, role: Role, words: Words) {
        self.drawing.captions.push(Caption { rect, role, words });
    }

    fn place_cell(&mut self, cell: usize) {
        let (x, y) = self.at(cell);
        let above = self.grid.cells[cell].above;
        match &self.grid.cells[cell].content {
            Content::Node(body) => {
                self.placed[cell] = self.drawing.nodes.len();
                self.place_node(body, x, y);
                self.place_leaves(body, x, y, above);
            }
            Content::Branch(slot) => {
                for (rect, role, words) in slot.captions(x, y) {
                    self.caption(rect, role, words);
                }
            }
            Content::Bend => {}
            Content::Note(lines) => {
                let x = self.places.notes[cell];
                for (words, up) in lines.iter().zip([1.0, 0.0]) {
                    let top = y - up * words.height;
                    let rect = Rect::new(x, top, x + words.width, top + words.height);
                    self.caption(rect, Role::Note, words.clone());
                }
            }
        }
    }

    fn place_node(&mut self, body: &Body, x: f64, y: f64) {
        self.drawing.nodes.push(Placed {
            node: body.node,
            kind: self.flow.node(body.node).kind,
            shape: body.shape,
            rect: Rect::around(x, y, 2.0 * body.half_width, 2.0 * body.half_height),
            words: body.words.clone(),
        });
    }

    fn place_leaves(&mut self, body: &Body, x: f64, y: f64, above: bool) {
        let host = self.drawing.nodes.len() - 1;
        for leaf in &body.leaves {
            let rect = side(leaf.rect, above).shifted(x, y);
            let index = self.drawing.nodes.len();
            let kind = self.flow.node(leaf.node).kind;
            self.drawing.nodes.push(Placed {
                node: leaf.node,
                kind,
                shape: shape(kind),
                rect,
                words: leaf.words.clone(),
            });
            let centre = rect.centre().0;
            let (start, end) = if above { (rect.y1, y - body.half_height) } else { (rect.y0, y + body.half_height) };
            self.drawing.lines.push(Line {
                points: vec![(centre, start), (centre, end)],
                arrow: true,
                ends: [End::Node(index), End::Node(host)],
            });
            if let Some((rect, words)) = &leaf.gradient {
                self.caption(side(*rect, above).shifted(x, y), Role::Gradient, words.clone());
            }
        }
    }

    /// The way of a net from the left height of its channel to the right one, with the way back if a row ends here.
    fn through(&self, column: usize, net: usize, to: f64) -> Vec<(f64, f64)> {
        let channel = &self.routes.channels[column];
        let (left, row) = (channel.nets[net].left, self.grid.row[column + 1]);
        let down = self.rows.down[row];
        let mut points = self.rows.around(self.grid, self.routes, self.places, column, net);
        let x = |track: usize| self.places.tracks[column][track];
        match channel.ways[net] {
            Way::Straight => {}
            Way::Turn(track) => points.extend([(x(track), left + down), (x(track), to + down)]),
            Way::Dogleg(first, middle, second) => points.extend([
                (x(first), left + down),
                (x(first), middle + down),
                (x(second), middle + down),
                (x(second), to + down),
            ]),
        }
        points
    }

    /// The fork after a cell, with the line that leads to it.
    fn draw_fork(&mut self, cell: usize) {
        let here = &self.grid.cells[cell];
        let Content::Node(body) = &here.content else { return };
        let Some((net, knot, radius, adds)) = self.knot(cell) else { return };
        let (x, y) = self.at(cell);
        let down = self.rows.down[self.grid.row[here.column + 1]];
        let mut points = vec![(x + body.half_width, y)];
        points.extend(self.through(here.column, net, knot.1));
        // The way ends at the fork, which stands on its last vertical piece.
        if let Way::Dogleg(..) = self.routes.channels[here.column].ways[net] {
            points.pop();
        }
        let at = (knot.0, knot.1 + down);
        points.push((at.0 - if adds { radius } else { 0.0 }, at.1));
        let ends = [End::Node(self.placed[cell]), End::Fork(self.drawing.forks.len())];
        let points = tidy(points);
        self.runs[cell][1] = level_start(&points);
        self.drawing.lines.push(Line { points, arrow: adds, ends });
        self.fork[cell] = Some(self.drawing.forks.len());
        self.drawing.forks.push(Fork { at, radius, adds });
    }

    /// The net and place of the fork after a cell (its height before rows are stacked), its radius and whether it adds.
    fn knot(&self, cell: usize) -> Option<(usize, (f64, f64), f64, bool)> {
        let here = &self.grid.cells[cell];
        let sideways = |&&link: &&usize| self.routes.exit[link] == Door::Side(0.0);
        let link = *here.leaving.iter().filter(|&&link| self.grid.links[link].arc.is_some()).find(sideways)?;
        let net = self.routes.net[link]?;
        let channel = &self.routes.channels[here.column];
        let track = match channel.ways[net] {
            Way::Straight => return None,
            Way::Turn(track) | Way::Dogleg(_, _, track) => track,
        };
        let (y, parting) = channel.tracks[track].knot?;
        let x = self.places.tracks[here.column][track];
        match parting {
            Parting::Adds => Some((net, (x, y), KNOT, true)),
            Parting::Dot | Parting::Single => Some((net, (x, y), DOT, false)),
        }
    }

    fn draw_arc(&mut self, arc: usize) {
        let links = &self.grid.chains[arc];
        let (Some(&first), Some(&last)) = (links.first(), links.last()) else { return };
        let (from, to) = (self.grid.links[first].from, self.grid.links[last].to);
        let (Content::Node(source), Content::Node(target)) =
            (&self.grid.cells[from].content, &self.grid.cells[to].content)
        else {
            return;
        };
        let mut start = End::Node(self.placed[from]);
        let (x, y) = self.at(from);
        let net_left = |link: usize| {
            let column = self.grid.cells[self.grid.links[link].from].column;
            self.routes.net[link].map_or(0.0, |net| self.routes.channels[column].nets[net].left)
        };
        let level = net_left(first) + self.rows.down[self.row(from)];
        let mut points = match self.routes.exit[first] {
            Door::Side(_) => vec![(x + source.half_width, y)],
            Door::Top => vec![(x, y - source.half_height), (x, level)],
            Door::Bottom => vec![(x, y + source.half_height), (x, level)],
        };
        for &link in links {
            let cell = &self.grid.cells[self.grid.links[link].from];
            let Some(net) = self.routes.net[link] else { return };
            let pins = &self.routes.channels[cell.column].nets[net].pins;
            let y = pins.iter().find(|&&(other, _)| other == link).map_or(cell.y, |&(_, y)| y);
            points.extend(self.through(cell.column, net, y));
        }
        if let (Some(fork), Door::Side(_)) = (self.fork[from], self.routes.exit[first]) {
            // The branch begins at the fork, to which another line leads.
            let at = self.drawing.forks[fork].at;
            let on = |a: (f64, f64), b: (f64, f64)| a.0 == b.0 && a.0 == at.0 && (at.1 - a.1) * (at.1 - b.1) <= 0.0;
            if let Some(piece) = points.windows(2).position(|pair| on(pair[0], pair[1])) {
                points.splice(..=piece, [at]);
            }
            start = End::Fork(fork);
        }
        let (x, y) = self.at(to);
        let level = points.last().map_or(y, |point| point.1);
        match self.routes.entry[last] {
            Door::Side(off) => {
                let half = target.half_width;
                let depth =
                    if target.shape == Shape::Circle { (half * half - off * off).max(0.0).sqrt() } else { half };
                points.push((x - depth, y + off));
            }
            Door::Top => points.extend([(x, level), (x, y - target.half_height)]),
            Door::Bottom => points.extend([(x, level), (x, y + target.half_height)]),
        }
        let points = tidy(points);
        if let (End::Node(_), Door::Side(_)) = (start, self.routes.exit[first]) {
            self.runs[from][1] = level_start(&points);
        }
        self.runs[to][0] = level_end(&points);
        self.drawing.lines.push(Line { points, arrow: true, ends: [start, End::Node(self.placed[to])] });
    }

    /// The labels at the ends of lines.
    fn label_lines(&mut self) {
        let mut labels = Vec::new();
        for cell in 0..self.grid.cells.len() {
            let Content::Node(body) = &self.grid.cells[cell].content else { continue };
            let (x, y) = self.at(cell);
            let [left, right] = self.runs[cell];
            labels.extend(Run::new(&body.right, y, x + body.half_width, 1.0, right));
            labels.extend(Run::new(&body.left, y, x - body.half_width - ARROW, -1.0, left));
        }
        labels::place(&mut self.drawing, labels, self.grid.cells.len() <= MAX_SLID);
    }

    /// Moves everything so that the drawing begins at its margin, and measures it.
    fn frame(&mut self) {
        let drawing = &mut self.drawing;
        let forks =
            drawing.forks.iter().map(|fork| Rect::around(fork.at.0, fork.at.1, 2.0 * fork.radius, 2.0 * fork.radius));
        let points = drawing.lines.iter().flat_map(|line| &line.points).map(|&(x, y)| Rect::new(x, y, x, y));
        let boxes =
            drawing.nodes.iter().map(|node| node.rect).chain(drawing.captions.iter().map(|caption| caption.rect));
        let all = boxes
            .chain(forks)
            .chain(points)
            .reduce(|a, b| Rect::new(a.x0.min(b.x0), a.y0.min(b.y0), a.x1.max(b.x1), a.y1.max(b.y1)));
        let Some(all) = all else { return };
        let (dx, dy) = (MARGIN - all.x0, MARGIN - all.y0);
        (drawing.width, drawing.height) = (all.width() + 2.0 * MARGIN, all.height() + 2.0 * MARGIN);
        for rect in
            drawing.nodes.iter_mut().map(|n| &mut n.rect).chain(drawing.captions.iter_mut().map(|c| &mut c.rect))
        {
            *rect = rect.shifted(dx, dy);
        }
        drawing.breaks = self.rows.breaks.iter().map(|y| y + dy).collect();
        let corners = drawing.lines.iter_mut().flat_map(|line| &mut line.points);
        for point in corners.chain(drawing.forks.iter_mut().map(|fork| &mut fork.at)) {
            *point = (point.0 + dx, point.1 + dy);
        }
    }
}

/// The ends of the first level piece, but for an arrow's head.
fn level_start(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let (first, second) = (points.first()?, points.get(1)?);
    Some((first.0, second.0 - if points.len() == 2 { ARROW } else { 0.0 }))
}

/// The ends of the last level piece, but for the arrow's head.
fn level_end(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let (last, before) = (points.last()?, points.get(points.len().checked_sub(2)?)?);
    Some((last.0 - ARROW, before.0 + if points.len() == 2 { KNOT } else { 0.0 }))
}

/// Leaves out points that are no corners.
fn tidy(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut out: Vec<(f64, f64)> = Vec::new();
    for point in points {
        if out.last().is_some_and(|last| (last.0 - point.0).abs() < 0.01 && (last.1 - point.1).abs() < 0.01) {
            continue;
        }
        if let [.., a, b] = out.as_slice() {
            let level = (a.1 - b.1).abs() < 0.01 && (b.1 - point.1).abs() < 0.01;
            let upright = (a.0 - b.0).abs() < 0.01 && (b.0 - point.0).abs() < 0.01;
            if level || upright {
                out.pop();
            }
        }
        out.push(point);
    }
    out
}
