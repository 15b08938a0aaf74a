//! What the pooling operators share: windows over the last two axes.

use super::code::Said;
use super::windows::{Line, NO_PADDING, Padding, WINDOWS, Windows, bounded, pair_text};
use super::{
    AvgPool, AvgPoolGradient, Helper, MaxPoolGradient, MaxPoolSelect, OptionError, Options, ShapeError, Term,
    ValueError,
};
use crate::number::NumberError;
use crate::scalar::Scalar;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The same of a matrix without padding.
pub static MAXPOOL_PLANE: Helper = Helper {
    name: "maxpool_plane",
    needs: &[],
    source: r#"
def maxpool_plane(A, size, stride):
    """The largest entry of each window."""
    (H, B), (h, b), (s, t) = A.shape, size, stride
    rows = [[np.max(A[r : r + h, c : c + b]) for c in range(0, B - b + 1, t)] for r in range(0, H - h + 1, s)]
    return np.stack([np.stack(row) for row in rows])
"#,
};

pub static MAXPOOL: Helper = Helper {
    name: "maxpool",
    needs: &[&WINDOWS],
    source: r#"
def maxpool(A, size, stride, padding=(0, 0), ceil=False):
    """The largest entry of each window."""
    A, places, _ = windows(A, size, stride, padding, fill=-np.inf, ceil=ceil, beyond=-np.inf)
    rows = [[np.amax(A[..., r, c], axis=(-2, -1)) for r, c in row] for row in places]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
"#,
};

pub static MAXPOOL_GRADIENT: Helper = Helper {
    name: "maxpool_gradient",
    needs: &[&WINDOWS],
    source: r#"
def maxpool_gradient(A, dK, size, stride, padding=(0, 0), ceil=False):
    """Each entry of dK goes to the entry that won its window, the first of equal ones."""
    padded, places, own = windows(A, size, stride, padding, fill=-np.inf, ceil=ceil, beyond=-np.inf)
    dA = np.zeros(padded.shape)
    for plane in np.ndindex(A.shape[:-2]):
        for i, row in enumerate(places):
            for j, (r, c) in enumerate(row):
                window = padded[plane][r, c]
                winner = np.unravel_index(np.argmax(window), window.shape)
                dA[plane][r, c][winner] += dK[plane][i, j]
    return dA[own]
"#,
};

pub static MAXPOOL_SELECT: Helper = Helper {
    name: "maxpool_select",
    needs: &[&WINDOWS],
    source: r#"
def maxpool_select(A, B, size, stride, padding=(0, 0), ceil=False):
    """The entries of B where A has the largest entry of each window."""
    A, places, _ = windows(A, size, stride, padding, fill=-np.inf, ceil=ceil, beyond=-np.inf)
    B, _, _ = windows(B, size, stride, padding, ceil=ceil)
    K = np.zeros(A.shape[:-2] + (len(places), len(places[0])))
    for plane in np.ndindex(A.shape[:-2]):
        for i, row in enumerate(places):
            for j, (r, c) in enumerate(row):
                window = A[plane][r, c]
                K[plane][i, j] = B[plane][r, c][np.unravel_index(np.argmax(window), window.shape)]
    return K
"#,
};

static SHARES: Helper = Helper {
    name: "shares",
    needs: &[&WINDOWS],
    source: r#"
def shares(A, size, stride, padding, count_padding, ceil):
    """1 where an entry counts in a mean, and the places of the windows."""
    ones, places, own = windows(np.ones(A.shape), size, stride, padding, fill=float(count_padding), ceil=ceil)
    return ones, places, own
"#,
};

pub static AVGPOOL: Helper = Helper {
    name: "avgpool",
    needs: &[&WINDOWS, &SHARES],
    source: r#"
def avgpool(A, size, stride, padding=(0, 0), count_padding=True, ceil=False):
    """The mean of each window."""
    ones, places, _ = shares(A, size, stride, padding, count_padding, ceil)
    A, _, _ = windows(A, size, stride, padding, ceil=ceil)

    def mean(r, c):
        return np.sum(A[..., r, c], axis=(-2, -1)) / np.sum(ones[..., r, c], axis=(-2, -1))

    return np.stack([np.stack([mean(r, c) for r, c in row], axis=-1) for row in places], axis=-2)
"#,
};

pub static AVGPOOL_GRADIENT: Helper = Helper {
    name: "avgpool_gradient",
    needs: &[&SHARES],
    source: r#"
def avgpool_gradient(A, dK, size, stride, padding=(0, 0), count_padding=True, ceil=False):
    """Each entry of dK is spread evenly over its window."""
    ones, places, own = shares(A, size, stride, padding, count_padding, ceil)
    dA = np.zeros(ones.shape)
    for i, row in enumerate(places):
        for j, (r, c) in enumerate(row):
            window = ones[..., r, c]
            dA[..., r, c] += window / np.sum(window, axis=(-2, -1), keepdims=True) * dK[..., i, j][..., None, None]
    return dA[own]
"#,
};

/// The options of a pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pooling {
    /// Rows and columns of a window.
    pub size: (usize, usize),
    pub windows: Windows,
}

impl Pooling {
    pub fn build(options: &mut Options) -> Result<Pooling, OptionError> {
        let size = bounded("size", options.pair("size", (2, 2), 1)?)?;
        let windows = Windows::build(options, size)?;
        let ceil = options.flag("ceil")? | options.flag("ceil_mode")?;
        let windows = Windows { ceil, ..windows };
        match windows.padding {
            // A window could lie in the padding alone.
            Padding::Around(rows, columns) if rows >= size.0 || columns >= size.1 => Err(OptionError {
                message: format!(
                    "`padding` must be smaller than the window: it is {}, the window {} x {}",
                    pair_text((rows, columns)),
                    size.0,
                    size.1
                ),
                span: None,
            }),
            Padding::Around(..) | Padding::Same => Ok(Pooling { size, windows }),
        }
    }

