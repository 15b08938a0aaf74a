//! Rows under each other, and the lines that lead from the end of one to the beginning of the next.
use super::columns::Grid;
use super::place::{BACK, KNOT, Places};
use super::route::Routes;

/// Above and below the lines between two rows, and beside the rows.
const SPACE: f64 = 16.0;

/// The rows of a drawing.
pub(super) struct Rows {
    /// How far each row is moved down.
    pub down: Vec<f64>,
    /// Heights between the rows at which only lines at the left are met.
    pub breaks: Vec<f64>,
    /// The nets that go on from each row to the next, from top to bottom, and the height of the uppermost line between.
    back: Vec<(Vec<usize>, f64)>,
}

impl Rows {
    pub fn new(grid: &Grid, routes: &Routes) -> Self {
        let mut rows = Self { down: Vec::new(), breaks: Vec::new(), back: Vec::new() };
        let mut bottom = 0.0;
        let mut first: usize = 0;
        for end in 1..=grid.columns.len() {
            if end < grid.columns.len() && !grid.ends_row(end - 1) {
                continue;
            }
            let mut top = bottom;
            if let Some(before) = first.checked_sub(1) {
                let nets = &routes.channels[before].nets;
                let mut order: Vec<usize> = (0..nets.len()).collect();
                order.sort_by(|&a, &b| nets[a].from.total_cmp(&nets[b].from));
                let lines = bottom + SPACE;
                top = lines + BACK * order.len().saturating_sub(1) as f64 + SPACE;
                rows.breaks.push(top - SPACE / 2.0);
                rows.back.push((order, lines));
            }
            let (low, high) = range(grid, routes, first, end);
            rows.down.push(top - low);
            bottom = top + high - low;
            first = end;
        }
        rows
    }

    /// The way of a net from the end of a row, if one ends after this column, to the beginning of the next.
    pub fn around(&self, grid: &Grid, routes: &Routes, places: &Places, column: usize, net: usize) -> Vec<(f64, f64)> {
        if !grid.ends_row(column) {
            return Vec::new();
        }
        let row = grid.row[column];
        let nets = &routes.channels[column].nets;
        let (order, top) = &self.back[row];
        let place = order.iter().position(|&other| other == net).unwrap_or(0);
        // The uppermost line turns outermost on the right and innermost on the left, so that none runs into another.
        let inner = (order.len() - 1 - place) as f64;
        let outer = nets.iter().enumerate().filter(|&(i, n)| (n.left, i) < (nets[net].left, net)).count() as f64;
        let right = places.right[row] + SPACE + inner * BACK;
        let line = top + inner * BACK;
        let left = -BACK * (1.0 + outer);
        let (leave, enter) = (nets[net].from + self.down[row], nets[net].left + self.down[row + 1]);
        vec![(right, leave), (right, line), (left, line), (left, enter)]
    }
}

/// The height of everything in some columns, with the channels before them.
fn range(grid: &Grid, routes: &Routes, first: usize, end: usize) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut take = |y0: f64, y1: f64| (low, high) = (low.min(y0), high.max(y1));
    for column in first..end {
        for &at in &grid.columns[column] {
            let cell = &grid.cells[at];
            let (up, down) = cell.extent();
            take(cell.y - up, cell.y + down);
            for riser in &routes.risers[at] {
                take(cell.y + riser.y0, cell.y + riser.y1);
            }
        }
        // A channel between rows is drawn in the lower one.
        if let Some(channel) = column.checked_sub(1).map(|before| &routes.channels[before]) {
            for track in &channel.tracks {
                take(track.y0 - KNOT, track.y1 + KNOT);
            }
            for net in &channel.nets {
                take(net.left, net.left);
            }
        }
    }
    if low <= high { (low, high) } else { (0.0, 0.0) }
}
