//! The order of the cells in each column and their heights.
//!
//! The order with few crossings, and the first heights, come from rust-sugiyama (the same layers go in, so its own
//! layering has nothing left to change; dagre, which routes lines too, needs ten times as long and more than the 20 ms
//! that a drawing may take). Then lines that came out straight are kept as one piece, and the pieces are moved to where
//! they bend least: that leaves room for leaves on one side of a node, of which the library knows nothing.
use rust_sugiyama::configure::{Config, CrossingMinimization, RankingType};
use rust_sugiyama::from_vertices_and_edges;

use super::cells::Content;
use super::columns::Grid;

/// Above this many cells the library is slow (and goes deep into recursion): a plain barycentre order does.
const MAX_CELLS: usize = 400;
/// Space between two cells of a column.
const GAP: f64 = 12.0;
/// How often the pieces are moved: few need more than five rounds.
const ROUNDS: usize = 16;

/// Orders the columns and gives every cell its height.
pub(super) fn arrange(grid: &mut Grid) {
    if grid.cells.is_empty() {
        return;
    }
    let heights = if grid.cells.len() <= MAX_CELLS { by_library(grid) } else { by_barycentre(grid) };
    // Whole and half units add up exactly, so that what is level is level to the last bit.
    for (cell, y) in grid.cells.iter_mut().zip(heights) {
        cell.y = y.round();
    }
    stand_up(grid);
    insert_notes(grid);
    // First with room for leaves on both sides, then on the side that is free.
    let pieces = Pieces::new(grid);
    pieces.spread(grid, true);
    pieces.settle(grid, true);
    Pieces::new(grid).choose_sides(grid);
    settle(grid);
}

/// Moves everything to where it bends least, also anew after the columns have been put into rows.
pub(super) fn settle(grid: &mut Grid) {
    for _ in 0..3 {
        // What has become level moves on as one piece.
        Pieces::new(grid).settle(grid, false);
    }
}

/// Heights from the library, component under component.
fn by_library(grid: &Grid) -> Vec<f64> {
    // Notes come later: the end of no line would be put anywhere.
    let known: Vec<usize> = (0..grid.cells.len()).filter(|&cell| !grid.cells[cell].is_note()).collect();
    let mut number = vec![0; grid.cells.len()];
    for (&cell, i) in known.iter().zip(0_u32..) {
        number[cell] = i;
    }
    let size = |cell: usize| {
        let (up, down) = symmetric(&grid.cells[cell]);
        (up + down, 1.0)
    };
    let vertices: Vec<(u32, (f64, f64))> = known.iter().map(|&cell| (number[cell], size(cell))).collect();
    let links = grid.links.iter().filter(|link| link.arc.is_some());
    let mut edges: Vec<(u32, u32)> = links.map(|link| (number[link.from], number[link.to])).collect();
    edges.sort_unstable();
    edges.dedup();
    let config = Config {
        minimum_length: 1,
        vertex_spacing: GAP,
        dummy_vertices: true,
        dummy_size: 1.0,
        ranking_type: RankingType::MinimizeEdgeLength,
        c_minimization: CrossingMinimization::Barycenter,
        transpose: true,
    };
    let mut components: Vec<Vec<(usize, f64)>> = from_vertices_and_edges(&vertices, &edges, &config)
        .into_iter()
        .map(|(cells, _, _)| {
            let mut cells: Vec<(usize, f64)> = cells.into_iter().map(|(vertex, (y, _))| (known[vertex], y)).collect();
            cells.sort_by_key(|&(cell, _)| cell);
            cells
        })
        .collect();
    components.sort_by_key(|cells| cells.first().map(|&(cell, _)| cell));
    let mut heights = vec![0.0; grid.cells.len()];
    let mut base = 0.0;
    for cells in components {
        let mut bottom = base;
        for (cell, y) in cells {
            heights[cell] = base + y;
            bottom = f64::max(bottom, base + y + 1.0);
        }
        base = bottom;
    }
    heights
}

/// Of a drawing and its mirror image takes the one in which what the model names first stands higher.
fn stand_up(grid: &mut Grid) {
    let mut balance = 0;
    for column in &grid.columns {
        let is_node = |&cell: &usize| matches!(grid.cells[cell].content, Content::Node(_));
        let nodes: Vec<usize> = column.iter().copied().filter(is_node).collect();
        for pair in nodes.windows(2) {
            balance += if grid.cells[pair[0]].y <= grid.cells[pair[1]].y { 1 } else { -1 };
        }
    }
    if balance < 0 {
        for cell in &mut grid.cells {
            cell.y = -cell.y;
        }
    }
}

