//! `conv2d(I, W, b)`: a kernel moves over an image.

use super::convolution::{Convolution, Plan};
use super::windows::{NO_PADDING, Padding, Windows, unravel};
use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conv2d {
    pub convolution: Convolution,
}

impl Conv2d {
    /// The padding on each side as numbers, where the stride is 1, both sides get the same and the kernel's size
    /// is known (or not needed).
    fn even_padding(&self, kernel: &Shape) -> Option<(usize, usize)> {
        let Windows { stride, padding, dilation, .. } = self.convolution.windows;
        let plain = stride == (1, 1) && self.convolution.is_plain();
        let (rows, columns) = plain.then_some(kernel)?.as_matrix()?;
        let half = |side: &Dim, dilation: usize| {
            let reach = usize::try_from(side.as_integer()? - 1).ok()? * dilation;
            reach.is_multiple_of(2).then_some(reach / 2)
        };
        match padding {
            Padding::Around(rows, columns) => Some((rows, columns)),
            Padding::Same => Some((half(rows, dilation.0)?, half(columns, dilation.1)?)),
        }
    }

    /// Of one image and one kernel with stride 1, the gradient with respect to the image is a convolution itself:
    /// the turned kernel over the gradient, padded until every entry of the kernel meets every entry of it.
    fn plain_input_gradient(&self, operands: &[Shape]) -> Option<Term> {
        let ((_, _), (rows, columns)) = (operands[0].as_matrix()?, operands[1].as_matrix()?);
        let (above, left) = self.even_padding(&operands[1])?;
        let dilation = self.convolution.windows.dilation;
        let full = |side: &Dim, dilation: usize, padding: usize| {
            (usize::try_from(side.as_integer()? - 1).ok()? * dilation).checked_sub(padding)
        };
        let padding = Padding::Around(full(rows, dilation.0, above)?, full(columns, dilation.1, left)?);
        Some(self.convolution.turned().with_padding(padding).forward(Term::Upstream, Term::Operand(1)))
    }

    /// And with respect to the kernel: the gradient moves over the image.
    fn plain_kernel_gradient(&self, operands: &[Shape]) -> Option<Term> {
        let ((_, _), (_, _)) = (operands[0].as_matrix()?, operands[1].as_matrix()?);
        let (rows, columns) = self.even_padding(&operands[1])?;
        let Windows { dilation, .. } = self.convolution.windows;
        let padding = Padding::Around(rows, columns);
        let windows = Windows { stride: dilation, padding, dilation: (1, 1), ceil: false };
        (!self.convolution.flip)
            .then(|| Convolution { windows, ..self.convolution }.forward(Term::Operand(0), Term::Upstream))
    }

    fn input_gradient(&self, operands: &[Shape]) -> Term {
        let general = || self.convolution.input_gradient(Term::Operand(0), Term::Operand(1), Term::Upstream);
        self.plain_input_gradient(operands).unwrap_or_else(general)
    }

    fn kernel_gradient(&self, operands: &[Shape]) -> Term {
        let general = || self.convolution.kernel_gradient(Term::Operand(0), Term::Operand(1), Term::Upstream);
        self.plain_kernel_gradient(operands).unwrap_or_else(general)
    }

    /// The sum over everything that a bias was added to: all, or per filter all examples and positions.
    fn bias_gradient(&self, operands: &[Shape], bias: &Shape) -> Term {
        if bias.is_scalar() {
            return Term::Upstream.sum(None);
        }
        let rank = self.convolution.shape(&operands[0], &operands[1]).map_or(2, |result| result.rank());
        let filters = self.convolution.filters(&operands[0], &operands[1]).map(|(_, axis)| axis);
        let sums = (0..rank).filter(|axis| Some(*axis) != filters).fold(Term::Upstream, |sum, axis| sum.sum(Some(axis)));
        Term::Apply(Reshape::like().into(), vec![sums, Term::Operand(2)])
    }
}

