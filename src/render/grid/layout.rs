//! Where everything stands: grids side by side around a common middle, in rows that fit a page.

use super::scene::{Cells, Grid, Piece, Scene};
use super::{Frame, Grids, Mark, Tone};
use crate::math::Math;
use crate::render::drawing::tikz::{TEXT_WIDTH, UNIT};
use crate::render::drawing::{Label, Rect, Words};

/// Font sizes of the entries, from the best to the smallest that can be read: 10, 9 and 8 pt on paper. What is around
/// them shrinks with them.
const SIZES: [f64; 3] = [16.0, 14.4, 12.8];
/// The font size of shapes and operators.
const SMALL: f64 = 12.8;
/// The height of a cell, and its least width, at the largest size.
const CELL: f64 = 26.0;
/// Beside the longest entry; a ring takes more.
const BESIDE: f64 = 10.0;
const BESIDE_RING: f64 = 14.0;
/// From a cell's border to the ring in it, and from the entry to the ring.
const RING: f64 = 2.6;
const IN_RING: f64 = 7.0;
/// From a grid to what stands above, below and beside it.
const ABOVE: f64 = 3.0;
const BELOW: f64 = 4.0;
const GAP: f64 = 9.0;
/// The least length of an arrow.
const ARROW: f64 = 46.0;
/// Between rows, and between chains in one row.
const LINES: f64 = 16.0;
const CHAINS: f64 = 44.0;
/// Around the picture; paper has its own.
const MARGIN: f64 = 8.0;
/// What fits on a page.
const WIDEST: f64 = TEXT_WIDTH / UNIT;
const HIGHEST: f64 = 900.0;

/// Places a scene: each chain in one row, with smaller letters if need be, or else in several, and chains beside each
/// other where there is room. `None` if it is too large for a page all the same.
pub fn layout(scene: Scene) -> Option<Grids> {
    let measured = |size: &f64| scene.chains.iter().map(|chain| measure(chain, *size)).collect::<Vec<_>>();
    let sizes = || SIZES.iter().map(measured);
    let single = |chains: &Vec<Vec<Group>>| chains.iter().all(|groups| rows(groups).len() == 1);
    let fitting = |chains: &Vec<Vec<Group>>| chains.iter().flatten().all(|group| group.width <= WIDEST);
    let chosen = sizes().find(single).or_else(|| sizes().find(fitting)).filter(fitting)?;
    let (mut marks, mut top, mut right) = (Vec::new(), MARGIN, 0.0);
    for row in beside(&chosen) {
        let blocks = || row.iter().flat_map(|groups| groups.iter()).flat_map(|group| &group.blocks);
        let room = |side: fn(&Block) -> f64| blocks().map(side).fold(0.0, f64::max);
        let middle = top + room(|block| block.up);
        let mut left = MARGIN;
        for groups in &row {
            for block in groups.iter().flat_map(|group| &group.blocks) {
                block.place(left, middle, &mut marks);
                left += block.width;
            }
            right = f64::max(right, left);
            left += CHAINS;
        }
        top = middle + room(|block| block.down) + LINES;
    }
    let height = top - LINES + MARGIN;
    (height <= HIGHEST).then(|| Grids {
        title: scene.title.clone(),
        description: scene.description.clone(),
        width: right + MARGIN,
        height,
        marks,
        legend: scene.legend.clone(),
    })
}

/// What no line break parts: a sign or an arrow, and the grid after it.
struct Group<'a> {
    blocks: Vec<Block<'a>>,
    width: f64,
}

/// A piece with its measures: so far it reaches above and below the middle.
struct Block<'a> {
    kind: Kind<'a>,
    width: f64,
    up: f64,
    down: f64,
}

enum Kind<'a> {
    Grid { grid: &'a Grid, cell: (f64, f64), size: f64, name: Option<Box<Words>>, shape: Option<Box<Words>> },
    Sign(Words),
    Arrow(Words),
}

fn measure(chain: &[Piece], size: f64) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut before: Option<Block> = None;
    for piece in chain {
        match piece {
            Piece::Sign(label) => before = sign(label, size),
            Piece::Arrow(label) => before = arrow(label),
            Piece::Grid(grid) => {
                let blocks: Vec<Block> = before.take().into_iter().chain([block(grid, size)]).collect();
                let width = blocks.iter().map(|block| block.width).sum();
                groups.push(Group { blocks, width });
            }
        }
    }
    groups
}

