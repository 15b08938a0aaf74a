//! What `conv2d` and its two gradients share: the options, the shapes, and the one loop over every product.

use super::code::Said;
use super::windows::{Line, Padding, Reach, WINDOWS, Windows, bounded};
use super::{
    Code, Conv2d, Conv2dInputGradient, Conv2dKernelGradient, Helper, Law, Maths, OptionError, Options, ShapeError, Term,
};
use crate::budget::spend;
use crate::machine::{Sums, Word};
use crate::scalar::Scalar;
use crate::shape::{Dim, Shape};
use crate::tensor::Tensor;

static PLANES: Helper = Helper {
    name: "planes",
    needs: &[],
    source: r#"
def planes(A):
    """An image as examples x channels x rows x columns, a kernel as filters x channels x rows x columns."""
    return A.reshape((1,) * (4 - A.ndim) + tuple(A.shape))
"#,
};

/// The same of two matrices, with nothing but a stride.
pub static CONV2D_PLANE: Helper = Helper {
    name: "conv2d_plane",
    needs: &[],
    source: r#"
def conv2d_plane(I, W, stride=(1, 1)):
    """Each entry is the sum of W times the window of I that it stands for, entry by entry."""
    (H, B), (h, b), (s, t) = I.shape, W.shape, stride
    rows = [[np.sum(I[r : r + h, c : c + b] * W) for c in range(0, B - b + 1, t)] for r in range(0, H - h + 1, s)]
    return np.stack([np.stack(row) for row in rows])
"#,
};

pub static CONV2D: Helper = Helper {
    name: "conv2d",
    needs: &[&WINDOWS, &PLANES],
    source: r#"
def conv2d(I, W, stride=(1, 1), padding=(0, 0), dilation=(1, 1), flip=False):
    """Each entry is the sum of W times a window of I, entry by entry (flip: of W turned by 180 degrees)."""
    image, kernel = planes(I), planes(W)
    if flip:
        kernel = np.flip(kernel, (2, 3))
    image, places, _ = windows(image, kernel.shape[2:], stride, padding, dilation)

    rows = [image[:, :, r, c].reshape(len(image), -1) for row in places for r, c in row]
    J = np.concatenate(rows) @ kernel.reshape(len(kernel), -1).T  # a row for each window of each example
    J = np.moveaxis(J.reshape(len(rows), len(image), len(kernel)), 0, -1)
    return J.reshape(tuple(I.shape[:-3]) + tuple(W.shape[:-3]) + (len(places), len(places[0])))
"#,
};

pub static CONV2D_INPUT_GRADIENT: Helper = Helper {
    name: "conv2d_input_gradient",
    needs: &[&WINDOWS, &PLANES],
    source: r#"
def conv2d_input_gradient(I, W, dJ, stride=(1, 1), padding=(0, 0), dilation=(1, 1), flip=False):
    """Each entry of dJ goes back to the window that it came from, times W."""
    image, kernel = planes(I), planes(W)
    if flip:
        kernel = np.flip(kernel, (2, 3))
    image, places, own = windows(image, kernel.shape[2:], stride, padding, dilation)
    dJ = dJ.reshape(len(image), len(kernel), len(places), len(places[0]))
    dI = np.zeros(image.shape)
    for i, row in enumerate(places):
        for j, (r, c) in enumerate(row):
            dI[:, :, r, c] += np.tensordot(dJ[:, :, i, j], kernel, 1)
    return dI[own].reshape(I.shape)
"#,
};

pub static CONV2D_KERNEL_GRADIENT: Helper = Helper {
    name: "conv2d_kernel_gradient",
    needs: &[&WINDOWS, &PLANES],
    source: r#"
def conv2d_kernel_gradient(I, W, dJ, stride=(1, 1), padding=(0, 0), dilation=(1, 1), flip=False):
    """Each window of I is added to the kernel's gradient, times the entry of dJ that it gave."""
    image, dW = planes(I), np.zeros(planes(W).shape)
    image, places, _ = windows(image, dW.shape[2:], stride, padding, dilation)
    dJ = dJ.reshape(len(image), len(dW), len(places), len(places[0]))
    for i, row in enumerate(places):
        for j, (r, c) in enumerate(row):
            dW += np.tensordot(dJ[:, :, i, j].T, image[:, :, r, c], 1)
    return (np.flip(dW, (2, 3)) if flip else dW).reshape(W.shape)
"#,
};

