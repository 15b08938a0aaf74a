//! Straight stretches of cells, moved up and down as wholes to where their lines bend least.
use super::cells::Content;
use super::columns::{Cell, Grid};

/// Space between two cells of a column.
pub(super) const GAP: f64 = 12.0;
/// How often the pieces are moved: few need more than five rounds.
const ROUNDS: usize = 16;

/// Straight stretches of cells, at most one cell in each column.
pub(super) struct Pieces {
    of: Vec<usize>,
    cells: Vec<Vec<usize>>,
    /// The place of each cell in its column.
    place: Vec<usize>,
    /// From top to bottom, so that a piece comes after all that stand above it.
    order: Vec<usize>,
}

impl Pieces {
    /// Joins the ends of level links, and orders the columns by height.
    pub fn new(grid: &mut Grid) -> Self {
        let count = grid.cells.len();
        let (mut next, mut previous): (Vec<Option<usize>>, Vec<Option<usize>>) = (vec![None; count], vec![None; count]);
        let mut links: Vec<_> = grid.links.iter().filter(|link| link.arc.is_some()).collect();
        // Long lines first: a bend in one of them has no reason that a reader can see.
        links.sort_by_key(|link| u8::from(!grid.cells[link.from].is_bend()) + u8::from(!grid.cells[link.to].is_bend()));
        for link in links {
            let level = (grid.cells[link.from].y - grid.cells[link.to].y).abs() < 0.4;
            let joined = next[link.from].is_some() || previous[link.to].is_some();
            if level && !joined && !grid.is_broken(link) && !is_between(grid, link.from, link.to) {
                (next[link.from], previous[link.to]) = (Some(link.to), Some(link.from));
            }
        }
        let mut pieces = Self { of: vec![0; count], cells: Vec::new(), place: vec![0; count], order: Vec::new() };
        for start in (0..count).filter(|&cell| previous[cell].is_none()) {
            let cells: Vec<usize> = std::iter::successors(Some(start), |&cell| next[cell]).collect();
            for &cell in &cells {
                pieces.of[cell] = pieces.cells.len();
                // A level stretch is level exactly.
                grid.cells[cell].y = grid.cells[start].y;
            }
            pieces.cells.push(cells);
        }
        pieces.order = (0..pieces.cells.len()).collect();
        let height = |piece: usize| grid.cells[pieces.cells[piece][0]].y;
        pieces.order.sort_by(|&a, &b| height(a).total_cmp(&height(b)).then(a.cmp(&b)));
        let mut rank = vec![0; pieces.cells.len()];
        for (i, &piece) in pieces.order.iter().enumerate() {
            rank[piece] = i;
        }
        for column in &mut grid.columns {
            column.sort_by_key(|&cell| rank[pieces.of[cell]]);
            for (i, &cell) in column.iter().enumerate() {
                pieces.place[cell] = i;
            }
        }
        pieces
    }

    /// The space that a piece must keep from the cell above or below one of its cells.
    fn distance(grid: &Grid, upper: usize, lower: usize, both: bool) -> f64 {
        let extent = |cell: usize| if both { symmetric(&grid.cells[cell]) } else { grid.cells[cell].extent() };
        extent(upper).1 + GAP + extent(lower).0
    }

    /// Moves pieces down until nothing overlaps.
    pub fn spread(&self, grid: &mut Grid, both: bool) {
        for &piece in &self.order {
            let lowest = self.range(grid, piece, both).0;
            let y = grid.cells[self.cells[piece][0]].y.max(lowest);
            self.put(grid, piece, y);
        }
    }

    /// Moves every piece as near to its neighbours' heights as those above and below let it.
    pub fn settle(&self, grid: &mut Grid, both: bool) {
        for round in 0..ROUNDS {
            let mut moved = false;
            for at in 0..self.order.len() {
                let piece = self.order[if round % 2 == 0 { at } else { self.order.len() - 1 - at }];
                let y = grid.cells[self.cells[piece][0]].y;
                let (low, high) = self.range(grid, piece, both);
                let wish = self.wish(grid, piece, y).unwrap_or(match (low.is_finite(), high.is_finite()) {
                    // What nothing draws anywhere stands by its neighbours.
                    (true, false) => low,
                    (false, true) => high,
                    (true, true) | (false, false) => y,
                });
                // With rounding the range can be empty by a hair: then nothing moves.
                let to = if low <= high { ((2.0 * wish).round() / 2.0).clamp(low, high) } else { y };
                moved |= (to - y).abs() > 0.01;
                self.put(grid, piece, to);
            }
            if !moved {
                break;
            }
        }
    }

    fn put(&self, grid: &mut Grid, piece: usize, y: f64) {
        for &cell in &self.cells[piece] {
            grid.cells[cell].y = y;
        }
    }