/// Puts each note between the branches of its fork.
fn insert_notes(grid: &mut Grid) {
    for link in grid.links.iter().filter(|link| link.arc.is_none()) {
        let branches = grid.cells[link.from].leaving.iter().map(|&branch| grid.links[branch]);
        let mut heights: Vec<f64> =
            branches.filter(|branch| branch.arc.is_some()).map(|branch| grid.cells[branch.to].y).collect();
        heights.sort_by(f64::total_cmp);
        let half = heights.len() / 2;
        if let (Some(upper), Some(lower)) = (half.checked_sub(1).and_then(|at| heights.get(at)), heights.get(half)) {
            grid.cells[link.to].y = ((upper + lower) / 2.0).round();
        }
    }
}

/// Heights by place in the column, after a few sweeps that sort each column by the middle of its neighbours.
fn by_barycentre(grid: &Grid) -> Vec<f64> {
    let mut columns = grid.columns.clone();
    let mut place = vec![0.0; grid.cells.len()];
    let number = |column: &[usize], place: &mut Vec<f64>| {
        for (i, &cell) in column.iter().enumerate() {
            place[cell] = i as f64 - (column.len() as f64 - 1.0) / 2.0;
        }
    };
    for column in &columns {
        number(column, &mut place);
    }
    for sweep in 0..6 {
        let forward = sweep % 2 == 0;
        let count = columns.len();
        for at in 0..count {
            let column = &mut columns[if forward { at } else { count - 1 - at }];
            let middle = |cell: usize| {
                let near: Vec<f64> = if forward {
                    grid.cells[cell].entering.iter().map(|&link| place[grid.links[link].from]).collect()
                } else {
                    grid.cells[cell].leaving.iter().map(|&link| place[grid.links[link].to]).collect()
                };
                if near.is_empty() { place[cell] } else { near.iter().sum::<f64>() / near.len() as f64 }
            };
            let mut keyed: Vec<(f64, usize)> = column.iter().map(|&cell| (middle(cell), cell)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            *column = keyed.into_iter().map(|(_, cell)| cell).collect();
            number(column, &mut place);
        }
    }
    place
}

/// Room above and below a cell, leaves on either side.
fn symmetric(cell: &super::columns::Cell) -> (f64, f64) {
    let ((up, down), reach) = (cell.content.extent(), cell.content.reach());
    (up.max(reach), down.max(reach))
}

/// Straight stretches of cells, at most one cell in each column.
struct Pieces {
    of: Vec<usize>,
    cells: Vec<Vec<usize>>,
    /// The place of each cell in its column.
    place: Vec<usize>,
    /// From top to bottom, so that a piece comes after all that stand above it.
    order: Vec<usize>,
}

impl Pieces {
    /// Joins the ends of level links, and orders the columns by height.
    fn new(grid: &mut Grid) -> Self {
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
    fn spread(&self, grid: &mut Grid, both: bool) {
        for &piece in &self.order {
            let lowest = self.range(grid, piece, both).0;
            let y = grid.cells[self.cells[piece][0]].y.max(lowest);
            self.put(grid, piece, y);
        }
    }

    /// Moves every piece as near to its neighbours' heights as those above and below let it.
    fn settle(&self, grid: &mut Grid, both: bool) {
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
        let mut ends: Vec<(f64, f64)> = Vec::new();
        for &cell in &self.cells[piece] {
            let links = grid.cells[cell].entering.iter().chain(&grid.cells[cell].leaving);
            for link in links.map(|&link| grid.links[link]) {
                let other = if link.from == cell { link.to } else { link.from };
                if self.of[other] != piece && !grid.is_broken(&link) {
                    ends.push((grid.cells[other].y, pull(grid, cell, other)));
                }
            }
        }
        ends.retain(|&(_, weight)| weight > 0.0);
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = ends.iter().map(|&(_, weight)| weight).sum::<f64>() / 2.0;
        let mut sum = 0.0;
        for (i, &(end, weight)) in ends.iter().enumerate() {
            sum += weight;
            if sum > half {
                return Some(end);
            }
            if sum == half {
                let next = ends.get(i + 1).map_or(end, |&(next, _)| next);
                let bends = self.cells[piece].iter().all(|&cell| grid.cells[cell].is_bend());
                // Between two equal wishes a fork stands in the middle; a long line stays where it is.
                return Some(if bends { y.clamp(end, next) } else { (end + next) / 2.0 });
            }
        }
        None
    }

    /// Leaves stand above their operator where something else is below it and nothing is above.
    fn choose_sides(&self, grid: &mut Grid) {
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
    let passes = |cell: usize| matches!(grid.cells[cell].content, Content::Bend | Content::Branch(_));
    match (&grid.cells[cell].content, &grid.cells[other].content) {
        (_, Content::Note(_)) => 0.0,
        (Content::Node(_), Content::Bend) => 0.0,
        (Content::Node(_), Content::Branch(_)) => 0.25,
        (_, _) if passes(cell) && passes(other) => 4.0,
        (Content::Bend, _) => 0.5,
        (_, _) => 1.0,
    }
}