static GROUPED: Helper = Helper {
    name: "grouped",
    needs: &[&PLANES],
    source: r#"
def grouped(I, W, groups, line):
    """The channels and the filters of each group; a line is an image with one row."""
    image, kernel = [planes(A[..., None, :] if line else A) for A in (I, W)]
    groups = image.shape[1] if groups == "each" else groups
    seen = image.shape[1] // groups
    kernel = kernel.reshape((-1, seen) + tuple(kernel.shape[2:]))
    own = len(kernel) // groups
    return [(image[:, g * seen : (g + 1) * seen], kernel[g * own : (g + 1) * own]) for g in range(groups)]
"#,
};

static GROUPED_UPSTREAM: Helper = Helper {
    name: "grouped_upstream",
    needs: &[],
    source: r#"
def grouped_upstream(dJ, parts, line):
    """The gradient of what each group gave."""
    examples, filters = len(parts[0][0]), len(parts[0][1])
    dJ = dJ.reshape((examples, -1) + ((1,) if line else (dJ.shape[-2],)) + (dJ.shape[-1],))
    return [dJ[:, g * filters : (g + 1) * filters] for g in range(len(parts))]
"#,
};

/// The same in groups of channels, or over one axis.
pub static GROUPED_CONV: Helper = Helper {
    name: "grouped_conv",
    needs: &[&CONV2D, &GROUPED],
    source: r#"
def grouped_conv(I, W, groups=1, line=False, **options):
    """Each filter sees the channels of its own group."""
    return np.concatenate([conv2d(A, B, **options) for A, B in grouped(I, W, groups, line)], axis=1)
"#,
};

pub static GROUPED_CONV_INPUT_GRADIENT: Helper = Helper {
    name: "grouped_conv_input_gradient",
    needs: &[&CONV2D_INPUT_GRADIENT, &GROUPED, &GROUPED_UPSTREAM],
    source: r#"
def grouped_conv_input_gradient(I, W, dJ, groups=1, line=False, **options):
    """Each group of channels gets what its own filters give back."""
    parts = grouped(I, W, groups, line)
    upstream = grouped_upstream(dJ, parts, line)
    dI = [conv2d_input_gradient(A, B, own, **options) for (A, B), own in zip(parts, upstream)]
    return np.concatenate(dI, axis=1).reshape(I.shape)
"#,
};

pub static GROUPED_CONV_KERNEL_GRADIENT: Helper = Helper {
    name: "grouped_conv_kernel_gradient",
    needs: &[&CONV2D_KERNEL_GRADIENT, &GROUPED, &GROUPED_UPSTREAM],
    source: r#"
def grouped_conv_kernel_gradient(I, W, dJ, groups=1, line=False, **options):
    """Each group of filters collects from its own channels."""
    parts = grouped(I, W, groups, line)
    upstream = grouped_upstream(dJ, parts, line)
    dW = [conv2d_kernel_gradient(A, B, own, **options) for (A, B), own in zip(parts, upstream)]
    return np.concatenate(dW, axis=0).reshape(W.shape)
"#,
};

/// The options of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Convolution {
    pub windows: Windows,
    /// The kernel is turned by 180°: the mathematical convolution instead of the cross-correlation.
    pub flip: bool,
    pub groups: Groups,
    /// Over one axis: an image has no rows.
    pub line: bool,
}

/// Into how many groups the channels and the filters are parted; a filter sees the channels of its own group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Groups {
    Number(usize),
    /// Each channel is a group (a depthwise convolution); its kernels may be written without their one channel.
    Each,
}