    /// The heights between the neighbours above and below.
    fn range(&self, grid: &Grid, piece: usize, both: bool) -> (f64, f64) {
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for &cell in &self.cells[piece] {
            let column = &grid.columns[grid.cells[cell].column];
            let place = self.place[cell];
            if place > 0 {
                let upper = column[place - 1];
                low = low.max(grid.cells[upper].y + Self::distance(grid, upper, cell, both));
            }
            if let Some(&lower) = column.get(place + 1) {
                high = high.min(grid.cells[lower].y - Self::distance(grid, cell, lower, both));
            }
        }
        (low, high)
    }

    /// The height at which the links of a piece bend least: the weighted median of the other ends.
    fn wish(&self, grid: &Grid, piece: usize, y: f64) -> Option<f64> {
        let mut ends: Vec<(f64, f64, bool)> = Vec::new();
        for &cell in &self.cells[piece] {
            let links = grid.cells[cell].entering.iter().chain(&grid.cells[cell].leaving);
            for link in links.map(|&link| grid.links[link]) {
                let other = if link.from == cell { link.to } else { link.from };
                if self.of[other] != piece && !grid.is_broken(&link) {
                    ends.push((grid.cells[other].y, pull(grid, cell, other), link.to == cell));
                }
            }
        }
        ends.retain(|&(_, weight, _)| weight > 0.0);
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = ends.iter().map(|&(_, weight, _)| weight).sum::<f64>() / 2.0;
        let mut sum = 0.0;
        let at = ends.iter().position(|&(_, weight, _)| {
            sum += weight;
            sum >= half
        })?;
        let (end, _, enters) = ends[at];
        let &(next, _, next_enters) = ends.get(at + 1).filter(|_| sum == half).unwrap_or(&ends[at]);
        let bends = self.cells[piece].iter().all(|&cell| grid.cells[cell].is_bend());
        Some(match (enters, next_enters) {
            (_, _) if bends => y.clamp(end, next),
            // Between two equal wishes a fork stands in the middle, and a link of a chain by the one before.
            (true, false) => end,
            (false, true) => next,
            (true, true) | (false, false) => (end + next) / 2.0,
        })
    }

    /// Leaves stand above their operator where something else is below it and nothing is above.
    pub fn choose_sides(&self, grid: &mut Grid) {
        let solid = |cell: usize| matches!(grid.cells[cell].content, Content::Node(_) | Content::Branch(_));
        let mut above = Vec::new();
        for cells in &self.cells {
            let mut votes = 0;
            for &cell in cells {
                let column = &grid.columns[grid.cells[cell].column];
                let (upper, lower) = (&column[..self.place[cell]], &column[self.place[cell] + 1..]);
                let (up, down) = (upper.iter().any(|&c| solid(c)), lower.iter().any(|&c| solid(c)));
                votes += i32::from(down) - i32::from(up);
            }
            if votes > 0 {
                above.extend(cells.iter().copied());
            }
        }
        for cell in above {
            grid.cells[cell].above = true;
        }
    }
}

/// Whether one end of a link belongs in the middle between an even number of equals, and so on none of their lines.
fn is_between(grid: &Grid, from: usize, to: usize) -> bool {
    let solid = |cell: usize| matches!(grid.cells[cell].content, Content::Node(_));
    let passing = |cell: usize| matches!(grid.cells[cell].content, Content::Branch(_));
    let even = |cells: &[usize]| {
        let nodes = cells.iter().filter(|&&cell| solid(cell)).count();
        let count = if nodes > 0 { nodes } else { cells.iter().filter(|&&cell| passing(cell)).count() };
        count > 0 && count % 2 == 0
    };
    let leaving: Vec<usize> = grid.cells[from].leaving.iter().map(|&link| grid.links[link].to).collect();
    let entering: Vec<usize> = grid.cells[to].entering.iter().map(|&link| grid.links[link].from).collect();
    // Nor is a long line in line with a node that has nearer neighbours there.
    let bends = |near: &[usize], other: usize| !solid(other) && near.iter().any(|&cell| solid(cell));
    even(&leaving) || even(&entering) || bends(&leaving, to) || bends(&entering, from)
}

/// How strongly a cell is drawn to the height of a neighbour: a node hardly or not at all by lines that only pass, and
/// nothing by a note.
fn pull(grid: &Grid, cell: usize, other: usize) -> f64 {
    match (&grid.cells[cell].content, &grid.cells[other].content) {
        (_, Content::Note(_)) | (Content::Node(_), Content::Bend) => 0.0,
        (Content::Node(_), Content::Branch(_)) => 0.25,
        (Content::Bend | Content::Branch(_), Content::Bend | Content::Branch(_)) => 4.0,
        (Content::Bend, Content::Node(_)) => 0.5,
        (Content::Node(_) | Content::Branch(_), Content::Node(_)) | (Content::Note(_), _) => 1.0,
    }
}

/// Room above and below a cell, leaves on either side.
pub(super) fn symmetric(cell: &Cell) -> (f64, f64) {
    let ((up, down), reach) = (cell.content.extent(), cell.content.reach());
    (up.max(reach), down.max(reach))
}