    /// The size is always written: it is no convention that a reader would know.
    pub fn options(&self) -> Vec<(&'static str, String)> {
        let size = ("size", pair_text(self.size));
        std::iter::once(size).chain(self.windows.options(self.size)).collect()
    }

    /// The options as the functions in Python take them.
    pub fn said(&self) -> Vec<Said> {
        let pair = |(rows, columns): (usize, usize)| format!("({rows}, {columns})");
        let always = vec![("size", pair(self.size)), ("stride", pair(self.windows.stride))];
        let ceil = self.windows.ceil.then(|| ("ceil", "True".to_string()));
        always.into_iter().chain(self.windows.said(self.windows.stride)).chain(ceil).collect()
    }

    /// The same with what a mean counts.
    pub fn averaged(&self, count_padding: bool) -> Vec<Said> {
        let counted = (!count_padding).then(|| ("count_padding", "False".to_string()));
        self.said().into_iter().chain(counted).collect()
    }

    /// The same windows at distance 1.
    pub fn with_stride_one(&self) -> Pooling {
        Pooling { windows: Windows { stride: (1, 1), ..self.windows }, ..*self }
    }

    /// Padded if this is not, and not if this is.
    pub fn with_other_padding(&self) -> Pooling {
        let padding = if self.windows.padding == NO_PADDING { Padding::Same } else { NO_PADDING };
        Pooling { windows: Windows { padding, ..self.windows }, ..*self }
    }

    pub fn shape(&self, name: &str, operand: &Shape) -> Result<Shape, ShapeError> {
        let [leading @ .., rows, columns] = operand.0.as_slice() else {
            return Err(ShapeError::new(format!(
                "`{name}` needs a matrix, or C x rows x columns, or N x C x rows x columns"
            )));
        };
        let size = Shape::integers(&[self.size.0, self.size.1]);
        let sides =
            self.windows.sides(name, "window", [rows, columns], [&size.0[0], &size.0[1]]).map_err(ShapeError::new)?;
        Ok(Shape(leading.iter().cloned().chain(sides).collect()))
    }

    /// The windows over a tensor of these extents.
    pub fn grid(&self, extents: &[usize]) -> Grid {
        let (leading, [rows, columns]) = match extents {
            [leading @ .., rows, columns] => (leading, [*rows, *columns]),
            _ => (extents, [1, 1]),
        };
        let [rows, columns] = self.windows.lines([rows, columns], [self.size.0, self.size.1]);
        Grid {
            extents: [leading, &[rows.count, columns.count]].concat(),
            planes: leading.iter().product(),
            rows,
            columns,
        }
    }

    pub fn max_gradient(&self, operand: Term, upstream: Term) -> Term {
        Term::Apply(MaxPoolGradient { pooling: *self }.into(), vec![operand, upstream])
    }

    pub fn max_select(&self, operand: Term, values: Term) -> Term {
        Term::Apply(MaxPoolSelect { pooling: *self }.into(), vec![operand, values])
    }

    pub fn average(&self, count_padding: bool) -> AvgPool {
        AvgPool { pooling: *self, count_padding }
    }

    pub fn average_gradient(&self, count_padding: bool, operand: Term, upstream: Term) -> Term {
        Term::Apply(AvgPoolGradient { pooling: *self, count_padding }.into(), vec![operand, upstream])
    }
}

/// The windows over a tensor of known size.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Of the result.
    pub extents: Vec<usize>,
    planes: usize,
    rows: Line,
    columns: Line,
}

impl Grid {
    /// How many windows.
    pub fn count(&self) -> usize {
        self.planes * self.rows.count * self.columns.count
    }

    /// How many places of the image and of the padding around it a window covers.
    pub fn covered(&self, window: usize) -> usize {
        let (height, width) = (self.rows.count, self.columns.count);
        self.rows.covered(window / width % height) * self.columns.covered(window % width)
    }

    /// The places, in row-major order, of the entries of a window; those in the padding are left out.
    pub fn window(&self, window: usize) -> impl Iterator<Item = usize> + use<> {
        let (height, width) = (self.rows.count, self.columns.count);
        let (plane, row, column) = (window / (height * width), window / width % height, window % width);
        let (rows, columns) = (self.rows, self.columns);
        rows.inside(row).flat_map(move |(_, y)| {
            columns.inside(column).map(move |(_, x)| (plane * rows.extent + y) * columns.extent + x)
        })
    }

    /// An error where not even one window fits: an operand with named sides can turn out too small.
    pub fn checked(self) -> Result<Grid, ValueError> {
        if self.extents.contains(&0) { Err(NumberError::Domain.into()) } else { Ok(self) }
    }

    /// Of each window, the place of the largest entry: the first one in row-major order.
    pub fn winners<S: Scalar>(&self, operand: &Tensor<S>) -> Vec<usize> {
        let flat: Vec<&S> = operand.entries().collect();
        // No window is empty: the padding is smaller than the window.
        let larger = |top: usize, place: usize| if flat[place].order(flat[top]).is_gt() { place } else { top };
        (0..self.count()).filter_map(|window| self.window(window).reduce(larger)).collect()
    }
}