pub static CROSS_CORRELATION: Law = Law {
    name: "cross-correlation",
    title: "Convolution (cross-correlation)",
    proof: Maths {
        latex: r"J_{rc}=\sum_{mn}W_{mn}I_{ab}\text{ with }a=(r-1)s+(m-1)d+1-p,\ b=(c-1)s+(n-1)d+1-p\text{ (stride }s\text{, dilation }d\text{, padding }p\text{), so }\frac{\partial L}{\partial W_{mn}}=\sum_{rc}I_{ab}(\delta_J)_{rc}\text{, and }\frac{\partial L}{\partial I_{ab}}=\sum W_{mn}(\delta_J)_{rc}\text{ over all }r,c,m,n\text{ that meet at }a,b\text{: the kernel turned by }180^\circ\text{ moves over }\delta_J\text{; a bias collects }\sum_{rc}(\delta_J)_{rc}",
        text: "J(r,c) = Σₘₙ W(m,n) I(a,b) with a = (r−1)s + (m−1)d + 1 − p and b = (c−1)s + (n−1)d + 1 − p (stride s, dilation d, padding p), so ∂L/∂W(m,n) = Σ I(a,b) δJ(r,c) over r, c, and ∂L/∂I(a,b) = Σ W(m,n) δJ(r,c) over all r, c, m, n that meet at a, b: the kernel turned by 180° moves over δJ; a bias collects Σ δJ(r,c)",
    },
};

/// The same rule as it reads without stride, padding, dilation and bias.
pub static SLIDING: Law = Law {
    name: "cross-correlation",
    title: "Convolution (cross-correlation)",
    proof: Maths {
        latex: r"J_{rc}=\sum_{mn}W_{mn}I_{r+m-1,\,c+n-1}\text{, so }\frac{\partial L}{\partial W_{mn}}=\sum_{rc}I_{r+m-1,\,c+n-1}(\delta_J)_{rc}\text{, and }\frac{\partial L}{\partial I_{ab}}=\sum_{mn}W_{mn}(\delta_J)_{a+1-m,\,b+1-n}\text{ as far as there are such entries: the kernel turned by }180^\circ\text{ moves over }\delta_J",
        text: "J(r,c) = Σₘₙ W(m,n) I(r+m−1, c+n−1), so ∂L/∂W(m,n) = Σ I(r+m−1, c+n−1) δJ(r,c) over r, c, and ∂L/∂I(a,b) = Σ W(m,n) δJ(a+1−m, b+1−n) over m, n as far as there are such entries: the kernel turned by 180° moves over δJ",
    },
};

pub static FLIPPED_CONVOLUTION: Law = Law {
    name: "flipped-convolution",
    title: "Convolution with a flipped kernel",
    proof: Maths {
        latex: r"J_{rc}=\sum_{mn}W_{h+1-m,\,w+1-n}I_{ab}\text{ for a kernel of }h\times w\text{, with }a=(r-1)s+(m-1)d+1-p,\ b=(c-1)s+(n-1)d+1-p\text{ (stride }s\text{, dilation }d\text{, padding }p\text{), so }\frac{\partial L}{\partial W_{h+1-m,\,w+1-n}}=\sum_{rc}I_{ab}(\delta_J)_{rc}\text{, and }\frac{\partial L}{\partial I_{ab}}=\sum W_{h+1-m,\,w+1-n}(\delta_J)_{rc}\text{ over all }r,c,m,n\text{ that meet at }a,b\text{: the kernel as it is moves over }\delta_J\text{; a bias collects }\sum_{rc}(\delta_J)_{rc}",
        text: "J(r,c) = Σₘₙ W(h+1−m, w+1−n) I(a,b) for a kernel of h × w, with a = (r−1)s + (m−1)d + 1 − p and b = (c−1)s + (n−1)d + 1 − p (stride s, dilation d, padding p), so ∂L/∂W(h+1−m, w+1−n) = Σ I(a,b) δJ(r,c) over r, c, and ∂L/∂I(a,b) = Σ W(h+1−m, w+1−n) δJ(r,c) over all r, c, m, n that meet at a, b: the kernel as it is moves over δJ; a bias collects Σ δJ(r,c)",
    },
};