impl Operator for Conv2d {
    const REFERENCE: Reference = Reference {
        name: "conv2d",
        aliases: &["conv", "conv1d", "depthwise_conv2d", "depthwise", "dwconv"],
        signature: "conv2d(I, W, b, stride = 1, padding = 0 | same | valid, dilation = 1, groups = 1, flip = false), conv1d(x, w, …), depthwise_conv2d(I, W, …)",
        summary: "convolution of an image with a kernel, as deep-learning libraries have it",
        definition: Maths {
            latex: r"J_{rc}=\sum_{m,n}W_{mn}\,I_{(r-1)s+(m-1)d+1-p,\;(c-1)s+(n-1)d+1-p}+b",
            text: "J(r,c) = Σₘₙ W(m,n) · I((r−1)s + (m−1)d + 1 − p, (c−1)s + (n−1)d + 1 − p) + b",
        },
        conventions: &[
            "cross-correlation: the kernel is not flipped; `flip = true` turns it by 180°, the mathematical convolution",
            "the image is H x W, C x H x W or N x C x H x W; the kernel kh x kw or C x kh x kw (one filter), or F x C x kh x kw; the result has an axis for the batch and one for the filters where the operands have them; channels are added",
            "`groups = 2` parts channels and filters into so many groups: each filter has the channels of its group alone; `depthwise_conv2d` has a kernel for each channel, C x kh x kw or C x 1 x kh x kw",
            "`conv1d` moves over a row, C x length or N x C x length (a column with a column); its kernel is a row, C x k or F x C x k",
            "the bias `b` may be left out; it is a scalar, or a row or column with one entry a filter",
            "stride, padding and dilation are one number, or (rows, columns); outside the image are zeros",
            "size: floor((H + 2p − d(k − 1) − 1)/s) + 1; what does not fill a window is left out",
            "`padding = valid` is 0; `padding = same` gives ceil(H/s), half of the zeros before and half after, an odd one after (TensorFlow's convention)",
        ],
        call: Some((2, 3)),
        letters: &["I", "W", "b", "J"],
        title: "Convolution",
        acts: Acts::Whole,
        is_total: false,
        weighs: true,
    };

