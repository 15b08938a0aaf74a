//! `conv_transpose2d(X, W, b)`: each entry of an image spreads a kernel: what a convolution's gradient does to its image.

use super::convolution::{Convolution, Groups};
use super::windows::{Padding, Windows, bounded};
use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConvTranspose {
    /// The convolution that goes the other way.
    pub convolution: Convolution,
    /// Rows and columns that the result has beyond those that are reached.
    pub output_padding: (usize, usize),
}

pub static TRANSPOSED_CONVOLUTION: Law = Law {
    name: "transposed-convolution",
    title: "Transposed convolution",
    proof: Maths {
        latex: r"V=\mathrm{conv}^{\mathsf T}(A)\text{ adds }W_{mn}A_{rc}\text{ at the place where a convolution would read }W_{mn}\text{ for }(r,c)\text{, so }\langle\delta_V,V\rangle=\langle\mathrm{conv}(\delta_V,W),A\rangle\text{: the gradient of }A\text{ is the convolution of }\delta_V\text{ with }W\text{, that of }W\text{ collects }A_{rc}\,\delta_V\text{ over the places}",
        text: "V adds W(m,n) A(r,c) at the place where a convolution would read W(m,n) for (r,c), so ⟨δV, V⟩ = ⟨conv(δV, W), A⟩: the gradient of A is the convolution of δV with W, that of W collects A(r,c) δV over the places",
    },
};

impl ConvTranspose {
    /// A side of the result: (H − 1)s − 2p + d(k − 1) + 1, and the output padding.
    fn side(&self, axis: usize, image: &Dim, kernel: &Dim) -> Dim {
        let own = &self.convolution.windows.axes()[axis];
        let more = [self.output_padding.0, self.output_padding.1][axis] as i64;
        let reached = kernel.plus_integer(-1).times_integer(own.dilation as i64);
        let steps = image.plus_integer(-1).times_integer(own.stride as i64);
        steps.plus(&reached).plus_integer(1 + more - 2 * own.padding.unwrap_or(0) as i64)
    }

    fn result(&self, image: &Shape, kernel: &Shape) -> Option<Shape> {
        let ([leading @ .., height, width], [.., rows, columns]) = (image.0.as_slice(), kernel.0.as_slice()) else {
            return None;
        };
        let plane = [self.side(0, height, rows), self.side(1, width, columns)];
        let leading = match (leading, kernel.0.as_slice()) {
            ([], [_, _]) => Vec::new(),
            ([channels], [own, made, _, _]) if channels == own => vec![made.clone()],
            ([examples, channels], [own, made, _, _]) if channels == own => vec![examples.clone(), made.clone()],
            _ => return None,
        };
        Some(Shape(leading.into_iter().chain(plane).collect()))
    }

    fn bias_gradient(&self, operands: &[Shape]) -> Term {
        let rank = operands[0].rank();
        match operands[2].is_scalar() {
            true => Term::Upstream.sum(None),
            false => {
                let axes = (0..rank).filter(|axis| *axis + 3 != rank);
                let sums = axes.fold(Term::Upstream, |sum, axis| sum.sum(Some(axis)));
                Term::Apply(Reshape::like().into(), vec![sums, Term::Operand(2)])
            }
        }
    }
}

impl Operator for ConvTranspose {
    const REFERENCE: Reference = Reference {
        name: "conv_transpose2d",
        aliases: &["conv_transpose", "convtranspose2d", "transposed_conv2d", "deconv", "convT"],
        signature: "conv_transpose2d(X, W, b, stride = 1, padding = 0, output_padding = 0, dilation = 1)",
        summary: "transposed convolution: each entry of the image spreads the kernel",
        definition: Maths {
            latex: r"V_{(r-1)s+(m-1)d+1-p,\;(c-1)s+(n-1)d+1-p}\mathrel{+}=W_{mn}A_{rc}\text{ for all }r,c,m,n",
            text: "V((r−1)s + (m−1)d + 1 − p, (c−1)s + (n−1)d + 1 − p) += W(m,n) A(r,c) for all r, c, m, n",
        },
        conventions: &[
            "the kernel is kh x kw, or C x F x kh x kw for an image of C x H x W or N x C x H x W (the order of PyTorch); the result has F channels",
            "size: (H − 1)s − 2p + d(k − 1) + 1 + output padding; the padding is cut off all around",
            "the bias `b` may be left out; it is a scalar, or a row or column with one entry a channel of the result",
        ],
        call: Some((2, 3)),
        letters: &["A", "W", "b", "V"],
        title: "Transposed convolution",
        acts: Acts::Whole,
        is_total: false,
        weighs: true,
    };