impl Convolution {
    pub fn build(options: &mut Options) -> Result<Convolution, OptionError> {
        let windows = Windows::build(options, (1, 1))?;
        let dilation = bounded("dilation", options.pair("dilation", (1, 1), 1)?)?;
        let windows = Windows { dilation, ..windows };
        let flip = options.flag("flip")?;
        let line = options.flag("line")? || options.called.starts_with("conv1d");
        let each = matches!(options.called.as_str(), "depthwise_conv2d" | "depthwise" | "dwconv");
        let default = if each { Groups::Each } else { Groups::Number(1) };
        let groups = match options.pair_or_word("groups", (0, 0), &["each"])? {
            Ok((0, _)) => default,
            Ok((groups, _)) => Groups::Number(groups),
            Err(_) => Groups::Each,
        };
        Ok(Convolution { windows: if line { windows.along(1) } else { windows }, flip, groups, line })
    }

    pub fn options(&self) -> Vec<(&'static str, String)> {
        let windows = if self.line { self.windows.both() } else { self.windows };
        let flip = self.flip.then(|| ("flip", "true".to_string()));
        let groups = match self.groups {
            Groups::Number(1) => None,
            Groups::Number(groups) => Some(("groups", groups.to_string())),
            Groups::Each => Some(("groups", "each".to_string())),
        };
        let line = self.line.then(|| ("line", "true".to_string()));
        windows.options((1, 1)).into_iter().chain(flip).chain(groups).chain(line).collect()
    }