    fn build(options: &mut Options) -> Result<Conv2d, OptionError> {
        Ok(Conv2d { convolution: Convolution::build(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.convolution.options()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let result = self.convolution.shape(&operands[0], &operands[1])?;
        let Some(bias) = operands.get(2) else { return Ok(result) };
        let filters = self.convolution.filters(&operands[0], &operands[1]).map_or_else(Dim::one, |(filters, _)| filters);
        let fits = |shape: &Shape| shape.as_matrix().is_some_and(|(r, c)| (r.is_one() && *c == filters) || (c.is_one() && *r == filters));
        match bias.is_scalar() || fits(bias) {
            true => Ok(result),
            false => Err(ShapeError::new(format!(
                "the bias of `conv2d` is a scalar, or a row or column with one entry a filter: there are {filters} filters, the bias is {bias}"
            ))),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let plan = self.convolution.plan(operands[0].extents(), operands[1].extents());
        // An image with named sides can turn out too small for the kernel.
        if plan.is_empty() {
            return Err(NumberError::Domain.into());
        }
        let sums = plan.collect(&plan.extents, [operands[0], operands[1]], |result, image, kernel| [result, image, kernel]);
        let Some(bias) = operands.get(2) else { return Ok(sums) };
        let bias: Vec<&S> = bias.entries().collect();
        let shifted = sums.entries().enumerate().map(|(place, sum)| sum.clone() + bias_at(&plan, &bias, place));
        Ok(Tensor::from_entries(&plan.extents, shifted.collect()))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let bias = operands.get(2).map(|bias| self.bias_gradient(operands, bias));
        let terms = [self.input_gradient(operands), self.kernel_gradient(operands)].into_iter().chain(bias);
        terms.map(|term| Rule { term, law: self.convolution.law() }).collect()
    }

    form::fused_with_nothing!();

    fn called(&self) -> Option<&'static str> {
        Some(self.convolution.called())
    }

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some(match self.convolution.flip {
            true => "The kernel is flipped (the mathematical convolution).".into(),
            false => "The convolution does not flip its kernel (it is a cross-correlation).".into(),
        })
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        let word = match self.convolution.called() {
            "conv2d" => "conv",
            "depthwise_conv2d" => "dwconv",
            other => other,
        };
        form::call(Math::word(word), operands, Op::from(self.clone()).unsaid(word))
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        let mut operands = operands;
        let bias = operands.drain(2..).next();
        let sum = self.convolution.code(operands, [&shapes[0], &shapes[1]]);
        let Some(bias) = bias else { return sum };
        // One entry a filter: along the axis of the filters.
        match self.convolution.filters(&shapes[0], &shapes[1]) {
            _ if shapes[2].is_scalar() => sum.plus(bias),
            None => sum.plus(Code::call("np.sum", vec![bias], Vec::new())),
            Some(_) if self.convolution.line => sum.plus(bias.followed(".reshape(-1, 1)")),
            Some(_) => sum.plus(bias.followed(".reshape(-1, 1, 1)")),
        }
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::EntryTable
    }

    /// A group a kernel row (of each channel in turn), the kernel's entry first; in the padding the image's is 0.
    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        let (image, kernel): (Vec<&S>, Vec<&S>) = (operands[0].entries().collect(), operands[1].entries().collect());
        let plan = self.convolution.plan(operands[0].extents(), operands[1].extents());
        let place = windows::ravel(&plan.extents, entry);
        let [example, filter, row, column] =
            [0, 1, 2, 3].map(|axis| unravel(&[plan.batch, plan.filters, plan.rows.count, plan.columns.count], place)[axis]);
        let product = |channel: usize, m: usize, n: usize| {
            let inside = plan.rows.place(row, m).zip(plan.columns.place(column, n));
            let flat = |(y, x)| (plan.image_plane(example, filter, channel) * plan.rows.extent + y) * plan.columns.extent + x;
            let weight = kernel[plan.kernel_place(filter, channel, m, n)].clone();
            (weight, inside.map_or_else(S::zero, |at| image[flat(at)].clone()))
        };
        let group = |channel: usize, m: usize| (0..plan.columns.size).map(|n| product(channel, m, n)).collect();
        let groups = (0..plan.channels).flat_map(|channel| (0..plan.rows.size).map(move |m| (channel, m)));
        Account::Products {
            groups: groups.map(|(channel, m)| group(channel, m)).collect(),
            addend: operands.get(2).map(|bias| bias_at(&plan, &bias.entries().collect::<Vec<_>>(), place)),
        }
    }

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let own = self.convolution;
        let with = |windows: Windows| Conv2d { convolution: Convolution { windows, ..own } };
        let padding = if own.windows.padding == NO_PADDING { Padding::Same } else { NO_PADDING };
        let turned = Conv2d { convolution: own.turned() };
        let unpadded = own.turned().with_padding(NO_PADDING).forward(Term::Upstream, Term::Operand(1));
        let mut mistakes = vec![
            Mistake::forward(Mistake::FLIPPED_KERNEL, turned.clone()),
            Mistake::forward(Mistake::WRONG_PADDING, with(Windows { padding, ..own.windows })),
            Mistake::gradient(Mistake::FLIPPED_KERNEL, 0, turned.input_gradient(operands)),
            Mistake::gradient(Mistake::FLIPPED_KERNEL, 1, turned.kernel_gradient(operands)),
            Mistake::gradient(Mistake::WRONG_PADDING, 0, unpadded),
        ];
        let stride = if own.windows.stride == (1, 1) { if own.line { (1, 2) } else { (2, 2) } } else { (1, 1) };
        mistakes.push(Mistake::forward(Mistake::WRONG_STRIDE, with(Windows { stride, ..own.windows })));
        if own.windows.dilation != (1, 1) {
            mistakes.push(Mistake::forward(Mistake::WRONG_DILATION, with(Windows { dilation: (1, 1), ..own.windows })));
        }
        if let Some(bias) = operands.get(2) {
            let right = self.bias_gradient(operands, bias);
            let result = own.shape(&operands[0], &operands[1]).unwrap_or_default();
            let copies = if let Some((_, filters)) = own.filters(&operands[0], &operands[1]).filter(|_| !bias.is_scalar()) {
                result.0.iter().enumerate().filter(|(axis, _)| *axis != filters).fold(Dim::one(), |n, (_, side)| n.times(side))
            } else {
                result.size()
            };
            mistakes.push(Mistake::gradient(Mistake::NOT_SUMMED_OVER_POSITIONS, 2, Term::Upstream));
            mistakes.push(Mistake::gradient(Mistake::MEAN_FOR_SUM, 2, Term::integer(1).over(Term::Size(copies)).scale(right)));
            if !bias.is_scalar() {
                mistakes.push(Mistake::gradient(Mistake::BIAS_SUMMED_OVER_FILTERS, 2, Term::Upstream.sum(None)));
            }
        }
        mistakes
    }
}

