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
use super::pieces::{GAP, Pieces, symmetric};

/// Above this many cells the library is slow (and goes deep into recursion): a plain barycentre order does.
const MAX_CELLS: usize = 250;

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
