//! What is shown of a chain: matrices with their marks, and the signs and arrows between them.

use super::Legend;
use super::chain::{Link, PoolKind, Stage};
use super::{Frame, Tint};
use crate::answer::Solution;
use crate::graph::NodeId;
use crate::math::{Glyph, Math};
use crate::number::Number;
use crate::ops::pooling::Pooling;
use crate::ops::windows::{Line, Padding, Windows};
use crate::render::drawing::Label;
use crate::render::figure::{self, Rounding};
use crate::render::notation::{Printer, Style};
use crate::tensor::Tensor;

/// A row of pieces for each chain.
pub struct Scene {
    pub title: String,
    pub description: String,
    pub chains: Vec<Vec<Piece>>,
    pub legend: Legend,
}

#[expect(clippy::large_enum_variant, reason = "a scene has a handful of pieces")]
pub enum Piece {
    Grid(Grid),
    /// Between two grids: `∗`, `=`, `+`.
    Sign(Label),
    Arrow(Label),
}

/// A matrix. Places are counted with the padding.
#[derive(Default)]
pub struct Grid {
    pub name: Option<Label>,
    pub shape: Option<Label>,
    /// Words after the shape.
    pub remark: &'static str,
    pub entries: Vec<Vec<Label>>,
    pub border: Border,
    pub tints: Vec<(Cells, Tint)>,
    pub frames: Vec<(Cells, Frame)>,
    pub rings: Vec<(usize, usize)>,
}

impl Grid {
    /// Rows and columns with the padding.
    pub fn sides(&self) -> (usize, usize) {
        let Border { above, left, below, right, .. } = self.border;
        let Cells { rows, columns, .. } = self.inside();
        (above + rows + below, left + columns + right)
    }

    /// The matrix without its padding.
    pub fn inside(&self) -> Cells {
        let columns = self.entries.first().map_or(0, Vec::len);
        Cells { row: self.border.above, column: self.border.left, rows: self.entries.len(), columns }
    }
}

/// The padding around a matrix.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Border {
    pub above: usize,
    pub left: usize,
    pub below: usize,
    pub right: usize,
    pub zeros: bool,
}

/// A rectangle of cells.
#[derive(Clone, Copy)]
pub struct Cells {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
}

impl Cells {
    pub fn one(row: usize, column: usize) -> Cells {
        Cells { row, column, rows: 1, columns: 1 }
    }
}

/// More rows or columns than this are not drawn.
const LARGEST_SIDE: usize = 12;
/// Decimals of rounded numbers in a picture.
const DECIMALS: Rounding = Rounding { digits: 2 };
/// Longer fractions and decimals are rounded: a cell holds no more.
const LONGEST: usize = 6;

/// What is shown; `None` if a matrix is too large.
pub fn scene(solution: &Solution, chains: &[Vec<Link>]) -> Option<Scene> {
    let model = &solution.model;
    let mut stage = Stager { solution, legend: Legend::default() };
    let drawn: Vec<Vec<Piece>> = chains.iter().map(|chain| stage.chain(chain)).collect::<Option<_>>()?;
    (!drawn.is_empty()).then(|| Scene {
        title: model.title.clone().unwrap_or_else(|| model.id.clone()),
        description: description(solution, chains),
        chains: drawn,
        legend: stage.legend,
    })
}

/// The definitions of what is drawn, for readers who can't see it.
fn description(solution: &Solution, chains: &[Vec<Link>]) -> String {
    let printer = Printer::new(&solution.model.graph, Style::Text);
    let symbols = chains.iter().flatten().map(|link| link.output);
    let named = symbols.filter(|id| solution.model.graph.as_symbol(*id).is_some());
    named.map(|id| format!("{} = {}", printer.print(id), printer.definition(id))).collect::<Vec<_>>().join("; ")
}

struct Stager<'a> {
    solution: &'a Solution,
    legend: Legend,
}

