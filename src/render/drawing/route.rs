//! Where lines leave and enter nodes, and the nets between the columns.
use super::Kind;
use super::cells::{Content, PORT};
use super::channel::{Net, Track, Way, tracks};
use super::columns::Grid;
use super::flow::{Flow, Parting};
use super::geometry::Rect;
use super::placed::Shape;

/// Space between a line and what it passes.
const CLEAR: f64 = 8.0;

/// The side of a node at which a line leaves or enters; at the left and right with its distance from the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Door {
    Side(f64),
    Top,
    Bottom,
}

/// The lines between one column and the next.
#[derive(Default)]
pub(super) struct Channel {
    pub nets: Vec<Net>,
    pub tracks: Vec<Track>,
    pub ways: Vec<Way>,
}

/// How all lines run, but for their places from left to right.
pub(super) struct Routes {
    /// For each link, how it leaves and enters.
    pub exit: Vec<Door>,
    pub entry: Vec<Door>,
    /// For each link its channel's net, or none for a note's.
    pub net: Vec<Option<usize>>,
    /// The channel after each column.
    pub channels: Vec<Channel>,
    /// Boxes around each cell's point that belong to lines from and to its top and bottom.
    pub risers: Vec<Vec<Rect>>,
}

impl Routes {
    pub fn new(flow: &Flow, grid: &Grid) -> Self {
        let mut routes = Self {
            exit: vec![Door::Side(0.0); grid.links.len()],
            entry: vec![Door::Side(0.0); grid.links.len()],
            net: vec![None; grid.links.len()],
            channels: grid.columns.iter().map(|_| Channel::default()).collect(),
            risers: vec![Vec::new(); grid.cells.len()],
        };
        let place = places(grid);
        for cell in 0..grid.cells.len() {
            routes.leave(flow, grid, &place, cell);
        }
        for cell in 0..grid.cells.len() {
            routes.enter(grid, &place, cell);
        }
        for column in &grid.columns {
            for &cell in column {
                routes.connect(flow, grid, cell);
            }
        }
        for channel in &mut routes.channels {
            (channel.tracks, channel.ways) = tracks(&channel.nets);
        }
        routes
    }

    /// A leaf's further lines leave from its top and bottom where nothing is in the way.
    fn leave(&mut self, flow: &Flow, grid: &Grid, place: &[usize], cell: usize) {
        let Content::Node(body) = &grid.cells[cell].content else { return };
        let leaf = match flow.node(body.node).kind {
            Kind::Input | Kind::Target | Kind::Param => true,
            Kind::Operator | Kind::Loss | Kind::Output | Kind::Reference => false,
        };
        if !leaf || flow.parting(body.node) != Parting::Dot {
            return;
        }
        let y = grid.cells[cell].y;
        for door in [Door::Top, Door::Bottom] {
            let outside = |link: usize| {
                let to = grid.links[link].to;
                let there = grid.cells[to].y;
                let passes = !matches!(grid.cells[to].content, Content::Node(_)) && !grid.is_broken(&grid.links[link]);
                (passes && self.free(grid, place, cell, there, door)).then_some((there, link))
            };
            let found = grid.cells[cell].leaving.iter().filter_map(|&link| outside(link));
            let furthest = found.max_by(|a, b| (a.0 - y).abs().total_cmp(&(b.0 - y).abs()));
            if let Some((there, link)) = furthest {
                self.exit[link] = door;
                self.risers[cell].push(riser(there - y, body.half_height));
            }
        }
    }