/// Fills rows from left to right.
fn rows<'a, 'b>(groups: &'b [Group<'a>]) -> Vec<&'b [Group<'a>]> {
    let (mut rows, mut start, mut width) = (Vec::new(), 0, 0.0);
    for (place, group) in groups.iter().enumerate() {
        if place > start && width + group.width > WIDEST {
            rows.push(&groups[start..place]);
            (start, width) = (place, 0.0);
        }
        width += group.width;
    }
    rows.push(&groups[start..]);
    rows
}

/// The rows of all chains; whole chains share a row where they fit.
fn beside<'a, 'b>(chains: &'b [Vec<Group<'a>>]) -> Vec<Vec<&'b [Group<'a>]>> {
    let width = |groups: &[Group]| groups.iter().map(|group| group.width).sum::<f64>();
    let mut all: Vec<Vec<&[Group]>> = Vec::new();
    let mut room = 0.0;
    for chain in chains {
        let rows = rows(chain);
        let whole = rows.len() == 1;
        for row in rows {
            let needs = width(row) + CHAINS;
            match all.last_mut() {
                Some(last) if whole && needs <= room => {
                    last.push(row);
                    room -= needs;
                }
                Some(_) | None => {
                    all.push(vec![row]);
                    // Nothing stands beside a part of a chain.
                    room = if whole { WIDEST - width(row) } else { 0.0 };
                }
            }
        }
    }
    all
}

fn sign(label: &Label, size: f64) -> Option<Block<'_>> {
    let words = Words::label(label)?.sized(size);
    let half = words.height / 2.0;
    Some(Block { width: words.width + 2.0 * GAP * size / SIZES[0], up: half, down: half, kind: Kind::Sign(words) })
}

fn arrow(label: &Label) -> Option<Block<'_>> {
    let words = Words::label(label)?.sized(SMALL);
    let width = f64::max(words.width + 16.0, ARROW) + 2.0 * GAP;
    Some(Block { width, up: words.height + ABOVE, down: ABOVE, kind: Kind::Arrow(words) })
}

fn block(grid: &Grid, size: f64) -> Block<'_> {
    let scale = size / SIZES[0];
    let name = grid.name.as_ref().and_then(Words::label).map(|words| words.sized(size));
    let shape = grid.shape.as_ref().map(|shape| Words::note(Some(shape), grid.remark).sized(SMALL));
    let widest = grid.entries.iter().flatten().map(|entry| entry_width(entry, size)).fold(0.0, f64::max);
    let beside = if grid.rings.is_empty() { BESIDE } else { BESIDE_RING };
    let cell = (f64::max(widest + beside * scale, CELL * scale), CELL * scale);
    let (rows, columns) = grid.sides();
    let wide = |words: &Option<Words>| words.as_ref().map_or(0.0, |words| words.width);
    let high = |words: &Option<Words>, gap: f64| words.as_ref().map_or(0.0, |words| words.height + gap);
    let half = rows as f64 * cell.1 / 2.0;
    Block {
        width: wide(&name).max(wide(&shape)).max(columns as f64 * cell.0),
        up: half + high(&name, ABOVE),
        down: half + high(&shape, BELOW),
        kind: Kind::Grid { grid, cell, size, name: name.map(Box::new), shape: shape.map(Box::new) },
    }
}

fn entry_width(entry: &Label, size: f64) -> f64 {
    Words::label(entry).map_or(0.0, |words| words.sized(size).width)
}

