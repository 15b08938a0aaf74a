//! What a reader would call untidy: words on words, words over lines, grids on grids, marks beside their cells.

use solve::render::drawing::Rect;
use solve::render::grid::{Grids, Mark, Tone};

/// Borders may touch.
const TOUCH: f64 = 0.3;
/// 168 mm in the drawing's units, and the margins.
const WIDEST: f64 = 168.0 / 25.4 * 72.27 / 0.625 + 16.0;

/// Everything that is wrong with a picture, in words.
pub fn faults(grids: &Grids) -> Vec<String> {
    let mut faults = Vec::new();
    if grids.width > WIDEST {
        faults.push(format!("{} is too wide", grids.width));
    }
    let page = Rect::new(0.0, 0.0, grids.width, grids.height);
    let texts: Vec<(Rect, Tone)> = grids.marks.iter().filter_map(text).collect();
    let tables: Vec<(Rect, usize, usize)> = grids.marks.iter().filter_map(table).collect();
    for rect in grids.marks.iter().map(outline) {
        if !contains(page, rect) {
            faults.push(format!("{rect:?} is off the page"));
        }
    }
    for (place, (rect, tone)) in texts.iter().enumerate() {
        for (other, _) in &texts[place + 1..] {
            if rect.grown(-TOUCH).overlaps(*other) {
                faults.push(format!("words on words: {rect:?} {other:?}"));
            }
        }
        let entry = matches!(tone, Tone::Entry | Tone::Padding);
        let inside = tables.iter().flat_map(cells).any(|cell| contains(cell, *rect));
        let outside = tables.iter().all(|(table, ..)| !table.grown(-TOUCH).overlaps(*rect));
        if (entry && !inside) || (!entry && !outside) {
            faults.push(format!("{tone:?} {rect:?} is over a line"));
        }
    }
    for (place, (table, ..)) in tables.iter().enumerate() {
        for (other, ..) in &tables[place + 1..] {
            if table.grown(-TOUCH).overlaps(*other) && !contains(*table, *other) {
                faults.push(format!("a grid on a grid: {table:?} {other:?}"));
            }
        }
    }
    for mark in &grids.marks {
        match mark {
            Mark::Fill { rect, .. } | Mark::Frame { rect, .. } => {
                let on_lines = |table: &(Rect, usize, usize)| contains(table.0, *rect) && is_block(table, *rect);
                if !tables.iter().any(on_lines) {
                    faults.push(format!("{rect:?} is not a block of cells"));
                }
            }
            Mark::Ring { rect } => {
                if !tables.iter().flat_map(cells).any(|cell| contains(cell, *rect)) {
                    faults.push(format!("the ring {rect:?} is not in a cell"));
                }
                // The corners of the letters, of which the height is two thirds of the size.
                let around = texts.iter().filter(|(text, _)| rect.overlaps(*text)).all(|(text, _)| {
                    let (x, y) = (text.width() / rect.width(), text.height() * 0.5 / rect.height());
                    x * x + y * y <= 1.0
                });
                if !around {
                    faults.push(format!("the ring {rect:?} is on its entry"));
                }
            }
            Mark::Arrow { from, to } => {
                let hit = texts.iter().map(|(rect, _)| rect).chain(tables.iter().map(|(rect, ..)| rect));
                if from.0 >= to.0 || hit.into_iter().any(|rect| rect.grown(-TOUCH).meets(*from, *to)) {
                    faults.push(format!("the arrow {from:?} {to:?} runs through something"));
                }
            }
            Mark::Rules { .. } | Mark::Text { .. } => {}
        }
    }
    faults
}

fn text(mark: &Mark) -> Option<(Rect, Tone)> {
    match mark {
        Mark::Text { rect, tone, .. } => Some((*rect, *tone)),
        _ => None,
    }
}

fn table(mark: &Mark) -> Option<(Rect, usize, usize)> {
    match mark {
        Mark::Rules { rect, rows, columns, .. } => Some((*rect, *rows, *columns)),
        _ => None,
    }
}

fn outline(mark: &Mark) -> Rect {
    match mark {
        Mark::Fill { rect, .. }
        | Mark::Rules { rect, .. }
        | Mark::Frame { rect, .. }
        | Mark::Ring { rect }
        | Mark::Text { rect, .. } => *rect,
        Mark::Arrow { from, to } => Rect::new(from.0, from.1, to.0, to.1),
    }
}

fn contains(outer: Rect, inner: Rect) -> bool {
    let outer = outer.grown(0.01);
    outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && inner.x1 <= outer.x1 && inner.y1 <= outer.y1
}

fn cells((rect, rows, columns): &(Rect, usize, usize)) -> Vec<Rect> {
    let (width, height) = (rect.width() / *columns as f64, rect.height() / *rows as f64);
    let cell = |place: usize| {
        let (x, y) = (rect.x0 + (place % columns) as f64 * width, rect.y0 + (place / columns) as f64 * height);
        Rect::new(x, y, x + width, y + height)
    };
    (0..rows * columns).map(cell).collect()
}

fn is_block((table, rows, columns): &(Rect, usize, usize), rect: Rect) -> bool {
    let whole = |length: f64, cell: f64| (length / cell - (length / cell).round()).abs() < 0.01;
    let (width, height) = (table.width() / *columns as f64, table.height() / *rows as f64);
    [rect.x0 - table.x0, rect.x1 - table.x0].iter().all(|x| whole(*x, width))
        && [rect.y0 - table.y0, rect.y1 - table.y0].iter().all(|y| whole(*y, height))
}