    fn build(options: &mut Options) -> Result<ConvTranspose, OptionError> {
        let windows = Windows::build(options, (1, 1))?;
        let dilation = bounded("dilation", options.pair("dilation", (1, 1), 1)?)?;
        let output_padding = options.pair("output_padding", (0, 0), 0)?;
        let fits = |more: usize, stride: usize, dilation: usize| more < stride.max(dilation);
        let wrong = |message: &str| Err(OptionError { message: message.to_string(), span: None });
        match windows.padding {
            Padding::Same => return wrong("`padding` of a transposed convolution is a number"),
            Padding::Around(..) => {}
        }
        if !fits(output_padding.0, windows.stride.0, dilation.0) || !fits(output_padding.1, windows.stride.1, dilation.1) {
            return wrong("`output_padding` must be smaller than the stride");
        }
        let windows = Windows { dilation, ..windows };
        let convolution = Convolution { windows, flip: false, groups: Groups::Number(1), line: false };
        Ok(ConvTranspose { convolution, output_padding })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        let more = (self.output_padding != (0, 0)).then(|| ("output_padding", windows::pair_text(self.output_padding)));
        self.convolution.options().into_iter().chain(more).collect()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let (image, kernel) = (&operands[0], &operands[1]);
        let Some(result) = self.result(image, kernel) else {
            return Err(ShapeError::new(format!(
                "`conv_transpose2d` needs rows x columns with a kernel of rows x columns, or C x rows x columns (N x C x rows x columns) with kernels of C x F x rows x columns: the image is {image}, the kernel {kernel}"
            )));
        };
        if result.0.iter().any(|side| side.as_integer().is_some_and(|side| side < 1)) {
            return Err(ShapeError::new("`conv_transpose2d` cuts off more than there is: the padding is too large"));
        }
        let made = if kernel.rank() == 4 { kernel.0[1].clone() } else { Dim::one() };
        let fits = |bias: &Shape| {
            bias.is_scalar() || bias.as_matrix().is_some_and(|(r, c)| (r.is_one() && *c == made) || (c.is_one() && *r == made))
        };
        match operands.get(2).filter(|bias| !fits(bias)) {
            None => Ok(result),
            Some(bias) => Err(ShapeError::new(format!(
                "the bias of `conv_transpose2d` is a scalar, or a row or column with one entry a channel of the result: there are {made}, the bias is {bias}"
            ))),
        }
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let result = self.result(&operands[0].shape(), &operands[1].shape()).and_then(|shape| shape.as_integers());
        let extents = result.filter(|extents| !extents.contains(&0)).ok_or(NumberError::Domain)?;
        let plan = self.convolution.plan(&extents, operands[1].extents());
        let sums = plan.collect(&extents, [operands[0], operands[1]], |result, image, kernel| [image, result, kernel]);
        let Some(bias) = operands.get(2) else { return Ok(sums) };
        let bias: Vec<&S> = bias.entries().collect();
        let plane = extents[extents.len() - 2] * extents[extents.len() - 1];
        let own = |place: usize| bias[place / plane % bias.len()].clone();
        let shifted = sums.entries().enumerate().map(|(place, sum)| sum.clone() + own(place));
        Ok(Tensor::from_entries(&extents, shifted.collect()))
    }

    fn gradient(&self, operands: &[Shape]) -> Vec<Rule> {
        let own = &self.convolution;
        let (image, kernel) = (Term::Operand(0), Term::Operand(1));
        let terms = [own.forward(Term::Upstream, kernel.clone()), own.kernel_gradient(Term::Upstream, kernel, image)];
        let bias = operands.get(2).map(|_| self.bias_gradient(operands));
        terms.into_iter().chain(bias).map(|term| Rule { term, law: &TRANSPOSED_CONVOLUTION }).collect()
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    fn convention(&self) -> Option<Cow<'static, str>> {
        Some("The transposed convolution adds the kernel, times an entry, at each entry's place (it is not flipped).".into())
    }

    fn notation(&self, operands: Vec<Math>) -> Math {
        form::call(Math::word("convT"), operands, self.options())
    }

    fn code(&self, operands: Vec<Code>, shapes: &[Shape]) -> Code {
        let mut operands = operands;
        let bias = operands.drain(2..).next();
        let result = self.result(&shapes[0], &shapes[1]).unwrap_or_default();
        let [small, kernel] = code::two(operands);
        let zeros = Code::call("np.zeros", vec![Code::shape(&result)], Vec::new());
        let functions = [&convolution::CONV2D_INPUT_GRADIENT, &convolution::GROUPED_CONV_INPUT_GRADIENT];
        let sum = self.convolution.call(functions, vec![zeros, kernel, small], [&result, &shapes[1]]);
        match bias {
            None => sum,
            Some(bias) if result.rank() < 3 => sum.plus(Code::call("np.sum", vec![bias], Vec::new())),
            Some(bias) => sum.plus(bias.followed(".reshape(-1, 1, 1)")),
        }
    }

    form::explained_as_a_whole!();

    fn mistakes(&self, operands: &[Shape]) -> Vec<Mistake> {
        let Windows { stride, padding, .. } = self.convolution.windows;
        let with = |windows: Windows| ConvTranspose {
            convolution: Convolution { windows, ..self.convolution },
            output_padding: self.output_padding,
        };
        let own = self.convolution.windows;
        let turned = self.convolution.turned();
        let mut mistakes = vec![Mistake::gradient(Mistake::FLIPPED_KERNEL, 0, turned.forward(Term::Upstream, Term::Operand(1)))];
        if padding != windows::NO_PADDING {
            mistakes.push(Mistake::forward(Mistake::WRONG_PADDING, with(Windows { padding: windows::NO_PADDING, ..own })));
        }
        if stride != (1, 1) && self.output_padding == (0, 0) {
            mistakes.push(Mistake::forward(Mistake::WRONG_STRIDE, with(Windows { stride: (1, 1), ..own })));
        }
        if operands.len() > 2 {
            mistakes.push(Mistake::gradient(Mistake::NOT_SUMMED_OVER_POSITIONS, 2, Term::Upstream));
        }
        mistakes
    }
}