    /// Of several lines the outermost enter from above and below where nothing is in the way, and the others side by
    /// side.
    fn enter(&mut self, grid: &Grid, place: &[usize], cell: usize) {
        let here = &grid.cells[cell];
        let Content::Node(body) = &here.content else { return };
        let height = |link: usize| grid.cells[grid.links[link].from].y;
        let mut side: Vec<usize> = here.entering.clone();
        side.sort_by(|&a, &b| {
            height(a).total_cmp(&height(b)).then(place[grid.links[a].from].cmp(&place[grid.links[b].from]))
        });
        for door in [Door::Top, Door::Bottom] {
            let Some(&link) = (if door == Door::Top { side.first() } else { side.last() }) else { break };
            let from = &grid.cells[grid.links[link].from];
            let broken = grid.is_broken(&grid.links[link]);
            let alone = from.leaving.len() == 1 && self.exit[link] == Door::Side(0.0) && !broken;
            if here.entering.len() > 1 && !side.is_empty() && alone && self.free(grid, place, cell, from.y, door) {
                side.retain(|&other| other != link);
                self.entry[link] = door;
                self.risers[cell].push(riser(from.y - here.y, body.half_height));
            }
        }
        let room = body.half_height - if body.shape == Shape::Circle { 3.0 } else { 5.0 };
        let level =
            side.iter().position(|&link| (height(link) - here.y).abs() < 0.01 && !grid.is_broken(&grid.links[link]));
        let last = side.len().saturating_sub(1);
        let reach = level.map_or(last as f64 / 2.0, |at| at.max(last - at) as f64);
        let straight = level.filter(|_| room / reach.max(1.0) >= 6.5);
        let reach = if straight.is_some() { reach } else { last as f64 / 2.0 };
        let step = PORT.min(room / reach.max(0.5));
        for (i, &link) in side.iter().enumerate() {
            let middle = straight.map_or(last as f64 / 2.0, |at| at as f64);
            let off = height(link) - here.y;
            // A single line that is nearly level enters where it comes.
            let alone = here.entering.len() == 1 && !grid.is_broken(&grid.links[link]);
            let near = alone && off.abs() <= room && body.left.width() == 0.0;
            self.entry[link] = Door::Side(if near { off } else { (i as f64 - middle) * step });
        }
    }

    /// Adds the nets that leave a cell to its channel.
    fn connect(&mut self, flow: &Flow, grid: &Grid, cell: usize) {
        let here = &grid.cells[cell];
        let pin = |entry: Door, link: usize| {
            let to = &grid.cells[grid.links[link].to];
            match entry {
                Door::Side(off) => to.y + off,
                Door::Top | Door::Bottom => here.y,
            }
        };
        let mut together = Net { from: here.y, left: here.y, pins: Vec::new(), parting: Parting::Single };
        let channel = &mut self.channels[here.column];
        for &link in here.leaving.iter().filter(|&&link| grid.links[link].arc.is_some()) {
            let y = pin(self.entry[link], link);
            match self.exit[link] {
                Door::Side(_) => together.pins.push((link, y)),
                Door::Top | Door::Bottom => {
                    // The riser ends at the height of the next cell.
                    self.net[link] = Some(channel.nets.len());
                    let left = grid.cells[grid.links[link].to].y;
                    channel.nets.push(Net { from: left, left, pins: vec![(link, y)], parting: Parting::Single });
                }
            }
        }
        if together.pins.is_empty() {
            return;
        }
        if let (Content::Node(body), true) = (&here.content, together.pins.len() > 1) {
            together.parting = flow.parting(body.node);
        }
        if grid.ends_row(here.column) {
            // The way back to the next row leads to the first end at once.
            together.left = together.pins.iter().map(|&(_, y)| y).fold(f64::INFINITY, f64::min);
        }
        for &(link, _) in &together.pins {
            self.net[link] = Some(channel.nets.len());
        }
        channel.nets.push(together);
    }

    /// Whether a line at this height can reach a node from above (or below).
    fn free(&self, grid: &Grid, place: &[usize], cell: usize, y: f64, door: Door) -> bool {
        let here = &grid.cells[cell];
        let column = &grid.columns[here.column];
        let (up, down) = here.extent();
        let leaves = here.content.reach() > 0.0;
        match door {
            Door::Side(_) => false,
            Door::Top => {
                let clear = place[cell].checked_sub(1).is_none_or(|above| {
                    let other = &grid.cells[column[above]];
                    let risers = self.risers[column[above]].iter().map(|riser| riser.y1);
                    other.y + risers.fold(other.extent().1, f64::max) + CLEAR < y
                });
                clear && y < here.y - up - CLEAR && !(leaves && here.above)
            }
            Door::Bottom => {
                let clear = column.get(place[cell] + 1).is_none_or(|&below| {
                    let other = &grid.cells[below];
                    let risers = self.risers[below].iter().map(|riser| -riser.y0);
                    other.y - risers.fold(other.extent().0, f64::max) - CLEAR > y
                });
                clear && y > here.y + down + CLEAR && (here.above || !leaves)
            }
        }
    }
}

/// The place of each cell in its column.
fn places(grid: &Grid) -> Vec<usize> {
    let mut place = vec![0; grid.cells.len()];
    for column in &grid.columns {
        for (i, &cell) in column.iter().enumerate() {
            place[cell] = i;
        }
    }
    place
}

/// The vertical piece between a node and a line above or below it.
fn riser(off: f64, half_height: f64) -> Rect {
    if off < 0.0 { Rect::new(-4.0, off - 3.0, 4.0, -half_height) } else { Rect::new(-4.0, half_height, 4.0, off + 3.0) }
}