    /// What a call of it is named.
    pub fn called(&self) -> &'static str {
        match (self.line, self.groups) {
            (true, _) => "conv1d",
            (false, Groups::Each) => "depthwise_conv2d",
            (false, Groups::Number(_)) => "conv2d",
        }
    }

    /// Whether it moves over a matrix with one kernel, and no more.
    pub fn is_plain(&self) -> bool {
        !self.line && self.groups == Groups::Number(1)
    }

    /// A call of the function in Python, of the first for one group of two axes; `shapes` are the image's and the kernel's.
    pub fn call(&self, functions: [&'static Helper; 2], operands: Vec<Code>, shapes: [&Shape; 2]) -> Code {
        let one = Dim::one();
        let laid = self.laid(&shapes[0].0, &shapes[1].0, &one);
        // A column is an image with one column.
        let is_row = self.line && laid.as_ref().is_none_or(|laid| laid.kernel.plane[0].is_one());
        let windows = laid.map_or(self.windows, |laid| laid.windows);
        let groups = match self.groups {
            Groups::Number(1) => None,
            Groups::Number(groups) => Some(("groups", groups.to_string())),
            Groups::Each => Some(("groups", "\"each\"".to_string())),
        };
        let flip = self.flip.then(|| ("flip", "True".to_string()));
        let line = is_row.then(|| ("line", "True".to_string()));
        let function = functions[usize::from(is_row || groups.is_some())];
        let said: Vec<Said> = windows.said((1, 1)).into_iter().chain(flip).chain(groups).chain(line).collect();
        Code::helped(function, operands, said)
    }

    /// `conv2d` in Python, in the shape of the result.
    pub fn code(&self, operands: Vec<Code>, shapes: [&Shape; 2]) -> Code {
        let plain = Windows { stride: self.windows.stride, ..Windows::plain() };
        let is_plane = shapes.iter().all(|shape| shape.rank() == 2) && self.windows == plain && !self.flip;
        let written = self.call([if is_plane { &CONV2D_PLANE } else { &CONV2D }, &GROUPED_CONV], operands, shapes);
        match self.shape(shapes[0], shapes[1]) {
            Ok(shape) if !self.is_plain() => written.followed(&format!(".reshape({})", Code::shape(&shape).text())),
            _ => written,
        }
    }

    pub fn law(&self) -> &'static Law {
        if self.flip { &FLIPPED_CONVOLUTION } else { &CROSS_CORRELATION }
    }

    /// With the kernel turned the other way.
    pub fn turned(&self) -> Convolution {
        Convolution { flip: !self.flip, ..*self }
    }

    pub fn with_padding(&self, padding: Padding) -> Convolution {
        Convolution { windows: Windows { padding, ..self.windows }, ..*self }
    }

    pub fn forward(&self, image: Term, kernel: Term) -> Term {
        Term::Apply(Conv2d { convolution: *self }.into(), vec![image, kernel])
    }

    pub fn input_gradient(&self, image: Term, kernel: Term, upstream: Term) -> Term {
        Term::Apply(Conv2dInputGradient { convolution: *self }.into(), vec![image, kernel, upstream])
    }

    pub fn kernel_gradient(&self, image: Term, kernel: Term, upstream: Term) -> Term {
        Term::Apply(Conv2dKernelGradient { convolution: *self }.into(), vec![image, kernel, upstream])
    }

    /// The shape of `conv2d(image, kernel)`.
    pub fn shape(&self, image: &Shape, kernel: &Shape) -> Result<Shape, ShapeError> {
        let (name, one) = (self.called(), Dim::one());
        let Some(Laid { image: picture, kernel: filter, windows, .. }) = self.laid(&image.0, &kernel.0, &one) else {
            return Err(ShapeError::new(match self.line {
                true => {
                    "`conv1d` needs a signal that is a row, C x length or N x C x length, and a kernel that is a row, C x length or F x C x length (or columns both)"
                }
                false => {
                    "`conv2d` needs an image of rows x columns, C x rows x columns or N x C x rows x columns, and a kernel of rows x columns, C x rows x columns or F x C x rows x columns"
                }
            }));
        };
        let channels = |sides: &Sides<Dim>| sides.channels.map_or_else(Dim::one, Dim::clone);
        let (has, own) = (channels(&picture), channels(&filter));
        let filters = filter.leading.cloned().unwrap_or_else(Dim::one);
        let parted = |groups: usize| filters.as_integer().is_none_or(|filters| filters % groups as i64 == 0);
        let several = match (has.as_integer(), filters.as_integer()) {
            (Some(channels), Some(filters)) => filters % channels == 0,
            _ => has == filters,
        };
        match self.groups {
            Groups::Each if !own.is_one() || !several => {
                return Err(ShapeError::new(format!(
                    "`{name}` needs one kernel for each channel: the image ({image}) has {has} channels, the kernels are {kernel}"
                ))
                .hint("they are C x rows x columns, or C x 1 x rows x columns"));
            }
            Groups::Number(groups) if groups > 1 && (own.times_integer(groups as i64) != has || !parted(groups)) => {
                return Err(ShapeError::new(format!(
                    "`{name}` with {groups} groups needs kernels with {has}/{groups} channels, and {groups} or a multiple of them: the image is {image}, the kernels are {kernel}"
                )));
            }
            Groups::Each | Groups::Number(_) => {}
        }
        if self.groups == Groups::Number(1) && has != own {
            let needs = own;
            let error = ShapeError::new(format!(
                "`{name}` needs as many channels in the kernel as in the image: the image ({image}) has {has}, the kernel ({kernel}) has {needs}"
            ));
            return Err(match filter.leading {
                None if has.is_one() => {
                    error.hint("several filters for one channel are a kernel of F x 1 x rows x columns")
                }
                Some(_) | None => error.hint("a kernel is C x rows x columns, several filters F x C x rows x columns"),
            });
        }
        let size = windows.sides(name, "kernel", picture.plane, filter.plane).map_err(ShapeError::new)?;
        let leading: Vec<Dim> = picture.leading.into_iter().chain(filter.leading).cloned().collect();
        let hidden = usize::from(self.line && !leading.is_empty());
        Ok(Shape(leading.into_iter().chain(size.into_iter().skip(hidden)).collect()))
    }

    /// How many filters a kernel holds, and the axis of the result along which they lie; `None` for a single one.
    pub fn filters(&self, image: &Shape, kernel: &Shape) -> Option<(Dim, usize)> {
        let one = Dim::one();
        let laid = self.laid(&image.0, &kernel.0, &one)?;
        Some((laid.kernel.leading?.clone(), usize::from(laid.image.leading.is_some())))
    }

    /// How many entries one filter has.
    pub fn filter_size(&self, image: &Shape, kernel: &Shape) -> Dim {
        let filters = self.filters(image, kernel).map_or_else(Dim::one, |(filters, _)| filters);
        kernel
            .0
            .iter()
            .skip(usize::from(!filters.is_one() || kernel.rank() == 4))
            .fold(Dim::one(), |size, side| size.times(side))
    }

    /// The sides of both by their meaning, and the windows as they move over them.
    pub fn laid<'a, T: PartialEq>(&self, image: &'a [T], kernel: &'a [T], one: &'a T) -> Option<Laid<'a, T>> {
        let row = |length| [one, length];
        let (picture, filter) = match (self.line, image, kernel) {
            (false, _, [each, rows, columns]) if self.groups == Groups::Each => {
                (Sides::of(image)?, Sides { leading: Some(each), channels: None, plane: [rows, columns] })
            }
            (false, ..) => (Sides::of(image)?, Sides::of(kernel)?),
            (true, [rows, side], [size, width]) if side == one && width == one && size != one => {
                let column = |length| Sides { leading: None, channels: None, plane: [length, one] };
                let windows = self.windows.along(0);
                return Some(Laid { image: column(rows), kernel: column(size), windows });
            }
            (true, ..) => {
                let picture = match image {
                    [channels, length] => Sides { leading: None, channels: Some(channels), plane: row(length) },
                    [examples, channels, length] => {
                        Sides { leading: Some(examples), channels: Some(channels), plane: row(length) }
                    }
                    _ => return None,
                };
                let filter = match kernel {
                    [each, length] if self.groups == Groups::Each => {
                        Sides { leading: Some(each), channels: None, plane: row(length) }
                    }
                    [channels, length] => Sides { leading: None, channels: Some(channels), plane: row(length) },
                    [filters, channels, length] => {
                        Sides { leading: Some(filters), channels: Some(channels), plane: row(length) }
                    }
                    _ => return None,
                };
                (picture, filter)
            }
        };
        Some(Laid { image: picture, kernel: filter, windows: self.windows })
    }

    /// The products of a convolution of known size; the ranks are those that [`Convolution::shape`] allows.
    pub fn plan(&self, image: &[usize], kernel: &[usize]) -> Plan {
        let one = 1;
        let nothing = Sides { leading: None, channels: None, plane: [&one, &one] };
        let laid = self.laid(image, kernel, &one);
        let Laid { image: picture, kernel: filter, windows } =
            laid.unwrap_or(Laid { image: nothing, kernel: nothing, windows: self.windows });
        let [rows, columns] = windows.lines(picture.plane.map(|side| *side), filter.plane.map(|side| *side));
        let plane = [&rows.count, &columns.count];
        let leading = picture.leading.into_iter().chain(filter.leading);
        let hidden = usize::from(self.line && leading.clone().next().is_some());
        Plan {
            extents: leading.chain(plane.into_iter().skip(hidden)).copied().collect(),
            groups: match self.groups {
                Groups::Number(groups) => groups,
                Groups::Each => picture.channels.map_or(1, |channels| *channels),
            },
            batch: picture.leading.map_or(1, |n| *n),
            filters: filter.leading.map_or(1, |f| *f),
            channels: filter.channels.map_or(1, |c| *c),
            rows,
            columns,
            flip: self.flip,
        }
    }
}