impl Stager<'_> {
    fn chain(&mut self, chain: &[Link]) -> Option<Vec<Piece>> {
        let mut grid = self.grid(chain.first()?.input)?;
        let mut pieces = Vec::new();
        // Whether the value is left out: `I ∗ W + b = Z` needs no line for `I ∗ W`.
        let mut left_out = false;
        for (place, link) in chain.iter().enumerate() {
            let mut result = self.grid(link.output)?;
            match &link.stage {
                Stage::Convolution { convolution, kernel, bias } => {
                    let mut kernel = self.grid(*kernel)?;
                    self.first_place(&mut grid, &convolution.windows, &kernel)?;
                    if convolution.flip {
                        turn(&mut kernel);
                        self.legend.flipped = true;
                    }
                    pieces.extend([Piece::Grid(grid), sign(Glyph::Convolution), Piece::Grid(kernel)]);
                    if let Some(bias) = bias {
                        pieces.extend(self.added(*bias)?);
                    }
                    let next = chain.get(place + 1).map(|next| &next.stage);
                    left_out = result.name.is_none() && matches!(next, Some(Stage::Addition { .. }));
                    if !left_out {
                        pieces.push(sign(Glyph::Equals));
                        self.tint_first(&mut result, link.output);
                    }
                }
                Stage::Addition { other } => {
                    if left_out {
                        self.tint_first(&mut result, link.output);
                    } else {
                        pieces.push(Piece::Grid(grid));
                    }
                    pieces.extend(self.added(*other)?);
                    pieces.push(sign(Glyph::Equals));
                    left_out = false;
                }
                Stage::Pooling { pooling, kind } => {
                    self.windows(&mut grid, &mut result, pooling, *kind)?;
                    if *kind == PoolKind::Max {
                        self.rings(&mut grid, link.input, pooling)?;
                    }
                    pieces.extend([Piece::Grid(grid), Piece::Arrow(kind.name())]);
                }
                Stage::Function { name } => pieces.extend([Piece::Grid(grid), Piece::Arrow(name.clone())]),
            }
            grid = result;
        }
        pieces.push(Piece::Grid(grid));
        Some(pieces)
    }

    /// The windows of a pooling, with light tints by turns, and the same tints for their results. Where windows
    /// overlap, only the first is shown.
    fn windows(&mut self, grid: &mut Grid, result: &mut Grid, pooling: &Pooling, kind: PoolKind) -> Option<()> {
        let zeros = kind == PoolKind::Mean { count_padding: true };
        let [down, across] = self.pad(grid, &pooling.windows, pooling.size, zeros)?;
        let ((rows, columns), (rows_apart, columns_apart)) = (pooling.size, pooling.windows.stride);
        let overlap = (down.count > 1 && rows_apart < rows) || (across.count > 1 && columns_apart < columns);
        grid.tints.retain(|(_, tint)| *tint == Tint::First);
        let mut tints = Vec::new();
        for (row, column) in places(down.count, across.count).filter(|place| !overlap || *place == (0, 0)) {
            let cells = Cells { row: row * rows_apart, column: column * columns_apart, rows, columns };
            let tint = if (row + column) % 2 == 0 { Tint::Even } else { Tint::Odd };
            tints.push((cells, tint));
            grid.frames.push((cells, Frame::Window));
            result.tints.push((Cells::one(row, column), tint));
        }
        grid.tints.splice(0..0, tints);
        self.legend.first_window |= overlap;
        self.legend.all_windows |= !overlap;
        Some(())
    }

    fn rings(&mut self, grid: &mut Grid, id: NodeId, pooling: &Pooling) -> Option<()> {
        let value = self.solution.values.get(id)?;
        let columns = grid.entries.first()?.len();
        let mut winners = pooling.grid(value.extents()).winners(value);
        // One entry can win several windows.
        winners.sort_unstable();
        winners.dedup();
        let Border { above, left, .. } = grid.border;
        grid.rings = winners.iter().map(|place| (place / columns + above, place % columns + left)).collect();
        self.legend.rings = true;
        Some(())
    }

    /// `+ b`
    fn added(&self, id: NodeId) -> Option<[Piece; 2]> {
        Some([sign(Glyph::Plus), Piece::Grid(self.grid(id)?)])
    }

    fn tint_first(&mut self, grid: &mut Grid, id: NodeId) {
        grid.tints.push((Cells::one(0, 0), Tint::First));
        self.legend.first.push(id);
    }

    /// The cells under the first place of a kernel.
    fn first_place(&mut self, grid: &mut Grid, windows: &Windows, kernel: &Grid) -> Option<()> {
        let (rows, columns) = (kernel.entries.len(), kernel.entries.first()?.len());
        self.pad(grid, windows, (rows, columns), true)?;
        let (down, right) = windows.dilation;
        let touched: Vec<Cells> = match windows.dilation {
            (1, 1) => vec![Cells { row: 0, column: 0, rows, columns }],
            _ => places(rows, columns).map(|(row, column)| Cells::one(row * down, column * right)).collect(),
        };
        // The entry that an earlier convolution gave is tinted more strongly, and so over these.
        grid.tints.splice(0..0, touched.iter().map(|cells| (*cells, Tint::Kernel)));
        grid.frames.extend(touched.iter().map(|cells| (*cells, Frame::Kernel)));
        Some(())
    }

    /// Draws the padding, and moves what is marked already.
    fn pad(&mut self, grid: &mut Grid, windows: &Windows, size: (usize, usize), zeros: bool) -> Option<[Line; 2]> {
        let image = [grid.entries.len(), grid.entries.first()?.len()];
        let lines = windows.lines(image, [size.0, size.1]);
        let (strides, dilations) = (windows.stride, windows.dilation);
        let odd_one_after = |line: &Line, stride: usize, dilation: usize| {
            let reach = line.count.saturating_sub(1) * stride + line.size.saturating_sub(1) * dilation + 1;
            let both = reach.saturating_sub(line.extent);
            (both / 2, both - both / 2)
        };
        let padding = match windows.padding {
            Padding::Around(rows, columns) => [(rows, rows), (columns, columns)],
            Padding::Same => {
                [odd_one_after(&lines[0], strides.0, dilations.0), odd_one_after(&lines[1], strides.1, dilations.1)]
            }
        };
        let [(above, below), (left, right)] = padding;
        let border = Border { above, left, below, right, zeros };
        if image[0] + above + below > LARGEST_SIDE || image[1] + left + right > LARGEST_SIDE {
            return None;
        }
        for (cells, _) in &mut grid.tints {
            (cells.row, cells.column) = (cells.row + above, cells.column + left);
        }
        if above + below + left + right > 0 {
            self.legend.zeros |= zeros;
            self.legend.empty |= !zeros;
        }
        grid.border = border;
        Some(lines)
    }

    /// A matrix without marks; `None` if it is too large, or without a value.
    fn grid(&self, id: NodeId) -> Option<Grid> {
        let graph = &self.solution.model.graph;
        let value = self.solution.values.get(id)?;
        let named = graph.as_symbol(id).is_some() || graph.as_leaf(id).is_some();
        let rows = entries(value)?;
        Some(Grid {
            name: named.then(|| Label::new(Printer::new(graph, Style::Text).math(id))),
            shape: Math::shape(graph.shape(id)).filter(|_| value.rank() > 0).map(Label::new),
            entries: rows,
            ..Grid::default()
        })
    }
}

/// The numbers of a matrix as they are drawn.
fn entries(value: &Tensor<Number>) -> Option<Vec<Vec<Label>>> {
    let sides = match value.extents() {
        [] => [1, 1],
        [rows, columns] => [*rows, *columns],
        _ => return None,
    };
    if sides.iter().any(|side| *side == 0 || *side > LARGEST_SIDE) {
        return None;
    }
    let long = |entry: &Number| entry.is_exact() && entry.to_integer().is_none() && entry.to_string().len() > LONGEST;
    let drawn = value.map(|entry| if long(&entry) { Number::approx(entry.to_f64()) } else { entry });
    let rows = figure::matrix(&drawn, DECIMALS).into_iter();
    Some(rows.map(|row| row.into_iter().map(Label::new).collect()).collect())
}

/// A kernel as a flipped convolution lays it on the image.
fn turn(kernel: &mut Grid) {
    kernel.entries.reverse();
    kernel.entries.iter_mut().for_each(|row| row.reverse());
    kernel.remark = ", flipped";
}

fn sign(glyph: Glyph) -> Piece {
    Piece::Sign(Label::new(Math::Glyph(glyph)))
}

fn places(rows: usize, columns: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
}