/// The bias of the result at a place.
fn bias_at<S: Scalar>(plan: &Plan, bias: &[&S], place: usize) -> S {
    let filter = place / (plan.rows.count * plan.columns.count) % plan.filters;
    // One entry for all filters, or one for each.
    bias[if bias.len() == 1 { 0 } else { filter }].clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;
    use crate::ops::convolution::Groups;
    use crate::shape::DimValues;

    fn plain() -> Conv2d {
        let windows = Windows { stride: (1, 1), padding: NO_PADDING, dilation: (1, 1), ceil: false };
        Conv2d { convolution: Convolution { windows, flip: false, groups: Groups::Number(1), line: false } }
    }

    fn with(change: impl Fn(&mut Convolution)) -> Conv2d {
        let mut op = plain();
        change(&mut op.convolution);
        op
    }

    fn matrix(rows: &[&[i64]]) -> Tensor<Number> {
        let entries = rows.iter().flat_map(|row| row.iter().map(|entry| Number::integer(*entry)));
        Tensor::from_entries(&[rows.len(), rows[0].len()], entries.collect())
    }

    fn q3() -> [Tensor<Number>; 2] {
        let image = matrix(&[&[1, 3, 2, 4, 6, 4], &[4, 8, 3, 1, 0, 2], &[2, 1, 4, 3, 9, 1], &[4, 7, 2, 3, 9, 2]]);
        [image, matrix(&[&[1, 2, 1], &[0, 0, 0], &[-1, -2, -1]])]
    }

    #[test]
    fn the_exams_convolution() {
        let [image, kernel] = q3();
        let value = |op: Conv2d| op.evaluate(&[&image, &kernel]).unwrap();
        let expected = matrix(&[&[1, -1, -3, -2], &[3, 1, -12, -20]]);
        assert_eq!(value(plain()), expected);
        // This kernel changes its sign when it is turned.
        assert_eq!(value(with(|own| own.flip = true)), expected.map(|entry| -entry));
        assert_eq!(value(with(|own| own.windows.padding = Padding::Same)).extents(), [4, 6]);
        assert_eq!(value(with(|own| own.windows.stride = (2, 3))), matrix(&[&[1, -2]]));
    }

    #[test]
    fn an_entry_is_told_a_kernel_row_at_a_time() {
        let [image, kernel] = q3();
        let pairs = |pairs: [(i64, i64); 3]| pairs.map(|(w, i)| (Number::integer(w), Number::integer(i))).to_vec();
        let bias = Tensor::scalar(Number::integer(7));
        let account = plain().account(&[&image, &kernel, &bias], &[0, 0]);
        let groups =
            [pairs([(1, 1), (2, 3), (1, 2)]), pairs([(0, 4), (0, 8), (0, 3)]), pairs([(-1, 2), (-2, 1), (-1, 4)])];
        assert_eq!(account, Account::Products { groups: groups.to_vec(), addend: Some(Number::integer(7)) });
    }

    #[test]
    fn named_sizes() {
        let image = Shape::matrix(Dim::name("H"), Dim::name("W"));
        let kernel = Shape::integers(&[3, 2]);
        let shape = |op: Conv2d| op.shape(&[image.clone(), kernel.clone()]).unwrap().to_string();
        assert_eq!(shape(plain()), "(H - 2) x (W - 1)");
        assert_eq!(shape(with(|own| own.windows.padding = Padding::Same)), "H x W");
        let strided = with(|own| own.windows.stride = (2, 2));
        let padded = with(|own| own.windows = Windows { stride: (2, 2), padding: Padding::Same, dilation: (1, 1), ceil: false });
        for (height, rows, rows_same) in [(3, 1, 2), (4, 1, 2), (5, 2, 3), (10, 4, 5)] {
            let values = DimValues::from([("H".to_string(), height), ("W".to_string(), 4)]);
            let sides = |op: &Conv2d| op.shape(&[image.clone(), kernel.clone()]).unwrap().evaluate(&values).unwrap();
            assert_eq!((sides(&strided), sides(&padded)), (vec![rows, 2], vec![rows_same, 2]));
        }
        let named_kernel = Shape::matrix(Dim::name("k"), Dim::name("k"));
        let gradient = plain().gradient(&[image.clone(), named_kernel.clone()]);
        assert!(matches!(&gradient[0].term, Term::Apply(Op::Conv2dInputGradient(_), _)));
        assert_eq!(plain().shape(&[image, named_kernel]).unwrap().to_string(), "(H - k + 1) x (W - k + 1)");
    }

    #[test]
    fn ranks_of_images_and_filters() {
        let shape = |op: Conv2d, image: &[usize], kernel: &[usize]| {
            op.shape(&[Shape::integers(image), Shape::integers(kernel)]).unwrap().as_integers().unwrap()
        };
        let same = || with(|own| own.windows.padding = Padding::Around(2, 2));
        assert_eq!(shape(same(), &[3, 32, 32], &[10, 3, 5, 5]), [10, 32, 32]);
        assert_eq!(shape(plain(), &[3, 32, 32], &[3, 5, 5]), [28, 28]);
        assert_eq!(shape(plain(), &[8, 3, 32, 32], &[10, 3, 5, 5]), [8, 10, 28, 28]);
        assert_eq!(shape(plain(), &[8, 3, 32, 32], &[3, 5, 5]), [8, 28, 28]);
        assert_eq!(shape(plain(), &[6, 6], &[2, 1, 3, 3]), [2, 4, 4]);
    }

    #[test]
    fn errors_name_the_numbers() {
        let rule = |op: Conv2d, shapes: &[&[usize]]| {
            op.shape(&shapes.iter().map(|sides| Shape::integers(sides)).collect::<Vec<_>>()).unwrap_err().rule
        };
        let padded = with(|own| own.windows.padding = Padding::Around(1, 0));
        assert!(rule(plain(), &[&[2, 4], &[3, 3]]).contains("the kernel is 3 x 3, the image only 2 x 4"));
        assert!(rule(padded, &[&[2, 4], &[5, 3]]).contains("the kernel is 5 x 3, the padded image only 4 x 4"));
        let dilated = with(|own| own.windows.dilation = (2, 2));
        assert!(rule(dilated, &[&[4, 4], &[3, 3]]).contains("the kernel reaches over 5 x 5, the image only 4 x 4"));
        assert!(rule(plain(), &[&[3, 8, 8], &[10, 5, 5]]).contains("(3 x 8 x 8) has 3, the kernel (10 x 5 x 5) has 10"));
        assert!(rule(plain(), &[&[8, 8], &[4, 1, 3, 3], &[1, 3]]).contains("there are 4 filters, the bias is 1 x 3"));
        assert!(rule(plain(), &[&[], &[3, 3]]).contains("needs an image"));
    }

    #[test]
    fn the_gradients_of_a_plain_convolution_are_convolutions() {
        let shapes = [Shape::integers(&[6, 6]), Shape::integers(&[3, 3])];
        let rules = plain().gradient(&shapes);
        let full = with(|own| *own = Convolution { flip: true, ..own.with_padding(Padding::Around(2, 2)) });
        assert_eq!(rules[0].term, Term::Apply(full.into(), vec![Term::Upstream, Term::Operand(1)]));
        assert_eq!(rules[1].term, Term::Apply(plain().into(), vec![Term::Operand(0), Term::Upstream]));
        let strided = with(|own| own.windows.stride = (2, 2)).gradient(&shapes);
        assert!(matches!(&strided[1].term, Term::Apply(Op::Conv2dKernelGradient(_), _)));
    }
}