/// The sides of an image (N x C x rows x columns) or of a kernel (F x C x rows x columns), by their meaning.
pub struct Sides<'a, T> {
    pub leading: Option<&'a T>,
    pub channels: Option<&'a T>,
    pub plane: [&'a T; 2],
}

impl<T> Clone for Sides<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Sides<'_, T> {}

/// An image and a kernel by their sides' meaning, and the windows as they move over them.
pub struct Laid<'a, T> {
    pub image: Sides<'a, T>,
    pub kernel: Sides<'a, T>,
    pub windows: Windows,
}

impl<T> Sides<'_, T> {
    fn of(sides: &[T]) -> Option<Sides<'_, T>> {
        match sides {
            [rows, columns] => Some(Sides { leading: None, channels: None, plane: [rows, columns] }),
            [channels, rows, columns] => {
                Some(Sides { leading: None, channels: Some(channels), plane: [rows, columns] })
            }
            [leading, channels, rows, columns] => {
                Some(Sides { leading: Some(leading), channels: Some(channels), plane: [rows, columns] })
            }
            _ => None,
        }
    }
}

/// A convolution of known size: which product of an image's and a kernel's entry goes to which result.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Of the result.
    pub extents: Vec<usize>,
    pub batch: usize,
    pub filters: usize,
    /// That one filter sees.
    pub channels: usize,
    pub groups: usize,
    pub rows: Line,
    pub columns: Line,
    flip: bool,
}

