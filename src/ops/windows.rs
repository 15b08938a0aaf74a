//! Windows that move over the last two axes of an image: what convolution and pooling share.

use super::code::Said;
use super::{AvgPool, Helper, MaxPool, Op, OptionError, Options};
use crate::limits::EXTENT;
use crate::shape::{Dim, Shape};

/// How the windows move. Pairs are (rows, columns).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Windows {
    pub stride: (usize, usize),
    pub padding: Padding,
    /// The distance of neighbouring entries of a window: 1 but in a dilated convolution.
    pub dilation: (usize, usize),
    /// Sizes are rounded up: what does not fill a window is a smaller one at the end.
    pub ceil: bool,
}

/// What is put around the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Padding {
    /// So many on each side.
    Around(usize, usize),
    /// As many as give ⌈extent/stride⌉ results; an odd one is put at the end (TensorFlow's convention).
    Same,
}

pub const NO_PADDING: Padding = Padding::Around(0, 0);

/// The windows of an image in Python.
pub static WINDOWS: Helper = Helper {
    name: "windows",
    needs: &[],
    source: r#"
def windows(A, size, stride, padding, dilation=(1, 1), fill=0.0, ceil=False, beyond=0.0):
    """A with its border, each window's place in it (rows, columns), and the place of A itself."""
    along, beyonds = [], []

    def border(A, axis, length, value):
        sides = list(A.shape)
        sides[axis] = length
        return np.full(tuple(sides), value)

    for axis in (-2, -1):
        side, s, d = A.shape[axis], stride[axis], dilation[axis]
        reach = (size[axis] - 1) * d + 1
        if padding == "same":  # as many windows as give ceil(side / stride), an odd zero at the end
            missing = max((-(-side // s) - 1) * s + reach - side, 0)
            before, after = missing // 2, missing - missing // 2
        else:
            before = after = padding[axis]
        over = 0
        if ceil:  # the last window may reach beyond the border, if it begins before that
            last = -(-(side + before + after - reach) // s) * s
            last -= s if last >= side + before else 0
            over = max(last + reach - side - before - after, 0)
        if before or after:
            A = np.concatenate([border(A, axis, before, fill), A, border(A, axis, after, fill)], axis=axis)
        starts = range(0, A.shape[axis] + over - reach + 1, s)
        along.append(([slice(start, start + reach, d) for start in starts], slice(before, before + side)))
        beyonds.append((axis, over))
    for axis, over in beyonds:
        if over:
            A = np.concatenate([A, border(A, axis, over, beyond)], axis=axis)
    (rows, own_rows), (columns, own_columns) = along
    return A, [[(r, c) for c in columns] for r in rows], (..., own_rows, own_columns)
"#,
};

impl Windows {
    /// Reads `stride` and `padding`.
    pub fn build(options: &mut Options, default_stride: (usize, usize)) -> Result<Windows, OptionError> {
        let stride = bounded("stride", options.pair("stride", default_stride, 1)?)?;
        let padding = match options.pair_or_word("padding", (0, 0), &["same", "valid"])? {
            Ok(pair) => {
                let (rows, columns) = bounded("padding", pair)?;
                Padding::Around(rows, columns)
            }
            Err("same") => Padding::Same,
            Err(_) => NO_PADDING,
        };
        Ok(Windows { stride, padding, dilation: (1, 1), ceil: false })
    }

    /// The options that are not the default.
    pub fn options(&self, default_stride: (usize, usize)) -> Vec<(&'static str, String)> {
        let stride = (self.stride != default_stride).then(|| ("stride", pair_text(self.stride)));
        let padding = match self.padding {
            NO_PADDING => None,
            Padding::Around(rows, columns) => Some(("padding", pair_text((rows, columns)))),
            Padding::Same => Some(("padding", "same".to_string())),
        };
        let dilation = (self.dilation != (1, 1)).then(|| ("dilation", pair_text(self.dilation)));
        let ceil = self.ceil.then(|| ("ceil", "true".to_string()));
        stride.into_iter().chain(padding).chain(dilation).chain(ceil).collect()
    }

    /// Each pair by what it says of columns.
    fn map(&self, change: impl Fn(usize, usize) -> (usize, usize)) -> Windows {
        let padding = match self.padding {
            Padding::Around(_, columns) => {
                let (rows, columns) = change(columns, 0);
                Padding::Around(rows, columns)
            }
            Padding::Same => Padding::Same,
        };
        Windows { stride: change(self.stride.1, 1), padding, dilation: change(self.dilation.1, 1), ceil: self.ceil }
    }

    /// As they move along one axis, with what columns say: the other has neither steps nor padding.
    pub fn along(&self, axis: usize) -> Windows {
        self.map(|own, none| if axis == 0 { (own, none) } else { (none, own) })
    }

    /// Along both axes as along columns.
    pub fn both(&self) -> Windows {
        self.map(|own, _| (own, own))
    }

    /// At distance 1, without padding.
    pub fn plain() -> Windows {
        Windows { stride: (1, 1), padding: NO_PADDING, dilation: (1, 1), ceil: false }
    }

    /// The options that are not the default, as the functions in Python take them.
    pub fn said(&self, default_stride: (usize, usize)) -> Vec<Said> {
        let pair = |(rows, columns): (usize, usize)| format!("({rows}, {columns})");
        let stride = (self.stride != default_stride).then(|| ("stride", pair(self.stride)));
        let padding = match self.padding {
            NO_PADDING => None,
            Padding::Around(rows, columns) => Some(("padding", pair((rows, columns)))),
            Padding::Same => Some(("padding", "\"same\"".to_string())),
        };
        let dilation = (self.dilation != (1, 1)).then(|| ("dilation", pair(self.dilation)));
        stride.into_iter().chain(padding).chain(dilation).collect()
    }

    /// The result's sides: ⌊(H + 2p − d(k − 1) − 1)/s⌋ + 1, or ⌈H/s⌉ with `same`. An error in words where not
    /// even one window fits; `window` is what the window is called.
    pub fn sides(&self, name: &str, window: &str, image: [&Dim; 2], size: [&Dim; 2]) -> Result<[Dim; 2], String> {
        let axes = self.axes();
        let spans = [0, 1].map(|i| size[i].plus_integer(-1).times_integer(axes[i].dilation as i64).plus_integer(1));
        let padded = [0, 1].map(|i| image[i].plus_integer(2 * axes[i].padding.unwrap_or(0) as i64));
        let sides = [0, 1].map(|i| match axes[i].padding {
            None => image[i].plus_integer(axes[i].stride as i64 - 1).floor_div(axes[i].stride),
            Some(before) => {
                let up = if self.ceil { axes[i].stride as i64 - 1 } else { 0 };
                let side = padded[i].minus(&spans[i]).plus_integer(up).floor_div(axes[i].stride).plus_integer(1);
                // No window begins behind the image.
                match (self.ceil, side.as_integer(), image[i].as_integer()) {
                    (true, Some(count), Some(extent))
                        if (count - 1) * axes[i].stride as i64 >= extent + before as i64 =>
                    {
                        side.plus_integer(-1)
                    }
                    _ => side,
                }
            }
        });
        if sides.iter().all(|side| side.as_integer().is_none_or(|side| side >= 1)) {
            return Ok(sides);
        }
        let reach = if self.dilation == (1, 1) { "is" } else { "reaches over" };
        let [rows, columns] = &spans;
        let [height, width] = &padded;
        let around = if self.padding == NO_PADDING { "image" } else { "padded image" };
        Err(format!(
            "`{name}` needs a {window} that fits into the image: the {window} {reach} {rows} x {columns}, the {around} only {height} x {width}"
        ))
    }

    /// The windows along rows and along columns of an image of known size.
    pub fn lines(&self, image: [usize; 2], size: [usize; 2]) -> [Line; 2] {
        let axes = self.axes();
        [0, 1].map(|i| Line::new(&axes[i], image[i], size[i], self.ceil))
    }

    pub(super) fn axes(&self) -> [Axis; 2] {
        let padding = match self.padding {
            Padding::Around(rows, columns) => (Some(rows), Some(columns)),
            Padding::Same => (None, None),
        };
        [
            Axis { stride: self.stride.0, padding: padding.0, dilation: self.dilation.0 },
            Axis { stride: self.stride.1, padding: padding.1, dilation: self.dilation.1 },
        ]
    }
}

/// One of the two axes; no padding number stands for `same`.
pub(super) struct Axis {
    pub stride: usize,
    pub padding: Option<usize>,
    pub dilation: usize,
}

/// The windows along one axis of an image of known size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many windows.
    pub count: usize,
    /// The image's side.
    pub extent: usize,
    /// The window's side.
    pub size: usize,
    /// How many places of padding lie before the image.
    pub before: usize,
    stride: usize,
    dilation: usize,
}

/// The windows along a line that hold one of their entries inside the image, one after the other.
pub struct Reach {
    pub first: usize,
    pub count: usize,
    /// Where the entry of the first of them lies in the image.
    pub place: usize,
    /// How far it moves from window to window.
    pub stride: usize,
}

impl Line {
    fn new(axis: &Axis, extent: usize, size: usize, ceil: bool) -> Line {
        let Axis { stride, padding, dilation } = *axis;
        let span = size.saturating_sub(1) * dilation + 1;
        let (count, before) = match padding {
            _ if extent == 0 || size == 0 => (0, 0),
            Some(around) => {
                let windows = |room: usize| if ceil { room.div_ceil(stride) + 1 } else { room / stride + 1 };
                let count = (extent + 2 * around).checked_sub(span).map_or(0, windows);
                (if ceil && count > 1 && (count - 1) * stride >= extent + around { count - 1 } else { count }, around)
            }
            None => {
                let count = extent.div_ceil(stride);
                (count, ((count - 1) * stride + span).saturating_sub(extent) / 2)
            }
        };
        Line { count, extent, size, before, stride, dilation }
    }

    /// The entries of a window that lie in the image: the place in the window, the place in the image.
    pub fn inside(&self, window: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let Line { before, dilation, .. } = *self;
        let start = window * self.stride;
        let first = before.saturating_sub(start).div_ceil(dilation);
        let end = (self.extent + before).saturating_sub(start).div_ceil(dilation).min(self.size);
        (first..end).map(move |place| (place, start + place * dilation - before))
    }

    /// How many entries of a window lie in the image or in the padding around it.
    pub fn covered(&self, window: usize) -> usize {
        (self.extent + 2 * self.before).saturating_sub(window * self.stride).min(self.size)
    }

    /// The windows of which an entry lies in the image.
    pub fn reach(&self, entry: usize) -> Reach {
        let offset = entry * self.dilation;
        let first = self.before.saturating_sub(offset).div_ceil(self.stride);
        let end = (self.extent + self.before).saturating_sub(offset).div_ceil(self.stride).min(self.count);
        let place = (first * self.stride + offset).saturating_sub(self.before);
        Reach { first, count: end.saturating_sub(first), place, stride: self.stride }
    }

    /// The place in the image of an entry of a window; `None` in the padding.
    pub fn place(&self, window: usize, entry: usize) -> Option<usize> {
        (window * self.stride + entry * self.dilation).checked_sub(self.before).filter(|place| *place < self.extent)
    }
}

/// `2`, or `(2, 1)`.
pub fn pair_text((rows, columns): (usize, usize)) -> String {
    if rows == columns { rows.to_string() } else { format!("({rows}, {columns})") }
}

/// An error for a number that no tensor could have as its side.
pub fn bounded(name: &str, pair: (usize, usize)) -> Result<(usize, usize), OptionError> {
    match pair.0.max(pair.1) > EXTENT {
        true => Err(OptionError { message: format!("`{name}` is at most {EXTENT}"), span: None }),
        false => Ok(pair),
    }
}

/// The index of the entry that stands at `flat` in row-major order.
pub fn unravel(extents: &[usize], mut flat: usize) -> Vec<usize> {
    let mut index = vec![0; extents.len()];
    for (place, extent) in index.iter_mut().zip(extents).rev() {
        *place = flat % extent;
        flat /= extent;
    }
    index
}

/// The place in row-major order of an index.
pub fn ravel(extents: &[usize], index: &[usize]) -> usize {
    extents.iter().zip(index).fold(0, |flat, (extent, place)| flat * extent + place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(extent: usize, size: usize, stride: usize, padding: Option<usize>, dilation: usize) -> Line {
        Line::new(&Axis { stride, padding, dilation }, extent, size, false)
    }

    #[test]
    fn a_window_knows_what_lies_in_the_padding() {
        // Extent 4 with one of padding on both sides, windows of 3 at distance 2: -1..=1 and 1..=3.
        let padded = line(4, 3, 2, Some(1), 1);
        assert_eq!(padded.count, 2);
        assert_eq!(padded.inside(0).collect::<Vec<_>>(), [(1, 0), (2, 1)]);
        assert_eq!(padded.inside(1).collect::<Vec<_>>(), [(0, 1), (1, 2), (2, 3)]);
        // Dilated by 2: the entries of the window at -2, 0, 2.
        let dilated = line(3, 3, 1, Some(2), 2);
        assert_eq!(dilated.inside(0).collect::<Vec<_>>(), [(1, 0), (2, 2)]);
        assert_eq!(dilated.place(0, 0), None);
    }

    #[test]
    fn same_puts_the_odd_zero_at_the_end() {
        // ⌈5/2⌉ = 3 windows of 2 need 1 more: after the last.
        let same = line(5, 2, 2, None, 1);
        assert_eq!((same.count, same.before), (3, 0));
        assert_eq!(same.inside(2).collect::<Vec<_>>(), [(0, 4)]);
    }

    #[test]
    fn every_window_agrees_with_its_places() {
        for (extent, size, stride, padding, dilation) in [
            (5, 3, 2, Some(1), 1),
            (7, 2, 3, Some(4), 3),
            (6, 4, 1, None, 2),
            (1, 1, 1, Some(0), 1),
            (4, 9, 2, None, 1),
        ] {
            let line = line(extent, size, stride, padding, dilation);
            for window in 0..line.count {
                let places = (0..size).filter_map(|entry| Some((entry, line.place(window, entry)?)));
                assert!(places.eq(line.inside(window)), "{line:?} {window}");
            }
        }
    }

    #[test]
    fn a_flat_place_and_an_index_are_the_same() {
        let extents = [2, 3, 4];
        assert!((0..24).all(|flat| ravel(&extents, &unravel(&extents, flat)) == flat));
        assert_eq!(unravel(&extents, 23), [1, 2, 3]);
    }
}

/// How one side of a result is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowSide {
    pub image: Dim,
    pub window: Dim,
    pub stride: usize,
    /// On each side; `None` is `same`.
    pub padding: Option<usize>,
    pub dilation: usize,
    pub result: Dim,
}

/// The sides of a convolution's or a pooling's result (rows, then columns); nothing for other operators.
pub fn window_sides(op: &Op, operands: &[Shape]) -> Vec<WindowSide> {
    let one = Dim::one();
    let size;
    let (windows, [height, width], [rows, columns]) = match op {
        Op::Conv2d(conv2d) => match conv2d.convolution.laid(&operands[0].0, &operands[1].0, &one) {
            Some(laid) => (laid.windows, laid.image.plane, laid.kernel.plane),
            None => return Vec::new(),
        },
        Op::MaxPool(MaxPool { pooling }) | Op::AvgPool(AvgPool { pooling, .. }) => {
            size = [pooling.size.0, pooling.size.1].map(Dim::integer);
            match operands[0].0.as_slice() {
                [.., height, width] => (pooling.windows, [height, width], [&size[0], &size[1]]),
                _ => return Vec::new(),
            }
        }
        _ => return Vec::new(),
    };
    let Ok(results) = windows.sides("", "", [height, width], [rows, columns]) else { return Vec::new() };
    // Along an axis that a signal lacks nothing moves.
    let line = matches!(op, Op::Conv2d(conv2d) if conv2d.convolution.line);
    let moves = |(image, window): (&Dim, &Dim)| !line || !image.is_one() || !window.is_one();
    let sides = [(height, rows), (width, columns)].into_iter().zip(windows.axes()).zip(results);
    sides
        .filter(|((own, _), _)| moves(*own))
        .map(|(((image, window), axis), result)| WindowSide {
            image: image.clone(),
            window: window.clone(),
            stride: axis.stride,
            padding: axis.padding,
            dilation: axis.dilation,
            result,
        })
        .collect()
}
