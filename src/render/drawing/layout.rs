//! From a diagram to the finished drawing.
use super::assembly::Assembly;
use super::columns::Grid;
use super::flow::Flow;
use super::place::{Places, rows};
use super::placed::Layout;
use super::route::Routes;
use super::{Diagram, far, order};

/// Rows are not wider than this: at 0.52 pt a unit it is the width of a page's text (168 mm), where a line of 16 units is
/// 8.3 pt high.
const MAX_WIDTH: f64 = 920.0;

/// Gives every part of a diagram its place. The same diagram gives the same layout.
pub fn layout(diagram: &Diagram) -> Layout {
    layout_within(diagram, MAX_WIDTH)
}

/// With rows that are no wider than this, if they can be so narrow.
pub fn layout_within(diagram: &Diagram, width: f64) -> Layout {
    let mut drawn = far::cut_long(&Flow::new(diagram)).unwrap_or_else(|| diagram.clone());
    loop {
        let flow = Flow::new(&drawn);
        let mut grid = Grid::new(&flow);
        order::arrange(&mut grid);
        let mut routes = Routes::new(&flow, &grid);
        grid.row = rows(&grid, &routes, width);
        // Each cut leaves fewer lines that can be cut.
        if let Some(shorter) = far::cut_crowded(&flow, &grid) {
            drawn = shorter;
            continue;
        }
        if grid.row.last().is_some_and(|&row| row > 0) {
            order::settle(&mut grid);
            routes = Routes::new(&flow, &grid);
        }
        let places = Places::new(&grid, &routes);
        return Assembly::new(&flow, &grid, &routes, &places).finish();
    }
}