impl Plan {
    /// Whether not even one window fits.
    pub fn is_empty(&self) -> bool {
        self.extents.contains(&0)
    }

    /// Calls `product(result, image, kernel)` with the places, in row-major order, of each product: along a row of the
    /// result, an entry of the kernel after the other. What lies in the padding is left out.
    pub fn each(&self, mut product: impl FnMut(usize, usize, usize)) {
        self.runs(|runs| {
            for run in runs {
                for step in 0..run.count {
                    product(run.result + step, run.image + step * run.stride, run.kernel);
                }
            }
        });
    }

    /// The same, for the entries of a row of the kernel along a row of the result at once.
    fn runs(&self, mut each: impl FnMut(&[Run])) {
        let (height, width) = (self.rows.count, self.columns.count);
        let reached: Vec<Reach> = (0..self.columns.size).map(|n| self.columns.reach(n)).collect();
        let mut runs = Vec::with_capacity(reached.len());
        for line in 0..self.batch * self.filters * height {
            let (plane, row) = (line / height, line % height);
            let (example, filter) = (plane / self.filters, plane % self.filters);
            for channel in 0..self.channels {
                let rows = self.image_plane(example, filter, channel) * self.rows.extent;
                for (m, y) in self.rows.inside(row) {
                    let places = reached.iter().enumerate().filter(|(_, reach)| reach.count > 0);
                    runs.clear();
                    runs.extend(places.map(|(n, reach)| Run {
                        count: reach.count,
                        result: line * width + reach.first,
                        image: (rows + y) * self.columns.extent + reach.place,
                        stride: reach.stride,
                        kernel: self.kernel_place(filter, channel, m, n),
                    }));
                    each(&runs);
                }
            }
        }
    }

    /// Adds `left · right` of each product at the place that `at` picks from (result, image, kernel).
    pub fn collect<S: Scalar>(
        &self,
        extents: &[usize],
        [left, right]: [&Tensor<S>; 2],
        at: impl Fn(usize, usize, usize) -> [usize; 3],
    ) -> Tensor<S> {
        let products = Products { plan: self, results: extents.iter().product(), at };
        spend(S::WORK * products.terms() as u64);
        let entries = |tensor: &Tensor<S>| tensor.entries().cloned().collect::<Vec<S>>();
        let (left, right) = (entries(left), entries(right));
        let sums = S::sums(&products, &left, &right).unwrap_or_else(|| {
            let mut sums = vec![S::zero(); products.results];
            self.each(|result, image, kernel| {
                let [to, a, b] = (products.at)(result, image, kernel);
                sums[to] += left[a].clone() * right[b].clone();
            });
            sums
        });
        Tensor::from_entries(extents, sums)
    }

    /// Which plane of the image the channel of a filter is.
    pub fn image_plane(&self, example: usize, filter: usize, channel: usize) -> usize {
        let group = filter / (self.filters / self.groups).max(1);
        (example * self.groups + group) * self.channels + channel
    }

    /// The place in the kernel of the entry that lies on (m, n) of the window.
    pub fn kernel_place(&self, filter: usize, channel: usize, m: usize, n: usize) -> usize {
        let (rows, columns) = (self.rows.size, self.columns.size);
        let (m, n) = if self.flip { (rows - 1 - m, columns - 1 - n) } else { (m, n) };
        ((filter * self.channels + channel) * rows + m) * columns + n
    }
}