impl Block<'_> {
    /// Adds the marks of a block that begins at `left`.
    fn place(&self, left: f64, middle: f64, marks: &mut Vec<Mark>) {
        let centre = left + self.width / 2.0;
        let mut text = |words: &Words, y: f64, tone: Tone| {
            let rect = Rect::around(centre, y, words.width, words.height);
            marks.push(Mark::Text { rect, words: words.clone(), tone });
        };
        match &self.kind {
            Kind::Sign(words) => text(words, middle, Tone::Name),
            Kind::Arrow(words) => {
                text(words, middle - ABOVE - words.height / 2.0, Tone::Operator);
                marks.push(Mark::Arrow { from: (left + GAP, middle), to: (left + self.width - GAP, middle) });
            }
            Kind::Grid { grid, cell, size, name, shape } => {
                let (rows, columns) = grid.sides();
                let rect = Rect::around(centre, middle, columns as f64 * cell.0, rows as f64 * cell.1);
                if let Some(name) = name {
                    text(name, rect.y0 - ABOVE - name.height / 2.0, Tone::Name);
                }
                if let Some(shape) = shape {
                    text(shape, rect.y1 + BELOW + shape.height / 2.0, Tone::Shape);
                }
                Placed { grid, corner: (rect.x0, rect.y0), cell: *cell, size: *size }.push(marks);
            }
        }
    }
}

/// A grid at its place.
struct Placed<'a> {
    grid: &'a Grid,
    corner: (f64, f64),
    cell: (f64, f64),
    size: f64,
}

impl Placed<'_> {
    fn rect(&self, cells: Cells) -> Rect {
        let (x, y) =
            (self.corner.0 + cells.column as f64 * self.cell.0, self.corner.1 + cells.row as f64 * self.cell.1);
        Rect::new(x, y, x + cells.columns as f64 * self.cell.0, y + cells.rows as f64 * self.cell.1)
    }

    fn push(&self, marks: &mut Vec<Mark>) {
        let (all_rows, all_columns) = self.grid.sides();
        let inside = self.grid.inside();
        for (cells, tint) in &self.grid.tints {
            marks.push(Mark::Fill { rect: self.rect(*cells), tint: *tint });
        }
        if (all_rows, all_columns) != (inside.rows, inside.columns) {
            let all = Cells { row: 0, column: 0, rows: all_rows, columns: all_columns };
            marks.push(Mark::Rules { rect: self.rect(all), rows: all_rows, columns: all_columns, light: true });
        }
        marks.push(Mark::Rules { rect: self.rect(inside), rows: inside.rows, columns: inside.columns, light: false });
        self.push_entries(marks);
        // A window's frame lies over the kernel's.
        for kind in [Frame::Kernel, Frame::Window] {
            for (cells, frame) in self.grid.frames.iter().filter(|(_, frame)| *frame == kind) {
                marks.push(Mark::Frame { rect: self.rect(*cells), frame: *frame });
            }
        }
        for (row, column) in &self.grid.rings {
            marks.push(Mark::Ring { rect: self.ring(*row, *column) });
        }
    }

    /// Close around the entry, and inside its cell.
    fn ring(&self, row: usize, column: usize) -> Rect {
        let cell = self.rect(Cells::one(row, column)).grown(-RING);
        let Cells { row: above, column: left, .. } = self.grid.inside();
        let entry = row.checked_sub(above).zip(column.checked_sub(left));
        let entry = entry.and_then(|(row, column)| self.grid.entries.get(row)?.get(column));
        let wide = entry.map_or(0.0, |entry| entry_width(entry, self.size)) + 2.0 * IN_RING;
        let (x, y) = cell.centre();
        Rect::around(x, y, wide.min(cell.width()), cell.height())
    }

    fn push_entries(&self, marks: &mut Vec<Mark>) {
        let inside = self.grid.inside();
        let (rows, columns) = self.grid.sides();
        let zero = Label::new(Math::number(0));
        for row in 0..rows {
            for column in 0..columns {
                let own = row.checked_sub(inside.row).zip(column.checked_sub(inside.column));
                let entry = own.and_then(|(row, column)| self.grid.entries.get(row)?.get(column));
                let (entry, tone) = match entry {
                    Some(entry) => (entry, Tone::Entry),
                    None if self.grid.border.zeros => (&zero, Tone::Padding),
                    None => continue,
                };
                if let Some(words) = Words::label(entry).map(|words| words.sized(self.size)) {
                    let (x, y) = self.rect(Cells::one(row, column)).centre();
                    marks.push(Mark::Text { rect: Rect::around(x, y, words.width, words.height), words, tone });
                }
            }
        }
    }
}