/// Products of one entry of a kernel with entries of an image.
struct Run {
    count: usize,
    result: usize,
    image: usize,
    /// How far the image's entry moves from product to product; the result's moves by one.
    stride: usize,
    kernel: usize,
}

/// The products that a convolution or one of its gradients adds.
struct Products<'a, At> {
    plan: &'a Plan,
    results: usize,
    at: At,
}

impl<At: Fn(usize, usize, usize) -> [usize; 3]> Sums for Products<'_, At> {
    fn of<T: Word>(&self, left: &[T], right: &[T]) -> Vec<T> {
        let mut sums = vec![T::zero(); self.results];
        self.plan.runs(|runs| runs.chunks(3).for_each(|runs| self.add(runs, left, right, &mut sums)));
        sums
    }

    /// All of them: no result has more.
    fn terms(&self) -> usize {
        let plan = self.plan;
        plan.batch
            * plan.filters
            * plan.rows.count
            * plan.columns.count
            * plan.channels
            * plan.rows.size
            * plan.columns.size
    }
}

impl<At: Fn(usize, usize, usize) -> [usize; 3]> Products<'_, At> {
    /// Adds the products of some runs. Three over the same results take these from memory once, and add in the same
    /// order.
    fn add<T: Word>(&self, runs: &[Run], left: &[T], right: &[T], sums: &mut [T]) {
        let at = |run: &Run| (self.at)(run.result, run.image, run.kernel);
        let is_beside = |run: &Run| (self.at)(1, run.stride, 0) == [1, 1, 0];
        if let [one, two, three] = runs
            && [two, three].iter().all(|run| (at(run)[0], run.count) == (at(one)[0], one.count))
            && [one, two, three].into_iter().all(is_beside)
        {
            let ([to, a, u], [_, b, v], [_, c, w]) = (at(one), at(two), at(three));
            let (u, v, w, count) = (right[u], right[v], right[w], one.count);
            let lefts = left[a..a + count].iter().zip(&left[b..b + count]).zip(&left[c..c + count]);
            let own = sums[to..to + count].iter_mut().zip(lefts);
            own.for_each(|(sum, ((a, b), c))| *sum = *sum + *a * u + *b * v + *c * w);
            return;
        }
        for run in runs {
            let [to, a, b] = at(run);
            match (self.at)(1, run.stride, 0) {
                [1, 1, 0] => {
                    let own = sums[to..to + run.count].iter_mut().zip(&left[a..a + run.count]);
                    own.for_each(|(sum, left)| *sum += *left * right[b]);
                }
                [to_step, a_step, b_step] => {
                    for step in 0..run.count {
                        sums[to + step * to_step] += left[a + step * a_step] * right[b + step * b_step];
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;
    use crate::ops::windows::NO_PADDING;

    #[test]
    fn large_numbers_and_fractions_take_the_exact_way() {
        let windows = Windows { stride: (1, 1), padding: NO_PADDING, dilation: (1, 1), ceil: false };
        let plan = Convolution { windows, flip: false, groups: Groups::Number(1), line: false }.plan(&[1, 2], &[1, 2]);
        let row = |a: Number, b: Number| Tensor::from_entries(&[1, 2], vec![a, b]);
        let sum = |image: &Tensor<Number>, kernel: &Tensor<Number>| {
            plan.collect(&[1, 1], [image, kernel], |result, image, kernel| [result, image, kernel]).first().to_string()
        };
        let (big, three) = (Number::integer(i64::MAX), Number::integer(3));
        let ones = row(Number::integer(1), Number::integer(1));
        assert_eq!(sum(&row(big.clone(), big), &ones), "18446744073709551614");
        assert_eq!(sum(&row(Number::ratio(1, 3), three.clone()), &ones), "10/3");
        assert_eq!(sum(&row(three.clone(), three), &ones), "6");
    }
}
